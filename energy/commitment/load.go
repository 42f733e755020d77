package commitment

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/strictyaml"
)

// embedded holds the rulebooks that come with the program, one a file.
//
//go:embed rulebooks/*.yaml
var embedded embed.FS

// Rulebooks are the ids of those that come with the program, in their order.
func Rulebooks() []string {
	files, _ := fs.Glob(embedded, "rulebooks/*.yaml") // errs for a bad pattern only
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	return files
}

// Find is the rulebook with that id; ok is false when nobody brought it along.
func Find(id string) (book *Rulebook, ok bool, err error) {
	if !slices.Contains(Rulebooks(), id) {
		return nil, false, nil
	}
	file := "rulebooks/" + id + ".yaml"
	src, err := embedded.ReadFile(file)
	if err != nil {
		return nil, false, fmt.Errorf("read rulebook %s: %w", id, err)
	}
	book, faults := Load(file, src)
	return book, true, faults.Err()
}

// Load reads src, the content of file, and checks it as a whole: every fault
// with its place. With faults the rulebook must not be used.
func Load(file string, src []byte) (*Rulebook, energy.Faults) {
	b := new(Rulebook)
	doc, faults := strictyaml.Decode(file, src, b)
	for i := range b.Rules {
		r := &b.Rules[i]
		if r.Status == "" {
			r.Status = b.Status
		}
		r.From, r.To = later(r.From, b.From), earlier(r.To, b.To)
	}
	c := checker{doc: doc}
	c.rulebook(b)
	return b, strictyaml.InOrder(append(faults, c.faults...))
}

// checker gathers what is wrong with a rulebook beyond its form.
type checker struct {
	doc    *strictyaml.Document
	faults energy.Faults
	ids    map[string]bool
}

func (c *checker) fault(problem, remedy string, at ...any) {
	c.faults = append(c.faults, c.doc.Fault(problem, remedy, at...))
}

// choice checks that a value, where one is given, is one of those known.
func choice[T ~string](c *checker, what string, value T, known []T, at ...any) {
	if !c.doc.Decoded(at...) || slices.Contains(known, value) {
		return
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	c.fault(fmt.Sprintf("%q is no %s", value, what), strictyaml.Suggest(string(value), names), at...)
}

// id checks that an id has the form of one and stands once in the file.
func (c *checker) id(what, id string, at ...any) {
	switch {
	case !c.doc.Decoded(at...):
	case !energy.IsID(id):
		c.fault(fmt.Sprintf("%q is no id of a %s", id, what), "lower-case letters, digits, hyphens and underscores are expected", at...)
	case c.ids[what+"\x00"+id]:
		c.fault(fmt.Sprintf("%s %q stands here a second time", what, id), "another id is expected", at...)
	default:
		if c.ids == nil {
			c.ids = map[string]bool{}
		}
		c.ids[what+"\x00"+id] = true
	}
}

func (c *checker) rulebook(b *Rulebook) {
	c.id("rulebook", b.ID, "id")
	choice(c, "status", b.Status, []RuleStatus{InForce, Proposed}, "status")
	for i := range b.Rules {
		c.rule(&b.Rules[i], i)
	}
}

func (c *checker) rule(r *Rule, i int) {
	at := func(rest ...any) []any { return append([]any{"rules", i}, rest...) }
	c.id("rule", r.ID, at("id")...)
	metric, known := metricOf(r.Metric)
	if c.doc.Decoded(at("metric")...) && !known {
		c.fault(fmt.Sprintf("%q is no metric", r.Metric), "a figure such as pue, erf or green_share_annual is expected", at("metric")...)
	}
	choice(c, "comparator", r.Comparator, []registry.Comparator{registry.AtLeast, registry.AtMost}, at("comparator")...)
	choice(c, "period", r.Per, []registry.Per{registry.CalendarYear, registry.ContractYear, registry.HeatingYear, registry.Rolling, registry.EachMonth}, at("per")...)
	choice(c, "first window", r.FirstWindow, []FirstWindow{StartsOnOrAfter, EndsOnOrAfter}, at("first_window")...)
	choice(c, "burden", r.Burden, []Burden{OperatorProves}, at("burden")...)
	choice(c, "authority", r.EnforcedBy, []string{"BAFA", "municipality", "none"}, at("enforced_by")...)
	choice(c, "confirmation", r.Confirmed, []Confirmation{PrimaryText, SecondaryText, Unconfirmed}, at("confirmed")...)
	choice(c, "status", r.Status, []RuleStatus{InForce, Proposed}, at("status")...)
	if c.doc.Present(at("burden")...) != c.doc.Present(at("deadline")...) {
		c.fault("one of burden and deadline is missing", "both are expected: who has to prove, and until when", at()...)
	}
	for j, k := range r.AppliesTo.Kinds {
		choice(c, "kind of site", k, []energy.SiteKind{energy.DataCentre, energy.ServerRoom, energy.NetworkNode}, at("applies_to", "kinds", j)...)
	}
	for j, t := range r.Thresholds {
		if place := at("threshold", j, "value"); c.doc.Decoded(place...) && known {
			if _, err := in(t.Value, metric.unit); err != nil {
				c.fault(fmt.Sprintf("the threshold of %s is in %q", r.Metric, t.Value.Unit), fmt.Sprintf("%s, or a unit that converts, is expected", metric.unit), place...)
			}
		}
		choice(c, "measure", t.Measure, []MeasureKind{Achieved, Planned}, at("threshold", j, "measure")...)
	}
	for j, e := range r.Exceptions {
		c.id("exception", e.ID, at("exceptions", j, "id")...)
		choice(c, "kind of evidence", e.Kind, []registry.EvidenceKind{registry.Offer, registry.Agreement, registry.Certificate, registry.Contract, registry.OtherEvidence},
			at("exceptions", j, "evidence")...)
	}
}

// later is the later of two days.
func later(a, b energy.Date) energy.Date {
	if a.Before(b) {
		return b
	}
	return a
}
