package series

import (
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
)

func TestEverySubstituteNamesWhatItWasDrawnFrom(t *testing.T) {
	t.Parallel()
	known := weeks(t, 30).without(29, 40, 49).without(22, 48, 49)
	meter := order(t, energy.ComparisonMeter)
	meter.Meter = func(energy.Period) Known { return weeks(t, 30) }
	at := func(day, from, to int) energy.Period {
		d := known.Days[day]
		return energy.Period{From: d.quarter(from).From, To: d.quarter(to - 1).To}
	}
	for _, tt := range []struct {
		sentence string
		known    Known
		order    Order
		drawn    []energy.Period
		amount   energy.Amount
	}{
		{"a straight line, from both neighbours", weeks(t, 30).without(29, 40, 44), order(t, energy.Interpolation), []energy.Period{at(29, 39, 40), at(29, 44, 45)}, 4*29_000 + 40 + 41 + 42 + 43},
		{"a held value, from the one before", weeks(t, 30).without(29, 40, 44), order(t, energy.HeldValue), []energy.Period{at(29, 39, 40)}, 4 * 29_039},
		{"a comparison day, from the week that was measured", known, order(t, energy.ComparisonDay), []energy.Period{at(15, 40, 49)}, 9 * 15_044},
		{"a comparison meter, from its own course", weeks(t, 30).without(29, 40, 49), meter, []energy.Period{at(29, 40, 49)}, 9 * 29_044},
	} {
		_, done := Fill(tt.known, false, []Order{{Methods: []Substitution{{energy.HeldValue, 0}}}, tt.order})
		last := done[len(done)-1]
		if last.Order != 1 || last.Amount != tt.amount || len(last.Drawn) != len(tt.drawn) {
			t.Fatalf("%s: %+v, want %d mWh from %v", tt.sentence, last, tt.amount, tt.drawn)
		}
		for i, p := range tt.drawn {
			if last.Drawn[i] != p {
				t.Errorf("%s: drawn from %s, want %s", tt.sentence, last.Drawn[i], p)
			}
		}
	}
}

func TestWhatSubstitutesAddIsWhatTheDaysGain(t *testing.T) {
	t.Parallel()
	full := weeks(t, 15)
	rapid.Check(t, func(t *rapid.T) {
		known := full
		for range rapid.IntRange(1, 6).Draw(t, "gaps") {
			from := rapid.IntRange(0, 95).Draw(t, "from")
			known = known.missing(rapid.IntRange(0, 14).Draw(t, "day"), from, rapid.IntRange(from+1, 96).Draw(t, "to"))
		}
		o := order(t, rapid.SliceOfNDistinct(rapid.SampledFrom(energy.SubstituteMethods()), 1, 4, rapid.ID).Draw(t, "methods")...)
		o.Meter = func(energy.Period) Known { return full }
		filled, done := Fill(known, false, []Order{o})
		var gained, added energy.Amount
		for i, d := range filled.Days {
			gained += d.Total - known.Days[i].Total
		}
		for _, s := range done {
			added += s.Amount
			if len(s.Drawn) == 0 {
				t.Fatalf("%+v was drawn from nothing", s)
			}
		}
		if gained != added {
			t.Fatalf("the days gain %d mWh, the substitutes say %d", gained, added)
		}
	})
}
