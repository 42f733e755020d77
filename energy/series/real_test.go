package series

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"heatledger/energy"
)

// rows are the lines of a measured series of testdata (see SOURCES.md there).
func rows(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if name[len(name)-3:] == ".gz" {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	all, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}

// heatMeter is the real heat meter: two years of a counter, hourly with gaps.
func heatMeter(t testing.TB) []energy.Reading {
	t.Helper()
	var rs []energy.Reading
	for _, row := range rows(t, "danish_smart_heat_meter_2018_2019.csv.gz") {
		at, err := time.Parse(time.RFC3339, row[0])
		if err != nil {
			t.Fatal(err)
		}
		v, err := energy.ParseValue(row[1])
		if err != nil {
			t.Fatal(err)
		}
		rs = append(rs, energy.Reading{At: at, Value: v, Quality: energy.Measured})
	}
	return rs
}

func heatRules() Rules { return Rules{Quantity: energy.HeatEnergy, Kind: energy.Counter} }

// standAt is the counter of rs at an instant, rounded to mWh from the
// neighbouring readings in plain words; ok is false beyond its ends.
func standAt(t testing.TB, rs []energy.Reading, at time.Time) (stand energy.Amount, ok bool) {
	t.Helper()
	i, found := slices.BinarySearchFunc(rs, at, byInstant)
	if i == len(rs) || i == 0 && !found {
		return 0, false
	}
	vb, err := energy.HeatEnergy.Fixed(rs[i].Value)
	if err != nil || found {
		return vb, err == nil
	}
	va, err := energy.HeatEnergy.Fixed(rs[i-1].Value)
	part, whole := int64(at.Sub(rs[i-1].At)/time.Second), int64(rs[i].At.Sub(rs[i-1].At)/time.Second)
	// Twice the rise times the seconds of a day is far below 2^63.
	return va + energy.Amount((2*int64(vb-va)*part+whole)/(2*whole)), err == nil
}

func TestEveryDayOfTheRealHeatMeterIsItsCounterDifference(t *testing.T) {
	t.Parallel()
	calendar, err := energy.LoadCalendar("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	readings := heatMeter(t)
	first, last := readings[0], readings[len(readings)-1]
	track := NewTrack(readings, heatRules())
	for _, n := range track.Notes() {
		t.Errorf("a meter that only rises has the note %+v", n)
	}
	var sum energy.Amount
	dates := calendar.Days(energy.Period{From: first.At, To: last.At})
	if len(dates) != 728 {
		t.Errorf("%d days", len(dates))
	}
	for _, date := range dates {
		period := calendar.Day(date)
		day := track.Day(date, period)
		sum += day.Total
		from, okFrom := standAt(t, readings, period.From)
		to, okTo := standAt(t, readings, period.To)
		if okFrom && okTo && day.Total != to-from {
			t.Errorf("%s: %d mWh, the counter rose by %d", date, day.Total, to-from)
		}
		if !okFrom || !okTo {
			t.Errorf("%s: the counter does not reach over the day", date)
		}
		for q, v := range day.Values {
			quarter := day.quarter(q)
			from, _ := standAt(t, readings, quarter.From)
			to, _ := standAt(t, readings, quarter.To)
			if v != to-from || day.Quality[q] != energy.Measured && day.Quality[q] != energy.Distributed {
				t.Fatalf("%s: %d mWh %s, the counter rose by %d", quarter, v, day.Quality[q], to-from)
			}
		}
	}
	a, _ := energy.HeatEnergy.Fixed(first.Value)
	b, _ := energy.HeatEnergy.Fixed(last.Value)
	if sum != b-a {
		t.Errorf("the days add up to %d mWh, the counter rose by %d", sum, b-a)
	}
	for date, want := range map[string]int{"2018-03-25": 92, "2018-10-28": 100, "2019-03-31": 92, "2019-10-27": 100} {
		d, _ := energy.ParseDate(date)
		if day := track.Day(d, calendar.Day(d)); len(day.Values) != want || day.CoveredS != 900*want {
			t.Errorf("%s: %d quarter-hours, %d s covered", date, len(day.Values), day.CoveredS)
		}
	}
}

// outage is the power of a data centre on the day of its shutdown, read each
// minute; minutes in which next to no node answered have no reading.
func outage(t testing.TB) []energy.Reading {
	t.Helper()
	var rs []energy.Reading
	for _, row := range rows(t, "mghpcc_it_power_2025-06-03_minute.csv") {
		at, err := time.Parse(time.RFC3339, row[0])
		if err != nil {
			t.Fatal(err)
		}
		nodes, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		v, err := energy.ParseValue(row[2])
		if err != nil {
			t.Fatal(err)
		}
		if nodes >= 100 {
			rs = append(rs, energy.Reading{At: at, Value: v.Shift(-3), Quality: energy.Measured})
		}
	}
	return rs
}

func TestTheOutageDayIsMissingAndNotZero(t *testing.T) {
	t.Parallel()
	date, period := berlinDay(t, "2025-06-03") // 22:00Z the day before to 22:00Z
	day := NewTrack(outage(t), Rules{Quantity: energy.ActivePower, Kind: energy.Instant}).Day(date, period)
	quarter := func(clock string) int {
		at, err := time.Parse(time.RFC3339, "2025-06-03T"+clock+":00Z")
		if err != nil {
			t.Fatal(err)
		}
		return int(at.Sub(period.From) / energy.QuarterHour)
	}
	for q := range day.Values {
		measured := q >= quarter("00:00") && q <= quarter("02:30") || q >= quarter("21:45")
		if got := day.Quality[q] == energy.Measured; got != measured {
			t.Errorf("quarter-hour %d is %s", q, day.Quality[q])
		}
		if measured && day.Values[q] == 0 || !measured && day.Values[q] != 0 {
			t.Errorf("quarter-hour %d: %d mW, %s", q, day.Values[q], day.Quality[q])
		}
	}
	// The last reading before is of 02:37, the first after of 21:54, the last of the day of 22:00.
	if got := day.Covered[quarter("02:30")]; got != 7*60 {
		t.Errorf("the quarter-hour of the fall covers %d s", got)
	}
	if got := day.Covered[quarter("21:45")]; got != 6*60 {
		t.Errorf("the quarter-hour of the return covers %d s", got)
	}
	if day.Lo == 0 || day.CoveredS != (2*60+37+6)*60 {
		t.Errorf("least %d mW, covered %d s", day.Lo, day.CoveredS)
	}

	// The same day as a counter: the energy across the outage is a span, within the day no substitute.
	var counter []energy.Reading
	sum := int64(0)
	for _, r := range outage(t) {
		v, err := energy.ActivePower.Fixed(r.Value)
		if err != nil {
			t.Fatal(err)
		}
		sum += int64(v) / 60
		counter = append(counter, energy.Reading{At: r.At, Value: energy.Decimal(sum, -6), Quality: energy.Measured})
	}
	track := NewTrack(counter, energyRules())
	spans := track.Spans()
	if len(spans) != 1 || spans[0].Cause != CauseGap || spans[0].Period.Length() != 19*time.Hour+17*time.Minute {
		t.Fatalf("spans %+v", spans)
	}
	energyDay := track.Day(date, period)
	if energyDay.Quality[quarter("12:00")] != energy.Distributed || energyDay.Covered[quarter("12:00")] != 0 || energyDay.Substitute != 0 {
		t.Errorf("at noon %s with %d s, substitute %d", energyDay.Quality[quarter("12:00")], energyDay.Covered[quarter("12:00")], energyDay.Substitute)
	}
}
