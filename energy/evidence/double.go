package evidence

import (
	"cmp"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// DoubleUse is some guarantees of origin that stand in two pieces of evidence.
// Only one MWh was produced: they count where they were cancelled first.
type DoubleUse struct {
	First, Second registry.Evidence // in the order of cancellation, then of id
	IDs           registry.IDRange  // what both have
}

// DoubleUses looks through all evidence, across sites and years, for guarantees
// that stand twice. They come in the order of the first guarantee.
func DoubleUses(all []registry.Evidence) []DoubleUse {
	var list []DoubleUse
	var sorted []*registry.Evidence // those that have ids; the pieces are large
	for i := range all {
		if all[i].IDs.First != "" {
			sorted = append(sorted, &all[i])
		}
	}
	slices.SortFunc(sorted, func(a, b *registry.Evidence) int {
		return cmp.Or(cmp.Compare(len(a.IDs.First), len(b.IDs.First)), cmp.Compare(a.IDs.First, b.IDs.First), cmp.Compare(a.ID, b.ID))
	})
	for i, a := range sorted {
		for _, b := range sorted[i+1:] {
			if len(b.IDs.First) != len(a.IDs.First) || b.IDs.First > a.IDs.Last {
				break // sorted by their first: none beyond begins before a ends
			}
			if a.IDs.Overlaps(b.IDs) {
				common := registry.IDRange{First: b.IDs.First, Last: min(a.IDs.Last, b.IDs.Last)}
				first, second := *a, *b
				if before(second, first) {
					first, second = second, first
				}
				list = append(list, DoubleUse{First: first, Second: second, IDs: common})
			}
		}
	}
	return list
}

// before orders evidence by the day of cancellation, none last, then by id.
func before(a, b registry.Evidence) bool {
	none, dayA, dayB := energy.Date{}, a.Cancellation.On, b.Cancellation.On
	switch {
	case dayA == dayB:
		return a.ID < b.ID
	case dayA == none || dayB == none:
		return dayB == none
	}
	return dayA.Before(dayB)
}

// Places are the sites and the supply year a piece of evidence is used for.
func Places(e registry.Evidence) string {
	var sites []string
	for _, a := range e.Allocations {
		if !slices.Contains(sites, string(a.Site)) {
			sites = append(sites, string(a.Site))
		}
	}
	return strings.Join(append(sites, energy.Date{Year: e.SupplyYear}.String()[:4]), " ")
}
