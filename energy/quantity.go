package energy

// Quantity is what a point measures, by its name in registry, API and files.
type Quantity string

// The quantities of FIGURES.md. Their canonical unit is [Quantity.Unit].
const (
	ActiveEnergyImport      Quantity = "active_energy_import"
	ActiveEnergyExport      Quantity = "active_energy_export"
	HeatEnergy              Quantity = "heat_energy"
	CoolingEnergy           Quantity = "cooling_energy"
	ActivePower             Quantity = "active_power"
	HeatPower               Quantity = "heat_power"
	FlowTemperature         Quantity = "flow_temperature"
	ReturnTemperature       Quantity = "return_temperature"
	Temperature             Quantity = "temperature"
	Volume                  Quantity = "volume"
	WaterVolume             Quantity = "water_volume"
	FuelVolume              Quantity = "fuel_volume"
	GasVolume               Quantity = "gas_volume"
	VolumeFlow              Quantity = "volume_flow"
	VolumeTemperatureFlow   Quantity = "volume_temperature_flow"
	VolumeTemperatureReturn Quantity = "volume_temperature_return"
	Frequency               Quantity = "frequency"
)

// Quantities lists all of them, in the order documentation shows.
func Quantities() []Quantity {
	return []Quantity{
		ActiveEnergyImport, ActiveEnergyExport, HeatEnergy, CoolingEnergy, ActivePower, HeatPower,
		FlowTemperature, ReturnTemperature, Temperature, Volume, WaterVolume, FuelVolume, GasVolume,
		VolumeFlow, VolumeTemperatureFlow, VolumeTemperatureReturn, Frequency,
	}
}

// Amount is a derived number in the fixed unit of its quantity: an integer of
// 10^-[Quantity.Digits] canonical units. Energies are mWh, volumes ml (fuel:
// ml), powers mW, temperatures m°C.
type Amount int64

// Unit is the canonical unit, in which the API, CSV and JSON give values.
func (q Quantity) Unit() Unit {
	switch q {
	case ActiveEnergyImport, ActiveEnergyExport, HeatEnergy, CoolingEnergy:
		return KilowattHour
	case ActivePower, HeatPower:
		return Kilowatt
	case FlowTemperature, ReturnTemperature, Temperature:
		return DegreeCelsius
	case Volume, WaterVolume, GasVolume:
		return CubicMetre
	case FuelVolume:
		return Litre
	case VolumeFlow:
		return CubicMetrePerHour
	case VolumeTemperatureFlow, VolumeTemperatureReturn:
		return CubicMetreDegree
	case Frequency:
		return Hertz
	}
	return ""
}

// Known tells whether q is one of [Quantities].
func (q Quantity) Known() bool { return q.Unit() != "" }

// Cumulative is true for what adds up over time (energy, volume, m³·°C) and
// false for what has a level at each instant (power, temperature, flow).
func (q Quantity) Cumulative() bool {
	switch q.Unit() {
	case KilowattHour, CubicMetre, Litre, CubicMetreDegree:
		return true
	}
	return false
}

// Digits is the number of decimal digits of an [Amount] behind the canonical
// unit: 6 for kWh (mWh), kW (mW), m³ (ml); 3 for °C and litres.
func (q Quantity) Digits() int {
	switch q.Unit() {
	case DegreeCelsius, Litre, Hertz:
		return 3
	}
	return 6
}

// Fixed turns a value in the canonical unit into an Amount, rounded half away
// from zero; it errs with [ErrRange] when it does not fit.
func (q Quantity) Fixed(v Value) (Amount, error) {
	n, err := v.Fixed(q.Digits())
	return Amount(n), err
}

// Value is a in the canonical unit, exactly.
func (q Quantity) Value(a Amount) Value { return Decimal(int64(a), -int8(q.Digits())) }

// DefaultSeries is how a point of q is read when the registry does not say:
// energies and volumes as counters, the rest as instants.
func (q Quantity) DefaultSeries() SeriesKind {
	if q.Cumulative() {
		return Counter
	}
	return Instant
}
