package store_test

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

const grid energy.PointID = "hafen/grid"

// values are the mantissas of the visible readings of a point around noon.
func values(t testing.TB, s *store.Store, point energy.PointID, upto int64) []int64 {
	t.Helper()
	runs, err := s.Runs(t.Context(), hafen, []energy.PointID{point}, around(24), upto)
	if err != nil {
		t.Fatal(err)
	}
	var ms []int64
	for _, r := range series.Visible(runs[point], upto) {
		m, _ := r.Value.Mantissa()
		ms = append(ms, m)
	}
	return ms
}

func TestReadingsAreThereAsKnownWithEachFact(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	correct := func(from, to int, rs ...energy.Reading) {
		t.Helper()
		appended(t, s, func(ctx context.Context, f *store.Fact) error {
			p := energy.Period{From: noon.Add(time.Duration(from) * time.Minute), To: noon.Add(time.Duration(to) * time.Minute)}
			return f.Correction(ctx, "office", 5, grid, p, "wrong transformer ratio", rs)
		})
	}
	delivered(t, s, grid, at(0, 10), at(1, 11), at(2, 12), at(3, 13)) // 1
	delivered(t, s, grid, at(4, 14))                                  // 2
	correct(1, 3, at(1, 111))                                         // 3: 12 is withdrawn
	delivered(t, s, grid, at(2, 212))                                 // 4: late, after the correction
	correct(0, 1)                                                     // 5: a withdrawal
	want := [][]int64{
		nil, {10, 11, 12, 13}, {10, 11, 12, 13, 14}, {10, 111, 13, 14}, {10, 111, 212, 13, 14}, {111, 212, 13, 14},
	}
	check := func(when string) {
		for upto, w := range want {
			if got := values(t, s, grid, int64(upto)); !slices.Equal(got, w) {
				t.Errorf("%s, as known with fact %d: %v, want %v", when, upto, got, w)
			}
		}
	}
	check("in segments")
	sealed(t, s, noon.Add(150*time.Second))
	check("partly sealed")
	sealed(t, s, noon.Add(time.Hour))
	check("sealed")
}

func TestAPeriodHoldsItsInstantsAndTheIntervalsThatOverlapIt(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	hour := func(h int) energy.Reading {
		return energy.Reading{At: noon.Add(time.Duration(h) * time.Hour), Length: time.Hour, Value: energy.Decimal(int64(h), 0), Quality: energy.Measured}
	}
	delivered(t, s, grid, at(-1, 1), at(0, 2), at(59, 3), at(60, 4))
	delivered(t, s, "hafen/load", hour(-2), hour(-1), hour(0), hour(1), hour(2))
	month := energy.Reading{At: noon.AddDate(0, 0, -40), Length: 41 * 24 * time.Hour, Value: energy.Decimal(7, 0), Quality: energy.Declared}
	delivered(t, s, "hafen/invoice", month)
	check := func(when string) {
		p := energy.Period{From: noon.Add(-30 * time.Minute), To: noon.Add(time.Hour)}
		runs, err := s.Runs(t.Context(), hafen, []energy.PointID{grid, "hafen/load", "hafen/invoice", "hafen/unknown"}, p, 3)
		if err != nil {
			t.Fatal(err)
		}
		count := map[energy.PointID]int{}
		for point, rs := range runs {
			for _, r := range rs {
				count[point] += len(r.Readings)
			}
		}
		if want := (map[energy.PointID]int{grid: 3, "hafen/load": 2, "hafen/invoice": 1}); !reflect.DeepEqual(count, want) {
			t.Errorf("%s: readings by point %v, want %v", when, count, want)
		}
	}
	check("in segments")
	sealed(t, s, noon.AddDate(0, 0, 10))
	check("sealed")
}

func TestAFactSeesWhatIsKnownWithinItsLock(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	delivered(t, s, grid, at(0, 1))
	appended(t, s, func(ctx context.Context, f *store.Fact) error {
		if err := f.Segments(ctx, "file", 5, of(grid, at(1, 2))); err != nil {
			return err
		}
		runs, err := f.Runs(ctx, []energy.PointID{grid}, around(1))
		if err != nil {
			return err
		}
		if len(runs[grid]) != 2 || runs[grid][1].Seq != f.Seq || runs[grid][1].Rank != 5 || runs[grid][0].Source == runs[grid][1].Source {
			t.Errorf("runs %+v, want one of each fact, rank and source", runs[grid])
		}
		return nil
	})
}

func TestReadingsSurviveThatTheirPointIsDeclaredLater(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	declare := func(meter energy.MeterID) {
		t.Helper()
		appended(t, s, func(ctx context.Context, f *store.Fact) error {
			return f.Declare(ctx, []store.Point{
				{ID: grid, Meter: meter, Quantity: energy.ActiveEnergyImport, Series: energy.Counter},
				{ID: "hafen/new", Meter: meter, Quantity: energy.ActivePower, Series: energy.Instant},
			})
		})
	}
	delivered(t, s, grid, at(0, 1))
	declare("m1")
	delivered(t, s, grid, at(1, 2))
	declare("m2")
	delivered(t, s, grid, at(2, 3))
	declare("m1")
	delivered(t, s, grid, at(3, 4))
	if got := values(t, s, grid, 7); !slices.Equal(got, []int64{1, 2, 3, 4}) {
		t.Errorf("visible %v, want 1 2 3 4", got)
	}
	points, err := s.Points(t.Context(), hafen)
	want := []store.Point{
		{ID: grid, Meter: "m1", Quantity: energy.ActiveEnergyImport, Series: energy.Counter},
		{ID: "hafen/new", Meter: "m1", Quantity: energy.ActivePower, Series: energy.Instant},
	}
	if err != nil || !slices.Equal(points, want) {
		t.Errorf("points %v (%v), want %v", points, err, want)
	}
}

func TestWhatFactsTouchAndHowFarAPointReaches(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	if _, ok, err := s.Extent(t.Context(), hafen, grid); ok || err != nil {
		t.Errorf("extent of an unknown point: %v, %v, want none", ok, err)
	}
	p := func(from, to int) energy.Period {
		return energy.Period{From: noon.Add(time.Duration(from) * time.Minute), To: noon.Add(time.Duration(to) * time.Minute)}
	}
	instant := func(from, to int) energy.Period { // to the instant of the last reading and a microsecond
		q := p(from, to)
		q.To = q.To.Add(time.Microsecond)
		return q
	}
	appended(t, s, func(ctx context.Context, f *store.Fact) error { // 1
		return f.Segments(ctx, "collector", 10, append(of(grid, at(3, 1), at(0, 2)), of("hafen/it", at(-500, 1), at(900, 2))...))
	})
	appended(t, s, func(ctx context.Context, f *store.Fact) error { // 2
		return f.Correction(ctx, "office", 5, grid, p(-60, -30), "wrong ratio", nil)
	})
	delivered(t, s, grid, at(2, 1), at(7, 1))                       // 3
	appended(t, s, func(ctx context.Context, f *store.Fact) error { // 4
		return f.Chunks(ctx, "file", 5, of("hafen/it", at(-5000, 1), at(-4000, 2)))
	})
	appended(t, s, func(ctx context.Context, f *store.Fact) error { // 5
		return f.Entry(ctx, "meter", "m1", noon, "office", []byte("{}"))
	})
	check := func(when string) {
		t.Helper()
		for _, c := range []struct {
			after, upto int64
			want        []store.Touch
		}{
			{0, 5, []store.Touch{{grid, p(-60, -30)}, {grid, instant(0, 7)}, {"hafen/it", instant(-5000, -4000)}, {"hafen/it", instant(-500, 900)}}},
			{1, 3, []store.Touch{{grid, p(-60, -30)}, {grid, instant(2, 7)}}},
			{3, 4, []store.Touch{{"hafen/it", instant(-5000, -4000)}}},
			{4, 5, nil},
		} {
			got, err := s.Touched(t.Context(), hafen, c.after, c.upto)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s, facts (%d, %d] touch %v (%v), want %v", when, c.after, c.upto, got, err, c.want)
			}
		}
		for point, want := range map[energy.PointID]energy.Period{grid: instant(0, 7), "hafen/it": instant(-5000, 900)} {
			if got, ok, err := s.Extent(t.Context(), hafen, point); err != nil || !ok || got != want {
				t.Errorf("%s, %s reaches over %v (%v), want %v", when, point, got, err, want)
			}
		}
		both := []energy.PointID{grid, "hafen/it", "hafen/nothing"}
		earlier, err := s.Earlier(t.Context(), hafen, both, instant(-4999, 0).From)
		if err != nil || !earlier["hafen/it"] || earlier["hafen/nothing"] {
			t.Errorf("%s, %v have something before (%v), want at least hafen/it", when, earlier, err)
		}
		later, err := s.Later(t.Context(), hafen, both, p(0, 899).To)
		if err != nil || !later["hafen/it"] || later["hafen/nothing"] {
			t.Errorf("%s, %v have something after (%v), want at least hafen/it", when, later, err)
		}
		none, err := s.Later(t.Context(), hafen, both[1:], instant(0, 900).To)
		if more, e := s.Earlier(t.Context(), hafen, both[1:], instant(-5000, 0).From); err != nil || e != nil || len(none)+len(more) > 0 {
			t.Errorf("%s, %v and %v lie beyond both ends (%v, %v), want nothing", when, none, more, err, e)
		}
	}
	check("in segments")
	sealed(t, s, noon.Add(24*time.Hour))
	check("sealed")
}

func TestEntriesAreVersionsThatHoldByTimeAndFact(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	put := func(id string, from time.Time, body string) {
		t.Helper()
		appended(t, s, func(ctx context.Context, f *store.Fact) error {
			return f.Entry(ctx, "commitment", id, from, "office", []byte(body))
		})
	}
	put("pue", noon, `{"limit": 1.3}`)                 // 1
	put("pue", noon.Add(time.Hour), `{"limit": 1.2}`)  // 2
	put("heat", noon, `{}`)                            // 3
	put("pue", noon, `{"limit": 1.35}`)                // 4: another first version
	put("pue", noon.Add(-time.Hour), `{"limit": 1.5}`) // 5: before it
	for _, c := range []struct {
		upto int64
		at   time.Time
		want []string
	}{
		{3, noon.Add(-time.Minute), nil},
		{3, noon, []string{"heat {}", `pue {"limit": 1.3}`}},
		{3, noon.Add(time.Hour), []string{"heat {}", `pue {"limit": 1.2}`}},
		{5, noon, []string{"heat {}", `pue {"limit": 1.35}`}},
		{5, noon.Add(-time.Minute), []string{`pue {"limit": 1.5}`}},
		{1, noon.Add(time.Hour), []string{`pue {"limit": 1.3}`}},
	} {
		entries, err := s.Entries(t.Context(), hafen, c.upto)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range store.Current(entries, c.at) {
			got = append(got, e.ID+" "+string(e.Body))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("known with fact %d, at %s: %q, want %q", c.upto, c.at.Format(time.TimeOnly), got, c.want)
		}
	}
}
