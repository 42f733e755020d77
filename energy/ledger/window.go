package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// firstMargin is how far beyond a period the first look for neighbouring
// readings goes; each further look goes widening times as far.
const (
	firstMargin = 6 * time.Hour
	leastMargin = time.Minute
	widening    = 8
)

// Wanted are points and how their readings are to be understood.
type Wanted map[energy.PointID]series.Rules

// Windows are the visible readings of points in p, with as many more on either
// side as the rules need (series.Context), where there are any, as known at
// fact number upto. What a day in p says depends on nothing beyond that.
func (l *Ledger) Windows(ctx context.Context, site energy.SiteID, wanted Wanted, p energy.Period, upto int64) (map[energy.PointID][]energy.Reading, error) {
	return l.WindowsWithin(ctx, site, wanted, p, firstMargin, upto)
}

// WindowsWithin is Windows for whoever can tell how far beyond p most points have
// what they need. More is looked for where it is not enough.
func (l *Ledger) WindowsWithin(ctx context.Context, site energy.SiteID, wanted Wanted, p energy.Period, margin time.Duration, upto int64) (map[energy.PointID][]energy.Reading, error) {
	windows := make(map[energy.PointID][]energy.Reading, len(wanted))
	extents := make(map[energy.PointID]energy.Period, len(wanted))
	open := slices.Sorted(maps.Keys(wanted))
	for margin = min(max(margin, leastMargin), firstMargin); len(open) > 0; margin *= widening {
		wide := energy.Period{From: p.From.Add(-margin), To: p.To.Add(margin)}
		runs, err := l.store.Runs(ctx, site, open, wide, upto)
		if err != nil {
			return nil, fmt.Errorf("read facts of %s in %s: %w", site, wide, err)
		}
		var before, after []energy.PointID // that lack readings there
		for _, point := range open {
			windows[point] = series.Visible(runs[point], upto)
			enoughBefore, enoughAfter := wanted[point].Enough(windows[point], p)
			if !enoughBefore {
				before = append(before, point)
			}
			if !enoughAfter {
				after = append(after, point)
			}
		}
		open, err = l.further(ctx, site, wide, before, after, extents)
		if err != nil {
			return nil, fmt.Errorf("look beyond %s of %s: %w", wide, site, err)
		}
	}
	return windows, nil
}

// further are the points that have readings before p, of those that lack some
// there, or after p, of those that lack some there. What is found of where the
// readings of a point lie is kept in extents.
func (l *Ledger) further(ctx context.Context, site energy.SiteID, p energy.Period, before, after []energy.PointID, extents map[energy.PointID]energy.Period) ([]energy.PointID, error) {
	earlier, err := l.store.Earlier(ctx, site, before, p.From)
	if err != nil {
		return nil, err
	}
	later, err := l.store.Later(ctx, site, after, p.To)
	if err != nil {
		return nil, err
	}
	// Most have none, and of the others the database says in one go only that
	// they may have: what lies in one segment shares its ends.
	var found []energy.PointID
	maps.Copy(later, earlier)
	for _, point := range slices.Sorted(maps.Keys(later)) {
		extent, known := extents[point]
		if !known {
			if extent, _, err = l.store.Extent(ctx, site, point); err != nil {
				return nil, fmt.Errorf("find the extent of %s: %w", point, err)
			}
			extents[point] = extent // the zero Period for a point without facts
		}
		lacksBefore, lacksAfter := slices.Contains(before, point), slices.Contains(after, point)
		if lacksBefore && !extent.To.IsZero() && extent.From.Before(p.From) || lacksAfter && extent.To.After(p.To) {
			found = append(found, point)
		}
	}
	return found, nil
}
