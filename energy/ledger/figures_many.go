package ledger

import (
	"context"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/store"
)

// MetricIn is a figure, by its name in FIGURES.md, in local days [From, To) of
// whichever site it is asked of.
type MetricIn struct {
	Metric   string
	From, To energy.Date
}

// MetricsOf are figures of many sites, as known now: of each site by what was asked.
// A figure that a site has no points for is not among them. What follows from
// balances is read for all sites at once, what is computed from hours site by site.
func (l *Ledger) MetricsOf(ctx context.Context, sites []energy.SiteID, asked []MetricIn) (map[energy.SiteID]map[MetricIn]kpi.Figure, error) {
	r, err := l.Registry(ctx)
	if err != nil {
		return nil, err
	}
	b, of := newBatch(r), make([]*inquiry, len(sites))
	for i, id := range sites {
		if of[i], err = l.inquire(ctx, id, time.Time{}); err != nil {
			return nil, err
		}
		for _, one := range asked {
			if atOnce(one.Metric) {
				b.note(questions{site: of[i].site, calendar: of[i].calendar}, one.Metric, one.From, one.To, false)
			}
		}
	}
	if err := b.read(ctx, l.store, sites); err != nil {
		return nil, fmt.Errorf("read the balances of %d sites: %w", len(sites), err)
	}
	found := map[energy.SiteID]map[MetricIn]kpi.Figure{}
	for i, id := range sites {
		found[id] = map[MetricIn]kpi.Figure{}
		for _, one := range asked {
			q := *of[i]
			q.period = energy.Period{From: q.calendar.Day(one.From).From, To: q.calendar.Day(one.To).From}
			q.ready = b.ready[store.Stretch{Site: id, From: one.From, To: one.To}]
			figure, ok, err := q.metric(ctx, one.Metric)
			if err != nil {
				return nil, err
			}
			if ok {
				found[id][one] = figure
			}
		}
	}
	return found, nil
}
