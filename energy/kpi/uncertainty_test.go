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
		if got, ok := kpi.AmountUncertainty(tt.shares); !ok || !near(got, tt.want) {
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
	if got, ok := kpi.MeterPercent(meter); !ok || !(math.Abs(got-math.Sqrt(0.5)) <= 1e-12) {
		t.Errorf("behind current transformers: %v %%, %v, want √0.5", got, ok)
	}
	meter.Transformers.VT = number("200")
	if got, ok := kpi.MeterPercent(meter); !ok || !(math.Abs(got-math.Sqrt(0.75)) <= 1e-12) {
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

func TestTheAccuracyOfAMeterIsThatOfItsWholeChain(t *testing.T) {
	t.Parallel()
	number := func(text string) registry.Number {
		n, err := registry.ParseNumber(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, tt := range []struct {
		sentence     string
		accuracy     registry.Accuracy
		transformers registry.Transformers
		percent      float64
		ok           bool
	}{
		{"class A", registry.Accuracy{Class: "A"}, registry.Transformers{}, 2, true},
		{"class B", registry.Accuracy{Class: "B"}, registry.Transformers{}, 1, true},
		{"class C", registry.Accuracy{Class: "C"}, registry.Transformers{}, 0.5, true},
		{"class 0.2S", registry.Accuracy{Class: "0.2S"}, registry.Transformers{}, 0.2, true},
		{"a percentage that is stated", registry.Accuracy{Percent: number("1.5")}, registry.Transformers{}, 1.5, true},
		{"it comes before a class", registry.Accuracy{Percent: number("1.5"), Class: "A"}, registry.Transformers{}, 1.5, true},
		{"nothing is stated", registry.Accuracy{}, registry.Transformers{}, 0, false},
		{"no number", registry.Accuracy{Class: "good"}, registry.Transformers{}, 0, false},
		{"no accuracy", registry.Accuracy{Class: "0"}, registry.Transformers{}, 0, false},
		{"less than none", registry.Accuracy{Class: "-0.5"}, registry.Transformers{}, 0, false},
		{"the class of a heat meter, whose limits are no percentage", registry.Accuracy{Class: "2", QP: number("60")}, registry.Transformers{}, 0, false},
		{"voltage transformers alone", registry.Accuracy{Class: "0.5"}, registry.Transformers{VT: number("200"), Class: "0.5"}, math.Sqrt(0.5), true},
		{"transformers of no known class", registry.Accuracy{Class: "0.5"}, registry.Transformers{CT: number("800"), Class: "?"}, 0, false},
	} {
		percent, ok := kpi.MeterPercent(registry.Meter{Accuracy: tt.accuracy, Transformers: tt.transformers})
		if ok != tt.ok || ok && !near(percent, tt.percent) || !ok && tt.transformers.Class == "" && percent != 0 {
			t.Errorf("%s: %v %%, %v, want %v, %v", tt.sentence, percent, ok, tt.percent, tt.ok)
		}
	}
}

func TestASumOfNothingOrOfAnUnknownMeterHasNoUncertainty(t *testing.T) {
	t.Parallel()
	known := kpi.Share{Amount: 1, Percent: 1, HasClass: true}
	back := kpi.Share{Amount: -1, Percent: 1, HasClass: true}
	for _, tt := range []struct {
		sentence string
		shares   []kpi.Share
		ok       bool
	}{
		{"one unit", []kpi.Share{known}, true}, {"one unit back", []kpi.Share{back}, true},
		{"what comes goes", []kpi.Share{known, back}, false}, {"nothing", nil, false}, {"a meter of unknown class", []kpi.Share{known, {Amount: 5}}, false},
	} {
		got, ok := kpi.AmountUncertainty(tt.shares)
		if ok != tt.ok || ok && !near(got, 0.02/math.Sqrt(3)) || !ok && got != 0 {
			t.Errorf("%s: %v, %v, want one: %v", tt.sentence, got, ok, tt.ok)
		}
		ratio, ok := kpi.Uncertainty(tt.shares, []kpi.Share{known})
		if ok != tt.ok || ok && !near(ratio, 0.02*math.Sqrt(2.0/3)) || !ok && ratio != 0 {
			t.Errorf("%s over one unit: %v, %v, want one: %v", tt.sentence, ratio, ok, tt.ok)
		}
	}
}
