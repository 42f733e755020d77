package closing

import (
	"context"
	"fmt"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// A site's cursor keeps the versions by which its days and balances were
// written. Another method derives everything anew from the facts; other books
// only add up the stored days again.
const (
	versionStep = 1000
	version     = Method*versionStep + kpi.Method
)

// compareVersion finds out whether what is stored was written by this program's
// method and books.
func (r *round) compareVersion(ctx context.Context) error {
	stored, err := r.tx.Version(ctx)
	if err != nil {
		return fmt.Errorf("compare the version: %w", err)
	}
	r.otherMethod = stored/versionStep != Method
	r.otherBooks = stored != version
	return nil
}

// rebook puts all days of the site among those whose balance is to be written,
// where its balances are those of other books.
func (r *round) rebook(ctx context.Context) error {
	if !r.otherBooks {
		return nil
	}
	s := r.closer.ledger.Store()
	points, err := s.Points(ctx, r.site)
	if err != nil {
		return fmt.Errorf("find the points of other books: %w", err)
	}
	var all energy.Period
	for _, point := range points {
		extent, ok, err := s.Extent(ctx, r.site, point.ID)
		if err != nil {
			return fmt.Errorf("find the days of other books: %w", err)
		}
		switch {
		case !ok:
		case all == energy.Period{}:
			all = extent
		default:
			all = union(all, extent)
		}
	}
	if all.To.IsZero() {
		return nil
	}
	for _, date := range r.calendar.Days(r.wholeDays(all)) {
		r.dirty[date] = true
	}
	return nil
}
