package match

import (
	"cmp"
	"slices"
)

// Key is what areas are ranked by.
type Key string

// The keys, each with its better end first. ByCovered: the share of the load that
// sources and stores serve, the greatest first. ByDensity: kWh for each metre of the
// area's streets, the greatest first. ByDistance: metres to the nearest source in
// reach, the least first. ByCost: euros for each kWh served ([Ranked]), the least
// first. ByHeat: kWh served by sources and stores, the greatest first.
const (
	ByCovered  Key = "covered"
	ByDensity  Key = "density"
	ByDistance Key = "distance"
	ByCost     Key = "cost"
	ByHeat     Key = "heat"
)

// Ranked is an area in a ranking.
type Ranked struct {
	Place int // from 1
	AreaResult
	// Cost is a stand-in for what the heat costs that sources and stores serve, in
	// euros for each kWh, to compare areas by and no more: each source's mean price of
	// a kWh, with electricity; heat from stores at the mean price of what was stored,
	// losses added; and the yearly price of the trench (Input.Trench) for the way to
	// the nearest source, as if the area were alone on it. Boilers are not in it. Known
	// is false where nothing was served.
	Cost  float64
	Known bool
}

// Ranking ranks the areas of an answer to an input by a key, those that are equal by
// the next one, and at last by id. An area that a key has no answer for comes behind
// those that it has one for. Without keys it ranks by [ByCovered].
func Ranking(in Input, r Result, keys ...Key) []Ranked {
	if len(keys) == 0 {
		keys = []Key{ByCovered}
	}
	out := ranked(in, r)
	slices.SortStableFunc(out, func(a, b Ranked) int { // from the order of ids
		for _, key := range keys {
			x, xOK := a.by(key)
			y, yOK := b.by(key)
			switch {
			case xOK != yOK && xOK:
				return -1
			case xOK != yOK:
				return 1
			case xOK && x != y:
				return cmp.Compare(x, y)
			}
		}
		return 0
	})
	for i := range out {
		out[i].Place = i + 1
	}
	return out
}

// by is a number that is the less the better; ok is false where there is none.
func (a Ranked) by(key Key) (x float64, ok bool) {
	switch key {
	case ByCovered:
		share, ok := a.Covered()
		return -share, ok
	case ByDensity:
		return -a.Density, a.Density > 0
	case ByDistance:
		return a.Nearest, a.InReach
	case ByCost:
		return a.Cost, a.Known
	case ByHeat:
		return -float64(a.Direct + a.Stored), true
	}
	return 0, false
}

// ranked are the areas with their costs, in the order of ids.
func ranked(in Input, r Result) []Ranked {
	price := make(map[string]float64, len(r.Sources)) // of a kWh given or stored
	var stored, given float64                         // euros into stores, kWh out of them
	for _, s := range r.Sources {
		if taken := float64(s.Given + s.Stored); taken > 0 {
			price[s.ID] = s.Euros / taken
			stored += price[s.ID] * float64(s.Stored)
		}
	}
	for _, s := range r.Stores {
		given += float64(s.Given)
	}
	euros := make(map[string]float64, len(r.Areas))
	for _, f := range r.Flows {
		switch f.By {
		case BySource:
			euros[f.Area] += price[f.Giver] * float64(f.Energy)
		case ByStore:
			euros[f.Area] += stored / given * float64(f.Energy)
		}
	}
	out := make([]Ranked, len(r.Areas))
	for i, a := range r.Areas {
		out[i].AreaResult = a
		if served := float64(a.Direct + a.Stored); served > 0 {
			out[i].Cost, out[i].Known = (euros[a.ID]+in.Trench.Euros*a.Nearest)/served, true
		}
	}
	return out
}
