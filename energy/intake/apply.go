package intake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// Apply makes want what is known to exist and to be promised: each difference
// becomes a fact of its site, all in one transaction. It is idempotent. What
// want does not mention stays, unless prune. dryRun only tells the changes.
func (in *Intake) Apply(ctx context.Context, want *registry.Registry, actor string, prune, dryRun bool) ([]registry.Change, error) {
	current, err := in.ledger.Registry(ctx)
	if err != nil {
		return nil, err
	}
	changes := slices.DeleteFunc(registry.Diff(current.Entries(), want.Entries()), func(c registry.Change) bool {
		return c.Op == registry.Remove && !prune
	})
	if len(changes) == 0 || dryRun {
		return changes, nil
	}
	return changes, in.apply(ctx, want, actor, changes)
}

// Configure applies want at the start of a program, unasked: as [Intake.Apply]
// does without prune, but what a person recorded last stays as it is. kept are
// the differences that were left; an [Intake.Apply] that somebody asks for
// decides them.
func (in *Intake) Configure(ctx context.Context, want *registry.Registry, actor string) (applied, kept []registry.Change, err error) {
	changes, err := in.Apply(ctx, want, actor, false, true)
	if err != nil || len(changes) == 0 {
		return nil, nil, err
	}
	said := map[energy.SiteID]map[string]bool{}
	for _, c := range changes {
		byPeople, ok := said[c.Site]
		if !ok {
			if byPeople, err = in.saidByPeople(ctx, c.Site); err != nil {
				return nil, nil, err
			}
			said[c.Site] = byPeople
		}
		if byPeople[key(c.Kind, c.ID, c.Site)] {
			kept = append(kept, c)
		} else {
			applied = append(applied, c)
		}
	}
	if len(applied) == 0 {
		return nil, kept, nil
	}
	return applied, kept, in.apply(ctx, want, actor, applied)
}

// saidByPeople are the entries of a site whose last version a person recorded, be
// it that they are withdrawn.
func (in *Intake) saidByPeople(ctx context.Context, site energy.SiteID) (map[string]bool, error) {
	entries, err := in.store.Entries(ctx, site, math.MaxInt64)
	if errors.Is(err, store.ErrNoSite) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	latest := map[string]store.Entry{}
	for _, e := range entries {
		id := key(e.Kind, e.ID, site)
		if last, ok := latest[id]; !ok || e.Seq >= last.Seq {
			latest[id] = e
		}
	}
	people := map[string]bool{}
	for id, e := range latest {
		people[id] = store.ByPerson(e.Actor)
	}
	return people, nil
}

// apply makes changes towards want facts of their sites.
func (in *Intake) apply(ctx context.Context, want *registry.Registry, actor string, changes []registry.Change) error {
	bodies := map[string]registry.Entry{}
	for _, e := range want.Entries() {
		bodies[key(e.Kind, e.ID, e.Site)] = e
	}
	bySite := map[energy.SiteID][]registry.Change{}
	for _, change := range changes {
		bySite[change.Site] = append(bySite[change.Site], change)
	}
	sites := slices.Sorted(maps.Keys(bySite))
	if err := in.ensureSites(ctx, sites); err != nil {
		return err
	}
	if _, err := in.store.AppendAll(ctx, sites, func(ctx context.Context, facts map[energy.SiteID]*store.Fact) error {
		for _, site := range sites {
			for _, change := range bySite[site] {
				body := store.Withdrawn
				if change.Op != registry.Remove {
					body = bodies[key(change.Kind, change.ID, change.Site)].Body
				}
				if err := facts[site].Entry(ctx, change.Kind, change.ID, time.Time{}, actor, body); err != nil {
					return err
				}
			}
			if err := declare(ctx, facts[site], want, site); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return fmt.Errorf("apply the registry: %w", err)
	}
	for _, site := range sites {
		in.taken(site)
	}
	return nil
}

// declare tells the store which points a site has, so that it files their
// readings by meter.
func declare(ctx context.Context, f *store.Fact, r *registry.Registry, id energy.SiteID) error {
	site, ok := r.Site(id)
	if !ok {
		return nil
	}
	var points []store.Point
	for _, meter := range site.Meters {
		for _, p := range meter.Points {
			points = append(points, store.Point{ID: p.ID, Meter: meter.ID, Quantity: p.Quantity, Series: p.Series})
		}
	}
	if len(points) == 0 {
		return nil
	}
	return f.Declare(ctx, points)
}

// ensureSites makes the sites that are not there yet.
func (in *Intake) ensureSites(ctx context.Context, sites []energy.SiteID) error {
	for _, site := range sites {
		if err := in.store.EnsureSite(ctx, site); err != nil {
			return err
		}
	}
	return nil
}

func key(kind, id string, site energy.SiteID) string {
	return kind + "\x00" + id + "\x00" + string(site)
}

// Amend adds one fact to a site that says something new of what exists there, as
// [Intake.Apply] does with a whole file. write reads and writes behind the lock
// of the site; it checks before it writes ([registry.Registry.CheckFacts]).
func (in *Intake) Amend(ctx context.Context, site energy.SiteID, write func(ctx context.Context, f *store.Fact) error) (store.Head, error) {
	head, err := in.store.Append(ctx, site, write)
	if err == nil {
		in.taken(site)
	}
	return head, err
}
