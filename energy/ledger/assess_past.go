package ledger

import (
	"context"
	"fmt"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/series"
)

// knownYear is what was known of a site in a local calendar year at an earlier
// time, derived once from the facts of then: several rules and the forecasts ask
// for parts of the same years. The quarter-hours are not kept.
type knownYear struct {
	lines  map[energy.Date][]kpi.Line
	totals map[energy.Date]map[energy.PointID]energy.Amount
	spans  map[energy.PointID][]series.Span
}

// year derives a year, up to the day of the judgement.
func (s *source) year(ctx context.Context, year int) (*knownYear, error) {
	if known, ok := s.years[year]; ok {
		return known, nil
	}
	q := *s.inquiry
	q.period = q.calendar.Year(year)
	if end := q.calendar.Day(s.on).From; end.Before(q.period.To) {
		q.period.To = end
	}
	k := &knownYear{lines: map[energy.Date][]kpi.Line{}, totals: map[energy.Date]map[energy.PointID]energy.Amount{}, spans: map[energy.PointID][]series.Span{}}
	if q.period.From.Before(q.period.To) {
		a := &account{inquiry: &q, books: kpi.NewBooks(q.site), lines: map[month][]kpi.Line{}, hourly: map[energy.Date]map[energy.PointID]series.Day{}}
		if err := a.anew(ctx); err != nil {
			return nil, fmt.Errorf("derive %d anew: %w", year, err)
		}
		k.spans = a.spans
		for date, days := range a.hourly {
			k.totals[date] = make(map[energy.PointID]energy.Amount, len(days))
			for point, day := range days {
				k.totals[date][point] = day.Total
			}
			k.lines[date] = a.books.Balance(date, q.calendar.Day(date), days, a.spans)
		}
	}
	s.years[year] = k
	return k, nil
}

// fill gives an account what was known of its period at the time.
func (s *source) fill(ctx context.Context, a *account) error {
	a.spans, a.totals = map[energy.PointID][]series.Span{}, map[energy.PointID]energy.Amount{}
	days := a.days()
	for year := days.From.Year; year <= days.To.AddDays(-1).Year; year++ {
		k, err := s.year(ctx, year)
		if err != nil {
			return err
		}
		for point, spans := range k.spans {
			for _, span := range spans {
				if span.Period.Overlaps(a.period) && !holdsSpan(a.spans[point], span) {
					a.spans[point] = append(a.spans[point], span)
				}
			}
		}
	}
	for date := days.From; date.Before(days.To); date = date.AddDays(1) {
		k := s.years[date.Year]
		m := month{Year: date.Year, Month: date.Month}
		a.lines[m] = append(a.lines[m], k.lines[date]...)
		for point, total := range k.totals[date] {
			a.totals[point] += total
		}
	}
	return nil
}

// holdsSpan tells whether a span is among others: one across the end of a year
// is known in both.
func holdsSpan(list []series.Span, s series.Span) bool {
	for _, other := range list {
		if other.Period == s.Period {
			return true
		}
	}
	return false
}
