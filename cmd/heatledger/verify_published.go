package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"heatledger/config"
	"heatledger/energy/proof"
)

// published looks for a file in the log: whether, and since when, it is known to
// have been published as it is.
func (c *verifyCommand) published(p *process, cfg *config.Config, key string) (err error) {
	content, err := os.ReadFile(c.Published)
	if err != nil {
		return misuse("--published: %w", err)
	}
	sum := sha256.Sum256(content)
	db, err := p.openDatabase(p.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	handovers, err := db.Handovers(p.ctx)
	if err != nil {
		return err
	}
	if key, err = c.trust(key, handovers); err != nil {
		return err
	}
	found, ok, err := db.Published(p.ctx, hex.EncodeToString(sum[:]))
	if err != nil {
		return err
	}
	if !ok {
		return rejectedError{fmt.Errorf("the log does not say that %s was published as it is (SHA-256 %x): it was changed, or never announced, or waits to be logged", c.Published, sum)}
	}
	checkpoint, err := proof.OpenCheckpoint(found.Checkpoint, key)
	if err != nil {
		return rejectedError{fmt.Errorf("the checkpoint over record %d: %w", found.Record, err)}
	}
	if p.line.Output == "json" {
		return json.NewEncoder(p.stdout).Encode(map[string]any{"verdict": "published", "item": found.Item, "record": found.Record,
			"size": checkpoint.Size, "at": proof.Instant(checkpoint.At), "checkpoint": checkpoint.Note})
	}
	_, err = fmt.Fprintf(p.stdout, "published: %s is record %d of the log that was signed with %d records at %s; heatledger verify proves the log itself\n",
		found.Item, found.Record, checkpoint.Size, proof.Instant(checkpoint.At))
	return err
}
