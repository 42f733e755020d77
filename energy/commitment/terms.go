package commitment

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Facts of a paper on force majeure: what happened, and on which day the other
// side accepted it. It counts on the days the paper holds.
const (
	factForceMajeure = "force_majeure"
	factAcceptedOn   = "event_accepted_on"
)

// part is what a promise binds of a window: all of it, or, owed pro rata, the
// days from its beginning (and that of the site) until its end.
func (q Question) part(rule Rule, w window) window {
	if !rule.ProRata {
		return w
	}
	from := later(later(w.From, q.Site.InOperationSince), later(rule.From, q.Commitment.From))
	to := earlier(earlier(w.To, q.Site.To), earlier(rule.To, q.Commitment.To))
	if from.Before(to) {
		w.From, w.To = from, to
	}
	return w
}

// owe changes the threshold to what the terms of the contract leave of it in
// this period. decided is true where they already give the verdict.
func (j *judgement) owe(whole Span) (decided bool, err error) {
	if part := days(j.window.From, j.window.To); part < days(whole.From, whole.To) {
		j.scale(part / days(whole.From, whole.To))
		j.step(PartOwed, Args{"from": Day(j.window.From), "to": Day(j.window.To.AddDays(-1)), "threshold": j.amount(j.limit)})
	}
	if j.rule.ForceMajeure && j.excused() {
		return true, nil
	}
	if j.rule.DegreeDays != (registry.DegreeDays{}) {
		if decided, err = j.weather(); decided || err != nil {
			return decided, err
		}
	}
	j.accept = j.limit
	if g := j.rule.GuardBand; g != (registry.GuardBand{}) {
		band, err := in(g.Amount, j.metric.unit)
		if err != nil {
			return false, err
		}
		j.band = band
		if (g.Favours == registry.OperatorSide) == (j.rule.Comparator == registry.AtMost) {
			j.accept += band
		} else {
			j.accept -= band
		}
		j.step(GuardBandApplied, Args{"band": j.amount(band), "limit": j.amount(j.accept)})
	}
	return false, nil
}

func (j *judgement) scale(by float64) {
	j.limit *= by
	j.assessment.Threshold = Some(j.limit)
}

func (j *judgement) step(code Code, args Args) {
	j.assessment.Steps = append(j.assessment.Steps, Step{code, args})
}

// excused takes the days of accepted force majeure off what is owed; true where
// none are left.
func (j *judgement) excused() bool {
	w, a := j.window, j.assessment
	total := days(w.From, w.To)
	for _, e := range j.question.papers {
		if !stated(e.Facts[factForceMajeure]) || !holds(e, w.Span) {
			continue
		}
		accepted, err := energy.ParseDate(string(e.Facts[factAcceptedOn]))
		if err != nil || j.question.On.Before(accepted) {
			j.step(ForceMajeureShort, Args{"evidence": Text(e.ID), "fact": Text(factAcceptedOn)})
			continue
		}
		a.Evidence = append(a.Evidence, e.ID)
	}
	lost := j.excusedDays(a.Evidence)
	switch {
	case lost == 0:
		return false
	case lost >= total:
		a.Threshold = Optional{}
		j.say(Exempt, ForceMajeureAll, Args{"evidence": Text(a.Evidence[0])})
		return true
	}
	j.scale((total - lost) / total)
	j.step(ForceMajeureTaken, Args{"evidence": Text(a.Evidence[0]), "days": Amount(lost, energy.One), "threshold": j.amount(j.limit)})
	return false
}

// excusedDays is the number of days of the window on which one of the papers holds.
func (j *judgement) excusedDays(ids []string) (n float64) {
	for day := j.window.From; day.Before(j.window.To); day = day.AddDays(1) {
		if slices.ContainsFunc(j.question.papers, func(e registry.Evidence) bool {
			return slices.Contains(ids, e.ID) && holds(e, Span{From: day, To: day.AddDays(1)})
		}) {
			n++
		}
	}
	return n
}

// weather makes what is owed depend on the degree-days of the period.
func (j *judgement) weather() (decided bool, err error) {
	terms := j.rule.DegreeDays
	n, ok, err := j.question.degreeDays(terms.Fact, j.window)
	if err != nil {
		return false, err
	}
	minimum, normal := terms.AtLeast.Float64(), terms.Normal.Float64()
	switch {
	case !ok:
		j.say(Undetermined, DegreeDaysUnknown, Args{})
		return true, nil
	case n < minimum:
		j.say(NotApplicable, TooMild, Args{"days": Amount(n, kelvinDays), "minimum": Amount(minimum, kelvinDays)})
		return true, nil
	case normal > 0:
		j.scale(n / normal)
		j.step(DegreeDaysScaled, Args{"days": Amount(n, kelvinDays), "normal": Amount(normal, kelvinDays), "threshold": j.amount(j.limit)})
	}
	return false, nil
}

const kelvinDays energy.Unit = "K·d"

// degreeDays are those of the window as a fact of the site that is of just this
// window states them; without a name of one, as measured.
func (q Question) degreeDays(fact string, w window) (n float64, ok bool, err error) {
	if fact == "" {
		source, measures := q.Figures.(DegreeDays)
		if !measures || !w.Closed {
			return 0, false, nil
		}
		return source.DegreeDays(q.period(w.From, w.To))
	}
	for _, f := range q.Site.Facts {
		from, to := f.From, f.To
		if f.Year != 0 {
			from, to = energy.Date{Year: f.Year, Month: 1, Day: 1}, energy.Date{Year: f.Year + 1, Month: 1, Day: 1}
		}
		if number, is := f.Value.Number(); f.Name == fact && is && from == w.From && to == w.To {
			return number.Float64(), true, nil
		}
	}
	return 0, false, nil
}

// untaken says of heat that fell short of a take-or-pay promise whose doing that
// was: held against what was asked for or, where that is not known, against what
// was held ready. It tells whether it gave the verdict.
func (j *judgement) untaken(args Args) (decided bool, err error) {
	q := j.question
	from, to := q.known(j.window)
	known := map[string]float64{}
	for _, name := range []string{"heat_requested", "heat_available"} {
		f, ok, err := q.Figures.Metric(name, q.period(from, to))
		if err != nil {
			return false, err
		}
		if times, unit := factor(f.Unit, j.metric.unit); ok && f.OK && unit == nil && f.EnergyCoverage >= j.rule.minimum() {
			known[name] = f.Value * times
		}
	}
	delivered := j.value.figure.Value
	requested, hasRequested := known["heat_requested"]
	available, hasAvailable := known["heat_available"]
	switch {
	case hasRequested && requested <= delivered:
		args["requested"] = j.amount(requested)
		j.say(Met, AskedForNoMore, args)
	case hasRequested:
		return false, nil
	case hasAvailable && available >= j.accept:
		args["available"] = j.amount(available)
		j.say(Met, HeldReady, args)
	case hasAvailable:
		return false, nil
	default:
		j.say(Undetermined, RequestUnknown, args)
	}
	return true, nil
}
