package registry_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/registry"
)

func TestEntriesGiveTheRegistryBack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"example.yaml", "full.yaml"} {
		r := loaded(t, name)
		entries := r.Entries()
		slices.Reverse(entries)
		again, err := registry.FromEntries(entries)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(r, again) {
			t.Errorf("%s: got  %+v\nwant %+v", name, again, r)
		}
	}
}

func TestAnyRegistryIsTheSumOfItsEntries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRegistry().Draw(t, "registry")
		entries := r.Entries()
		again, err := registry.FromEntries(rapid.Permutation(slices.Clone(entries)).Draw(t, "order"))
		if err != nil {
			t.Fatal(err)
		}
		if got := again.Entries(); !reflect.DeepEqual(got, entries) {
			t.Errorf("got  %s\nwant %s", got, entries)
		}
	})
}

func TestADifferenceLeadsFromOneVersionToTheOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		have, want := anyRegistry().Draw(t, "have").Entries(), anyRegistry().Draw(t, "want").Entries()
		key := func(kind, id string, site energy.SiteID) string { return fmt.Sprint(kind, "|", id, "|", site) }
		bodies := func(entries []registry.Entry) map[string]string {
			m := map[string]string{}
			for _, e := range entries {
				m[key(e.Kind, e.ID, e.Site)] = string(e.Body)
			}
			return m
		}
		state, target := bodies(have), bodies(want)
		for _, c := range registry.Diff(have, want) {
			k := key(c.Kind, c.ID, c.Site)
			_, exists := state[k]
			if exists == (c.Op == registry.Add) {
				t.Fatalf("%s of an entry that exists: %t", c, exists)
			}
			if c.Op == registry.Alter && (state[k] == target[k] || len(c.Fields) == 0) {
				t.Fatalf("%s changes nothing", c)
			}
			if state[k] = target[k]; c.Op == registry.Remove {
				delete(state, k)
			}
		}
		if !maps.Equal(state, target) {
			t.Errorf("got  %v\nwant %v", state, target)
		}
	})
}

// anyRegistry draws registries that use every type there is.
func anyRegistry() *rapid.Generator[*registry.Registry] {
	return rapid.Custom(func(t *rapid.T) *registry.Registry {
		text := rapid.StringMatching(`[a-z <>&"é]{0,6}`)
		number := rapid.Custom(func(t *rapid.T) registry.Number {
			n, err := registry.ParseNumber(energy.Decimal(rapid.Int64Range(-1e9, 1e9).Draw(t, "m"), int8(rapid.IntRange(-6, 3).Draw(t, "e"))).String())
			if err != nil {
				t.Fatal(err)
			}
			return n
		})
		measure := rapid.Custom(func(t *rapid.T) registry.Measure {
			return registry.Measure{Number: number.Draw(t, "number"), Unit: rapid.SampledFrom([]energy.Unit{"kWh", "1", "%"}).Draw(t, "unit")}
		})
		date := rapid.Custom(func(t *rapid.T) energy.Date {
			return energy.Date{Year: 2020, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 3000).Draw(t, "day"))
		})
		instant := rapid.Custom(func(t *rapid.T) time.Time {
			return time.UnixMicro(rapid.Int64Range(1.7e15, 1.8e15).Draw(t, "µs")).UTC()
		})
		r := &registry.Registry{Municipality: registry.Municipality{AGS: "06413000", Name: text.Draw(t, "name")}}
		for i := range rapid.IntRange(0, 3).Draw(t, "sites") {
			id := energy.SiteID(fmt.Sprint("s", i))
			s := registry.Site{ID: id, Name: text.Draw(t, "name"), Kind: energy.ServerRoom, ITLoadKW: number.Draw(t, "load"), From: date.Draw(t, "from")}
			if rapid.Bool().Draw(t, "located") {
				s.Location = &registry.Location{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: 1e-9}
			}
			point := energy.PointID(id + "/p")
			s.Meters = []registry.Meter{{ID: energy.MeterID(id + "-m"), Points: []registry.Point{
				{ID: point, Quantity: energy.HeatEnergy, Series: energy.Counter, Use: energy.Primary, Modulus: measure.Draw(t, "modulus"),
					Formula: registry.Formula{Terms: []registry.Term{{Factor: number.Draw(t, "factor"), Point: "a/b"}, {Factor: registry.NumberOf(-1), Point: "a/c"}}}},
				{ID: point + "2", Share: &registry.Share{Of: point, Fallback: number.Draw(t, "fallback")}},
			}}}
			var value registry.FactValue
			if err := value.UnmarshalText([]byte(rapid.SampledFrom([]string{"1.50", "N+1", "0"}).Draw(t, "fact"))); err != nil {
				t.Fatal(err)
			}
			s.Facts = []registry.Fact{{Name: "area", Value: value, Year: 2025}}
			s.Events = []registry.Event{{Kind: registry.MeterExchange, Meter: s.Meters[0].ID, At: instant.Draw(t, "at"),
				Old: registry.Removed{Serial: text.Draw(t, "serial"), Final: map[energy.PointID]registry.Measure{point: measure.Draw(t, "final")}}}}
			s.Commitments = []registry.Commitment{{ID: string(id) + "-c", AtMost: measure.Draw(t, "threshold"), Thresholds: map[int]registry.Measure{2024: measure.Draw(t, "ramp")}}}
			s.HeatPumps = []registry.HeatPump{{ID: "hp", Boundary: registry.Inside, ExclusiveUpgrade: rapid.Bool().Draw(t, "exclusive")}}
			r.Sites = append(r.Sites, s)
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "evidence") {
			r.Evidence = append(r.Evidence, registry.Evidence{
				ID: fmt.Sprint("e", i), Kind: registry.GuaranteeOfOrigin, IDs: registry.IDRange{First: "A1", Last: "A9"}, Produced: registry.Month{Year: 2025, Month: 3},
				VolumeMWh: rapid.Int64Range(1, 9).Draw(t, "volume"), Facts: map[string]registry.Scalar{"x": registry.Scalar(text.Draw(t, "fact"))},
			})
		}
		return r
	})
}

func TestEntriesThatDoNotBelongTogetherAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		entries []registry.Entry
		want    string
	}{
		{"a meter without its site", []registry.Entry{{Kind: "meter", ID: "m", Site: "a", Body: json.RawMessage(`{}`)}}, `assemble meter "m": its site "a" is missing`},
		{"a kind nobody knows", []registry.Entry{{Kind: "tree", ID: "t", Body: json.RawMessage(`{}`)}}, `assemble tree "t": the kind is unknown`},
		{"a body that is no JSON", []registry.Entry{{Kind: "operator", ID: "o", Body: json.RawMessage(`{`)}}, `read the body of operator "o"`},
		{"a site twice", []registry.Entry{
			{Kind: "site", ID: "a", Site: "a", Body: json.RawMessage(`{"id":"a"}`)},
			{Kind: "site", ID: "a", Site: "a", Body: json.RawMessage(`{"id":"a"}`)},
		}, `assemble site "a" of site "a": it is given twice`},
	}
	for _, tt := range tests {
		if _, err := registry.FromEntries(tt.entries); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestADifferenceIsReadable(t *testing.T) {
	t.Parallel()
	src := source(t, "full.yaml")
	before := loaded(t, "full.yaml")
	for _, edit := range [][2]string{
		{`{id: stadt, name: Stadt Offenbach, public_body: true}`, `{id: town, name: Stadt Offenbach}`},
		{`category: 1`, `category: 2`},
		{`lat: 50.1`, `lat: 50.10`},
		{`{2024: 50 %, 2027: 100 %}`, `{2024: 60 %}`},
		{`value: 5300`, `value: 5300.5`},
	} {
		src = strings.Replace(src, edit[0], edit[1], 1)
	}
	after, faults := registry.Load("f", []byte(src))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var lines []string
	for _, c := range registry.Diff(before.Entries(), after.Entries()) {
		lines = append(lines, c.String())
	}
	want := strings.Join([]string{
		"- operator stadt",
		"+ operator town",
		"~ commitment green",
		"    threshold.2024: 50 % → 60 %",
		"    threshold.2027: 100 % → (nothing)",
		"~ meter north-ups (north)",
		"    points.north/it.category: 1 → 2",
		"~ fact floor_area_total@2025-01-01 (north)",
		"    value: 5300 → 5300.5",
	}, "\n")
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhatADatabaseRewritesIsNoDifference(t *testing.T) {
	t.Parallel()
	have := []registry.Entry{{Kind: "site", ID: "a", Site: "a", Body: json.RawMessage(`{"name": "A", "location": {"lon": 0.0000001, "lat": 50.10}, "id": "a"}`)}}
	want := []registry.Entry{{Kind: "site", ID: "a", Site: "a", Body: json.RawMessage(`{"id":"a","location":{"lat":50.1,"lon":1e-7},"name":"A"}`)}}
	if changes := registry.Diff(have, want); len(changes) > 0 {
		t.Errorf("differs by %v", changes)
	}
}
