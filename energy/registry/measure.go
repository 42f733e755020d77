package registry

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
)

// Number is a decimal as it was written, of at most 18 digits.
type Number struct{ energy.Value }

// NumberOf is the whole number n.
func NumberOf(n int64) Number { return Number{energy.Decimal(n, 0)} }

// ParseNumber reads "0.50", "-3", "1.5e3". Its form is canonical: what it
// prints reads back as the same number.
func ParseNumber(text string) (Number, error) {
	v, err := energy.ParseValue(text)
	if err != nil {
		if strings.Contains(text, ",") {
			return Number{}, fmt.Errorf("%q is no number: a decimal point, and no thousands separator, is expected", text)
		}
		return Number{}, err
	}
	if v.IsDecimal() { // 1.5e3 becomes 1500
		v, err = energy.ParseValue(v.String())
	}
	if _, exp := v.Mantissa(); err != nil || !v.IsDecimal() || exp > 0 || exp < -18 {
		return Number{}, fmt.Errorf("%q is too long: at most 18 digits are expected", text)
	}
	return Number{v}, nil
}

// UnmarshalText reads what [ParseNumber] reads.
func (n *Number) UnmarshalText(text []byte) (err error) {
	*n, err = ParseNumber(string(text))
	return err
}

// UnmarshalJSON reads a JSON number.
func (n *Number) UnmarshalJSON(text []byte) error { return n.UnmarshalText(text) }

// Sign is -1, 0 or 1.
func (n Number) Sign() int {
	switch m, _ := n.Mantissa(); {
	case m < 0:
		return -1
	case m > 0:
		return 1
	}
	return 0
}

// Measure is a number with its unit, as files write it: "0.1 MWh", "4.5 GWh",
// "100 %", "1.3". The zero Measure is none.
type Measure struct {
	Number Number
	Unit   energy.Unit // energy.One where none is written
}

// UnmarshalText reads a number, a blank and a unit. The unit is checked by
// those who know what is measured.
func (m *Measure) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	digits := strings.TrimLeft(s, "+-0123456789.,")
	if len(digits) > 1 && (digits[0] == 'e' || digits[0] == 'E') && strings.ContainsAny(digits[1:2], "+-0123456789") {
		digits = strings.TrimLeft(digits[1:], "+-0123456789") // an exponent
	}
	n, err := ParseNumber(s[:len(s)-len(digits)])
	if err != nil {
		return fmt.Errorf("%q is no amount: a number and a unit such as 4.5 GWh is expected", s)
	}
	*m = Measure{Number: n, Unit: energy.Unit(strings.TrimSpace(digits))}
	if m.Unit == "" {
		m.Unit = energy.One
	}
	return nil
}

// MarshalText writes number and unit.
func (m Measure) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// String is number and unit; a number alone has no unit.
func (m Measure) String() string {
	if m.Unit == energy.One || m.Unit == "" {
		return m.Number.String()
	}
	return m.Number.String() + " " + string(m.Unit)
}

// In is the number in another unit. It errs when a unit is unknown or measures
// something else.
func (m Measure) In(unit energy.Unit) (energy.Value, error) {
	return energy.Convert(m.Number.Value, m.Unit, unit)
}

// Amount is the measure in the fixed unit of q. It errs when its unit is none
// of q's, or with [energy.ErrRange].
func (m Measure) Amount(q energy.Quantity) (energy.Amount, error) {
	v, err := m.In(q.Unit())
	if err != nil {
		return 0, err
	}
	return q.Fixed(v)
}

// FactValue is a number or a text.
type FactValue struct {
	number Number
	text   string // "" for a number
}

// UnmarshalText takes what is a number as one, everything else as a text.
func (v *FactValue) UnmarshalText(text []byte) error {
	n, err := ParseNumber(string(text))
	if err != nil {
		*v = FactValue{text: string(text)}
		return nil
	}
	*v = FactValue{number: n}
	return nil
}

// UnmarshalJSON reads a number or a string.
func (v *FactValue) UnmarshalJSON(text []byte) error {
	var s string
	if json.Unmarshal(text, &s) == nil {
		*v = FactValue{text: s}
		return nil
	}
	*v = FactValue{}
	return v.number.UnmarshalJSON(text)
}

// MarshalJSON writes a number or a string.
func (v FactValue) MarshalJSON() ([]byte, error) {
	if v.text != "" {
		return json.Marshal(v.text)
	}
	return v.number.MarshalJSON()
}

// Number is the number; ok is false for a text.
func (v FactValue) Number() (n energy.Value, ok bool) { return v.number.Value, v.text == "" }

// Float64 is the number, 0 for a text.
func (v FactValue) Float64() float64 { return v.number.Float64() }

// String is the value as it was written.
func (v FactValue) String() string {
	if v.text != "" {
		return v.text
	}
	return v.number.String()
}

// Month is a calendar month. The zero Month is none.
type Month struct {
	Year  int
	Month time.Month
}

// UnmarshalText reads "2025-03".
func (m *Month) UnmarshalText(text []byte) error {
	t, err := time.Parse("2006-01", string(text))
	if err != nil {
		return fmt.Errorf("%q is no month: YYYY-MM is expected", text)
	}
	*m = Month{Year: t.Year(), Month: t.Month()}
	return nil
}

// MarshalText writes "2025-03".
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// String writes "2025-03".
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year, m.Month) }

func yearText(year int) string { return strconv.Itoa(year) }
