package localpg

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lockFile is a file for flock(2). The kernel drops the lock with the process,
// however that ends, so no lock is ever left behind.
type lockFile struct{ f *os.File }

const (
	shared    = syscall.LOCK_SH
	exclusive = syscall.LOCK_EX
)

// openLock opens the file, making it for the account if it is not there.
func openLock(path string, a account) (*lockFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock of the private PostgreSQL: %w", err)
	}
	if a.switches() {
		if err := f.Chown(a.uid, a.gid); err != nil {
			_ = f.Close()
			return nil, fmt.Errorf("give lock of the private PostgreSQL to account %s: %w", a.name, err)
		}
	}
	return &lockFile{f}, nil
}

// try takes the lock if that is possible now.
func (l *lockFile) try(how int) bool {
	return syscall.Flock(int(l.f.Fd()), how|syscall.LOCK_NB) == nil
}

// wait takes the lock, or returns the error of ctx. It asks again and again:
// flock(2) itself would not see the end of ctx.
func (l *lockFile) wait(ctx context.Context, how int) error {
	for !l.try(how) {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// unlock lets go at once, also where a child being started still has a copy of
// the descriptor.
func (l *lockFile) unlock() { _ = syscall.Flock(int(l.f.Fd()), syscall.LOCK_UN) }

func (l *lockFile) close() {
	l.unlock()
	_ = l.f.Close()
}
