package ledger

import (
	"fmt"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// prove adds what evidence proves to the sum of a figure. proven is what
// guarantees and certificates make green, in mWh.
func (a *account) prove(w wanted, sum kpi.Sum) (with kpi.Sum, proven energy.Amount, notes []string) {
	switch {
	case w.Market:
		g := a.ofYear()
		drawn := max(0, sum.Numerator)
		_, proven = kpi.Sum{Denominator: drawn, Limit: drawn}.With(kpi.Guarantees{MWh: g.MWh, Wh: g.Wh})
		return sum, proven, append(g.Notes(), a.settlement())
	case w.Proof == kpi.ProofOfYear:
		g := a.ofYear()
		sum, proven = sum.With(g)
		return sum, proven, append(append(g.Notes(), a.purchaseNotes()...), a.settlement())
	case w.Proof == kpi.ProofOfMonth:
		var g kpi.Guarantees
		sum, g, proven = a.byMonth(w)
		return sum, proven, append(g.Notes(), a.settlement())
	case w.Matched:
		sold := a.sold()
		sum, _ = sum.With(kpi.Guarantees{SoldMWh: sold})
		return sum, max(0, sum.Numerator-a.amount(w.pair.Numerator)), a.matchNotes(w, sold)
	}
	return sum, 0, nil
}

// amount is that of the terms, at least nothing.
func (a *account) amount(terms []kpi.Term) (sum energy.Amount) {
	for _, t := range terms {
		sum += kpi.Scale(a.totals[t.Point], t.Factor, kpi.Unity)
	}
	return max(0, sum)
}

// ofYear is what evidence proves in the period: guarantees, certificates of an
// hour or less, and what was sold.
func (a *account) ofYear() kpi.Guarantees {
	given := a.guarantees()
	g := kpi.GuaranteesOfYear(given, a.days())
	g.Add(kpi.CertificatesIn(given, a.period))
	g.SoldMWh = a.sold()
	return g
}

// sold are the guarantees of own generation that were sold: those of months in
// the period, and those without a month in a period of their year.
func (a *account) sold() int64 {
	days := a.days()
	first, last := registry.Month{Year: days.From.Year, Month: days.From.Month}, days.To.AddDays(-1)
	return evidence.Sold(a.registry.Evidence, a.site.ID, func(e registry.Evidence) bool {
		if (e.Produced == registry.Month{}) {
			return e.SupplyYear == last.Year && isYear(a.calendar, a.period)
		}
		month := a.calendar.Month(e.Produced.Year, e.Produced.Month)
		return e.Produced.Year >= first.Year && a.period.Covers(month)
	})
}

// soldIn are those of one month.
func (a *account) soldIn(m month) int64 {
	return evidence.Sold(a.registry.Evidence, a.site.ID, func(e registry.Evidence) bool { return e.Produced == m })
}

// byMonth adds up a figure that guarantees join month by month: what one month
// has too much another does not get.
func (a *account) byMonth(w wanted) (sum kpi.Sum, all kpi.Guarantees, proven energy.Amount) {
	given := a.guarantees()
	for m, lines := range a.lines {
		g := kpi.GuaranteesOfMonth(given, m.Year, m.Month)
		g.Add(kpi.CertificatesIn(given, a.calendar.Month(m.Year, m.Month)))
		g.SoldMWh = a.soldIn(m)
		of, used := w.SumOf(lines, w.category).With(g)
		sum.Add(of)
		all.Add(g)
		proven += used
	}
	return sum, all, proven
}

// certified gives what certificates and purchase agreements prove by the hour;
// nil where there are none.
func (a *account) certified() kpi.Certified {
	given, purchases := a.guarantees(), a.purchases()
	if len(a.profiled()) == 0 {
		return nil
	}
	return func(p energy.Period) energy.Amount { return evidence.Matched(given, purchases, p.From, p.To) }
}

func (a *account) purchases() []evidence.Purchase {
	return evidence.Purchases(a.registry.Evidence, a.site, a.on)
}

// profiled are the papers that prove something and say in which interval it was
// produced.
func (a *account) profiled() (list []registry.Evidence) {
	for _, g := range a.guarantees() {
		if g.Profile != nil && g.Refusal == "" {
			list = append(list, g.Evidence)
		}
	}
	for _, p := range a.purchases() {
		if p.Profile != nil && p.ProvenWh > 0 {
			list = append(list, p.Evidence)
		}
	}
	return list
}

// matchNotes say what did not join a figure by hour or quarter-hour.
func (a *account) matchNotes(w wanted, sold int64) (notes []string) {
	coarse := 0
	profiled := a.profiled()
	for _, e := range profiled {
		if w.Quarterly && e.Profile.Minutes > 15 {
			coarse++
		}
	}
	if coarse > 0 {
		notes = append(notes, fmt.Sprintf("certificates_too_coarse=%d", coarse))
	}
	if sold > 0 {
		notes = append(notes, fmt.Sprintf("guarantees_sold_mwh=%d", sold))
	}
	if len(profiled) > 0 {
		notes = append(notes, a.settlement())
	}
	return notes
}

// purchaseNotes say how much of the purchase agreements of the period's year is
// proven by their guarantees.
func (a *account) purchaseNotes() []string {
	var proven, all int64
	year := a.days().To.AddDays(-1).Year
	for _, p := range a.purchases() {
		if p.SupplyYear == year {
			proven, all = proven+p.ProvenWh, all+p.Wh
		}
	}
	if all == 0 {
		return nil
	}
	return []string{fmt.Sprintf("ppa_proven_wh=%d", proven), fmt.Sprintf("ppa_unproven_wh=%d", all-proven)}
}

// settlement says whether the green account of the period's year is final yet.
func (a *account) settlement() string {
	settles := evidence.Settles(a.days().To.AddDays(-1).Year)
	if a.on.Before(settles) {
		return "evidence_provisional_until=" + settles.String()
	}
	return "evidence_final_since=" + settles.String()
}

// market makes the energy from the grid kilograms, by what was bought.
func (a *account) market(w wanted, f *kpi.Figure, proven energy.Amount) (notes []string) {
	drawn := map[month]energy.Amount{}
	for m, lines := range a.lines {
		drawn[m] = w.SumOf(lines, w.category).Numerator
	}
	said := map[int]bool{}
	kilograms, ok := kpi.Emissions(drawn, proven, func(year int) (float64, bool) {
		mix, known := evidence.Mix(a.registry.Evidence, a.site.ID, year)
		if note := fmt.Sprintf("%s=%s", mix.Kind, mix.ID); known && !said[year] {
			notes = append(notes, note)
		} else if !known && !said[year] {
			notes = append(notes, fmt.Sprintf("no_mix_of=%d", year))
		}
		said[year] = true
		return mix.CarbonGPerKWh.Float64(), known
	})
	f.OK = f.OK && ok
	f.Numerator, f.Value = energy.ActiveEnergyImport.Value(kilograms), 0
	if f.OK {
		f.Value = f.Numerator.Float64() / f.Denominator.Float64()
	}
	return notes
}

// heatNotes say how much of the heat delivered in a calendar year guarantees of
// origin were issued for, and where they were more than the heat.
func (a *account) heatNotes(w wanted, f kpi.Figure) (notes []string) {
	days := a.days()
	year := days.From.Year
	if w.Numerator != kpi.HeatDeliveredLine || w.Shared || (days != kpi.Days{From: energy.Date{Year: year, Month: 1, Day: 1}, To: energy.Date{Year: year + 1, Month: 1, Day: 1}}) {
		return nil
	}
	mwh, void := evidence.Heat(a.registry.Evidence, a.site, year, a.on)
	if mwh > 0 {
		notes = append(notes, fmt.Sprintf("heat_guarantees_mwh=%d", mwh))
	}
	if void > 0 {
		notes = append(notes, fmt.Sprintf("heat_guarantees_void_mwh=%d", void))
	}
	const kilowattHoursPerMWh = 1000
	if float64(mwh)*kilowattHoursPerMWh > f.Value {
		notes = append(notes, "heat_guarantees_exceed_heat")
	}
	return notes
}
