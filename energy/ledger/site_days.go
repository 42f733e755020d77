package ledger

import (
	"context"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// SiteDays are days of several points of a site, with what the site was known to be.
type SiteDays struct {
	Registry *registry.Registry
	Site     registry.Site
	Calendar energy.Calendar
	Days     map[energy.PointID][]series.Day // ascending; a point without any is not in it
	Fact     int64                           // the fact up to which they are closed
}

// SiteDays are the days [from, to) of the points of a site that choose names, as known
// at an instant (zero: now). They are those that closing derived, or, of an earlier
// instant, derived anew from the facts up to then. It errs with [ErrNoSite].
func (l *Ledger) SiteDays(ctx context.Context, site energy.SiteID, from, to energy.Date, at time.Time, choose func(registry.Site) []energy.PointID) (d SiteDays, err error) {
	if d.Registry, d.Fact, err = l.known(ctx, site, at); err != nil {
		return SiteDays{}, err
	}
	d.Site, _ = d.Registry.Site(site)
	if d.Calendar, err = l.Calendar(d.Registry, site); err != nil {
		return SiteDays{}, err
	}
	points := choose(d.Site)
	if at.IsZero() {
		err = l.store.Snapshot(ctx, func(ctx context.Context, s store.Reader) (err error) {
			d.Days, d.Fact, err = s.Days(ctx, site, points, from, to)
			return err
		})
		return d, err
	}
	d.Days = map[energy.PointID][]series.Day{}
	period := energy.Period{From: d.Calendar.Day(from).From, To: d.Calendar.Day(to).From}
	for _, id := range points {
		_, _, point, ok := d.Registry.Point(id)
		if !ok {
			return SiteDays{}, fmt.Errorf("read days of %s: %w", id, ErrNoPoint)
		}
		days, _, _, err := l.days(ctx, d.Registry, d.Calendar, point, period, at, d.Fact)
		if err != nil {
			return SiteDays{}, err
		}
		if len(days) > 0 {
			d.Days[id] = days
		}
	}
	return d, nil
}
