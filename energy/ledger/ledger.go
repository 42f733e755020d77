// Package ledger answers questions about what is known: the registry, readings,
// quarter-hours and figures of a site, now or as they were known at an earlier
// time. It reads facts and what was derived from them. The only facts it adds are
// the judgements that are issued and the steps of their hearing.
package ledger

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// Municipality is the site that owns the facts which belong to no site.
const Municipality = store.Municipality

// Ledger reads a store. It is safe for concurrent use.
type Ledger struct {
	store *store.Store
	zone  string // of sites and municipalities that name none

	mutex     sync.Mutex
	version   int64                           // number of registry entries that all of current were made from
	current   map[string]*registry.Registry   // by the reach of whoever asks; "": all there is
	rulebooks map[string]*commitment.Rulebook // read so far; nil for an id nobody knows
	adopted   bool                            // those that came along are known to be recorded

	deliveries deliveries // what was found in readings
}

// New is a ledger over s. zone is the IANA zone of sites that name none.
func New(s *store.Store, zone string) *Ledger { return &Ledger{store: s, zone: zone} }

// Store is the store the ledger reads.
func (l *Ledger) Store() *store.Store { return l.store }

// reachesKept is for how many reaches the registry is kept beside the whole.
const reachesKept = 64

// Registry is what exists and was promised, as known now: as much of it as
// whoever asks reaches ([store.OnBehalf]). The result is shared: it must not be
// changed.
func (l *Ledger) Registry(ctx context.Context) (*registry.Registry, error) {
	version, err := l.store.CountEntries(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the version of the registry: %w", err)
	}
	var key string
	if reach, bound := store.AskedBy(ctx); bound && !reach.Everywhere {
		key = fmt.Sprint("reach ", reach.Sites, reach.Points)
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.current == nil || l.version != version || key != "" && len(l.current) > reachesKept {
		l.current, l.version = map[string]*registry.Registry{}, version
	}
	if r := l.current[key]; r != nil {
		return r, nil
	}
	r, err := l.load(ctx, func(energy.SiteID) (int64, error) { return newest, nil })
	if err != nil {
		return nil, err
	}
	l.current[key] = r
	return r, nil
}

// newest is a fact number beyond every one there will be, always an instant
// after every one.
const newest = int64(1) << 62

var always = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// RegistryAt is the registry as known at t.
func (l *Ledger) RegistryAt(ctx context.Context, t time.Time) (*registry.Registry, error) {
	return l.load(ctx, func(site energy.SiteID) (int64, error) { return l.store.Upto(ctx, site, t) })
}

func (l *Ledger) load(ctx context.Context, upto func(energy.SiteID) (int64, error)) (*registry.Registry, error) {
	sites, err := l.store.Sites(ctx)
	if err != nil {
		return nil, fmt.Errorf("list sites: %w", err)
	}
	var entries []registry.Entry
	for _, site := range append([]energy.SiteID{Municipality}, sites...) {
		n, err := upto(site)
		if err != nil {
			return nil, fmt.Errorf("read what was known of %q: %w", site, err)
		}
		versions, err := l.store.Entries(ctx, site, n)
		if err != nil {
			return nil, fmt.Errorf("read the registry of %q: %w", site, err)
		}
		for _, e := range store.Current(versions, always) {
			if !bytes.Equal(e.Body, store.Withdrawn) && inRegistry(e.Kind) {
				entries = append(entries, registry.Entry{Kind: e.Kind, ID: e.ID, Site: site, Body: e.Body})
			}
		}
	}
	r, err := registry.FromEntries(entries)
	if err != nil {
		return nil, fmt.Errorf("assemble the registry from its entries: %w", err)
	}
	return r, nil
}

// inRegistry tells whether entries of a kind say what exists and was promised.
func inRegistry(kind string) bool { return slices.Contains(registry.Kinds(), registry.Kind(kind)) }

// Calendar is the calendar of a site.
func (l *Ledger) Calendar(r *registry.Registry, site energy.SiteID) (energy.Calendar, error) {
	return r.Calendar(site, l.zone)
}
