package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"

	"heatledger/fieldbus/plantsim"
)

type simulateCommand struct {
	WriteConfig string  `help:"Folder into which a configuration and a registry are written that read the plant." placeholder:"DIR"`
	Seed        uint64  `help:"The same seed gives the same plant." default:"1"`
	Speed       float64 `help:"Seconds that pass in the plant per second." default:"1"`
	Scenario    string  `help:"Play of faults: what goes wrong in the plant, and when (fieldbus/plantsim/example.scenario.yaml)." placeholder:"FILE"`
}

// Run serves a virtual plant over Modbus TCP and OPC UA on free ports of
// 127.0.0.1, which it prints, and plays the scenario, until the process is told
// to end.
func (c *simulateCommand) Run(p *process) error {
	if c.Speed <= 0 {
		return misuse("--speed %v: a number above zero is expected", c.Speed)
	}
	scenario, err := c.scenario()
	if err != nil {
		return err
	}
	plant, err := plantsim.Start(p.ctx, plantsim.Options{Seed: c.Seed, Speed: c.Speed, Log: p.log})
	if err != nil {
		return fmt.Errorf("start the plant: %w", err)
	}
	if c.WriteConfig != "" {
		if err := plant.WriteConfig(c.WriteConfig); err != nil {
			return err
		}
	}
	if err := p.showConnections(plant.Connections()); err != nil {
		return err
	}
	var running errgroup.Group
	running.Go(plant.Wait)
	running.Go(func() error {
		err := plant.Play(p.ctx, scenario)
		if err == nil || p.ctx.Err() != nil {
			return nil // the plant goes on, or the process is told to end
		}
		return errors.Join(err, plant.Close())
	})
	return running.Wait()
}

// scenario reads the play of faults, if there is one, before anything is opened.
func (c *simulateCommand) scenario() (plantsim.Scenario, error) {
	if c.Scenario == "" {
		return plantsim.Scenario{}, nil // nothing goes wrong
	}
	src, err := os.ReadFile(c.Scenario)
	if err != nil {
		return nil, misuse("read the scenario: %w", err)
	}
	plant, err := plantsim.NewPlant(c.Seed, plantsim.SmallTown())
	if err != nil {
		return nil, fmt.Errorf("build the plant: %w", err)
	}
	scenario, faults := plant.Scenario(c.Scenario, src)
	return scenario, faults.Err()
}

func (p *process) showConnections(connections []plantsim.Connection) error {
	if p.line.Output == "json" {
		return json.NewEncoder(p.stdout).Encode(connections)
	}
	for _, c := range connections {
		if _, err := fmt.Fprintf(p.stdout, "%s %s %s\n", c.Site, c.ID, c.URL); err != nil {
			return err
		}
	}
	return nil
}
