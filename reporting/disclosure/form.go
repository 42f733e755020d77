package disclosure

import (
	"encoding/json"
	"strconv"
	"time"

	"heatledger/energy"
)

// Form is a form that was filled in. It holds codes and numbers only: words are
// added where it is shown.
type Form struct {
	ID       FormID        `json:"form"`
	Citation string        `json:"citation"`
	State    string        `json:"state"`
	Class    Class         `json:"publication"`
	Due      *energy.Date  `json:"due"` // null: on request only
	Site     energy.SiteID `json:"site"`
	Name     string        `json:"site_name"`
	Year     int           `json:"year"`
	AsKnown  time.Time     `json:"as_known_at"`
	Fact     int64         `json:"fact"`   // of the site, the last that it rests on
	Status   Status        `json:"status"` // final once the year was over
	// Missing are the codes of the fields without a value, Incomplete those whose
	// energy is not wholly known. Both come first: they are what is left to do.
	Missing    []string `json:"missing"`
	Incomplete []string `json:"incomplete"`
	Notes      []string `json:"notes,omitempty"`
	Fields     []Field  `json:"fields"`
}

// Field is one line of a form.
type Field struct {
	Code   string      `json:"code"`             // ours: never two fields of one name
	Number string      `json:"number"`           // the authority's own
	Symbol string      `json:"symbol,omitempty"` // the authority's own
	Label  string      `json:"label"`            // key of its words
	Value  Value       `json:"value"`
	Unit   energy.Unit `json:"unit,omitempty"`
	Basis  Basis       `json:"basis,omitempty"`
	Status Status      `json:"status,omitempty"`
	// The shares of the year whose energy is known and that were measured at their
	// own time, 0 to 1; null where the value is no sum over time.
	EnergyCoverage   *float64 `json:"energy_coverage"`
	IntervalCoverage *float64 `json:"interval_coverage"`
	SubstituteShare  *float64 `json:"substitute_share"`
	Uncertainty      *float64 `json:"uncertainty"` // relative, k = 2
	Standard         string   `json:"standard,omitempty"`
	Edition          string   `json:"edition,omitempty"`
	Category         int      `json:"category,omitempty"`
	Fact             int64    `json:"fact"`
	Sources          []Source `json:"sources"`
	Missing          []Lack   `json:"missing,omitempty"`
	Notes            []string `json:"notes,omitempty"`
	Unconfirmed      bool     `json:"unconfirmed,omitempty"` // the column is not confirmed in a primary text
	// The same in three columns; null where nobody said anything.
	Metered   *Stated `json:"metered"`
	Declared  *Stated `json:"declared"`
	Published *Stated `json:"published"`
	Argument  string  `json:"argument,omitempty"` // of the label: a month, a customer
}

// Basis says what a value rests on.
type Basis string

// The bases: meters; the operator's word; both; meters by way of a formula or share.
const (
	Measured   Basis = "measured"
	Declared   Basis = "declared"
	Mixed      Basis = "mixed"
	Calculated Basis = "calculated"
)

// Status says whether a value can still change by itself.
type Status string

// The states.
const (
	Provisional Status = "provisional"
	Final       Status = "final"
)

// Stated is a value in one of the three columns.
type Stated struct {
	Value    Value       `json:"value"`
	Unit     energy.Unit `json:"unit,omitempty"`
	Basis    Basis       `json:"basis"`
	By       string      `json:"by"` // points, facts, municipality, federal_register …
	On       string      `json:"on,omitempty"`
	Document string      `json:"document,omitempty"`
	// Difference is to the first column that has a value, in per cent of that;
	// null for the first itself, for texts and for another unit.
	Difference *float64 `json:"difference_percent"`
}

// Source is what a value rests on, by the name under which the API shows it.
type Source struct {
	Kind     SourceKind `json:"kind"`
	ID       string     `json:"id"`
	Document string     `json:"document,omitempty"`
}

// SourceKind is where a source is to be found.
type SourceKind string

// The kinds: a point of the site; a figure of the site and year; a fact, field
// or declaration of the registry; a piece of evidence; the grid's hours.
const (
	FromPoint       SourceKind = "point"
	FromFigure      SourceKind = "figure"
	FromFact        SourceKind = "fact"
	FromRegistry    SourceKind = "registry"
	FromDeclaration SourceKind = "declaration"
	FromEvidence    SourceKind = "evidence"
	FromGrid        SourceKind = "grid"
)

// Lack is something that would give a missing value.
type Lack struct {
	Kind     LackKind        `json:"kind"`
	Role     energy.Role     `json:"role,omitempty"`     // of a meter
	Quantity energy.Quantity `json:"quantity,omitempty"` // of a meter
	Name     string          `json:"name,omitempty"`     // of a fact, field of the registry, kind of evidence
	Points   []string        `json:"points,omitempty"`   // whose readings are missing
}

// LackKind is what has to be done.
type LackKind string

// The kinds: install or register a meter; hand in readings; state a fact; fill in
// a field of the registry; hand in evidence.
const (
	LackMeter    LackKind = "meter"
	LackReadings LackKind = "readings"
	LackFact     LackKind = "fact"
	LackRegistry LackKind = "registry"
	LackEvidence LackKind = "evidence"
)

// Value is a number, as exact as it is known, or a text. The zero Value is none.
type Value struct {
	number json.Number
	text   string
}

// Text is a value of words; "" is none.
func Text(s string) Value { return Value{text: s} }

// Number is an exact number.
func Number(v energy.Value) Value {
	if !v.Finite() {
		return Value{}
	}
	return Value{number: json.Number(v.String())}
}

// Float is a number as the API writes it.
func Float(f float64) Value {
	written, err := json.Marshal(f)
	if err != nil { // NaN or infinite: no number
		return Value{}
	}
	return Value{number: json.Number(written)}
}

// OK tells whether there is a value.
func (v Value) OK() bool { return v.number != "" || v.text != "" }

// Float64 is the number; ok is false for a text and for none.
func (v Value) Float64() (f float64, ok bool) {
	f, err := strconv.ParseFloat(string(v.number), 64)
	return f, err == nil
}

// String is the number or text as it stands in data files; "" for none.
func (v Value) String() string { return string(v.number) + v.text }

// MarshalJSON writes a number, a string or null.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case v.number != "":
		return []byte(v.number), nil
	case v.text != "":
		return json.Marshal(v.text)
	}
	return []byte("null"), nil
}

// Complete is how many fields have a value, of how many.
func (f Form) Complete() (have, all int) { return len(f.Fields) - len(f.Missing), len(f.Fields) }

// Field is the field of that code.
func (f Form) Field(code string) (Field, bool) {
	for _, field := range f.Fields {
		if field.Code == code {
			return field, true
		}
	}
	return Field{}, false
}

// InOrder are the fields with the missing ones first, else in the form's order.
func (f Form) InOrder() []Field {
	fields := make([]Field, 0, len(f.Fields))
	for _, wanted := range []bool{false, true} {
		for _, field := range f.Fields {
			if field.Value.OK() == wanted {
				fields = append(fields, field)
			}
		}
	}
	return fields
}
