package atlas

import (
	"slices"
	"sort"

	"heatledger/energy"
	"heatledger/energy/publication"
	"heatledger/heatmap"
)

// reason is why something is absent; due, of NotDue, the day from which it is seen.
type reason struct {
	why Why
	due energy.Date
}

// whyNot says why nothing is there of any of some kinds by a resolution: the reason that
// is nearest to an answer.
func (d *drawing) whyNot(by publication.Resolution, kinds ...heatmap.Kind) reason {
	v, from, to := d.view, d.q.From, d.q.To
	shown := func(v View, by publication.Resolution) bool {
		return slices.ContainsFunc(kinds, func(k heatmap.Kind) bool { return len(v.Days(k, by, from, to)) > 0 })
	}
	if shown(v, by) {
		return reason{why: NothingKnown}
	}
	if shown(v, publication.Year) {
		return reason{why: Coarser}
	}
	if !slices.ContainsFunc(kinds, v.names) {
		return reason{why: NotNamed}
	}
	if due, ok := v.due(to, func(v View) bool { return shown(v, publication.Year) }); ok {
		return reason{NotDue, due}
	}
	if slices.ContainsFunc(kinds, func(k heatmap.Kind) bool { return len(v.agreed(k, from, to)) > 0 }) {
		return reason{why: Coarser} // a part of what is shown as a whole
	}
	return reason{why: OutsideAgreed}
}

// whyPart says why the amount of a whole period is not there, or not final.
func (d *drawing) whyPart(kind heatmap.Kind) reason {
	v, all := d.view, Stretch{d.q.From, d.q.To}
	whole := func(v View) bool { return holds(v.Days(kind, publication.Year, all.From, all.To), all) }
	if v.Extent == Everything {
		if d.running() {
			return reason{StillRunning, all.To}
		}
		return reason{}
	}
	switch due, ok := v.due(all.To, whole); {
	case whole(v):
		return reason{}
	case ok && d.running():
		return reason{StillRunning, due}
	case ok:
		return reason{NotDue, due}
	case holds(v.agreed(kind, all.From, all.To), all):
		return reason{why: Coarser}
	}
	return reason{why: OutsideAgreed}
}

// running tells whether the period that was asked for is not over on the view's day.
func (d *drawing) running() bool {
	return d.view.On != (energy.Date{}) && d.view.On.Before(d.q.To) && d.q.From.Before(d.view.On)
}

// names tells whether a decision names a figure of a kind.
func (v View) names(kind heatmap.Kind) bool {
	return slices.ContainsFunc(v.Allowances, func(a Allowance) bool {
		return a.Class != publication.ByLaw && slices.ContainsFunc(figuresOf(kind), func(f string) bool { return slices.Contains(a.What, f) })
	})
}

// agreed are the days of [from, to) that decisions name a kind for, whatever their
// resolution and delay.
func (v View) agreed(kind heatmap.Kind, from, to energy.Date) []Stretch {
	if v.Extent == Everything {
		return []Stretch{{from, to}}
	}
	days := []Stretch{{from, to}}
	for _, figure := range figuresOf(kind) {
		var list []Stretch
		for _, a := range v.Allowances {
			if s := (Stretch{latest(from, a.From), earliest(to, a.To)}); a.Class != publication.ByLaw && slices.Contains(a.What, figure) && s.From.Before(s.To) {
				list = append(list, s)
			}
		}
		days = both(days, joined(list))
	}
	return days
}

// due is the first day after the view's on which something holds of the view; ok is
// false where it does not by the time that every delay has passed since to.
func (v View) due(to energy.Date, holds func(View) bool) (day energy.Date, ok bool) {
	most := 0
	for _, a := range v.Allowances {
		most = max(most, a.DelayDays)
	}
	last := latest(v.On, to.AddDays(most))
	days := int(last.UTC().Sub(v.On.UTC()).Hours() / 24)
	then := func(after int) View {
		later := v
		later.On = v.On.AddDays(after)
		return later
	}
	after := sort.Search(days+1, func(after int) bool { return holds(then(after)) }) // what is seen once, is seen from then on
	return v.On.AddDays(after), after <= days
}
