package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

func TestATokenThatChangedIsNoticedWithinSeconds(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "push.token")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		changes := 0
		ended := make(chan error, 1)
		go func() { ended <- watchToken(ctx, path, func() { changes++ }) }()
		for i, content := range []string{"", "first", "first", "another"} {
			if content != "" {
				if known, _ := os.ReadFile(path); string(known) != content {
					write(t, filepath.Dir(path), "push.token", content)
				}
			}
			time.Sleep(5 * time.Second)
			synctest.Wait()
			if want := []int{0, 1, 1, 2}[i]; changes != want {
				t.Errorf("step %d: %d changes were noticed, want %d", i, changes, want)
			}
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("told to stop it errs: %v", err)
		}
	})
}
