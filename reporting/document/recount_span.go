package document

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// crossing is a span of energy without a profile that crosses a border of a
// month, with its row in the sheet of figures: from in B, to in C (seconds from
// the beginning of the year), amount in D.
type crossing struct {
	bounds
	point energy.PointID
	row   int
}

// spans list the spans that cross a border of a month.
func (r *recount) spans() {
	r.rowsOf = append(r.rowsOf, r.titles(r.says.spans, r.words.from+" [s]", r.words.to+" [s]", r.words.amount))
	for _, p := range r.k.Points {
		for _, s := range r.k.Spans[p] {
			last := s.Period.To.Add(-time.Nanosecond)
			if a, b := r.k.Calendar.Date(s.Period.From), r.k.Calendar.Date(last); a.Year == b.Year && a.Month == b.Month {
				continue
			}
			row := r.put(string(p), s.Period.From.Sub(r.k.Period.From).Seconds(), s.Period.To.Sub(r.k.Period.From).Seconds(), int64(s.Amount))
			r.crossing = append(r.crossing, crossing{r.span(s.Period), p, row})
		}
	}
	r.put()
}

// bounds are those of a period in seconds from the beginning of the year.
type bounds struct{ from, to float64 }

func (r *recount) span(p energy.Period) bounds {
	return bounds{p.From.Sub(r.k.Period.From).Seconds(), p.To.Sub(r.k.Period.From).Seconds()}
}

// cuts are the spans of a pair that a border of a period cuts.
type cuts struct {
	list   []crossing
	period bounds
}

func (r *recount) cuts(pair kpi.Pair, period bounds) cuts {
	c := cuts{period: period}
	for _, x := range r.crossing {
		if overlaps, inside := x.from < period.to && period.from < x.to, x.from >= period.from && x.to <= period.to; overlaps && !inside && slices.Contains(pair.Points(), x.point) {
			c.list = append(c.list, x)
		}
	}
	return c
}

// of is a formula for what the terms take of the spans by time.
func (c cuts) of(terms []kpi.Term) string {
	var text strings.Builder
	for _, t := range terms {
		var shares strings.Builder
		for _, x := range c.list {
			if x.point != t.Point {
				continue
			}
			at := func(instant string) string {
				return fmt.Sprintf("ROUND($D$%d*(%s-$B$%d)/($C$%d-$B$%d),0)", x.row, instant, x.row, x.row, x.row)
			}
			fmt.Fprintf(&shares, "+%s-%s", at(fmt.Sprintf("MIN($C$%d,%s)", x.row, exact(c.period.to))), at(fmt.Sprintf("MAX($B$%d,%s)", x.row, exact(c.period.from))))
		}
		if shares.Len() > 0 {
			fmt.Fprintf(&text, "+ROUND((%s)*%d/%d,0)", shares.String(), t.Factor, kpi.Unity)
		}
	}
	if text.Len() == 0 {
		return "0"
	}
	return "(" + text.String() + ")"
}

// seconds is a formula for the length of what the cut spans cover together: at
// each border the longest.
func (c cuts) seconds(period bounds) string {
	begin, end := []string{"0"}, []string{"0"}
	for _, x := range c.list {
		inside := fmt.Sprintf("MIN($C$%d,%s)-MAX($B$%d,%s)", x.row, exact(period.to), x.row, exact(period.from))
		if x.from < period.from {
			begin = append(begin, inside)
		} else {
			end = append(end, inside)
		}
	}
	return fmt.Sprintf("INT(MIN(%s,MAX(%s)+MAX(%s)))", exact(period.to-period.from), strings.Join(begin, ","), strings.Join(end, ","))
}
