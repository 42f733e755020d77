package intake_test

import (
	"iter"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store/storetest"
)

const backfillRegistry = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    meters:
      - id: hafen-main
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import}
          - {id: hafen/power, quantity: active_power, role: grid_import}
`

// quarters are readings of every quarter-hour of a period whose counter rises by step.
func quarters(from string, count int, first, step int64) []energy.Reading {
	at, err := time.Parse(time.RFC3339, from)
	if err != nil {
		panic(err)
	}
	readings := make([]energy.Reading, count)
	for i := range readings {
		readings[i] = energy.Reading{At: at.Add(time.Duration(i) * energy.QuarterHour), Value: energy.Decimal(first+int64(i)*step, -1), Quality: energy.Measured}
	}
	return readings
}

// one is a single point with its readings.
func one(point energy.PointID, readings []energy.Reading) iter.Seq2[energy.PointID, iter.Seq[energy.Reading]] {
	return func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) { yield(point, slices.Values(readings)) }
}

func TestBackfillTellsWhatIsNewFromWhatIsKnown(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	told := 0
	now := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	in := intake.New(l, intake.Options{Now: func() time.Time { return now }, Taken: func(energy.SiteID) { told++ }})
	r, faults := registry.Load("registry.yaml", []byte(backfillRegistry))
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	told = 0
	for _, row := range []struct {
		sentence string
		readings []energy.Reading
		want     intake.Backfilled
		told     int
	}{
		{"two months over the turn of the year", quarters("2025-12-01T00:00:00Z", 5952, 0, 3), intake.Backfilled{Accepted: 5952}, 1},
		{"the same again", quarters("2025-12-01T00:00:00Z", 5952, 0, 3), intake.Backfilled{Duplicate: 5952}, 1},
		{"and a little more than before", quarters("2026-01-31T12:00:00Z", 96, 17712, 3), intake.Backfilled{Accepted: 48, Duplicate: 48}, 2},
		{"what contradicts is left out", quarters("2026-01-01T00:00:00Z", 4, 7, 1), intake.Backfilled{Kept: 4}, 2},
		{"nothing at all", nil, intake.Backfilled{}, 2},
	} {
		got, err := in.Backfill(t.Context(), "history", "hafen", one("hafen/grid", row.readings))
		if err != nil || got != row.want || told != row.told {
			t.Errorf("%s: %+v, %v, told %d times; want %+v, %d", row.sentence, got, err, told, row.want, row.told)
		}
	}
	whole := energy.Period{From: now.AddDate(-1, 0, 0), To: now}
	runs, err := s.Runs(t.Context(), "hafen", []energy.PointID{"hafen/grid"}, whole, 1<<62)
	if err != nil {
		t.Fatal(err)
	}
	want := quarters("2025-12-01T00:00:00Z", 6000, 0, 3)
	if got := series.Visible(runs["hafen/grid"], 1<<62); !slices.EqualFunc(got, want, energy.Reading.Same) {
		t.Errorf("%d readings are known, want the %d that were brought in", len(got), len(want))
	}
}

func TestBackfillRefusesWhatItCannotTakeWhole(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	now := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	in := intake.New(ledger.New(s, "Europe/Berlin"), intake.Options{Now: func() time.Time { return now }})
	r, faults := registry.Load("registry.yaml", []byte(backfillRegistry))
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	good := quarters("2026-01-01T00:00:00Z", 3, 0, 1)
	mean := slices.Clone(good)
	mean[1].Length = energy.QuarterHour
	for _, row := range []struct {
		sentence string
		point    energy.PointID
		readings []energy.Reading
	}{
		{"a point the registry does not know", "hafen/gird", good},
		{"a point of another site", "kaiserlei/grid", good},
		{"readings that go back in time", "hafen/grid", []energy.Reading{good[1], good[0]}},
		{"the same instant twice", "hafen/grid", []energy.Reading{good[1], good[1]}},
		{"readings that have not come yet", "hafen/grid", quarters("2026-03-01T01:00:00Z", 2, 0, 1)},
		{"a mean of an interval", "hafen/grid", mean},
		{"a value beyond what can be counted", "hafen/grid", []energy.Reading{{At: good[0].At, Value: energy.Decimal(1, 60), Quality: energy.Measured}}},
	} {
		if done, err := in.Backfill(t.Context(), "history", "hafen", one(row.point, row.readings)); err == nil || done.Accepted != 0 {
			t.Errorf("%s: %+v, %v; want an error", row.sentence, done, err)
		}
	}
}
