package atlas

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/heatmap"
)

// Atlas answers what sources a ledger knows. It is safe for concurrent use.
//
// What somebody may read anyhow is read on his behalf ([store.OnBehalf]); what a
// decision shows him is read by the program, after the decision.
type Atlas struct {
	ledger *ledger.Ledger
	memory memory
}

// New is an atlas over a ledger.
func New(l *ledger.Ledger) *Atlas { return &Atlas{ledger: l} }

// ErrNotSeen says that there is no such source, or that nothing of it may be seen: the
// two are not told apart.
var ErrNotSeen = errors.New("there is no such source of heat that may be seen")

// ErrCoarse says that a source may be seen, but not by the hour.
var ErrCoarse = errors.New("the source may not be seen by the hour")

// ErrUnknown says that a source may be seen by the hour, and that no hour is known.
var ErrUnknown = errors.New("nothing is known of the source by the hour")

// seen is a site of which somebody may see something.
type seen struct {
	id   energy.SiteID
	view View
	rest resting            // what an answer about it rests on
	past *registry.Registry // as known at the question's instant; nil: it is read
}

// context is that by which the site is read.
func (s seen) context(ctx context.Context) context.Context {
	if s.view.Extent == Everything {
		return ctx
	}
	return store.AsOwner(ctx)
}

// Sources are the sheets of all sources of which somebody may see anything, by site.
// Sites of which no kind of heat is known are among them for those who may read them.
func (a *Atlas) Sources(ctx context.Context, who Asker, q Question) ([]Sheet, error) {
	sites, err := a.seen(ctx, who, q)
	if err == nil && !q.AsKnownAt.IsZero() {
		sites, err = a.knownThen(ctx, sites, q.AsKnownAt)
	}
	if err != nil {
		return nil, err
	}
	return a.sheets(ctx, sites, q)
}

// knownThen are those of the sites that were known at an instant, with the registry of
// then: read once for all that whoever asks may read himself, and once for the others.
func (a *Atlas) knownThen(ctx context.Context, sites []seen, at time.Time) (list []seen, err error) {
	registries := map[bool]*registry.Registry{}
	for _, one := range sites {
		own := one.view.Extent == Everything
		if registries[own] == nil {
			if registries[own], err = a.ledger.RegistryAt(one.context(ctx), at); err != nil {
				return nil, err
			}
		}
		one.past = registries[own]
		if _, known := one.past.Site(one.id); known {
			list = append(list, one)
		}
	}
	return list, nil
}

// Sheet is that of one source. It errs with [ErrNotSeen].
func (a *Atlas) Sheet(ctx context.Context, who Asker, site energy.SiteID, q Question) (Sheet, error) {
	one, err := a.one(ctx, who, site, q)
	if err != nil {
		return Sheet{}, err
	}
	e, err := a.entry(ctx, one, q)
	return e.sheet, err
}

// View is what somebody may see of a site now. Its Extent is [Nothing] where the site
// does not exist for him.
func (a *Atlas) View(ctx context.Context, who Asker, site energy.SiteID, now time.Time) (View, error) {
	one, err := a.one(ctx, who, site, Question{Now: now})
	if errors.Is(err, ErrNotSeen) {
		return View{}, nil
	}
	return one.view, err
}

func (a *Atlas) one(ctx context.Context, who Asker, site energy.SiteID, q Question) (seen, error) {
	sites, err := a.seen(ctx, who, q, site)
	if err != nil {
		return seen{}, err
	}
	if len(sites) == 0 {
		return seen{}, fmt.Errorf("look up %s: %w", site, ErrNotSeen)
	}
	return sites[0], nil
}

// seen are the sites of which somebody may see anything, by id: of those named, or of
// all.
func (a *Atlas) seen(ctx context.Context, who Asker, q Question, only ...energy.SiteID) (list []seen, err error) {
	owner := store.AsOwner(ctx)
	known, err := a.ledger.Registry(owner)
	if err != nil {
		return nil, err
	}
	own, err := a.ledger.Registry(ctx) // what the second wall leaves of it
	if err != nil {
		return nil, err
	}
	var ids []energy.SiteID
	for _, site := range known.Sites {
		if len(only) == 0 || slices.Contains(only, site.ID) {
			ids = append(ids, site.ID)
		}
	}
	entries, err := a.ledger.Store().CountEntries(owner)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		calendar, err := a.ledger.Calendar(known, id)
		if err != nil {
			return nil, err
		}
		var decided []ledger.Decided
		if !who.reads(id) {
			if decided, err = a.decided(owner, id, entries); err != nil {
				return nil, err
			}
		}
		one := seen{id: id, view: ViewOf(who, id, decided, calendar.Date(q.Now))}
		if _, mine := own.Site(id); one.view.Extent == Nothing || one.view.Extent == Everything && !mine {
			continue
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(x, y seen) int { return strings.Compare(string(x.id), string(y.id)) })
	return list, a.rest(owner, known, entries, list, q)
}

// load reads what is known of a site over the days of a question.
func (a *Atlas) load(ctx context.Context, site seen, q Question) (Known, error) {
	d, err := a.ledger.SiteDays(ctx, ledger.SiteQuestion{Site: site.id, From: q.From, To: q.To, At: q.AsKnownAt, Points: HeatPoints, Registry: site.past})
	if err != nil {
		return Known{}, err
	}
	return Known{Stored: heatmap.Stored{Site: d.Site, Calendar: d.Calendar, From: q.From, To: q.To, Days: d.Days, Fact: d.Fact},
		State: stateOf(d.Registry.Municipality.AGS), Promises: promises(d.Registry, d.Site)}, nil
}

// HeatPoints are the points of a site that heat is known from: a year of all of them
// would be read in vain.
func HeatPoints(site registry.Site) (points []energy.PointID) {
	roles := []energy.Role{energy.HeatDelivered, energy.HeatAvailable, energy.HeatRequested, energy.HeatRejected, energy.ITLoad}
	all := kpi.Points(site)
	for _, meter := range site.Meters {
		for _, p := range meter.Points {
			if (slices.Contains(roles, p.Role) || p.DeductFrom != "") && slices.Contains(all, p.ID) {
				points = append(points, p.ID)
			}
		}
	}
	return points
}
