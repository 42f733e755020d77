package source_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

func TestSecuredPowerIsThereInSoManyHours(t *testing.T) {
	t.Parallel()
	power := each(100, func(i int) float64 { return float64(i) }) // 0 to 99
	s := hours(t, day(2025, 6, 3), power...)
	for availability, want := range map[float64]heatmap.Kilowatts{0.98: 2, 1: 0, 0.5: 50, 0.981: 1} {
		got, err := source.SecuredPower(s, availability)
		if err != nil || got.Power != want || got.AtWorst != want || got.Hours != 100 {
			t.Errorf("at %v: %+v (%v), want %v kW", availability, got, err, want)
		}
	}
	power[99], power[98], power[97] = gone, gone, gone
	if got, _ := source.SecuredPower(hours(t, day(2025, 6, 3), power...), 0.9); got.Power != 9 || got.AtWorst != 7 || got.Hours != 97 || got.Of != 100 {
		t.Errorf("with hours that are not known: %+v, want 9 kW (88 of 97) and 7 kW (90 of 100) had they given nothing", got)
	}
	power = each(100, func(i int) float64 { return gone })
	power[0] = 5
	if got, _ := source.SecuredPower(hours(t, day(2025, 6, 3), power...), 0.9); got.Power != 5 || got.AtWorst != 0 {
		t.Errorf("one hour known: %+v", got)
	}
	for _, availability := range []float64{0, -1, 1.01, gone} {
		if _, err := source.SecuredPower(s, availability); err == nil {
			t.Errorf("an availability of %v is accepted", availability)
		}
	}
}

func TestSourcesThatFailApartSecureEachOther(t *testing.T) {
	t.Parallel()
	a := hours(t, day(2025, 6, 3), 10, 10, 0, 10, 10, 10, 10, 10, 10, 10)
	b := hours(t, day(2025, 6, 3), 10, 10, 10, 10, 0, 10, 10, 10, 10, 10)
	apart, err := source.SecuredTogether([]heatmap.Series{a, b}, 1)
	if err != nil || apart.Power != 10 || apart.Sum != 0 {
		t.Errorf("apart: %+v (%v), want 10 kW together and 0 by themselves", apart, err)
	}
	if atOnce, _ := source.SecuredTogether([]heatmap.Series{a, a}, 1); atOnce.Power != 0 || atOnce.Sum != 0 {
		t.Errorf("at once: %+v", atOnce)
	}
	// b begins two hours later and lacks one: seven hours are known of both.
	late := hours(t, day(2025, 6, 3), 10, 10, gone, 10, 10, 10, 10, 10, 10, 10).Within(berlin.Day(day(2025, 6, 3)))
	late = made(t, "late", late.From.Add(2*time.Hour), time.Hour, heatmap.SupplyLimited, []float64{7, gone, 7, 7, 7, 7, 7, 7})
	got, err := source.SecuredTogether([]heatmap.Series{a, late}, 0.5)
	if err != nil || got.Hours != 7 || got.Of != 8 || got.Power != 17 || got.Single[0].Hours != 7 || got.Sum != 17 {
		t.Errorf("in common: %+v (%v)", got, err)
	}
	far := hours(t, day(2026, 6, 3), 1)
	if _, err := source.SecuredTogether([]heatmap.Series{a, far}, 0.98); err == nil {
		t.Error("sources without a common hour are put together")
	}
	if _, err := source.SecuredTogether([]heatmap.Series{a, made(t, "next", a.Period().To, time.Hour, heatmap.SupplyLimited, []float64{1})}, 0.98); err == nil {
		t.Error("sources that follow each other are put together")
	}
	for _, availability := range []float64{0, 1.5, -1, gone} {
		if _, err := source.SecuredTogether([]heatmap.Series{a}, availability); err == nil {
			t.Errorf("an availability of %v is accepted", availability)
		}
	}
	if _, err := source.SecuredTogether(nil, 0.98); err == nil {
		t.Error("no source has a secured power")
	}
}

func TestTogetherIsNeverLessThanTheLeastOfEach(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(rt, "hours")
		var list []heatmap.Series
		for range rapid.IntRange(1, 4).Draw(rt, "sources") {
			list = append(list, hours(t, day(2025, 6, 3), each(n, func(int) float64 { return rapid.Float64Range(0, 100).Draw(rt, "kW") })...))
		}
		all, err := source.SecuredTogether(list, 1)
		if err != nil || float64(all.Power) < float64(all.Sum)-1e-9 {
			rt.Fatalf("together %v kW, the least of each %v (%v)", all.Power, all.Sum, err)
		}
		one, _ := source.SecuredTogether(list[:1], 0.9)
		if alone, _ := source.SecuredPower(list[0], 0.9); one.Power != alone.Power {
			rt.Fatalf("one source alone: %v and %v kW", one.Power, alone.Power)
		}
	})
}
