package match

import (
	"math"
	"time"

	"heatledger/energy/grid"
	"heatledger/heatmap"
)

// result puts the answer together, in the order of ids.
func (c *compiled) result(t *tally, trace *trace) Result {
	r := Result{Method: Method, From: c.From, Hours: c.Hours, Leftout: c.leftout, Parts: len(c.parts), Moved: t.moved}
	c.flows(&r, t, trace)
	c.areaResults(&r, t)
	c.sourceResults(&r, trace)
	c.storeResults(&r, trace)
	c.boilerResults(&r, trace)
	c.hourly(&r, t, trace)
	r.addUp()
	for _, areas := range t.hours[doubtColumn] {
		if areas > 0 {
			r.Total.UnknownHours++
		}
	}
	return r
}

// flows are those of all links that something flowed along, and of boilers.
func (c *compiled) flows(r *Result, t *tally, trace *trace) {
	sources, stores, boilers := make([][]Flow, len(c.Sources)), make([][]Flow, len(c.Stores)), make([][]Flow, len(c.Boilers))
	for i := range c.parts {
		p := &c.parts[i]
		for l, to := range p.net.to {
			x := t.flow[p.base+l]
			if x == 0 {
				continue
			}
			flow := Flow{Area: c.Areas[p.areas[to]].ID, Metres: p.metres[l], Energy: kilowattHours(x)}
			switch g := int(p.net.by[l]); {
			case g < len(p.sources):
				s := p.sources[g]
				flow.By, flow.Giver = BySource, c.Sources[s].ID
				sources[s] = append(sources[s], flow)
			case g < len(p.sources)+len(p.stores):
				s := p.stores[g-len(p.sources)]
				flow.By, flow.Giver = ByStore, c.Stores[s].ID
				stores[s] = append(stores[s], flow)
			default:
				b := p.boilers[g-len(p.sources)-len(p.stores)]
				flow.By, flow.Giver = ByBoiler, c.Boilers[b].ID
				boilers[b] = append(boilers[b], flow)
			}
		}
	}
	for _, b := range c.common {
		for a, x := range trace.boilers[b].areas {
			if x > 0 {
				boilers[b] = append(boilers[b], Flow{By: ByBoiler, Giver: c.Boilers[b].ID, Area: c.Areas[a].ID, Energy: kilowattHours(x)})
			}
		}
	}
	for _, kind := range [][][]Flow{sources, stores, boilers} {
		for _, list := range kind {
			r.Flows = append(r.Flows, sorted(list, func(f Flow) string { return f.Area })...)
		}
	}
}

func (c *compiled) areaResults(r *Result, t *tally) {
	nearest := make([]float64, len(c.Areas))
	for i := range nearest {
		nearest[i] = math.Inf(1)
	}
	for i := range c.parts {
		p := &c.parts[i]
		for l := range p.net.first[len(p.sources)] {
			a := p.areas[p.net.to[l]]
			nearest[a] = min(nearest[a], p.metres[l])
		}
	}
	for i, a := range c.Areas {
		x := t.areas[i]
		out := AreaResult{ID: a.ID, Name: a.Name, Grade: a.Grade, Served: Served{Load: kilowattHours(x.load), Direct: kilowattHours(x.direct), Stored: kilowattHours(x.stored),
			Boiler: kilowattHours(x.boiler), Unmet: kilowattHours(x.unmet), Open: kilowattHours(x.open), UnknownHours: x.unknown},
			Peak: kilowatts(x.peak), PeakLeft: kilowatts(x.peakLeft), HoursFull: x.full, HoursLoad: x.loaded}
		if !math.IsInf(nearest[i], 1) {
			out.Nearest, out.InReach = nearest[i], true
		}
		if a.StreetMetres > 0 {
			out.Density = float64(out.Load) / a.StreetMetres
		}
		r.Areas = append(r.Areas, out)
	}
}

func (c *compiled) sourceResults(r *Result, trace *trace) {
	var hours []grid.Hour
	for i, s := range c.Sources {
		x := &trace.sources[i]
		out := SourceResult{ID: s.ID, Name: s.Name, Basis: s.Basis, Grade: s.Grade, Limit: s.Limit}
		var given, stored, surplus, kept, beyond, peak grain
		for h, g := range x.given {
			if g < 0 {
				out.UnknownHours++
				continue
			}
			given += g
			stored += x.stored[h]
			surplus += x.surplus[h]
			beyond += grains(s.Heat[h]) - (g + x.stored[h] + x.surplus[h])
			peak = max(peak, g+x.stored[h])
		}
		kept = sum(x.keptBack)
		for _, unknown := range x.noFlow {
			if unknown {
				out.NoFlowHours++
			}
		}
		out.Given, out.Stored, out.Surplus = kilowattHours(given), kilowattHours(stored), kilowattHours(surplus)
		out.Offered, out.Beyond, out.KeptBack = kilowattHours(given+stored+surplus), kilowattHours(beyond), kilowattHours(kept)
		out.Peak = kilowatts(peak)
		if s.Electricity != nil {
			if hours == nil {
				hours = c.grid()
			}
			c.electricity(&out, s, x, hours)
		}
		out.Euros = float64(float64(out.Given+out.Stored)*s.Cost.Euros) + float64(float64(out.Electricity)*c.Electric.Euros)
		r.Sources = append(r.Sources, out)
	}
}

// grid is the electricity grid in each hour.
func (c *compiled) grid() []grid.Hour {
	out := make([]grid.Hour, c.Hours)
	for h := range out {
		out[h] = grid.At(c.From.Add(time.Duration(h) * time.Hour))
	}
	return out
}

const gramsPerKilogram = 1000

// electricity adds up what a heat pump takes for the heat that was given or stored.
func (c *compiled) electricity(out *SourceResult, s Source, x *sourceTrace, hours []grid.Hour) {
	for h, g := range x.given {
		if g+x.stored[h] <= 0 { // absent is below zero
			continue
		}
		e := float64(kilowattHours(g+x.stored[h])) * s.Electricity[h]
		out.Electricity += heatmap.KilowattHours(e)
		out.Carbon.Direct += float64(e*float64(hours[h].Direct)) / gramsPerKilogram
		out.Carbon.LifeCycle += float64(e*float64(hours[h].LifeCycle)) / gramsPerKilogram
		if hours[h].Moved {
			out.Carbon.MovedKWh += heatmap.KilowattHours(e)
		}
	}
}

func (c *compiled) storeResults(r *Result, trace *trace) {
	for i, s := range c.Stores {
		x := &trace.stores[i]
		r.Stores = append(r.Stores, StoreResult{ID: s.ID, Capacity: kilowattHours(grains(s.Capacity)), Start: kilowattHours(x.start),
			Taken: kilowattHours(sum(x.taken)), Given: kilowattHours(sum(x.given)), Lost: kilowattHours(sum(x.lost)),
			End: kilowattHours(x.in[len(x.in)-1]), Most: kilowattHours(max(x.start, greatestOf(x.in))), Rounds: x.rounds, Settled: x.settled})
	}
}

func (c *compiled) boilerResults(r *Result, trace *trace) {
	for i, b := range c.Boilers {
		given := trace.boilers[i].given
		out := BoilerResult{ID: b.ID, Heat: kilowattHours(sum(given)), Peak: kilowatts(greatestOf(given))}
		out.Fuel = out.Heat / heatmap.KilowattHours(b.Efficiency)
		out.Kilograms = float64(out.Fuel) * b.Emission.Grams / gramsPerKilogram
		out.Euros = float64(out.Fuel) * b.Fuel.Euros
		r.Boilers = append(r.Boilers, out)
	}
}

// hourly are the columns, in kW.
func (c *compiled) hourly(r *Result, t *tally, trace *trace) {
	y := &r.Hourly
	for i, column := range []*[]heatmap.Kilowatts{&y.Load, &y.Direct, &y.FromStore, &y.Boiler, &y.Unmet, &y.Offered, &y.ToStore, &y.Surplus} {
		*column = powers(t.hours[i])
	}
	y.Unknown = make([]int, c.Hours)
	for i := range trace.sources {
		x := &trace.sources[i]
		for h, g := range x.given {
			if g < 0 {
				y.Unknown[h]++
			}
		}
		y.Sources = append(y.Sources, SourceHours{powers(x.given), powers(x.stored), powers(x.surplus)})
	}
	for i := range trace.stores {
		x := &trace.stores[i]
		in := make([]heatmap.KilowattHours, len(x.in))
		for h, g := range x.in {
			in[h] = kilowattHours(g)
		}
		y.Stores = append(y.Stores, StoreHours{in, powers(x.taken), powers(x.given), powers(x.lost)})
	}
}

// powers are a column in kW; NaN where it is below zero: not known.
func powers(column []grain) []heatmap.Kilowatts {
	out := make([]heatmap.Kilowatts, len(column))
	for h, x := range column {
		if out[h] = kilowatts(x); x < 0 {
			out[h] = heatmap.Kilowatts(math.NaN())
		}
	}
	return out
}

// addUp makes the total of the parts of the answer, in their order.
func (r *Result) addUp() {
	t := &r.Total
	for _, a := range r.Areas {
		t.Load += a.Load
		t.Direct += a.Direct
		t.Stored += a.Stored
		t.Boiler += a.Boiler
		t.Unmet += a.Unmet
		t.Open += a.Open
	}
	for _, s := range r.Sources {
		t.Offered += s.Offered
		t.Given += s.Given
		t.Taken += s.Stored
		t.Surplus += s.Surplus
		t.KeptBack += s.KeptBack
		t.Electricity += s.Electricity
		t.Carbon.Direct += s.Carbon.Direct
		t.Carbon.LifeCycle += s.Carbon.LifeCycle
		t.Carbon.MovedKWh += s.Carbon.MovedKWh
		t.Euros += s.Euros
	}
	for _, s := range r.Stores {
		t.Lost += s.Lost
	}
	for _, b := range r.Boilers {
		t.Fuel += b.Fuel
		t.BoilerKilograms += b.Kilograms
		t.Euros += b.Euros
	}
}
