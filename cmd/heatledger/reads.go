package main

import (
	"fmt"
	"maps"
	"slices"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/registry"
)

// read is one value that the configuration reads into a point.
type read struct {
	point    energy.PointID
	quantity energy.Quantity // empty: an own map or node does not say
	unit     energy.Unit     // in which the driver hands it on; empty: the meter says
	path     []any           // where the configuration says so
}

// readsOf are the values that meter j of connection i is read for.
func readsOf(cfg *config.Config, i, j int) (reads []read) {
	at := func(path ...any) []any { return append([]any{"connections", i, "meters", j}, path...) }
	if cfg.Connections[i].OPCUA != nil {
		meter, _ := opcuaMeter(cfg, i, j)
		for k, node := range meter.Nodes {
			reads = append(reads, read{node.Point, node.Quantity, node.Unit, at("nodes", k, "point")})
		}
		for _, q := range slices.Sorted(maps.Keys(meter.Points)) {
			reads = append(reads, read{meter.Points[q], q, q.Unit(), at("points", string(q))})
		}
		return reads
	}
	meter, _ := modbusMeter(cfg, i, j)
	for k, r := range meter.Registers {
		found := read{point: r.Point, quantity: r.Quantity, unit: r.Unit, path: at("registers", k, "point")}
		if meter.model != nil {
			found.path = at("points", r.Name())
		}
		reads = append(reads, found)
	}
	return reads
}

// comparison is what the registry files say of what the configuration reads.
type comparison struct {
	wrong   energy.Faults // points in other units: values that are wrong for ever
	unknown energy.Faults // points of no file, most of them misspelt: readings that count for nothing
	doubts  energy.Faults // another quantity in the same unit: a meter mounted the other way round may be meant
}

// compared holds what is read against the registry files. Without any there is
// nothing to compare with.
func compared(cfg *config.Config, registries []*registry.Registry) (found comparison) {
	if len(registries) == 0 {
		return found
	}
	of := quantitiesOf(registries)
	for i, c := range cfg.Connections {
		for j := range c.Meters {
			for _, r := range readsOf(cfg, i, j) {
				want := of(r.point)
				measured := string(r.quantity)
				if measured == "" {
					measured = string(r.unit)
				}
				unit := r.unit
				if r.quantity != "" {
					unit = r.quantity.Unit()
				}
				switch {
				case want == "":
					found.unknown = append(found.unknown, cfg.Fault(fmt.Sprintf("point %s is in no registry file of this configuration", r.point),
						"check the spelling, or add the point to the registry", r.path...))
				case unit != "" && !unit.Convertible(want.Unit()):
					found.wrong = append(found.wrong, cfg.Fault(fmt.Sprintf("%s is read into %s, which is %s in the registry", measured, r.point, want),
						fmt.Sprintf("a point that is measured in %s is expected", unit), r.path...))
				case r.quantity != "" && r.quantity != want:
					found.doubts = append(found.doubts, cfg.Fault(fmt.Sprintf("%s is read into %s, which is %s in the registry", measured, r.point, want),
						"make sure that this is meant, as for a meter that is mounted the other way round", r.path...))
				}
			}
		}
	}
	return found
}

// compare refuses a configuration that reads into points of other units, and
// says in the log what else config check finds.
func (p *process) compare(cfg *config.Config, registries []*registry.Registry) error {
	found := compared(cfg, registries)
	for _, fault := range found.unknown {
		p.log.Warn("readings are kept and count for nothing", "fault", fault.Error())
	}
	for _, fault := range found.doubts {
		p.log.Warn("what is read may not be what the registry means", "fault", fault.Error())
	}
	return found.wrong.Err()
}
