package disclosure

import (
	"fmt"
	"slices"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// union fills in Delegated Regulation (EU) 2024/1364, Annexes I to III. The
// annex uses T_IN for the intake air and for incoming traffic, as T_OUT: the
// codes here differ, and the notes say so.
func union(b *builder) {
	b.note("confidential_per_data_centre")
	if kw := b.Site.ITLoadKW.Float64(); kw > 0 && kw < 500 {
		b.note("below_500_kw_it")
	}
	b.unionInformation()
	b.unionEnergy()
	b.unionWater()
	b.unionHeat()
	b.unionRenewables()
	b.unionTechnology()
	b.unionIndicators()
}

// unionInformation is Annex I.
func (b *builder) unionInformation() {
	operator, _ := b.Registry.Operator(b.Site.Operator)
	b.entry("eu-name", "I 1 a", b.Site.Name, "name")
	b.fact("eu-owner", "I 1 b", "owner_name")
	b.fact("eu-owner-contact", "I 1 b", "owner_contact")
	b.entry("eu-operator", "I 1 b", operator.Name, "operator")
	b.fact("eu-operator-contact", "I 1 b", "operator_contact")
	b.entry("eu-lau", "I 1 c", b.Site.Address.LAU, "address.lau")
	b.entry("eu-type", "I 1 d", string(b.Site.Type), "type")
	b.fact("eu-structure", "I 1 d", "structure")
	start := ""
	if since := b.Site.InOperationSince; since != (energy.Date{}) {
		start = fmt.Sprintf("%04d-%02d", since.Year, since.Month)
	}
	b.entry("eu-start", "I 1 e", start, "in_operation_since")
	b.fact("eu-redundancy-hv", "I 2 a", "redundancy_hv")
	b.fact("eu-redundancy-lv", "I 2 a", "redundancy_lv")
	b.fact("eu-redundancy-rack", "I 2 a", "redundancy_rack")
	b.fact("eu-cooling-redundancy-room", "I 2 b", "redundancy_cooling_room")
	b.fact("eu-cooling-redundancy-rack", "I 2 b", "redundancy_cooling_rack")
}

// symbol adds a fact that the annex has a symbol for.
func (b *builder) symbol(code, symbol, fact string) *Field {
	f := b.fact(code, "II", fact)
	f.Symbol = symbol
	return f
}

// unionEnergy are the areas and energies of Annex II.
func (b *builder) unionEnergy() {
	power := b.symbol("eu-pdit", "PD_IT", "installed_it_power_kw")
	if rated := b.Site.ITLoadKW; !power.Value.OK() && rated.Sign() > 0 {
		power.Value, power.Unit, power.Basis = Number(rated.Value), energy.Kilowatt, Declared
		power.Sources, power.Notes = []Source{{Kind: FromRegistry, ID: "it_load_kw"}}, []string{"rated_it_load"}
	}
	b.symbol("eu-sdc", "S_DC", "floor_area_total")
	b.symbol("eu-scr", "S_CR", "floor_area_computer_rooms")
	days := b.days()
	total := b.amount("eu-edc", "II", kpi.EDC(b.Site, days), energy.KilowattHour, gridNeed())
	total.Symbol, total.Standard = "E_DC", "EN 50600-4-2"
	backup := b.amount("eu-edc-bg", "II", kpi.GeneratorTerms(b.Site, days), energy.KilowattHour, need{energy.BackupGenerator, energy.ActiveEnergyImport})
	backup.Symbol = "E_DC-BG"
	b.nothing(backup, "has_backup_generator", energy.KilowattHour)
	var terms []kpi.Term
	category := 0
	if categories := kpi.Categories(b.Site, days); len(categories) > 0 {
		category = categories[0]
		terms = kpi.EIT(b.Site, category, days)
	}
	it := b.amount("eu-eit", "II", terms, energy.KilowattHour, itNeed())
	it.Symbol, it.Standard, it.Category = "E_IT", "EN 50600-4-2", category
	b.fact("eu-grid-functions", "II", "grid_functions")
	b.symbol("eu-cbtg", "C_BtG", "battery_to_grid_kw")
}

// unionWater are the volumes of Annex II.
func (b *builder) unionWater() {
	days := b.days()
	in := b.amount("eu-win", "II", kpi.RoleTerms(b.Site, energy.WaterIn, energy.CubicMetre, days), energy.CubicMetre, need{energy.WaterIn, energy.WaterVolume})
	in.Symbol, in.Standard, in.Notes = "W_IN", "EN 50600-4-9", []string{"water_category=2"}
	b.stateFact(in, "water_in_m3")
	b.nothing(in, "has_water_use", energy.CubicMetre)
	potable := b.amount("eu-win-pot", "II", kpi.RoleTerms(b.Site, energy.WaterPotable, energy.CubicMetre, days), energy.CubicMetre, need{energy.WaterPotable, energy.WaterVolume})
	potable.Symbol, potable.Standard, potable.Notes = "W_IN-POT", "EN 50600-4-9", []string{"water_category=1"}
	b.stateFact(potable, "water_potable_m3")
	b.nothing(potable, "has_water_use", energy.CubicMetre)
}

// unionHeat are heat, temperatures and refrigerants of Annex II.
func (b *builder) unionHeat() {
	reuse := b.amount("eu-ereuse", "II", kpi.Reuse(b.Site, b.days()), energy.KilowattHour, heatNeed(energy.HeatDelivered))
	reuse.Symbol, reuse.Standard = "E_REUSE", "EN 50600-4-6"
	b.nothing(reuse, "has_heat_reuse", energy.KilowattHour)
	waste := b.field("eu-twh", "II")
	waste.Symbol = "T_WH"
	b.level(waste, energy.HeatRemoved)
	b.stateFact(waste, "waste_heat_temperature_c")
	air := b.symbol("eu-tin-air", "T_IN", "it_inlet_setpoint_c")
	air.Notes = append(air.Notes, "symbol_clash=eu-tin-traffic")
	b.symbol("eu-refrigerants", "", "refrigerant")
	b.symbol("eu-cdd", "CDD", "cooling_degree_days")
}

// unionRenewables are E_RES of Annex II: the total is that of REF, and its parts
// add up to it.
func (b *builder) unionRenewables() {
	total := b.field("eu-eres-tot", "II")
	total.Symbol, total.Standard = "E_RES-TOT", "EN 50600-4-3"
	f, ok := b.figureOf("ref")
	if !ok || !f.OK {
		lacks := b.lacking([]need{gridNeed()})
		if len(lacks) == 0 {
			lacks = []Lack{{Kind: LackReadings, Points: b.pointsOf([]need{gridNeed()})}}
		}
		total.Missing = lacks
		for _, part := range []struct{ code, symbol string }{{"eu-eres-goo", "E_RES-GOO"}, {"eu-eres-ppa", "E_RES-PPA"}, {"eu-eres-os", "E_RES-OS"}} {
			lacking := b.field(part.code, "II")
			lacking.Symbol, lacking.Missing = part.symbol, lacks
		}
		b.nothing(b.filled("eu-eres-os"), "has_own_renewables", energy.KilowattHour)
		return
	}
	total.Sources = append(total.Sources, Source{Kind: FromFigure, ID: "ref"})
	for _, p := range b.pairPoints("ref", 0) {
		total.Sources = append(total.Sources, Source{Kind: FromPoint, ID: p})
	}
	b.takeFigure(total, f, Number(f.Numerator), energy.KilowattHour)
	b.proofs(total)
	shared := *total
	b.unlessUnproven(total)
	parts := b.renewableParts(f)
	for i, part := range []struct{ code, symbol string }{{"eu-eres-goo", "E_RES-GOO"}, {"eu-eres-ppa", "E_RES-PPA"}, {"eu-eres-os", "E_RES-OS"}} {
		one := b.field(part.code, "II")
		code, label := one.Code, one.Label
		*one = shared
		one.Code, one.Label, one.Symbol, one.Uncertainty = code, label, part.symbol, nil
		one.Value = Number(energy.ActiveEnergyImport.Value(parts[i]))
		if part.code != "eu-eres-os" {
			b.unlessUnproven(one)
		}
		if part.code == "eu-eres-os" && len(kpi.OwnUseTerms(b.Site, b.days())) == 0 {
			one.Value, one.Missing = Value{}, []Lack{{Kind: LackMeter, Role: energy.OnsiteRenewable, Quantity: energy.ActiveEnergyImport}}
			one.EnergyCoverage, one.IntervalCoverage = nil, nil
			b.nothing(one, "has_own_renewables", energy.KilowattHour)
		}
		if part.code == "eu-eres-ppa" && one.Value.OK() && len(b.Purchases) == 0 {
			one.Notes = append(slices.Clone(one.Notes), "none_registered")
		}
	}
}

// renewableParts are what guarantees, purchase agreements and own generation
// contribute to the numerator of REF, in mWh.
func (b *builder) renewableParts(ref kpi.Figure) (parts [3]energy.Amount) {
	whole, err := energy.ActiveEnergyImport.Fixed(ref.Numerator)
	if err != nil {
		return parts
	}
	own := b.sum(kpi.OwnUseTerms(b.Site, b.days())).amount
	for _, note := range ref.Notes {
		var sold int64
		if n, _ := fmt.Sscanf(note, "guarantees_sold_mwh=%d", &sold); n == 1 {
			own -= energy.Amount(sold * 1_000_000_000)
		}
	}
	own = max(0, min(own, whole))
	var agreed energy.Amount
	for _, p := range b.Purchases {
		if p.SupplyYear == b.Year {
			agreed += energy.Amount(p.ProvenWh * 1000)
		}
	}
	agreed = min(agreed, whole-own)
	return [3]energy.Amount{whole - own - agreed, agreed, own}
}

// unionTechnology are the capacities and the traffic of Annex II.
func (b *builder) unionTechnology() {
	b.symbol("eu-cserv", "C_SERV", "server_performance")
	b.symbol("eu-cserv-area", "", "server_performance_area_share")
	b.symbol("eu-cstor", "C_STOR", "storage_capacity_pb")
	b.symbol("eu-cstor-area", "", "storage_capacity_area_share")
	b.symbol("eu-bin", "B_IN", "bandwidth_in_gbs")
	b.symbol("eu-bout", "B_OUT", "bandwidth_out_gbs")
	in := b.symbol("eu-tin-traffic", "T_IN", "traffic_in_eb")
	in.Notes = append(in.Notes, "symbol_clash=eu-tin-air")
	b.symbol("eu-tout-traffic", "T_OUT", "traffic_out_eb")
}

// unionIndicators is Annex III.
func (b *builder) unionIndicators() {
	pue := b.figure("eu-pue", "III", kpi.AnnualPUE, gridNeed(), itNeed())
	pue.Symbol = "PUE"
	b.quotient(pue, "eu-edc", "eu-eit", 1, energy.One)
	wue := b.figure("eu-wue", "III", "wue_2", need{energy.WaterIn, energy.WaterVolume}, itNeed())
	wue.Symbol = "WUE"
	b.quotient(wue, "eu-win", "eu-eit", 1000, kpi.CubicMetresPerMegawattHour)
	erf := b.figure("eu-erf", "III", "erf", gridNeed(), heatNeed(energy.HeatDelivered))
	erf.Symbol = "ERF"
	b.quotient(erf, "eu-ereuse", "eu-edc", 1, energy.One)
	ref := b.figure("eu-ref", "III", "ref", gridNeed())
	ref.Symbol = "REF"
	b.proofs(ref)
	b.unlessUnproven(ref)
}
