package store_test

import (
	"context"
	"reflect"
	"testing"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

func TestAPatchedDayIsWhatPuttingItWouldGive(t *testing.T) {
	t.Parallel()
	s, address := known(t)
	before := []series.Day{
		dayOf(t, "Europe/Berlin", "2024-03-31", true), // 92 quarter-hours, one byte for all qualities
		dayOf(t, "Europe/Berlin", "2024-10-27", false),
		dayOf(t, "Europe/Berlin", "2025-01-01", false), // in another year's partition
	}
	run(t, s, func(ctx context.Context, c *store.Closing) error {
		return c.PutDays(ctx, map[energy.PointID][]series.Day{grid: before}, 1)
	})
	stored := func() []series.Day {
		t.Helper()
		days, _, err := s.Days(t.Context(), hafen, []energy.PointID{grid}, before[0].Date, before[2].Date.AddDays(1))
		if err != nil {
			t.Fatal(err)
		}
		return days[grid]
	}
	changed := stored()
	var patches []store.DayPatch
	for i, bounds := range [][2]int{{0, 1}, {50, 53}, {90, len(changed[2].Values)}} {
		d := changed[i]
		for q := bounds[0]; q < bounds[1]; q++ {
			d.Values[q], d.Quality[q], d.Covered[q] = d.Values[q]+7, energy.Calculated, 450
		}
		d.Total, d.Weighted, d.CoveredS, d.Substitute, d.Lo, d.Hi = 1, 2, 3, 4, 5, 6
		changed[i] = d
		patches = append(patches, store.DayPatch{Point: grid, Day: d, First: bounds[0], Last: bounds[1]})
	}
	patch := func(patches []store.DayPatch, method int16) (all bool) {
		t.Helper()
		run(t, s, func(ctx context.Context, c *store.Closing) (err error) {
			all, err = c.PatchDays(ctx, patches, method)
			return err
		})
		return all
	}
	if all := patch(patches, 1); !all || !reflect.DeepEqual(stored(), changed) {
		t.Errorf("patched (all %v):\n%+v\nwant\n%+v", all, stored(), changed)
	}
	run(t, s, func(ctx context.Context, c *store.Closing) error {
		rows := places(t, address)
		if err := c.PutDays(ctx, map[energy.PointID][]series.Day{grid: changed}, 1); err != nil || !reflect.DeepEqual(places(t, address), rows) {
			t.Errorf("putting what was patched is no change: %v", err)
		}
		return nil
	})
	for sentence, what := range map[string]struct {
		patch  func(p *store.DayPatch)
		method int16
	}{
		"a day of another method":       {func(*store.DayPatch) {}, 2},
		"a day that is not stored":      {func(p *store.DayPatch) { p.Day.Date = p.Day.Date.AddDays(1) }, 1},
		"a day that begins at midnight": {func(p *store.DayPatch) { p.Day.Period.From = p.Day.Date.UTC() }, 1},
		"a day of another length": {func(p *store.DayPatch) {
			p.Day = dayOf(t, "UTC", "2024-03-31", true)
			p.Day.Period.From = before[0].Period.From
		}, 1},
	} {
		p := patches[0]
		what.patch(&p)
		if all := patch([]store.DayPatch{p}, what.method); all || !reflect.DeepEqual(stored(), changed) {
			t.Errorf("%s: all patched %v, stored\n%+v", sentence, all, stored())
		}
	}
	for sentence, bounds := range map[string][2]int{"none": {4, 4}, "before the first": {-1, 4}, "beyond the last": {4, 93}} {
		p := patches[0]
		p.First, p.Last = bounds[0], bounds[1]
		_, err := s.Closing(t.Context(), hafen, store.JobClosing, func(ctx context.Context, c *store.Closing) error {
			_, err := c.PatchDays(ctx, []store.DayPatch{p}, 1)
			return err
		})
		if err == nil {
			t.Errorf("quarter-hours %v (%s) are patched", bounds, sentence)
		}
	}
}
