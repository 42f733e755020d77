package document

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// withUnit is a heading with its unit.
func withUnit(title string, unit energy.Unit) string { return title + " [" + string(unit) + "]" }

// overview says what the workbook is about, and the figures of the year: value
// in B, formula in C, sides in D and E.
func (b *book) overview() [][]any {
	w := b.words
	rows := [][]any{{excelize.Cell{StyleID: b.bold, Value: fmt.Sprintf(w.title, b.y.Name, b.y.Year)}}}
	for _, row := range w.head(b.y) {
		rows = append(rows, []any{row[0], row[1]})
	}
	rows = append(rows, []any{"SHA-256 (CSV)", b.y.Digest()}, []any{w.checkpointLabel, w.checkpointState(b.y)})
	if b.y.Checkpoint != "" {
		rows[len(rows)-1][1] = b.y.Checkpoint
	}
	rows = append(rows, []any{w.recompute}, nil)
	rows = append(rows, b.titles(w.figure, w.value, "D / E", w.numerator, w.denominator, w.unit, w.energyKnown, w.ownTime, w.substitute, w.uncertainty, w.standard, w.note))
	for _, f := range b.y.Figures {
		n := strconv.Itoa(len(rows) + 1)
		var value, uncertainty any
		if f.OK {
			value = excelize.Cell{StyleID: b.ratio, Value: f.Value}
		}
		if f.HasUncertainty {
			uncertainty = b.percent(f.Uncertainty)
		}
		rows = append(rows, []any{w.name(f), value, b.quotient(f.OK && isPUE(f.Name), "D"+n, "E"+n), b.number(f.Numerator, f.NumeratorUnit != ""), b.number(f.Denominator, f.DenominatorUnit != ""), unitsOf(f),
			b.percent(f.EnergyCoverage), b.percent(f.IntervalCoverage), b.percent(f.SubstituteShare), uncertainty, strings.TrimSuffix(f.Standard+": "+f.Edition, ": "), strings.Join(w.notesOf(f), "; ")})
	}
	return rows
}

// unitsOf are the units of the value and of what it divides.
func unitsOf(f kpi.Figure) string {
	if f.DenominatorUnit == "" {
		return string(f.Unit)
	}
	return fmt.Sprintf("%s = %s / %s", f.Unit, f.NumeratorUnit, f.DenominatorUnit)
}

func isPUE(name string) bool { return name == "pue" || name == "ipue" }

func (b *book) monthTitles() []string {
	w := b.words
	return []string{w.month, withUnit(w.totalEnergy, energy.KilowattHour), withUnit(w.itEnergy, energy.KilowattHour), "PUE / iPUE [1]",
		withUnit(w.gridImport, energy.KilowattHour), w.energyKnown, w.ownTime}
}

// months are the twelve months and the year: PUE in D is B over C.
func (b *book) months() [][]any {
	row := func(name string, at int, m Month) []any {
		known := m.HasPUE && m.Figure.EnergyCoverage > 0
		cells := []any{name, b.number(m.Figure.Numerator, known), b.number(m.Figure.Denominator, known),
			b.quotient(m.HasPUE && m.Figure.OK, fmt.Sprintf("B%d", at), fmt.Sprintf("C%d", at)), b.number(m.Grid, m.GridOK), nil, nil}
		if m.HasPUE {
			cells[5], cells[6] = b.percent(m.Figure.EnergyCoverage), b.percent(m.Figure.IntervalCoverage)
		}
		return cells
	}
	var rows [][]any
	for i, m := range b.y.Months {
		rows = append(rows, row(b.words.months[i], i+2, m))
	}
	return append(rows, row(b.words.year+" "+strconv.Itoa(b.y.Year), len(rows)+2, b.y.whole()))
}

func (b *book) dayTitles() []string {
	titles := []string{b.words.day}
	for _, p := range b.y.Points {
		titles = append(titles, withUnit(string(p.ID), p.Quantity.Unit()))
	}
	return titles
}

// days are the days of each point, a point a column.
func (b *book) days() [][]any {
	rows := make([][]any, len(b.y.Dates))
	for i, date := range b.y.Dates {
		rows[i] = []any{date.String()}
		for _, p := range b.y.Points {
			rows[i] = append(rows[i], b.number(p.Days[i].Value, p.Days[i].OK))
		}
	}
	return rows
}

func (b *book) pointTitles() []string {
	w := b.words
	return []string{w.point, w.meter, w.quantity, w.unit, w.role, w.model, w.amount, w.accuracy, w.energyKnown}
}

func (b *book) points() [][]any {
	w := b.words
	var rows [][]any
	for _, p := range b.y.Points {
		role := or(w.roles, p.Role)
		if p.Category > 0 {
			role += ", " + fmt.Sprintf(w.category, p.Category)
		}
		rows = append(rows, []any{string(p.ID), string(p.Meter), or(w.quantities, p.Quantity), string(p.Quantity.Unit()), role,
			strings.Trim(p.Model+", "+p.Serial, ", "), b.number(p.Total, p.HasTotal), w.accuracyOf(p), b.percent(p.Coverage)})
	}
	return rows
}

func (b *book) qualityTitles() []string {
	w := b.words
	return []string{w.point, w.from, w.to, w.energyKnown}
}

// quality are all gaps, and how many days of each point have which quality.
func (b *book) quality() [][]any {
	w := b.words
	var rows [][]any
	for _, g := range b.y.Gaps {
		rows = append(rows, []any{string(g.Point), g.From.String(), g.To.String(), b.percent(g.Share)})
	}
	if len(rows) == 0 {
		rows = append(rows, []any{w.nothingMissing})
	}
	rows = append(rows, nil, b.titles(w.point, w.quality, w.days))
	for _, p := range b.y.Points {
		days := map[energy.Quality]int{}
		for _, d := range p.Days {
			days[d.Quality]++
		}
		for q := energy.Missing; q <= energy.Suspect; q++ {
			if days[q] > 0 {
				rows = append(rows, []any{string(p.ID), w.qualities[q], days[q]})
			}
		}
	}
	return rows
}
