package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/store"
	"heatledger/fieldbus/plantsim"
)

type demoCommand struct {
	Listen string `help:"Address of the web server." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Seed   uint64 `help:"The same seed gives the same plant." default:"1"`
	Sites  int    `help:"How many of the plant's sites." default:"2"`
	NoLive bool   `help:"Only the past: read no meters."`
}

// Run shows everything at once: a virtual plant behind real sockets with its
// past, a private PostgreSQL, the collector and the web.
func (c *demoCommand) Run(p *process) error {
	sites := plantsim.SmallTown()
	if c.Sites < 1 || c.Sites > len(sites) {
		return misuse("--sites %d: the plant has 1 to %d sites", c.Sites, len(sites))
	}
	dir := p.line.DataDir
	if dir == "" {
		dir = filepath.Join(config.Default().DataDir, "demo") // beside, not among, what somebody may keep in earnest
	}
	plant, err := plantsim.Start(p.ctx, plantsim.Options{Seed: c.Seed, Sites: sites[:c.Sites], Log: p.log})
	if err != nil {
		return fmt.Errorf("start the plant: %w", err)
	}
	defer plant.Close()
	folder := filepath.Join(dir, "plant")
	if err := plant.WriteConfig(folder); err != nil {
		return err
	}
	cfg, faults := config.Load(filepath.Join(folder, "config.yaml"))
	if err := faults.Err(); err != nil {
		return fmt.Errorf("read the plant's configuration: %w", err)
	}
	cfg.Listen = c.Listen
	if err := cfg.SetDataDir(dir); err != nil {
		return err
	}
	p.log.Info("everything is kept in a folder of its own", "data_dir", cfg.DataDir)
	past := &past{process: p, plant: plant.Plant()}
	return p.serve(cfg, centreOptions{collect: !c.NoLive, beside: past.bring})
}

// past brings the plant's past in through the intake, as readings of every
// quarter-hour, from the beginning of last year on or from where it ended.
type past struct {
	process *process
	plant   *plantsim.Plant
}

// pastStep is the distance of readings of the past.
const pastStep = energy.QuarterHour

func (d *past) bring(ctx context.Context, in *intake.Intake, s *store.Store) error {
	begun, readings := time.Now(), 0
	now := begun.UTC().Truncate(pastStep)
	for _, point := range d.plant.Points() {
		from := time.Date(now.Year()-1, time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1) // a day of context for the local year
		extent, known, err := s.Extent(ctx, point.ID.Site(), point.ID)
		if err != nil && ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find out how far the past of %s is known: %w", point.ID, err)
		}
		if known && !extent.From.After(from) {
			from = extent.To.Truncate(pastStep).Add(pastStep)
		}
		for _, part := range years(energy.Period{From: from, To: now}) {
			n, err := d.part(ctx, in, point.ID, part)
			if err != nil && ctx.Err() != nil {
				return nil
			}
			if err != nil {
				return err
			}
			readings += n
		}
	}
	if readings > 0 {
		d.process.log.Info("the plant's past is in", "readings", readings, "took", time.Since(begun).Round(10*time.Millisecond))
	}
	return nil
}

// part hands in one point's readings of a part of the past.
func (d *past) part(ctx context.Context, in *intake.Intake, point energy.PointID, p energy.Period) (int, error) {
	history, err := d.plant.History(point, p, pastStep)
	if err != nil {
		return 0, err
	}
	submission := intake.Submission{Source: "plant-history", Key: string(point) + " " + p.String(), Partial: true}
	for reading := range history {
		submission.Rows = append(submission.Rows, intake.Row{Number: len(submission.Rows) + 1, Point: point, At: reading.At, Value: reading.Value, Quality: reading.Quality})
	}
	if len(submission.Rows) == 0 {
		return 0, nil
	}
	receipt, err := in.Submit(ctx, submission)
	if err != nil {
		return 0, fmt.Errorf("hand in the past of %s: %w", point, err)
	}
	return receipt.Accepted, nil
}

// years cuts p at the beginnings of UTC years.
func years(p energy.Period) []energy.Period {
	var parts []energy.Period
	for from := p.From; from.Before(p.To); {
		to := time.Date(from.Year()+1, time.January, 1, 0, 0, 0, 0, time.UTC)
		if to.After(p.To) {
			to = p.To
		}
		parts = append(parts, energy.Period{From: from, To: to})
		from = to
	}
	return parts
}
