package registry_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// source is a file of testdata.
func source(t testing.TB, name string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// loaded is the registry of a file of testdata.
func loaded(t testing.TB, name string) *registry.Registry {
	t.Helper()
	r, faults := registry.Load(name, []byte(source(t, name)))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return r
}

func TestTheExampleLoadsAsItStands(t *testing.T) {
	t.Parallel()
	r := loaded(t, "example.yaml")
	site, meter, point, ok := r.Point("kaiserlei/grid-energy")
	if !ok || site.ID != "kaiserlei" || meter.ID != "kaiserlei-main" || point.Role != energy.GridImport || point.Series != energy.Counter || point.Use != energy.Primary {
		t.Errorf("point is %+v of meter %q of site %q, found %t", point, meter.ID, site.ID, ok)
	}
	if site.Address.Postcode != "63067" || site.Kind != energy.DataCentre || site.ITLoadKW.Float64() != 3500 || site.InOperationSince.Year != 2019 {
		t.Errorf("site is %+v", site)
	}
	exchange := site.Events[0]
	if final, err := exchange.Old.Final["kaiserlei/grid-energy"].Amount(energy.ActiveEnergyImport); err != nil || final != 41_250_000_000_000 {
		t.Errorf("final counter is %d mWh (%v)", final, err)
	}
	if want := time.Date(2024, 5, 14, 7, 30, 0, 0, time.UTC); exchange.At != want {
		t.Errorf("exchange at %v, want %v", exchange.At, want)
	}
	if _, _, heat, _ := r.Point("kaiserlei/heat-energy"); heat.Resolution.String() != "0.1 MWh" {
		t.Errorf("resolution is %s", heat.Resolution)
	}
	if n := r.Evidence[0].IDs.Count(); n != 9000 {
		t.Errorf("range holds %d guarantees", n)
	}
}

func TestLookupsFindNothingForWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	r := loaded(t, "example.yaml")
	for _, id := range []energy.PointID{"", "kaiserlei", "kaiserlei/none", "elsewhere/grid-energy"} {
		if _, _, _, ok := r.Point(id); ok {
			t.Errorf("found a point %q", id)
		}
	}
	if _, ok := r.Site("elsewhere"); ok {
		t.Error("found a site elsewhere")
	}
	if _, ok := r.Operator("nobody"); ok {
		t.Error("found an operator nobody")
	}
}

func TestTheNearestZoneBeatsTheOthers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, municipality, site, fallback, want string
	}{
		{"the site's first", "Europe/Berlin", "Europe/Lisbon", "UTC", "Europe/Lisbon"},
		{"then the municipality's", "Europe/Berlin", "", "UTC", "Europe/Berlin"},
		{"then the process's", "", "", "UTC", "UTC"},
	}
	for _, tt := range tests {
		r := registry.Registry{
			Municipality: registry.Municipality{Timezone: tt.municipality},
			Sites:        []registry.Site{{ID: "a", Timezone: tt.site}},
		}
		c, err := r.Calendar("a", tt.fallback)
		if err != nil || c.Location.String() != tt.want {
			t.Errorf("%s: %v (%v)", tt.name, c.Location, err)
		}
	}
	if _, err := new(registry.Registry).Calendar("a", ""); err == nil {
		t.Error("no zone at all gave a calendar")
	}
}

func TestARuleKnowsItsThresholdOfTheYear(t *testing.T) {
	t.Parallel()
	r := loaded(t, "full.yaml")
	tests := []struct {
		id   string
		year int
		want string
	}{
		{"green", 2023, ""}, {"green", 2024, "at_least 50 %"}, {"green", 2026, "at_least 50 %"},
		{"green", 2027, "at_least 100 %"}, {"green", 2040, "at_least 100 %"}, {"cold", 2020, "at_least 4.5 GWh"},
		{"law", 2024, ""}, {"pue", 2031, "at_most 1.3"},
	}
	for _, tt := range tests {
		for _, c := range append(r.Commitments, r.Sites[0].Commitments...) {
			if c.ID != tt.id {
				continue
			}
			comparator, threshold, ok := c.Rule(tt.year)
			if got := strings.TrimSpace(string(comparator) + " " + threshold.String()); ok != (tt.want != "") || ok && got != tt.want {
				t.Errorf("%s in %d: %q, %t, want %q", tt.id, tt.year, got, ok, tt.want)
			}
		}
	}
}

func TestAnEventConcernsItsPoints(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		event registry.Event
		want  bool
	}{
		{"of the whole site", registry.Event{}, true},
		{"of the meter", registry.Event{Meter: "m"}, true},
		{"of another meter", registry.Event{Meter: "n"}, false},
		{"of the point", registry.Event{Points: []energy.PointID{"s/q", "s/p"}}, true},
		{"of another point", registry.Event{Points: []energy.PointID{"s/q"}}, false},
	}
	for _, tt := range tests {
		if got := tt.event.Concerns("m", "s/p"); got != tt.want {
			t.Errorf("an event %s: %t", tt.name, got)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(source(f, "example.yaml")))
	f.Add([]byte(source(f, "full.yaml")))
	f.Add([]byte("municipality: {ags: \"01001000\", name: x}\nsites: [{id: a, name: b, events: [{kind: outage}]}, {}]\n"))
	f.Add([]byte("evidence: [{id: a, kind: guarantee_of_origin, ids: 1..99999999999999999999, volume_mwh: 9223372036854775807, allocations: [{site: a, mwh: 9223372036854775807}]}]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		r, faults := registry.Load("r.yaml", src)
		if len(faults) > 0 {
			return
		}
		again, err := registry.FromEntries(r.Entries())
		if err != nil {
			t.Fatal(err)
		}
		if changes := registry.Diff(r.Entries(), again.Entries()); len(changes) > 0 {
			t.Errorf("the entries do not give the registry back: %v", changes)
		}
	})
}
