package plantsim

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/publication"
)

// buergel is the old data centre of an insurance company over OPC UA, near
// power usage 1.6: above what the law will allow from July 2027 on.
func buergel() SiteSpec {
	id := energy.SiteID("buergel")
	return SiteSpec{
		ID: id, Name: "Virtual data centre Buergel", Kind: energy.DataCentre, Type: "enterprise",
		Operator: Operator{ID: "plantsim-insurance", Name: "Virtual Insurance"},
		Street:   "Offenbacher Strasse 12", Postcode: "63075", Town: "Offenbach am Main", Latitude: 50.1180, Longitude: 8.7890,
		Since: energy.Date{Year: 2024, Month: time.January, Day: 1}, Commissioned: energy.Date{Year: 2006, Month: time.September, Day: 1},
		ConnectedLoad: 1.2e6,
		Load:          Load{Rated: 520e3, Mean: 191e3, Growth: -0.02, Shape: "enterprise", Months: "High Voltage"},
		UPS:           UPS{Idle: 0.02, Carried: 0.045},
		Cooling:       Cooling{Base: 0.31, PerKelvin: 0.013, Max: 0.6, FreeBelow: 8},
		Other:         Other{Always: 9e3, Working: 6e3},
		Connections: []ConnectionSpec{
			wired(id, ConnectionSpec{ID: "buergel-bms", Protocol: OPCUA, Meters: []MeterSpec{
				gridMeter(BMSPower, 12_400_119_000_000), itMeter(BMSPower, 3_810_000_000_000), coolingMeter(BMSPower), otherMeter(BMSPower),
			}}, 6001, 20*time.Second, energy.Date{Year: 2027, Month: time.December, Day: 31}),
		},
		Commitments: []Commitment{law(id), green(id)},
		Guarantees:  []Guarantee{{Share: 1, Plant: "Virtual hydro plant Main", Technology: "hydro", Supplier: "Virtual supplier", Area: "DE"}},
	}
}

// senefelder is the new data centre of one company: the strict limits of the
// law bind it two years after its start. Its heat warms a school from the
// first winter on.
func senefelder() SiteSpec {
	id := energy.SiteID("senefelder")
	return SiteSpec{
		ID: id, Name: "Virtual data centre Senefelder", Kind: energy.DataCentre, Type: "enterprise",
		Operator: Operator{ID: "plantsim-works", Name: "Virtual Works"},
		Street:   "Senefelderstrasse 160", Postcode: "63069", Town: "Offenbach am Main", Latitude: 50.0962, Longitude: 8.7612,
		Since: energy.Date{Year: 2026, Month: time.August, Day: 3}, ConnectedLoad: 1.5e6,
		Load:    Load{Rated: 900e3, Mean: 128e3, Growth: 0.2, Shape: "enterprise"},
		UPS:     UPS{Idle: 0.003, Carried: 0.02},
		Cooling: Cooling{Base: 0.05, PerKelvin: 0.008, Max: 0.24, FreeBelow: 16},
		Other:   Other{Always: 3e3, Working: 2e3},
		Heat:    Heat{Share: 0.45, FullBelow: 3, NoneAbove: 18, Summer: 0.08, Flow: 44, Spread: 14, ByHour: true},
		Connections: []ConnectionSpec{
			wired(id, ConnectionSpec{ID: "senefelder-gateway", Protocol: ModbusTCP, Meters: []MeterSpec{
				gridMeter(UMG96RM, 318_000_000), itMeter(IEM3000, 0), coolingMeter(IEM3000), otherMeter(IEM3000), heatMeter(HeatMeter),
			}}, 7001, 30*time.Second, energy.Date{Year: 2034, Month: time.December, Day: 31}),
		},
		Commitments: []Commitment{law(id), heatContract(id, "160 MWh", 2026)},
	}
}

// mainbogen computes for models of language and weather: dense racks cooled by
// liquid at 42 °C, whose heat a pump inside the boundary lifts for the district
// network.
func mainbogen() SiteSpec {
	id := energy.SiteID("mainbogen")
	verified := energy.Date{Year: 2031, Month: time.June, Day: 30}
	return SiteSpec{
		ID: id, Name: "Virtual computing centre Mainbogen", Kind: energy.DataCentre, Type: "co-hosting",
		Operator: Operator{ID: "plantsim-compute", Name: "Virtual Compute"},
		Street:   "Kettelerstrasse 1", Postcode: "63075", Town: "Offenbach am Main", Latitude: 50.1075, Longitude: 8.7840,
		Since: energy.Date{Year: 2024, Month: time.September, Day: 2}, ConnectedLoad: 2.4e6,
		Load:     Load{Rated: 1.6e6, Mean: 910e3, Growth: 0.05, Shape: "all_sites"},
		UPS:      UPS{Idle: 0.004, Carried: 0.018},
		Cooling:  Cooling{Base: 0.035, PerKelvin: 0.005, Max: 0.14, FreeBelow: 20, Water: 0.4},
		Other:    Other{Always: 14e3, Working: 5e3},
		Heat:     Heat{Share: 0.6, FullBelow: 5, NoneAbove: 19, Summer: 0.3, Flow: 74, Spread: 24, ByHour: true},
		HeatPump: HeatPump{ID: "hp-1", Boundary: "inside", Source: 42, Efficiency: 0.52},
		Connections: []ConnectionSpec{
			wired(id, ConnectionSpec{ID: "mainbogen-power", Protocol: ModbusTCP, Meters: []MeterSpec{
				gridMeter(UMG96RM, 1_204_500_000_000), itMeter(IEM3000, 902_000_000_000), coolingMeter(IEM3000), otherMeter(IEM3000),
				{Name: "heat-pump", Model: IEM3000, Stream: HeatPumpPower, Role: energy.HeatPumpElectricity, Parent: "grid", Class: "0.5S"},
			}}, 8001, 15*time.Second, verified),
			wired(id, ConnectionSpec{ID: "mainbogen-heat", Protocol: ModbusTCP, Meters: []MeterSpec{
				heatMeter(HeatMeter),
				{Name: "source", Model: SourceMeter, Stream: HeatSource, Class: "2"},
				waterMeter(),
			}}, 8011, 30*time.Second, verified),
		},
		Commitments: []Commitment{law(id), heatContract(id, "3 GWh", 2025), green(id)},
		Guarantees:  []Guarantee{wind(0.7), {Share: 0.31, Plant: "Virtual solar park Rodgau", Technology: "solar", Supplier: "Virtual supplier", Area: "DE"}},
		Evidence:    []Evidence{iso50001(id, energy.Date{Year: 2025, Month: time.December, Day: 1}), planning(id)},
		Shown:       []publication.Content{shown(id, publication.Restricted, publication.Hour, "heat_delivered", "heat_available")},
	}
}
