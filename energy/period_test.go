package energy_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

func calendar(t testing.TB, zone string) energy.Calendar {
	t.Helper()
	c, err := energy.LoadCalendar(zone)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func date(t testing.TB, s string) energy.Date {
	t.Helper()
	d, err := energy.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestALocalDayHas23Or24Or25Hours(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, day, from, to string }{
		{"Europe/Berlin", "2024-06-03", "2024-06-02T22:00:00Z", "2024-06-03T22:00:00Z"},
		{"Europe/Berlin", "2024-01-01", "2023-12-31T23:00:00Z", "2024-01-01T23:00:00Z"},
		{"Europe/Berlin", "2024-03-31", "2024-03-30T23:00:00Z", "2024-03-31T22:00:00Z"},
		{"Europe/Berlin", "2024-10-27", "2024-10-26T22:00:00Z", "2024-10-27T23:00:00Z"},
		{"Europe/Berlin", "2024-02-29", "2024-02-28T23:00:00Z", "2024-02-29T23:00:00Z"},
		{"UTC", "2024-03-31", "2024-03-31T00:00:00Z", "2024-04-01T00:00:00Z"},
		// 0 o'clock is skipped, the day begins at 1.
		{"Asia/Beirut", "2024-03-31", "2024-03-30T22:00:00Z", "2024-03-31T21:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
		// 0 o'clock comes twice, the day begins with the first.
		{"America/Havana", "2024-11-03", "2024-11-03T04:00:00Z", "2024-11-04T05:00:00Z"},
		// At 24 o'clock the clock goes back an hour: the day has 25.
		{"America/Sao_Paulo", "2019-02-16", "2019-02-16T02:00:00Z", "2019-02-17T03:00:00Z"},
		// A change of half an hour.
		{"Australia/Lord_Howe", "2024-04-07", "2024-04-06T13:00:00Z", "2024-04-07T13:30:00Z"},
		// Samoa had no 30 December 2011.
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},
	} {
		c := calendar(t, test.zone)
		if got := c.Day(date(t, test.day)).String(); got != test.from+"/"+test.to {
			t.Errorf("%s in %s is %s, want %s/%s", test.day, test.zone, got, test.from, test.to)
		}
	}
}

func TestDaysFollowEachOtherWithoutHoleOrOverlap(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Berlin", "Asia/Beirut", "America/Havana", "Pacific/Apia", "Africa/Cairo", "Asia/Tehran", "UTC"} {
		c := calendar(t, zone)
		for d := date(t, "2009-12-30"); d.Before(date(t, "2026-01-02")); d = d.AddDays(1) {
			day, next := c.Day(d), c.Day(d.AddDays(1))
			if !day.To.Equal(next.From) || day.Length() < 0 {
				t.Fatalf("%s: %s is %s, the next %s", zone, d, day, next)
			}
			if day.Length() > 0 && (c.Date(day.From) != d || c.Date(day.To.Add(-time.Microsecond)) != d) {
				t.Fatalf("%s: %s is %s, of the days %s and %s", zone, d, day, c.Date(day.From), c.Date(day.To.Add(-time.Microsecond)))
			}
		}
	}
}

func TestEveryInstantLiesInItsDay(t *testing.T) {
	t.Parallel()
	c := calendar(t, "Europe/Berlin")
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "at")).UTC()
		if day := c.Day(c.Date(at)); !day.Contains(at) {
			t.Fatalf("%s is not in %s", at, day)
		}
	})
}

func TestDaysOfAPeriod(t *testing.T) {
	t.Parallel()
	c := calendar(t, "Europe/Berlin")
	at := func(s string) time.Time {
		instant, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	for _, test := range []struct {
		from, to string
		want     []string
	}{
		{"2024-06-02T22:00:00Z", "2024-06-03T22:00:00Z", []string{"2024-06-03"}},
		{"2024-06-02T21:59:59Z", "2024-06-03T22:00:01Z", []string{"2024-06-02", "2024-06-03", "2024-06-04"}},
		{"2024-06-03T10:00:00Z", "2024-06-03T10:00:00Z", nil},
		{"2024-06-03T10:00:00Z", "2024-06-02T10:00:00Z", nil},
	} {
		days := c.Days(energy.Period{From: at(test.from), To: at(test.to)})
		if len(days) != len(test.want) {
			t.Errorf("%s to %s has the days %v", test.from, test.to, days)
			continue
		}
		for i, d := range days {
			if d.String() != test.want[i] {
				t.Errorf("%s to %s has the days %v, want %v", test.from, test.to, days, test.want)
			}
		}
	}
	if n := len(c.Days(c.Year(2024))); n != 366 {
		t.Errorf("2024 has %d days", n)
	}
}

func TestPeriodsAreReadAsTheAPIWritesThem(t *testing.T) {
	t.Parallel()
	c := calendar(t, "Europe/Berlin")
	for text, want := range map[string]string{
		"2024":         "2023-12-31T23:00:00Z/2024-12-31T23:00:00Z",
		"2024-06":      "2024-05-31T22:00:00Z/2024-06-30T22:00:00Z",
		"2024-03":      "2024-02-29T23:00:00Z/2024-03-31T22:00:00Z",
		"2024-10-27":   "2024-10-26T22:00:00Z/2024-10-27T23:00:00Z",
		"P12M/2024-09": "2023-09-30T22:00:00Z/2024-09-30T22:00:00Z",
		"P12M/2024-12": "2023-12-31T23:00:00Z/2024-12-31T23:00:00Z",
		"P12M/2024-01": "2023-01-31T23:00:00Z/2024-01-31T23:00:00Z",
	} {
		if got, err := c.Parse(text); err != nil || got.String() != want {
			t.Errorf("%q is %s (%v), want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "24", "2024-6", "2024-13", "2024-02-30", "2024-06-03T00:00:00Z", "P12M/2024", "P12M/", "P3M/2024-09", "2024/06", "last year"} {
		if got, err := c.Parse(text); err == nil {
			t.Errorf("%q is %s", text, got)
		}
	}
}

func TestAZoneHasAName(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"", "Local", "Berlin", "Europe/berlin2", "../etc/passwd"} {
		if _, err := energy.LoadCalendar(zone); err == nil {
			t.Errorf("%q is a zone", zone)
		}
	}
}

func TestDatesReadAndCount(t *testing.T) {
	t.Parallel()
	if got := date(t, "2024-02-28").AddDays(2).String(); got != "2024-03-01" {
		t.Errorf("two days after 28 February 2024 is %s", got)
	}
	if got := date(t, "2024-01-01").AddDays(-1).String(); got != "2023-12-31" {
		t.Errorf("the day before 1 January 2024 is %s", got)
	}
	var d energy.Date
	for _, text := range []string{"", "2024-2-3", "2024-02-30", "03.06.2024", "2024-06-03 "} {
		if err := d.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is %s", text, d)
		}
	}
	if text, err := date(t, "0987-06-03").MarshalText(); err != nil || string(text) != "0987-06-03" {
		t.Errorf("%s (%v)", text, err)
	}
}

func TestPeriodsAreHalfOpen(t *testing.T) {
	t.Parallel()
	hour := func(from, to int) energy.Period {
		return energy.Period{From: time.Unix(int64(from)*3600, 0), To: time.Unix(int64(to)*3600, 0)}
	}
	p := hour(2, 4)
	if !p.Contains(p.From) || p.Contains(p.To) || p.Contains(p.From.Add(-1)) {
		t.Error("[From, To) holds From and not To")
	}
	for _, test := range []struct {
		other            energy.Period
		overlaps, covers bool
	}{
		{hour(2, 4), true, true}, {hour(2, 3), true, true}, {hour(1, 3), true, false}, {hour(3, 9), true, false}, {hour(1, 9), true, false},
		{hour(0, 2), false, false}, {hour(4, 9), false, false}, {hour(3, 3), false, true}, {hour(2, 2), false, true},
	} {
		if p.Overlaps(test.other) != test.overlaps || test.other.Overlaps(p) != test.overlaps {
			t.Errorf("%s overlaps %s: %v", p, test.other, p.Overlaps(test.other))
		}
		if p.Covers(test.other) != test.covers {
			t.Errorf("%s covers %s: %v", p, test.other, p.Covers(test.other))
		}
	}
}

func TestWhatTwoPeriodsHaveInCommonLiesInBoth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := func(name string) time.Time { return time.Unix(rapid.Int64Range(0, 9).Draw(t, name), 0).UTC() }
		p, o := energy.Period{From: at("p.From"), To: at("p.To")}, energy.Period{From: at("o.From"), To: at("o.To")}
		common := p.Common(o)
		if p.Overlaps(o) && common.Length() <= 0 {
			t.Fatalf("%s and %s overlap, in common is %s", p, o, common)
		}
		for second := range int64(10) {
			if i := time.Unix(second, 0); common.Contains(i) != (p.Contains(i) && o.Contains(i)) {
				t.Fatalf("%s and %s have %s in common, which is wrong at second %d", p, o, common, second)
			}
		}
	})
}

func TestAPeriodIsWidenedToWholeQuarterHours(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		instant, err := time.Parse(time.RFC3339, "2025-06-03T"+text+"Z")
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	for _, tt := range []struct{ sentence, from, to, wantFrom, wantTo string }{
		{"whole ones stay", "04:15:00", "05:00:00", "04:15:00", "05:00:00"},
		{"both borders move outwards", "04:15:01", "05:00:01", "04:15:00", "05:15:00"},
		{"within one it is that one", "04:16:00", "04:29:59", "04:15:00", "04:30:00"},
		{"nothing at a border stays nothing", "04:15:00", "04:15:00", "04:15:00", "04:15:00"},
	} {
		got, want := energy.Period{From: at(tt.from), To: at(tt.to)}.QuarterHours(), energy.Period{From: at(tt.wantFrom), To: at(tt.wantTo)}
		if got != want {
			t.Errorf("%s: %s, want %s", tt.sentence, got, want)
		}
	}
}
