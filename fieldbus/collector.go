package fieldbus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Collector runs the drivers of a process. One that returns or panics is
// started again after a while, and its meters are silent until then; the others
// go on meanwhile. Its fields are set before Run and Health are called.
type Collector struct {
	Drivers []Driver
	Sink    Sink
	Log     *slog.Logger // nil: nobody is told

	mu      sync.Mutex
	stopped map[int]stop // by place in Drivers: those that are not running
}

// stop is why a driver is not running.
type stop struct {
	since   time.Time
	problem string
}

// How long a driver rests before it is started again, doubling up to restMost;
// one that ran longer than that begins anew.
const (
	restFirst = time.Second
	restMost  = time.Minute
)

var errReturned = errors.New("it returned although nobody told it to")

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
		if err == nil {
			err = errReturned
		}
		if c.Log != nil {
			c.Log.Error("a driver stopped; it is started again", "driver", number, "after", rest, "err", err)
		}
		c.note(number, err)
		t := time.NewTimer(rest)
		select {
		case <-ctx.Done():
			t.Stop()
		case <-t.C:
		}
		c.clear(number)
	}
}

func (c *Collector) note(number int, err error) {
	problem, _, _ := strings.Cut(err.Error(), "\n") // without the stack of a panic
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped == nil {
		c.stopped = make(map[int]stop)
	}
	c.stopped[number] = stop{since: time.Now().UTC(), problem: "driver stopped: " + problem}
}

func (c *Collector) clear(number int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.stopped, number)
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

// Health is the state of every meter, by connection and meter. The meters of a
// driver that is not running are silent, whatever it last said of them; one
// that names no meters stands for itself.
func (c *Collector) Health() []MeterHealth {
	var all []MeterHealth
	for i, driver := range c.Drivers {
		meters := driver.Health()
		c.mu.Lock()
		down, is := c.stopped[i]
		c.mu.Unlock()
		if !is {
			all = append(all, meters...)
			continue
		}
		if len(meters) == 0 {
			meters = []MeterHealth{{Connection: fmt.Sprintf("driver %d", i+1)}}
		}
		for _, m := range meters {
			if m.State != Silent {
				m.State, m.Since = Silent, down.since
			}
			m.LastError = down.problem
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b MeterHealth) int {
		return cmp.Or(cmp.Compare(a.Connection, b.Connection), cmp.Compare(a.Meter, b.Meter))
	})
	return all
}
