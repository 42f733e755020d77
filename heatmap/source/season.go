package source

import (
	"heatledger/heatmap"
)

// Season is how the power moves through the year, the week and the day, each factor
// relative to the mean: 1.2 is a fifth more.
type Season struct {
	// Months are the means of the months of the year over the mean of the twelve;
	// none from under twelve months, see Why.
	Months [monthsOfYear]float64
	// Strength is the share of the variance between days that the months explain, 0
	// to 1: the rest is weather, growth and chance.
	Strength float64
	Why      Why
	// Kinds are the means of the kinds of day and Hours those of the local hours over
	// the mean of all known hours; 0 where there is none of a kind.
	Kinds [heatmap.KindsOfDay]float64
	Hours [hoursOfDay]float64
}

// SeasonOf is that of a series in the calendar of a place.
func SeasonOf(s heatmap.Series, l heatmap.Local) Season {
	hours := s.Hourly()
	return season(hours, l.Slots(hours), daily(hours, l.Calendar), monthly(hours, l.Calendar))
}

func season(hours heatmap.Series, slots []heatmap.Slot, days []day, months []Month) Season {
	s := Season{Why: seasonal(hours, slots)}
	var all mean
	var kinds [heatmap.KindsOfDay]mean
	var clock [hoursOfDay]mean
	for i, p := range hours.Columns().Power {
		if p == p {
			all.add(float64(p))
			kinds[slots[i].Kind].add(float64(p))
			clock[slots[i].Hour].add(float64(p))
		}
	}
	if all.sum <= 0 {
		if s.Why == "" {
			s.Why = NothingKnown // a source that gave nothing has no course
		}
		return s
	}
	for k := range kinds {
		s.Kinds[k] = kinds[k].of() / all.of()
	}
	for h := range clock {
		s.Hours[h] = clock[h].of() / all.of()
	}
	if s.Why != "" {
		return s
	}
	var byMonth [monthsOfYear]mean
	for _, m := range months {
		byMonth[m.Month-1].weigh(float64(m.Mean), float64(m.Hours))
	}
	var year mean
	for m := range byMonth {
		year.add(byMonth[m].of())
	}
	for m := range byMonth {
		s.Months[m] = byMonth[m].of() / year.of()
	}
	s.Strength = explained(days)
	return s
}

// explained is the share of the variance of daily means that lies between the
// months of the year.
func explained(days []day) float64 {
	var all mean
	var byMonth [monthsOfYear]mean
	for _, d := range days {
		all.add(d.mean)
		byMonth[d.date.Month-1].add(d.mean)
	}
	var within, total float64
	for _, d := range days {
		own, whole := d.mean-byMonth[d.date.Month-1].of(), d.mean-all.of()
		within, total = within+own*own, total+whole*whole
	}
	if total == 0 {
		return 0
	}
	return max(0, 1-within/total)
}

// mean gathers a mean.
type mean struct{ sum, weight float64 }

func (m *mean) add(x float64)      { m.weigh(x, 1) }
func (m *mean) weigh(x, w float64) { m.sum, m.weight = m.sum+x*w, m.weight+w }

// of is the mean; 0 of nothing.
func (m mean) of() float64 {
	if m.weight == 0 {
		return 0
	}
	return m.sum / m.weight
}
