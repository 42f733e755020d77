package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/features"
	"heatledger/reporting/features/featurestest"
	"heatledger/reporting/web"
)

// newLayers is the town of [newHeatTown] without TLS, as desktop programs reach it, and
// a token that reads all of it.
func newLayers(t *testing.T, change ...func(*web.Options)) (o *office, token string) {
	t.Helper()
	o = newOffice(t, false, change...)
	o.heat(t)
	token, err := o.store.CreateToken(t.Context(), store.Token{Name: "gis", Role: access.Auditor})
	if err != nil {
		t.Fatal(err)
	}
	return o, token
}

// TestTheAbstractTestsOfOGCHoldAtTheServer runs what package featurestest transcribed of
// the executable test suite against the server as it is.
func TestTheAbstractTestsOfOGCHoldAtTheServer(t *testing.T) {
	t.Parallel()
	o, token := newLayers(t)
	featurestest.Run(t, featurestest.Client{Base: o.URL + "/ogc", Header: http.Header{"Authorization": {"Bearer " + token}}})
}

// layerPage is a page of features as far as the tests look at it.
type layerPage struct {
	NumberMatched int
	Features      []struct {
		ID         string
		Geometry   *struct{ Coordinates json.RawMessage }
		Properties map[string]any
	}
}

func (p layerPage) ids() string {
	var ids []string
	for _, f := range p.Features {
		ids = append(ids, f.ID)
	}
	return strings.Join(ids, " ")
}

// items are the features of a collection as somebody sees them.
func (p *person) items(collection string, pairs ...string) layerPage {
	p.t.Helper()
	query := url.Values{"f": {"json"}}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	a := p.do(http.MethodGet, "/ogc/collections/"+collection+"/items?"+query.Encode(), nil)
	var page layerPage
	if err := json.Unmarshal([]byte(a.text), &page); err != nil || a.code != http.StatusOK {
		p.t.Fatalf("%s %v: %d %.300s", collection, pairs, a.code, a.text)
	}
	return page
}

func TestEachSeesTheFeaturesThatTheAtlasShowsHim(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "anna", "olga", "petra", "wim", "paula")
	for _, one := range []struct{ login, all, power string }{
		{"anna", "fern hafen kaiserlei nord west", "fern nord west"},
		{"olga", "west", "west"},
		{"petra", "nord west", "nord"},
		{"wim", "west", ""},
		{"paula", "west", ""},
		{"", "west", ""},
	} {
		p := o.person(t)
		if one.login != "" {
			p = p.in(one.login)
		}
		for _, collection := range []string{"sites", "heat_sources"} {
			page := p.items(collection)
			if page.ids() != one.all || page.NumberMatched != len(page.Features) {
				t.Errorf("%q sees of %s %q (%d), want %q", one.login, collection, page.ids(), page.NumberMatched, one.all)
			}
			for _, f := range page.Features {
				if f.Properties["grade"] == nil {
					t.Errorf("%q sees %s of %s without a grade", one.login, f.ID, collection)
				}
			}
		}
		if got := p.items("heat_sources", "filter", "secured_kw > 0").ids(); got != one.power {
			t.Errorf("%q finds by power %q, want %q", one.login, got, one.power)
		}
		for _, hidden := range []string{"fern", "nord", "west", "hafen"} {
			a := p.do(http.MethodGet, "/ogc/collections/sites/items/"+hidden+"?f=json", nil)
			if seen := strings.Contains(one.all, hidden); (a.code == http.StatusOK) != seen || !seen && a.code != http.StatusNotFound {
				t.Errorf("%q asks for %s and is answered %d", one.login, hidden, a.code)
			}
		}
	}
}

// TestNoQuestionTellsOfWhatIsHidden asks the public's every question about hidden
// sites and hidden properties: each field as null and not null, each value that only
// hidden ones have, boxes around them, and what stands beside the features.
func TestNoQuestionTellsOfWhatIsHidden(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "anna")
	public, office := o.person(t), o.person(t).in("anna")
	for _, collection := range []string{"sites", "heat_sources"} {
		var schema struct {
			Properties map[string]struct{ Type string }
		}
		a := public.do(http.MethodGet, "/ogc/collections/"+collection+"/queryables?f=json", nil)
		if err := json.Unmarshal([]byte(a.text), &schema); err != nil || len(schema.Properties) < 10 {
			t.Fatalf("queryables: %v %.200s", err, a.text)
		}
		for name := range schema.Properties {
			null, given := public.items(collection, "filter", name+" IS NULL"), public.items(collection, "filter", name+" IS NOT NULL")
			if n := null.NumberMatched + given.NumberMatched; n != 1 {
				t.Errorf("%s: by %s the public finds %d features", collection, name, n)
			}
			if all := office.items(collection, "filter", name+" IS NULL OR "+name+" IS NOT NULL"); all.NumberMatched != 5 {
				t.Errorf("%s: by %s the office finds %d features", collection, name, all.NumberMatched)
			}
		}
		for _, asked := range [][]string{{"bbox", "8.7,50,8.8,50.2"}, {"site", "nord"}, {"name", "Nord"}, {"filter", "name LIKE 'N%' OR name LIKE 'F%'"}, {"filter", "S_INTERSECTS(geometry, BBOX(-180,-90,180,90))"}, {"seen", "everything"}} {
			if got := public.items(collection, asked...); strings.Contains(got.ids(), "nord") || strings.Contains(got.ids(), "fern") || asked[0] != "bbox" && got.NumberMatched != 0 {
				t.Errorf("%s %v: the public finds %q (%d)", collection, asked, got.ids(), got.NumberMatched)
			}
			if got := office.items(collection, asked...); got.NumberMatched == 0 {
				t.Errorf("%s %v finds nothing for the office either: the test asks wrongly", collection, asked)
			}
		}
	}
	if got := public.items("heat_sources", "filter", "secured_kw >= 0 OR secured_kw < 0 OR full_load_hours IS NOT NULL"); got.NumberMatched != 0 {
		t.Errorf("by numbers that are hidden the public finds %q", got.ids())
	}
	for _, path := range []string{"", "/collections", "/collections/sites", "/collections/heat_sources", "/api", "/collections/sites/items", "/collections/heat_sources/items"} {
		for _, f := range []string{"json", "html"} {
			a := public.do(http.MethodGet, "/ogc"+path+"?f="+f, nil)
			if a.code != http.StatusOK || regexp.MustCompile(`(?i)\b(nord|fern|hafen)\b|8\.7[0-9]|50\.1`).MatchString(a.text) {
				t.Errorf("%s as %s tells the public (%d): %s", path, f, a.code, regexp.MustCompile(`(?i).{0,80}(\b(nord|fern|hafen)\b|8\.7[0-9]|50\.1).{0,80}`).FindString(a.text))
			}
		}
	}
}

func TestLayersAreTaggedPackedAndCounted(t *testing.T) {
	t.Parallel()
	o, token := newLayers(t, func(w *web.Options) { w.Requests = web.Requests{PerSecond: 1e-6, Burst: 12} })
	get := func(path string, pairs ...string) (*http.Response, []byte) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		for i := 0; i < len(pairs); i += 2 {
			r.Header.Set(pairs[i], pairs[i+1])
		}
		a, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		body, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		return a, body
	}
	const items = "/ogc/collections/heat_sources/items?f=json"
	plain, text := get(items, "Accept-Encoding", "identity")
	tag := plain.Header.Get("ETag")
	if plain.StatusCode != http.StatusOK || !strings.HasPrefix(tag, `W/"`) || plain.Header.Get("Content-Crs") == "" || !strings.Contains(plain.Header.Get("Vary"), "Accept-Encoding") {
		t.Fatalf("%d %v", plain.StatusCode, plain.Header)
	}
	if again, body := get(items, "If-None-Match", tag); again.StatusCode != http.StatusNotModified || len(body) > 0 {
		t.Errorf("whoever has it is answered %d with %d bytes", again.StatusCode, len(body))
	}
	if other, _ := get(items+"&limit=1", "If-None-Match", tag); other.StatusCode != http.StatusOK {
		t.Errorf("another page is answered %d", other.StatusCode)
	}
	packed, body := get(items, "Accept-Encoding", "gzip")
	unpacked, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(unpacked)
	stamps := regexp.MustCompile(`"timeStamp":"[^"]*"`)
	if err != nil || packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("ETag") != tag || stamps.ReplaceAllString(string(whole), "") != stamps.ReplaceAllString(string(text), "") {
		t.Errorf("packed it says something else: %v %v", err, packed.Header)
	}
	if refused, _ := get(items, "Accept-Encoding", "gzip;q=0"); refused.Header.Get("Content-Encoding") != "" {
		t.Error("it is packed for whoever takes it not")
	}
	_, german := get("/ogc/collections/sites?f=json", "Accept-Language", "de")
	_, asked := get("/ogc/collections/sites?f=json&lang=de")
	if !strings.Contains(string(german), "Standorte") || !strings.Contains(string(asked), "Standorte") {
		t.Errorf("in German it is called %s", german)
	}
	_, faulty := get("/ogc/collections/sites/items?f=json&filter=" + url.QueryEscape("nme = 'x' AND grade > 5"))
	var told struct {
		Code   string
		Faults []struct {
			Column          int
			Problem, Remedy string
		}
	}
	if err := json.Unmarshal(faulty, &told); err != nil || told.Code != features.CodeFilter || len(told.Faults) != 2 || told.Faults[1].Column != 23 || told.Faults[1].Remedy == "" {
		t.Errorf("a faulty filter is answered %s (%v)", faulty, err)
	}
	if page, text := get("/ogc/collections/sites/items?f=html&filter=" + url.QueryEscape("nme = 'x'")); page.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "there is no property") {
		t.Errorf("a person is answered %d %.300s", page.StatusCode, text)
	}
	for range 20 {
		if a, _ := get(items); a.StatusCode == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("nobody counts how often is asked")
}

// TestGDALReadsTheLayers lets GDAL's driver for OGC API – Features read every
// collection whole, by a filter and by a box, in two systems, and write it as a
// GeoPackage; counts, ids and positions are those of the server's own JSON.
func TestGDALReadsTheLayers(t *testing.T) {
	t.Parallel()
	o, token := newLayers(t)
	folder := t.TempDir()
	headers := filepath.Join(folder, "headers")
	if err := os.WriteFile(headers, []byte("Authorization: Bearer "+token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	gdal := func(name string, args ...string) string {
		t.Helper()
		command := exec.CommandContext(t.Context(), name, args...)
		command.Env = append(os.Environ(), "GDAL_HTTP_HEADER_FILE="+headers, "CPL_CURL_VERBOSE=NO")
		out, err := command.CombinedOutput()
		if err != nil || strings.Contains(string(out), "ERROR") {
			t.Fatalf("%s %v (package gdal-bin): %v: %s", name, args, err, out)
		}
		return string(out)
	}
	source := "OAPIF:" + o.URL + "/ogc"
	// read is what GDAL makes of a layer, as GeoJSON with every digit.
	read := func(layer string, args ...string) map[string][]float64 {
		t.Helper()
		file := filepath.Join(folder, "read.json")
		_ = os.Remove(file) // of the reading before
		gdal("ogr2ogr", append([]string{"-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9", file, source, layer}, args...)...)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return positionsOf(t, text)
	}
	own := func(layer string, pairs ...string) map[string][]float64 {
		t.Helper()
		query := url.Values{"f": {"json"}}
		for i := 0; i < len(pairs); i += 2 {
			query.Set(pairs[i], pairs[i+1])
		}
		p := &person{t, o, o.Client(), http.Header{"Authorization": {"Bearer " + token}}}
		return positionsOf(t, []byte(p.do(http.MethodGet, "/ogc/collections/"+layer+"/items?"+query.Encode(), nil).text))
	}
	for _, layer := range []string{"sites", "heat_sources"} {
		whole := own(layer)
		if got := read(layer); len(whole) != 5 || !equalPlaces(got, whole, 1e-7) {
			t.Errorf("%s: GDAL reads %v, the server says %v", layer, got, whole)
		}
		if got, want := read(layer, "-where", "grade = 'measured'"), own(layer, "grade", "measured"); len(want) == 0 || !equalPlaces(got, want, 1e-7) {
			t.Errorf("%s by a filter: GDAL reads %v, the server says %v", layer, got, want)
		}
		if got := read(layer, "-spat", "8.75", "50.05", "8.77", "50.15", "-where", "site = 'nord'"); len(got) != 1 || got["nord"] == nil {
			t.Errorf("%s by a box: GDAL reads %v", layer, got)
		}
		if got := read(layer, "-spat", "7", "50.05", "8", "50.15", "-where", "site = 'nord'"); len(got) != 0 {
			t.Errorf("%s by a box elsewhere: GDAL reads %v", layer, got)
		}
		// PROJ brings degrees into metres; we are asked for metres.
		metres := own(layer, "crs", "http://www.opengis.net/def/crs/EPSG/0/25832")
		if got := read(layer, "-t_srs", "EPSG:25832", "-lco", "RFC7946=NO"); !equalPlaces(got, metres, 0.002) {
			t.Errorf("%s in metres: PROJ says %v, the server %v", layer, got, metres)
		}
	}
	file := filepath.Join(folder, "town.gpkg")
	gdal("ogr2ogr", "-f", "GPKG", file, source)
	for _, layer := range []string{"sites", "heat_sources"} {
		if out := gdal("ogrinfo", "-so", file, layer); !strings.Contains(out, "Feature Count: 5") || !strings.Contains(out, "grade: String") {
			t.Errorf("the GeoPackage holds of %s %s", layer, out)
		}
		if out := gdal("ogrinfo", "-so", source, layer); !strings.Contains(out, "Feature Count: 5") || !strings.Contains(out, "Geometry: Point") {
			t.Errorf("of %s ogrinfo says %s", layer, out)
		}
	}
}

// positionsOf are the positions of a feature collection by id; nil of what is nowhere.
func positionsOf(t *testing.T, text []byte) map[string][]float64 {
	t.Helper()
	var page layerPage
	if err := json.Unmarshal(text, &page); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	places := map[string][]float64{}
	for _, f := range page.Features {
		id, _ := f.Properties["site"].(string)
		places[id] = nil
		if f.Geometry != nil {
			var at []float64
			if err := json.Unmarshal(f.Geometry.Coordinates, &at); err != nil {
				t.Fatalf("%s is no point: %v", f.ID, err)
			}
			places[id] = at
		}
	}
	return places
}

func equalPlaces(a, b map[string][]float64, within float64) bool {
	for id, at := range a {
		other, ok := b[id]
		if !ok || !slices.EqualFunc(at, other, func(x, y float64) bool { return x-y < within && y-x < within }) {
			return false
		}
	}
	return len(a) == len(b)
}
