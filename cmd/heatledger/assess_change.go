package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/reporting/cell"
	"heatledger/reporting/words"
)

// book is the rulebook that --rulebook names: one that came along, or one in a
// file (then brought), which is refused with every fault and its place. Without
// --rulebook it is nil.
func (c *assessCommand) book() (book *commitment.Rulebook, brought bool, err error) {
	if c.Rulebook == "" {
		return nil, false, nil
	}
	if book, ok, err := commitment.Find(c.Rulebook); ok || err != nil {
		return book, false, err
	}
	if ext := filepath.Ext(c.Rulebook); ext != ".yaml" && ext != ".yml" {
		return nil, false, misuse("--rulebook %q is not known: %s, or a file FILE.yaml", c.Rulebook, strings.Join(commitment.Rulebooks(), ", "))
	}
	if c.Issue {
		return nil, false, misuse("--issue with the file %s: what is issued has to be computed again from what came with the program", c.Rulebook)
	}
	src, err := os.ReadFile(c.Rulebook)
	if err != nil {
		return nil, false, energy.Fault{File: c.Rulebook, Problem: fmt.Sprintf("the rulebook is not readable (%v)", errors.Unwrap(err)), Remedy: "name a file that is there, by --rulebook"}
	}
	book, faults := commitment.Load(c.Rulebook, src)
	c.Rulebook = book.ID
	return book, true, faults.Err()
}

// changeLine is a change as programs read it. What is not there is empty.
type changeLine struct {
	Site      energy.SiteID     `json:"site"`
	Rule      string            `json:"rule"`
	Period    string            `json:"period"`
	Now       string            `json:"now"`     // verdict by what binds the site
	Verdict   string            `json:"verdict"` // verdict by the rulebook
	Changes   []commitment.Step `json:"changes"`
	Sentence  string            `json:"sentence"`
	Because   string            `json:"because"`
	Citation  string            `json:"citation"`
	Status    string            `json:"rule_status"`
	Confirmed string            `json:"confirmed"`
	Digest    string            `json:"digest"`
}

func changeLines(lang words.Lang, changes []commitment.Change) []changeLine {
	lines := make([]changeLine, len(changes))
	for i, c := range changes {
		line := changeLine{Site: c.Site, Rule: c.Rule, Period: c.Period.Label, Changes: c.Steps, Sentence: words.Changes(lang, c)}
		if c.Now != nil {
			line.Now = string(c.Now.Verdict)
		}
		if would := c.Then; would != nil {
			line.Verdict, line.Because, line.Citation = string(would.Verdict), words.Because(lang, *would), would.Citation
			line.Status, line.Confirmed, line.Digest = string(would.RuleStatus), string(would.Confirmed), would.Digest
		}
		lines[i] = line
	}
	return lines
}

// showChanges writes what a rulebook says of the sites beside what binds them,
// and what would change.
func (p *process) showChanges(lang words.Lang, book *commitment.Rulebook, now, then []commitment.Assessment) error {
	changes := commitment.Compare(book, now, then)
	switch p.line.Output {
	case "json":
		encoder := json.NewEncoder(p.stdout)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(changeLines(lang, changes))
	case "csv":
		out := cell.NewWriter(p.stdout)
		_ = out.Write([]string{"site", "rule", "period", "now", "verdict", "change", "because", "citation", "rule_status", "confirmed", "digest"})
		for _, c := range changeLines(lang, changes) {
			_ = out.Write([]string{string(c.Site), c.Rule, c.Period, c.Now, c.Verdict, c.Sentence, c.Because, c.Citation, c.Status, c.Confirmed, c.Digest})
		}
		out.Flush()
		return out.Error()
	}
	out := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	for _, c := range changes {
		was, would := "–", "–"
		if c.Now != nil {
			was = words.Verdict(lang, *c.Now)
		}
		if c.Then != nil {
			would = words.Verdict(lang, *c.Then)
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", c.Site, c.Rule, words.Period(lang, c.Period), was, would, words.Changes(lang, c))
	}
	return out.Flush()
}
