package match

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/heatpump"
	"heatledger/heatmap/street"
)

// FromSeries is a source of a series, which is taken in hours and cut to From and
// Hours of the input it is for; what lies outside of the series is not known.
func FromSeries(id string, s heatmap.Series, from time.Time, hours int) Source {
	s = s.Hourly()
	out := Source{ID: id, Heat: make([]heatmap.Kilowatts, hours), Flow: make(Course, hours)}
	flows := false
	for h := range hours {
		out.Heat[h], out.Flow[h] = heatmap.Kilowatts(math.NaN()), energy.Celsius(math.NaN())
		i, ok := s.Index(from.Add(time.Duration(h) * time.Hour))
		if !ok {
			continue
		}
		if p, ok := s.Power(i); ok {
			out.Heat[h] = p
		}
		if t, ok := s.Flow(i); ok {
			out.Flow[h], flows = t, true
		}
	}
	if !flows {
		out.Flow = nil
	}
	account := s.Within(energy.Period{From: from, To: from.Add(time.Duration(hours) * time.Hour)}).Account()
	out.Grade, out.Limit = account.Grade(), account.Limit()
	return out
}

// Upgraded is a source behind a heat pump: what the plant makes of the series, with
// the electricity for each kWh of it. The plant runs on all that the source gives;
// where the areas take less, COP and temperatures are taken to stay.
func Upgraded(id string, s heatmap.Series, p heatpump.Plant, from time.Time, hours int) (Source, error) {
	o, err := p.Run(s.Hourly())
	if err != nil {
		return Source{}, fmt.Errorf("upgrade the heat of source %s: %w", id, err)
	}
	made, err := o.Series()
	if err != nil {
		return Source{}, fmt.Errorf("upgrade the heat of source %s: %w", id, err)
	}
	out := FromSeries(id, made, from, hours)
	out.Basis = o.Basis
	out.Electricity = make([]float64, hours)
	for h := range hours {
		i, ok := made.Index(from.Add(time.Duration(h) * time.Hour))
		if ok && o.Steps[i].Heat > 0 {
			out.Electricity[h] = float64(o.Steps[i].Electricity / o.Steps[i].Heat)
		}
	}
	return out, nil
}

// Links are the ways along streets between sources and areas, in a graph that both
// are connected to ([street.Graph.Connect]), none longer than most metres (0: any).
func Links(g *street.Graph, sources, areas []street.Terminal, most float64) []Link {
	nodes := func(list []street.Terminal) (joined []street.Terminal, nodes []int) {
		for _, t := range list {
			if t.Node >= 0 {
				joined, nodes = append(joined, t), append(nodes, t.Node)
			}
		}
		return joined, nodes
	}
	from, fromNodes := nodes(sources)
	to, toNodes := nodes(areas)
	var out []Link
	for i, row := range g.Distances(fromNodes, toNodes) {
		for j, metres := range row {
			if !math.IsInf(metres, 1) && (most <= 0 || metres <= most) {
				out = append(out, Link{from[i].Site.ID, to[j].Site.ID, metres})
			}
		}
	}
	return out
}
