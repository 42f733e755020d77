package match

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"
)

const (
	// piece is how many hours of a part without stores are one task.
	piece = 16 * block
	// mostRounds is how often a year with a cyclic store runs, at most.
	mostRounds = 40
	// settledShare of its capacity is how much a cyclic store may end beside its start.
	settledShare = 1e-6
)

// task is hours of a part, all of them where it has stores: there each hour needs the
// one before.
type task struct {
	part     *part
	from, to int
}

// Run matches. It errs with energy.Faults, all of them, where the input cannot be
// (see [Input.Check]), and where ctx ends.
func Run(ctx context.Context, in Input) (Result, error) {
	if err := in.Check().Err(); err != nil {
		return Result{}, err
	}
	c := compile(in)
	t, trace, err := c.run(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("match %d sources and %d areas: %w", len(in.Sources), len(in.Areas), err)
	}
	c.boil(t, trace)
	return c.result(t, trace), nil
}

// run works on all parts, with as many workers as there are processors.
func (c *compiled) run(ctx context.Context) (*tally, *trace, error) {
	trace := newTrace(c)
	tasks := make(chan task)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(tasks)
		for i := range c.parts {
			step := piece
			if len(c.parts[i].stores) > 0 {
				step = c.Hours
			}
			for from := 0; from < c.Hours; from += step {
				select {
				case tasks <- task{&c.parts[i], from, min(from+step, c.Hours)}:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	tallies := make([]*tally, runtime.GOMAXPROCS(0))
	for w := range tallies {
		tallies[w] = newTally(c)
		group.Go(func() error {
			for task := range tasks {
				if err := c.work(ctx, task, tallies[w], trace); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	for _, t := range tallies[1:] {
		tallies[0].add(t)
	}
	return tallies[0], trace, nil
}

// work does a task.
func (c *compiled) work(ctx context.Context, t task, into *tally, trace *trace) error {
	if !c.cyclic(t.part) {
		return newDesk(c, t.part, into, trace).runAll(ctx, t)
	}
	own := newTally(c)
	d := newDesk(c, t.part, own, trace)
	for round := 1; ; round++ {
		if err := d.runAll(ctx, t); err != nil {
			return err
		}
		settled := d.settled()
		if settled || round == mostRounds {
			for _, s := range t.part.stores {
				trace.stores[s].rounds, trace.stores[s].settled = round, settled
			}
			into.add(own)
			return nil
		}
		own.clear()
		d.again()
	}
}

// runAll runs the hours of a task, and looks at ctx between pieces of them.
func (d *desk) runAll(ctx context.Context, t task) error {
	for i, s := range d.p.stores {
		d.trace.stores[s].start = d.content[i]
	}
	for from := t.from; from < t.to; from += piece {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.run(from, min(from+piece, t.to))
	}
	return nil
}

// cyclic tells whether a store of the part is to begin as it ends.
func (c *compiled) cyclic(p *part) bool {
	for _, s := range p.stores {
		if c.Stores[s].Cyclic {
			return true
		}
	}
	return false
}

// settled tells whether all cyclic stores have ended as they began.
func (d *desk) settled() bool {
	for i, s := range d.p.stores {
		apart := d.content[i] - d.trace.stores[s].start
		if d.c.Stores[s].Cyclic && float64(max(apart, -apart)) > settledShare*float64(d.capacity[i]) {
			return false
		}
	}
	return true
}

// again begins the next round: cyclic stores as they have ended, the others as at
// first.
func (d *desk) again() {
	for i, s := range d.p.stores {
		if !d.c.Stores[s].Cyclic {
			d.content[i] = grains(d.c.Stores[s].Start)
		}
	}
}

// boil lets the boilers of all areas give what is lacked, one after the other, to the
// areas in their order.
func (c *compiled) boil(t *tally, trace *trace) {
	for i, b := range c.common {
		x := &trace.boilers[b]
		x.areas = make([]grain, len(c.Areas))
		if i == 0 && trace.rest == nil {
			c.boilAll(t, x)
			continue
		}
		for h := range c.Hours {
			if trace.rest != nil {
				c.boilHour(t, x, h, orEndless(c.Boilers[b].Power), trace.rest[h*len(c.Areas):(h+1)*len(c.Areas)])
			}
		}
	}
}

// endless tells whether the first boiler of all areas gives whatever is lacked, so that
// nobody has to know which area lacked what in which hour.
func (c *compiled) endless() bool {
	return len(c.common) > 0 && c.Boilers[c.common[0]].Power == 0
}

// boilAll lets a boiler without a bound give all that is lacked.
func (c *compiled) boilAll(t *tally, x *boilerTrace) {
	for a := range t.areas {
		area := &t.areas[a]
		x.areas[a] = area.unmet
		area.boiler += area.unmet
		area.unmet = 0
	}
	for h, lacked := range t.hours[unmetColumn] {
		x.given[h] = lacked
		t.hours[boilerColumn][h] += lacked
		t.hours[unmetColumn][h] = 0
	}
}

// boilHour lets a boiler give in an hour; rest is what areas lack.
func (c *compiled) boilHour(t *tally, boiler *boilerTrace, h int, power grain, rest []grain) {
	left := power
	for _, a := range c.inOrder {
		x := min(left, rest[a])
		rest[a] -= x
		left -= x
		boiler.areas[a] += x
		t.areas[a].boiler += x
		t.areas[a].unmet -= x
	}
	boiler.given[h] = power - left
	t.hours[boilerColumn][h] += power - left
	t.hours[unmetColumn][h] -= power - left
}
