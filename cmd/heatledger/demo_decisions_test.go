package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/fieldbus/plantsim"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/geo"
	"heatledger/reporting/townmap"
)

// TestTheDemoShowsSomethingToEach: planners see three sites, citizens one, and nothing
// changes when the demonstration starts again, or after a person revoked it.
func TestTheDemoShowsSomethingToEach(t *testing.T) {
	t.Parallel()
	_, _, s := pastOf(t, plantsim.City())
	l := ledger.New(s, "Europe/Berlin")
	for range 2 {
		if err := showSome(t.Context(), l, plantsim.City()); err != nil {
			t.Fatal(err)
		}
	}
	sees := func(who atlas.Asker) string {
		var list []string
		for _, site := range plantsim.City() {
			v, err := atlas.New(l).View(t.Context(), who, site.ID, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			if v.Extent != atlas.Nothing {
				list = append(list, fmt.Sprintf("%s %s %s %d", site.ID, v.Extent, v.Allowances[0].Resolution, len(v.Allowances)))
			}
		}
		return strings.Join(list, ", ")
	}
	planner := atlas.Asker{Plan: access.Reach{Everywhere: true}}
	if got := sees(planner); got != "hafen agreed hour 1, kaiserlei agreed month 1, lederwerk agreed month 1, mainbogen agreed hour 1" {
		t.Errorf("planners see %s", got)
	}
	if got := sees(atlas.Asker{}); got != "kaiserlei published month 1" {
		t.Errorf("citizens see %s", got)
	}
	decided, err := l.Decisions(t.Context(), "kaiserlei", time.Time{})
	if err != nil || len(decided) != 1 {
		t.Fatalf("%d decisions about kaiserlei, %v", len(decided), err)
	}
	if _, err := l.Decide(t.Context(), "kaiserlei", decided[0].ID, publication.Step{Action: publication.Revoke, Who: "account:1", Why: "tried"}); err != nil {
		t.Fatal(err)
	}
	if err := showSome(t.Context(), l, plantsim.City()); err != nil {
		t.Fatal(err)
	}
	if got := sees(atlas.Asker{}); got != "" {
		t.Errorf("after it was revoked, the next start shows citizens %s", got)
	}
}

// TestTheCityLiesInOffenbach: each site has a place of its own within the town.
func TestTheCityLiesInOffenbach(t *testing.T) {
	t.Parallel()
	known, err := townmap.Known()
	if err != nil {
		t.Fatal(err)
	}
	town, ok := known.Town("06413000")
	if !ok || len(town) != 1 {
		t.Fatalf("%d outlines of Offenbach", len(town))
	}
	places := map[geo.Point]energy.SiteID{}
	for _, site := range plantsim.City() {
		at := geo.Point{X: site.Longitude, Y: site.Latitude}
		if !slices.ContainsFunc(geo.Polygons(town[0].Geometry), func(p geo.Polygon) bool { return p.Contains(at) }) {
			t.Errorf("%s lies outside of the town, at %v", site.ID, at)
		}
		if other, taken := places[at]; taken {
			t.Errorf("%s lies where %s does", site.ID, other)
		}
		places[at] = site.ID
		if site.Street == "" || site.Postcode == "" || site.Town == "" {
			t.Errorf("%s has no address", site.ID)
		}
	}
}
