package cql2

import "time"

// span is a time with its ends; an instant begins and ends at once.
type span struct{ from, to int64 }

// temporal is what a temporal function demands of two spans, by tables 8 and 9 of
// the standard (OGC 21-065r2, clause 7); nil: there is no such function.
func temporal(op Op) func(a, b span) bool {
	switch op {
	case "t_after":
		return func(a, b span) bool { return a.from > b.to }
	case "t_before":
		return func(a, b span) bool { return a.to < b.from }
	case "t_contains":
		return func(a, b span) bool { return a.from < b.from && a.to > b.to }
	case "t_disjoint":
		return func(a, b span) bool { return a.to < b.from || a.from > b.to }
	case "t_during":
		return func(a, b span) bool { return a.from > b.from && a.to < b.to }
	case "t_equals":
		return func(a, b span) bool { return a == b }
	case "t_finishedby":
		return func(a, b span) bool { return a.from < b.from && a.to == b.to }
	case "t_finishes":
		return func(a, b span) bool { return a.from > b.from && a.to == b.to }
	case "t_intersects":
		return func(a, b span) bool { return a.from <= b.to && a.to >= b.from }
	case "t_meets":
		return func(a, b span) bool { return a.to == b.from }
	case "t_metby":
		return func(a, b span) bool { return a.from == b.to }
	case "t_overlappedby":
		return func(a, b span) bool { return a.from > b.from && a.from < b.to && a.to > b.to }
	case "t_overlaps":
		return func(a, b span) bool { return a.from < b.from && a.to > b.from && a.to < b.to }
	case "t_startedby":
		return func(a, b span) bool { return a.from == b.from && a.to > b.to }
	case "t_starts":
		return func(a, b span) bool { return a.from == b.from && a.to < b.to }
	}
	return nil
}

// ofInstants tells whether a temporal function takes instants; the others compare
// intervals alone.
func ofInstants(op Op) bool {
	switch op {
	case "t_after", "t_before", "t_disjoint", "t_equals", "t_intersects":
		return true
	}
	return false
}

// instantOf is a day or a time as a number that grows; days and times are never
// compared with one another.
func instantOf(value any) (int64, bool) {
	switch v := value.(type) {
	case Day:
		at, err := time.Parse(time.DateOnly, string(v))
		return at.Unix(), err == nil
	case time.Time:
		return v.UnixMicro(), true
	}
	return 0, false
}
