package kpi_test

import (
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

func TestTheTotalEnergyHoldsWhatSuppliesTheDataCentre(t *testing.T) {
	t.Parallel()
	none := energy.Date{}
	gone := func(p *registry.Point) { p.To = june }
	info := func(p *registry.Point) { p.Use = energy.Info }
	cold := quantity(energy.HeatEnergy)
	term := func(name string, factor int64) kpi.Term {
		return kpi.Term{Point: energy.PointID("hafen/" + name), Factor: factor}
	}
	grid := func() *plant { return newPlant().with("grid", energy.GridImport, 30) }
	for _, tt := range []struct {
		sentence string
		plant    *plant
		facts    []registry.Fact
		want     []kpi.Term
	}{
		{"a battery of which only the charge is metered is left out", grid().with("charge", energy.StorageCharge, 2), nil, []kpi.Term{term("grid", 1000)}},
		{"and so is one of which only the discharge is", grid().with("discharge", energy.StorageDischarge, 2), nil, []kpi.Term{term("grid", 1000)}},
		{"with both, what it took is taken off", grid().with("charge", energy.StorageCharge, 2).with("discharge", energy.StorageDischarge, 1), nil,
			[]kpi.Term{term("grid", 1000), term("charge", -1000), term("discharge", 1000)}},
		{"gas burnt counts with 10.5 kWh/m³, diesel with 9.9 kWh/l", grid().with("gas", energy.OnsiteFossil, 1, quantity(energy.GasVolume)).with("tank", energy.BackupGenerator, 1, quantity(energy.FuelVolume)), nil,
			[]kpi.Term{term("grid", 1000), term("gas", 10_500), term("tank", 9_900_000)}},
		{"water of a generator is no energy", grid().with("coolant", energy.BackupGenerator, 1, quantity(energy.WaterVolume)), nil, []kpi.Term{term("grid", 1000)}},
		{"cold that counts a thousandth supplies", newPlant().with("cold", energy.ThermalImport, 5, cold), []registry.Fact{fact(t, kpi.ThermalFactor, "0.001", none, none)}, []kpi.Term{term("cold", 1)}},
		{"cold that counts nothing supplies nothing", newPlant().with("cold", energy.ThermalImport, 5, cold).with("export", energy.GridExport, 5), []registry.Fact{fact(t, kpi.ThermalFactor, "0", none, none)}, nil},
		{"the factor stands behind another number", newPlant().with("cold", energy.ThermalImport, 5, cold), []registry.Fact{fact(t, "floor_area_m2", "500", none, none), fact(t, kpi.ThermalFactor, "0.4", none, none)}, []kpi.Term{term("cold", 400)}},
		{"a factor that begins tomorrow does not hold yet", newPlant().with("cold", energy.ThermalImport, 5, cold), []registry.Fact{fact(t, kpi.ThermalFactor, "0.4", june.AddDays(1), none)}, []kpi.Term{term("cold", 1000)}},
		{"a foreign load two meters below a counted one is taken off", grid().with("board", energy.OtherInfrastructure, 9, below("grid"), info).with("canteen", energy.ForeignLoad, 1, below("board")), nil,
			[]kpi.Term{term("grid", 1000), term("canteen", -1000)}},
		{"below a meter that is gone it is not in the total", grid().with("old", energy.GridImport, 9, gone).with("canteen", energy.ForeignLoad, 1, below("old")), nil, []kpi.Term{term("grid", 1000)}},
	} {
		tt.plant.site.Facts = tt.facts
		if got := kpi.EDC(tt.plant.site, kpi.On(june)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

func TestOnlyWhatIsOnTheUPSNowIsDeductedFromIt(t *testing.T) {
	t.Parallel()
	deduct := func(from string, quantity energy.Quantity, to energy.Date) func(*registry.Point) {
		return func(p *registry.Point) {
			p.DeductFrom, p.Quantity, p.To = energy.PointID("hafen/"+from), quantity, to
		}
	}
	none, active := energy.Date{}, energy.ActiveEnergyImport
	p := newPlant().with("ups", energy.ITLoad, 25).with("pdu", energy.ITLoad, 24, category(2)).
		with("fans", energy.Cooling, 1, deduct("ups", active, none)).
		with("old-fans", energy.Cooling, 1, deduct("ups", active, june)).
		with("fans-power", energy.Cooling, 1, deduct("ups", energy.ActivePower, none)).
		with("pumps", energy.Cooling, 1, deduct("pdu", active, none)).
		with("fan", energy.Cooling, 1, deduct("fans", active, none))
	want := []kpi.Term{{Point: "hafen/ups", Factor: kpi.Unity}, {Point: "hafen/fans", Factor: -kpi.Unity}}
	if got := kpi.EIT(p.site, 1, kpi.On(june)); !slices.Equal(got, want) {
		t.Errorf("E_IT = %v, want %v", got, want)
	}
}

func TestFiguresOfSitesThatLackASupplyOrAnIT(t *testing.T) {
	t.Parallel()
	sunOnly := newPlant().with("pv", energy.OnsiteRenewable, 30).with("canteen", energy.ForeignLoad, 1, below("pv")).with("it", energy.ITLoad, 25)
	if f, ok := sunOnly.figure(t, "cue_location"); ok {
		t.Errorf("CUE of a site without a grid = %v, want none: what it passes on comes from its own sun", f.Value)
	}
	exporting := newPlant().with("grid", energy.GridImport, 30).with("export", energy.GridExport, 1).with("it", energy.ITLoad, 25)
	if pair, ok := named(t, "ref").Of(exporting.site, 0, kpi.On(june)); !ok || len(pair.Numerator) != 0 {
		t.Errorf("own use without own generation = %v (given: %v), want none", pair.Numerator, ok)
	}
	exportOnly := newPlant().with("export", energy.GridExport, 1).with("it", energy.ITLoad, 25)
	for _, name := range []string{"green_share_annual", "ref", "pue"} {
		if f, ok := exportOnly.figure(t, name); ok {
			t.Errorf("%s of a site that only exports = %v, want none", name, f.Value)
		}
	}
}

func TestWaterIsPotableWhereItIsMeteredApart(t *testing.T) {
	t.Parallel()
	p := centre().with("well", energy.WaterIn, 0.01).with("mains", energy.WaterPotable, 0.004, quantity(energy.WaterVolume)).
		with("mains-energy", energy.WaterPotable, 3)
	for figure, want := range map[string]float64{"wue_1": 0.16, "wue_2": 0.4} { // 4 and 10 l in 25 kWh
		if f, ok := p.figure(t, figure); !ok || !near(f.Value, want) {
			t.Errorf("%s = %v (given: %v), want %v", figure, f.Value, ok, want)
		}
	}
}

func TestTheCoolingRatioHasElectricityBelowTheLine(t *testing.T) {
	t.Parallel()
	p := centre().with("removed", energy.HeatRemoved, 24).with("chiller", energy.Cooling, 3).with("back", energy.Cooling, 1, quantity(energy.ActiveEnergyExport)).
		with("cold", energy.Cooling, 20, quantity(energy.CoolingEnergy))
	if f, ok := p.figure(t, "cer"); !ok || !near(f.Value, 6) {
		t.Errorf("CER = %v (given: %v), want 6: the chillers' cold is no electricity", f.Value, ok)
	}
}

func TestAHeatPumpWhoseSinkDoesNotCountChangesNothing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		pump     registry.HeatPump
		erf      float64
	}{
		{"a sink without a meter leaves the source", registry.HeatPump{Boundary: registry.Inside, Source: "hafen/source", Sink: "hafen/nowhere"}, 14 / 32.5},
		{"no sink at all leaves it too", registry.HeatPump{Boundary: registry.Inside, Source: "hafen/source"}, 14 / 32.5},
		{"outside and without electricity only its own heat is left out", registry.HeatPump{Boundary: registry.Outside, Sink: "hafen/sink"}, 6 / 32.5},
	} {
		p := centre().with("source", energy.HeatDelivered, 6).with("sink", energy.HeatDelivered, 8)
		p.site.HeatPumps = []registry.HeatPump{tt.pump}
		if f, ok := p.figure(t, "erf"); !ok || !near(f.Value, tt.erf) {
			t.Errorf("%s: ERF = %v (given: %v), want %v", tt.sentence, f.Value, ok, tt.erf)
		}
	}
}
