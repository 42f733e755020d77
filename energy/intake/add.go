package intake

import (
	"context"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// Adding is something that a person adds to the registry from a page.
type Adding struct {
	registry.Amendment
	Actor string
	Why   string
	// Also writes what belongs to it within the fact, such as the document that
	// proves it; nil: nothing.
	Also func(ctx context.Context, f *store.Fact) error
}

// Added is what came of it: the fact by which it became known, and where.
type Added struct {
	Site    energy.SiteID // "": what belongs to the municipality
	Fact    int64
	At      time.Time
	Entries []registry.Entry
}

// KindRegistryChange is the kind of the entries that say who added something to the
// registry and why; they name the entry.
const KindRegistryChange = "registry_change"

// Add adds one thing to the registry, after the checks of registry.yaml; what
// it does not name stays as it is. It errs with energy.Faults, and with
// [ledger.ErrNoSite].
func (in *Intake) Add(ctx context.Context, a Adding) (done Added, err error) {
	r, err := in.ledger.Registry(ctx)
	if err != nil {
		return done, err
	}
	entries, faults := r.Amend(a.Amendment)
	if len(faults) > 0 {
		return done, faults
	}
	site := entries[0].Site
	if _, ok := r.Site(site); !ok && site != "" {
		return done, ledger.ErrNoSite
	}
	if err := in.ensureSites(ctx, []energy.SiteID{site}); err != nil {
		return done, err
	}
	before := map[string]registry.Entry{}
	for _, e := range r.Entries() {
		before[key(e.Kind, e.ID, e.Site)] = e
	}
	head, err := in.Amend(ctx, site, func(ctx context.Context, f *store.Fact) error {
		for _, e := range entries {
			if err := free(ctx, f, e, before); err != nil {
				return err
			}
			if err := f.Entry(ctx, e.Kind, e.ID, time.Time{}, a.Actor, e.Body); err != nil {
				return err
			}
			change := store.Change{Kind: KindRegistryChange, ID: e.Kind + " " + e.ID, Who: a.Actor, After: e.Body, Why: a.Why}
			if was, ok := before[key(e.Kind, e.ID, e.Site)]; ok {
				change.Before = was.Body
			}
			if err := f.Change(ctx, change); err != nil {
				return err
			}
		}
		if a.Also == nil {
			return nil
		}
		return a.Also(ctx, f)
	})
	if err != nil {
		return done, fmt.Errorf("add %s %s to the registry: %w", entries[0].Kind, entries[0].ID, err)
	}
	return Added{Site: site, Fact: head.Seq, At: head.RecordedAt, Entries: entries}, nil
}

// free errs when somebody else wrote the entry since the registry was read: now it
// says something else than then.
func free(ctx context.Context, f *store.Fact, e registry.Entry, before map[string]registry.Entry) error {
	versions, err := f.EntriesOf(ctx, e.Site, e.Kind, f.Seq)
	if err != nil {
		return err
	}
	var now store.Entry
	for _, v := range versions { // the last one
		if v.ID == e.ID {
			now = v
		}
	}
	_, then := before[key(e.Kind, e.ID, e.Site)]
	if now.Seq != 0 && !then && string(now.Body) != string(store.Withdrawn) {
		return energy.Faults{{Problem: fmt.Sprintf("%s %q was added by somebody else a moment ago", e.Kind, e.ID), Remedy: "look at the page again"}}
	}
	return nil
}
