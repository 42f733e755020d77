package sensorthings

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"heatledger/heatmap/geo"
)

// town has two sites, one of which lies nowhere, and a day of hours for each stream.
type town struct{}

func (town) Things(context.Context) ([]Thing, error) {
	metered := Sensor{"metered", "Heat meter", "as the meter said", "metered"}
	heat := Observed{"heat_power.delivered", "Heat delivered", "at the boundary", "https://example.org/heat"}
	kw := Unit{"kilowatt", "kW", "http://qudt.org/vocab/unit/KiloW"}
	return []Thing{
		{ID: "hafen", Name: "Hafen", Description: "a site", Place: &geo.Point{X: 8.75, Y: 50.11}, Properties: map[string]any{"grade": "measured"},
			Datastreams: []Datastream{{ID: "hafen.delivered", Name: "Heat of Hafen", Unit: kw, Sensor: metered, Observed: heat, From: begin, To: begin.Add(24 * time.Hour)}}},
		{ID: "o'st", Name: "Ost", Datastreams: []Datastream{{ID: "ost.delivered", Name: "Heat of Ost", Unit: kw, Sensor: metered, Observed: heat}}},
	}, nil
}

var begin = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

func (town) Observations(_ context.Context, d Datastream) ([]Observation, error) {
	var list []Observation
	for h := range 24 {
		if h == 5 { // nothing is known of it
			continue
		}
		at := begin.Add(time.Duration(h) * time.Hour)
		list = append(list, Observation{at, at.Add(time.Hour), float64(h) * 10, "measured", "demand_limited"})
	}
	return list, nil
}

// ask asks for an address below the base, and gives the answer.
func ask(t *testing.T, address string) (answer map[string]any, err error) {
	t.Helper()
	path, text, _ := strings.Cut(address, "?")
	query, err := ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	b, err := API{"https://town.example/sensorthings/v1.1", town{}}.Answer(t.Context(), path, query)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &answer); err != nil {
		t.Fatalf("%s: %v in %s", address, err, b)
	}
	return answer, nil
}

// got is what lies at a path of names and numbers in the answer, as JSON.
func got(t *testing.T, answer any, path ...any) string {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := answer.(map[string]any)
			if !ok {
				t.Fatalf("no object for %q", p)
			}
			answer = m[p]
		case int:
			list, ok := answer.([]any)
			if !ok || p >= len(list) {
				t.Fatalf("no entry %d", p)
			}
			answer = list[p]
		}
	}
	b, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRequests(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, address string
		path          []any
		want          string
	}{
		{"the root lists the sets", "", []any{"value", 2, "url"}, `"https://town.example/sensorthings/v1.1/Datastreams"`},
		{"a thing has its own address", "Things('hafen')", []any{"@iot.selfLink"}, `"https://town.example/sensorthings/v1.1/Things('hafen')"`},
		{"a quote in a key is doubled", "Things('o''st')", []any{"name"}, `"Ost"`},
		{"a thing leads to its streams", "Things('hafen')", []any{"Datastreams@iot.navigationLink"}, `"https://town.example/sensorthings/v1.1/Things('hafen')/Datastreams"`},
		{"a thing without a place has no location", "Things('o''st')/Locations", []any{"value"}, `[]`},
		{"a location is GeoJSON", "Locations('hafen')", []any{"location"}, `{"coordinates":[8.75,50.11],"type":"Point"}`},
		{"a sensor of two streams stands once", "Sensors?$count=true", []any{"@iot.count"}, `1`},
		{"and leads to both", "Sensors('metered')/Datastreams?$count=true", []any{"@iot.count"}, `2`},
		{"a stream says what is known", "Datastreams('hafen.delivered')", []any{"phenomenonTime"}, `"2025-01-01T00:00:00Z/2025-01-02T00:00:00Z"`},
		{"a step that is not known is no observation", "Datastreams('hafen.delivered')/Observations?$count=true", []any{"@iot.count"}, `23`},
		{"an observation", "Observations('hafen.delivered~20250101T030000Z')", []any{"result"}, `30`},
		{"has the grade as its quality", "Observations('hafen.delivered~20250101T030000Z')", []any{"resultQuality"}, `"measured"`},
		{"an observation leads back", "Observations('hafen.delivered~20250101T030000Z')/Datastream/Thing", []any{"@iot.id"}, `"hafen"`},
		{"a property", "Things('hafen')/name", []any{"name"}, `"Hafen"`},
		{"references", "Things/$ref", []any{"value", 1, "@iot.selfLink"}, `"https://town.example/sensorthings/v1.1/Things('o%27st')"`},
		{"the last first", "Datastreams('hafen.delivered')/Observations?$orderby=phenomenonTime desc&$top=1", []any{"value", 0, "result"}, `230`},
		{"steps within a day", "Datastreams('hafen.delivered')/Observations?$filter=phenomenonTime ge 2025-01-01T02:00:00Z and phenomenonTime lt 2025-01-01T05:00:00Z&$count=true", []any{"@iot.count"}, `3`},
		{"by result", "Datastreams('hafen.delivered')/Observations?$filter=result gt 200 or not (result ge 10)&$count=true", []any{"@iot.count"}, `4`},
		{"by name", "Things?$filter=startswith(name,'Ha') and substringof('fe',name)&$count=true", []any{"@iot.count"}, `1`},
		{"by a text with a quote", "Things?$filter=id eq 'o''st'", []any{"value", 0, "name"}, `"Ost"`},
		{"expanded with options", "Things('hafen')?$expand=Datastreams($select=name;$expand=Observations($top=2;$orderby=result desc))", []any{"Datastreams", 0, "Observations", 1, "result"}, `220`},
		{"selected", "Things('hafen')?$select=name", nil, `{"name":"Hafen"}`},
		{"along a path", "Observations('hafen.delivered~20250101T030000Z')?$expand=Datastream/Thing", []any{"Datastream", "Thing", "name"}, `"Hafen"`},
		{"in pages", "Datastreams('hafen.delivered')/Observations?$top=5&$skip=5", []any{"@iot.nextLink"}, `"https://town.example/sensorthings/v1.1/Datastreams('hafen.delivered')/Observations?%24skip=10\u0026%24top=5"`},
		{"a page within keeps its options", "Datastreams?$expand=Observations($top=2;$filter=result gt 50)", []any{"value", 0, "Observations@iot.nextLink"}, `"https://town.example/sensorthings/v1.1/Datastreams('hafen.delivered')/Observations?%24filter=result+gt+50\u0026%24skip=2\u0026%24top=2"`},
		{"and so does one on a path", "Sensors?$expand=Datastreams/Observations($top=3)&$top=1", []any{"value", 0, "Datastreams", 0, "Observations@iot.nextLink"}, `"https://town.example/sensorthings/v1.1/Datastreams('hafen.delivered')/Observations?%24skip=3\u0026%24top=3"`},
		{"the last page leads nowhere", "Datastreams('hafen.delivered')/Observations?$top=5&$skip=20", []any{"@iot.nextLink"}, `null`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			answer, err := ask(t, row.address)
			if err != nil {
				t.Fatal(err)
			}
			if g := got(t, answer, row.path...); g != row.want {
				t.Errorf("%s\nwant %s", g, row.want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, address string
		status        int
		says          string
	}{
		{"an unknown set", "Tasks", 404, "Tasks"},
		{"an unknown thing", "Things('west')", 404, "west"},
		{"a key without quotes", "Things(1)", 404, "single quotes"},
		{"all observations at once", "Observations", 400, "Datastream"},
		{"an unknown option", "Things?$apply=x", 400, "$apply"},
		{"an option twice", "Things?$top=1&$top=2", 400, "once"},
		{"a top that is no number", "Things?$top=-1", 400, "$top"},
		{"an unknown link", "Things?$expand=Sensors", 400, "Sensors"},
		{"an unknown property", "Things?$select=weight", 400, "weight"},
		{"a filter that ends too soon", "Things?$filter=name eq", 400, "word 4"},
		{"a filter with an unknown comparison", "Things?$filter=name like 'x'", 400, "like"},
		{"a filter that goes on", "Things?$filter=name eq 'x' 'y'", 400, "goes on"},
		{"a bracket that stays open", "Things?$filter=(name eq 'x'", 400, "bracket"},
		{"brackets without end", "Things?$filter=" + strings.Repeat("(", 200), 400, "deeper"},
		{"an expansion without end", "Things?$expand=" + strings.Repeat("Datastreams($expand=Thing($expand=", 5) + "x" + strings.Repeat("))", 5), 400, "deeper"},
		{"an expansion that multiplies", "Things?$expand=Datastreams/Observations/Datastream/Observations($expand=Datastream($expand=Observations($expand=Datastream)))", 400, "deeper"},
		{"more properties than there are", "Things?$orderby=" + strings.Repeat("name,", 40) + "name", 400, "$orderby"},
		{"a link behind a list", "Things/Datastreams", 404, "list"},
		{"another format", "Things?$resultFormat=dataArray", 501, "JSON"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, err := ask(t, row.address)
			var r *Refusal
			if !errors.As(err, &r) || r.Status != row.status || !strings.Contains(r.Problem, row.says) {
				t.Errorf("%v, want %d about %q", err, row.status, row.says)
			}
			if r != nil && http.StatusText(r.Status) == "" {
				t.Errorf("%d is no status", r.Status)
			}
		})
	}
}

// Paging through all observations meets each once.
func TestPagesMeetEverythingOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	next := "Datastreams('hafen.delivered')/Observations?$top=7"
	for next != "" {
		answer, err := ask(t, next)
		if err != nil {
			t.Fatal(err)
		}
		list, _ := answer["value"].([]any)
		for i := range list {
			id := got(t, answer, "value", i, "@iot.id")
			if seen[id] {
				t.Fatalf("%s comes twice", id)
			}
			seen[id] = true
		}
		link, _ := answer["@iot.nextLink"].(string)
		next = strings.TrimPrefix(link, "https://town.example/sensorthings/v1.1/")
	}
	if len(seen) != 23 {
		t.Errorf("%d observations", len(seen))
	}
}

func FuzzRequests(f *testing.F) {
	f.Add("Things('hafen')/Datastreams", "$filter=name eq 'x' and not (id ne 'y')&$expand=Thing($select=name)")
	f.Add("Observations('hafen.delivered~20250101T030000Z')/$ref", "$orderby=result desc,id&$top=3")
	f.Add("Things('o''st')/name/$value", "$filter=substringof('a',name)")
	f.Fuzz(func(t *testing.T, path, text string) {
		query, err := ParseQuery(text)
		if err != nil {
			return
		}
		b, err := API{"https://town.example", town{}}.Answer(context.Background(), path, query)
		var r *Refusal
		if err != nil && !errors.As(err, &r) {
			t.Errorf("%q %q: %v is no refusal", path, text, err)
		}
		if err == nil && !strings.HasSuffix(path, "$value") && !json.Valid(b) {
			t.Errorf("%q %q: %q is no JSON", path, text, b)
		}
	})
}
