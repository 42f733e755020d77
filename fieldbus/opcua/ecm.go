package opcua

import (
	"heatledger/energy"
)

// ECM is the model of a meter whose server follows OPC 34100, Energy
// Consumption Management, edition 1.0.0 of 2024-12-12.
const ECM = "opc/34100"

// ecmNamespace is the namespace of OPC 34100's types and browse names.
const ecmNamespace = "http://opcfoundation.org/UA/ECM/"

// measurement is a standardised measurement of OPC 34100 1.0.0, 6.2.2 (its file
// MeasurementIDs.csv): MeasurementID, browse name and unit.
type measurement struct {
	id   uint16
	name string
	unit countIn
	// resources are the values of Resource that the quantity needs; nil: any.
	resources []uint32
}

// Values of Resource (nodeset of OPC 34100, EnergyMeasurementValueType).
const (
	resourceUnspecified  = 0
	resourceElectricity  = 1
	resourceChilledWater = 6
	resourceHotWater     = 7
	resourceHotHotWater  = 8
)

// measurements are what a quantity is read from, the best first: double
// precision before single. The odometers of five Int16 each (names that end in
// 5) are no single number and are not read, nor is the temperature, which is in
// kelvin. That heat and cold are told apart by Resource alone is our reading of
// the specification, which names no quantity of its own for them.
func measurements(q energy.Quantity) []measurement {
	electricity := []uint32{resourceUnspecified, resourceElectricity}
	heat, cold := []uint32{resourceHotWater, resourceHotHotWater}, []uint32{resourceChilledWater}
	wh := countIn{unit: "Wh"}
	switch q {
	case energy.ActiveEnergyImport:
		return []measurement{{1002, "AcActiveEnergyTotalImportHp", wh, electricity}, {1001, "AcActiveEnergyTotalImportLp", wh, electricity}}
	case energy.ActiveEnergyExport:
		return []measurement{{1005, "AcActiveEnergyTotalExportHp", wh, electricity}, {1004, "AcActiveEnergyTotalExportLp", wh, electricity}}
	case energy.ActivePower:
		return []measurement{{1412, "AcActivePowerTotal", countIn{unit: "W"}, electricity}}
	case energy.Frequency:
		return []measurement{{1300, "AcFrequency", countIn{unit: energy.Hertz}, electricity}}
	case energy.HeatEnergy:
		return []measurement{{2002, "NeEnergyImportHp", wh, heat}, {2001, "NeEnergyImportLp", wh, heat}}
	case energy.CoolingEnergy:
		return []measurement{{2002, "NeEnergyImportHp", wh, cold}, {2001, "NeEnergyImportLp", wh, cold}}
	case energy.Volume, energy.WaterVolume, energy.GasVolume, energy.FuelVolume:
		return []measurement{{28686, "Volume", countIn{unit: energy.CubicMetre}, nil}}
	case energy.VolumeFlow:
		return []measurement{{2100, "VolumeFlowRate", countIn{energy.CubicMetrePerHour, energy.Decimal(3600, 0)}, nil}}
	}
	return nil
}

// ECMQuantities are the quantities that a meter of model [ECM] can have.
func ECMQuantities() []energy.Quantity {
	var all []energy.Quantity
	for _, q := range energy.Quantities() {
		if len(measurements(q)) > 0 {
			all = append(all, q)
		}
	}
	return all
}
