package modbus

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/fieldbus"
)

// Run reads until ctx ends. It returns nil then: what the network does is coped
// with. A request under way is waited for, at most its timeout; connecting, at
// most 5 s (15 s with TLS).
func (d *Driver) Run(ctx context.Context, sink fieldbus.Sink) error {
	d.mu.Lock()
	now := time.Now()
	d.begun = d.clock(now)
	for _, t := range d.tasks {
		t.due, t.set, t.wait, t.passed = d.begun, now, 0, 0 // once at once, then by the clock
	}
	if len(d.sockets) > 1 {
		d.using = map[uint8]bool{}
	}
	d.mu.Unlock()
	if len(d.tasks) == 1 { // nobody waits for the line while the sink is busy
		d.sockets[0].run(ctx, sink)
		return nil
	}
	d.outbox = newOutbox()
	group, ctx := errgroup.WithContext(ctx)
	var asking sync.WaitGroup
	for _, s := range d.sockets {
		asking.Add(1)
		group.Go(func() error {
			defer asking.Done()
			return d.guarded(func() { s.run(ctx, sink) })
		})
	}
	group.Go(func() error { return d.guarded(func() { d.outbox.deliver(ctx, d, sink) }) })
	asking.Wait()
	d.outbox.close()
	return group.Wait()
}

// wall is the time by the wall clock.
func (d *Driver) wall() time.Time { return d.clock(time.Now()) }

// guarded turns a panic into an error: the collector copes with those it is told
// of, and is told only of those of the goroutine that runs the driver.
func (d *Driver) guarded(do func()) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("read modbus connection %s: panic: %v\n%s", d.id, cause, debug.Stack())
		}
	}()
	do()
	return nil
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Health is the state of each meter, in the order of the configuration.
func (d *Driver) Health() []fieldbus.MeterHealth {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]fieldbus.MeterHealth, len(d.meters))
	for i, m := range d.meters {
		all[i] = m.health(d.id)
	}
	return all
}
