package disclosure

import (
	"fmt"
	"math"
	"slices"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/grid"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

// carbon fills in the emissions of scope 2 of the GHG Protocol (2015), by
// location and by market: bought electricity, and bought cold or heat. Fuel that
// is burnt on the site is scope 1 and not in it.
func carbon(b *builder) {
	days := b.days()
	terms := kpi.GridTerms(b.Site, days)
	b.amount("ghg-electricity", "activity", terms, energy.KilowattHour, gridNeed())
	b.location(terms)
	b.market(terms)
	thermal := kpi.RoleTerms(b.Site, energy.ThermalImport, energy.KilowattHour, days)
	if len(thermal) == 0 {
		return
	}
	amount := b.amount("ghg-thermal-energy", "activity", thermal, energy.KilowattHour)
	f := b.fact("ghg-thermal", "scope 2", "thermal_import_g_per_kwh")
	factor, ok := f.Value.Float64()
	bought, known := amount.Value.Float64()
	if !ok || !known {
		f.Value, f.Missing = Value{}, append(f.Missing, amount.Missing...)
		return
	}
	f.Value, f.Unit, f.Basis = Float(factor*bought/1000), kpi.Kilogram, Mixed
	f.Declared = nil // what was declared is the factor
	f.Notes, f.Sources = []string{fmt.Sprintf("factor_g_per_kwh=%g", factor)}, append(f.Sources, amount.Sources...)
}

// location is the sum over the hours of energy × the grid's direct intensity in
// that hour, and the mean factor that comes to.
func (b *builder) location(terms []kpi.Term) {
	f, mean := b.field("ghg-location", "scope 2"), b.field("ghg-location-factor", "scope 2")
	var kilograms, drawn energy.Amount
	var notes []string
	b.hours(terms, func(v ledger.Value, amount energy.Amount) {
		hour := grid.At(v.Period.From)
		kilograms += energy.Amount(math.Round(float64(max(0, amount)) * float64(hour.Direct) / 1000)) // as cue_location rounds
		drawn += max(0, amount)
		note := fmt.Sprintf("grid_year=%d", hour.Year)
		if hour.Moved {
			note = fmt.Sprintf("grid_moved_by_weekday_from=%d", hour.Year)
		}
		if !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	})
	total := b.sum(terms)
	if drawn == 0 {
		total.ok = false
		f.Missing = append(f.Missing, b.lacking([]need{gridNeed()})...)
	}
	for _, one := range []*Field{f, mean} {
		b.take(one, total, Number(energy.ActiveEnergyImport.Value(kilograms)), kpi.Kilogram)
		one.Sources = append(one.Sources, Source{Kind: FromGrid, ID: "energy/grid", Document: "energy/grid/SOURCES.md"})
		one.Notes, one.Uncertainty, one.Standard, one.Edition = append(notes, "factor_direct_hourly"), nil, "GHG Protocol Scope 2", "2015"
	}
	if mean.Value.OK() {
		mean.Value, mean.Unit = Float(float64(kilograms)/float64(drawn)*1000), registry.GramsPerKWh
	} else {
		mean.Missing = f.Missing
	}
}

// market counts what guarantees prove as nothing and the rest by the supplier's
// mix, else the residual mix, each with its source and year.
func (b *builder) market(terms []kpi.Term) {
	f, mix := b.field("ghg-market", "scope 2"), b.field("ghg-market-factor", "scope 2")
	f.Standard, f.Edition = "GHG Protocol Scope 2", "2015"
	total := b.sum(terms)
	b.take(f, total, Value{}, kpi.Kilogram)
	f.Uncertainty = nil
	stated, ok := evidence.Mix(b.Registry.Evidence, b.Site.ID, b.Year)
	if ok {
		mix.Value, mix.Unit, mix.Basis = Number(stated.CarbonGPerKWh.Value), registry.GramsPerKWh, Declared
		mix.Sources = []Source{{Kind: FromEvidence, ID: stated.ID, Document: stated.Document}}
		mix.Notes = []string{fmt.Sprintf("%s=%d", stated.Kind, stated.SupplyYear)}
	} else {
		mix.Missing = []Lack{{Kind: LackEvidence, Name: string(registry.SupplierMix)}, {Kind: LackEvidence, Name: string(registry.ResidualMix)}}
	}
	if !total.ok {
		f.Missing = append(f.Missing, b.lacking([]need{gridNeed()})...)
		return
	}
	drawn := map[registry.Month]energy.Amount{}
	for i := range 12 {
		drawn[registry.Month{Year: b.Year, Month: monthOf(i)}] = b.sumOf(terms, &i).amount
	}
	green := kpi.GuaranteesOfYear(b.Guarantees, b.days())
	green.Add(kpi.CertificatesIn(b.Guarantees, b.Period))
	_, proven := kpi.Sum{Denominator: max(0, total.amount), Limit: max(0, total.amount)}.With(kpi.Guarantees{MWh: green.MWh, Wh: green.Wh})
	kilograms, known := kpi.Emissions(drawn, proven, func(int) (float64, bool) { return stated.CarbonGPerKWh.Float64(), ok })
	f.Notes = append(green.Notes(), "settles_on="+evidence.Settles(b.Year).String())
	if b.Calendar.Date(b.AsKnown).Before(evidence.Settles(b.Year)) {
		f.Status = Provisional
	}
	if !known {
		f.EnergyCoverage, f.IntervalCoverage = nil, nil
		f.Missing = append(mix.Missing, f.Missing...)
		return
	}
	f.Value, f.Basis = Number(energy.ActiveEnergyImport.Value(kilograms)), Mixed
	if !ok {
		mix.Value, mix.Basis, mix.Notes = Text("none"), Mixed, []string{"all_proven"}
		b.proofs(mix)
	}
	if ok && proven < total.amount {
		f.Sources = append(f.Sources, mix.Sources...)
	}
	b.proofs(f)
}
