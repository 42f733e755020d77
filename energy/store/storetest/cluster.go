package storetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"heatledger/energy/store/localpg"
)

// Cluster is a PostgreSQL of the test's own, which it may stop, kill and start
// again; nobody else does.
type Cluster struct {
	t      testing.TB
	dir    string
	server *localpg.Server
	url    string
}

// clusterPrefix begins the name of a cluster's directory; the id of the process that
// made it follows.
const clusterPrefix = "heatledger-cluster-"

// NewCluster makes and starts a cluster in a directory of its own; it is
// stopped and removed with the test.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	if err := dropClusters(); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", clusterPrefix, os.Getpid())) // not t.TempDir: the server's account must enter it
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{t: t, dir: dir}
	t.Cleanup(func() {
		c.Stop()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c.Start()
	return c
}

// dropClusters removes the clusters of test processes that were killed, when their
// servers have ended too (package localpg sees to that).
func dropClusters() error {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), clusterPrefix+"*-*")) // the pattern is well formed
	for _, dir := range dirs {
		digits, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), clusterPrefix), "-")
		pid, err := strconv.Atoi(digits)
		if err != nil || syscall.Kill(pid, 0) != syscall.ESRCH {
			continue
		}
		lock, _ := os.ReadFile(filepath.Join(dir, "postgresql", "data", "postmaster.pid")) // none: it has ended
		first, _, _ := strings.Cut(string(lock), "\n")
		if server, err := strconv.Atoi(first); err == nil && running(server) {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("remove the cluster of a killed test: %w", err)
		}
	}
	return nil
}

// URL is the address of the cluster's database, the same after every start. It
// serves as DATABASE_URL of a program run as the test's account: the socket
// lies in a directory that only root and the server's account can enter, and
// the server knows both by the identity of their processes.
func (c *Cluster) URL() string { return c.url }

// PID is the process id of the postmaster; 0 while it is down.
func (c *Cluster) PID() int {
	if c.server == nil {
		return 0
	}
	return c.server.PID()
}

// Start starts the cluster again. It returns when it answers.
func (c *Cluster) Start() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, err := localpg.Start(ctx, localpg.Options{DataDir: c.dir, LeaveDown: true})
	if err != nil {
		c.t.Fatalf("no PostgreSQL to test with: %v", err)
	}
	c.server, c.url = s, s.URL()
}

// Stop stops the cluster in an orderly way, if it runs.
func (c *Cluster) Stop() {
	c.t.Helper()
	if c.server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.server.Stop(ctx); err != nil {
		c.t.Error(err)
	}
	c.server = nil
}

// Kill9 kills all processes of the cluster at once, as a crash of the machine
// would. Start recovers it.
func (c *Cluster) Kill9() {
	c.t.Helper()
	pid := c.server.PID()
	pids := append(children(pid), pid)
	for _, p := range slices.Backward(pids) { // the postmaster first: it would start lost children anew
		_ = syscall.Kill(p, syscall.SIGKILL)
	}
	for deadline := time.Now().Add(20 * time.Second); slices.ContainsFunc(pids, running); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("processes of cluster %s live on after SIGKILL", c.dir)
		}
	}
	c.Stop()
}

// children are the child processes of pid.
func children(pid int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, path := range stats {
		if fields := statOf(path); len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path))) // digits, see the pattern
			pids = append(pids, child)
		}
	}
	return pids
}

// running tells whether pid is a process that has not ended.
func running(pid int) bool {
	fields := statOf(fmt.Sprintf("/proc/%d/stat", pid))
	return len(fields) > 0 && fields[0] != "Z" && fields[0] != "X"
}

// statOf are the fields of a stat file after the name: state, parent, …
func statOf(path string) []string {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	_, after, _ := strings.Cut(string(text), ") ")
	return strings.Fields(after)
}
