package opcua

import (
	"fmt"
	"strings"

	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
)

// Deadband is how far a value must move before the server reports it
// (OPC 10000-4, 7.22.2): in the variable's own unit, or in percent of its
// EURange (OPC 10000-8, 6.2), which only variables that have one can do. The
// zero Deadband lets every change through.
//
// A counter wants none: what it holds back arrives later, at another instant.
type Deadband struct {
	Value   float64
	Percent bool
}

// ParseDeadband reads "0.5" or "1%".
func ParseDeadband(text string) (Deadband, error) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := energy.ParseValue(strings.TrimSpace(number))
	if err != nil {
		return Deadband{}, fmt.Errorf("%q is no deadband: a number in the variable's unit, or a number and %% is expected", text)
	}
	d := Deadband{v.Float64(), percent}
	return d, d.check()
}

// String writes what [ParseDeadband] reads.
func (d Deadband) String() string {
	text := energy.Float(d.Value).String()
	if d.Percent {
		text += "%"
	}
	return text
}

func (d Deadband) check() error {
	switch {
	case !(d.Value >= 0) || !energy.Float(d.Value).Finite():
		return fmt.Errorf("a deadband of %s: a number of 0 or more is expected", d)
	case d.Percent && d.Value > 100:
		return fmt.Errorf("a deadband of %s: at most 100%% is expected", d)
	}
	return nil
}

// filter is the deadband as a request has it; nil: none.
func (d Deadband) filter() *ua.ExtensionObject {
	if d.Value == 0 {
		return nil
	}
	kind := ua.DeadbandTypeAbsolute
	if d.Percent {
		kind = ua.DeadbandTypePercent
	}
	return ua.NewExtensionObject(&ua.DataChangeFilter{
		Trigger: ua.DataChangeTriggerStatusValue, DeadbandType: uint32(kind), DeadbandValue: d.Value,
	})
}
