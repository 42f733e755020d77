package geo

import (
	"encoding/hex"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func fromHex(t testing.TB, text string) []byte {
	t.Helper()
	src, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// The numbers 1, 2, 3 and 4 as eight bytes, the least first.
const one, two, three, four = "000000000000f03f", "0000000000000040", "0000000000000840", "0000000000001040"

func TestWellKnownBinaryIsReadInEveryDialect(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, src string
		want      Geometry
		heights   bool
	}{
		{"a point", "01 01000000" + one + two, Point{1, 2}, false},
		{"a point, the greatest byte first", "00 00000001 3ff0000000000000 4000000000000000", Point{1, 2}, false},
		{"a height of ISO", "01 e9030000" + one + two + three, Point{1, 2}, true},
		{"a measure of ISO", "01 d1070000" + one + two + three, Point{1, 2}, true},
		{"height and measure of ISO", "01 b90b0000" + one + two + three + four, Point{1, 2}, true},
		{"a height of PostGIS", "01 01000080" + one + two + three, Point{1, 2}, true},
		{"the system of PostGIS", "01 01000020 e8640000" + one + two, Point{1, 2}, false},
		{"a line", "01 02000000 02000000" + one + two + three + four, Line{{1, 2}, {3, 4}}, false},
		{"a line with heights", "01 ea030000 02000000" + one + two + four + three + four + four, Line{{1, 2}, {3, 4}}, true},
		{"an empty line", "01 02000000 00000000", Line{}, false},
		{"points of both orders", "01 04000000 02000000 01 01000000" + one + two + "00 00000001 4008000000000000 4010000000000000", MultiPoint{{1, 2}, {3, 4}}, false},
		{"a collection", "01 07000000 01000000 01 01000000" + one + two, Collection{Point{1, 2}}, false},
	} {
		got, heights, err := ParseWKB(fromHex(t, row.src))
		if err != nil || heights != row.heights || !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %v, heights %v, %v", row.name, got, heights, err)
		}
	}
}

func TestWhatIsNoWellKnownBinaryIsRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, src, why string }{
		{"nothing", "", "ends within"},
		{"a header alone", "01 01000000", "ends within"},
		{"half a position", "01 01000000" + one, "ends within"},
		{"no order of bytes", "07 01000000" + one + two, "begins with 7"},
		{"a count that lies", "01 02000000 ffffffff" + one + two, "4294967295 parts follow"},
		{"rings that are not there", "01 03000000 ffffff7f", "parts follow"},
		{"a curve", "01 08000000 00000000", "geometry type 8"},
		{"a type beyond all", "01 a1860100 00000000", "geometry type 100001"},
		{"a line among points", "01 04000000 01000000 01 02000000 00000000" + one + two, "a LineString where a Point is expected"},
		{"bytes behind the end", "01 01000000" + one + two + "00", "1 bytes stand behind"},
		{"collections without end", strings.Repeat("01 07000000 01000000", 20) + "01 01000000" + one + two, "nested"},
	} {
		if _, _, err := ParseWKB(fromHex(t, row.src)); err == nil || !strings.Contains(err.Error(), row.why) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

// geometries are of all kinds, two deep.
func geometries() *rapid.Generator[Geometry] {
	number := rapid.Float64()
	point := rapid.Custom(func(t *rapid.T) Point { return Point{number.Draw(t, "x"), number.Draw(t, "y")} })
	line := rapid.Custom(func(t *rapid.T) Line { return Line(rapid.SliceOfN(point, 0, 5).Draw(t, "line")) })
	polygon := rapid.Custom(func(t *rapid.T) Polygon { return Polygon(rapid.SliceOfN(line, 0, 3).Draw(t, "rings")) })
	flat := rapid.OneOf(
		rapid.Map(point, func(p Point) Geometry { return p }),
		rapid.Map(line, func(l Line) Geometry { return l }),
		rapid.Map(polygon, func(p Polygon) Geometry { return p }),
		rapid.Map(rapid.SliceOfN(point, 0, 4), func(m []Point) Geometry { return MultiPoint(m) }),
		rapid.Map(rapid.SliceOfN(line, 0, 4), func(m []Line) Geometry { return MultiLine(m) }),
		rapid.Map(rapid.SliceOfN(polygon, 0, 4), func(m []Polygon) Geometry { return MultiPolygon(m) }),
	)
	return rapid.OneOf(flat, rapid.Map(rapid.SliceOfN(flat, 0, 3), func(c []Geometry) Geometry { return Collection(c) }))
}

func TestWellKnownBinaryComesBackAsItWent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := geometries().Draw(t, "geometry")
		src := AppendWKB(nil, g)
		back, heights, err := ParseWKB(src)
		if err != nil || heights || back.Kind() != g.Kind() || !reflect.DeepEqual(AppendWKB(nil, back), src) {
			t.Fatalf("%v came back as %v: %v", g, back, err)
		}
	})
}

func TestWellKnownTextIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Geometry{
		"POINT (1 2)":                           Point{1, 2},
		"point(1.5e0 -2)":                       Point{1.5, -2},
		"SRID=25832;POINT(1 2)":                 Point{1, 2},
		"POINT Z (1 2 3)":                       Point{1, 2},
		"POINTZM(1 2 3 4)":                      Point{1, 2},
		"LINESTRING (1 2, 3 4)":                 Line{{1, 2}, {3, 4}},
		"MULTIPOINT (1 2, 3 4)":                 MultiPoint{{1, 2}, {3, 4}},
		"MULTIPOINT ((1 2), (3 4))":             MultiPoint{{1, 2}, {3, 4}},
		"POLYGON ((1 2, 3 4, 1 4, 1 2))":        Polygon{{{1, 2}, {3, 4}, {1, 4}, {1, 2}}},
		"MULTILINESTRING ((1 2, 3 4))":          MultiLine{{{1, 2}, {3, 4}}},
		"MULTIPOLYGON (((1 2, 3 4, 1 4, 1 2)))": MultiPolygon{{{{1, 2}, {3, 4}, {1, 4}, {1, 2}}}},
		"GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))": Collection{Point{1, 2}, Line{{1, 2}, {3, 4}}},
		"POLYGON EMPTY":      Polygon(nil),
		"LINESTRING Z EMPTY": Line(nil),
	} {
		got, heights, err := ParseWKT(text)
		if err != nil || !reflect.DeepEqual(got, want) || heights != strings.Contains(text, "Z") {
			t.Errorf("%s: %v, heights %v, %v", text, got, heights, err)
		}
	}
	for text, why := range map[string]string{
		"":                      "the end at character 1",
		"CIRCLE (1 2)":          `"CIRCLE (1 2)" at character 1`,
		"POINT (1)":             "at character 9 where a number",
		"POINT (1 2":            "the end at character 11 where a number",
		"POINT (1,5 2)":         "where a number",
		"POINT (1 2) x":         "where the end",
		"POINT (1 2 3 4 5)":     "where )",
		"LINESTRING (1 2 3, a)": "where a number",
		strings.Repeat("GEOMETRYCOLLECTION(", 20): "nested",
	} {
		if _, _, err := ParseWKT(text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestFeaturesAreExaminedByTheRulesOfGeoJSON gives the same geometries to both readers.
func TestFeaturesAreExaminedByTheRulesOfGeoJSON(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, row := range []struct {
		name    string
		g       Geometry
		problem string
	}{
		{"a crossing outline", Polygon{{{8.70, 50.10}, {8.71, 50.11}, {8.71, 50.10}, {8.70, 50.11}, {8.70, 50.10}}}, "the outline crosses itself at [8.705, 50.105]"},
		{"an outline that touches itself", Polygon{{{8.70, 50.10}, {8.71, 50.10}, {8.705, 50.105}, {8.71, 50.11}, {8.70, 50.11}, {8.705, 50.105}, {8.70, 50.10}}}, "the outline touches itself at [8.705, 50.105]"},
		{"an open ring", Polygon{{{8.70, 50.10}, {8.71, 50.10}, {8.71, 50.11}, {8.70, 50.11}}}, "the ring is not closed"},
		{"a short ring", Polygon{{{8.70, 50.10}, {8.71, 50.10}, {8.70, 50.10}}}, "the ring has 3 positions"},
		{"an empty ring", Polygon{{{8.70, 50.10}, {8.71, 50.10}, {8.71, 50.11}, {8.70, 50.10}}, {}}, "one of its rings is empty"},
		{"an empty polygon", MultiPolygon{{{{8.70, 50.10}, {8.71, 50.10}, {8.71, 50.11}, {8.70, 50.10}}}, {}}, "one of its polygons is empty"},
		{"parts that overlap", MultiPolygon{{{{8.70, 50.10}, {8.71, 50.10}, {8.71, 50.11}, {8.70, 50.10}}}, {{{8.70, 50.10}, {8.71, 50.10}, {8.71, 50.11}, {8.70, 50.10}}}}, "polygon 2 overlaps polygon 1"},
		{"exchanged coordinates", Point{50.1, 8.7}, "the coordinates of [50.1, 8.7] are exchanged"},
		{"metres of UTM", Point{477269.5, 5551009.6}, "read as EPSG:4326"},
		{"NaN", Point{nan, nan}, "a coordinate is no number"},
		{"nothing", Line{}, "its geometry is empty"},
		{"an empty collection", Collection{}, "its collection of geometries is empty"},
		{"one position", Line{{8.7, 50.1}}, "there are 1 positions"},
		{"a line without length", MultiLine{{{8.7, 50.1}, {8.7, 50.1}}}, "the line has no length"},
		{"a fault within a collection", Collection{Point{8.7, 50.1}, Point{50.1, 8.7}}, "are exchanged"},
		{"no geometry", nil, "it has no geometry"},
	} {
		e := NewExaminer("f.gpkg", Options{})
		e.Add(Candidate{ID: "a", Number: 1, Geometry: Point{8.7, 50.1}})
		e.Add(Candidate{ID: "b", Number: 2, Line: 7, Column: 3, Geometry: row.g})
		read, faults := e.Features()
		if len(read.List) != 1 || read.Refused != 1 || len(faults) != 1 {
			t.Errorf("%s: %d features, %v", row.name, len(read.List), faults)
			continue
		}
		if f := faults[0]; f.File != "f.gpkg" || f.Line != 7 || f.Column != 3 || !strings.HasPrefix(f.Problem, "feature 2 (b): ") || !strings.Contains(f.Problem, row.problem) || f.Remedy == "" {
			t.Errorf("%s: %v", row.name, f)
		}
	}
}

func TestExaminedFeaturesNeedIdsWhereThatIsAsked(t *testing.T) {
	t.Parallel()
	e := NewExaminer("f", Options{IDs: true, IDProperty: "nr", Whole: true, Kinds: []Kind{KindPoint}})
	for i, id := range []string{"a", "", "a"} {
		e.Add(Candidate{ID: id, Number: i + 1, Geometry: Point{8.7, 50.1}})
	}
	e.Add(Candidate{ID: "l", Number: 4, Geometry: Line{{8.7, 50.1}, {8.8, 50.1}}})
	read, faults := e.Features()
	if len(read.List) != 0 || read.Refused != 4 || len(faults) != 3 {
		t.Fatalf("%d features, %v", len(read.List), faults)
	}
	for i, want := range []string{"it has no id", "its id stands twice", "it is a LineString"} {
		if !strings.Contains(faults[i].Problem, want) {
			t.Errorf("%v", faults[i])
		}
	}
}

func FuzzWKB(f *testing.F) {
	for _, seed := range []string{
		"01 01000000" + one + two, "01 03000000 01000000 04000000" + strings.Repeat(one+two, 4), "01 02000000 ffffffff" + one,
		"00 00000007 00000001 01 01000080" + one + two + three, "01 06000000 01000000 01 03000000 01000000 00000000",
	} {
		f.Add(fromHex(f, seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		g, heights, err := ParseWKB(src)
		if err != nil {
			return
		}
		again, _, err := ParseWKB(AppendWKB(nil, g))
		if err != nil || again.Kind() != g.Kind() {
			t.Errorf("%v came back as %v, heights %v: %v", g, again, heights, err)
		}
		e := NewExaminer("f", Options{})
		e.Add(Candidate{Number: 1, Geometry: g})
		if read, faults := e.Features(); len(read.List)+len(faults) == 0 {
			t.Error("neither a feature nor a fault")
		}
	})
}

func FuzzWKT(f *testing.F) {
	for _, seed := range []string{"POINT (1 2)", "POLYGON ((8.6 50.1, 8.61 50.1, 8.61 50.11, 8.6 50.1))", "MULTIPOINT ((1 2), 3 4)", "SRID=1;GEOMETRYCOLLECTION(POINT Z (1 2 3))", "LINESTRING EMPTY"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if g, _, err := ParseWKT(text); err == nil && g == nil {
			t.Error("neither a geometry nor an error")
		}
	})
}
