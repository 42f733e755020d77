package features_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"heatledger/heatmap/geo"
	"heatledger/reporting/features"
	"heatledger/reporting/features/cql2"
	"heatledger/reporting/features/featurestest"
)

// fixed is a collection that stands in memory.
type fixed struct {
	about features.About
	all   []features.Feature
}

func (f fixed) About() features.About                                { return f.about }
func (f fixed) Features(context.Context) ([]features.Feature, error) { return f.all, nil }

var fields = []features.Field{
	{Name: "name", Title: "Name", Kind: cql2.Text},
	{Name: "grade", Title: "Grade", Kind: cql2.Text, Enum: []string{"measured", "estimated"}},
	{Name: "power_kw", Title: "Power", Description: "at 98 %", Kind: cql2.Number, Unit: "kW"},
	{Name: "reused", Title: "Reused", Kind: cql2.Boolean},
	{Name: "since", Title: "Since", Kind: cql2.Date},
	{Name: "read_at", Title: "Read", Kind: cql2.Timestamp},
	{Name: "halls", Title: "Halls", Kind: cql2.Number, Whole: true},
}

func day(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return at
}

// town has five points, one beyond 12° E, one beyond the antimeridian and one nowhere,
// a line and a polygon with a hole.
func town() features.API {
	read := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	points := []features.Feature{
		{ID: "hafen", Geometry: geo.Point{X: 8.7604, Y: 50.1109}, Time: features.Time{Known: true, From: day("2019-03-01")}, Values: []any{"Hafen", "measured", 500.5, true, cql2.Day("2019-03-01"), read, 2.0}},
		{ID: "kaiserlei", Geometry: geo.Point{X: 8.7361, Y: 50.1074}, Time: features.Time{Known: true, From: day("2015-01-01"), To: day("2020-12-31")}, Values: []any{"Kaiserlei", "estimated", 1200.0, false, cql2.Day("2015-01-01"), nil, 1.0}},
		{ID: "leipzig", Geometry: geo.Point{X: 12.3731, Y: 51.3397}, Values: []any{"Leipzig's", "measured", nil, nil, nil, nil, nil}},
		{ID: "fiji", Geometry: geo.Point{X: 179.5, Y: -17.7}, Time: features.Time{Known: true, To: day("2010-01-01")}, Values: []any{"Fiji", nil, 1.0, true, nil, nil, nil}},
		{ID: "nowhere", Values: []any{"Nirgends", "estimated", 7.0, false, nil, nil, nil}},
	}
	areas := []features.Feature{
		{ID: "a b/c", Geometry: geo.Polygon{{{X: 8, Y: 50}, {X: 9, Y: 50}, {X: 9, Y: 51}, {X: 8, Y: 51}, {X: 8, Y: 50}}, {{X: 8.2, Y: 50.2}, {X: 8.2, Y: 50.4}, {X: 8.4, Y: 50.4}, {X: 8.4, Y: 50.2}, {X: 8.2, Y: 50.2}}}, Values: []any{"Feld"}},
		{ID: "way", Geometry: geo.Line{{X: 8, Y: 49}, {X: 8.5, Y: 49.5}}, Values: []any{"Weg"}},
	}
	return features.API{Base: "http://town.example/ogc", Title: "Town", Description: "Of a town.", Language: features.English, Version: "1", Now: time.Now(),
		Collections: []features.Collection{
			fixed{features.About{ID: "sources", Title: "Sources", Description: "All.", Shape: geo.KindPoint, Fields: fields}, points},
			fixed{features.About{ID: "areas", Title: "Areas", Description: "Some.", Fields: fields[:1]}, areas},
		}}
}

func TestTheAbstractTestsOfTheStandardHold(t *testing.T) {
	t.Parallel()
	api := town()
	api.Collections = api.Collections[:2]
	areas, _ := api.Collections[1].(fixed)
	areas.all[0].ID = "feld" // ids with a slash are tried below
	sources, _ := api.Collections[0].(fixed)
	sources.all[3].Geometry = nil // beyond 30° of the meridian of a zone there are no metres
	featurestest.Run(t, featurestest.Client{Base: featurestest.Serve(t, api).URL + "/ogc"})
}

// ask gives the ids of the features of a page and how many match.
func ask(t *testing.T, api features.API, collection string, pairs ...string) (ids string, matched int, err error) {
	t.Helper()
	query := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	answer, err := api.Answer(t.Context(), features.Request{Resource: features.Items, Collection: collection, Query: query})
	if err != nil {
		return "", 0, err
	}
	var page struct {
		NumberMatched  int
		NumberReturned int
		Features       []struct{ ID string }
	}
	if err := json.Unmarshal(answer.Body, &page); err != nil {
		t.Fatalf("%v: %s", err, answer.Body)
	}
	var all []string
	for _, f := range page.Features {
		all = append(all, f.ID)
	}
	if page.NumberReturned != len(all) {
		t.Errorf("numberReturned is %d for %v", page.NumberReturned, all)
	}
	return strings.Join(all, " "), page.NumberMatched, nil
}

func TestAQuestionChoosesFeatures(t *testing.T) {
	t.Parallel()
	const uri25832, uri4326 = "http://www.opengis.net/def/crs/EPSG/0/25832", "http://www.opengis.net/def/crs/EPSG/0/4326"
	for _, one := range []struct {
		says string
		ask  []string
		ids  string
	}{
		{"nothing asked", nil, "hafen kaiserlei leipzig fiji nowhere"},
		{"a page", []string{"limit", "2", "offset", "1"}, "kaiserlei leipzig"},
		{"beyond the last page", []string{"offset", "9"}, ""},
		{"a limit beyond all numbers is the most", []string{"limit", "99999999999999999999999"}, "hafen kaiserlei leipzig fiji nowhere"},
		{"a box; what is nowhere is in it", []string{"bbox", "8.75,50,8.8,51"}, "hafen nowhere"},
		{"a box with heights", []string{"bbox", "8.75,50,-5,8.8,51,5"}, "hafen nowhere"},
		{"a box across the antimeridian", []string{"bbox", "179,-20,-179,0"}, "fiji nowhere"},
		{"a box with the latitude first", []string{"bbox", "50,8.75,51,8.8", "bbox-crs", uri4326}, "hafen nowhere"},
		{"a box in metres", []string{"bbox", "482000,5550000,484000,5552000", "bbox-crs", uri25832}, "hafen nowhere"},
		{"a border belongs to the box", []string{"bbox", "8.7604,50.1109,8.7604,50.1109"}, "hafen nowhere"},
		{"an instant; what has no time is of every time", []string{"datetime", "2020-12-31T00:00:00Z"}, "hafen kaiserlei leipzig nowhere"},
		{"an instant after the end", []string{"datetime", "2020-12-31T00:00:01Z"}, "hafen leipzig nowhere"},
		{"until", []string{"datetime", "../2010-01-01T00:00:00Z"}, "leipzig fiji nowhere"},
		{"from", []string{"datetime", "2010-01-02T00:00:00Z/"}, "hafen kaiserlei leipzig nowhere"},
		{"a day", []string{"datetime", "2020-12-31"}, "hafen kaiserlei leipzig nowhere"},
		{"a property", []string{"name", "Hafen"}, "hafen"},
		{"two properties", []string{"grade", "measured", "reused", "true"}, "hafen"},
		{"a number", []string{"power_kw", "1200"}, "kaiserlei"},
		{"a date", []string{"since", "2019-03-01"}, "hafen"},
		{"a time, said in another zone", []string{"read_at", "2025-06-01T14:00:00+02:00"}, "hafen"},
		{"a filter", []string{"filter", "power_kw > 5 AND NOT grade = 'measured'"}, "kaiserlei nowhere"},
		{"a filter about what is not known", []string{"filter", "power_kw IS NULL"}, "leipzig"},
		{"no comparison with what is not known", []string{"filter", "NOT power_kw > 5"}, "fiji"},
		{"a filter of names with quotes", []string{"filter", "name LIKE 'L%''s'"}, "leipzig"},
		{"a filter in JSON", []string{"filter-lang", "cql2-json", "filter", `{"op":"in","args":[{"property":"name"},["Fiji","Hafen"]]}`}, "hafen fiji"},
		{"a filter in space", []string{"filter", "S_INTERSECTS(geometry, POLYGON((8 50,9 50,9 51,8 50)))"}, "hafen kaiserlei"},
		{"a filter in metres", []string{"filter", "S_INTERSECTS(geometry, BBOX(482000,5550000,484000,5552000))", "filter-crs", uri25832}, "hafen"},
		{"a filter with the latitude first", []string{"filter", "S_INTERSECTS(geometry, BBOX(50,8.75,51,8.8))", "filter-crs", uri4326}, "hafen"},
		{"a filter in time", []string{"filter", "T_BEFORE(since, DATE('2018-01-01'))"}, "kaiserlei"},
		{"all at once are joined by AND", []string{"filter", "power_kw > 5", "bbox", "8,50,9,51", "datetime", "2024-01-01T00:00:00Z", "reused", "true"}, "hafen"},
		{"https stands for http", []string{"bbox", "50,8.75,51,8.8", "bbox-crs", strings.Replace(uri4326, "http:", "https:", 1)}, "hafen nowhere"},
	} {
		t.Run(one.says, func(t *testing.T) {
			t.Parallel()
			ids, _, err := ask(t, town(), "sources", one.ask...)
			if err != nil || ids != one.ids {
				t.Errorf("are %q, want %q (%v)", ids, one.ids, err)
			}
		})
	}
	if ids, matched, err := ask(t, town(), "areas", "bbox", "8.25,50.25,8.35,50.35"); ids != "" || matched != 0 || err != nil {
		t.Errorf("in the hole of a polygon are %q (%v)", ids, err)
	}
	if ids, _, err := ask(t, town(), "areas", "bbox", "8.25,49.25,8.35,50.1"); ids != "a b/c way" || err != nil {
		t.Errorf("on the rim and the line are %q (%v)", ids, err)
	}
	if _, matched, err := ask(t, town(), "sources", "limit", "1", "bbox", "8,50,9,51"); matched != 3 || err != nil {
		t.Errorf("%d match, want 3 (%v)", matched, err)
	}
}

func TestWhatCannotBeAnsweredIsRefusedWithARemedy(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ name, value, code, says string }{
		{"limit", "0", features.CodeParameter, "from 1"},
		{"limit", "ten", features.CodeParameter, "from 1"},
		{"limit", "", features.CodeParameter, "from 1"},
		{"offset", "-1", features.CodeParameter, "from 0"},
		{"bbox", "1,2,3", features.CodeParameter, "four numbers"},
		{"bbox", "1,2,x,4", features.CodeParameter, `"x" is no number`},
		{"bbox", "1,2,NaN,4", features.CodeParameter, "no number"},
		{"bbox", "1,4,3,2", features.CodeParameter, "south"},
		{"bbox", "1,2,9,3,4,5", features.CodeParameter, "height"},
		{"bbox", "50,8,181,9", features.CodeParameter, "longitude comes first"},
		{"bbox", "8,50,9,91", features.CodeParameter, "-90 to 90"},
		{"datetime", "2025", features.CodeParameter, "write"},
		{"datetime", "2025-06-01T00:00:00Z/2025-05-01T00:00:00Z", features.CodeParameter, "before it begins"},
		{"datetime", "..", features.CodeParameter, "write"},
		{"crs", "EPSG:4326", features.CodeParameter, "there are http://www.opengis.net"},
		{"crs", "", features.CodeParameter, "there are"},
		{"filter-crs", "x", features.CodeParameter, "there are"},
		{"f", "xml", features.CodeParameter, "neither json nor html"},
		{"lang", "fr", features.CodeParameter, "neither de nor en"},
		{"grade", "guessed", features.CodeParameter, "there are measured, estimated"},
		{"power_kw", "much", features.CodeParameter, "no number"},
		{"reused", "1", features.CodeParameter, "no true or false"},
		{"since", "yesterday", features.CodeParameter, "no date"},
		{"read_at", "noon", features.CodeParameter, "no timestamp"},
		{"filter", " ", features.CodeFilter, "the filter is empty"},
		{"filter", "power_kw >", features.CodeFilter, "1:11:"},
		{"filter", "powr = 1 OR nme = 'x'", features.CodeFilter, "1:13:"},
		{"filter-lang", "ecql", features.CodeParameter, "cql2-text"},
		{"name", "a\x00b", features.CodeParameter, "control"},
		{"name", "\xff", features.CodeParameter, "UTF-8"},
		{"Name", "Hafen", features.CodeUnknown, "there are f, lang"},
	} {
		_, _, err := ask(t, town(), "sources", one.name, one.value)
		var refused *features.Refusal
		if !errors.As(err, &refused) || refused.Status != 400 || refused.Code != one.code || !strings.Contains(refused.Detail, one.says) {
			t.Errorf("%s=%s: %v, want %s with %q", one.name, one.value, err, one.code, one.says)
		}
	}
	for want, asked := range map[string]features.Request{`no collection "source"; there are sources, areas`: {Resource: features.Items, Collection: "source"},
		`no feature "hafn" in sources that you may see; http://town.example/ogc/collections/sources/items lists them`: {Resource: features.Item, Collection: "sources", Feature: "hafn"}} {
		if _, err := town().Answer(t.Context(), asked); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	_, err := town().Answer(t.Context(), features.Request{Resource: features.Items, Collection: "sources", Query: url.Values{"limit": {"1", "2"}}})
	if err == nil || !strings.Contains(err.Error(), "2 times") {
		t.Errorf("a parameter twice: %v", err)
	}
}

func TestAPositionIsWrittenInTheSystemAskedFor(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"": `[8.7604,50.1109]`,
		"http://www.opengis.net/def/crs/OGC/1.3/CRS84": `[8.7604,50.1109]`,
		"http://www.opengis.net/def/crs/EPSG/0/4326":   `[50.1109,8.7604]`,
		"http://www.opengis.net/def/crs/EPSG/0/25832":  proj(t, "25832"),
		"http://www.opengis.net/def/crs/EPSG/0/25833":  proj(t, "25833"),
	} {
		query := url.Values{}
		if uri != "" {
			query.Set("crs", uri)
		}
		answer, err := town().Answer(t.Context(), features.Request{Resource: features.Item, Collection: "sources", Feature: "hafen", Query: query})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(answer.Body), `"coordinates":`+want) {
			t.Errorf("in %s: %s, want %s", uri, answer.Body, want)
		}
	}
}

// proj is where PROJ puts the first point of the town, to the millimetre.
func proj(t *testing.T, epsg string) string {
	t.Helper()
	transform := exec.CommandContext(t.Context(), "gdaltransform", "-s_srs", "OGC:CRS84", "-t_srs", "EPSG:"+epsg, "-output_xy")
	transform.Stdin = strings.NewReader("8.7604 50.1109\n")
	out, err := transform.Output()
	if err != nil {
		t.Fatalf("ask PROJ (package gdal-bin): %v", err)
	}
	var x, y float64
	if _, err := fmt.Sscan(string(out), &x, &y); err != nil {
		t.Fatalf("read %s: %v", out, err)
	}
	millimetres := func(metres float64) string { return strconv.FormatFloat(math.Round(metres*1000)/1000, 'f', -1, 64) }
	return "[" + millimetres(x) + "," + millimetres(y) + "]"
}

func TestTheFormIsNegotiated(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ f, accept, kind string }{
		{"", "", features.GeoJSON},
		{"", "*/*", features.GeoJSON},
		{"", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", features.HTML},
		{"", "application/geo+json, application/json;q=0.9", features.GeoJSON},
		{"", "application/json;q=0.2, text/html;q=0.3", features.HTML},
		{"", "text/html;q=0, application/json", features.GeoJSON},
		{"", "application/vnd.unknown", features.GeoJSON},
		{"html", "application/json", features.HTML},
		{"json", "text/html", features.GeoJSON},
	} {
		query := url.Values{}
		if one.f != "" {
			query.Set("f", one.f)
		}
		answer, err := town().Answer(t.Context(), features.Request{Resource: features.Items, Collection: "sources", Query: query, Accept: one.accept})
		if err != nil || answer.Kind != one.kind || (answer.Page != nil) != (one.kind == features.HTML) {
			t.Errorf("f=%s, %s is %s (%v), want %s", one.f, one.accept, answer.Kind, err, one.kind)
		}
	}
}

func TestLinksKeepTheQuestionAndEscapeIDs(t *testing.T) {
	t.Parallel()
	answer, err := town().Answer(t.Context(), features.Request{Resource: features.Items, Collection: "sources", Query: url.Values{"limit": {"1"}, "offset": {"1"}, "filter": {"power_kw > 5"}}})
	if err != nil {
		t.Fatal(err)
	}
	rels := map[string]string{}
	for _, link := range answer.Links {
		rels[link.Rel] = link.Href
	}
	for rel, want := range map[string]string{"self": "?filter=power_kw+%3E+5&limit=1&offset=1", "next": "?filter=power_kw+%3E+5&limit=1&offset=2", "prev": "?filter=power_kw+%3E+5&limit=1&offset=0",
		"alternate": "?f=html&filter=power_kw+%3E+5&limit=1&offset=1"} {
		if rels[rel] != "http://town.example/ogc/collections/sources/items"+want {
			t.Errorf("%s is %s", rel, rels[rel])
		}
	}
	alone, err := town().Answer(t.Context(), features.Request{Resource: features.Item, Collection: "areas", Feature: "a b/c", Query: url.Values{}})
	if err != nil || alone.Links[0].Href != "http://town.example/ogc/collections/areas/items/a%20b%2Fc" {
		t.Errorf("%v (%v)", alone.Links, err)
	}
}

func TestTheExtentIsAFrameAndNoPosition(t *testing.T) {
	t.Parallel()
	extent := func(x float64) string {
		api := town()
		api.Collections = []features.Collection{fixed{features.About{ID: "sources", Fields: fields[:1]}, []features.Feature{{ID: "a", Geometry: geo.Point{X: x, Y: 50.1109}, Values: []any{"a"}}}}}
		answer, err := api.Answer(t.Context(), features.Request{Resource: features.OfOne, Collection: "sources", Query: url.Values{}})
		if err != nil {
			t.Fatal(err)
		}
		var page features.CollectionPage
		if err := json.Unmarshal(answer.Body, &page); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(page.Extent.Spatial.BBox)
	}
	if got := extent(8.7604); got != "[[8.75 50.1 8.78 50.13]]" || got != extent(8.7691) {
		t.Errorf("is %s, and of a point 600 m away %s", got, extent(8.7691))
	}
	api := town()
	api.Collections = []features.Collection{fixed{features.About{ID: "none", Fields: fields}, nil}}
	answer, err := api.Answer(t.Context(), features.Request{Resource: features.OfOne, Collection: "none", Query: url.Values{}})
	if err != nil || strings.Contains(string(answer.Body), "extent") {
		t.Errorf("of nothing: %s (%v)", answer.Body, err)
	}
}

func TestTheQueryablesAreASchema(t *testing.T) {
	t.Parallel()
	answer, err := town().Answer(t.Context(), features.Request{Resource: features.Queryables, Collection: "sources", Query: url.Values{}})
	if err != nil || answer.Kind != features.SchemaJSON {
		t.Fatalf("%s (%v)", answer.Kind, err)
	}
	var schema struct {
		Schema               string `json:"$schema"`
		ID                   string `json:"$id"`
		Type                 string
		AdditionalProperties *bool
		Properties           map[string]map[string]any
	}
	if err := json.Unmarshal(answer.Body, &schema); err != nil {
		t.Fatal(err)
	}
	if schema.Schema != "https://json-schema.org/draft/2020-12/schema" || schema.ID != "http://town.example/ogc/collections/sources/queryables" || schema.Type != "object" || schema.AdditionalProperties == nil || *schema.AdditionalProperties {
		t.Errorf("%s", answer.Body)
	}
	if g := schema.Properties["geometry"]; g["format"] != "geometry-point" || g["type"] != nil {
		t.Errorf("the geometry is %v", g)
	}
	for name, want := range map[string][2]any{"name": {"string", nil}, "power_kw": {"number", nil}, "reused": {"boolean", nil}, "since": {"string", "date"}, "read_at": {"string", "date-time"}} {
		if p := schema.Properties[name]; p["type"] != want[0] || p["format"] != want[1] {
			t.Errorf("%s is %v", name, p)
		}
	}
}

// TestGDALKnowsTheTypesOfEmptyColumns has ogrinfo list the columns of a collection of
// which the first page says nothing.
func TestGDALKnowsTheTypesOfEmptyColumns(t *testing.T) {
	t.Parallel()
	api := town()
	api.Collections = []features.Collection{fixed{features.About{ID: "sources", Title: "Sources", Shape: geo.KindPoint, Fields: fields},
		[]features.Feature{{ID: "a", Geometry: geo.Point{X: 8.7, Y: 50.1}, Values: make([]any, len(fields))}}}}
	out, err := exec.CommandContext(t.Context(), "ogrinfo", "-so", "OAPIF:"+featurestest.Serve(t, api).URL+"/ogc", "sources").CombinedOutput()
	if err != nil {
		t.Fatalf("GDAL (package gdal-bin): %v: %s", err, out)
	}
	for _, column := range []string{"name: String", "grade: String", "power_kw: Real", "reused: Integer(Boolean)", "since: Date", "read_at: DateTime", "halls: Integer "} {
		if !strings.Contains(string(out), "\n"+column) {
			t.Errorf("there is no %s among %s", column, out)
		}
	}
}

// TestTheDefinitionIsOpenAPI is judged by a validator that others wrote.
func TestTheDefinitionIsOpenAPI(t *testing.T) {
	t.Parallel()
	answer, err := town().Answer(t.Context(), features.Request{Resource: features.Definition, Query: url.Values{}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(file, answer.Body, 0o600); err != nil {
		t.Fatal(err)
	}
	const script = `import {Validator} from "@seriousme/openapi-schema-validator"; import fs from "node:fs";
const v = new Validator(); const r = await v.validate(JSON.parse(fs.readFileSync(process.argv[1], "utf8")));
console.log(v.version, r.valid, JSON.stringify(r.errors ?? null));`
	validate := exec.CommandContext(t.Context(), node(t), "--input-type=module", "-e", script, file)
	validate.Dir = "../../tools/counterparts"
	out, err := validate.CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "3.0 true") {
		t.Errorf("%v: %s", err, out)
	}
}

// node is a Node of version 20 or later: the machine's, or the one of tools/node.
func node(t *testing.T) string {
	t.Helper()
	own, err := filepath.Glob("../../tools/node/node_modules/node/bin/node")
	if err == nil && len(own) == 1 {
		whole, err := filepath.Abs(own[0])
		if err != nil {
			t.Fatal(err)
		}
		return whole
	}
	return "node"
}

func TestTheClassesAreThoseThatHold(t *testing.T) {
	t.Parallel()
	classes := features.Classes()
	if slices.ContainsFunc(classes, func(c string) bool { return strings.Contains(c, "oas3") && !strings.HasSuffix(c, "/oas30") }) {
		t.Errorf("oas30 is spelled otherwise: %v", classes)
	}
	for _, absent := range []string{"functions", "arithmetic", "case-insensitive-comparison", "spatial-functions", "array-functions"} {
		if slices.Contains(classes, "http://www.opengis.net/spec/cql2/1.0/conf/"+absent) {
			t.Errorf("%s is declared and does not hold", absent)
		}
	}
}

// BenchmarkItems answers with 2,000 points, the map of a large town: as they are, in
// metres, and those of a filter.
func BenchmarkItems(b *testing.B) {
	var all []features.Feature
	for i := range 2000 {
		all = append(all, features.Feature{ID: fmt.Sprint("s", i), Geometry: geo.Point{X: 8.7 + float64(i%50)/500, Y: 50 + float64(i/50)/500}, Values: []any{fmt.Sprint("Site ", i), "measured", float64(i), i%2 == 0, cql2.Day("2019-03-01"), nil, 1.0}})
	}
	api := town()
	api.Collections = []features.Collection{fixed{features.About{ID: "sources", Fields: fields}, all}}
	for name, query := range map[string]url.Values{
		"all":    {"limit": {"10000"}},
		"metres": {"limit": {"10000"}, "crs": {"http://www.opengis.net/def/crs/EPSG/0/25832"}},
		"filter": {"limit": {"10000"}, "filter": {"power_kw >= 100 AND name LIKE 'Site%' AND S_INTERSECTS(geometry, POLYGON((8.7 50,8.8 50,8.8 50.1,8.7 50)))"}},
		"box":    {"limit": {"10000"}, "bbox": {"8.7,50,8.75,50.05"}},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				answer, err := api.Answer(b.Context(), features.Request{Resource: features.Items, Collection: "sources", Query: query})
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(answer.Body)))
			}
		})
	}
}
