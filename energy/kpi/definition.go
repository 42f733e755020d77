package kpi

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// Definition is how a figure comes about: its standard, its terms and where
// the balance keeps its sums.
type Definition struct {
	Name              string // "erf", as FIGURES.md names it
	Standard, Edition string
	// Unit is that of the value. NumeratorUnit and DenominatorUnit are those of
	// the two sums; an amount without a denominator has none.
	Unit, NumeratorUnit, DenominatorUnit energy.Unit
	// Numerator, Denominator and Limit are the numbers of its lines in the
	// balance; 0 for none. Hourly figures have no lines.
	Numerator, Denominator, Limit int16
	// Factor makes numerator ÷ denominator the value's unit; 0 is 1.
	Factor float64
	// ByCategory: one figure for each category of the IT energy.
	ByCategory bool
	// Shared: its lines are those of another figure, which writes them.
	Shared bool
	// Partial: the numerator may have no points; it is 0 then, or what is proven.
	Partial bool
	// Proof says which guarantees of origin join the numerator.
	Proof Proof
	// Market: the numerator's energy becomes kilograms by the mix that was
	// bought, see [Emissions].
	Market bool
	// Matched: certificates of an hour or less join the hours, see [Certified].
	Matched bool
	// Instead: it is given where the one of the same name before it is not.
	Instead bool
	// PerCapacity: the denominator is a thermal power, see [Capacity] and [Peak].
	PerCapacity bool
	// GridData: hours of the grid are in it, whose uncertainty nobody states.
	GridData bool
	// Pair are the terms; Hour, of an hourly figure, what one of its hours adds,
	// or one of its quarter-hours where it is Quarterly.
	Pair      func(site registry.Site, category int, days Days) Pair
	Hour      func(p Pair, h Hour) (numerator, denominator energy.Amount)
	Quarterly bool
	// Notes are codes of what a reader has to know of the figure at the site;
	// nil for none.
	Notes func(site registry.Site, category int, days Days) []string
}

// Certified gives the electricity of certificates that were issued for the
// hour, or quarter-hour, p.
type Certified func(p energy.Period) energy.Amount

// Definitions are all figures, in the order they are shown.
func Definitions() []Definition {
	return []Definition{
		pue(), ppue(), pueEnEfG(), ref(), erf(), ere(), cer(), cueLocation(), cueMarket(), wue1(), wue2(),
		heatDelivered(), heatFlowRegister(), heatFlowTemperature(), heatReturnRegister(), heatReturnTemperature(),
		heatAboveEnergy(), heatAboveTime(), heatRejected(), heatAvailable(), heatRequested(), fullLoadHours(),
		greenShareAnnual(), greenShareMonthly(), greenShareHourly(), greenShareQuarterHourly(), gridRenewableShare(),
	}
}

// Categories are those for which the site has the figure: the categories of its
// IT energy, or 0.
func (d Definition) Categories(site registry.Site, days Days) []int {
	if d.ByCategory {
		return Categories(site, days)
	}
	return []int{0}
}

// Of are the terms of the figure at a site; ok is false when the site lacks the
// points it needs.
func (d Definition) Of(site registry.Site, category int, days Days) (pair Pair, ok bool) {
	pair = d.Pair(site, category, days)
	switch {
	case d.PerCapacity || d.DenominatorUnit == "":
		return pair, len(pair.Numerator) > 0
	case d.Partial:
		return pair, len(pair.Denominator) > 0
	}
	return pair, pair.Complete()
}

// Figure is the figure of period p from the sum of its days; spans are those
// of the pair's points that touch p.
func (d Definition) Figure(pair Pair, category int, p energy.Period, sum Sum, spans map[energy.PointID][]series.Span) Figure {
	f := pair.figure(p, sum, spans)
	f.Name, f.Standard, f.Edition, f.Category = d.Name, d.Standard, d.Edition, category
	f.Unit, f.NumeratorUnit, f.DenominatorUnit = d.Unit, d.NumeratorUnit, d.DenominatorUnit
	if d.DenominatorUnit == "" {
		f.Value, f.OK = f.Numerator.Float64(), sum.counted(false)
	}
	if d.Factor != 0 {
		f.Value *= d.Factor
	}
	return f
}

// Sum is what one local day adds to an hourly figure; certified may be nil.
func (d Definition) Sum(pair Pair, period energy.Period, days map[energy.PointID]series.Day, spans map[energy.PointID][]series.Span, certified Certified) (sum Sum) {
	step := time.Hour
	if d.Quarterly {
		step = energy.QuarterHour
	}
	for _, h := range pair.steps(step, period, days, spans) {
		if whole := int64(step.Seconds()); d.Matched && certified != nil && h.Sum.PeriodS == whole {
			h.Certified = certified(energy.Period{From: h.From, To: h.From.Add(step)})
		}
		h.Sum.Numerator, h.Sum.Denominator = d.Hour(pair, h)
		h.Sum.Limit = 0
		sum.Add(h.Sum)
	}
	return sum
}

// lines are the lines of the figure in the balance of a day.
func (d Definition) lines(s Sum, category int) []Line {
	n := Line{Role: d.Numerator, Category: int16(category), Amount: s.Numerator, Substitute: s.NumeratorSubstitute,
		IntervalS: s.IntervalS, EnergyS: s.EnergyS, PeriodS: s.PeriodS}
	lines := []Line{n}
	if d.Denominator != 0 {
		of := n
		of.Role, of.Amount, of.Substitute = d.Denominator, s.Denominator, s.DenominatorSubstitute
		lines = append(lines, of)
	}
	if d.Limit != 0 {
		of := n
		of.Role, of.Amount, of.Substitute = d.Limit, s.Limit, 0
		lines = append(lines, of)
	}
	return lines
}

// SumOf puts the lines of the figure together again, from any number of days,
// months and other lines.
func (d Definition) SumOf(lines []Line, category int) (sum Sum) {
	for _, l := range lines {
		if l.Role == 0 || l.Category != int16(category) {
			continue
		}
		switch l.Role {
		case d.Numerator:
			sum.Add(Sum{Numerator: l.Amount, NumeratorSubstitute: l.Substitute, IntervalS: l.IntervalS, EnergyS: l.EnergyS, PeriodS: l.PeriodS})
		case d.Denominator:
			sum.Add(Sum{Denominator: l.Amount, DenominatorSubstitute: l.Substitute})
		case d.Limit:
			sum.Add(Sum{Limit: l.Amount})
		}
	}
	return sum
}
