package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// collector is a program that reads devices and stores what it read in files.
type collector interface {
	name() string
	// start makes it read a group of devices, working in a folder.
	start(ctx context.Context, dir string, d *devices, group int, every time.Duration) (*client, error)
	// count reads the files in the folder, after it has ended.
	count(ctx context.Context, dir string, w window) (*stored, error)
}

// trial is one run of one collector on one group of devices.
type trial struct {
	devices *devices
	group   int
	every   time.Duration
	settle  time.Duration // from when all units were asked once to the window, for learning
	span    time.Duration // of the window
}

// result is what one trial found.
type result struct {
	stored   *stored
	expected int           // readings
	cpu      time.Duration // of the collector, in the window
	resident int64         // bytes, the median of the window
	highest  int64         // bytes, from the start to the end of the window
	asked    tally         // of the devices, in the window
}

// readings is how many it stored.
func (r result) readings() float64 { return float64(r.stored.readings) }

// cost is the processor time of a million stored readings, in seconds.
func (r result) cost() float64 { return r.cpu.Seconds() / r.readings() * 1e6 }

// rate is how many readings a second were stored.
func (r result) rate() float64 {
	return r.readings() / r.stored.window.to.Sub(r.stored.window.from).Seconds()
}

// share is how many of the expected readings were stored in their slots.
func (r result) share() float64 { return float64(r.stored.kept) / float64(r.expected) }

// run measures a collector. The window begins and ends between two slots, so
// that whole polls are counted, be they a little late; what was stored of it is
// found in the files.
func (t trial) run(ctx context.Context, of collector) (r result, err error) {
	dir, err := os.MkdirTemp("", "heatledger-bench-")
	if err != nil {
		return r, fmt.Errorf("make a folder for %s: %w", of.name(), err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c, err := of.start(ctx, dir, t.devices, t.group, t.every)
	if err != nil {
		return r, err
	}
	r, w, err := t.watch(ctx, c)
	if err = errors.Join(err, c.stop()); err != nil {
		return r, err
	}
	if r.stored, err = of.count(ctx, dir, w); err != nil {
		return r, err
	}
	r.expected = w.expected(t.devices.layouts[t.group])
	if r.stored.readings == 0 {
		fmt.Fprintf(os.Stderr, "bench: %s stored nothing in the window; it said: %s\n", of.name(), &c.log)
	}
	return r, nil
}

// watch takes the accounts of a client over the window.
func (t trial) watch(ctx context.Context, c *client) (r result, w window, err error) {
	if err := t.begun(ctx, c); err != nil {
		return r, w, err
	}
	align := max(t.every, time.Second)
	w = window{from: time.Now().Add(t.settle).Truncate(align).Add(align + t.every/2), every: t.every}
	w.to = w.from.Add(t.span)
	if err := sleepUntil(ctx, w.from); err != nil {
		return r, w, err
	}
	first, err := c.usage()
	if err != nil {
		return r, w, err
	}
	before, err := t.devices.counts()
	if err != nil {
		return r, w, err
	}
	var resident []int64
	for at := w.from; at.Before(w.to); at = at.Add(time.Second) {
		if err := sleepUntil(ctx, at.Add(time.Second)); err != nil {
			return r, w, err
		}
		u, err := c.usage()
		if err != nil {
			return r, w, err
		}
		resident = append(resident, u.resident)
		r.cpu, r.highest = u.cpu-first.cpu, u.highest
	}
	after, err := t.devices.counts()
	if err != nil {
		return r, w, err
	}
	r.resident = median(resident)
	r.asked = tally{after[t.group].Requests - before[t.group].Requests, after[t.group].Exceptions - before[t.group].Exceptions}
	return r, w, nil
}

// begun waits until the devices have been asked as often as there are units: a
// collector that has much to configure takes its time.
func (t trial) begun(ctx context.Context, c *client) error {
	l := t.devices.layouts[t.group]
	before, err := t.devices.counts()
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		if err := sleepUntil(ctx, time.Now().Add(100*time.Millisecond)); err != nil {
			return err
		}
		if err := c.running(); err != nil {
			return err
		}
		now, err := t.devices.counts()
		if err != nil {
			return err
		}
		if now[t.group].Requests-before[t.group].Requests >= int64(l.Devices*l.Units) {
			return nil
		}
	}
	return fmt.Errorf("measure %s: it has not asked all devices within two minutes: %s", c.name, &c.log)
}

func sleepUntil(ctx context.Context, at time.Time) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// median is the middle of some numbers, of an even count the lower one.
func median[N int64 | float64](of []N) N {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[(len(sorted)-1)/2]
}

// alternately runs collectors in turn, each so many times.
func (t trial) alternately(ctx context.Context, times int, of ...collector) ([][]result, error) {
	results := make([][]result, len(of))
	for round := range times {
		for i, c := range of {
			fmt.Fprintf(os.Stderr, "bench: %s, %s, round %d of %d\n", t.devices.layouts[t.group].Name, c.name(), round+1, times)
			r, err := t.run(ctx, c)
			if err != nil {
				return nil, err
			}
			results[i] = append(results[i], r)
		}
	}
	return results, nil
}

// medianOf gives the median of a figure of some results.
func medianOf(results []result, figure func(result) float64) float64 {
	figures := make([]float64, len(results))
	for i, r := range results {
		figures[i] = figure(r)
	}
	return median(figures)
}
