package energy

// Role is the part a point plays in the energy balance of its site.
type Role string

// The roles of FIGURES.md.
const (
	GridImport          Role = "grid_import"
	GridExport          Role = "grid_export"
	OnsiteRenewable     Role = "onsite_renewable"
	OnsiteFossil        Role = "onsite_fossil"
	BackupGenerator     Role = "backup_generator"
	ThermalImport       Role = "thermal_import"
	StorageCharge       Role = "storage_charge"
	StorageDischarge    Role = "storage_discharge"
	ITLoad              Role = "it_load"
	Cooling             Role = "cooling"
	OtherInfrastructure Role = "other_infrastructure"
	ForeignLoad         Role = "foreign_load"
	HeatPumpElectricity Role = "heat_pump_electricity"
	HeatRemoved         Role = "heat_removed"
	HeatDelivered       Role = "heat_delivered"
	HeatReuseOwn        Role = "heat_reuse_own"
	HeatInternal        Role = "heat_internal"
	HeatRejected        Role = "heat_rejected"
	HeatAvailable       Role = "heat_available"
	HeatRequested       Role = "heat_requested"
	HeatStorageIn       Role = "heat_storage_in"
	HeatStorageOut      Role = "heat_storage_out"
	WaterIn             Role = "water_in"
	WaterPotable        Role = "water_potable"
	ITInletTemperature  Role = "it_inlet_temperature"
)

// Roles lists all of them. The position is the number a role has in the
// database: append, never reorder.
func Roles() []Role {
	return []Role{
		GridImport, GridExport, OnsiteRenewable, OnsiteFossil, BackupGenerator, ThermalImport,
		StorageCharge, StorageDischarge, ITLoad, Cooling, OtherInfrastructure, ForeignLoad,
		HeatPumpElectricity, HeatRemoved, HeatDelivered, HeatReuseOwn, HeatInternal, HeatRejected,
		HeatAvailable, HeatRequested, HeatStorageIn, HeatStorageOut, WaterIn, WaterPotable, ITInletTemperature,
	}
}

// Number is the role's lasting number in the database, from 1; 0 for none.
func (r Role) Number() int16 {
	for i, known := range Roles() {
		if r == known {
			return int16(i + 1)
		}
	}
	return 0
}

// Unit is the canonical unit of what a role amounts to: energies in kWh, water
// in m³, temperatures in °C. A point of the role in another unit (the volume
// of a heat meter, the fuel of a generator) is never added to it.
func (r Role) Unit() Unit {
	switch r {
	case WaterIn, WaterPotable:
		return CubicMetre
	case ITInletTemperature:
		return DegreeCelsius
	}
	return KilowattHour
}

// Known tells whether r is one of [Roles].
func (r Role) Known() bool { return r.Number() != 0 }

// Use says whether a point counts in sums.
type Use string

// A primary point counts; a check point is compared with it and never added;
// an info point is shown only.
const (
	Primary Use = "primary"
	Check   Use = "check"
	Info    Use = "info"
)
