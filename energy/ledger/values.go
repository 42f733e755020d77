package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// Step is the length of the intervals of an answer.
type Step string

// The steps of the API.
const (
	Raw         Step = "raw" // the readings themselves
	QuarterHour Step = "15m"
	Hour        Step = "1h"
	Day         Step = "1d"  // local days
	Month       Step = "1mo" // local months
)

// Known tells whether s is one of the steps.
func (s Step) Known() bool {
	switch s {
	case Raw, QuarterHour, Hour, Day, Month:
		return true
	}
	return false
}

// ErrNoPoint says that the registry has no such point.
var ErrNoPoint = errors.New("no such point")

// Value is one interval of an answer: the amount of the interval for energy
// and volume, the time mean for levels. Without OK there is none.
type Value struct {
	Period           energy.Period
	Value            energy.Value // canonical unit
	OK               bool
	Quality          energy.Quality
	EnergyCoverage   float64
	IntervalCoverage float64
}

// Series is an answer about one point. Every interval of the question is
// present, also those without a value.
type Series struct {
	Fact     int64 // the answer rests on every fact of the site up to this one
	Quantity energy.Quantity
	Unit     energy.Unit
	Values   []Value
	Readings []energy.Reading // for Raw
}

// Question asks for the values of a point.
type Question struct {
	Point  energy.PointID
	Period energy.Period
	Step   Step
	At     time.Time // as known at; zero = now
	Limit  int       // of Raw: readings wanted, the first ones; 0 = all
}

// Values answers a question. The period is widened to whole steps.
func (l *Ledger) Values(ctx context.Context, q Question) (Series, error) {
	a, err := l.ask(ctx, q)
	if err != nil {
		return Series{}, err
	}
	answer := Series{Quantity: a.point.Quantity, Unit: a.point.Quantity.Unit(), Fact: a.upto}
	if q.Step == Raw {
		answer.Readings, err = l.readings(ctx, q, a.upto)
		return answer, err
	}
	steps := cut(a.calendar, q.Period, q.Step)
	if len(steps) == 0 {
		return answer, nil
	}
	whole := energy.Period{From: steps[0].From, To: steps[len(steps)-1].To}
	days, spans, upto, err := l.days(ctx, a.registry, a.calendar, a.point, whole, q.At, a.upto)
	if err != nil {
		return Series{}, err
	}
	answer.Fact = upto
	answer.Values = values(answer.Quantity, q.Step, steps, days, spans)
	return answer, nil
}

// about is what a question is about, as known at its time.
type about struct {
	registry *registry.Registry
	calendar energy.Calendar
	point    registry.Point
	upto     int64
}

func (l *Ledger) ask(ctx context.Context, q Question) (a about, err error) {
	site := q.Point.Site()
	if a.registry, a.upto, err = l.known(ctx, site, q.At); err != nil {
		return about{}, err
	}
	var ok bool
	if _, _, a.point, ok = a.registry.Point(q.Point); !ok {
		return about{}, fmt.Errorf("answer for %s: %w", q.Point, ErrNoPoint)
	}
	a.calendar, err = l.Calendar(a.registry, site)
	return a, err
}

// readings are the readings of a question, read in stretches that grow until
// there are enough, so that a question for decades holds no decades in memory.
func (l *Ledger) readings(ctx context.Context, q Question, upto int64) ([]energy.Reading, error) {
	const firstStretch = 24 * time.Hour
	var found []energy.Reading
	stretch := q.Period.Length()
	if q.Limit > 0 {
		stretch = firstStretch
	}
	for from := q.Period.From; from.Before(q.Period.To) && (q.Limit == 0 || len(found) < q.Limit); stretch *= 2 {
		p := energy.Period{From: from, To: from.Add(stretch)}
		if p.To.After(q.Period.To) {
			p.To = q.Period.To
		}
		runs, err := l.store.Runs(ctx, q.Point.Site(), []energy.PointID{q.Point}, p, upto)
		if err != nil {
			return nil, fmt.Errorf("read facts of %s: %w", q.Point, err)
		}
		for _, reading := range series.Visible(runs[q.Point], upto) {
			if p.Contains(reading.At) {
				found = append(found, reading)
			}
		}
		from = p.To
	}
	return found, nil
}

// known gives the registry and the fact number of a question.
func (l *Ledger) known(ctx context.Context, site energy.SiteID, at time.Time) (*registry.Registry, int64, error) {
	if at.IsZero() {
		r, err := l.Registry(ctx)
		if err != nil {
			return nil, 0, err
		}
		if _, ok := r.Site(site); !ok {
			return nil, 0, fmt.Errorf("look up %s: %w", site, ErrNoSite)
		}
		head, err := l.store.Head(ctx, site)
		if err != nil {
			return nil, 0, fmt.Errorf("read the head of %s: %w", site, err)
		}
		return r, head.Seq, nil
	}
	r, err := l.RegistryAt(ctx, at)
	if err != nil {
		return nil, 0, err
	}
	if _, ok := r.Site(site); !ok {
		return nil, 0, fmt.Errorf("look up %s: %w", site, ErrNoSite)
	}
	upto, err := l.store.Upto(ctx, site, at)
	if err != nil {
		return nil, 0, fmt.Errorf("read what was known of %s at %s: %w", site, at, err)
	}
	return r, upto, nil
}

// days are the point's days that overlap p: those closed, or, as known at an
// earlier time, derived anew from the facts up to then.
func (l *Ledger) days(ctx context.Context, r *registry.Registry, calendar energy.Calendar, point registry.Point, p energy.Period, at time.Time, upto int64) ([]series.Day, []series.Span, int64, error) {
	site := point.ID.Site()
	dates := calendar.Days(p)
	if at.IsZero() {
		points := []energy.PointID{point.ID}
		var days map[energy.PointID][]series.Day
		var spans map[energy.PointID][]series.Span
		var fact int64
		err := l.store.Snapshot(ctx, func(ctx context.Context, s store.Reader) (err error) {
			if days, fact, err = s.Days(ctx, site, points, dates[0], dates[len(dates)-1].AddDays(1)); err != nil {
				return err
			}
			spans, err = s.Spans(ctx, site, points, p)
			return err
		})
		return days[point.ID], spans[point.ID], fact, err
	}
	known, err := l.knownAt(ctx, r, calendar, point, dates, upto)
	days := slices.DeleteFunc(known.Days, func(d series.Day) bool { return !slices.Contains(dates, d.Date) })
	return days, known.Spans, upto, err
}

// cut cuts p, widened to whole steps, into the intervals of an answer.
func cut(calendar energy.Calendar, p energy.Period, step Step) []energy.Period {
	var steps []energy.Period
	switch step {
	case Day:
		for _, date := range calendar.Days(p) {
			steps = append(steps, calendar.Day(date))
		}
	case Month:
		date := calendar.Date(p.From)
		for m := calendar.Month(date.Year, date.Month); m.From.Before(p.To); {
			steps = append(steps, m)
			next := calendar.Date(m.To)
			m = calendar.Month(next.Year, next.Month)
		}
	default:
		length := energy.QuarterHour
		if step == Hour {
			length = time.Hour
		}
		first := p.From.Truncate(length)
		steps = make([]energy.Period, 0, max(0, p.To.Sub(first)/length+1)) // 35,040 in a year
		for from := first; from.Before(p.To); from = from.Add(length) {
			steps = append(steps, energy.Period{From: from, To: from.Add(length)})
		}
	}
	return steps
}
