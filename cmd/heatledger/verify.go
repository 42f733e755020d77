package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/ledger"
	"heatledger/energy/proof"
	"heatledger/energy/store"
	"heatledger/reporting/words"
)

type verifyCommand struct {
	FactsOnly  bool     `help:"Do not derive days and balances anew to compare them with those stored."`
	Site       []string `help:"Site whose content is verified; may be given several times; without it, all sites. The log itself is always verified." placeholder:"ID"`
	Receipt    string   `help:"Receipt or proof of a submission: check it, without a database." placeholder:"FILE"`
	Content    string   `help:"With --receipt: what was handed in, to be compared with the receipt." placeholder:"FILE"`
	Checkpoint []string `help:"Checkpoint from a receipt, a report or a council paper that the log must lead to; may be given several times." placeholder:"FILE"`
	Key        string   `help:"Public key of the log, or a file that holds it; without it, that of data_dir." placeholder:"KEY"`
	Handover   []string `help:"Checkpoint with which the log was handed over to another key: it leads from a key that is trusted to the other; the database knows them all." placeholder:"FILE"`
	Published  string   `help:"Report or another file that was published: look for it in the log." placeholder:"FILE"`
	Lang       string   `help:"Language of the sentences: de, en." default:"de" enum:"de,en"`
}

// Run proves that what is stored is what was logged and signed, or that a
// submission is in the log, and names everything that is wrong.
func (c *verifyCommand) Run(p *process) error {
	if p.line.Output == "csv" {
		return misuse("--output csv: verify answers as table or json")
	}
	if c.Content != "" && c.Receipt == "" {
		return misuse("--content is compared with a --receipt: give both")
	}
	cfg, err := p.configuration()
	if err != nil {
		return err
	}
	key, err := c.publicKey(cfg)
	if err != nil {
		return err
	}
	if key, err = c.trust(key, nil); err != nil {
		return err
	}
	switch {
	case c.Receipt != "":
		return c.receipt(p, key)
	case key == "":
		return misuse("which log? %s is not there: give its public key with --key", keyFile(cfg))
	case c.Published != "":
		return c.published(p, cfg, key)
	}
	return c.audit(p, cfg, key)
}

// trust are the keys to which handovers lead, those of --handover and others.
func (c *verifyCommand) trust(key string, handovers []string) (string, error) {
	if key == "" {
		return "", nil
	}
	for _, file := range c.Handover {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", misuse("--handover: %w", err)
		}
		handovers = append(handovers, noteIn(text))
	}
	key, err := proof.Trust(key, handovers)
	if err != nil {
		return "", misuse("--key: %w", err)
	}
	return key, nil
}

// noteIn is the note in a file: the file, or as the API gives it, in a receipt too.
func noteIn(text []byte) string {
	var answer struct{ Checkpoint string }
	if json.Unmarshal(text, &answer) == nil && answer.Checkpoint != "" {
		return answer.Checkpoint
	}
	return string(text)
}

// publicKey is that of --key, else that of data_dir; "" when there is neither.
func (c *verifyCommand) publicKey(cfg *config.Config) (string, error) {
	if c.Key != "" {
		if text, err := os.ReadFile(c.Key); err == nil {
			return strings.TrimSpace(string(text)), nil
		}
		return strings.TrimSpace(c.Key), nil
	}
	key, err := proof.LoadKey(keyFile(cfg))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", usageError{err}
	}
	return key.Trusted, nil
}

// checkpoints are those of --checkpoint.
func (c *verifyCommand) checkpoints(key string) ([]proof.Checkpoint, error) {
	var list []proof.Checkpoint
	for _, file := range c.Checkpoint {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, misuse("--checkpoint: %w", err)
		}
		checkpoint, err := proof.OpenCheckpoint(noteIn(text), key)
		if err != nil {
			return nil, misuse("--checkpoint %s: %w; the log's key is %s", file, err, key)
		}
		list = append(list, checkpoint)
	}
	return list, nil
}

// audit verifies what is stored.
func (c *verifyCommand) audit(p *process, cfg *config.Config, key string) (err error) {
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
	against, err := c.checkpoints(key)
	if err != nil {
		return err
	}
	if c.Key == "" {
		latest, err := latestCheckpoint(cfg, key)
		if err != nil {
			return err
		}
		against = append(against, latest)
	}
	bar := newProgress(p.stderr, "verify")
	var done, all int64
	options := store.AuditOptions{PublicKey: key, Against: against, Progress: func(n, of int64) {
		bar.expect(of - all)
		bar.advance(n - done)
		done, all = n, of
	}}
	for _, id := range c.Site {
		options.Sites = append(options.Sites, energy.SiteID(id))
	}
	out := newVerdicts(p, words.Lang(c.Lang))
	audited, err := db.Audit(p.ctx, options, out.found)
	bar.end()
	if errors.Is(err, store.ErrNoSite) {
		return misuse("--site: %w", err)
	}
	if err != nil {
		return err
	}
	derived, err := c.derived(p, cfg, db, out)
	if err != nil {
		return err
	}
	audited.Grave += derived
	if err := out.end(audited, key); err != nil {
		return err
	}
	if audited.Grave > 0 {
		return rejectedError{fmt.Errorf("%d things are not what was logged", audited.Grave)}
	}
	return nil
}

// derived derives days and balances anew from the facts and tells how many of
// those stored are not what the facts make of them.
func (c *verifyCommand) derived(p *process, cfg *config.Config, db *database, out *verdicts) (wrong int64, err error) {
	if c.FactsOnly {
		return 0, nil
	}
	sites, err := db.Sites(p.ctx)
	if err != nil {
		return 0, err
	}
	closer := closing.New(ledger.New(db.Store, cfg.Timezone), p.log)
	bar := newProgress(p.stderr, "derive")
	defer bar.end()
	bar.expect(int64(len(sites)))
	for _, site := range sites {
		if len(c.Site) == 0 || slices.Contains(c.Site, string(site)) {
			found, err := closer.Check(p.ctx, site)
			if err != nil {
				return wrong, err
			}
			for _, f := range found {
				out.found(f)
			}
			wrong += int64(len(found))
		}
		bar.advance(1)
	}
	return wrong, nil
}
