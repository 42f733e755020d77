package closing

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// shelvedDays is how many days are kept from round to round, of all sites: of
// some 1.3 kB each.
const shelvedDays = 16_384

// dayKey is a day of a point.
type dayKey struct {
	point energy.PointID
	date  energy.Date
}

// shelves keep days of sites from one round to the next, as they are stored, so
// that an hour's increment need not read a day to change an hour of it. Nothing
// but closing writes days, and each closing that does moves the cursor of the
// site: so what was stored when the cursor stood somewhere is stored while it
// stands there, whoever else closes the site. They are safe for concurrent use.
type shelves struct {
	mutex sync.Mutex
	of    map[energy.SiteID]shelf
	days  int // on all of them
}

// shelf are days of a site as they were stored when its cursor was at upto.
type shelf struct {
	upto   int64
	days   map[dayKey]series.Day
	margin time.Duration // within which most points had the readings they need
}

// take takes what is kept of a site off its shelf; there are no days where the
// cursor has moved since.
func (s *shelves) take(site energy.SiteID, cursor int64) (days map[dayKey]series.Day, margin time.Duration) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	kept := s.of[site]
	delete(s.of, site)
	s.days -= len(kept.days)
	if kept.days == nil || kept.upto != cursor {
		return map[dayKey]series.Day{}, kept.margin
	}
	return kept.days, kept.margin
}

// put lays days of a site on its shelf: those of the last two dates, if there is
// room for them.
func (s *shelves) put(site energy.SiteID, upto int64, days map[dayKey]series.Day, margin time.Duration) {
	if len(days) == 0 {
		return
	}
	var newest energy.Date
	for key := range days {
		if newest.Before(key.date) {
			newest = key.date
		}
	}
	yesterday := newest.AddDays(-1)
	maps.DeleteFunc(days, func(key dayKey, _ series.Day) bool { return key.date.Before(yesterday) })
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.days -= len(s.of[site].days)
	delete(s.of, site)
	if s.days+len(days) > shelvedDays {
		return
	}
	if s.of == nil {
		s.of = map[energy.SiteID]shelf{}
	}
	s.of[site] = shelf{upto, days, margin}
	s.days += len(days)
}

// hold reads the days of points on the dates of their parts that are not held yet.
func (r *round) hold(ctx context.Context, parts map[energy.PointID]*part) error {
	var lacking []energy.PointID
	var from, to energy.Date // the first and the last that somebody lacks
	for id, part := range parts {
		lacks := false
		for _, frame := range part.frames {
			date := frame.Date
			if _, held := r.held[dayKey{id, date}]; held {
				continue
			}
			if len(lacking) == 0 && !lacks || date.Before(from) {
				from = date
			}
			if to.Before(date) {
				to = date
			}
			lacks = true
		}
		if lacks {
			lacking = append(lacking, id)
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	slices.Sort(lacking)
	days, err := r.tx.Days(ctx, lacking, from, to.AddDays(1))
	if err != nil {
		return err
	}
	for id, list := range days {
		for _, day := range list {
			r.held[dayKey{id, day.Date}] = day
		}
	}
	return nil
}

// release forgets days of a point that are written anew.
func (r *round) release(id energy.PointID, days []series.Day) {
	for _, day := range days {
		delete(r.held, dayKey{id, day.Date})
	}
}
