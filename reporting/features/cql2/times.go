package cql2

import (
	"fmt"
	"strings"
	"time"
)

// instant reads DATE(…) or TIMESTAMP(…) behind its word.
func (p *parser) instant(at Place, word string) (Node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	if p.now.kind != aText {
		return nil, p.unexpected("a time in single quotes")
	}
	value, err := moment(p.now.column, p.now.text)
	if err != nil {
		return nil, err
	}
	if kind := kindOf(value); (kind == Date) != (word == "DATE") {
		return nil, fault(p.now.column, fmt.Sprintf("%q is a %s", p.now.text, kind), "DATE takes a day, TIMESTAMP a time")
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	return p.counted(Literal{at, value})
}

// moment reads a day, or a time in UTC (RFC 3339 with Z).
func moment(column int, text string) (any, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return Day(day.Format(time.DateOnly)), nil
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil && strings.HasSuffix(text, "Z") {
		return at.UTC(), nil
	}
	return nil, fault(column, fmt.Sprintf("%.40q is no time", text), "write a day as 2025-06-30, a time as 2025-06-30T12:00:00Z")
}

// interval reads the two ends behind INTERVAL.
func (p *parser) interval(at Place) (Node, error) {
	one := Interval{Place: at}
	for i, sign := range []string{"(", ","} {
		if err := p.expect(sign); err != nil {
			return nil, err
		}
		end, err := p.intervalEnd()
		if err != nil {
			return nil, err
		}
		if i == 0 {
			one.From = end
		} else {
			one.To = end
		}
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	if err := orderly(one); err != nil {
		return nil, err
	}
	return p.counted(one)
}

// intervalEnd is a time in quotes, '..' or a property.
func (p *parser) intervalEnd() (Node, error) {
	t := p.now
	switch t.kind {
	case aText:
		if t.text == ".." {
			return nil, p.advance()
		}
		value, err := moment(t.column, t.text)
		if err != nil {
			return nil, err
		}
		return p.literal(Place(t.column), value)
	case aName, aQuotedName:
		if err := p.advance(); err != nil {
			return nil, err
		}
		return p.counted(Property{Place(t.column), t.text})
	}
	return nil, p.unexpected("a time in single quotes, '..' or a property")
}

// orderly errs where an interval ends before it begins.
func orderly(i Interval) error {
	from, ok := i.From.(Literal)
	to, both := i.To.(Literal)
	if ok && both && kindOf(from.Value) == kindOf(to.Value) {
		if c, _ := compare(from.Value, to.Value); c > 0 {
			return fault(to.Column(), "the interval ends before it begins", "the earlier time comes first")
		}
	}
	return nil
}
