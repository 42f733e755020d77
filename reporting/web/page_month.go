package web

import (
	"context"
	"math"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/store"
)

// month is what the balance of a site says of a local month, in kWh; NaN where
// nothing is known.
type month struct {
	total, it, cooling, heat float64
	coverage, substitute     float64 // shares of total
}

// monthsOf reads the balances of sites from one month of 2000 on to now, once
// for everything a page shows of them.
func (s *Server) monthsOf(ctx context.Context, sites []energy.SiteID) ([]store.Balance, error) {
	return s.options.Store.Balances(ctx, sites, store.GrainMonth, energy.Date{Year: 2000, Month: 1, Day: 1}, energy.Date{Year: 2200, Month: 1, Day: 1})
}

// yearsIn are the years balances tell of, in order.
func yearsIn(balances []store.Balance) []int {
	var years []int
	for _, b := range balances {
		if !slices.Contains(years, b.Period.Year) {
			years = append(years, b.Period.Year)
		}
	}
	slices.Sort(years)
	return years
}

// monthsIn are the twelve months of a site's year.
func monthsIn(balances []store.Balance, site energy.SiteID, year int) [12]month {
	var months [12]month
	for m := range months {
		months[m] = monthIn(balances, site, energy.Date{Year: year, Month: time.Month(m + 1), Day: 1})
	}
	return months
}

func monthIn(balances []store.Balance, site energy.SiteID, period energy.Date) month {
	m := month{total: math.NaN(), it: math.NaN(), cooling: math.NaN(), heat: math.NaN()}
	var pair int16 // the category of the paired figure; the lowest counts
	for _, b := range balances {
		if b.Site != site || b.Period != period {
			continue
		}
		kwh := energy.ActiveEnergyImport.Value(energy.Amount(b.Amount)).Float64()
		if b.EnergyS == 0 {
			continue
		}
		switch b.Role {
		case kpi.PUENumerator:
			if pair == 0 {
				pair, m.total = b.Category, kwh
				m.coverage = ratio(b.EnergyS, b.ExpectedS)
				m.substitute = ratio(b.Substitute, b.Amount)
			}
		case kpi.PUEDenominator:
			if b.Category == pair {
				m.it = kwh
			}
		case energy.Cooling.Number():
			m.cooling = kwh
		case energy.HeatDelivered.Number():
			m.heat = kwh
		}
	}
	return m
}

func ratio(part, whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return min(1, max(0, float64(part)/float64(whole)))
}

// add adds numbers of which one may be absent.
func add(a, b float64) float64 {
	switch {
	case math.IsNaN(a):
		return b
	case math.IsNaN(b):
		return a
	}
	return a + b
}

// sum adds up a column of months.
func sum(months []month, column func(month) float64) float64 {
	total := math.NaN()
	for _, m := range months {
		total = add(total, column(m))
	}
	return total
}

// status says in words how far a period's figures can be trusted.
func (p *page) status(period energy.Period, now time.Time, coverage float64, some bool) string {
	switch {
	case !some:
		return p.T("status.none")
	case period.To.After(now):
		return p.T("status.running")
	case coverage < 1:
		return p.T("status.partly")
	}
	return p.T("status.measured")
}

// chooseYear is the year asked for, else the last complete one that has values,
// else the last that has any.
func chooseYear(asked string, years []int, now energy.Date) (int, error) {
	if asked != "" {
		date, err := energy.ParseDate(asked + "-01-01")
		if err != nil {
			return 0, refuse(400, "bad_year", "year=%s", asked)
		}
		return date.Year, nil
	}
	chosen := now.Year - 1
	for _, y := range years {
		if y < now.Year || chosen == now.Year-1 && !slices.Contains(years, chosen) {
			chosen = y
		}
	}
	return chosen, nil
}
