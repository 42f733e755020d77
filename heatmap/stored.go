package heatmap

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// Stored are the stored days of a site: what series are made from. Which points
// count, and which way round, is what package kpi says, so that the energy of a
// series is the figure of the same name.
type Stored struct {
	Site     registry.Site
	Calendar energy.Calendar
	From, To energy.Date // local days [From, To)
	// Days are those of [kpi.Points], ascending, as energy/store gives them. A point
	// without days is absent throughout.
	Days map[energy.PointID][]series.Day
	Fact int64 // the fact up to which they are closed
}

// Series is the heat of a kind as it was metered: Delivered, Available, Requested,
// Rejected or Recoverable. ok is false where the site has no points of it on any
// day, and for other kinds.
//
// A quarter-hour has a power where all meters of the kind were measured in all of it
// at their own time, or have a substitute (Estimated) or a declared value. Energy
// that a counter bridged a gap with has no hour: it is in the column Unshaped.
//
// Delivered heat is DemandLimited unless the power that was held ready is known and
// was used up: where the power asked for was no less or, that not being known,
// 99 % of what was ready was delivered. Requested heat is DemandLimited always; the
// others are what the source had, SupplyLimited.
//
// The temperatures are those of the delivered heat, at the boundary, in the steps
// in which some was delivered: of all meters that measure both, weighted with the
// heat; where none does, from their registers of volume × temperature.
func (s Stored) Series(kind Kind) (made Series, ok bool) {
	var c column
	switch kind {
	case Delivered, Available, Requested, Rejected:
		c, ok = s.column(figureOf("heat_" + string(kind)))
	case Recoverable:
		delivered, hasDelivered := s.column(figureOf("heat_delivered"))
		rejected, hasRejected := s.column(figureOf("heat_rejected"))
		c, ok = delivered.plus(rejected), hasDelivered && hasRejected
	}
	if !ok {
		return Series{}, false
	}
	method := Metered
	if kind == Recoverable {
		method = DeliveredAndRejected
	}
	made = s.series(kind, Method{Code: method}, c)
	switch kind {
	case Delivered:
		s.limitDelivered(made.columns)
	case Requested:
		made.columns.limitAll(DemandLimited)
	default:
		made.columns.limitAll(SupplyLimited)
	}
	return made, true
}

// series puts a column and the temperatures of the site together.
func (s Stored) series(kind Kind, method Method, c column) Series {
	flow := s.temperature("heat_delivered_flow_temperature")
	back := s.temperature("heat_delivered_return_temperature")
	h := Header{Source: SourceID(s.Site.ID), Kind: kind, Method: method, From: s.period().From, Step: energy.QuarterHour, Fact: s.Fact,
		Negative: c.negative}
	return Series{h, Columns{Power: c.power, Flow: flow, Return: back, Grade: c.grade, Limit: make([]Limit, len(c.power)), Unshaped: c.unshaped}}
}

// limitAll labels every step that has a power.
func (c Columns) limitAll(l Limit) {
	for i, g := range c.Grade {
		if g != NoGrade {
			c.Limit[i] = l
		}
	}
}

// usedUp is the share of the available power that, delivered, is all of it: a
// little less than one, for two meters are never quite of one mind.
const usedUp = 0.99

// limitDelivered labels delivered heat by what was ready and asked for.
func (s Stored) limitDelivered(c Columns) {
	c.limitAll(DemandLimited)
	available, ok := s.column(figureOf("heat_available"))
	if !ok {
		return
	}
	requested, asked := s.column(figureOf("heat_requested"))
	for i, g := range c.Grade {
		ready := available.power[i]
		if g == NoGrade || ready != ready {
			continue
		}
		used := c.Power[i] >= usedUp*ready
		if asked && requested.power[i] == requested.power[i] {
			used = requested.power[i] >= ready
		}
		if used {
			c.Limit[i] = SupplyLimited
		}
	}
}

// Supply is the best of what is known of the heat that the source can give: what
// was held ready; else delivered and rejected heat together; else what was derived
// by d. The answer's Kind and Method say which. ok is false where there is none.
func (s Stored) Supply(d Derivation) (Series, bool, error) {
	for _, kind := range []Kind{Available, Recoverable} {
		if made, ok := s.Series(kind); ok {
			return made, true, nil
		}
	}
	return s.Derive(d)
}

// period is from the beginning of the first day to the end of the last.
func (s Stored) period() energy.Period {
	return energy.Period{From: s.Calendar.Day(s.From).From, To: s.Calendar.Day(s.To).From}
}

// terms give what adds up on the days of a range in which nothing begins or ends.
type terms func(site registry.Site, days kpi.Days) []kpi.Term

// figureOf are the terms of a figure that is an amount.
func figureOf(name string) terms {
	return func(site registry.Site, days kpi.Days) []kpi.Term {
		for _, d := range kpi.Definitions() {
			if d.Name == name {
				pair, _ := d.Of(site, 0, days)
				return pair.Numerator
			}
		}
		return nil
	}
}

// stretches cut the days into ranges in which the same points count: the registry
// lets a point, or the site, begin or end only between two of them.
func (s Stored) stretches() []kpi.Days {
	bounds := []energy.Date{s.From, s.To}
	bound := func(dates ...energy.Date) {
		for _, d := range dates {
			if s.From.Before(d) && d.Before(s.To) {
				bounds = append(bounds, d)
			}
		}
	}
	bound(s.Site.From, s.Site.To)
	for _, meter := range s.Site.Meters {
		for _, point := range meter.Points {
			bound(point.From, point.To)
		}
	}
	slices.SortFunc(bounds, energy.Date.Compare)
	bounds = slices.Compact(bounds)
	var days []kpi.Days
	for i := 1; i < len(bounds); i++ {
		days = append(days, kpi.Days{From: bounds[i-1], To: bounds[i]})
	}
	return days
}

// of are the days of a point in a range.
func (s Stored) of(point energy.PointID, days kpi.Days) []series.Day {
	list := s.Days[point]
	at := func(d energy.Date) int {
		i, _ := slices.BinarySearchFunc(list, d, func(day series.Day, d energy.Date) int { return day.Date.Compare(d) })
		return i
	}
	return list[at(days.From):max(at(days.From), at(days.To))]
}

// steps is how many quarter-hours the period has.
func (s Stored) steps() int { return max(0, int(s.period().Length()/energy.QuarterHour)) }

// place is the step at which a day begins; ok is false where it lies beside the
// steps or beyond them.
func (s Stored) place(d series.Day) (first int, ok bool) {
	since := d.Period.From.Sub(s.period().From)
	first = int(since / energy.QuarterHour)
	return first, since >= 0 && since%energy.QuarterHour == 0 && first+len(d.Values) <= s.steps()
}

// quarterSeconds is the length of a quarter-hour.
const quarterSeconds = int16(energy.QuarterHour / time.Second)
