package ledger

import (
	"context"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/publication"
)

// Told is what the public knows at an instant of figures of single sites and of
// several together: what a further sum has to be held against before it is shown.
type Told struct {
	decided *summing
	sums    []PublishedSum
}

// Told asks for it.
func (l *Ledger) Told(ctx context.Context, now time.Time) (*Told, error) {
	decided, err := l.summing(ctx, now)
	if err != nil {
		return nil, err
	}
	sums, err := l.PublishedSums(ctx, now)
	return &Told{decided, sums}, err
}

// Discreet tells whether a sum of a figure in a calendar year may be shown: less the
// sites of which the public knows it anyhow nothing is left, or enough to hide each
// of them, and so is what sets it apart from every other sum that is shown.
func (t *Told) Discreet(figure string, year int, shares []publication.Share) bool {
	known := func(id energy.SiteID) bool { return t.decided.told(id, figure, year) }
	rest := publication.Without(shares, known)
	if len(rest) == 0 {
		return true
	}
	if !publication.Discreet(rest) {
		return false
	}
	label := firstOf(year).String()[:4]
	return !slices.ContainsFunc(t.sums, func(sum PublishedSum) bool {
		if sum.Held || sum.Figure != figure || sum.Period != label {
			return false
		}
		var other []publication.Share
		for _, id := range sum.Sites {
			one := publication.Share{Site: id, Operator: t.decided.operators[id]}
			if i := slices.IndexFunc(shares, func(s publication.Share) bool { return s.Site == id }); i >= 0 {
				one = shares[i]
			}
			other = append(other, one)
		}
		return !publication.Apart(rest, publication.Without(other, known))
	})
}
