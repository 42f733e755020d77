package soak

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
)

// form is how a value carries its stamp and proof; tools/counterparts/stamped.js
// defines the forms in this order.
type form int

const (
	whole   form = iota // stamp << 22 | 22 bits of the proof
	inverse             // the same with all bits inverted
	double              // stamp << 12 | 12 bits, in a float64
	half                // 32 bits of the proof alone
)

// source is the place that a value comes from: no two have the same key.
type source struct {
	key  uint64
	form form
}

// sourceOf is a value of a stamped unit.
func sourceOf(server, unit, block, place int) source {
	return source{key: uint64((server*8+unit)*8 + block*4 + place), form: form(place)}
}

// proof is what the servers call mix.
func (s source) proof(stamp int64) uint64 {
	z := uint64(stamp)*0x9E3779B97F4A7C15 + s.key*0xBF58476D1CE4E5B9
	z = (z ^ z>>31) * 0x94D049BB133111EB
	return z ^ z>>29
}

// value is what the source gives at a stamp.
func (s source) value(stamp int64) energy.Value {
	p := s.proof(stamp)
	switch s.form {
	case whole:
		return energy.Decimal(stamp<<22|int64(p&0x3FFFFF), 0)
	case inverse:
		return energy.Decimal(^(stamp<<22 | int64(p&0x3FFFFF)), 0)
	case double:
		return energy.Float(float64(stamp<<12 | int64(p&0xFFF)))
	}
	return energy.Decimal(int64(p&0xFFFFFFFF), 0)
}

// stampOf is the stamp that a value claims to have; a half says none.
func (s source) stampOf(v energy.Value) (stamp int64, ok bool) {
	m, _ := v.Mantissa()
	switch s.form {
	case whole:
		return m >> 22, v.IsDecimal()
	case inverse:
		return ^m >> 22, v.IsDecimal()
	case double:
		f := v.Float64()
		return int64(f) >> 12, !v.IsDecimal() && f == math.Trunc(f) && math.Abs(f) < 1<<53
	}
	return 0, false
}

// prove is the stamp of a value, or why the source never gave it. A half is
// looked for among the stamps before at, as far as patience goes.
func (s source) prove(v energy.Value, at time.Time, patience time.Duration) (stamp int64, err error) {
	if s.form != half {
		stamp, ok := s.stampOf(v)
		if !ok || !s.value(stamp).Equal(v) {
			return 0, fmt.Errorf("%s proves nothing of key %d", v, s.key)
		}
		return stamp, nil
	}
	now := at.UnixMilli()
	for stamp := now + ahead; stamp >= now-patience.Milliseconds(); stamp-- {
		if s.value(stamp).Equal(v) {
			return stamp, nil
		}
	}
	return 0, fmt.Errorf("%s is nothing that key %d gave within %s", v, s.key, patience)
}

// ahead is how many milliseconds a stamp may be before the clock: one for each
// answer that a unit gave within the same millisecond.
const ahead = 50
