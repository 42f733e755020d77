package disclosure

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// compare fills the three columns of a field, and lets what was declared stand
// in the field where nothing else is known.
func (b *builder) compare(f *Field) {
	if f.Value.OK() && f.Basis != Declared {
		f.Metered = &Stated{Value: f.Value, Unit: f.Unit, Basis: f.Basis, By: "points"}
	}
	for _, d := range b.Site.Declarations {
		if d.Year != b.Year || d.Field != f.Code {
			continue
		}
		stated := stated(d, f.Unit)
		if d.To != registry.ToMunicipality {
			f.Published = stated
			continue
		}
		f.Declared = stated // what was declared of the very field beats a fact
		if !f.Value.OK() {
			f.Value, f.Unit, f.Basis = stated.Value, stated.Unit, Declared
			f.Sources = []Source{{Kind: FromDeclaration, ID: d.ID(), Document: d.Document}}
		}
	}
	var first *Stated
	for _, column := range []*Stated{f.Metered, f.Declared, f.Published} {
		if column == nil {
			continue
		}
		if first == nil {
			first = column
			continue
		}
		column.Difference = difference(*first, *column)
	}
}

func stated(d registry.Declaration, unit energy.Unit) *Stated {
	s := &Stated{Value: Text(d.Value.String()), Unit: unit, Basis: Declared, By: string(d.To), Document: d.Document}
	if number, ok := d.Value.Number(); ok {
		s.Value = Number(number)
		if d.Unit != "" {
			s.Unit = energy.Unit(d.Unit)
		}
		if unit != "" && s.Unit != unit && s.Unit.Convertible(unit) {
			if converted, err := energy.Convert(number, s.Unit, unit); err == nil {
				s.Value, s.Unit = Number(converted), unit
			}
		}
	}
	if (d.On != energy.Date{}) {
		s.On = d.On.String()
	}
	return s
}

// difference is that of a column to another, in per cent of the other; nil where
// they cannot be compared.
func difference(base, other Stated) *float64 {
	a, okA := base.Value.Float64()
	b, okB := other.Value.Float64()
	if !okA || !okB || a == 0 || base.Unit != other.Unit {
		return nil
	}
	percent := (b - a) / a * 100
	return &percent
}
