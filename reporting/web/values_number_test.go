package web

import (
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
)

func TestColumnsShowEachValueAsAllFormsDo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		mantissa := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2000, 2000), rapid.SampledFrom([]int64{0, 10, -10, 1e6, -1 << 63, 1<<63 - 1})).Draw(t, "mantissa")
		places := rapid.IntRange(0, 18).Draw(t, "places")
		if got, want := string(appendFixed([]byte("12,"), mantissa, places)), "12,"+number(energy.Decimal(mantissa, int8(-places)), true, "null"); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}
