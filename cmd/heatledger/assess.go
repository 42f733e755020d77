package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/reporting/cell"
	"heatledger/reporting/words"
)

type assessCommand struct {
	Site     []string `help:"Site to judge; may be given several times; without it, all sites." placeholder:"ID"`
	On       string   `help:"Day of the judgement; today without it." placeholder:"DATE"`
	Rulebook string   `help:"What would change: judge all by this rulebook, or a file with one, and hold that against what binds them now." placeholder:"ID|FILE"`
	Lang     string   `help:"Language of the sentences: de, en." default:"de" enum:"de,en"`

	Issue        bool   `help:"Keep what was judged for ever, as the office does before an operator is heard." xor:"issued"`
	By           string `help:"Who issues." default:"office" placeholder:"NAME"`
	Why          string `help:"Why it is issued." placeholder:"TEXT"`
	VerifyIssued bool   `help:"Compute everything that was issued again and name what changed; exit 3 if something differs and nothing explains it." xor:"issued"`
}

// Run judges the commitments of sites and shows each with its reason.
func (c *assessCommand) Run(p *process) (err error) {
	var on energy.Date
	if c.On != "" {
		if on, err = energy.ParseDate(c.On); err != nil {
			return misuse("--on: %w", err)
		}
	}
	book, brought, err := c.book()
	if err != nil {
		return err
	}
	cfg, db, err := p.configured()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	l := ledger.New(db.Store, cfg.Timezone)
	known, err := l.Registry(p.ctx)
	if err != nil {
		return err
	}
	sites, err := c.sites(known)
	if err != nil {
		return err
	}
	if brought {
		if err := l.Bring(book); err != nil {
			return err
		}
	}
	switch {
	case c.Issue:
		return c.issue(p, l, known, sites, on)
	case c.VerifyIssued:
		return c.verifyIssued(p, l, sites)
	}
	return c.judge(p, l, book, sites, on)
}

// judge shows what comes of the sites; with a rulebook also what binds them now.
func (c *assessCommand) judge(p *process, l *ledger.Ledger, book *commitment.Rulebook, sites []energy.SiteID, on energy.Date) error {
	judged, err := l.AssessAll(p.ctx, sites, c.day(on), c.Rulebook)
	if err != nil {
		return err
	}
	var all, now []commitment.Assessment
	for _, site := range judged {
		all = append(all, site.Assessments...)
		if book != nil {
			bound, err := c.bound(p.ctx, l, book, site.Site, site.On)
			if err != nil {
				return err
			}
			now = append(now, bound...)
		}
	}
	if book != nil {
		err = p.showChanges(words.Lang(c.Lang), book, now, all)
	} else {
		err = p.showAssessments(words.Lang(c.Lang), all)
	}
	if err != nil {
		return err
	}
	missed := 0
	for _, a := range all {
		if a.Verdict == commitment.Missed && a.RuleStatus != commitment.Proposed { // nobody is bound by a proposal
			missed++
		}
	}
	if missed > 0 {
		return rejectedError{fmt.Errorf("%d of %d assessments say that a commitment is missed", missed, len(all))} // exit 3
	}
	return nil
}

// day is the day of the judgement in a zone: the one given, or today.
func (c *assessCommand) day(on energy.Date) func(energy.Calendar) energy.Date {
	return func(calendar energy.Calendar) energy.Date {
		if c.On == "" {
			return calendar.Date(time.Now())
		}
		return on
	}
}

// bound judges a site by what binds it now: its commitments and, where none of
// them names it, the rulebook that --rulebook would amend, which is law for all.
func (c *assessCommand) bound(ctx context.Context, l *ledger.Ledger, book *commitment.Rulebook, site energy.SiteID, day energy.Date) ([]commitment.Assessment, error) {
	list, _, err := l.Assess(ctx, site, day, "")
	if err != nil {
		return nil, err
	}
	if book.Amends == "" || slices.ContainsFunc(list, func(a commitment.Assessment) bool { return a.Rulebook == book.Amends }) {
		return list, nil
	}
	law, _, err := l.Assess(ctx, site, day, book.Amends)
	return append(list, law...), err
}

// sites are those of --site, or all.
func (c *assessCommand) sites(known *registry.Registry) ([]energy.SiteID, error) {
	var sites []energy.SiteID
	for _, id := range c.Site {
		if _, ok := known.Site(energy.SiteID(id)); !ok {
			return nil, misuse("--site %q: the registry has no such site", id)
		}
		sites = append(sites, energy.SiteID(id))
	}
	if len(sites) == 0 {
		for _, site := range known.Sites {
			sites = append(sites, site.ID)
		}
	}
	return sites, nil
}

// showAssessments writes what was judged to standard output.
func (p *process) showAssessments(lang words.Lang, list []commitment.Assessment) error {
	switch p.line.Output {
	case "json":
		type judgement struct {
			commitment.Assessment
			Because  string `json:"because"`
			Citation string `json:"citation"`
			Digest   string `json:"digest"`
		}
		shown := make([]judgement, len(list))
		for i, a := range list {
			shown[i] = judgement{a, words.Because(lang, a), a.Citation, a.Digest}
		}
		encoder := json.NewEncoder(p.stdout)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(shown)
	case "csv":
		out := cell.NewWriter(p.stdout)
		_ = out.Write([]string{"site", "commitment", "rule", "period", "verdict", "value", "unit", "threshold", "status", "reason_code", "because", "citation", "digest"})
		for _, a := range list {
			_ = out.Write([]string{string(a.Site), a.Commitment, a.Rule, a.Period.Label, string(a.Verdict), bare(a.Value), string(a.Unit), bare(a.Threshold),
				string(a.Status), string(a.Reason), words.Because(lang, a), a.Citation, a.Digest})
		}
		out.Flush()
		return out.Error()
	}
	out := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	for _, a := range list {
		name := a.Commitment
		if a.Rule != "" && a.Rule != a.Commitment {
			name += " " + a.Rule
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", a.Site, name, words.Period(lang, a.Period), words.Verdict(lang, a), words.Because(lang, a))
	}
	return out.Flush()
}

// bare is a number as programs read it; nothing where there is none.
func bare(o commitment.Optional) string {
	if !o.OK {
		return ""
	}
	return strconv.FormatFloat(o.Number, 'g', -1, 64)
}
