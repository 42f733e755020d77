package source_test

import (
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

func TestTheTemperatureHeldWhileHeatFlowed(t *testing.T) {
	t.Parallel()
	s := made(t, "made", berlin.Day(day(2025, 6, 3)).From, time.Hour, heatmap.SupplyLimited,
		[]float64{10, 20, 30, 0, gone, 40}, 60, 59.999, 61, 90, 90, gone)
	h := source.HeldAbove(s, 60)
	if h.Time != 2*time.Hour || h.Known != 3*time.Hour || h.Heat != 40 || h.All != 60 {
		t.Errorf("%+v, want two of three hours and 40 of 60 kWh", h)
	}
	if share, ok := h.TimeShare(); !ok || !near(share, 2.0/3) {
		t.Errorf("%v of the time", share)
	}
	if share, ok := h.HeatShare(); !ok || !near(share, 2.0/3) {
		t.Errorf("%v of the heat", share)
	}
	none := source.HeldAbove(hours(t, day(2025, 6, 3), 1, 2), 60)
	if share, ok := none.TimeShare(); ok || share != 0 {
		t.Error("a share of no time")
	}
	if share, ok := none.HeatShare(); ok || share != 0 {
		t.Error("a share of no heat")
	}
	little := source.HeldAbove(made(t, "made", berlin.Day(day(2025, 6, 3)).From, energy.QuarterHour, heatmap.SupplyLimited, []float64{0.5, 0.5, 0}, 60, 50, 70), 60)
	if time, _ := little.TimeShare(); time != 0.5 || little.All != 0.25 {
		t.Errorf("of half a kW: %+v", little)
	}
	if heat, ok := little.HeatShare(); heat != 0.5 || !ok {
		t.Errorf("of half a kW: %+v", little)
	}
}

func TestTemperaturesOfASmallSource(t *testing.T) {
	t.Parallel()
	// Quarters of 0.5 kW: two hours in the lowest, none in the second, one in the third, and
	// in the highest one that is all of it and one at its lower end.
	s := made(t, "made", berlin.Day(day(2025, 6, 3)).From, time.Hour, heatmap.SupplyLimited, []float64{0.0625, 0.09375, 0.3125, 0.5, 0.375, 0}, 40, 60, 55, 70, 80, 90)
	h, c := s.Header, s.Columns()
	c.Return = []energy.Celsius{30, 40, energy.Celsius(gone), 50, energy.Celsius(gone), 20}
	s, err := heatmap.New(h, c)
	if err != nil {
		t.Fatal(err)
	}
	list := source.TemperatureAtPower(s, 4)
	want := []source.AtPower{
		{Hours: 2, P10: 60, P50: 60, P90: 40, Flow: (2*40 + 3*60) / 5.0, Return: heatmap.At((2*30 + 3*40) / 5.0)},
		{},
		{Hours: 1, P10: 55, P50: 55, P90: 55, Flow: 55},
		{Hours: 2, P10: 80, P50: 80, P90: 70, Flow: (4*70 + 3*80) / 7.0, Return: heatmap.At(50)},
	}
	if len(list) != 4 {
		t.Fatalf("classes %+v", list)
	}
	for k, got := range list {
		from, to := 0.125*float64(k), 0.125*float64(k+1)
		if !near(float64(got.From), from) || !near(float64(got.To), to) || got.Hours != want[k].Hours || got.P10 != want[k].P10 || got.P50 != want[k].P50 || got.P90 != want[k].P90 ||
			!near(float64(got.Flow), float64(want[k].Flow)) || got.Return.OK != want[k].Return.OK || !near(float64(got.Return.Celsius), float64(want[k].Return.Celsius)) {
			t.Errorf("class %d: %+v, want %+v", k, got, want[k])
		}
	}
	if one := source.TemperatureAtPower(s, 1); len(one) != 1 || one[0].Hours != 5 || one[0].P50 != 60 {
		t.Errorf("in one class: %+v", one)
	}
	if none := source.TemperatureAtPower(s, 0); none != nil {
		t.Errorf("in no class: %+v", none)
	}
	if still := source.TemperatureAtPower(made(t, "made", s.From, time.Hour, heatmap.SupplyLimited, []float64{0, 0}, 60, 60), 4); still != nil {
		t.Errorf("of a source that gave nothing: %+v", still)
	}
}

func TestTemperaturesStandByPower(t *testing.T) {
	t.Parallel()
	s := made(t, "made", berlin.Day(day(2025, 6, 3)).From, time.Hour, heatmap.SupplyLimited,
		[]float64{10, 20, 49, 60, 100, 80, 0}, 50, 56, gone, 70, 80, 60, 10)
	list := source.TemperatureAtPower(s, 2)
	if len(list) != 2 || list[0].From != 0 || list[0].To != 50 || list[1].To != 100 {
		t.Fatalf("classes %+v", list)
	}
	low, high := list[0], list[1]
	if low.Hours != 2 || low.P10 != 56 || low.P90 != 50 || !near(float64(low.Flow), (10*50+20*56)/30.0) || low.Return.OK {
		t.Errorf("at low power %+v", low)
	}
	if high.Hours != 3 || high.P50 != 70 || !near(float64(high.Flow), (60*70+100*80+80*60)/240.0) {
		t.Errorf("at high power %+v", high)
	}
	h, c := s.Header, s.Columns()
	c.Return = []energy.Celsius{energy.Celsius(gone), energy.Celsius(gone), 30, 40, 50, energy.Celsius(gone), 20}
	back, err := heatmap.New(h, c)
	if err != nil {
		t.Fatal(err)
	}
	if list = source.TemperatureAtPower(back, 2); list[0].Return.OK || !list[1].Return.OK || !near(float64(list[1].Return.Celsius), (60*40+100*50)/160.0) {
		t.Errorf("returns %+v and %+v", list[0].Return, list[1].Return)
	}
	if list := source.TemperatureAtPower(hours(t, day(2025, 6, 3), 1, 2), 10); list != nil {
		t.Errorf("temperatures of a source without any: %+v", list)
	}
}
