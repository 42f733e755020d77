package demand

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
)

func berlin(tb testing.TB) heatmap.Local {
	tb.Helper()
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		tb.Fatal(err)
	}
	return heatmap.Local{Calendar: c, State: heatmap.Hesse}
}

// modelledYear is 2025 with modelled temperatures: it has its clock changes on 30
// March and 26 October.
func modelledYear(tb testing.TB) *Year {
	tb.Helper()
	local := berlin(tb)
	y, err := NewYear(2025, local, ModelledClimate(local.Year(2025)), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return y
}

func TestEveryProfileIsOneAtEightDegreesOrIsToldOtherwise(t *testing.T) {
	t.Parallel()
	siglinde, tum := 0, 0
	for _, code := range DefaultProfiles().Codes() {
		c, ok := DefaultProfiles().Curve(code)
		switch {
		case !ok:
			if code != Flat {
				t.Errorf("%s has no curve", code)
			}
		case c.Source == "siglinde":
			siglinde++
			if h := c.Day(8); math.Abs(h-1) > 5e-7 {
				t.Errorf("%s: h(8 °C) is %.9f; the guideline norms it to 1", code, h)
			}
		case c.Source == "tum":
			tum++
			if c.Confirmed || c.MH != 0 {
				t.Errorf("%s is a sigmoid function that nobody confirmed", code)
			}
		}
		sum := 0.0
		for _, f := range c.Weekdays {
			sum += f
		}
		if ok && math.Abs(sum-7) > 1e-9 {
			t.Errorf("%s: the factors of a week come to %g", code, sum)
		}
	}
	if siglinde != 28 || tum != 28 {
		t.Errorf("%d profiles of SigLinDe and %d of TU München; 28 of each were taken in", siglinde, tum)
	}
}

func TestTheCurveIsWhatTheFormulaGivesByHand(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		profile Profile
		at      energy.Celsius
		day     float64
	}{
		// HEF34: 1.3819663 / (1 + (37.4124155/40)^6.1723179) + 0.0396284 + max(1.1167138, 0.135507)
		{"HEF34", 0, 1.3819663/(1+math.Exp(6.1723179*math.Log(0.9353103875))) + 0.0396284 + 1.1167138},
		// At 25 °C the line of warm water is above that of heating: 0.135507 - 0.0019982*25.
		{"HEF34", 25, 1.3819663/(1+math.Exp(6.1723179*math.Log(37.4124155/15))) + 0.0396284 + 0.085552},
		// HEF03 has no lines.
		{"HEF03", -10, 3.0469695/(1+math.Exp(5.6727847*math.Log(37.1833141/50))) + 0.1163157},
		// At the pole nothing is left of the sigmoid.
		{"HEF03", 40, 0.1163157},
		{"HEF03", 45, 0.1163157},
	} {
		c, _ := DefaultProfiles().Curve(row.profile)
		if h := c.Day(row.at); math.Abs(h-row.day) > 1e-9 {
			t.Errorf("%s at %g °C: %.10f; by hand %.10f", row.profile, float64(row.at), h, row.day)
		}
	}
}

func TestIntervalsIncludeTheirUpperEnd(t *testing.T) {
	t.Parallel()
	for at, want := range map[energy.Celsius]int{-30: 0, -15: 0, -14.9: 1, -10: 1, -5: 2, -0.1: 3, 0: 3, 0.1: 4, 5: 4, 12: 6, 20: 7, 25: 8, 25.1: 9, 45: 9} {
		if got := Interval(at); got != want {
			t.Errorf("%g °C lies in interval %d, want %d", float64(at), got, want)
		}
	}
}

// rowsOf are the records of a golden table below its header.
func rowsOf(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestDaysAndHoursAgreeWithDemandlib(t *testing.T) {
	t.Parallel()
	days := rowsOf(t, "testdata/demandlib/days.csv")
	climate := Climate{Name: "demandlib", From: time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, row := range days[1:] {
		for hour := range 24 {
			climate.Hours = append(climate.Hours, energy.Celsius(number(t, row[1])+(float64(hour)-11.5)*0.3))
		}
	}
	y, err := NewYear(2023, heatmap.Local{Calendar: energy.Calendar{Location: time.UTC}}, climate, nil)
	if err != nil {
		t.Fatal(err)
	}
	tolerance := map[string]float64{"HEF03": 1e-9, "HMF04": 1e-9, "GKO03": 1e-3, "GMF04": 1e-3, "GHA04": 1e-3}
	compared := 0
	compare := func(what, profile string, got float64, text string) {
		compared++
		want := number(t, text)
		if math.Abs(got-want) > tolerance[profile]*want {
			t.Errorf("%s of %s: %.12g, demandlib has %.12g", what, profile, got, want)
		}
	}
	for k, profile := range days[0][2:] {
		shares, err := y.Shares(Profile(profile))
		if err != nil {
			t.Fatal(err)
		}
		for n, row := range days[1:] {
			sum := 0.0
			for _, s := range shares[24*n : 24*n+24] {
				sum += s
			}
			compare(row[0], profile, sum, row[2+k])
		}
		for _, row := range rowsOf(t, "testdata/demandlib/hours.csv")[1:] {
			date, err := energy.ParseDate(row[0])
			if err != nil {
				t.Fatal(err)
			}
			hour := int(date.UTC().Sub(climate.From)/time.Hour) + int(number(t, row[1]))
			compare(row[0]+" "+row[1], profile, shares[hour], row[2+k])
		}
	}
	if compared != 5*(365+144) {
		t.Errorf("%d numbers were compared", compared)
	}
}

func TestTheHoursOfAYearComeToItsHeat(t *testing.T) {
	t.Parallel()
	y := modelledYear(t)
	codes := DefaultProfiles().Codes()
	rapid.Check(t, func(t *rapid.T) {
		a := Area{ID: "a", Profile: rapid.SampledFrom(codes).Draw(t, "profile"), Heat: heatmap.KilowattHours(rapid.Float64Range(1, 1e9).Draw(t, "heat")), Grade: heatmap.Estimated}
		l, err := y.Load(a)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Power) != 8760 || !l.Modelled || l.Grade != heatmap.Estimated || l.Profile != a.Profile {
			t.Fatalf("%d hours, modelled %v, grade %v, profile %s", len(l.Power), l.Modelled, l.Grade, l.Profile)
		}
		if sum := float64(l.Sum()); math.Abs(sum-float64(a.Heat)) > 1e-11*float64(a.Heat) {
			t.Fatalf("the hours come to %.12g of %.12g kWh", sum, float64(a.Heat))
		}
		if float64(l.Peak()) < float64(a.Heat)/8760*(1-1e-9) {
			t.Fatalf("a peak of %g kW below the mean", float64(l.Peak()))
		}
	})
}

func TestDaysOnWhichTheClockChangesKeepTheirHeatAndTheirClock(t *testing.T) {
	t.Parallel()
	y, local := modelledYear(t), berlin(t)
	shares, err := y.Shares("HMF33")
	if err != nil {
		t.Fatal(err)
	}
	curve, _ := DefaultProfiles().Curve("HMF33")
	factor := 0.0 // the share of a day with h = 1, the same of all days
	for i, d := range y.days {
		sum := 0.0
		for k := range d.clock {
			sum += shares[d.first+k]
		}
		got := sum / (curve.Day(d.allocation) * curve.Weekdays[d.weekday])
		if i == 0 {
			factor = got
		}
		if math.Abs(got/factor-1) > 1e-9 {
			t.Fatalf("day %d of %d hours has %.6f of the heat its temperature gives it", i, len(d.clock), got/factor)
		}
	}
	index := func(date string) day {
		parsed, err := energy.ParseDate(date)
		if err != nil {
			t.Fatal(err)
		}
		return y.days[int(local.Day(parsed).From.Sub(y.Period().From).Hours()+1)/24]
	}
	spring, autumn := index("2025-03-30"), index("2025-10-26")
	if len(spring.clock) != 23 || spring.clock[2] != 3 {
		t.Errorf("the day of spring has the hours %v", spring.clock)
	}
	if len(autumn.clock) != 25 || autumn.clock[2] != 2 || autumn.clock[3] != 2 {
		t.Errorf("the day of autumn has the hours %v", autumn.clock)
	}
	if a, b := shares[autumn.first+2], shares[autumn.first+3]; a != b {
		t.Errorf("the hour that runs twice has %g and %g", a, b)
	}
}

func TestHolidaysAreSundaysAndEvesAreSaturdays(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]int{
		"2025-06-19": 6,                  // Corpus Christi, a Thursday, kept in Hesse
		"2025-12-24": 5, "2025-12-31": 5, // Wednesdays
		"2023-12-24": 6, // a Sunday
		"2025-06-20": 4, "2025-06-21": 5, "2025-06-22": 6, "2025-06-23": 0,
	} {
		parsed, err := energy.ParseDate(date)
		if err != nil {
			t.Fatal(err)
		}
		if got := weekdayOf(parsed, berlin(t)); got != want {
			t.Errorf("%s counts as weekday %d, want %d", date, got, want)
		}
	}
}

func TestTheAllocationTemperatureIsAGeometricSeriesOfFourDays(t *testing.T) {
	t.Parallel()
	local := heatmap.Local{Calendar: energy.Calendar{Location: time.UTC}}
	c := Climate{Name: "steps", From: time.Date(2022, 12, 29, 0, 0, 0, 0, time.UTC)}
	for d := range 368 {
		t := energy.Celsius(8)
		if d < 6 {
			t = energy.Celsius(16 * d) // 29 December 0 °C, 1 January 48 °C
		}
		for range 24 {
			c.Hours = append(c.Hours, t)
		}
	}
	y, err := NewYear(2023, local, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := float64(y.Allocation(0)), (48+32/2.+16/4.+0/8.)/1.875; math.Abs(got-want) > 1e-12 {
		t.Errorf("New Year's Day goes by %g °C, want %g: the days before are in the file", got, want)
	}
	if got, want := float64(y.Allocation(47)), (64+48/2.+32/4.+16/8.)/1.875; math.Abs(got-want) > 1e-12 {
		t.Errorf("2 January goes by %g °C, want %g", got, want)
	}
	c.From, c.Hours = c.From.Add(72*time.Hour), c.Hours[72:]
	if y, err = NewYear(2023, local, c, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := float64(y.Allocation(0)), (48+8/2.+8/4.+8/8.)/1.875; math.Abs(got-want) > 1e-12 {
		t.Errorf("without the days before, New Year's Day goes by %g °C, want %g: those of the year's end", got, want)
	}
}

func TestAYearWithoutTemperaturesIsNone(t *testing.T) {
	t.Parallel()
	local := berlin(t)
	c := ModelledClimate(local.Year(2025))
	c.Hours = c.Hours[:len(c.Hours)-13]
	if _, err := NewYear(2025, local, c, nil); err == nil {
		t.Error("a year whose last day has 11 hours of temperature was taken")
	}
	c.Hours = append(c.Hours, 3, 3)
	if _, err := NewYear(2025, local, c, nil); err != nil {
		t.Errorf("a year whose last day has 13 hours of temperature was not taken: %v", err)
	}
}

func TestFlatHeatIsTheSameInEveryHour(t *testing.T) {
	t.Parallel()
	y := modelledYear(t)
	l, err := y.Load(Area{ID: "a", Heat: 8760, Profile: Flat})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range l.Power {
		if math.Abs(float64(p)-1) > 1e-9 {
			t.Fatalf("hour %d has %g kW", i, float64(p))
		}
	}
	if _, err := y.Load(Area{ID: "a", Heat: 1, Profile: "HMF35"}); err == nil {
		t.Error("an unknown profile gave hours")
	}
	if _, err := y.Load(Area{ID: "a", Heat: heatmap.KilowattHours(math.NaN())}); err == nil {
		t.Error("a heat that is no number gave hours")
	}
}

func BenchmarkTwoThousandAreasToHours(b *testing.B) {
	local := berlin(b)
	codes := DefaultProfiles().Codes()
	areas := make([]Area, 2000)
	for i := range areas {
		areas[i] = Area{ID: strconv.Itoa(i), Heat: heatmap.KilowattHours(1000 * (i + 1)), Profile: codes[i%len(codes)], Geometry: geo.Point{X: 8.7, Y: 50.1}}
	}
	climate := ModelledClimate(local.Year(2025))
	for b.Loop() {
		y, err := NewYear(2025, local, climate, nil)
		if err != nil {
			b.Fatal(err)
		}
		for _, a := range areas {
			if _, err := y.Load(a); err != nil {
				b.Fatal(err)
			}
		}
	}
}
