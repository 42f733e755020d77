package kpi_test

import (
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

func TestHeatPromisedAndAskedForIsPowerOverTime(t *testing.T) {
	t.Parallel()
	power := quantity(energy.HeatPower)
	check := func(p *registry.Point) { p.Use = energy.Check }
	gone := func(p *registry.Point) { p.To = june }
	p := newPlant().with("ready", energy.HeatAvailable, 100, power).with("ready-2", energy.HeatAvailable, 20, power).
		with("ready-check", energy.HeatAvailable, 100, power, check).with("ready-old", energy.HeatAvailable, 100, power, gone).
		with("wanted", energy.HeatRequested, 40, power).with("wanted-heat", energy.HeatRequested, 7, quantity(energy.HeatEnergy)).
		with("district", energy.HeatDelivered, 9, power)
	p.days["hafen/wanted"] = lacking(p.days["hafen/wanted"], 0, 48)
	for figure, want := range map[string]float64{"heat_available": 120 * 24, "heat_requested": 40 * 12} {
		if f, ok := p.figure(t, figure); !ok || !f.OK || !near(f.Value, want) {
			t.Errorf("%s = %v kWh (given: %v), want %v", figure, f.Value, ok, want)
		}
	}
	if f, _ := p.figure(t, "heat_requested"); f.IntervalCoverage != 0.5 {
		t.Errorf("asked for with a coverage of %v, want half of the day", f.IntervalCoverage)
	}
	if points := kpi.Points(p.site); !slices.Contains(points, "hafen/ready") || !slices.Contains(points, "hafen/wanted") || slices.Contains(points, "hafen/district") || slices.Contains(points, "hafen/ready-check") {
		t.Errorf("the balance reads %v, want what was ready and wanted", points)
	}
	p.site.To = june
	if f, ok := p.figure(t, "heat_available"); ok {
		t.Errorf("a site that is closed held %v kWh ready", f.Value)
	}
}

func TestFormsAskForWhatFiguresAddUp(t *testing.T) {
	t.Parallel()
	fuel, water := quantity(energy.FuelVolume), quantity(energy.WaterVolume)
	p := centre().with("tank", energy.BackupGenerator, 1, fuel).with("coolant", energy.BackupGenerator, 1, water).
		with("well", energy.WaterIn, 1).with("district", energy.HeatDelivered, 1)
	days := kpi.On(june)
	term := func(name string, factor int64) kpi.Term {
		return kpi.Term{Point: energy.PointID("hafen/" + name), Factor: factor}
	}
	for _, tt := range []struct {
		sentence  string
		got, want []kpi.Term
	}{
		{"water in m³", kpi.RoleTerms(p.site, energy.WaterIn, energy.CubicMetre, days), []kpi.Term{term("well", 1000)}},
		{"heat in kWh", kpi.RoleTerms(p.site, energy.HeatDelivered, energy.KilowattHour, days), []kpi.Term{term("district", 1000)}},
		{"water has no kWh", kpi.RoleTerms(p.site, energy.WaterIn, energy.KilowattHour, days), nil},
		{"electricity used", kpi.ConsumptionTerms(p.site, days), []kpi.Term{term("grid", 1000), term("pv", 1000), term("export", -1000), term("canteen", -1000)}},
		{"own generation used", kpi.OwnUseTerms(p.site, days), []kpi.Term{term("pv", 1000), term("export", -1000)}},
		{"a generator by its fuel", kpi.GeneratorTerms(p.site, days), []kpi.Term{term("tank", 9_900_000)}},
		{"from the grid", kpi.GridTerms(p.site, days), []kpi.Term{term("grid", 1000), term("canteen", -1000)}},
	} {
		if !slices.Equal(tt.got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.sentence, tt.got, tt.want)
		}
	}
}
