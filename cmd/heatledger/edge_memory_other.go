//go:build !linux

package main

// releaseProgram is for Linux, which the small boards run.
func releaseProgram() error { return nil }
