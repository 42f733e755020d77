package main

import (
	"fmt"
	"maps"
	"slices"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/registry"
)

// unregistered are the points that the configuration reads and none of its
// registry files knows: their readings are kept and count for nothing. Most
// are misspelt. Without registry files there is nothing to compare with.
func unregistered(cfg *config.Config, registries []*registry.Registry) (faults energy.Faults) {
	if len(registries) == 0 {
		return nil
	}
	of := quantitiesOf(registries)
	for i, c := range cfg.Connections {
		for j := range c.Meters {
			for _, point := range pointsOf(cfg, i, j) {
				if of(point) == "" {
					faults = append(faults, cfg.Fault(fmt.Sprintf("point %s is in no registry file of this configuration", point),
						"check the spelling, or add the point to the registry", "connections", i, "meters", j))
				}
			}
		}
	}
	return faults
}

// pointsOf are the points a meter of the configuration fills.
func pointsOf(cfg *config.Config, i, j int) (points []energy.PointID) {
	if cfg.Connections[i].OPCUA != nil {
		meter, _ := opcuaMeter(cfg, i, j)
		for _, node := range meter.Nodes {
			points = append(points, node.Point)
		}
		return append(points, slices.Sorted(maps.Values(meter.Points))...)
	}
	meter, _ := modbusMeter(cfg, i, j)
	for _, register := range meter.Registers {
		points = append(points, register.Point)
	}
	return points
}

// warnOfUnregistered says in the log what config check would say.
func (p *process) warnOfUnregistered(cfg *config.Config, registries []*registry.Registry) {
	for _, fault := range unregistered(cfg, registries) {
		p.log.Warn("readings are kept and count for nothing", "fault", fault.Error())
	}
}
