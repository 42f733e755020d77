package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// ErrNoSite says that the registry has no such site.
var ErrNoSite = errors.New("no such site")

// Figures are the figures of a site in a period ("2024", "2024-06",
// "2024-06-03", "P12M/2024-09"), as known at a time (zero = now), and the fact
// number they rest on. A figure whose points the site lacks is not among them,
// nor is one that means nothing in such a period: guarantees of origin are
// balanced over years and months, not days. They count when they were cancelled
// before the local day of that time.
func (l *Ledger) Figures(ctx context.Context, id energy.SiteID, period string, at time.Time) ([]kpi.Figure, int64, error) {
	q, err := l.inquire(ctx, id, at)
	if err != nil {
		return nil, 0, err
	}
	if q.period, err = q.calendar.Parse(period); err != nil {
		return nil, 0, err
	}
	figures, err := q.figures(ctx, q.balanced)
	return figures, q.upto, err
}

// balanced tells whether a figure means anything in the period: guarantees of
// origin are balanced over years and months.
func (q *inquiry) balanced(d kpi.Definition) bool {
	switch d.Proof {
	case kpi.ProofOfYear:
		return isYear(q.calendar, q.period)
	case kpi.ProofOfMonth:
		return q.wholeMonths()
	}
	return true
}

// Metric is one figure of a site, by its name in FIGURES.md, in a period of
// whole local days, as known at a time (zero = now). For "pue" and "ipue" alike
// the period decides what the figure is called. Of several measurement
// categories it is the lowest. In a part of a year the figures that guarantees
// of origin join hold all of the supply year's against what was used so far.
// ok is false when the site lacks the points the figure needs, or no figure has
// that name.
func (l *Ledger) Metric(ctx context.Context, site energy.SiteID, metric string, p energy.Period, at time.Time) (figure kpi.Figure, ok bool, err error) {
	q, err := l.inquire(ctx, site, at)
	if err != nil {
		return kpi.Figure{}, false, err
	}
	q.period = p
	return q.metric(ctx, metric)
}

// metric is one figure in the period of the question.
func (q *inquiry) metric(ctx context.Context, metric string) (figure kpi.Figure, ok bool, err error) {
	if metric == kpi.InterimPUE {
		metric = kpi.AnnualPUE
	}
	figures, err := q.figures(ctx, func(d kpi.Definition) bool { return d.Name == metric })
	if err != nil || len(figures) == 0 {
		return kpi.Figure{}, false, err
	}
	return figures[0], true, nil
}

// inquiry is a question for figures of a site.
type inquiry struct {
	ledger   *Ledger
	registry *registry.Registry
	site     registry.Site
	calendar energy.Calendar
	period   energy.Period
	at       time.Time
	upto     int64       // the fact the answer rests on
	on       energy.Date // papers count that were cancelled before
	ready    *ready      // what was read of the period beforehand; nil: nothing
	past     *source     // keeps what was known at at of whole years; nil: nothing does
}

// guarantees are the guarantees of origin of the site.
func (q *inquiry) guarantees() []evidence.Guarantee {
	return evidence.Of(q.registry.Evidence, q.site, q.on)
}

func (l *Ledger) inquire(ctx context.Context, id energy.SiteID, at time.Time) (*inquiry, error) {
	r, upto, err := l.known(ctx, id, at)
	if err != nil {
		return nil, err
	}
	site, ok := r.Site(id)
	if !ok {
		return nil, fmt.Errorf("compute figures of %s: %w", id, ErrNoSite)
	}
	calendar, err := l.Calendar(r, id)
	if err != nil {
		return nil, err
	}
	moment := at
	if moment.IsZero() {
		moment = l.store.Now()
	}
	return &inquiry{ledger: l, registry: r, site: site, calendar: calendar, at: at, upto: upto, on: calendar.Date(moment)}, nil
}

// wanted is a figure with its terms at the site.
type wanted struct {
	kpi.Definition
	category int
	pair     kpi.Pair
}

// figures computes those that are wanted and that the site has points for.
func (q *inquiry) figures(ctx context.Context, want func(kpi.Definition) bool) ([]kpi.Figure, error) {
	list := q.wanted(want)
	figures := make([]kpi.Figure, 0, len(list))
	if len(list) == 0 {
		return figures, nil
	}
	a, err := q.account(ctx, list)
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		figures = append(figures, a.figure(w))
	}
	return figures, nil
}

// electricity is the green share by annual balance in the period before any
// guarantee, and the sum it comes from. ok is false when the site lacks the
// points it needs.
func (q *inquiry) electricity(ctx context.Context) (f kpi.Figure, sum kpi.Sum, ok bool, err error) {
	list := q.wanted(func(d kpi.Definition) bool { return d.Name == kpi.GreenShareAnnual })
	if len(list) == 0 {
		return kpi.Figure{}, kpi.Sum{}, false, nil
	}
	a, err := q.account(ctx, list)
	if err != nil {
		return kpi.Figure{}, kpi.Sum{}, false, err
	}
	w := list[0]
	w.Proof = kpi.NoProof
	sum, _ = a.sum(w)
	return a.figure(w), sum, true, nil
}

// wanted are the figures that are wanted in the period and that the site has
// points for.
func (q *inquiry) wanted(want func(kpi.Definition) bool) []wanted {
	if !q.period.From.Before(q.period.To) {
		return nil
	}
	days := q.days()
	var list []wanted
	for _, d := range kpi.Definitions() {
		if !want(d) {
			continue
		}
		for _, category := range d.Categories(q.site, days) {
			pair, ok := d.Of(q.site, category, days)
			if ok && d.Instead && slices.ContainsFunc(list, func(w wanted) bool { return w.Name == d.Name }) {
				continue
			}
			if ok {
				list = append(list, wanted{d, category, pair})
			}
		}
	}
	return list
}

// days are the local days of the period.
func (q *inquiry) days() kpi.Days {
	return kpi.Days{From: q.calendar.Date(q.period.From), To: q.calendar.Date(q.period.To)}
}

// wholeMonths tells whether the period is made of local calendar months.
func (q *inquiry) wholeMonths() bool {
	days := q.days()
	return days.From.Day == 1 && days.To.Day == 1
}

// isYear tells whether p is twelve whole local months.
func isYear(c energy.Calendar, p energy.Period) bool {
	from := c.Date(p.From)
	return from.Day == 1 && c.Date(p.To) == energy.Date{Year: from.Year + 1, Month: from.Month, Day: 1}
}

// figure computes one figure from the account.
func (a *account) figure(w wanted) kpi.Figure {
	sum, notes := a.sum(w)
	sum, proven, said := a.prove(w, sum)
	notes = append(notes, said...)
	sum.PeriodS = a.ownSeconds() // days without any reading have no balance
	figure := w.Figure(w.pair, w.category, a.period, sum, a.spansOf(w.pair))
	if figure.Name == kpi.AnnualPUE && !isYear(a.calendar, a.own()) {
		figure.Name = kpi.InterimPUE
	}
	if w.Market {
		notes = append(notes, a.market(w, &figure, proven)...)
	}
	if w.Notes != nil {
		notes = append(notes, w.Notes(a.site, w.category, a.days())...)
	}
	figure.Notes = append(notes, a.heatNotes(w, figure)...)
	figure.Uncertainty, figure.HasUncertainty = a.uncertainty(w, proven)
	return figure
}
