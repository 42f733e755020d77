package validation

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// gaps are the stretches of the expected time in which a point was not measured:
// bridged where the energy across them is known. Amounts for long intervals,
// such as invoices, have no gaps inside.
func (l *look) gaps(at located) []Finding {
	expected, live := l.expected(at.Point)
	if expected.To.IsZero() {
		return nil
	}
	var lacking, bridged, substituted joiner
	days := l.days(at.ID)
	for _, date := range l.dates {
		if len(days) == 0 || date.Before(days[0].Date) {
			if p := common(l.Calendar.Day(date), expected); p.Length() > 0 {
				lacking.add(p, 0)
			}
			continue
		}
		d := &days[0]
		days = days[1:]
		l.lacks(d, expected, l.Known[at.ID].Spans, &lacking, &bridged, &substituted)
	}
	var all []Finding
	for _, s := range lacking.all {
		if code, ok := l.lackOf(at, s.period, live && s.period.To.Equal(expected.To)); ok {
			all = append(all, l.finding(at, code, s.period, Args{"duration": length(s.period.Length())}))
		}
	}
	for code, filled := range map[Code]joiner{GapBridged: bridged, GapSubstituted: substituted} { // sorted in the end
		for _, s := range filled.all {
			if s.period.Length() < l.limits(at.Point).Gap {
				continue
			}
			args := Args{"duration": length(s.period.Length())}
			if at.Quantity.Cumulative() {
				args["energy"] = of(at.Quantity, s.sum)
			}
			all = append(all, l.finding(at, code, s.period, args))
		}
	}
	return all
}

// lackOf says what a stretch is of which nothing is known; ok is false where it
// is too short to mention.
func (l *look) lackOf(at located, p energy.Period, now bool) (code Code, ok bool) {
	switch {
	case now:
		return Silent, p.Length() >= l.limits(at.Point).Silence
	case p.Length() < l.limits(at.Point).Gap:
		return "", false
	case l.standstill(at, p):
		return GapInOutage, true
	}
	return GapUnknown, true
}

// lacks adds the quarter-hours of a day that are expected and were not measured.
func (l *look) lacks(d *series.Day, expected energy.Period, spans []series.Span, lacking, bridged, substituted *joiner) {
	whole := expected.Covers(d.Period)
	if int64(d.CoveredS) == series.Seconds(d.Period) {
		return
	}
	quarters([]series.Day{*d}, func(p energy.Period, d *series.Day, q int) {
		if d.Covered[q] != 0 || d.Quality[q] != energy.Missing && d.Quality[q] != energy.Distributed && d.Quality[q] != energy.Substitute {
			return
		}
		if !whole {
			if p = common(p, expected); p.Length() <= 0 {
				return
			}
		}
		switch {
		case d.Quality[q] == energy.Missing:
			lacking.add(p, 0)
		case d.Quality[q] == energy.Substitute:
			substituted.add(p, d.Values[q])
		case !invoiced(p, spans):
			bridged.add(p, d.Values[q])
		}
	})
}

// invoiced tells whether the amount of p is that of a long interval: it was
// given without a course and has no gap.
func invoiced(p energy.Period, spans []series.Span) bool {
	for _, s := range spans {
		if s.Cause == series.CauseInterval && s.Period.Overlaps(p) {
			return true
		}
	}
	return false
}

// thinMonths are the months of which too little is known of a point that counts.
func (l *look) thinMonths(at located) []Finding {
	expected, _ := l.expected(at.Point)
	if !at.Role.Known() || at.Use == energy.Info || expected.To.IsZero() {
		return nil
	}
	var all []Finding
	for _, month := range l.months {
		p := common(month, expected)
		if p.Length() < minimumOfMonth {
			continue
		}
		total := l.total(at.Point, month)
		known := total.EnergyS
		if !at.Quantity.Cumulative() {
			known = total.IntervalS
		}
		coverage := min(1, float64(known)/float64(series.Seconds(p)))
		if least := l.limits(at.Point).Coverage; coverage < least {
			all = append(all, l.finding(at, CoverageLow, p, Args{"coverage": share(coverage), "minimum": share(least)}))
		}
	}
	return all
}

// minimumOfMonth is the least expected part of a month whose coverage is judged.
const minimumOfMonth = 24 * time.Hour

// total is what is known of a point in a period of whole days.
func (l *look) total(p registry.Point, period energy.Period) series.Total {
	known := l.Known[p.ID]
	return series.Over(period, within(known.Days, period), known.Spans)
}
