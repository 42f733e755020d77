package closing_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/proof"
	"heatledger/energy/store"
)

// patchedYAML has a point of each kind whose days are closed: a counter and the
// power that gives it its shape, a counter that was exchanged and set back in the
// night, amounts and means of intervals, a level, a counter that asks for
// substitute values, and what is calculated of two of them.
const patchedYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    kind: data_centre
    operator: op
    meters:
      - id: hafen-grid
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import, resolution: 0.2 kWh}
          - {id: hafen/grid-power, quantity: active_power, role: grid_import}
      - id: hafen-ups
        points:
          - {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1}
          - {id: hafen/profile, quantity: active_energy_import, series: interval, use: info}
          - {id: hafen/mean, quantity: active_power, series: mean, use: info}
          - {id: hafen/outdoor, quantity: temperature, use: info}
      - id: hafen-pump
        points:
          - {id: hafen/pump, quantity: active_energy_import, role: cooling, substitute: {methods: [interpolation], reason: communication_fault}}
          - {id: hafen/both, quantity: active_energy_import, use: info, formula: hafen/it + hafen/pump}
    events:
      - {kind: meter_exchange, meter: hafen-ups, points: [hafen/it], at: 2025-10-25T18:10:00Z, old: {final: {hafen/it: 900.5 kWh}}, new: {start: {hafen/it: 3 kWh}, factor: 2}, reason: calibration}
      - {kind: confirmed_reset, meter: hafen-ups, points: [hafen/it], at: 2025-10-26T03:40:00Z, reason: set back at the change of the clock}
`

// deliveries are what arrives between two closings of a site.
type deliveries struct {
	batches [][]energy.PointReading
	rows    []intake.Row // corrections and withdrawals
	second  bool         // another process closes
}

// hours are a day and a half of a site, whose clock is set back in its night, as
// it arrives hour by hour: readings that are missing, wrong, doubled or late.
func hours(t *rapid.T) []deliveries {
	points := []energy.PointID{"hafen/grid", "hafen/grid-power", "hafen/it", "hafen/profile", "hafen/mean", "hafen/outdoor", "hafen/pump"}
	steps, levels := map[energy.PointID]time.Duration{}, map[energy.PointID]int64{}
	from := time.Date(2025, 10, 25, 17, 0, 0, 0, time.UTC)
	next := map[energy.PointID]time.Time{}
	for _, id := range points {
		steps[id] = rapid.SampledFrom([]time.Duration{7 * time.Minute, energy.QuarterHour, energy.QuarterHour, 35*time.Minute + time.Second, 2 * time.Hour}).Draw(t, "step")
		levels[id], next[id] = rapid.Int64Range(0, 5000).Draw(t, "level"), from.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "phase"))*time.Second)
	}
	var all []deliveries
	var late []energy.PointReading
	known := map[energy.PointID][]energy.Reading{}
	for at := from; at.Before(from.Add(34 * time.Hour)); {
		at = at.Add(rapid.SampledFrom([]time.Duration{energy.QuarterHour, time.Hour, time.Hour, time.Hour, 3 * time.Hour, 9 * time.Hour}).Draw(t, "closed after"))
		var now []energy.PointReading
		for _, id := range points {
			dead := rapid.IntRange(0, 9).Draw(t, "line") == 0
			for ; next[id].Before(at); next[id] = next[id].Add(steps[id]) {
				levels[id] += rapid.Int64Range(0, 900).Draw(t, "rise")
				r := energy.Reading{At: next[id], Value: energy.Decimal(levels[id], -2), Quality: energy.Measured}
				if id == "hafen/profile" || id == "hafen/mean" {
					r.Length = steps[id]
				}
				event := rapid.IntRange(0, 39).Draw(t, "event")
				switch event {
				case 0:
					r.Value = energy.Decimal(0, 0)
				case 1:
					levels[id] /= 3
				case 2:
					r.Quality = rapid.SampledFrom([]energy.Quality{energy.Suspect, energy.Substitute, energy.Calculated, energy.Missing}).Draw(t, "quality")
				}
				one := energy.PointReading{Point: id, Reading: r}
				switch {
				case dead || event == 3:
				case event < 7:
					late = append(late, one)
				default:
					now = append(now, one)
					known[id] = append(known[id], r)
				}
			}
		}
		d := deliveries{second: rapid.IntRange(0, 3).Draw(t, "closer") == 0}
		if len(late) > 0 && rapid.Bool().Draw(t, "late ones come") {
			now, late = append(late, now...), nil
		}
		for len(now) > 0 {
			n := rapid.IntRange(1, len(now)).Draw(t, "batch")
			d.batches = append(d.batches, now[:n])
			if rapid.IntRange(0, 3).Draw(t, "twice") == 0 {
				d.batches = append(d.batches, now[:n])
			}
			now = now[n:]
		}
		if id := rapid.SampledFrom(points).Draw(t, "corrected"); len(known[id]) > 0 && rapid.IntRange(0, 3).Draw(t, "correction") == 0 {
			r := rapid.SampledFrom(known[id]).Draw(t, "of")
			row := intake.Row{Number: 1, Point: id, At: r.At, Length: r.Length, Value: r.Value, Quality: energy.Measured}
			if row.Absent = rapid.Bool().Draw(t, "withdrawn"); !row.Absent {
				row.Value = energy.Decimal(rapid.Int64Range(0, 60_000).Draw(t, "read again"), -2)
			} else {
				row.Quality = energy.Missing
			}
			d.rows = append(d.rows, row)
		}
		all = append(all, d)
	}
	return all
}

// TestIncrementsGiveWhatDerivingAnewGives closes a site hour by hour, by two
// closers that both keep days on their shelves, and derives everything anew from
// the facts: not a row of days, spans and balances may differ.
func TestIncrementsGiveWhatDerivingAnewGives(t *testing.T) {
	t.Parallel()
	const tries = 8 // each a database's worth of facts; more of them by another range of seeds
	for seed := range tries {
		w := newWorld(t, patchedYAML[:strings.Index(patchedYAML, "    events:")])
		second := closing.New(w.ledger, slog.New(slog.DiscardHandler))
		for n, d := range rapid.Custom(hours).Example(seed) {
			if n == 2 {
				w.apply(t, patchedYAML) // of what befell the meters the office hears later
			}
			for _, batch := range d.batches {
				w.deliver(t, batch)
			}
			for i, row := range d.rows {
				w.correct(t, fmt.Sprint(n, i), row)
			}
			closer := w.closer
			if d.second {
				closer = second
			}
			if _, err := closer.Site(t.Context(), hafen); err != nil {
				t.Fatalf("seed %d, round %d: %v", seed, n, err)
			}
			if n%3 == 2 {
				w.unchanged(t, fmt.Sprintf("seed %d, round %d", seed, n))
			}
		}
		w.unchanged(t, fmt.Sprintf("seed %d, in the end", seed))
	}
}

// correct hands in a correction; one of nothing known is not taken.
func (w *world) correct(t *testing.T, key string, row intake.Row) {
	t.Helper()
	_, err := w.intake.Submit(t.Context(), intake.Submission{Source: "office", Key: key, Correction: "read again", Rows: []intake.Row{row}})
	if err != nil {
		t.Fatalf("correct %s at %s: %v", row.Point, row.At, err)
	}
}

// unchanged derives everything anew and compares.
func (w *world) unchanged(t *testing.T, when string) {
	t.Helper()
	found, err := w.closer.Check(t.Context(), hafen)
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	for _, f := range found {
		t.Errorf("%s: %s of %s %s is %s", when, f.Table, f.Point, f.What, f.Verdict)
	}
	if len(found) > 0 {
		t.FailNow()
	}
}

func TestARowThatWasTamperedWithIsFoundAfterIncrementsToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, registryYAML)
	from := time.Date(2025, 6, 3, 4, 0, 0, 0, time.UTC)
	at := func(q int) []energy.PointReading {
		return []energy.PointReading{reading("hafen/grid", from.Add(time.Duration(q)*energy.QuarterHour), energy.Decimal(int64(q)*25, -1))}
	}
	for q := range 20 {
		w.deliver(t, at(q))
	}
	w.close(t)
	w.deliver(t, at(20))
	w.close(t) // the day is on the shelf from here
	date := energy.Date{Year: 2025, Month: 6, Day: 3}
	busy, err := w.store.Closing(t.Context(), hafen, store.JobClosing, func(ctx context.Context, c *store.Closing) error {
		days, err := c.Days(ctx, []energy.PointID{"hafen/grid"}, date, date.AddDays(1))
		if err != nil {
			return err
		}
		days["hafen/grid"][0].Values[30]++
		return c.PutDays(ctx, days, closing.Method)
	})
	if busy || err != nil {
		t.Fatal(busy, err)
	}
	w.deliver(t, at(21))
	w.close(t)
	found, err := w.closer.Check(t.Context(), hafen)
	if err != nil || len(found) != 1 || found[0].Verdict != proof.Tampered || !strings.Contains(found[0].What, date.String()) {
		t.Errorf("found %+v, %v; the day %s as tampered with is expected", found, err, date)
	}
}

// TestAShapeThatIsNotAskedForAnyMoreGoesFromTheWholeDay lets a coarse counter run
// slowly, so that its morning has the shape of its power, and then so fast that
// the day as a whole is fine enough: hours that no new reading reaches change.
func TestAShapeThatIsNotAskedForAnyMoreGoesFromTheWholeDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shapedYAML)
	from, date := time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC), energy.Date{Year: 2025, Month: 6, Day: 3}
	var kwh int64
	hour := func(kw int64) energy.Quality {
		t.Helper()
		var readings []energy.PointReading
		for range 4 {
			from, kwh = from.Add(energy.QuarterHour), kwh+kw/4
			readings = append(readings, reading("hafen/heat", from, energy.Decimal(kwh/100*100, 0)), reading("hafen/heat-power", from, energy.Decimal(kw, 0)))
		}
		w.deliver(t, readings)
		w.close(t)
		w.unchanged(t, from.String())
		days, _, err := w.store.Days(t.Context(), hafen, []energy.PointID{"hafen/heat"}, date, date.AddDays(1))
		if err != nil {
			t.Fatal(err)
		}
		return days["hafen/heat"][0].Quality[2]
	}
	for range 5 {
		hour(40)
	}
	if slow := hour(40); slow != energy.Calculated {
		t.Fatalf("the first hour of a slow day is %s, want it to have the shape of its power", slow)
	}
	if fast := hour(200_000); fast != energy.Measured {
		t.Errorf("the first hour of a fast day is %s, want what the counter measured", fast)
	}
}
