package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"heatledger/config"
	"heatledger/energy/proof"
	"heatledger/energy/store"
)

// logCommand is what whoever keeps the public ledger does with it.
type logCommand struct {
	RotateKey rotateCommand `cmd:"" help:"Hand the log over to a new signing key; both sign that. Stop heatledger serve before."`
}

type rotateCommand struct{}

// nextKeyFile is where a key waits to take over.
func nextKeyFile(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "log", "key.next") }

// Run draws a key, signs with both that the log goes on with it, and puts it in
// the old one's place. Interrupted at any point, it may be run again.
func (c *rotateCommand) Run(p *process) (err error) {
	cfg, err := p.configuration()
	if err != nil {
		return err
	}
	key, err := proof.LoadKey(keyFile(cfg))
	if errors.Is(err, fs.ErrNotExist) {
		return misuse("there is no key at %s: heatledger serve draws the first one", keyFile(cfg))
	}
	if err != nil {
		return err
	}
	db, err := p.openDatabase(p.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	next, err := key.NextKey(nextKeyFile(cfg))
	if err != nil {
		return err
	}
	handover, err := handOver(p, cfg, db.Store, key, next)
	if err != nil {
		return err
	}
	if err := key.Replace(keyFile(cfg), nextKeyFile(cfg), next, handover.Size); err != nil {
		return err
	}
	if err := writeWhole(checkpointFile(cfg), func(w io.Writer) error { _, err := io.WriteString(w, handover.Note); return err }); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "the log of %d records goes on with another key\nkey: %s\nhandover:\n%s", handover.Size, next.Public, handover.Note)
	return nil
}

// handOver is the checkpoint that both keys signed: a new one, or that of a
// rotation that was interrupted behind it.
func handOver(p *process, cfg *config.Config, s *store.Store, key, next *proof.Key) (proof.Checkpoint, error) {
	last, err := s.Checkpoint(p.ctx, 0, key.Trusted)
	if err == nil && last.Next == next.Public {
		return last, nil
	}
	if err != nil && !errors.Is(err, store.ErrNotLogged) {
		return proof.Checkpoint{}, err
	}
	latest, err := latestCheckpoint(cfg, key.Trusted)
	if err != nil {
		return proof.Checkpoint{}, err
	}
	for {
		done, err := s.Log(p.ctx, store.LogWriter{Key: key, Latest: latest}) // what waits is still signed by the old one
		switch {
		case err != nil:
			return proof.Checkpoint{}, err
		case done.Busy:
			return proof.Checkpoint{}, misuse("another process writes the log: stop heatledger serve, and start it again afterwards")
		case !done.More:
			done, err = s.Log(p.ctx, store.LogWriter{Key: key, Next: next, Latest: latest})
			if err == nil && done.Busy {
				err = misuse("another process writes the log: stop heatledger serve, and start it again afterwards")
			}
			return done.Checkpoint, err
		}
	}
}
