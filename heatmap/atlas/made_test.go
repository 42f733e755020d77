package atlas_test

import (
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
)

func berlin(t testing.TB) energy.Calendar {
	t.Helper()
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func day(y int, m time.Month, d int) energy.Date { return energy.Date{Year: y, Month: m, Day: d} }

// today is the day on which all of these tests look.
var today = day(2026, 6, 15)

// made is a site, hafen, that held 400 kW ready in 2025 and 100 kW on each tenth day,
// delivered 200 kW at 30 °C and let 50 kW go to the air.
func made(t testing.TB) atlas.Known {
	t.Helper()
	c := berlin(t)
	k := atlas.Known{State: heatmap.Hesse, Stored: heatmap.Stored{Calendar: c, From: day(2025, 1, 1), To: day(2026, 1, 1), Fact: 7, Days: map[energy.PointID][]series.Day{}}}
	k.Site = registry.Site{ID: "hafen", Name: "Hafen", Operator: "op", Location: &registry.Location{Lat: 50.1, Lon: 8.76},
		Address: registry.Address{Street: "Kai 1", Postcode: "63067", Town: "Offenbach am Main"}}
	for _, p := range []struct {
		name     string
		role     energy.Role
		quantity energy.Quantity
		value    func(i int) energy.Amount
	}{
		{"ready", energy.HeatAvailable, energy.HeatPower, func(i int) energy.Amount { return kilo(energy.HeatPower, []float64{400, 100}[b(i%10 == 9)]) }},
		{"delivered", energy.HeatDelivered, energy.HeatEnergy, func(int) energy.Amount { return kilo(energy.HeatEnergy, 50) }},
		{"flow", energy.HeatDelivered, energy.FlowTemperature, func(int) energy.Amount { return kilo(energy.FlowTemperature, 30) }},
		{"rejected", energy.HeatRejected, energy.HeatEnergy, func(int) energy.Amount { return kilo(energy.HeatEnergy, 12.5) }},
		{"it", energy.ITLoad, energy.ActiveEnergyImport, func(int) energy.Amount { return kilo(energy.ActiveEnergyImport, 150) }},
	} {
		point := registry.Point{ID: energy.PointID("hafen/" + p.name), Role: p.role, Quantity: p.quantity, Use: energy.Primary}
		meter := energy.MeterID(p.role)
		if p.role == energy.ITLoad {
			point.Category = 2
		}
		at := -1
		for i, m := range k.Site.Meters {
			if m.ID == meter {
				at = i
			}
		}
		if at < 0 {
			k.Site.Meters, at = append(k.Site.Meters, registry.Meter{ID: meter}), len(k.Site.Meters)
		}
		k.Site.Meters[at].Points = append(k.Site.Meters[at].Points, point)
		for d, i := k.From, 0; d.Before(k.To); d, i = d.AddDays(1), i+1 {
			k.Days[point.ID] = append(k.Days[point.ID], flat(c, d, p.value(i)))
		}
	}
	k.Promises = []registry.Commitment{{ID: "network", Title: "Netz", Metric: "heat_delivered", AtLeast: measure(t, "1752 MWh"), Per: registry.CalendarYear, From: day(2024, 1, 1)}}
	return k
}

func b(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func measure(t testing.TB, text string) (m registry.Measure) {
	t.Helper()
	if err := m.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return m
}

// kilo is a number in canonical units as a fixed amount.
func kilo(q energy.Quantity, x float64) energy.Amount {
	for range q.Digits() {
		x *= 10
	}
	return energy.Amount(x)
}

// flat is a measured day of the same amount in every quarter-hour.
func flat(c energy.Calendar, date energy.Date, amount energy.Amount) series.Day {
	p := c.Day(date)
	n := int(p.Length() / energy.QuarterHour)
	d := series.Day{Date: date, Period: p, Values: make([]energy.Amount, n), Quality: make([]energy.Quality, n), Covered: make([]int16, n), CoveredS: 900 * n}
	for q := range n {
		d.Values[q], d.Quality[q], d.Covered[q] = amount, energy.Measured, 900
	}
	d.Total = amount * energy.Amount(n)
	return d
}

// decided is a decision in force about figures of 2025, unless changed.
func decided(id string, change func(*publication.Content)) ledger.Decided {
	c := publication.Content{Class: publication.Restricted, What: []string{"heat_available"}, From: day(2025, 1, 1), To: day(2026, 1, 1), Resolution: publication.Hour, Agreement: "agreement"}
	if change != nil {
		change(&c)
	}
	return ledger.Decided{ID: id, Decision: publication.Decision{State: publication.Confirmed, Content: c}}
}

func everywhere() access.Reach { return access.Reach{Everywhere: true} }

// The people of these tests.
var (
	reader  = atlas.Asker{Read: everywhere()}
	planner = atlas.Asker{Plan: everywhere()}
	public  = atlas.Asker{}
)

func year2025() atlas.Question {
	return atlas.Question{From: day(2025, 1, 1), To: day(2026, 1, 1)}
}
