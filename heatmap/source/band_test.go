package source_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

func TestABandIsWhatSoManyHoursReach(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		power    []float64
		want     source.Band
	}{
		{"of ten hours nine reach the second least", []float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, source.Band{P10: 10, P50: 6, P90: 2, Hours: 10, Of: 10}},
		{"of thirty hours three reach the third greatest", each(30, func(i int) float64 { return float64(i + 1) }), source.Band{P10: 28, P50: 16, P90: 4, Hours: 30, Of: 30}},
		{"one hour is all of them", []float64{7}, source.Band{P10: 7, P50: 7, P90: 7, Hours: 1, Of: 1}},
		{"what is not known is no zero", []float64{gone, 5, gone, 5}, source.Band{P10: 5, P50: 5, P90: 5, Hours: 2, Of: 4}},
		{"nothing known", []float64{gone, gone}, source.Band{Of: 2}},
		{"a measured zero counts", []float64{0, 0, 0, 8}, source.Band{P10: 8, P50: 0, P90: 0, Hours: 4, Of: 4}},
	} {
		if got := source.BandsOf(hours(t, day(2025, 6, 3), tt.power...), hesse).Whole; got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.sentence, got, tt.want)
		}
	}
}

func TestHoursStandInTheirMonthTheirKindOfDayAndTheirClock(t *testing.T) {
	t.Parallel()
	// 2025 in hours: the power names month, kind of day and hour.
	from, to := berlin.Year(2025).From, berlin.Year(2025).To
	power := each(int(to.Sub(from)/time.Hour), func(i int) float64 {
		at := from.Add(time.Duration(i) * time.Hour)
		local := berlin.Local(at)
		return float64(10_000*int(local.Month()) + 1000*int(hesse.KindOf(berlin.Date(at))) + local.Hour())
	})
	b := source.BandsOf(made(t, "made", from, time.Hour, heatmap.SupplyLimited, power), hesse)
	if b.Why != "" || len(b.Months) != 12 {
		t.Fatalf("no seasonal bands of a whole year: %s", b.Why)
	}
	known := 0
	for m, month := range b.Months {
		for kind, day := range month.Days {
			for hour, band := range day {
				if want := heatmap.Kilowatts(10_000*(m+1) + 1000*kind + hour); band.P10 != want || band.P90 != want {
					t.Fatalf("month %d, %s, hour %d: %+v, want %v throughout", m+1, heatmap.KindOfDay(kind), hour, band, want)
				}
				known += band.Hours
			}
		}
	}
	for kind, day := range b.Days {
		for hour, band := range day {
			if int(band.P50)%10_000 != 1000*kind+hour || band.P90 >= band.P50 || band.P50 >= band.P10 {
				t.Errorf("%s, hour %d: %+v", heatmap.KindOfDay(kind), hour, band)
			}
			known -= band.Hours
		}
	}
	if known != 0 {
		t.Errorf("%d hours more in months than by kinds of day", known)
	}
	for m, month := range b.Months {
		length := int(berlin.Month(2025, time.Month(m+1)).Length() / time.Hour)
		if known += month.Whole.Hours; month.Whole.Hours != length || month.Whole.Of != length || int(month.Whole.P90)/10_000 != m+1 || int(month.Whole.P10)/10_000 != m+1 {
			t.Errorf("month %d has %d hours: %+v", m+1, length, month.Whole)
		}
	}
	if known != 8760 || b.Whole.Hours != 8760 {
		t.Errorf("%d hours in months, %d in all", known, b.Whole.Hours)
	}
	// June 2025 in Hesse: 19 working days, 4 Saturdays, 5 Sundays, Whit Monday and Corpus Christi.
	june := b.Months[5].Days
	if got := [3]int{june[0][7].Hours, june[1][7].Hours, june[2][7].Hours}; got != [3]int{19, 4, 7} {
		t.Errorf("June has %v days of each kind", got)
	}
	// The hour that is run twice in October is there twice, that which is skipped in March not at all.
	if got := [2]int{b.Months[9].Hours[2].Hours, b.Months[2].Hours[2].Hours}; got != [2]int{32, 30} {
		t.Errorf("2 o'clock is %v times in October and March", got)
	}
}

func TestNoSeasonIsReadFromUnderTwelveMonths(t *testing.T) {
	t.Parallel()
	const june = 151*24 - 1 // its first hour: the clock went forward in March
	year := func(days int, lacking func(i int) bool) source.Bands {
		power := each(days*24, func(i int) float64 {
			if lacking != nil && lacking(i) {
				return gone
			}
			return 5
		})
		return source.BandsOf(hours(t, day(2025, 1, 1), power...), hesse)
	}
	for _, tt := range []struct {
		sentence string
		bands    source.Bands
		want     source.Why
	}{
		{"eleven months", year(335, nil), source.UnderTwelveMonths},
		{"twelve months", year(365, nil), ""},
		{"twelve months but a day", year(364, nil), ""},
		{"twelve months but two days", year(363, nil), source.UnderTwelveMonths},
		{"a year of which the first month is lacking", year(365, func(i int) bool { return i < 31*24 }), source.UnderTwelveMonths},
		{"a year of which June is known for a third", year(365, func(i int) bool { return i/24 >= 151 && i/24 < 181 && i%3 != 0 }), source.MonthTooThin},
		{"twelve months but a day and an hour", year(364, func(i int) bool { return i == 364*24-1 }), source.UnderTwelveMonths},
		{"a year of which June is known for half", year(365, func(i int) bool { return i >= june && i < june+720 && i%2 != 0 }), ""},
		{"a year of which June is known for an hour less", year(365, func(i int) bool { return i >= june && i < june+720 && i%2 != 0 || i == june+1 }), source.MonthTooThin},
		{"nothing known", year(365, func(int) bool { return true }), source.NothingKnown},
	} {
		if tt.bands.Why != tt.want || (len(tt.bands.Months) == 12) != (tt.want == "") {
			t.Errorf("%s: %q and %d months, want %q", tt.sentence, tt.bands.Why, len(tt.bands.Months), tt.want)
		}
	}
}

func TestBandsAndCurveSayTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		power := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) float64 {
			if rapid.IntRange(0, 9).Draw(rt, "lacking") == 0 {
				return gone
			}
			return math.Round(rapid.Float64Range(0, 50).Draw(rt, "kW"))
		}), 1, 200).Draw(rt, "power")
		s := hours(t, day(2025, 10, 20), power...)
		band, curve := source.BandsOf(s, hesse).Whole, source.DurationCurve(s, 0)
		if band.Hours == 0 {
			return
		}
		for share, p := range map[float64]heatmap.Kilowatts{0.1: band.P10, 0.5: band.P50, 0.9: band.P90} {
			least := int(math.Ceil(share*float64(band.Hours) - 1e-9))
			if curve.Above(p) < least {
				rt.Fatalf("%v kW is reached in %d of %d hours, not in %v of them", p, curve.Above(p), band.Hours, share)
			}
			if above := curve.Above(p + 0.5); above >= least { // powers are whole
				rt.Fatalf("more than %v kW is reached in %d of %d hours: P%v is not the greatest", p, above, band.Hours, 100*share)
			}
			if x, ok := curve.Reached(least); !ok || x != p {
				rt.Fatalf("the curve has %v kW at hour %d, the band %v", x, least, p)
			}
		}
		if !(band.P10 >= band.P50 && band.P50 >= band.P90) || band.Hours != len(curve.Hours) || band.Of != curve.Of {
			rt.Fatalf("band %+v beside %d hours of %d", band, len(curve.Hours), curve.Of)
		}
		if !near(float64(curve.Energy), float64(s.Account().Energy)) {
			rt.Fatalf("the curve holds %v kWh, the series %v", curve.Energy, s.Account().Energy)
		}
	})
}

func TestFullLoadHoursAreOfTheCapacityOrThePeak(t *testing.T) {
	t.Parallel()
	s := hours(t, day(2025, 6, 3), 50, 100, 50, 0, gone)
	if c := source.DurationCurve(s, 0); c.FullLoad != 2 || c.Reference != 100 || c.ReferenceIs != source.Peak || c.Of != 5 {
		t.Errorf("of the peak: %+v", c)
	}
	if c := source.DurationCurve(s, 200); c.FullLoad != 1 || c.ReferenceIs != source.Capacity {
		t.Errorf("of the capacity: %+v", c)
	}
	if c := source.DurationCurve(s, 0.5); c.FullLoad != 400 || c.ReferenceIs != source.Capacity {
		t.Errorf("of a capacity of half a kW: %+v", c)
	}
	h, columns := s.Header, s.Columns()
	columns.Grade = []heatmap.Grade{heatmap.Measured, heatmap.Estimated, heatmap.Measured, heatmap.Measured, heatmap.NoGrade}
	mixed, err := heatmap.New(h, columns)
	if err != nil {
		t.Fatal(err)
	}
	if c := source.DurationCurve(mixed, 0); c.Reference != 50 || c.FullLoad != 4 {
		t.Errorf("a peak that nobody measured: %+v", c)
	}
	columns.Grade = []heatmap.Grade{heatmap.Declared, heatmap.Estimated, heatmap.Declared, heatmap.Declared, heatmap.NoGrade}
	if mixed, err = heatmap.New(h, columns); err != nil {
		t.Fatal(err)
	}
	if c := source.DurationCurve(mixed, 0); c.Reference != 100 {
		t.Errorf("of a source that nobody measured: %+v", c)
	}
	c := source.DurationCurve(s, 0)
	if _, ok := c.Reached(0); ok {
		t.Error("no hours reach a power")
	}
	if _, ok := c.Reached(5); ok {
		t.Error("an hour that is not known has a power")
	}
	if c := source.DurationCurve(hours(t, day(2025, 6, 3), 0, 0), 0); c.FullLoad != 0 || c.Energy != 0 {
		t.Errorf("a source that gave nothing: %+v", c)
	}
}
