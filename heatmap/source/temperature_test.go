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
	if _, ok := none.TimeShare(); ok {
		t.Error("a share of no time")
	}
	if _, ok := none.HeatShare(); ok {
		t.Error("a share of no heat")
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
