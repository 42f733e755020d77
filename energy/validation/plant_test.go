package validation_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/validation"
)

// plantYAML is a small data centre on the harbour with everything metered.
const plantYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    connected_load_kw: 400
    meters:
      - id: main
        verification: {regime: mid, until: 2030-12-31}
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import}
          - {id: hafen/power, quantity: active_power, role: grid_import}
          - {id: hafen/export, quantity: active_energy_export, role: grid_export}
      - id: roof
        points: [{id: hafen/pv, quantity: active_energy_export, role: onsite_renewable}]
      - id: ups
        points:
          - {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/grid}
      - id: chillers
        points: [{id: hafen/cooling, quantity: active_energy_import, role: cooling, parent: hafen/grid}]
      - id: canteen
        points: [{id: hafen/canteen, quantity: active_energy_import, role: foreign_load, parent: hafen/grid}]
      - id: heat
        points:
          - {id: hafen/heat, quantity: heat_energy, role: heat_delivered}
          - {id: hafen/volume, quantity: volume, role: heat_delivered}
          - {id: hafen/flow, quantity: flow_temperature, role: heat_delivered}
          - {id: hafen/return, quantity: return_temperature, role: heat_delivered}
      - id: bill
        points: [{id: hafen/invoice, quantity: active_energy_import, role: grid_import, series: interval, use: check}]
`

// weather and fortune of a plant: what differs from one to the other.
type conditions struct {
	it     float64 // kW
	cool   float64 // share of it
	sun    float64 // kW at noon in June
	heat   float64 // share of the IT's heat that is delivered in winter
	losses float64 // share that no meter below the grid shows
	noise  uint64
}

func usual() conditions {
	return conditions{it: 200, cool: 0.2, sun: 60, heat: 0.4, losses: 0.01, noise: 1}
}

// wobble is a number from −1 to 1 that looks like chance and never changes.
func (c conditions) wobble(n int64, salt uint64) float64 {
	x := uint64(n)*0x9e3779b97f4a7c15 + c.noise*0xbf58476d1ce4e5b9 + salt*0x94d049bb133111eb
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	x ^= x >> 31
	return float64(x>>11)/(1<<52) - 1
}

// grow runs the plant from from to to with a reading each step; the first
// reading of every counter is 0.
func grow(c conditions, from, to time.Time, step time.Duration) map[energy.PointID][]energy.Reading {
	n := int(to.Sub(from)/step) + 1
	readings := map[energy.PointID][]energy.Reading{}
	stands := map[energy.PointID]float64{}
	say := func(point energy.PointID, at time.Time, v float64) {
		if readings[point] == nil {
			readings[point] = make([]energy.Reading, 0, n)
		}
		readings[point] = append(readings[point], energy.Reading{At: at, Value: energy.Decimal(int64(math.Round(v*1000)), -3), Quality: energy.Measured})
	}
	hours := step.Hours()
	for i := range int64(n) {
		at := from.Add(time.Duration(i) * step)
		day := float64(at.YearDay()) / 365 * 2 * math.Pi
		clock := at.Sub(at.Truncate(24*time.Hour)).Hours() / 24 * 2 * math.Pi
		winter := (1 + math.Cos(day)) / 2
		it := c.it * (1 + 0.05*math.Sin(clock) + 0.03*c.wobble(i, 1))
		cooling := it * c.cool * (1.3 - 0.6*winter + 0.05*c.wobble(i, 2))
		canteen := 4 + 3*math.Max(0, math.Sin(clock-1.5)) + 0.5*c.wobble(i, 3)
		pv := c.sun * (1 - 0.8*winter) * math.Max(0, -math.Cos(clock)) * (0.6 + 0.4*c.wobble(i/6, 4))
		load := (it + cooling + canteen) * (1 + c.losses)
		heat := it * (0.05 + c.heat*winter) * (1 + 0.1*c.wobble(i, 5))
		flow, back := 62+2*c.wobble(i, 6), 38+2*c.wobble(i, 7)
		power := math.Max(0, load-pv)
		say("hafen/power", at, power+0.5*c.wobble(i, 8))
		say("hafen/flow", at, flow)
		say("hafen/return", at, back)
		for point, kw := range map[energy.PointID]float64{"hafen/grid": power, "hafen/export": math.Max(0, pv-load), "hafen/pv": pv, "hafen/it": it,
			"hafen/cooling": cooling, "hafen/canteen": canteen, "hafen/heat": heat, "hafen/volume": heat / (validation.HeatCoefficient((flow+back)/2) * (flow - back))} {
			say(point, at, stands[point])
			stands[point] += kw * hours
		}
	}
	return readings
}

// plant is a registry with readings.
type plant struct {
	registry *registry.Registry
	readings map[energy.PointID][]energy.Reading
	// late is how long after its last reading a day is delivered.
	late time.Duration
}

func newPlant(t testing.TB, yaml string, readings map[energy.PointID][]energy.Reading) plant {
	t.Helper()
	r, faults := registry.Load("registry.yaml", []byte(yaml))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	return plant{registry: r, readings: readings, late: time.Minute}
}

func (p plant) site() registry.Site { return p.registry.Sites[0] }

// rules are the plain ones: no exchange, no modulus.
func (p plant) rules(id energy.PointID) series.Rules {
	_, _, point, _ := p.registry.Point(id)
	return series.Rules{Quantity: point.Quantity, Kind: point.Series, MaxRate: 4_000_000_000}
}

// question derives the days of all points from their readings.
func (p plant) question(t testing.TB, period energy.Period, until time.Time) validation.Question {
	t.Helper()
	calendar, err := p.registry.Calendar(p.site().ID, "Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	q := validation.Question{Site: p.site(), Calendar: calendar, Period: period, Until: until, Known: map[energy.PointID]series.Known{}, Limits: validation.Defaults()}
	for _, meter := range p.site().Meters {
		for _, point := range meter.Points {
			readings := p.readings[point.ID]
			if len(readings) == 0 {
				continue
			}
			track := series.NewTrack(readings, p.rules(point.ID))
			known := series.Known{Spans: track.Spans()}
			whole := energy.Period{From: readings[0].At, To: readings[len(readings)-1].End()}
			if !whole.From.Before(whole.To) {
				continue
			}
			for _, date := range calendar.Days(whole) {
				day := track.Day(date, calendar.Day(date))
				if slices.ContainsFunc(day.Quality, func(q energy.Quality) bool { return q != energy.Missing }) {
					known.Days = append(known.Days, day)
				}
			}
			q.Known[point.ID] = known
		}
	}
	return q
}

// runs are the readings of a point as a collector delivers them, a fact a UTC day.
func (p plant) runs(point energy.PointID) []series.Run {
	var runs []series.Run
	for _, r := range p.readings[point] {
		day := r.At.Truncate(24 * time.Hour)
		if n := len(runs) - 1; n >= 0 && runs[n].Readings[0].At.Truncate(24*time.Hour).Equal(day) {
			runs[n].Readings = append(runs[n].Readings, r)
			runs[n].RecordedAt = r.End().Add(p.late)
			continue
		}
		runs = append(runs, series.Run{Seq: int64(len(runs) + 1), RecordedAt: r.End().Add(p.late), Source: 1, Readings: []energy.Reading{r}})
	}
	return runs
}

// delivery is what arrived for a point.
func (p plant) delivery(point energy.PointID, period energy.Period, runs []series.Run) validation.Delivery {
	_, meter, _, _ := p.registry.Point(point)
	return validation.Delivery{Site: p.site().ID, Meter: meter.ID, Point: point, Rules: p.rules(point), Runs: runs, Upto: 1 << 40, Period: period, Limits: validation.Defaults()}
}

// findings applies every rule.
func (p plant) findings(t testing.TB, period energy.Period, until time.Time) []validation.Finding {
	t.Helper()
	all := validation.Check(p.question(t, period, until))
	for _, meter := range p.site().Meters {
		for _, point := range meter.Points {
			all = append(all, validation.CheckDelivery(p.delivery(point.ID, period, p.runs(point.ID)))...)
		}
	}
	validation.Sort(all)
	return all
}

// said writes findings a line each: code, point or meter, first and last instant.
func said(all []validation.Finding) []string {
	lines := []string{}
	for _, f := range all {
		where := string(f.Point)
		if where == "" {
			where = string(f.Meter)
		}
		if where == "" {
			where = string(f.Site)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s", f.Code, where, f.Period.From.Format("01-02T15:04"), f.Period.To.Format("01-02T15:04")))
	}
	slices.Sort(lines)
	return lines
}
