package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/ledger"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/network"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/shelf"
)

type planCommand struct {
	Run         planRunCommand         `cmd:"" help:"Run a scenario: sources, demand, matching, network, cost; exit 3 when parts of its files were left out."`
	List        planListCommand        `cmd:"" help:"List the plans that were kept."`
	Show        planShowCommand        `cmd:"" help:"Show a plan that was kept, by its fact number or name."`
	Again       planAgainCommand       `cmd:"" help:"Run a plan that was kept once more, as it was known then, and compare the digests; exit 1 when they differ."`
	Example     planExampleCommand     `cmd:"" help:"Print a scenario with every field explained."`
	Schema      planSchemaCommand      `cmd:"" help:"Print the JSON Schema of a scenario."`
	Assumptions planAssumptionsCommand `cmd:"" help:"List the assumptions of a network with their values, ranges and sources."`
}

type planRunCommand struct {
	File string `arg:"" help:"Scenario (YAML); heatledger plan example prints one."`
	Out  string `short:"o" help:"Folder for result.json, areas.csv, network.geojson, hours.csv and the network for dhnx and pandapipes." placeholder:"DIR"`
	Save bool   `help:"Keep scenario, files and result as a fact that can be cited."`
	By   string `help:"Who keeps it." default:"office" placeholder:"NAME"`
	Lang string `help:"Language of the sentences: de, en." default:"de" enum:"de,en"`
}

// Run runs a scenario. The database is opened only where the scenario names sites or
// the result is to be kept.
func (c *planRunCommand) Run(p *process) (err error) {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return energy.Fault{File: c.File, Problem: fmt.Sprintf("the scenario is not readable (%v)", errors.Unwrap(err)), Remedy: "name a file that is there; heatledger plan example prints one"}
	}
	scenario, faults := plan.Parse(c.File, text)
	k := shelf.Keeping{Scenario: scenario, Inputs: planInputs(scenario, filepath.Dir(c.File)), Actor: c.By}
	if len(faults) > 0 {
		return plan.Examine(scenario, k.Inputs)
	}
	var plans *shelf.Shelf
	if len(scenario.Sites()) > 0 || c.Save {
		cfg, db, opening := p.configured()
		if opening != nil {
			if faults := plan.Examine(scenario, k.Inputs); len(faults) > 0 {
				return faults
			}
			return opening
		}
		defer func() { err = errors.Join(err, db.close(p.ctx)) }()
		l := ledger.New(db.Store, cfg.Timezone)
		plans = shelf.New(l, atlas.New(l))
		if k.Inputs.Sites, err = p.planSites(p.ctx, plans, l, scenario); err != nil {
			return err
		}
	}
	var refused energy.Faults
	if k.Result, refused, err = plan.Run(p.ctx, scenario, k.Inputs); err != nil {
		return err
	}
	return c.finish(p, plans, k, refused)
}

// finish writes, keeps and shows what came of it.
func (c *planRunCommand) finish(p *process, plans *shelf.Shelf, k shelf.Keeping, refused energy.Faults) error {
	if c.Out != "" {
		if err := writePlan(c.Out, k.Result); err != nil {
			return err
		}
	}
	var saved *shelf.Saved
	added := false
	if c.Save {
		one, fresh, err := plans.Keep(p.ctx, k)
		if err != nil {
			return err
		}
		saved, added = &one, fresh
	}
	if err := p.showPlan(c.Lang, k.Result, saved, added); err != nil {
		return err
	}
	if len(refused) > 0 {
		return rejectedError{fmt.Errorf("%s left out:\n%w", counted(len(refused), "feature was", "features were"), refused)} // exit 3
	}
	return nil
}

// mostPlanFile is how many bytes a file of a scenario may have: files are held in memory
// as a whole, and are kept with the plan.
const mostPlanFile = 64 << 20

// planInputs are the files that a scenario names and that are there, below dir, and the
// faults of those that cannot be read. One that is missing is named by package plan.
func planInputs(scenario plan.Scenario, dir string) plan.Inputs {
	in := plan.Inputs{Files: map[string][]byte{}, Unread: map[string]energy.Fault{}, Sites: map[energy.SiteID]heatmap.Stored{}}
	for _, f := range scenario.Files() {
		path := f.Path
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		about, err := os.Stat(path)
		switch {
		case errors.Is(err, os.ErrNotExist):
			continue
		case err == nil && !about.Mode().IsRegular():
			in.Unread[f.Path] = scenario.Fault(f, f.Path+" is no plain file", "name a file")
			continue
		case err == nil && about.Size() > mostPlanFile:
			in.Unread[f.Path] = scenario.Fault(f, fmt.Sprintf("%s has %d MB", f.Path, about.Size()>>20), fmt.Sprintf("at most %d MB are read: cut it to the quarter that is planned", mostPlanFile>>20))
			continue
		}
		var b []byte
		if err == nil {
			b, err = os.ReadFile(path)
		}
		if err != nil {
			in.Unread[f.Path] = scenario.Fault(f, fmt.Sprintf("%s is not readable (%v)", f.Path, errors.Unwrap(err)), "let whoever plans read it")
			continue
		}
		in.Files[f.Path] = b
	}
	return in
}

// planSites are the days of the sites that a scenario names, closed up to now.
func (p *process) planSites(ctx context.Context, plans *shelf.Shelf, l *ledger.Ledger, scenario plan.Scenario) (map[energy.SiteID]heatmap.Stored, error) {
	known, err := l.Registry(ctx)
	if err != nil {
		return nil, err
	}
	closer := closing.New(l, p.log)
	for _, id := range scenario.Sites() {
		if _, ok := known.Site(id); !ok || !scenario.AsKnownAt.IsZero() {
			continue
		}
		if _, err := closer.Site(ctx, id); err != nil {
			return nil, fmt.Errorf("close the days of %s: %w", id, err)
		}
	}
	return plans.Gather(ctx, scenario, scenario.AsKnownAt)
}

type planExampleCommand struct{}

// Run prints the example.
func (planExampleCommand) Run(p *process) error {
	_, err := p.stdout.Write(plan.Example())
	return err
}

type planSchemaCommand struct{}

// Run prints the schema.
func (planSchemaCommand) Run(p *process) error {
	_, err := p.stdout.Write(plan.Schema())
	return err
}

// withPlans does something with the plans that were kept.
func (p *process) withPlans(do func(*shelf.Shelf) error) (err error) {
	cfg, db, err := p.configured()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	l := ledger.New(db.Store, cfg.Timezone)
	return do(shelf.New(l, atlas.New(l)))
}

// found is the plan of an id.
func (p *process) found(plans *shelf.Shelf, id string) (shelf.Saved, error) {
	saved, err := plans.Find(p.ctx, id)
	if errors.Is(err, shelf.ErrUnknown) {
		return saved, misuse("there is no plan %q: heatledger plan list shows those there are", id)
	}
	return saved, err
}

type planListCommand struct{}

// Run lists the plans, the latest first.
func (planListCommand) Run(p *process) error {
	return p.withPlans(func(plans *shelf.Shelf) error {
		list, err := plans.List(p.ctx)
		if err != nil {
			return err
		}
		return p.showPlans(list)
	})
}

type planShowCommand struct {
	ID   string `arg:"" name:"id" help:"Number of its fact, or its name for the latest version."`
	Out  string `short:"o" help:"Folder for result.json, areas.csv, network.geojson, hours.csv and the network for dhnx and pandapipes." placeholder:"DIR"`
	Lang string `help:"Language of the sentences: de, en." default:"de" enum:"de,en"`
}

// Run shows a plan as it was kept.
func (c *planShowCommand) Run(p *process) error {
	return p.withPlans(func(plans *shelf.Shelf) error {
		saved, err := p.found(plans, c.ID)
		if err != nil {
			return err
		}
		result, err := plans.Result(p.ctx, saved)
		if err != nil {
			return err
		}
		if c.Out != "" {
			hours, err := plans.Bytes(p.ctx, saved.Hours)
			if err != nil {
				return err
			}
			if err := writePlanFiles(c.Out, result, hours); err != nil {
				return err
			}
		}
		return p.showPlan(c.Lang, result, &saved, false)
	})
}

type planAgainCommand struct {
	ID   string `arg:"" name:"id" help:"Number of its fact, or its name for the latest version."`
	Lang string `help:"Language of the sentences: de, en." default:"de" enum:"de,en"`
}

// Run runs a kept plan again from what was kept and says whether the result is the
// same.
func (c *planAgainCommand) Run(p *process) error {
	return p.withPlans(func(plans *shelf.Shelf) error {
		saved, err := p.found(plans, c.ID)
		if err != nil {
			return err
		}
		again, err := plans.Again(p.ctx, saved)
		if err != nil {
			return err
		}
		if err := p.showCompared(c.Lang, saved, again); err != nil {
			return err
		}
		if again.Digest != saved.Digest {
			return fmt.Errorf("the result of fact %d differs: its method was %d and is %d", saved.Fact, saved.Method, plan.Method)
		}
		return nil
	})
}

type planAssumptionsCommand struct {
	Lang string `help:"Language of the names: de, en." default:"de" enum:"de,en"`
}

// Run lists the assumptions by their codes.
func (c planAssumptionsCommand) Run(p *process) error {
	return p.showAssumptions(c.Lang, plan.AssumptionsOf(network.DefaultAssumptions()))
}
