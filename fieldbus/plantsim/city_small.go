package plantsim

import (
	"time"

	"heatledger/energy"
)

// waldheim is a small data centre below the 300 kW of the law. Its operator
// keeps a reading of every minute.
func waldheim() SiteSpec {
	id := energy.SiteID("waldheim")
	return SiteSpec{
		ID: id, Name: "Virtual data centre Waldheim", Kind: energy.DataCentre, Type: "co-hosting",
		Operator: Operator{ID: "plantsim-coop", Name: "Virtual Cooperative"},
		Street:   "Buergeler Strasse 5", Postcode: "63073", Town: "Offenbach am Main", Latitude: 50.1010, Longitude: 8.8180,
		Since: energy.Date{Year: 2024, Month: time.January, Day: 1}, Commissioned: energy.Date{Year: 2018, Month: time.February, Day: 1},
		ConnectedLoad: 250e3,
		Load:          Load{Rated: 120e3, Mean: 38e3, Growth: 0.02, Shape: "co_located", Months: "Low Voltage"},
		UPS:           UPS{Idle: 0.01, Carried: 0.03},
		Cooling:       Cooling{Base: 0.14, PerKelvin: 0.012, Max: 0.4, FreeBelow: 10},
		Other:         Other{Always: 900, Working: 700},
		SolarPeak:     12e3,
		Past:          time.Minute,
		Connections: []ConnectionSpec{
			wired(id, ConnectionSpec{ID: "waldheim-gateway", Protocol: ModbusTCP, Meters: []MeterSpec{
				gridMeter(IEM3000, 610_400_000_000), itMeter(IEM3000, 312_000_000_000), coolingMeter(IEM3000),
				{Name: "solar", Model: IEM3000, Stream: Solar, Role: energy.OnsiteRenewable, Class: "0.5S", CounterOnly: true},
			}}, 9001, time.Minute, energy.Date{Year: 2028, Month: time.December, Day: 31}),
		},
		Commitments: []Commitment{law(id)},
	}
}

// rathaus is the server room of the town hall.
func rathaus() SiteSpec {
	s := serverRoom("rathaus", "Virtual server room Rathaus", Operator{ID: "plantsim-town", Name: "Virtual Town"}, 9101)
	s.Street, s.Postcode, s.Latitude, s.Longitude = "Berliner Strasse 100", "63065", 50.1056, 8.7640
	s.ConnectedLoad = 60e3
	s.Load = Load{Rated: 24e3, Mean: 8.2e3, Growth: -0.02, Shape: "enterprise", Months: "Low Voltage"}
	s.Other = Other{Always: 120, Working: 60}
	s.Commitments = append(s.Commitments, green(s.ID))
	return s
}

// feuerwehr is the server room of the control centre of the fire brigade.
func feuerwehr() SiteSpec {
	s := serverRoom("feuerwehr", "Virtual server room Feuerwehr", Operator{ID: "plantsim-town", Name: "Virtual Town"}, 9201)
	s.Street, s.Postcode, s.Latitude, s.Longitude = "Rhoenstrasse 10", "63071", 50.0950, 8.7880
	s.ConnectedLoad = 45e3
	s.Load = Load{Rated: 16e3, Mean: 3.4e3, Growth: 0.01, Shape: "all_sites"}
	s.Other = Other{Always: 90}
	return s
}

// serverRoom is what municipal rooms have in common: split coolers and three meters.
func serverRoom(id energy.SiteID, name string, operator Operator, serial int) SiteSpec {
	return SiteSpec{
		ID: id, Name: name, Kind: energy.ServerRoom, Type: "enterprise", Operator: operator, PublicBody: true, Town: "Offenbach am Main",
		Since:   energy.Date{Year: 2024, Month: time.January, Day: 1},
		UPS:     UPS{Idle: 0.012, Carried: 0.05},
		Cooling: Cooling{Base: 0.22, PerKelvin: 0.011, Max: 0.5, FreeBelow: 8},
		Connections: []ConnectionSpec{
			wired(id, ConnectionSpec{ID: string(id) + "-gateway", Protocol: ModbusTCP, Meters: []MeterSpec{
				gridMeter(IEM3000, 0), itMeter(IEM3000, 0), coolingMeter(IEM3000),
			}}, serial, time.Minute, energy.Date{Year: 2030, Month: time.December, Day: 31}),
		},
		Commitments: []Commitment{law(id)},
	}
}
