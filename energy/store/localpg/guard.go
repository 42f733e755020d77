package localpg

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
)

// guard sees to it that the server stops when its last user was killed. It is
// two flock(1) of util-linux, one within the other, run as the account: the
// outer lets in one guard per cluster and soon ends if there is one; the
// inner waits, asleep in the kernel, for the lock that all users share, and
// then runs pg_ctl while it holds it, so that a new user waits until the
// server is down.
type guard struct {
	pid  int
	done chan struct{} // closed when the process has ended
}

// postGuard starts a guard, in case the cluster has none.
func (s *Server) postGuard() error {
	s.guards = slices.DeleteFunc(s.guards, guard.ended)
	flock, err := exec.LookPath("flock")
	if err != nil {
		return fmt.Errorf("find flock(1) of util-linux: %w", err)
	}
	c := s.cluster
	cmd := exec.Command(flock, "-w", "2", filepath.Join(c.home, "guard"),
		flock, "-x", filepath.Join(c.home, "users"),
		c.binaries.path("pg_ctl"), "stop", "--silent", "--mode", "fast", "--pgdata", c.data)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = c.home, environment(), c.account.attributes()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start flock(1): %w", err)
	}
	g := guard{pid: cmd.Process.Pid, done: make(chan struct{})}
	go func() { // ends with the guard, at the latest with this process
		defer close(g.done)
		_ = cmd.Wait()
	}()
	s.guards = append(s.guards, g)
	return nil
}

func (g guard) ended() bool {
	select {
	case <-g.done:
		return true
	default:
		return false
	}
}

// dismissGuards ends the guards of this user, both processes of each: there is
// nothing left to guard.
func (s *Server) dismissGuards() {
	for _, g := range s.guards {
		if !g.ended() {
			_ = syscall.Kill(-g.pid, syscall.SIGTERM) // its own session, see attributes
			<-g.done
		}
	}
}
