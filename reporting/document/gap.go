package document

import (
	"context"
	"fmt"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

// due is the number of leading days that were over as of AsKnown: nothing is
// missing of a day to come.
func (g *gathering) due() int {
	n := 0
	for n < len(g.y.Dates) && !g.calendar.Day(g.y.Dates[n]).To.After(g.y.AsKnown) {
		n++
	}
	return n
}

// coverage is the share of a point's due days whose energy is known.
func (g *gathering) coverage(p Point) float64 {
	due, sum := g.due(), 0.0
	for _, day := range p.Days[:due] {
		sum += day.EnergyCoverage
	}
	if due == 0 {
		return 0
	}
	return sum / float64(due)
}

// gaps are the runs of due days of a point that are not wholly known, within
// the days on which the registry counts it.
func (g *gathering) gaps(p Point, point registry.Point) []Gap {
	var gaps []Gap
	open := 0 // days in the last of gaps; 0: none is open
	for i, day := range p.Days[:g.due()] {
		date := g.y.Dates[i]
		counts := !date.Before(point.From) && (point.To == energy.Date{} || date.Before(point.To))
		if !counts || day.EnergyCoverage >= 1 {
			open = 0
			continue
		}
		if open == 0 {
			gaps = append(gaps, Gap{Point: p.ID, From: date})
		}
		last := &gaps[len(gaps)-1]
		last.Share = (last.Share*float64(open) + day.EnergyCoverage) / float64(open+1)
		last.To = date
		open++
	}
	return gaps
}

// Years are the first and the last local year in which a site has readings, as
// known now; none if it has no readings.
func Years(ctx context.Context, l *ledger.Ledger, id energy.SiteID) ([]int, error) {
	r, err := l.Registry(ctx)
	if err != nil {
		return nil, err
	}
	site, ok := r.Site(id)
	if !ok {
		return nil, fmt.Errorf("look for readings of %s: %w", id, ledger.ErrNoSite)
	}
	calendar, err := l.Calendar(r, id)
	if err != nil {
		return nil, err
	}
	var years []int
	for _, meter := range site.Meters {
		for _, point := range meter.Points {
			extent, ok, err := l.Store().Extent(ctx, id, point.ID)
			if err != nil {
				return nil, fmt.Errorf("look for readings of %s: %w", point.ID, err)
			}
			if !ok {
				continue
			}
			first, last := calendar.Date(extent.From).Year, calendar.Date(extent.To).Year
			if years == nil {
				years = []int{first, last}
			}
			years = []int{min(years[0], first), max(years[1], last)}
		}
	}
	return years, nil
}
