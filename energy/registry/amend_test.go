package registry_test

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

const amended = `
municipality: {ags: "06413000", name: Musterstadt}
operators: [{id: a, name: A}]
sites:
  - id: hafen
    name: Hafen
    operator: a
    meters:
      - {id: main, serial: new, points: [{id: hafen/grid, quantity: active_energy_import, role: grid_import, series: counter}]}
`

func exchange(change func(*registry.Event)) registry.Amendment {
	var final, start registry.Measure
	_ = final.UnmarshalText([]byte("100 kWh")) // what is wrong with them the rows below would show
	_ = start.UnmarshalText([]byte("0 kWh"))
	e := registry.Event{Kind: registry.MeterExchange, Meter: "main", At: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		Old: registry.Removed{Serial: "old", Final: map[energy.PointID]registry.Measure{"hafen/grid": final}},
		New: registry.Installed{Serial: "new", Start: map[energy.PointID]registry.Measure{"hafen/grid": start}}}
	if change != nil {
		change(&e)
	}
	return registry.Amendment{Site: "hafen", Event: &e}
}

func TestWhatAPersonAddsIsCheckedLikeAFile(t *testing.T) {
	t.Parallel()
	r, faults := registry.Load("registry.yaml", []byte(amended))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for sentence, tt := range map[string]struct {
		a    registry.Amendment
		want string // part of the problem; "": none
	}{
		"an exchange":                  {exchange(nil), ""},
		"of a meter nobody knows":      {exchange(func(e *registry.Event) { e.Meter = "other" }), `no meter "other"`},
		"without the first state":      {exchange(func(e *registry.Event) { e.New.Start = nil }), "has a final but no start"},
		"of another serial than hangs": {exchange(func(e *registry.Event) { e.New.Serial = "third" }), ""},
		"without an instant":           {exchange(func(e *registry.Event) { e.At = time.Time{} }), "without at"},
		"of another site":              {registry.Amendment{Site: "west", Event: exchange(nil).Event}, `no site "west"`},
		"an agreement":                 {registry.Amendment{Evidence: &registry.Evidence{ID: "agreed", Kind: registry.Agreement, Sites: []energy.SiteID{"hafen"}}}, ""},
		"an agreement for nobody":      {registry.Amendment{Evidence: &registry.Evidence{ID: "agreed", Kind: registry.Agreement, Sites: []energy.SiteID{"west"}}}, "west"},
		"evidence of no kind":          {registry.Amendment{Evidence: &registry.Evidence{ID: "agreed", Kind: "rumour", Sites: []energy.SiteID{"hafen"}}}, "rumour"},
	} {
		entries, faults := r.Amend(tt.a)
		switch {
		case tt.want == "" && (len(faults) > 0 || len(entries) == 0 || entries[0].ID == ""):
			t.Errorf("%s: %v, entries %+v", sentence, faults, entries)
		case tt.want != "" && (len(faults) == 0 || !strings.Contains(faults.Error(), tt.want)):
			t.Errorf("%s: %v, want %q", sentence, faults, tt.want)
		}
		for _, f := range faults {
			if f.Line != 0 || f.File != "" {
				t.Errorf("%s: the fault has a place: %+v", sentence, f)
			}
		}
	}
}

func TestAnExchangeGivesTheMeterItsNewNumber(t *testing.T) {
	t.Parallel()
	r, faults := registry.Load("registry.yaml", []byte(amended))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	entries, faults := r.Amend(exchange(func(e *registry.Event) { e.Old.Serial, e.New.Serial = "", "third" }))
	if len(faults) > 0 || len(entries) != 2 || entries[1].Kind != string(registry.KindMeter) || !strings.Contains(string(entries[1].Body), `"serial":"third"`) || !strings.Contains(string(entries[0].Body), `"serial":"new"`) {
		t.Errorf("%v, entries %s", faults, entries)
	}
}

func TestTheSameIsNotAddedTwice(t *testing.T) {
	t.Parallel()
	r, faults := registry.Load("registry.yaml", []byte(amended+"evidence: [{id: agreed, kind: agreement, sites: [hafen]}]\n"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, faults := r.Amend(registry.Amendment{Evidence: &registry.Evidence{ID: "agreed", Kind: registry.Agreement, Sites: []energy.SiteID{"hafen"}}}); len(faults) == 0 {
		t.Error("evidence of an id that is taken is added")
	}
}

// TestARegistryIsWrittenAsItIsRead adds something to large registries and finds
// everything else as it was.
func TestARegistryIsWrittenAsItIsRead(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"../../cmd/heatledger/testdata/examples/registry.yaml", "../../reporting/web/testdata/city.yaml"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r, faults := registry.Load(file, text)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		entries, faults := r.Amend(registry.Amendment{Evidence: &registry.Evidence{ID: "quite-new", Kind: registry.Agreement, Sites: []energy.SiteID{r.Sites[0].ID}}})
		if len(faults) > 0 || len(entries) != 1 || entries[0].ID != "quite-new" || entries[0].Kind != string(registry.KindEvidence) {
			t.Errorf("%s: %v, %+v", file, faults, entries)
		}
		again, err := registry.FromEntries(r.Entries())
		if err != nil || !reflect.DeepEqual(again, r) {
			t.Errorf("%s was changed by it (%v)", file, err)
		}
	}
}
