package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

var (
	// ErrNothing is what the function given to [Store.Append] returns when
	// there is nothing to record: no fact number is used.
	ErrNothing = errors.New("nothing to record")
	// ErrNoSite says that a site is unknown; see [Store.EnsureSite].
	ErrNoSite = errors.New("site is unknown")
	// ErrNoPoint says that a point is unknown.
	ErrNoPoint = errors.New("point is unknown")
	// ErrSequence says that a batch does not follow the last one of its lane.
	ErrSequence = errors.New("sequence does not follow the last")
	// ErrClosed says that the Store was closed.
	ErrClosed = errors.New("store is closed")
)

// IsTransient tells whether err may be gone when the same is tried again: the
// connection was lost or refused, the server is starting, stopping or short of
// something, a lock took too long, transactions stood in each other's way.
// When a commit was under way it may have happened; what is tried again must
// recognise that (see [Fact.Position]).
func IsTransient(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case strings.HasPrefix(pg.Code, "08"), // connection exception
			strings.HasPrefix(pg.Code, "40"), // rolled back: serialisation, deadlock
			strings.HasPrefix(pg.Code, "53"), // out of connections, memory, disk
			strings.HasPrefix(pg.Code, "57"), // shutdown, starting up, statement timeout
			strings.HasPrefix(pg.Code, "58"), // system error
			pg.Code == "55P03",               // lock timeout
			pg.Code == "25P03":               // idle in transaction for too long
			return true
		}
		return false
	}
	var connect *pgconn.ConnectError
	var network net.Error
	var number syscall.Errno
	return errors.As(err, &connect) || errors.As(err, &network) || errors.As(err, &number) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// wrap says what was being done when err happened; nil stays nil.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}
