package publication

import (
	"slices"

	"heatledger/energy"
)

// The rules by which a sum of several sites gives nobody away (FIGURES.md, "What may
// be published"): the operators and sites behind it, and the greatest part that one
// operator may be of it. The part is ours; no law names it (proposed).
const (
	LeastBehind    = 3
	DominanceShare = 0.7
)

// Share is what one site adds to a sum: for a ratio its denominator.
type Share struct {
	Site     energy.SiteID
	Operator string // "": the site is an operator of its own
	Weight   float64
}

// Discreet tells whether a sum gives nobody away: enough operators and sites add to
// it, none is nearly all of it, and without the greatest none of the rest is nearly
// all of what the greatest could reckon.
func Discreet(shares []Share) bool {
	by, total := map[string]float64{}, 0.0
	for _, s := range shares {
		key := "operator/" + s.Operator
		if s.Operator == "" {
			key = "site/" + string(s.Site)
		}
		if s.Weight > 0 {
			by[key] += s.Weight
			total += s.Weight
		}
	}
	if len(by) < LeastBehind || len(shares) < LeastBehind {
		return false
	}
	weights := make([]float64, 0, len(by))
	for _, w := range by {
		weights = append(weights, w)
	}
	slices.Sort(weights)
	greatest, second := weights[len(weights)-1], weights[len(weights)-2]
	return greatest <= DominanceShare*total && second <= DominanceShare*(total-greatest)
}

// Apart tells whether two sums may both be public: what is in one of them alone is
// nothing, or gives nobody away by itself. Else their difference would tell a site.
func Apart(one, other []Share) bool {
	return aside(one, other) && aside(other, one)
}

func aside(one, other []Share) bool {
	rest := Without(one, func(id energy.SiteID) bool {
		return slices.ContainsFunc(other, func(s Share) bool { return s.Site == id })
	})
	return len(rest) == 0 || Discreet(rest)
}

// Without are the shares of the sites that are not left out, such as those of which
// the public knows the figure anyhow.
func Without(shares []Share, left func(energy.SiteID) bool) []Share {
	return slices.DeleteFunc(slices.Clone(shares), func(s Share) bool { return left(s.Site) })
}

// Member is a site that is in a sum of a period by a decision: on days [From, Until),
// the zero Until leaves it open.
type Member struct {
	Site        energy.SiteID
	From, Until energy.Date
}

func (m Member) on(day energy.Date) bool {
	return !day.Before(m.From) && (m.Until == energy.Date{} || day.Before(m.Until))
}

// Standing are the sites whose sum is shown on a day; ok is false where it is held
// back. It follows the days on which somebody came in or went: what was shown once
// is known, so another set of sites takes its place only where the two may both be
// public. Until then the earlier set stays, while all in it still are members.
// public tells it of a set, apart of two.
func Standing(members []Member, day energy.Date, public func([]energy.SiteID) bool, apart func(one, other []energy.SiteID) bool) (set []energy.SiteID, ok bool) {
	var days []energy.Date
	for _, m := range members {
		for _, d := range []energy.Date{m.From, m.Until} {
			if d != (energy.Date{}) && !day.Before(d) && !slices.Contains(days, d) {
				days = append(days, d)
			}
		}
	}
	slices.SortFunc(days, energy.Date.Compare)
	var shown [][]energy.SiteID
	for _, d := range days {
		there := sitesOn(members, d)
		refused := func(before []energy.SiteID) bool { return !slices.Equal(before, there) && !apart(before, there) }
		switch {
		case public(there) && !slices.ContainsFunc(shown, refused):
			set, ok, shown = there, true, append(shown, there)
		case ok && slices.ContainsFunc(set, func(id energy.SiteID) bool { return !slices.Contains(there, id) }):
			set, ok = nil, false
		}
	}
	return set, ok
}

// sitesOn are the members on a day, each once, in order.
func sitesOn(members []Member, day energy.Date) (sites []energy.SiteID) {
	for _, m := range members {
		if m.on(day) {
			sites = append(sites, m.Site)
		}
	}
	slices.Sort(sites)
	return slices.Compact(sites)
}
