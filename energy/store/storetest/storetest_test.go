package storetest_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	first, second := storetest.New(t), storetest.New(t)
	if err := first.EnsureSite(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
	sites, err := second.Sites(t.Context())
	if err != nil || len(sites) != 0 {
		t.Errorf("the second database has sites %v (%v), want none", sites, err)
	}
}

func TestAClusterIsBackAfterAKillAtTheSameAddress(t *testing.T) {
	t.Parallel()
	c := storetest.NewCluster(t)
	address := c.URL()
	s := storetest.Open(t, address, store.Options{})
	if err := s.EnsureSite(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
	c.Kill9()
	if err := s.Ping(t.Context()); !store.IsTransient(err) {
		t.Errorf("ping of a killed server: %v, want a transient error", err)
	}
	c.Start()
	if c.URL() != address {
		t.Errorf("address is %s after a new start, want %s", c.URL(), address)
	}
	if sites, err := s.Sites(t.Context()); err != nil || len(sites) != 1 {
		t.Errorf("sites after a crash: %v (%v), want hafen", sites, err)
	}
}

// TestTheClusterOfAKilledProcessIsRemoved leaves directories as killed tests do.
func TestTheClusterOfAKilledProcessIsRemoved(t *testing.T) {
	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	leave := func(owner, server int) string {
		dir := filepath.Join(os.TempDir(), fmt.Sprintf("heatledger-cluster-%d-1", owner))
		if err := os.MkdirAll(filepath.Join(dir, "postgresql", "data"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "postgresql", "data", "postmaster.pid"), fmt.Appendln(nil, server), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	stays := leave(os.Getpid(), dead.Process.Pid)
	for _, tt := range []struct {
		sentence string
		server   int
		removed  bool
	}{
		{"its server still runs", os.Getpid(), false},
		{"its server has ended too", dead.Process.Pid, true},
	} {
		dir := leave(dead.Process.Pid, tt.server)
		if err := storetest.DropClusters(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) != tt.removed {
			t.Errorf("%s: %v, want it removed: %v", tt.sentence, err, tt.removed)
		}
	}
	if _, err := os.Stat(stays); err != nil {
		t.Errorf("the cluster of a process that lives: %v", err)
	}
}
