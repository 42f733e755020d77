package series

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// rounded is a rational number rounded to an integer, halves away from zero.
func rounded(r *big.Rat) *big.Int {
	half := big.NewRat(1, 2)
	if r.Sign() < 0 {
		half.Neg(half)
	}
	sum := new(big.Rat).Add(r, half)
	return new(big.Int).Quo(sum.Num(), sum.Denom())
}

func TestAFactorIsAppliedExactlyAndRoundedOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		a        int64
		factor   Ratio
		want     int64
		ok       bool
	}{
		{"no factor", math.MaxInt64, Ratio{1, 1}, math.MaxInt64, true},
		{"transformers of 800", 7, Ratio{800, 1}, 5600, true},
		{"a half is rounded up", 5, Ratio{1, 2}, 3, true},
		{"and down below zero", -5, Ratio{1, 2}, -3, true},
		{"less than a half is not", 4, Ratio{1, 3}, 1, true},
		{"more than a half is", 5, Ratio{1, 3}, 2, true},
		{"the least below zero", -1, Ratio{3, 1}, -3, true},
		{"nothing of it", 5, Ratio{0, 3}, 0, true},
		{"nothing at all", 0, Ratio{7, 3}, 0, true},
		{"the greatest that a counter gives", mostCounter, Ratio{2, 2}, mostCounter, true},
		{"the same by a factor", mostCounter / 2, Ratio{2, 1}, mostCounter, true},
		{"one more", mostCounter/2 + 1, Ratio{2, 1}, 0, false},
		{"far more, in 128 bits", math.MaxInt64, Ratio{math.MaxInt64, 1}, 0, false},
		{"a product of which the upper half is the denominator", 1 << 62, Ratio{4, 1}, 0, false},
		{"a factor below zero", 5, Ratio{-1, 2}, 0, false},
		{"a factor below zero of nothing", 0, Ratio{-1, 2}, 0, false},
		{"a factor just below zero", 1, Ratio{-1, 1 << 40}, 0, false},
		{"a factor of nothing below the line", 5, Ratio{1, 0}, 0, false},
		{"less than nothing below the line", 5, Ratio{1, -2}, 0, false},
	} {
		if got, ok := scaled(tt.a, tt.factor); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %d × %v = %d, %v, want %d, %v", tt.sentence, tt.a, tt.factor, got, ok, tt.want, tt.ok)
		}
	}
}

func TestAShareIsRoundedToTheNearestHalvesUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(-1<<60, 1<<60).Draw(t, "a")
		whole := rapid.Int64Range(1, 1<<50).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(a), big.NewInt(part)), big.NewInt(whole))
		up := new(big.Rat).Add(exact, big.NewRat(1, 2)) // floor of it
		want := new(big.Int).Div(up.Num(), up.Denom())
		if got := share(a, part, whole); want.Cmp(big.NewInt(got)) != 0 {
			t.Fatalf("%d × %d / %d = %d, want %v", a, part, whole, got, want)
		}
	})
	for _, tt := range []struct{ a, part, whole, want int64 }{{5, 1, 2, 3}, {-5, 1, 2, -2}, {-1, 1, 2, 0}, {1, 1, 2, 1}, {-1, 2, 3, -1}, {-7, 4, 4, -7}, {0, 1, 2, 0}} {
		if got := share(tt.a, tt.part, tt.whole); got != tt.want {
			t.Errorf("%d × %d / %d = %d, want %d", tt.a, tt.part, tt.whole, got, tt.want)
		}
	}
}

func TestASumOfProductsIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var sum integral
		exact := new(big.Int)
		for range rapid.IntRange(0, 5).Draw(t, "products") {
			a, d := rapid.Int64Range(-1<<62, 1<<62).Draw(t, "a"), rapid.Int64Range(-1<<40, 1<<40).Draw(t, "d")
			sum.addSigned(a, d)
			exact.Add(exact, new(big.Int).Mul(big.NewInt(a), big.NewInt(d)))
		}
		d := rapid.Int64Range(1, 1<<50).Draw(t, "divisor")
		quotient := new(big.Int).Quo(new(big.Int).Abs(exact), big.NewInt(d))
		if want := quotient.Cmp(big.NewInt(mostCounter)) < 0; sum.fits(d) != want {
			t.Fatalf("%v / %d fits: %v, want %v", exact, d, sum.fits(d), want)
		}
		if !sum.fits(d) {
			return
		}
		if want := rounded(new(big.Rat).SetFrac(exact, big.NewInt(d))); want.Cmp(big.NewInt(sum.over(d))) != 0 {
			t.Fatalf("%v / %d = %d, want %v", exact, d, sum.over(d), want)
		}
	})
	for _, tt := range []struct {
		a, by, d, want int64
		fits           bool
	}{
		{-7, 3, 2, -11, true}, {-7, -3, 2, 11, true}, {7, -3, 2, -11, true}, {0, -5, 3, 0, true}, {-1, 1, 1, -1, true}, {1, 1, 2, 1, true}, {-1, 1, 2, -1, true},
		{mostCounter, 1, 1, 0, false}, {mostCounter - 1, 1, 1, mostCounter - 1, true}, {1 - mostCounter, 1, 1, 1 - mostCounter, true}, {-mostCounter, 1, 1, 0, false}, {1 << 62, 1 << 40, 1, 0, false},
		{1 << 62, 4, 1 << 10, 1 << 54, true}, {1 << 62, 4, 1, 0, false}, {-1 << 62, 4, 1, 0, false},
	} {
		var sum integral
		sum.addSigned(tt.a, tt.by)
		if fits := sum.fits(tt.d); fits != tt.fits || fits && sum.over(tt.d) != tt.want {
			t.Errorf("%d × %d / %d = %d, which fits: %v, want %d, %v", tt.a, tt.by, tt.d, sum.over(tt.d), fits, tt.want, tt.fits)
		}
	}
}
