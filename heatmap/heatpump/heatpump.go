// Package heatpump says what a heat pump makes of a source's heat: its coefficient of
// performance from the temperatures, the electricity it needs, the heat it gives,
// step by step over a series, what that electricity emits hour by hour, and what it
// does to the PUE and the ERF of the data centre on either side of the boundary. It
// knows no meters: of heat pumps that run already, package kpi speaks.
//
// Sources of the formulas:
//
//   - Carnot: COP = η·T_H/(T_H − T_C) in kelvins, η the quality grade, as in
//     oemof-thermal (src/oemof/thermal/compression_heatpumps_and_chillers.py).
//   - Lorenz: COP = η·T̄_H/(T̄_H − T̄_C), T̄ = (T_1 − T_2)/ln(T_1/T_2) of a fluid that
//     changes its temperature from T_1 to T_2: Reinholdt et al., Heat pump COP, part
//     1: Generalized method for screening of system integration potentials, 13th
//     IIR Gustav Lorentzen Conference, Valencia 2018, vol. 2, pp. 1097–1104, doi
//     10.18462/iir.gl.2018.1380.
//   - Part load: COP(l) = COP(1)·l/(Cc·l + 1 − Cc), the correction of EN 14825 for
//     water-borne machines that switch on and off; clause and edition unconfirmed.
//   - PUE and ERF: FIGURES.md, Heat pumps, and package kpi.
//
// A quality grade is nobody's constant. EMB3Rs computes with 0.55 of Carnot; offers
// differ by a third either way. So none is built in: whoever computes states one, with
// its origin, and the answer repeats it.
package heatpump

import (
	"errors"
	"fmt"
	"math"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Method is the version of the definitions of this package; see source.Method.
const Method = 2

// Conditions are those under which a machine runs.
type Conditions struct {
	SourceIn, SourceOut energy.Celsius // the source is cooled from In to Out
	SinkIn, SinkOut     energy.Celsius // the network's water is warmed from In to Out
	Load                float64        // share of what it can give under these temperatures, above 0 to 1
}

// Point is what a machine does under conditions.
type Point struct {
	COP float64 // heat given over electricity taken, above 1
	// Capacity is the heat it can give at full load; 0: the model does not know.
	Capacity heatmap.Kilowatts
}

// Machine is a heat pump by what it does. It errs with [ErrNoLift] or a [*RangeError]
// where it has no answer.
type Machine interface {
	Point(c Conditions) (Point, error)
	// Basis says in a few words what the figures rest on, as it was stated.
	Basis() string
}

// ErrNoLift says that the source is no colder than the sink, so that there is nothing
// to pump.
var ErrNoLift = errors.New("the source is no colder than the sink")

// RangeError says that something lies outside of what a machine is known for: nothing
// is extrapolated.
type RangeError struct {
	What             string // "source_in_c", "sink_out_c", "load", "cop"
	Value, Low, High float64
}

// Error names value and range.
func (e *RangeError) Error() string {
	return fmt.Sprintf("%s of %v: known from %v to %v", e.What, e.Value, e.Low, e.High)
}

// zeroCelsius is 0 °C in kelvins.
const zeroCelsius = 273.15

// kelvin is a temperature in kelvins.
func kelvin(t energy.Celsius) float64 { return float64(t) + zeroCelsius }

// Carnot is a machine that reaches a share of the ideal one between two temperatures:
// that to which the source is cooled and that to which the sink is warmed.
type Carnot struct {
	Quality float64 // η, above 0 and at most 1
	Source  string  // where Quality comes from
	// Approach is by how many kelvins the refrigerant is colder than the source and
	// warmer than the sink, each; 0 where Quality has it in it already.
	Approach float64
	PartLoad PartLoad
	// Greatest bounds the COP, which grows without limit as the lift goes to nothing;
	// 0: it is not bounded.
	Greatest float64
}

// Point is η·T_H/(T_H − T_C), at part load.
func (m Carnot) Point(c Conditions) (Point, error) {
	if err := stated(m.Quality, m.Source); err != nil {
		return Point{}, err
	}
	hot, cold := kelvin(c.SinkOut)+m.Approach, kelvin(c.SourceOut)-m.Approach
	return ideal(hot, cold, m.Quality, m.Greatest, m.PartLoad, c.Load)
}

// Basis names grade and origin.
func (m Carnot) Basis() string {
	return fmt.Sprintf("carnot, quality grade %v (%s)%s", m.Quality, m.Source, m.PartLoad.basis())
}

// Lorenz is a machine that reaches a share of the ideal one between a source that is
// cooled and a sink that is warmed: it suits networks with a wide spread, for which
// Carnot asks too much.
type Lorenz struct {
	Quality  float64 // η, above 0 and at most 1
	Source   string  // where Quality comes from
	PartLoad PartLoad
	Greatest float64 // as of [Carnot]
}

// Point is η·T̄_H/(T̄_H − T̄_C), at part load.
func (m Lorenz) Point(c Conditions) (Point, error) {
	if err := stated(m.Quality, m.Source); err != nil {
		return Point{}, err
	}
	return ideal(logMean(c.SinkIn, c.SinkOut), logMean(c.SourceIn, c.SourceOut), m.Quality, m.Greatest, m.PartLoad, c.Load)
}

// Basis names grade and origin.
func (m Lorenz) Basis() string {
	return fmt.Sprintf("lorenz, quality grade %v (%s)%s", m.Quality, m.Source, m.PartLoad.basis())
}

// stated errs where a quality grade cannot be, or nobody said it.
func stated(quality float64, source string) error {
	switch {
	case !(quality > 0 && quality <= 1):
		return fmt.Errorf("a quality grade of %v: more than 0 and at most 1 is expected", quality)
	case source == "":
		return fmt.Errorf("a quality grade of %v without its source", quality)
	}
	return nil
}

// ideal is the share of the ideal COP between two temperatures in kelvins.
func ideal(hot, cold, quality, greatest float64, part PartLoad, load float64) (Point, error) {
	if !(hot > cold) || !(cold > 0) {
		return Point{}, ErrNoLift
	}
	cop := quality * hot / (hot - cold)
	if greatest > 0 {
		cop = min(cop, greatest)
	}
	factor, err := part.factor(load)
	if err != nil {
		return Point{}, err
	}
	if cop *= factor; !(cop > 1) {
		return Point{}, &RangeError{"cop", cop, 1, math.Inf(1)}
	}
	return Point{COP: cop}, nil
}

// logMean is the thermodynamic mean temperature, in kelvins, of a fluid of constant
// heat capacity between two temperatures.
func logMean(a, b energy.Celsius) float64 {
	x, y := kelvin(a), kelvin(b)
	if math.Abs(x-y) < 1e-6*x { // the limit; the quotient loses its digits
		return (x + y) / 2
	}
	return (x - y) / math.Log(x/y)
}

// PartLoad is what a machine loses where it runs below full load. The zero PartLoad
// loses nothing.
type PartLoad struct {
	// Cc is the degradation coefficient of EN 14825, above 0 to 1: 1 loses nothing; 0.9
	// is its default where nothing was measured (unconfirmed).
	Cc     float64
	Source string // where it comes from
}

// factor is the COP at a load over that at full load.
func (p PartLoad) factor(load float64) (float64, error) {
	switch {
	case !(load > 0 && load <= 1):
		return 0, &RangeError{"load", load, 0, 1}
	case p == PartLoad{}:
		return 1, nil
	case !(p.Cc > 0 && p.Cc <= 1) || p.Source == "":
		return 0, fmt.Errorf("a degradation coefficient of %v (%q): more than 0 and at most 1, with its source, is expected", p.Cc, p.Source)
	}
	return load / (p.Cc*load + 1 - p.Cc), nil
}

func (p PartLoad) basis() string {
	if p == (PartLoad{}) {
		return ""
	}
	return fmt.Sprintf(", part load Cc %v (%s)", p.Cc, p.Source)
}
