package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"heatledger/config"
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

// lockFile is the claim of whoever serves from a data directory. Its first line says
// who that is, its second where people find the server.
const lockFile = "serve.lock"

// hold claims a data directory for one process that serves from it. The claim
// is an flock, which the kernel drops with the process however it ends; closing
// the file gives it up. Commands that only use the database need no claim.
func hold(dir, listen, public string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make data_dir: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("hold data_dir: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("hold data_dir %s: %w", dir, err)
		}
		who, _ := os.ReadFile(file.Name()) // a courtesy
		by, _, _ := strings.Cut(strings.TrimSpace(string(who)), "\n")
		return nil, &heldError{dir: dir, by: by}
	}
	// The lock holds also where nothing can be written, on a full disk.
	_ = file.Truncate(0)
	_, _ = fmt.Fprintf(file, "process %d, which listens on %s\n%s\n", os.Getpid(), listen, public)
	return file, nil
}

// foundAt is where people find the server: as the configuration says, or else as a
// server that runs on the data directory does, which may listen elsewhere than the
// configuration (--listen, demo).
func foundAt(cfg *config.Config) string {
	if cfg.Says("public_url") {
		return cfg.PublicURL
	}
	said, err := os.ReadFile(filepath.Join(cfg.DataDir, lockFile))
	if err != nil {
		return cfg.PublicURL // nobody ever served from there
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	_, listen, ok := strings.Cut(lines[0], " listens on ")
	if !ok || len(lines) < 2 {
		return cfg.PublicURL
	}
	answered, err := net.DialTimeout("tcp", listen, time.Second)
	if err != nil {
		return cfg.PublicURL // it has ended since, and may begin elsewhere
	}
	_ = answered.Close() // nothing was said
	return lines[1]
}
