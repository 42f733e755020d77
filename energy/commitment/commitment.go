// Package commitment judges promises: it holds the rules of a law or contract
// against the figures and the evidence of a site and says for each rule and
// period what came of it, and why. It gives codes and arguments, never prose;
// sentences for people are made elsewhere.
//
// It is pure: no clock, no database. The same question has the same answer to
// the last byte, which [Assessment.Digest] proves.
//
// The value decides, unrounded (shared risk): a measurement band that crosses
// the threshold is shown and turns nothing around, because that would reward
// bad meters.
package commitment

import (
	"cmp"
	"fmt"
	"slices"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// FigureSource gives the figures of the site that is judged. ok is false for a
// figure the site does not have.
type FigureSource interface {
	Metric(metric string, p energy.Period) (f kpi.Figure, ok bool, err error)
	// Electricity is the green share by annual balance without any guarantee of
	// origin, and the sum it comes from: own use over consumption, limited by the
	// grid. Guarantees join it here, see [kpi.Sum.With].
	Electricity(p energy.Period) (f kpi.Figure, sum kpi.Sum, ok bool, err error)
}

// Question is what is to be judged, with all that is known of it.
type Question struct {
	Site       registry.Site
	Registry   *registry.Registry // whose evidence counts
	Commitment registry.Commitment
	// Rulebook is the one the commitment names; nil for a rule of its own, and
	// where nobody knows it.
	Rulebook *Rulebook
	// On is the day of the judgement: what is known up to its beginning counts.
	On       energy.Date
	Calendar energy.Calendar
	Figures  FigureSource
	// Elsewhere gives the figures of another site, for rules that judge several
	// as one; nil where they are not at hand.
	Elsewhere func(energy.SiteID) FigureSource

	parties []registry.Site       // the sites that are judged as one; none: Site
	papers  []registry.Evidence   // that name the site, looked up once
	given   *[]evidence.Guarantee // those of the site, once looked up
}

// Assess judges each rule of a commitment for the last closed and the running
// period. A rule that does not bind the site has one assessment, which says
// why. It errs only when a figure could not be read.
func Assess(q Question) ([]Assessment, error) {
	rules, version := q.rules()
	if rules == nil {
		a := q.blank(Rule{}, window{Span: calendarYear(q.On)})
		a.Verdict, a.Reason, a.Args = Undetermined, RulebookUnknown, Args{"rulebook": Text(q.Commitment.Rulebook)}
		return []Assessment{a.sealed()}, nil
	}
	for i := range q.Registry.Evidence {
		if slices.Contains(q.Registry.Evidence[i].Sites, q.Site.ID) {
			q.papers = append(q.papers, q.Registry.Evidence[i])
		}
	}
	q.given = new([]evidence.Guarantee)
	var list []Assessment
	for _, rule := range rules {
		found, err := q.assess(rule)
		if err != nil {
			return nil, fmt.Errorf("assess rule %s of commitment %s of site %s: %w", rule.ID, q.Commitment.ID, q.Site.ID, err)
		}
		for _, a := range found {
			a.RulebookVersion = version
			list = append(list, a.sealed())
		}
	}
	return list, nil
}

// rules are those of the rulebook, or the commitment's own; none where the
// rulebook is not known.
func (q Question) rules() (rules []Rule, version string) {
	if q.Commitment.Rulebook == "" {
		return []Rule{ruleOf(q.Commitment)}, ""
	}
	if q.Rulebook == nil {
		return nil, ""
	}
	return q.Rulebook.Rules, q.Rulebook.Version
}

// assess judges one rule.
func (q Question) assess(rule Rule) ([]Assessment, error) {
	windows := q.windows(rule)
	q, steps, ok := q.together(rule)
	if !ok {
		a := q.blank(rule, windows[len(windows)-1])
		a.Verdict, a.Reason, a.Args = Undetermined, SitesNotKnown, Args{}
		return []Assessment{a}, nil
	}
	operator, _ := q.Registry.Operator(q.Site.Operator)
	if code, args, unknown := rule.AppliesTo.excludes(q.Site, operator); code != "" {
		a := q.blank(rule, windows[len(windows)-1])
		a.Steps = steps
		a.Verdict, a.Reason, a.Args = NotApplicable, code, args
		if unknown {
			a.Verdict = Undetermined
		}
		return []Assessment{a}, nil
	}
	var list []Assessment
	for _, w := range windows {
		if !q.binds(rule, w) {
			continue
		}
		a, err := q.judge(rule, w)
		if err != nil {
			return nil, err
		}
		a.Steps = append(slices.Clone(steps), a.Steps...)
		list = append(list, a)
	}
	if len(list) == 0 {
		a := q.blank(rule, windows[len(windows)-1])
		a.Verdict, a.Reason, a.Args = NotApplicable, Ended, Args{"date": Day(earlier(rule.To, q.Commitment.To).AddDays(-1))}
		list = append(list, a)
	}
	return list, nil
}

// binds tells whether the rule has anything to say of a window: not before the
// site ran or the promise was given, unless it is running now (then it says
// from when), and not after the promise ended.
func (q Question) binds(rule Rule, w window) bool {
	for _, end := range []energy.Date{rule.To, q.Commitment.To} {
		if end != (energy.Date{}) && !w.From.Before(end) {
			return false
		}
	}
	from := rule.From
	if slices.ContainsFunc(rule.Deadlines, func(d YearDeadline) bool { return d.Year == w.From.Year }) { // a duty that began with a year before it
		from = energy.Date{}
	}
	for _, begin := range []energy.Date{from, q.Commitment.From, q.Site.InOperationSince} {
		if w.Closed && begin != (energy.Date{}) && !begin.Before(w.To) {
			return false
		}
	}
	return true
}

// blank is an assessment that says only what was asked.
func (q Question) blank(rule Rule, w window) Assessment {
	a := Assessment{
		Site: q.Site.ID, Commitment: q.Commitment.ID, Rulebook: q.Commitment.Rulebook, Rule: rule.ID, Metric: cmp.Or(rule.Metric, rule.Duty), Comparator: rule.Comparator,
		Period: w.Span, On: q.On, Status: Provisional, SettlesOn: rule.settles(w.Span), RuleStatus: rule.Status,
		EnforcedBy: rule.EnforcedBy, Citation: rule.Citation, Interpretation: rule.Interpretation, Confirmed: rule.Confirmed,
	}
	if w.Closed && !q.On.Before(a.SettlesOn) {
		a.Status = Final
	}
	return a
}

// earlier is the earlier of two days, of which the zero Date is none.
func earlier(a, b energy.Date) energy.Date {
	if a == (energy.Date{}) || b != (energy.Date{}) && b.Before(a) {
		return b
	}
	return a
}
