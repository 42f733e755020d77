package plantsim

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/publication"
)

// lederwerk is a large colocation site in a former leather works, near power
// usage 1.28. The network's operator lifts its heat with a heat pump of his
// own, outside the boundary: what is delivered is metered behind it. Tenants
// move out, so heat falls from year to year.
func lederwerk() SiteSpec {
	id := energy.SiteID("lederwerk")
	verified := energy.Date{Year: 2030, Month: time.June, Day: 30}
	return SiteSpec{
		ID: id, Name: "Virtual data centre Lederwerk", Kind: energy.DataCentre, Type: "colocation",
		Operator: Operator{ID: "plantsim-metro", Name: "Virtual Metro Colocation"},
		Street:   "Ludwigstrasse 180", Postcode: "63067", Town: "Offenbach am Main", Latitude: 50.1045, Longitude: 8.7515,
		Since: energy.Date{Year: 2024, Month: time.January, Day: 1}, Commissioned: energy.Date{Year: 2014, Month: time.May, Day: 1},
		ConnectedLoad: 6.5e6,
		Load:          Load{Rated: 4.2e6, Mean: 1.42e6, Growth: -0.055, Shape: "co_located", Months: "High Voltage"},
		UPS:           UPS{Idle: 0.01, Carried: 0.025},
		Cooling:       Cooling{Base: 0.13, PerKelvin: 0.013, Max: 0.42, FreeBelow: 10, Water: 1.1},
		Other:         Other{Always: 32e3, Working: 14e3},
		SolarPeak:     240e3,
		Heat:          Heat{Share: 0.28, FullBelow: 3, NoneAbove: 18, Summer: 0.12, Flow: 72, Spread: 22, ByHour: true},
		HeatPump:      HeatPump{ID: "network", Boundary: "outside", Source: 30, Efficiency: 0.5},
		Connections: []ConnectionSpec{
			wired(id, ConnectionSpec{ID: "lederwerk-power", Protocol: ModbusTCP, Meters: []MeterSpec{
				gridMeter(UMG96RM, 38_412_000_000_000), itMeter(IEM3000, 9_120_311_000_000), coolingMeter(IEM3000), otherMeter(IEM3000), solarMeter(IEM3000),
			}}, 3001, 20*time.Second, verified),
			wired(id, ConnectionSpec{ID: "lederwerk-heat", Protocol: ModbusTCP, Meters: []MeterSpec{
				heatMeter(HeatMeter),
				{Name: "network-pump", Model: IEM3000, Stream: HeatPumpPower, Role: energy.HeatPumpElectricity, Class: "0.5S", CounterOnly: true},
				waterMeter(),
			}}, 3011, time.Minute, verified),
		},
		Commitments: []Commitment{law(id), heatContract(id, "2.1 GWh", 2024), green(id)},
		Guarantees:  []Guarantee{wind(0.6)},
		Evidence:    []Evidence{iso50001(id, energy.Date{Year: 2025, Month: time.June, Day: 2}), planning(id)},
		Shown:       []publication.Content{shown(id, publication.Restricted, publication.Month, "heat_delivered")},
	}
}

// bieber is a large colocation site with a connection far above its load. Its
// yearly shutdown follows the measured one; later in the summer its gateway is
// out for nine days while the site runs on.
func bieber() SiteSpec {
	id := energy.SiteID("bieber")
	return SiteSpec{
		ID: id, Name: "Virtual data centre Bieber", Kind: energy.DataCentre, Type: "colocation",
		Operator: Operator{ID: "plantsim-metro", Name: "Virtual Metro Colocation"},
		Street:   "Seligenstaedter Strasse 90", Postcode: "63073", Town: "Offenbach am Main", Latitude: 50.0872, Longitude: 8.8060,
		Since: energy.Date{Year: 2024, Month: time.January, Day: 1}, Commissioned: energy.Date{Year: 2021, Month: time.October, Day: 1},
		ConnectedLoad: 9e6,
		Load:          Load{Rated: 5.5e6, Mean: 0.98e6, Growth: 0.03, Shape: "co_located", Months: "Extra-High Voltage"},
		UPS:           UPS{Idle: 0.006, Carried: 0.02},
		Cooling:       Cooling{Base: 0.12, PerKelvin: 0.012, Max: 0.38, FreeBelow: 12, Water: 0.8},
		Other:         Other{Always: 41e3, Working: 12e3},
		SolarPeak:     180e3,
		Outages: []Outage{
			{Begins: Yearly{Month: time.June, Nth: 1, Weekday: time.Tuesday, At: 2*time.Hour + 38*time.Minute}, Lasts: 19*time.Hour + 16*time.Minute,
				Shutdown: true, Reason: "yearly shutdown; modelled on the day measured at MGHPCC on 2025-06-03: no reading is not zero"},
			{Begins: Yearly{Month: time.August, Nth: 2, Weekday: time.Friday, At: 15*time.Hour + 5*time.Minute}, Lasts: 9*24*time.Hour + 16*time.Hour,
				Reason: "gateway defective; the site runs on, counters are read again afterwards"},
		},
		Connections: []ConnectionSpec{
			wired(id, ConnectionSpec{ID: "bieber-gateway", Protocol: ModbusTCP, Meters: []MeterSpec{
				gridMeter(UMG96RM, 18_201_500_000_000), itMeter(IEM3000, 4_100_044_000_000), coolingMeter(IEM3000), otherMeter(IEM3000), solarMeter(IEM3000), waterMeter(),
			}}, 4001, 30*time.Second, energy.Date{Year: 2029, Month: time.December, Day: 31}),
		},
		Commitments: []Commitment{law(id)},
		Evidence:    []Evidence{iso50001(id, energy.Date{Year: 2024, Month: time.November, Day: 18})},
	}
}

// ost is a new colocation site that fills up. No network is near; the town and
// its operator have agreed on one (EnEfG § 11 Abs. 3 Nr. 2), so that the share
// of reused energy is not asked of it.
func ost() SiteSpec {
	id := energy.SiteID("ost")
	return SiteSpec{
		ID: id, Name: "Virtual data centre Ost", Kind: energy.DataCentre, Type: "colocation",
		Operator: Operator{ID: "plantsim-colo", Name: "Virtual Colocation"},
		Street:   "Muehlheimer Strasse 300", Postcode: "63075", Town: "Offenbach am Main", Latitude: 50.1122, Longitude: 8.7985,
		Since: energy.Date{Year: 2026, Month: time.July, Day: 13}, ConnectedLoad: 4e6,
		Load:    Load{Rated: 2.8e6, Mean: 210e3, Growth: 0.3, Shape: "co_located"},
		UPS:     UPS{Idle: 0.003, Carried: 0.018},
		Cooling: Cooling{Base: 0.06, PerKelvin: 0.008, Max: 0.25, FreeBelow: 16},
		Other:   Other{Always: 6e3, Working: 3e3},
		Connections: []ConnectionSpec{
			wired(id, ConnectionSpec{ID: "ost-gateway", Protocol: ModbusTCP, Meters: []MeterSpec{
				gridMeter(UMG96RM, 318_000_000), itMeter(IEM3000, 0), coolingMeter(IEM3000), otherMeter(IEM3000),
			}}, 5001, 30*time.Second, energy.Date{Year: 2034, Month: time.December, Day: 31}),
		},
		Commitments: []Commitment{law(id), green(id)},
		Evidence: []Evidence{{ID: "ost-network-agreement", Kind: "agreement", Title: "Agreement on a heat network for the east of the town",
			Document: "virtual/agreements/ost.pdf", From: energy.Date{Year: 2026, Month: time.March, Day: 2}, To: energy.Date{Year: 2036, Month: time.March, Day: 2},
			Facts: []Fact{{"partner", "Virtual municipal utility"}, {"investment_plan", "annex 1"}, {"connection_cost_rule", "section 5"},
				{"heat_price", "section 6"}, {"network_ready_by", "2034-07-01"}}}},
	}
}
