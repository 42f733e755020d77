package opcua

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"

	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
)

// severity is the class of a status code, its two top bits (OPC 10000-4, 7.39).
type severity uint8

const (
	good      severity = 0
	uncertain severity = 1
)

func severityOf(s ua.StatusCode) severity { return severity(s >> 30) }

// isBad tells whether there is no value, or nothing was done.
func isBad(s ua.StatusCode) bool { return severityOf(s) > uncertain }

// overflowed tells whether the server dropped values from the item's queue
// before this one (info type DataValue, bit Overflow).
func overflowed(s ua.StatusCode) bool { return s&0x0C00 == 0x0400 && s&0x80 != 0 }

// statusName is the code's symbolic name, as OPC 10000-6, A.2 lists it
// ("BadNodeIdUnknown"), without what its low bits add.
func statusName(s ua.StatusCode) string {
	if s&0xFFFF0000 == 0 {
		return "Good"
	}
	if known, ok := ua.StatusCodes[s&0xFFFF0000]; ok {
		name := strings.TrimPrefix(known.Name, "Status")
		return strings.NewReplacer("ID", "Id", "TCP", "Tcp", "URI", "Uri", "URL", "Url").Replace(name)
	}
	return fmt.Sprintf("0x%08X", uint32(s))
}

// reader turns a node's values into values of its point.
type reader struct {
	from, to energy.Unit
	scale    energy.Value
}

// read is the value and its quality, or why there is none.
func (r reader) read(v *ua.DataValue) (energy.Value, energy.Quality, error) {
	quality := energy.Measured
	switch severityOf(v.Status) {
	case good:
	case uncertain:
		quality = energy.Suspect
	default:
		return energy.Value{}, energy.Missing, fmt.Errorf("status %s", statusName(v.Status))
	}
	n, err := number(v.Value)
	if err != nil {
		return energy.Value{}, energy.Missing, err
	}
	n, err = energy.Convert(times(n, r.scale), r.from, r.to)
	if err != nil {
		return energy.Value{}, energy.Missing, err
	}
	if !n.Finite() {
		return energy.Value{}, energy.Missing, fmt.Errorf("value is %s, which means absent", n)
	}
	return n, quality, nil
}

// number is a scalar's value: integers decimal, floats binary.
func number(v *ua.Variant) (energy.Value, error) {
	if v == nil || v.Value() == nil {
		return energy.Value{}, errors.New("no value")
	}
	switch x := v.Value().(type) {
	case int8:
		return energy.Decimal(int64(x), 0), nil
	case uint8:
		return energy.Decimal(int64(x), 0), nil
	case int16:
		return energy.Decimal(int64(x), 0), nil
	case uint16:
		return energy.Decimal(int64(x), 0), nil
	case int32:
		return energy.Decimal(int64(x), 0), nil
	case uint32:
		return energy.Decimal(int64(x), 0), nil
	case int64:
		return energy.Decimal(x, 0), nil
	case uint64:
		if x > math.MaxInt64 {
			return energy.Value{}, fmt.Errorf("value %d is beyond 63 bits", x)
		}
		return energy.Decimal(int64(x), 0), nil
	case float32:
		return energy.Float(float64(x)), nil
	case float64:
		return energy.Float(x), nil
	}
	return energy.Value{}, fmt.Errorf("value is of type %T, a single number is expected", v.Value())
}

// times is v · scale: exact for decimals as long as the digits fit, else binary.
// The zero Value as scale is 1.
func times(v, scale energy.Value) energy.Value {
	if scale == (energy.Value{}) {
		return v
	}
	if v.IsDecimal() && scale.IsDecimal() {
		a, ea := v.Mantissa()
		b, eb := scale.Mantissa()
		hi, lo := bits.Mul64(magnitude(a), magnitude(b))
		exp := int(ea) + int(eb)
		if hi == 0 && lo <= math.MaxInt64 && exp >= math.MinInt8 && exp <= math.MaxInt8 {
			m := int64(lo)
			if (a < 0) != (b < 0) {
				m = -m
			}
			return energy.Decimal(m, int8(exp))
		}
	}
	return energy.Float(v.Float64() * scale.Float64())
}

func magnitude(m int64) uint64 {
	if m < 0 {
		return uint64(-m)
	}
	return uint64(m)
}
