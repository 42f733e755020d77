package heatmap_test

import (
	"math"
	"testing"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/heatmap"
)

var berlin = func() energy.Calendar {
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return c
}()

func date(t testing.TB, s string) energy.Date {
	t.Helper()
	d, err := energy.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// plant is a site of one local day with its points.
type plant struct{ heatmap.Stored }

func newPlant(from, to energy.Date) *plant {
	return &plant{heatmap.Stored{Site: registry.Site{ID: "hafen"}, Calendar: berlin, From: from, To: to, Fact: 7, Days: map[energy.PointID][]series.Day{}}}
}

// meter adds an instrument with points of a role; every quarter-hour of a point
// holds its value in canonical units.
func (p *plant) meter(role energy.Role, points map[string]float64, quantities map[string]energy.Quantity) *plant {
	m := registry.Meter{ID: energy.MeterID("meter-" + role)}
	for name, value := range points {
		point := registry.Point{ID: energy.PointID("hafen/" + name), Role: role, Quantity: quantities[name], Use: energy.Primary}
		if role == energy.ITLoad {
			point.Category = 2
		}
		m.Points = append(m.Points, point)
		for d := p.From; d.Before(p.To); d = d.AddDays(1) {
			p.Days[point.ID] = append(p.Days[point.ID], flat(d, energy.Amount(math.Round(value*math.Pow10(point.Quantity.Digits())))))
		}
	}
	p.Site.Meters = append(p.Site.Meters, m)
	return p
}

func (p *plant) one(role energy.Role, name string, q energy.Quantity, value float64) *plant {
	return p.meter(role, map[string]float64{name: value}, map[string]energy.Quantity{name: q})
}

// flat is a fully measured day of the same amount in every quarter-hour.
func flat(date energy.Date, amount energy.Amount) series.Day {
	p := berlin.Day(date)
	n := int(p.Length() / energy.QuarterHour)
	day := series.Day{Date: date, Period: p, Values: make([]energy.Amount, n), Quality: make([]energy.Quality, n), Covered: make([]int16, n)}
	for q := range n {
		day.Values[q], day.Quality[q], day.Covered[q] = amount, energy.Measured, 900
		day.CoveredS += 900
	}
	day.Total = amount * energy.Amount(len(day.Values))
	return day
}

// is sets a quarter-hour of the first day of a point.
func (p *plant) is(name string, q int, amount energy.Amount, quality energy.Quality, covered int16) {
	d := &p.Days[energy.PointID("hafen/"+name)][0]
	d.Values[q], d.Quality[q], d.Covered[q] = amount, quality, covered
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b)) }
