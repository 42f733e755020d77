package demand

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
)

func TestUnitsAreBroughtToKilowattHoursAndKilowatts(t *testing.T) {
	t.Parallel()
	metres := geo.Distance(geo.Point{X: 8.6, Y: 50.1}, geo.Point{X: 8.61, Y: 50.1})
	for _, row := range []struct {
		o          Options
		heat, peak float64
	}{
		{Options{}, 2, 3}, {Options{Heat: MegawattHours, Peak: Megawatts}, 2e3, 3e3}, {Options{Heat: GigawattHours, Peak: Kilowatts}, 2e6, 3},
		{Options{Heat: KilowattHoursPerMetre}, 2 * metres, 3}, {Options{Heat: MegawattHoursPerMetre, Peak: Megawatts}, 2e3 * metres, 3e3},
	} {
		row.o.Partial = true
		areas, _ := Read("a.csv", []byte("id,heat_kwh,peak_kw,wkt\na,2,3,\"LINESTRING (8.6 50.1, 8.61 50.1)\"\n"), row.o)
		if fits := row.heat <= 8784*row.peak; !fits {
			if len(areas) != 0 {
				t.Errorf("%+v: %g kWh by %g kW were taken", row.o, row.heat, row.peak)
			}
			continue
		}
		if len(areas) != 1 || math.Abs(float64(areas[0].Heat)-row.heat) > 1e-6 || float64(areas[0].Peak.Kilowatts) != row.peak {
			t.Errorf("%+v: %+v", row.o, areas)
		}
	}
}

func TestNumbersAtTheirBordersAreTaken(t *testing.T) {
	t.Parallel()
	for properties, faults := range map[string]int{
		`"heat_kwh":"12.5"`:                                         0,
		`"heat_kwh":8784,"peak_kw":1`:                               0,
		`"heat_kwh":8785,"peak_kw":1`:                               1,
		`"heat_kwh":1,"flow_c":200,"return_c":0`:                    0,
		`"heat_kwh":1,"flow_c":201`:                                 1,
		`"heat_kwh":1,"return_c":-1`:                                1,
		`"heat_kwh":1,"flow_c":60,"return_c":60`:                    1,
		`"heat_kwh":1,"flow_c":60`:                                  0,
		`"heat_kwh":1,"return_c":60`:                                0,
		`"heat_kwh":1,"connections":0`:                              0,
		`"heat_kwh":1,"grade":"Declared"`:                           0,
		`"heat_kwh":1,"peak_kw":-1,"flow_c":"warm"`:                 2,
		`"heat_kwh":true`:                                           1,
		`"heat_kwh":[1]`:                                            1,
		`"heat_kwh":1,"name":["a"],"source":"plan"`:                 0,
		`"heat_kwh":1,"profile":"` + strings.Repeat("x", 200) + `"`: 1,
	} {
		areas, found := Read("a.geojson", []byte(collection(properties)), Options{Partial: true})
		if len(found) != faults || (len(areas) == 1) != (faults == 0) {
			t.Errorf("%s: %d areas, %v", properties, len(areas), found)
		}
	}
}

// workbook is an XLSX file of cells.
func workbook(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if len(rows) > 3 {
		if err := f.SetCellFormula("Sheet1", "B4", "=1+1"); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbooksAreReadByTheirStoredNumbers(t *testing.T) {
	t.Parallel()
	header := []any{"lon", "heat_kwh", "lat", "id", "name"}
	areas, faults := Read("a.xlsx", workbook(t, header, []any{8.682, 1.234, 50.11, "b1", 7}), Options{})
	if len(faults) > 0 || len(areas) != 1 || areas[0].Heat != 1.234 || areas[0].Name != "7" || areas[0].Geometry != (geo.Point{X: 8.682, Y: 50.11}) {
		t.Errorf("%+v %v", areas, faults)
	}
	areas, faults = Read("a.xlsx", workbook(t, header, []any{8.682, 1.234, 50.11, "b1", 7}, []any{8.682, 1.234, 50.11, "b2", 7}, []any{8.682, nil, 50.11, "b3", 7}), Options{Partial: true})
	if len(areas) != 2 || len(faults) != 1 || faults[0].Line != 4 || faults[0].Column != 2 || faults[0].File != "a.xlsx" || !strings.Contains(faults[0].Problem, "the cell holds no result") {
		t.Errorf("a formula without a result: %v", faults)
	}
}

func TestTablesMayBeginWithAnyColumn(t *testing.T) {
	t.Parallel()
	for _, src := range []string{
		"wkt;heat_kwh;id\nPOINT (8.6 50.1);1;a\n\n;;\n", "lon;lat;heat_kwh;id\n8.6;50.1;1;a\n", "heat_kwh;id;lat;lon\n1;a;50.1;8.6\n", "LAT;LON;ID;HEAT_KWH\n50.1;8.6;a;1\n",
	} {
		areas, faults := Read("a.csv", []byte(src), Options{})
		if len(faults) > 0 || len(areas) != 1 || areas[0].ID != "a" || areas[0].Geometry != (geo.Point{X: 8.6, Y: 50.1}) {
			t.Errorf("%q: %+v %v", src, areas, faults)
		}
	}
	for src, problem := range map[string]string{
		"id;heat_kwh;lon\na;1;8.6\n":            "the rows have no geometries",
		"id;heat_kwh;lon;lat\na;1;8.6;50.1;9\n": "the row has more cells than the header, 4",
	} {
		if _, faults := Read("a.csv", []byte(src), Options{}); len(faults) != 1 || !strings.Contains(faults[0].Problem, problem) {
			t.Errorf("%q: %v", src, faults)
		}
	}
	// What is joined is in degrees, whatever the system of the table's own positions.
	blocks, _ := geo.Read("b.geojson", []byte(collection(`"n":1`)), geo.Options{})
	if areas, faults := Read("a.csv", []byte("id;heat_kwh\nb1;1\n"), Options{CRS: geo.UTM32, Geometries: blocks.List}); len(faults) > 0 || len(areas) != 1 {
		t.Errorf("%+v %v", areas, faults)
	}
	// A fault in one row is not the end of the others.
	if _, faults := Read("a.csv", []byte("id;heat_kwh;lon;lat;peak_kw\na;x;8.6;50.1;y\nb;1;z;50.1;\nc;1;8.6;50.1;\nd;-1;8.6;50.1;\n"), Options{Partial: true}); len(faults) != 3 || faults[0].Line != 2 || faults[1].Line != 3 || faults[2].Line != 5 {
		t.Errorf("%v", faults)
	}
}

func TestAreasSayWhereTheyStand(t *testing.T) {
	t.Parallel()
	areas, _ := Read("a.geojson", []byte(collection(`"heat_kwh":1`)), Options{})
	if f := areas[0].Fault("it is far off", "move it"); f.File != "a.geojson" || f.Line != 2 || f.Problem != "feature 1 (b1): it is far off" || f.Remedy != "move it" {
		t.Errorf("%v", f)
	}
	made := Area{ID: "x"}
	if f := made.Fault("it is far off", "move it"); f.Problem != "area x: it is far off" || f.Remedy != "move it" {
		t.Errorf("%v", f)
	}
	if _, ok := made.At(); ok {
		t.Error("an area without a geometry lies somewhere")
	}
	if _, ok := made.Density(); ok {
		t.Error("an area without a geometry has ground")
	}
	made.Geometry = geo.Point{X: 8.6, Y: 50.1}
	if _, ok := made.Density(); ok {
		t.Error("a point has ground")
	}
}

func TestHoursOfATypicalYearKeepTheirClock(t *testing.T) {
	t.Parallel()
	cet := time.FixedZone("CET", 3600)
	// Month, day and hour as one number from 0.01 to 12: 0.0001 of an hour.
	code := func(at time.Time) float64 {
		return float64(at.Month()) + float64(at.Day())/100 + float64(at.Hour())/10000
	}
	src := yearOf("***\n", time.Date(2045, 1, 1, 0, 0, 0, 0, cet), 8760, func(at time.Time) string {
		return fmt.Sprintf("0 0 %d %d %d %.4f", at.Month(), at.Day(), at.Hour()+1, code(at))
	})
	c, faults := ReadClimate("TRY.dat", []byte(src), ClimateOptions{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for at := time.Date(2027, 12, 30, 0, 0, 0, 0, cet); at.Year() < 2029; at = at.Add(time.Hour) {
		want := code(at)
		if at.Month() == time.February && at.Day() == 29 {
			want -= 0.01
		}
		if got, ok := c.at(at); !ok || math.Abs(float64(got)-want) > 1e-9 {
			t.Fatalf("%s has %g, want %g", at, float64(got), want)
		}
	}
}

func TestMissingHoursAreNotKnownAndFaultsAreAllNamed(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("STATIONS_ID;MESS_DATUM;QN_9;TT_TU\n")
	for i := range 30 {
		value := fmt.Sprint(i)
		if i == 3 {
			value = "-999"
		}
		if i != 5 {
			fmt.Fprintf(&b, "1;%s;3;%s\n", time.Date(2025, 1, 1, i, 0, 0, 0, time.UTC).Format("2006010215"), value)
		}
	}
	c, faults := ReadClimate("s.txt", []byte(b.String()), ClimateOptions{Name: "Frankfurt"})
	if len(faults) > 0 || len(c.Hours) != 30 || c.Name != "Frankfurt" || !c.From.Equal(time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC)) {
		t.Fatalf("%d hours from %s, %v", len(c.Hours), c.From, faults)
	}
	for i, x := range c.Hours {
		if missing := i == 3 || i == 5; missing != math.IsNaN(float64(x)) || !missing && float64(x) != float64(i) {
			t.Errorf("hour %d has %g", i, float64(x))
		}
	}
	if _, ok := c.at(c.From.Add(-time.Minute)); ok {
		t.Error("a minute before the first hour is known")
	}
	for src, lines := range map[string][]int{
		"at,temperature_c\nx,1\n\n2025-01-01T00:00:00Z,y\n2025-01-01T01:00:00Z,61\n2025-01-01T02:00:00Z,-61\n": {2, 4, 5, 6, 0},
		"MESS_DATUM;TT_TU\n2025;1\n2025010100\n2025010100;-99.9\n":                                             {2, 3, 4, 0},
		"***\n1 2 3\n0 0 1 1 0 5\n0 0 1 1 25 5\n0 0 2 30 1 5\n0 0 x 30 1 5\n0 0 1 1 1 99\n":                    {2, 3, 4, 5, 6, 7, 0},
		"at,temperature_c\n2025-01-01T00:00:00Z,60\n":                                                          {0},
		b.String() + "1;9025010100;3;1\n":                                                                      {0},
	} {
		c, faults := ReadClimate("w", []byte(src), ClimateOptions{})
		var got []int
		for _, f := range faults {
			got = append(got, f.Line)
		}
		if want := lines; !slices.Equal(got, want) && !slices.Equal(got, want[:len(want)-1]) || len(c.Hours) > 0 {
			t.Errorf("%.40q…: faults on lines %v, want %v", src, got, want)
		}
	}
}

func TestCurvesThatCannotBeComputedAreRefused(t *testing.T) {
	t.Parallel()
	good, _ := DefaultProfiles().Curve("HMF34")
	for _, row := range []struct {
		name, why string
		change    func(*Curve)
	}{
		{"the reserved code", "reserved", func(c *Curve) { c.Profile = Flat }},
		{"no code", "missing", func(c *Curve) { c.Profile = "" }},
		{"no heat on a warm day", "a positive one is expected", func(c *Curve) { c.A, c.D, c.BH, c.BW = 1, -5, 0, 0 }},
		{"a factor of nothing", "a factor of 0 on weekday 3", func(c *Curve) { c.Weekdays[2] = 0 }},
		{"a negative share", "a share of -0.1 in hour 5 of weekday 7", func(c *Curve) { c.Hours[6][5][1] = -0.1 }},
		{"shares that come to more than all", "the shares of weekday 1 in interval 2 come to 1.", func(c *Curve) { c.Hours[0][3][1] += 0.02 }},
	} {
		c := good
		row.change(&c)
		if _, err := NewProfiles([]Curve{c}); err == nil || !strings.Contains(err.Error(), row.why) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	if _, err := NewProfiles([]Curve{good, good}); err == nil || !strings.Contains(err.Error(), "stands twice") {
		t.Errorf("a code twice: %v", err)
	}
	one, err := NewProfiles([]Curve{good})
	if err != nil || !one.Known("HMF34") || !one.Known(Flat) || one.Known("HEF34") || !slices.Equal(one.Codes(), []Profile{Flat, "HMF34"}) {
		t.Errorf("%v %v", one.Codes(), err)
	}
}

func TestTablesOfProfilesWithHolesAreRefused(t *testing.T) {
	t.Parallel()
	for name, tables := range map[string][3]string{
		"no weekdays":          {sigmoidTable, "type,monday\n", hourTable},
		"no hours":             {sigmoidTable, weekdayTable, "type,weekday,hour\n"},
		"an hour of no day":    {sigmoidTable, weekdayTable, strings.Replace(hourTable, "GBA,1,23,", "GBA,1,24,", 1)},
		"a weekday of no week": {sigmoidTable, weekdayTable, strings.Replace(hourTable, "GBA,1,23,", "GBA,8,23,", 1)},
		"a word for a number":  {strings.Replace(sigmoidTable, "GBA03,0.6522601", "GBA03,x", 1), weekdayTable, hourTable},
		"a table that is none": {sigmoidTable + "\"", weekdayTable, hourTable},
	} {
		if _, err := readProfiles(tables[0], tables[1], tables[2]); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	for code, want := range map[Profile]bool{"HEF34": true, "HEF33": false, "HEF04": false, "GPD34": false} {
		if c, ok := DefaultProfiles().Curve(code); !ok || c.Confirmed != want {
			t.Errorf("%s is confirmed: %v, want %v", code, c.Confirmed, want)
		}
	}
}

func TestAYearSaysWhatItRestsOn(t *testing.T) {
	t.Parallel()
	y, local := modelledYear(t), berlin(t)
	if y.Period() != local.Year(2025) || y.Climate().Name != ModelName {
		t.Errorf("%s by %s", y.Period(), y.Climate().Name)
	}
	none, err := y.Shares("")
	byName, again := y.Shares(DefaultProfile)
	if err != nil || again != nil || !slices.Equal(none, byName) {
		t.Errorf("an area without a profile does not have the default one: %v", err)
	}
	l, err := y.Load(Area{ID: "a", Heat: heatmap.KilowattHours(1000)})
	if err != nil || l.Profile != DefaultProfile || l.Climate != ModelName || l.Area != "a" || !l.From.Equal(y.Period().From) {
		t.Errorf("%+v, %v", Load{Area: l.Area, Profile: l.Profile, Climate: l.Climate, From: l.From}, err)
	}
	if a, b := y.Allocation(8759), y.days[364].allocation; a != b {
		t.Errorf("the last hour goes by %g °C, its day by %g", float64(a), float64(b))
	}
	if a, b := y.Allocation(24), y.days[1].allocation; a != b {
		t.Errorf("the second day's first hour goes by %g °C, its day by %g", float64(a), float64(b))
	}
	if _, err := NewYear(2026, local, y.Climate(), nil); err == nil || !strings.Contains(err.Error(), energy.Date{Year: 2026, Month: 1, Day: 1}.String()) {
		t.Errorf("a year without temperatures: %v", err)
	}
}
