package spool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"heatledger/energy"

	"golang.org/x/sync/errgroup"
)

// houseEvery is how often delivered files are looked through for old ones and
// marks are brought to disk.
const houseEvery = time.Minute

// patience is how often Drain lets the centre turn a lane round (ask again, want
// a new epoch) before it gives up.
const patience = 20

// Deliver cuts batches as they fall due and takes them to the centre until ctx
// ends; then it returns nil. Sites are served beside each other, a lane's
// batches one after the other, live before backlog in turn. What the centre or
// the network does is coped with; the error is one that no retry can mend, such
// as a disk that does not keep what is written.
func (s *Spool) Deliver(ctx context.Context, to Deliverer) error {
	s.delivering.Lock()
	defer s.delivering.Unlock()
	c := s.newCourier(to)
	group, ctx := errgroup.WithContext(ctx)
	served := make(map[energy.SiteID]bool)
	house := time.NewTicker(houseEvery)
	defer house.Stop()
	for {
		for _, of := range s.allSites() {
			if !served[of.id] {
				served[of.id] = true
				group.Go(func() error { return c.serve(ctx, of) })
			}
		}
		select {
		case <-ctx.Done():
			return group.Wait()
		case <-s.newcomers:
		case <-house.C:
			if err := s.keepHouse(); err != nil {
				s.options.Log.Warn("spool is not tidied", "err", err)
			}
		}
	}
}

// Drain cuts all that is in the spool and delivers it now, without coming back
// to what goes wrong: then it errs, naming each site, and the rest stays queued.
// It is for the end of a program, after Deliver has returned.
func (s *Spool) Drain(ctx context.Context, to Deliverer) error {
	s.delivering.Lock()
	defer s.delivering.Unlock()
	c := s.newCourier(to)
	var problem error
	// A centre that turns out to be restored makes lanes ask again that were
	// done already: hence rounds.
	for range patience {
		if problem = c.drainAll(ctx); problem != nil || !s.pending() {
			break
		}
	}
	return errors.Join(problem, s.keepHouse())
}

// drainAll is one round of Drain over all sites, beside each other.
func (c *courier) drainAll(ctx context.Context) error {
	var group errgroup.Group
	sites := c.allSites()
	problems := make([]error, len(sites))
	for i, of := range sites {
		group.Go(func() error {
			problems[i] = c.drain(ctx, of)
			return nil
		})
	}
	_ = group.Wait() // problems are kept by site: one does not end the others
	return errors.Join(problems...)
}

// pending tells whether any lane has something to ask or tell the centre.
func (s *Spool) pending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.state.lanes, (*lane).pending)
}

// keepHouse brings marks to disk and deletes what is not needed any more.
func (s *Spool) keepHouse() error {
	return errors.Join(s.secureMarks(), s.sweep(), s.retire(), s.takeDown(true))
}

// allSites are the sites with readings in the journal or batches in the log, in
// the order of their names.
func (s *Spool) allSites() []*site {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.state.lanes {
		s.dictionary.site(l.site)
	}
	return slices.SortedFunc(maps.Values(s.dictionary.sites), func(a, b *site) int { return cmp.Compare(a.id, b.id) })
}

// courier takes batches to one Deliverer.
type courier struct {
	*Spool
	to    Deliverer
	slots chan *workspace // as many batches are under way as there are
}

// newCourier makes the courier of one Deliver or Drain, with its own memory.
func (s *Spool) newCourier(to Deliverer) *courier {
	c := &courier{Spool: s, to: to, slots: make(chan *workspace, s.options.Parallel)}
	for range s.options.Parallel {
		c.slots <- new(workspace)
	}
	return c
}

// outcome is what one step of a lane came to.
type outcome int

const (
	idle      outcome = iota // nothing to deliver, or not yet
	delivered                // one batch more is at the centre
	again                    // the centre wants it otherwise: rewound, or a new epoch
	failed                   // tried later
)

// serve delivers one site's batches until ctx ends.
func (c *courier) serve(ctx context.Context, of *site) error {
	var cutting attempt
	for ctx.Err() == nil {
		now := time.Now()
		if !cutting.again.After(now) {
			if err := c.cut(of, false); err != nil {
				if broken := c.log.broke(); broken != nil {
					return broken // a new process must read what is there
				}
				if cutting.failures == 0 {
					c.options.Log.Error("readings stay uncut", "site", of.id, "err", err)
				}
				cutting.fail(now, err)
			} else {
				cutting = attempt{}
			}
		}
		// One batch of each lane in turn: live readings wait for one batch of
		// the backlog at most, and the backlog moves however much is live.
		moved := false
		for _, l := range []energy.Lane{energy.Live, energy.Backlog} {
			switch result, err := c.step(ctx, laneKey{of.id, l}); {
			case err != nil && c.log.broke() != nil:
				return c.log.broke()
			case result == delivered:
				moved = true
			}
		}
		if !moved {
			c.rest(ctx, of, cutting)
		}
	}
	return nil
}

// rest waits until there is something to do for the site.
func (c *courier) rest(ctx context.Context, of *site, cutting attempt) {
	c.mu.Lock()
	_, pieces, due := c.plan(of, c.options.Now(), false)
	if pieces > 0 {
		due = 0
	}
	if !cutting.again.IsZero() {
		due = max(due, time.Until(cutting.again))
	}
	for _, key := range []laneKey{{of.id, energy.Live}, {of.id, energy.Backlog}} {
		if i, known := c.state.index[key]; known && c.state.lanes[i].pending() {
			due = min(due, time.Until(c.state.lanes[i].attempt.again))
		}
	}
	c.mu.Unlock()
	if due == math.MaxInt64 {
		due = time.Hour // a nudge comes first
	}
	t := time.NewTimer(max(due, 0))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-of.wake:
	case <-t.C:
	}
}

// drain delivers all of one site's readings; what fails once stays.
func (c *courier) drain(ctx context.Context, of *site) error {
	if err := c.cut(of, true); err != nil {
		return err
	}
	var problems []error
	for _, l := range []energy.Lane{energy.Live, energy.Backlog} {
		problems = append(problems, c.drainLane(ctx, laneKey{of.id, l}))
	}
	return errors.Join(problems...)
}

// drainLane delivers until the lane is empty or something fails. It does not
// wait between tries: whoever drains has no time.
func (c *courier) drainLane(ctx context.Context, k laneKey) error {
	turned := 0
	for {
		c.mu.Lock()
		i, known := c.state.index[k]
		if !known || !c.state.lanes[i].pending() {
			c.mu.Unlock()
			return nil
		}
		c.state.lanes[i].attempt.again = time.Time{}
		c.mu.Unlock()
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("drain site %s: %w", k.site, err)
		}
		result, err := c.step(ctx, k)
		if result == again {
			turned++
		}
		if err != nil && (result != again || turned > patience) {
			return fmt.Errorf("drain site %s: %w", k.site, err)
		}
	}
}
