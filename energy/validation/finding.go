package validation

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"heatledger/energy"
)

// Finding is what a rule found: where, when and how much.
type Finding struct {
	Rule     Rule
	Code     Code
	Severity Severity
	Site     energy.SiteID
	Meter    energy.MeterID // "" where it concerns more than one
	Point    energy.PointID // "" where it concerns the site, or all of a meter
	Period   energy.Period
	Args     Args // those named beside the code
}

// Severity says what a finding asks for.
type Severity string

// Info is worth knowing and may be in order. A warning is to be looked at: a
// value may be wrong or is lacking. An error cannot be true.
const (
	Info    Severity = "info"
	Warning Severity = "warning"
	Error   Severity = "error"
)

// Severities lists all of them, the gravest first.
func Severities() []Severity { return []Severity{Error, Warning, Info} }

// Args are the arguments of a code by name.
type Args map[string]Arg

// Arg is an amount with its unit, an instant, a day, or a name. It is one of them.
type Arg struct {
	Number float64
	Unit   energy.Unit // "" for what is no amount
	Time   time.Time
	Date   energy.Date
	Text   string
}

// Second is the unit of durations, Kelvin that of temperature differences.
const (
	Second energy.Unit = "s"
	Kelvin energy.Unit = "K"
)

func amount(x float64, unit energy.Unit) Arg { return Arg{Number: x, Unit: unit} }
func share(x float64) Arg                    { return Arg{Number: x, Unit: energy.One} }
func count(n int) Arg                        { return Arg{Number: float64(n), Unit: energy.One} }
func length(d time.Duration) Arg             { return Arg{Number: d.Seconds(), Unit: Second} }
func name(s string) Arg                      { return Arg{Text: s} }

// of is a derived amount in the canonical unit of its quantity.
func of(q energy.Quantity, a energy.Amount) Arg { return amount(q.Value(a).Float64(), q.Unit()) }

// MarshalJSON writes {"number":1.62,"unit":"kWh"}, an instant, a day or a name.
func (a Arg) MarshalJSON() ([]byte, error) {
	switch {
	case a.Unit != "":
		return json.Marshal(struct {
			Number float64     `json:"number"`
			Unit   energy.Unit `json:"unit"`
		}{a.Number, a.Unit})
	case !a.Time.IsZero():
		return json.Marshal(a.Time.UTC())
	case a.Date != energy.Date{}:
		return json.Marshal(a.Date)
	}
	return json.Marshal(a.Text)
}

// UnmarshalJSON reads what [Arg.MarshalJSON] writes.
func (a *Arg) UnmarshalJSON(text []byte) error {
	*a = Arg{}
	if len(text) > 0 && text[0] == '{' {
		return json.Unmarshal(text, &struct {
			Number *float64     `json:"number"`
			Unit   *energy.Unit `json:"unit"`
		}{&a.Number, &a.Unit})
	}
	if err := json.Unmarshal(text, &a.Text); err != nil {
		return err
	}
	if t, err := time.Parse(time.RFC3339Nano, a.Text); err == nil {
		*a = Arg{Time: t}
	} else if d, err := energy.ParseDate(a.Text); err == nil {
		*a = Arg{Date: d}
	}
	return nil
}

// found makes a finding of a code.
func found(site energy.SiteID, meter energy.MeterID, point energy.PointID, code Code, p energy.Period, args Args) Finding {
	d := define(code)
	if args == nil {
		args = Args{}
	}
	return Finding{Rule: d.Rule, Code: code, Severity: d.Severity, Site: site, Meter: meter, Point: point, Period: p, Args: args}
}

// Sort orders findings: the gravest first, then by time, point, meter and code.
func Sort(all []Finding) {
	rank := func(f Finding) int { return slices.Index(Severities(), f.Severity) }
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Period.From.Compare(b.Period.From), cmp.Compare(a.Point, b.Point),
			cmp.Compare(a.Meter, b.Meter), cmp.Compare(a.Code, b.Code), a.Period.To.Compare(b.Period.To))
	})
}
