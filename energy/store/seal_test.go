package store_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// Whatever facts there are, and whenever which of them are sealed: every
// question about readings has the same answer before and after.
func TestSealingChangesNoAnswer(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	sites := 0
	rapid.Check(t, func(rt *rapid.T) {
		sites++
		w := world{rt: rt, s: s, site: energy.SiteID(fmt.Sprintf("s%d", sites))}
		w.points = []energy.PointID{energy.PointID(w.site) + "/a", energy.PointID(w.site) + "/b"}
		w.do(s.EnsureSite(t.Context(), w.site))
		for range rapid.IntRange(1, 7).Draw(rt, "facts") {
			w.fact(t.Context())
		}
		before := w.answers(t.Context())
		for range rapid.IntRange(1, 3).Draw(rt, "seals") {
			w.seal(t.Context(), w.instant("seal before").Add(time.Duration(rapid.IntRange(0, 400).Draw(rt, "days"))*24*time.Hour))
			for i, after := range w.answers(t.Context()) {
				if after != before[i] {
					rt.Fatalf("before sealing:\n%s\nafter:\n%s", before[i], after)
				}
			}
		}
	})
}

// world is a site whose facts rapid draws.
type world struct {
	rt     *rapid.T
	s      *store.Store
	site   energy.SiteID
	points []energy.PointID
	head   store.Head
}

func (w *world) do(err error) {
	if err != nil {
		w.rt.Fatal(err)
	}
}

// instant is one in the days around the turn of a year.
func (w *world) instant(label string) time.Time {
	return time.Date(2024, 12, 30, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 4*24*3600).Draw(w.rt, label)) * time.Second)
}

// readings are some at a distance of seconds to hours, a few of them twice,
// others with an interval.
func (w *world) readings() []energy.Reading {
	at := w.instant("first")
	step := time.Duration(rapid.SampledFrom([]int{1, 60, 900, 3600, 40000}).Draw(w.rt, "step")) * time.Second
	rs := make([]energy.Reading, rapid.IntRange(1, 40).Draw(w.rt, "readings"))
	for i := range rs {
		rs[i] = energy.Reading{At: at, Quality: energy.Measured, Value: energy.Decimal(int64(rapid.IntRange(-5, 5).Draw(w.rt, "value")), -2)}
		if rapid.IntRange(0, 3).Draw(w.rt, "binary") == 0 {
			rs[i].Value = energy.Float(math.Float64frombits(rapid.Uint64().Draw(w.rt, "bits")))
		}
		switch rapid.IntRange(0, 9).Draw(w.rt, "kind") {
		case 0:
			rs[i].Length = step
		case 1:
			rs[i].Length = 40 * 24 * time.Hour
		case 2: // the next bears the same instant
			continue
		}
		at = at.Add(step)
	}
	return rs
}

func (w *world) fact(ctx context.Context) {
	head, err := w.s.Append(ctx, w.site, func(ctx context.Context, f *store.Fact) error {
		for range rapid.IntRange(1, 2).Draw(w.rt, "parts") {
			point := rapid.SampledFrom(w.points).Draw(w.rt, "point")
			source := rapid.SampledFrom([]string{"edge", "file"}).Draw(w.rt, "source")
			rank := int16(rapid.IntRange(0, 2).Draw(w.rt, "rank"))
			rs := w.readings()
			var err error
			switch rapid.IntRange(0, 4).Draw(w.rt, "kind") {
			case 0:
				p := energy.Period{From: rs[0].At, To: rs[0].At.Add(time.Duration(rapid.IntRange(1, 400).Draw(w.rt, "hours")) * time.Hour)}
				err = f.Correction(ctx, source, rank, point, p, "a reason", nil)
			case 1:
				err = f.Chunks(ctx, source, rank, of(point, rs...))
			default:
				err = f.Segments(ctx, source, rank, append(of(point, rs...), of(w.points[0], w.readings()...)...))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	w.do(err)
	w.head = head
}

func (w *world) seal(ctx context.Context, before time.Time) {
	_, err := w.s.Closing(ctx, w.site, store.JobClosing, func(ctx context.Context, c *store.Closing) error { return c.Advance(ctx, c.Upto) })
	w.do(err)
	_, err = w.s.Seal(ctx, w.site, w.head.Seq, before)
	w.do(err)
}

// answers are the runs of all points in some periods as known with each fact,
// and how far points reach; floats by their bits.
func (w *world) answers(ctx context.Context) []string {
	var all []string
	from := time.Date(2024, 12, 29, 0, 0, 0, 0, time.UTC)
	for _, p := range []energy.Period{
		{From: from, To: from.AddDate(2, 0, 0)},
		{From: from.AddDate(0, 0, 2), To: from.AddDate(0, 0, 3)},
		{From: from.AddDate(0, 0, 3), To: from.AddDate(0, 0, 3).Add(time.Second)},
		{From: from.AddDate(0, 1, 0), To: from.AddDate(0, 1, 1)},
	} {
		for upto := int64(0); upto <= w.head.Seq; upto++ {
			runs, err := w.s.Runs(ctx, w.site, w.points, p, upto)
			w.do(err)
			for _, point := range w.points {
				all = append(all, fmt.Sprintf("%s %s %d: %s", point, p, upto, written(runs[point])))
			}
		}
	}
	for _, point := range w.points {
		p, ok, err := w.s.Extent(ctx, w.site, point)
		w.do(err)
		all = append(all, fmt.Sprint(point, p, ok))
	}
	return all
}

// written writes runs down; the heads of those that are one only once.
func written(runs []series.Run) (text string) {
	last := ""
	for _, r := range runs {
		head := fmt.Sprintf("\n%d %s %d %d %s %q", r.Seq, r.RecordedAt.Format(time.StampMicro), r.Source, r.Rank, r.Replaces, r.Reason)
		if head != last {
			text += head
		}
		last = head
		for _, reading := range r.Readings {
			text += fmt.Sprintf(" %s+%s=%#v,%d", reading.At.Format(time.StampMicro), reading.Length, reading.Value, reading.Quality)
		}
	}
	return text
}

func TestSealingStopsAtWhatClosingHasSeen(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	delivered(t, s, grid, at(0, 1))
	closed(t, s)
	delivered(t, s, grid, at(1, 2))
	done, err := s.Seal(t.Context(), hafen, 2, noon.Add(time.Hour))
	if err != nil || done.Segments != 1 || done.Upto != 1 {
		t.Errorf("sealed %+v (%v), want the segment of fact 1 alone", done, err)
	}
	done, err = s.Seal(t.Context(), hafen, 2, noon.Add(time.Hour))
	if err != nil || done.Segments != 0 || done.Chunks != 0 {
		t.Errorf("sealed again %+v (%v), want nothing", done, err)
	}
}

func TestSealingCutsByTheDistanceOfReadings(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	every := func(point energy.PointID, step time.Duration, n int) {
		t.Helper()
		rs := make([]energy.Reading, n)
		for i := range rs {
			rs[i] = energy.Reading{At: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * step), Value: energy.Decimal(int64(i), 0), Quality: energy.Measured}
		}
		delivered(t, s, point, rs...)
	}
	every("hafen/minute", time.Minute, 3*1440)
	every("hafen/quarter", 15*time.Minute, 60*96)
	every("hafen/daily", 24*time.Hour, 366)
	done := sealed(t, s, noon.AddDate(10, 0, 0))
	if want := 3 + 2 + 1; done.Chunks != want || done.Readings != 3*1440+60*96+366 {
		t.Errorf("sealed %+v, want %d chunks: three days, two months, one year", done, want)
	}
}

func TestSealingLargeBacklogsTakesSeveralTurns(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{SealSize: 20 << 10})
	rs := make([]energy.Reading, 3000)
	for i := range rs {
		rs[i] = energy.Reading{At: noon.Add(time.Duration(i) * time.Second), Value: energy.Float(math.Sin(float64(i) * 1e9)), Quality: energy.Measured}
	}
	const facts = 8
	for range facts {
		delivered(t, s, grid, rs...)
	}
	upto := closed(t, s)
	turns, readings := 0, int64(0)
	for more := true; more; turns++ {
		done, err := s.Seal(t.Context(), hafen, upto, noon.AddDate(1, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		more, readings = done.More, readings+done.Readings
	}
	if turns < 3 || readings != facts*int64(len(rs)) {
		t.Errorf("%d readings in %d turns, want %d in three or more", readings, turns, facts*len(rs))
	}
	visible, err := s.Runs(t.Context(), hafen, []energy.PointID{grid}, energy.Period{From: noon, To: noon.Add(time.Hour)}, upto)
	if err != nil || len(visible[grid]) != facts {
		t.Errorf("%d runs (%v), want %d", len(visible[grid]), err, facts)
	}
}
