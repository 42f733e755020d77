package demand

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
)

// year is a file with a line for each hour of a year.
func yearOf(header string, from time.Time, hours int, line func(at time.Time) string) string {
	var b strings.Builder
	b.WriteString(header)
	for i := range hours {
		b.WriteString(line(from.Add(time.Duration(i)*time.Hour)) + "\n")
	}
	return b.String()
}

func TestTemperaturesAreReadInThreeForms(t *testing.T) {
	t.Parallel()
	local := berlin(t)
	from := local.Year(2025).From
	cet := time.FixedZone("CET", 3600)
	// Each hour has its day of the month as temperature, at noon 10 K more.
	degrees := func(at time.Time) float64 {
		at = at.In(cet)
		if at.Hour() == 12 {
			return float64(at.Day()) + 10
		}
		return float64(at.Day())
	}
	ours := yearOf("at,temperature_c\n", from, 8760, func(at time.Time) string { return fmt.Sprintf("%s,%g", at.In(cet).Format(time.RFC3339), degrees(at)) })
	station := yearOf("STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor\n", from, 8760, func(at time.Time) string {
		return fmt.Sprintf("       1420;%s;    3;%6.1f;  85.0;eor", at.UTC().Add(time.Hour).Format("2006010215"), degrees(at)) // read ten minutes before its end
	})
	reference := yearOf("Koordinatensystem : Lambert konform konisch\r\nRW HW MM DD HH t p\n***\n", time.Date(2045, 1, 1, 0, 0, 0, 0, cet), 8760, func(at time.Time) string {
		return fmt.Sprintf("3995500 2523500 %2d %2d %2d %5.1f 1003", at.Month(), at.Day(), at.Hour()+1, degrees(at))
	})
	for name, src := range map[string]string{"ours": ours, "of a station": station, "of a reference year": reference} {
		c, faults := ReadClimate("w.txt", []byte(src), ClimateOptions{Source: "made up"})
		if len(faults) > 0 {
			t.Fatalf("%s: %v", name, faults)
		}
		if c.Name != "w.txt" || c.Source != "made up" || c.Modelled || c.Typical != (name == "of a reference year") {
			t.Errorf("%s: %s, %s, typical %v", name, c.Name, c.Source, c.Typical)
		}
		y, err := NewYear(2025, local, c, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		// 20 January, in winter, where the local day is the station's.
		want := (20+19/2.+18/4.+17/8.)/1.875 + 10/24.
		if got := float64(y.Allocation(19 * 24)); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: 20 January goes by %g °C, want %g", name, got, want)
		}
	}
}

func TestAReferenceYearStandsForALeapYear(t *testing.T) {
	t.Parallel()
	local := berlin(t)
	cet := time.FixedZone("CET", 3600)
	src := yearOf("***\n", time.Date(2045, 1, 1, 0, 0, 0, 0, cet), 8760, func(at time.Time) string {
		return fmt.Sprintf("0 0 %d %d %d %d", at.Month(), at.Day(), at.Hour()+1, at.Month())
	})
	c, faults := ReadClimate("TRY.dat", []byte(src), ClimateOptions{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	y, err := NewYear(2024, local, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	leap := int(local.Day(energy.Date{Year: 2024, Month: 2, Day: 29}).From.Sub(y.Period().From).Hours())
	if y.Hours() != 8784 || y.Allocation(leap) != 2 {
		t.Errorf("of %d hours those of 29 February go by %g °C, want 2 as on the 28th", y.Hours(), float64(y.Allocation(leap)))
	}
}

func TestFaultsOfTemperaturesHaveTheirLine(t *testing.T) {
	t.Parallel()
	good := "2025-01-01T00:00:00+01:00,1\n"
	for _, row := range []struct {
		name, src string
		line      int
		problem   string
	}{
		{"another header", "time;temp\n", 1, "the header is"},
		{"nothing", "", 1, "the header is"},
		{"a word", "at,temperature_c\n" + good + "2025-01-01T01:00:00+01:00,kalt\n", 3, `"kalt" is no temperature`},
		{"NaN", "at,temperature_c\n2025-01-01T01:00:00+01:00,NaN\n", 2, `"NaN" is no temperature`},
		{"kelvin", "at,temperature_c\n2025-01-01T01:00:00+01:00,273\n", 2, "273 °C are no outdoor temperature"},
		{"a half hour", "at,temperature_c\n2025-01-01T01:30:00+01:00,3\n", 2, "is within an hour"},
		{"no zone", "at,temperature_c\n2025-01-01T01:00:00,3\n", 2, "is no time"},
		{"an hour twice", "at,temperature_c\n" + good + good, 3, "stands twice"},
		{"a short line of a station", "MESS_DATUM;TT_TU\n2025010100\n", 2, "too short"},
		{"a reference year without hours", "RW HW\n***\n1 2 13 1 1 5\n", 3, "is no hour of a year"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, faults := ReadClimate("w.csv", []byte(row.src), ClimateOptions{})
			if len(faults) == 0 || faults[0].Line != row.line || !strings.Contains(faults[0].Problem, row.problem) {
				t.Errorf("%v", faults)
			}
		})
	}
}

func TestTheModelledClimateIsThatOfAMildTown(t *testing.T) {
	t.Parallel()
	local := berlin(t)
	c := ModelledClimate(local.Year(2025))
	if !c.Modelled || c.Name != ModelName || c.Source == "" {
		t.Errorf("%+v", Climate{Name: c.Name, Source: c.Source, Modelled: c.Modelled})
	}
	sum, least, most := 0.0, math.Inf(1), math.Inf(-1)
	for _, h := range c.Hours {
		sum, least, most = sum+float64(h), min(least, float64(h)), max(most, float64(h))
	}
	if mean := sum / float64(len(c.Hours)); mean < 9.5 || mean > 11.5 || least < -20 || least > -4 || most < 26 || most > 38 {
		t.Errorf("%.1f °C in the mean, from %.1f to %.1f", mean, least, most)
	}
}

func FuzzClimate(f *testing.F) {
	f.Add([]byte("at,temperature_c\n2025-01-01T00:00:00Z,3\n"))
	f.Add([]byte("STATIONS_ID;MESS_DATUM;QN_9;TT_TU\n1;2025010100;3;-999\n"))
	f.Add([]byte("x\n***\n0 0 1 1 24 5\n"))
	f.Add([]byte("at,temperature_c\n0001-01-01T00:00:00Z,3\n9999-01-01T00:00:00Z,3\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		c, faults := ReadClimate("w", src, ClimateOptions{})
		if len(faults) == 0 && len(c.Hours) == 0 {
			t.Error("neither hours nor faults")
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(collection(`"heat_kwh":1`)))
	f.Add([]byte("id;heat_kwh;lon;lat\nb1;1.200,5;8,6821;50,1109\n"))
	f.Add([]byte("id;heat_kwh;wkt\nb1;9;POLYGON Z((8.6 50.1 3, 8.61 50.1 3, 8.61 50.11 3, 8.6 50.1 3))\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		areas, faults := Read("f", src, Options{Partial: true})
		if len(areas) == 0 && len(faults) == 0 {
			t.Error("neither areas nor faults")
		}
		for _, a := range areas {
			if a.ID == "" || !(a.Heat > 0) || a.Geometry == nil || a.Grade == 0 {
				t.Errorf("%+v", a)
			}
		}
	})
}
