package main

import (
	"fmt"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

type metersCheckCommand struct {
	Files []string `arg:"" name:"file" help:"Files of meter models (MODEL.yaml)."`
}

// checkedModel is what was found in the file of a model.
type checkedModel struct {
	File      string        `json:"file"`
	Model     string        `json:"model,omitempty"` // its id; empty: it has faults
	Registers int           `json:"registers,omitempty"`
	Confirmed int           `json:"confirmed,omitempty"`
	Faults    energy.Faults `json:"faults"`
	Warnings  energy.Faults `json:"warnings"` // what is no fault, and may still be one of the meter's readings
}

// Run checks the files, all of them, and shows everything that is wrong with
// each. Faults are an error; warnings are not.
func (c *metersCheckCommand) Run(p *process) error {
	var faults energy.Faults
	var all []checkedModel
	for _, file := range c.Files {
		checked := checkedModel{File: file, Faults: energy.Faults{}, Warnings: energy.Faults{}}
		model, found := registermap.Load(file)
		if model == nil {
			checked.Faults = found
			faults = append(faults, found...)
		} else {
			capability := model.Capability()
			checked.Model, checked.Registers, checked.Confirmed = model.ID, capability.Registers, capability.Confirmed
			checked.Warnings = append(checked.Warnings, doubtsOf(file, model)...)
		}
		all = append(all, checked)
	}
	if err := p.showChecked(all); err != nil {
		return err
	}
	return faults.Err()
}

// showChecked shows what is no fault; faults go to standard error as those of
// every file do.
func (p *process) showChecked(all []checkedModel) error {
	switch p.line.Output {
	case "json":
		return p.showJSON(all)
	case "csv":
		rows := [][]string{{"file", "line", "column", "kind", "problem", "remedy"}}
		for _, c := range all {
			for _, f := range c.Faults {
				rows = append(rows, []string{f.File, fmt.Sprint(f.Line), fmt.Sprint(f.Column), "fault", f.Problem, f.Remedy})
			}
			for _, f := range c.Warnings {
				rows = append(rows, []string{f.File, fmt.Sprint(f.Line), fmt.Sprint(f.Column), "warning", f.Problem, f.Remedy})
			}
		}
		return p.showCSV(rows)
	}
	for _, c := range all {
		for _, f := range c.Warnings {
			f.Problem = "warning: " + f.Problem
			fmt.Fprintln(p.stdout, f)
		}
		if len(c.Faults) == 0 {
			if _, err := fmt.Fprintf(p.stdout, "%s: %s: no faults, %s, %d of %s confirmed\n", c.File, c.Model,
				counted(len(c.Warnings), "warning", "warnings"), c.Confirmed, counted(c.Registers, "register", "registers")); err != nil {
				return err
			}
		}
	}
	return nil
}

type metersExampleCommand struct{}

// Run prints the example.
func (metersExampleCommand) Run(p *process) error {
	_, err := p.stdout.Write(registermap.Example())
	return err
}
