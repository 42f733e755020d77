package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/reporting/cell"
)

type importCommand struct {
	Files      []string `arg:"" name:"file" help:"CSV, JSON or NDJSON files; - is standard input (CSV)."`
	Partial    bool     `help:"Take the good rows though others are rejected."`
	DryRun     bool     `help:"Check everything and take nothing."`
	Correction string   `help:"Reason for replacing what is known: each row replaces what is known at its own instant." placeholder:"REASON"`
	Replaces   string   `help:"With --correction: the interval that is replaced for each point; what is not said again is withdrawn." placeholder:"FROM/TO"`
	Source     string   `help:"Who says so." default:"import"`

	Label string        `help:"Load profiles: the border of its interval that the column at gives, start or end." enum:",start,end" default:"" placeholder:"start|end"`
	Step  time.Duration `help:"With --label: the length of the intervals, such as 15m; without it the least distance between two rows."`
	Zone  string        `help:"The zone of times without an offset, such as Europe/Berlin. In the hour that is run twice A or B behind the time, or the order of the rows, tells which is meant."`
}

// Run takes readings from files, each file all or nothing unless --partial.
func (c *importCommand) Run(p *process) (err error) {
	cfg, err := p.configuration()
	if err != nil {
		return err
	}
	submissions := make([]intake.Submission, len(c.Files))
	for i, file := range c.Files { // every file is read before the first is taken
		if submissions[i], err = c.read(p, file); err != nil {
			return err
		}
	}
	db, err := p.openDatabase(p.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	l := ledger.New(db.Store, cfg.Timezone)
	in := intake.New(l, intake.Options{Log: p.log})
	rejected := 0
	for i, submission := range submissions {
		receipt, err := in.Submit(p.ctx, submission)
		if err != nil {
			return fmt.Errorf("import %s: %w", c.Files[i], err)
		}
		if err := p.showReceipt(c.Files[i], receipt); err != nil {
			return err
		}
		rejected += len(receipt.Rejected)
	}
	if !c.DryRun {
		if err := closing.New(l, p.log).All(p.ctx); err != nil {
			return err
		}
	}
	if rejected > 0 {
		if c.Partial {
			return rejectedError{fmt.Errorf("%d rows were rejected, the others taken", rejected)}
		}
		return rejectedError{fmt.Errorf("%d rows were rejected, so nothing of their files was taken: mend them, or add --partial", rejected)}
	}
	return nil
}

func (c *importCommand) read(p *process, file string) (intake.Submission, error) {
	s := intake.Submission{Source: c.Source, Partial: c.Partial, DryRun: c.DryRun, Correction: c.Correction}
	var err error
	if s.Replaces, err = c.replaces(); err != nil {
		return s, err
	}
	format := intake.CSV
	switch filepath.Ext(file) {
	case ".json":
		format = intake.JSON
	case ".ndjson", ".jsonl":
		format = intake.NDJSON
	}
	in := p.stdin
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return s, misuse("read readings: %w", err)
		}
		defer opened.Close()
		in = opened
	}
	digest := sha256.New()
	profile, err := c.profile()
	if err != nil {
		return s, err
	}
	err = intake.ReadProfile(io.TeeReader(in, digest), file, format, profile,
		func(row intake.Row) { s.Rows = append(s.Rows, row) },
		func(rejection intake.Rejection) { s.Rejected = append(s.Rejected, rejection) })
	s.Content = [sha256.Size]byte(digest.Sum(nil))
	fmt.Fprintf(digest, "\x00%s\x00%s", c.Correction, c.Replaces) // a file may be taken as it is, and as a correction
	if profile != (intake.Profile{}) {                            // and in another reading
		fmt.Fprintf(digest, "\x00%s\x00%s\x00%s", c.Label, c.Step, c.Zone)
	}
	s.Digest = [sha256.Size]byte(digest.Sum(nil))
	s.Key = hex.EncodeToString(s.Digest[:])
	return s, err
}

// profile reads --label, --step and --zone.
func (c *importCommand) profile() (p intake.Profile, err error) {
	p = intake.Profile{Label: intake.Label(c.Label), Step: c.Step}
	if c.Zone != "" {
		if p.Zone, err = energy.LoadCalendar(c.Zone); err != nil {
			return p, misuse("--zone: %w", err)
		}
	}
	if err := p.Check(); err != nil {
		return p, misuse("read --label and --step: %w", err)
	}
	return p, nil
}

// replaces reads --replaces.
func (c *importCommand) replaces() (p energy.Period, err error) {
	if c.Replaces == "" {
		return p, nil
	}
	from, to, _ := strings.Cut(c.Replaces, "/")
	p.From, err = time.Parse(time.RFC3339, from)
	if err == nil {
		p.To, err = time.Parse(time.RFC3339, to)
	}
	if err != nil || !p.From.Before(p.To) || c.Correction == "" {
		return p, misuse("--replaces %q: FROM/TO in RFC 3339 and a --correction are expected", c.Replaces)
	}
	return energy.Period{From: p.From.UTC(), To: p.To.UTC()}, nil
}

// showReceipt writes what became of a file to standard output, and each
// rejected row with its place to standard error.
func (p *process) showReceipt(file string, r intake.Receipt) error {
	for _, rejection := range r.Rejected {
		fmt.Fprintf(p.stderr, "%s:%d: %s: %s\n", file, rejection.Row, rejection.Column, rejection.Error())
	}
	switch p.line.Output {
	case "json":
		return json.NewEncoder(p.stdout).Encode(struct {
			File string `json:"file"`
			intake.Receipt
		}{file, r})
	case "csv":
		out := cell.NewWriter(p.stdout)
		_ = out.Write([]string{"file", "accepted", "duplicate", "missing", "withdrawn", "rejected", "receipt"})
		_ = out.Write([]string{file, strconv.Itoa(r.Accepted), strconv.Itoa(r.Duplicate), strconv.Itoa(r.Missing), strconv.Itoa(r.Withdrawn), strconv.Itoa(len(r.Rejected)), r.Receipt})
		out.Flush()
		return out.Error()
	}
	_, err := fmt.Fprintf(p.stdout, "%s: %d accepted, %d known already, %d without a value, %d withdrawn, %d rejected, receipt %s\n",
		file, r.Accepted, r.Duplicate, r.Missing, r.Withdrawn, len(r.Rejected), r.Receipt)
	return err
}
