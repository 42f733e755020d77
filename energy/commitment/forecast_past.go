package commitment

import (
	"fmt"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// mostPast is the number of years before a running period that are looked at:
// what is older says little of today's machines.
const mostPast = 4

// Reach are the days [from, to) that may have a say in an assessment: its period
// and, where a forecast was made, those of the years before.
func Reach(a Assessment) (from, to energy.Date) {
	from, to = a.Period.From, a.Period.To
	if !a.Period.Closed {
		from = addMonths(from, -12*mostPast)
	}
	return from, to
}

// DegreeDays may be implemented by a [FigureSource] that knows the outdoor
// temperature: the degree-days of a period of whole local days, the sum of
// 20 °C less the mean of each day that is below 15 °C, in K·d; ok is false where
// a day's mean is not known.
//
// The limits are those of the German Gradtagzahl G20/15 (VDI 3807; edition and
// clause unconfirmed). They cancel out to a large part: only the ratio of sums
// of the same place is used.
type DegreeDays interface {
	DegreeDays(p energy.Period) (kelvinDays float64, ok bool, err error)
}

// courses are the running period and those of the years before for which the
// part and the whole are well known, latest first, without a hole. What was
// planned, or is proven by papers, has none.
func (q Question) courses(m metric, t Threshold, rule Rule, w window, so kpi.Figure) ([]course, error) {
	from, until := q.known(w)
	list := []course{{from: from, until: until, to: w.To, part: so}}
	if err := q.temper(m, &list[0]); err != nil {
		return nil, err
	}
	if m.name == greenAnnual || t.Measure == Planned {
		return list, nil
	}
	for years := 1; years <= mostPast; years++ {
		c, ok, err := q.past(m, t, rule, course{from: addMonths(from, -12*years), until: addMonths(until, -12*years), to: addMonths(w.To, -12*years)})
		if err != nil {
			return nil, fmt.Errorf("read the course of %s from %s: %w", m.name, c.from, err)
		}
		if !ok {
			return list, nil
		}
		list = append(list, c)
	}
	return list, nil
}

// past reads what a past period came to; ok is false where it is not well known.
func (q Question) past(m metric, t Threshold, rule Rule, c course) (_ course, ok bool, err error) {
	if c.from.Before(q.Site.InOperationSince) {
		return c, false, nil
	}
	for _, side := range []struct {
		until  energy.Date
		figure *kpi.Figure
	}{{c.to, &c.whole}, {c.until, &c.part}} {
		v, err := q.value(m, t, c.from, side.until)
		if err != nil || !v.ok || v.coverage(m) < rule.minimum() {
			return c, false, err
		}
		*side.figure = v.figure
	}
	return c, true, q.temper(m, &c)
}

// temper adds the degree-days of a course of heat, where they are known: of the
// part, and of the whole unless it is running.
func (q Question) temper(m metric, c *course) (err error) {
	source, has := q.Figures.(DegreeDays)
	if !m.heat || !has || !c.from.Before(c.until) {
		return nil
	}
	d := &c.degrees
	if d.part, d.ok, err = source.DegreeDays(q.period(c.from, c.until)); err != nil || !d.ok {
		return err
	}
	if !q.On.Before(c.to) { // it is over
		d.whole, d.ok, err = source.DegreeDays(q.period(c.from, c.to))
	}
	return err
}

// Days are a range of local days [From, To) for which a judgement asks a figure.
// Shown: it is the one that the judgement shows, with its uncertainty.
type Days struct {
	Metric   string
	From, To energy.Date
	Shown    bool
}

// Asks are the figures that a judgement of the question asks for, as far as
// that is known before any of them is: those of the usual rules. Somebody who
// judges many sites may read them at once.
func (q Question) Asks() (list []Days) {
	rules, _ := q.rules()
	operator, _ := q.Registry.Operator(q.Site.Operator)
	for _, rule := range rules {
		if code, _, _ := rule.AppliesTo.excludes(q.Site, operator); code != "" || rule.Metric == "" {
			continue
		}
		for _, w := range q.windows(rule) {
			if q.binds(rule, w) {
				list = append(list, q.asks(rule, q.part(rule, w))...)
			}
		}
	}
	return list
}

func (q Question) asks(rule Rule, w window) (list []Days) {
	from, to := q.known(w)
	if !from.Before(to) {
		return nil
	}
	list = append(list, Days{rule.Metric, from, to, true})
	if w.Closed || rule.Metric == greenAnnual || days(from, to) < leastElapsed*days(w.From, w.To) {
		return list
	}
	for years := 1; years <= mostPast; years++ {
		first := addMonths(from, -12*years)
		if first.Before(q.Site.InOperationSince) {
			break
		}
		list = append(list, Days{rule.Metric, first, addMonths(w.To, -12*years), false}, Days{rule.Metric, first, addMonths(to, -12*years), false})
	}
	return list
}
