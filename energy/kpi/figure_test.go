package kpi_test

import (
	"math"
	"slices"
	"testing"

	"heatledger/energy"
	energygrid "heatledger/energy/grid"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// named is the definition of a figure.
func named(t *testing.T, name string) kpi.Definition {
	t.Helper()
	for _, d := range kpi.Definitions() {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("no figure is called %s", name)
	return kpi.Definition{}
}

var june = energy.Date{Year: 2024, Month: 6, Day: 4}

// plant is a site and one day of it: kWh (m³, °C) in each quarter-hour by the
// name of the point.
type plant struct {
	site registry.Site
	days map[energy.PointID]series.Day
}

// unit is the fixed unit of amounts: a millionth of a kWh or m³.
const unit = 1_000_000

func newPlant() *plant {
	return &plant{site: registry.Site{ID: "hafen"}, days: map[energy.PointID]series.Day{}}
}

func (p *plant) with(name string, role energy.Role, quarterly float64, change ...func(*registry.Point)) *plant {
	of := point(name, role, nil)
	switch role {
	case energy.HeatDelivered, energy.HeatReuseOwn, energy.HeatRemoved, energy.HeatRejected:
		of.Quantity = energy.HeatEnergy
	case energy.WaterIn:
		of.Quantity = energy.WaterVolume
	}
	for _, c := range change {
		c(&of)
	}
	p.site.Meters = append(p.site.Meters, registry.Meter{ID: energy.MeterID(name), Points: []registry.Point{of}})
	p.days[of.ID] = flat(june, energy.Amount(math.Round(quarterly*unit)))
	return p
}

func below(parent string) func(*registry.Point) {
	return func(p *registry.Point) { p.Parent = energy.PointID("hafen/" + parent) }
}

// figure computes a figure of the day from the balance, as the ledger does.
func (p *plant) figure(t *testing.T, name string) (kpi.Figure, bool) {
	t.Helper()
	d, days := named(t, name), kpi.On(june)
	category := d.Categories(p.site, days)[0]
	pair, ok := d.Of(p.site, category, days)
	for _, other := range kpi.Definitions() { // of those of one name the first that the site has
		if !ok && other.Name == name {
			d = other
			pair, ok = d.Of(p.site, category, days)
		}
	}
	if !ok {
		return kpi.Figure{}, false
	}
	var sum kpi.Sum
	if d.Hour != nil {
		sum = d.Sum(pair, berlin.Day(june), p.days, nil, nil)
	} else {
		sum = d.SumOf(kpi.NewBooks(p.site).Balance(june, berlin.Day(june), p.days, nil), category)
	}
	return d.Figure(pair, category, berlin.Day(june), sum, nil), true
}

// centre is a data centre of E_DC 130 kW and E_IT 100 kW, in kWh a quarter-hour.
func centre() *plant {
	return newPlant().with("grid", energy.GridImport, 30).with("pv", energy.OnsiteRenewable, 5).
		with("export", energy.GridExport, 1).with("canteen", energy.ForeignLoad, 1.5, below("grid")).
		with("it", energy.ITLoad, 25)
}

func TestEachFigureIsItsFormula(t *testing.T) {
	t.Parallel()
	p := centre().with("cooling", energy.Cooling, 4).with("removed", energy.HeatRemoved, 24).
		with("district", energy.HeatDelivered, 6.5).with("office", energy.HeatReuseOwn, 3.25).
		with("rejected", energy.HeatRejected, 14).with("water", energy.WaterIn, 0.01)
	// E_DC = 30 + 5 − 1 − 1.5 = 32.5; reuse = 9.75.
	for _, tt := range []struct {
		figure      string
		value       float64
		unit        energy.Unit
		denominator float64 // kWh of the day
	}{
		{"pue", 1.3, energy.One, 2400},
		{"pue_enefg", 1.3, energy.One, 2400},
		{"ref", 4 / 32.5, energy.One, 3120},
		{"erf", 0.3, energy.One, 3120},
		{"ere", 0.91, energy.One, 2400}, // PUE × (1 − ERF)
		{"cer", 6, energy.One, 384},
		{"wue_1", 0.4, kpi.CubicMetresPerMegawattHour, 2400}, // 0.01 m³ in 0.025 MWh
		{"heat_delivered", 6.5 * 96, energy.KilowattHour, 0},
		{"heat_rejected", 14 * 96, energy.KilowattHour, 0},
		{"green_share_hourly", 4 / 32.5, energy.One, 3120},
	} {
		f, ok := p.figure(t, tt.figure)
		if !ok || !f.OK || !near(f.Value, tt.value) || f.Unit != tt.unit || !near(f.Denominator.Float64(), tt.denominator) {
			t.Errorf("%s = %v %s over %v (given: %v), want %v %s over %v", tt.figure, f.Value, f.Unit, f.Denominator, ok, tt.value, tt.unit, tt.denominator)
		}
		if f.EnergyCoverage != 1 || f.IntervalCoverage != 1 || f.SubstituteShare != 0 || f.Standard == "" {
			t.Errorf("%s of a day without gaps = %+v, want full coverage and a standard", tt.figure, f)
		}
	}
}

func TestAFigureWhosePointsAreLackingIsNotGiven(t *testing.T) {
	t.Parallel()
	p := newPlant().with("grid", energy.GridImport, 30).with("it", energy.ITLoad, 25)
	var given []string
	for _, d := range kpi.Definitions() {
		if _, ok := p.figure(t, d.Name); ok {
			given = append(given, d.Name)
		}
	}
	want := []string{"pue", "pue_enefg", "ref", "cue_location", "cue_market", "green_share_annual", "green_share_monthly", "green_share_hourly", "green_share_quarter_hourly", "grid_renewable_share"}
	if !slices.Equal(given, want) {
		t.Errorf("a site with a grid meter and an IT meter has %v, want %v", given, want)
	}
}

func TestTheBoundaryOfAHeatPumpDecidesWhatCounts(t *testing.T) {
	t.Parallel()
	none := func(p *registry.Point) { p.Role = "" }
	info := func(p *registry.Point) { p.Use = energy.Info }
	for _, tt := range []struct {
		name            string
		pump            registry.HeatPump
		plant           *plant
		pue, enefg, erf float64
	}{
		// The pump takes 2 kWh and 6 kWh of heat and gives 8; E_DC is 32.5 with it.
		{"inside and for upgrade alone: its electricity is in E_DC, out of the PUE of § 11 Abs. 2, the sink is reused",
			registry.HeatPump{Boundary: registry.Inside, ExclusiveUpgrade: true, Electricity: "hafen/hp", Source: "hafen/source", Sink: "hafen/sink"},
			centre().with("hp", energy.HeatPumpElectricity, 2, below("grid")).with("source", energy.HeatDelivered, 6).with("sink", energy.HeatDelivered, 8),
			1.3, 30.5 / 25, 8 / 32.5},
		{"inside and the duty chiller too: nothing is left out",
			registry.HeatPump{Boundary: registry.Inside, Electricity: "hafen/hp", Sink: "hafen/sink"},
			centre().with("hp", energy.HeatPumpElectricity, 2, below("grid")).with("sink", energy.HeatDelivered, 8),
			1.3, 1.3, 8 / 32.5},
		{"outside, on our meter, the sink metered: sink − electricity, which is not in E_DC",
			registry.HeatPump{Boundary: registry.Outside, ExclusiveUpgrade: true, Electricity: "hafen/hp", Sink: "hafen/sink"},
			centre().with("hp", energy.HeatPumpElectricity, 2, below("grid")).with("sink", energy.HeatDelivered, 8),
			30.5 / 25, 30.5 / 25, 6 / 30.5},
		{"outside, on a meter of its own: sink − electricity, E_DC does not know it",
			registry.HeatPump{Boundary: registry.Outside, Electricity: "hafen/hp", Sink: "hafen/sink"},
			centre().with("hp", energy.HeatPumpElectricity, 2).with("sink", energy.HeatDelivered, 8),
			1.3, 1.3, 6 / 32.5},
		{"outside, the source metered: the source",
			registry.HeatPump{Boundary: registry.Outside, Electricity: "hafen/hp", Source: "hafen/source", Sink: "hafen/sink"},
			centre().with("hp", energy.HeatPumpElectricity, 2).with("source", energy.HeatDelivered, 5.5, none, info).with("sink", energy.HeatDelivered, 8),
			1.3, 1.3, 5.5 / 32.5},
	} {
		tt.plant.site.HeatPumps = []registry.HeatPump{tt.pump}
		for figure, want := range map[string]float64{"pue": tt.pue, "pue_enefg": tt.enefg, "erf": tt.erf} {
			if f, ok := tt.plant.figure(t, figure); !ok || !near(f.Value, want) {
				t.Errorf("%s: %s = %v (given: %v), want %v", tt.name, figure, f.Value, ok, want)
			}
		}
	}
}

func TestAHeatPumpOutsideWithoutElectricityMeterProvesNoReuse(t *testing.T) {
	t.Parallel()
	p := centre().with("sink", energy.HeatDelivered, 8)
	p.site.HeatPumps = []registry.HeatPump{{Boundary: registry.Outside, Sink: "hafen/sink"}}
	if f, ok := p.figure(t, "erf"); ok {
		t.Errorf("ERF = %v, want none: what of the heat at the sink is electricity is not known", f.Value)
	}
	if f, ok := p.figure(t, "heat_delivered"); !ok || f.Value != 8*96 {
		t.Errorf("heat delivered = %v (given: %v), want all of it", f.Value, ok)
	}
}

func TestAGeneratorCountsByItsMeterElseByItsFuel(t *testing.T) {
	t.Parallel()
	diesel := func(p *registry.Point) { p.Quantity = energy.FuelVolume }
	byFuel := centre().with("tank", energy.BackupGenerator, 0, diesel)
	byFuel.days["hafen/tank"] = flat(june, 500) // half a litre: 4.95 kWh
	if f, _ := byFuel.figure(t, "pue"); !near(f.Value, (32.5+4.95)/25) {
		t.Errorf("PUE with half a litre of diesel a quarter-hour = %v, want %v", f.Value, (32.5+4.95)/25)
	}
	byBoth := centre().with("generator", energy.BackupGenerator, 2).with("tank", energy.BackupGenerator, 0, diesel)
	byBoth.days["hafen/tank"] = flat(june, 500)
	if f, _ := byBoth.figure(t, "pue"); !near(f.Value, 34.5/25) {
		t.Errorf("PUE with generator and tank = %v, want %v: never both", f.Value, 34.5/25)
	}
}

func TestFiguresArePairedAndSayWhatTheyCover(t *testing.T) {
	t.Parallel()
	p := centre().with("district", energy.HeatDelivered, 6.5)
	district := p.days["hafen/district"]
	p.days["hafen/district"] = spread(lacking(district, 0, 24), 24, 48)
	spans := map[energy.PointID][]series.Span{"hafen/district": {{
		Period: energy.Period{From: district.Period.From.Add(24 * energy.QuarterHour), To: district.Period.From.Add(48 * energy.QuarterHour)},
		Amount: 24 * 6.5 * unit, Quality: energy.Distributed}}}
	d := named(t, "erf")
	pair, _ := d.Of(p.site, 0, kpi.On(june))
	f := d.Figure(pair, 0, berlin.Day(june), pair.Day(berlin.Day(june), p.days, spans), spans)
	if !(math.Abs(f.Value-0.2) <= 1e-12) || f.Denominator.Float64() != 72*32.5 || f.EnergyCoverage != 0.75 || f.IntervalCoverage != 0.5 {
		t.Errorf("ERF = %v over %v kWh, coverages %v and %v, want 0.2 over %v, 0.75 and 0.5", f.Value, f.Denominator, f.EnergyCoverage, f.IntervalCoverage, 72*32.5)
	}
	for q := range 12 {
		p.days["hafen/district"].Quality[48+q] = energy.Substitute
		p.days["hafen/district"].Covered[48+q] = 0
	}
	f = d.Figure(pair, 0, berlin.Day(june), pair.Day(berlin.Day(june), p.days, spans), spans)
	if want := 12.0 / 72; !(math.Abs(f.SubstituteShare-want) <= 1e-12) {
		t.Errorf("substitute share = %v, want %v", f.SubstituteShare, want)
	}
}

func TestTheCarbonOfEachHourIsThatOfTheGridThen(t *testing.T) {
	t.Parallel()
	p := centre()
	// Only two hours draw from the grid: 40 kWh at 0:00, 80 kWh at 5:00.
	grid := p.days["hafen/grid"]
	for q := range grid.Values {
		grid.Values[q] = 0
	}
	for q := range 4 {
		grid.Values[q], grid.Values[20+q] = 10*unit, 20*unit
	}
	p.days["hafen/canteen"] = flat(june, 0)
	first, second := energygrid.At(grid.Period.From), energygrid.At(grid.Period.From.Add(20*energy.QuarterHour))
	if first.Direct == second.Direct || first.Renewable == second.Renewable {
		t.Fatal("the two hours are alike: they show nothing")
	}
	want := (40*float64(first.Direct) + 80*float64(second.Direct)) / 1000 / 2400
	if f, ok := p.figure(t, "cue_location"); !ok || !near(f.Value, want) || f.Unit != kpi.KilogramsPerKilowattHour {
		t.Errorf("CUE = %v %s, want %v kg/kWh", f.Value, f.Unit, want)
	}
	share := (40*first.Renewable + 80*second.Renewable) / 120
	if f, ok := p.figure(t, "grid_renewable_share"); !ok || !near(f.Value, share) {
		t.Errorf("renewable share of the grid = %v, want %v", f.Value, share)
	}
}

func TestSurplusOfAnHourDoesNotHelpAnother(t *testing.T) {
	t.Parallel()
	p := centre()
	p.days["hafen/export"], p.days["hafen/canteen"] = flat(june, 0), flat(june, 0)
	pv, grid, export := p.days["hafen/pv"], p.days["hafen/grid"], p.days["hafen/export"]
	for q := range pv.Values { // 40 kWh used in each of 96; the sun gives 100 in half of them
		pv.Values[q], grid.Values[q] = 0, 40*unit
		if q < 48 {
			pv.Values[q], grid.Values[q], export.Values[q] = 100*unit, 0, 60*unit
		}
	}
	if f, ok := p.figure(t, "green_share_hourly"); !ok || f.Value != 0.5 || f.Denominator.Float64() != 96*40 {
		t.Errorf("hourly share = %v of %v kWh, want 0.5 of %v", f.Value, f.Denominator, 96*40)
	}
}

func TestTemperaturesAreWeightedWithTheHeat(t *testing.T) {
	t.Parallel()
	p := centre().with("district", energy.HeatDelivered, 1)
	meter := &p.site.Meters[len(p.site.Meters)-1]
	meter.Points = append(meter.Points, registry.Point{ID: "hafen/flow", Quantity: energy.FlowTemperature, Role: energy.HeatDelivered, Use: energy.Primary})
	p.days["hafen/flow"] = flat(june, 40_000)
	heat := p.days["hafen/district"]
	for q := range 32 { // a third of the day at three times the heat and 70 °C
		heat.Values[q], p.days["hafen/flow"].Values[q] = 3*unit, 70_000
	}
	want := (32*3*70 + 64*40.0) / (32*3 + 64)
	if f, ok := p.figure(t, "heat_delivered_flow_temperature"); !ok || !near(f.Value, want) || f.Unit != energy.DegreeCelsius {
		t.Errorf("mean flow temperature = %v %s (given: %v), want %v °C", f.Value, f.Unit, ok, want)
	}
	if _, ok := p.figure(t, "heat_delivered_return_temperature"); ok {
		t.Error("a return temperature without a sensor")
	}
	if points := kpi.Points(p.site); !slices.Contains(points, "hafen/flow") {
		t.Errorf("the balance reads %v, want the flow temperature among them", points)
	}
}

func TestFullLoadHoursRestOnDeclaredOrMeasuredPower(t *testing.T) {
	t.Parallel()
	p := centre().with("district", energy.HeatDelivered, 5)
	heat := p.days["hafen/district"]
	for q := 8; q < 12; q++ {
		heat.Values[q] = 25 * unit // the greatest hour: 100 kW
	}
	pair, _ := named(t, "full_load_hours").Of(p.site, 0, kpi.On(june))
	if peak := kpi.Peak(pair.Hours(berlin.Day(june), p.days, nil)); energy.HeatPower.Value(peak).Float64() != 100 {
		t.Errorf("the greatest hour = %v kW, want 100", energy.HeatPower.Value(peak))
	}
	var value registry.FactValue
	if err := value.UnmarshalText([]byte("120.5")); err != nil {
		t.Fatal(err)
	}
	p.site.Facts = []registry.Fact{{Name: kpi.HeatCapacity, Value: value, Year: 2024}}
	if power, ok := kpi.Capacity(p.site, kpi.On(june)); !ok || power != 120_500_000 {
		t.Errorf("declared capacity = %v, %v, want 120.5 kW", power, ok)
	}
	if _, ok := kpi.Capacity(p.site, kpi.On(energy.Date{Year: 2025, Month: 6, Day: 4})); ok {
		t.Error("the capacity declared for 2024 holds in 2025")
	}
}

func TestAPointCountsOnItsDaysAlone(t *testing.T) {
	t.Parallel()
	last := func(p *registry.Point) { p.To = june.AddDays(1) }
	first := func(p *registry.Point) { p.From = june.AddDays(1) }
	p := centre().with("old", energy.GridImport, 5, last).with("new", energy.GridImport, 5, first)
	books := kpi.NewBooks(p.site)
	for _, tt := range []struct {
		date energy.Date
		want energy.PointID
		not  energy.PointID
	}{{june, "hafen/old", "hafen/new"}, {june.AddDays(1), "hafen/new", "hafen/old"}, {june.AddDays(-9), "hafen/old", "hafen/new"}} {
		pair, ok := books.Of("pue", 1, tt.date)
		if points := pair.Points(); !ok || !slices.Contains(points, tt.want) || slices.Contains(points, tt.not) {
			t.Errorf("PUE on %s adds up %v, want %s and not %s", tt.date, points, tt.want, tt.not)
		}
	}
}
