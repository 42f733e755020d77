package cql2

import (
	"cmp"
	"math"
	"strings"
	"time"

	"heatledger/heatmap/geo"
)

// Truth is a value of three-valued logic.
type Truth int

// The values of Truth. Unknown is NULL of the standard: a predicate about a value
// that is not there.
const (
	False Truth = iota - 1
	Unknown
	True
)

// Row is what a filter is evaluated against.
type Row interface {
	// Value is what the row has by a name: a string, float64, bool, [Day], [time.Time] or
	// [geo.Geometry] in the coordinates of the filter; ok is false where it has none.
	Value(name string) (value any, ok bool)
}

// Evaluate is the truth of a filter for a row. A node of [Check]ed filters errs never;
// of others what compares unlike things is Unknown.
func Evaluate(n Node, row Row) Truth {
	switch one := n.(type) {
	case Literal:
		if truth, ok := one.Value.(bool); ok {
			return truthOf(truth)
		}
	case Call:
		return call(one, row)
	}
	return Unknown
}

// truthOf is the truth of what is known.
func truthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// call evaluates an operator (the truth tables of clause 6.4).
func call(c Call, row Row) Truth {
	switch c.Op {
	case And:
		least := True
		for _, arg := range c.Args {
			if least = min(least, Evaluate(arg, row)); least == False {
				break
			}
		}
		return least
	case Or:
		most := False
		for _, arg := range c.Args {
			if most = max(most, Evaluate(arg, row)); most == True {
				break
			}
		}
		return most
	case Not:
		return -Evaluate(c.Args[0], row)
	case IsNull:
		return isNull(c.Args[0], row)
	case In:
		return in(c, row)
	}
	if compared := temporal(c.Op); compared != nil {
		a, some := spanOf(c.Args[0], row)
		b, both := spanOf(c.Args[1], row)
		if !some || !both {
			return Unknown
		}
		return truthOf(compared(a, b))
	}
	values := make([]any, len(c.Args))
	for i, arg := range c.Args {
		value, ok := valueOf(arg, row)
		if !ok {
			return Unknown
		}
		values[i] = value
	}
	return predicate(c.Op, values)
}

// predicate evaluates a predicate about values that are there.
func predicate(op Op, values []any) Truth {
	switch op {
	case Intersects:
		a, ok := values[0].(geo.Geometry)
		b, both := values[1].(geo.Geometry)
		if !ok || !both {
			return Unknown
		}
		return truthOf(geo.Intersects(plain(a), plain(b)))
	case Like:
		text, ok := values[0].(string)
		pattern, both := values[1].(string)
		if !ok || !both {
			return Unknown
		}
		return truthOf(matches(text, pattern))
	case Between:
		return min(predicate(GreaterOrEqual, []any{values[0], values[1]}), predicate(LessOrEqual, []any{values[0], values[2]}))
	}
	order, ok := compare(values[0], values[1])
	if !ok {
		return Unknown
	}
	switch op {
	case Equal:
		return truthOf(order == 0)
	case NotEqual:
		return truthOf(order != 0)
	case Less:
		return truthOf(order < 0)
	case Greater:
		return truthOf(order > 0)
	case LessOrEqual:
		return truthOf(order <= 0)
	case GreaterOrEqual:
		return truthOf(order >= 0)
	}
	return Unknown
}

// compare is how two values of one kind stand in order; texts by their characters.
// Geometries and NaN have no order.
func compare(a, b any) (order int, ok bool) {
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return strings.Compare(x, y), ok
	case float64:
		y, ok := b.(float64)
		return cmp.Compare(x, y), ok && !math.IsNaN(x) && !math.IsNaN(y)
	case bool:
		y, ok := b.(bool)
		return int(truthOf(x)-truthOf(y)) / 2, ok
	case Day:
		y, ok := b.(Day)
		return strings.Compare(string(x), string(y)), ok
	case time.Time:
		y, ok := b.(time.Time)
		return x.Compare(y), ok
	}
	return 0, false
}

// isNull tells whether there is no value: of a predicate, whether it is unknown.
func isNull(n Node, row Row) Truth {
	switch one := n.(type) {
	case Call:
		return truthOf(call(one, row) == Unknown)
	case Interval:
		_, ok := spanOf(one, row)
		return truthOf(!ok)
	}
	_, ok := valueOf(n, row)
	return truthOf(!ok)
}

// in is an equality with one of several values, joined by OR: an unknown one leaves
// open what no other decides.
func in(c Call, row Row) Truth {
	most := False
	for _, one := range c.Args[1:] {
		most = max(most, call(Call{c.Place, Equal, []Node{c.Args[0], one}}, row))
	}
	return most
}

// valueOf is the value of a literal or property; ok is false where there is none.
func valueOf(n Node, row Row) (any, bool) {
	switch one := n.(type) {
	case Literal:
		return one.Value, true
	case Property:
		return row.Value(one.Name)
	}
	return nil, false
}

// spanOf is the time of an operand of a temporal function.
func spanOf(n Node, row Row) (span, bool) {
	one, ok := n.(Interval)
	if !ok {
		value, ok := valueOf(n, row)
		at, instant := instantOf(value)
		return span{at, at}, ok && instant
	}
	s := span{math.MinInt64, math.MaxInt64}
	for _, end := range []struct {
		node Node
		at   *int64
	}{{one.From, &s.from}, {one.To, &s.to}} {
		if end.node == nil {
			continue
		}
		value, ok := valueOf(end.node, row)
		at, instant := instantOf(value)
		if !ok || !instant {
			return span{}, false
		}
		*end.at = at
	}
	return s, true
}

// plain is a geometry without what is beside it.
func plain(g geo.Geometry) geo.Geometry {
	if box, ok := g.(Box); ok {
		return box.Geometry
	}
	return g
}

// matches tells whether the whole of a text fits a pattern: % stands for any
// characters, _ for one, and \ before a character for that character itself.
func matches(text, pattern string) bool {
	t, p := []rune(text), []rune(pattern)
	at, in := 0, 0
	star, resume := -1, 0 // the last %, and where the text goes on behind it
	for at < len(t) {
		switch {
		case in < len(p) && p[in] == '%':
			star, resume = in, at
			in++
			continue
		case in < len(p) && p[in] == '_':
			at, in = at+1, in+1
			continue
		case in < len(p) && p[in] == '\\' && in+1 < len(p) && p[in+1] == t[at]:
			at, in = at+1, in+2
			continue
		case in < len(p) && (p[in] != '\\' || in+1 == len(p)) && p[in] == t[at]:
			at, in = at+1, in+1
			continue
		case star >= 0:
			resume++
			at, in = resume, star+1
			continue
		}
		return false
	}
	for in < len(p) && p[in] == '%' {
		in++
	}
	return in == len(p)
}
