package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/heatpump"
	"heatledger/heatmap/match"
	"heatledger/heatmap/network"
)

// supply is a source with its hours.
type supply struct {
	Source
	series heatmap.Series // of the year, in hours, before a heat pump
	at     geo.Point
	pump   *HeatPump
	node   int // of the street graph; -1: it is joined to no street
}

// supplies reads the sources; the faults are those of all of them.
func (r *run) supplies() (faults energy.Faults) {
	for i, source := range r.scenario.Sources {
		if !r.readable(source) {
			continue
		}
		if !r.scenario.sound("sources", i) { // its table may have faults of its own
			_, _, found := r.scenario.readStated(source.File, r.in.Files[source.File])
			faults = append(faults, found...)
			continue
		}
		s := supply{Source: source, node: -1}
		var found energy.Faults
		switch {
		case source.File != "":
			s.series, found = r.scenario.statedSeries(source, r.in.Files[source.File])
		default:
			s.series, found = r.stored(i, source)
		}
		s.series = s.series.Within(r.year)
		faults = append(faults, found...)
		switch {
		case source.At != nil:
			s.at = geo.Point{X: source.At.Longitude, Y: source.At.Latitude}
		case r.in.Sites[source.Site].Site.Location != nil:
			l := r.in.Sites[source.Site].Site.Location
			s.at = geo.Point{X: l.Lon, Y: l.Lat}
		default:
			faults = append(faults, r.scenario.doc.Fault(fmt.Sprintf("the site %s has no place in the registry", source.Site), "add at: {lon, lat} here, or location to the registry", "sources", i))
		}
		for j := range r.scenario.HeatPumps {
			if r.scenario.HeatPumps[j].ID == source.HeatPump {
				s.pump = &r.scenario.HeatPumps[j]
			}
		}
		r.sources = append(r.sources, s)
	}
	return faults
}

// readable tells whether a source can be read: what it lacks is named already.
func (r *run) readable(source Source) bool {
	if source.File != "" {
		return r.has(source.File)
	}
	_, known := r.in.Sites[source.Site]
	return known && !r.siteless
}

// stored is the source of a site in hours: of the kind asked for, or the best that is
// known; what was delivered is the last resort, for it is a lower bound.
func (r *run) stored(i int, source Source) (heatmap.Series, energy.Faults) {
	fault := func(problem, remedy string) (heatmap.Series, energy.Faults) {
		return heatmap.Series{}, energy.Faults{r.scenario.doc.Fault(problem, remedy, "sources", i, "site")}
	}
	stored := r.in.Sites[source.Site]
	kinds := []heatmap.Kind{source.Kind}
	if source.Kind == "" {
		kinds = []heatmap.Kind{heatmap.Available, heatmap.Recoverable, heatmap.Derived, heatmap.Delivered}
	}
	for _, kind := range kinds {
		var made heatmap.Series
		var ok bool
		switch {
		case kind != heatmap.Derived:
			made, ok = stored.Series(kind)
		case source.Derive != nil:
			var err error
			if made, ok, err = stored.Derive(source.Derive.derivation()); err != nil {
				return fault(err.Error(), "correct derive")
			}
		}
		if ok {
			return standing(made.Hourly(), source.Flow, source.Return), nil
		}
	}
	if source.Kind != "" {
		return fault(fmt.Sprintf("the site %s has no heat that is %s in %d", source.Site, source.Kind, r.scenario.Year), "leave kind out for the best that is known, or add derive")
	}
	return fault(fmt.Sprintf("the site %s measures no heat in %d", source.Site, r.scenario.Year), "add derive: {factor, source} to take it from the IT load")
}

func (d Derive) derivation() heatmap.Derivation {
	at := func(t *float64) heatmap.Temperature {
		if t == nil {
			return heatmap.Temperature{}
		}
		return heatmap.At(energy.Celsius(*t))
	}
	return heatmap.Derivation{Category: d.Category, Factor: d.Factor, Source: d.Source, Flow: at(d.Flow), Return: at(d.Return)}
}

// machines reads the heat pumps; tables come from files.
func (r *run) machines() (faults energy.Faults) {
	r.machine = map[string]heatpump.Machine{}
	for _, p := range r.scenario.HeatPumps {
		switch {
		case p.Table != "" && !r.has(p.Table):
			continue
		case p.Carnot != nil:
			r.machine[p.ID] = heatpump.Carnot{Quality: p.Carnot.Quality, Source: p.Carnot.Source, Approach: p.Carnot.Approach, Greatest: p.Carnot.Greatest}
		case p.Lorenz != nil:
			r.machine[p.ID] = heatpump.Lorenz{Quality: p.Lorenz.Quality, Source: p.Lorenz.Source, Greatest: p.Lorenz.Greatest}
		case p.Table != "":
			table, found := readTable(p.Table, r.in.Files[p.Table])
			r.machine[p.ID], faults = table, append(faults, found...)
		}
	}
	return faults
}

// plant is the heat pump of a source under the assumptions of a network.
func (r *run) plant(s supply, a network.Assumptions) heatpump.Plant {
	p := s.pump
	flow, back := a.FlowTemperature.Value, a.ReturnTemperature.Value
	if p.Flow != nil {
		flow = max(flow, *p.Flow)
	}
	if p.Return != nil {
		back = *p.Return
	}
	return heatpump.Plant{ID: p.ID, Machine: r.machine[p.ID], Target: heatpump.Constant(energy.Celsius(flow), energy.Celsius(back)),
		Capacity: heatmap.Kilowatts(p.Capacity), LeastLoad: p.LeastLoad, Spread: p.Spread, Pinch: p.Pinch}
}

// fed is a source as it feeds the network.
type fed struct {
	match.Source
	series    heatmap.Series // at the network's side
	operation heatpump.Operation
}

// feed lets the heat pumps run: the sources at the network's side, for those that are
// joined to a street.
func (r *run) feed(a network.Assumptions) ([]fed, error) {
	var list []fed
	for i, s := range r.sources {
		if s.node < 0 {
			continue
		}
		f := fed{series: s.series}
		if s.pump == nil {
			f.Source = match.FromSeries(s.ID, s.series, r.year.From, r.hours)
			if limit := r.scenario.Matching.ReturnLimit; limit != nil {
				f.ReturnLimit, f.Return = heatmap.At(energy.Celsius(*limit)), match.Share
			}
		} else {
			plant := r.plant(s, a)
			var err error
			if f.Source, err = match.Upgraded(s.ID, s.series, plant, r.year.From, r.hours); err != nil {
				return nil, err
			}
			if f.operation, err = plant.Run(s.series); err != nil {
				return nil, err
			}
			if f.series, err = f.operation.Series(); err != nil {
				return nil, fmt.Errorf("upgrade the heat of source %s: %w", s.ID, err)
			}
		}
		f.Rank = r.merit(i)
		list = append(list, f)
	}
	return list, nil
}

// merit is the place of a source in the order of merit: by what the scenario says of
// it, then as it stands there.
func (r *run) merit(i int) (place int) {
	of := func(j int) float64 {
		if m := r.sources[j].Merit; m != nil {
			return *m
		}
		return float64(j + 1)
	}
	for j := range r.sources {
		if of(j) < of(i) || of(j) == of(i) && j < i {
			place++
		}
	}
	return place
}

// seriesDigest is the SHA-256 of the hours of a series with how they came about, so
// that a result names what it rests on without holding it.
func seriesDigest(s heatmap.Series) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n%d\n", s.Kind, s.From.Format(time.RFC3339), s.Step, s.Len())
	for m := &s.Method; m != nil; m = m.Of {
		fmt.Fprintf(h, "%s %d %v %s\n", m.Code, m.Category, m.Factor, m.Source)
	}
	c := s.Columns()
	number := func(x float64) {
		if math.IsNaN(x) {
			x = math.NaN() // one of many
		}
		_ = binary.Write(h, binary.BigEndian, x)
	}
	for i, p := range c.Power {
		number(float64(p))
		for _, column := range [][]energy.Celsius{c.Flow, c.Return} {
			if column != nil {
				number(float64(column[i]))
			}
		}
		if c.Unshaped != nil {
			number(float64(c.Unshaped[i]))
		}
		_, _ = h.Write([]byte{byte(c.Grade[i]), byte(c.Limit[i])})
	}
	return hex.EncodeToString(h.Sum(nil))
}
