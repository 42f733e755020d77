package closing_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

const hafen = energy.SiteID("hafen")

const registryYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    kind: data_centre
    operator: op
    meters:
      - id: hafen-main
        accuracy: {class: "0.5"}
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import}
          - {id: hafen/power, quantity: active_power, role: grid_import}
      - id: hafen-ups
        accuracy: {percent: 1.0}
        points:
          - {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/grid}
`

// world is everything from the intake to the figures, on a database of its own.
type world struct {
	store  *store.Store
	ledger *ledger.Ledger
	intake *intake.Intake
	closer *closing.Closer
	epoch  energy.Epoch
	sent   uint64
}

func newWorld(t *testing.T, yaml string) *world {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	w := &world{store: s, ledger: l, intake: intake.New(l, intake.Options{}), closer: closing.New(l, slog.New(slog.DiscardHandler)), epoch: energy.NewEpoch()}
	w.apply(t, yaml)
	return w
}

func (w *world) apply(t *testing.T, yaml string) {
	t.Helper()
	r, faults := registry.Load("registry.yaml", []byte(yaml))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := w.intake.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
}

func (w *world) deliver(t *testing.T, readings []energy.PointReading) {
	t.Helper()
	w.sent++
	b := energy.Batch{Site: hafen, Source: "test", Epoch: w.epoch, Lane: energy.Live, Sequence: w.sent, Readings: readings}
	if _, err := w.intake.Deliver(t.Context(), b); err != nil {
		t.Fatalf("deliver batch %d: %v", w.sent, err)
	}
}

func (w *world) close(t *testing.T) closing.Closed {
	t.Helper()
	closed, err := w.closer.Site(t.Context(), hafen)
	if err != nil {
		t.Fatalf("close: %v", err)
	}
	return closed
}

// derived is everything closing wrote, but for the fact numbers, which depend
// on how the readings were cut into batches.
type derived struct {
	Days     map[energy.PointID][]series.Day
	Spans    map[energy.PointID][]series.Span
	Balances []store.Balance
}

func (w *world) derived(t *testing.T, from, to energy.Date) derived {
	t.Helper()
	ctx, points := t.Context(), []energy.PointID{"hafen/grid", "hafen/power", "hafen/it"}
	days, _, err := w.store.Days(ctx, hafen, points, from, to)
	if err != nil {
		t.Fatalf("read days: %v", err)
	}
	spans, err := w.store.Spans(ctx, hafen, points, energy.Period{From: from.UTC(), To: to.UTC()})
	if err != nil {
		t.Fatalf("read spans: %v", err)
	}
	var balances []store.Balance
	for _, grain := range []store.Grain{store.GrainDay, store.GrainMonth} {
		rows, err := w.store.Balances(ctx, []energy.SiteID{hafen}, grain, energy.Date{Year: from.Year, Month: from.Month, Day: 1}, to)
		if err != nil {
			t.Fatalf("read balances: %v", err)
		}
		for _, row := range rows {
			row.Seq = 0
			balances = append(balances, row)
		}
	}
	return derived{days, spans, balances}
}

// plant gives two days of readings with a gap, a glitch and a lone late one.
func plant(from time.Time) []energy.PointReading {
	rnd := rand.New(rand.NewPCG(7, 7))
	var readings []energy.PointReading
	grid, it := int64(41_250_000), int64(9_000_000)
	for at := from; at.Before(from.Add(52 * time.Hour)); at = at.Add(7 * time.Minute) {
		grid += 100 + rnd.Int64N(50)
		it += 70 + rnd.Int64N(30)
		if hour := at.Sub(from).Hours(); hour > 20 && hour < 27 {
			continue // nobody read the meters, across midnight
		}
		value := grid
		if rnd.IntN(97) == 0 {
			value = 0 // a zero glitch
		}
		readings = append(readings,
			reading("hafen/grid", at, energy.Decimal(value, -1)),
			reading("hafen/it", at, energy.Float(float64(it)/10)),
			reading("hafen/power", at, energy.Float(float64(float32(100+rnd.Float64())))))
	}
	return readings
}

func reading(point energy.PointID, at time.Time, value energy.Value) energy.PointReading {
	return energy.PointReading{Point: point, Reading: energy.Reading{At: at, Value: value, Quality: energy.Measured}}
}

func TestAnyOrderBatchingAndDoublingGivesTheSameDays(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, 10, 25, 1, 3, 11, 0, time.UTC) // the clock is set back in the second night
	first, last := energy.Date{Year: 2025, Month: 10, Day: 24}, energy.Date{Year: 2025, Month: 10, Day: 29}
	readings := plant(from)

	inOrder := newWorld(t, registryYAML)
	inOrder.deliver(t, readings)
	inOrder.close(t)
	want := inOrder.derived(t, first, last)
	if len(want.Days["hafen/grid"]) == 0 || len(want.Spans["hafen/grid"]) == 0 || len(want.Balances) == 0 {
		t.Fatalf("the plant gave %d days, %d spans, %d balances: none of them may be empty", len(want.Days["hafen/grid"]), len(want.Spans["hafen/grid"]), len(want.Balances))
	}
	for seed := range uint64(3) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		shuffled := append([]energy.PointReading{}, readings...)
		rnd.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		w := newWorld(t, registryYAML)
		for len(shuffled) > 0 {
			n := min(len(shuffled), 1+rnd.IntN(200))
			w.deliver(t, shuffled[:n])
			if rnd.IntN(3) == 0 {
				w.deliver(t, shuffled[:1+rnd.IntN(n)]) // the same readings once more
			}
			if rnd.IntN(3) == 0 {
				w.close(t)
			}
			if rnd.IntN(4) == 0 {
				closed := w.close(t)
				if _, err := w.store.Seal(t.Context(), hafen, closed.Upto, from.Add(100*time.Hour)); err != nil {
					t.Fatalf("seal: %v", err)
				}
			}
			shuffled = shuffled[n:]
		}
		w.close(t)
		if got := w.derived(t, first, last); !reflect.DeepEqual(got, want) {
			t.Errorf("seed %d: days, spans or balances differ from those of the readings in order", seed)
		}
	}
}

func TestClockChangeDaysHave92And100QuarterHours(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		date     energy.Date
		quarters int
	}{
		{energy.Date{Year: 2025, Month: 3, Day: 30}, 92},
		{energy.Date{Year: 2025, Month: 10, Day: 26}, 100},
	} {
		w := newWorld(t, registryYAML)
		var readings []energy.PointReading
		from := tt.date.UTC().Add(-6 * time.Hour)
		for i := range int64(40 * 4) {
			at := from.Add(time.Duration(i) * energy.QuarterHour)
			readings = append(readings, reading("hafen/grid", at, energy.Decimal(15*i, -1)), reading("hafen/it", at, energy.Decimal(i, 0)))
		}
		w.deliver(t, readings)
		w.close(t)
		days, _, err := w.store.Days(t.Context(), hafen, []energy.PointID{"hafen/grid"}, tt.date, tt.date.AddDays(1))
		if err != nil || len(days["hafen/grid"]) != 1 {
			t.Fatalf("read the day %s: %v, %d days", tt.date, err, len(days["hafen/grid"]))
		}
		day := days["hafen/grid"][0]
		if len(day.Values) != tt.quarters || day.CoveredS != tt.quarters*900 || day.Total != energy.Amount(tt.quarters)*1_500_000 {
			t.Errorf("%s: %d quarter-hours, %d s covered, %d mWh, want %d quarter-hours of 1.5 kWh", tt.date, len(day.Values), day.CoveredS, day.Total, tt.quarters)
		}
		figures, _, err := w.ledger.Figures(t.Context(), hafen, tt.date.String(), time.Time{})
		if err != nil || len(figures) == 0 || figures[0].Name != "ipue" || figures[0].Value != 1.5 || figures[0].EnergyCoverage != 1 {
			t.Errorf("figures of %s = %+v, %v, want an iPUE of 1.5 with full coverage", tt.date, figures, err)
		}
	}
}

func TestALateReadingReopensItsDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, registryYAML)
	from := time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)
	all := plant(from)
	late := len(all) / 4
	w.deliver(t, append(append([]energy.PointReading{}, all[:late]...), all[late+60:]...))
	before := w.close(t)
	w.deliver(t, all[late:late+60])
	after := w.close(t)
	if after.Upto != before.Upto+1 || after.Days == 0 {
		t.Errorf("the late readings became fact %d and re-opened %d days, want fact %d and some days", after.Upto, after.Days, before.Upto+1)
	}
	if again := w.close(t); again.Days != 0 {
		t.Errorf("closing once more re-opened %d days, want none", again.Days)
	}
}

func TestWhatWasKnownEarlierIsAnsweredAsItWasKnown(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t, registryYAML)
	from := time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)
	w.deliver(t, plant(from))
	w.close(t)
	question := ledger.Question{Point: "hafen/grid", Period: energy.Period{From: from, To: from.Add(24 * time.Hour)}, Step: ledger.QuarterHour}
	before, err := w.ledger.Values(ctx, question)
	if err != nil {
		t.Fatalf("ask: %v", err)
	}
	figuresBefore, _, err := w.ledger.Figures(ctx, hafen, "2025-06-03", time.Time{})
	if err != nil {
		t.Fatalf("ask for figures: %v", err)
	}
	head, err := w.store.Head(ctx, hafen)
	if err != nil {
		t.Fatalf("read the head: %v", err)
	}
	rows := []intake.Row{{Number: 2, Point: "hafen/grid", At: from.Add(7 * time.Hour), Value: energy.Decimal(4_126_000, 0), Quality: energy.Measured}}
	receipt, err := w.intake.Submit(ctx, intake.Submission{Source: "office", Key: "k", Correction: "read again", Rows: rows})
	if err != nil || receipt.Accepted != 1 {
		t.Fatalf("correct a reading: %v, %+v", err, receipt)
	}
	w.close(t)
	now, err := w.ledger.Values(ctx, question)
	if err != nil {
		t.Fatalf("ask again: %v", err)
	}
	if reflect.DeepEqual(now.Values, before.Values) {
		t.Error("the correction changed nothing")
	}
	question.At = head.RecordedAt
	then, err := w.ledger.Values(ctx, question)
	if err != nil {
		t.Fatalf("ask as known earlier: %v", err)
	}
	if !reflect.DeepEqual(then.Values, before.Values) || then.Fact != before.Fact {
		t.Errorf("as known at fact %d the answer differs from the one given then", before.Fact)
	}
	figuresThen, _, err := w.ledger.Figures(ctx, hafen, "2025-06-03", head.RecordedAt)
	if err != nil || !reflect.DeepEqual(figuresThen, figuresBefore) {
		t.Errorf("figures as known earlier = %+v, %v, want %+v", figuresThen, err, figuresBefore)
	}
}

func TestAnotherZoneCutsTheDaysAnew(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)
	first, last := energy.Date{Year: 2025, Month: 6, Day: 1}, energy.Date{Year: 2025, Month: 6, Day: 8}
	abroad := strings.Replace(registryYAML, "Europe/Berlin", "America/New_York", 1)
	w := newWorld(t, registryYAML)
	w.deliver(t, plant(from))
	w.close(t)
	w.apply(t, abroad)
	w.close(t)
	want := newWorld(t, abroad)
	want.deliver(t, plant(from))
	want.close(t)
	if !reflect.DeepEqual(w.derived(t, first, last), want.derived(t, first, last)) {
		t.Error("days, spans or balances differ from those of a site that was always there")
	}
	if again := w.close(t); again.Days != 0 {
		t.Errorf("closing once more derived %d days, want none", again.Days)
	}
}

func TestAPointTakenOutOfTheRegistryLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)
	first, last := energy.Date{Year: 2025, Month: 6, Day: 1}, energy.Date{Year: 2025, Month: 6, Day: 8}
	bare := registryYAML[:strings.Index(registryYAML, "      - id: hafen-ups")]
	w := newWorld(t, registryYAML)
	w.deliver(t, plant(from))
	w.close(t)
	r, faults := registry.Load("registry.yaml", []byte(bare))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := w.intake.Apply(t.Context(), r, "test", true, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	w.close(t)
	got := w.derived(t, first, last)
	for _, b := range got.Balances {
		if b.Role == energy.ITLoad.Number() {
			t.Errorf("the balance of %s still has IT load", b.Period)
		}
	}
	if len(got.Days["hafen/it"]) != 0 || len(got.Spans["hafen/it"]) != 0 || len(got.Days["hafen/grid"]) == 0 {
		t.Errorf("%d days and %d spans of the point are left, %d days of another", len(got.Days["hafen/it"]), len(got.Spans["hafen/it"]), len(got.Days["hafen/grid"]))
	}
}
