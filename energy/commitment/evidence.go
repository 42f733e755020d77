package commitment

import (
	"cmp"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// cancelledWithin is how long a guarantee of origin can be cancelled, in
// calendar months after its month of production (HkRNDV § 34).
const cancelledWithin = 18

// DoubleUse is some guarantees of origin that stand in two pieces of evidence.
// Only one MWh was produced: they count where they were cancelled first.
type DoubleUse struct {
	First, Second registry.Evidence // in the order of cancellation, then of id
	IDs           registry.IDRange  // what both have
}

// DoubleUses looks through the whole registry, across sites and years, for
// guarantees that stand twice. They come in the order of the first guarantee.
func DoubleUses(r *registry.Registry) []DoubleUse {
	var list []DoubleUse
	sorted := slices.SortedFunc(slices.Values(r.Evidence), func(a, b registry.Evidence) int {
		return cmp.Or(cmp.Compare(len(a.IDs.First), len(b.IDs.First)), cmp.Compare(a.IDs.First, b.IDs.First), cmp.Compare(a.ID, b.ID))
	})
	for i, a := range sorted {
		if a.IDs.First == "" {
			continue
		}
		for _, b := range sorted[i+1:] {
			if len(b.IDs.First) != len(a.IDs.First) || b.IDs.First > a.IDs.Last {
				break // sorted by their first: none beyond begins before a ends
			}
			if a.IDs.Overlaps(b.IDs) {
				common := registry.IDRange{First: b.IDs.First, Last: min(a.IDs.Last, b.IDs.Last)}
				first, second := a, b
				if before(b, a) {
					first, second = b, a
				}
				list = append(list, DoubleUse{First: first, Second: second, IDs: common})
			}
		}
	}
	return list
}

// before orders evidence by the day of cancellation, none last, then by id.
func before(a, b registry.Evidence) bool {
	none, dayA, dayB := energy.Date{}, a.Cancellation.On, b.Cancellation.On
	switch {
	case dayA == dayB:
		return a.ID < b.ID
	case dayA == none || dayB == none:
		return dayB == none
	}
	return dayA.Before(dayB)
}

// counted are guarantees that prove a site's electricity of a year.
type counted struct {
	mwh      int64
	evidence []string
	steps    []Step
	refused  int // pieces that would have counted but for a rule of evidence
}

// guarantees adds up what is allocated to the site for a year of supply, as
// the rules of evidence allow: produced in the year of supply (HkRNDV § 30
// Abs. 4), cancelled within 18 months, by the day of the judgement, for this
// site's operator, each MWh once.
func (q Question) guarantees(year int) counted {
	var c counted
	doubles := DoubleUses(q.Registry)
	for _, e := range q.Registry.Evidence {
		mwh := allocated(e, q.Site.ID)
		if e.Kind != registry.GuaranteeOfOrigin && e.Kind != registry.GranularCertificate || mwh == 0 || e.SupplyYear != year {
			continue
		}
		for _, d := range doubles {
			if d.First.ID == e.ID {
				c.steps = append(c.steps, d.step(UsedTwiceElsewhere, d.First, d.Second))
			}
		}
		if step, refused := q.refuse(e, doubles); refused {
			if step.Args == nil {
				step.Args = Args{}
			}
			step.Args["evidence"] = Text(e.ID)
			c.steps, c.refused = append(c.steps, step), c.refused+1
			continue
		}
		c.mwh += mwh
		c.evidence = append(c.evidence, e.ID)
		c.steps = append(c.steps, Step{GuaranteeCounted, Args{"evidence": Text(e.ID), "amount": Amount(float64(mwh), "MWh")}})
	}
	return c
}

// refuse says which rule of evidence a guarantee breaks.
func (q Question) refuse(e registry.Evidence, doubles []DoubleUse) (Step, bool) {
	none := energy.Date{}
	cancelled := e.Cancellation.On
	until := addMonths(energy.Date{Year: e.Produced.Year, Month: e.Produced.Month, Day: 1}, 1+cancelledWithin).AddDays(-1)
	switch {
	case e.IDs.First == "":
		return Step{Code: GuaranteeUncounted}, true
	case cancelled == none || e.Cancellation.Reference == "":
		return Step{Code: NotCancelled}, true
	case !cancelled.Before(q.On):
		return Step{CancelledLater, Args{"date": Day(cancelled)}}, true
	case e.Produced == registry.Month{}:
		return Step{Code: ProductionUnknown}, true
	case e.Produced.Year != e.SupplyYear:
		return Step{ProducedOtherYear, Args{"month": Text(e.Produced.String()), "year": Text(yearText(e.SupplyYear))}}, true
	case cancelled.Before(energy.Date{Year: e.Produced.Year, Month: e.Produced.Month, Day: 1}):
		return Step{CancelledTooEarly, Args{"date": Day(cancelled), "month": Text(e.Produced.String())}}, true
	case until.Before(cancelled):
		return Step{CancelledTooLate, Args{"date": Day(cancelled), "until": Day(until)}}, true
	case e.Beneficiary != "" && e.Beneficiary != q.Site.Operator:
		return Step{OtherBeneficiary, Args{"operator": Text(e.Beneficiary)}}, true
	}
	for _, d := range doubles {
		if d.Second.ID == e.ID {
			return d.step(UsedTwice, d.Second, d.First), true
		}
	}
	return Step{}, false
}

// step names both places of a double use, seen from one of them.
func (d DoubleUse) step(code Code, here, there registry.Evidence) Step {
	return Step{code, Args{
		"evidence": Text(here.ID), "sites": Text(places(here)), "other": Text(there.ID), "other_sites": Text(places(there)), "ids": Text(d.IDs.String()),
	}}
}

// places are the sites and the year a piece of evidence is used for.
func places(e registry.Evidence) string {
	var sites []string
	for _, a := range e.Allocations {
		if !slices.Contains(sites, string(a.Site)) {
			sites = append(sites, string(a.Site))
		}
	}
	return strings.Join(append(sites, yearText(e.SupplyYear)), " ")
}

// allocated are the MWh of a piece of evidence given to a site.
func allocated(e registry.Evidence, site energy.SiteID) (mwh int64) {
	for _, a := range e.Allocations {
		if a.Site == site {
			mwh += a.MWh
		}
	}
	return mwh
}

func yearText(year int) string { return energy.Date{Year: year}.String()[:4] }
