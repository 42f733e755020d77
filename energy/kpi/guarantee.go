package kpi

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Proof says which guarantees of origin join the numerator of a figure.
type Proof int

// The proofs: none; those of the supply year (of a period that is in no single
// year: those produced in it); those produced in each month, up to that month's
// electricity.
const (
	NoProof Proof = iota
	ProofOfYear
	ProofOfMonth
)

// Guarantees are the MWh that guarantees of origin give a site.
type Guarantees struct {
	MWh int64 // cancelled for the site as the rules ask
	// VoidMWh were allocated to it and do not count: not cancelled, cancelled
	// too late, or produced in another year than supplied.
	VoidMWh int64
}

// expiry is the number of calendar months after its month of production within
// which a guarantee can be cancelled (HkRNDV § 34).
const expiry = 18

// GuaranteesOfYear are those for a site's supply in the days. Within a calendar
// year they are those of that supply year; beyond, those produced in the days.
func GuaranteesOfYear(evidence []registry.Evidence, site energy.SiteID, days Days) Guarantees {
	last := days.To.AddDays(-1)
	if days.From.Year == last.Year {
		return guarantees(evidence, site, func(e registry.Evidence) bool { return e.SupplyYear == last.Year })
	}
	return guarantees(evidence, site, func(e registry.Evidence) bool {
		produced := energy.Date{Year: e.Produced.Year, Month: e.Produced.Month, Day: 1}
		return e.Produced != registry.Month{} && produced.Before(days.To) && !produced.Before(energy.Date{Year: days.From.Year, Month: days.From.Month, Day: 1})
	})
}

// GuaranteesOfMonth are those for a site that were produced in the month.
func GuaranteesOfMonth(evidence []registry.Evidence, site energy.SiteID, year int, month time.Month) Guarantees {
	return guarantees(evidence, site, func(e registry.Evidence) bool { return e.Produced == registry.Month{Year: year, Month: month} })
}

func guarantees(evidence []registry.Evidence, site energy.SiteID, wanted func(registry.Evidence) bool) (g Guarantees) {
	for _, e := range evidence {
		if e.Kind != registry.GuaranteeOfOrigin || !wanted(e) {
			continue
		}
		for _, a := range e.Allocations {
			switch {
			case a.Site != site:
			case counting(e):
				g.MWh += a.MWh
			default:
				g.VoidMWh += a.MWh
			}
		}
	}
	return g
}

// counting tells whether a guarantee proves anything: cancelled, with the
// reference of the cancellation, after its production and before it expired,
// and produced in the year it was supplied in (HkRNDV §§ 30 Abs. 4, 34).
func counting(e registry.Evidence) bool {
	on := e.Cancellation.On
	if e.Cancellation.Reference == "" || on == (energy.Date{}) {
		return false
	}
	if e.Produced == (registry.Month{}) {
		return true
	}
	begun := energy.Date{Year: e.Produced.Year, Month: e.Produced.Month, Day: 1}
	expired := time.Date(e.Produced.Year, e.Produced.Month+1+expiry, 1, 0, 0, 0, 0, time.UTC)
	return e.Produced.Year == e.SupplyYear && !on.Before(begun) && on.UTC().Before(expired)
}

// With adds guarantees to the numerator of s, up to the electricity from the
// grid; what was used of itself is at least nothing and at most everything.
// used is what was added.
func (s Sum) With(g Guarantees) (proven Sum, used energy.Amount) {
	whole := max(0, s.Denominator)
	own := min(max(0, s.Numerator), whole)
	used = max(0, min(s.Limit, whole-own, perMWh*energy.Amount(min(g.MWh, math.MaxInt64/perMWh))))
	s.Numerator = own + used
	return s, used
}

const perMWh = 1_000_000_000 // mWh

// Notes are the codes of guarantees: how many counted and how many did not.
func (g Guarantees) Notes() []string {
	notes := []string{fmt.Sprintf("guarantees_mwh=%d", g.MWh)}
	if g.VoidMWh > 0 {
		notes = append(notes, fmt.Sprintf("guarantees_void_mwh=%d", g.VoidMWh))
	}
	return notes
}

// Add adds o to g.
func (g *Guarantees) Add(o Guarantees) {
	g.MWh += o.MWh
	g.VoidMWh += o.VoidMWh
}
