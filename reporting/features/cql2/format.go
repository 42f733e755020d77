package cql2

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"heatledger/heatmap/geo"
)

// FormatText is a filter as CQL2 Text, which [ParseText] reads to the same tree.
func FormatText(n Node) string {
	switch one := n.(type) {
	case Property:
		return `"` + one.Name + `"`
	case Literal:
		return literalText(one.Value)
	case Interval:
		return "INTERVAL(" + endText(one.From) + "," + endText(one.To) + ")"
	case Call:
		return callText(one)
	}
	return ""
}

// callText writes an operator. Predicates within others stand in parentheses, so that
// the tree is kept whatever binds before what.
func callText(c Call) string {
	args := make([]string, len(c.Args))
	for i, arg := range c.Args {
		args[i] = FormatText(arg)
		if _, nested := arg.(Call); nested {
			args[i] = "(" + args[i] + ")"
		}
	}
	switch c.Op {
	case And, Or:
		return strings.Join(args, " "+strings.ToUpper(string(c.Op))+" ")
	case Not:
		return "NOT " + args[0]
	case Like:
		return args[0] + " LIKE " + args[1]
	case Between:
		return args[0] + " BETWEEN " + args[1] + " AND " + args[2]
	case In:
		return args[0] + " IN (" + strings.Join(args[1:], ",") + ")"
	case IsNull:
		return args[0] + " IS NULL"
	case Equal, NotEqual, Less, Greater, LessOrEqual, GreaterOrEqual:
		return args[0] + string(c.Op) + args[1]
	}
	return strings.ToUpper(string(c.Op)) + "(" + strings.Join(args, ",") + ")"
}

// literalText writes a literal, with the escapes that the lexer reads.
func literalText(v any) string {
	switch one := v.(type) {
	case string:
		return "'" + strings.NewReplacer("'", "''", `\`, `\\`, "\a", `\a`, "\b", `\b`, "\t", `\t`, "\n", `\n`, "\v", `\v`, "\f", `\f`, "\r", `\r`).Replace(one) + "'"
	case float64:
		return numeral(one)
	case bool:
		return strings.ToUpper(strconv.FormatBool(one))
	case Box:
		parts := make([]string, len(one.Borders))
		for i, border := range one.Borders {
			parts[i] = numeral(border)
		}
		return "BBOX(" + strings.Join(parts, ",") + ")"
	case geo.Geometry:
		return shapeText(one)
	}
	if kindOf(v) == Date {
		return "DATE('" + momentText(v) + "')"
	}
	return "TIMESTAMP('" + momentText(v) + "')"
}

// numeral is the shortest text that reads back as the same number.
func numeral(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// endText is an end of an interval; nil is open.
func endText(n Node) string {
	switch one := n.(type) {
	case nil:
		return "'..'"
	case Literal:
		return "'" + momentText(one.Value) + "'"
	}
	return FormatText(n)
}

// momentText is a day or time as both encodings spell it.
func momentText(v any) string {
	if at, ok := v.(time.Time); ok {
		return at.UTC().Format("2006-01-02T15:04:05.999999999Z")
	}
	return fmt.Sprint(v)
}
