package ledger

import (
	"context"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/energy/completeness"
)

// Completeness says of each day of a year and each point of a site whether its
// values are there, as closed now; now is the instant of the question.
func (l *Ledger) Completeness(ctx context.Context, id energy.SiteID, year int, now time.Time) (strips []completeness.Strip, fact int64, err error) {
	r, err := l.Registry(ctx)
	if err != nil {
		return nil, 0, err
	}
	site, ok := r.Site(id)
	if !ok {
		return nil, 0, fmt.Errorf("see how complete %q is: %w", id, ErrNoSite)
	}
	calendar, err := l.Calendar(r, id)
	if err != nil {
		return nil, 0, err
	}
	var ids []energy.PointID
	for _, p := range pointsOf(site) {
		ids = append(ids, p.ID)
	}
	q := completeness.Question{Site: site, Year: year, On: calendar.Date(now), Calendar: calendar}
	q.Days, fact, err = l.store.Days(ctx, id, ids, energy.Date{Year: year, Month: 1, Day: 1}, energy.Date{Year: year + 1, Month: 1, Day: 1})
	if err != nil {
		return nil, 0, fmt.Errorf("see how complete %q is: %w", id, err)
	}
	return completeness.Strips(q), fact, nil
}
