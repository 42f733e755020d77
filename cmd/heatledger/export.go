package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/proof"
	"heatledger/energy/store"
	"heatledger/reporting/disclosure"
	"heatledger/reporting/document"
)

type exportCommand struct {
	Form      string    `required:"" help:"Form: ${forms}." enum:"${forms}" placeholder:"FORM"`
	Site      string    `required:"" help:"Site the form is about." placeholder:"ID"`
	Year      int       `required:"" help:"Local calendar year." placeholder:"YYYY"`
	Lang      string    `help:"Language: de or en." default:"de" enum:"de,en"`
	Format    string    `help:"Form of the file: xlsx, json, csv or pdf (tagged)." default:"xlsx" enum:"xlsx,json,csv,pdf"`
	Customer  string    `help:"Of the statement for customers: this one only." placeholder:"NAME"`
	AsKnownAt time.Time `help:"What was known at that instant (RFC 3339); default: now." placeholder:"INSTANT"`
	Out       string    `short:"o" help:"File to write; default: standard output." placeholder:"FILE"`
}

// Run fills in a statutory form of a site.
func (c *exportCommand) Run(p *process) (err error) {
	if c.Year < 1990 || c.Year >= 2200 {
		return misuse("--year %d is no year: a calendar year such as 2025 is expected", c.Year)
	}
	cfg, db, err := p.configured()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	l := ledger.New(db.Store, cfg.Timezone)
	sources, err := disclosure.Gather(p.ctx, l, energy.SiteID(c.Site), c.Year, c.AsKnownAt)
	switch {
	case errors.Is(err, ledger.ErrNoSite):
		return noSite(p.ctx, l, c.Site)
	case err != nil:
		return err
	}
	form, err := disclosure.Fill(sources, disclosure.Question{Form: disclosure.FormID(c.Form), Customer: c.Customer})
	if err != nil {
		return err
	}
	paper := disclosure.Paper{Form: form, Words: disclosure.In(document.Lang(c.Lang))}
	if paper.Checkpoint, err = checkpointNote(p.ctx, cfg, db.Store); err != nil {
		return err
	}
	write := func(w io.Writer) error { return paper.Write(w, c.Format) }
	if c.Out == "" {
		return write(p.stdout)
	}
	return writeWhole(c.Out, write)
}

// checkpointNote is the signed state of the log; "" where there is no log yet.
func checkpointNote(ctx context.Context, cfg *config.Config, s *store.Store) (string, error) {
	if _, err := os.Stat(keyFile(cfg)); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	key, err := proof.LoadKey(keyFile(cfg))
	if err != nil {
		return "", err
	}
	checkpoint, err := s.Checkpoint(ctx, 0, key.Trusted)
	if errors.Is(err, store.ErrNotLogged) {
		return "", nil
	}
	return checkpoint.Note, err
}

// formNames are the forms, for the help.
func formNames() string {
	var names []string
	for _, d := range disclosure.Definitions() {
		names = append(names, string(d.ID))
	}
	return strings.Join(names, ",")
}

type declareCommand struct {
	Files  []string `arg:"" name:"file" help:"CSV files with the columns site, year, field, value, to and, if wanted, unit, on, document."`
	DryRun bool     `help:"Show the differences and change nothing."`
}

// Run takes values of forms that operators declared, or that a register
// published. They stand beside what is metered.
func (c *declareCommand) Run(p *process) (err error) {
	cfg, err := p.configuration()
	if err != nil {
		return err
	}
	var all []disclosure.SiteDeclaration
	for _, name := range c.Files { // every file is read before the first is taken
		list, err := readDeclarations(name)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	db, err := p.openDatabase(p.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	l := ledger.New(db.Store, cfg.Timezone)
	current, err := l.Registry(p.ctx)
	if err != nil {
		return err
	}
	want, err := disclosure.Declare(current, all)
	if err != nil {
		return err
	}
	changes, err := intake.New(l, intake.Options{Log: p.log}).Apply(p.ctx, want, "heatledger declare", false, c.DryRun)
	if err != nil {
		return err
	}
	for _, change := range changes {
		fmt.Fprintln(p.stdout, change)
	}
	if len(changes) == 0 {
		fmt.Fprintln(p.stdout, "nothing to change")
	}
	return nil
}

func readDeclarations(name string) ([]disclosure.SiteDeclaration, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, energy.Fault{File: name, Problem: fmt.Sprintf("the file is not readable (%v)", errors.Unwrap(err)), Remedy: "name a file that is there"}
	}
	defer file.Close()
	list, faults := disclosure.ReadDeclarations(name, file)
	return list, faults.Err()
}
