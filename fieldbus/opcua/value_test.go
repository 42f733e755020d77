package opcua

import (
	"math"
	"testing"

	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
)

func TestAValueIsReadByItsClassAndType(t *testing.T) {
	t.Parallel()
	kwh := reader{from: energy.KilowattHour, to: energy.KilowattHour}
	none := energy.Value{}
	for _, c := range []struct {
		is      string
		reader  reader
		value   any
		status  ua.StatusCode
		want    energy.Value
		quality energy.Quality
		reason  string
	}{
		{"an integer stays decimal", kwh, int16(-7), ua.StatusOK, energy.Decimal(-7, 0), energy.Measured, ""},
		{"an integer beyond 2^53 keeps its last digit", kwh, int64(1<<53 + 1), ua.StatusOK, energy.Decimal(1<<53+1, 0), energy.Measured, ""},
		{"an unsigned integer within 63 bits is exact", kwh, uint64(math.MaxInt64), ua.StatusOK, energy.Decimal(math.MaxInt64, 0), energy.Measured, ""},
		{"an unsigned integer beyond 63 bits is refused", kwh, uint64(math.MaxUint64), ua.StatusOK, none, energy.Missing, "value 18446744073709551615 is beyond 63 bits"},
		{"a float stays binary", kwh, float32(0.1), ua.StatusOK, energy.Float(float64(float32(0.1))), energy.Measured, ""},
		{"good with details is measured", kwh, 1.5, ua.StatusGoodClamped, energy.Float(1.5), energy.Measured, ""},
		{"good after an overflow is measured", kwh, 1.5, 0x480, energy.Float(1.5), energy.Measured, ""},
		{"uncertain is suspect", kwh, 1.5, ua.StatusUncertainLastUsableValue, energy.Float(1.5), energy.Suspect, ""},
		{"bad is no reading", kwh, 1.5, ua.StatusBadSensorFailure, none, energy.Missing, "status BadSensorFailure"},
		{"bad with info bits keeps its name", kwh, 1.5, ua.StatusBadNodeIDUnknown | 0x480, none, energy.Missing, "status BadNodeIdUnknown"},
		{"an unknown bad code is told by number", kwh, 1.5, 0x8FFF0000, none, energy.Missing, "status 0x8FFF0000"},
		{"the reserved class is bad", kwh, 1.5, 0xC0000000, none, energy.Missing, "status 0xC0000000"},
		{"NaN is absent", kwh, math.NaN(), ua.StatusOK, none, energy.Missing, "value is NaN, which means absent"},
		{"an infinity is absent", kwh, math.Inf(-1), ua.StatusOK, none, energy.Missing, "value is -Inf, which means absent"},
		{"a truth value is no number", kwh, true, ua.StatusOK, none, energy.Missing, "value is of type bool, a single number is expected"},
		{"a list is no number", kwh, []int32{1}, ua.StatusOK, none, energy.Missing, "value is of type []int32, a single number is expected"},
		{"nothing is no number", kwh, nil, ua.StatusOK, none, energy.Missing, "no value"},
		{"Wh become kWh exactly", reader{from: "Wh", to: "kWh"}, int64(41250007), ua.StatusOK, energy.Decimal(41250007, -3), energy.Measured, ""},
		{"GJ become kWh", reader{from: "GJ", to: "kWh"}, 3.6, ua.StatusOK, energy.Float(1000), energy.Measured, ""},
		{"a decimal scale is exact", reader{from: "kWh", to: "kWh", scale: energy.Decimal(25, -2)}, int32(-3), ua.StatusOK, energy.Decimal(-75, -2), energy.Measured, ""},
		{"a scale beyond the digits becomes binary", reader{from: "kWh", to: "kWh", scale: energy.Decimal(25, 0)}, int64(math.MaxInt64), ua.StatusOK, energy.Float(math.MaxInt64 * 25.0), energy.Measured, ""},
		{"a scaled float is binary", reader{from: "kWh", to: "kWh", scale: energy.Decimal(5, -1)}, 3.0, ua.StatusOK, energy.Float(1.5), energy.Measured, ""},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			v := &ua.DataValue{Status: c.status}
			if c.value != nil {
				v.Value = ua.MustVariant(c.value)
			}
			got, quality, err := c.reader.read(v)
			reason := ""
			if err != nil {
				reason = err.Error()
			}
			if got != c.want || quality != c.quality || reason != c.reason {
				t.Errorf("read(%v, %#x) = %v, %s, %q; want %v, %s, %q", c.value, uint32(c.status), got, quality, reason, c.want, c.quality, c.reason)
			}
		})
	}
}

func TestAnOverflowIsToldFromOtherInfo(t *testing.T) {
	t.Parallel()
	for status, want := range map[ua.StatusCode]bool{0x480: true, 0x40900480: true, 0x400: false, 0x80: false, 0: false} {
		if overflowed(status) != want {
			t.Errorf("overflowed(%#x) = %t, want %t", uint32(status), !want, want)
		}
	}
}
