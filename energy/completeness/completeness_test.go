package completeness_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/completeness"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

func calendar(t testing.TB) energy.Calendar {
	t.Helper()
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func date(month, day int) energy.Date {
	return energy.Date{Year: 2025, Month: 1, Day: 1}.AddDays((month-1)*31 + day - 1)
}

// day is a day of values of a quality, of which the first some have another.
func day(c energy.Calendar, d energy.Date, first energy.Quality, some int, unit energy.Amount) series.Day {
	p := c.Day(d)
	n := int(p.Length() / energy.QuarterHour)
	one := series.Day{Date: d, Period: p}
	for i := range n {
		quality, value, covered := energy.Measured, unit*energy.Amount(i+1), int16(900)
		if i < some {
			quality = first
		}
		if quality == energy.Missing {
			value, covered = 0, 0
		}
		one.Values, one.Quality, one.Covered = append(one.Values, value), append(one.Quality, quality), append(one.Covered, covered)
		one.Total += value
		one.CoveredS += int(covered)
		one.Hi = max(one.Hi, value)
	}
	return one
}

func site(points ...registry.Point) registry.Site {
	return registry.Site{ID: "hafen", Meters: []registry.Meter{{ID: "m", Points: points}}}
}

func point(id energy.PointID) registry.Point {
	return registry.Point{ID: id, Quantity: energy.ActiveEnergyImport, Role: energy.GridImport, Use: energy.Primary}
}

func TestEachDayIsInOneState(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	days := []series.Day{}
	for i, quality := range []energy.Quality{energy.Measured, energy.Missing, energy.Suspect, energy.Substitute, energy.Distributed, energy.Declared, energy.Calculated} {
		days = append(days, day(c, date(1, 3+i), quality, 4, 10))
	}
	p := point("hafen/grid")
	p.From = date(1, 2)
	strips := completeness.Strips(completeness.Question{Site: site(p), Year: 2025, On: date(1, 12), Calendar: c, Days: map[energy.PointID][]series.Day{"hafen/grid": days}})
	var got []string
	for _, i := range strips[0].Intervals {
		got = append(got, fmt.Sprintf("%s %s %d", i.From.String()[5:], i.State, i.Days))
	}
	want := "01-01 not_due 1, 01-02 gap 1, 01-03 complete 1, 01-04 gap 1, 01-05 suspect 1, 01-06 substitute 1, 01-07 distributed 1, 01-08 declared 1, 01-09 complete 1, 01-10 gap 2, 01-12 not_due 354"
	if strings.Join(got, ", ") != want {
		t.Errorf("the year is\n%s, want\n%s", strings.Join(got, ", "), want)
	}
	if s := strips[0]; s.Due != 10 || s.Complete != 2 || s.Count(completeness.Gap) != 4 || len(s.Days) != 365 {
		t.Errorf("%d days due, %d complete, %d gaps of %d days", s.Due, s.Complete, s.Count(completeness.Gap), len(s.Days))
	}
	if gap := strips[0].Intervals[1]; gap.Amount != nil || gap.Share != nil || gap.Covered != 0 {
		t.Errorf("a day without values has an amount: %+v", gap)
	}
	if half := strips[0].Intervals[3]; half.Amount == nil || half.Covered < 0.95 || half.Covered >= 1 {
		t.Errorf("a day of which an hour is missing: %+v", half)
	}
}

func TestOneSourceAtTwoPointsIsAnOverlap(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	for _, tt := range []struct {
		sentence string
		change   func(*registry.Point)
		unit     energy.Amount
		want     completeness.State
	}{
		{"the same values at two points of a role", func(*registry.Point) {}, 10, completeness.Overlap},
		{"other values", func(*registry.Point) {}, 11, completeness.Complete},
		{"a check meter shows what it checks", func(p *registry.Point) { p.Use = energy.Check }, 10, completeness.Complete},
		{"the IT takes all that comes in", func(p *registry.Point) { p.Role = energy.ITLoad }, 10, completeness.Complete},
		{"both stand still", func(*registry.Point) {}, 0, completeness.Complete},
	} {
		other := point("hafen/b")
		tt.change(&other)
		first := energy.Amount(10)
		if tt.unit == 0 {
			first = 0
		}
		strips := completeness.Strips(completeness.Question{Site: site(point("hafen/a"), other), Year: 2025, On: date(1, 2), Calendar: c, Days: map[energy.PointID][]series.Day{
			"hafen/a": {day(c, date(1, 1), energy.Measured, 0, first)}, "hafen/b": {day(c, date(1, 1), energy.Measured, 0, tt.unit)}}})
		if strips[0].Days[0] != tt.want || strips[1].Days[0] != tt.want {
			t.Errorf("%s: %s and %s, want %s", tt.sentence, strips[0].Days[0], strips[1].Days[0], tt.want)
		}
	}
}

func TestTheIntervalsAreTheYear(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	rapid.Check(t, func(t *rapid.T) {
		var days []series.Day
		for d := (energy.Date{Year: 2025, Month: 1, Day: 1}); d.Year == 2025; d = d.AddDays(1) {
			if rapid.IntRange(0, 9).Draw(t, "there") > 0 {
				days = append(days, day(c, d, energy.Quality(rapid.IntRange(0, 6).Draw(t, "quality")), 1, 5))
			}
		}
		on := energy.Date{Year: 2025, Month: 1, Day: 1}.AddDays(rapid.IntRange(-5, 380).Draw(t, "on"))
		s := completeness.Strips(completeness.Question{Site: site(point("hafen/a")), Year: 2025, On: on, Calendar: c, Days: map[energy.PointID][]series.Day{"hafen/a": days}})[0]
		next, count, share := energy.Date{Year: 2025, Month: 1, Day: 1}, 0, 0.0
		for i, one := range s.Intervals {
			if one.From != next || i > 0 && s.Intervals[i-1].State == one.State || one.From.AddDays(one.Days) != one.To {
				t.Fatalf("interval %d is %+v, the one before ends %s", i, one, next)
			}
			next, count = one.To, count+one.Days
			if one.Share != nil {
				share += *one.Share
			}
		}
		if count != 365 || len(s.Days) != 365 || share != 0 && (share < 0.999999 || share > 1.000001) {
			t.Fatalf("%d days, shares of %g", count, share)
		}
	})
}
