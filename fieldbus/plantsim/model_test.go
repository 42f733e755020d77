package plantsim

import (
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
)

func town(t testing.TB, seed uint64) *Plant {
	t.Helper()
	p, err := NewPlant(seed, SmallTown())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestCountersAreTheIntegralsOfThePowers sums the powers themselves, finely and without the model's
// integrals. Between whole minutes every power is a straight line, so the mean
// of a minute's ends is its energy.
func TestCountersAreTheIntegralsOfThePowers(t *testing.T) {
	t.Parallel()
	for _, site := range town(t, 1).Sites() {
		for _, from := range []string{"2025-03-30T00:00:00Z", "2025-06-15T09:07:13.250Z", "2025-12-31T22:59:59.999Z"} {
			start := instant(t, from)
			for _, span := range []time.Duration{700 * time.Millisecond, 83 * time.Second, 14*time.Minute + 59*time.Second, 26*time.Hour + 1234*time.Millisecond} {
				end := start.Add(span)
				for x := range streams {
					var sum float64 // Wh (l)
					for a := start; a.Before(end); {
						b := a.Truncate(time.Minute).Add(time.Minute)
						if b.After(end) {
							b = end
						}
						mean := (site.At(a).Power(x) + site.At(b.Add(-1)).Power(x)) / 2
						if b.Equal(end) {
							mean = (site.At(a).Power(x) + site.At(b).Power(x)) / 2
						}
						sum += float64(mean.Over(b.Sub(a)))
						a = b
					}
					counted := float64(site.At(end).Energy(x)-site.At(start).Energy(x)) / 1000
					if math.Abs(counted-sum) > 0.002+1e-9*sum+0.0001*span.Minutes() {
						t.Errorf("%s %s over %s from %s: counter says %.4f, summed power %.4f", site.Spec.ID, x, span, from, counted, sum)
					}
				}
			}
		}
	}
}

// TestCounterIsExactToTheMilliwattHour compares the counter with the integral in fractions, from
// the knots and ripples alone.
func TestCounterIsExactToTheMilliwattHour(t *testing.T) {
	t.Parallel()
	site := town(t, 7).Sites()[0]
	d := site.build(site.first + 3)
	for x := range streams {
		total := new(big.Rat).SetInt64(site.upTo(site.first + 3)[x])
		for q := range quartersPerDay {
			if q%17 == 5 {
				for _, ms := range []int64{0, 1, 59_999, 60_000, 61_234, 450_000, 899_999} {
					want := new(big.Rat).Add(total, lineAndRipple(site, d, x, q, ms))
					want.Quo(want, big.NewRat(18, 5)) // W·s to mWh
					floor := new(big.Int).Div(want.Num(), want.Denom())
					at := time.UnixMilli(d.number*millisPerDay + int64(q)*quarterMillis + ms)
					if got := site.At(at).Energy(x); int64(got) != floor.Int64() {
						t.Fatalf("%s at %s: counter %d, integral %s", x, at, got, floor)
					}
				}
			}
			total.Add(total, lineAndRipple(site, d, x, q, quarterMillis))
		}
	}
}

// lineAndRipple integrates minute by minute, in W·s.
func lineAndRipple(s *Site, d *day, x Stream, q int, ms int64) *big.Rat {
	sum := new(big.Rat)
	at := func(ms int64) *big.Rat {
		m, rest := int(ms/minuteMillis), ms%minuteMillis
		line := big.NewRat(d.rate[x][q+1]-d.rate[x][q], 1)
		line.Mul(line, big.NewRat(ms, quarterMillis)).Add(line, big.NewRat(d.rate[x][q], 1))
		r0, r1 := s.ripple(d, x, q, m), int64(0)
		if rest > 0 {
			r1 = s.ripple(d, x, q, m+1)
		}
		ripple := big.NewRat(r1-r0, 1)
		if rest == 0 {
			ripple.SetInt64(0)
		}
		ripple.Mul(ripple, big.NewRat(rest, minuteMillis)).Add(ripple, big.NewRat(r0, 1))
		return line.Add(line, ripple)
	}
	for from := int64(0); from < ms; {
		to := min(ms, (from/minuteMillis+1)*minuteMillis)
		mean := at(from)
		mean.Add(mean, at(to)).Mul(mean, big.NewRat(to-from, 2000))
		sum.Add(sum, mean)
		from = to
	}
	return sum
}

func TestBalanceHoldsAtEveryInstantAndInEverySum(t *testing.T) {
	t.Parallel()
	for _, site := range town(t, 3).Sites() {
		for at := instant(t, "2025-05-01T00:00:11.5Z"); at.Before(instant(t, "2025-05-03T00:00:00Z")); at = at.Add(97 * time.Second) {
			s := site.At(at)
			power := s.Power(IT) + s.Power(Losses) + s.Power(CoolingPower) + s.Power(OtherPower) - s.Power(Solar)
			if math.Abs(float64(power-s.Power(GridImport))) > 1e-6 {
				t.Fatalf("%s at %s: %v W imported, the parts make %v W", site.Spec.ID, at, s.Power(GridImport), power)
			}
			sum := s.Energy(IT) + s.Energy(Losses) + s.Energy(CoolingPower) + s.Energy(OtherPower) - s.Energy(Solar)
			if off := sum - s.Energy(GridImport); off < -4 || off > 1 { // each part is cut by less than 1 mWh
				t.Fatalf("%s at %s: %d mWh imported, the parts make %d", site.Spec.ID, at, s.Energy(GridImport), sum)
			}
		}
	}
}

func TestPhysicsOfEveryDayOfTwoYears(t *testing.T) {
	t.Parallel()
	p := town(t, 42)
	for _, site := range p.Sites() {
		period := energy.Period{From: p.calendar.Year(2024).From.Add(time.Hour), To: p.calendar.Year(2025).To}
		for _, date := range p.calendar.Days(period) {
			day := p.calendar.Day(date)
			a, b := site.At(day.From), site.At(day.To)
			over := func(x Stream) float64 { return float64(b.Energy(x)-a.Energy(x)) / 1e6 }
			if heat := over(HeatDelivered); heat <= 0 || heat > over(GridImport)+over(Solar) || heat > over(IT) {
				t.Errorf("%s on %s: %.0f kWh of heat from %.0f kWh of IT", site.Spec.ID, date, heat, over(IT))
			}
			if ipue := (over(GridImport) + over(Solar)) / over(IT); ipue < 1.08 || ipue > 1.8 {
				t.Errorf("%s on %s: power usage %.3f", site.Spec.ID, date, ipue)
			}
			if spread := over(HeatDelivered) / (litreKelvin * over(Water)); spread < 3 || spread > 15 {
				t.Errorf("%s on %s: %.1f K between flow and return", site.Spec.ID, date, spread)
			}
		}
	}
}

func TestHeatIsVolumeTimesSpread(t *testing.T) {
	t.Parallel()
	for _, site := range town(t, 5).Sites() {
		for at := instant(t, "2025-01-05T00:03:00Z"); at.Before(instant(t, "2025-12-24T00:00:00Z")); at = at.Add(37*time.Hour + 411*time.Second) {
			a, b := site.At(at), site.At(at.Add(energy.QuarterHour))
			heat := float64(b.Energy(HeatDelivered)-a.Energy(HeatDelivered)) / 1000 // Wh
			litres := float64(b.Energy(Water)-a.Energy(Water)) / 1000
			spread := float64(a.Flow()-a.Return()+b.Flow()-b.Return()) / 2
			if off := heat/(litres*spread*1.15) - 1; math.Abs(off) > 0.01 {
				t.Errorf("%s at %s: %.0f Wh from %.0f l by %.2f K is off by %.2f %%", site.Spec.ID, at, heat, litres, spread, 100*off)
			}
		}
	}
}

func TestCountersNeverFallAndPowersStayPositive(t *testing.T) {
	t.Parallel()
	for _, site := range town(t, 11).Sites() {
		for _, from := range []string{"2023-12-31T23:30:00Z", "2024-12-31T22:30:00Z", "2025-03-30T00:30:00Z", "2025-10-26T00:30:00Z", "2024-02-28T23:30:00Z"} {
			last := site.At(instant(t, from))
			for range 4 * 3600 {
				next := site.At(last.At().Add(501 * time.Millisecond))
				for x := range streams {
					if next.Energy(x) < last.Energy(x) || next.Power(x) < 0 {
						t.Fatalf("%s %s at %s: %v W, counter from %d to %d", site.Spec.ID, x, next.At(), next.Power(x), last.Energy(x), next.Energy(x))
					}
					if step := math.Abs(float64(next.Power(x) - last.Power(x))); last.begun() && step > 0.02*float64(site.Spec.Load.Mean) {
						t.Fatalf("%s %s at %s: jumps by %.0f W in half a second", site.Spec.ID, x, next.At(), step)
					}
				}
				last = next
			}
		}
	}
}

func TestPlantIsAFunctionOfItsSeed(t *testing.T) {
	t.Parallel()
	a, again, other := town(t, 9), town(t, 9), town(t, 10)
	at := instant(t, "2026-02-03T04:05:06Z")
	_ = again.Sites()[0].At(at.AddDate(0, 7, 0)) // the order of asking must not matter
	for i, site := range a.Sites() {
		for x := range streams {
			same := again.Sites()[i].At(at)
			if site.At(at).Energy(x) != same.Energy(x) || site.At(at).Power(x) != same.Power(x) {
				t.Errorf("%s %s: the same seed gives another plant", site.Spec.ID, x)
			}
		}
		if site.At(at).Energy(IT) == other.Sites()[i].At(at).Energy(IT) {
			t.Errorf("%s: another seed gives the same plant", site.Spec.ID)
		}
	}
}

func TestSiteCountsFromItsFirstDay(t *testing.T) {
	t.Parallel()
	site := town(t, 1).Sites()[0]
	first := site.Spec.Since.UTC()
	for _, before := range []time.Time{first.Add(-time.Millisecond), first.AddDate(-30, 0, 0), instant(t, "1960-05-05T05:05:05Z")} {
		if s := site.At(before); s.Power(GridImport) != 0 || s.Energy(GridImport) != 0 || !s.At().Equal(before) {
			t.Errorf("at %s, before it begins: %v W, %d mWh", s.At(), s.Power(GridImport), s.Energy(GridImport))
		}
	}
	if s := site.At(first); s.Energy(IT) != 0 || s.Power(IT) < 100e3 {
		t.Errorf("at its beginning: %v W, %d mWh", s.Power(IT), s.Energy(IT))
	}
}

func TestLoadFollowsTheMeasuredShape(t *testing.T) {
	t.Parallel()
	shapes, err := loadShapes()
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		sentence string
		local    time.Time
		want     float64
	}{
		{"a weekday afternoon", time.Date(2025, 6, 4, 14, 15, 0, 0, berlin), shapes["enterprise"][weekday][28]},
		{"a Sunday morning, between two half-hours", time.Date(2025, 6, 1, 10, 30, 0, 0, berlin), (shapes["enterprise"][sunday][20] + shapes["enterprise"][sunday][21]) / 2},
		{"midnight from Friday to Saturday", time.Date(2025, 6, 7, 0, 0, 0, 0, berlin), (shapes["enterprise"][weekday][47] + shapes["enterprise"][saturday][0]) / 2},
		{"Whit Monday", time.Date(2025, 6, 9, 9, 45, 0, 0, berlin), shapes["enterprise"][publicHoliday][19]},
	} {
		if got := shapes["enterprise"].at(c.local); got != c.want || got < 0.5 || got > 1.5 {
			t.Errorf("%s: %v, measured is %v", c.sentence, got, c.want)
		}
	}
}

func TestHolidaysOfHesse(t *testing.T) {
	t.Parallel()
	var got []string
	for _, year := range []int{2024, 2025, 2038} {
		for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if isHoliday(d.Date()) {
				got = append(got, d.Format("06-01-02"))
			}
		}
	}
	want := []string{
		"24-01-01", "24-03-29", "24-04-01", "24-05-01", "24-05-09", "24-05-20", "24-05-30", "24-10-03", "24-12-25", "24-12-26",
		"25-01-01", "25-04-18", "25-04-21", "25-05-01", "25-05-29", "25-06-09", "25-06-19", "25-10-03", "25-12-25", "25-12-26",
		"38-01-01", "38-04-23", "38-04-26", "38-05-01", "38-06-03", "38-06-14", "38-06-24", "38-10-03", "38-12-25", "38-12-26",
	}
	if !slices.Equal(got, want) {
		t.Errorf("holidays\n%v, want\n%v", got, want)
	}
}

func TestWeatherAndSunAreThoseOfTheRegion(t *testing.T) {
	t.Parallel()
	w := weather{seed: 4}
	var month [13][]float64
	var sun float64
	for at := instant(t, "2025-01-01T00:00:00Z"); at.Year() == 2025; at = at.Add(energy.QuarterHour) {
		month[at.Month()] = append(month[at.Month()], w.outdoor(at))
		sun += w.sunshine(at, 50.1, 8.7) / 4
	}
	for _, c := range []struct {
		month     time.Month
		low, high float64
	}{{time.January, -2, 6}, {time.April, 7, 15}, {time.July, 16, 24}, {time.October, 7, 15}} {
		mean := 0.0
		for _, x := range month[c.month] {
			mean += x / float64(len(month[c.month]))
		}
		if mean < c.low || mean > c.high {
			t.Errorf("%s has a mean of %.1f °C, want %.0f to %.0f", c.month, mean, c.low, c.high)
		}
	}
	if sun < 800 || sun > 1100 {
		t.Errorf("a kilowatt of solar peak gives %.0f kWh a year, want 800 to 1100", sun)
	}
	if dark := w.sunshine(instant(t, "2025-06-21T23:30:00Z"), 50.1, 8.7); dark != 0 {
		t.Errorf("the sun shines at night: %v", dark)
	}
}
