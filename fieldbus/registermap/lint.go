package registermap

import (
	"cmp"
	"fmt"
	"maps"
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
		add("quantity", suggestQuantity(r.Quantity, energy.Quantities()), "quantity %q is not known", r.Quantity)
	}
	switch {
	case r.Table.Bits() && r.Type != Bool:
		add("type", "bool is expected", "table %s holds single bits, no %s", r.Table, r.Type)
	case !r.Table.Bits() && r.Type == Bool:
		add("type", "uint16 is expected, or the table coil or discrete", "table %s holds registers, no bool", r.Table)
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
	return append(found, r.lintUnit()...)
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
		if u.Type != "" && !u.Type.unsigned() {
			add(fmt.Sprintf("%s cannot hold a unit code", u.Type), "uint16 is expected", "unit_register", "type")
		}
		if int(u.Address)+u.Words()-1 > lastAddress {
			add(fmt.Sprintf("%s at %d ends behind the last address %d", u.Type, u.Address, lastAddress),
				fmt.Sprintf("at most %d is expected", lastAddress+1-u.Words()), "unit_register", "address")
		}
		for _, code := range slices.Sorted(maps.Keys(u.Codes)) {
			if problem, remedy, ok := r.checkUnit(u.Codes[code]); !ok {
				add(problem, remedy, "unit_register", "codes", fmt.Sprint(code))
			}
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
	unit     bool // it is a unit register, which several values may share
}

// overlaps finds registers that share addresses: one of the two is mistyped. It
// goes through them in the order of addresses and compares each with the one
// that reaches farthest before it.
func overlaps(registers []Register) []finding {
	var all []extent
	for i, r := range registers {
		if r.Words() == 0 {
			continue
		}
		all = append(all, extent{r.Table, int(r.Address), r.End(), i, false})
		if u := r.UnitFrom; u != nil && u.Words() > 0 {
			all = append(all, extent{r.Table, int(u.Address), int(u.Address) + u.Words(), i, true})
		}
	}
	slices.SortStableFunc(all, func(a, b extent) int {
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	var found []finding
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if a.table != b.table || b.from >= a.to || a.unit && b.unit && a.from == b.from && a.to == b.to {
			continue
		}
		path := []any{b.index, "address"}
		if b.unit {
			path = []any{b.index, "unit_register", "address"}
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
func suggestQuantity(q energy.Quantity, known []energy.Quantity) string {
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
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
