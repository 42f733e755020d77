package registermap

import (
	"time"

	"heatledger/energy"
)

// Capability is what a model gives, one row of the matrix by which a town picks
// the map of its meter. It is read from the model; nothing is added to it.
type Capability struct {
	Model        string // the id, as configurations name it
	Manufacturer string
	Name         string
	Source       string
	Note         string // what whoever installs the meter must know
	Registers    int
	Confirmed    int               // of Registers, checked against the maker's document or a meter
	Quantities   []energy.Quantity // what it measures, each once
	Values       []string          // what can be assigned to a point, as below points: quantity or quantity/channel
	UnitAsked    []string          // of Values, those whose unit the configuration must state
	Refresh      time.Duration     // of the value that is renewed most often; 0: not stated
	Limits       Limits            // zero: not stated
	SunSpec      []uint16          // its block is found by itself
	Relative     bool              // each point needs the address of its block
	Identifies   bool              // the meter can be recognised by what it says of itself
}

// Capabilities lists what the models that ship with the program give, by their
// ids.
func Capabilities() []Capability {
	var all []Capability
	for _, id := range Builtins() {
		m, _ := Builtin(id)
		all = append(all, m.Capability())
	}
	return all
}

// Capability is what m gives.
func (m *Model) Capability() Capability {
	c := Capability{
		Model: m.ID, Manufacturer: m.Manufacturer, Name: m.Name, Source: m.Source, Note: m.Note,
		Registers: len(m.Registers), Quantities: m.Quantities(), Values: m.Names(),
		Limits: m.Limits, SunSpec: m.SunSpec, Relative: m.Relative,
	}
	for _, r := range m.Registers {
		if r.Confirmed {
			c.Confirmed++
		}
		if r.UnitAsked() {
			c.UnitAsked = append(c.UnitAsked, r.Name())
		}
		if r.Refresh > 0 && (c.Refresh == 0 || r.Refresh < c.Refresh) {
			c.Refresh = r.Refresh
		}
	}
	for _, i := range m.Identity {
		c.Identifies = c.Identifies || len(i.Expect) > 0
	}
	return c
}
