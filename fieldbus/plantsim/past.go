package plantsim

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"heatledger/energy"
)

// Past is [Plant.History] of all points of a site at once, sorted by their ids:
// the days of the period are computed once and held until the last point has
// been read. Each point's readings may be read once or often, in any order.
func (p *Plant) Past(site energy.SiteID, period energy.Period, step time.Duration) (iter.Seq2[energy.PointID, iter.Seq[energy.Reading]], error) {
	s, ok := p.Site(site)
	if !ok {
		return nil, fmt.Errorf("past of %s: the plant has no such site", site)
	}
	if step < time.Millisecond {
		return nil, fmt.Errorf("past of %s: step %s is below a millisecond", site, step)
	}
	type point struct {
		id energy.PointID
		source
	}
	var points []point
	for _, m := range s.meters {
		for _, f := range m.offered() {
			points = append(points, point{m.point(f.quantity), source{m, f}})
		}
	}
	slices.SortFunc(points, func(a, b point) int { return cmp.Compare(a.id, b.id) })
	return func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) {
		held := s.hold(period)
		for _, point := range points {
			if !yield(point.id, point.readings(held, period, step)) {
				return
			}
		}
	}, nil
}

// states gives the states of a site: the site itself, or days of it held for a while.
type states interface {
	At(time.Time) State
	dark(time.Time) bool
}

// days are consecutive days of a site, computed when first asked for.
type days struct {
	*Site
	begin int64
	held  []*day
}

// hold prepares the days of a period.
func (s *Site) hold(p energy.Period) *days {
	first := dayNumber(p.From)
	return &days{Site: s, begin: first, held: make([]*day, max(0, dayNumber(p.To)-first+1))}
}

// At is the site at t, which lies in the period.
func (d *days) At(t time.Time) State {
	ms := t.UnixMilli()
	number := floorDiv(ms, millisPerDay)
	slot := &d.held[number-d.begin]
	if *slot == nil {
		*slot = d.Site.day(number)
	}
	return State{site: d.Site, day: *slot, ms: ms - number*millisPerDay}
}

// readings are the source's readings of a period, without those of outages.
func (s source) readings(from states, period energy.Period, step time.Duration) iter.Seq[energy.Reading] {
	return func(yield func(energy.Reading) bool) {
		for t := period.From.UTC(); t.Before(period.To); t = t.Add(step) {
			if from.dark(t) {
				continue
			}
			v, err := s.shown(from.At(t))
			if err != nil || !yield(energy.Reading{At: t, Value: v, Quality: energy.Measured}) {
				return
			}
		}
	}
}
