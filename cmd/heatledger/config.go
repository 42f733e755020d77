package main

import (
	"errors"
	"fmt"

	"heatledger/config"
	"heatledger/energy"
)

type configCommand struct {
	Check   configCheckCommand   `cmd:"" help:"Check the configuration and the registry files it names, and open nothing."`
	Schema  configSchemaCommand  `cmd:"" help:"Print the JSON Schema of the configuration."`
	Example configExampleCommand `cmd:"" help:"Print a configuration with every field explained."`
}

type configCheckCommand struct {
	File string `arg:"" optional:"" help:"Configuration file; without it, that of --config."`
}

// Run checks everything that can be checked without opening a connection or a
// secret, and shows every fault.
func (c *configCheckCommand) Run(p *process) error {
	if c.File != "" {
		p.line.Config = c.File
	}
	if p.line.Config == "" {
		return misuse("which file? heatledger config check FILE")
	}
	var doubts energy.Faults
	cfg, err := p.configuration()
	registries, registryErr := loadRegistries(cfg)
	if err == nil {
		if _, err = p.drivers(cfg, quantitiesOf(registries), false); err == nil && registryErr == nil {
			found := compared(cfg, registries)
			err, doubts = append(found.wrong, found.unknown...).Err(), found.doubts
		}
	}
	if err := errors.Join(err, registryErr); err != nil {
		return err
	}
	for _, doubt := range doubts {
		if _, err := fmt.Fprintf(p.stdout, "%v\n", doubt); err != nil {
			return err
		}
	}
	verdict := "no faults"
	if len(doubts) > 0 {
		verdict = fmt.Sprintf("no faults, %d doubtful", len(doubts))
	}
	_, err = fmt.Fprintf(p.stdout, "%s: %s\n", p.line.Config, verdict)
	return err
}

type configSchemaCommand struct{}

// Run prints the schema.
func (configSchemaCommand) Run(p *process) error {
	_, err := p.stdout.Write(config.Schema())
	return err
}

type configExampleCommand struct{}

// Run prints the example.
func (configExampleCommand) Run(p *process) error {
	_, err := p.stdout.Write(config.Example())
	return err
}
