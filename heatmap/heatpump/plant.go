package heatpump

import (
	"errors"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Target is what the network wants at an instant: water of a flow temperature, from
// what comes back to it.
type Target func(at time.Time) (flow, back energy.Celsius)

// Constant is a network whose temperatures never change.
func Constant(flow, back energy.Celsius) Target {
	return func(time.Time) (energy.Celsius, energy.Celsius) { return flow, back }
}

// Plant is a heat pump at a source.
type Plant struct {
	ID      string
	Machine Machine
	Target  Target
	// Capacity is the greatest heat it gives; 0: that of the machine under the
	// conditions, or, where it has none, as much as the source needs.
	Capacity heatmap.Kilowatts
	// LeastLoad is the share of the capacity below which it stands still; without a
	// capacity it never does.
	LeastLoad float64
	// Spread is by how many kelvins the source is cooled where its return temperature
	// is not measured; 0: then there is no answer.
	Spread float64
	// Pinch is by how many kelvins a source must be warmer than the flow that is
	// wanted to give its heat by an exchanger alone, without the heat pump and not
	// bounded by its capacity.
	Pinch float64
}

// State says what the plant did in a step.
type State uint8

// Absent: the power of the source is not known. Running; Direct: the source was warm
// enough by itself; Idle: it gave no heat; BelowLeast: too little for the machine;
// NoTemperature: the source's temperatures are not known; OutOfRange: the machine is
// not known under them, see [RangeError].
const (
	Absent State = iota
	Running
	Direct
	Idle
	BelowLeast
	NoTemperature
	OutOfRange
)

// String is the state's name in files and answers.
func (s State) String() string {
	return [...]string{"absent", "running", "direct", "idle", "below_least", "no_temperature", "out_of_range"}[s]
}

// known tells whether a step of the state has an answer.
func (s State) known() bool { return s == Running || s == Direct || s == Idle || s == BelowLeast }

// Step is what the plant did in a step of the series. Heat = Taken + Electricity.
type Step struct {
	State       State
	COP         float64           // of Running; else 0
	Taken       heatmap.Kilowatts // heat from the source
	Heat        heatmap.Kilowatts // given to the network
	Electricity heatmap.Kilowatts
}

// Operation is a plant over a series.
type Operation struct {
	Of    heatmap.Header // the series it took its heat from
	Basis string         // what the machine's figures rest on
	Steps []Step

	source heatmap.Series
	target Target
}

// check errs where the plant itself is not fully stated.
func (p Plant) check() error {
	switch {
	case p.Machine == nil || p.Target == nil:
		return errors.New("a machine and a target are expected")
	case p.Capacity < 0 || p.Spread < 0 || p.Pinch < 0 || !(p.LeastLoad >= 0 && p.LeastLoad < 1):
		return fmt.Errorf("capacity %v kW, least load %v, spread %v K, pinch %v K: none below zero, and a least load below 1, are expected", p.Capacity, p.LeastLoad, p.Spread, p.Pinch)
	}
	return nil
}

// Run lets the plant work on what the source gives, as much as it can. It errs where
// plant or machine are not fully stated; a step for which there is no answer is one of
// its states.
func (p Plant) Run(s heatmap.Series) (Operation, error) {
	o := Operation{Of: s.Header, Steps: make([]Step, s.Len()), source: s, target: p.Target}
	if err := p.check(); err != nil {
		return Operation{}, fmt.Errorf("run heat pump %s: %w", p.ID, err)
	}
	o.Basis = p.Machine.Basis()
	for i := range o.Steps {
		var err error
		if o.Steps[i], err = p.step(s, i); err != nil {
			return Operation{}, fmt.Errorf("run heat pump %s: %w", p.ID, err)
		}
	}
	return o, nil
}

// step is what the plant does in step i.
func (p Plant) step(s heatmap.Series, i int) (Step, error) {
	power, ok := s.Power(i)
	switch {
	case !ok:
		return Step{}, nil // absent
	case power == 0:
		return Step{State: Idle}, nil
	}
	c := Conditions{Load: 1}
	if c.SourceIn, ok = s.Flow(i); !ok {
		return Step{State: NoTemperature}, nil
	}
	c.SinkOut, c.SinkIn = p.Target(s.At(i))
	if float64(c.SourceIn) >= float64(c.SinkOut)+p.Pinch {
		return Step{State: Direct, Taken: power, Heat: power}, nil
	}
	if c.SourceOut, ok = s.Return(i); !ok || c.SourceOut > c.SourceIn {
		if p.Spread == 0 {
			return Step{State: NoTemperature}, nil
		}
		c.SourceOut = c.SourceIn - energy.Celsius(p.Spread)
	}
	step, err := p.pump(power, c)
	var beyond *RangeError
	if errors.As(err, &beyond) || errors.Is(err, ErrNoLift) {
		return Step{State: OutOfRange}, nil
	}
	return step, err
}

// pump upgrades the power of a source, or as much of it as the plant has capacity
// for.
func (p Plant) pump(power heatmap.Kilowatts, c Conditions) (Step, error) {
	point, err := p.Machine.Point(c)
	if err != nil {
		return Step{}, err
	}
	capacity := p.Capacity
	if capacity == 0 {
		capacity = point.Capacity
	}
	heat := upgraded(power, point.COP)
	switch {
	case capacity == 0:
		return running(heat, point.COP), nil
	case heat < capacity:
		return p.partly(power, capacity, point, c)
	}
	return running(capacity, point.COP), nil
}

// settled is by how much loads may differ that are one; they are sought much closer, for
// what a load asks for may change faster than the load.
const (
	settled = 1e-9
	closer  = settled / 16
)

// partly upgrades the power of a source at part load, full being how the machine does at
// full load. The load depends on the heat, the heat on the COP and the COP on the load;
// as a load rises, what it asks for falls behind it. Where the machine is not known at a
// load, a greater one is looked for.
func (p Plant) partly(power, capacity heatmap.Kilowatts, full Point, c Conditions) (Step, error) {
	least, most, found := 0.0, 1.0, full
	c.Load = float64(upgraded(power, full.COP) / capacity)
	if point, err := p.Machine.Point(c); err == nil && point.COP == full.COP { // nothing is lost at part load
		least, most = c.Load, c.Load
	}
	for most-least > closer {
		c.Load = (least + most) / 2
		point, err := p.Machine.Point(c)
		var beyond *RangeError
		switch {
		case errors.As(err, &beyond):
			least = c.Load
		case err != nil:
			return Step{}, err
		case upgraded(power, point.COP) > capacity*heatmap.Kilowatts(c.Load):
			least = c.Load
		default:
			most, found = c.Load, point
		}
	}
	heat := upgraded(power, found.COP)
	switch asks := float64(heat / capacity); {
	case asks < p.LeastLoad-settled:
		return Step{State: BelowLeast}, nil
	case asks < most-settled: // the machine is not known at so little
		return Step{State: OutOfRange}, nil
	}
	return running(heat, found.COP), nil
}

// running is a step that gives heat at a COP.
func running(heat heatmap.Kilowatts, cop float64) Step {
	electricity := heat / heatmap.Kilowatts(cop)
	return Step{State: Running, COP: cop, Taken: heat - electricity, Heat: heat, Electricity: electricity}
}

// upgraded is the heat that becomes of a source's power.
func upgraded(power heatmap.Kilowatts, cop float64) heatmap.Kilowatts {
	return power * heatmap.Kilowatts(cop/(cop-1))
}
