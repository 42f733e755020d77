package registermap

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// customEntry is a register of an own map: `registers:` of a meter.
type customEntry struct {
	Point energy.PointID `yaml:"point,required"`
	Every *time.Duration `yaml:"every"`
	entry
}

// Custom reads the own map of a configured meter, the list below `registers:`.
// Faults name the places of the original file; the list is nil when there are any.
func Custom(node strictyaml.Node) ([]PointRegister, energy.Faults) {
	var list []customEntry
	doc, faults := node.Decode(&list)
	add := func(problem, remedy string, path ...any) {
		faults = append(faults, doc.Fault(problem, remedy, path...))
	}
	if len(list) == 0 && len(faults) == 0 {
		add("the register map is empty", "at least one register is expected")
	}
	entries := make([]entry, len(list))
	for i, e := range list {
		entries[i] = e.entry
	}
	registers, found := lintAll(entries, false)
	for _, x := range found {
		add(x.problem, x.remedy, x.path...)
	}
	points := make([]PointRegister, 0, len(list))
	for i, e := range list {
		if e.Point == "" {
			continue // noted as missing
		}
		p := PointRegister{Point: e.Point, Register: registers[i]}
		found := p.place(e.Every, points)
		if u := p.UnitFrom; u != nil && !u.Explained() {
			found = append(found, finding{[]any{"unit_register"}, "the codes of the unit register are missing",
				"codes: {1: kWh, 2: MWh} as the manual prints them is expected, or unit: with the unit that the meter shows"})
		}
		for _, x := range found {
			add(x.problem, x.remedy, append([]any{i}, x.path...)...)
		}
		points = append(points, p)
	}
	if len(faults) > 0 {
		return nil, inOrder(faults)
	}
	return points, nil
}

// place sets the interval of p and finds what is wrong with its point, given
// the points before it.
func (p *PointRegister) place(every *time.Duration, before []PointRegister) []finding {
	var found []finding
	if err := p.Point.Check(); err != nil {
		problem, remedy, _ := strings.Cut(err.Error(), ": ")
		found = append(found, finding{[]any{"point"}, problem, remedy})
	}
	if slices.ContainsFunc(before, func(o PointRegister) bool { return o.Point == p.Point }) {
		found = append(found, finding{[]any{"point"}, fmt.Sprintf("%s is read from two registers", p.Point), "keep one of them"})
	}
	if every != nil {
		p.Every = *every
		if p.Every <= 0 {
			found = append(found, finding{[]any{"every"}, fmt.Sprintf("every is %s", p.Every), "a duration above zero is expected"})
		}
	}
	return found
}

// assignment is a value below `points:` when it says more than the point.
type assignment struct {
	Point   energy.PointID `yaml:"point,required"`
	Unit    energy.Unit    `yaml:"unit"`    // as the meter shows it, in place of its unit register
	Address *uint16        `yaml:"address"` // of the block, where the model's addresses are relative
	Every   *time.Duration `yaml:"every"`
}

// Assign gives the points of a configured meter their registers. The node is
// the mapping below `points:`, from the name of a register of the model (its
// quantity, or quantity/channel) to a point, or to {point, unit, address, every}:
// unit replaces a unit register whose codes are not known, address is where the
// block of a relative model begins. Faults name the places of the original file;
// the list, in the order of the model, is nil when there are any.
func (m *Model) Assign(node strictyaml.Node) ([]PointRegister, energy.Faults) {
	var wanted map[energy.Quantity]strictyaml.Node
	doc, faults := node.Decode(&wanted)
	if len(wanted) == 0 && len(faults) == 0 {
		faults = append(faults, doc.Fault("no point is assigned",
			"at least one is expected: "+strictyaml.Suggest("", m.Names()), "points"))
	}
	for name := range wanted {
		if _, ok := m.Named(string(name)); !ok {
			faults = append(faults, doc.Fault(fmt.Sprintf("%s gives no %q", m.ID, name),
				strictyaml.Suggest(string(name), m.Names()), strictyaml.Key(name)))
		}
	}
	points := make([]PointRegister, 0, len(wanted))
	for _, r := range m.Registers {
		value, ok := wanted[energy.Quantity(r.Name())]
		if !ok {
			continue
		}
		a, wrong := readAssignment(value)
		faults = append(faults, wrong...)
		if len(wrong) > 0 {
			continue
		}
		p := PointRegister{Point: a.Point, Register: r}
		found := slices.Concat(p.place(a.Every, points), p.settle(a), p.locate(a, m.Relative))
		part, _ := value.Decode(&struct{}{})
		for _, x := range found {
			faults = append(faults, part.Fault(x.problem, x.remedy, x.path...))
		}
		points = append(points, p)
	}
	if len(faults) > 0 {
		return nil, inOrder(faults)
	}
	return points, nil
}

// settle gives p the unit that the configuration states, and finds where it has
// to state one.
func (p *PointRegister) settle(a assignment) []finding {
	u := p.UnitFrom
	if a.Unit != "" {
		problem, remedy, ok := p.checkUnit(a.Unit)
		if p.Register = p.In(a.Unit); ok {
			return nil
		}
		return []finding{{[]any{"unit"}, problem, remedy}}
	}
	remedy := fmt.Sprintf("write {point: %s, unit: %s} with the unit that the meter shows", a.Point, p.Quantity.Unit())
	switch {
	case u != nil && !u.Explained():
		return []finding{{nil, fmt.Sprintf("the unit of %s is a code in register %d that is not publicly known", p.Name(), u.Address), remedy}}
	case u == nil && p.Unit == "":
		return []finding{{nil, fmt.Sprintf("the unit of %s is set in the meter", p.Name()), remedy}}
	}
	return nil
}

// locate moves p and its companions to the block that the configuration states.
func (p *PointRegister) locate(a assignment, relative bool) []finding {
	switch {
	case !relative && a.Address == nil:
		return nil
	case !relative:
		return []finding{{[]any{"address"}, "the model knows the address", "remove it, or describe the meter by registers: of its own"}}
	case a.Address == nil:
		return []finding{{nil, fmt.Sprintf("%s stands in a block whose address depends on how the device is set up", p.Name()),
			fmt.Sprintf("write {point: %s, address: 20} with the wire address of the block", a.Point)}}
	}
	moved, ok := p.At(*a.Address)
	if p.Register = moved; ok {
		return nil
	}
	return []finding{{[]any{"address"}, fmt.Sprintf("the block at %d ends behind the last address %d", *a.Address, lastAddress), "a lower address is expected"}}
}

// readAssignment reads a point, or a mapping with one.
func readAssignment(value strictyaml.Node) (assignment, energy.Faults) {
	var a assignment
	if _, faults := value.Decode(&a.Point); len(faults) == 0 {
		return a, nil
	}
	_, faults := value.Decode(&a)
	return a, faults
}
