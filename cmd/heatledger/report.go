package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/proof"
	"heatledger/reporting/council"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

type reportCommand struct {
	Site      string    `help:"Site the report is about." placeholder:"ID"`
	Council   bool      `help:"Report of the whole town to its council, as PDF, in place of that of a site."`
	Edition   string    `help:"With --council: public (what was decided to be public) or internal (every judgement and hearing)." default:"public" enum:"public,internal"`
	Year      int       `required:"" help:"Local calendar year." placeholder:"YYYY"`
	Lang      string    `help:"Language: de or en." default:"de" enum:"de,en"`
	Format    string    `help:"Form: pdf (tagged), xlsx, or csv (the data rows, whose SHA-256 the others name)." default:"pdf" enum:"pdf,xlsx,csv"`
	Recount   bool      `help:"With --format xlsx: the quarter-hours too, and every figure computed from them once again by formulas, with a sheet that compares."`
	Publish   bool      `help:"Announce the report in the public ledger as published: heatledger verify --published FILE then proves that it is as it was."`
	AsKnownAt time.Time `help:"What was known at that instant (RFC 3339); default: now." placeholder:"INSTANT"`
	Out       string    `short:"o" help:"File to write; default: standard output." placeholder:"FILE"`
}

// Run writes the yearly report of a site, or that of the town to its council.
func (c *reportCommand) Run(p *process) (err error) {
	if c.Recount && c.Format != "xlsx" {
		return misuse("--recount is for --format xlsx: a %s has no formulas", c.Format)
	}
	switch {
	case c.Council && (c.Site != "" || c.Format != "pdf" || c.Recount || c.Publish || !c.AsKnownAt.IsZero()):
		return misuse("--council is of the whole town, as PDF and as known now: --site, --format, --recount, --publish and --as-known-at are for the report of a site")
	case !c.Council && c.Site == "":
		return misuse("--site is missing: name a site, or ask for --council")
	}
	cfg, db, err := p.configured()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	l := ledger.New(db.Store, cfg.Timezone)
	if c.Council {
		return c.writeCouncil(p, l)
	}
	y, err := document.Gather(p.ctx, l, energy.SiteID(c.Site), c.Year, c.AsKnownAt)
	switch {
	case errors.Is(err, ledger.ErrNoSite):
		return noSite(p.ctx, l, c.Site)
	case errors.Is(err, document.ErrNothing):
		return usageError{err}
	case err != nil:
		return err
	}
	write := func(w io.Writer) error { return writeReport(w, y, c.Format, document.Lang(c.Lang)) }
	if c.Recount {
		workings, err := document.Workings(p.ctx, l, y, c.AsKnownAt)
		if err != nil {
			return err
		}
		write = func(w io.Writer) error { return document.WriteRecount(w, y, workings, document.Lang(c.Lang)) }
	}
	sum := sha256.New()
	digested := func(w io.Writer) error { return write(io.MultiWriter(w, sum)) }
	if c.Out == "" {
		err = digested(p.stdout)
	} else {
		err = writeWhole(c.Out, digested)
	}
	if err != nil || !c.Publish {
		return err
	}
	item := fmt.Sprintf("report %s %d %s %s", c.Site, c.Year, c.Format, c.Lang)
	if err := db.Announce(p.ctx, proof.KindPublication, energy.SiteID(c.Site), item, proof.Digest(sum.Sum(nil))); err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "heatledger: %s is announced in the public ledger; heatledger serve signs it within a minute\n", item)
	return nil
}

// writeCouncil writes the report to the council.
func (c *reportCommand) writeCouncil(p *process, l *ledger.Ledger) error {
	y, err := councilOf(p.ctx, l, c.Year, council.Edition(c.Edition), time.Now())
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return y.Write(w, words.Lang(c.Lang)) }
	if c.Out == "" {
		return write(p.stdout)
	}
	return writeWhole(c.Out, write)
}

// councilOf gathers the report to the council by what is known at an instant.
func councilOf(ctx context.Context, l *ledger.Ledger, year int, edition council.Edition, now time.Time) (council.Year, error) {
	r, err := l.Registry(ctx)
	if err != nil {
		return council.Year{}, err
	}
	calendar, err := l.Calendar(r, ledger.Municipality)
	if err != nil {
		return council.Year{}, err
	}
	return council.Gather(ctx, l, year, edition, calendar.Date(now), now)
}

// noSite names the sites there are.
func noSite(ctx context.Context, l *ledger.Ledger, id string) error {
	r, err := l.Registry(ctx)
	if err != nil {
		return err
	}
	if len(r.Sites) == 0 {
		return misuse("there is no site %q, nor any other: bring in a registry by heatledger apply -f FILE", id)
	}
	ids := make([]string, len(r.Sites))
	for i, site := range r.Sites {
		ids[i] = string(site.ID)
	}
	return misuse("there is no site %q; there are: %s", id, strings.Join(ids, ", "))
}

func writeReport(w io.Writer, y document.Yearly, format string, lang document.Lang) error {
	switch format {
	case "xlsx":
		return document.WriteXLSX(w, y, lang)
	case "csv":
		return document.WriteCSV(w, y)
	}
	return document.WritePDF(w, y, lang)
}

// writeWhole writes a file that is there as a whole or, if anything goes wrong,
// as it was before.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(file.Name()))
		}
	}()
	err = write(file)
	if err == nil {
		err = file.Chmod(0o644)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
