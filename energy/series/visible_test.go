package series

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// start is the instant test series begin at: a Berlin midnight.
func start() time.Time { return time.Date(2024, 6, 2, 22, 0, 0, 0, time.UTC) }

// stand is a counter reading of so many tenths of a kWh, minutes after start.
func stand(minutes int, tenths int64) energy.Reading {
	return energy.Reading{
		At: start().Add(time.Duration(minutes) * time.Minute), Value: energy.Decimal(tenths, -1), Quality: energy.Measured,
	}
}

func TestWhatHoldsAtAnInstant(t *testing.T) {
	t.Parallel()
	from := func(minute, to int) energy.Period {
		return energy.Period{From: start().Add(time.Duration(minute) * time.Minute), To: start().Add(time.Duration(to) * time.Minute)}
	}
	nan, infinite := stand(5, 0), stand(5, 0)
	nan.Value, infinite.Value = energy.Float(math.NaN()), energy.Float(math.Inf(1))
	for sentence, test := range map[string]struct {
		runs []Run
		upto int64
		want []energy.Reading
	}{
		"nothing is known of nothing": {upto: 9},
		"facts after the asked one are unknown": {
			runs: []Run{{Seq: 1, Readings: []energy.Reading{stand(0, 1)}}, {Seq: 2, Readings: []energy.Reading{stand(5, 2)}}},
			upto: 1, want: []energy.Reading{stand(0, 1)},
		},
		"at one instant the later fact holds": {
			runs: []Run{{Seq: 2, Readings: []energy.Reading{stand(0, 7)}}, {Seq: 1, Readings: []energy.Reading{stand(0, 1)}}},
			upto: 9, want: []energy.Reading{stand(0, 7)},
		},
		"a higher rank beats a later fact": {
			runs: []Run{{Seq: 1, Rank: 2, Readings: []energy.Reading{stand(0, 1)}}, {Seq: 2, Rank: 1, Readings: []energy.Reading{stand(0, 7)}}},
			upto: 9, want: []energy.Reading{stand(0, 1)},
		},
		"a correction hides what was said in its interval, half-open, and says its own": {
			runs: []Run{
				{Seq: 1, Readings: []energy.Reading{stand(0, 1), stand(5, 2), stand(10, 3), stand(15, 4)}},
				{Seq: 2, Replaces: from(5, 15), Readings: []energy.Reading{stand(7, 9)}},
			},
			upto: 9, want: []energy.Reading{stand(0, 1), stand(7, 9), stand(15, 4)},
		},
		"a correction beats a higher rank": {
			runs: []Run{{Seq: 1, Rank: 5, Readings: []energy.Reading{stand(5, 1)}}, {Seq: 2, Replaces: from(5, 6), Readings: []energy.Reading{stand(5, 2)}}},
			upto: 9, want: []energy.Reading{stand(5, 2)},
		},
		"a withdrawal leaves nothing": {
			runs: []Run{{Seq: 1, Readings: []energy.Reading{stand(5, 1)}}, {Seq: 2, Replaces: from(0, 60)}},
			upto: 9,
		},
		"what comes after a withdrawal shows": {
			runs: []Run{{Seq: 2, Replaces: from(0, 60)}, {Seq: 3, Readings: []energy.Reading{stand(5, 1)}}},
			upto: 9, want: []energy.Reading{stand(5, 1)},
		},
		"a correction that is not known yet hides nothing": {
			runs: []Run{{Seq: 1, Readings: []energy.Reading{stand(5, 1)}}, {Seq: 2, Replaces: from(0, 60)}},
			upto: 1, want: []energy.Reading{stand(5, 1)},
		},
		"the older of two overlapping corrections still hides outside the newer": {
			runs: []Run{
				{Seq: 1, Readings: []energy.Reading{stand(0, 1), stand(5, 2), stand(10, 3), stand(20, 4)}},
				{Seq: 3, Replaces: from(5, 15)},
				{Seq: 2, Replaces: from(0, 10), Readings: []energy.Reading{stand(1, 8), stand(6, 9)}},
			},
			upto: 9, want: []energy.Reading{stand(1, 8), stand(20, 4)},
		},
		"NaN and infinities neither show nor hide": {
			runs: []Run{{Seq: 1, Readings: []energy.Reading{stand(5, 1)}}, {Seq: 2, Readings: []energy.Reading{nan}}, {Seq: 3, Readings: []energy.Reading{infinite}}},
			upto: 9, want: []energy.Reading{stand(5, 1)},
		},
		"a NaN alone is nothing": {runs: []Run{{Seq: 1, Readings: []energy.Reading{nan}}}, upto: 9},
		"what one fact says twice of an instant holds once": {
			runs: []Run{{Seq: 1, Readings: []energy.Reading{stand(5, 1), stand(5, 1), stand(10, 2)}}},
			upto: 9, want: []energy.Reading{stand(5, 1), stand(10, 2)},
		},
		"the correction asked for hides": {
			runs: []Run{{Seq: 1, Readings: []energy.Reading{stand(5, 1)}}, {Seq: 2, Replaces: from(0, 60)}},
			upto: 2,
		},
		"a correction from a nanosecond after a reading does not hide it": {
			runs: []Run{
				{Seq: 1, Readings: []energy.Reading{stand(5, 1), stand(6, 2)}},
				{Seq: 2, Replaces: energy.Period{From: start().Add(5*time.Minute + 1), To: start().Add(time.Hour)}},
			},
			upto: 9, want: []energy.Reading{stand(5, 1)},
		},
		"one to a nanosecond after a reading hides it": {
			runs: []Run{
				{Seq: 1, Readings: []energy.Reading{stand(5, 1), stand(6, 2)}},
				{Seq: 2, Replaces: energy.Period{From: start(), To: start().Add(5*time.Minute + 1)}},
			},
			upto: 9, want: []energy.Reading{stand(6, 2)},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			if got := Visible(test.runs, test.upto); !sameReadings(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestOfTheSameNumberInSeveralFormsTheSameOneHoldsAlways(t *testing.T) {
	t.Parallel()
	form := func(v energy.Value) energy.Reading {
		return energy.Reading{At: minute(5), Value: v, Quality: energy.Measured}
	}
	short, long, float := form(energy.Decimal(15, -1)), form(energy.Decimal(150, -2)), form(energy.Float(1.5))
	for _, tt := range []struct {
		readings []energy.Reading
		want     energy.Reading
	}{
		{[]energy.Reading{short, long}, long}, {[]energy.Reading{long, short}, long},
		{[]energy.Reading{short, float}, float}, {[]energy.Reading{float, short}, float},
		{[]energy.Reading{long, float, short}, float}, {[]energy.Reading{float, short, long}, float}, {[]energy.Reading{short, long, float}, float},
	} {
		if got := Visible([]Run{{Seq: 1, Readings: tt.readings}}, 9); !sameReadings(got, []energy.Reading{tt.want}) {
			t.Errorf("of %v shows %v, want %v", tt.readings, got, tt.want)
		}
	}
}

func TestTheOrderOfRunsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		runs := rapid.SliceOfN(anyRun(), 0, 8).Draw(t, "runs")
		upto := rapid.Int64Range(0, 45).Draw(t, "upto")
		want := Visible(runs, upto)
		got := Visible(rapid.Permutation(runs).Draw(t, "permuted"), upto)
		if !sameReadings(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		if !slices.IsSortedFunc(got, func(a, b energy.Reading) int { return a.At.Compare(b.At) }) {
			t.Fatalf("not ascending: %v", got)
		}
		for _, run := range runs {
			for _, reading := range run.Readings {
				best := holders(runs, upto, reading.At)
				i, shows := slices.BinarySearchFunc(got, reading.At, byInstant)
				if shows != (len(best) > 0) || shows && !slices.Contains(best, got[i]) {
					t.Fatalf("at %v: shows %v, want one of %v", reading.At, shows, best)
				}
			}
		}
	})
}

// holders reads the definition word by word: the readings of highest rank,
// then Seq, among those at an instant that no correction hides.
func holders(runs []Run, upto int64, at time.Time) (best []energy.Reading) {
	var rank int16
	var seq int64
	for _, run := range runs {
		hidden := run.Seq > upto
		for _, c := range runs {
			hidden = hidden || c.Corrects() && c.Seq <= upto && run.Seq < c.Seq && c.Replaces.Contains(at)
		}
		for _, reading := range run.Readings {
			if hidden || !reading.At.Equal(at) || !reading.Value.Finite() {
				continue
			}
			if len(best) > 0 && (run.Rank < rank || run.Rank == rank && run.Seq < seq) {
				continue
			}
			if len(best) == 0 || run.Rank != rank || run.Seq != seq {
				best, rank, seq = nil, run.Rank, run.Seq
			}
			best = append(best, reading)
		}
	}
	return best
}
