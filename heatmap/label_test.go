package heatmap_test

import (
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

func TestLabelsHaveTheirNames(t *testing.T) {
	t.Parallel()
	var got []string
	for g := heatmap.NoGrade; g <= heatmap.Declared; g++ {
		got = append(got, g.String())
	}
	for l := heatmap.NoLimit; l <= heatmap.LimitDerived; l++ {
		got = append(got, l.String())
	}
	for k := heatmap.Weekday; k < heatmap.KindsOfDay; k++ {
		got = append(got, k.String())
	}
	const want = "none measured estimated declared none supply_limited demand_limited derived weekday saturday sunday_or_holiday"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("%s\nwant\n%s", s, want)
	}
}

// labelled is a series of quarter-hours of 8 kW with the limits, of which NoLimit is
// absent.
func labelled(t *testing.T, limits ...heatmap.Limit) heatmap.Series {
	t.Helper()
	c := heatmap.Columns{Limit: limits, Unshaped: make([]heatmap.KilowattHours, len(limits))}
	for i, l := range limits {
		power, grade := heatmap.Kilowatts(8), heatmap.Measured
		c.Unshaped[i] = heatmap.KilowattHours(nan())
		if l == heatmap.NoLimit {
			power, grade, c.Unshaped[i] = heatmap.Kilowatts(nan()), heatmap.NoGrade, 3
		}
		c.Power, c.Grade = append(c.Power, power), append(c.Grade, grade)
		c.Flow, c.Return = append(c.Flow, energy.Celsius(60+i)), append(c.Return, energy.Celsius(40+i))
	}
	s, err := heatmap.New(heatmap.Header{From: time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC), Step: energy.QuarterHour}, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAWholeIsLabelledByItsParts(t *testing.T) {
	t.Parallel()
	supply, demand, derived := heatmap.SupplyLimited, heatmap.DemandLimited, heatmap.LimitDerived
	for _, tt := range []struct {
		sentence string
		limits   []heatmap.Limit
		hour     heatmap.Limit
		whole    heatmap.Limit
	}{
		{"the source throughout", []heatmap.Limit{supply, supply, supply, supply}, supply, supply},
		{"the network for a quarter", []heatmap.Limit{supply, demand, supply, supply}, demand, demand},
		{"derived for a quarter", []heatmap.Limit{supply, demand, derived, supply}, derived, derived},
		{"a quarter lacking", []heatmap.Limit{supply, heatmap.NoLimit, supply, supply}, heatmap.NoLimit, supply},
		{"nothing known", []heatmap.Limit{0, 0, 0, 0}, heatmap.NoLimit, heatmap.NoLimit},
	} {
		s := labelled(t, tt.limits...)
		h := s.Hourly()
		if got := h.Limit(0); got != tt.hour || s.Account().Limit() != tt.whole || h.Len() != 1 {
			t.Errorf("%s: the hour is %s, the whole %s", tt.sentence, got, s.Account().Limit())
		}
		if p, ok := h.Power(0); ok != (tt.hour != heatmap.NoLimit) || ok && p != 8 {
			t.Errorf("%s: %v kW (known: %v)", tt.sentence, p, ok)
		}
		if a, b := s.Account(), h.Account(); !near(float64(a.Energy+a.Unshaped), float64(b.Energy+b.Unshaped)) {
			t.Errorf("%s: %+v became %+v", tt.sentence, a, b)
		}
	}
	s := labelled(t, supply, heatmap.NoLimit, supply, supply)
	a := s.Account()
	if mean, ok := a.Mean(); !ok || mean != 8 || a.Coverage() != 0.75 || a.EnergyCoverage() != 1 || a.Unshaped != 3 || a.Grade() != heatmap.Measured || a.ByLimit[supply] != 45*time.Minute {
		t.Errorf("%+v with a mean of %v", a, mean)
	}
	if back, ok := s.Hourly().Return(0); !ok || !near(float64(back), (40+42+43)/3.0) {
		t.Errorf("the return of the hour is %v", back)
	}
	none := labelled(t)
	if a := none.Account(); a.Coverage() != 0 || a.EnergyCoverage() != 0 || a.Grade() != heatmap.NoGrade {
		t.Errorf("of no steps: %+v", a)
	}
	if _, ok := none.Account().Mean(); ok {
		t.Error("no steps have a mean")
	}
}

func TestAPartKeepsAllColumns(t *testing.T) {
	t.Parallel()
	s := labelled(t, heatmap.SupplyLimited, heatmap.NoLimit, heatmap.DemandLimited)
	part := s.Within(energy.Period{From: s.At(1), To: s.At(3)})
	flow, ok1 := part.Flow(1)
	back, ok2 := part.Return(1)
	if part.Len() != 2 || !ok1 || flow != 62 || !ok2 || back != 42 || part.Limit(1) != heatmap.DemandLimited || part.Account().Unshaped != 3 {
		t.Errorf("%d steps, %v and %v °C, %+v", part.Len(), flow, back, part.Account())
	}
	if rest := s.Within(energy.Period{From: s.At(2), To: s.At(3)}).Account(); rest.Unshaped != 0 {
		t.Errorf("%v kWh without hours went along", rest.Unshaped)
	}
	if none := s.Within(energy.Period{From: s.At(2), To: s.At(1)}); none.Len() != 0 {
		t.Errorf("%d steps of a period that ends before it begins", none.Len())
	}
	plain := made(t, s.From, energy.QuarterHour, []float64{1, 2, 3}, nil)
	if _, ok := plain.Return(0); ok || plain.HasTemperatures() {
		t.Error("a series without temperatures has some")
	}
	for sentence, o := range map[string]heatmap.Series{
		"shorter": s.Within(energy.Period{From: s.At(0), To: s.At(2)}), "later": made(t, s.At(1), energy.QuarterHour, []float64{1, 2, 3}, nil), "in hours": made(t, s.From, time.Hour, []float64{1, 2, 3}, nil),
	} {
		if s.Same(o) || o.Same(s) {
			t.Errorf("a series that is %s has the same steps", sentence)
		}
	}
	if !s.Same(plain) {
		t.Error("two series of the same steps differ")
	}
	var zero heatmap.Series
	if got := zero.Within(s.Period()); got.Len() != 0 || zero.Hourly().Len() != 0 {
		t.Errorf("a part of nothing has %d steps", got.Len())
	}
}
