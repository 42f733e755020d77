package modbus

import (
	"context"
	"errors"
	"fmt"
	"math"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// compare holds the unit against a model; ok is false where they do not fit, or
// where too little was seen to say that they do.
func (s *scanned) compare(ctx context.Context, m *registermap.Model) (l Likeness, ok bool) {
	l.Model = m.ID
	if m.Relative { // where its blocks are is known to whoever set up the device
		return l, false
	}
	base, ok := s.base(ctx, m, &l)
	if !ok || len(m.SunSpec) == 0 && !s.identify(ctx, m, &l) {
		return l, false
	}
	for _, r := range m.Registers {
		if r.Quantity != energy.Frequency {
			continue
		}
		f, err := s.value(ctx, r, base)
		if l.Grade == Identified {
			break
		}
		if err != nil || f.Float64() < leastFrequency || f.Float64() > mostFrequency {
			return l, false
		}
		l.support(Plausible, "frequency %.2f Hz at %s %d", f.Float64(), r.Table, base+int(r.Address))
	}
	s.values(ctx, m, base, &l)
	return l, l.Grade > 0
}

// identify asks for the identity registers of the model; ok is false where one
// holds what it must not. One that is refused proves nothing. A single register is no proof, because any device
// may hold a small number there: it can only speak against the model.
func (s *scanned) identify(ctx context.Context, m *registermap.Model, l *Likeness) (ok bool) {
	for _, i := range m.Identity {
		if len(i.Expect) == 0 {
			continue
		}
		words, err := s.read(ctx, i.Table, int(i.Address), i.Words())
		switch {
		case err != nil: // older ones of a kind may not know the register
			l.Missing++
			l.Evidence = append(l.Evidence, fmt.Sprintf("%s at %s %d is refused", i.What, i.Table, i.Address))
		case !i.Fits(words):
			return false
		case i.Words() > 1:
			text, _ := i.Decode(words) // what fits can be read
			l.support(Identified, "%s %q at %s %d", i.What, text, i.Table, i.Address)
		}
	}
	if l.Grade < Identified {
		return true
	}
	for _, i := range m.Identity {
		if len(i.Expect) > 0 {
			continue
		}
		if words, err := s.read(ctx, i.Table, int(i.Address), i.Words()); err == nil {
			if text, err := i.Decode(words); err == nil {
				l.support(Identified, "%s %q at %s %d", i.What, text, i.Table, i.Address)
			}
		}
	}
	return true
}

// support adds evidence.
func (l *Likeness) support(g Grade, format string, args ...any) {
	l.Grade = max(l.Grade, g)
	l.Evidence = append(l.Evidence, fmt.Sprintf(format, args...))
}

// base is where the addresses of the model begin: at a SunSpec block, if it is
// one, which also says what the unit is.
func (s *scanned) base(ctx context.Context, m *registermap.Model, l *Likeness) (int, bool) {
	if len(m.SunSpec) == 0 {
		return 0, true
	}
	base, err := registermap.FindSunSpec(func(address uint16, count int) ([]uint16, error) {
		return s.read(ctx, registermap.Holding, int(address), count)
	}, m.SunSpec)
	if err != nil {
		return 0, false
	}
	id, err := s.read(ctx, registermap.Holding, int(base), 1)
	if err != nil {
		return 0, false
	}
	l.support(Identified, "SunSpec block %d at holding %d", id[0], base)
	return int(base), true
}

// The frequency of the European grid, far beyond what it reaches in operation
// (ENTSO-E: 49.8 to 50.2 Hz).
const leastFrequency, mostFrequency = 49, 51

// values asks for all registers of the model. That alone speaks for it only if
// all answer, at least two of them with a value, one of these not zero, and none
// with what cannot be.
func (s *scanned) values(ctx context.Context, m *registermap.Model, base int, l *Likeness) {
	values, zeros, lacking := 0, 0, 0
	for _, r := range m.Registers {
		v, err := s.value(ctx, r, base)
		switch {
		case errors.Is(err, registermap.ErrAbsent):
		case err != nil || !possible(r.Quantity, v.Float64()):
			if lacking++; l.Grade < Plausible {
				return
			}
		case v.Float64() == 0:
			values, zeros = values+1, zeros+1
		default:
			values++
		}
	}
	switch l.Missing += lacking; {
	case lacking > 0:
		l.Evidence = append(l.Evidence, fmt.Sprintf("but %d of %d registers do not answer with a possible value", lacking, len(m.Registers)))
	case values >= 2 && values > zeros:
		l.support(Readable, "all %d registers answer, %d with possible values", len(m.Registers), values)
	}
}

// value reads a register with its companions, in the canonical unit. A register
// whose unit the map does not explain gives the bare number: it is only to be
// seen whether it can be one.
func (s *scanned) value(ctx context.Context, r registermap.Register, base int) (energy.Value, error) {
	if r.UnitAsked() {
		r = r.In(r.Quantity.Unit())
	}
	var beside [][]uint16
	for _, c := range r.Companions() {
		words, err := s.read(ctx, r.Table, base+int(c.Address), c.Words)
		if err != nil {
			return energy.Value{}, err
		}
		beside = append(beside, words)
	}
	words, err := s.read(ctx, r.Table, base+int(r.Address), r.Words())
	if err != nil {
		return energy.Value{}, err
	}
	if r, err = r.Resolve(beside); err != nil {
		return energy.Value{}, err
	}
	return r.Decode(words)
}

// possible tells whether a meter can show v of a quantity. Bytes that mean
// something else make numbers far outside, mostly next to nothing or beyond all
// measure.
func possible(q energy.Quantity, v float64) bool {
	size := math.Abs(v)
	if size > 0 && size < 1e-6 {
		return false
	}
	switch q.Unit() {
	case energy.DegreeCelsius:
		return v > -60 && v < 250
	case energy.Kilowatt:
		return size < 1e6
	case energy.CubicMetrePerHour:
		return size < 1e5
	case energy.Hertz:
		return v >= leastFrequency && v <= mostFrequency
	}
	return v >= 0 && v < 1e12
}
