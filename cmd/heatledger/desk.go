package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"golang.org/x/sync/errgroup"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/store"
)

// desk closes the days of sites that have new facts, and packs readings that
// have become old.
type desk struct {
	closer *closing.Closer
	store  *store.Store
	log    *slog.Logger

	mutex   sync.Mutex
	waiting map[energy.SiteID]bool
	woken   chan struct{} // holds one token when somebody waits
}

func newDesk(closer *closing.Closer, s *store.Store, log *slog.Logger) *desk {
	return &desk{closer: closer, store: s, log: log, waiting: map[energy.SiteID]bool{}, woken: make(chan struct{}, 1)}
}

// slowClosing is how long a closing may take without a word in the log.
const slowClosing = 10 * time.Second

// behind tells, for each site, how many facts are not in the days yet.
func (d *desk) behind(ctx context.Context) (map[energy.SiteID]int64, error) {
	sites, err := d.store.Sites(ctx)
	if err != nil {
		return nil, err
	}
	facts := make(map[energy.SiteID]int64, len(sites))
	for _, site := range sites {
		head, err := d.store.Head(ctx, site)
		if err != nil {
			return nil, err
		}
		cursor, err := d.store.Cursor(ctx, site, store.JobClosing)
		if err != nil {
			return nil, err
		}
		facts[site] = max(0, head.Seq-cursor)
	}
	return facts, nil
}

// lag writes behind as metrics; without the database, of which /readyz tells, none.
func (d *desk) lag(ctx context.Context, w io.Writer) {
	facts, _ := d.behind(ctx)
	for _, site := range slices.Sorted(maps.Keys(facts)) {
		metrics.WriteGaugeUint64(w, fmt.Sprintf("heatledger_facts_not_closed{site=%q}", site), uint64(facts[site]))
	}
}

// look wakes the sites that have facts nobody told of: those that other
// processes take, such as `collect` and `apply`.
func (d *desk) look(ctx context.Context) {
	facts, err := d.behind(ctx)
	if err != nil {
		d.complain(ctx, "look for new facts", "", err)
		return
	}
	for site, n := range facts {
		if n > 0 {
			d.wake(site)
		}
	}
}

// wake says that a site has new facts. It never waits.
func (d *desk) wake(site energy.SiteID) {
	d.mutex.Lock()
	d.waiting[site] = true
	d.mutex.Unlock()
	select {
	case d.woken <- struct{}{}:
	default:
	}
}

// take is the sites that wait, and nobody waits any more.
func (d *desk) take() map[energy.SiteID]bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	sites := d.waiting
	d.waiting = map[energy.SiteID]bool{}
	return sites
}

// run works until ctx ends. What goes wrong is tried again; facts are not in a
// hurry.
func (d *desk) run(ctx context.Context) error {
	d.all(ctx) // facts that came while nobody closed
	seal := time.NewTicker(sealEvery)
	defer seal.Stop()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-seal.C:
			d.seal(ctx)
		case <-look.C:
			d.look(ctx)
		case <-d.woken:
			d.sites(ctx, d.take())
			select { // gather what comes at once
			case <-ctx.Done():
				return nil
			case <-time.After(closeEvery):
			}
		}
	}
}

// sites closes several sites, two at a time: beside one with years to derive
// the others of the round go on.
func (d *desk) sites(ctx context.Context, waiting map[energy.SiteID]bool) {
	var group errgroup.Group
	group.SetLimit(2)
	for site := range waiting {
		group.Go(func() error {
			d.site(ctx, site)
			return nil
		})
	}
	_ = group.Wait() // site tells its errors itself
}

// all closes every site.
func (d *desk) all(ctx context.Context) {
	sites, err := d.store.Sites(ctx)
	if err != nil {
		d.complain(ctx, "list sites", "", err)
		return
	}
	for _, site := range sites {
		d.wake(site)
	}
}

// site closes one site, and puts it back when that does not work.
func (d *desk) site(ctx context.Context, site energy.SiteID) {
	if site == store.Municipality {
		d.all(ctx) // what belongs to no site may concern every site
		return
	}
	begun := time.Now()
	closed, err := d.closer.Site(ctx, site)
	if took := time.Since(begun); took > slowClosing {
		d.log.Info("closing a site took long", "site", site, "took", took.Round(time.Millisecond), "days", closed.Days)
	}
	if err != nil {
		d.complain(ctx, "close a site", site, err)
	}
	if (err != nil || closed.Busy) && ctx.Err() == nil {
		d.wake(site)
	}
}

// seal packs the readings of every site that are older than a while.
func (d *desk) seal(ctx context.Context) {
	sites, err := d.store.Sites(ctx)
	if err != nil {
		d.complain(ctx, "list sites", "", err)
		return
	}
	for _, site := range sites {
		for more := true; more && ctx.Err() == nil; {
			sealed, err := d.store.Seal(ctx, site, 1<<62, time.Now().Add(-sealAfter))
			if err != nil {
				d.complain(ctx, "seal readings", site, err)
			}
			more = err == nil && sealed.More
		}
	}
}

func (d *desk) complain(ctx context.Context, what string, site energy.SiteID, err error) {
	switch {
	case ctx.Err() != nil:
	case store.IsTransient(err):
		d.log.Debug(what, "site", site, "err", err)
	default:
		d.log.Error(what, "site", site, "err", err)
	}
}
