package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/energy/store/localpg"
	"heatledger/energy/store/rowtable"
)

// ingest measures how fast a backlog becomes facts, by the way it goes in the
// product: spool, intake, store. The peer keeps a row for each reading on the
// same server, with as many connections as the spool has batches under way.
func (b *bench) ingest(ctx context.Context) (lines []line, err error) {
	dir, err := os.MkdirTemp("", "heatledger-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the database: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // the server's account must enter it
		return nil, fmt.Errorf("open the folder of the database: %w", err)
	}
	server, err := localpg.Start(ctx, localpg.Options{DataDir: dir})
	if err != nil {
		return nil, fmt.Errorf("start a PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, server.Stop(context.WithoutCancel(ctx))) }()
	s, err := store.Open(ctx, server.URL(), store.Options{})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if _, err := s.Migrate(ctx); err != nil {
		return nil, err
	}
	from := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, shape := range []backlog{
		{sites: 50, points: 40, seconds: b.scaled(3000), from: from},
		{sites: 50, points: 1600, seconds: b.scaled(80), from: from},
	} {
		found, err := b.ingestShape(ctx, s, server.URL(), filepath.Join(dir, "spools"), shape)
		if err != nil {
			return lines, err
		}
		lines = append(lines, found...)
	}
	return lines, nil
}

// parallel is how many batches a spool has under way, unless told otherwise.
const parallel = 4

func (b *bench) ingestShape(ctx context.Context, s *store.Store, url, dir string, shape backlog) ([]line, error) {
	in := intake.New(ledger.New(s, "Europe/Berlin"), intake.Options{})
	// That a point is new happens once in its life: not here.
	known := shape
	known.seconds = 1
	if err := known.fill(ctx, filepath.Join(dir, "known"), filepath.Join(dir, "unused")); err != nil {
		return nil, err
	}
	if _, err := drain(ctx, filepath.Join(dir, "known"), in); err != nil {
		return nil, err
	}
	var fresh, again, copied, inserted []float64
	for range b.rounds {
		shape.from = shape.period().To
		first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
		if err := shape.fill(ctx, first, second); err != nil {
			return nil, err
		}
		took, err := drain(ctx, first, in)
		if err != nil {
			return nil, err
		}
		fresh = append(fresh, perSecond(shape.readings(), took))
		if took, err = drain(ctx, second, in); err != nil {
			return nil, err
		}
		again = append(again, perSecond(shape.readings(), took))
		if err := shape.verify(ctx, s); err != nil {
			return nil, err
		}
		c, i, err := shape.rows(ctx, url)
		if err != nil {
			return nil, err
		}
		copied, inserted = append(copied, c), append(inserted, i)
		if err := os.RemoveAll(dir); err != nil {
			return nil, fmt.Errorf("remove the spools: %w", err)
		}
	}
	title := fmt.Sprintf("backlog of %d points in %d sites: ", shape.sites*shape.points, shape.sites)
	return []line{
		{what: title + "committed", unit: "readings/s", ours: median(fresh), peer: median(copied), who: "COPY into rows with a key", goal: atLeast(figure, 2e6)},
		{what: title + "delivered again", unit: "readings/s", ours: median(again), peer: median(inserted), who: "INSERT … ON CONFLICT DO NOTHING of rows that are there"},
	}, nil
}

// verify reads back every reading of the backlog: each is there once.
func (b backlog) verify(ctx context.Context, s *store.Store) error {
	for n := range b.sites {
		site := b.site(n)
		head, err := s.Head(ctx, site)
		if err != nil {
			return err
		}
		points := make([]energy.PointID, b.points)
		for p := range points {
			points[p] = energy.PointID(fmt.Sprintf("%s/p%04d", site, p))
		}
		runs, err := s.Runs(ctx, site, points, b.period(), head.Seq)
		if err != nil {
			return err
		}
		for _, point := range points {
			found := 0
			for _, run := range runs[point] {
				found += len(run.Readings)
			}
			if found != b.seconds {
				return fmt.Errorf("verify the backlog: %s has %d readings of %d", point, found, b.seconds)
			}
		}
	}
	return nil
}

// rowsCopied is how many readings the peer is given: its rate does not depend
// on how many there are.
const rowsCopied = 1_000_000

// rows writes readings of the backlog into rows, then the same ones again, and
// gives both rates.
func (b backlog) rows(ctx context.Context, url string) (copied, inserted float64, err error) {
	const batch = 10_000
	var parts [parallel][][]rowtable.Row
	left := rowsCopied
	errEnough := errors.New("enough")
	err = b.each(func(site int, readings []energy.PointReading) error {
		part := &parts[site%parallel]
		for p, r := range readings {
			if n := len(*part); n == 0 || len((*part)[n-1]) == batch {
				*part = append(*part, make([]rowtable.Row, 0, batch))
			}
			last := &(*part)[len(*part)-1]
			*last = append(*last, rowtable.Row{Channel: int32(site*b.points + p), At: r.At, Value: r.Value.Float64(), Quality: int16(r.Quality)})
			if left--; left == 0 {
				return errEnough
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return 0, 0, err
	}
	var tables [parallel]*rowtable.Table
	for i := range tables {
		if tables[i], err = rowtable.Open(ctx, url); err != nil {
			return 0, 0, err
		}
		defer tables[i].Close(ctx) //nolint:errcheck // nothing more is said on it
	}
	if err := tables[0].Empty(ctx); err != nil {
		return 0, 0, err
	}
	timed := func(write func(t *rowtable.Table, rows []rowtable.Row) error) (float64, error) {
		begun := time.Now()
		var group errgroup.Group
		for i, table := range tables {
			group.Go(func() error {
				for rows := range slices.Values(parts[i]) {
					if err := write(table, rows); err != nil {
						return err
					}
				}
				return nil
			})
		}
		err := group.Wait()
		return perSecond(rowsCopied-left, time.Since(begun)), err
	}
	if copied, err = timed(func(t *rowtable.Table, rows []rowtable.Row) error { return t.Copy(ctx, rows) }); err != nil {
		return 0, 0, err
	}
	if inserted, err = timed(func(t *rowtable.Table, rows []rowtable.Row) error { return t.Insert(ctx, rows) }); err != nil {
		return 0, 0, err
	}
	if n, err := tables[0].Count(ctx); err != nil || n != int64(rowsCopied-left) {
		return 0, 0, errors.Join(err, fmt.Errorf("the rows are %d, %d were written", n, rowsCopied-left))
	}
	return copied, inserted, tables[0].Empty(ctx)
}
