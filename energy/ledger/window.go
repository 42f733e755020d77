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
	widening    = 8
)

// Wanted are points and how their readings are to be understood.
type Wanted map[energy.PointID]series.Rules

// Windows are the visible readings of points in p, with as many more on either
// side as the rules need (series.Context), where there are any, as known at
// fact number upto. What a day in p says depends on nothing beyond that.
func (l *Ledger) Windows(ctx context.Context, site energy.SiteID, wanted Wanted, p energy.Period, upto int64) (map[energy.PointID][]energy.Reading, error) {
	windows := make(map[energy.PointID][]energy.Reading, len(wanted))
	extents := make(map[energy.PointID]energy.Period, len(wanted))
	open := slices.Sorted(maps.Keys(wanted))
	for margin := firstMargin; len(open) > 0; margin *= widening {
		wide := energy.Period{From: p.From.Add(-margin), To: p.To.Add(margin)}
		runs, err := l.store.Runs(ctx, site, open, wide, upto)
		if err != nil {
			return nil, fmt.Errorf("read facts of %s in %s: %w", site, wide, err)
		}
		var lacking []energy.PointID
		for _, point := range open {
			windows[point] = series.Visible(runs[point], upto)
			before, after := wanted[point].Enough(windows[point], p)
			if before && after {
				continue
			}
			extent, known := extents[point]
			if !known {
				if extent, _, err = l.store.Extent(ctx, site, point); err != nil {
					return nil, fmt.Errorf("find the extent of %s: %w", point, err)
				}
				extents[point] = extent // the zero Period for a point without facts
			}
			// On a side that lacks readings there must be none beyond the window.
			if !before && !extent.To.IsZero() && extent.From.Before(wide.From) || !after && extent.To.After(wide.To) {
				lacking = append(lacking, point)
			}
		}
		open = lacking
	}
	return windows, nil
}
