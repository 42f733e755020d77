package plan

import (
	"cmp"
	"slices"

	"heatledger/heatmap/geo"
	"heatledger/heatmap/match"
)

// ranked are all areas: those in reach by rank, then the others by id.
func (r *run) ranked(ranked []match.Ranked, chosen []int, first match.Result) []Area {
	list := []Area{}
	for i, w := range r.areas {
		one := Area{ID: w.ID, Name: w.Name, Longitude: sevenDecimals(w.at.X), Latitude: sevenDecimals(w.at.Y), Heat: float64(w.Heat), Peak: float64(w.peak()),
			Connections: max(1, w.Connections), Outline: outline(w.Geometry), Grade: w.Grade.String(), Origin: w.Source, Profile: string(w.load.Profile), Chosen: slices.Contains(chosen, i),
			OutOfReach: r.reason(w, r.scenario.Network.Assumptions)}
		density, ok := w.Area.Density()
		one.HeatDensity = some(density.MegawattHoursPerHectare(), ok)
		for _, rank := range ranked {
			if rank.ID == w.ID {
				one.Rank, one.CostPerMWh = rank.Place, some(rank.Cost*kilowattHoursPerMWh, rank.Known)
			}
		}
		for _, m := range first.Areas {
			if m.ID == w.ID {
				covered, ok := m.Covered()
				one.Covered, one.Metres = some(covered, ok), some(m.Nearest, m.InReach)
				one.Density = some(m.Density/kilowattHoursPerMWh, m.Density > 0)
			}
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b Area) int {
		if (a.Rank == 0) != (b.Rank == 0) {
			return cmp.Compare(b.Rank, a.Rank)
		}
		return cmp.Compare(a.Rank, b.Rank)
	})
	return list
}

// outline is that of an area's polygons.
func outline(g geo.Geometry) (polygons [][][][2]float64) {
	for _, polygon := range geo.Polygons(g) {
		rings := make([][][2]float64, len(polygon))
		for i, ring := range polygon {
			for _, at := range ring {
				rings[i] = append(rings[i], position(at))
			}
		}
		polygons = append(polygons, rings)
	}
	return polygons
}
