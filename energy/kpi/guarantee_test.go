package kpi_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

func guarantee(produced registry.Month, supplyYear int, cancelled energy.Date, mwh int64) registry.Evidence {
	return registry.Evidence{ID: "of-" + produced.String(), Kind: registry.GuaranteeOfOrigin, IDs: registry.IDRange{First: "DE-1", Last: "DE-1"}, Supplier: "Supplier",
		Produced: produced, SupplyYear: supplyYear, VolumeMWh: mwh + 1000,
		Cancellation: registry.Cancellation{Reference: "C-1", On: cancelled}, Allocations: []registry.Allocation{{Site: "hafen", MWh: mwh}, {Site: "kaiserlei", MWh: 1000}}}
}

func TestOnlyCancelledGuaranteesOfTheSupplyYearCount(t *testing.T) {
	t.Parallel()
	march := registry.Month{Year: 2025, Month: time.March}
	year := kpi.Days{From: energy.Date{Year: 2025, Month: 1, Day: 1}, To: energy.Date{Year: 2026, Month: 1, Day: 1}}
	rolling := kpi.Days{From: energy.Date{Year: 2024, Month: 10, Day: 1}, To: energy.Date{Year: 2025, Month: 10, Day: 1}}
	day := func(y int, m time.Month, d int) energy.Date { return energy.Date{Year: y, Month: m, Day: d} }
	hafen := registry.Site{ID: "hafen", Operator: "op"}
	unnamed := guarantee(march, 2025, day(2026, 2, 11), 7)
	unnamed.Cancellation.Reference = ""
	ppa := guarantee(march, 2025, day(2026, 2, 11), 7)
	ppa.Kind = registry.PowerPurchase
	for _, tt := range []struct {
		name     string
		evidence registry.Evidence
		days     kpi.Days
		want     kpi.Guarantees
	}{
		{"cancelled in time", guarantee(march, 2025, day(2026, 2, 11), 7), year, kpi.Guarantees{MWh: 7}},
		{"on the last day of 18 months", guarantee(march, 2025, day(2026, 9, 30), 7), year, kpi.Guarantees{MWh: 7}},
		{"a day late", guarantee(march, 2025, day(2026, 10, 1), 7), year, kpi.Guarantees{VoidMWh: 7}},
		{"not cancelled", guarantee(march, 2025, energy.Date{}, 7), year, kpi.Guarantees{VoidMWh: 7}},
		{"cancelled without a reference", unnamed, year, kpi.Guarantees{VoidMWh: 7}},
		{"cancelled before it was produced", guarantee(march, 2025, day(2025, 2, 28), 7), year, kpi.Guarantees{VoidMWh: 7}},
		{"produced in the year before", guarantee(registry.Month{Year: 2024, Month: time.December}, 2025, day(2026, 1, 11), 7), year, kpi.Guarantees{VoidMWh: 7}},
		{"of another supply year", guarantee(march, 2024, day(2026, 2, 11), 7), year, kpi.Guarantees{}},
		{"without a month, in its supply year", guarantee(registry.Month{}, 2025, day(2026, 2, 11), 7), year, kpi.Guarantees{VoidMWh: 7}},
		{"without a month, across two years", guarantee(registry.Month{}, 2025, day(2026, 2, 11), 7), rolling, kpi.Guarantees{}},
		{"produced within twelve months across two years", guarantee(march, 2025, day(2026, 2, 11), 7), rolling, kpi.Guarantees{MWh: 7}},
		{"produced after them", guarantee(registry.Month{Year: 2025, Month: time.October}, 2025, day(2026, 2, 11), 7), rolling, kpi.Guarantees{}},
		{"a purchase agreement is no guarantee", ppa, year, kpi.Guarantees{}},
		{"produced in the first month of twelve", guarantee(registry.Month{Year: 2024, Month: time.October}, 2024, day(2025, 2, 11), 7), rolling, kpi.Guarantees{MWh: 7}},
		{"produced in the month before", guarantee(registry.Month{Year: 2024, Month: time.September}, 2024, day(2025, 2, 11), 7), rolling, kpi.Guarantees{}},
		{"produced in a month that has begun on the last day", guarantee(registry.Month{Year: 2025, Month: time.October}, 2025, day(2026, 2, 11), 7),
			kpi.Days{From: rolling.From, To: day(2025, 10, 2)}, kpi.Guarantees{MWh: 7}},
		{"a day more than the year makes it no supply year", guarantee(registry.Month{Year: 2026, Month: time.January}, 2026, day(2026, 2, 11), 7),
			kpi.Days{From: day(2025, 1, 1), To: day(2026, 1, 2)}, kpi.Guarantees{MWh: 7}},
	} {
		if got := kpi.GuaranteesOfYear(evidence.Of([]registry.Evidence{tt.evidence}, hafen, day(2026, 11, 22)), tt.days); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	both := []registry.Evidence{guarantee(march, 2025, day(2026, 2, 11), 7), guarantee(registry.Month{Year: 2025, Month: time.April}, 2025, day(2026, 2, 11), 9)}
	both[1].IDs = registry.IDRange{First: "DE-2", Last: "DE-2"}
	if got := kpi.GuaranteesOfMonth(evidence.Of(both, hafen, day(2026, 11, 22)), 2025, time.April); got.MWh != 9 {
		t.Errorf("guarantees of April = %+v, want 9 MWh", got)
	}
}

func TestGuaranteesCountUpToTheElectricityFromTheGrid(t *testing.T) {
	t.Parallel()
	const mwh = 1_000_000_000
	for _, tt := range []struct {
		name       string
		own, limit energy.Amount
		guarantees int64
		want       energy.Amount
	}{
		{"as many as there are", 10 * mwh, 80 * mwh, 50, 60 * mwh},
		{"no more than the grid gave", 10 * mwh, 80 * mwh, 500, 90 * mwh},
		{"more exported than generated is nothing used", -10 * mwh, 80 * mwh, 0, 0},
		{"no more than was consumed", 10 * mwh, 120 * mwh, math.MaxInt64 / 2, 100 * mwh},
	} {
		sum, used := kpi.Sum{Numerator: tt.own, Denominator: 100 * mwh, Limit: tt.limit}.With(kpi.Guarantees{MWh: tt.guarantees})
		if sum.Numerator != tt.want || used != tt.want-max(0, tt.own) {
			t.Errorf("%s: %d, %d of it proven, want %d", tt.name, sum.Numerator, used, tt.want)
		}
	}
}

func TestAGreenShareIsNeverAboveOneNorTheMonthlyAboveTheAnnual(t *testing.T) {
	t.Parallel()
	amount := rapid.Int64Range(-1<<40, 1<<60)
	rapid.Check(t, func(t *rapid.T) {
		var year, months kpi.Sum
		var all kpi.Guarantees
		for range 12 {
			grid := energy.Amount(rapid.Int64Range(0, 1<<55).Draw(t, "grid"))
			own := energy.Amount(rapid.Int64Range(0, 1<<55).Draw(t, "own"))
			g := kpi.Guarantees{MWh: rapid.Int64Range(0, 1<<30).Draw(t, "mwh")}
			month := kpi.Sum{Numerator: own, Denominator: grid + own, Limit: grid}
			year.Add(month)
			all.Add(g)
			month, _ = month.With(g)
			months.Add(month)
		}
		year, _ = year.With(all)
		if year.Numerator > year.Denominator || months.Numerator > year.Numerator {
			t.Fatalf("annual %d, monthly %d of %d", year.Numerator, months.Numerator, year.Denominator)
		}
		wild := kpi.Sum{Numerator: energy.Amount(amount.Draw(t, "n")), Denominator: energy.Amount(amount.Draw(t, "d")), Limit: energy.Amount(amount.Draw(t, "l"))}
		got, used := wild.With(kpi.Guarantees{MWh: rapid.Int64Range(0, math.MaxInt64).Draw(t, "any")})
		if got.Numerator < 0 || got.Numerator > max(0, got.Denominator) || used < 0 {
			t.Fatalf("%+v became %+v, %d used", wild, got, used)
		}
	})
}

func TestSumsOfDaysAreTheSumOfTheirLines(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, d := range kpi.Definitions() {
			if d.Numerator == 0 {
				continue
			}
			var lines []kpi.Line
			var whole kpi.Sum
			for range rapid.IntRange(1, 5).Draw(t, "days") {
				n := func() energy.Amount { return energy.Amount(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "n")) }
				day := kpi.Sum{Numerator: n(), NumeratorSubstitute: n(), IntervalS: 900, EnergyS: 1800, PeriodS: 86400}
				lines = append(lines, kpi.Line{Role: d.Numerator, Amount: day.Numerator, Substitute: day.NumeratorSubstitute, IntervalS: 900, EnergyS: 1800, PeriodS: 86400})
				if d.Denominator != 0 {
					day.Denominator, day.DenominatorSubstitute = n(), n()
					lines = append(lines, kpi.Line{Role: d.Denominator, Amount: day.Denominator, Substitute: day.DenominatorSubstitute, IntervalS: 900, EnergyS: 1800, PeriodS: 86400})
				}
				if d.Limit != 0 {
					day.Limit = n()
					lines = append(lines, kpi.Line{Role: d.Limit, Amount: day.Limit, IntervalS: 900, EnergyS: 1800, PeriodS: 86400})
				}
				whole.Add(day)
			}
			lines = append(lines, kpi.Line{Role: d.Numerator, Category: 3, Amount: 5}) // of another category
			if got := d.SumOf(lines, 0); got != whole {
				t.Fatalf("%s: %+v, want %+v", d.Name, got, whole)
			}
		}
	})
}

func TestWhatWasSoldIsNotGreenAndWhatWasBoughtIsAddedUp(t *testing.T) {
	t.Parallel()
	const mwh = 1_000_000_000
	for _, tt := range []struct {
		sentence string
		sum      kpi.Sum
		g        kpi.Guarantees
		green    energy.Amount
		used     energy.Amount
	}{
		{"guarantees of own generation were sold", kpi.Sum{Numerator: 10 * mwh, Denominator: 100 * mwh, Limit: 90 * mwh}, kpi.Guarantees{SoldMWh: 4}, 6 * mwh, 0},
		{"more than there was", kpi.Sum{Numerator: 10 * mwh, Denominator: 100 * mwh, Limit: 90 * mwh}, kpi.Guarantees{SoldMWh: 40}, 0, 0},
		{"certificates come to guarantees", kpi.Sum{Denominator: 100 * mwh, Limit: 90 * mwh}, kpi.Guarantees{MWh: 1, Wh: 2500}, mwh + 2_500_000, mwh + 2_500_000},
		{"nothing was consumed", kpi.Sum{Numerator: -5, Denominator: -7, Limit: -9}, kpi.Guarantees{MWh: 1}, 0, 0},
		{"no number is so great that it turns over", kpi.Sum{Denominator: math.MaxInt64, Limit: math.MaxInt64}, kpi.Guarantees{MWh: math.MaxInt64, Wh: math.MaxInt64}, math.MaxInt64 - 1, math.MaxInt64 - 1},
		{"not even one alone", kpi.Sum{Denominator: math.MaxInt64, Limit: math.MaxInt64}, kpi.Guarantees{MWh: math.MaxInt64}, math.MaxInt64 / 2, math.MaxInt64 / 2},
	} {
		if got, used := tt.sum.With(tt.g); got.Numerator != tt.green || used != tt.used {
			t.Errorf("%s: %d green, %d of it proven, want %d and %d", tt.sentence, got.Numerator, used, tt.green, tt.used)
		}
	}
}

func TestNotesNameOnlyGuaranteesThatThereAre(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		g    kpi.Guarantees
		want []string
	}{
		{kpi.Guarantees{}, []string{"guarantees_mwh=0"}},
		{kpi.Guarantees{MWh: 7, VoidMWh: 1, Wh: 1, SoldMWh: 1}, []string{"guarantees_mwh=7", "guarantees_void_mwh=1", "certificates_wh=1", "guarantees_sold_mwh=1"}},
	} {
		if got := tt.g.Notes(); !slices.Equal(got, tt.want) {
			t.Errorf("%+v is noted as %v, want %v", tt.g, got, tt.want)
		}
	}
	g := kpi.Guarantees{MWh: 1, VoidMWh: 2, Wh: 3, SoldMWh: 4}
	g.Add(kpi.Guarantees{MWh: 10, VoidMWh: 20, Wh: 30, SoldMWh: 40})
	if want := (kpi.Guarantees{MWh: 11, VoidMWh: 22, Wh: 33, SoldMWh: 44}); g != want {
		t.Errorf("of two months = %+v, want %+v", g, want)
	}
}

func TestCertificatesCountByTheirIntervals(t *testing.T) {
	t.Parallel()
	p := berlin.Day(june)
	profile := &registry.Profile{From: p.From.Add(-time.Hour), Minutes: 60, Wh: []int64{1000, 200, 30}}
	list := []evidence.Guarantee{
		{Evidence: registry.Evidence{Profile: profile}},
		{Evidence: registry.Evidence{Profile: profile}, Refusal: "not_cancelled"},
		{Evidence: registry.Evidence{}, MWh: 9},
		{Evidence: registry.Evidence{Profile: profile}},
	}
	if got, want := kpi.CertificatesIn(list, p), (kpi.Guarantees{Wh: 460}); got != want {
		t.Errorf("certificates of the day = %+v, want %+v", got, want)
	}
}
