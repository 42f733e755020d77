package disclosure

import (
	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// enefg fills in EnEfG Anlage 3, Nr. 1 a–f and 2 a–i.
func enefg(b *builder) {
	operator, _ := b.Registry.Operator(b.Site.Operator)
	b.entry("enefg-1a", "1 a", b.Site.Name, "name")
	b.fact("enefg-1b-owner", "1 b", "owner_name")
	b.entry("enefg-1b-operator", "1 b", operator.Name, "operator")
	b.sizeClass()
	b.entry("enefg-1d", "1 d", b.Site.Address.Postcode, "address.postcode")
	b.building()
	b.load("enefg-1f-it", "1 f", b.Site.ITLoadKW, "it_load_kw")
	b.load("enefg-1f-dc", "1 f", b.Site.ConnectedLoadKW, "connected_load_kw")
	b.electricity()
	b.renewable()
	b.releasedHeat()
	b.deliveredHeat()
	b.fact("enefg-2e-stored", "2 e", "data_stored_pb")
	b.fact("enefg-2e-processed", "2 e", "data_processed_pb")
	b.figure("enefg-2f", "2 f", kpi.AnnualPUE, gridNeed(), itNeed()).Symbol = "PUE"
	reuse := b.figure("enefg-2g", "2 g", "erf", gridNeed(), heatNeed(energy.HeatDelivered))
	reuse.Symbol, reuse.Standard = "ERF", "EN 50600-4-6"
	b.nothing(reuse, "has_heat_reuse", energy.One)
	b.figure("enefg-2h", "2 h", "cer", heatNeed(energy.HeatRemoved), need{energy.Cooling, energy.ActiveEnergyImport}).Symbol = "CER"
	water := b.figure("enefg-2i", "2 i", "wue_2", need{energy.WaterIn, energy.WaterVolume}, itNeed())
	water.Symbol = "WUE"
	water.Notes = append(water.Notes, "standard_as_printed=DIN EN 50600-9:2020-05")
	b.nothing(water, "has_water_use", kpi.CubicMetresPerMegawattHour)
}

func gridNeed() need { return need{energy.GridImport, energy.ActiveEnergyImport} }
func itNeed() need   { return need{energy.ITLoad, energy.ActiveEnergyImport} }

func heatNeed(role energy.Role) need { return need{role, energy.HeatEnergy} }

// sizeClasses are the lower bounds of Anlage 3 Nr. 1 c, in kW of IT load.
func sizeClasses() []struct {
	fromKW float64
	name   string
} {
	return []struct {
		fromKW float64
		name   string
	}{{100e3, ">= 100 MW"}, {50e3, "< 100 MW"}, {10e3, "< 50 MW"}, {5e3, "< 10 MW"}, {1e3, "< 5 MW"}, {500, "< 1 MW"}, {0, "< 500 kW"}}
}

// sizeClass is that of the connected IT load.
func (b *builder) sizeClass() {
	f := b.load("enefg-1c", "1 c", b.Site.ITLoadKW, "it_load_kw")
	if !f.Value.OK() {
		return
	}
	f.Unit = ""
	for _, class := range sizeClasses() {
		if b.Site.ITLoadKW.Float64() >= class.fromKW {
			f.Value = Text(class.name)
			return
		}
	}
}

// building is the area of the building; that of the data centre stands for it,
// but not in a mixed building.
func (b *builder) building() {
	f := b.fact("enefg-1e", "1 e", "floor_area_building")
	mixed, ok := b.Site.FactAt(registry.MixedBuildingFact, b.Year)
	shared := ok && mixed.Value.String() != "no" && mixed.Value.String() != "false" && mixed.Value.String() != "0"
	if f.Value.OK() || shared {
		return
	}
	if _, ok := b.Site.FactAt("floor_area_total", b.Year); ok {
		b.stateFact(f, "floor_area_total")
		f.Notes = append(f.Notes, "area_of_data_centre")
	}
}

// electricity are the three amounts of Nr. 2 a.
func (b *builder) electricity() {
	days := b.days()
	b.amount("enefg-2a-total", "2 a", kpi.ConsumptionTerms(b.Site, days), energy.KilowattHour, gridNeed())
	b.amount("enefg-2a-drawn", "2 a", kpi.RoleTerms(b.Site, energy.GridImport, energy.KilowattHour, days), energy.KilowattHour, gridNeed())
	back := b.amount("enefg-2a-feed-in", "2 a", kpi.RoleTerms(b.Site, energy.GridExport, energy.KilowattHour, days), energy.KilowattHour, need{energy.GridExport, energy.ActiveEnergyExport})
	b.nothing(back, "has_feed_in", energy.KilowattHour)
}

// renewable is Nr. 2 b. The annex names the standard of REF, whose denominator
// is all energy; the share of the electricity stands in the notes.
func (b *builder) renewable() {
	f := b.figure("enefg-2b", "2 b", "ref", gridNeed())
	f.Symbol = "REF"
	b.proofs(f)
	b.unlessUnproven(f)
	if green, ok := b.figureOf(kpi.GreenShareAnnual); ok && green.OK && f.Value.OK() {
		f.Notes = append(f.Notes, "green_share_annual="+Float(green.Value).String())
	}
}

// releasedHeat is Nr. 2 c: measured at the recooler, else estimated.
func (b *builder) releasedHeat() {
	terms := kpi.RoleTerms(b.Site, energy.HeatRejected, energy.KilowattHour, b.days())
	f := b.amount("enefg-2c-heat", "2 c", terms, energy.KilowattHour, heatNeed(energy.HeatRejected))
	b.stateFact(f, "waste_heat_released_kwh")
	t := b.field("enefg-2c-temperature", "2 c")
	b.level(t, energy.HeatRejected)
	b.stateFact(t, "waste_heat_released_temperature_c")
}

// level is the mean flow temperature of a role's heat.
func (b *builder) level(f *Field, role energy.Role) {
	mean, points, coverage, ok := b.mean(role)
	if len(points) == 0 {
		f.Missing = append(f.Missing, Lack{Kind: LackMeter, Role: role, Quantity: energy.FlowTemperature})
		return
	}
	var names []string
	for _, p := range points {
		f.Sources = append(f.Sources, Source{Kind: FromPoint, ID: string(p)})
		names = append(names, string(p))
	}
	if coverage < 1 {
		f.Missing = append(f.Missing, Lack{Kind: LackReadings, Points: names})
	}
	if ok {
		f.Value, f.Unit, f.Basis, f.EnergyCoverage, f.IntervalCoverage = Float(mean), energy.DegreeCelsius, Measured, &coverage, &coverage
	}
}

// deliveredHeat is Nr. 2 d: what was handed to others, not own use.
func (b *builder) deliveredHeat() {
	f := b.figure("enefg-2d-heat", "2 d", "heat_delivered", heatNeed(energy.HeatDelivered))
	b.nothing(f, "has_heat_reuse", energy.KilowattHour)
	nothing := f.Basis == Declared
	t := b.figure("enefg-2d-temperature", "2 d", "heat_delivered_flow_temperature", heatNeed(energy.HeatDelivered), need{energy.HeatDelivered, energy.FlowTemperature})
	b.stateFact(t, "heat_delivered_temperature_mean_c")
	if nothing && !t.Value.OK() {
		t.Value, t.Basis, t.Missing = Text("none"), Declared, nil
		t.Sources = f.Sources
	}
}
