package plantsim

import (
	"time"

	"heatledger/energy"
)

// SmallTown is the plant of two small sites: a colocation site whose meters
// answer over one Modbus TCP gateway, and an enterprise site behind a building
// management system over OPC UA. Both are fictional.
func SmallTown() []SiteSpec { return []SiteSpec{hafen(), kaiserlei()} }

// hafen is a colocation site in an old harbour building with a roof full of
// solar panels and a low-temperature heat network next door.
// Its power usage is near 1.18. The roof gives 3 % of what it takes, so the sum
// of the sub-meters is close to what the grid meter says. The float32 of that
// meter counts in steps of 512 Wh at 5 GWh: eight seconds of its power.
func hafen() SiteSpec {
	verified := energy.Date{Year: 2031, Month: time.December, Day: 31}
	return SiteSpec{
		ID: "hafen", Name: "Virtual data centre Hafen", Kind: energy.DataCentre, Type: "colocation",
		Operator: Operator{ID: "plantsim-colo", Name: "Virtual Colocation"},
		Street:   "Hafenallee 1", Postcode: "63067", Town: "Offenbach am Main", Latitude: 50.1088, Longitude: 8.7510,
		Since: energy.Date{Year: 2024, Month: time.January, Day: 1}, ConnectedLoad: 630e3,
		Load:      Load{Rated: 320e3, Mean: 178e3, Growth: 0.04, Shape: "co_located"},
		UPS:       UPS{Idle: 0.008, Carried: 0.022},
		Cooling:   Cooling{Base: 0.075, PerKelvin: 0.012, Max: 0.36, FreeBelow: 11},
		Other:     Other{Always: 4200, Working: 2600},
		SolarPeak: 60e3,
		Heat:      Heat{Share: 0.55, FullBelow: 4, NoneAbove: 19, Summer: 0.22, Flow: 38, Spread: 12},
		Connections: []ConnectionSpec{{ID: "hafen-gateway", Protocol: ModbusTCP, Meters: []MeterSpec{
			{ID: "hafen-main", Name: "grid", Model: UMG96RM, Stream: GridImport, Unit: 1, Every: 10 * time.Second,
				Start: 412_873_500_000, Role: energy.GridImport, Serial: "PS-1001", Class: "0.5", Verified: verified},
			{ID: "hafen-ups", Name: "it", Model: IEM3000, Stream: IT, Unit: 2, Every: 10 * time.Second,
				Start: 87_120_044_000, Role: energy.ITLoad, Category: 1, Parent: "grid", Serial: "PS-1002", Class: "0.5S", Verified: verified},
			{ID: "hafen-chillers", Name: "cooling", Model: IEM3000, Stream: CoolingPower, Unit: 3, Every: 10 * time.Second,
				Start: 12_004_311_000, Role: energy.Cooling, Parent: "grid", Serial: "PS-1003", Class: "0.5S", Verified: verified},
			{ID: "hafen-building", Name: "other", Model: IEM3000, Stream: OtherPower, Unit: 4, Every: 10 * time.Second,
				Role: energy.OtherInfrastructure, Parent: "grid", Serial: "PS-1004", Class: "0.5S", Verified: verified},
			{ID: "hafen-roof", Name: "solar", Model: IEM3000, Stream: Solar, Unit: 5, Every: 10 * time.Second,
				Start: 3_500_000_000, Role: energy.OnsiteRenewable, Serial: "PS-1005", Class: "0.5S", Verified: verified},
			{ID: "hafen-heat", Name: "heat", Model: HeatMeter, Stream: HeatDelivered, Unit: 7, Every: time.Minute,
				Role: energy.HeatDelivered, Serial: "PS-1007", Class: "2", Verified: verified},
		}}},
		Commitments: []Commitment{
			{ID: "hafen-law", Rulebook: "enefg-2023"},
			{ID: "hafen-heat-contract", Title: "Heat for the harbour quarter", Source: "Virtual planning contract 2024, section 7",
				Metric: "heat_delivered", AtLeast: "450 MWh", From: energy.Date{Year: 2025, Month: time.January, Day: 1}},
		},
	}
}

// kaiserlei is the data centre of one company, cooled by old chillers (power
// usage near 1.38) and without solar. Its load falls from year to year.
func kaiserlei() SiteSpec {
	verified := energy.Date{Year: 2030, Month: time.December, Day: 31}
	return SiteSpec{
		ID: "kaiserlei", Name: "Virtual data centre Kaiserlei", Kind: energy.DataCentre, Type: "enterprise",
		Operator: Operator{ID: "plantsim-works", Name: "Virtual Works"},
		Street:   "Strahlenbergerstrasse 100", Postcode: "63067", Town: "Offenbach am Main", Latitude: 50.1087, Longitude: 8.7340,
		Since: energy.Date{Year: 2024, Month: time.January, Day: 1}, ConnectedLoad: 900e3,
		Load:    Load{Rated: 480e3, Mean: 236e3, Growth: -0.01, Shape: "enterprise"},
		UPS:     UPS{Idle: 0.014, Carried: 0.03},
		Cooling: Cooling{Base: 0.19, PerKelvin: 0.014, Max: 0.48, FreeBelow: 8},
		Other:   Other{Always: 9500, Working: 6400},
		Heat:    Heat{Share: 0.3, FullBelow: 2, NoneAbove: 17, Summer: 0.1, Flow: 41, Spread: 10},
		Connections: []ConnectionSpec{{ID: "kaiserlei-bms", Protocol: OPCUA, Meters: []MeterSpec{
			{ID: "kaiserlei-main", Name: "grid", Model: BMSPower, Stream: GridImport, Every: time.Second,
				Start: 1_904_551_000_000, Role: energy.GridImport, Serial: "PS-2001", Class: "0.5", Verified: verified},
			{ID: "kaiserlei-ups", Name: "it", Model: BMSPower, Stream: IT, Every: time.Second,
				Start: 640_000_000_000, Role: energy.ITLoad, Category: 1, Parent: "grid", Serial: "PS-2002", Class: "0.5S", Verified: verified},
			{ID: "kaiserlei-chillers", Name: "cooling", Model: BMSPower, Stream: CoolingPower, Every: time.Second,
				Role: energy.Cooling, Parent: "grid", Serial: "PS-2003", Class: "1", Verified: verified},
			{ID: "kaiserlei-building", Name: "other", Model: BMSPower, Stream: OtherPower, Every: time.Second,
				Role: energy.OtherInfrastructure, Parent: "grid", Serial: "PS-2004", Class: "1", Verified: verified},
			{ID: "kaiserlei-heat", Name: "heat", Model: BMSHeat, Stream: HeatDelivered, Every: time.Second,
				Role: energy.HeatDelivered, Serial: "PS-2005", Class: "2", Verified: verified},
		}}},
		Commitments: []Commitment{{ID: "kaiserlei-law", Rulebook: "enefg-2023"}},
	}
}
