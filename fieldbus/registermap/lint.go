package registermap

import (
	"cmp"
	"fmt"
	"slices"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// finding is something wrong with a register that a person wrote: the field it
// is about, what is wrong and what is expected.
type finding struct {
	path            []any
	problem, remedy string
}

// lastAddress is the highest address of a table.
const lastAddress = 65535

// lint finds what cannot be meant, one finding for each thing to be mended. It
// says nothing of required fields that are missing: those are found when the
// file is read.
func (r Register) lint() []finding {
	var found []finding
	add := func(field, remedy, problem string, args ...any) {
		found = append(found, finding{[]any{field}, fmt.Sprintf(problem, args...), remedy})
	}
	if r.Quantity != "" && !r.Quantity.Known() {
		add("quantity", suggestQuantity(r.Quantity), "quantity %q is not known", r.Quantity)
	}
	switch {
	case r.Type == String:
		add("type", "a type of number is expected", "a text is no reading")
	case r.Table.Bits() && r.Type != Bool:
		add("type", "bool is expected", "table %s holds single bits, no %s", r.Table, r.Type)
	}
	if r.End()-1 > lastAddress {
		add("address", fmt.Sprintf("at most %d is expected", lastAddress+1-r.Words()),
			"%s at %d ends behind the last address %d", r.Type, r.Address, lastAddress)
	}
	if m, _ := r.Scale.Mantissa(); m == 0 {
		add("scale", "what one step of the register is worth is expected, such as 0.1", "scale 0 makes every value zero")
	}
	if !r.Scale.Finite() {
		add("scale", "a smaller number is expected", "scale %s is out of range", r.Scale)
	}
	if !r.Offset.Finite() {
		add("offset", "a smaller number is expected", "offset %s is out of range", r.Offset)
	}
	if !r.Modulus.Finite() || r.Modulus.Float64() < 0 {
		add("modulus", "the number at which the counter starts anew is expected", "modulus %s is none", r.Modulus)
	}
	return slices.Concat(found, r.lintUnit(), r.lintScale())
}

// lintScale finds what is wrong with the scale register.
func (r Register) lintScale() []finding {
	s := r.ScaleFrom
	if s == nil {
		return nil
	}
	var found []finding
	add := func(field, remedy, problem string, args ...any) {
		found = append(found, finding{[]any{"scale_register", field}, fmt.Sprintf(problem, args...), remedy})
	}
	switch {
	case s.Type == String || s.Type == Bool:
		add("type", "a type of number is expected", "%s is no scale", s.Type)
	case s.As == Exponent && s.Type != Int16 && s.Type != Uint16 && s.Type != Int32 && s.Type != Uint32:
		add("type", "int16 is expected", "%s is no exponent", s.Type)
	}
	if int(s.Address)+s.Words()-1 > lastAddress {
		add("address", fmt.Sprintf("at most %d is expected", lastAddress+1-s.Words()),
			"%s at %d ends behind the last address %d", s.Type, s.Address, lastAddress)
	}
	if r.Table.Bits() {
		add("address", "scale: is expected, or the table holding or input", "table %s holds single bits, no scale", r.Table)
	}
	return found
}

// lintUnit finds what is wrong with the unit, stated or from a register.
func (r Register) lintUnit() []finding {
	var found []finding
	add := func(problem, remedy string, path ...any) {
		found = append(found, finding{path, problem, remedy})
	}
	switch u := r.UnitFrom; {
	case u == nil && r.Unit == "":
		add("the unit is missing", "unit: or unit_register: is expected")
	case u == nil:
		if problem, remedy, ok := r.checkUnit(r.Unit); !ok {
			add(problem, remedy, "unit")
		}
	case r.Unit != "":
		add("unit and unit_register both name the unit", "keep one of them", "unit_register")
	default:
		if u.Type != String && !u.Type.unsigned() {
			add(fmt.Sprintf("%s holds no unit code", u.Type), "uint16 or string is expected", "unit_register", "type")
		}
		if r.Table.Bits() {
			add(fmt.Sprintf("table %s holds single bits, no unit code", r.Table), "unit: is expected, or the table holding or input", "unit_register", "address")
		}
		if int(u.Address)+u.Words()-1 > lastAddress {
			add(fmt.Sprintf("%s at %d ends behind the last address %d", u.Type, u.Address, lastAddress),
				fmt.Sprintf("at most %d is expected", lastAddress+1-u.Words()), "unit_register", "address")
		}
	}
	return found
}

// checkUnit tells whether u is a unit in which r can stand. A volume needs its
// quantity: fuel is kept in litres, everything else in cubic metres, and a
// thousandfold is not to be guessed.
func (r Register) checkUnit(u energy.Unit) (problem, remedy string, ok bool) {
	if !u.Known() {
		return fmt.Sprintf("unit %q is not known", u), "a unit such as kWh, MWh, kW, °C, m³ or m³/h is expected", false
	}
	if r.Quantity.Known() && !u.Convertible(r.Quantity.Unit()) {
		return fmt.Sprintf("%s is not measured in %s", r.Quantity, u),
			fmt.Sprintf("a unit that can be given in %s is expected", r.Quantity.Unit()), false
	}
	if r.Quantity == "" && u.Convertible(energy.CubicMetre) {
		return fmt.Sprintf("%s does not say what is measured", u),
			"quantity: volume, water_volume or gas_volume (kept in m³) or fuel_volume (kept in l) is expected beside it", false
	}
	return "", "", true
}

// extent is a range of addresses that register i of a list takes.
type extent struct {
	table    Table
	from, to int // half-open
	index    int
	field    string // unit_register or scale_register: several values may share it
	bit      bool   // a bit of a register: others may lie beside it
}

// extents lists what register i of a list takes.
func (r Register) extents(i int) []extent {
	all := []extent{{r.Table, int(r.Address), r.End(), i, "", r.Type == Bool && !r.Table.Bits()}}
	if u := r.UnitFrom; u != nil && u.Words() > 0 {
		all = append(all, extent{r.Table, int(u.Address), int(u.Address) + u.Words(), i, "unit_register", false})
	}
	if s := r.ScaleFrom; s != nil && s.Words() > 0 {
		all = append(all, extent{r.Table, int(s.Address), int(s.Address) + s.Words(), i, "scale_register", false})
	}
	return all
}

// shares tells whether a and b may be the same registers.
func (a extent) shares(b extent) bool {
	same := a.from == b.from && a.to == b.to
	return same && (a.field != "" && a.field == b.field || a.bit && b.bit)
}

// overlaps finds registers that share addresses: one of the two is mistyped. It
// goes through them in the order of addresses and compares each with the one
// that reaches farthest before it.
func overlaps(registers []Register) []finding {
	var all []extent
	for i, r := range registers {
		if r.Words() > 0 {
			all = append(all, r.extents(i)...)
		}
	}
	slices.SortStableFunc(all, func(a, b extent) int {
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	var found []finding
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if a.table != b.table || b.from >= a.to || a.shares(b) {
			continue
		}
		path := []any{b.index, "address"}
		if b.field != "" {
			path = []any{b.index, b.field, "address"}
		}
		found = append(found, finding{path,
			fmt.Sprintf("%s %d to %d overlaps %d to %d of entry %d", b.table, b.from, b.to-1, a.from, a.to-1, a.index+1),
			"every register belongs to one value: check address and type of both"})
		if a.to > b.to { // the longer one may overlap further ones
			all[i] = a
		}
	}
	return found
}

// suggestQuantity is the remedy for a quantity that is none of the known ones.
func suggestQuantity(q energy.Quantity) string {
	var names []string
	for _, k := range energy.Quantities() {
		names = append(names, string(k))
	}
	return strictyaml.Suggest(string(q), names)
}

// inOrder sorts faults by their place in the file.
func inOrder(faults energy.Faults) energy.Faults {
	slices.SortStableFunc(faults, func(a, b energy.Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return faults
}
