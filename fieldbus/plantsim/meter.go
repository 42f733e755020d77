package plantsim

import (
	"math"
	"strings"

	"heatledger/energy"
)

// meter is an instrument at its site.
type meter struct {
	MeterSpec
	site       *Site
	connection string
	protocol   Protocol
	fields     []field
	spans      []span
}

// newMeter hangs an instrument into its site.
func newMeter(s *Site, c ConnectionSpec, spec MeterSpec) *meter {
	return &meter{
		MeterSpec: spec, site: s, connection: c.ID, protocol: c.Protocol,
		fields: spec.Model.fields(), spans: spec.Model.spans(),
	}
}

// point is the registry's name of a quantity of the meter.
func (m *meter) point(q energy.Quantity) energy.PointID {
	suffix := strings.ReplaceAll(string(q), "_", "-")
	switch q {
	case energy.ActiveEnergyImport, energy.HeatEnergy:
		suffix = "energy"
	case energy.ActivePower, energy.HeatPower:
		suffix = "power"
	case energy.WaterVolume:
		suffix = "volume"
	}
	return energy.PointID(string(m.site.Spec.ID) + "/" + m.Name + "-" + suffix)
}

// node is the OPC UA name of a quantity, below [Namespace].
func (m *meter) node(q energy.Quantity) string { return string(m.ID) + "." + string(q) }

// offered are the fields that are points: what is counted or billed. Frequency,
// flow and the export of a plant that exports nothing stay in the meter.
func (m *meter) offered() []field {
	var fields []field
	for _, f := range m.fields {
		switch f.quantity {
		case "", energy.Frequency, energy.VolumeFlow, energy.ActiveEnergyExport:
		case energy.ActivePower, energy.HeatPower:
			if !m.CounterOnly {
				fields = append(fields, f)
			}
		default:
			fields = append(fields, f)
		}
	}
	return fields
}

// shows says what a field shows of a State.
type shows uint8

const (
	nothing shows = iota // 0: an export counter of a plant that exports nothing
	rate                 // of the meter's stream
	counter              // its integral since the site began, plus MeterSpec.Start
	carrier              // volume of the heat carrier
	carrierFlow
	flowTemperature
	returnTemperature
	voltage
	current
	reactive
	powerFactor
	frequency
	serialNumber
)

// The modelled supply: a stiff grid and a load with a constant power factor.
const (
	phaseVolts = 230.0
	cosPhi     = 0.97
	gridHertz  = 50.0
)

// cumulative tells counters from levels.
func (s shows) cumulative() bool { return s == counter || s == carrier || s == nothing }

// amount is what a cumulative field has counted, in mWh or ml.
func (f field) amount(m *meter, s State) int64 {
	var n energy.Amount
	switch f.shows {
	case counter:
		n = s.Energy(m.Stream) + m.Start
	case carrier:
		n = s.Energy(Water)
	}
	if f.phase {
		n /= 3
	}
	return int64(n)
}

// level is what any other field shows, in W, °C, m³/h, V, A, var, Hz or 1; of
// the serial number its digits.
func (f field) level(m *meter, s State) float64 {
	power := float64(s.Power(m.Stream))
	if f.phase {
		power /= 3
	}
	switch f.shows {
	case rate:
		return power
	case carrierFlow:
		return float64(s.Power(Water)) / 1000
	case flowTemperature:
		return float64(s.Flow())
	case returnTemperature:
		return float64(s.Return())
	case voltage:
		return phaseVolts
	case current: // without a phase: the sum of the three
		return power / (phaseVolts * cosPhi)
	case reactive:
		return power * math.Tan(math.Acos(cosPhi))
	case powerFactor:
		return cosPhi
	case frequency:
		return gridHertz
	case serialNumber:
		return float64(serial(m.Serial))
	}
	return 0
}

// serial is a serial number as a register holds it: its digits, as far as they
// go into 32 bits.
func serial(text string) (n uint32) {
	for _, r := range text {
		if r >= '0' && r <= '9' {
			n = 10*n + uint32(r-'0')
		}
	}
	return n
}
