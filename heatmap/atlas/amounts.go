package atlas

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/publication"
	"heatledger/heatmap"
)

// amounts are the heat by kind, as far as the view shows it.
func (d *drawing) amounts(s *Sheet) {
	for _, kind := range Kinds() {
		days := d.view.Days(kind, publication.Year, d.q.From, d.q.To)
		if len(days) == 0 || d.idle(kind) {
			continue
		}
		whole := d.series(kind)
		if whole.Len() == 0 {
			continue
		}
		a := Amounts{Kind: kind}
		if all := (Stretch{d.q.From, d.q.To}); holds(days, all) {
			a.Whole = new(d.amount(whole, all))
		}
		d.part(&a, whole, days)
		for year := d.q.From.Year; year <= d.q.To.AddDays(-1).Year; year++ {
			one := Stretch{energy.Date{Year: year, Month: time.January, Day: 1}, energy.Date{Year: year + 1, Month: time.January, Day: 1}}
			if holds(days, one) {
				a.Years = append(a.Years, d.amount(whole, one))
			}
		}
		monthly := d.view.Days(kind, publication.Month, d.q.From, d.q.To)
		for from := d.q.From; from.Before(d.q.To); {
			one := Stretch{from, earliest(nextMonth(from), d.q.To)}
			if holds(monthly, one) {
				a.Months = append(a.Months, d.amount(whole, one))
			}
			from = one.To
		}
		if a.Whole != nil || len(a.Years)+len(a.Months) > 0 {
			s.Heat = append(s.Heat, a)
		}
	}
}

// part says why the amount of the whole period is not there, or not final, and gives
// that of the days so far.
func (d *drawing) part(a *Amounts, whole heatmap.Series, days []Stretch) {
	of := d.whyPart(a.Kind)
	a.Why, a.Due = of.why, of.due
	if a.Why == "" || len(days) != 1 {
		return
	}
	so := days[0]
	if d.running() {
		so.To = earliest(so.To, d.view.On)
	}
	a.Part = new(d.amount(whole, so))
}

// idle tells whether a kind that is made of others says nothing new, for a better one
// says what the source can give.
func (d *drawing) idle(kind heatmap.Kind) bool {
	switch kind {
	case heatmap.Recoverable:
		return d.series(heatmap.Available).Len() > 0
	case heatmap.Derived:
		return d.series(heatmap.Available).Len() > 0 || d.series(heatmap.Recoverable).Len() > 0
	}
	return false
}

func (d *drawing) amount(s heatmap.Series, days Stretch) Amount {
	a := s.Within(energy.Period{From: d.known.Calendar.Day(days.From).From, To: d.known.Calendar.Day(days.To).From}).Account()
	return Amount{Stretch: days, Energy: a.Energy + a.Unshaped, Coverage: a.EnergyCoverage(), Grade: a.Grade(), Limit: a.Limit()}
}
