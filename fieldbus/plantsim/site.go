package plantsim

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// litreKelvin is the heat of one litre of water per kelvin, in Wh: what heat
// meters near 40 °C count with.
const litreKelvin = 1.15

// Site is one data centre of the plant. It may be used by many goroutines.
type Site struct {
	Spec     SiteSpec
	zone     *time.Location
	shape    *shape
	months   *months // nil: the load does not know the months
	measured *measured
	weather  weather
	seed     uint64
	first    int64 // the UTC day on which it begins, counted from 1970
	meters   []*meter

	recent [8]atomic.Pointer[day] // days last used, by number modulo 8
	growth sync.Mutex
	before [][streams]int64 // what flowed before the nth day since first, in W·s
}

// newSite checks a description and brings its meters into being.
func newSite(seed uint64, spec SiteSpec, zone *time.Location, known *measured) (*Site, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	shape, ok := known.shapes[spec.Load.Shape]
	if !ok {
		return nil, fmt.Errorf("site %s follows the load shape %q: all_sites, co_located or enterprise is expected", spec.ID, spec.Load.Shape)
	}
	months, ok := known.months[spec.Load.Months]
	if !ok && spec.Load.Months != "" {
		return nil, fmt.Errorf("site %s follows the months of %q: Low Voltage, High Voltage or Extra-High Voltage is expected", spec.ID, spec.Load.Months)
	}
	s := &Site{
		Spec: spec, zone: zone, shape: shape, months: months, measured: known, weather: weather{seed},
		seed: seedOf(seed, string(spec.ID)), first: dayNumber(spec.Since.UTC()),
		before: make([][streams]int64, 1),
	}
	for _, c := range spec.Connections {
		for _, m := range c.Meters {
			if m.Model >= models {
				return nil, fmt.Errorf("meter %s is of no model the plant knows", m.ID)
			}
			s.meters = append(s.meters, newMeter(s, c, m))
		}
	}
	return s, nil
}

// At is the site at t, cut to whole milliseconds. Before the site begins
// nothing flows and nothing has been counted.
func (s *Site) At(t time.Time) State {
	ms := t.UnixMilli()
	number := floorDiv(ms, millisPerDay)
	return State{site: s, day: s.day(number), ms: ms - number*millisPerDay}
}

// knot is the site at a quarter-hour of UTC: whole W, l/h and m°C.
type knot struct {
	rate                [streams]int64
	outdoor, flow, back int64
}

// knot computes the balance at t, a quarter-hour; local is t in the site's zone.
func (s *Site) knot(t, local time.Time, outdoor float64) (k knot) {
	spec := &s.Spec
	k.outdoor = round(outdoor * 1000)
	it := s.load(t, local)
	k.rate[IT] = round(it)
	// a UPS loses something for being on, and more with what it carries
	k.rate[Losses] = round(spec.UPS.Idle*float64(spec.Load.Rated) + spec.UPS.Carried*it)

	if spec.Heat.Share > 0 {
		s.heat(&k, t, local, it, outdoor)
	}
	s.cool(&k, outdoor)

	other := float64(spec.Other.Always)
	if h := local.Hour(); h >= 7 && h < 19 && kindOf(local.Date()) == weekday {
		other += float64(spec.Other.Working)
	}
	k.rate[OtherPower] = round(other)
	if spec.SolarPeak > 0 {
		k.rate[Solar] = round(float64(spec.SolarPeak) * s.weather.sunshine(t, spec.Latitude, spec.Longitude))
	}
	// whole watts at every knot make the balance hold exactly between them
	k.rate[GridImport] = k.rate[IT] + k.rate[Losses] + k.rate[CoolingPower] + k.rate[OtherPower] - k.rate[Solar]
	if spec.HeatPump.Boundary == "inside" {
		k.rate[GridImport] += k.rate[HeatPumpPower]
	}
	return k
}

// cool fills in what cooling takes. What warms the rooms must be carried out,
// unless the heat pump has it; how dear that is, the weather says.
func (s *Site) cool(k *knot, outdoor float64) {
	c := &s.Spec.Cooling
	warmer := max(0, outdoor-float64(c.FreeBelow))
	share := min(c.Max, c.Base+c.PerKelvin*warmer)
	carried := float64(k.rate[IT] + k.rate[Losses] - k.rate[HeatSource])
	k.rate[CoolingPower] = round(share * carried)
	if c.Water > 0 {
		// the first kelvins are half dry: the spray comes on by and by
		k.rate[WaterIn] = round(c.Water * carried / 1000 * min(1, warmer/8))
	}
}

// load is the IT load in W: the measured shape on a mean that grows, with
// modelled drifts of weeks, hours and quarter-hours. It stays within the rating.
func (s *Site) load(t, local time.Time) float64 {
	quarters := float64(t.Unix()) / 900
	years := float64(dayNumber(t)-s.first) / daysPerYear
	mean := float64(s.Spec.Load.Mean) * (1 + s.Spec.Load.Growth*years)
	if s.months != nil {
		mean *= s.months.at(t)
	}
	if len(s.Spec.Outages) > 0 {
		mean *= s.running(t)
	}
	noise := 0.02*drift(s.seed, noiseLoadWeeks, quarters/672) +
		0.008*drift(s.seed, noiseLoadHours, quarters/6) +
		0.004*jitter(s.seed, noiseLoadQuarters, int64(quarters))
	return min(float64(s.Spec.Load.Rated), mean*s.shape.at(local)*(1+noise))
}

// heat fills in what the site gives to the network.
func (s *Site) heat(k *knot, t, local time.Time, it, outdoor float64) {
	h := &s.Spec.Heat
	// a network takes little in summer (hot water) and all it can get in frost
	cold := (float64(h.NoneAbove) - outdoor) / float64(h.NoneAbove-h.FullBelow)
	demand := h.Summer + (1-h.Summer)*min(1, max(0, cold))
	if h.ByHour { // a source that is run at its limit cannot follow
		demand = min(1, demand*s.measured.demandAt(local))
	}
	supply := 0.97 + 0.03*drift(s.seed, noiseSupply, float64(t.Unix())/21_600)
	given := it * h.Share * demand * supply

	// colder weather asks for hotter water, and less demand for less spread
	k.flow = round(1000 * (float64(h.Flow) - max(-5, min(5, 0.2*outdoor))))
	spread := round(1000 * float64(h.Spread) * (0.6 + 0.4*demand))
	k.back = k.flow - spread
	k.rate[HeatDelivered] = round(given)
	if p := &s.Spec.HeatPump; p.Efficiency > 0 {
		flow := float64(k.flow) / 1000
		cop := p.Efficiency * (flow + 273.15) / (flow - float64(p.Source))
		k.rate[HeatSource], k.rate[HeatPumpPower] = round(given), round(given/(cop-1))
		k.rate[HeatDelivered] = k.rate[HeatSource] + k.rate[HeatPumpPower]
	}
	k.rate[Water] = round(float64(k.rate[HeatDelivered]) / (litreKelvin * float64(spread) / 1000))
}

// round is the nearest whole number, half away from zero: odd, so that a ripple
// stays antisymmetric.
func round(x float64) int64 { return int64(math.Round(x)) }
