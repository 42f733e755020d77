package intake_test

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
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
        points: [{id: hafen/grid, quantity: active_energy_import, role: grid_import}]
`

// door is an intake on a database of its own.
type door struct {
	*intake.Intake
	store  *store.Store
	ledger *ledger.Ledger
}

func newDoor(t *testing.T) *door {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	d := &door{Intake: intake.New(l, intake.Options{}), store: s, ledger: l}
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := d.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	return d
}

var begin = time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)

// rows are readings of hafen/grid, one an hour.
func rows(values ...int64) []intake.Row {
	list := make([]intake.Row, len(values))
	for i, v := range values {
		list[i] = intake.Row{Number: i + 2, Point: "hafen/grid", At: begin.Add(time.Duration(i) * time.Hour), Value: energy.Decimal(v, 0), Quality: energy.Measured}
	}
	return list
}

// submit hands in; key stands for both the key and what the body says.
func (d *door) submit(t *testing.T, key, correction string, replaces energy.Period, list []intake.Row) intake.Receipt {
	t.Helper()
	receipt, err := d.Submit(t.Context(), intake.Submission{Source: "office", Key: key, Digest: sha256.Sum256([]byte(key)),
		Correction: correction, Replaces: replaces, Partial: true, Rows: list})
	if err != nil {
		t.Fatalf("hand in %s: %v", key, err)
	}
	return receipt
}

// values are what is known of hafen/grid, hour by hour; -1 is nothing.
func (d *door) values(t *testing.T, hours int) []float64 {
	t.Helper()
	answer, err := d.ledger.Values(t.Context(), ledger.Question{Point: "hafen/grid", Step: ledger.Raw,
		Period: energy.Period{From: begin, To: begin.Add(time.Duration(hours) * time.Hour)}})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	list := make([]float64, hours)
	for i := range list {
		list[i] = -1
	}
	for _, r := range answer.Readings {
		list[int(r.At.Sub(begin).Hours())] = r.Value.Float64()
	}
	return list
}

func same(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

func TestARepetitionDoesNotUndoWhatWasCorrectedSince(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	d.submit(t, "first", "", energy.Period{}, rows(1, 2, 3))
	d.submit(t, "wrong", "typing error", energy.Period{}, rows(1, 20, 3))
	d.submit(t, "right", "typing error in the correction", energy.Period{}, rows(1, 22, 3))
	again := d.submit(t, "wrong", "typing error", energy.Period{}, rows(1, 20, 3)) // the answer was lost on the way
	if again.Accepted != 0 || again.Duplicate != 3 {
		t.Errorf("the repetition = %+v, want three duplicates", again)
	}
	if got := d.values(t, 3); !same(got, []float64{1, 22, 3}) {
		t.Errorf("known are %v, want the last correction to stand", got)
	}
}

func TestARepetitionDoesNotBringBackWhatWasWithdrawn(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	d.submit(t, "first", "", energy.Period{}, rows(1, 2, 3))
	hole := energy.Period{From: begin.Add(30 * time.Minute), To: begin.Add(90 * time.Minute)}
	absent := []intake.Row{{Number: 2, Point: "hafen/grid", At: begin.Add(time.Hour), Absent: true}}
	if withdrawn := d.submit(t, "withdrawal", "the display was broken", hole, absent); withdrawn.Withdrawn != 1 {
		t.Errorf("the withdrawal = %+v, want one reading withdrawn", withdrawn)
	}
	if again := d.submit(t, "first", "", energy.Period{}, rows(1, 2, 3)); again.Accepted != 0 || again.Duplicate != 3 {
		t.Errorf("the repetition = %+v, want three duplicates", again)
	}
	if got := d.values(t, 3); !same(got, []float64{1, -1, 3}) {
		t.Errorf("known are %v, want nothing at one o'clock", got)
	}
}

func TestACorrectionReplacesOnlyItsOwnInstants(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	d.submit(t, "first", "", energy.Period{}, rows(1, 2, 3, 4))
	ends := rows(10, 0, 0, 40)
	receipt := d.submit(t, "ends", "both ends were wrong", energy.Period{}, []intake.Row{ends[0], ends[3]})
	if receipt.Accepted != 2 || receipt.Withdrawn != 0 {
		t.Errorf("the correction = %+v, want two accepted and nothing withdrawn", receipt)
	}
	if got := d.values(t, 4); !same(got, []float64{10, 2, 3, 40}) {
		t.Errorf("known are %v, want what lies between untouched", got)
	}
	whole := energy.Period{From: begin, To: begin.Add(4 * time.Hour)}
	receipt = d.submit(t, "whole", "all of it anew", whole, []intake.Row{ends[0], ends[3]})
	if receipt.Withdrawn != 2 {
		t.Errorf("with an interval named = %+v, want two withdrawn", receipt)
	}
	if got := d.values(t, 4); !same(got, []float64{10, -1, -1, 40}) {
		t.Errorf("known are %v, want nothing between", got)
	}
}

func TestAKeyStandsForOneContent(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	d.submit(t, "key", "", energy.Period{}, rows(1))
	_, err := d.Submit(t.Context(), intake.Submission{Source: "office", Key: "key", Digest: sha256.Sum256([]byte("other")), Rows: rows(1, 2)})
	if !errors.Is(err, intake.ErrKey) {
		t.Errorf("the same key with other content = %v, want ErrKey", err)
	}
}

func TestAClockThatWasNeverSetRuinsNoSeries(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	wrong := time.Date(1970, 1, 1, 0, 0, 7, 0, time.UTC)
	batch := energy.Batch{Site: "hafen", Source: "edge", Epoch: energy.NewEpoch(), Lane: energy.Live, Sequence: 1, Readings: []energy.PointReading{
		{Point: "hafen/grid", Reading: energy.Reading{At: wrong, Value: energy.Decimal(5, 0), Quality: energy.Measured}},
		{Point: "hafen/grid", Reading: energy.Reading{At: begin, Value: energy.Decimal(6, 0), Quality: energy.Measured}}}}
	if _, err := d.Deliver(t.Context(), batch); err != nil {
		t.Fatalf("deliver: %v", err)
	}
	extent, ok, err := d.store.Extent(t.Context(), "hafen", "hafen/grid")
	if err != nil || !ok || !extent.From.Equal(begin) {
		t.Errorf("the series begins %s, %v, want %s", extent, err, begin)
	}
	entries, err := d.store.Entries(t.Context(), "hafen", 1<<62)
	kept := 0
	for _, e := range entries {
		if e.Kind == store.KindImplausible {
			kept++
		}
	}
	if err != nil || kept != 1 {
		t.Errorf("%d entries keep what cannot be true, %v, want 1: nothing is lost", kept, err)
	}
	if _, err := d.ledger.Registry(t.Context()); err != nil {
		t.Errorf("the registry = %v, want it to load beside such entries", err)
	}
}
