package validation

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// supply holds the energy of the IT against all that came in: over each day the
// figure would be a PUE below one, over an hour the IT took more than there was.
func (l *look) supply() []Finding {
	books, spans := kpi.NewBooks(l.Site), l.spans()
	var all []Finding
	for _, category := range l.categories() {
		below := worst{code: PUEBelow}
		above := joiner{}
		for _, date := range l.dates {
			pair, ok := books.Of(kpi.AnnualPUE, category, date)
			if !ok || len(l.byDate[date]) == 0 {
				continue
			}
			day := l.Calendar.Day(date)
			slack := l.steps(pair)
			sum := pair.Day(day, l.byDate[date], spans)
			if sum.Denominator > sum.Numerator+slack && l.judged(sum) {
				below.add(day, float64(sum.Numerator)/float64(sum.Denominator), Args{
					"pue": share(float64(sum.Numerator) / float64(sum.Denominator)), "it": kilowattHours(sum.Denominator),
					"total": kilowattHours(sum.Numerator), "category": count(category)})
				continue // its hours say nothing new
			}
			if l.never(pair, l.byDate[date]) {
				continue
			}
			for _, h := range pair.Hours(day, l.byDate[date], spans) {
				most := h.Sum.Numerator + energy.Amount(l.Limits.ITExcess*float64(h.Sum.Numerator)) + slack
				if h.Sum.IntervalS == hourSeconds && h.Sum.Denominator > most {
					above.add(energy.Period{From: h.From, To: h.From.Add(time.Hour)}, h.Sum.Denominator-h.Sum.Numerator)
				}
			}
		}
		all = append(all, below.findings(l.Site.ID)...)
		for _, s := range above.all {
			if s.count >= l.Limits.ITHours {
				all = append(all, found(l.Site.ID, "", "", ITAbove, s.period, Args{
					"excess": kilowattHours(s.sum), "hours": count(s.count), "category": count(category)}))
			}
		}
	}
	return all
}

const hourSeconds = 3600

// never tells at a glance whether no hour of the day can be above: the greatest
// quarter-hours of the IT together are less than the least of what came in.
func (l *look) never(pair kpi.Pair, day map[energy.PointID]series.Day) bool {
	var most, least energy.Amount
	for _, t := range pair.Denominator {
		if t.Factor > 0 {
			most += kpi.Scale(day[t.Point].Hi, t.Factor, kpi.Unity)
		}
	}
	for _, t := range pair.Numerator {
		edge := day[t.Point].Lo
		if t.Factor < 0 {
			edge = day[t.Point].Hi
		}
		least += kpi.Scale(edge, t.Factor, kpi.Unity)
	}
	return most <= least
}

// judged tells whether enough of a day is known.
func (l *look) judged(sum kpi.Sum) bool {
	return sum.PeriodS > 0 && float64(sum.EnergyS) >= l.Limits.DayKnown*float64(sum.PeriodS)
}

// categories are those in which IT is metered at any time of the period.
func (l *look) categories() []int {
	return kpi.Categories(l.Site, l.daysAsked())
}

func (l *look) daysAsked() kpi.Days {
	if len(l.dates) == 0 {
		return kpi.Days{}
	}
	return kpi.Days{From: l.dates[0], To: l.dates[len(l.dates)-1].AddDays(1)}
}

// steps is what coarse registers may put into the wrong day or hour: a step of
// each.
func (l *look) steps(pair kpi.Pair) (slack energy.Amount) {
	for _, id := range pair.Points() {
		for _, at := range l.points {
			if at.ID != id {
				continue
			}
			if step, err := at.Resolution.Amount(at.Quantity); err == nil {
				slack += step
			}
		}
	}
	return slack
}

// heat holds the heat that left on a day against the energy that came in
// (FIGURES.md): heat delivered and reused, against E_DC, the electricity of heat
// pumps outside the boundary, and what heat storage gave back.
func (l *look) heat() []Finding {
	above := worst{code: HeatAbove}
	spans := l.spans()
	var pair kpi.Pair
	for i, date := range l.dates {
		if i == 0 || l.changes(date) {
			pair = l.heatPair(date)
		}
		if !pair.Complete() || len(l.byDate[date]) == 0 {
			continue
		}
		day := l.Calendar.Day(date)
		sum := pair.Day(day, l.byDate[date], spans)
		most := sum.Denominator + energy.Amount(l.Limits.HeatExcess*float64(sum.Denominator)) + l.steps(pair)
		if sum.Numerator > most && l.judged(sum) {
			above.add(day, float64(sum.Denominator-sum.Numerator), Args{"heat": kilowattHours(sum.Numerator), "input": kilowattHours(sum.Denominator)})
		}
	}
	return above.findings(l.Site.ID)
}

// changes tells whether a point begins or ends to count on a day.
func (l *look) changes(date energy.Date) bool {
	for _, at := range l.points {
		if at.From == date || at.To == date {
			return true
		}
	}
	return false
}

// heatPair is heat over input on a day.
func (l *look) heatPair(date energy.Date) kpi.Pair {
	input := kpi.EDC(l.Site, kpi.On(date))
	byID := l.registered()
	for i, term := range input {
		if byID[term.Point].Role == energy.ThermalImport { // as much heat as it is, not as the figure weighs it
			input[i].Factor = kpi.Unity
		}
	}
	for _, pump := range l.Site.HeatPumps {
		if pump.Boundary != registry.Outside {
			continue
		}
		if pump.Electricity == "" { // what it adds is not known: nothing can be judged
			return kpi.Pair{}
		}
		input = append(input, kpi.Term{Point: pump.Electricity, Factor: kpi.Unity})
	}
	var heat []kpi.Term
	for _, at := range l.counted(date) {
		switch at.Role {
		case energy.HeatDelivered, energy.HeatReuseOwn:
			heat = append(heat, kpi.Term{Point: at.ID, Factor: kpi.Unity})
		case energy.HeatStorageOut:
			input = append(input, kpi.Term{Point: at.ID, Factor: kpi.Unity})
		}
	}
	return kpi.Pair{Numerator: heat, Denominator: input}
}

// registered are the points of the site by id.
func (l *look) registered() map[energy.PointID]registry.Point {
	byID := make(map[energy.PointID]registry.Point, len(l.points))
	for _, at := range l.points {
		byID[at.ID] = at.Point
	}
	return byID
}

// counted are the primary points in kWh that count on a day and do not lie below
// another one of their role and category.
func (l *look) counted(date energy.Date) []located {
	byID := l.registered()
	var all []located
	for _, at := range l.points {
		if !countsOn(at.Point, date) {
			continue
		}
		below := false
		for parent, ok := byID[at.Parent]; ok; parent, ok = byID[parent.Parent] {
			below = below || countsOn(parent, date) && parent.Role == at.Role && parent.Category == at.Category
		}
		if !below {
			all = append(all, at)
		}
	}
	return all
}

func countsOn(p registry.Point, date energy.Date) bool {
	none := energy.Date{}
	return p.Use == energy.Primary && p.Quantity.Unit() == energy.KilowattHour && p.Role.Known() &&
		(p.From == none || !date.Before(p.From)) && (p.To == none || date.Before(p.To))
}

func kilowattHours(a energy.Amount) Arg { return of(energy.ActiveEnergyImport, a) }

// worst joins days in a row of one finding and keeps the arguments of the worst.
type worst struct {
	code Code
	all  []struct {
		period energy.Period
		value  float64 // the less the worse
		args   Args
	}
}

func (w *worst) add(day energy.Period, value float64, args Args) {
	if n := len(w.all) - 1; n >= 0 && w.all[n].period.To.Equal(day.From) {
		if w.all[n].period.To = day.To; value < w.all[n].value {
			w.all[n].value, w.all[n].args = value, args
		}
		return
	}
	w.all = append(w.all, struct {
		period energy.Period
		value  float64
		args   Args
	}{day, value, args})
}

func (w *worst) findings(site energy.SiteID) (all []Finding) {
	for _, f := range w.all {
		all = append(all, found(site, "", "", w.code, f.period, f.args))
	}
	return all
}
