package document

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/grid"
	"heatledger/energy/kpi"
)

// matched are formulas for both sides of a month of a figure that is matched
// hour by hour or by quarter-hour, from columns that it adds to those sheets.
func (r *recount) matched(b *block) (numerator, denominator func(time.Month) string, err error) {
	var n, d string
	switch b.Name {
	case "cue_location":
		n, d = r.emissions(b)
	case "grid_renewable_share":
		n, d = r.renewable(b)
	case "green_share_hourly", "green_share_quarter_hourly":
		n, d = r.green(b)
	case "heat_delivered_above_share", "heat_delivered_above_time_share":
		n, d = r.above(b)
	default:
		return nil, nil, fmt.Errorf("no formula is known for the figure %s: it is new", b.Name)
	}
	of := func(column string) func(time.Month) string {
		return func(m time.Month) string {
			first, last := -1, -1
			if b.Quarterly {
				for i, row := range r.rows {
					if row.date.Month == m {
						if last = i; first < 0 {
							first = i
						}
					}
				}
				return fmt.Sprintf("+SUM(%s)", r.in(stretch{first, last}, column))
			}
			for i, hour := range r.hours {
				if hour.date.Month == m {
					if last = i; first < 0 {
						first = i
					}
				}
			}
			return fmt.Sprintf("+SUM(%s!%s%d:%s%d)", r.says.hours, column, first+firstData, column, last+firstData)
		}
	}
	return of(n), of(d), nil
}

// extra is a column of the sheet in whose steps the figure is matched: quarter-hours or hours.
func (r *recount) steps(b *block) *extras {
	if b.Quarterly {
		return &r.quarterX
	}
	return &r.hourX
}

// stepOf is the date of the i-th step, and its quarter-hours.
func (r *recount) stepOf(b *block, i int) (date energy.Date, from time.Time, s stretch) {
	if b.Quarterly {
		return r.rows[i].date, r.rows[i].at, stretch{i, i}
	}
	h := r.hours[i]
	return h.date, h.from, stretch{h.first, h.last}
}

// amount is a column with what the terms of a side amount to in each step.
func (r *recount) amount(b *block, side, title string, terms func(kpi.Pair) []kpi.Term) string {
	return r.steps(b).column(b.Name+side+strconv.Itoa(b.Category), r.words.name(b.Figure)+": "+title, func(string) func(int) any {
		return func(i int) any {
			date, _, s := r.stepOf(b, i)
			page := pageOn(b.Pages, date)
			if page == nil || len(terms(page.Pair)) == 0 {
				return 0
			}
			return formula(strings.TrimPrefix(r.sum(terms(page.Pair), b.gate, s, timeCounts, timeCounts), "+"))
		}
	})
}

func numeratorOf(p kpi.Pair) []kpi.Term   { return p.Numerator }
func denominatorOf(p kpi.Pair) []kpi.Term { return p.Denominator }
func limitOf(p kpi.Pair) []kpi.Term       { return p.Limit }

// given is a column of numbers that no meter gives.
func (r *recount) given(b *block, key, title string, number func(from time.Time, s stretch) any) string {
	return r.steps(b).column(key, title, func(string) func(int) any {
		return func(i int) any {
			_, from, s := r.stepOf(b, i)
			return number(from, s)
		}
	})
}

// made is a column computed from others: in the format each %[n]s is the cell of
// the n-th of them.
func (r *recount) made(b *block, key, title, format string, columns ...string) string {
	return r.steps(b).column(b.Name+key+strconv.Itoa(b.Category), r.words.name(b.Figure)+": "+title, func(string) func(int) any {
		return func(i int) any {
			cells := make([]any, len(columns))
			for c, column := range columns {
				cells[c] = column + strconv.Itoa(i+firstData)
			}
			return formula(fmt.Sprintf(format, cells...))
		}
	})
}

func (r *recount) emissions(b *block) (n, d string) {
	drawn := r.amount(b, "n", r.says.drawn, numeratorOf)
	intensity := r.given(b, "grid-direct", r.says.intensity, func(from time.Time, _ stretch) any { return float64(grid.At(from).Direct) })
	return r.made(b, "kg", r.words.numerator, "ROUND(MAX(0,%s)*%s/1000,0)", drawn, intensity), r.amount(b, "d", r.words.denominator, denominatorOf)
}

func (r *recount) renewable(b *block) (n, d string) {
	drawn := r.amount(b, "d", r.says.drawn, denominatorOf)
	part := r.given(b, "grid-renewable", r.says.renewable, func(from time.Time, _ stretch) any { return grid.At(from).Renewable })
	d = r.made(b, "positive", r.words.denominator, "MAX(0,%s)", drawn)
	return r.made(b, "green", r.words.numerator, "ROUND(%s*%s,0)", d, part), d
}

func (r *recount) green(b *block) (n, d string) {
	own := r.amount(b, "n", r.says.ownUse, numeratorOf)
	load := r.made(b, "positive", r.words.denominator, "MAX(0,%s)", r.amount(b, "d", r.says.load, denominatorOf))
	limit := r.amount(b, "l", r.says.limit, limitOf)
	certified := r.given(b, b.Name+"c", r.words.name(b.Figure)+": "+r.says.certified, func(from time.Time, s stretch) any {
		step := time.Duration(s.last-s.first+1) * energy.QuarterHour
		if b.Certified == nil || !b.Quarterly && step != time.Hour {
			return 0
		}
		return int64(b.Certified(energy.Period{From: from, To: from.Add(step)}))
	})
	return r.made(b, "green", r.words.numerator, "MIN(MAX(0,%[1]s),%[2]s)+MAX(0,MIN(%[4]s,%[3]s,%[2]s-MIN(MAX(0,%[1]s),%[2]s)))", own, load, limit, certified), load
}

// above compares the mean temperature of each quarter-hour with the wanted one.
func (r *recount) above(b *block) (n, d string) {
	weighted := r.amount(b, "n", r.words.numerator+" × °C", numeratorOf)
	heat := r.amount(b, "d", r.says.heat, denominatorOf)
	if b.Name == "heat_delivered_above_share" {
		d = r.made(b, "positive", r.words.denominator, "MAX(0,%s)", heat)
	} else {
		d = r.made(b, "positive", r.words.denominator, "IF(AND(%s>0,%s>=4),250000,0)", heat, b.gate)
	}
	wanted := r.given(b, "wanted", "°C / 1000", func(from time.Time, _ stretch) any {
		if page := pageOn(b.Pages, r.k.Calendar.Date(from)); page != nil {
			return int64(page.Pair.Above)
		}
		return 0
	})
	return r.made(b, "above", r.words.numerator, "IF(AND(%[1]s>0,%[2]s>=ROUND(%[1]s*%[3]s/1000,0)),%[4]s,0)", heat, weighted, wanted, d), d
}

// peaks is the column of the heat of whole measured hours, see [kpi.Peak].
func (r *recount) peaks(b *block) string {
	column := r.hourX.column("peak", r.words.name(b.Figure)+": "+r.says.heat, func(string) func(int) any {
		return func(i int) any {
			h := r.hours[i]
			s, page := stretch{h.first, h.last}, pageOn(b.Pages, h.date)
			if page == nil || h.last-h.first != 3 {
				return 0
			}
			return formula(fmt.Sprintf(`IF(COUNTIF(%s,">=%d")=4,%s,0)`, r.in(s, b.gate), isMeasured, r.sum(page.Pair.Numerator, b.gate, s, timeCounts, isMeasured)))
		}
	})
	return fmt.Sprintf("%s!%s%d:%s%d", r.says.hours, column, firstData, column, firstData+len(r.hours)-1)
}
