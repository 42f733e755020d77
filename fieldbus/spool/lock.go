package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// HeldError says that another process has the spool.
type HeldError struct {
	Dir string
	PID int // 0: it did not say
}

// Error names the folder and the process that has it.
func (e *HeldError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("spool %s is held by another process", e.Dir)
	}
	return fmt.Sprintf("spool %s is held by process %d", e.Dir, e.PID)
}

// acquire takes the lock of a spool's folder: an flock, which the kernel drops
// with the process however it ends.
func acquire(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock spool %s: %w", dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer func() { _ = f.Close() }() // nothing was written
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock spool %s: %w", dir, err)
		}
		text, _ := os.ReadFile(f.Name()) // the pid is a courtesy
		pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
		return nil, &HeldError{Dir: dir, PID: pid}
	}
	// A full disk must not keep a collector from draining its spool: the pid
	// is a courtesy, the lock holds without it.
	_ = f.Truncate(0)
	_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return f, nil
}
