package kpi

import (
	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// Line is one line of a site's balance of a day: what the points of a role
// (and category) amount to, or one side of a paired figure. Lines of days add
// up to lines of months and years.
type Line struct {
	Role     int16 // energy.Role.Number, or one of the numbers below
	Category int16
	Amount   energy.Amount
	// Substitute is the part of quality substitute or declared.
	Substitute energy.Amount
	// Seconds measured at their own time, with known or spread energy, and
	// expected, summed over the points of the role.
	IntervalS, EnergyS, PeriodS int64
}

// The sides of paired figures, numbered apart from the roles. They are stored:
// append, never change.
const (
	PUENumerator          int16 = 1001
	PUEDenominator        int16 = 1002
	PUEEnEfGNumerator     int16 = 1003
	PUEEnEfGDenominator   int16 = 1004
	REFNumerator          int16 = 1005
	REFDenominator        int16 = 1006
	REFLimit              int16 = 1007
	ERFNumerator          int16 = 1008
	ERFDenominator        int16 = 1009
	ERENumerator          int16 = 1010
	EREDenominator        int16 = 1011
	CERNumerator          int16 = 1012
	CERDenominator        int16 = 1013
	WUENumerator          int16 = 1014
	WUEDenominator        int16 = 1015
	HeatDeliveredLine     int16 = 1016
	HeatRejectedLine      int16 = 1017
	HeatFlowNumerator     int16 = 1018
	HeatFlowDenominator   int16 = 1019
	HeatReturnNumerator   int16 = 1020
	HeatReturnDenominator int16 = 1021
	GreenShareNumerator   int16 = 1022
	GreenShareDenominator int16 = 1023
	GreenShareLimit       int16 = 1024
	PPUENumerator         int16 = 1025
	PPUEDenominator       int16 = 1026
	WUE2Numerator         int16 = 1027
	WUE2Denominator       int16 = 1028
	CUEMarketNumerator    int16 = 1029 // the energy from the grid, in kWh
	CUEMarketDenominator  int16 = 1030
	FlowRegister          int16 = 1031 // m³·°C of the meters' own registers
	FlowRegisterVolume    int16 = 1032
	ReturnRegister        int16 = 1033
	ReturnRegisterVolume  int16 = 1034
	HeatAvailableLine     int16 = 1035
	HeatRequestedLine     int16 = 1036
)

// roleLines adds up the primary cumulative points of each role and category
// that are in the role's unit.
func roleLines(points []*registry.Point, period energy.Period, days map[energy.PointID]series.Day, spans map[energy.PointID][]series.Span) []Line {
	type key struct{ role, category int16 }
	sums := map[key]*Line{}
	for _, point := range points {
		if point.Quantity.Unit() != point.Role.Unit() {
			continue
		}
		k := key{point.Role.Number(), int16(point.Category)}
		line := sums[k]
		if line == nil {
			line = &Line{Role: k.role, Category: k.category}
			sums[k] = line
		}
		line.PeriodS += int64(period.Length().Seconds())
		day, ok := days[point.ID]
		if !ok {
			continue
		}
		term := Term{Point: point.ID, Factor: Unity}
		known := day.Known(spans[point.ID])
		for q, seconds := range known {
			amount, substitute := term.amount(day, known, q)
			line.Amount += amount
			line.Substitute += substitute
			line.EnergyS += int64(seconds)
		}
		line.IntervalS += int64(day.CoveredS)
	}
	lines := make([]Line, 0, len(sums))
	for _, line := range sums {
		lines = append(lines, *line)
	}
	return lines
}

// Add adds the amounts and seconds of o to l.
func (l *Line) Add(o Line) {
	l.Amount += o.Amount
	l.Substitute += o.Substitute
	l.IntervalS += o.IntervalS
	l.EnergyS += o.EnergyS
	l.PeriodS += o.PeriodS
}
