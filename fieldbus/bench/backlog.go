package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/spool"
)

// backlog describes what waits in a spool: readings of some seconds, a quarter
// of them counters in steps of 0.1 kWh, the rest noisy powers as float32.
type backlog struct {
	sites   int
	points  int // of each site
	seconds int
	from    time.Time
}

func (b backlog) readings() int { return b.sites * b.points * b.seconds }

func (b backlog) period() energy.Period {
	return energy.Period{From: b.from, To: b.from.Add(time.Duration(b.seconds) * time.Second)}
}

func (b backlog) site(n int) energy.SiteID {
	return energy.SiteID(fmt.Sprintf("p%d-s%02d", b.points, n))
}

// each hands the readings on as they are collected: all sites of a second, then
// the next second.
func (b backlog) each(take func(site int, readings []energy.PointReading) error) error {
	rnd := rand.New(rand.NewPCG(1, 2))
	ids := make([][]energy.PointID, b.sites)
	counters := make([]float64, b.points)
	for s := range ids {
		for p := range b.points {
			ids[s] = append(ids[s], energy.PointID(fmt.Sprintf("%s/p%04d", b.site(s), p)))
		}
	}
	readings := make([]energy.PointReading, b.points)
	for second := range b.seconds {
		at := b.from.Add(time.Duration(second) * time.Second)
		for s := range b.sites {
			for p := range b.points {
				kw := float64(50+p%950) * (0.99 + 0.02*rnd.Float64())
				value := energy.Float(float64(float32(kw)))
				if p%4 == 0 {
					counters[p] += kw / 3600
					value = energy.Decimal(int64(counters[p]*10), -1)
				}
				readings[p] = energy.PointReading{Point: ids[s][p], Reading: energy.Reading{At: at, Value: value, Quality: energy.Measured}}
			}
			if err := take(s, readings); err != nil {
				return err
			}
		}
	}
	return nil
}

// away is a centre that is not there.
type away struct{}

var errAway = errors.New("the centre is away")

func (away) Deliver(context.Context, energy.Batch) (energy.Delivery, error) {
	return energy.Delivery{}, errAway
}

// fill makes a spool in dir that holds the backlog in batches, none delivered,
// and a copy of it beside, so that the same batches can come again.
func (b backlog) fill(ctx context.Context, dir, again string) error {
	s, err := open(dir)
	if err != nil {
		return err
	}
	var together []energy.PointReading // of many devices, as they share a commit
	collect := func(least int) error {
		if len(together) <= least {
			return nil
		}
		err := s.Collect(ctx, together)
		together = together[:0]
		return err
	}
	err = b.each(func(_ int, readings []energy.PointReading) error {
		together = append(together, readings...)
		return collect(10_000)
	})
	if err = errors.Join(err, collect(0)); err == nil {
		if err = s.Drain(ctx, away{}); errors.Is(err, errAway) { // all is cut now
			err = nil
		}
	}
	if queued := s.Stats().Queued; err == nil && queued != int64(b.readings()) {
		err = fmt.Errorf("%d of %d readings wait", queued, b.readings())
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return fmt.Errorf("fill a spool: %w", err)
	}
	if err := os.CopyFS(again, os.DirFS(dir)); err != nil {
		return fmt.Errorf("copy a spool: %w", err)
	}
	return os.Chmod(again, 0o700)
}

func open(dir string) (*spool.Spool, error) {
	return spool.Open(dir, spool.Options{Source: source, Log: slog.New(slog.DiscardHandler)})
}

// drain takes all of a spool to a centre.
func drain(ctx context.Context, dir string, to spool.Deliverer) error {
	s, err := open(dir)
	if err != nil {
		return fmt.Errorf("open the backlog: %w", err)
	}
	err = s.Drain(ctx, to)
	if left := s.Stats().Queued; err == nil && left != 0 {
		err = fmt.Errorf("%d readings are left", left)
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return fmt.Errorf("deliver the backlog: %w", err)
	}
	return nil
}
