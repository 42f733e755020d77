package kpi

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Figure is one standard figure with everything a reader needs to weigh it.
type Figure struct {
	Name        string       // "pue", "ipue", "erf"
	Value       float64      // unrounded; meaningless unless OK
	OK          bool         // false when numerator or denominator lack energy
	Unit        energy.Unit  // energy.One for ratios
	Numerator   energy.Value // in NumeratorUnit
	Denominator energy.Value // in DenominatorUnit; 0 for an amount, which has none
	// The units of the sums: kWh, m³ (wue_1, wue_2), kg (cue_location), kWh·°C (mean
	// temperatures), kW (full_load_hours); no DenominatorUnit for an amount.
	NumeratorUnit, DenominatorUnit energy.Unit
	// EnergyCoverage is the share of the period whose energy is known,
	// IntervalCoverage the share measured at its own time. Both 0 to 1.
	EnergyCoverage, IntervalCoverage float64
	// SubstituteShare is the greater of the two sides' shares that are
	// substitute: estimated, or cut from a longer span by time.
	SubstituteShare float64
	// Uncertainty is the relative expanded uncertainty (k = 2); HasUncertainty
	// is false when a meter's accuracy is not known.
	Uncertainty    float64
	HasUncertainty bool
	Standard       string // "EN 50600-4-2"
	Edition        string // "2019-08"
	Category       int    // measurement category of the IT energy, 1 to 3
	// Notes are codes of what a reader has to know of the figure, such as
	// "grid_year=2024" where the grid's data are those of another year.
	Notes []string
}

// cut is what a period's borders take out of spans that reach across them.
type cut struct {
	amount map[energy.PointID]energy.Amount // share by time, inside the period
	period []energy.Period                  // the parts of the spans inside the period
}

// cutAt finds the spans that a border of p cuts: their share is counted by
// time and is a substitute, their seconds are not known energy (FIGURES.md).
func cutAt(p energy.Period, spans map[energy.PointID][]series.Span) cut {
	c := cut{amount: map[energy.PointID]energy.Amount{}}
	for point, list := range spans {
		for _, span := range list {
			common := p.Common(span.Period)
			if common.Length() <= 0 || p.Covers(span.Period) {
				continue
			}
			c.amount[point] += span.Share(p)
			c.period = append(c.period, common)
		}
	}
	return c
}

func (c cut) of(terms []Term) (sum energy.Amount) {
	for _, t := range terms {
		sum += Scale(c.amount[t.Point], t.Factor, Unity)
	}
	return sum
}

// seconds is the length of the union of the parts.
func (c cut) seconds() int64 {
	slices.SortFunc(c.period, func(a, b energy.Period) int { return a.From.Compare(b.From) })
	var total time.Duration
	var upto time.Time
	for _, p := range c.period {
		if p.From.Before(upto) {
			p.From = upto
		}
		if p.Length() > 0 {
			total += p.Length()
			upto = p.To
		}
	}
	return int64(total.Seconds())
}

// share is part / whole, 0 for an empty whole.
func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return min(1, max(0, part/whole))
}

// figure is numerator ÷ denominator with coverages and substitute share.
func (p Pair) figure(period energy.Period, sum Sum, spans map[energy.PointID][]series.Span) Figure {
	c := cutAt(period, spans)
	if p.OwnTime {
		c.amount = nil // nothing of a span was counted
	}
	energyS := max(sum.IntervalS, sum.EnergyS-c.seconds())
	f := Figure{
		Numerator:        fixed(sum.Numerator),
		Denominator:      fixed(sum.Denominator),
		EnergyCoverage:   share(float64(energyS), float64(sum.PeriodS)),
		IntervalCoverage: share(float64(sum.IntervalS), float64(sum.PeriodS)),
		SubstituteShare: max(
			share(float64(sum.NumeratorSubstitute+c.of(p.Numerator)), float64(sum.Numerator)),
			share(float64(sum.DenominatorSubstitute+c.of(p.Denominator)), float64(sum.Denominator))),
	}
	if sum.counted(p.OwnTime) && sum.Denominator > 0 {
		f.Value, f.OK = float64(sum.Numerator)/float64(sum.Denominator), true
	}
	return f
}

// counted tells whether any quarter-hour counted: what is known, or only
// estimated, as the substitute share then says.
func (s Sum) counted(ownTime bool) bool {
	known := s.EnergyS
	if ownTime {
		known = s.IntervalS
	}
	return known > 0 || s.NumeratorSubstitute != 0 || s.DenominatorSubstitute != 0
}

// fixed is an amount in whole units: sums are of quantities with 6 digits (kWh,
// m³, kg, kWh·°C, kW).
func fixed(a energy.Amount) energy.Value { return energy.ActiveEnergyImport.Value(a) }
