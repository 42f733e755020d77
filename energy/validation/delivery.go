package validation

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Delivery is what arrived for one point, and when.
type Delivery struct {
	Site  energy.SiteID
	Meter energy.MeterID
	Point energy.PointID
	Rules series.Rules
	// Runs are what the facts say of the period, and a little beyond, by fact.
	Runs []series.Run
	// Visible are the readings that hold, with as many beside the period as the
	// rules of the series need; nil: those that the runs show.
	Visible []energy.Reading
	// Upto is the last fact that counts.
	Upto   int64
	Period energy.Period
	Limits Limits
}

// CheckDelivery applies the rules that look at readings as they arrived: twice,
// before their time, out of turn, by a wrong clock; and at what could not be
// used of them.
func CheckDelivery(d Delivery) []Finding {
	d.Runs = slices.DeleteFunc(slices.Clone(d.Runs), func(r series.Run) bool { return r.Seq > d.Upto })
	slices.SortStableFunc(d.Runs, func(a, b series.Run) int { return int(a.Seq - b.Seq) })
	if d.Visible == nil {
		d.Visible = series.Visible(d.Runs, d.Upto)
	}
	var all []Finding
	all = append(all, d.cases()...)
	all = append(all, d.duplicates()...)
	all = append(all, d.early()...)
	all = append(all, d.outOfOrder()...)
	all = append(all, d.behind()...)
	all = slices.DeleteFunc(all, func(f Finding) bool { return !touches(f.Period, d.Period) })
	Sort(all)
	return all
}

// touches tells whether a period, or an instant where it is empty, lies in p or
// reaches into it.
func touches(f, p energy.Period) bool {
	return f.From.Before(p.To) && (f.To.After(p.From) || f.From.Equal(p.From))
}

func (d Delivery) finding(code Code, p energy.Period, args Args) Finding {
	return found(d.Site, d.Meter, d.Point, code, p, args)
}

// countedAt are readings that lie near each other, each with the longest time of them.
type countedAt struct {
	joiner
	most []time.Duration
}

func (c *countedAt) add(r *energy.Reading, by time.Duration) {
	n := len(c.all)
	c.joiner.add(energy.Period{From: r.At, To: latest(r.End(), r.At)}, 0)
	if len(c.all) > n {
		c.most = append(c.most, by)
		return
	}
	c.most[n-1] = max(c.most[n-1], by)
}

// duplicates are instants of which there is more than one reading, saying the
// same or not. One that a correction replaced is none.
func (d Delivery) duplicates() []Finding {
	if d.ascending() {
		return nil
	}
	type told struct {
		at      int64
		reading *energy.Reading
	}
	var all []told
	for i := range d.Runs {
		run := &d.Runs[i]
		hidden := d.corrections(run.Seq)
		for k := range run.Readings {
			r := &run.Readings[k]
			if !slices.ContainsFunc(hidden, func(p energy.Period) bool { return p.Contains(r.At) }) {
				all = append(all, told{r.At.UnixMicro(), r})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b told) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return 0
	})
	twice, apart := countedAt{joiner: joiner{near: d.Limits.Together}}, countedAt{joiner: joiner{near: d.Limits.Together}}
	for i := 1; i < len(all); i++ {
		switch a, b := all[i-1], all[i]; {
		case a.at != b.at:
		case a.reading.Value.Equal(b.reading.Value) && a.reading.Length == b.reading.Length:
			twice.add(b.reading, 0)
		default:
			apart.add(b.reading, 0)
		}
	}
	return append(d.counts(ReadTwice, twice, false), d.counts(Contradicted, apart, false)...)
}

// counts makes findings of readings that lie together.
func (d Delivery) counts(code Code, c countedAt, withDuration bool) (all []Finding) {
	for i, s := range c.all {
		args := Args{"count": count(s.count)}
		if withDuration {
			args["duration"] = length(c.most[i])
		}
		all = append(all, d.finding(code, s.period, args))
	}
	return all
}

// ascending tells whether each run begins after the one before ended. Within a
// run readings ascend, but two may bear one instant.
func (d Delivery) ascending() bool {
	var last time.Time
	for _, run := range d.Runs {
		for i := range run.Readings {
			if at := run.Readings[i].At; at.After(last) {
				last = at
			} else {
				return false
			}
		}
	}
	return true
}

// corrections are the intervals that facts after seq replaced.
func (d Delivery) corrections(seq int64) (periods []energy.Period) {
	for _, run := range d.Runs {
		if run.Seq > seq && run.Corrects() {
			periods = append(periods, run.Replaces)
		}
	}
	return periods
}

// early are readings that were here before their instant, or before the end of
// their interval.
func (d Delivery) early() []Finding {
	future, ahead := countedAt{joiner: joiner{near: d.Limits.Together}}, countedAt{joiner: joiner{near: d.Limits.Together}}
	for i := range d.Runs {
		run := &d.Runs[i]
		if n := len(run.Readings); n == 0 || run.Readings[n-1].Length == 0 && run.Readings[n-1].At.Sub(run.RecordedAt) <= d.Limits.ClockAhead {
			continue // those before are earlier still
		}
		for k := range run.Readings {
			r := &run.Readings[k]
			switch by := r.End().Sub(run.RecordedAt); {
			case by > d.Limits.Future:
				future.add(r, by)
			case by > d.Limits.ClockAhead:
				ahead.add(r, by)
			}
		}
	}
	all := d.counts(AheadOfTime, future, true)
	for i, s := range ahead.all {
		all = append(all, d.finding(ClockAhead, s.period, Args{"duration": length(ahead.most[i])}))
	}
	return all
}

// outOfOrder are readings that a source delivered after younger ones, in a later
// fact. Corrections look back by nature.
func (d Delivery) outOfOrder() []Finding {
	youngest := map[int32]time.Time{}
	late := countedAt{joiner: joiner{near: d.Limits.Together}}
	for i := range d.Runs {
		run := &d.Runs[i]
		if len(run.Readings) == 0 || run.Corrects() {
			continue
		}
		before := youngest[run.Source]
		for k := range run.Readings {
			r := &run.Readings[k]
			if !r.At.Before(before) {
				break
			}
			late.add(r, before.Sub(r.At))
		}
		youngest[run.Source] = latest(before, run.Readings[len(run.Readings)-1].At)
	}
	return d.counts(CameLate, late, true)
}
