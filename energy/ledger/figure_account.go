package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/grid"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// account is everything the figures of a site and period are computed from,
// read at once so that it belongs together.
type account struct {
	*inquiry
	books     *kpi.Books
	lines     map[month][]kpi.Line // of the balance
	spans     map[energy.PointID][]series.Span
	totals    map[energy.PointID]energy.Amount              // by which the accuracy of each meter weighs
	hourly    map[energy.Date]map[energy.PointID]series.Day // days of the points whose hours are needed
	unweighed bool                                          // totals are not known: the accuracy of the meters is not asked for
}

// month is a local calendar month.
type month = registry.Month

// account reads what the figures need: from the balances for what is known
// now, from the facts for what was known earlier.
func (q *inquiry) account(ctx context.Context, list []wanted) (*account, error) {
	a := &account{inquiry: q, books: kpi.NewBooks(q.site), lines: map[month][]kpi.Line{}, hourly: map[energy.Date]map[energy.PointID]series.Day{}}
	points, hourly := map[energy.PointID]bool{}, map[energy.PointID]bool{}
	for _, w := range list {
		for _, point := range w.pair.Points() {
			points[point] = true
			if a.needsHours(w) {
				hourly[point] = true
			}
		}
	}
	if q.ready.serves(list) {
		q.ready.fill(a, list, slices.Sorted(maps.Keys(points)))
		return a, nil
	}
	var err error
	if q.past != nil && len(hourly) == 0 {
		err = q.past.fill(ctx, a)
	} else if q.at.IsZero() {
		err = a.read(ctx, slices.Sorted(maps.Keys(points)), slices.Sorted(maps.Keys(hourly)))
	} else {
		err = a.anew(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("compute figures of %s in %s: %w", q.site.ID, q.period, err)
	}
	return a, nil
}

// needsHours tells whether the figure is computed from hours.
func (a *account) needsHours(w wanted) bool {
	if w.PerCapacity {
		_, declared := kpi.Capacity(a.site, a.days())
		return !declared
	}
	return w.Hour != nil
}

// read takes what closing has derived.
func (a *account) read(ctx context.Context, points, hourly []energy.PointID) error {
	days := a.days()
	grain := store.GrainDay
	if a.wholeMonths() {
		grain = store.GrainMonth
	}
	return a.ledger.store.Snapshot(ctx, func(ctx context.Context, s store.Reader) (err error) {
		if a.upto, err = s.Cursor(ctx, a.site.ID, store.JobClosing); err != nil {
			return err
		}
		balances, err := s.Balances(ctx, []energy.SiteID{a.site.ID}, grain, days.From, days.To)
		if err != nil {
			return err
		}
		for _, b := range balances {
			m := month{Year: b.Period.Year, Month: b.Period.Month}
			a.lines[m] = append(a.lines[m], line(b))
		}
		if a.spans, err = s.Spans(ctx, a.site.ID, points, a.period); err != nil {
			return err
		}
		if a.totals, err = s.Totals(ctx, a.site.ID, a.withInputs(points), days.From, days.To); err != nil || len(hourly) == 0 {
			return err
		}
		byPoint, _, err := s.Days(ctx, a.site.ID, hourly, days.From, days.To)
		for point, list := range byPoint {
			for _, day := range list {
				a.keep(point, day)
			}
		}
		return err
	})
}

func (a *account) keep(point energy.PointID, day series.Day) {
	if a.hourly[day.Date] == nil {
		a.hourly[day.Date] = map[energy.PointID]series.Day{}
	}
	a.hourly[day.Date][point] = day
}

// anew derives days and balances from the facts up to an earlier one.
func (a *account) anew(ctx context.Context) error {
	a.spans, a.totals = map[energy.PointID][]series.Span{}, map[energy.PointID]energy.Amount{}
	for _, id := range a.withInputs(kpi.Points(a.site)) {
		_, _, point, _ := a.registry.Point(id)
		days, spans, _, err := a.ledger.days(ctx, a.registry, a.calendar, point, a.period, a.at, a.upto)
		if err != nil {
			return err
		}
		for _, day := range days {
			a.keep(id, day)
			a.totals[id] += day.Total
		}
		for _, span := range spans {
			if span.Period.Overlaps(a.period) {
				a.spans[id] = append(a.spans[id], span)
			}
		}
	}
	for _, date := range a.calendar.Days(a.period) { // as of that day: points come and go
		m := month{Year: date.Year, Month: date.Month}
		a.lines[m] = append(a.lines[m], a.books.Balance(date, a.calendar.Day(date), a.hourly[date], a.spans)...)
	}
	return nil
}

func line(b store.Balance) kpi.Line {
	return kpi.Line{Role: b.Role, Category: b.Category, Amount: energy.Amount(b.Amount), Substitute: energy.Amount(b.Substitute),
		IntervalS: b.CoveredS, EnergyS: b.EnergyS, PeriodS: b.ExpectedS}
}

// sum adds up the figure, with codes of what a reader has to know of it.
func (a *account) sum(w wanted) (sum kpi.Sum, notes []string) {
	if w.Hour != nil {
		return a.hours(w)
	}
	for _, lines := range a.lines {
		sum.Add(w.SumOf(lines, w.category))
	}
	if !w.PerCapacity {
		return sum, nil
	}
	if power, ok := kpi.Capacity(a.site, a.days()); ok {
		sum.Denominator = power
		return sum, []string{"capacity=declared"}
	}
	for date, days := range a.hourly {
		if pair, ok := a.books.Of(w.Name, w.category, date); ok {
			sum.Denominator = max(sum.Denominator, kpi.Peak(pair.Hours(a.calendar.Day(date), days, a.spans)))
		}
	}
	return sum, []string{"capacity=highest_hour"}
}

// hours adds up an hourly figure day by day.
func (a *account) hours(w wanted) (sum kpi.Sum, notes []string) {
	var certified kpi.Certified
	if w.Matched {
		certified = a.certified()
	}
	for date, days := range a.hourly {
		pair, ok := a.books.Of(w.Name, w.category, date) // as of that day: points come and go
		if !ok {
			continue
		}
		sum.Add(w.Sum(pair, a.calendar.Day(date), days, a.spans, certified))
	}
	if w.GridData {
		notes = gridNotes(a.period)
	}
	return sum, notes
}

// gridNotes name the years whose hours of the grid stand for the period's, and
// how many of them their source estimated.
func gridNotes(p energy.Period) (notes []string) {
	estimated := 0
	for at := p.From; at.Before(p.To); at = at.Add(time.Hour) {
		hour := grid.At(at)
		note := fmt.Sprintf("grid_year=%d", hour.Year)
		if hour.Moved {
			note = fmt.Sprintf("grid_moved_by_weekday_from=%d", hour.Year)
		}
		if !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
		if hour.Estimated {
			estimated++
		}
	}
	if estimated > 0 {
		notes = append(notes, fmt.Sprintf("grid_estimated_hours=%d", estimated))
	}
	return append(notes, "grid_by_hour")
}

// spansOf are the spans of the pair's points.
func (a *account) spansOf(pair kpi.Pair) map[energy.PointID][]series.Span {
	spans := map[energy.PointID][]series.Span{}
	for _, point := range pair.Points() {
		if list := a.spans[point]; len(list) > 0 {
			spans[point] = list
		}
	}
	return spans
}
