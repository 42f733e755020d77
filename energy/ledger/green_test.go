package ledger_test

import (
	"log/slog"
	"math"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/commitment"
	"heatledger/energy/intake"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
)

// A centre with a gas engine, a tenant with a feed of its own, and a second
// feed from the grid in July. Of four papers only the first proves anything.
const mixedYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}, {id: other, name: Other}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    in_operation_since: 2019-03-01
    meters:
      - id: hafen-main
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import}
          - {id: hafen/canteen, quantity: active_energy_import, role: foreign_load, parent: hafen/grid}
          - {id: hafen/tenant, quantity: active_energy_import, role: foreign_load}
          - {id: hafen/second, quantity: active_energy_import, role: grid_import, from: 2025-07-01}
          - {id: hafen/roof, quantity: active_energy_export, role: onsite_renewable}
          - {id: hafen/engine, quantity: active_energy_export, role: onsite_fossil}
          - {id: hafen/diesel, quantity: active_energy_export, role: backup_generator}
    commitments:
      - {id: green, source: Contract, metric: green_share_annual, at_least: 30 %, per: calendar_year, from: 2024-01-01}
  - {id: west, name: West, operator: op}
evidence:
  - {id: good, kind: guarantee_of_origin, ids: "DE-0001..DE-0800", supplier: S, beneficiary: op, produced: 2025-03, supply_year: 2025, volume_mwh: 800, cancellation: {reference: C-1, on: 2025-10-11}, allocations: [{site: hafen, mwh: 800}]}
  - {id: others, kind: guarantee_of_origin, ids: "DE-1001..DE-1100", supplier: S, beneficiary: other, produced: 2025-03, supply_year: 2025, volume_mwh: 100, cancellation: {reference: C-2, on: 2025-10-11}, allocations: [{site: hafen, mwh: 100}]}
  - {id: unnumbered, kind: guarantee_of_origin, supplier: S, produced: 2025-03, supply_year: 2025, volume_mwh: 50, cancellation: {reference: C-3, on: 2025-10-11}, allocations: [{site: hafen, mwh: 50}]}
  - {id: undated, kind: guarantee_of_origin, ids: "DE-3001..DE-3025", supplier: S, supply_year: 2025, volume_mwh: 25, cancellation: {reference: C-4, on: 2025-10-11}, allocations: [{site: hafen, mwh: 25}]}
`

// twiceYAML came in before: it uses the first guarantees of hafen's.
const twiceYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}, {id: other, name: Other}]
sites:
  - {id: west, name: West, operator: op}
evidence:
  - {id: twice, kind: guarantee_of_origin, ids: "DE-0701..DE-0900", supplier: S, produced: 2025-03, supply_year: 2025, volume_mwh: 200, cancellation: {reference: C-5, on: 2025-09-01}, allocations: [{site: west, mwh: 200}]}
`

func TestTheVerdictOnGreenElectricityIsThatOfTheFigure(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	apply := func(yaml string) {
		t.Helper()
		r, faults := registry.Load("registry.yaml", []byte(yaml))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
			t.Fatal(err)
		}
	}
	apply(mixedYAML)
	berlin, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var readings []energy.PointReading
	for month := time.January; month <= 13; month++ {
		at := berlin.Month(2025, month).From
		hours := at.Sub(berlin.Year(2025).From).Hours()
		for point, kwh := range map[energy.PointID]float64{"hafen/grid": 100, "hafen/canteen": 4, "hafen/tenant": 150, "hafen/second": 60, "hafen/roof": 6, "hafen/engine": 90, "hafen/diesel": 1} {
			if point == "hafen/second" && month < time.July {
				continue
			}
			readings = append(readings, energy.PointReading{Point: point, Reading: energy.Reading{At: at, Value: energy.Decimal(int64(kwh*hours), 0), Quality: energy.Measured}})
		}
	}
	if _, err := in.Deliver(t.Context(), energy.Batch{Site: "hafen", Source: "test", Epoch: energy.NewEpoch(), Lane: energy.Live, Sequence: 1, Readings: readings}); err != nil {
		t.Fatal(err)
	}
	if err := closing.New(l, slog.New(slog.DiscardHandler)).All(t.Context()); err != nil {
		t.Fatal(err)
	}
	both := func() (kpi.Figure, commitment.Assessment) {
		t.Helper()
		figures, _, err := l.Figures(t.Context(), "hafen", "2025", time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := l.Assess(t.Context(), "hafen", energy.Date{Year: 2026, Month: time.November, Day: 22}, "")
		if err != nil {
			t.Fatal(err)
		}
		f := slices.IndexFunc(figures, func(f kpi.Figure) bool { return f.Name == kpi.GreenShareAnnual })
		a := slices.IndexFunc(list, func(a commitment.Assessment) bool { return a.Period.Label == "2025" })
		if f < 0 || a < 0 {
			t.Fatalf("figures %+v, assessments %+v: want the green share of 2025 in both", figures, list)
		}
		return figures[f], list[a]
	}
	// 193 kWh/h all year, and 60 more in the second half.
	load := 193*8760 + 60*berlin.Year(2025).To.Sub(berlin.Month(2025, time.July).From).Hours()
	own := 6.0 * 8760
	for _, tt := range []struct {
		state   string
		proven  float64
		verdict commitment.Verdict
	}{
		{"one paper counts", 800_000, commitment.Met},
		{"that one was used elsewhere before", 0, commitment.Missed},
	} {
		if tt.proven == 0 {
			apply(twiceYAML)
		}
		f, a := both()
		if want := (own + tt.proven) / load; math.Abs(f.Value-want) > 1e-9 || f.EnergyCoverage != 1 {
			t.Errorf("%s: the figure is %v with coverage %v, want %v with all", tt.state, f.Value, f.EnergyCoverage, want)
		}
		if a.Verdict != tt.verdict || a.Value.Number != f.Value || a.EnergyCoverage.Number != f.EnergyCoverage {
			t.Errorf("%s: judged %s (%s) with %v and coverage %v, want %s with %v and %v",
				tt.state, a.Verdict, a.Reason, a.Value, a.EnergyCoverage, tt.verdict, f.Value, f.EnergyCoverage)
		}
	}
}
