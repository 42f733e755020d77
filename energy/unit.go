package energy

import (
	"fmt"
	"time"
)

// Watts is a power in W.
type Watts float64

// WattHours is an energy in Wh.
type WattHours float64

// Celsius is a temperature in °C.
type Celsius float64

// CubicMetres is a volume in m³.
type CubicMetres float64

// Over is the energy of power p held for d.
func (p Watts) Over(d time.Duration) WattHours { return WattHours(float64(p) * d.Hours()) }

// Mean is the mean power of energy e over d; ok is false for d = 0.
func (e WattHours) Mean(d time.Duration) (p Watts, ok bool) {
	if d <= 0 {
		return 0, false
	}
	return Watts(float64(e) / d.Hours()), true
}

// Unit is a unit as it is written in registers, files and answers: "kWh", "°C".
type Unit string

// The canonical units of the API and of our files (FIGURES.md, Quantities).
const (
	KilowattHour          Unit  = "kWh"
	Kilowatt              Unit  = "kW"
	DegreeCelsius         Unit  = "°C"
	CubicMetre            Unit  = "m³"
	Litre                 Unit  = "l"
	CubicMetrePerHour     Unit  = "m³/h"
	CubicMetreDegree      Unit  = "m³·°C"
	One                   Unit  = "1"
	Percent               Unit  = "%"
	Hertz                 Unit  = "Hz"
	dimensionEnergy             = "energy"
	dimensionPower              = "power"
	dimensionVolume             = "volume"
	dimensionFlow               = "volume flow"
	dimensionTemperature        = "temperature"
	dimensionVolumeDegree       = "volume times temperature"
	dimensionRatio              = "ratio"
	dimensionFrequency          = "frequency"
	secondsPerHour        int64 = 3600
)

// scale says that one of this unit is num/den × 10^exp base units of its dimension.
type scale struct {
	dimension string
	num, den  int64
	exp       int8
}

// scaleOf knows every unit we read. Base units: Wh, W, m³, m³/h, °C, m³·°C, 1, Hz.
func scaleOf(u Unit) (scale, bool) {
	switch u {
	case "mWh":
		return scale{dimensionEnergy, 1, 1, -3}, true
	case "Wh":
		return scale{dimensionEnergy, 1, 1, 0}, true
	case "kWh":
		return scale{dimensionEnergy, 1, 1, 3}, true
	case "MWh":
		return scale{dimensionEnergy, 1, 1, 6}, true
	case "GWh":
		return scale{dimensionEnergy, 1, 1, 9}, true
	case "J":
		return scale{dimensionEnergy, 1, secondsPerHour, 0}, true
	case "kJ":
		return scale{dimensionEnergy, 1, secondsPerHour, 3}, true
	case "MJ":
		return scale{dimensionEnergy, 1, secondsPerHour, 6}, true
	case "GJ":
		return scale{dimensionEnergy, 1, secondsPerHour, 9}, true
	case "mW":
		return scale{dimensionPower, 1, 1, -3}, true
	case "W":
		return scale{dimensionPower, 1, 1, 0}, true
	case "kW":
		return scale{dimensionPower, 1, 1, 3}, true
	case "MW":
		return scale{dimensionPower, 1, 1, 6}, true
	case "ml":
		return scale{dimensionVolume, 1, 1, -6}, true
	case "l":
		return scale{dimensionVolume, 1, 1, -3}, true
	case "m³", "m3":
		return scale{dimensionVolume, 1, 1, 0}, true
	case "l/h":
		return scale{dimensionFlow, 1, 1, -3}, true
	case "m³/h", "m3/h":
		return scale{dimensionFlow, 1, 1, 0}, true
	case "l/s":
		return scale{dimensionFlow, secondsPerHour, 1, -3}, true
	case "°C", "degC":
		return scale{dimensionTemperature, 1, 1, 0}, true
	case "m³·°C", "m3·°C", "m3·degC":
		return scale{dimensionVolumeDegree, 1, 1, 0}, true
	case "1":
		return scale{dimensionRatio, 1, 1, 0}, true
	case "%":
		return scale{dimensionRatio, 1, 1, -2}, true
	case "Hz":
		return scale{dimensionFrequency, 1, 1, 0}, true
	}
	return scale{}, false
}

// Known tells whether u is a unit we can read.
func (u Unit) Known() bool { _, ok := scaleOf(u); return ok }

// Convertible tells whether a value in u can be given in to: same dimension.
func (u Unit) Convertible(to Unit) bool {
	a, okA := scaleOf(u)
	b, okB := scaleOf(to)
	return okA && okB && a.dimension == b.dimension
}

// Convert gives v, measured in from, in unit to. Decimals stay decimals where
// the factor is a power of ten (Wh to kWh); otherwise (GJ to kWh) the result
// is binary. It errs when a unit is unknown or measures something else.
func Convert(v Value, from, to Unit) (Value, error) {
	a, okA := scaleOf(from)
	b, okB := scaleOf(to)
	if !okA || !okB {
		return Value{}, fmt.Errorf("convert %q to %q: unknown unit", from, to)
	}
	if a.dimension != b.dimension {
		return Value{}, fmt.Errorf("convert %q to %q: %s is not %s", from, to, a.dimension, b.dimension)
	}
	if from == to {
		return v, nil
	}
	shifted := v.Shift(int(a.exp) - int(b.exp))
	num, den := a.num*b.den, a.den*b.num
	if num == den {
		return shifted, nil
	}
	return Float(shifted.Float64() * float64(num) / float64(den)), nil
}
