package plan

import (
	"strconv"
)

// AreaTable is the ranking as rows of text, the header first: a row for each area, in
// the order of the result; "" is not known.
func (r Result) AreaTable() [][]string {
	rows := [][]string{{"rank", "area", "name", "chosen", "out_of_reach", "heat_kwh", "peak_kw", "connections", "grade", "covered_share", "to_source_m", "density_mwh_per_m", "density_mwh_per_ha", "rank_eur_per_mwh", "lon", "lat", "source"}}
	for _, a := range r.Areas {
		rank := ""
		if a.Rank > 0 {
			rank = number(a.Rank)
		}
		rows = append(rows, []string{rank, a.ID, a.Name, strconv.FormatBool(a.Chosen), a.OutOfReach, decimal(a.Heat), decimal(a.Peak), number(a.Connections), a.Grade,
			optional(a.Covered), optional(a.Metres), optional(a.Density), optional(a.HeatDensity), optional(a.CostPerMWh), decimal(a.Longitude), decimal(a.Latitude), a.Origin})
	}
	return rows
}

func number(i int) string      { return strconv.Itoa(i) }
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
func optional(x *float64) string {
	if x == nil {
		return ""
	}
	return decimal(*x)
}
