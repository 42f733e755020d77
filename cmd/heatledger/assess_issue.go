package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/reporting/cell"
	"heatledger/reporting/words"
)

// issuedLine is an issued judgement as programs read it.
type issuedLine struct {
	Site       energy.SiteID `json:"site"`
	ID         string        `json:"id"`
	IssuedAt   time.Time     `json:"issued_at"`
	KnownAt    time.Time     `json:"known_at"`
	RestsOn    int64         `json:"rests_on"`
	By         string        `json:"by"`
	Why        string        `json:"why"`
	Commitment string        `json:"commitment"`
	Rule       string        `json:"rule"`
	Period     string        `json:"period"`
	On         energy.Date   `json:"on"`
	Verdict    string        `json:"verdict"`
	Method     string        `json:"method"`
	Digest     string        `json:"digest"`

	Outcome ledger.Outcome `json:"outcome,omitempty"` // of --verify-issued
	Changes []string       `json:"changes,omitempty"` // in words
	Now     string         `json:"now,omitempty"`     // today's verdict, where it is another judgement
}

func lineOf(i ledger.Issued) issuedLine {
	return issuedLine{ID: i.ID(), IssuedAt: i.RecordedAt, KnownAt: i.KnownAt, RestsOn: i.RestsOn, By: i.Actor, Why: i.Reason, Site: i.Assessment.Site,
		Commitment: i.Commitment, Rule: i.Rule, Period: i.Period, On: i.On, Verdict: string(i.Assessment.Verdict), Method: i.Method, Digest: fmt.Sprintf("%x", i.Digest)}
}

// issue keeps the judgements of sites for ever, and shows what it kept.
func (c *assessCommand) issue(p *process, l *ledger.Ledger, known *registry.Registry, sites []energy.SiteID, on energy.Date) error {
	// What is closed is judged at once; what is not would be derived anew.
	if err := closing.New(l, p.log).All(p.ctx); err != nil {
		return err
	}
	lines := []issuedLine{}
	for _, site := range sites {
		calendar, err := l.Calendar(known, site)
		if err != nil {
			return err
		}
		issued, err := l.Issue(p.ctx, site, ledger.Issuing{On: c.day(on)(calendar), Rulebook: c.Rulebook, Actor: c.By, Reason: c.Why})
		if err != nil {
			return err
		}
		for _, i := range issued {
			lines = append(lines, lineOf(i))
		}
	}
	return p.showIssued(lines)
}

// verifyIssued computes what was issued again. It is rejected when something
// differs that nothing explains.
func (c *assessCommand) verifyIssued(p *process, l *ledger.Ledger, sites []energy.SiteID) error {
	lines, wrong := []issuedLine{}, 0
	for _, site := range sites {
		again, err := l.Recount(p.ctx, site)
		if err != nil {
			return err
		}
		for _, r := range again {
			line := lineOf(r.Issued)
			line.Site, line.Outcome = site, r.Outcome
			for _, change := range r.Changes {
				line.Changes = append(line.Changes, words.Step(words.Lang(c.Lang), r.Assessment, change))
			}
			if r.OK && r.Outcome != ledger.Stands {
				line.Now = string(r.Now.Verdict)
			}
			if !r.Outcome.Explained() {
				wrong++
			}
			lines = append(lines, line)
		}
	}
	if err := p.showIssued(lines); err != nil {
		return err
	}
	if wrong > 0 {
		return rejectedError{fmt.Errorf("%d of %d issued judgements come out differently, or are damaged, and nothing explains it", wrong, len(lines))} // exit 3
	}
	return nil
}

// showIssued writes issued judgements to standard output.
func (p *process) showIssued(lines []issuedLine) error {
	if p.line.Output == "json" {
		encoder := json.NewEncoder(p.stdout)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(lines)
	}
	cells := func(l issuedLine) []string {
		return []string{string(l.Site), l.ID, l.Commitment, l.Rule, l.Period, l.On.String(), l.Verdict, string(l.Outcome), strings.Join(l.Changes, " "), l.Digest}
	}
	if p.line.Output == "csv" {
		out := cell.NewWriter(p.stdout)
		_ = out.Write([]string{"site", "id", "commitment", "rule", "period", "on", "verdict", "outcome", "changes", "digest"})
		for _, l := range lines {
			_ = out.Write(cells(l))
		}
		out.Flush()
		return out.Error() // holds the first error of all writes
	}
	out := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	for _, l := range lines {
		fmt.Fprintln(out, strings.Join(cells(l), "\t"))
	}
	return out.Flush()
}
