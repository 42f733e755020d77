package commitment

import (
	"fmt"
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/strictyaml"
)

// checker gathers what is wrong with a rulebook beyond its form.
type checker struct {
	file   string
	doc    *strictyaml.Document
	known  []string                           // ids of rulebooks that can be amended; nil: ask base
	base   func(id string) (*Rulebook, error) // the rulebook that is amended; nil for one nobody knows
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

// id checks that an id has the form of one and stands once in its place.
func (c *checker) id(what, id string, at ...any) {
	key := fmt.Sprint(what, "\x00", id)
	if what == "exception" { // of one rule
		key = fmt.Sprint(key, "\x00", at[1])
	}
	switch {
	case !c.doc.Decoded(at...):
	case !energy.IsID(id):
		c.fault(fmt.Sprintf("%q is no id of a %s", id, what), "lower-case letters, digits, hyphens and underscores are expected", at...)
	case c.ids[key]:
		c.fault(fmt.Sprintf("%s %q stands here a second time", what, id), "another id is expected", at...)
	default:
		if c.ids == nil {
			c.ids = map[string]bool{}
		}
		c.ids[key] = true
	}
}

// span checks that a range of days has one.
func (c *checker) span(from, to energy.Date, at ...any) {
	if end := append(slices.Clone(at), "to"); from != (energy.Date{}) && c.doc.Decoded(end...) && !from.Before(to) {
		c.fault(fmt.Sprintf("to (%s) is not after from (%s)", to, from), "the first day that no longer belongs to it is expected", end...)
	}
}

func (c *checker) rulebook(b *Rulebook) {
	c.id("rulebook", b.ID, "id")
	choice(c, "status", b.Status, []RuleStatus{InForce, Proposed}, "status")
	if c.known != nil {
		choice(c, "rulebook", b.Amends, c.known, "amends")
	}
	if c.doc.Present("repeals") && !c.doc.Present("amends") {
		c.fault("repeals without amends", "the rulebook whose rules are repealed is expected", "repeals")
	}
	c.span(b.From, b.To)
	for i := range b.Rules {
		c.rule(&b.Rules[i], func(rest ...any) []any { return append([]any{"rules", i}, rest...) })
	}
}

// place is the path of a part of a rule.
type place func(rest ...any) []any

func (c *checker) rule(r *Rule, at place) {
	c.id("rule", r.ID, at("id")...)
	choice(c, "period", r.Per, []registry.Per{registry.CalendarYear, registry.ContractYear, registry.HeatingYear, registry.Rolling, registry.EachMonth}, at("per")...)
	choice(c, "burden", r.Burden, []Burden{OperatorProves}, at("burden")...)
	choice(c, "authority", r.EnforcedBy, []string{"BAFA", "municipality", "none"}, at("enforced_by")...)
	choice(c, "confirmation", r.Confirmed, []Confirmation{PrimaryText, SecondaryText, Unconfirmed}, at("confirmed")...)
	choice(c, "status", r.Status, []RuleStatus{InForce, Proposed}, at("status")...)
	choice(c, "scope", r.Reach, []registry.Reach{registry.EachSite, registry.OperatorWide, registry.AllSites}, at("scope")...)
	c.span(r.From, r.To, at()...)
	if c.doc.Present(at("burden")...) && !c.doc.Present(at("deadline")...) || c.doc.Present(at("deadline")...) && !c.doc.Present(at("burden")...) && r.DoneOn == "" {
		c.fault("one of burden and deadline is missing", "both are expected: who has to prove, and until when", at()...)
	}
	if r.DueMonthsAfterStart < 0 || r.DueMonthsAfterStart > maxMonths {
		c.fault(fmt.Sprintf("due_months_after_start is %d", r.DueMonthsAfterStart), "a number of months from 0 to 1200 is expected", at("due_months_after_start")...)
	}
	switch metric, duty := c.doc.Present(at("metric")...), c.doc.Present(at("duty")...); {
	case metric == duty:
		c.fault("a rule with neither metric nor duty, or with both", "one of them is expected: a figure, or what evidence has to prove", at()...)
	case duty:
		c.duty(r, at)
	default:
		c.figure(r, at)
	}
	c.scope(r.AppliesTo, at)
	for j, e := range r.Exceptions {
		c.id("exception", e.ID, at("exceptions", j, "id")...)
		c.proof(e.Proof, func(rest ...any) []any { return at(append([]any{"exceptions", j}, rest...)...) })
	}
}

// maxMonths bounds delays to a century, so that days stay in the calendar.
const maxMonths = 1200

// figure checks a rule on a metric.
func (c *checker) figure(r *Rule, at place) {
	for _, field := range []string{"comparator", "threshold", "first_window"} {
		if !c.doc.Present(at(field)...) {
			c.fault("a metric without "+field, field+" is expected", at("metric")...)
		}
	}
	for _, field := range []string{"proof", "due", "done_on", "deadlines", "unclear"} {
		if c.doc.Present(at(field)...) {
			c.fault(field+" of a metric", "a duty is expected beside it", at(strictyaml.Key(field))...)
		}
	}
	metric, known := metricOf(r.Metric)
	if c.doc.Decoded(at("metric")...) && !known {
		c.fault(fmt.Sprintf("%q is no metric", r.Metric), "a figure such as pue, erf or green_share_annual is expected", at("metric")...)
	}
	choice(c, "comparator", r.Comparator, []registry.Comparator{registry.AtLeast, registry.AtMost}, at("comparator")...)
	choice(c, "first window", r.FirstWindow, []FirstWindow{StartsOnOrAfter, EndsOnOrAfter}, at("first_window")...)
	for j, t := range r.Thresholds {
		if place := at("threshold", j, "value"); c.doc.Decoded(place...) && known {
			if _, err := in(t.Value, metric.unit); err != nil {
				c.fault(fmt.Sprintf("the threshold of %s is in %q", r.Metric, t.Value.Unit), fmt.Sprintf("%s, or a unit that converts, is expected", metric.unit), place...)
			}
		}
		choice(c, "measure", t.Measure, []MeasureKind{Achieved, Planned}, at("threshold", j, "measure")...)
		c.span(t.Started.From, t.Started.To, at("threshold", j, "started")...)
	}
	if !known {
		return
	}
	for _, f := range r.Faults(r.Metric, r.Comparator, nil) {
		c.fault(f.Problem, f.Remedy, at(f.Field)...)
	}
	if g := r.GuardBand; g != (registry.GuardBand{}) {
		if _, err := in(g.Amount, metric.unit); err != nil {
			c.fault(fmt.Sprintf("the guard band of %s is in %q", r.Metric, g.Amount.Unit), fmt.Sprintf("%s, or a unit that converts, is expected", metric.unit), at("guard_band", "amount")...)
		}
	}
}

// duty checks a rule that evidence has to prove.
func (c *checker) duty(r *Rule, at place) {
	if c.doc.Decoded(at("duty")...) && !energy.IsID(r.Duty) {
		c.fault(fmt.Sprintf("%q is no name of a duty", r.Duty), "lower-case letters, digits, hyphens and underscores are expected", at("duty")...)
	}
	for _, field := range []string{"comparator", "threshold", "first_window", "pro_rata", "degree_days", "take_or_pay", "force_majeure", "guard_band", "minimum_coverage"} {
		if c.doc.Present(at(field)...) {
			c.fault(field+" of a duty", "a metric is expected beside it", at(strictyaml.Key(field))...)
		}
	}
	if r.Unclear == c.doc.Present(at("proof")...) {
		c.fault("a duty with neither proof nor unclear, or with both", "proof is expected: which evidence shows it; or unclear: true where the text does not say", at()...)
	}
	for j, p := range r.Proofs {
		c.proof(p, func(rest ...any) []any { return at(append([]any{"proof", j}, rest...)...) })
	}
	switch {
	case r.DoneOn == "":
		if c.doc.Present(at("deadlines")...) {
			c.fault("deadlines without done_on", "done_on is expected: the fact that says on which day it was done", at(strictyaml.Key("deadlines"))...)
		}
	case r.Per != registry.CalendarYear:
		c.fault(fmt.Sprintf("done_on with %s", r.Per), "calendar_year is expected: the fact year says for which", at("per")...)
	}
	for j, d := range r.Deadlines {
		choice(c, "confirmation", d.Confirmed, []Confirmation{PrimaryText, SecondaryText, Unconfirmed}, at("deadlines", j, "confirmed")...)
	}
}

// scope checks whom a rule binds.
func (c *checker) scope(s Scope, at place) {
	for j, k := range s.Kinds {
		choice(c, "kind of site", k, []energy.SiteKind{energy.DataCentre, energy.ServerRoom, energy.NetworkNode}, at("applies_to", "kinds", j)...)
	}
	for j, k := range s.Types {
		choice(c, "type of site", k, []registry.SiteType{registry.Enterprise, registry.Colocation, registry.CoHosting}, at("applies_to", "types", j)...)
	}
	choice(c, "ownership", s.Ownership, []Ownership{PublicOwner, PrivateOwner}, at("applies_to", "ownership")...)
	c.span(s.Started.From, s.Started.To, at("applies_to", "started")...)
	if s.ConnectedBelowKW.Sign() > 0 && s.ConnectedBelowKW.Float64() <= s.ConnectedLoadKW.Float64() {
		c.fault(fmt.Sprintf("no load is at least %s kW and below %s kW", s.ConnectedLoadKW, s.ConnectedBelowKW), "a greater load is expected", at("applies_to", "connected_load_below_kw")...)
	}
}

// proof checks what evidence is asked for.
func (c *checker) proof(p Proof, at place) {
	choice(c, "kind of evidence", p.Kind, []registry.EvidenceKind{
		registry.Offer, registry.Agreement, registry.Certificate, registry.CalibrationReport, registry.Report, registry.Contract, registry.OtherEvidence,
	}, at("evidence")...)
	for _, d := range []struct {
		field string
		delay Delay
	}{{"waits", p.Waits}, {"within", p.Within}} {
		if c.doc.Decoded(at(d.field, "months")...) && (d.delay.Months < 0 || d.delay.Months > maxMonths) {
			c.fault(fmt.Sprintf("months is %d", d.delay.Months), "a number of months from 0 to 1200 is expected", at(d.field, "months")...)
		}
	}
	for j, b := range p.Bounds {
		none := registry.Measure{}
		amount, day, text := b.AtLeast != none || b.AtMost != none, b.Before != energy.Date{}, len(b.OneOf) > 0
		if n := len(slices.DeleteFunc([]bool{amount, day, text}, func(is bool) bool { return !is })); n != 1 {
			c.fault(fmt.Sprintf("the bound of %s says %d kinds of limit", b.Fact, n), "one of at_least and at_most, before, or one_of is expected", at("bounds", j)...)
		}
	}
}
