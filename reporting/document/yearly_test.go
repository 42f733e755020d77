package document_test

import (
	"math"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/reporting/document"
)

// sample is a report of a whole year with everything a report can hold: two
// figures, one of them without a value, a month without readings, gaps and a
// meter of unknown accuracy.
func sample(t testing.TB) document.Yearly {
	t.Helper()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatalf("load the calendar: %v", err)
	}
	y := document.Yearly{Site: "hafen", Name: "Rechenzentrum Hafen (Süd) & Straße", Operator: "Betreiber ≤ 1 MW GmbH", Address: "Hafenstraße 1, 63067 Offenbach am Main", Year: 2025,
		Location: calendar.Location, Period: calendar.Year(2025), AsKnown: time.Date(2026, 1, 15, 7, 30, 0, 0, time.UTC), Fact: 4711, Final: true}
	y.Dates = calendar.Days(y.Period)
	grid := point("hafen/grid", energy.ActiveEnergyImport, energy.GridImport, 0)
	it := point("hafen/it", energy.ActiveEnergyImport, energy.ITLoad, 1)
	flow := point("hafen/flow", energy.FlowTemperature, "", 0)
	water := point("hafen/water", energy.WaterVolume, energy.WaterIn, 0)
	water.HasPercent, water.Class = false, ""
	months := make([]document.Month, 12)
	var year kpi.Sum
	var total energy.Amount
	for i, date := range y.Dates {
		g, l := energy.Amount(14_400+200*i%3000)*1_000_000, energy.Amount(9_600+90*i%1500)*1_000_000
		known := date.Month != time.August
		for _, p := range []*document.Point{&grid, &it, &flow, &water} {
			amount := map[energy.PointID]energy.Amount{"hafen/grid": g, "hafen/it": l, "hafen/flow": 54_300, "hafen/water": 12_345_678}[p.ID]
			day := document.Day{Value: p.Quantity.Value(amount), OK: known, Quality: energy.Measured, EnergyCoverage: 1, IntervalCoverage: 1}
			if !known {
				day = document.Day{Quality: energy.Missing}
			}
			p.Days = append(p.Days, day)
		}
		month := &months[date.Month-1]
		month.Month, month.HasPUE, month.GridOK = date.Month, true, known
		if known {
			year.Numerator, year.Denominator, total = year.Numerator+g, year.Denominator+l, total+g
			add(&month.Figure, g, l)
			month.Grid = month.Figure.Numerator
		}
	}
	for i := range months {
		months[i].Figure = finish(months[i].Figure, "ipue")
	}
	pue := kpi.Figure{}
	add(&pue, year.Numerator, year.Denominator)
	pue = finish(pue, "pue")
	pue.EnergyCoverage, pue.IntervalCoverage, pue.SubstituteShare = 0.91506, 0.9999, 0.0123
	pue.Uncertainty, pue.HasUncertainty, pue.Notes = 0.0123, true, []string{"grid_year=2024"}
	erf := kpi.Figure{Name: "erf", Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour, Standard: "EN 50600-4-6", Edition: "2020"}
	grid.HasTotal, grid.Total = true, grid.Quantity.Value(total)
	it.HasTotal, it.Total = true, pue.Denominator
	water.HasTotal, water.Total = true, energy.Decimal(4_123_456, -3)
	august := func(id energy.PointID) document.Gap {
		return document.Gap{Point: id, From: energy.Date{Year: 2025, Month: 8, Day: 1}, To: energy.Date{Year: 2025, Month: 8, Day: 31}}
	}
	y.Figures, y.Months, y.Points = []kpi.Figure{pue, erf}, months, []document.Point{grid, it, flow, water}
	y.Gaps, y.Unstated = []document.Gap{august("hafen/grid"), august("hafen/it"), august("hafen/water")}, []energy.MeterID{"hafen-wasser"}
	return y
}

func point(id energy.PointID, q energy.Quantity, role energy.Role, category int) document.Point {
	return document.Point{ID: id, Meter: energy.MeterID("meter-of-" + id.Name()), Model: "Janitza UMG 96RM", Serial: "0815-4711", Quantity: q, Role: role, Use: energy.Primary,
		Category: category, Class: "0.5S", Percent: 0.5, HasPercent: true, Regime: "mid", Until: energy.Date{Year: 2030, Month: 12, Day: 31}}
}

// add adds a day to the sides of a figure.
func add(f *kpi.Figure, numerator, denominator energy.Amount) {
	q := energy.ActiveEnergyImport
	n, _ := q.Fixed(f.Numerator)
	d, _ := q.Fixed(f.Denominator)
	f.Numerator, f.Denominator = q.Value(n+numerator), q.Value(d+denominator)
}

func finish(f kpi.Figure, name string) kpi.Figure {
	f.Name, f.Unit, f.NumeratorUnit, f.DenominatorUnit = name, energy.One, energy.KilowattHour, energy.KilowattHour
	f.Standard, f.Edition, f.Category = kpi.PUEStandard, kpi.PUEEdition, 1
	if f.OK = f.Denominator.Float64() > 0; f.OK {
		f.Value = f.Numerator.Float64() / f.Denominator.Float64()
		f.EnergyCoverage, f.IntervalCoverage = 1, 1
	}
	return f
}

// near tells whether two ratios are the same but for the last digits of a float64.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Abs(b) }
