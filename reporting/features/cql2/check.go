package cql2

import (
	"fmt"
	"slices"
	"strings"

	"heatledger/energy"
)

// Check holds a filter against the properties there are, each with its kind: it names
// every property that is not among them, and every comparison of unlike things. A
// filter without faults evaluates to Unknown only where a row has no value.
func Check(n Node, known map[string]Kind) energy.Faults {
	c := checker{known: known}
	c.predicate(n)
	return c.faults
}

type checker struct {
	known  map[string]Kind
	faults energy.Faults
}

// fault notes what is wrong with a node; the check goes on, so that all faults are
// named at once.
func (c *checker) fault(n Node, problem, remedy string) {
	c.faults = append(c.faults, fault(n.Column(), problem, remedy))
}

// predicate checks what is true or false.
func (c *checker) predicate(n Node) {
	one, ok := n.(Call)
	if !ok {
		if literal, isLiteral := n.(Literal); !isLiteral || kindOf(literal.Value) != Boolean {
			c.fault(n, "this is neither true nor false", "compare it with something")
		}
		return
	}
	switch one.Op {
	case And, Or, Not:
		for _, arg := range one.Args {
			c.predicate(arg)
		}
	case IsNull:
		if inner, nested := one.Args[0].(Call); nested {
			c.predicate(inner)
		} else {
			c.kind(one.Args[0])
		}
	case Like:
		c.all(one, Text)
	case Between:
		c.all(one, Number)
	case Intersects:
		c.all(one, Geometry)
	case Equal, NotEqual, Less, Greater, LessOrEqual, GreaterOrEqual, In:
		c.alike(one)
	default:
		c.times(one)
	}
}

// kind is the kind of an operand; ok is false where it has a fault already.
func (c *checker) kind(n Node) (Kind, bool) {
	switch one := n.(type) {
	case Literal:
		return kindOf(one.Value), true
	case Property:
		kind, ok := c.known[one.Name]
		if !ok {
			c.fault(n, fmt.Sprintf("there is no property %.40q", one.Name), "there are "+strings.Join(c.names(), ", "))
		}
		return kind, ok
	case Interval:
		return c.interval(one)
	}
	c.fault(n, "a predicate cannot be compared", "join predicates by AND, OR, NOT")
	return "", false
}

// names are the properties there are, sorted, for remedies.
func (c *checker) names() []string {
	var names []string
	for name := range c.known {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// all checks that every operand is of a kind.
func (c *checker) all(call Call, wanted Kind) {
	for _, arg := range call.Args {
		if kind, ok := c.kind(arg); ok && (kind != wanted || isInterval(arg)) {
			c.fault(arg, fmt.Sprintf("%s takes a %s, and this is a %s", strings.ToUpper(string(call.Op)), wanted, kind), "compare like with like")
		}
	}
}

// alike checks that the operands of a comparison are of one kind that has an order.
func (c *checker) alike(call Call) {
	var wanted Kind
	for _, arg := range call.Args {
		kind, ok := c.kind(arg)
		switch {
		case !ok:
		case kind == Geometry || isInterval(arg):
			c.fault(arg, fmt.Sprintf("%s does not compare this", strings.ToUpper(string(call.Op))), "geometries are compared by S_INTERSECTS, intervals by T_INTERSECTS and the like")
		case wanted == "":
			wanted = kind
		case kind != wanted:
			c.fault(arg, fmt.Sprintf("a %s is compared with a %s", wanted, kind), "compare like with like: text in single quotes, numbers without, days by DATE('…'), times by TIMESTAMP('…')")
		}
	}
}

// times checks the operands of a temporal function: days or times alike, and
// intervals where instants do not do.
func (c *checker) times(call Call) {
	var wanted Kind
	for _, arg := range call.Args {
		kind, ok := c.kind(arg)
		switch {
		case !ok || kind == "": // an interval without ends goes with either
		case kind != Date && kind != Timestamp:
			c.fault(arg, fmt.Sprintf("%s takes times, and this is a %s", strings.ToUpper(string(call.Op)), kind), "name a property with times, or write DATE('…'), TIMESTAMP('…') or INTERVAL('…','…')")
			continue
		case wanted == "":
			wanted = kind
		case kind != wanted:
			c.fault(arg, fmt.Sprintf("a %s is compared with a %s", wanted, kind), "compare days with days, times with times")
		}
		if ok && !isInterval(arg) && !ofInstants(call.Op) {
			c.fault(arg, fmt.Sprintf("%s compares intervals, and this is an instant", strings.ToUpper(string(call.Op))), "write INTERVAL(…,…), or use T_AFTER, T_BEFORE, T_DISJOINT, T_EQUALS or T_INTERSECTS")
		}
	}
}

// interval is the kind of an interval's ends; "" if it has none.
func (c *checker) interval(i Interval) (Kind, bool) {
	var wanted Kind
	for _, end := range []Node{i.From, i.To} {
		if end == nil {
			continue
		}
		kind, ok := c.kind(end)
		switch {
		case !ok:
			return "", false
		case kind != Date && kind != Timestamp:
			c.fault(end, fmt.Sprintf("an interval ends at a time, and this is a %s", kind), "name a property with times")
			return "", false
		case wanted != "" && kind != wanted:
			c.fault(end, fmt.Sprintf("the interval goes from a %s to a %s", wanted, kind), "write both as days or both as times")
			return "", false
		}
		wanted = kind
	}
	return wanted, true
}

// isInterval tells whether an operand is an interval, whose kind is that of its ends.
func isInterval(n Node) bool {
	_, ok := n.(Interval)
	return ok
}
