package questionnaire

import (
	"fmt"
	"slices"
	"strings"

	"heatledger/energy"
)

// read brings what a person wrote to the registry's writing: decimals with a
// point, no grouping, the choices as they are.
func (q Question) read(a Answer) (value string, faults Faults) {
	if a.Value == "" {
		return "", nil
	}
	if !q.Numeric() {
		if q.Choices != nil && !slices.Contains(q.Choices, a.Value) {
			return a.Value, Faults{fault(q.Name, FaultChoice, fmt.Sprintf("%.60q is no choice", a.Value), "one of "+strings.Join(q.Choices, ", ")+" is expected", q.Choices...)}
		}
		return a.Value, nil
	}
	text := strings.Map(func(c rune) rune {
		if c == ' ' || c == '\u00a0' || c == '\u202f' || c == '\u2009' { // groups by space are clear
			return -1
		}
		return c
	}, a.Value)
	if whole, ok := grouped(text); ok {
		return a.Value, Faults{fault(q.Name, FaultAmbiguous, fmt.Sprintf("%s may be %s or a decimal number", a.Value, whole), "write "+whole+", or one digit more or less behind the mark", whole)}
	}
	if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	n, err := energy.ParseValue(text)
	if err != nil {
		return a.Value, Faults{fault(q.Name, FaultNumber, fmt.Sprintf("%.60q is no number", a.Value), "a number such as 1234,5 is expected, without a unit")}
	}
	if x := n.Float64(); x < q.Least || x > q.Most {
		return n.String(), Faults{fault(q.Name, FaultRange, fmt.Sprintf("%s is not plausible", n), fmt.Sprintf("a value from %g to %g %s is expected: is the unit right?", q.Least, q.Most, q.Unit),
			fmt.Sprintf("%g", q.Least), fmt.Sprintf("%g", q.Most), string(q.Unit))}
	}
	return n.String(), nil
}

// grouped tells whether a number may have groups of three digits, and gives it
// without their marks: 1.234 and 1.234.567 and 1.234,5 do; 0.234 does not.
func grouped(text string) (whole string, ok bool) {
	digits := strings.TrimPrefix(text, "-")
	marks := strings.Count(digits, ".") + strings.Count(digits, ",")
	if marks == 0 {
		return "", false
	}
	first := strings.IndexAny(digits, ".,")
	if marks > 1 {
		if energy.IsID(strings.NewReplacer(".", "", ",", "").Replace(digits)) { // digits only
			whole = strings.ReplaceAll(digits, string(digits[first]), "")
			return strings.Replace(whole, ",", ".", 1), strings.ContainsAny(digits[first+1:], ".,")
		}
		return "", false
	}
	group := digits[first+1:]
	if first < 1 || first > 3 || digits[0] == '0' || len(group) != 3 || strings.Trim(group, "0123456789") != "" {
		return "", false
	}
	return strings.Replace(digits, digits[first:first+1], "", 1), true
}
