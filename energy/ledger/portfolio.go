package ledger

import (
	"context"
	"fmt"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/portfolio"
	"heatledger/energy/registry"
)

// Presences are how complete sites are on a day. Months of which nothing is known
// count as unknown, unless the site was not yet kept or in operation.
func (l *Ledger) Presences(ctx context.Context, r *registry.Registry, sites []energy.SiteID, on energy.Date) (map[energy.SiteID]portfolio.Presence, error) {
	from, to := portfolio.Months(on)
	found, err := l.store.Presences(ctx, sites, from, to)
	if err != nil {
		return nil, fmt.Errorf("see how complete %d sites are on %s: %w", len(sites), on, err)
	}
	all := make(map[energy.SiteID]portfolio.Presence, len(found))
	for id, p := range found {
		at := portfolio.Presence{Latest: p.Latest}
		if months := monthsOf(r, id, from, to); months > 0 && p.ExpectedS > 0 {
			share := float64(p.EnergyS) / float64(p.ExpectedS) * min(1, float64(p.Months)/float64(months))
			at.Complete = commitment.Some(share)
		} else if months > 0 {
			at.Complete = commitment.Some(0)
		}
		all[id] = at
	}
	return all, nil
}

// monthsOf is how many months of a stretch of whole months a site was kept and in
// operation, the first one counted as a whole.
func monthsOf(r *registry.Registry, id energy.SiteID, from, to energy.Date) int {
	site, ok := r.Site(id)
	if !ok {
		return 0
	}
	for _, day := range []energy.Date{site.From, site.InOperationSince} {
		if from.Before(day) {
			from = day
		}
	}
	return max(0, (to.Year-from.Year)*12+int(to.Month)-int(from.Month))
}
