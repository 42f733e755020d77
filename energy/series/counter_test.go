package series

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// kWh is n tenths of a kWh in mWh.
func tenths(n int64) energy.Amount { return energy.Amount(n * 100_000) }

func energyRules() Rules {
	return Rules{Quantity: energy.ActiveEnergyImport, Kind: energy.Counter}
}

// stands are counter readings a quarter of an hour apart, from minute 0.
func stands(values ...int64) []energy.Reading {
	rs := make([]energy.Reading, len(values))
	for i, v := range values {
		rs[i] = stand(15*i, v)
	}
	return rs
}

func minute(n int) time.Time { return start().Add(time.Duration(n) * time.Minute) }

// testDay is the local day that begins at start.
func testDay(t *testing.T) (energy.Date, energy.Period) {
	t.Helper()
	return berlinDay(t, "2024-06-03")
}

func berlinDay(t *testing.T, date string) (energy.Date, energy.Period) {
	t.Helper()
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	d, err := energy.ParseDate(date)
	if err != nil {
		t.Fatal(err)
	}
	return d, c.Day(d)
}

func late(r energy.Reading, by time.Duration) energy.Reading {
	r.At = r.At.Add(by)
	return r
}

// quarters is the head of a day in short: amounts in tenths of a kWh, -1 for missing.
func quarters(d Day, n int) []int64 {
	short := make([]int64, n)
	for q := range short {
		short[q] = int64(d.Values[q] / 100_000)
		if d.Quality[q] == energy.Missing {
			short[q] = -1
		}
	}
	return short
}

func codes(notes []Note) []Code {
	var all []Code
	for _, n := range notes {
		all = append(all, n.Code)
	}
	return all
}

func TestCountersThatDoNotSimplyRise(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	suspect := func(rs []energy.Reading, i int) []energy.Reading {
		rs[i].Quality = energy.Suspect
		return rs
	}
	floating := func(rs []energy.Reading, i int, f float64) []energy.Reading {
		rs[i].Value = energy.Float(f)
		return rs
	}
	for sentence, test := range map[string]struct {
		readings []energy.Reading
		rules    func(*Rules)
		want     []int64 // tenths of a kWh by quarter-hour, -1 missing
		covered  []int16
		notes    []Code
	}{
		"a rising counter is measured": {
			readings: stands(100, 110, 125), want: []int64{10, 15, -1}, covered: []int16{900, 900, 0},
		},
		"one reading alone says nothing": {
			readings: stands(100), want: []int64{-1, -1, -1}, covered: []int16{0, 0, 0},
		},
		"a standing counter is a measured zero": {
			readings: stands(100, 100), want: []int64{0, -1}, covered: []int16{900, 0},
		},
		"a single zero is dropped": {
			readings: stands(100, 0, 120, 130), want: []int64{10, 10, 10}, covered: []int16{900, 900, 900}, notes: []Code{NoteGlitch},
		},
		"a single high number is dropped": {
			readings: stands(100, 9000, 120, 130), want: []int64{10, 10, 10}, covered: []int16{900, 900, 900}, notes: []Code{NoteGlitch},
		},
		"of two that could be the glitch it is the lower one": {
			readings: stands(100, 104, 103, 106), want: []int64{4, 1, 1}, covered: []int16{900, 900, 900}, notes: []Code{NoteGlitch},
		},
		"single zeros in a row of good ones are dropped each": {
			readings: stands(100, 0, 120, 0, 140), want: []int64{10, 10, 10, 10}, covered: []int16{900, 900, 900, 900}, notes: []Code{NoteGlitch, NoteGlitch},
		},
		"a fall that stays is an open case, and counting goes on from the new level": {
			readings: stands(100, 110, 5, 8), want: []int64{10, -1, 3}, covered: []int16{900, 0, 900}, notes: []Code{NoteFall},
		},
		"a fall at the end is open until the next reading says more": {
			readings: stands(100, 110, 5), want: []int64{10, -1}, covered: []int16{900, 0}, notes: []Code{NoteFall},
		},
		"two zeros that return are open on either side, and the register is not counted again": {
			readings: stands(100, 0, 0, 120, 130), want: []int64{-1, 0, -1, 10}, covered: []int16{0, 900, 0, 900}, notes: []Code{NoteFall, NoteReturn},
		},
		"a young register that passes its old stand step by step has not returned": {
			readings: stands(100, 0, 40, 80, 120), want: []int64{-1, 40, 40, 40}, covered: []int16{0, 900, 900, 900}, notes: []Code{NoteFall},
		},
		"a rise beyond any rate is an open case": {
			readings: stands(0, 0, 0, 0, 410_000_000_000), want: []int64{0, 0, 0, -1}, covered: []int16{900, 900, 900, 0}, notes: []Code{NoteJump},
		},
		"the rate may be declared": {
			readings: stands(0, 0, 0, 0, 5_000, 5_001), rules: func(r *Rules) { r.MaxRate = tenths(4_999) },
			want: []int64{0, 0, 0, -1, 1}, covered: []int16{900, 900, 900, 0, 900}, notes: []Code{NoteJump},
		},
		"one step of a coarse register is no jump": {
			readings: stands(0, 5_000), rules: func(r *Rules) { r.MaxRate = tenths(5_000) }, want: []int64{5_000}, covered: []int16{900},
		},
		"a declared modulus explains the fall": {
			readings: stands(99_990, 99_996, 4, 10), rules: func(r *Rules) { r.Modulus = tenths(100_000) },
			want: []int64{6, 8, 6}, covered: []int16{900, 900, 900}, notes: []Code{NoteWrap},
		},
		"a modulus does not explain a reset half-way": {
			readings: stands(50_000, 50_006, 0, 10), rules: func(r *Rules) { r.Modulus = tenths(100_000) },
			want: []int64{6, -1, 10}, covered: []int16{900, 0, 900}, notes: []Code{NoteFall},
		},
		"a single zero is a glitch even where there is a modulus": {
			readings: stands(99_990, 0, 99_996), rules: func(r *Rules) { r.Modulus = tenths(100_000) },
			want: []int64{3, 3}, covered: []int16{900, 900}, notes: []Code{NoteGlitch},
		},
		"a doubtful stand is no border": {
			readings: suspect(stands(100, 104, 120), 1), want: []int64{10, 10}, covered: []int16{900, 900}, notes: []Code{NoteSuspect},
		},
		"a number that no meter means is left out": {
			readings: floating(stands(100, 104, 120), 1, -3.4e38), want: []int64{10, 10}, covered: []int16{900, 900}, notes: []Code{NoteRange},
		},
		"across more than an hour the amount is distributed": {
			readings: []energy.Reading{stand(0, 0), stand(15, 7), stand(90, 57), stand(105, 60)},
			want:     []int64{7, 10, 10, 10, 10, 10, 3}, covered: []int16{900, 0, 0, 0, 0, 0, 900},
		},
		"an hour apart is interpolated": {
			readings: []energy.Reading{stand(0, 0), stand(60, 40)}, want: []int64{10, 10, 10, 10}, covered: []int16{900, 900, 900, 900},
		},
		"an hourly poll that comes seconds late leaves no gap": {
			readings: []energy.Reading{stand(0, 0), late(stand(60, 40), 35*time.Second)}, want: []int64{9, 9, 9, 9}, covered: []int16{900, 900, 900, 900},
		},
		"a minute more than an hour is a gap": {
			readings: []energy.Reading{stand(0, 0), stand(61, 61)}, want: []int64{15, 15, 15, 15, 1}, covered: []int16{0, 0, 0, 0, 0},
		},
		"an exchange with both stands counts up to the old and on from the new": {
			readings: []energy.Reading{stand(0, 1000), stand(15, 1010), stand(45, 7), stand(60, 10)},
			rules: func(r *Rules) {
				r.Exchanges = []Exchange{{At: minute(30), Final: tenths(1016), HasFinal: true, Start: tenths(2), HasStart: true}}
			},
			want: []int64{10, 6, 5, 3}, covered: []int16{900, 900, 900, 900}, notes: []Code{NoteExchange},
		},
		"an exchange to a higher stand is no consumption": {
			readings: []energy.Reading{stand(0, 10), stand(15, 20), stand(30, 5_000), stand(45, 5_010)},
			rules: func(r *Rules) {
				r.Exchanges = []Exchange{{At: minute(20), Final: tenths(23), HasFinal: true, Start: tenths(4_994), HasStart: true}}
			},
			want: []int64{10, 9, 10}, covered: []int16{900, 900, 900}, notes: []Code{NoteExchange},
		},
		"an exchange without the final stand leaves the time before it missing": {
			readings: []energy.Reading{stand(0, 1000), stand(15, 1010), stand(45, 7), stand(60, 10)},
			rules:    func(r *Rules) { r.Exchanges = []Exchange{{At: minute(30), Start: tenths(2), HasStart: true}} },
			want:     []int64{10, -1, 5, 3}, covered: []int16{900, 0, 900, 900}, notes: []Code{NoteExchange},
		},
		"a confirmed reset counts on from zero": {
			readings: []energy.Reading{stand(0, 1000), stand(15, 1010), stand(45, 7), stand(60, 10)},
			rules:    func(r *Rules) { r.Exchanges = []Exchange{{At: minute(30), Reset: true}} },
			want:     []int64{10, -1, 7, 3}, covered: []int16{900, 0, 900, 900}, notes: []Code{NoteReset},
		},
		"what a reset register had counted at its very instant is lost, and said": {
			readings: []energy.Reading{stand(0, 1000), stand(15, 1010), stand(45, 7), stand(60, 10)},
			rules:    func(r *Rules) { r.Exchanges = []Exchange{{At: minute(45), Reset: true}} },
			want:     []int64{10, -1, -1, 3}, covered: []int16{900, 0, 0, 900}, notes: []Code{NoteReset, NoteLost},
		},
		"an exchange in the minute of the first new reading loses nothing": {
			readings: []energy.Reading{stand(0, 1000), stand(15, 7), stand(30, 10)},
			rules: func(r *Rules) {
				r.Exchanges = []Exchange{{At: minute(15), Final: tenths(1006), HasFinal: true, Start: tenths(2), HasStart: true}}
			},
			want: []int64{11, 3}, covered: []int16{900, 900}, notes: []Code{NoteExchange},
		},
		"a final stand below the last reading is an open case": {
			readings: []energy.Reading{stand(0, 1000), stand(15, 1010), stand(45, 7), stand(60, 10)},
			rules: func(r *Rules) {
				r.Exchanges = []Exchange{{At: minute(30), Final: tenths(900), HasFinal: true, HasStart: true}}
			},
			want: []int64{10, -1, 7, 3}, covered: []int16{900, 0, 900, 900}, notes: []Code{NoteFall, NoteExchange},
		},
		"a final stand counts before any new reading": {
			readings: stands(1000, 1010),
			rules: func(r *Rules) {
				r.Exchanges = []Exchange{{At: minute(30), Final: tenths(1016), HasFinal: true}}
			},
			want: []int64{10, 6, -1}, covered: []int16{900, 900, 0}, notes: []Code{NoteExchange},
		},
		"transformer factors apply before and after": {
			readings: []energy.Reading{stand(0, 10), stand(15, 20), stand(30, 5), stand(45, 9)},
			rules: func(r *Rules) {
				r.Exchanges = []Exchange{{At: minute(30), Final: tenths(25), HasFinal: true, Start: tenths(5), HasStart: true,
					FactorOld: Ratio{3, 2}, FactorNew: Ratio{2, 1}}}
			},
			want: []int64{15, 7, 8}, covered: []int16{900, 900, 900}, notes: []Code{NoteExchange},
		},
		"two exchanges between readings count what was between them": {
			readings: []energy.Reading{stand(0, 100), stand(15, 110), stand(60, 7)},
			rules: func(r *Rules) {
				r.Exchanges = []Exchange{
					{At: minute(45), Final: tenths(9), HasFinal: true, HasStart: true},
					{At: minute(30), Final: tenths(112), HasFinal: true, Start: tenths(5), HasStart: true},
				}
			},
			want: []int64{10, 2, 4, 7}, covered: []int16{900, 900, 900, 900}, notes: []Code{NoteExchange, NoteExchange},
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
			if got := day.Covered[:len(test.covered)]; !slices.Equal(got, test.covered) {
				t.Errorf("covered %v, want %v", got, test.covered)
			}
			if got := codes(track.Notes()); !slices.Equal(got, test.notes) {
				t.Errorf("notes %v, want %v", got, test.notes)
			}
		})
	}
}

func TestANoteSaysWhenAndWhat(t *testing.T) {
	t.Parallel()
	readings := stands(100, 0, 120, 30, 40)
	readings = append(readings, stand(80, 50), stand(85, 60))
	readings[5].Quality, readings[6].Quality = energy.Suspect, energy.Suspect
	want := []Note{
		{Code: NoteSuspect, From: minute(80), To: minute(85), Count: 2, After: 0},
		{Code: NoteGlitch, From: minute(15), To: minute(15), Count: 1, Before: tenths(100), After: tenths(0)},
		{Code: NoteFall, From: minute(30), To: minute(45), Count: 2, Before: tenths(120), After: tenths(30)},
	}
	if got := NewTrack(readings, energyRules()).Notes(); !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// rising draws a counter that only rises, at any pace, in tenths of a kWh.
func rising(t *rapid.T, least int) []energy.Reading {
	var rs []energy.Reading
	at, level := -1440, int64(10_000)
	for range rapid.IntRange(least, 80).Draw(t, "readings") {
		rs = append(rs, stand(at, level))
		at += rapid.SampledFrom([]int{1, 5, 15, 15, 15, 60, 300}).Draw(t, "minutes")
		level += rapid.Int64Range(0, 500).Draw(t, "rise")
	}
	return rs
}

func TestAGlitchIsAsIfItHadNotBeenRead(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	rapid.Check(t, func(t *rapid.T) {
		rs := rising(t, 3)
		i := rapid.IntRange(1, len(rs)-2).Draw(t, "glitch")
		without := append(slices.Clone(rs[:i]), rs[i+1:]...)
		before, _ := rs[i-1].Value.Mantissa()
		after, _ := rs[i+1].Value.Mantissa()
		if rapid.Bool().Draw(t, "low") {
			rs[i].Value = energy.Decimal(rapid.Int64Range(-before, before-1).Draw(t, "number"), -1)
		} else {
			number := rapid.Int64Range(after+1, 1<<43).Draw(t, "number")
			if i+2 < len(rs) { // the next rise may not look like the return from a low glitch
				next, _ := rs[i+2].Value.Mantissa()
				number = max(number, next+1)
			}
			rs[i].Value = energy.Decimal(number, -1)
		}
		got, want := NewTrack(rs, energyRules()), NewTrack(without, energyRules())
		if !reflect.DeepEqual(got.Day(date, period), want.Day(date, period)) || !reflect.DeepEqual(got.Spans(), want.Spans()) {
			t.Fatalf("a glitch to %v shows", rs[i].Value)
		}
		if !slices.Equal(codes(got.Notes()), []Code{NoteGlitch}) {
			t.Fatalf("notes %v", codes(got.Notes()))
		}
	})
}

func TestAnExchangeLosesAndInventsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one := rising(t, 2)
		i := rapid.IntRange(1, len(one)-1).Draw(t, "exchanged before")
		whole := NewTrack(one, energyRules())

		// The same consumption on two registers, exchanged between two readings.
		at := one[i-1].At.Add(one[i].At.Sub(one[i-1].At) / 2).Truncate(time.Microsecond)
		stand := whole.pieces[i-1].at(at.UnixMicro())
		fresh := rapid.Int64Range(0, 1e12).Draw(t, "start")
		two := slices.Clone(one)
		for k := range two[i:] {
			v, err := energy.ActiveEnergyImport.Fixed(one[i+k].Value)
			if err != nil {
				t.Fatal(err)
			}
			two[i+k].Value = energy.Decimal(int64(v)-stand+fresh, -6)
		}
		rules := energyRules()
		rules.Exchanges = []Exchange{{At: at, Final: energy.Amount(stand), HasFinal: true, Start: energy.Amount(fresh), HasStart: true}}
		var got, want int64
		for _, p := range NewTrack(two, rules).pieces {
			got += p.last - p.first
		}
		for _, p := range whole.pieces {
			want += p.last - p.first
		}
		if got != want {
			t.Fatalf("%d mWh on two registers, %d on one", got, want)
		}
	})
}
