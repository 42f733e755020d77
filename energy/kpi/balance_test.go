package kpi_test

import (
	"cmp"
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

func category(n int) func(*registry.Point) { return func(p *registry.Point) { p.Category = n } }

func quantity(q energy.Quantity) func(*registry.Point) {
	return func(p *registry.Point) { p.Quantity = q }
}

// marked gives quarter-hours [from, to) of d a quality and covered seconds.
func marked(d series.Day, from, to int, quality energy.Quality, covered int16) series.Day {
	for q := from; q < to; q++ {
		d.CoveredS += int(covered) - int(d.Covered[q])
		d.Quality[q], d.Covered[q] = quality, covered
	}
	return d
}

func lineOf(lines []kpi.Line, role int16, category int16) kpi.Line {
	i := slices.IndexFunc(lines, func(l kpi.Line) bool { return l.Role == role && l.Category == category })
	if i < 0 {
		return kpi.Line{}
	}
	return lines[i]
}

func TestTheNumbersOfStoredLinesNeverChange(t *testing.T) {
	t.Parallel()
	for i, number := range []int16{
		kpi.PUENumerator, kpi.PUEDenominator, kpi.PUEEnEfGNumerator, kpi.PUEEnEfGDenominator, kpi.REFNumerator,
		kpi.REFDenominator, kpi.REFLimit, kpi.ERFNumerator, kpi.ERFDenominator, kpi.ERENumerator,
		kpi.EREDenominator, kpi.CERNumerator, kpi.CERDenominator, kpi.WUENumerator, kpi.WUEDenominator,
		kpi.HeatDeliveredLine, kpi.HeatRejectedLine, kpi.HeatFlowNumerator, kpi.HeatFlowDenominator, kpi.HeatReturnNumerator,
		kpi.HeatReturnDenominator, kpi.GreenShareNumerator, kpi.GreenShareDenominator, kpi.GreenShareLimit, kpi.PPUENumerator,
		kpi.PPUEDenominator, kpi.WUE2Numerator, kpi.WUE2Denominator, kpi.CUEMarketNumerator, kpi.CUEMarketDenominator,
		kpi.FlowRegister, kpi.FlowRegisterVolume, kpi.ReturnRegister, kpi.ReturnRegisterVolume, kpi.HeatAvailableLine, kpi.HeatRequestedLine,
	} {
		if want := int16(1001 + i); number != want {
			t.Errorf("line %d of the balance has the number %d, want %d: databases hold it", i+1, number, want)
		}
	}
}

func TestALineOfTheBalanceSaysWhatItsRoleAmountsToAndHowItIsKnown(t *testing.T) {
	t.Parallel()
	p := newPlant().with("volume", energy.HeatDelivered, 7, quantity(energy.Volume)).
		with("dark", energy.ITLoad, 3).with("pdu", energy.ITLoad, 20, category(2)).
		with("grid", energy.GridImport, 30).with("ups", energy.ITLoad, 25).with("district", energy.HeatDelivered, 5)
	delete(p.days, "hafen/dark")
	day := p.days["hafen/grid"]
	day = marked(day, 0, 4, energy.Substitute, 0)                  // estimated
	day = marked(day, 4, 6, energy.Suspect, 900)                   // measured, and doubtful
	p.days["hafen/grid"] = marked(day, 6, 7, energy.Measured, 450) // half of it is known
	lines := kpi.Balance(p.site, june, berlin.Day(june), p.days, nil)
	for _, tt := range []struct {
		sentence string
		want     kpi.Line
	}{
		{"an estimate is a substitute, a doubt about what was measured is none",
			kpi.Line{Role: energy.GridImport.Number(), Amount: 96 * 30 * unit, Substitute: 4 * 30 * unit,
				IntervalS: 91*900 + 450, EnergyS: 91*900 + 450, PeriodS: 86400}},
		{"a point without a day is expected and gives nothing",
			kpi.Line{Role: energy.ITLoad.Number(), Category: 1, Amount: 96 * 25 * unit, IntervalS: 86400, EnergyS: 86400, PeriodS: 2 * 86400}},
		{"each category has a line of its own",
			kpi.Line{Role: energy.ITLoad.Number(), Category: 2, Amount: 96 * 20 * unit, IntervalS: 86400, EnergyS: 86400, PeriodS: 86400}},
		{"a volume is no heat",
			kpi.Line{Role: energy.HeatDelivered.Number(), Amount: 96 * 5 * unit, IntervalS: 86400, EnergyS: 86400, PeriodS: 86400}},
		{"the electricity from the grid bounds what guarantees prove, and is no substitute itself",
			kpi.Line{Role: kpi.REFLimit, Amount: 95 * 30 * unit, IntervalS: 91 * 900, EnergyS: 91 * 900, PeriodS: 86400}},
	} {
		if got := lineOf(lines, tt.want.Role, tt.want.Category); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.sentence, got, tt.want)
		}
	}
	for range 20 { // the roles come out of a map
		lines = kpi.Balance(p.site, june, berlin.Day(june), p.days, nil)
		if !slices.IsSortedFunc(lines, func(a, b kpi.Line) int {
			return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Category, b.Category))
		}) {
			t.Fatalf("%+v: want them by role and category", lines)
		}
	}
	for i, l := range lines {
		if l.Role <= 0 || i > 0 && cmp.Or(cmp.Compare(lines[i-1].Role, l.Role), cmp.Compare(lines[i-1].Category, l.Category)) >= 0 {
			t.Errorf("line %d = %+v stands behind %+v: want each once, by role and category", i, l, lines[max(0, i-1)])
		}
	}
}

func TestLinesOfDaysAddUpToThoseOfAMonth(t *testing.T) {
	t.Parallel()
	l := kpi.Line{Role: 1, Category: 2, Amount: 10, Substitute: 20, IntervalS: 30, EnergyS: 40, PeriodS: 50}
	l.Add(kpi.Line{Role: 1, Category: 2, Amount: 1, Substitute: 2, IntervalS: 3, EnergyS: 4, PeriodS: 5})
	if want := (kpi.Line{Role: 1, Category: 2, Amount: 11, Substitute: 22, IntervalS: 33, EnergyS: 44, PeriodS: 55}); l != want {
		t.Errorf("two days = %+v, want %+v", l, want)
	}
}

func TestALineThatIsNoFigureIsInNone(t *testing.T) {
	t.Parallel()
	d := named(t, "heat_delivered") // it has no denominator, and no limit
	lines := []kpi.Line{{Amount: 7, Substitute: 3, PeriodS: 9}, {Role: kpi.HeatDeliveredLine, Amount: 5, PeriodS: 9}}
	if got, want := d.SumOf(lines, 0), (kpi.Sum{Numerator: 5, PeriodS: 9}); got != want {
		t.Errorf("heat delivered = %+v, want %+v", got, want)
	}
}
