package document

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
)

// Least states, see [ledger.State]: what counts for a figure of energy, what for
// one of quarter-hours at their own time, and what was measured.
const (
	energyCounts = 1
	timeCounts   = 2
	isMeasured   = 4
)

// gate is a column that says how a quarter-hour counts for a set of points: as
// the one that counts least.
func (r *recount) gate(pages []ledger.WorkingPage) string {
	var key strings.Builder
	for _, page := range pages {
		fmt.Fprintf(&key, "%s", page.From)
		for _, t := range termsOf(page.Pair) {
			fmt.Fprintf(&key, " %s·%s", t.Point, t.Level)
		}
	}
	return r.quarterX.column(key.String(), r.says.counts, func(string) func(int) any {
		return func(i int) any {
			page := pageOn(pages, r.rows[i].date)
			if page == nil {
				return 0
			}
			var states []string
			for _, t := range termsOf(page.Pair) {
				state := r.cell(t.Point, 1, i)
				if t.Level != "" {
					level := r.cell(t.Level, 1, i)
					state = fmt.Sprintf("IF(%s>=4,%s,IF(AND(%s>=2,%s<=4),2,0))", level, state, state, state)
				}
				if !slices.Contains(states, state) {
					states = append(states, state)
				}
			}
			return formula("MIN(" + strings.Join(states, ",") + ")")
		}
	})
}

// termsOf are those of all sides.
func termsOf(p kpi.Pair) []kpi.Term { return slices.Concat(p.Numerator, p.Denominator, p.Limit) }

func pageOn(pages []ledger.WorkingPage, date energy.Date) *ledger.WorkingPage {
	for i := range pages {
		if !date.Before(pages[i].From) && date.Before(pages[i].To) {
			return &pages[i]
		}
	}
	return nil
}

// cell is that of a point in the i-th quarter-hour: its amount, or 1 beside it
// how it counts.
func (r *recount) cell(p energy.PointID, beside, i int) string {
	return fmt.Sprintf("%s%d", letter(r.column[p]+beside), i+firstData)
}

// stretch is a range of rows [first, last].
type stretch struct{ first, last int }

// in is a column of the stretch.
func (r *recount) in(s stretch, column string) string {
	return fmt.Sprintf("%s!%s%d:%s%d", r.says.quarters, column, s.first+firstData, column, s.last+firstData)
}

// of is the column of a point in the stretch, or of how it counts.
func (r *recount) of(s stretch, p energy.PointID, beside int) string {
	return r.in(s, letter(r.column[p]+beside))
}

// within is the stretch of a page in a month; ok is false where it has no day there.
func (r *recount) within(page ledger.WorkingPage, m time.Month) (s stretch, ok bool) {
	for i, row := range r.rows {
		if row.date.Month != m || row.date.Before(page.From) || !row.date.Before(page.To) {
			continue
		}
		if !ok {
			s.first, ok = i, true
		}
		s.last = i
	}
	return s, ok
}

// factored is the column of a term's amounts, and the sign with which they are
// added. Where a factor rounds, the rounded running sum of each day grows by them.
func (r *recount) factored(t kpi.Term, gate string, least int) (column, sign string) {
	switch t.Factor {
	case kpi.Unity:
		return letter(r.column[t.Point]), "+"
	case -kpi.Unity:
		return letter(r.column[t.Point]), "-"
	}
	key := fmt.Sprintf("%s %d %s %d", t.Point, t.Factor, gate, least)
	running := r.quarterX.column("Σ "+key, r.says.running+" "+string(t.Point), func(own string) func(int) any {
		return func(i int) any {
			add := fmt.Sprintf("IF(%s%d>=%d,%s,0)", gate, i+firstData, least, r.cell(t.Point, 0, i))
			if r.rows[i].fresh {
				return formula(add)
			}
			return formula(fmt.Sprintf("%s%d+%s", own, i+firstData-1, add))
		}
	})
	return r.quarterX.column(key, fmt.Sprintf("%s × %d/%d", t.Point, t.Factor, kpi.Unity), func(string) func(int) any {
		rounded := func(i int) string {
			return fmt.Sprintf("ROUND(%s%d*%d/%d,0)", running, i+firstData, t.Factor, kpi.Unity)
		}
		return func(i int) any {
			if r.rows[i].fresh {
				return formula(rounded(i))
			}
			return formula(rounded(i) + "-" + rounded(i-1))
		}
	}), "+"
}

// sum is a formula for what terms add up to in the quarter-hours of a stretch
// that count with at least such a state.
func (r *recount) sum(terms []kpi.Term, gate string, s stretch, counts, least int) string {
	var text strings.Builder
	for _, t := range terms {
		column, sign := r.factored(t, gate, counts)
		if t.Level != "" {
			fmt.Fprintf(&text, "%sSUMPRODUCT((%s>=%d)*ROUND(%s*%s/1000,0))", sign, r.in(s, gate), least, r.of(s, t.Point, 0), r.of(s, t.Level, 0))
			continue
		}
		fmt.Fprintf(&text, `%sSUMIFS(%s,%s,">=%d")`, sign, r.in(s, column), r.in(s, gate), least)
	}
	return text.String()
}

// substitutes is a formula for the part of them that is a substitute.
func (r *recount) substitutes(terms []kpi.Term, gate string, s stretch, counts int) string {
	var text strings.Builder
	for _, t := range terms {
		column, sign := r.factored(t, gate, counts)
		state := r.of(s, t.Point, 1)
		switch {
		case t.Level != "":
			level := r.of(s, t.Level, 1)
			fmt.Fprintf(&text, "%sSUMPRODUCT((%s>=%d)*(((%s>=2)*(%s<=4)+(%s>=2)*(%s<=4))>0)*ROUND(%s*%s/1000,0))", sign, r.in(s, gate), counts,
				state, state, level, level, r.of(s, t.Point, 0), r.of(s, t.Level, 0))
		case counts == energyCounts:
			fmt.Fprintf(&text, `%sSUMIFS(%s,%s,">=1",%s,"=2")`, sign, r.in(s, column), r.in(s, gate), state)
		default:
			fmt.Fprintf(&text, `%sSUMIFS(%s,%s,">=2",%s,">=2",%s,"<=3")`, sign, r.in(s, column), r.in(s, gate), state, state)
		}
	}
	return text.String()
}

// knownQuarters counts those in which the energy of every point is known.
func (r *recount) knownQuarters(p kpi.Pair, s stretch) string {
	var conditions []string
	for _, t := range termsOf(p) {
		state := r.of(s, t.Point, 1)
		conditions = append(conditions, state+`,"<>0"`, state+`,"<>2"`)
		if t.Level != "" {
			conditions = append(conditions, r.of(s, t.Level, 1)+`,">=4"`)
		}
	}
	return "+COUNTIFS(" + strings.Join(slices.Compact(conditions), ",") + ")"
}

// measuredQuarters counts those in which every point was measured.
func (r *recount) measuredQuarters(gate string, s stretch) string {
	return fmt.Sprintf(`+COUNTIF(%s,">=%d")`, r.in(s, gate), isMeasured)
}
