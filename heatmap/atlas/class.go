package atlas

import (
	"fmt"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Class is a range that a number lies in, [Least, Most); it is what the public sees
// instead of the number. Most is 0 of the highest class.
type Class struct {
	Code        string // "100-500", "5000+": in kW or °C
	Least, Most float64
}

// The borders of the classes are ours (proposed): no law or standard names any. Those
// of the power follow the sizes by which heat is planned: a block, a quarter, a
// district, a town; those of the temperature what a network can do with it: feed a
// cold network, a low-temperature one, a fourth-generation one, an existing one.

// PowerClasses are those of a power, in kW, from the least.
func PowerClasses() []Class { return classes(0, 100, 500, 1000, 5000, 20_000) }

// TemperatureClasses are those of a flow temperature, in °C.
func TemperatureClasses() []Class { return classes(0, 25, 40, 55, 70) }

func classes(borders ...float64) []Class {
	list := make([]Class, len(borders))
	for i, least := range borders {
		list[i] = Class{fmt.Sprintf("%g+", least), least, 0}
		if i+1 < len(borders) {
			list[i] = Class{fmt.Sprintf("%g-%g", least, borders[i+1]), least, borders[i+1]}
		}
	}
	return list
}

// PowerClass is that of a power.
func PowerClass(p heatmap.Kilowatts) Class { return classOf(PowerClasses(), float64(p)) }

// TemperatureClass is that of a flow temperature; below 0 °C is in the lowest.
func TemperatureClass(t energy.Celsius) Class { return classOf(TemperatureClasses(), float64(t)) }

func classOf(list []Class, x float64) Class {
	i := 0
	for i+1 < len(list) && x >= list[i].Most {
		i++
	}
	return list[i]
}
