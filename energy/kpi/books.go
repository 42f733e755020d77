package kpi

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// Books know which points of a site count for which figure on which day. What
// counts changes only where the registry lets a point, the weight of imported
// heat or another fact of the figures begin or end, so terms are found once for all days between two such changes. Books are for one
// goroutine.
type Books struct {
	site   registry.Site
	bounds []energy.Date // days on which a point or weight begins or no longer counts, ascending
	pages  map[int]*page // by the number of bounds up to a day
}

// page is what counts on the days between two bounds.
type page struct {
	points  []*registry.Point
	entries []entry
}

// entry is a figure with its terms.
type entry struct {
	Definition
	category int
	pair     Pair
}

// NewBooks are the books of a site.
func NewBooks(site registry.Site) *Books {
	b := &Books{site: site, pages: map[int]*page{}}
	bound := func(dates ...energy.Date) {
		for _, date := range dates {
			if date != (energy.Date{}) {
				b.bounds = append(b.bounds, date)
			}
		}
	}
	bound(site.From, site.To)
	for _, meter := range site.Meters {
		for _, point := range meter.Points {
			bound(point.From, point.To)
		}
	}
	for _, fact := range site.Facts {
		if slices.Contains([]string{ThermalFactor, MixedBuilding, HeatTemperature}, fact.Name) {
			bound(factDays(fact))
		}
	}
	slices.SortFunc(b.bounds, func(x, y energy.Date) int { return x.UTC().Compare(y.UTC()) })
	return b
}

func (b *Books) page(date energy.Date) *page {
	n := 0
	for n < len(b.bounds) && !date.Before(b.bounds[n]) {
		n++
	}
	if p := b.pages[n]; p != nil {
		return p
	}
	day := On(date)
	p := &page{points: counted(b.site, day)}
	for _, d := range Definitions() {
		for _, category := range d.Categories(b.site, day) {
			if pair, ok := d.Of(b.site, category, day); ok {
				p.entries = append(p.entries, entry{d, category, pair})
			}
		}
	}
	b.pages[n] = p
	return p
}

// Of are the terms of a figure on a day, by its name; ok is false when the site
// lacks the points it needs then.
func (b *Books) Of(name string, category int, date energy.Date) (pair Pair, ok bool) {
	for _, e := range b.page(date).entries {
		if e.Name == name && e.category == category {
			return e.pair, true
		}
	}
	return Pair{}, false
}

// Balance gives the lines of one local day, in the order of (Role, Category).
func (b *Books) Balance(date energy.Date, period energy.Period, days map[energy.PointID]series.Day, spans map[energy.PointID][]series.Span) []Line {
	p := b.page(date)
	lines := roleLines(p.points, period, days, spans)
	for _, e := range p.entries {
		if e.Numerator != 0 && !e.Shared {
			lines = append(lines, e.lines(e.pair.Day(period, days, spans), e.category)...)
		}
	}
	slices.SortStableFunc(lines, func(a, b Line) int {
		if a.Role != b.Role {
			return int(a.Role) - int(b.Role)
		}
		return int(a.Category) - int(b.Category)
	})
	return lines
}

// Balance gives the lines of a single day; for many, keep [Books].
func Balance(site registry.Site, date energy.Date, period energy.Period, days map[energy.PointID]series.Day, spans map[energy.PointID][]series.Span) []Line {
	return NewBooks(site).Balance(date, period, days, spans)
}
