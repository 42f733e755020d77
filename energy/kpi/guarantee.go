package kpi

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/energy/evidence"
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
	MWh int64 // proven, as package evidence decides
	// VoidMWh were allocated to it and do not count: they break a rule of
	// evidence.
	VoidMWh int64
	// Wh are those of certificates of an hour or less, beside the MWh.
	Wh int64
	// SoldMWh are guarantees of own generation that were sold: so much of its
	// own use is not green.
	SoldMWh int64
}

// CertificatesIn are the certificates of an hour or less whose intervals lie in
// p, of the guarantees of a site.
func CertificatesIn(list []evidence.Guarantee, p energy.Period) (sum Guarantees) {
	for _, g := range list {
		if g.Profile != nil && g.Refusal == "" {
			sum.Wh += g.Profile.Within(p.From, p.To)
		}
	}
	return sum
}

// GuaranteesOfYear are those of a site for its supply in the days. Within a
// calendar year they are those of that supply year; beyond, those produced in
// the days.
func GuaranteesOfYear(list []evidence.Guarantee, days Days) Guarantees {
	last := days.To.AddDays(-1)
	if days.From.Year == last.Year {
		return guarantees(list, func(g evidence.Guarantee) bool { return g.SupplyYear == last.Year })
	}
	return guarantees(list, func(g evidence.Guarantee) bool {
		produced := energy.Date{Year: g.Produced.Year, Month: g.Produced.Month, Day: 1}
		return g.Produced != registry.Month{} && produced.Before(days.To) && !produced.Before(energy.Date{Year: days.From.Year, Month: days.From.Month, Day: 1})
	})
}

// GuaranteesOfMonth are those of a site that were produced in the month.
func GuaranteesOfMonth(list []evidence.Guarantee, year int, month time.Month) Guarantees {
	return guarantees(list, func(g evidence.Guarantee) bool { return g.Produced == registry.Month{Year: year, Month: month} })
}

func guarantees(list []evidence.Guarantee, wanted func(evidence.Guarantee) bool) (sum Guarantees) {
	for _, g := range list {
		switch {
		case !wanted(g):
		case g.Refusal == "":
			sum.MWh += g.MWh
		default:
			sum.VoidMWh += g.MWh
		}
	}
	return sum
}

// With adds guarantees to the numerator of s, up to the electricity from the
// grid; what was used of itself is at least nothing and at most everything, and
// without what was sold. used is what was added.
func (s Sum) With(g Guarantees) (proven Sum, used energy.Amount) {
	whole := max(0, s.Denominator)
	own := max(0, min(max(0, s.Numerator), whole)-amountOf(g.SoldMWh, perMWh))
	bought := min(amountOf(g.MWh, perMWh), math.MaxInt64/2) + min(amountOf(g.Wh, perWh), math.MaxInt64/2)
	used = max(0, min(s.Limit, whole-own, bought))
	s.Numerator = own + used
	return s, used
}

const (
	perMWh = 1_000_000_000 // mWh
	perWh  = 1000
)

// amountOf is n units of per mWh each, bounded to what an amount holds.
func amountOf(n int64, per energy.Amount) energy.Amount {
	return per * energy.Amount(min(n, int64(math.MaxInt64/per)))
}

// Notes are the codes of guarantees: how many counted and how many did not.
func (g Guarantees) Notes() []string {
	notes := []string{fmt.Sprintf("guarantees_mwh=%d", g.MWh)}
	if g.VoidMWh > 0 {
		notes = append(notes, fmt.Sprintf("guarantees_void_mwh=%d", g.VoidMWh))
	}
	if g.Wh > 0 {
		notes = append(notes, fmt.Sprintf("certificates_wh=%d", g.Wh))
	}
	if g.SoldMWh > 0 {
		notes = append(notes, fmt.Sprintf("guarantees_sold_mwh=%d", g.SoldMWh))
	}
	return notes
}

// Add adds o to g.
func (g *Guarantees) Add(o Guarantees) {
	g.MWh += o.MWh
	g.VoidMWh += o.VoidMWh
	g.Wh += o.Wh
	g.SoldMWh += o.SoldMWh
}
