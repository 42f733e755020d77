package commitment

import (
	"slices"

	"heatledger/energy"
)

// Change is what would be different for a site, in one rule and period, if a
// rulebook held.
type Change struct {
	Site   energy.SiteID
	Rule   string
	Metric string // the figure or the duty
	Period Span
	// Now is what binds the site, Then what the rulebook would say; one of them
	// may be none.
	Now, Then *Assessment
	// Steps say what differs, with [ChangeNone] what does not; never empty.
	Steps []Step
}

// Compare holds the judgements by a rulebook against those of what binds the
// same sites now, in the order of then. A rule is held against the one of the
// same id in the rulebook that the book amends, or, where it amends none, against
// every rule that sets the same figure a limit on the same side; where the site is
// bound by the book itself, against the same rule. Other rules stay as they are
// and are not named.
func Compare(book *Rulebook, now, then []Assessment) []Change {
	var list []Change
	used, bySite := make([]bool, len(now)), map[energy.SiteID][]int{}
	for k := range now {
		bySite[now[k].Site] = append(bySite[now[k].Site], k)
	}
	for i := range then {
		would, found := then[i], false
		for _, k := range bySite[would.Site] {
			if now[k].Period.Label != would.Period.Label || !book.compares(now[k], would) {
				continue
			}
			used[k], found = true, true
			list = append(list, changeOf(&now[k], &then[i]))
		}
		if !found {
			step := Step{ChangeNew, Args{"would": Text(string(would.Verdict))}}
			if would.Verdict == NotApplicable { // what does not bind the site changes nothing
				step = Step{ChangeNone, Args{}}
			}
			list = append(list, Change{Site: would.Site, Rule: would.Rule, Metric: would.Metric, Period: would.Period, Then: &then[i], Steps: []Step{step}})
		}
	}
	for k := range now {
		if was := now[k]; !used[k] && book.Amends != "" && was.Rulebook == book.Amends {
			list = append(list, Change{Site: was.Site, Rule: was.Rule, Metric: was.Metric, Period: was.Period, Now: &now[k],
				Steps: []Step{{ChangeDropped, Args{"was": Text(string(was.Verdict))}}}})
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int { return slices.Compare([]energy.SiteID{a.Site}, []energy.SiteID{b.Site}) })
	return list
}

// compares tells whether a judgement of today has its counterpart in another.
func (b *Rulebook) compares(was, would Assessment) bool {
	switch {
	case was.Rulebook == b.ID || b.Amends != "":
		return (was.Rulebook == b.ID || was.Rulebook == b.Amends) && was.Rule == would.Rule
	default:
		return was.Metric == would.Metric && was.Comparator == would.Comparator
	}
}

// changeOf says what differs between two judgements of the same rule and period.
func changeOf(was, would *Assessment) Change {
	c := Change{Site: would.Site, Rule: would.Rule, Metric: would.Metric, Period: would.Period, Now: was, Then: would}
	if was.Verdict != would.Verdict {
		c.Steps = append(c.Steps, Step{ChangeVerdict, Args{"was": Text(string(was.Verdict)), "would": Text(string(would.Verdict))}})
	}
	if was.Threshold.OK && would.Threshold.OK && (was.Threshold != would.Threshold || was.Unit != would.Unit) {
		c.Steps = append(c.Steps, Step{ChangeThreshold, Args{"was": Amount(was.Threshold.Number, was.Unit), "would": Amount(would.Threshold.Number, would.Unit)}})
	}
	if before, after := was.Args["due"].Date, would.Args["due"].Date; before != after && before != (energy.Date{}) && after != (energy.Date{}) {
		c.Steps = append(c.Steps, Step{ChangeDue, Args{"was": Day(before), "would": Day(after)}})
	}
	if len(c.Steps) == 0 {
		c.Steps = []Step{{ChangeNone, Args{}}}
	}
	return c
}
