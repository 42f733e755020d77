package energy_test

import (
	"math"
	"testing"
	"time"

	"heatledger/energy"
)

func TestUnitsConvertWithinTheirDimension(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value    energy.Value
		from, to energy.Unit
		want     energy.Value
	}{
		{energy.Decimal(41250000, 0), "Wh", "kWh", energy.Decimal(41250000, -3)},
		{energy.Decimal(41, -1), "MWh", "kWh", energy.Decimal(41, 2)},
		{energy.Decimal(1, 0), "GWh", "mWh", energy.Decimal(1, 12)},
		{energy.Decimal(36, 0), "GJ", "kWh", energy.Float(10_000)},
		{energy.Decimal(36, 0), "MJ", "kWh", energy.Float(10)},
		{energy.Decimal(36, 0), "kJ", "Wh", energy.Float(10)},
		{energy.Decimal(7200, 0), "J", "Wh", energy.Float(2)},
		{energy.Decimal(10, 0), "kWh", "MJ", energy.Float(36)},
		{energy.Decimal(3, 0), "GJ", "MJ", energy.Decimal(3, 3)},
		{energy.Float(230.5), "W", "kW", energy.Float(0.2305)},
		{energy.Decimal(5, 0), "mW", "W", energy.Decimal(5, -3)},
		{energy.Decimal(5, 0), "MW", "kW", energy.Decimal(5, 3)},
		{energy.Decimal(1500, 0), "l", "m³", energy.Decimal(1500, -3)},
		{energy.Decimal(15, -1), "m3", "l", energy.Decimal(15, 2)},
		{energy.Decimal(1, 0), "ml", "l", energy.Decimal(1, -3)},
		{energy.Decimal(2, 0), "l/s", "m³/h", energy.Float(7.2)},
		{energy.Decimal(2500, 0), "l/h", "m3/h", energy.Decimal(2500, -3)},
		{energy.Decimal(455, -1), "degC", "°C", energy.Decimal(455, -1)},
		{energy.Decimal(455, -1), "m3·degC", "m³·°C", energy.Decimal(455, -1)},
		{energy.Decimal(98, 0), "%", "1", energy.Decimal(98, -2)},
		{energy.Decimal(4998, -2), "Hz", "Hz", energy.Decimal(4998, -2)},
	} {
		if got, err := energy.Convert(test.value, test.from, test.to); err != nil || got != test.want {
			t.Errorf("%v %s is %v %s (%v), want %v", test.value, test.from, got, test.to, err, test.want)
		}
		if !test.from.Convertible(test.to) || !test.to.Convertible(test.from) {
			t.Errorf("%s and %s are said not to convert", test.from, test.to)
		}
	}
}

func TestUnitsOfAnotherDimensionAreRefused(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]energy.Unit{{"kWh", "kW"}, {"kWh", "parsec"}, {"parsec", "kWh"}, {"parsec", "parsec"}, {"", ""}, {"l", "l/h"}, {"kwh", "kWh"}, {"°F", "°C"}} {
		if got, err := energy.Convert(energy.Decimal(1, 0), pair[0], pair[1]); err == nil {
			t.Errorf("1 %s is %v %s", pair[0], got, pair[1])
		}
		if pair[0].Convertible(pair[1]) {
			t.Errorf("%q is said to convert to %q", pair[0], pair[1])
		}
	}
}

func TestEveryQuantityHasAUnitAndAFixedForm(t *testing.T) {
	t.Parallel()
	for _, q := range energy.Quantities() {
		if !q.Known() || !q.Unit().Known() {
			t.Errorf("%s has the unit %q", q, q.Unit())
		}
		v := energy.Decimal(-12345678, -int8(q.Digits()))
		a, err := q.Fixed(v)
		if err != nil || a != -12345678 || q.Value(a) != v {
			t.Errorf("%s: %v is %d (%v) and back %v", q, v, a, err, q.Value(a))
		}
		if kind := q.DefaultSeries(); (kind == energy.Counter) != q.Cumulative() || !kind.Known() {
			t.Errorf("%s is read as %s", q, kind)
		}
	}
	if q := energy.Quantity("entropy"); q.Known() || q.Cumulative() {
		t.Error("an unknown quantity is known")
	}
}

func TestPowerOverTimeIsEnergy(t *testing.T) {
	t.Parallel()
	if got := energy.Watts(1200).Over(15 * time.Minute); got != 300 {
		t.Errorf("1,200 W over 15 minutes are %v Wh", got)
	}
	if got, ok := energy.WattHours(300).Mean(15 * time.Minute); !ok || got != 1200 {
		t.Errorf("300 Wh in 15 minutes are %v W (%v)", got, ok)
	}
	if got, ok := energy.WattHours(300).Mean(0); ok || math.IsInf(float64(got), 0) {
		t.Errorf("300 Wh in no time are %v W", got)
	}
}
