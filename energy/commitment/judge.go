package commitment

import (
	"math"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// judge judges a rule that binds the site in one period: an exception comes
// first, then whether it is due, then the value.
func (q Question) judge(rule Rule, w window) (Assessment, error) {
	a := q.blank(rule, w)
	exception, evidence, steps, proven := q.exception(rule, w.Span)
	a.Steps = steps
	if proven {
		a.Verdict, a.Reason, a.Citation = Exempt, ExceptionProven, exception.Citation
		a.Args, a.Evidence = Args{"exception": Text(exception.ID), "evidence": Text(evidence.ID)}, []string{evidence.ID}
		return a, nil
	}
	if rule.Duty != "" {
		q.duty(rule, w, &a)
		return a, nil
	}
	t, due, bound := rule.threshold(w.Span, q.Site.InOperationSince)
	m, known := metricOf(rule.Metric)
	if !known || t.Value == (registry.Measure{}) {
		a.Verdict, a.Reason, a.Args = Undetermined, StartUnknown, Args{}
		return a, nil
	}
	limit, err := in(t.Value, m.unit)
	if err != nil {
		return a, err
	}
	a.Threshold, a.Unit = Some(limit), m.unit
	part := q.part(rule, w)
	from, to := q.known(part)
	v, err := q.value(m, t, from, to)
	if err != nil {
		return a, err
	}
	a.take(v)
	j := judgement{question: q, rule: rule, window: part, metric: m, threshold: t, limit: limit, accept: limit, value: v, assessment: &a}
	if bound {
		if decided, err := j.owe(w.Span); decided || err != nil {
			return a, err
		}
	}
	switch {
	case !bound:
		j.preview(due)
	case w.Closed:
		err = j.closed()
	default:
		err = j.running()
	}
	return a, err
}

// take shows the value with everything a reader needs to weigh it.
func (a *Assessment) take(v value) {
	a.Steps = append(a.Steps, v.steps...)
	a.Evidence = v.evidence
	if !v.ok {
		return
	}
	a.Value, a.Basis = Some(v.figure.Value), v.basis
	a.EnergyCoverage, a.IntervalCoverage = Some(v.figure.EnergyCoverage), Some(v.figure.IntervalCoverage)
	if v.figure.HasUncertainty && !v.proven { // billed and cancelled MWh have no band
		a.Uncertainty = Some(v.figure.Uncertainty)
	}
}

// judgement is one rule in one period on its way to a verdict.
type judgement struct {
	question   Question
	rule       Rule
	window     window
	metric     metric
	threshold  Threshold
	limit      float64 // the threshold, as the terms leave it
	accept     float64 // the limit of acceptance: with the guard band
	band       float64 // the width of the guard band
	value      value
	assessment *Assessment
}

func (j *judgement) say(v Verdict, reason Code, args Args) {
	j.assessment.Verdict, j.assessment.Reason, j.assessment.Args = v, reason, args
}

func (j *judgement) amount(x float64) Arg { return Amount(x, j.metric.unit) }

// compare tells whether x keeps the promise, and shows margin and band.
func (j *judgement) compare(x float64) bool {
	keeps, _ := j.rule.keeps(x, j.accept)
	_, margin := j.rule.keeps(x, j.limit)
	a := j.assessment
	a.Margin = Some(margin)
	if a.Uncertainty.OK && math.Abs(margin) <= a.Uncertainty.Number*math.Abs(x) {
		a.WithinUncertainty = true
		a.Steps = append(a.Steps, Step{BandHoldsThreshold, Args{"uncertainty": Amount(a.Uncertainty.Number, energy.One)}})
	}
	return keeps
}

// preview says from when the rule binds, and what it would say today.
func (j *judgement) preview(due energy.Date) {
	args := Args{"due": Day(due), "first": Text(j.firstWindow(due)), "threshold": j.amount(j.limit), "comparator": Text(string(j.rule.Comparator))}
	if !j.value.ok {
		j.say(NotDue, NotYetDue, args)
		return
	}
	if !j.metric.additive || j.window.Closed {
		j.compare(j.value.figure.Value)
	}
	args["value"] = j.amount(j.value.figure.Value)
	if j.window.Closed {
		args["period"] = Text(j.window.Label)
		j.say(NotDue, NotYetDueThen, args)
		return
	}
	j.say(NotDue, NotYetDueToday, args)
}

// firstWindow is the label of the first period that is bound by what falls due
// on a day.
func (j *judgement) firstWindow(due energy.Date) string {
	begin, months := anchor(j.rule.Per, due, j.question.Commitment.From)
	if j.rule.FirstWindow == StartsOnOrAfter {
		step := months
		if j.rule.Per == registry.Rolling {
			step = 1
		}
		for begin.Before(due) {
			begin = addMonths(begin, step)
		}
	}
	return label(j.rule.Per, begin, addMonths(begin, months))
}

// closed gives the verdict of a period that is over.
func (j *judgement) closed() error {
	v, a := j.value, j.assessment
	if !v.ok {
		j.say(Undetermined, v.reason, v.args)
		j.burden()
		return nil
	}
	x, coverage := v.figure.Value, v.coverage(j.metric)
	keeps := j.compare(x)
	args := Args{"value": j.amount(x), "threshold": j.amount(j.limit), "comparator": Text(string(j.rule.Comparator))}
	switch {
	case coverage < j.rule.minimum():
		// Heat that is known has been delivered, whatever the rest was.
		if decided := (j.rule.Comparator == registry.AtLeast) == keeps; j.metric.additive && decided {
			args["coverage"] = Amount(coverage, energy.One)
			verdict, code := Met, KnownPartEnough
			if !keeps {
				verdict, code = Missed, AboveThreshold
			}
			j.say(verdict, code, args)
			return nil
		}
		j.say(Undetermined, ThinCoverage, Args{"coverage": Amount(coverage, energy.One), "minimum": Amount(j.rule.minimum(), energy.One)})
		j.burden()
	case keeps:
		j.say(Met, j.guarded(x, Kept, KeptByGuard, args), args)
	case v.proven && j.question.On.Before(a.SettlesOn):
		args["date"] = Day(a.SettlesOn)
		j.say(Undetermined, EvidenceAwaited, args)
	case v.proven && len(v.evidence) == 0 && v.refused == 0:
		j.say(Undetermined, EvidenceMissing, Args{})
		j.burden()
	case v.proven && v.refused > 0:
		j.say(Missed, EvidenceRefused, args)
	case j.rule.Comparator == registry.AtMost:
		j.say(Missed, j.guarded(x, AboveThreshold, MissedByGuard, args), args)
	default:
		if j.rule.TakeOrPay {
			if decided, err := j.untaken(args); decided || err != nil {
				return err
			}
		}
		j.say(Missed, j.guarded(x, BelowThreshold, MissedByGuard, args), args)
	}
	return nil
}

// guarded is the reason of a verdict: by the guard band where the bare
// threshold would say otherwise.
func (j *judgement) guarded(x float64, plain, band Code, args Args) Code {
	accepted, _ := j.rule.keeps(x, j.accept)
	if keeps, _ := j.rule.keeps(x, j.limit); keeps == accepted {
		return plain
	}
	args["band"] = j.amount(j.band)
	return band
}

// burden turns what is not known into a missed promise where the operator has
// to prove it and the deadline has passed.
func (j *judgement) burden() {
	deadline := j.rule.Deadline.OnOrAfter(j.window.To)
	if j.rule.Burden == OperatorProves && !j.question.On.Before(deadline) {
		j.say(Missed, NotEvidenced, Args{"date": Day(deadline)})
	}
}

// running gives the verdict of a period that is not over, by forecast.
func (j *judgement) running() error {
	v, q := j.value, j.question
	from, to := q.known(j.window)
	switch {
	case days(from, to) < leastElapsed*days(j.window.From, j.window.To):
		j.say(Undetermined, JustBegun, Args{"until": Day(to)})
		return nil
	case !v.ok:
		j.say(Undetermined, v.reason, v.args)
		return nil
	}
	args := Args{"value": j.amount(v.figure.Value), "threshold": j.amount(j.limit), "until": Day(to), "comparator": Text(string(j.rule.Comparator))}
	if keeps, _ := j.rule.keeps(v.figure.Value, j.accept); keeps && j.metric.additive && j.rule.Comparator == registry.AtLeast {
		j.compare(v.figure.Value)
		j.say(OnTrack, ReachedAlready, args)
		return nil
	}
	if coverage := v.coverage(j.metric); coverage < j.rule.minimum() {
		j.say(Undetermined, ThinCoverage, Args{"coverage": Amount(coverage, energy.One), "minimum": Amount(j.rule.minimum(), energy.One)})
		return nil
	}
	f, err := j.forecast()
	if err != nil || f.method == "" {
		return err
	}
	args["forecast"] = j.amount(f.value)
	switch keeps := j.compare(f.value); {
	case keeps:
		j.say(OnTrack, ForecastKeeps, args)
	case v.proven:
		args["date"] = Day(j.assessment.SettlesOn)
		j.say(Undetermined, EvidenceAwaited, args)
	default:
		j.say(AtRisk, ForecastMisses, args)
	}
	return nil
}

// forecast shows what the running period is expected to come to, by which
// method, and how far off that method was on past periods. Without enough to
// go by it says so and gives the zero forecast.
func (j *judgement) forecast() (f forecast, err error) {
	q, a := j.question, j.assessment
	if j.metric.name == greenAnnual {
		if f, err = q.greenForecast(j.window); err != nil {
			return forecast{}, err
		}
	} else {
		courses, err := q.courses(j.metric, j.threshold, j.rule, j.window, j.value.figure)
		if err != nil {
			return forecast{}, err
		}
		ok := false
		if f, ok = foresee(j.metric, courses); !ok {
			_, to := q.known(j.window)
			j.say(Undetermined, TooLittleToForecast, Args{"until": Day(to), "least": Amount(leastEven, energy.One)})
			return forecast{}, nil
		}
	}
	a.Forecast, a.ForecastMethod, a.ForecastYears = Some(f.value), f.method, f.years
	a.Steps = append(a.Steps, Step{f.method, Args{"forecast": j.amount(f.value)}})
	if f.years == 0 {
		a.Steps = append(a.Steps, Step{ForecastUntested, Args{}})
		return f, nil
	}
	a.ForecastError = Some(f.err)
	a.Steps = append(a.Steps, Step{ForecastTested, Args{
		"error": Amount(f.err, energy.One), "years": Amount(float64(f.years), energy.One), "from": Day(f.first), "to": Day(f.last)}})
	return f, nil
}
