package commitment

import (
	"fmt"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// metric is a figure that a rule can name.
type metric struct {
	name string
	unit energy.Unit // of its value
	// additive: the values of parts add up to that of the whole (heat), so that
	// more time is more; others are ratios.
	additive bool
	// heat: heating needs drive it, so that degree-days tell its course.
	heat bool
	// hourly: what counts is energy measured at its own time.
	hourly bool
}

// metrics are the figures that FIGURES.md names; their units are those of the
// figures of energy/kpi.
func metrics() []metric {
	return []metric{
		{name: "pue", unit: energy.One}, {name: "ipue", unit: energy.One}, {name: "ppue", unit: energy.One}, {name: "pue_enefg", unit: energy.One},
		{name: "ref", unit: energy.One}, {name: "erf", unit: energy.One}, {name: "ere", unit: energy.One}, {name: "cer", unit: energy.One},
		{name: "cue_location", unit: "kg/kWh"}, {name: "cue_market", unit: "kg/kWh"}, {name: "wue_1", unit: "l/kWh"}, {name: "wue_2", unit: "l/kWh"},
		{name: "heat_delivered", unit: energy.KilowattHour, additive: true, heat: true}, {name: "heat_rejected", unit: energy.KilowattHour, additive: true},
		{name: "full_load_hours", unit: "h", additive: true},
		{name: greenAnnual, unit: energy.One}, {name: "green_share_monthly", unit: energy.One},
		{name: "green_share_hourly", unit: energy.One, hourly: true}, {name: "green_share_quarter_hourly", unit: energy.One, hourly: true},
	}
}

// greenAnnual is judged by evidence (EnEfG § 11 Abs. 5, by annual balance).
const greenAnnual = kpi.GreenShareAnnual

// metricOf is the metric with that name.
func metricOf(name string) (metric, bool) {
	for _, m := range metrics() {
		if m.name == name {
			return m, true
		}
	}
	return metric{}, false
}

// factor is what an amount in unit from is multiplied by to be in unit to.
func factor(from, to energy.Unit) (float64, error) {
	if from == to {
		return 1, nil
	}
	switch [2]energy.Unit{normal(from), normal(to)} {
	case [2]energy.Unit{"l/kWh", "l/kWh"}:
		return 1, nil
	case [2]energy.Unit{"g/kWh", "kg/kWh"}:
		return 1e-3, nil
	case [2]energy.Unit{"kg/kWh", "g/kWh"}:
		return 1e3, nil
	}
	v, err := energy.Convert(energy.Decimal(1, 0), from, to)
	if err != nil {
		return 0, err
	}
	return v.Float64(), nil
}

// normal gives units that are the same one name: m³/MWh is l/kWh.
func normal(u energy.Unit) energy.Unit {
	switch u {
	case "m³/MWh", "m3/MWh":
		return "l/kWh"
	}
	return u
}

// in is a threshold in the unit of a value. Decimals stay exact where the
// factor is a power of ten: 95 % is the float nearest to 0.95.
func in(m registry.Measure, unit energy.Unit) (float64, error) {
	if v, err := m.In(unit); err == nil {
		return v.Float64(), nil
	}
	f, err := factor(m.Unit, unit)
	if err != nil {
		return 0, fmt.Errorf("compare %s with a value in %s: %w", m, unit, err)
	}
	if f == 1e-3 {
		return m.Number.Shift(-3).Float64(), nil
	}
	return m.Number.Float64() * f, nil
}
