package kpi_test

import (
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

func TestAPartialPUEAddsUpWhatServesTheITOnce(t *testing.T) {
	t.Parallel()
	none := energy.Date{}
	mixed := fact(t, kpi.MixedBuilding, "yes", none, none)
	deduct := func(from string) func(*registry.Point) {
		return func(p *registry.Point) { p.DeductFrom = energy.PointID("hafen/" + from) }
	}
	info := func(p *registry.Point) { p.Use = energy.Info }
	inside := registry.HeatPump{Boundary: registry.Inside, Electricity: "hafen/hp"}
	outside := registry.HeatPump{Boundary: registry.Outside, Electricity: "hafen/hp"}
	base := func() *plant { return newPlant().with("it", energy.ITLoad, 25) }
	for _, tt := range []struct {
		sentence string
		plant    *plant
		pumps    []registry.HeatPump
		facts    []registry.Fact
		value    float64 // 0: not given
		roles    string
	}{
		{"no mixed building", base().with("cooling", energy.Cooling, 5), nil, nil, 0, ""},
		{"it says so in another word", base().with("cooling", energy.Cooling, 5), nil, []registry.Fact{fact(t, kpi.MixedBuilding, "no", none, none)}, 0, ""},
		{"it was one", base().with("cooling", energy.Cooling, 5), nil, []registry.Fact{fact(t, kpi.MixedBuilding, "yes", none, june)}, 0, ""},
		{"another fact says yes", base().with("cooling", energy.Cooling, 5), nil, []registry.Fact{fact(t, "redundancy", "yes", none, none)}, 0, ""},
		{"nothing serves the IT", base(), nil, []registry.Fact{mixed}, 0, ""},
		{"cooling serves it", base().with("cooling", energy.Cooling, 5), nil, []registry.Fact{mixed}, 1.2, "subsystems=cooling"},
		{"what is not a subsystem comes before one", newPlant().with("grid", energy.GridImport, 90).with("it", energy.ITLoad, 25).with("cooling", energy.Cooling, 5), nil, []registry.Fact{mixed}, 1.2, "subsystems=cooling"},
		{"IT of another category is no subsystem", base().with("pdu", energy.ITLoad, 24, category(2)).with("cooling", energy.Cooling, 5), nil, []registry.Fact{mixed}, 1.2, "subsystems=cooling"},
		{"two of a kind and another", base().with("lights", energy.OtherInfrastructure, 1).with("a", energy.Cooling, 3).with("b", energy.Cooling, 2), nil, []registry.Fact{mixed}, 1.24, "subsystems=cooling,other_infrastructure"},
		{"one below the other is in it once", base().with("cooling", energy.Cooling, 5).with("pumps", energy.OtherInfrastructure, 1, below("cooling")), nil, []registry.Fact{mixed}, 1.2, "subsystems=cooling"},
		{"and so it is below a sub-distribution that does not count", base().with("cooling", energy.Cooling, 5).with("board", energy.OtherInfrastructure, 9, below("cooling"), info).with("pumps", energy.OtherInfrastructure, 1, below("board")),
			nil, []registry.Fact{mixed}, 1.2, "subsystems=cooling"},
		{"fans that are deducted from the UPS are in its energy", base().with("fans", energy.Cooling, 2, deduct("it")).with("lights", energy.OtherInfrastructure, 1), nil, []registry.Fact{mixed}, 26.0 / 23, "subsystems=other_infrastructure"},
		{"and so is what hangs below them", base().with("fans", energy.OtherInfrastructure, 2, deduct("it"), info).with("fan", energy.Cooling, 1, below("fans")).with("lights", energy.OtherInfrastructure, 1), nil, []registry.Fact{mixed}, 26.0 / 23, "subsystems=other_infrastructure"},
		{"what serves others behind the cooling's meter is taken off", base().with("cooling", energy.Cooling, 5).with("shop", energy.ForeignLoad, 1, below("cooling")).with("cinema", energy.ForeignLoad, 9), nil, []registry.Fact{mixed}, 1.16, "subsystems=cooling"},
		{"imported cold counts with its weight", base().with("cold", energy.ThermalImport, 10, quantity(energy.HeatEnergy)).with("cold-water", energy.ThermalImport, 3, quantity(energy.Volume)),
			nil, []registry.Fact{mixed, fact(t, kpi.ThermalFactor, "0.5", none, none)}, 1.2, "subsystems=thermal_import"},
		{"heat that the chillers took is no electricity", base().with("cooling", energy.Cooling, 5).with("cold", energy.Cooling, 20, quantity(energy.CoolingEnergy)), nil, []registry.Fact{mixed}, 1.2, "subsystems=cooling"},
		{"a heat pump inside serves it", base().with("hp", energy.HeatPumpElectricity, 5).with("other-hp", energy.HeatPumpElectricity, 7), []registry.HeatPump{inside}, []registry.Fact{mixed}, 1.2, "subsystems=heat_pump_electricity"},
		{"one outside does not", base().with("hp", energy.HeatPumpElectricity, 5), []registry.HeatPump{outside}, []registry.Fact{mixed}, 0, ""},
		{"nor does its heat", base().with("hp", energy.HeatPumpElectricity, 5, quantity(energy.HeatEnergy)), []registry.HeatPump{inside}, []registry.Fact{mixed}, 0, ""},
	} {
		tt.plant.site.HeatPumps, tt.plant.site.Facts = tt.pumps, tt.facts
		f, ok := tt.plant.figure(t, "ppue")
		if ok != (tt.value != 0) || ok && !near(f.Value, tt.value) {
			t.Errorf("%s: pPUE = %v (given: %v), want %v", tt.sentence, f.Value, ok, tt.value)
		}
		if notes := named(t, "ppue").Notes(tt.plant.site, 1, kpi.On(june)); ok && !slices.Equal(notes, []string{tt.roles}) {
			t.Errorf("%s: %v, want %s", tt.sentence, notes, tt.roles)
		}
	}
}
