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

// SiteQuestion asks for days of several points of a site.
type SiteQuestion struct {
	Site     energy.SiteID
	From, To energy.Date                          // local days [From, To)
	At       time.Time                            // as known at; zero: now
	Points   func(registry.Site) []energy.PointID // which of the site
	Registry *registry.Registry                   // as known at At, of whoever asks about many sites; nil: it is read
}

// SiteDays are days of points of a site: those that closing derived, or, as known at an
// earlier instant, derived anew from the facts up to then. It errs with [ErrNoSite].
func (l *Ledger) SiteDays(ctx context.Context, q SiteQuestion) (d SiteDays, err error) {
	if d.Registry = q.Registry; d.Registry == nil && q.At.IsZero() {
		d.Registry, err = l.Registry(ctx)
	} else if d.Registry == nil {
		d.Registry, err = l.RegistryAt(ctx, q.At)
	}
	if err != nil {
		return SiteDays{}, err
	}
	var ok bool
	if d.Site, ok = d.Registry.Site(q.Site); !ok {
		return SiteDays{}, fmt.Errorf("look up %s: %w", q.Site, ErrNoSite)
	}
	if d.Calendar, err = l.Calendar(d.Registry, q.Site); err != nil {
		return SiteDays{}, err
	}
	points := q.Points(d.Site)
	if q.At.IsZero() {
		err = l.store.Snapshot(ctx, func(ctx context.Context, s store.Reader) (err error) {
			d.Days, d.Fact, err = s.Days(ctx, q.Site, points, q.From, q.To)
			return err
		})
		return d, err
	}
	return d, l.pastDays(ctx, &d, points, q)
}

// pastDays derives the days of points anew.
func (l *Ledger) pastDays(ctx context.Context, d *SiteDays, points []energy.PointID, q SiteQuestion) (err error) {
	if d.Fact, err = l.store.Upto(ctx, q.Site, q.At); err != nil {
		return fmt.Errorf("read what was known of %s at %s: %w", q.Site, q.At, err)
	}
	d.Days = map[energy.PointID][]series.Day{}
	period := energy.Period{From: d.Calendar.Day(q.From).From, To: d.Calendar.Day(q.To).From}
	for _, id := range points {
		_, _, point, ok := d.Registry.Point(id)
		if !ok {
			return fmt.Errorf("read days of %s: %w", id, ErrNoPoint)
		}
		days, _, _, err := l.days(ctx, d.Registry, d.Calendar, point, period, q.At, d.Fact)
		if err != nil {
			return err
		}
		if len(days) > 0 {
			d.Days[id] = days
		}
	}
	return nil
}
