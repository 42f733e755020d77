package registry

import (
	"cmp"
	"slices"

	"heatledger/energy"
)

// normalise sets the defaults and brings every instant to UTC.
func (r *Registry) normalise() {
	for i := range r.Sites {
		s := &r.Sites[i]
		s.Kind = cmp.Or(s.Kind, energy.DataCentre)
		for j := range s.Meters {
			for k := range s.Meters[j].Points {
				p := &s.Meters[j].Points[k]
				p.Use = cmp.Or(p.Use, energy.Primary)
				if p.Series == "" && p.Quantity.Known() {
					p.Series = p.Quantity.DefaultSeries()
				}
			}
		}
		for j := range s.Events {
			e := &s.Events[j]
			e.At, e.From, e.To = e.At.UTC(), e.From.UTC(), e.To.UTC()
		}
	}
}

// sort brings the lists into the order of their ids, events into that of time.
func (r *Registry) sort() {
	slices.SortStableFunc(r.Operators, func(a, b Operator) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(r.Sites, func(a, b Site) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(r.Commitments, func(a, b Commitment) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(r.Evidence, func(a, b Evidence) int { return cmp.Compare(a.ID, b.ID) })
	for i := range r.Sites {
		s := &r.Sites[i]
		slices.SortStableFunc(s.Timezones, func(a, b Timezone) int { return a.From.Compare(b.From) })
		slices.SortStableFunc(s.Meters, func(a, b Meter) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortStableFunc(s.HeatPumps, func(a, b HeatPump) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortStableFunc(s.Facts, func(a, b Fact) int { return cmp.Compare(a.ID(), b.ID()) })
		slices.SortStableFunc(s.Declarations, func(a, b Declaration) int { return cmp.Compare(a.ID(), b.ID()) })
		slices.SortStableFunc(s.Events, func(a, b Event) int {
			return cmp.Or(a.Begins().Compare(b.Begins()), cmp.Compare(a.ID(), b.ID()))
		})
		slices.SortStableFunc(s.Commitments, func(a, b Commitment) int { return cmp.Compare(a.ID, b.ID) })
	}
}
