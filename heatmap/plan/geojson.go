package plan

import (
	"encoding/json"
	"slices"
)

// GeoJSON is the network, its sources and all areas as one layer (RFC 7946): lines,
// points and outlines with their numbers, each with the grade it rests on. Every feature says what
// it is by "what": pipe, source or area.
func (r Result) GeoJSON() []byte {
	type geometry struct {
		Type        string `json:"type"`
		Coordinates any    `json:"coordinates"`
	}
	type feature struct {
		Type       string         `json:"type"`
		ID         string         `json:"id"`
		Geometry   geometry       `json:"geometry"`
		Properties map[string]any `json:"properties"`
	}
	features := []feature{}
	add := func(what, id string, g geometry, properties map[string]any) {
		properties["what"], properties["scenario"], properties["result_sha256"] = what, r.Name, r.Digest
		features = append(features, feature{"Feature", what + "/" + id, g, properties})
	}
	if r.Network != nil {
		for i, p := range r.Network.Pieces {
			line := slices.Clone(p.Line)
			add("pipe", number(i+1), geometry{"LineString", line}, map[string]any{"street": p.Street, "connector": p.Connector, "dn": p.DN, "length_m": p.Metres,
				"power_kw": p.Power, "velocity_m_s": p.Velocity, "loss_w_m": p.Loss, "grade": "sketched"})
		}
	}
	for _, s := range r.Sources {
		add("source", s.ID, geometry{"Point", [2]float64{s.Longitude, s.Latitude}}, map[string]any{"name": s.ID, "grade": s.Grade, "limit": s.Limit, "lower_bound": s.LowerBound,
			"offered_kwh": s.Offered, "given_kwh": s.Direct + s.Stored, "peak_kw": s.Peak, "unknown_hours": s.Unknown})
	}
	for _, a := range r.Areas {
		properties := map[string]any{"name": a.Name, "grade": a.Grade, "heat_kwh": a.Heat, "peak_kw": a.Peak, "chosen": a.Chosen, "rank": a.Rank, "out_of_reach": a.OutOfReach}
		for name, value := range map[string]*float64{"covered_share": a.Covered, "density_mwh_per_m": a.Density, "density_mwh_per_ha": a.HeatDensity} {
			if value != nil {
				properties[name] = *value
			}
		}
		shape := geometry{"Point", [2]float64{a.Longitude, a.Latitude}}
		if len(a.Outline) > 0 {
			shape = geometry{"MultiPolygon", a.Outline}
		}
		add("area", a.ID, shape, properties)
	}
	b, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		panic("plan: write a layer: " + err.Error()) // of numbers and texts alone
	}
	return b
}
