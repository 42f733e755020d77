package words

// Heat is a text about heat for planners with its places filled. The codes of packages
// heatmap, heatmap/source and heatmap/atlas have one each: "kind_delivered",
// "limit_demand_limited", "cause_no_load".
func Heat(l Lang, name string, values map[string]string) string {
	return fill(text(l, "heat:"+name), values)
}

// KnownHeat tells whether a text about heat is there in the language itself.
func KnownHeat(l Lang, name string) bool {
	_, ok := catalogues()[l]["heat:"+name]
	return ok
}
