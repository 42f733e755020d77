package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// heldError says that another process serves from a data directory.
type heldError struct {
	dir string
	by  string // "process 4711, which listens on 127.0.0.1:8080"; "": it did not say
}

func (e *heldError) Error() string {
	by := e.by
	if by == "" {
		by = "another process"
	}
	return fmt.Sprintf("data_dir %s is held by %s: stop it, or give this one another --data-dir", e.dir, by)
}

// hold claims a data directory for one process that serves from it. The claim
// is an flock, which the kernel drops with the process however it ends; closing
// the file gives it up. Commands that only use the database need no claim.
func hold(dir, listen string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make data_dir: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "serve.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("hold data_dir: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("hold data_dir %s: %w", dir, err)
		}
		who, _ := os.ReadFile(file.Name()) // a courtesy
		return nil, &heldError{dir: dir, by: strings.TrimSpace(string(who))}
	}
	// The lock holds also where nothing can be written, on a full disk.
	_ = file.Truncate(0)
	_, _ = fmt.Fprintf(file, "process %d, which listens on %s\n", os.Getpid(), listen)
	return file, nil
}
