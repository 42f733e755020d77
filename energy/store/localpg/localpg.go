// Package localpg runs the private PostgreSQL of a data directory: it makes the
// cluster, starts the server, and stops it with its last user. It knows
// processes, locks and files; of what the database holds it knows nothing.
//
// # Who may use it
//
// The server listens on a unix socket only, in a directory that the server's
// account (and root) can enter; PostgreSQL lets in root and that account by the
// identity of the process (peer authentication), so there is no password on
// disk. The program works as the role "heatledger", which owns the database of
// the same name and is no superuser. `psql -h DIR -U postgres` as root or as the
// account is the superuser.
//
// # When it stops
//
// Every user holds a shared lock on the file postgresql/users. [Server.Stop]
// stops PostgreSQL when no other user is left. A user that was killed cannot do
// so; for that, flock(1) of util-linux waits beside the server for the exclusive
// lock, which the kernel grants when the last user is gone however it ended,
// and then runs `pg_ctl stop`. Where flock(1) is missing, or was itself killed,
// the server of a killed last user keeps running until the next [Start], which
// adopts it, is stopped.
//
// A server that ends while it has users (killed, out of memory) is started
// again by one of them; its address stays the same.
package localpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Options say where the server lives. The zero value is the default place and account.
type Options struct {
	// DataDir is the program's data directory; the cluster is in DataDir/postgresql.
	// Empty: /var/lib/heatledger as root, else $XDG_STATE_HOME/heatledger.
	DataDir string
	// Account runs the server when the program is root. Empty: the owner of
	// the cluster, or postgres for a new one.
	Account string
	// Log receives what the server does; nil: nothing is logged.
	Log *slog.Logger
	// LeaveDown keeps a server that ended by itself down: for tests that kill it.
	LeaveDown bool
}

// Server is one user's hold on a running PostgreSQL.
type Server struct {
	cluster cluster
	users   *lockFile
	log     *slog.Logger

	mu     sync.Mutex // guards at
	at     postmaster
	guards []guard
	cancel context.CancelFunc
	watch  sync.WaitGroup
}

// Start joins the server of the data directory, starting it and making the
// cluster if need be. It returns when the server answers.
func Start(ctx context.Context, opts Options) (*Server, error) {
	log := opts.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c, err := locate(opts)
	if err != nil {
		return nil, err
	}
	if err := c.makeHome(); err != nil {
		return nil, err
	}
	users, err := openLock(filepath.Join(c.home, "users"), c.account)
	if err != nil {
		return nil, err
	}
	// Whoever stops the server holds this lock exclusively until it is down.
	if err := users.wait(ctx, shared); err != nil {
		users.close()
		return nil, fmt.Errorf("wait for the PostgreSQL of %s to stop: %w", c.home, err)
	}
	s := &Server{cluster: c, users: users, log: log}
	if err := s.ensureRunning(ctx); err != nil {
		return nil, errors.Join(err, s.release(context.WithoutCancel(ctx)))
	}
	watchCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel = cancel
	s.watch.Go(func() { s.keep(watchCtx, opts.LeaveDown) })
	return s, nil
}

// URL is the address of the database, for any client on this machine that may
// use it. It stays the same when the server is started again.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := url.Values{"host": {s.at.socketDir}, "user": {role}}
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: q.Encode()}).String()
}

// PID is the process id of the postmaster.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at.pid
}

// DataDir is the directory of the cluster's files.
func (s *Server) DataDir() string { return s.cluster.data }

// Stop ends this use of the server, and the server itself if nobody else uses
// it. It returns when that is done. Connections still open are cut.
func (s *Server) Stop(ctx context.Context) error {
	s.cancel()
	s.watch.Wait()
	return s.release(ctx)
}

// release gives up the hold; the last one to do so stops the server. Only one
// at a time decides, under the start lock: two who leave together would each
// take the other for somebody who stays.
func (s *Server) release(ctx context.Context) error {
	defer s.users.close()
	start, err := openLock(filepath.Join(s.cluster.home, "start"), s.cluster.account)
	if err != nil {
		return err
	}
	defer start.close()
	if err := start.wait(ctx, exclusive); err != nil {
		return fmt.Errorf("stop the PostgreSQL of %s: %w", s.cluster.home, err)
	}
	s.users.unlock()
	for attempt := 0; attempt < 2; {
		if s.users.try(exclusive) {
			err := s.cluster.stop(ctx)
			s.dismissGuards()
			return err
		}
		if s.users.try(shared) { // another user; once more, for the guard may just have finished
			s.users.unlock()
			attempt++
			continue
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil { // the guard is stopping it
			return fmt.Errorf("stop the PostgreSQL of %s: %w", s.cluster.home, err)
		}
	}
	return nil
}

// ensureRunning makes the cluster, starts the server unless it runs, waits
// until it answers, and sees to the guard. One process at a time does so.
func (s *Server) ensureRunning(ctx context.Context) error {
	c := &s.cluster
	start, err := openLock(filepath.Join(c.home, "start"), c.account)
	if err != nil {
		return err
	}
	defer start.close()
	if err := start.wait(ctx, exclusive); err != nil {
		return fmt.Errorf("wait for another start of the PostgreSQL of %s: %w", c.home, err)
	}
	if err := c.initialise(ctx); err != nil {
		return err
	}
	if err := s.postGuard(); err != nil {
		s.log.Warn("private PostgreSQL has no guard: it keeps running if its last user is killed", "err", err)
	}
	pm, err := c.up(ctx, s.log)
	if err != nil {
		return err
	}
	if err := ensureRoles(ctx, pm.socketDir); err != nil {
		return fmt.Errorf("see to the roles of the PostgreSQL of %s: %w", c.home, err)
	}
	s.mu.Lock()
	s.at = pm
	s.mu.Unlock()
	return nil
}

// orphansLinger is how long the orphans of a killed server may hold its shared
// memory before the start of the next is given up.
const orphansLinger = time.Minute

// up starts the server unless it runs. It tries for a while: a server that is
// just being stopped, or the orphans of one that was killed, stand in the way
// of the next for a moment, which is longer where the processor is busy.
func (c *cluster) up(ctx context.Context, log *slog.Logger) (postmaster, error) {
	begun := time.Now()
	for attempt := 1; ; attempt++ {
		pm, running := c.running()
		if !running {
			var err error
			if pm, err = c.start(ctx); err != nil {
				return pm, err
			}
			log.Info("private PostgreSQL started", "data_dir", c.data, "pid", pm.pid)
		}
		pm, err := c.awaitReady(ctx, pm.pid)
		orphaned := err != nil && strings.Contains(err.Error(), "shared memory block") && time.Since(begun) < orphansLinger
		if err == nil || ctx.Err() != nil || attempt >= 20 && !orphaned {
			return pm, err
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return pm, fmt.Errorf("start PostgreSQL of %s: %w", c.data, err)
		}
	}
}

// keep starts the server again when it ends while it is being used.
func (s *Server) keep(ctx context.Context, leaveDown bool) {
	for pause(ctx, 500*time.Millisecond) == nil {
		if leaveDown || s.cluster.alive(s.PID()) {
			continue
		}
		s.log.Warn("private PostgreSQL ended, starting it again", "data_dir", s.cluster.data)
		if err := s.ensureRunning(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("private PostgreSQL does not start", "data_dir", s.cluster.data, "err", err,
				"see", filepath.Join(s.cluster.home, "server.log"))
			_ = pause(ctx, 2*time.Second)
		}
	}
}

// pause waits for d or for the end of ctx, whose error it returns.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// defaultDataDir is where the program keeps its data when nobody says where.
func defaultDataDir(root bool) (string, error) {
	if root {
		return "/var/lib/heatledger", nil
	}
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "heatledger"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a data directory: %w: set data_dir", err)
	}
	return filepath.Join(home, ".local", "state", "heatledger"), nil
}
