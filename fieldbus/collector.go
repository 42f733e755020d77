package fieldbus

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// Collector runs the drivers of a process. One that returns or panics is
// started again after a while; the others go on meanwhile.
type Collector struct {
	Drivers []Driver
	Sink    Sink
	Log     *slog.Logger
}

// How long a driver rests before it is started again, doubling up to restMost.
const (
	restFirst = time.Second
	restMost  = time.Minute
)

// Run runs every driver until ctx ends, and returns nil when all have stopped.
func (c *Collector) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for i, driver := range c.Drivers {
		group.Go(func() error {
			c.keep(ctx, i, driver)
			return nil
		})
	}
	return group.Wait()
}

// keep runs one driver again and again until ctx ends.
func (c *Collector) keep(ctx context.Context, number int, driver Driver) {
	for rest := restFirst; ctx.Err() == nil; rest = min(2*rest, restMost) {
		begun := time.Now()
		err := c.guarded(ctx, driver)
		if ctx.Err() != nil {
			return
		}
		if time.Since(begun) > restMost {
			rest = restFirst
		}
		c.Log.Error("a driver stopped; it is started again", "driver", number, "after", rest, "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(rest):
		}
	}
}

// guarded runs a driver and turns its panic into an error.
func (c *Collector) guarded(ctx context.Context, driver Driver) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("run a driver: panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return driver.Run(ctx, c.Sink)
}

// Health is the state of every meter, by connection and meter.
func (c *Collector) Health() []MeterHealth {
	var all []MeterHealth
	for _, driver := range c.Drivers {
		all = append(all, driver.Health()...)
	}
	slices.SortStableFunc(all, func(a, b MeterHealth) int {
		return cmp.Or(cmp.Compare(a.Connection, b.Connection), cmp.Compare(a.Meter, b.Meter))
	})
	return all
}
