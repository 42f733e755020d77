package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// Pooled is a figure of several sites in a period ("2024", see [Ledger.Figures]),
// each in its own calendar, weighted with their E_DC and as one ratio
// ([kpi.Weigh], [kpi.Pool]).
func (l *Ledger) Pooled(ctx context.Context, sites []energy.SiteID, metric, period string, at time.Time) (kpi.Pooled, error) {
	all, _, err := l.PooledAll(ctx, sites, []string{metric}, period, at)
	if err != nil {
		return kpi.Pooled{}, err
	}
	return all[0], nil
}

// PooledAll are several figures of several sites, as known at a time (zero =
// now), and the fact number of each site they rest on. A site that was not known
// then counts as one without the figure.
func (l *Ledger) PooledAll(ctx context.Context, sites []energy.SiteID, metrics []string, period string, at time.Time) ([]kpi.Pooled, []int64, error) {
	lists, facts := make([][]kpi.Figure, len(sites)), make([]int64, len(sites))
	for i, id := range sites {
		q, err := l.inquire(ctx, id, at)
		if errors.Is(err, ErrNoSite) && !at.IsZero() {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("pool the figures of %d sites: %w", len(sites), err)
		}
		if q.period, err = q.calendar.Parse(period); err != nil {
			return nil, nil, err
		}
		lists[i], err = q.figures(ctx, func(d kpi.Definition) bool {
			return (d.Name == kpi.AnnualPUE || d.Name == "erf" || slices.Contains(metrics, d.Name)) && q.balanced(d)
		})
		if err != nil {
			return nil, nil, err
		}
		facts[i] = q.upto
	}
	all := make([]kpi.Pooled, len(metrics))
	for i, metric := range metrics {
		weighed := make([]kpi.Weighed, len(sites))
		for j, figures := range lists {
			weighed[j] = kpi.Weigh(figures, metric)
		}
		all[i] = kpi.Pool(weighed)
	}
	return all, facts, nil
}
