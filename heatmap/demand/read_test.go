package demand

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/geopackage"
)

// block is a square of about 100 m × 100 m in Frankfurt, the n-th from west to east.
func block(n int) string {
	x := 8.60 + 0.01*float64(n)
	return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]g,50.1],[%[2]g,50.1],[%[2]g,50.1009],[%[1]g,50.1009],[%[1]g,50.1]]]}`, x, x+0.0014)
}

// collection is a GeoJSON file of blocks with properties, one a line.
func collection(properties ...string) string {
	features := make([]string, len(properties))
	for i, p := range properties {
		features[i] = fmt.Sprintf(`{"type":"Feature","id":"b%d","properties":{%s},"geometry":%s}`, i+1, p, block(i))
	}
	return `{"type":"FeatureCollection","features":[` + "\n" + strings.Join(features, ",\n") + "\n]}"
}

func TestAreasAreReadWithAllThatTheyState(t *testing.T) {
	t.Parallel()
	src := collection(`"name":"Altbau","heat_kwh":1.2e6,"peak_kw":600,"profile":"hmf04","flow_c":75,"return_c":50,"connections":12,"street_m":340,"grade":"measured","source":"Abrechnung 2025"`, `"heat_kwh":5e5`)
	areas, faults := Read("a.geojson", []byte(src), Options{Grade: heatmap.Estimated, Source: "Wärmekataster 2024", Profile: "GKO33"})
	if len(faults) > 0 || len(areas) != 2 {
		t.Fatal(faults)
	}
	a := areas[0]
	if a.ID != "b1" || a.Name != "Altbau" || a.Heat != 1.2e6 || a.Peak != (Power{600, true}) || a.Profile != "HMF04" || a.Flow != heatmap.At(75) || a.Return != heatmap.At(50) ||
		a.Connections != 12 || a.StreetMetres != (Metres{340, true}) || a.Grade != heatmap.Measured || a.Source != "Abrechnung 2025" {
		t.Errorf("%+v", a)
	}
	if b := areas[1]; b.Peak.OK || b.Flow.OK || b.StreetMetres.OK || b.Connections != 0 || b.Grade != heatmap.Estimated || b.Source != "Wärmekataster 2024" || b.Profile != "GKO33" {
		t.Errorf("%+v", b)
	}
	if d, ok := a.Density(); !ok || math.Abs(float64(d)-119.8) > 0.5 || math.Abs(d.MegawattHoursPerHectare()-10*float64(d)) > 1e-9 {
		t.Errorf("1.2 GWh on about 100 m × 100 m are %g kWh/m²", float64(d))
	}
	if bare, _ := Read("a.geojson", []byte(src), Options{}); bare[1].Grade != heatmap.Declared || bare[1].Profile != "" {
		t.Errorf("what is not stated anywhere is declared: %+v", bare[1])
	}
}

func TestFaultsOfAreasAreNamedFeatureByFeature(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, properties, problem, remedy string }{
		{"no heat", `"name":"x"`, "it states no heat", `fill in "heat_kwh"`},
		{"null for heat", `"heat_kwh":null`, "it states no heat", "leave the area out"},
		{"negative heat", `"heat_kwh":-5`, "its heat is -5 kWh a year", "above zero"},
		{"no heat at all", `"heat_kwh":0`, "its heat is 0 kWh a year", "leave out what takes none"},
		{"heat that is a word", `"heat_kwh":"viel"`, `its heat_kwh is "viel"`, "a number is expected"},
		{"heat that is NaN", `"heat_kwh":"NaN"`, `its heat_kwh is "NaN"`, "a number is expected"},
		{"heat in other units", `"heat_kwh":5e8`, "which is believed of no ground", "check the unit of the column: it is read as kWh"},
		{"heat beyond numbers", `"heat_kwh":1e308`, "which is believed of no ground", "check the unit"},
		{"a peak below the mean", `"heat_kwh":1e6,"peak_kw":50`, "1000000 kWh a year are more than 50 kW give", "check the units"},
		{"a peak of nothing", `"heat_kwh":1,"peak_kw":0`, "its peak is 0 kW", "leave it empty"},
		{"an unknown profile", `"heat_kwh":1,"profile":"HMF35"`, `the load profile "HMF35" is not known`, "did you mean"},
		{"a flow of steam", `"heat_kwh":1,"flow_c":400`, "its flow_c is 400", "0 to 200 °C"},
		{"a return above the flow", `"heat_kwh":1,"flow_c":50,"return_c":70`, "a return of 70 °C under a flow of 50 °C", "exchanged"},
		{"half a connection", `"heat_kwh":1,"connections":1.5`, "it has 1.5 connections", "whole number"},
		{"a street of no length", `"heat_kwh":1,"street_m":0`, "its streets are 0 m long", "leave it empty"},
		{"an unknown grade", `"heat_kwh":1,"grade":"guessed"`, `the grade "guessed" is not known`, "estimated"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			src := []byte(collection(`"heat_kwh":1`, row.properties, `"heat_kwh":2`))
			areas, faults := Read("a.geojson", src, Options{Partial: true})
			if len(faults) != 1 {
				t.Fatalf("%d faults: %v", len(faults), faults)
			}
			if f := faults[0]; f.File != "a.geojson" || f.Line != 3 || !strings.HasPrefix(f.Problem, "feature 2 (b2): ") || !strings.Contains(f.Problem, row.problem) || !strings.Contains(f.Remedy, row.remedy) {
				t.Errorf("%v", f)
			}
			if len(areas) != 2 || areas[1].Heat != 2 {
				t.Errorf("%d areas are used", len(areas))
			}
			if areas, again := Read("a.geojson", src, Options{}); len(areas) != 0 || len(again) != 1 {
				t.Errorf("%d areas of the refused file are used", len(areas))
			}
		})
	}
}

func TestFilesAsAWholeAreRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, src string
		o         Options
		problem   string
	}{
		{"a unit that is none", collection(`"heat_kwh":1`), Options{Heat: "TWh"}, `unit of heat "TWh"`},
		{"a unit of power that is none", collection(`"heat_kwh":1`), Options{Peak: "PS"}, `unit of power "PS"`},
		{"a profile for all that is none", collection(`"heat_kwh":1`), Options{Profile: "H0"}, `load profile "H0"`},
		{"nothing", "", Options{}, "the file is empty"},
		{"a header alone", "id,heat_kwh,lon,lat\n", Options{}, "no row below the header"},
		{"no column of heat", "id,heat_kw,lon,lat\na,1,8.6,50.1\n", Options{}, `no column "heat_kwh"`},
		{"no geometries", "id,heat_kwh\na,1\n", Options{}, "the rows have no geometries"},
		{"a column twice", "id,heat_kwh,heat_kwh,lon,lat\na,1,1,8.6,50.1\n", Options{}, `"heat_kwh" stands twice`},
		{"broken SQLite", "SQLite format 3\x00", Options{}, "no GeoPackage"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.o.Partial = true
			areas, faults := Read("f", []byte(row.src), row.o)
			if len(areas) != 0 || len(faults) != 1 || !strings.Contains(faults[0].Problem, row.problem) {
				t.Errorf("%d areas, %v", len(areas), faults)
			}
		})
	}
}

func TestIDsAreThoseOfTheColumnThatIsNamed(t *testing.T) {
	t.Parallel()
	src := []byte(collection(`"nr":7,"heat_kwh":1`, `"nr":7,"heat_kwh":1`, `"heat_kwh":1`, `"nr":8,"heat_kwh":1`))
	areas, faults := Read("a.geojson", src, Options{Partial: true, Columns: Columns{ID: "nr"}})
	if len(areas) != 2 || areas[0].ID != "7" || areas[1].ID != "8" {
		t.Errorf("%v", areas)
	}
	if len(faults) != 2 || !strings.Contains(faults[0].Problem, `its id "7" stands twice`) || faults[0].Line != 3 || !strings.Contains(faults[1].Problem, "it has no id") {
		t.Errorf("%v", faults)
	}
}

func TestNamesOfBuildingTypesStandForProfiles(t *testing.T) {
	t.Parallel()
	src := []byte(collection(`"heat_kwh":1,"profile":"verwaltung"`, `"heat_kwh":1,"profile":"hef33"`, `"heat_kwh":1,"profile":"Schule"`))
	areas, faults := Read("a.geojson", src, Options{Partial: true, Types: map[string]Profile{"Verwaltung": "GKO33"}})
	if len(areas) != 2 || areas[0].Profile != "GKO33" || areas[1].Profile != "HEF33" {
		t.Errorf("%v", areas)
	}
	if len(faults) != 1 || !strings.Contains(faults[0].Problem, `"SCHULE" is not known`) {
		t.Errorf("%v", faults)
	}
	if _, faults := Read("a.geojson", src, Options{Types: map[string]Profile{"Schule": "GSC33"}}); len(faults) != 1 || !strings.Contains(faults[0].Problem, `"GSC33", which "Schule" stands for`) {
		t.Errorf("%v", faults)
	}
}

func TestTablesAreReadByThePositionsOrTextsOrIdsTheyHave(t *testing.T) {
	t.Parallel()
	blocks, faults := geo.Read("blocks.geojson", []byte(collection(`"n":1`, `"n":2`)), geo.Options{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, row := range []struct {
		name, src string
		o         Options
		heat      heatmap.KilowattHours
		kind      geo.Kind
	}{
		{"positions", "id,heat_kwh,lon,lat\nb1,1200.5,8.6821,50.1109\n", Options{}, 1200.5, geo.KindPoint},
		{"German numbers", "ID;Wärme [MWh];lon;lat\nb1;1.200,5;8,6821;50,1109\n", Options{Columns: Columns{Heat: "Wärme [MWh]"}, Heat: MegawattHours}, 1200500, geo.KindPoint},
		{"thousands that another cell settles", "id;heat_kwh;lon;lat\nb1;1.200;8,6821;50,1109\n", Options{}, 1200, geo.KindPoint},
		{"fractions that another cell settles", "id;heat_kwh;lon;lat\nb1;1.200;8.6821;50.1109\n", Options{}, 1.2, geo.KindPoint},
		{"an exponent", "id;heat_kwh;lon;lat\nb1;1.2e6;8.6821;50.1109\n", Options{}, 1.2e6, geo.KindPoint},
		{"metres of UTM", "id,heat_kwh,x,y\nb1,7,477269.5,5551009.6\n", Options{CRS: geo.UTM32, Columns: Columns{Longitude: "x", Latitude: "y"}}, 7, geo.KindPoint},
		{"well-known text", "id;heat_kwh;wkt\nb1;9;POLYGON((8.6 50.1, 8.61 50.1, 8.61 50.11, 8.6 50.1))\n", Options{}, 9, geo.KindPolygon},
		{"ids of geometries", "id;heat_kwh\nb1;11\n", Options{Geometries: blocks.List}, 11, geo.KindPolygon},
		{"the encoding of Windows", "id;heat_kwh;lon;lat;name\nb1;11;8,6821;50,1109;Gr\xfcnfl\xe4che\n", Options{}, 11, geo.KindPoint},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			areas, faults := Read("a.csv", []byte(row.src), row.o)
			if len(faults) > 0 || len(areas) != 1 {
				t.Fatal(faults)
			}
			if a := areas[0]; a.ID != "b1" || math.Abs(float64(a.Heat-row.heat)) > 1e-9*float64(row.heat) || a.Geometry.Kind() != row.kind {
				t.Errorf("%s, %g kWh, %s", a.ID, float64(a.Heat), a.Geometry.Kind())
			}
			if at, ok := areas[0].At(); !ok || !geo.Germany().Contains(at) {
				t.Errorf("it lies at %v", at)
			}
		})
	}
}

func TestFaultsOfTablesHaveLineAndColumn(t *testing.T) {
	t.Parallel()
	blocks, _ := geo.Read("blocks.geojson", []byte(collection(`"n":1`)), geo.Options{})
	positions := "id;heat_kwh;lon;lat\nb1;1;8,6821;50,1109\n"
	for _, row := range []struct {
		name, src    string
		o            Options
		line, column int
		problem      string
	}{
		{"demand without area", "id;heat_kwh\nb1;1\nb9;1\n", Options{Geometries: blocks.List}, 3, 1, "it has demand and no area"},
		{"a number that may be two", "id;heat_kwh;x;y\nb1;1.200;477269;5551009\n", Options{CRS: geo.UTM32, Columns: Columns{Longitude: "x", Latitude: "y"}}, 2, 2, `heat_kwh: "1.200" can be read in two ways`},
		{"a number that is none", positions + "b2;x;8,6821;50,1109\n", Options{}, 3, 2, `heat_kwh: "x" is no number`},
		{"negative heat", positions + "b2;-1;8,6821;50,1109\n", Options{}, 3, 2, "its heat is -1 kWh a year"},
		{"exchanged coordinates", positions + "b2;1;50,1109;8,6821\n", Options{}, 3, 1, "are exchanged"},
		{"an id twice", positions + "b1;1;8,6821;50,1109\n", Options{}, 3, 1, "its id stands twice"},
		{"no id", positions + ";1;8,6821;50,1109\n", Options{}, 3, 1, "it has no id"},
		{"no position", positions + "b2;1;;50,1109\n", Options{}, 3, 1, "it has no geometry"},
		{"a crossing outline", "id;heat_kwh;wkt\nb2;1;POLYGON((8.6 50.1, 8.61 50.11, 8.61 50.1, 8.6 50.11, 8.6 50.1))\n", Options{}, 2, 1, "the outline crosses itself"},
		{"text that is no geometry", "id;heat_kwh;wkt\nb2;1;CIRCLE(8.6 50.1)\n", Options{}, 2, 3, `"CIRCLE(8.6 5…" at character 1`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.o.Partial = true
			_, faults := Read("a.csv", []byte(row.src), row.o)
			if len(faults) != 1 || faults[0].Line != row.line || faults[0].Column != row.column || !strings.Contains(faults[0].Problem, row.problem) || faults[0].Remedy == "" {
				t.Errorf("%v", faults)
			}
		})
	}
}

func TestStreetsStateTheirHeatByTheMetre(t *testing.T) {
	t.Parallel()
	street := `{"type":"FeatureCollection","features":[{"type":"Feature","id":"s1","properties":{"heat":%s},"geometry":{"type":"LineString","coordinates":[[8.68,50.11],[8.69,50.11]]}}]}`
	metres := geo.Distance(geo.Point{X: 8.68, Y: 50.11}, geo.Point{X: 8.69, Y: 50.11})
	o := Options{Heat: MegawattHoursPerMetre, Columns: Columns{Heat: "heat"}}
	areas, faults := Read("s.geojson", fmt.Appendf(nil, street, "2.5"), o)
	if len(faults) > 0 || len(areas) != 1 || math.Abs(float64(areas[0].Heat)-2500*metres) > 1e-6 {
		t.Fatalf("%v %v", areas, faults)
	}
	each, _ := LinearDensities(areas, nil, 0)
	if math.Abs(each[0].Density-2.5) > 1e-9 || math.Abs(each[0].Metres.Metres-metres) > 1e-9 {
		t.Errorf("a street of 2.5 MWh/m has %g on %g m", each[0].Density, each[0].Metres.Metres)
	}
	if _, faults := Read("s.geojson", fmt.Appendf(nil, street, "250"), o); len(faults) != 1 || !strings.Contains(faults[0].Problem, "believed of no street") {
		t.Errorf("250 MWh/m: %v", faults)
	}
	if _, faults := Read("s.geojson", []byte(collection(`"heat":1`)), o); len(faults) != 1 || !strings.Contains(faults[0].Problem, "by the metre is stated of what is no street") {
		t.Errorf("an area with heat by the metre: %v", faults)
	}
}

// districts are the outlines of Frankfurt's districts with demand that is invented:
// 60 kWh on each square metre, whatever stands there.
func districts(t testing.TB) (list []geo.Feature, refused energy.Faults) {
	t.Helper()
	src, err := os.ReadFile("testdata/districts/frankfurt_stadtteile.geojson")
	if err != nil {
		t.Fatal(err)
	}
	read, faults := geo.Read("frankfurt_stadtteile.geojson", src, geo.Options{IDProperty: "name", IDs: true})
	return read.List, faults
}

func TestRealDistrictsComeThroughEveryFormTheSame(t *testing.T) {
	t.Parallel()
	list, faults := districts(t)
	// Nied touches itself at one point: one ring may not (OGC 06-103r4, clause 6.1.11).
	if len(list) != 45 || len(faults) != 1 || !strings.Contains(faults[0].Problem, "Nied") || !strings.Contains(faults[0].Problem, "touches itself") {
		t.Fatalf("%d districts, %v", len(list), faults)
	}
	layer := geopackage.Layer{Name: "districts", CRS: geo.UTM32, Columns: []geopackage.Column{{Name: "name", Type: geopackage.Text}, {Name: "mwh", Type: geopackage.Real}}}
	table := "name;mwh\n"
	json := `{"type":"FeatureCollection","features":[`
	for i, f := range list {
		heat := math.Round(60*geo.Area(f.Geometry)) / 1000
		layer.Rows = append(layer.Rows, geopackage.Row{Geometry: f.Geometry, Values: []any{f.ID, heat}})
		table += fmt.Sprintf("%s;%s\n", f.ID, strings.Replace(fmt.Sprintf("%.1f", heat), ".", ",", 1))
		if i > 0 {
			json += ","
		}
		json += fmt.Sprintf(`{"type":"Feature","properties":{"name":%q,"mwh":%g},"geometry":%s}`, f.ID, heat, geo.AppendGeometry(nil, f.Geometry, geo.WGS84, false))
	}
	gpkg, err := geopackage.Write([]geopackage.Layer{layer}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Heat: MegawattHours, Columns: Columns{ID: "name", Heat: "mwh"}}
	joined := o
	joined.Geometries = list
	var sums [3]float64
	for k, form := range []struct {
		file string
		src  []byte
		o    Options
	}{{"d.gpkg", gpkg, o}, {"d.geojson", []byte(json + "]}"), o}, {"d.csv", []byte(table), joined}} {
		areas, faults := Read(form.file, form.src, form.o)
		if len(faults) > 0 || len(areas) != 45 {
			t.Fatalf("%s: %d areas, %v", form.file, len(areas), faults)
		}
		for i, a := range areas {
			sums[k] += float64(a.Heat)
			d, ok := a.Density()
			if a.ID != list[i].ID || !ok || math.Abs(float64(d)-60) > 0.01 {
				t.Errorf("%s: %s has %g kWh/m², 60 are invented", form.file, a.ID, float64(d))
			}
		}
	}
	if math.Abs(sums[0]-sums[1]) > 1 || math.Abs(sums[0]-sums[2]) > 45*100 {
		t.Errorf("the forms come to %.0f, %.0f and %.0f kWh", sums[0], sums[1], sums[2])
	}
}
