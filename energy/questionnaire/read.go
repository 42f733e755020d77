package questionnaire

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"heatledger/energy"
)

// read brings what a person wrote to the registry's writing: decimals with a
// point, no grouping, the choices as they are. What is unchanged is taken as it is.
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
	if q.Before != nil && a.Value == q.Before.Value.String() { // the registry's own writing
		return a.Value, nil
	}
	n, err := energy.ParseTypedNumber(a.Value)
	var open *energy.AmbiguousNumberError
	if errors.As(err, &open) {
		return a.Value, Faults{fault(q.Name, FaultAmbiguous, fmt.Sprintf("%s may be %s or a decimal number", a.Value, open.Grouped), "write "+open.Grouped.String()+", or one digit more or less behind the mark", open.Grouped.String(), open.Fraction.String())}
	}
	if err != nil {
		return a.Value, Faults{fault(q.Name, FaultNumber, fmt.Sprintf("%.60q is no number", a.Value), "a number such as 1234,5 is expected, without a unit")}
	}
	if x := n.Float64(); x < q.Least || x > q.Most {
		return n.String(), Faults{fault(q.Name, FaultRange, fmt.Sprintf("%s is not plausible", n), fmt.Sprintf("a value from %g to %g %s is expected: is the unit right?", q.Least, q.Most, q.Unit),
			fmt.Sprintf("%g", q.Least), fmt.Sprintf("%g", q.Most), string(q.Unit))}
	}
	return n.String(), nil
}
