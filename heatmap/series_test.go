package heatmap_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/heatmap"
)

func nan() float64 { return math.NaN() }

// made is a series of quarter-hours; NaN is absent.
func made(t testing.TB, from time.Time, step time.Duration, power, flow []float64) heatmap.Series {
	t.Helper()
	c := heatmap.Columns{Power: make([]heatmap.Kilowatts, len(power)), Grade: make([]heatmap.Grade, len(power)), Limit: make([]heatmap.Limit, len(power))}
	for i, p := range power {
		c.Power[i] = heatmap.Kilowatts(p)
		if p == p {
			c.Grade[i], c.Limit[i] = heatmap.Measured, heatmap.SupplyLimited
		}
	}
	for _, x := range flow {
		c.Flow = append(c.Flow, energy.Celsius(x))
	}
	s, err := heatmap.New(heatmap.Header{Source: "made", From: from, Step: step}, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnHourIsKnownWhereAllOfItIs(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, 6, 3, 0, 30, 0, 0, time.UTC)
	s := made(t, from, energy.QuarterHour,
		[]float64{9, 9, 1, 2, 3, 4, 5, nan(), 5, 5, 0, 0, 0, 0},
		[]float64{50, 50, 60, 70, nan(), 80, 60, 60, 60, 60, 60, 60, 60, 60})
	h := s.Hourly()
	if h.Len() != 4 || !h.From.Equal(from.Truncate(time.Hour)) {
		t.Fatalf("%d hours from %s", h.Len(), h.From)
	}
	for i, want := range []struct {
		sentence string
		power    float64
		ok       bool
	}{{"half an hour is none", 0, false}, {"the mean of four", 2.5, true}, {"a quarter is lacking", 0, false}, {"measured zero", 0, true}} {
		power, ok := h.Power(i)
		if ok != want.ok || ok && !near(float64(power), want.power) {
			t.Errorf("%s: %v (known: %v)", want.sentence, power, ok)
		}
	}
	if flow, ok := h.Flow(1); !ok || !near(float64(flow), (1*60+2*70+4*80)/7.0) {
		t.Errorf("flow %v °C, want it weighted with the power beside it", flow)
	}
	if _, ok := h.Flow(3); ok {
		t.Error("an hour in which nothing flowed has a temperature")
	}
}

func TestHoursKeepTheEnergyOfTheirQuarters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(rt, "quarters")
		from := time.Date(2025, 6, 3, 0, 15*rapid.IntRange(0, 3).Draw(rt, "first"), 0, 0, time.UTC)
		power := make([]float64, n)
		for i := range power {
			if power[i] = rapid.Float64Range(0, 5000).Draw(rt, "kW"); rapid.IntRange(0, 15).Draw(rt, "lacking") == 0 {
				power[i] = nan()
			}
		}
		s := made(t, from, energy.QuarterHour, power, nil)
		h := s.Hourly()
		var want heatmap.KilowattHours
		for i := range h.Len() {
			whole := energy.Period{From: h.At(i), To: h.At(i).Add(time.Hour)}
			part := s.Within(whole).Account()
			_, ok := h.Power(i)
			if ok != (part.Known == time.Hour) {
				rt.Fatalf("hour %d known: %v, of its quarters %s", i, ok, part.Known)
			}
			if ok {
				want += part.Energy
			}
		}
		if got := h.Account(); !near(float64(got.Energy), float64(want)) || got.Unshaped != 0 || got.Coverage() < 0 || got.Coverage() > 1 {
			rt.Fatalf("hours hold %v kWh, their quarters %v", got.Energy, want)
		}
	})
}

func TestStepsAreFoundByTheirInstant(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)
	s := made(t, from, time.Hour, []float64{1, 2, 3}, nil)
	if i, ok := s.Index(from.Add(119 * time.Minute)); !ok || i != 1 {
		t.Errorf("step %d (%v)", i, ok)
	}
	if _, ok := s.Index(from.Add(3 * time.Hour)); ok {
		t.Error("the end belongs to the series")
	}
	if _, ok := s.Index(from.Add(-time.Second)); ok {
		t.Error("the time before belongs to the series")
	}
	part := s.Within(energy.Period{From: from.Add(time.Minute), To: from.Add(9 * time.Hour)})
	if p, _ := part.Power(0); part.Len() != 2 || p != 2 || !part.From.Equal(from.Add(time.Hour)) || part.Same(s) || !s.Same(s.Hourly()) {
		t.Errorf("part of %d steps from %s", part.Len(), part.From)
	}
	if empty := s.Within(energy.Period{From: from.Add(-5 * time.Hour), To: from.Add(-4 * time.Hour)}); empty.Len() != 0 {
		t.Errorf("%d steps before the first", empty.Len())
	}
	if p, ok := heatmap.KilowattHours(3).Mean(0); ok {
		t.Errorf("%v kW over no time", p)
	}
}

func TestSlotsFollowTheClock(t *testing.T) {
	t.Parallel()
	local := heatmap.Local{Calendar: berlin, State: heatmap.Hesse}
	autumn := berlin.Day(date(t, "2025-10-26")) // a Sunday of 25 hours
	s := made(t, autumn.From, time.Hour, make([]float64, 25+24), nil)
	slots := local.Slots(s)
	for i, want := range map[int]heatmap.Slot{
		0: {10, 0, heatmap.SundayOrHoliday}, 2: {10, 2, heatmap.SundayOrHoliday}, 3: {10, 2, heatmap.SundayOrHoliday},
		24: {10, 23, heatmap.SundayOrHoliday}, 25: {10, 0, heatmap.Weekday}, 48: {10, 23, heatmap.Weekday},
	} {
		if slots[i] != want {
			t.Errorf("hour %d is %+v, want %+v", i, slots[i], want)
		}
	}
	if len(slots) != 49 {
		t.Errorf("%d slots of 49 hours", len(slots))
	}
}
