package opcua

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// nodeEntry is an entry of `nodes:` as people write it.
type nodeEntry struct {
	Point    energy.PointID  `yaml:"point,required"`
	Node     string          `yaml:"node,required"`
	Unit     energy.Unit     `yaml:"unit,required"`
	Quantity energy.Quantity `yaml:"quantity"`
	Scale    energy.Value    `yaml:"scale"`
	Deadband written         `yaml:"deadband"`
	Queue    int             `yaml:"queue"`
}

// written is a scalar as it stands in the file, a number or a text.
type written string

// UnmarshalText takes any text.
func (w *written) UnmarshalText(text []byte) error { *w = written(text); return nil }

// ParseNodes reads the `nodes:` list of a meter and checks points, node ids and
// units. Every fault has its place; the nodes without a fault are returned too.
func ParseNodes(list strictyaml.Node) ([]Node, energy.Faults) {
	var entries []nodeEntry
	doc, faults := list.Decode(&entries)
	fault := func(err error, path ...any) {
		problem, remedy, _ := strings.Cut(err.Error(), ": ")
		faults = append(faults, doc.Fault(problem, remedy, path...))
	}
	var nodes []Node
	first := make(map[energy.PointID]int)
	for i, e := range entries {
		n := e.node()
		before := len(faults)
		if e.Deadband != "" {
			var err error
			if n.Deadband, err = ParseDeadband(string(e.Deadband)); err != nil {
				fault(err, i, "deadband")
			}
		}
		if err := n.Point.Check(); n.Point != "" && err != nil {
			fault(err, i, "point")
		}
		if n.Node != "" {
			if _, err := parseAddress(n.Node); err != nil {
				fault(err, i, "node")
			}
		}
		if n.Unit != "" {
			if _, err := n.target(); err != nil {
				fault(err, i, "unit")
			}
		}
		if e.Queue < 0 || e.Queue > mostQueued {
			fault(fmt.Errorf("a queue of %d: 1 to %d values are expected", e.Queue, mostQueued), i, "queue")
		}
		if earlier, doubled := first[n.Point]; doubled && n.Point != "" {
			fault(fmt.Errorf("point %s stands twice: entry %d has it already", n.Point, earlier+1), i, "point")
		} else {
			first[n.Point] = i
		}
		if len(faults) == before && n.Point != "" && n.Node != "" && n.Unit != "" {
			nodes = append(nodes, n)
		}
	}
	slices.SortStableFunc(faults, func(a, b energy.Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return nodes, faults
}

func (e nodeEntry) node() Node {
	return Node{Point: e.Point, Quantity: e.Quantity, Node: e.Node, Unit: e.Unit, Scale: e.Scale, Queue: e.Queue}
}
