package atlas

import (
	"testing"

	"heatledger/energy"
)

// TestWhatIsLookedForStays: of generations of two, what was found once lives on, and
// what was not is forgotten.
func TestWhatIsLookedForStays(t *testing.T) {
	t.Parallel()
	var g generations[int]
	key := func(site energy.SiteID) question { return question{site: site} }
	for i, site := range []energy.SiteID{"a", "b", "c"} {
		g.keep(key(site), i, 2)
	}
	if v, ok := g.find(key("a"), 2); !ok || v != 0 { // from the old generation into the young one
		t.Fatalf("a: %d %v", v, ok)
	}
	g.keep(key("d"), 3, 2)
	for site, want := range map[energy.SiteID]bool{"a": true, "b": false, "c": true, "d": true} {
		if _, ok := g.find(key(site), 9); ok != want {
			t.Errorf("%s is kept: %v, want %v", site, ok, want)
		}
	}
}
