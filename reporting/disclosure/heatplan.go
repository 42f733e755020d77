package disclosure

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// heatPlan fills in what the municipality's heat plan may ask of a company with
// waste heat (WPG Anlage 1 Nr. 4): a) process heat of three years, b) energy
// carriers, c) unavoidable waste heat exactly as § 17 EnEfG has it, d) planned
// transformation. What is marked confidential is not published (§ 11 Abs. 4).
func heatPlan(b *builder) {
	for back := range 3 {
		year := b.Year - 2 + back
		f := b.field(fmt.Sprintf("wpg-4a-%d", year), "Nr. 4 a")
		f.Label, f.Argument = "wpg-4a", fmt.Sprint(year)
		b.processHeat(f, year)
	}
	days := b.days()
	b.amount("wpg-4b-electricity", "Nr. 4 b", kpi.ConsumptionTerms(b.Site, days), energy.KilowattHour, gridNeed())
	fuel := b.amount("wpg-4b-fuel", "Nr. 4 b", kpi.GeneratorTerms(b.Site, days), energy.KilowattHour, need{energy.BackupGenerator, energy.ActiveEnergyImport})
	b.nothing(fuel, "has_backup_generator", energy.KilowattHour)
	if thermal := kpi.RoleTerms(b.Site, energy.ThermalImport, energy.KilowattHour, days); len(thermal) > 0 {
		b.amount("wpg-4b-thermal", "Nr. 4 b", thermal, energy.KilowattHour)
	}
	b.heatItems("wpg-4c", "Nr. 4 c", "Nr. 4 c")
	b.temperature("wpg-4c-temperature", "Nr. 4 c")
	b.fact("wpg-4c-control-temperature", "Nr. 4 c", "heat_control_temperature")
	b.fact("wpg-4c-control-pressure", "Nr. 4 c", "heat_control_pressure")
	b.fact("wpg-4c-control-feed-in", "Nr. 4 c", "heat_control_feed_in")
	b.fact("wpg-4d", "Nr. 4 d", "heat_transformation_plan")
	b.note("confidential_when_marked")
}

// processHeat is the band of a year's process heat.
func (b *builder) processHeat(f *Field, year int) {
	fact, ok := b.Site.FactAt("process_heat_kwh", year)
	number, isNumber := fact.Value.Number()
	if !ok || !isNumber {
		f.Missing = []Lack{{Kind: LackFact, Name: fmt.Sprintf("process_heat_kwh@%d", year)}}
		return
	}
	f.Value, f.Basis, f.Unit = Text(band(number.Float64()/1e6)), Declared, "GWh"
	f.Sources = []Source{{Kind: FromFact, ID: fact.ID(), Document: fact.Document}}
}

// band is the band of Nr. 4 a in which an amount in GWh lies: 0.1 to 2.5, steps
// of 0.5 up to 7.5, of 2 above.
func band(gwh float64) string {
	switch {
	case gwh < 0.1:
		return "< 0.1"
	case gwh < 2.5:
		return "0.1–2.5"
	case gwh < 7.5:
		from := 2.5 + math.Floor((gwh-2.5)/0.5)*0.5
		return fmt.Sprintf("%.1f–%.1f", from, from+0.5)
	}
	from := 7.5 + math.Floor((gwh-7.5)/2)*2
	return fmt.Sprintf("%.1f–%.1f", from, from+2)
}

// monthOf is the month with that number, from 0.
func monthOf(i int) time.Month { return time.January + time.Month(i) }
