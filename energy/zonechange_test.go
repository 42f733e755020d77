package energy_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// moving is a calendar that changes its zone; most zones are neighbours.
func moving(t *rapid.T) energy.Calendar {
	zones := []string{"Europe/Berlin", "Europe/Lisbon", "Europe/Helsinki", "Europe/Istanbul", "Atlantic/Azores", "UTC", "Asia/Beirut", "Asia/Kathmandu"}
	load := func() energy.Calendar {
		c, err := energy.LoadCalendar(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c, day := load(), energy.Date{Year: 2024, Month: 1, Day: 1}
	for range rapid.IntRange(1, 3).Draw(t, "changes") {
		day = day.AddDays(rapid.IntRange(2, 200).Draw(t, "days to the change"))
		c = c.Then(day, load())
	}
	return c
}

func TestADayOnWhichTheZoneChangesIsLongerOrShorter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ sentence, before, after, since, day, from, to string }{
		{"an hour to the west", "Europe/Berlin", "Europe/Lisbon", "2025-06-03", "2025-06-03", "2025-06-02T22:00:00Z", "2025-06-03T23:00:00Z"},
		{"an hour to the east", "Europe/Lisbon", "Europe/Berlin", "2025-06-03", "2025-06-03", "2025-06-02T23:00:00Z", "2025-06-03T22:00:00Z"},
		{"the day before is cut by the old zone", "Europe/Berlin", "Europe/Lisbon", "2025-06-03", "2025-06-02", "2025-06-01T22:00:00Z", "2025-06-02T22:00:00Z"},
		{"the day after by the new one", "Europe/Berlin", "Europe/Lisbon", "2025-06-03", "2025-06-04", "2025-06-03T23:00:00Z", "2025-06-04T23:00:00Z"},
		{"on the day the clocks are set back in both", "Europe/Berlin", "Europe/Lisbon", "2025-10-26", "2025-10-26", "2025-10-25T22:00:00Z", "2025-10-27T00:00:00Z"},
		{"to a zone of quarters of an hour", "Europe/Berlin", "Asia/Kathmandu", "2025-01-15", "2025-01-15", "2025-01-14T23:00:00Z", "2025-01-15T18:15:00Z"},
		{"to a zone that shows the same", "Europe/Berlin", "Europe/Paris", "2025-06-03", "2025-06-03", "2025-06-02T22:00:00Z", "2025-06-03T22:00:00Z"},
	} {
		c := calendar(t, test.before).Then(date(t, test.since), calendar(t, test.after))
		if got := c.Day(date(t, test.day)).String(); got != test.from+"/"+test.to {
			t.Errorf("%s: %s is %s, want %s/%s", test.sentence, test.day, got, test.from, test.to)
		}
	}
	c := calendar(t, "Europe/Berlin").Then(date(t, "2025-06-03"), calendar(t, "Europe/Lisbon"))
	change := c.Day(date(t, "2025-06-03")).From
	if c.Zone(change.Add(-time.Microsecond)) != "Europe/Berlin" || c.Zone(change) != "Europe/Lisbon" || c.Date(change) != date(t, "2025-06-03") {
		t.Errorf("at the change the zone is %s, then %s, on %s", c.Zone(change.Add(-time.Microsecond)), c.Zone(change), c.Date(change))
	}
	twice := energy.Wall(time.Date(2025, 6, 2, 23, 30, 0, 0, time.UTC)) // shown in Berlin, and in Lisbon an hour later
	if found := c.Instants(twice); len(found) != 2 || found[1].Sub(found[0]) != time.Hour {
		t.Errorf("23:30 of the day before is shown at %v; twice is expected", found)
	}
}

func TestDaysFollowEachOtherAcrossChangesOfTheZone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := moving(t)
		for d := (energy.Date{Year: 2023, Month: 12, Day: 20}); d.Before(energy.Date{Year: 2026, Month: 1, Day: 10}); d = d.AddDays(1) {
			day, next := c.Day(d), c.Day(d.AddDays(1))
			if !day.To.Equal(next.From) || day.Length() <= 0 {
				t.Fatalf("%s is %s, the next %s", d, day, next)
			}
			if c.Date(day.From) != d || c.Date(day.To.Add(-time.Microsecond)) != d {
				t.Fatalf("%s is %s, of the days %s and %s", d, day, c.Date(day.From), c.Date(day.To.Add(-time.Microsecond)))
			}
		}
		year := c.Year(2024)
		var months time.Duration
		for m := time.January; m <= time.December; m++ {
			months += c.Month(2024, m).Length()
		}
		if months != year.Length() || len(c.Days(year)) != 366 {
			t.Fatalf("the months have %s, the year %s and %d days", months, year.Length(), len(c.Days(year)))
		}
	})
}

func TestAWallClockGoesOnAcrossChangesOfTheZone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := moving(t)
		at := time.Unix(rapid.Int64Range(1_703_000_000, 1_767_000_000).Draw(t, "at"), 0).UTC()
		if found := c.Instants(c.Wall(at)); !slices.ContainsFunc(found, at.Equal) || !slices.IsSortedFunc(found, time.Time.Compare) {
			t.Fatalf("at %s the clock shows %s, which is shown at %v", at, time.Time(c.Wall(at)), found)
		}
		if day := c.Day(c.Date(at)); !day.Contains(at) {
			t.Fatalf("%s is not in %s", at, day)
		}
	})
}
