package web

import (
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
)

func TestColumnsShowEachValueAsAllFormsDo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := energy.Decimal(rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2000, 2000), rapid.SampledFrom([]int64{0, 10, -10, 1e6, -1 << 63, 1<<63 - 1})).Draw(t, "mantissa"),
			int8(rapid.IntRange(-25, 3).Draw(t, "exponent")))
		if rapid.Bool().Draw(t, "binary") {
			v = energy.Float(rapid.Float64().Draw(t, "float"))
		}
		ok := rapid.Bool().Draw(t, "ok")
		if got, want := string(appendNumber([]byte("12,"), v, ok)), "12,"+number(v, ok, "null"); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}
