package opcua

import (
	"heatledger/energy"
)

// ECM is the model of a meter whose server follows OPC 34100, Energy
// Consumption Management.
const ECM = "opc/34100"

// ecmNamespace is the namespace of OPC 34100's types and browse names.
const ecmNamespace = "http://opcfoundation.org/UA/ECM/"

// measurement is a standardised measurement of OPC 34100 1.0.0, 6.2.2: its
// MeasurementID and its browse name.
type measurement struct {
	id   uint16
	name string
	// resources are the values of Resource that the quantity needs; nil: any.
	resources []uint32
}

// Values of Resource (OPC 34100, nodeset 1.0.0, EnergyMeasurementValueType).
const (
	resourceElectricity  = 1
	resourceChilledWater = 6
	resourceHotWater     = 7
	resourceHotHotWater  = 8
)

// measurements are what a quantity is read from, the best first: double
// precision before single. The odometers of five Int16 each (names that end in
// 5) are no single number and are not read. That heat and cold are told apart
// by Resource alone is our reading of the specification, which names no
// quantity of its own for them.
func measurements(q energy.Quantity) []measurement {
	electricity, heat, cold := []uint32{0, resourceElectricity}, []uint32{resourceHotWater, resourceHotHotWater}, []uint32{resourceChilledWater}
	switch q {
	case energy.ActiveEnergyImport:
		return []measurement{{1002, "AcActiveEnergyTotalImportHp", electricity}, {1001, "AcActiveEnergyTotalImportLp", electricity}}
	case energy.ActiveEnergyExport:
		return []measurement{{1005, "AcActiveEnergyTotalExportHp", electricity}, {1004, "AcActiveEnergyTotalExportLp", electricity}}
	case energy.ActivePower:
		return []measurement{{1412, "AcActivePowerTotal", electricity}}
	case energy.Frequency:
		return []measurement{{1300, "AcFrequency", electricity}}
	case energy.HeatEnergy:
		return []measurement{{2002, "NeEnergyImportHp", heat}, {2001, "NeEnergyImportLp", heat}}
	case energy.CoolingEnergy:
		return []measurement{{2002, "NeEnergyImportHp", cold}, {2001, "NeEnergyImportLp", cold}}
	case energy.Volume, energy.WaterVolume, energy.GasVolume, energy.FuelVolume:
		return []measurement{{28686, "Volume", nil}}
	case energy.VolumeFlow:
		return []measurement{{2100, "VolumeFlowRate", nil}}
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
