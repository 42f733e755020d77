package heatmap_test

import (
	"testing"

	"heatledger/energy"
	"heatledger/heatmap"
)

func kept(s heatmap.State, year int) (n int) {
	for d := (energy.Date{Year: year, Month: 1, Day: 1}); d.Year == year; d = d.AddDays(1) {
		if _, ok := s.Holiday(d); ok {
			n++
		}
	}
	return n
}

func TestStatesKeepTheirHolidays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		day   string
		state heatmap.State
		want  string
	}{
		{"2024-03-29", "", "good_friday"}, {"2024-04-01", "", "easter_monday"}, {"2024-05-09", "", "ascension"}, {"2024-05-20", "", "whit_monday"},
		{"2025-04-21", "", "easter_monday"}, {"2026-04-06", "", "easter_monday"}, {"2038-04-26", "", "easter_monday"}, {"2011-04-25", "", "easter_monday"}, {"2008-03-24", "", "easter_monday"},
		{"1954-04-19", "", "easter_monday"}, {"1961-04-03", "", "easter_monday"}, {"1981-04-20", "", "easter_monday"}, {"2000-04-24", "", "easter_monday"}, {"2049-04-19", "", "easter_monday"}, {"2076-04-20", "", "easter_monday"}, {"2100-03-29", "", "easter_monday"}, {"2299-04-17", "", "easter_monday"}, {"2285-03-23", "", "easter_monday"},
		{"2024-05-30", heatmap.Hesse, "corpus_christi"}, {"2024-05-30", heatmap.Berlin, ""}, {"2024-11-01", heatmap.Hesse, ""}, {"2024-11-01", heatmap.Bavaria, "all_saints"},
		{"2024-11-20", heatmap.Saxony, "repentance"}, {"2023-11-22", heatmap.Saxony, "repentance"}, {"2022-11-16", heatmap.Saxony, "repentance"}, {"2024-11-20", heatmap.Hesse, ""},
		{"2017-10-31", heatmap.Hesse, "reformation"}, {"2018-10-31", heatmap.Hesse, ""}, {"2018-10-31", heatmap.Hamburg, "reformation"}, {"2016-10-31", heatmap.Hamburg, ""}, {"2016-10-31", heatmap.Thuringia, "reformation"},
		{"2019-03-08", heatmap.Berlin, "womens_day"}, {"2018-03-08", heatmap.Berlin, ""}, {"2023-03-08", heatmap.MecklenburgVorpommern, "womens_day"}, {"2022-03-08", heatmap.MecklenburgVorpommern, ""},
		{"2020-05-08", heatmap.Berlin, "liberation_day"}, {"2021-05-08", heatmap.Berlin, ""}, {"2025-05-08", heatmap.Berlin, "liberation_day"},
		{"2024-12-24", "", ""}, {"2024-12-31", "", ""}, {"2024-12-26", "", "second_christmas_day"},
	} {
		if got, _ := tt.state.Holiday(date(t, tt.day)); got != tt.want {
			t.Errorf("%s in %q: %q, want %q", tt.day, tt.state, got, tt.want)
		}
	}
}

// The numbers are those a newspaper printed when states changed theirs
// (Nordwest-Zeitung, June 2018). Bremen had not decided then.
func TestStatesKeepAsManyHolidaysAsWasPrinted(t *testing.T) {
	t.Parallel()
	for state, want := range map[heatmap.State]int{
		heatmap.Berlin: 9, heatmap.LowerSaxony: 10, heatmap.Hamburg: 10, heatmap.SchleswigHolstein: 10, heatmap.Hesse: 10, heatmap.Brandenburg: 10, heatmap.MecklenburgVorpommern: 10,
		heatmap.NorthRhineWestphalia: 11, heatmap.RhinelandPalatinate: 11, heatmap.SaxonyAnhalt: 11, heatmap.BadenWuerttemberg: 12, heatmap.Saarland: 12, heatmap.Bavaria: 13,
		"": 9,
	} {
		if got := kept(state, 2018); got != want {
			t.Errorf("%s keeps %d holidays in 2018, want %d", state, got, want)
		}
	}
	// Saxony 11 (without Corpus Christi, which few of its municipalities keep), Thuringia 10.
	if got := [2]int{kept(heatmap.Saxony, 2018), kept(heatmap.Thuringia, 2018)}; got != [2]int{11, 10} {
		t.Errorf("Saxony and Thuringia keep %v holidays", got)
	}
}

func TestDaysAreOfThreeKinds(t *testing.T) {
	t.Parallel()
	local := heatmap.Local{Calendar: berlin, State: heatmap.Hesse}
	for day, want := range map[string]heatmap.KindOfDay{
		"2024-05-29": heatmap.Weekday, "2024-05-30": heatmap.SundayOrHoliday, "2024-06-01": heatmap.Saturday, "2024-06-02": heatmap.SundayOrHoliday,
		"2020-10-03": heatmap.SundayOrHoliday, // a holiday on a Saturday
	} {
		if got := local.KindOf(date(t, day)); got != want {
			t.Errorf("%s is a %s, want %s", day, got, want)
		}
	}
	if _, err := heatmap.ParseState("DE-XX"); err == nil {
		t.Error("DE-XX is a state")
	}
	if s, err := heatmap.ParseState("DE-HE"); s != heatmap.Hesse || err != nil {
		t.Errorf("DE-HE is %q (%v)", s, err)
	}
}
