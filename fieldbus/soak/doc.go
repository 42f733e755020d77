// Package soak has no code of its own. Its main test lets every independent server
// that the project knows be read at the same time, spoils the lines, stops and
// kills the servers at random, and then accounts for every reading.
//
// Each value that a server gives proves where and when it was given (tools/
// counterparts/stamped.js says how), so that an answer to another question, of
// another unit or of an earlier moment, a torn value and an invented one are all
// found out. Behind the drivers stands the real spool; its centre refuses, loses
// its acknowledgement, is slow, or is away until the spool is full, and the spool
// is closed and opened again. In the end
//
//   - every value proved itself, and those of a point are in strict order,
//   - collected = delivered + queued + refused, and each is delivered once,
//   - every meter became healthy again, each time, within its backoff,
//   - what health counts is what was counted here.
//
// A second test, without meters, lets a crowd of callers fill that spool while it
// is closed and opened again several times a second.
//
// `go test ./fieldbus/soak` takes a minute and settles; `make soak` takes ten.
//
//	go test -race ./fieldbus/soak -soak 10m -seed 7 -timeout 30m
//
// -soak says how long there are faults, -seed (printed by every run) which. The
// same seed gives the same faults in the same order; when they fall is up to the
// machine.
package soak
