package ledger_test

import (
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
)

const registryYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    meters:
      - id: hafen-main
        accuracy: {class: "0.5"}
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import}
          - {id: hafen/export, quantity: active_energy_export, role: grid_export}
          - {id: hafen/canteen, quantity: active_energy_import, role: foreign_load, parent: hafen/grid}
      - id: hafen-roof
        accuracy: {class: "1"}
        points:
          - {id: hafen/pv, quantity: active_energy_export, role: onsite_renewable}
      - id: hafen-ups
        accuracy: {percent: 1.0}
        points:
          - {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/grid}
      - id: hafen-cooling
        accuracy: {percent: 1.0}
        points:
          - {id: hafen/cooling, quantity: active_energy_import, role: cooling, parent: hafen/grid}
          - {id: hafen/removed, quantity: heat_energy, role: heat_removed}
          - {id: hafen/water, quantity: water_volume, role: water_in}
      - id: hafen-heat
        accuracy: {class: "2", qp: 60, delta_theta_min: 3}
        points:
          - {id: hafen/heat, quantity: heat_energy, role: heat_delivered}
          - {id: hafen/flow, quantity: flow_temperature, role: heat_delivered}
          - {id: hafen/return, quantity: return_temperature, role: heat_delivered}
evidence:
  - {id: march, kind: guarantee_of_origin, ids: "DE-0001..DE-0300", supplier: Supplier, produced: 2025-03, supply_year: 2025, volume_mwh: 300, cancellation: {reference: C-1, on: 2026-02-11}, allocations: [{site: hafen, mwh: 300}]}
  - {id: july, kind: guarantee_of_origin, ids: "DE-0301..DE-0550", supplier: Supplier, produced: 2025-07, supply_year: 2025, volume_mwh: 250, cancellation: {reference: C-2, on: 2026-02-11}, allocations: [{site: hafen, mwh: 200}]}
  - {id: late, kind: guarantee_of_origin, ids: "DE-0551..DE-0650", supplier: Supplier, produced: 2025-01, supply_year: 2025, volume_mwh: 100, cancellation: {reference: C-3, on: 2026-08-01}, allocations: [{site: hafen, mwh: 100}]}
`

// hourly is what each counter of the plant counts in an hour, in kWh and m³.
// E_DC and the electricity consumed are 130 kWh/h, 114 of them from the grid.
func hourly() map[energy.PointID]int64 {
	return map[energy.PointID]int64{"hafen/grid": 120, "hafen/export": 4, "hafen/canteen": 6, "hafen/pv": 20,
		"hafen/it": 100, "hafen/cooling": 16, "hafen/removed": 96, "hafen/water": 1, "hafen/heat": 26}
}

// year is a ledger over a database with a plant that ran evenly all of 2025.
func year(t testing.TB) *ledger.Ledger {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	from := time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC)
	var readings []energy.PointReading
	for hour := range int64(8761) {
		at := from.Add(time.Duration(hour) * time.Hour)
		for point, amount := range hourly() {
			readings = append(readings, energy.PointReading{Point: point, Reading: energy.Reading{At: at, Value: energy.Decimal(amount*hour, 0), Quality: energy.Measured}})
		}
		for point, tenths := range map[energy.PointID]int64{"hafen/flow": 455, "hafen/return": 395} {
			readings = append(readings, energy.PointReading{Point: point, Reading: energy.Reading{At: at, Value: energy.Decimal(tenths, -1), Quality: energy.Measured}})
		}
	}
	epoch := energy.NewEpoch()
	sequence := uint64(0)
	for part := range slices.Chunk(readings, 20_000) {
		sequence++
		if _, err := in.Deliver(t.Context(), energy.Batch{Site: "hafen", Source: "test", Epoch: epoch, Lane: energy.Backlog, Sequence: sequence, Readings: part}); err != nil {
			t.Fatalf("deliver: %v", err)
		}
	}
	if _, err := closing.New(l, slog.New(slog.DiscardHandler)).Site(t.Context(), "hafen"); err != nil {
		t.Fatalf("close: %v", err)
	}
	return l
}

func TestTheFiguresOfAYearAreThoseReckonedByHand(t *testing.T) {
	t.Parallel()
	ctx, l := t.Context(), year(t)
	want := map[string]float64{
		"pue": 1.3, "pue_enefg": 1.3, "erf": 0.2, "ere": 1.04, "cer": 6, "wue_1": 10,
		"ref":                             (140.16 + 500) / 1138.8,
		"green_share_annual":              (140.16 + 500) / 1138.8, // 16 kWh/h of its own, 500 MWh proven
		"green_share_monthly":             (140.16 + 114*0.743 + 114*0.744) / 1138.8,
		"green_share_hourly":              140.16 / 1138.8,
		"heat_delivered":                  26 * 8760,
		"heat_delivered_flow_temperature": 45.5, "heat_delivered_return_temperature": 39.5,
		"full_load_hours": 8760,
	}
	figures, _, err := l.Figures(ctx, "hafen", "2025", time.Time{})
	if err != nil {
		t.Fatalf("ask for the figures: %v", err)
	}
	given := map[string]kpi.Figure{}
	for _, f := range figures {
		given[f.Name] = f
	}
	for name, value := range want {
		f, ok := given[name]
		if !ok || !f.OK || math.Abs(f.Value-value) > 1e-9*value || f.EnergyCoverage != 1 || f.SubstituteShare != 0 {
			t.Errorf("%s = %+v, want %v with full coverage", name, f, value)
		}
	}
	if f := given["cue_location"]; f.Value < 0.2 || f.Value > 0.4 || !slices.Equal(f.Notes[:2], []string{"grid_year=2024", "grid_moved_by_weekday_from=2024"}) {
		t.Errorf("CUE = %+v, want that of hours of 2024, the first measured, the others moved", f)
	}
	if f := given["grid_renewable_share"]; f.Value < 0.5 || f.Value > 0.7 {
		t.Errorf("renewable share of the grid = %+v", f)
	}
	if f := given["green_share_annual"]; !slices.Equal(f.Notes, []string{"guarantees_mwh=500", "guarantees_void_mwh=100", "evidence_final_since=2026-07-01"}) || !f.HasUncertainty {
		t.Errorf("annual green share = %+v, want the guarantees named, and an uncertainty", f)
	}
	running, _, err := l.Figures(ctx, "hafen", strconv.Itoa(time.Now().Year()), time.Time{})
	open := func(f kpi.Figure) bool {
		return f.Name == "green_share_annual" && slices.Contains(f.Notes, fmt.Sprintf("evidence_provisional_until=%d-07-01", time.Now().Year()+1))
	}
	if err != nil || !slices.ContainsFunc(running, open) {
		t.Errorf("the green share of the running year = %+v, %v, want it provisional", running, err)
	}
	const flow = 2 + 0.02*60/(26/(1.16*6)) // per cent at the mean flow
	if f := given["heat_delivered"]; math.Abs(f.Uncertainty-2*(flow+2+1)/100/math.Sqrt(3)) > 1e-12 {
		t.Errorf("uncertainty of the heat = %v, want 2 · %v %%/√3: class 2 at 6 K", f.Uncertainty, flow+2+1)
	}
}

func TestFiguresOfAnyDaysAgreeWithThoseOfThePeriodAndAsKnownEarlier(t *testing.T) {
	t.Parallel()
	ctx, l := t.Context(), year(t)
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	figures, _, err := l.Figures(ctx, "hafen", "2025-03", time.Time{})
	if err != nil {
		t.Fatalf("ask for the figures: %v", err)
	}
	names := map[string]bool{}
	for _, f := range figures {
		names[f.Name] = true
		one, ok, err := l.Metric(ctx, "hafen", f.Name, calendar.Month(2025, time.March), time.Time{})
		if err != nil || !ok || !reflect.DeepEqual(one, f) {
			t.Errorf("%s alone = %+v, %v, %v, want %+v", f.Name, one, ok, err, f)
		}
	}
	if !names["ipue"] || names["pue"] || !names["green_share_monthly"] || names["green_share_annual"] || names["ref"] {
		t.Errorf("the figures of a month are %v, want an interim PUE, a monthly share, and nothing that needs a year", names)
	}
	then, _, err := l.Figures(ctx, "hafen", "2025-03", time.Now().Add(time.Second))
	if err != nil || !reflect.DeepEqual(then, figures) {
		t.Errorf("derived anew the figures are %+v, %v, want %+v", then, err, figures)
	}
	// The first hundred days: 300 MWh proven of what was used so far.
	to := energy.Date{Year: 2025, Month: 1, Day: 1}.AddDays(100)
	part := energy.Period{From: calendar.Year(2025).From, To: calendar.Day(to).From}
	hours := part.Length().Hours()
	f, ok, err := l.Metric(ctx, "hafen", "green_share_annual", part, time.Time{})
	if want := (16*hours + min(500_000, 114*hours)) / (130 * hours); err != nil || !ok || math.Abs(f.Value-want) > 1e-9 {
		t.Errorf("green share of a hundred days = %+v, %v, want %v", f, err, want)
	}
	for _, metric := range []string{"heat_rejected", "ppue", "nonsense"} {
		if f, ok, err := l.Metric(ctx, "hafen", metric, part, time.Time{}); ok || err != nil {
			t.Errorf("%s = %+v, %v, want none", metric, f, err)
		}
	}
}

func BenchmarkFiguresOfAYear(b *testing.B) {
	l := year(b)
	for b.Loop() {
		if _, _, err := l.Figures(b.Context(), "hafen", "2025", time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMetricOfAYear(b *testing.B) {
	l := year(b)
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := l.Metric(b.Context(), "hafen", "erf", calendar.Year(2025), time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
}
