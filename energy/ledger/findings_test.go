package ledger_test

import (
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
)

// codes counts findings by code and place.
func codes(found ledger.Findings) map[string]int {
	counts := map[string]int{}
	for _, f := range found.List {
		counts[string(f.Code)+" "+string(f.Point)]++
	}
	return counts
}

func TestFindingsAreThoseOfTheTimeTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	ctx, l := t.Context(), year(t)
	period := energy.Period{From: time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC), To: time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC)}
	first, err := l.Findings(ctx, "hafen", period, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	// Sensors that never move, and 14 of 136 kWh an hour that no meter below the
	// feeds shows; the batches held hours of all points, in order.
	want := map[string]int{"level_frozen hafen/flow": 1, "level_frozen hafen/return": 1, "remainder ": 12}
	if got := codes(first); !reflect.DeepEqual(got, want) {
		t.Errorf("findings of an even year: %v, want %v", got, want)
	}
	if len(first.Balances) != 12 {
		t.Fatalf("%d balances, want one a month", len(first.Balances))
	}
	january := first.Balances[0]
	if january.Parent != "" || january.Entered() != (120+20-4)*744e6 || january.Measured() != (100+16+6)*744e6 || january.Residual() != 14*744e6 || !january.OK {
		t.Errorf("balance of January: %+v", january)
	}
	before := time.Now()
	time.Sleep(5 * time.Millisecond)
	again := energy.Batch{Site: "hafen", Source: "another", Epoch: energy.NewEpoch(), Lane: energy.Backlog, Sequence: 1, Readings: []energy.PointReading{
		{Point: "hafen/it", Reading: energy.Reading{At: period.From.Add(time.Hour), Value: energy.Decimal(100, 0), Quality: energy.Measured}}}}
	if _, err := intake.New(l, intake.Options{}).Deliver(ctx, again); err != nil {
		t.Fatal(err)
	}
	if _, err := closing.New(l, slog.New(slog.DiscardHandler)).Site(ctx, "hafen"); err != nil {
		t.Fatal(err)
	}
	now, err := l.Findings(ctx, "hafen", period, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if got := codes(now); got["read_twice hafen/it"] != 1 || now.Fact <= first.Fact {
		t.Errorf("after a second source: %v as of fact %d", got, now.Fact)
	}
	then, err := l.Findings(ctx, "hafen", period, before)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(then.List, first.List) || !reflect.DeepEqual(then.Balances, first.Balances) {
		t.Errorf("as known then: %v, want what was found then: %v", codes(then), codes(first))
	}
	if _, err := l.Findings(ctx, "nowhere", period, time.Time{}); err == nil {
		t.Error("a site that is not there has findings")
	}
}

// TestFindingsOfADayAreThoseOfTheYearInIt: the period is widened to local days.
func TestFindingsOfADayAreThoseOfTheYearInIt(t *testing.T) {
	t.Parallel()
	l := year(t)
	day := energy.Period{From: time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC), To: time.Date(2025, 6, 3, 22, 0, 0, 0, time.UTC)}
	found, err := l.Findings(t.Context(), "hafen", energy.Period{From: day.From.Add(time.Hour), To: day.From.Add(2 * time.Hour)}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if found.Period != day || len(found.List) != 0 || len(found.Balances) != 0 {
		t.Errorf("one day: %+v; want the whole local day, and nothing that takes longer to see", found)
	}
}

// BenchmarkFindings asks for a year of twenty points in quarter-hours, read from
// the database.
func BenchmarkFindings(b *testing.B) {
	s := storetest.New(b)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	yaml := "municipality: {ags: \"06413000\", name: Offenbach am Main, timezone: Europe/Berlin}\nsites:\n  - id: hafen\n    name: Hafen\n    connected_load_kw: 4000\n    meters:\n" +
		"      - {id: main, points: [{id: hafen/p0, quantity: active_energy_import, role: grid_import}]}\n"
	for i := 1; i < 20; i++ {
		yaml += fmt.Sprintf("      - {id: m%d, points: [{id: hafen/p%d, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/p0}]}\n", i, i)
	}
	r, faults := registry.Load("registry.yaml", []byte(yaml))
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	if _, err := in.Apply(b.Context(), r, "test", false, false); err != nil {
		b.Fatal(err)
	}
	from := time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC)
	var readings []energy.PointReading
	for i := range int64(365 * 96) {
		for p := range int64(20) {
			each := 1000*i + (i*i*7919+p*104729)%900
			if p == 0 {
				each *= 20
			}
			readings = append(readings, energy.PointReading{Point: energy.PointID(fmt.Sprintf("hafen/p%d", p)),
				Reading: energy.Reading{At: from.Add(time.Duration(i) * energy.QuarterHour), Value: energy.Decimal(each, -2), Quality: energy.Measured}})
		}
	}
	epoch, sequence := energy.NewEpoch(), uint64(0)
	for part := range slices.Chunk(readings, 96*20) {
		sequence++
		if _, err := in.Deliver(b.Context(), energy.Batch{Site: "hafen", Source: "test", Epoch: epoch, Lane: energy.Backlog, Sequence: sequence, Readings: part}); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := closing.New(l, slog.New(slog.DiscardHandler)).Site(b.Context(), "hafen"); err != nil {
		b.Fatal(err)
	}
	period := energy.Period{From: from, To: from.AddDate(1, 0, 0)}
	for b.Loop() {
		if _, err := l.Findings(b.Context(), "hafen", period, time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
}
