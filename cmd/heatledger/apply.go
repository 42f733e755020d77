package main

import (
	"errors"
	"fmt"
	"os"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

type applyCommand struct {
	File   string `short:"f" required:"" help:"Registry file." placeholder:"FILE"`
	Prune  bool   `help:"Remove what the file does not name."`
	DryRun bool   `help:"Show the differences and change nothing."`
}

// Run brings what exists and what was promised up to a file.
func (c *applyCommand) Run(p *process) (err error) {
	want, err := loadRegistry(c.File)
	if err != nil {
		return err
	}
	cfg, db, err := p.configured()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	l := ledger.New(db.Store, cfg.Timezone)
	if !c.DryRun {
		if _, err := l.Adopt(p.ctx, "heatledger apply"); err != nil {
			return err
		}
	}
	in := intake.New(l, intake.Options{Log: p.log})
	changes, err := in.Apply(p.ctx, want, "heatledger apply", c.Prune, c.DryRun)
	if err != nil {
		return err
	}
	for _, change := range changes {
		fmt.Fprintln(p.stdout, change)
	}
	if len(changes) == 0 {
		fmt.Fprintln(p.stdout, "nothing to change")
	}
	return nil
}

// loadRegistry reads and checks a registry file.
func loadRegistry(file string) (*registry.Registry, error) {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, energy.Fault{File: file, Problem: fmt.Sprintf("the registry is not readable (%v)", errors.Unwrap(err)), Remedy: "name a file that is there, by -f or in the configuration's registry"}
	}
	r, faults := registry.Load(file, src)
	return r, faults.Err()
}
