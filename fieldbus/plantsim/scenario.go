package plantsim

import (
	"cmp"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// Scenario is a play of faults: what befalls which meter or connection, and
// when. It is written as a YAML list of events; example.scenario.yaml explains
// every field, [Plant.Scenario] reads it, [Server.Play] plays it.
type Scenario []Event

// Event is one fault of a scenario. Which fields belong to a deed says
// [Deed]; the others are zero.
type Event struct {
	// At is when it begins, after the play began; For how long it lasts, 0: to
	// the end of the plant. Both are real time, however fast the plant's runs.
	At  time.Duration `yaml:"at,required"`
	For time.Duration `yaml:"for"`
	// Meter or Connection is whom it befalls.
	Meter      energy.MeterID `yaml:"meter"`
	Connection string         `yaml:"connection"`
	Do         Deed           `yaml:"do,required"`

	Delay          time.Duration     `yaml:"delay"`      // late, stray, split
	Share          float64           `yaml:"share"`      // of the answers; 0: all
	Times          int               `yaml:"times"`      // so many answers at most; 0: no limit
	Code           uint8             `yaml:"code"`       // of an exception
	Status         string            `yaml:"status"`     // of a bad value: "BadSensorFailure"
	Quantities     []energy.Quantity `yaml:"quantities"` // none: all that can
	Modulus        int64             `yaml:"modulus"`    // units of the register at which it wraps
	Serial         string            `yaml:"serial"`     // of the meter that comes
	Start          energy.Value      `yaml:"start"`      // of its counters: kWh, m³
	BytesPerSecond int               `yaml:"bytes_per_second"`

	line  int    // in the file
	meter *meter // of Meter, once it is known
	wire  Protocol
}

// Step is the begin or the end of an event.
type Step struct {
	At    time.Duration
	Ends  bool
	Event int // its index in the scenario
}

// Steps are what a play does, in the order of time. What ends at an instant ends
// before anything begins.
func (sc Scenario) Steps() []Step {
	var steps []Step
	for i, e := range sc {
		steps = append(steps, Step{At: e.At, Event: i})
		if e.For > 0 {
			steps = append(steps, Step{At: e.At + e.For, Ends: true, Event: i})
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		order := func(s Step) int {
			if s.Ends {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.At, b.At), order(a)-order(b))
	})
	return steps
}

// Scenario reads the scenario in src, the content of file, for this plant. It
// returns every fault of the file with its place.
func (p *Plant) Scenario(file string, src []byte) (Scenario, energy.Faults) {
	var sc Scenario
	doc, faults := strictyaml.Decode(file, src, &sc)
	c := checker{plant: p, doc: doc, faults: faults}
	for i := range sc {
		sc[i].line = doc.Fault("", "", i).Line
		c.event(i, &sc[i])
	}
	c.overlaps(sc)
	return sc, strictyaml.InOrder(c.faults)
}
