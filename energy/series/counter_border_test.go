package series

import (
	"math"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
)

// The rules of a counter at their very borders; what they are for says
// [TestCountersThatDoNotSimplyRise].
func TestACounterAtTheBordersOfItsRules(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	rolls := func(r *Rules) { r.Modulus = tenths(100_000) }
	for sentence, test := range map[string]struct {
		readings []energy.Reading
		rules    func(*Rules)
		want     []int64
		notes    []Code
	}{
		"a reading that says that it is missing is no border": {
			readings: []energy.Reading{stand(0, 100), {At: minute(15), Quality: energy.Missing}, stand(30, 120)},
			want:     []int64{10, 10},
		},
		"a wrap that brings an eighth of the modulus is one": {
			readings: stands(90_000, 2_500), rules: rolls, want: []int64{12_500}, notes: []Code{NoteWrap},
		},
		"a tenth of a kWh more than an eighth is a fall": {
			readings: stands(90_000, 2_501), rules: rolls, want: []int64{-1}, notes: []Code{NoteFall},
		},
		"a wrap may stop at zero": {
			readings: stands(99_000, 0), rules: rolls, want: []int64{1_000}, notes: []Code{NoteWrap},
		},
		"no wrap ends below zero": {
			readings: []energy.Reading{stand(0, 99_000), {At: minute(15), Value: energy.Decimal(-1, -6), Quality: energy.Measured}}, rules: rolls, want: []int64{-1}, notes: []Code{NoteFall},
		},
		"a register may show its modulus": {
			readings: stands(100_000, 5), rules: rolls, want: []int64{5}, notes: []Code{NoteWrap},
		},
		"a stand beyond the modulus does not wrap": {
			readings: stands(100_500, 3), rules: rolls, want: []int64{-1}, notes: []Code{NoteFall},
		},
		"after a wrap the counter goes on by the rate alone": {
			readings: stands(99_990, 4, 10, 99_995), rules: rolls, want: []int64{14, 6, 99_985}, notes: []Code{NoteWrap},
		},
		"the modulus of a register behind a transformer is multiplied like its stands": {
			readings: stands(99_996, 4),
			rules: func(r *Rules) {
				r.Modulus = tenths(100_000)
				r.Exchanges = []Exchange{{At: minute(0), FactorNew: Ratio{2, 1}}}
			},
			want: []int64{16}, notes: []Code{NoteExchange, NoteWrap},
		},
		"a fall of a single mWh is an open case": {
			readings: []energy.Reading{stand(0, 100), {At: minute(15), Value: energy.Decimal(9_999_999, -6), Quality: energy.Measured}},
			want:     []int64{-1}, notes: []Code{NoteFall},
		},
		"three low numbers are no excursion: what comes back is counted": {
			readings: stands(100, 0, 0, 0, 120), want: []int64{-1, 0, 0, 120}, notes: []Code{NoteFall},
		},
		"an excursion may begin anywhere": {
			readings: stands(90, 100, 0, 0, 120), want: []int64{10, -1, 0, -1}, notes: []Code{NoteFall, NoteReturn},
		},
		"who comes back to the very stand has returned": {
			readings: stands(100, 0, 0, 100), want: []int64{-1, 0, -1}, notes: []Code{NoteFall, NoteReturn},
		},
		"who does not reach the stand has not": {
			readings: stands(100, 0, 0, 60), want: []int64{-1, 0, 60}, notes: []Code{NoteFall},
		},
		"half of the fall in one step is a return": {
			readings: stands(100, 0, 50, 100), want: []int64{-1, 50, -1}, notes: []Code{NoteFall, NoteReturn},
		},
		"less than half is consumption": {
			readings: stands(100, 0, 51, 100), want: []int64{-1, 51, 49}, notes: []Code{NoteFall},
		},
		"half is that of the fall, not of the stand": {
			readings: stands(120, 20, 69, 120), want: []int64{-1, 49, -1}, notes: []Code{NoteFall, NoteReturn},
		},
		"a glitch within an excursion does not make it longer": {
			readings: stands(100, 0, -5, 120), want: []int64{-1, -1, -1}, notes: []Code{NoteGlitch, NoteFall, NoteReturn},
		},
		"who has returned rises as he likes": {
			readings: stands(100, 0, -5, 120, 200), want: []int64{-1, -1, -1, 80}, notes: []Code{NoteGlitch, NoteFall, NoteReturn},
		},
		"who has returned to the very stand too": {
			readings: stands(100, 0, -5, 100, 200), want: []int64{-1, -1, -1, 100}, notes: []Code{NoteGlitch, NoteFall, NoteReturn},
		},
		"a low glitch may return to the very stand before": {
			readings: stands(100, 0, 100, 110), want: []int64{0, 0, 10}, notes: []Code{NoteGlitch},
		},
		"a high glitch too": {
			readings: stands(100, 9_000, 100, 110), want: []int64{0, 0, 10}, notes: []Code{NoteGlitch},
		},
		"a standing counter before a high glitch is no low one": {
			readings: stands(100, 100, 9_000, 120), want: []int64{0, 10, 10}, notes: []Code{NoteGlitch},
		},
		"of two that could be the glitch it is the lower one, where it returns to the very stand too": {
			readings: stands(100, 104, 103, 104), want: []int64{4, 0, 0}, notes: []Code{NoteGlitch},
		},
		"an exchange at the instant of a reading, whose start it is, loses nothing": {
			readings: []energy.Reading{stand(0, 1000), stand(15, 7), stand(30, 10)},
			rules:    func(r *Rules) { r.Exchanges = []Exchange{{At: minute(15), Start: tenths(7), HasStart: true}} },
			want:     []int64{-1, 3}, notes: []Code{NoteExchange},
		},
		"what a register had counted at the instant of its start is lost where nothing was known before": {
			readings: []energy.Reading{stand(15, 7), stand(30, 10)},
			rules:    func(r *Rules) { r.Exchanges = []Exchange{{At: minute(15), Reset: true}} },
			want:     []int64{-1, 3}, notes: []Code{NoteReset, NoteLost},
		},
		"a stand that a transformer factor makes larger than any is left out": {
			readings: []energy.Reading{stand(0, 10), {At: minute(15), Value: energy.Decimal(1<<60, -6), Quality: energy.Measured}, stand(30, 20)},
			rules:    func(r *Rules) { r.Exchanges = []Exchange{{At: minute(0), FactorNew: Ratio{10, 1}}} },
			want:     []int64{50, 50}, notes: []Code{NoteExchange, NoteRange},
		},
		"without a limit of the rate nothing is a jump": {
			readings: []energy.Reading{
				{At: minute(0), Value: energy.Decimal(-1<<61, -6), Quality: energy.Measured},
				{At: minute(120).Add(2 * time.Microsecond), Value: energy.Decimal(1<<61, -6), Quality: energy.Measured},
			},
			rules: func(r *Rules) { r.MaxRate, r.MaxGap = math.MaxInt64, 3*time.Hour },
			want:  []int64{int64(energy.Amount(math.Round((1<<62)/(7_200_000_002.0)*900e6)) / 100_000)},
		},
		"the longest rise there is may be allowed": {
			readings: []energy.Reading{
				{At: minute(0), Value: energy.Decimal(-1<<61, -6), Quality: energy.Measured},
				{At: minute(15), Value: energy.Decimal(1<<61, -6), Quality: energy.Measured},
			},
			rules: func(r *Rules) { r.MaxRate = 1 << 62 },
			want:  []int64{1 << 62 / 100_000},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			rules := energyRules()
			if test.rules != nil {
				test.rules(&rules)
			}
			track := NewTrack(test.readings, rules)
			day := track.Day(date, period)
			if got := quarters(day, len(test.want)); !slices.Equal(got, test.want) {
				t.Errorf("quarter-hours %v, want %v", got, test.want)
			}
			if got := codes(track.Notes()); !slices.Equal(got, test.notes) {
				t.Errorf("notes %v, want %v", got, test.notes)
			}
		})
	}
}

func TestWhatAnHourMayBringDependsOnWhatIsCounted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		quantity energy.Quantity
		most     int64 // in the fixed unit, an hour
	}{
		{energy.ActiveEnergyImport, 2_000_000_000_000},     // 2 GWh
		{energy.HeatEnergy, 2_000_000_000_000},             // 2 GWh
		{energy.WaterVolume, 100_000_000_000},              // 100,000 m³
		{energy.VolumeTemperatureFlow, 20_000_000_000_000}, // 100,000 m³ at 200 °C
		{energy.FuelVolume, 100_000_000_000},               // 100,000 m³ in litres of 1,000 ml
		{energy.ActivePower, mostCounter * 2},              // no counter: no limit
	} {
		for _, more := range []int64{0, 1} {
			rules := Rules{Quantity: test.quantity, Kind: energy.Counter}
			from := int64(0)
			if test.most == mostCounter*2 {
				from = -mostCounter
			}
			track := NewTrack([]energy.Reading{
				{At: minute(0), Value: test.quantity.Value(energy.Amount(from)), Quality: energy.Measured},
				{At: minute(60), Value: test.quantity.Value(energy.Amount(from + min(test.most+more, mostCounter*2))), Quality: energy.Measured},
			}, rules)
			want := []Code(nil)
			if more > 0 && test.most < mostCounter*2 {
				want = []Code{NoteJump}
			}
			if got := codes(track.Notes()); !slices.Equal(got, want) {
				t.Errorf("%s rises by %d and %d more in an hour: %v, want %v", test.quantity, test.most, more, got, want)
			}
		}
	}
}

func TestNumbersThatNoMeterMeansAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind energy.SeriesKind
		most int64
	}{{energy.Counter, 1 << 61}, {energy.Interval, 1 << 53}, {energy.Mean, 1 << 46}, {energy.Instant, 1 << 46}} {
		for _, n := range []int64{test.most, test.most + 1, -test.most, -test.most - 1} {
			rules := Rules{Quantity: energy.ActiveEnergyImport, Kind: test.kind}
			reading := energy.Reading{At: minute(0), Length: 15 * time.Minute, Value: energy.Decimal(n, -6), Quality: energy.Measured}
			got := NewTrack([]energy.Reading{reading}, rules).Notes()
			if test.kind == energy.Counter {
				got = slices.DeleteFunc(got, func(n Note) bool { return n.Code != NoteRange })
			}
			want := []Note(nil)
			if n > test.most || n < -test.most {
				want = []Note{{Code: NoteRange, From: minute(0), To: minute(0), Count: 1}}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s of %d: %+v, want %+v", test.kind, n, got, want)
			}
		}
	}
}

func TestWhatSaysNothingIsLeftOutAndTheReasonNoted(t *testing.T) {
	t.Parallel()
	at := func(m int, length time.Duration, q energy.Quality) energy.Reading {
		return energy.Reading{At: minute(m), Length: length, Value: energy.Decimal(7, 0), Quality: q}
	}
	for _, test := range []struct {
		sentence string
		kind     energy.SeriesKind
		readings []energy.Reading
		want     []Note
	}{
		{"a missing reading says so itself", energy.Counter, []energy.Reading{at(0, 0, energy.Missing)}, nil},
		{"an amount needs an interval", energy.Interval, []energy.Reading{at(0, 0, energy.Measured)}, []Note{{Code: NoteLength, From: minute(0), To: minute(0), Count: 1}}},
		{"a mean too", energy.Mean, []energy.Reading{at(0, 0, energy.Measured)}, []Note{{Code: NoteLength, From: minute(0), To: minute(0), Count: 1}}},
		{"a level does not", energy.Instant, []energy.Reading{at(0, 0, energy.Measured)}, nil},
		{"of two at one instant the first holds", energy.Counter, []energy.Reading{at(0, 0, energy.Measured), at(0, 0, energy.Measured)}, []Note{{Code: NoteDouble, From: minute(0), To: minute(0), Count: 1, After: 7_000_000}}},
		{"two reasons are two notes", energy.Interval, []energy.Reading{
			at(0, 0, energy.Measured), {At: minute(15), Length: time.Minute, Value: energy.Decimal(1<<62, 0), Quality: energy.Measured}, at(30, 0, energy.Measured), at(45, 0, energy.Measured),
		}, []Note{
			{Code: NoteLength, From: minute(0), To: minute(0), Count: 1}, {Code: NoteRange, From: minute(15), To: minute(15), Count: 1},
			{Code: NoteLength, From: minute(30), To: minute(45), Count: 2},
		}},
		{"a good reading between two of the same reason parts them", energy.Counter, []energy.Reading{
			at(0, 0, energy.Suspect), at(15, 0, energy.Measured), at(30, 0, energy.Suspect),
		}, []Note{{Code: NoteSuspect, From: minute(0), To: minute(0), Count: 1}, {Code: NoteSuspect, From: minute(30), To: minute(30), Count: 1}}},
		{"an interval that reaches a tenth into the next ends there", energy.Interval, []energy.Reading{
			at(0, 10*time.Minute, energy.Measured), at(9, 10*time.Minute, energy.Measured),
		}, nil},
		{"more than a tenth is left out", energy.Interval, []energy.Reading{
			at(0, 10*time.Minute+10*time.Microsecond, energy.Measured), at(9, 10*time.Minute, energy.Measured),
		}, []Note{{Code: NoteOverlap, From: minute(0), To: minute(9), Count: 2, Before: 7_000_000, After: 7_000_000}}},
	} {
		if got := NewTrack(test.readings, Rules{Quantity: energy.ActiveEnergyImport, Kind: test.kind}).Notes(); !slices.Equal(got, test.want) {
			t.Errorf("%s: %+v, want %+v", test.sentence, got, test.want)
		}
	}
}

func TestAHundredthMoreThanTheLongestDistanceIsInterpolated(t *testing.T) {
	t.Parallel()
	for by, spans := range map[time.Duration]int{36 * time.Second: 0, 36*time.Second + time.Microsecond: 1} {
		readings := []energy.Reading{stand(0, 0), late(stand(60, 40), by)}
		if got := NewTrack(readings, energyRules()).Spans(); len(got) != spans {
			t.Errorf("an hour and %s apart: %v", by, got)
		}
	}
}

// usable are readings a quarter of an hour apart, of which every third says
// nothing.
func usable(n int) []energy.Reading {
	rs := make([]energy.Reading, n)
	for i := range rs {
		if rs[i] = stand(15*i, int64(i)); i%3 == 2 {
			rs[i].Quality = energy.Suspect
		}
	}
	return rs
}

func TestADayNeedsEightUsableReadingsOnEitherSide(t *testing.T) {
	t.Parallel()
	rules := energyRules()
	readings := usable(48) // 12 minutes in each 45 say nothing
	for _, test := range []struct {
		sentence      string
		p             energy.Period
		before, after bool
		reach         energy.Period
	}{
		// before 24: 22 21 19 18 16 15 13 12; from 28 on: 28 30 31 33 34 36 37 39
		{"in the middle", energy.Period{From: minute(15 * 24), To: minute(15 * 28)}, true, true, energy.Period{From: minute(15 * 12), To: minute(15 * 39)}},
		// before 12: 10 9 7 6 4 3 1 0
		{"with eight before", energy.Period{From: minute(15 * 12), To: minute(15 * 28)}, true, true, energy.Period{From: minute(0), To: minute(15 * 39)}},
		{"with seven before", energy.Period{From: minute(15 * 10), To: minute(15 * 28)}, false, true, energy.Period{From: minute(0), To: minute(15 * 39)}},
		// from 36 on: 36 37 39 40 42 43 45 46
		{"with eight after", energy.Period{From: minute(15 * 24), To: minute(15 * 36)}, true, true, energy.Period{From: minute(15 * 12), To: minute(15 * 46)}},
		{"with seven after", energy.Period{From: minute(15 * 24), To: minute(15*36 + 1)}, true, false, energy.Period{From: minute(15 * 12), To: minute(15 * 47)}},
		{"before all", energy.Period{From: minute(-60), To: minute(0)}, false, true, energy.Period{From: minute(-60), To: minute(15 * 10)}},
		{"after all", energy.Period{From: minute(15 * 48), To: minute(15 * 50)}, true, false, energy.Period{From: minute(15 * 36), To: minute(15 * 50)}},
	} {
		before, after := rules.Enough(readings, test.p)
		if before != test.before || after != test.after {
			t.Errorf("%s: enough %v before and %v after, want %v and %v", test.sentence, before, after, test.before, test.after)
		}
		if got := rules.Reach(readings, test.p); got != test.reach {
			t.Errorf("%s: reaches %v, want %v", test.sentence, got, test.reach)
		}
	}
}

func TestAChangeReachesToTheEndOfIntervalsAndToExchangesBeyondTheSeries(t *testing.T) {
	t.Parallel()
	readings := usable(48)
	middle := energy.Period{From: minute(15 * 24), To: minute(15 * 28)}
	early, late := energy.Period{From: minute(15 * 3), To: minute(15 * 4)}, energy.Period{From: minute(15 * 44), To: minute(15 * 45)}
	rules := energyRules()
	rules.Exchanges = []Exchange{{At: minute(-600)}, {At: minute(15 * 30)}, {At: minute(6000)}}
	for sentence, test := range map[string]struct{ p, want energy.Period }{
		"with enough readings exchanges beyond them change nothing":    {middle, energy.Period{From: minute(15 * 12), To: minute(15 * 39)}},
		"at the start of the series it reaches to the exchange before": {early, energy.Period{From: minute(-600), To: minute(15 * 15)}},
		"at its end to the exchange after":                             {late, energy.Period{From: minute(15 * 33), To: minute(6000)}},
	} {
		if got := rules.Reach(readings, test.p); got != test.want {
			t.Errorf("%s: %v, want %v", sentence, got, test.want)
		}
	}
	readings[39].Length = 3 * time.Hour
	if got, want := rules.Reach(readings, middle), (energy.Period{From: minute(15 * 12), To: minute(15*39 + 180)}); got != want {
		t.Errorf("an interval ends with its length: %v, want %v", got, want)
	}
}
