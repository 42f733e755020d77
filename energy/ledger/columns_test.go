package ledger_test

import (
	"path/filepath"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
)

// TestColumnsSayWhatValuesSay asks for all points of plants with gaps, levels and
// a change of the zone, in steps of each length, from within a step to within another.
func TestColumnsSayWhatValuesSay(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"a-gap-that-the-month-cuts-is-a-substitute", "heat-delivered-above-a-temperature", "the-day-on-which-a-site-changes-its-zone"} {
		l := plantOf(t, filepath.Join("testdata/figures", folder), nil)
		r, err := l.Registry(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		some := 0
		for _, meter := range r.Sites[0].Meters {
			for _, point := range meter.Points {
				extent, ok, err := l.Store().Extent(t.Context(), point.ID.Site(), point.ID)
				if err != nil || !ok {
					continue
				}
				for _, step := range []ledger.Step{ledger.QuarterHour, ledger.Hour, ledger.Day, ledger.Month} {
					whole := energy.Period{From: extent.From.Add(-25*time.Hour - 7*time.Minute), To: extent.To.Add(30 * time.Hour)}
					for _, p := range []energy.Period{whole, {From: whole.From, To: whole.From}, {From: extent.From.Add(10*time.Hour + time.Minute), To: extent.From.Add(20 * time.Hour)}} {
						for _, at := range []time.Time{{}, time.Now()} {
							some += sameColumns(t, l, ledger.Question{Point: point.ID, Period: p, Step: step, At: at})
						}
					}
				}
			}
		}
		if some == 0 {
			t.Errorf("%s: no point has a value", folder)
		}
	}
}

// sameColumns compares both answers to a question and counts the values in them.
func sameColumns(t *testing.T, l *ledger.Ledger, q ledger.Question) (some int) {
	t.Helper()
	c, err := l.Columns(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := l.Values(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Amounts) != len(answer.Values) || len(c.Quality) != len(answer.Values) || c.Fact != answer.Fact || c.Quantity.Unit() != answer.Unit {
		t.Fatalf("%s in %s by %s: %d amounts, %d qualities of fact %d in %s, want %d of fact %d in %s",
			q.Point, q.Period, q.Step, len(c.Amounts), len(c.Quality), c.Fact, c.Quantity.Unit(), len(answer.Values), answer.Fact, answer.Unit)
	}
	for i, v := range answer.Values {
		if !c.Begin(i).Equal(v.Period.From) || c.Quality[i] != v.Quality || v.OK != (c.Quality[i] != energy.Missing) || v.OK && !c.Quantity.Value(c.Amounts[i]).Equal(v.Value) {
			t.Fatalf("%s by %s, interval %d: %d %s from %s, want %+v", q.Point, q.Step, i, c.Amounts[i], c.Quality[i], c.Begin(i), v)
		}
		if got := float64(c.Covered[i]) / v.Period.Length().Seconds(); v.OK && got != v.IntervalCoverage {
			t.Fatalf("%s by %s, interval %d: %d s are covered, want %g of it", q.Point, q.Step, i, c.Covered[i], v.IntervalCoverage)
		}
		if v.OK {
			some++
		}
	}
	return some
}
