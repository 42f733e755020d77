package series

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// derived are the days of a track that overlap p.
func derived(t *testing.T, track *Track, from, to string) (days []Day, p energy.Period) {
	t.Helper()
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	_, first := berlinDay(t, from)
	_, last := berlinDay(t, to)
	p = energy.Period{From: first.From, To: last.To}
	for _, date := range c.Days(p) {
		days = append(days, track.Day(date, c.Day(date)))
	}
	return days, p
}

func TestAGapCountsAsMeasuredInAPeriodThatHoldsIt(t *testing.T) {
	t.Parallel()
	// From 22:00 on the 2nd to 04:00 on the 3rd nothing was read; 60 kWh ran.
	readings := []energy.Reading{stand(-180, 0), stand(-120, 100), stand(240, 700), stand(300, 750)}
	track := NewTrack(readings, energyRules())

	days, both := derived(t, track, "2024-06-02", "2024-06-03")
	total := Over(both, days, track.Spans())
	want := Total{
		Period: both, Amount: tenths(750), Quality: energy.Measured,
		IntervalS: 2 * 3600, EnergyS: 8 * 3600, PeriodS: 48 * 3600,
	}
	total = total.shown()
	if total != want {
		t.Errorf("both days: %+v\nwant %+v", total, want)
	}

	days, second := derived(t, track, "2024-06-03", "2024-06-03")
	total = Over(second, days, track.Spans())
	want = Total{
		Period: second, Amount: tenths(400 + 50), Substitute: tenths(400), Quality: energy.Distributed,
		IntervalS: 3600, EnergyS: 3600, PeriodS: 24 * 3600,
	}
	total = total.shown()
	if total != want {
		t.Errorf("the second day: %+v\nwant %+v", total, want)
	}
	if days[0].Substitute != tenths(400) || days[0].CoveredS != 3600 {
		t.Errorf("the day itself: substitute %d, covered %d s", days[0].Substitute, days[0].CoveredS)
	}
}

func TestAGapWithinTheDayIsNoSubstitute(t *testing.T) {
	t.Parallel()
	track := NewTrack([]energy.Reading{stand(0, 0), stand(60, 100), stand(300, 500), stand(360, 600)}, energyRules())
	days, p := derived(t, track, "2024-06-03", "2024-06-03")
	total := Over(p, days, track.Spans())
	if total.Amount != tenths(600) || total.Substitute != 0 || total.EnergyS != 6*3600 || total.IntervalS != 2*3600 || total.Quality != energy.Measured {
		t.Errorf("%+v", total)
	}
}

func TestADeclaredMonthStaysASubstitute(t *testing.T) {
	t.Parallel()
	r := stand(0, 7200)
	r.Length, r.Quality = 3*24*time.Hour, energy.Declared
	track := NewTrack([]energy.Reading{r}, Rules{Quantity: energy.HeatEnergy, Kind: energy.Interval})
	days, p := derived(t, track, "2024-06-01", "2024-06-08")
	total := Over(p, days, track.Spans())
	if total.Amount != tenths(7200) || total.Substitute != tenths(7200) || total.EnergyS != 0 || total.Quality != energy.Declared {
		t.Errorf("%+v", total)
	}
}

func TestHoursOfADay(t *testing.T) {
	t.Parallel()
	// Hour 0 measured, then 45 minutes within hour 1 are a gap (MaxGap 30 min), hours 2 to 4 are one gap.
	track := NewTrack([]energy.Reading{
		stand(0, 0), stand(30, 20), stand(60, 40), stand(70, 50), stand(115, 90), stand(120, 100), stand(300, 460), stand(310, 470),
	}, Rules{Quantity: energy.ActiveEnergyImport, Kind: energy.Counter, MaxGap: 30 * time.Minute})
	days, _ := derived(t, track, "2024-06-03", "2024-06-03")
	hours := slices.Collect(Steps(days, track.Spans(), time.Hour))
	if len(hours) != 24 {
		t.Fatalf("%d hours", len(hours))
	}
	for i, want := range []Total{
		{Amount: tenths(40), Quality: energy.Measured, IntervalS: 3600, EnergyS: 3600},
		{Amount: tenths(60), Quality: energy.Measured, IntervalS: 900, EnergyS: 3600},
		{Amount: tenths(120), Substitute: tenths(120), Quality: energy.Distributed},
		{Amount: tenths(120), Substitute: tenths(120), Quality: energy.Distributed},
		{Amount: tenths(120), Substitute: tenths(120), Quality: energy.Distributed},
		{Amount: tenths(10), Quality: energy.Measured, IntervalS: 600, EnergyS: 600},
		{},
	} {
		want.Period, want.PeriodS = energy.Period{From: minute(60 * i), To: minute(60*i + 60)}, 3600
		got := hours[i]
		got = got.shown()
		if got != want {
			t.Errorf("hour %d: %+v\nwant %+v", i, got, want)
		}
	}
}

func TestTheMeanOfALevelIsOverWhatWasMeasured(t *testing.T) {
	t.Parallel()
	long := stand(120, 90)
	long.Length = 2 * time.Hour
	short := stand(0, 40)
	short.Length = 40 * time.Minute
	next := stand(40, 10)
	next.Length = 5 * time.Minute
	track := NewTrack([]energy.Reading{short, next, long}, Rules{Quantity: energy.ActivePower, Kind: energy.Mean})
	days, p := derived(t, track, "2024-06-03", "2024-06-03")
	mean, ok := Over(p, days, track.Spans()).Mean()
	if want := (tenths(40)*40 + tenths(10)*5) / 45; !ok || mean-want > 1 || want-mean > 1 {
		t.Errorf("mean %d (%v), want %d", mean, ok, want)
	}
	hours := slices.Collect(Steps(days, nil, time.Hour))
	if mean, ok := hours[2].Mean(); !ok || mean != tenths(90) || hours[2].IntervalS != 0 {
		t.Errorf("an hour of a long mean: %d (%v), %d s", mean, ok, hours[2].IntervalS)
	}
	if mean, ok := hours[1].Mean(); ok {
		t.Errorf("an hour without a level has the mean %d", mean)
	}
}

func TestTotalsAgreeWithThePieces(t *testing.T) {
	t.Parallel()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		if rules.levels() {
			rules.Kind, rules.Quantity = energy.Interval, energy.ActiveEnergyImport
		}
		track := NewTrack(eventful(t, rules.Kind), rules)
		first := calendar.Date(start()).AddDays(rapid.IntRange(-3, 3).Draw(t, "from"))
		last := first.AddDays(rapid.IntRange(0, 6).Draw(t, "days"))
		p := energy.Period{From: calendar.Day(first).From, To: calendar.Day(last).To}
		var days []Day
		for _, date := range calendar.Days(p) {
			days = append(days, track.Day(date, calendar.Day(date)))
		}
		got := Over(p, days, track.Spans())
		if want := plainTotal(track, p); !sameTotal(got, want) {
			t.Fatalf("%+v\nwant %+v", got, want)
		}
		step := rapid.SampledFrom([]time.Duration{15 * time.Minute, time.Hour, 6 * time.Hour}).Draw(t, "step")
		steps := slices.Collect(Steps(days, track.Spans(), step))
		var sum energy.Amount
		for _, s := range steps {
			want := plainTotal(track, s.Period)
			if !known(s.Quality) && s.Substitute >= want.Substitute { // a quarter-hour is a substitute as a whole
				want.Substitute = s.Substitute
			}
			if !sameTotal(s, want) {
				t.Fatalf("%+v\nwant %+v", s, want)
			}
			sum += s.Amount
		}
		if sum != got.Amount {
			t.Fatalf("steps add up to %d, days to %d", sum, got.Amount)
		}
	})
}

func sameTotal(a, b Total) bool {
	a.Quality, b.Quality = 0, 0
	return a.shown() == b.shown()
}

// shown is the total without what only Mean sees.
func (t Total) shown() Total {
	t.weighted, t.sum, t.quarters = 0, 0, 0
	return t
}

// plainTotal reads FIGURES.md word by word, from the pieces themselves.
func plainTotal(track *Track, p energy.Period) Total {
	total := Total{Period: p, PeriodS: Seconds(p)}
	from, to := p.From.UnixMicro(), p.To.UnixMicro()
	for _, piece := range track.pieces {
		if piece.to <= from || piece.from >= to {
			continue
		}
		a, b := max(piece.from, from), min(piece.to, to)
		part := energy.Amount(piece.at(b) - piece.at(a))
		total.Amount += part
		whole := a == piece.from && b == piece.to
		switch {
		case !known(piece.quality), piece.spread && !whole:
			total.Substitute += part
		case piece.spread:
			total.EnergyS += wholeSeconds(a, b)
		case piece.covers():
			total.EnergyS += wholeSeconds(a, b)
			total.IntervalS += wholeSeconds(a, b)
		}
	}
	return total
}

func TestADayThatNoSpanOverlapsIsAddedUpAlike(t *testing.T) {
	t.Parallel()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		track := NewTrack(eventful(t, rules.Kind), rules)
		date := calendar.Date(start()).AddDays(rapid.IntRange(-1, 3).Draw(t, "date"))
		day := track.Day(date, calendar.Day(date))
		for q := range day.Quality { // qualities that fillings bring, too
			if rapid.IntRange(0, 9).Draw(t, "other") == 0 {
				day.Quality[q] = energy.Quality(rapid.IntRange(int(energy.Missing), int(energy.Suspect)).Draw(t, "quality"))
			}
		}
		first := rapid.IntRange(0, len(day.Values)-1).Draw(t, "first")
		last := rapid.IntRange(first+1, len(day.Values)).Draw(t, "last")
		got := Total{Period: energy.Period{From: day.quarter(first).From, To: day.quarter(last - 1).To}}
		want := got
		got.plain(day, first, last)
		want.take(day, first, last, nil)
		if got != want {
			t.Fatalf("%+v\nwant %+v", got, want)
		}
	})
}
