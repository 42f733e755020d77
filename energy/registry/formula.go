package registry

import (
	"fmt"
	"strings"

	"heatledger/energy"
)

// Formula is a sum of points with factors, written with blanks around its
// operators: "north/feed-1 + north/feed-2 - 0.5 * north/pump". The zero Formula
// is none.
type Formula struct{ Terms []Term }

// Term is one point of a formula with its factor.
type Term struct {
	Factor Number
	Point  energy.PointID
}

const formulaForm = "a sum such as site/a + site/b - 0.5 * site/c is expected, with blanks around the signs"

// UnmarshalText reads a formula.
func (f *Formula) UnmarshalText(text []byte) error {
	wrong := fmt.Errorf("%q is no formula: %s", text, formulaForm)
	words := strings.Fields(string(text))
	var terms []Term
	for len(words) > 0 {
		negative := words[0] == "-"
		if words[0] == "+" || words[0] == "-" {
			words = words[1:]
		} else if len(terms) > 0 {
			return wrong
		}
		term := Term{Factor: NumberOf(1)}
		if len(words) >= 2 && words[1] == "*" {
			if err := term.Factor.UnmarshalText([]byte(words[0])); err != nil {
				return wrong
			}
			words = words[2:]
		}
		if len(words) == 0 {
			return wrong
		}
		term.Point = energy.PointID(words[0])
		if err := term.Point.Check(); err != nil {
			return err
		}
		if words = words[1:]; negative {
			mantissa, exp := term.Factor.Mantissa()
			term.Factor = Number{energy.Decimal(-mantissa, exp)}
		}
		terms = append(terms, term)
	}
	if len(terms) == 0 {
		return wrong
	}
	f.Terms = terms
	return nil
}

// MarshalText writes the formula in its canonical form.
func (f Formula) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// String is the canonical form; "" for none.
func (f Formula) String() string {
	var b strings.Builder
	for i, t := range f.Terms {
		factor, sign := t.Factor.String(), "+"
		if rest, negative := strings.CutPrefix(factor, "-"); negative {
			factor, sign = rest, "-"
		}
		switch {
		case i > 0:
			b.WriteString(" " + sign + " ")
		case sign == "-":
			b.WriteString("- ")
		}
		if factor != "1" {
			b.WriteString(factor + " * ")
		}
		b.WriteString(string(t.Point))
	}
	return b.String()
}
