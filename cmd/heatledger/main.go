// Command heatledger reads meters, keeps what they said, computes figures and
// judges promises. This package wires the rooms together; it is the only
// reader of the configuration and the only one that ends the process.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the build (-ldflags "-X main.version=…").
var version = "unknown"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], environment{getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, alone: true})
	stop()
	os.Exit(code)
}
