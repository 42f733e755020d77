package cql2

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// ParseJSON reads a filter in CQL2 JSON into the same tree as [ParseText]. It errs
// with an [energy.Fault] whose column is the byte where the part at fault ends.
func ParseJSON(src []byte) (Node, error) {
	if len(src) > MaxLength {
		return nil, fault(MaxLength, fmt.Sprintf("the filter has %d bytes", len(src)), fmt.Sprintf("at most %d are read: ask for less at once", MaxLength))
	}
	if !utf8.Valid(src) {
		return nil, fault(1, "the filter is no text in UTF-8", "encode it as UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	v, err := decode(d, 0)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = fault(int(d.InputOffset()), "something follows the filter", "end it there")
		}
	}
	if err != nil {
		return nil, err
	}
	r := jsonReader{}
	return r.boolean(v)
}

// value is a JSON value with its place: a string, json.Number, bool, nil, []value or
// map[string]value.
type value struct {
	at Place
	is any
}

// decode reads the next value of a decoder.
func decode(d *json.Decoder, depth int) (value, error) {
	t, err := d.Token()
	v := value{at: Place(d.InputOffset()), is: t}
	if err != nil {
		return v, syntax(d, err)
	}
	delim, ok := t.(json.Delim)
	if !ok {
		return v, nil
	}
	if depth++; depth > 3*MaxDepth {
		return v, fault(int(v.at), "the filter is nested too deep", "write it with fewer levels")
	}
	if delim == '[' {
		var list []value
		for d.More() {
			one, err := decode(d, depth)
			if err != nil {
				return v, err
			}
			list = append(list, one)
		}
		v.is = list
	} else {
		members := map[string]value{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return v, syntax(d, err)
			}
			name, _ := key.(string)
			one, err := decode(d, depth)
			if err != nil {
				return v, err
			}
			if _, twice := members[name]; twice {
				return v, fault(int(one.at), fmt.Sprintf("the member %.40q is there twice", name), "name it once")
			}
			members[name] = one
		}
		v.is = members
	}
	if _, err := d.Token(); err != nil {
		return v, syntax(d, err)
	}
	return v, nil
}

// syntax is a fault of JSON itself, where the decoder stopped.
func syntax(d *json.Decoder, err error) error {
	column := int(d.InputOffset()) + 1
	var bad *json.SyntaxError
	if errors.As(err, &bad) {
		column = int(bad.Offset)
	}
	return fault(column, "the filter is no JSON", `a filter in JSON is an object such as {"op":"=","args":[{"property":"name"},"x"]}; text needs filter-lang=cql2-text`)
}

// jsonReader makes nodes of values.
type jsonReader struct{ depth, nodes int }

// counted bounds how many parts a filter has, as that of the parser of text.
func (r *jsonReader) counted(n Node) (Node, error) {
	if r.nodes++; r.nodes > MaxNodes {
		return nil, fault(n.Column(), fmt.Sprintf("the filter has more than %d parts", MaxNodes), "ask for less at once")
	}
	return n, nil
}

// boolean reads what is true or false: a predicate or a literal.
func (r *jsonReader) boolean(v value) (Node, error) {
	if truth, ok := v.is.(bool); ok {
		return r.counted(Literal{v.at, truth})
	}
	if members, ok := v.is.(map[string]value); ok && members["op"].is != nil {
		return r.call(v.at, members)
	}
	return nil, fault(int(v.at), "a predicate is missing", `expected is an object with "op" and "args", true or false`)
}

// call reads an object with op and args.
func (r *jsonReader) call(at Place, members map[string]value) (Node, error) {
	name, _ := members["op"].is.(string)
	op := Op(name)
	if lower := Op(strings.ToLower(name)); lower == Intersects || temporal(lower) != nil {
		op = lower // the schema spells some of them as in s_intersects, some as in t_finishedBy
	}
	args, ok := members["args"].is.([]value)
	if !ok || len(members) != 2 {
		return nil, fault(int(at), "an operator has other members than op and args", `write {"op": …, "args": [ … ]}`)
	}
	if r.depth++; r.depth > MaxDepth {
		return nil, fault(int(at), fmt.Sprintf("predicates are nested more than %d deep", MaxDepth), "join what can be joined by one operator")
	}
	defer func() { r.depth-- }()
	least, most := arity(op)
	if most == 0 {
		return nil, fault(int(members["op"].at), fmt.Sprintf("the operator %.40q is not known", name), "known are and, or, not, =, <>, <, >, <=, >=, like, between, in, isNull, s_intersects and t_after to t_starts")
	}
	if op == In && len(args) == 2 {
		if list, ok := args[1].is.([]value); ok {
			args = append([]value{args[0]}, list...)
		} else {
			return nil, fault(int(args[1].at), "the values of in are no list", `write {"op":"in","args":[…,[ … ]]}`)
		}
	} else if op == In {
		args = nil
	}
	if len(args) < least || len(args) > most {
		return nil, fault(int(members["args"].at), fmt.Sprintf("%s has %d operands", name, len(args)), fmt.Sprintf("expected are %s", operands(least, most)))
	}
	c := Call{Place: at, Op: op}
	for _, arg := range args {
		one, err := r.argument(op, arg)
		if err != nil {
			return nil, err
		}
		c.Args = append(c.Args, one)
	}
	return r.counted(c)
}

// arity is how many operands an operator has; most is 0 for one that is not known.
func arity(op Op) (least, most int) {
	switch op {
	case And, Or:
		return 2, MaxNodes
	case In:
		return 2, MaxNodes
	case Not, IsNull:
		return 1, 1
	case Between:
		return 3, 3
	case Equal, NotEqual, Less, Greater, LessOrEqual, GreaterOrEqual, Like, Intersects:
		return 2, 2
	}
	if temporal(op) != nil {
		return 2, 2
	}
	return 0, 0
}

// operands says how many operands are expected.
func operands(least, most int) string {
	if least == most {
		return fmt.Sprint(least)
	}
	return fmt.Sprintf("at least %d", least)
}

// argument reads an operand of an operator.
func (r *jsonReader) argument(op Op, v value) (Node, error) {
	if op == And || op == Or || op == Not {
		return r.boolean(v)
	}
	switch one := v.is.(type) {
	case string:
		return r.counted(Literal{v.at, one})
	case bool:
		return r.counted(Literal{v.at, one})
	case json.Number:
		number, err := one.Float64()
		if err != nil {
			return nil, fault(int(v.at), fmt.Sprintf("%.40s is no number", one), "write 1234.5 or 1.2345e3")
		}
		return r.counted(Literal{v.at, number})
	case map[string]value:
		return r.object(op, v.at, one)
	}
	return nil, fault(int(v.at), "an operand is null or a list", `expected is {"property": …} or a literal; isNull asks for what is missing`)
}

// object reads an operand that is an object: a property, a time, a geometry, or, for
// isNull alone, a predicate.
func (r *jsonReader) object(op Op, at Place, members map[string]value) (Node, error) {
	if members["op"].is != nil {
		name, _ := members["op"].is.(string)
		if _, known := arity(Op(name)); op != IsNull && (known > 0 || temporal(Op(strings.ToLower(name))) != nil) {
			return nil, fault(int(at), "a predicate cannot be compared", "join predicates by and, or, not")
		}
		return r.call(at, members)
	}
	if kind, ok := members["type"]; ok {
		g, err := shapeOf(at, kind, members)
		if err != nil {
			return nil, err
		}
		return r.counted(Literal{at, g})
	}
	if len(members) == 1 {
		for name, v := range members {
			switch name {
			case "property":
				if property, ok := v.is.(string); ok && property != "" {
					return r.counted(Property{at, property})
				}
			case "date", "timestamp":
				if text, ok := v.is.(string); ok {
					return r.instant(at, name, text)
				}
			case "interval":
				if ends, ok := v.is.([]value); ok && len(ends) == 2 {
					return r.interval(at, ends)
				}
			case "bbox":
				numbers, err := numbersOf(v)
				if err != nil {
					return nil, err
				}
				g, err := boxOf(at, numbers)
				if err != nil {
					return nil, err
				}
				return r.counted(Literal{at, g})
			}
		}
	}
	return nil, fault(int(at), "an operand is of no known form", `expected is a literal, {"property": …}, {"date": …}, {"timestamp": …}, {"interval": [ …, … ]}, {"bbox": [ … ]} or a geometry in GeoJSON`)
}

// instant reads {"date": …} or {"timestamp": …}.
func (r *jsonReader) instant(at Place, name, text string) (Node, error) {
	v, err := moment(int(at), text)
	if err != nil {
		return nil, err
	}
	if (kindOf(v) == Date) != (name == "date") {
		return nil, fault(int(at), fmt.Sprintf("%q is a %s", text, kindOf(v)), "date takes a day, timestamp a time")
	}
	return r.counted(Literal{at, v})
}

// interval reads the two ends of {"interval": [ … ]}.
func (r *jsonReader) interval(at Place, ends []value) (Node, error) {
	one := Interval{Place: at}
	for i, end := range ends {
		var n Node
		if members, ok := end.is.(map[string]value); ok {
			var err error
			if n, err = r.object("", end.at, members); err != nil {
				return nil, err
			}
			if _, named := n.(Property); !named {
				return nil, fault(int(end.at), "an end of the interval is no time", `expected is a time, ".." or {"property": …}`)
			}
		} else if text, ok := end.is.(string); ok && text != ".." {
			v, err := moment(int(end.at), text)
			if err != nil {
				return nil, err
			}
			n = Literal{end.at, v}
		} else if !ok {
			return nil, fault(int(end.at), "an end of the interval is no time", `expected is a time, ".." or {"property": …}`)
		}
		if i == 0 {
			one.From = n
		} else {
			one.To = n
		}
	}
	if err := orderly(one); err != nil {
		return nil, err
	}
	return r.counted(one)
}

// numbersOf is a list of numbers, at least one.
func numbersOf(v value) ([]float64, error) {
	list, ok := v.is.([]value)
	var numbers []float64
	for _, one := range list {
		number, isNumber := one.is.(json.Number)
		f, err := number.Float64()
		if !isNumber || err != nil {
			return nil, fault(int(one.at), "a coordinate is no number", "write numbers")
		}
		numbers = append(numbers, f)
	}
	if !ok || len(numbers) == 0 {
		return nil, fault(int(v.at), "coordinates are missing", "write a list of numbers")
	}
	return numbers, nil
}
