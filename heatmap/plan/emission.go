package plan

import (
	"time"

	"heatledger/energy/grid"
)

// Emissions are those of the heat in a year, in kg CO2eq: of electricity by what the
// German grid emitted in each hour (package grid), of fuel as the scenario states it.
type Emissions struct {
	// Electricity of heat pumps and network pumps: what power stations emit, and with
	// what came before them.
	Direct    float64 `json:"electricity_direct_kg"`
	LifeCycle float64 `json:"electricity_life_cycle_kg"`
	Fuel      float64 `json:"fuel_kg"`
	// Total is LifeCycle + Fuel, PerKWh that for each kWh delivered, in g.
	Total  float64  `json:"total_kg"`
	PerKWh *float64 `json:"g_per_kwh,omitempty"`
	// Moved is the share of the electricity whose hours stand in for another year.
	Moved float64 `json:"moved_share"`
}

// gridYear is the mean of the grid over the hours of a year, in g/kWh.
type gridYear struct {
	direct, lifeCycle float64
	moved             float64 // share of the hours that stand in
}

// hourly is the grid of the plan's year.
func (r *run) hourly() gridYear {
	var g gridYear
	for i := range r.hours {
		hour := grid.At(r.year.From.Add(time.Duration(i) * time.Hour))
		g.direct += float64(hour.Direct)
		g.lifeCycle += float64(hour.LifeCycle)
		if hour.Moved {
			g.moved++
		}
	}
	n := float64(r.hours)
	return gridYear{g.direct / n, g.lifeCycle / n, g.moved / n}
}

// emissions adds up what a plan emits. The electricity of network pumps has no hours
// and takes the mean of the year.
func emissions(c chain, g gridYear) Emissions {
	const gramsPerKilogram = 1000
	var e Emissions
	total := c.matched.Total
	e.Direct, e.LifeCycle, e.Fuel = total.Carbon.Direct, total.Carbon.LifeCycle, total.BoilerKilograms
	power, moved := float64(total.Electricity), float64(total.Carbon.MovedKWh)
	if c.laid {
		pump := float64(c.sketch.Pressure.Electricity)
		e.Direct += pump * g.direct / gramsPerKilogram
		e.LifeCycle += pump * g.lifeCycle / gramsPerKilogram
		power, moved = power+pump, moved+pump*g.moved
	}
	e.Total = e.LifeCycle + e.Fuel
	if power > 0 {
		e.Moved = moved / power
	}
	if c.laid && c.sketch.Heat.Delivered > 0 {
		perKWh := e.Total * gramsPerKilogram / float64(c.sketch.Heat.Delivered)
		e.PerKWh = &perKWh
	}
	return e
}
