package opcua

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
)

// How far below its root a metering point is looked for.
const (
	meterDepth = 8
	meterMost  = 5000 // variables
	listed     = 20   // variables named where the wanted one is missing
)

// measured is what a point of a model measures, and below which node.
type measured struct {
	root     address
	quantity energy.Quantity
}

func newMeasured(root string, q energy.Quantity) *measured {
	a, _ := parseAddress(root)
	return &measured{a, q}
}

// candidate is a variable of [ECM], with what it says of itself.
type candidate struct {
	*leaf
	id       uint16 // MeasurementID; 0: not told
	unit     countIn
	unitText string // as the server writes it; empty: not told
	known    bool   // unit is one of ours
	resource uint32
	told     bool // resource is
}

// locate finds the nodes of those points that a model names by what they
// measure, and gives the points that can be monitored. One that is not found is
// refused like a node that is not there, and looked for again when it is due.
func (s *subscription) locate(ctx context.Context, points []*point) (found []*point, err error) {
	var x *explorer
	below := make(map[address][]candidate)
	for _, p := range points {
		if p.measures == nil {
			found = append(found, p)
			continue
		}
		if x == nil {
			if x, err = explore(ctx, s.link.client); err != nil {
				return nil, err
			}
		}
		candidates, looked := below[p.measures.root]
		if !looked {
			if candidates, err = x.candidates(ctx, p.measures.root); err != nil {
				return nil, fmt.Errorf("look for measurements below %s: %w", p.Node.Node, err)
			}
			below[p.measures.root] = candidates
		}
		if reason := p.settle(x, candidates); reason != "" {
			s.refuse(p, reason, time.Now())
			continue
		}
		found = append(found, p)
	}
	return found, nil
}

// settle makes p read the one candidate that measures its quantity, or says
// why there is none.
func (p *point) settle(x *explorer, candidates []candidate) (reason string) {
	c, reason := choose(candidates, p.measures.quantity)
	if reason != "" {
		return reason + " below " + p.Node.Node
	}
	a, err := parseAddress(x.written(c.node))
	if err != nil {
		return fmt.Sprintf("node of %s: %s", c.path, err)
	}
	p.address = a
	p.reader = reader{from: c.unit.unit, to: p.measures.quantity.Unit(), scale: c.unit.scale}
	return ""
}

// candidates are the measurements below root.
func (x *explorer) candidates(ctx context.Context, root address) ([]candidate, error) {
	from, err := root.resolve(x.namespaces)
	if err != nil {
		return nil, nil // nothing lies below a node that is not there
	}
	t := tree{explorer: x, depth: meterDepth, most: meterMost}
	if err := t.grow(ctx, from); err != nil {
		return nil, err
	}
	var all []candidate
	for _, l := range t.leaves {
		if l.properties["MeasurementID"] != nil || l.namespace == ecmNamespace && l.name != "Resource" && l.name != "AccuracyClass" {
			all = append(all, candidate{leaf: l})
		}
	}
	return all, t.ask(ctx, all)
}

// ask reads what candidates say of themselves.
func (t *tree) ask(ctx context.Context, all []candidate) error {
	resources := make(map[string]*ua.NodeID) // by the variable that has it
	for _, l := range t.leaves {
		if l.namespace == ecmNamespace && l.name == "Resource" {
			resources[l.parent] = l.node
		}
	}
	var nodes []*ua.NodeID
	var take []func(*ua.DataValue)
	ask := func(n *ua.NodeID, use func(*ua.DataValue)) {
		if n != nil {
			nodes, take = append(nodes, n), append(take, use)
		}
	}
	for i := range all {
		c := &all[i]
		ask(c.properties["MeasurementID"], func(v *ua.DataValue) { c.id, _ = plain[uint16](v) })
		ask(c.properties["EngineeringUnits"], func(v *ua.DataValue) {
			if eu, ok := structure[ua.EUInformation](v); ok {
				c.unit, c.unitText, c.known = unitOf(eu)
				c.unitText = cmp.Or(c.unitText, "a unit without a name")
			}
		})
		ask(resources[c.node.String()], func(v *ua.DataValue) { c.resource, c.told = plain[uint32](v) })
	}
	values, err := t.values(ctx, nodes)
	if err != nil {
		return err
	}
	for i, v := range values {
		take[i](v)
	}
	return nil
}

// choose is the candidate that measures q. Two metering points are not chosen
// between: a guess would be another's energy.
func choose(candidates []candidate, q energy.Quantity) (chosen candidate, reason string) {
	var fit []candidate
	best := -1
	for _, c := range candidates {
		rank := slices.IndexFunc(measurements(q), c.is)
		if rank < 0 {
			continue
		}
		if len(fit) > 0 && fit[0].parent != c.parent {
			return candidate{}, fmt.Sprintf("both %s and %s measure %s: give the root of one of them; both lie", fit[0].path, c.path, q)
		}
		if fit = append(fit, c); best < 0 || rank < slices.IndexFunc(measurements(q), chosen.is) {
			chosen, best = c, rank
		}
	}
	if best < 0 {
		return candidate{}, fmt.Sprintf("no measurement of %s (there are: %s)", q, list(candidates))
	}
	if chosen.unitText == "" && chosen.id != 0 {
		chosen.unit, chosen.known = measurements(q)[best].unit, true // the identifier implies it
	}
	switch {
	case !chosen.known && chosen.unitText == "":
		return candidate{}, fmt.Sprintf("%s says neither MeasurementID nor EngineeringUnits", chosen.path)
	case !chosen.known || !chosen.unit.unit.Convertible(q.Unit()):
		return candidate{}, fmt.Sprintf("%s is in %s, which is no unit of %s that is read,", chosen.path, chosen.unitText, q)
	}
	return chosen, ""
}

// is tells whether a candidate is m: by MeasurementID, or by name where that is
// not told. What the quantity is of must be told where it makes a difference.
func (c candidate) is(m measurement) bool {
	if c.id != m.id && (c.id != 0 || c.name != m.name || c.namespace != ecmNamespace) {
		return false
	}
	return m.resources == nil || slices.Contains(m.resources, c.resource)
}

// list names what is there, for people.
func list(candidates []candidate) string {
	if len(candidates) == 0 {
		return "none of OPC 34100"
	}
	var names []string
	for _, c := range candidates {
		var facts []string
		if c.id != 0 {
			facts = append(facts, fmt.Sprint(c.id))
		}
		if c.unitText != "" {
			facts = append(facts, c.unitText)
		}
		if c.told {
			facts = append(facts, fmt.Sprintf("resource %d", c.resource))
		}
		names = append(names, strings.TrimSuffix(c.path+" ("+strings.Join(facts, ", ")+")", " ()"))
	}
	if more := len(names) - listed; more > 0 {
		names = append(names[:listed], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, "; ")
}
