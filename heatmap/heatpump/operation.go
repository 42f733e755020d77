package heatpump

import (
	"math"
	"time"

	"heatledger/energy"
	"heatledger/energy/grid"
	"heatledger/heatmap"
)

// Totals are what an operation comes to over the steps that have an answer.
type Totals struct {
	// Heat = Taken + Electricity = Pumped + Direct: what the machine gave, and what
	// needed none, for the source was warm enough.
	Taken, Heat, Electricity, Pumped, Direct heatmap.KilowattHours
	// Unused is heat of the source in those steps that the plant could not take.
	Unused heatmap.KilowattHours
	// ByState is the time in each state. Known is that which has an answer, of all.
	ByState   [OutOfRange + 1]time.Duration
	Known, Of time.Duration
}

// COP is that of the whole, heat pumped over electricity (the seasonal performance
// factor); ok is false where nothing was pumped.
func (t Totals) COP() (cop float64, ok bool) {
	if t.Electricity <= 0 {
		return 0, false
	}
	return float64(t.Pumped / t.Electricity), true
}

// Totals adds the steps up.
func (o Operation) Totals() Totals {
	var t Totals
	for i, step := range o.Steps {
		t.ByState[step.State] += o.Of.Step
		t.Of += o.Of.Step
		if !step.State.known() {
			continue
		}
		t.Known += o.Of.Step
		t.Taken += step.Taken.Over(o.Of.Step)
		t.Heat += step.Heat.Over(o.Of.Step)
		t.Electricity += step.Electricity.Over(o.Of.Step)
		if step.State == Direct {
			t.Direct += step.Heat.Over(o.Of.Step)
		} else {
			t.Pumped += step.Heat.Over(o.Of.Step)
		}
		if power, ok := o.source.Power(i); ok {
			t.Unused += max(0, power-step.Taken).Over(o.Of.Step)
		}
	}
	return t
}

// Series is the heat given to the network, with its temperatures. A step has the
// grade and the limit of the source's; one without an answer is absent.
func (o Operation) Series() (heatmap.Series, error) {
	n := len(o.Steps)
	c := heatmap.Columns{Power: make([]heatmap.Kilowatts, n), Grade: make([]heatmap.Grade, n), Limit: make([]heatmap.Limit, n),
		Flow: make([]energy.Celsius, n), Return: make([]energy.Celsius, n)}
	for i, step := range o.Steps {
		c.Power[i] = heatmap.Kilowatts(math.NaN())
		c.Flow[i], c.Return[i] = energy.Celsius(math.NaN()), energy.Celsius(math.NaN())
		if !step.State.known() {
			continue
		}
		c.Power[i], c.Grade[i], c.Limit[i] = step.Heat, o.source.Grade(i), o.source.Limit(i)
		if step.Heat > 0 {
			c.Flow[i], c.Return[i] = o.target(o.source.At(i))
		}
	}
	h, of := o.Of, o.Of.Method
	h.Kind, h.Negative = heatmap.Upgraded, 0
	h.Method = heatmap.Method{Code: heatmap.ByHeatPump, Source: o.Basis, Of: &of}
	return heatmap.New(h, c)
}

// Emissions are those of the electricity, by what the German grid emitted in each
// hour (package grid).
type Emissions struct {
	Direct, LifeCycle float64 // kg CO2eq
	// Moved is the part of the electricity whose hour was one of another year, for the
	// grid's data are of some years only. Whoever shows the number says so.
	Moved, Electricity heatmap.KilowattHours
}

// Intensity is the mean of the hours in g CO2eq/kWh, weighted with the electricity;
// ok is false where there was none.
func (e Emissions) Intensity() (direct, lifeCycle float64, ok bool) {
	if e.Electricity <= 0 {
		return 0, 0, false
	}
	return e.Direct * gramsPerKilogram / float64(e.Electricity), e.LifeCycle * gramsPerKilogram / float64(e.Electricity), true
}

const gramsPerKilogram = 1000

// Emissions adds up what the electricity of the operation emitted. Of 2021, 2023 and
// 2024 the hours are measured, of other years they stand in; see [grid.At].
func (o Operation) Emissions() Emissions { return o.emissions(grid.At) }

func (o Operation) emissions(at func(time.Time) grid.Hour) Emissions {
	var e Emissions
	var hour grid.Hour
	var from time.Time
	for i, step := range o.Steps {
		begins := o.Of.From.Add(time.Duration(i) * o.Of.Step).Truncate(time.Hour)
		if !begins.Equal(from) {
			from, hour = begins, at(begins)
		}
		energy := step.Electricity.Over(o.Of.Step)
		e.Direct += float64(energy) * float64(hour.Direct) / gramsPerKilogram
		e.LifeCycle += float64(energy) * float64(hour.LifeCycle) / gramsPerKilogram
		e.Electricity += energy
		if hour.Moved {
			e.Moved += energy
		}
	}
	return e
}
