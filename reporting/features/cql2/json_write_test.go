package cql2

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"heatledger/heatmap/geo"
)

// AppendJSON appends a filter as CQL2 JSON: by it two trees are told to be one.
func AppendJSON(dst []byte, n Node) []byte {
	switch one := n.(type) {
	case Property:
		return append(quoted(append(dst, `{"property":`...), one.Name), '}')
	case Literal:
		return appendLiteral(dst, one.Value)
	case Interval:
		dst = append(dst, `{"interval":[`...)
		dst = append(appendEnd(dst, one.From), ',')
		return append(appendEnd(dst, one.To), "]}"...)
	case Call:
		dst = append(quoted(append(dst, `{"op":`...), spelled(one.Op)), `,"args":[`...)
		for i, arg := range one.Args {
			if i > 0 {
				dst = append(dst, ',')
			}
			if one.Op == In && i == 1 {
				dst = append(dst, '[')
			}
			dst = AppendJSON(dst, arg)
		}
		if one.Op == In {
			dst = append(dst, ']')
		}
		return append(dst, "]}"...)
	}
	return append(dst, "null"...)
}

// spelled is an operator as the schema of the standard spells it: t_finishedBy.
func spelled(op Op) string {
	if before, ok := strings.CutSuffix(string(op), "by"); ok && temporal(op) != nil {
		return before + "By"
	}
	return string(op)
}

// quoted appends a text, with its signs as they are.
func quoted(dst []byte, text string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // texts always can be
	return append(dst, bytes.TrimSpace(b.Bytes())...)
}

// appendEnd appends an end of an interval; nil is open.
func appendEnd(dst []byte, n Node) []byte {
	literal, ok := n.(Literal)
	switch {
	case n == nil:
		return append(dst, `".."`...)
	case ok:
		return quoted(dst, momentText(literal.Value))
	}
	return AppendJSON(dst, n)
}

// appendLiteral appends a literal in the form of the schema of annex C.
func appendLiteral(dst []byte, v any) []byte {
	switch one := v.(type) {
	case string:
		return quoted(dst, one)
	case Day:
		return append(quoted(append(dst, `{"date":`...), string(one)), '}')
	case time.Time:
		return append(quoted(append(dst, `{"timestamp":`...), momentText(one)), '}')
	case Box:
		numbers, _ := json.Marshal(one.Borders) // finite: they were read
		return append(append(append(dst, `{"bbox":`...), numbers...), '}')
	case geo.Geometry:
		return appendShape(dst, one)
	}
	whole, _ := json.Marshal(v) // a bool or finite number
	return append(dst, whole...)
}

// appendShape appends a geometry as GeoJSON, with every digit of its coordinates.
func appendShape(dst []byte, g geo.Geometry) []byte {
	dst = append(quoted(append(dst, `{"type":`...), string(g.Kind())), ',')
	if all, ok := g.(geo.Collection); ok {
		dst = append(dst, `"geometries":[`...)
		for i, one := range all {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendShape(dst, one)
		}
		return append(dst, "]}"...)
	}
	nested, _ := json.Marshal(coordinates(g)) // finite: they were read
	return append(append(append(dst, `"coordinates":`...), nested...), '}')
}
