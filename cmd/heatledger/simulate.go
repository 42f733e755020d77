package main

import (
	"encoding/json"
	"fmt"

	"heatledger/fieldbus/plantsim"
)

type simulateCommand struct {
	WriteConfig string  `help:"Folder into which a configuration and a registry are written that read the plant." placeholder:"DIR"`
	Seed        uint64  `help:"The same seed gives the same plant." default:"1"`
	Speed       float64 `help:"Seconds that pass in the plant per second." default:"1"`
}

// Run serves a virtual plant over Modbus TCP and OPC UA on free ports of
// 127.0.0.1, which it prints, until the process is told to end.
func (c *simulateCommand) Run(p *process) error {
	if c.Speed <= 0 {
		return misuse("--speed %v: a number above zero is expected", c.Speed)
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
	return plant.Wait()
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
