package kpi_test

import (
	"math"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

func TestScaleRoundsHalfAwayFromZeroAndEndsAtTheGreatestAmount(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a        energy.Amount
		num, den int64
		want     energy.Amount
	}{
		{1, 500, 1000, 1}, {-1, 500, 1000, -1}, {1, 499, 1000, 0}, {3, 500, 1000, 2}, {-3, 500, 1000, -2},
		{-1, 2000, 1000, -2}, {1000, -1, 1000, -1}, {-1000, -1, 1000, 1}, {0, -400, 1000, 0}, {7, 0, 1000, 0},
		{1 << 62, 4, 1, math.MaxInt64}, {1 << 62, 3, 1, math.MaxInt64}, {-1 << 62, 3, 1, -math.MaxInt64}, {1 << 62, 1 << 40, 1 << 41, 1 << 61},
	} {
		if got := kpi.Scale(tt.a, tt.num, tt.den); got != tt.want {
			t.Errorf("%d × %d / %d = %d, want %d", tt.a, tt.num, tt.den, got, tt.want)
		}
	}
}
