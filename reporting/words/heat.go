package words

import "heatledger/energy"

// Heat is a text about heat for planners with its places filled. The codes of packages
// heatmap, heatmap/source and heatmap/atlas have one each: "kind_delivered",
// "limit_demand_limited", "cause_no_load".
func Heat(l Lang, name string, values map[string]string) string {
	return fill(text(l, "heat:"+name), values)
}

// HeatWhy says why something about heat is absent, by the code of package atlas, and
// from which day on it is there; the zero day is none.
func HeatWhy(l Lang, why string, due energy.Date) string {
	said := Heat(l, "why_"+why, nil)
	if due == (energy.Date{}) {
		return said
	}
	name := "why_due"
	if why == "still_running" {
		name = "why_whole"
	}
	return Heat(l, name, map[string]string{"why": said, "day": Date(l, due)})
}

// KnownHeat tells whether a text about heat is there in the language itself.
func KnownHeat(l Lang, name string) bool {
	_, ok := catalogues()[l]["heat:"+name]
	return ok
}
