package opcua

import (
	"strings"

	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
)

// uneceNamespace is the namespace of EngineeringUnits that are codes of UNECE
// Recommendation 20; UnitId is the code's letters as the bytes of a number
// (OPC 10000-8, 5.6.3).
const uneceNamespace = "http://www.opcfoundation.org/UA/units/un/cefact"

// countIn is a unit of ours and how many of it one of the variable's units is.
type countIn struct {
	unit  energy.Unit
	scale energy.Value // zero: 1
}

// uneceUnit is the unit of a code of UNECE Recommendation 20, where we read it.
// Kelvin is not among them: what is in °C needs more than a scale.
func uneceUnit(code string) (countIn, bool) {
	same := map[string]energy.Unit{
		"WHR": "Wh", "KWH": "kWh", "MWH": "MWh", "GWH": "GWh", "JOU": "J", "KJO": "kJ", "3B": "MJ", "GV": "GJ",
		"C31": "mW", "WTT": "W", "KWT": "kW", "MAW": "MW",
		"MLT": "ml", "LTR": "l", "DMQ": "l", "MTQ": "m³", "E32": "l/h", "G51": "l/s", "MQH": "m³/h",
		"CEL": "°C", "P1": "%", "C62": "1", "HTZ": "Hz",
	}
	if unit, ok := same[code]; ok {
		return countIn{unit: unit}, true
	}
	if code == "MQS" { // m³/s
		return countIn{unit: energy.CubicMetrePerHour, scale: energy.Decimal(3600, 0)}, true
	}
	return countIn{}, false
}

// uneceCode is the code that a UnitId stands for: "KWH" for 0x4B5748.
func uneceCode(id int32) string {
	var letters []byte
	for shift := 24; shift >= 0; shift -= 8 {
		if c := byte(id >> shift); c != 0 {
			letters = append(letters, c)
		}
	}
	return string(letters)
}

// unitOf is what a variable counts in by its EngineeringUnits, and how the
// server writes that. The code decides; where there is none that we know, the
// name the server displays is taken if it is exactly one of our units.
func unitOf(eu *ua.EUInformation) (unit countIn, text string, ok bool) {
	if eu == nil {
		return countIn{}, "", false
	}
	if eu.DisplayName != nil {
		text = eu.DisplayName.Text
	}
	if eu.NamespaceURI == uneceNamespace {
		code := uneceCode(eu.UnitID)
		if unit, ok = uneceUnit(code); ok {
			return unit, text, true
		}
		if text == "" {
			text = code
		}
		if eu.UnitID > 0 {
			return countIn{}, text, false // a code we do not read; its name will not mend that
		}
	}
	name := energy.Unit(strings.NewReplacer("·h", "h", " ", "").Replace(text))
	return countIn{unit: name}, text, name.Known()
}
