package heatpump_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/heatmap/heatpump"
)

const said = "offer of 3 March 2025"

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(b)) }

func TestTheCoefficientOfPerformanceByHand(t *testing.T) {
	t.Parallel()
	low := heatpump.Conditions{SourceIn: 35, SourceOut: 30, SinkIn: 50, SinkOut: 75, Load: 1}
	glide := heatpump.Conditions{SourceIn: 30, SourceOut: 20, SinkIn: 50, SinkOut: 80, Load: 1}
	half := low
	half.Load = 0.5
	for _, tt := range []struct {
		sentence string
		machine  heatpump.Machine
		at       heatpump.Conditions
		want     float64
	}{
		{"half of 348.15 / 45", heatpump.Carnot{Quality: 0.5, Source: said}, low, 3.868333333333333},
		{"with 5 K of approach on either side: half of 353.15 / 55", heatpump.Carnot{Quality: 0.5, Source: said, Approach: 5}, low, 3.2104545454545454},
		{"bounded", heatpump.Carnot{Quality: 0.5, Source: said, Greatest: 3}, low, 3},
		{"at half load: × 0.5 / (0.45 + 0.1)", heatpump.Carnot{Quality: 0.5, Source: said, PartLoad: heatpump.PartLoad{Cc: 0.9, Source: said}}, half, 3.868333333333333 / 1.1},
		{"a sink and a source that stay as they are: half of 348.15 / 45", heatpump.Lorenz{Quality: 0.5, Source: said}, heatpump.Conditions{SourceIn: 30, SourceOut: 30, SinkIn: 75, SinkOut: 75, Load: 1}, 3.868333333333333},
		{"all but as they are", heatpump.Lorenz{Quality: 0.5, Source: said}, heatpump.Conditions{SourceIn: 30.0001, SourceOut: 30, SinkIn: 75, SinkOut: 75.0001, Load: 1}, 3.868333333333333},
		{"the ideal machine: 348.15 / 45", heatpump.Carnot{Quality: 1, Source: said}, low, 7.736666666666667},
		{"a source half a kelvin above nothing: 348.15 / 347.65", heatpump.Carnot{Quality: 1, Source: said}, heatpump.Conditions{SourceOut: -272.65, SinkOut: 75, Load: 1}, 1.0014382},
		{"a coefficient of 1 loses nothing", heatpump.Carnot{Quality: 0.5, Source: said, PartLoad: heatpump.PartLoad{Cc: 1, Source: said}}, half, 3.868333333333333},
		{"a sink that stays and a source from 30 to 20 °C: half of 348.15 / (348.15 − 298.122)", heatpump.Lorenz{Quality: 0.5, Source: said}, heatpump.Conditions{SourceIn: 30, SourceOut: 20, SinkIn: 75, SinkOut: 75, Load: 1}, 3.4796},
		{"0.55 of 337.928 / (337.928 − 298.122)", heatpump.Lorenz{Quality: 0.55, Source: said}, glide, 4.6692},
	} {
		got, err := tt.machine.Point(tt.at)
		if err != nil || math.Abs(got.COP-tt.want) > 5e-5 || got.Capacity != 0 {
			t.Errorf("%s: %+v (%v), want %v", tt.sentence, got, err, tt.want)
		}
		if !strings.Contains(tt.machine.Basis(), said) {
			t.Errorf("%s: %q does not say where its grade comes from", tt.sentence, tt.machine.Basis())
		}
	}
}

func TestMachinesRefuseWhatNobodySaidOrCannotBe(t *testing.T) {
	t.Parallel()
	ok := heatpump.Conditions{SourceIn: 35, SourceOut: 30, SinkIn: 50, SinkOut: 75, Load: 1}
	with := func(change func(c *heatpump.Conditions)) heatpump.Conditions { c := ok; change(&c); return c }
	var beyond *heatpump.RangeError
	for _, tt := range []struct {
		sentence string
		machine  heatpump.Machine
		at       heatpump.Conditions
		is       func(err error) bool
	}{
		{"no grade", heatpump.Carnot{Source: said}, ok, func(err error) bool { return err != nil && !errors.As(err, &beyond) }},
		{"less than no grade", heatpump.Carnot{Quality: -0.5, Source: said}, ok, func(err error) bool { return err != nil && !errors.As(err, &beyond) }},
		{"a bound of a heating rod", heatpump.Carnot{Quality: 0.5, Source: said, Greatest: 1}, ok, func(err error) bool { return errors.As(err, &beyond) && beyond.Low == 1 && beyond.Value == 1 }},
		{"a bound below it", heatpump.Carnot{Quality: 0.5, Source: said, Greatest: 0.5}, ok, func(err error) bool { return errors.As(err, &beyond) && beyond.Value == 0.5 }},
		{"a source of no temperature", heatpump.Carnot{Quality: 0.5, Source: said}, with(func(c *heatpump.Conditions) { c.SourceOut = -273.15 }), func(err error) bool { return errors.Is(err, heatpump.ErrNoLift) }},
		{"a source below it", heatpump.Carnot{Quality: 0.5, Source: said}, with(func(c *heatpump.Conditions) { c.SourceOut = -273.65 }), func(err error) bool { return errors.Is(err, heatpump.ErrNoLift) }},
		{"a degradation of all", heatpump.Carnot{Quality: 0.5, Source: said, PartLoad: heatpump.PartLoad{Source: said}}, ok, func(err error) bool { return err != nil && !errors.As(err, &beyond) }},
		{"better than ideal", heatpump.Lorenz{Quality: 1.01, Source: said}, ok, func(err error) bool { return err != nil }},
		{"a grade without a source", heatpump.Carnot{Quality: 0.5}, ok, func(err error) bool { return err != nil }},
		{"no lift", heatpump.Carnot{Quality: 0.5, Source: said}, with(func(c *heatpump.Conditions) { c.SourceOut = 75 }), func(err error) bool { return errors.Is(err, heatpump.ErrNoLift) }},
		{"no load", heatpump.Carnot{Quality: 0.5, Source: said}, with(func(c *heatpump.Conditions) { c.Load = 0 }), func(err error) bool { return errors.As(err, &beyond) }},
		{"more than full load", heatpump.Carnot{Quality: 0.5, Source: said}, with(func(c *heatpump.Conditions) { c.Load = 1.1 }), func(err error) bool { return errors.As(err, &beyond) }},
		{"no better than a heating rod", heatpump.Carnot{Quality: 0.1, Source: said}, ok, func(err error) bool { return errors.As(err, &beyond) && beyond.What == "cop" }},
		{"a degradation without a source", heatpump.Carnot{Quality: 0.5, Source: said, PartLoad: heatpump.PartLoad{Cc: 0.9}}, ok, func(err error) bool { return err != nil && !errors.As(err, &beyond) }},
		{"a degradation that is a gain", heatpump.Carnot{Quality: 0.5, Source: said, PartLoad: heatpump.PartLoad{Cc: 1.1, Source: said}}, ok, func(err error) bool { return err != nil && !errors.As(err, &beyond) }},
		{"a degradation below zero", heatpump.Lorenz{Quality: 0.5, Source: said, PartLoad: heatpump.PartLoad{Cc: -0.1, Source: said}}, ok, func(err error) bool { return err != nil && !errors.As(err, &beyond) }},
		{"colder than anything", heatpump.Carnot{Quality: 0.5, Source: said, Approach: 400}, ok, func(err error) bool { return errors.Is(err, heatpump.ErrNoLift) }},
	} {
		if got, err := tt.machine.Point(tt.at); !tt.is(err) {
			t.Errorf("%s: %+v (%v)", tt.sentence, got, err)
		}
	}
}

func TestMachinesSayWhatTheyRestOn(t *testing.T) {
	t.Parallel()
	part := heatpump.PartLoad{Cc: 0.9, Source: "EN 14825"}
	for want, m := range map[string]heatpump.Machine{
		"carnot, quality grade 0.5 (" + said + ")":                              heatpump.Carnot{Quality: 0.5, Source: said},
		"lorenz, quality grade 0.6 (" + said + "), part load Cc 0.9 (EN 14825)": heatpump.Lorenz{Quality: 0.6, Source: said, PartLoad: part},
		"maker's table maker.csv":                                               read(t, maker),
	} {
		if got := m.Basis(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	_, err := read(t, maker).Point(at(31, 60, 1))
	if err == nil || err.Error() != "source_in_c of 31: known from 20 to 30" {
		t.Errorf("%v", err)
	}
	_, err = heatpump.Carnot{Quality: 0.5, Source: said}.Point(heatpump.Conditions{SourceOut: 30, SinkOut: 75, Load: 2})
	if err == nil || err.Error() != "load of 2: known from 0 to 1" {
		t.Errorf("%v", err)
	}
}

func TestLorenzWithoutGlideIsCarnot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cold := energy.Celsius(rapid.Float64Range(0, 50).Draw(rt, "source"))
		hot := energy.Celsius(rapid.Float64Range(55, 120).Draw(rt, "sink"))
		at := heatpump.Conditions{SourceIn: cold, SourceOut: cold, SinkIn: hot, SinkOut: hot, Load: 1}
		carnot, err1 := heatpump.Carnot{Quality: 0.6, Source: said}.Point(at)
		lorenz, err2 := heatpump.Lorenz{Quality: 0.6, Source: said}.Point(at)
		if err1 != nil || err2 != nil || !near(carnot.COP, lorenz.COP) {
			rt.Fatalf("from %v to %v °C: %+v (%v) and %+v (%v)", cold, hot, carnot, err1, lorenz, err2)
		}
		at.SourceIn, at.SinkIn = cold+1e-8, hot-1e-8 // so little that a quotient would lose its digits
		if little, err := (heatpump.Lorenz{Quality: 0.6, Source: said}).Point(at); err != nil || math.Abs(little.COP/carnot.COP-1) > 1e-8 {
			rt.Fatalf("with hardly a glide: %+v (%v), without %+v", little, err, carnot)
		}
		at.SourceIn, at.SinkIn = cold, hot
		warmer := at
		warmer.SinkIn, warmer.SinkOut = hot+1, hot+1
		if more, err := (heatpump.Lorenz{Quality: 0.6, Source: said}).Point(warmer); err != nil || more.COP >= lorenz.COP {
			rt.Fatalf("a degree more costs nothing: %v and %v (%v)", lorenz.COP, more.COP, err)
		}
		glide := at // a sink that is warmed from below asks for less
		glide.SinkIn = hot - energy.Celsius(rapid.Float64Range(0, 5).Draw(rt, "glide"))
		if less, err := (heatpump.Lorenz{Quality: 0.6, Source: said}).Point(glide); err == nil && less.COP < lorenz.COP {
			rt.Fatalf("a colder return costs: %v and %v", lorenz.COP, less.COP)
		}
	})
}
