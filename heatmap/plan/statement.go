package plan

import (
	"cmp"
)

// stated are the scenario's numbers that are no network assumptions.
func (r *run) stated() (list []StatedFact) {
	s := r.scenario
	add := func(of, code string, value float64, unit, source string) {
		list = append(list, StatedFact{of, code, value, unit, source})
	}
	distance := StatedFact{"matching", "distance_m", s.Matching.Distance, "m", "scenario"}
	if distance.Value == 0 {
		distance.Value, distance.Source = usualDistance, ownAssumption
	}
	list = append(list, distance)
	add("streets", "connector_m", s.Streets.Connector, "m", "scenario")
	for _, one := range s.Sources {
		of := "source " + one.ID
		if one.Availability > 0 {
			add(of, "availability", one.Availability, "1", one.Document)
		}
		if one.Flow != nil {
			add(of, "flow_c", *one.Flow, "°C", cmp.Or(one.Document, "scenario"))
		}
		if one.Return != nil {
			add(of, "return_c", *one.Return, "°C", cmp.Or(one.Document, "scenario"))
		}
		if one.Derive != nil {
			add(of, "derive_factor", one.Derive.Factor, "1", one.Derive.Source)
		}
	}
	for _, p := range s.HeatPumps {
		of := "heat_pump " + p.ID
		for _, q := range []*Quality{p.Carnot, p.Lorenz} {
			if q != nil {
				add(of, "quality", q.Quality, "1", q.Source)
			}
		}
		if p.Investment > 0 {
			add(of, "investment_eur", p.Investment, "EUR", p.CostSource)
		}
	}
	for _, st := range s.Matching.Storages {
		add("storage "+st.ID, "capacity_kwh", st.Capacity, "kWh", st.Source)
		add("storage "+st.ID, "loss_per_day", st.Loss, "1/d", st.Source)
		if st.Investment > 0 {
			add("storage "+st.ID, "investment_eur", st.Investment, "EUR", st.CostSource)
		}
	}
	if b := s.Matching.Boiler; b != nil {
		add("boiler", "efficiency", b.Efficiency, "1", b.Source)
		add("boiler", "fuel_eur_per_mwh", b.Fuel, "EUR/MWh", b.Source)
		add("boiler", "emissions_g_per_kwh", b.Emissions, "g/kWh", b.Source)
		if b.Investment > 0 {
			add("boiler", "investment_eur", b.Investment, "EUR", b.CostSource)
		}
	}
	return list
}

// ownAssumption is the source of what this project sets for a first look.
const ownAssumption = "assumption of this project, to be replaced"
