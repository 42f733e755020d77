package document

import (
	"fmt"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
)

// total is a formula for what a point amounts to in the year.
func (r *recount) total(p energy.PointID) string {
	return "SUM(" + r.of(stretch{0, len(r.rows) - 1}, p, 0) + ")"
}

// uncertainty computes the relative expanded uncertainty of a figure: each
// class is a rectangular distribution, the parts of one meter go together,
// meters do not; see [kpi.Uncertainty].
func (r *recount) uncertainty(b *block) {
	r.put()
	name := r.words.name(b.Figure)
	r.rowsOf = append(r.rowsOf, r.titles(name+": "+r.words.uncertainty, r.words.amount, "%", "u", r.words.meter))
	text := "\"" + none + "\""
	if n, ok := r.variance(b.Working.Numerator, b.proven); ok && !b.Unstated {
		if text = fmt.Sprintf(`IF(ISNUMBER(%s),2*SQRT(%s),"%s")`, n, n, none); len(b.Pair.Denominator) > 0 {
			text = "\"" + none + "\""
			if d, ok := r.variance(b.Working.Denominator, "0"); ok {
				text = fmt.Sprintf(`IF(AND(ISNUMBER(%s),ISNUMBER(%s)),2*SQRT(%s+%s),"%s")`, n, d, n, d, none)
			}
		}
	}
	ours := any(none)
	if b.Figure.HasUncertainty {
		ours = b.Figure.Uncertainty
	}
	r.compare(name, strconv.Itoa(r.y.Year), r.words.uncertainty, ours, r.step(r.words.uncertainty, text), false)
}

// variance lists the parts of a side and gives the cell of its relative
// variance; ok is false where the accuracy of a meter is not stated.
func (r *recount) variance(parts []ledger.Accuracy, proven string) (cell string, ok bool) {
	first := len(r.rowsOf) + 1
	for i, p := range parts {
		if !p.Stated {
			return "", false
		}
		meter := string(p.Meter)
		if meter == "" {
			meter = fmt.Sprintf("(%d)", i)
		}
		n := len(r.rowsOf) + 1
		r.put(string(p.Point), formula(fmt.Sprintf("ROUND(%s*%s,0)", r.total(p.Point), exact(p.Factor))), r.percentOf(p),
			formula(fmt.Sprintf("B%d*C%d/100/SQRT(3)", n, n)), meter)
	}
	if proven != "0" { // billed, and so exact
		r.put(r.says.proven, formula(proven), 0, 0, "("+r.says.proven+")")
	}
	last := len(r.rowsOf)
	if last < first {
		return "", false
	}
	in := func(column string) string { return fmt.Sprintf("$%s$%d:$%s$%d", column, first, column, last) }
	return r.step("u² / Σ²", fmt.Sprintf(`IF(SUM(%s)=0,"%s",SUMPRODUCT(%s,SUMIF(%s,%s,%s))/SUM(%s)^2)`, in("B"), none, in("D"), in("E"), in("E"), in("D"), in("B"))), true
}

// percentOf is what is stated, or of a heat meter a formula of flow and
// temperature difference, see [kpi.HeatMeterPercent].
func (r *recount) percentOf(p ledger.Accuracy) any {
	kelvin, ok := r.deltaTheta()
	heat := r.blockOf("heat_delivered")
	if p.Heat == nil || !ok || heat == nil {
		return p.Percent
	}
	least, nominal := exact(p.Heat.DeltaThetaMin.Float64()), exact(p.Heat.QP.Float64())
	base := map[string]string{"1": "1+0.01*", "2": "2+0.02*", "3": "3+0.05*"}[strings.TrimSpace(p.Heat.Class)]
	flow := fmt.Sprintf("(%s/1000000/(900*%s/3600)/(1.16*%s))", r.total(p.Point), heat.year(columnKnown), kelvin)
	ratio := fmt.Sprintf("IF(AND(%s>0,%s>0),%s/%s,1)", flow, nominal, nominal, flow)
	return formula(fmt.Sprintf("MIN(5,%s%s)+(0.5+3*%s/%s)+(0.5+%s/%s)", base, ratio, least, kelvin, least, kelvin))
}

// deltaTheta is a formula for the mean temperature difference of the delivered
// heat; ok is false where both temperatures do not come from the same kind of meter.
func (r *recount) deltaTheta() (kelvin string, ok bool) {
	flow, back := r.blockOf("heat_delivered_flow_temperature"), r.blockOf("heat_delivered_return_temperature")
	if flow == nil || back == nil || flow.Instead != back.Instead {
		return "", false
	}
	mean := func(b *block) string { return b.year(columnNumerator) + "/" + b.year(columnDenominator) }
	return "(" + mean(flow) + "-" + mean(back) + ")", true
}

func (r *recount) blockOf(name string) *block {
	for _, b := range r.blocks {
		if b.Name == name {
			return b
		}
	}
	return nil
}

// months compares the interim PUE of each month and what was drawn from the grid.
func (r *recount) months() {
	year, _ := r.y.pue()
	r.put()
	r.rowsOf = append(r.rowsOf, r.titles(r.words.monthly, "PUE / iPUE", r.words.energyKnown, r.words.ownTime, r.words.gridImport))
	for i, m := range r.y.Months {
		period := fmt.Sprintf("%04d-%02d", r.y.Year, m.Month)
		if of := r.pueBlock(year.Category); m.HasPUE && of != nil && m.Figure.Category == year.Category {
			r.month(of, i, period)
		}
		if !m.GridOK {
			continue
		}
		var text strings.Builder
		for _, p := range r.y.Points {
			if _, known := r.column[p.ID]; known && p.isGrid() {
				if s, ok := r.within(r.wholeYear(), m.Month); ok {
					fmt.Fprintf(&text, "+SUM(%s)", r.of(s, p.ID, 0))
				}
			}
		}
		r.compare(r.words.gridImport, period, r.words.amount, integer(m.Grid), r.step(r.words.gridImport+" "+period, "0"+text.String()), true)
	}
}

func (r *recount) pueBlock(category int) *block {
	for _, b := range r.blocks {
		if b.Name == kpi.AnnualPUE && b.Category == category {
			return b
		}
	}
	return nil
}

func (r *recount) wholeYear() ledger.WorkingPage {
	dates := r.y.Dates
	return ledger.WorkingPage{From: dates[0], To: dates[len(dates)-1].AddDays(1)}
}

// month compares the PUE of the i-th month.
func (r *recount) month(b *block, i int, period string) {
	m := r.y.Months[i]
	at := func(n int) string { return fmt.Sprintf("$%s$%d", sumColumn(n), b.first+i) }
	of := r.k.Calendar.Month(r.y.Year, m.Month)
	whole := r.span(of)
	cuts := r.cuts(b.Pair, whole)
	if of.From.Before(r.k.Open.From) {
		of.From = r.k.Open.From
	}
	if of.To.After(r.k.Open.To) {
		of.To = r.k.Open.To
	}
	seconds := strconv.FormatInt(max(0, int64(of.Length().Seconds())), 10)
	n, d := at(columnNumerator), at(columnDenominator)
	counted := fmt.Sprintf("OR(%s>0,%s<>0,%s<>0)", at(columnKnown), at(columnNumeratorSubstitute), at(columnDenominatorSubstitute))
	ours := any(none)
	if m.Figure.OK {
		ours = m.Figure.Value
	}
	name := r.words.name(m.Figure)
	r.compare(name, period, r.words.value, ours, r.step(name+" "+period, fmt.Sprintf(`IF(AND(%s,%s>0),%s/%s,"%s")`, counted, d, n, d, none)), false)
	r.compare(name, period, r.words.numerator, integer(m.Figure.Numerator), n, true)
	r.compare(name, period, r.words.denominator, integer(m.Figure.Denominator), d, true)
	r.compare(name, period, r.words.energyKnown, m.Figure.EnergyCoverage, r.step(r.words.energyKnown+" "+period,
		share(fmt.Sprintf("MAX(900*%s,900*%s-%s)", at(columnMeasured), at(columnKnown), cuts.seconds(whole)), seconds)), false)
	r.compare(name, period, r.words.ownTime, m.Figure.IntervalCoverage, r.step(r.words.ownTime+" "+period, share("900*"+at(columnMeasured), seconds)), false)
}

// points compares what each point amounts to in the year.
func (r *recount) points() {
	r.put()
	r.rowsOf = append(r.rowsOf, r.titles(r.words.points, r.words.amount))
	for _, p := range r.y.Points {
		if _, known := r.column[p.ID]; !known || !p.HasTotal {
			continue
		}
		ours, err := p.Quantity.Fixed(p.Total)
		if err != nil {
			continue
		}
		r.compare(string(p.ID), strconv.Itoa(r.y.Year), r.words.amount, int64(ours), r.step(string(p.ID), r.total(p.ID)), true)
	}
}
