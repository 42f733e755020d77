package geo

import (
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// collection is a file of features given by their geometries.
func collection(geometries ...string) string {
	features := make([]string, len(geometries))
	for i, g := range geometries {
		features[i] = fmt.Sprintf(`{"type":"Feature","id":%d,"properties":{"n":%d},"geometry":%s}`, i+1, i+1, g)
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

func polygon(rings string) string { return `{"type":"Polygon","coordinates":[` + rings + `]}` }

const (
	goodPoint = `{"type":"Point","coordinates":[8.7,50.1]}`
	goodRing  = `[[8.70,50.10],[8.71,50.10],[8.71,50.11],[8.70,50.11],[8.70,50.10]]`
)

func TestFaultsOfGeometriesAreNamedFeatureByFeature(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, geometry, problem, remedy string }{
		{"a crossing outline", polygon(`[[8.70,50.10],[8.71,50.11],[8.71,50.10],[8.70,50.11],[8.70,50.10]]`), "the outline crosses itself at [8.705, 50.105]", "valid geometries"},
		{"an outline that touches itself", polygon(`[[8.70,50.10],[8.71,50.10],[8.705,50.105],[8.71,50.11],[8.70,50.11],[8.705,50.105],[8.70,50.10]]`), "the outline touches itself at [8.705, 50.105]", "does not meet itself"},
		{"a spike", polygon(`[[8.70,50.10],[8.72,50.10],[8.71,50.10],[8.71,50.11],[8.70,50.10]]`), "the outline runs along itself near", "does not meet itself"},
		{"a ring without area", polygon(`[[8.70,50.10],[8.71,50.10],[8.70,50.10],[8.70,50.10]]`), "the ring has no area", "remove it"},
		{"an open ring", polygon(`[[8.70,50.10],[8.71,50.10],[8.71,50.11],[8.70,50.11]]`), "the ring is not closed", "repeat its first position [8.7, 50.1] at the end"},
		{"a short ring", polygon(`[[8.70,50.10],[8.71,50.10],[8.70,50.10]]`), "the ring has 3 positions", "three corners"},
		{"a hole outside", polygon(goodRing + `,[[8.72,50.12],[8.73,50.12],[8.73,50.13],[8.72,50.12]]`), "hole 1 lies outside of its polygon", "polygon of its own"},
		{"a crossing hole", polygon(goodRing + `,[[8.705,50.105],[8.72,50.105],[8.72,50.106],[8.705,50.106],[8.705,50.105]]`), "a hole crosses another ring at [8.71, 50.10", "does not meet itself"},
		{"a hole in a hole", polygon(goodRing + `,[[8.702,50.102],[8.708,50.102],[8.708,50.108],[8.702,50.108],[8.702,50.102]],[[8.703,50.103],[8.704,50.103],[8.704,50.104],[8.703,50.103]]`), "hole 2 overlaps hole 1", "join the holes"},
		{"parts that overlap", `{"type":"MultiPolygon","coordinates":[[` + goodRing + `],[[[8.705,50.105],[8.72,50.105],[8.72,50.12],[8.705,50.105]]]]}`, "polygon 2 overlaps polygon 1 at", "counted twice"},
		{"a part within another", `{"type":"MultiPolygon","coordinates":[[` + goodRing + `],[[[8.702,50.102],[8.703,50.102],[8.703,50.103],[8.702,50.102]]]]}`, "polygon 2 overlaps polygon 1", "counted twice"},
		{"the same part twice", `{"type":"MultiPolygon","coordinates":[[` + goodRing + `],[` + goodRing + `]]}`, "polygon 2 overlaps polygon 1", "counted twice"},
		{"exchanged coordinates", `{"type":"Point","coordinates":[50.1,8.7]}`, "the coordinates of [50.1, 8.7] are exchanged", "write the longitude and then latitude: [8.7, 50.1]"},
		{"metres of UTM", `{"type":"Point","coordinates":[477269.5,5551009.6]}`, "lies not in the area if it is read as EPSG:4326", "EPSG:25832"},
		{"exchanged metres of UTM", `{"type":"Point","coordinates":[5551009.6,477269.5]}`, "read as EPSG:4326", "metres of UTM"},
		{"UTM with its zone", `{"type":"Point","coordinates":[32477269.5,5551009.6]}`, "read as EPSG:4326", "EPSG:4647"},
		{"Gauss-Krüger", `{"type":"Point","coordinates":[3477340,5552780]}`, "read as EPSG:4326", "strip 3 (EPSG:31467)"},
		{"metres of web maps", `{"type":"Point","coordinates":[966488,6465935]}`, "read as EPSG:4326", "EPSG:3857"},
		{"another country", `{"type":"Point","coordinates":[-0.1,51.5]}`, "[-0.1, 51.5] lies outside of the area", "check the coordinates"},
		{"NaN", `{"type":"Point","coordinates":[8.7,NaN]}`, "a coordinate is no number", "two finite numbers"},
		{"infinity", `{"type":"LineString","coordinates":[[8.7,50.1],[-Infinity,50.1]]}`, "a coordinate is no number", "two finite numbers"},
		{"a number too large", `{"type":"Point","coordinates":[1e999,50.1]}`, "a coordinate is no number", "two finite numbers"},
		{"no geometry", `null`, "it has no geometry", "remove the feature"},
		{"an empty line", `{"type":"LineString","coordinates":[]}`, "its geometry is empty", "remove the feature"},
		{"an empty polygon", polygon(``), "its geometry is empty", "remove the feature"},
		{"an empty multi-polygon", `{"type":"MultiPolygon","coordinates":[]}`, "its geometry is empty", "remove the feature"},
		{"a line of one position", `{"type":"LineString","coordinates":[[8.7,50.1]]}`, "there are 1 positions", "two positions at least"},
		{"a line without length", `{"type":"LineString","coordinates":[[8.7,50.1],[8.7,50.1]]}`, "the line has no length", "remove it"},
		{"a position of one number", `{"type":"Point","coordinates":[8.7]}`, "a position is expected", "[lon, lat]"},
		{"texts for numbers", `{"type":"Point","coordinates":["8.7","50.1"]}`, "a position is expected", "two numbers"},
		{"an unknown type", `{"type":"Circle","coordinates":[8.7,50.1]}`, `the geometry type "Circle" is not known`, "RFC 7946"},
		{"a point as a list of points", `{"type":"Point","coordinates":[[8.7,50.1]]}`, "a position is expected", "[lon, lat]"},
		{"a geometry without coordinates", `{"type":"Point"}`, `no list "coordinates"`, "is expected"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			src := collection(goodPoint, row.geometry, goodPoint)
			read, faults := Read("f.geojson", []byte(src), Options{})
			if len(faults) != 1 {
				t.Fatalf("%d faults, want 1: %v", len(faults), faults)
			}
			f := faults[0]
			if f.Line != 2 || f.Column < 1 || !strings.HasPrefix(f.Problem, "feature 2 (2): ") || !strings.Contains(f.Problem, row.problem) || !strings.Contains(f.Remedy, row.remedy) {
				t.Errorf("%v", f)
			}
			if len(read.List) != 2 || read.Refused != 1 || read.List[1].Number != 3 {
				t.Errorf("%d features used, %d refused", len(read.List), read.Refused)
			}
			whole, again := Read("f.geojson", []byte(src), Options{Whole: true})
			if len(whole.List) != 0 || whole.Refused != 3 || len(again) != 1 {
				t.Errorf("of the whole file %d features are used, %d refused", len(whole.List), whole.Refused)
			}
		})
	}
}

func TestWhatIsGoodHasNoFault(t *testing.T) {
	t.Parallel()
	for name, geometry := range map[string]string{
		"a polygon":                        polygon(goodRing),
		"a ring the other way round":       polygon(`[[8.70,50.10],[8.70,50.11],[8.71,50.11],[8.71,50.10],[8.70,50.10]]`),
		"a position twice in a row":        polygon(`[[8.70,50.10],[8.71,50.10],[8.71,50.10],[8.71,50.11],[8.70,50.11],[8.70,50.10]]`),
		"a hole that touches at one point": polygon(goodRing + `,[[8.70,50.105],[8.705,50.106],[8.705,50.104],[8.70,50.105]]`),
		"parts side by side":               `{"type":"MultiPolygon","coordinates":[[` + goodRing + `],[[[8.71,50.10],[8.72,50.10],[8.72,50.11],[8.71,50.11],[8.71,50.10]]]]}`,
		"a part within the hole of another": `{"type":"MultiPolygon","coordinates":[[` + goodRing +
			`,[[8.702,50.102],[8.702,50.108],[8.708,50.108],[8.708,50.102],[8.702,50.102]]],[[[8.704,50.104],[8.706,50.104],[8.706,50.106],[8.704,50.104]]]]}`,
		"a height":     `{"type":"Point","coordinates":[8.7,50.1,98.5]}`,
		"a collection": `{"type":"GeometryCollection","geometries":[` + goodPoint + `,` + polygon(goodRing) + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read, faults := Read("f", []byte(collection(geometry)), Options{})
			if len(faults) > 0 || len(read.List) != 1 {
				t.Fatal(faults)
			}
			for _, p := range Polygons(read.List[0].Geometry) {
				for i, ring := range p {
					if (ringArea(ring) > 0) != (i == 0) {
						t.Errorf("ring %d runs the wrong way", i)
					}
				}
			}
		})
	}
}

func TestFaultsOfFilesAndFeatures(t *testing.T) {
	t.Parallel()
	feature := func(rest string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature",` + rest + `,"geometry":` + goodPoint + `}]}`
	}
	two := `{"type":"FeatureCollection","features":[` + "\n" + `{"type":"Feature","id":"a","geometry":` + goodPoint + "},\n" + `{"type":"Feature","id":"a","geometry":` + goodPoint + `}]}`
	for _, row := range []struct {
		name, src       string
		options         Options
		place           string
		problem, remedy string
	}{
		{"nothing", "", Options{}, "1:1", "the file ends", "JSON is expected"},
		{"no JSON", "<kml/>", Options{}, "1:1", "'<' where a value", "JSON is expected"},
		{"a list", "[]", Options{}, "1:1", "no object", "FeatureCollection"},
		{"a file cut off", `{"type":"FeatureCollection","features":[` + "\n{", Options{}, "2:2", "the file ends", "JSON"},
		{"text behind the end", `{"type":"FeatureCollection","features":[]} x`, Options{}, "1:44", "behind the end", "JSON"},
		{"no features", `{"type":"FeatureCollection","features":[]}`, Options{}, "1:40", "no features", "empty when it was exported"},
		{"a decimal comma", feature(`"properties":{"a":8,7}`), Options{}, "1:79", "name in quotes", "JSON"},
		{"no UTF-8", "{\"type\":\"\xe4\"}", Options{}, "1:10", "no UTF-8", "save the file as UTF-8"},
		{"an unknown system", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:31467"}},"features":[]}`, Options{}, "1:35", `"EPSG:31467" is not known`, "EPSG:25832"},
		{"TopoJSON", `{"type":"Topology"}`, Options{}, "1:9", "TopoJSON", "GeoJSON"},
		{"no type", `{"features":[]}`, Options{}, "1:1", `no "type"`, "FeatureCollection"},
		{"a missing id", feature(`"properties":null`), Options{IDs: true, IDProperty: "osm_id"}, "1:41", "feature 1: it has no id", `"osm_id"`},
		{"an id twice", two, Options{}, "3:24", "feature 2 (a): its id stands twice", "line 2"},
		{"an id that is a list", feature(`"id":[]`), Options{}, "1:64", "neither text nor number", "text or a number"},
		{"a property twice", feature(`"properties":{"a":1,"a":2}`), Options{}, "1:79", `property "a" stands twice`, "keep one"},
		{"a property that is NaN", feature(`"properties":{"a":NaN}`), Options{}, "1:77", `property "a" is no number`, "null"},
		{"a point for a line", feature(`"id":1`), Options{Kinds: []Kind{KindLine, KindMultiLine}}, "1:85", "feature 1 (1): it is a Point", "LineString or MultiLineString"},
		{"values too deep", strings.Repeat("[", 100), Options{}, "1:65", "65 deep", "JSON"},
		{"a member twice", `{"type":"FeatureCollection","type":"FeatureCollection","features":[` + goodFeature + `]}`, Options{}, "1:29", `"type" stands twice`, "keep one"},
		{"exchanged metres in a file of metres", `{"type":"Feature","crs":{"properties":{"name":"EPSG:25832"}},"geometry":{"type":"Point","coordinates":[5551009,477269]}}`, Options{}, "1:103", "are exchanged", "write the easting and then northing: [477269, 5551009]"},
		{"exchanged degrees in a file of metres", `{"type":"Feature","crs":{"properties":{"name":"EPSG:25832"}},"geometry":{"type":"Point","coordinates":[50.1,8.7]}}`, Options{}, "1:103", "are degrees and no metres", `leave out "crs"`},
		{"the neighbouring zone", `{"type":"Feature","crs":{"properties":{"name":"EPSG:25833"}},"geometry":{"type":"Point","coordinates":[900000,5551009]}}`, Options{}, "1:103", "lies not in the area if it is read as EPSG:25833", "state the system (EPSG:25832"},
		{"numbers of no system", `{"type":"Feature","geometry":{"type":"Point","coordinates":[1234,5678]}}`, Options{}, "1:60", "[1234, 5678] are no degrees", "EPSG:4326"},
		{"metres of no place", `{"type":"Feature","geometry":{"type":"Point","coordinates":[-4e6,-3e7]}}`, Options{CRS: UTM32}, "1:60", "lies outside of the area", "check the coordinates"},
		{"degrees in a file of metres", `{"type":"Feature","crs":{"properties":{"name":"EPSG:25832"}},"geometry":` + goodPoint + `}`, Options{}, "1:103", "are degrees and no metres of EPSG:25832", `leave out "crs"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, faults := Read("f", []byte(row.src), row.options)
			if len(faults) != 1 {
				t.Fatalf("%d faults: %v", len(faults), faults)
			}
			f := faults[0]
			if place := fmt.Sprintf("%d:%d", f.Line, f.Column); place != row.place || !strings.Contains(f.Problem, row.problem) || !strings.Contains(f.Remedy, row.remedy) {
				t.Errorf("%v, want it at %s", f, row.place)
			}
		})
	}
}

const goodFeature = `{"type":"Feature","geometry":` + goodPoint + `}`

func TestMetresAreConverted(t *testing.T) {
	t.Parallel()
	src := `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[477269.5083938,5551009.5748156]}}],` +
		`"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::25832"}}}`
	read, faults := Read("f", []byte(src), Options{})
	if len(faults) > 0 || read.CRS != UTM32 {
		t.Fatal(faults, read.CRS)
	}
	at := read.List[0].Geometry.(Point)
	if !near(at.X, 8.6821, 1e-11) || !near(at.Y, 50.1109, 1e-11) {
		t.Errorf("Frankfurt lies at %v", at)
	}
}

func TestPropertiesAreKeptWithTheirPlaces(t *testing.T) {
	t.Parallel()
	src := "{\"type\":\"Feature\",\"properties\":{\n \"heat\": -5,\n \"name\": \"Müh\\u006cheim\\n\\ud83d\\ude00\", \"on\": true, \"none\": null, \"raw\": [1, {\"a\":2}]},\n\"geometry\":" + goodPoint + "}"
	read, faults := Read("f", []byte(src), Options{IDProperty: "name"})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	f := read.List[0]
	if f.ID != "Mühlheim\n😀" {
		t.Errorf("the id is %q", f.ID)
	}
	want := []any{-5.0, "Mühlheim\n😀", true, nil, Raw(`[1, {"a":2}]`)}
	for i, p := range f.Properties {
		if !reflect.DeepEqual(p.Value, want[i]) {
			t.Errorf("%s is %v, want %v", p.Name, p.Value, want[i])
		}
	}
	if fault := f.PropertyFault("heat", "negative", "state a positive number"); fault.Line != 2 || fault.Column != 10 {
		t.Errorf("the heat stands at %d:%d", fault.Line, fault.Column)
	}
	if fault := f.PropertyFault("absent", "missing", ""); fault.Line != 1 || fault.Column != 1 {
		t.Errorf("what is absent stands at %d:%d", fault.Line, fault.Column)
	}
}

func TestEndlessFaultsAreCounted(t *testing.T) {
	t.Parallel()
	read, faults := Read("f", []byte(collection(slices.Repeat([]string{"null"}, 1500)...)), Options{})
	if len(faults) != maxFaults+1 || !strings.Contains(faults[maxFaults].Problem, "500 more features") || read.Refused != 1500 {
		t.Errorf("%d faults, %d refused, the last: %v", len(faults), read.Refused, faults[len(faults)-1])
	}
}

// What is written is read back as it was.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		coordinate := func(name string, low, high int) float64 {
			return float64(rapid.IntRange(low, high).Draw(t, name)) / 1e7
		}
		at := func() Point { return Point{coordinate("lon", 60e6, 150e6), coordinate("lat", 475e6, 550e6)} }
		var g Geometry
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			g = at()
		case 1:
			a := at()
			g = Line{a, at(), {a.X + 0.01, a.Y}} // of some length, wherever the second lies
		case 2:
			a := at()
			g = Polygon{{a, {a.X + 0.01, a.Y}, {a.X, a.Y + 0.01}, a}}
		case 3:
			g = Collection{at(), MultiPoint{at(), at()}}
		}
		src := collection(string(AppendGeometry(nil, g, WGS84, false)))
		read, faults := Read("f", []byte(src), Options{})
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		got := AppendGeometry(nil, read.List[0].Geometry, WGS84, false)
		if want := AppendGeometry(nil, g, WGS84, false); string(got) != string(want) {
			if l, ok := g.(Line); !ok || len(slices.Compact(slices.Clone(l))) == len(l) {
				t.Fatalf("%s was read back as %s", want, got)
			}
		}
	})
}

func TestPositionsAreWrittenInTheOrderAsked(t *testing.T) {
	t.Parallel()
	if got := string(AppendGeometry(nil, Point{8.70000001, -0.00000001}, WGS84, true)); got != `{"type":"Point","coordinates":[0,8.7]}` {
		t.Error(got)
	}
	if got := string(AppendGeometry(nil, MultiPoint{{477269.50839, 5551009.57481}}, UTM32, false)); got != `{"type":"MultiPoint","coordinates":[[477269.508,5551009.575]]}` {
		t.Error(got)
	}
}

// A star drawn by the angle of its corners is simple; a circle with two corners
// exchanged is not, and is refused.
func TestSimpleOutlinesAreTakenAndCrossedOnesAreNot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(5, 40).Draw(t, "n")
		ring := make(Line, n+1)
		for i := range n {
			radius := rapid.Float64Range(0.004, 0.01).Draw(t, "radius")
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			ring[i] = Point{8.7 + radius*cos, 50.1 + radius*sin}
		}
		ring[n] = ring[0]
		text := func(r Line) []byte {
			return []byte(collection(string(AppendGeometry(nil, Polygon{r}, WGS84, false))))
		}
		if _, faults := Read("f", text(ring), Options{}); len(faults) > 0 {
			t.Fatal(faults)
		}
		half := n / 2
		for i := range ring {
			sin, cos := math.Sincos(2 * math.Pi * float64(i%n) / float64(n))
			ring[i] = Point{8.7 + 0.01*cos, 50.1 + 0.01*sin}
		}
		ring[1], ring[half+1] = ring[half+1], ring[1]
		if _, faults := Read("f", text(ring), Options{}); len(faults) != 1 || !strings.Contains(faults[0].Problem, "itself") {
			t.Fatalf("corners 1 and %d exchanged: %v", half+1, faults)
		}
	})
}

// The districts of a real city are read as they are.
func TestRealOutlinesAreRead(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("testdata/kreise.geojson")
	if err != nil {
		t.Fatal(err)
	}
	read, faults := Read("kreise.geojson", src, Options{IDProperty: "AGS", IDs: true, Whole: true, Kinds: []Kind{KindPolygon, KindMultiPolygon}})
	if len(faults) > 0 || len(read.List) != 8 {
		t.Fatalf("%d outlines: %v", len(read.List), faults)
	}
	for _, f := range read.List {
		if area := Area(f.Geometry) / 1e6; area < 40 || area > 400 {
			t.Errorf("%s has %.1f km²", f.ID, area)
		}
	}
}

// A comb of a thousand long teeth is checked along the axis on which they lie apart;
// what would take longer than the budget is refused with its reason.
func TestWhatIsTooIntricateIsRefused(t *testing.T) {
	t.Parallel()
	comb := func(n int, slant float64) Polygon {
		var ring Line
		for i := range n {
			y := 50 + float64(i)/float64(n)
			ring = append(ring, Point{8, y}, Point{9, y + slant}, Point{9, y + slant + 0.2/float64(n)}, Point{8, y + 0.4/float64(n)})
		}
		ring = append(ring, Point{7.9, 51}, Point{7.9, 50}, ring[0])
		return Polygon{ring}
	}
	budget := func(p Polygon, left int) (string, int) {
		c := checker{show: func(p Point) string { return show(p, WGS84) }, left: left}
		f, _ := c.flawOf([]Polygon{p})
		return f.problem, left - c.left
	}
	if problem, used := budget(comb(1000, 0), checkBudget); problem != "" || used > 2_000_000 {
		t.Errorf("level teeth: %q after %d steps", problem, used)
	}
	if problem, used := budget(comb(1000, 0.9), checkBudget); problem != "" || used < 2_000_000 {
		t.Errorf("slanted teeth: %q after %d steps", problem, used)
	}
	if problem, used := budget(comb(1000, 0.9), 1_000_000); !strings.Contains(problem, "too intricate") || used > 1_100_000 {
		t.Errorf("without budget: %q after %d steps", problem, used)
	}
	parts := make([]Polygon, 3000)
	for i := range parts {
		x := 8 + float64(i)*1e-3
		parts[i] = Polygon{{{x, 50}, {x + 5e-4, 50}, {x, 50.1}, {x, 50}}}
	}
	c := checker{show: func(p Point) string { return "" }, left: 1_000_000}
	if f, bad := c.flawOf(parts); !bad || !strings.Contains(f.problem, "too intricate") {
		t.Errorf("many parts: %+v", f)
	}
	c.left = checkBudget
	if f, bad := c.flawOf(parts); bad {
		t.Errorf("many parts with their budget: %+v", f)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(collection(goodPoint, polygon(goodRing), `{"type":"LineString","coordinates":[[8.7,50.1],[8.8,NaN]]}`)))
	f.Add([]byte(`{"type":"Feature","crs":{"properties":{"name":"EPSG:25832"}},"geometry":{"type":"MultiPolygon","coordinates":[[` + goodRing + `]]}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		read, faults := Read("f", src, Options{Area: Earth()})
		if len(read.List) == 0 && len(faults) == 0 {
			t.Fatal("nothing is used and nothing said")
		}
		for _, fault := range faults {
			if fault.Problem == "" || fault.Remedy == "" || fault.Line < 1 && !strings.Contains(fault.Problem, "more features") {
				t.Fatalf("a fault without place or remedy: %#v", fault)
			}
		}
		for _, feature := range read.List {
			for _, p := range points(feature.Geometry) {
				if !p.finite() {
					t.Fatalf("%v was let pass", p)
				}
			}
		}
	})
}

// BenchmarkRead reads 20,000 streets of five positions each: about 3 MB.
func BenchmarkRead(b *testing.B) {
	lines := make([]string, 20000)
	for i := range lines {
		x, y := 8.6+float64(i%200)*1e-3, 50.0+float64(i/200)*1e-3
		lines[i] = string(AppendGeometry(nil, Line{{x, y}, {x + 2e-4, y + 1e-5}, {x + 4e-4, y}, {x + 6e-4, y + 1e-5}, {x + 1e-3, y}}, WGS84, false))
	}
	src := []byte(collection(lines...))
	b.SetBytes(int64(len(src)))
	b.ResetTimer()
	for b.Loop() {
		if read, faults := Read("f", src, Options{}); len(read.List) != 20000 || len(faults) > 0 {
			b.Fatal(faults)
		}
	}
}

// BenchmarkOutline checks one outline of 100,000 positions.
func BenchmarkOutline(b *testing.B) {
	ring := make(Line, 100001)
	for i := range 100000 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / 100000)
		ring[i] = Point{8.7 + 0.1*cos, 50.1 + 0.1*sin}
	}
	ring[100000] = ring[0]
	for b.Loop() {
		c := checker{show: func(p Point) string { return show(p, WGS84) }, left: checkBudget}
		if f, bad := c.flawOf([]Polygon{{ring}}); bad {
			b.Fatal(f)
		}
	}
}
