package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"heatledger/config"
	"heatledger/energy/proof"
	"heatledger/energy/store"
	"heatledger/reporting/web"
)

// The rhythm of the log.
const (
	logEvery      = 15 * time.Minute // the chain and the sealing of a site are recorded at most so often
	complainEvery = time.Hour        // between two words about the same trouble
)

// notary writes the public ledger: what is known is recorded and signed.
type notary struct {
	store  *store.Store
	key    *proof.Key
	file   string // the latest checkpoint, outside of the database
	latest proof.Checkpoint
	log    *slog.Logger
	woken  chan struct{} // holds one token when there is something new
}

// keyFile is where the key of the log lies.
func keyFile(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "log", "key") }

// checkpointFile is where the latest checkpoint lies.
func checkpointFile(cfg *config.Config) string {
	return filepath.Join(cfg.DataDir, "log", "checkpoint")
}

// openNotary reads the key of the log, or draws one, and the latest checkpoint.
func (p *process) openNotary(cfg *config.Config, s *store.Store) (*notary, error) {
	key, err := proof.EnsureKey(keyFile(cfg), logName(cfg))
	if err != nil {
		return nil, err
	}
	latest, err := latestCheckpoint(cfg, key.Trusted)
	if err != nil {
		return nil, err
	}
	return &notary{store: s, key: key, file: checkpointFile(cfg), latest: latest, log: p.log, woken: make(chan struct{}, 1)}, nil
}

// latestCheckpoint is the one that was signed last; zero before the first.
func latestCheckpoint(cfg *config.Config, publicKey string) (proof.Checkpoint, error) {
	text, err := os.ReadFile(checkpointFile(cfg))
	if errors.Is(err, fs.ErrNotExist) {
		return proof.Checkpoint{}, nil
	}
	if err != nil {
		return proof.Checkpoint{}, fmt.Errorf("read the latest checkpoint of the log: %w", err)
	}
	c, err := proof.OpenCheckpoint(string(text), publicKey)
	if err != nil {
		return c, fmt.Errorf("read %s: %w", checkpointFile(cfg), err)
	}
	return c, nil
}

// logName is what the log is called in its checkpoints: the public host.
func logName(cfg *config.Config) string {
	if u, err := url.Parse(cfg.PublicURL); err == nil && u.Host != "" && !web.IsLoopback(u.Host) && u.Hostname() != "localhost" {
		return u.Hostname()
	}
	host, _ := os.Hostname()
	return cmp.Or(host, "heatledger")
}

// wake says that there is something new. It never waits.
func (n *notary) wake() {
	select {
	case n.woken <- struct{}{}:
	default:
	}
}

// run records what comes until ctx ends. What goes wrong is tried again.
func (n *notary) run(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var trouble string
	var told time.Time
	for {
		err := n.round(ctx)
		switch {
		case err == nil || ctx.Err() != nil:
			trouble = ""
		case store.IsTransient(err):
			n.log.Debug("write the log", "err", err)
		case err.Error() != trouble || time.Since(told) > complainEvery:
			n.log.Error("the public ledger is not written; heatledger verify names what is wrong", "err", err)
			trouble, told = err.Error(), time.Now()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		case <-n.woken:
		}
	}
}

// round records everything that waits.
func (n *notary) round(ctx context.Context) error {
	for more := true; more; {
		done, err := n.store.Log(ctx, store.LogWriter{Key: n.key, Latest: n.latest, Every: logEvery})
		if err != nil || done.Busy {
			return err
		}
		if more = done.More; done.Records == 0 {
			return nil
		}
		if done.Restored > 0 {
			n.log.Warn("the database was restored: what was logged since is lost, and the log says so", "checkpoint", done.Restored, "records", done.Checkpoint.Size)
		}
		n.latest = done.Checkpoint
		if err := writeWhole(n.file, func(w io.Writer) error { _, err := io.WriteString(w, n.latest.Note); return err }); err != nil {
			return fmt.Errorf("keep the latest checkpoint: %w", err)
		}
	}
	return nil
}
