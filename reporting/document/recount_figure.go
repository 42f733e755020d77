package document

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
)

// block is a figure in the sheet of figures: a row for each month, one for the
// year, and the steps from the sums to the value. Cells are "$B$7".
type block struct {
	ledger.Working
	gate string
	// of the month m (0 to 11) is row first+m; the year's is first+12.
	first int
	// What counts in the year before and after what evidence adds, and that part.
	numerator, proven string
	denominator       string
	shared            string // numerator by which the share of substitutes goes
}

// The columns of a block.
const (
	columnNumerator = iota
	columnDenominator
	columnLimit
	columnNumeratorSubstitute
	columnDenominatorSubstitute
	columnMeasured
	columnKnown
	columnExtra
)

// sumColumn is the letter of one of them.
func sumColumn(n int) string { return letter(2 + n) }

// year is the cell of the year in a column.
func (b *block) year(n int) string { return fmt.Sprintf("$%s$%d", sumColumn(n), b.first+12) }

// all are the cells of the months in a column.
func (b *block) all(n int) string {
	return fmt.Sprintf("$%s$%d:$%s$%d", sumColumn(n), b.first, sumColumn(n), b.first+11)
}

// figure computes one figure of the year.
func (r *recount) figure(w ledger.Working) error {
	b := &block{Working: w, gate: r.gate(w.Pages)}
	parts, err := r.parts(b)
	if err != nil {
		return err
	}
	r.put()
	r.rowsOf = append(r.rowsOf, r.titles(r.words.name(w.Figure), r.words.numerator, r.words.denominator, r.says.limit, r.says.numeratorSubstitute, r.says.denominatorSubstitute,
		r.says.measured, r.says.known, r.says.proven, r.words.numerator+" *"))
	b.first = len(r.rowsOf) + 1
	for m := time.January; m <= time.December; m++ {
		row := []any{r.words.months[m-1]}
		for _, part := range parts {
			row = append(row, formula(strings.TrimPrefix("0"+part(m), "0+")))
		}
		r.put(append(row, r.extra(b, len(r.rowsOf)+1, m)...)...)
	}
	total := []any{r.words.year + " " + strconv.Itoa(r.y.Year)}
	for n := range columnExtra + 2 {
		total = append(total, formula("SUM("+strings.ReplaceAll(b.all(n), "$", "")+")"))
	}
	r.put(total...)
	r.prove(b)
	r.value(b)
	r.blocks = append(r.blocks, b)
	return nil
}

// parts are formulas for the columns of a month.
func (r *recount) parts(b *block) ([]func(time.Month) string, error) {
	counts := energyCounts
	if b.Pair.OwnTime || b.Hour != nil {
		counts = timeCounts
	}
	over := func(part func(page ledger.WorkingPage, s stretch) string) func(time.Month) string {
		return func(m time.Month) string {
			var text strings.Builder
			for _, page := range b.Pages {
				if s, ok := r.within(page, m); ok {
					text.WriteString(part(page, s))
				}
			}
			return text.String()
		}
	}
	numerator := over(func(p ledger.WorkingPage, s stretch) string {
		return r.sum(p.Pair.Numerator, b.gate, s, counts, counts)
	})
	denominator := over(func(p ledger.WorkingPage, s stretch) string {
		return r.sum(p.Pair.Denominator, b.gate, s, counts, counts)
	})
	limit := over(func(p ledger.WorkingPage, s stretch) string { return r.sum(p.Pair.Limit, b.gate, s, counts, counts) })
	if b.Hour != nil {
		n, d, err := r.matched(b)
		if err != nil {
			return nil, err
		}
		numerator, denominator, limit = n, d, func(time.Month) string { return "" }
	}
	return []func(time.Month) string{numerator, denominator, limit,
		over(func(p ledger.WorkingPage, s stretch) string {
			return r.substitutes(p.Pair.Numerator, b.gate, s, counts)
		}),
		over(func(p ledger.WorkingPage, s stretch) string {
			return r.substitutes(p.Pair.Denominator, b.gate, s, counts)
		}),
		over(func(_ ledger.WorkingPage, s stretch) string { return r.measuredQuarters(b.gate, s) }),
		over(func(p ledger.WorkingPage, s stretch) string { return r.knownQuarters(p.Pair, s) }),
	}, nil
}

// extra are the columns of a month that only some figures have: what evidence of
// the month adds, and the numerator with it; of energy bought, what was drawn.
func (r *recount) extra(b *block, row int, m time.Month) []any {
	own := func(n int) string { return sumColumn(n) + strconv.Itoa(row) }
	switch {
	case b.Market:
		return []any{formula("MAX(0," + own(columnNumerator) + ")")}
	case b.Proof == kpi.ProofOfMonth:
		g := b.Monthly[m-1]
		used, with := proof(g, own(columnNumerator), own(columnDenominator), own(columnLimit))
		return []any{formula(used), formula(with + "+" + own(columnExtra))}
	}
	return nil
}

// proof are formulas for what guarantees add to a numerator, and for what of the
// numerator counts without them, see [kpi.Sum.With].
func proof(g kpi.Guarantees, numerator, denominator, limit string) (used, own string) {
	whole := "MAX(0," + denominator + ")"
	own = fmt.Sprintf("MAX(0,MIN(MAX(0,%s),%s)-%d*1E9)", numerator, whole, g.SoldMWh)
	used = fmt.Sprintf("MAX(0,MIN(%s,%s-%s,%d*1E9+%d*1000))", limit, whole, own, g.MWh, g.Wh)
	return used, own
}

// prove adds what evidence gives.
func (r *recount) prove(b *block) {
	n, d, limit := b.year(columnNumerator), b.year(columnDenominator), b.year(columnLimit)
	b.numerator, b.denominator, b.proven, b.shared = n, d, "0", ""
	switch {
	case b.Market:
		r.market(b)
	case b.Proof == kpi.ProofOfYear:
		used, own := proof(b.Given, n, d, limit)
		b.proven = r.step(r.says.proven, used)
		b.numerator = r.step(r.words.numerator, own+"+"+b.proven)
	case b.Proof == kpi.ProofOfMonth:
		b.proven, b.numerator = b.year(columnExtra), b.year(columnExtra+1)
	case b.Matched:
		b.numerator = r.step(r.words.numerator, fmt.Sprintf("MAX(0,MIN(MAX(0,%s),MAX(0,%s))-%d*1E9)", n, d, b.Given.SoldMWh))
		var own strings.Builder
		for _, t := range b.Pair.Numerator {
			fmt.Fprintf(&own, "+ROUND(%s*%d/%d,0)", r.total(t.Point), t.Factor, kpi.Unity)
		}
		b.proven = r.step(r.says.proven, fmt.Sprintf("MAX(0,%s-MAX(0,0%s))", b.numerator, own.String()))
	case b.PerCapacity && b.Capacity > 0:
		b.denominator = r.step(r.words.denominator, strconv.FormatInt(int64(b.Capacity), 10))
	case b.PerCapacity:
		b.denominator = r.step(r.words.denominator, "MAX("+r.peaks(b)+")")
	}
	if b.shared == "" {
		b.shared = b.numerator
	}
}

// market makes what was drawn kilograms, see [kpi.Emissions].
func (r *recount) market(b *block) {
	b.shared = b.numerator
	drawn := r.step(r.says.drawn, "SUM("+b.all(columnExtra)+")")
	b.proven = r.step(r.says.proven, fmt.Sprintf("MAX(0,MIN(MAX(0,%s),%d*1E9+%d*1000))", b.numerator, b.Given.MWh, b.Given.Wh))
	rest := r.step(r.says.rest, fmt.Sprintf("IF(%s>=%s,0,(%s-MAX(0,%s))/%s)", b.proven, drawn, drawn, b.proven, drawn))
	if !b.Mixed {
		b.numerator = r.step(r.words.numerator, fmt.Sprintf(`IF(%s=0,0,"%s")`, rest, none))
		return
	}
	b.numerator = r.step(r.words.numerator, fmt.Sprintf("ROUND(SUMPRODUCT(%s*%s*%s/1000),0)", b.all(columnExtra), rest, exact(b.Grams)))
}

// value computes value, coverages and the share of substitutes, and compares
// them with ours.
func (r *recount) value(b *block) {
	f, period := b.Figure, strconv.Itoa(r.y.Year)
	name := r.words.name(f)
	whole := r.span(r.k.Period)
	cuts := r.cuts(b.Pair, whole)
	numerator, denominator := cuts.of(b.Pair.Numerator), cuts.of(b.Pair.Denominator)
	if b.Pair.OwnTime {
		numerator, denominator = "0", "0"
	}
	counted := fmt.Sprintf("OR(%s>0,%s<>0,%s<>0)", b.year(columnKnown), b.year(columnNumeratorSubstitute), b.year(columnDenominatorSubstitute))
	if b.Pair.OwnTime {
		counted = strings.Replace(counted, b.year(columnKnown), b.year(columnMeasured), 1)
	}
	factor := ""
	if b.Factor != 0 {
		factor = "*" + exact(b.Factor)
	}
	text := fmt.Sprintf(`IF(AND(%s,ISNUMBER(%s),%s>0),%s/%s%s,"%s")`, counted, b.numerator, b.denominator, b.numerator, b.denominator, factor, none)
	if b.DenominatorUnit == "" {
		text = fmt.Sprintf(`IF(%s,%s/1000000%s,"%s")`, counted, b.numerator, factor, none)
	}
	seconds := r.step(r.says.seconds, strconv.FormatInt(int64(r.k.Open.Length().Seconds()), 10))
	cut := r.step(r.says.cut, cuts.seconds(whole))
	ours := any(none)
	if f.OK {
		ours = f.Value
	}
	r.compare(name, period, r.words.value, ours, r.step(r.words.value, text), false)
	if f.OK || !b.Market {
		r.compare(name, period, r.words.numerator, integer(f.Numerator), b.numerator, true)
	}
	if b.DenominatorUnit != "" {
		r.compare(name, period, r.words.denominator, integer(f.Denominator), b.denominator, true)
	}
	r.compare(name, period, r.words.energyKnown, f.EnergyCoverage, r.step(r.words.energyKnown,
		share(fmt.Sprintf("MAX(900*%s,900*%s-%s)", b.year(columnMeasured), b.year(columnKnown), cut), seconds)), false)
	r.compare(name, period, r.words.ownTime, f.IntervalCoverage, r.step(r.words.ownTime, share("900*"+b.year(columnMeasured), seconds)), false)
	r.compare(name, period, r.words.substitute, f.SubstituteShare, r.step(r.words.substitute, fmt.Sprintf("MAX(%s,%s)",
		share(b.year(columnNumeratorSubstitute)+"+"+numerator, b.shared),
		share(b.year(columnDenominatorSubstitute)+"+"+denominator, b.denominator))), false)
}

// share is a formula for part / whole between 0 and 1; 0 of nothing.
func share(part, whole string) string {
	return fmt.Sprintf("IF(%s=0,0,MIN(1,MAX(0,(%s)/%s)))", whole, part, whole)
}
