package plantsim

import (
	"heatledger/energy"
)

// Model is a type of meter: which registers or nodes it has.
type Model uint8

// The models of the plant. BMSPower and BMSHeat are the points of a building
// management system over OPC UA; the others speak Modbus.
const (
	UMG96RM   Model = iota // Janitza
	IEM3000                // Schneider Electric
	HeatMeter              // an own register map, as heat meter modules have them
	BMSPower
	BMSHeat
	SourceMeter // heat between a site and its heat pump, without a look at the carrier
	WaterMeter  // a pulse module behind a water meter
	models
)

// maker is the manufacturer and the type as the registry names them.
func (m Model) maker() (manufacturer, name string) {
	switch m {
	case UMG96RM:
		return "Janitza", "UMG 96RM"
	case IEM3000:
		return "Schneider Electric", "iEM3155"
	case HeatMeter:
		return "Plantsim", "Heat meter"
	case SourceMeter:
		return "Plantsim", "Source heat meter"
	case WaterMeter:
		return "Plantsim", "Water meter"
	}
	return "Plantsim", "BMS"
}

// mapName is the register map that ships with the program; empty: the
// configuration spells the registers out.
func (m Model) mapName() string {
	switch m {
	case UMG96RM:
		return "janitza/umg96rm"
	case IEM3000:
		return "schneider/iem3000"
	}
	return ""
}

// table is where a Modbus register lives.
type table uint8

const (
	holding table = iota + 1 // function 3
	input                    // function 4
)

// String is the table's name in a register map.
func (t table) String() string { return [...]string{"", "holding", "input"}[t] }

// span is a run of registers that may be read, also between the fields.
type span struct {
	table    table
	from, to uint16 // half-open
}

// spans are the registers of a model that answer; others are illegal addresses.
// The UMG 96RM answers its whole float block (OpenEMS reads 19000–19051 and
// 19068–19077 in one request each); what the plant does not model reads as 0.
func (m Model) spans() []span {
	if m == UMG96RM {
		return []span{{holding, 19000, 19078}}
	}
	var spans []span
	for _, f := range m.fields() {
		spans = append(spans, span{f.table, f.address, f.address + f.kind.words()})
	}
	return spans
}

// field is one value of a model: where it is, how it is written, what it shows.
type field struct {
	quantity energy.Quantity // empty: not offered as a point
	table    table
	address  uint16 // as on the wire, from 0
	kind     kind
	scale    int8 // one count of an integer is 10^scale units
	unit     energy.Unit
	shows    shows
	phase    bool // a third of the whole
}

// fields of a model. Addresses of the makers' lists, as OpenEMS (umg96rme) and
// mbmd (janitza, iem3000) use them.
func (m Model) fields() []field {
	switch m {
	case UMG96RM:
		return umg96rm()
	case IEM3000:
		return []field{
			{"", holding, 129, uint32Words, 0, "", serialNumber, false}, // 130 in the manual
			{energy.ActivePower, holding, 3059, float32Words, 0, "kW", rate, false},
			{energy.ActiveEnergyImport, holding, 3203, int64Words, 0, "Wh", counter, false},
			{energy.ActiveEnergyExport, holding, 3207, int64Words, 0, "Wh", nothing, false},
		}
	case HeatMeter:
		return []field{
			{energy.HeatEnergy, input, 100, uint32Words, 0, "kWh", counter, false},
			{energy.Volume, input, 102, uint32Words, -2, "m³", carrier, false},
			{energy.HeatPower, input, 104, uint32Words, -1, "kW", rate, false},
			{energy.FlowTemperature, input, 106, int16Words, -2, "°C", flowTemperature, false},
			{energy.ReturnTemperature, input, 107, int16Words, -2, "°C", returnTemperature, false},
			{energy.VolumeFlow, input, 108, uint32Words, 0, "l/h", carrierFlow, false},
		}
	case SourceMeter:
		return []field{
			{energy.HeatEnergy, input, 200, uint32Words, 0, "kWh", counter, false},
			{energy.HeatPower, input, 202, uint32Words, -1, "kW", rate, false},
		}
	case WaterMeter:
		return []field{{energy.WaterVolume, input, 300, uint32Words, -2, "m³", counter, false}}
	case BMSPower:
		return []field{
			{quantity: energy.ActiveEnergyImport, kind: int64Words, unit: "Wh", shows: counter},
			{quantity: energy.ActivePower, kind: float64Words, unit: "W", shows: rate},
		}
	case BMSHeat:
		return []field{
			{quantity: energy.HeatEnergy, kind: int64Words, unit: "Wh", shows: counter},
			{quantity: energy.HeatPower, kind: float64Words, unit: "W", shows: rate},
			{quantity: energy.Volume, kind: int64Words, unit: "l", shows: carrier},
			{quantity: energy.FlowTemperature, kind: float64Words, unit: "°C", shows: flowTemperature},
			{quantity: energy.ReturnTemperature, kind: float64Words, unit: "°C", shows: returnTemperature},
		}
	}
	return nil
}

// umg96rm is the float block of the UMG 96RM from register 19000.
func umg96rm() []field {
	float := func(address uint16, unit energy.Unit, s shows, phase bool) field {
		return field{table: holding, address: address, kind: float32Words, unit: unit, shows: s, phase: phase}
	}
	fields := []field{
		float(19018, "A", current, false),
		{energy.ActivePower, holding, 19026, float32Words, 0, "W", rate, false},
		float(19042, "var", reactive, false),
		{energy.Frequency, holding, 19050, float32Words, 0, "Hz", frequency, false},
		{energy.ActiveEnergyImport, holding, 19068, float32Words, 0, "Wh", counter, false},
		{energy.ActiveEnergyExport, holding, 19076, float32Words, 0, "Wh", nothing, false},
	}
	for phase := range uint16(3) {
		at := 2 * phase
		fields = append(fields,
			float(19000+at, "V", voltage, false),
			float(19012+at, "A", current, true),
			float(19020+at, "W", rate, true),
			float(19036+at, "var", reactive, true),
			float(19044+at, "1", powerFactor, false),
			float(19062+at, "Wh", counter, true),
			float(19070+at, "Wh", nothing, true),
		)
	}
	return fields
}
