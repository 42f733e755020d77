package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/fieldbus/registermap"
)

// doubtsOf is what a model file without faults leaves open and a person should
// know of, with its place: what the maker's manual would settle, and what a
// counter cannot do.
func doubtsOf(file string, m *registermap.Model) energy.Faults {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil // it was read a moment ago
	}
	var places struct {
		Registers []struct {
			Quantity energy.Quantity `yaml:"quantity"`
			Channel  string          `yaml:"channel"`
			Order    string          `yaml:"order"`
		} `yaml:"registers"`
	}
	doc, _ := strictyaml.Decode(file, src, &places) // fields not asked for are no faults here
	d := doubter{doc: doc}
	if m.Refresh == 0 && !slices.ContainsFunc(m.Registers, func(r registermap.Register) bool { return r.Refresh > 0 }) {
		d.add("how often the meter renews its registers is not stated", "refresh: as the manual says; without it nothing keeps a battery meter from being read each second", "id")
	}
	if m.Limits.MaxRegisters == 0 {
		d.add("how many registers one request may have is not stated", fmt.Sprintf("limits: {max_registers: as the manual says}; without it up to %d are asked for at once", registermap.MaxRegisters), "id")
	}
	for i, at := range places.Registers {
		r, ok := m.Named(registermap.Register{Quantity: at.Quantity, Channel: at.Channel}.Name())
		if !ok {
			continue
		}
		d.register(r, "registers", i)
		if at.Order == "" && r.Words() > 1 && r.Type != registermap.String {
			d.add(fmt.Sprintf("the order of the words of %s is not stated", r.Name()), "order: ABCD, high word first, is assumed; write it when the manual or the display has shown it", "registers", i)
		}
	}
	d.modicon(m)
	return d.doubts
}

// doubter gathers doubts.
type doubter struct {
	doc    *strictyaml.Document
	doubts energy.Faults
}

func (d *doubter) add(problem, remedy string, path ...any) {
	d.doubts = append(d.doubts, d.doc.Fault(problem, remedy, path...))
}

// modicon doubts addresses that are all numbers of Modicon's: the first digit
// names the table there, and counting begins at 1.
func (d *doubter) modicon(m *registermap.Model) {
	first := map[registermap.Table]uint16{registermap.Holding: 40001, registermap.Input: 30001}
	for _, r := range m.Registers {
		if from, ok := first[r.Table]; !ok || r.Address < from || r.Address > from+9998 {
			return
		}
	}
	if len(m.Registers) == 0 || len(m.SunSpec) > 0 || m.Relative {
		return
	}
	r := m.Registers[0]
	d.add(fmt.Sprintf("all addresses look like Modicon numbers, such as %d", r.Address),
		fmt.Sprintf("the address on the wire is expected, from 0: %d would be %d", r.Address, r.Address-first[r.Table]), "registers", 0, "address")
}

// register doubts one register.
func (d *doubter) register(r registermap.Register, at ...any) {
	if !r.Confirmed {
		d.add(fmt.Sprintf("%s is not confirmed", r.Name()), "compare what it reads with the meter's display or the maker's document, and then write confirmed: true", at...)
	}
	if r.UnitAsked() {
		d.add(fmt.Sprintf("%s has no unit that could be read", r.Name()), "every configuration must state the one that the meter shows; give the codes of the unit register if the manual has them", at...)
	}
	if !r.Quantity.Cumulative() {
		return
	}
	if r.Type == registermap.Float32 {
		d.add(fmt.Sprintf("the counter %s is a float32: beyond %s its steps are 2 and more", r.Name(), strings.TrimSpace(scaled(r, 1<<24).String()+" "+string(r.Unit))),
			"take an integer or float64 register of the same counter if the meter has one, and never a power from its differences", append(at, "type")...)
	}
	if size := turn(r.Type); size > 0 && r.Modulus.Float64() > 0 && r.ScaleFrom == nil && r.Modulus.Float64() < scaled(r, 1000).Float64() {
		d.add(fmt.Sprintf("the counter %s starts anew at %s, after less than 1000 of its steps", r.Name(), r.Modulus),
			"modulus is in the register's unit: compare it with the manual", append(at, "modulus")...)
	}
	if size := turn(r.Type); size > 0 && r.Modulus.Float64() == 0 && r.ScaleFrom == nil {
		d.add(fmt.Sprintf("the counter %s is a %s without modulus", r.Name(), r.Type),
			fmt.Sprintf("modulus: %s if the meter counts on from zero there; without it a turn of the counter looks like a reset", scaled(r, size)), append(at, "type")...)
	}
}

// turn is the number at which a counter of a small type starts anew of its own;
// 0 for those that never get there.
func turn(t registermap.Type) int64 {
	switch t {
	case registermap.Uint16:
		return 1 << 16
	case registermap.Int16:
		return 1 << 15
	case registermap.Uint32:
		return 1 << 32
	case registermap.Int32:
		return 1 << 31
	case registermap.BCD16:
		return 10_000
	case registermap.BCD32:
		return 100_000_000
	}
	return 0
}

// scaled is what a number of steps of a register comes to, in its unit.
func scaled(r registermap.Register, steps int64) energy.Value {
	mantissa, exponent := r.Scale.Mantissa()
	if r.Scale.IsDecimal() && mantissa > 0 && mantissa < 1_000_000 {
		return energy.Decimal(steps*mantissa, exponent)
	}
	return energy.Float(float64(steps) * r.Scale.Float64())
}
