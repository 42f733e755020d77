package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// ErrNoSite says that the registry has no such site.
var ErrNoSite = errors.New("no such site")

// Figures are the figures of a site in a period ("2024", "2024-06",
// "2024-06-03", "P12M/2024-09"), as known at a time (zero = now), and the fact
// number they rest on. A figure whose points the site lacks is not among them.
func (l *Ledger) Figures(ctx context.Context, id energy.SiteID, period string, at time.Time) ([]kpi.Figure, int64, error) {
	r, upto, err := l.known(ctx, id, at)
	if err != nil {
		return nil, 0, err
	}
	calendar, err := l.Calendar(r, id)
	if err != nil {
		return nil, 0, err
	}
	p, err := calendar.Parse(period)
	if err != nil {
		return nil, 0, err
	}
	return l.figures(ctx, r, calendar, id, p, at, upto)
}

// Metric is one figure of a site, by its name in FIGURES.md, in a period of
// whole local days, as known at a time (zero = now). For "pue" and "ipue" alike
// the period decides what the figure is called. Of several measurement
// categories it is the lowest. ok is false when the site lacks the points the
// figure needs, or no figure has that name.
func (l *Ledger) Metric(ctx context.Context, site energy.SiteID, metric string, p energy.Period, at time.Time) (figure kpi.Figure, ok bool, err error) {
	r, upto, err := l.known(ctx, site, at)
	if err != nil {
		return kpi.Figure{}, false, err
	}
	calendar, err := l.Calendar(r, site)
	if err != nil {
		return kpi.Figure{}, false, err
	}
	figures, _, err := l.figures(ctx, r, calendar, site, p, at, upto)
	for _, f := range figures {
		if f.Name == metric || f.Name == "ipue" && metric == "pue" || f.Name == "pue" && metric == "ipue" {
			return f, true, nil
		}
	}
	return kpi.Figure{}, false, err
}

func (l *Ledger) figures(ctx context.Context, r *registry.Registry, calendar energy.Calendar, id energy.SiteID, p energy.Period, at time.Time, upto int64) ([]kpi.Figure, int64, error) {
	site, ok := r.Site(id)
	if !ok {
		return nil, 0, fmt.Errorf("compute figures of %s: %w", id, ErrNoSite)
	}
	days := kpi.Days{From: calendar.Date(p.From), To: calendar.Date(p.To)}
	figures := []kpi.Figure{}
	for _, category := range kpi.Categories(site, days) {
		pair := kpi.PUEPair(site, category, days)
		if !pair.Complete() {
			continue
		}
		c := computing{ledger: l, registry: r, calendar: calendar, site: site, pair: pair, category: category, period: p, at: at, upto: upto}
		sum, spans, amounts, err := c.sum(ctx)
		if err != nil {
			return nil, 0, fmt.Errorf("compute figures of %s in %s: %w", id, p, err)
		}
		upto = c.upto
		figure := kpi.PUE(pair, category, p, isYear(calendar, p), sum, spans)
		figure.Uncertainty, figure.HasUncertainty = kpi.Uncertainty(shares(r, pair.Numerator, amounts), shares(r, pair.Denominator, amounts))
		figures = append(figures, figure)
	}
	return figures, upto, nil
}

// isYear tells whether p is twelve whole local months.
func isYear(c energy.Calendar, p energy.Period) bool {
	from := c.Date(p.From)
	return from.Day == 1 && c.Date(p.To) == energy.Date{Year: from.Year + 1, Month: from.Month, Day: 1}
}

// computing is one figure on its way.
type computing struct {
	ledger   *Ledger
	registry *registry.Registry
	calendar energy.Calendar
	site     registry.Site
	pair     kpi.Pair
	category int
	period   energy.Period
	at       time.Time
	upto     int64
}

// sum adds up the days of the period: from the balances for what is known
// now, from the facts for what was known earlier. amounts are each point's
// total, by which the uncertainty of its meter weighs.
func (c *computing) sum(ctx context.Context) (kpi.Sum, map[energy.PointID][]series.Span, map[energy.PointID]energy.Amount, error) {
	if !c.at.IsZero() {
		return c.sumAnew(ctx)
	}
	points := c.pair.Points()
	dates := c.calendar.Days(c.period)
	from, to := dates[0], dates[len(dates)-1].AddDays(1)
	grain := store.GrainDay
	if from.Day == 1 && to.Day == 1 {
		grain = store.GrainMonth
	}
	var sum kpi.Sum
	var spans map[energy.PointID][]series.Span
	var amounts map[energy.PointID]energy.Amount
	err := c.ledger.store.Snapshot(ctx, func(ctx context.Context, s store.Reader) (err error) {
		if c.upto, err = s.Cursor(ctx, c.site.ID, store.JobClosing); err != nil {
			return err
		}
		balances, err := s.Balances(ctx, []energy.SiteID{c.site.ID}, grain, from, to)
		if err != nil {
			return err
		}
		sum = c.paired(balances)
		if spans, err = s.Spans(ctx, c.site.ID, points, c.period); err != nil {
			return err
		}
		amounts, err = s.Totals(ctx, c.site.ID, points, from, to)
		return err
	})
	return sum, spans, amounts, err
}

// paired adds up the balances of both sides of the pair.
func (c *computing) paired(balances []store.Balance) kpi.Sum {
	var numerator, denominator kpi.Line
	for _, b := range balances {
		if b.Category != int16(c.category) {
			continue
		}
		switch b.Role {
		case kpi.PUENumerator:
			numerator.Add(line(b))
		case kpi.PUEDenominator:
			denominator.Add(line(b))
		}
	}
	sum := kpi.SumOf(numerator, denominator)
	sum.PeriodS = int64(c.period.Length().Seconds()) // days without any reading have no balance
	return sum
}

func (c *computing) sumAnew(ctx context.Context) (kpi.Sum, map[energy.PointID][]series.Span, map[energy.PointID]energy.Amount, error) {
	days := map[energy.Date]map[energy.PointID]series.Day{}
	spans := map[energy.PointID][]series.Span{}
	amounts := map[energy.PointID]energy.Amount{}
	for _, id := range c.pair.Points() {
		_, _, point, _ := c.registry.Point(id)
		list, pointSpans, _, err := c.ledger.days(ctx, c.registry, c.calendar, point, c.period, c.at, c.upto)
		if err != nil {
			return kpi.Sum{}, nil, nil, err
		}
		for _, day := range list {
			if days[day.Date] == nil {
				days[day.Date] = map[energy.PointID]series.Day{}
			}
			days[day.Date][id] = day
			amounts[id] += day.Total
		}
		for _, span := range pointSpans {
			if span.Period.Overlaps(c.period) {
				spans[id] = append(spans[id], span)
			}
		}
	}
	var sum kpi.Sum
	for _, date := range c.calendar.Days(c.period) {
		pair := kpi.PUEPair(c.site, c.category, kpi.On(date)) // as of that day: points come and go
		sum.Add(pair.Day(c.calendar.Day(date), days[date], spans))
	}
	return sum, spans, amounts, nil
}

func line(b store.Balance) kpi.Line {
	return kpi.Line{Role: b.Role, Category: b.Category, Amount: energy.Amount(b.Amount), Substitute: energy.Amount(b.Substitute),
		IntervalS: b.CoveredS, EnergyS: b.EnergyS, PeriodS: b.ExpectedS}
}

// shares are the terms with the accuracy of their meters.
func shares(r *registry.Registry, terms []kpi.Term, amounts map[energy.PointID]energy.Amount) []kpi.Share {
	list := make([]kpi.Share, len(terms))
	for i, term := range terms {
		_, meter, _, _ := r.Point(term.Point)
		percent, ok := kpi.MeterPercent(meter)
		list[i] = kpi.Share{Amount: kpi.Scale(amounts[term.Point], term.Factor, kpi.Unity), Percent: percent, HasClass: ok}
	}
	return list
}
