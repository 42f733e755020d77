package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// client is a collector under measurement, a process of its own.
type client struct {
	name    string
	process *exec.Cmd
	log     said // on its standard error
	ended   chan error
}

// startClient starts a program in a folder; its output goes nowhere but for
// what it says on standard error.
func startClient(ctx context.Context, name, dir, program string, args ...string) (*client, error) {
	c := &client{name: name, process: exec.CommandContext(ctx, program, args...), ended: make(chan error, 1)}
	c.process.Dir, c.process.Stderr = dir, &c.log
	c.process.Env = append(os.Environ(), "DATABASE_URL=")
	if err := c.process.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() { c.ended <- c.process.Wait() }()
	return c, nil
}

// stop asks the process to end and waits for it.
func (c *client) stop() error {
	_ = c.process.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case err := <-c.ended:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) { // a signal is how some programs end
			return fmt.Errorf("stop %s: %w", c.name, err)
		}
		return nil
	case <-time.After(30 * time.Second):
		_ = c.process.Process.Kill()
		<-c.ended
		return fmt.Errorf("stop %s: it did not end within 30 s", c.name)
	}
}

// running errs when the process has ended, with what it said.
func (c *client) running() error {
	select {
	case err := <-c.ended:
		c.ended <- err
		return fmt.Errorf("run %s: it ended early (%v): %s", c.name, err, &c.log)
	default:
		return nil
	}
}

// said is the end of what a program says while it runs.
type said struct {
	mu   sync.Mutex
	text []byte
}

// Write keeps the last of it.
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = tail(append(s.text, p...))
	return len(p), nil
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.text)
}

func tail(log []byte) []byte { return log[max(0, len(log)-600):] }

// usage is what a process has used so far.
type usage struct {
	at       time.Time
	cpu      time.Duration // of user and kernel
	resident int64         // bytes now (VmRSS)
	highest  int64         // bytes at most so far (VmHWM)
}

// clockTick is the unit of processor time in /proc (proc(5); 100 a second on
// every Linux of today).
const clockTick = 10 * time.Millisecond

// usage reads the process's accounts.
func (c *client) usage() (u usage, err error) {
	if err := c.running(); err != nil {
		return u, err
	}
	dir := filepath.Join("/proc", strconv.Itoa(c.process.Process.Pid))
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return u, fmt.Errorf("read the accounts of %s: %w", c.name, err)
	}
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return u, fmt.Errorf("read the accounts of %s: %w", c.name, err)
	}
	if u, err = parseUsage(string(stat), string(status)); err != nil {
		return u, fmt.Errorf("read the accounts of %s: %w", c.name, err)
	}
	u.at = time.Now()
	return u, nil
}

// spent is the processor time of this process and of all below a server's,
// those included that have ended.
func spent(server int) (time.Duration, error) {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return 0, fmt.Errorf("read the accounts of this process: %w", err)
	}
	total := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has just ended
		}
		_, after, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(after)
		pid := filepath.Base(filepath.Dir(path))
		const parent, first, waited, behind = 1, 11, 13, 15 // ppid, utime, cutime, and what follows cstime
		if len(fields) < behind || fields[parent] != strconv.Itoa(server) && pid != strconv.Itoa(server) {
			continue
		}
		last := waited
		if pid == strconv.Itoa(server) {
			last = behind
		}
		for _, field := range fields[first:last] {
			ticks, err := strconv.ParseInt(field, 10, 64)
			if err != nil {
				return 0, fmt.Errorf("read %s: processor time %q: %w", path, field, err)
			}
			total += time.Duration(ticks) * clockTick
		}
	}
	return total, nil
}

// parseUsage reads the files stat and status of a process (proc(5)).
func parseUsage(stat, status string) (u usage, err error) {
	_, after, _ := strings.Cut(stat, ") ") // the name may hold anything
	fields := strings.Fields(after)
	const user, system = 11, 12 // utime and stime, counted from the state
	if len(fields) <= system {
		return u, fmt.Errorf("stat has %d fields behind the name", len(fields))
	}
	ticks := int64(0)
	for _, field := range []string{fields[user], fields[system]} {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return u, fmt.Errorf("read processor time %q: %w", field, err)
		}
		ticks += n
	}
	u.cpu = time.Duration(ticks) * clockTick
	for name, into := range map[string]*int64{"VmRSS:": &u.resident, "VmHWM:": &u.highest} {
		_, rest, _ := strings.Cut(status, name)
		line, _, _ := strings.Cut(rest, "\n")
		words := strings.Fields(line)
		if len(words) != 2 || words[1] != "kB" {
			return u, fmt.Errorf("status says %q of %s", line, name)
		}
		n, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			return u, fmt.Errorf("read %s %q: %w", name, line, err)
		}
		*into = n << 10
	}
	return u, nil
}
