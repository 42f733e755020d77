package disclosure

import (
	"fmt"
	"slices"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
)

// platform fills in the row of a site in the platform for waste heat (EnEfG § 17
// Abs. 1 Nr. 1 to 6). The law names the six items; the platform's own columns are
// not confirmed, so that what goes beyond the law is marked.
func platform(b *builder) {
	operator, _ := b.Registry.Operator(b.Site.Operator)
	b.entry("pfa-company", "Nr. 1", operator.Name, "operator")
	b.fact("pfa-company-id", "Nr. 1", "platform_company_id").Unconfirmed = true
	b.fact("pfa-report-id", "Nr. 1", "platform_report_id").Unconfirmed = true
	a := b.Site.Address
	b.entry("pfa-street", "Nr. 2", a.Street, "address.street")
	b.entry("pfa-postcode", "Nr. 2", a.Postcode, "address.postcode")
	b.entry("pfa-town", "Nr. 2", a.Town, "address.town")
	heat := b.heatItems("pfa", "Nr. 3", "Nr. 4")
	b.fact("pfa-control-temperature", "Nr. 5", "heat_control_temperature")
	b.fact("pfa-control-pressure", "Nr. 5", "heat_control_pressure")
	b.fact("pfa-control-feed-in", "Nr. 5", "heat_control_feed_in")
	level := b.temperature("pfa-temperature", "Nr. 6")
	hours := b.operatingHours()
	b.minimis(heat, hours, level)
}

// heatItems are annual heat, greatest power and the profile of the months.
func (b *builder) heatItems(prefix, amount, profile string) (heat *Field) {
	terms, which := b.wasteHeat()
	heat = b.amount(prefix+"-heat", amount, terms, energy.KilowattHour, heatNeed(energy.HeatRemoved))
	if which != "" {
		heat.Notes = append(heat.Notes, "waste_heat="+which)
	}
	power := b.field(prefix+"-max-power", amount)
	b.peak(power, terms)
	b.stateFact(power, "heat_delivery_capacity_kw")
	for i := range 12 {
		b.monthly(prefix, profile, terms, i)
	}
	return heat
}

// monthly is the mean thermal power of a month.
func (b *builder) monthly(prefix, number string, terms []kpi.Term, i int) {
	f := b.field(fmt.Sprintf("%s-power-%02d", prefix, i+1), number)
	f.Label, f.Argument, f.Unconfirmed = prefix+"-power", fmt.Sprint(i+1), true
	total := b.sumOf(terms, &i)
	month := b.Calendar.Month(b.Year, monthOf(i))
	b.take(f, total, Float(total.value().Float64()/month.Length().Hours()), energy.Kilowatt)
	if len(terms) == 0 {
		f.Missing = append(f.Missing, b.lacking([]need{heatNeed(energy.HeatRemoved)})...)
	}
}

// peak is the mean power of the highest hour that was measured at its own time.
func (b *builder) peak(f *Field, terms []kpi.Term) {
	highest, ok := energy.Amount(0), false
	b.hours(terms, func(v ledger.Value, amount energy.Amount) {
		if v.IntervalCoverage >= 1 && (!ok || amount > highest) {
			highest, ok = amount, true
		}
	})
	if !ok {
		f.Missing = append(f.Missing, b.lacking([]need{heatNeed(energy.HeatRemoved)})...)
		return
	}
	total := b.sum(terms)
	b.take(f, total, Number(energy.HeatEnergy.Value(highest)), energy.Kilowatt) // kWh in an hour are kW
	f.Uncertainty = nil
	f.Notes = append(f.Notes, "highest_hour")
}

// temperature is the mean temperature of the waste heat: of what cools the
// rooms, else of what is delivered.
func (b *builder) temperature(code, number string) *Field {
	f := b.field(code, number)
	if _, points, _, ok := b.mean(energy.HeatRemoved); ok || len(points) > 0 {
		b.level(f, energy.HeatRemoved)
	} else if figure, ok := b.figureOf("heat_delivered_flow_temperature"); ok && figure.OK {
		f.Sources = append(f.Sources, Source{Kind: FromFigure, ID: figure.Name})
		b.takeFigure(f, figure, Float(figure.Value), figure.Unit)
		f.Notes = append(f.Notes, "temperature_of_delivered_heat")
	} else {
		f.Missing = append(f.Missing, Lack{Kind: LackMeter, Role: energy.HeatRemoved, Quantity: energy.FlowTemperature})
	}
	b.stateFact(f, "waste_heat_temperature_c")
	return f
}

// operatingHours are the hours in which there was waste heat.
func (b *builder) operatingHours() *Field {
	f := b.field("pfa-operating-hours", "§ 17 (4)")
	f.Unconfirmed = true
	terms, which := b.wasteHeat()
	hours, known := 0, 0
	b.hours(terms, func(_ ledger.Value, amount energy.Amount) {
		if known++; amount > 0 {
			hours++
		}
	})
	if known > 0 {
		total := b.sum(terms)
		b.take(f, total, Number(energy.Decimal(int64(hours), 0)), kpi.Hours)
		f.Uncertainty, f.Notes = nil, []string{"waste_heat=" + which}
	} else {
		f.Missing = append(f.Missing, b.lacking([]need{heatNeed(energy.HeatRemoved)})...)
	}
	b.stateFact(f, "heat_operating_hours")
	return f
}

// minimis compares with the thresholds below which nothing need be reported.
func (b *builder) minimis(heat, hours, level *Field) {
	all, err := Thresholds()
	if err != nil {
		b.note("no_thresholds")
		return
	}
	for _, t := range all {
		from := map[string]*Field{"pfa-minimis-heat": heat, "pfa-minimis-site": heat, "pfa-minimis-hours": hours, "pfa-minimis-temperature": level}[t.Code]
		scale := 1.0
		if t.Unit == "MWh" {
			scale = 1000
		}
		if from == nil {
			from = &Field{}
			b.stateFact(from, "company_energy_average_kwh")
		}
		value, ok := from.Value.Float64()
		if least := slices.Contains(from.Notes, "waste_heat=heat_delivered_only") && from.Basis != Declared; least && ok && value/scale < t.Value {
			bound := *from
			bound.Missing = []Lack{{Kind: LackMeter, Role: energy.HeatRemoved, Quantity: energy.HeatEnergy}}
			b.under(t, 0, false, &bound).Notes = append(b.fields[len(b.fields)-1].Notes, "lower_bound")
			continue
		}
		b.under(t, value/scale, ok, from)
	}
	if b.Site.Kind == energy.ServerRoom {
		b.note("server_room")
	}
}
