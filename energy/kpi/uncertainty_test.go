package kpi_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

func TestWhatOneMeterGetsWrongItGetsWrongInAllItsParts(t *testing.T) {
	t.Parallel()
	part := func(meter energy.MeterID, amount energy.Amount) kpi.Share {
		return kpi.Share{Amount: amount, Percent: 1, HasClass: true, Meter: meter}
	}
	one := 2 * 0.01 / math.Sqrt(3)
	for _, tt := range []struct {
		name   string
		shares []kpi.Share
		want   float64
	}{
		{"one meter", []kpi.Share{part("a", 1000)}, one},
		{"two tariffs of one meter are as one", []kpi.Share{part("a", 400), part("a", 600)}, one},
		{"two meters err apart", []kpi.Share{part("a", 500), part("b", 500)}, one / math.Sqrt2},
		{"parts without a meter are meters of their own", []kpi.Share{part("", 500), part("", 500)}, one / math.Sqrt2},
		{"what one meter adds and takes off cancels out", []kpi.Share{part("a", 1500), part("a", -500)}, one},
	} {
		if got, ok := kpi.AmountUncertainty(tt.shares); !ok || math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s: %v, %v, want %v", tt.name, got, ok, tt.want)
		}
	}
}

func TestTransformersOfBothKindsErrTwice(t *testing.T) {
	t.Parallel()
	number := func(text string) registry.Number {
		n, err := registry.ParseNumber(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	meter := registry.Meter{Accuracy: registry.Accuracy{Class: "0.5S"}, Transformers: registry.Transformers{CT: number("800"), Class: "0.5"}}
	if got, ok := kpi.MeterPercent(meter); !ok || math.Abs(got-math.Sqrt(0.5)) > 1e-12 {
		t.Errorf("behind current transformers: %v %%, %v, want √0.5", got, ok)
	}
	meter.Transformers.VT = number("200")
	if got, ok := kpi.MeterPercent(meter); !ok || math.Abs(got-math.Sqrt(0.75)) > 1e-12 {
		t.Errorf("behind current and voltage transformers: %v %%, %v, want √0.75", got, ok)
	}
}

func TestAFactorIsRoundedOnceADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		factor := rapid.Int64Range(-2000, 2000).Draw(t, "factor")
		day := flat(june, 0)
		var sum energy.Amount
		for q := range day.Values {
			day.Values[q] = energy.Amount(rapid.Int64Range(-1000, 1_000_000).Draw(t, "value"))
			sum += day.Values[q]
		}
		days := map[energy.PointID]series.Day{"hafen/cold": day, "hafen/it": flat(june, 1)}
		pair := kpi.Pair{Numerator: []kpi.Term{{Point: "hafen/cold", Factor: factor}}, Denominator: []kpi.Term{{Point: "hafen/it", Factor: kpi.Unity}}}
		whole := pair.Day(berlin.Day(june), days, nil).Numerator
		if want := math.Round(float64(sum) * float64(factor) / 1000); float64(whole) != want {
			t.Fatalf("%d × %d/1000 = %d, want %v", sum, factor, whole, want)
		}
		var hours energy.Amount
		for _, h := range pair.Hours(berlin.Day(june), days, nil) {
			hours += h.Sum.Numerator
		}
		if hours != whole {
			t.Fatalf("the hours add up to %d, the day is %d", hours, whole)
		}
	})
}
