package geopackage

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/heatmap/geo"
)

// changed is the time of last change of all files written here.
func changed() time.Time { return time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC) }

// sketch are layers of every kind of geometry and attribute. Their demand is invented.
func sketch() []Layer {
	ring := geo.Line{{X: 8.60, Y: 50.10}, {X: 8.61, Y: 50.10}, {X: 8.61, Y: 50.11}, {X: 8.60, Y: 50.11}, {X: 8.60, Y: 50.10}}
	hole := geo.Line{{X: 8.602, Y: 50.102}, {X: 8.602, Y: 50.104}, {X: 8.604, Y: 50.104}, {X: 8.602, Y: 50.102}}
	east := ring.Transform(func(p geo.Point) geo.Point { return geo.Point{X: p.X + 0.02, Y: p.Y} }).(geo.Line)
	day := energy.Date{Year: 2025, Month: 6, Day: 3}
	return []Layer{
		{
			Name: "blocks", Title: "Baublöcke mit \"Wärme\"", Description: "invented", CRS: geo.UTM32,
			Columns: []Column{{"id", Text}, {"heat_kwh", Real}, {"connections", Integer}, {"surveyed", Date}, {"seen", DateTime}, {"open", Boolean}},
			Rows: []Row{
				{geo.Polygon{ring, hole}, []any{"b'1", 1.25e6, 12, day, changed(), true}},
				{geo.MultiPolygon{{east}}, []any{"b2 – süd", nil, nil, nil, nil, nil}},
			},
			Style: &Style{Name: "heat", QML: "<!DOCTYPE qgis><qgis version=\"3.28\"/>", Description: "by heat"},
		},
		{
			Name: "streets", CRS: geo.UTM33, Columns: []Column{{"id", Text}},
			Rows: []Row{{geo.Line{{X: 13.4, Y: 52.5}, {X: 13.41, Y: 52.51}}, []any{"s1"}}, {geo.Line{{X: 13.41, Y: 52.51}, {X: 13.42, Y: 52.51}}, []any{"s2"}}},
		},
		{Name: "sources", Columns: []Column{{"id", Text}, {"kw", Integer}}, Rows: []Row{{geo.Point{X: 8.6821, Y: 50.1109}, []any{"q1", int64(1) << 60}}}},
		{Name: "mixed", Columns: []Column{{"id", Text}}, Rows: []Row{{geo.Point{X: 8.7, Y: 50.1}, []any{"p"}}, {geo.Line{{X: 8.7, Y: 50.1}, {X: 8.8, Y: 50.1}}, []any{"l"}}, {geo.Collection{geo.Point{X: 8.7, Y: 50.1}}, []any{"c"}}}},
		{Name: "nothing", Columns: []Column{{"id", Text}}},
	}
}

func write(t testing.TB, layers []Layer) []byte {
	t.Helper()
	src, err := Write(layers, changed())
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func opened(t testing.TB, file string, src []byte) *Package {
	t.Helper()
	p, faults := Open(file, src)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// near tells whether geometries are the same to a centimetre, which seven decimals give.
func near(a, b geo.Geometry) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	var positions []geo.Point
	a.Transform(func(p geo.Point) geo.Point { positions = append(positions, p); return p })
	n, same := 0, true
	b.Transform(func(p geo.Point) geo.Point {
		same = same && n < len(positions) && geo.Distance(p, positions[n]) < 0.011
		n++
		return p
	})
	return same && n == len(positions)
}

// attributes are those of a feature by their names.
func attributes(f geo.Feature) map[string]any {
	m := make(map[string]any)
	for _, p := range f.Properties {
		m[p.Name] = p.Value
	}
	return m
}

// matchesSketch tells of each layer what is not as it was written.
func matchesSketch(t *testing.T, p *Package) {
	t.Helper()
	for _, l := range sketch() {
		read, faults := p.Read(l.Name, geo.Options{IDProperty: "id", IDs: true})
		want := l.CRS
		if want == 0 {
			want = geo.WGS84
		}
		if len(faults) > 0 || len(read.List) != len(l.Rows) || read.CRS != want {
			t.Errorf("%s: %d features in %s, %v", l.Name, len(read.List), read.CRS, faults)
			continue
		}
		kind := kindOf(l.Rows)
		for i, f := range read.List {
			g, _ := as(l.Rows[i].Geometry, kind)
			if !near(g, f.Geometry) {
				t.Errorf("%s, row %d: %v came back as %v", l.Name, i+1, g, f.Geometry)
			}
			got := attributes(f)
			for k, c := range l.Columns {
				if want := expected(l.Rows[i].Values[k]); !reflect.DeepEqual(got[c.Name], want) {
					t.Errorf("%s, row %d, %s: %#v came back as %#v", l.Name, i+1, c.Name, want, got[c.Name])
				}
			}
		}
	}
}

// expected is a value as a reader gives it.
func expected(v any) any {
	switch v := v.(type) {
	case int:
		return float64(v)
	case int64:
		return fmt.Sprint(v) // beyond 2^53
	case energy.Date:
		return v.String()
	case time.Time:
		return v.Format(instant)
	}
	return v
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	p := opened(t, "sketch.gpkg", write(t, sketch()))
	var names []string
	for _, l := range p.Layers() {
		names = append(names, l.Name+" "+l.Kind+" "+l.System)
	}
	want := []string{"blocks MULTIPOLYGON EPSG:25832", "streets LINESTRING EPSG:25833", "sources POINT EPSG:4326", "mixed GEOMETRY EPSG:4326", "nothing GEOMETRY EPSG:4326"}
	if !reflect.DeepEqual(names, want) {
		t.Errorf("%q", names)
	}
	if p.Layers()[0].Title != `Baublöcke mit "Wärme"` || p.Layers()[1].Title != "streets" {
		t.Errorf("%+v", p.Layers())
	}
	matchesSketch(t, p)
}

func TestTheKindOfALayerIsTheLeastThatHoldsItsRows(t *testing.T) {
	t.Parallel()
	point, line := geo.Point{X: 8.7, Y: 50.1}, geo.Line{{X: 8.7, Y: 50.1}, {X: 8.8, Y: 50.1}}
	polygon := geo.Polygon{{{X: 8.60, Y: 50.10}, {X: 8.61, Y: 50.10}, {X: 8.61, Y: 50.11}, {X: 8.60, Y: 50.10}}}
	for _, row := range []struct {
		kind string
		rows []geo.Geometry
	}{
		{"POINT", []geo.Geometry{nil, point}},
		{"MULTIPOINT", []geo.Geometry{point, geo.MultiPoint{point, {X: 9, Y: 50}}, nil, point}},
		{"MULTILINESTRING", []geo.Geometry{geo.MultiLine{line}, line}},
		{"MULTIPOLYGON", []geo.Geometry{polygon, geo.MultiPolygon{polygon}}},
		{"GEOMETRY", []geo.Geometry{geo.MultiPolygon{polygon}, line}},
		{"GEOMETRYCOLLECTION", []geo.Geometry{geo.Collection{point}}},
	} {
		l := Layer{Name: "l"}
		for _, g := range row.rows {
			l.Rows = append(l.Rows, Row{Geometry: g})
		}
		src := write(t, []Layer{l})
		p := opened(t, "l.gpkg", src)
		read, _ := p.Read("l", geo.Options{})
		if got := p.Layers()[0].Kind; got != row.kind || len(read.List) != len(row.rows)-strings.Count(fmt.Sprint(row.rows), "<nil>") {
			t.Errorf("%s with %d features, want %s", got, len(read.List), row.kind)
		}
		if version := binary.BigEndian.Uint32(src[60:]); version != 10300 || string(src[68:72]) != "GPKG" {
			t.Errorf("version %d of %q", version, src[68:72])
		}
		for _, f := range read.List {
			if row.kind != "GEOMETRY" && !strings.EqualFold(string(f.Geometry.Kind()), row.kind) {
				t.Errorf("a %s in a layer of %s", f.Geometry.Kind(), row.kind)
			}
		}
	}
}

func TestAFileIsNotChangedByLookingIntoIt(t *testing.T) {
	t.Parallel()
	src := write(t, sketch())
	src[18], src[19] = 2, 2
	before := bytes.Clone(src)
	matchesSketch(t, opened(t, "sketch.gpkg", src))
	if !bytes.Equal(src, before) {
		t.Error("the bytes of a file that was written ahead are others than before")
	}
}

func TestAnyRowsComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	point := rapid.Custom(func(t *rapid.T) geo.Point {
		return geo.Point{X: float64(rapid.IntRange(60_000_000, 149_999_999).Draw(t, "x")) / 1e7, Y: float64(rapid.IntRange(475_000_000, 548_000_000).Draw(t, "y")) / 1e7}
	})
	row := rapid.Custom(func(t *rapid.T) Row {
		r := Row{Geometry: point.Draw(t, "at"), Values: []any{nil, nil, nil, nil}}
		for i, value := range []func() any{
			func() any { return rapid.String().Draw(t, "text") },
			func() any { return rapid.Int64Range(-1<<53, 1<<53).Draw(t, "integer") },
			func() any { return rapid.Float64().Draw(t, "real") },
			func() any { return rapid.Bool().Draw(t, "boolean") },
		} {
			if rapid.Bool().Draw(t, "known") {
				r.Values[i] = value()
			}
		}
		return r
	})
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOfN(row, 1, 8).Draw(rt, "rows")
		src, err := Write([]Layer{{Name: "l", Columns: []Column{{"t", Text}, {"i", Integer}, {"r", Real}, {"b", Boolean}}, Rows: rows}}, changed())
		if err != nil {
			rt.Fatal(err)
		}
		read, faults := Features("l.gpkg", src, "l", geo.Options{})
		if len(faults) > 0 || len(read.List) != len(rows) {
			rt.Fatalf("%d features, %v", len(read.List), faults)
		}
		for i, f := range read.List {
			if f.Geometry != rows[i].Geometry || f.ID != fmt.Sprint(i+1) {
				rt.Fatalf("%s: %v came back as %v", f.ID, rows[i].Geometry, f.Geometry)
			}
			for k, want := range rows[i].Values {
				if n, ok := want.(int64); ok {
					want = float64(n)
				}
				if got := f.Properties[k].Value; got != want {
					rt.Fatalf("%s: %#v came back as %#v", f.Properties[k].Name, want, got)
				}
			}
		}
	})
}

func TestTheSameLayersGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	first := write(t, sketch())
	for range 3 {
		if !bytes.Equal(first, write(t, sketch())) {
			t.Fatal("two files of the same layers differ")
		}
	}
	later, err := Write(sketch(), changed().Add(time.Second))
	if err != nil || bytes.Equal(first, later) {
		t.Errorf("the time of the last change is not in the file, %v", err)
	}
}

func TestLayersThatCannotBeWrittenAreNamed(t *testing.T) {
	t.Parallel()
	point := geo.Point{X: 8.7, Y: 50.1}
	one := func(t Type, v any) Layer {
		return Layer{Name: "l", Columns: []Column{{"c", t}}, Rows: []Row{{point, []any{v}}}}
	}
	for _, row := range []struct {
		name  string
		layer Layer
		why   string
	}{
		{"a name with a quote", Layer{Name: `l"; drop table x; --`}, "letters, digits and underscores"},
		{"a name of the format", Layer{Name: "GPKG_contents"}, "not beginning as tables of GeoPackage"},
		{"the table of styles", Layer{Name: "layer_styles"}, "not beginning as tables of GeoPackage"},
		{"a column of the format", Layer{Name: "l", Columns: []Column{{"Geom", Text}}}, `the column "Geom" stands twice`},
		{"a column with a quote", Layer{Name: "l", Columns: []Column{{`c"`, Text}}}, "letters, digits and underscores"},
		{"a column twice", Layer{Name: "l", Columns: []Column{{"c", Text}, {"C", Real}}}, `the column "C" stands twice`},
		{"a number without end", one(Real, math.Inf(1)), "what is not known is nil"},
		{"an unknown type", Layer{Name: "l", Columns: []Column{{"c", "BLOB"}}}, `the type "BLOB"`},
		{"an unknown system", Layer{Name: "l", CRS: 31467}, "EPSG:31467 is not known"},
		{"too few values", Layer{Name: "l", Columns: []Column{{"c", Text}}, Rows: []Row{{point, nil}}}, "row 1 has 0 values for 1 columns"},
		{"text in a column of numbers", one(Real, "1"), "row 1, column c: string is no value of the type REAL"},
		{"a number that is none", one(Real, math.NaN()), "what is not known is nil"},
		{"a line among points", Layer{Name: "l", Kind: geo.KindPoint, Rows: []Row{{point, nil}, {geo.Line{point, {X: 8.8, Y: 50}}, nil}}}, "row 2 is a LineString among Points"},
		{"no positions", Layer{Name: "l", Rows: []Row{{geo.Line{}, nil}}}, "row 1 has no positions"},
	} {
		if _, err := Write([]Layer{row.layer}, changed()); err == nil || !strings.Contains(err.Error(), row.why) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	if _, err := Write([]Layer{{Name: "a"}, {Name: "A"}}, changed()); err == nil || !strings.Contains(err.Error(), "its name stands twice") {
		t.Errorf("a layer twice: %v", err)
	}
}

// gdal runs a tool of GDAL, an independent reader and writer of GeoPackage; where
// it is missing the test fails (tools/setup test installs it).
func gdal(t *testing.T, tool string, args ...string) string {
	t.Helper()
	out, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", tool, strings.Join(args, " "), err, out)
	}
	if text := string(out); strings.Contains(text, "ERROR") || strings.Contains(text, "Warning") {
		t.Errorf("%s %s: %s", tool, strings.Join(args, " "), text)
	}
	return string(out)
}

func TestGDALReadsEveryLayerAndItsWritingComesBackTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ours, theirs := filepath.Join(dir, "ours.gpkg"), filepath.Join(dir, "theirs.gpkg")
	if err := os.WriteFile(ours, write(t, sketch()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		layer string
		wants []string
	}{
		{"blocks", []string{"Geometry: Multi Polygon", "Feature Count: 2", `ID["EPSG",25832]`, "id: String", "heat_kwh: Real", "connections: Integer64", "surveyed: Date", "seen: DateTime", "open: Integer(Boolean)", "FID Column = fid", "Geometry Column = geom"}},
		{"streets", []string{"Geometry: Line String", "Feature Count: 2", `ID["EPSG",25833]`}},
		{"sources", []string{"Geometry: Point", "Extent: (8.682100, 50.110900)", `ID["EPSG",4326]`}},
		{"mixed", []string{"Geometry: Unknown (any)", "Feature Count: 3"}},
		{"nothing", []string{"Feature Count: 0"}},
	} {
		out := gdal(t, "ogrinfo", "-so", ours, row.layer)
		for _, want := range row.wants {
			if !strings.Contains(out, want) {
				t.Errorf("%s: ogrinfo does not say %q:\n%s", row.layer, want, out)
			}
		}
	}
	// A filter by place goes by the index: it finds the one block that lies there.
	if out := gdal(t, "ogrinfo", "-spat", "470000", "5549000", "472500", "5553000", "-al", ours, "blocks"); strings.Count(out, "OGRFeature(blocks)") != 1 || !strings.Contains(out, "id (String) = b'1") {
		t.Errorf("the index finds:\n%s", out)
	}
	if out := gdal(t, "ogrinfo", "-q", ours, "-sql", `select styleName, styleQML from layer_styles where f_table_name = 'blocks' and f_geometry_column = 'geom' and useAsDefault = 1`); !strings.Contains(out, `<qgis version="3.28"/>`) {
		t.Errorf("the style is\n%s", out)
	}
	gdal(t, "ogr2ogr", "-f", "GPKG", theirs, ours)
	src, err := os.ReadFile(theirs)
	if err != nil {
		t.Fatal(err)
	}
	matchesSketch(t, opened(t, "theirs.gpkg", src))
	// And changed by them: the triggers of our index hold.
	gdal(t, "ogrinfo", "-q", ours, "-sql", `update blocks set geom = (select geom from blocks where fid = 2) where fid = 1`)
	if out := gdal(t, "ogrinfo", "-q", ours, "-sql", `select count(*) as n from rtree_blocks_geom a, rtree_blocks_geom b where a.id < b.id and a.minx = b.minx`); !strings.Contains(out, "n (Integer) = 1") {
		t.Errorf("after a change by GDAL the index has\n%s", out)
	}
}

func TestGeometriesOfGDALAreThePointsOfOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ours, back := filepath.Join(dir, "ours.gpkg"), filepath.Join(dir, "back.geojson")
	if err := os.WriteFile(ours, write(t, sketch()), 0o600); err != nil {
		t.Fatal(err)
	}
	gdal(t, "ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4326", "-lco", "RFC7946=YES", back, ours, "blocks")
	src, err := os.ReadFile(back)
	if err != nil {
		t.Fatal(err)
	}
	read, faults := geo.Read("back.geojson", src, geo.Options{})
	if len(faults) > 0 || len(read.List) != 2 {
		t.Fatal(faults)
	}
	want := sketch()[0].Rows[0].Geometry // GDAL writes several of one as one
	if !near(want, read.List[0].Geometry) {
		t.Errorf("PROJ places it at %v, we at %v", read.List[0].Geometry, want)
	}
}

func TestLayersAsOtherProgramsWriteThemAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from := filepath.Join(dir, "in.geojson")
	var features []string
	for i, geometry := range []string{`{"type":"Point","coordinates":[8.7,50.1,112.5]}`, `{"type":"Point","coordinates":[8.71,50.1,110]}`} {
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"nr":"h%d","kwh":%d},"geometry":%s}`, i, 100*i, geometry))
	}
	if err := os.WriteFile(from, []byte(`{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"1.0", "1.2", "1.3"} {
		file := filepath.Join(dir, "v"+version+".gpkg")
		gdal(t, "ogr2ogr", "-f", "GPKG", "-dsco", "VERSION="+version, "-lco", "FID=key", "-lco", "GEOMETRY_NAME=shape", "-t_srs", "EPSG:25832", file, from, "-nln", "houses")
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		src[18], src[19] = 2, 2 // as a program leaves it that writes ahead
		p := opened(t, "v.gpkg", src)
		read, faults := p.Read("", geo.Options{})
		if len(faults) > 0 || len(read.List) != 2 || read.Heights != 2 || !p.Layers()[0].Heights || read.List[1].ID != "2" {
			t.Fatalf("version %s: %d features, %d heights, %v", version, len(read.List), read.Heights, faults)
		}
		if v, _ := read.List[1].Property("kwh"); v != 100.0 || geo.Distance(read.List[1].Geometry.(geo.Point), geo.Point{X: 8.71, Y: 50.1}) > 0.01 {
			t.Errorf("version %s: %v at %v", version, v, read.List[1].Geometry)
		}
	}
}

func BenchmarkWriteAndRead(b *testing.B) {
	l := Layer{Name: "blocks", CRS: geo.UTM32, Columns: []Column{{"id", Text}, {"heat_kwh", Real}}}
	for i := range 2000 {
		x, y := 8.5+0.001*float64(i%50), 50.1+0.001*float64(i/50)
		ring := geo.Line{{X: x, Y: y}, {X: x + 0.0008, Y: y}, {X: x + 0.0008, Y: y + 0.0008}, {X: x, Y: y + 0.0008}, {X: x, Y: y}}
		l.Rows = append(l.Rows, Row{geo.Polygon{ring}, []any{fmt.Sprint("b", i), 1000.5}})
	}
	for b.Loop() {
		p, faults := Open("b.gpkg", write(b, []Layer{l}))
		if len(faults) > 0 {
			b.Fatal(faults)
		}
		read, faults := p.Read("", geo.Options{IDProperty: "id"})
		if len(faults) > 0 || len(read.List) != 2000 {
			b.Fatal(faults)
		}
		p.Close()
	}
}
