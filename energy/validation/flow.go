package validation

import (
	"math"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// circuit is a heat meter with its own volume and temperatures, as levels or as
// registers of m³·°C.
type circuit struct {
	heat                       located
	volume                     registry.Point
	flow, back                 registry.Point // °C
	flowRegister, backRegister registry.Point // m³·°C
}

// flows hold the heat registers of heat meters against volume times temperature
// difference, month by month. It finds a register in MWh that is taken for kWh,
// sensors that were exchanged, and air in the pipe.
func (l *look) flows() []Finding {
	var all []Finding
	for _, c := range l.circuits() {
		for _, month := range l.months {
			carried, ok := l.carried(c, month)
			if !ok {
				continue
			}
			if f, ok := l.flow(c, month, carried); ok {
				all = append(all, f)
			}
		}
	}
	return all
}

// flow judges a month of a circuit.
func (l *look) flow(c circuit, month energy.Period, got carried) (Finding, bool) {
	kelvin := got.difference / got.volume
	if got.seconds < l.Limits.FlowHours.Seconds() || math.Abs(kelvin) < l.Limits.FlowKelvin {
		return Finding{}, false
	}
	expected := HeatCoefficient(got.level/got.volume) * math.Abs(got.difference)
	deviation := got.heat/expected - 1
	// A step of the register may fall into the month or beside it.
	if step, err := c.heat.Resolution.In(energy.KilowattHour); err == nil && math.Abs(got.heat-expected) <= step.Float64() {
		return Finding{}, false
	}
	if math.Abs(deviation) <= l.limits(c.heat.Point).Flow {
		return Finding{}, false
	}
	code := HeatOffFlow
	if math.Abs(deviation) >= 0.5 {
		code = HeatFarOffFlow
	}
	return l.finding(c.heat, code, month, Args{"heat": amount(got.heat, energy.KilowattHour), "expected": amount(expected, energy.KilowattHour),
		"volume": amount(got.volume, energy.CubicMetre), "difference": amount(kelvin, Kelvin), "deviation": share(deviation)}), true
}

// circuits are the heat meters of the site that measure all of it.
func (l *look) circuits() []circuit {
	var all []circuit
	for _, meter := range l.Site.Meters {
		c := circuit{}
		for _, p := range meter.Points {
			if p.Virtual() {
				continue
			}
			switch p.Quantity {
			case energy.HeatEnergy, energy.CoolingEnergy:
				c.heat = located{p, meter.ID}
			case energy.Volume:
				c.volume = p
			case energy.FlowTemperature:
				c.flow = p
			case energy.ReturnTemperature:
				c.back = p
			case energy.VolumeTemperatureFlow:
				c.flowRegister = p
			case energy.VolumeTemperatureReturn:
				c.backRegister = p
			}
		}
		if c.heat.ID != "" && c.volume.ID != "" && (c.flow.ID != "" && c.back.ID != "" || c.registers()) {
			all = append(all, c)
		}
	}
	return all
}

// registers tells whether the meter itself multiplies volume and temperature.
func (c circuit) registers() bool { return c.flowRegister.ID != "" && c.backRegister.ID != "" }

// carried is what a circuit carried while all of it was measured.
type carried struct {
	heat, volume float64 // kWh, m³
	difference   float64 // Σ m³·K between flow and return
	level        float64 // Σ m³·°C of the mean of both
	seconds      float64
}

// carried adds up a month; ok is false where nothing was carried.
func (l *look) carried(c circuit, month energy.Period) (sum carried, ok bool) {
	if c.registers() {
		return l.byRegisters(c, month)
	}
	points := []energy.PointID{c.heat.ID, c.volume.ID, c.flow.ID, c.back.ID}
	for _, day := range within(l.Known[c.heat.ID].Days, month) {
		columns, ok := l.columns(points, day)
		if !ok {
			continue
		}
		for q := range day.Values {
			if !measured(columns, q) {
				continue
			}
			v := value(c.volume.Quantity, columns[1].Values[q])
			flow, back := value(c.flow.Quantity, columns[2].Values[q]), value(c.back.Quantity, columns[3].Values[q])
			sum.heat += value(c.heat.Quantity, columns[0].Values[q])
			sum.volume += v
			sum.difference += v * (flow - back)
			sum.level += v * (flow + back) / 2
			sum.seconds += energy.QuarterHour.Seconds()
		}
	}
	return sum, sum.volume > 0
}

// byRegisters adds up a month of a meter with registers of m³·°C: their
// differences over the days of which all is known.
func (l *look) byRegisters(c circuit, month energy.Period) (sum carried, ok bool) {
	points := []energy.PointID{c.heat.ID, c.volume.ID, c.flowRegister.ID, c.backRegister.ID}
	for _, day := range within(l.Known[c.heat.ID].Days, month) {
		columns, ok := l.columns(points, day)
		if !ok {
			continue
		}
		complete := true
		for _, column := range columns {
			complete = complete && column.CoveredS >= int(day.Period.Length()/time.Second)
		}
		if !complete {
			continue
		}
		flow, back := value(c.flowRegister.Quantity, columns[2].Total), value(c.backRegister.Quantity, columns[3].Total)
		sum.heat += value(c.heat.Quantity, columns[0].Total)
		sum.volume += value(c.volume.Quantity, columns[1].Total)
		sum.difference += flow - back
		sum.level += (flow + back) / 2
		sum.seconds += day.Period.Length().Seconds()
	}
	return sum, sum.volume > 0
}

// columns are the days of points on the date of one of them; ok is false where
// one is lacking.
func (l *look) columns(points []energy.PointID, day series.Day) ([]series.Day, bool) {
	columns := make([]series.Day, len(points))
	for i, id := range points {
		found := within(l.Known[id].Days, day.Period)
		if len(found) != 1 || len(found[0].Values) != len(day.Values) {
			return nil, false
		}
		columns[i] = found[0]
	}
	return columns, true
}

// measured tells whether all columns were measured throughout a quarter-hour.
func measured(columns []series.Day, q int) bool {
	for _, c := range columns {
		if c.Covered[q] != 900 || c.Quality[q] != energy.Measured && c.Quality[q] != energy.Calculated {
			return false
		}
	}
	return true
}

func value(q energy.Quantity, a energy.Amount) float64 { return q.Value(a).Float64() }
