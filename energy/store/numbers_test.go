package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"heatledger/energy"
	"heatledger/energy/store"
)

// TestANumberOfAFactThatWasGivenUpIsGivenAgain writes a new point, gives the
// fact up and writes another new point, which gets the number of the first. A
// store that remembered the first would file both under one number.
func TestANumberOfAFactThatWasGivenUpIsGivenAgain(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{MaxConns: 1})
	given := errors.New("given up")
	_, err := s.Append(t.Context(), hafen, func(ctx context.Context, f *store.Fact) error {
		if err := f.Segments(ctx, "collector", 10, of("hafen/first", at(0, 1))); err != nil {
			return err
		}
		return given
	})
	if !errors.Is(err, given) {
		t.Fatalf("the fact was to be given up, got %v", err)
	}
	for n, point := range []energy.PointID{"hafen/second", "hafen/first", "hafen/second"} {
		delivered(t, s, point, at(n, int64(n)))
	}
	for point, want := range map[energy.PointID]int{"hafen/first": 1, "hafen/second": 2} {
		runs, err := s.Runs(t.Context(), hafen, []energy.PointID{point}, around(1), 99)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, run := range runs[point] {
			found += len(run.Readings)
		}
		if found != want {
			t.Errorf("%s has %d readings, want %d", point, found, want)
		}
	}
}

// TestReadingsStandUnderTheMeterAPointHasNow writes a point, declares its
// meter and writes it together with another of the meter, all on one
// connection: from then on the two share a row.
func TestReadingsStandUnderTheMeterAPointHasNow(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{MaxConns: 1})
	delivered(t, s, "hafen/a", at(0, 1))
	appended(t, s, func(ctx context.Context, f *store.Fact) error {
		err := f.Declare(ctx, []store.Point{
			{ID: "hafen/a", Meter: "m", Quantity: "active_energy_import", Series: energy.Counter},
			{ID: "hafen/b", Meter: "m", Quantity: "active_power", Series: energy.Instant}})
		if err != nil {
			return err
		}
		return f.Segments(ctx, "collector", 10, append(of("hafen/a", at(1, 2)), of("hafen/b", at(1, 2))...))
	})
	appended(t, s, func(ctx context.Context, f *store.Fact) error {
		return f.Segments(ctx, "collector", 10, append(of("hafen/a", at(2, 3)), of("hafen/b", at(2, 3))...))
	})
	runs, err := s.Runs(t.Context(), hafen, []energy.PointID{"hafen/a", "hafen/b"}, around(1), 99)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := len(runs["hafen/a"]), len(runs["hafen/b"]); a != 3 || b != 2 {
		t.Errorf("%d facts speak of a and %d of b, want three and two", a, b)
	}
	if done := sealed(t, s, noon.AddDate(0, 0, 1)); done.Segments != 3 {
		t.Errorf("the three facts took %d rows, want one each: the points share their meter's", done.Segments)
	}
}

// TestMixedUpReadingsAreDealtToTheirPoints hands readings in an order that
// keeps changing, with instants that go back.
func TestMixedUpReadingsAreDealtToTheirPoints(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	var readings []energy.PointReading
	point := func(n int) energy.PointID { return energy.PointID(fmt.Sprintf("hafen/p%d", n)) }
	for minute := 30; minute > 0; minute-- {
		for n := range 7 {
			p := (n*minute + minute) % 7 // all seven but where minute is a multiple of seven
			readings = append(readings, of(point(p), at(7*minute+n, int64(100*p+minute)))...)
		}
	}
	want := map[energy.PointID]map[int64]bool{}
	for _, r := range readings {
		if want[r.Point] == nil {
			want[r.Point] = map[int64]bool{}
		}
		want[r.Point][r.At.Unix()] = true
	}
	appended(t, s, func(ctx context.Context, f *store.Fact) error { return f.Segments(ctx, "collector", 10, readings) })
	for id, instants := range want {
		runs, err := s.Runs(t.Context(), hafen, []energy.PointID{id}, around(12), 99)
		if err != nil || len(runs[id]) != 1 {
			t.Fatalf("%s: %d runs, %v", id, len(runs[id]), err)
		}
		rs := runs[id][0].Readings
		if len(rs) != len(instants) {
			t.Errorf("%s has %d readings, want %d", id, len(rs), len(instants))
		}
		for i, r := range rs {
			m, _ := r.Value.Mantissa()
			if point(int(m/100)) != id || !instants[r.At.Unix()] || i > 0 && !rs[i-1].At.Before(r.At) {
				t.Errorf("%s, reading %d: %v at %s, which is another's or out of order", id, i, r.Value, r.At)
			}
		}
	}
}
