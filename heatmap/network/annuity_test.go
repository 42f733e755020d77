package network

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestAnnuitiesByHand(t *testing.T) {
	t.Parallel()
	h := Horizon{Years: 20, Interest: 0.05}
	for _, row := range []struct {
		name      string
		got, want float64
	}{
		{"the factor of 5 % over 20 years", h.Factor(), 0.0802425872},
		{"the factor without interest", Horizon{Years: 20}.Factor(), 0.05},
		{"a price that stays", h.PriceFactor(0), 1},
		{"a price that grows by 2 %", h.PriceFactor(0.02), 1.1767897836},
		{"a price that grows with the interest", h.PriceFactor(0.05), 20 / 1.05 * 0.0802425872},
		{"what lasts as long as the period", h.Capital(1000, 20, 0.02), 80.2425872},
		// Bought again after 10 years for 1000 · 1.02^10 = 1218.994, now worth 748.357.
		{"what lasts half the period", h.Capital(1000, 10, 0.02), (1000 + 748.3571) * 0.0802425872},
		// Half of its worth is left at the end: 500 / 1.05^20 = 188.4447.
		{"what lasts twice the period", h.Capital(1000, 40, 0.02), (1000 - 188.4447) * 0.0802425872},
	} {
		if !near(row.got, row.want, 1e-5*math.Max(1, row.want)) {
			t.Errorf("%s: %.10f, want %.10f", row.name, row.got, row.want)
		}
	}
}

// The annuity is worth as much as the payments it stands for, year by year.
func TestAnnuitiesAreWorthThePayments(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := Horizon{Years: rapid.IntRange(1, 60).Draw(t, "years"), Interest: rapid.Float64Range(0, 0.2).Draw(t, "interest")}
		life := rapid.IntRange(1, 80).Draw(t, "life")
		change := rapid.Float64Range(-0.05, 0.2).Draw(t, "change")
		discount := func(year int) float64 { return math.Pow(1+h.Interest, -float64(year)) }
		price := func(year int) float64 { return 1000 * math.Pow(1+change, float64(year)) }
		paid, yearly, escalating, last := 0.0, 0.0, 0.0, 0
		for year := range h.Years {
			if year%life == 0 {
				paid += price(year) * discount(year)
				last = year
			}
			yearly += h.Capital(1000, life, change) * discount(year+1)
			escalating += price(year) * discount(year+1)
		}
		paid -= price(last) * float64(last+life-h.Years) / float64(life) * discount(h.Years)
		if !near(yearly, paid, 1e-7*(1+math.Abs(paid)+price(last))) {
			t.Fatalf("annuities worth %g stand for payments of %g", yearly, paid)
		}
		worth := 0.0
		for year := range h.Years {
			worth += 1000 * h.PriceFactor(change) * discount(year+1)
		}
		if !near(worth, escalating, 1e-6*escalating) {
			t.Fatalf("annuities worth %g stand for yearly payments of %g", worth, escalating)
		}
	})
}

func TestDiversityFallsToItsFloor(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]float64{0: 1, 1: 1, 2: 0.99925610614, 10: 0.97395031940, 54: 0.72459140910, 100: 0.58824518605, 1000: 0.45285557301} {
		if got := Diversity(n, diversityA); !near(got, want, 1e-10) {
			t.Errorf("%d connections: %.11f, want %.11f", n, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n, floor := rapid.IntRange(0, 10000).Draw(t, "n"), rapid.Float64Range(0.1, 1).Draw(t, "floor")
		got, next := Diversity(n, floor), Diversity(n+1, floor)
		if got < floor-1e-12 || got > 1 || next > got {
			t.Fatalf("%d: %g, then %g; the floor is %g", n, got, next, floor)
		}
		if all := Diversity(n, 1); all != 1 {
			t.Fatalf("without diversity %d connections take %g", n, all)
		}
	})
}
