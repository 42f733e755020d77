package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
)

// Assess judges the commitments that bind a site, as known now, for the last
// closed and the running period on a day, and gives the fact number the
// judgement rests on. rulebook "" means all of them; the id of a rulebook only
// those that name it or, where none does, the rulebook itself.
func (l *Ledger) Assess(ctx context.Context, site energy.SiteID, on energy.Date, rulebook string) ([]commitment.Assessment, int64, error) {
	return l.AssessAt(ctx, site, on, rulebook, time.Time{})
}

// AssessAt is Assess as known at a time; the zero Time is now.
func (l *Ledger) AssessAt(ctx context.Context, id energy.SiteID, on energy.Date, rulebook string, at time.Time) ([]commitment.Assessment, int64, error) {
	now, err := l.Registry(ctx)
	if err != nil {
		return nil, 0, err
	}
	if _, ok := now.Site(id); !ok {
		return nil, 0, fmt.Errorf("assess %s: %w", id, ErrNoSite)
	}
	r, upto, err := l.known(ctx, id, at)
	if err != nil {
		return nil, 0, err
	}
	site, ok := r.Site(id)
	if !ok { // not there yet at that time
		return nil, 0, fmt.Errorf("assess %s: %w", id, ErrNoSite)
	}
	calendar, err := l.Calendar(r, id)
	if err != nil {
		return nil, 0, err
	}
	figures := &sources{ledger: l, site: id, at: at, on: on}
	list := []commitment.Assessment{}
	for _, promise := range Binding(r, site, rulebook) {
		book, _, err := commitment.Find(promise.Rulebook)
		if err != nil {
			return nil, 0, err
		}
		found, err := commitment.Assess(commitment.Question{
			Site: site, Registry: r, Commitment: promise, Rulebook: book, On: on, Calendar: calendar, Figures: figures.within(ctx),
		})
		if err != nil {
			return nil, 0, err
		}
		list = append(list, found...)
	}
	return list, upto, nil
}

// Binding are the commitments that bind a site: its own, then those of the
// municipality for this site, its operator or all; with a rulebook only those
// that name it or, where none does, one that is nothing but the rulebook.
func Binding(r *registry.Registry, site registry.Site, rulebook string) []registry.Commitment {
	var list []registry.Commitment
	for _, c := range site.Commitments {
		if rulebook == "" || c.Rulebook == rulebook {
			list = append(list, c)
		}
	}
	for _, c := range r.Commitments {
		all := len(c.Sites) == 0 && c.Operator == ""
		binds := all || slices.Contains(c.Sites, site.ID) || c.Operator != "" && c.Operator == site.Operator
		if binds && (rulebook == "" || c.Rulebook == rulebook) {
			list = append(list, c)
		}
	}
	if len(list) == 0 && rulebook != "" {
		list = append(list, registry.Commitment{ID: rulebook, Rulebook: rulebook})
	}
	return list
}
