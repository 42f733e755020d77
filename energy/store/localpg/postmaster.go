package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// postmaster is what the file postmaster.pid says of a running server.
type postmaster struct {
	pid       int
	socketDir string
	ready     bool
}

// running reads postmaster.pid; ok is false if no such process serves the cluster.
func (c *cluster) running() (pm postmaster, ok bool) {
	text, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
	if err != nil {
		return pm, false
	}
	// The lines of the file, which appear one after the other while the server starts:
	// pid, data directory, start time, port, socket directory, address, shared memory, status
	lines := strings.Split(string(text), "\n")
	if pm.pid, err = strconv.Atoi(strings.TrimSpace(lines[0])); err != nil || !c.alive(pm.pid) {
		return pm, false
	}
	if len(lines) >= 8 {
		pm.socketDir = lines[4]
		pm.ready = strings.TrimSpace(lines[7]) == "ready"
	}
	return pm, true
}

// alive tells whether pid is a process that serves this cluster: a postmaster
// works in its data directory, another process that got the same number does
// not, and one that has ended and was not waited for has none.
func (c *cluster) alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	return err == nil && dir == c.data && !exiting(pid)
}

// exiting tells whether the process is a zombie.
func exiting(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, after, _ := bytes.Cut(stat, []byte(") ")) // pid (name) state …
	return len(after) == 0 || after[0] == 'Z' || after[0] == 'X'
}

// start starts the server, detached from this process.
func (c *cluster) start(ctx context.Context) (postmaster, error) {
	// The settings are ours and may have changed with the program.
	socketDir, err := c.makeSocketDirectory()
	if err != nil {
		return postmaster{}, err
	}
	if err := c.configure(c.data, socketDir); err != nil {
		return postmaster{}, err
	}
	path := filepath.Join(c.home, "server.log")
	if err := os.Rename(path, path+".1"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return postmaster{}, fmt.Errorf("put away the server's old log: %w", err)
	}
	log, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return postmaster{}, fmt.Errorf("open the server's log: %w", err)
	}
	defer log.Close() //nolint:errcheck // the server has its own copy
	if c.account.switches() {
		if err := log.Chown(c.account.uid, c.account.gid); err != nil {
			return postmaster{}, fmt.Errorf("give the server's log to account %s: %w", c.account.name, err)
		}
	}
	cmd := exec.Command(c.binaries.path("postgres"), "-D", c.data) // not CommandContext: it outlives ctx
	cmd.Dir, cmd.Env, cmd.SysProcAttr = c.data, environment(), c.account.attributes()
	cmd.Stdout, cmd.Stderr = log, log // a file: a pipe would end with this process
	if err := cmd.Start(); err != nil {
		return postmaster{}, fmt.Errorf("start PostgreSQL of %s: %w", c.data, err)
	}
	go func() { _ = cmd.Wait() }() // ends with the server; nothing waits for it
	return postmaster{pid: cmd.Process.Pid}, ctx.Err()
}

// awaitReady waits until the server takes connections.
func (c *cluster) awaitReady(ctx context.Context, pid int) (postmaster, error) {
	for {
		pm, ok := c.running()
		if ok && pm.ready && pm.socketDir != "" {
			conn, err := net.Dial("unix", filepath.Join(pm.socketDir, ".s.PGSQL.5432"))
			if err == nil {
				return pm, conn.Close()
			}
		}
		if !ok && !c.alive(pid) {
			return pm, fmt.Errorf("start PostgreSQL of %s: it ended: %s", c.data, c.lastWords())
		}
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return pm, fmt.Errorf("wait for the PostgreSQL of %s: %w", c.data, err)
		}
	}
}

// lastWords are the last lines of the server's log.
func (c *cluster) lastWords() string {
	text, err := os.ReadFile(filepath.Join(c.home, "server.log"))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-4):], "; ")
}

// stop shuts the server down: it cuts its connections and writes a checkpoint.
// Without a running server it does nothing.
func (c *cluster) stop(ctx context.Context) error {
	pm, ok := c.running()
	if !ok {
		return nil
	}
	if err := syscall.Kill(pm.pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop PostgreSQL of %s: %w", c.data, err)
	}
	for c.alive(pm.pid) {
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return fmt.Errorf("wait for the PostgreSQL of %s to stop: %w", c.data, err)
		}
	}
	_ = os.Remove(pm.socketDir) // empty now; made again by the next start
	return nil
}
