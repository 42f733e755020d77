package atlas

import (
	"heatledger/energy/registry"
	"heatledger/heatmap"
)

// Known is everything that is known of a site over the days of a question: what a sheet
// is drawn from, whoever sees it.
type Known struct {
	heatmap.Stored
	State heatmap.State
	// Promises are the commitments that bind the site by itself, its own and those of
	// the municipality that name it.
	Promises []registry.Commitment
}

// promises are those of a registry that bind a site by itself.
func promises(r *registry.Registry, site registry.Site) []registry.Commitment {
	list := append([]registry.Commitment(nil), site.Commitments...)
	for _, c := range r.Commitments {
		if names(c, site) && (c.Scope == "" || c.Scope == registry.EachSite) {
			list = append(list, c)
		}
	}
	return list
}

// names tells whether a commitment of the municipality names a site or its operator.
func names(c registry.Commitment, site registry.Site) bool {
	for _, id := range c.Sites {
		if id == site.ID {
			return true
		}
	}
	return c.Operator != "" && c.Operator == site.Operator
}

// stateOf is the federal state of a municipality by its key: the first two digits of an
// AGS, as the Federal Statistical Office numbers the states; "" of others.
func stateOf(ags string) heatmap.State {
	states := map[string]heatmap.State{
		"01": heatmap.SchleswigHolstein, "02": heatmap.Hamburg, "03": heatmap.LowerSaxony, "04": heatmap.Bremen, "05": heatmap.NorthRhineWestphalia,
		"06": heatmap.Hesse, "07": heatmap.RhinelandPalatinate, "08": heatmap.BadenWuerttemberg, "09": heatmap.Bavaria, "10": heatmap.Saarland,
		"11": heatmap.Berlin, "12": heatmap.Brandenburg, "13": heatmap.MecklenburgVorpommern, "14": heatmap.Saxony, "15": heatmap.SaxonyAnhalt, "16": heatmap.Thuringia,
	}
	if len(ags) < 2 {
		return ""
	}
	return states[ags[:2]]
}
