package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/shelf"
)

// samplePlan is the sample of package plan as a demonstration runs it: about the
// demonstration's past year, and in its folder, where it can be looked at and changed.
type samplePlan struct {
	dir  string
	year int
}

// write puts the files of the sample into the folder; what a person changed there stays.
func (s samplePlan) write() error {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of the sample plan: %w", err)
	}
	names, err := fs.Glob(plan.Harbour(), "*")
	if err != nil {
		return err
	}
	for _, name := range names {
		b, err := fs.ReadFile(plan.Harbour(), name)
		if err != nil {
			return err
		}
		if name == "scenario.yaml" {
			b = bytes.Replace(b, []byte("\nyear: 2025\n"), []byte("\nyear: "+strconv.Itoa(s.year)+"\n"), 1)
		}
		f, err := os.OpenFile(filepath.Join(s.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			_, err = f.Write(b)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			return fmt.Errorf("write the sample plan: %w", err)
		}
	}
	return nil
}

// keep runs the sample and keeps what it comes to, unless a plan of its name was kept.
func (s samplePlan) keep(ctx context.Context, p *process, l *ledger.Ledger) error {
	plans := shelf.New(l, atlas.New(l))
	list, err := plans.List(ctx)
	if err != nil {
		return err
	}
	file := filepath.Join(s.dir, "scenario.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the sample plan: %w", err)
	}
	scenario, faults := plan.Parse(file, text)
	if len(faults) > 0 || slices.ContainsFunc(list, func(kept shelf.Saved) bool { return kept.Name == scenario.Name }) {
		return nil // a person is at work on it, or it is there
	}
	in := planInputs(scenario, s.dir)
	if in.Sites, err = p.planSites(ctx, plans, l, scenario); err != nil {
		return err
	}
	result, _, err := plan.Run(ctx, scenario, in)
	if errors.As(err, new(energy.Faults)) {
		p.log.Warn("the sample plan was not run", "err", err)
		return nil
	}
	if err != nil {
		return err
	}
	kept, _, err := plans.Keep(ctx, shelf.Keeping{Scenario: scenario, Inputs: in, Result: result, Actor: demoOffice})
	if err != nil {
		return err
	}
	p.log.Info("a sample plan is kept", "fact", kept.Fact, "scenario", file, "address", "/heat/scenarios")
	return nil
}
