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
		found, err := b.ingestShape(ctx, s, server, filepath.Join(dir, "spools"), shape)
		if err != nil {
			return lines, err
		}
		lines = append(lines, found...)
	}
	return lines, nil
}

// parallel is how many batches a spool has under way, unless told otherwise.
const parallel = 4

// effort is what it took to write some readings.
type effort struct {
	readings int
	took     time.Duration
	cpu      time.Duration // of this process and of the server
}

func (e effort) rate() float64 { return float64(e.readings) / e.took.Seconds() }

// cost is the processor time of a million readings, in seconds.
func (e effort) cost() float64 { return e.cpu.Seconds() / float64(e.readings) * 1e6 }

// exert measures what do takes to write readings.
func exert(server int, do func() (readings int, err error)) (e effort, err error) {
	before, err := spent(server)
	if err != nil {
		return e, err
	}
	begun := time.Now()
	if e.readings, err = do(); err != nil {
		return e, err
	}
	e.took = time.Since(begun)
	after, err := spent(server)
	e.cpu = after - before
	return e, err
}

func medianEffort(of []effort, figure func(effort) float64) float64 {
	figures := make([]float64, len(of))
	for i, e := range of {
		figures[i] = figure(e)
	}
	return median(figures)
}

func (b *bench) ingestShape(ctx context.Context, s *store.Store, server *localpg.Server, dir string, shape backlog) ([]line, error) {
	in := intake.New(ledger.New(s, "Europe/Berlin"), intake.Options{})
	// That a point is new happens once in its life: not here.
	known := shape
	known.seconds = 1
	if err := known.fill(ctx, filepath.Join(dir, "known"), filepath.Join(dir, "unused")); err != nil {
		return nil, err
	}
	if err := drain(ctx, filepath.Join(dir, "known"), in); err != nil {
		return nil, err
	}
	var fresh, again, copied, inserted []effort
	for range b.rounds {
		shape.from = shape.period().To
		var spools [2]string
		for i, name := range []string{"first", "second"} {
			spools[i] = filepath.Join(dir, name)
		}
		if err := shape.fill(ctx, spools[0], spools[1]); err != nil {
			return nil, err
		}
		for i, into := range []*[]effort{&fresh, &again} {
			e, err := exert(server.PID(), func() (int, error) { return shape.readings(), drain(ctx, spools[i], in) })
			if err != nil {
				return nil, err
			}
			*into = append(*into, e)
		}
		if err := shape.verify(ctx, s); err != nil {
			return nil, err
		}
		c, i, err := shape.rows(ctx, server)
		if err != nil {
			return nil, err
		}
		copied, inserted = append(copied, c), append(inserted, i)
		if err := os.RemoveAll(dir); err != nil {
			return nil, fmt.Errorf("remove the spools: %w", err)
		}
	}
	var lines []line
	add := func(what, unit string, ours, peer []effort, who string, g goal, figure func(effort) float64) {
		lines = append(lines, line{what: fmt.Sprintf("backlog of %d points in %d sites: %s", shape.sites*shape.points, shape.sites, what),
			unit: unit, ours: medianEffort(ours, figure), peer: medianEffort(peer, figure), who: who, goal: g})
	}
	rows, there := "COPY into rows with a key", "INSERT … ON CONFLICT DO NOTHING of rows that are there"
	add("committed", "readings/s", fresh, copied, rows, atLeast(figure, 2e6), effort.rate)
	add("processor time with the server's", "s per million", fresh, copied, rows, goal{}, effort.cost)
	add("delivered again", "readings/s", again, inserted, there, goal{}, effort.rate)
	return lines, nil
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
// tells what either took.
func (b backlog) rows(ctx context.Context, server *localpg.Server) (copied, inserted effort, err error) {
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
		return copied, inserted, err
	}
	written := rowsCopied - left
	var tables [parallel]*rowtable.Table
	for i := range tables {
		if tables[i], err = rowtable.Open(ctx, server.URL()); err != nil {
			return copied, inserted, err
		}
		defer tables[i].Close(ctx) //nolint:errcheck // nothing more is said on it
	}
	if err := tables[0].Empty(ctx); err != nil {
		return copied, inserted, err
	}
	all := func(write func(t *rowtable.Table, rows []rowtable.Row) error) (effort, error) {
		return exert(server.PID(), func() (int, error) {
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
			return written, group.Wait()
		})
	}
	if copied, err = all(func(t *rowtable.Table, rows []rowtable.Row) error { return t.Copy(ctx, rows) }); err != nil {
		return copied, inserted, err
	}
	if inserted, err = all(func(t *rowtable.Table, rows []rowtable.Row) error { return t.Insert(ctx, rows) }); err != nil {
		return copied, inserted, err
	}
	if n, err := tables[0].Count(ctx); err != nil || n != int64(written) {
		return copied, inserted, errors.Join(err, fmt.Errorf("the rows are %d, %d were written", n, written))
	}
	return copied, inserted, tables[0].Empty(ctx)
}
