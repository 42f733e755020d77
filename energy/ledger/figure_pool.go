package ledger

import (
	"context"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// Pooled is a figure of several sites in a period ("2024", see [Ledger.Figures]),
// each in its own calendar, weighted with their E_DC and as one ratio. Of several
// measurement categories a site gives the lowest. E_DC is the numerator of the
// site's PUE, or of an ERF where it has no IT energy.
func (l *Ledger) Pooled(ctx context.Context, sites []energy.SiteID, metric, period string, at time.Time) (kpi.Pooled, error) {
	list := make([]kpi.Weighed, len(sites))
	for i, id := range sites {
		q, err := l.inquire(ctx, id, at)
		if err != nil {
			return kpi.Pooled{}, fmt.Errorf("pool %s: %w", metric, err)
		}
		if q.period, err = q.calendar.Parse(period); err != nil {
			return kpi.Pooled{}, err
		}
		f, ok, err := q.metric(ctx, metric)
		if err != nil {
			return kpi.Pooled{}, err
		}
		if !ok {
			continue
		}
		list[i].Figure = f
		if list[i].EDC, err = q.weight(ctx); err != nil {
			return kpi.Pooled{}, err
		}
	}
	return kpi.Pool(list), nil
}

// weight is E_DC in kWh; 0 where it is not known.
func (q *inquiry) weight(ctx context.Context) (kilowattHours float64, err error) {
	pue, ok, err := q.metric(ctx, kpi.AnnualPUE)
	if err != nil || ok && pue.OK {
		return pue.Numerator.Float64(), err
	}
	erf, ok, err := q.metric(ctx, "erf")
	if err != nil || !ok || !erf.OK {
		return 0, err
	}
	return erf.Denominator.Float64(), nil
}
