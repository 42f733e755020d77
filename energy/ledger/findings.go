package ledger

import (
	"context"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/validation"
)

// Findings are what the rules of package validation find in a site and period,
// and the balances of its nodes. They are computed when somebody asks, from the
// days, spans and readings that are there anyway: a rule or a limit that changes
// needs no day closed anew, and what was found as known at an earlier time
// follows from the facts of that time like every figure.
type Findings struct {
	Fact     int64         // they rest on every fact of the site up to this one
	Period   energy.Period // whole local days
	List     []validation.Finding
	Balances []validation.Balance
}

// lookBack is how many days before a period are compared with it: a year and a
// month, so that the copy of last year is recognised.
const lookBack = 400

// Findings looks for what is wrong at a site in a period, widened to whole local
// days, as known at a time (zero = now).
func (l *Ledger) Findings(ctx context.Context, id energy.SiteID, p energy.Period, at time.Time) (Findings, error) {
	version, err := l.store.CountEntries(ctx) // before the registry is read: what is remembered is never newer
	if err != nil {
		return Findings{}, err
	}
	q, err := l.inquire(ctx, id, at)
	if err != nil {
		return Findings{}, err
	}
	days := q.calendar.Days(p)
	if len(days) == 0 {
		return Findings{}, fmt.Errorf("look for findings of %s in %s: the period is empty", id, p)
	}
	q.period = energy.Period{From: q.calendar.Day(days[0]).From, To: q.calendar.Day(days[len(days)-1]).To}
	question := validation.Question{Site: q.site, Calendar: q.calendar, Period: q.period, Until: at, Limits: validation.Defaults()}
	if at.IsZero() {
		question.Until = l.store.Now()
	}
	answer := Findings{Period: q.period}
	read := func(ctx context.Context, s store.Reader) (err error) {
		if question.Known, err = q.knownOfAll(ctx, s); err != nil {
			return err
		}
		answer.List, err = q.deliveries(ctx, s, version)
		return err
	}
	if err := l.store.Snapshot(ctx, read); err != nil {
		return Findings{}, fmt.Errorf("look for findings of %s in %s: %w", id, q.period, err)
	}
	answer.Fact = q.upto
	answer.List = append(answer.List, validation.Check(question)...)
	validation.Sort(answer.List)
	answer.Balances = validation.Balances(question)
	return answer, nil
}

// knownOfAll are the days and spans of all points of the site in the period and
// for a while before it. What is known now was closed; what was known earlier is
// derived anew. It sets the fact the answer rests on.
func (q *inquiry) knownOfAll(ctx context.Context, s store.Reader) (map[energy.PointID]series.Known, error) {
	from, to := q.calendar.Date(q.period.From).AddDays(-lookBack), q.calendar.Date(q.period.To)
	whole := energy.Period{From: q.calendar.Day(from).From, To: q.period.To}
	known := map[energy.PointID]series.Known{}
	if !q.at.IsZero() {
		for _, point := range pointsOf(q.site) {
			days, spans, _, err := q.ledger.days(ctx, q.registry, q.calendar, point, whole, q.at, q.upto)
			if err != nil {
				return nil, err
			}
			known[point.ID] = series.Known{Days: days, Spans: spans}
		}
		return known, nil
	}
	var ids []energy.PointID
	for _, point := range pointsOf(q.site) {
		ids = append(ids, point.ID)
	}
	days, upto, err := s.Days(ctx, q.site.ID, ids, from, to)
	if err != nil {
		return nil, err
	}
	spans, err := s.Spans(ctx, q.site.ID, ids, whole)
	if err != nil {
		return nil, err
	}
	q.upto = upto
	for _, id := range ids {
		known[id] = series.Known{Days: days[id], Spans: spans[id]}
	}
	return known, nil
}

// pointsOf are the points of all meters of a site.
func pointsOf(site registry.Site) []registry.Point {
	var points []registry.Point
	for _, meter := range site.Meters {
		points = append(points, meter.Points...)
	}
	return points
}
