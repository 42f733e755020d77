package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime/debug"
	"time"

	"heatledger/config"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/fieldbus/plantsim"
)

type demoCommand struct {
	Listen string `help:"Address of the web server." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Seed   uint64 `help:"The same seed gives the same city." default:"1"`
	Sites  int    `help:"How many of the city's sites, the first ones; 0 is all." default:"0"`
	NoLive bool   `help:"Only the past: read no meters."`
}

// demoMemory is what the collector of garbage keeps the process to: years that
// are brought in and closed at once leave much behind that nobody holds.
const demoMemory = 200 << 20

// Run shows everything at once: a virtual city behind real sockets with its
// past, a private PostgreSQL, the collector and the web.
func (c *demoCommand) Run(p *process) (err error) {
	sites := plantsim.City()
	if c.Sites < 0 || c.Sites > len(sites) {
		return misuse("--sites %d: the city has 1 to %d sites", c.Sites, len(sites))
	}
	if c.Sites > 0 {
		sites = sites[:c.Sites]
	}
	if debug.SetMemoryLimit(-1) == math.MaxInt64 { // the environment sets none
		debug.SetMemoryLimit(demoMemory)
	}
	dir := p.line.DataDir
	if dir == "" {
		dir = filepath.Join(config.Default().DataDir, "demo") // beside, not among, what somebody may keep in earnest
	}
	plant, err := plantsim.Start(p.ctx, plantsim.Options{Seed: c.Seed, Sites: sites, Log: p.log})
	if err != nil {
		return fmt.Errorf("start the plant: %w", err)
	}
	defer func() { err = errors.Join(err, plant.Close()) }()
	cfg, err := c.configuration(plant, dir)
	if err != nil {
		return err
	}
	p.log.Info("everything is kept in a folder of its own", "data_dir", cfg.DataDir, "sites", len(sites), "points", len(plant.Plant().Points()))
	past := &past{process: p, plant: plant.Plant(), seed: c.Seed}
	sample := samplePlan{filepath.Join(dir, "scenario"), time.Now().Year() - 1}
	if err := sample.write(); err != nil {
		return err
	}
	return p.serve(cfg, centreOptions{collect: !c.NoLive, beside: func(ctx context.Context, in *intake.Intake, s *store.Store) error {
		if err := showSome(ctx, ledger.New(s, cfg.Timezone), sites); err != nil {
			return unlessEnded(ctx, err)
		}
		if err := past.bring(ctx, in, s); err != nil || ctx.Err() != nil {
			return err
		}
		return unlessEnded(ctx, sample.keep(ctx, p, ledger.New(s, cfg.Timezone)))
	}, guests: true})
}

// configuration is the plant's own, written where it can be looked at.
func (c *demoCommand) configuration(plant *plantsim.Server, dir string) (*config.Config, error) {
	folder := filepath.Join(dir, "plant")
	if err := plant.WriteConfig(folder); err != nil {
		return nil, err
	}
	cfg, faults := config.Load(filepath.Join(folder, "config.yaml"))
	if err := faults.Err(); err != nil {
		return nil, fmt.Errorf("read the plant's configuration: %w", err)
	}
	cfg.SetListen(c.Listen)
	return cfg, cfg.SetDataDir(dir)
}
