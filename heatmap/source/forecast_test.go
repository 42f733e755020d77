package source

import (
	"math"
	"slices"
	"testing"
)

func TestEachMethodForecastsByItsRule(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	year := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	two := append(slices.Clone(year), 2, 4, 6, 8, 10, 12)
	for _, tt := range []struct {
		sentence string
		method   ForecastMethod
		past     []float64
		h        int
		want     float64
	}{
		{"the last month", LastMonth, two, 5, 12},
		{"the last month that is known", LastMonth, []float64{7, nan, nan}, 1, 7},
		{"no month is known", LastMonth, []float64{nan, nan}, 1, nan},
		{"the mean of three", LastQuarter, two, 9, 10},
		{"the mean of those of three that are known", LastQuarter, []float64{100, 1, nan, 3}, 1, 2},
		{"two months are no three", LastQuarter, []float64{1, 2}, 1, nan},
		{"three months none of which is known", LastQuarter, []float64{1, nan, nan, nan}, 1, nan},
		{"the first month of the past a year later", SameMonth, year, 1, 1},
		{"the last month of the past a year later", SameMonth, year, 12, 12},
		{"more than a year ahead: the same month again", SameMonth, year, 13, 1},
		{"more than two years ahead", SameMonth, year, 26, 2},
		{"the month after two half years", SameMonth, two, 1, 7},
		{"eleven months have no year before", SameMonth, year[:11], 1, nan},
		{"a year before, at twice the level", SeasonAtLevel, two, 1, 14},
		{"a year before, not known", SeasonAtLevel, append(append(slices.Clone(year[:6]), nan), append(slices.Clone(year[7:]), two[12:]...)...), 1, nan},
		{"fourteen months know no level a year before", SeasonAtLevel, two[:14], 1, nan},
		{"a month that is not known a year before is no measure of this year's", SeasonAtLevel, without(two, 5), 1, 14},
		{"nor the other way about", SeasonAtLevel, without(two, 17), 1, 14},
		{"three months none of which is known in both years", SeasonAtLevel, without(two, 3, 4, 17), 1, nan},
		{"a source of a few watts", SeasonAtLevel, scaled(two, 1.0/1024), 1, 14.0 / 1024},
		{"fifteen months do", SeasonAtLevel, two[:15], 1, 8},
		{"a level of nothing is no measure", SeasonAtLevel, append([]float64{0, 0, 0}, two[3:15]...), 1, nan},
	} {
		if got := forecast(tt.method, tt.past, tt.h); got != tt.want && !(got != got && tt.want != tt.want) {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

func scaled(past []float64, by float64) []float64 {
	past = slices.Clone(past)
	for i := range past {
		past[i] *= by
	}
	return past
}

// without is a past of which some months are not known.
func without(past []float64, months ...int) []float64 {
	past = slices.Clone(past)
	for _, i := range months {
		past[i] = math.NaN()
	}
	return past
}

func TestErrorsAreThoseOfAboutTheSameDistance(t *testing.T) {
	t.Parallel()
	errs := make([][]float64, farthest+1)
	for d := 1; d <= farthest; d++ {
		for k := range 4 {
			errs[d] = append(errs[d], float64(10*d+k))
		}
	}
	for h, want := range map[int][2]float64{1: {10, 23}, 2: {10, 33}, 6: {50, 73}, 12: {110, 123}, 30: {110, 123}} {
		got := near(errs, h)
		if list := got.errors; got.other || list[0] != want[0] || list[len(list)-1] != want[1] || !slices.IsSorted(list) {
			t.Errorf("at %d months: %+v, want from %v to %v", h, got, want[0], want[1])
		}
	}
	// One year is known: at one month nine errors were made, at two eight, …, at nine one.
	year := make([][]float64, farthest+1)
	for d := 1; d <= 9; d++ {
		for range 10 - d {
			year[d] = append(year[d], float64(d))
		}
	}
	for h, want := range map[int]distant{1: {least: 1, farthest: 2}, 7: {least: 6, farthest: 8}, 8: {least: 6, farthest: 9, other: true}, 12: {least: 6, farthest: 9, other: true}} {
		got := near(year, h)
		if got.least != want.least || got.farthest != want.farthest || got.other != want.other || len(got.errors) < leastTrials {
			t.Errorf("at %d months of one year: %+v, want %+v", h, got, want)
		}
	}
	few := near([][]float64{nil, {3, 1, 2}, {6, 5}, {4}, nil}, 1)
	if !slices.Equal(few.errors, []float64{1, 2, 3, 4, 5, 6}) || !few.other || few.farthest != 3 {
		t.Errorf("too few altogether: %+v, want all", few)
	}
	if got := near([][]float64{nil, {3, 1, 2, 9}, {6, 5, 0, 7}, {4}}, 1); len(got.errors) != 8 || got.other {
		t.Errorf("eight of the distance are enough: %+v", got)
	}
}

func TestMethodsAreTriedOnWhatWasKnownThen(t *testing.T) {
	t.Parallel()
	// Month by month another level, one of them not known: what LastMonth and LastQuarter
	// got wrong, by hand.
	past := []float64{10, 20, 30, math.NaN(), 50, 90}
	var o Outlook
	errs := o.try(past)
	// From three months (level 20): the fifth came 50 − 20, the sixth 90 − 20.
	// From four (level 20): 50 − 25 and 90 − 25. From five (level 27.5): 90 − 40.
	quarters := []float64{30 / 20.0, 70 / 20.0, 25 / 20.0, 65 / 20.0, 50 / 27.5}
	if errs != nil || o.Why != "" && o.Why != NotTried || len(o.All) != 2 {
		t.Fatalf("%+v with errors %v: five errors choose nothing", o, errs)
	}
	sum := 0.0
	for _, e := range quarters {
		sum += e
	}
	if got := o.All[0]; got.Method != LastQuarter || got.Trials != 5 || math.Abs(got.Error-sum/5) > 1e-12 {
		t.Errorf("%+v, want the mean of %v", got, quarters)
	}
	// LastMonth: 50 − 30, 90 − 30 twice (the fourth is not known), 90 − 50.
	months := (20/20.0 + 60/20.0 + 20/20.0 + 60/20.0 + 40/27.5) / 5
	if got := o.All[1]; got.Method != LastMonth || got.Trials != 5 || math.Abs(got.Error-months) > 1e-12 {
		t.Errorf("%+v, want %v", got, months)
	}
	dark := Outlook{Why: NotTried}
	if errs := dark.try(make([]float64, 40)); errs != nil || dark.All != nil || dark.Why != NotTried {
		t.Errorf("a source that never gave anything has errors relative to nothing: %+v", dark)
	}
}

func TestEightErrorsAreEnoughToChooseBy(t *testing.T) {
	t.Parallel()
	seven := []float64{10, 10, 10, 10, 10, 10, 10}
	// Without the sixth month the fourth is foreseen once, the fifth twice, the seventh four
	// times; without the fifth it is 1 + 3 + 4.
	for lacking, want := range map[int]int{5: 7, 4: 8} {
		o := Outlook{Why: NotTried}
		if errs := o.try(without(seven, lacking)); (errs == nil) != (want < 8) || (o.Why == NotTried) != (want < 8) || o.All[0].Trials != want {
			t.Errorf("of %d errors: %+v", want, o)
		}
	}
}

func TestSeasonsAreTriedFromEightErrorsOn(t *testing.T) {
	t.Parallel()
	year := []float64{9, 8, 7, 5, 3, 2, 1, 2, 3, 5, 7, 8}
	past := append(slices.Clone(year), year[:7]...)
	// From fifteen months on: without the seventeenth month 3 + 2 + 2 + 1 errors of all
	// methods, without the eighteenth 3 + 2 + 1 + 1.
	o := Outlook{Why: NotTried}
	if o.try(without(past, 16)); o.Method != SameMonth || o.Trials != 8 || o.Error != 0 || o.NoSeason != "" {
		t.Errorf("of eight errors: %+v", o)
	}
	o = Outlook{Why: NotTried}
	if o.try(without(past, 17)); o.Method.Seasonal() || o.NoSeason != UnderTwoYears {
		t.Errorf("of seven errors: %+v", o)
	}
}

func TestMethodsAreTriedOnTwelveMonths(t *testing.T) {
	t.Parallel()
	half := make([]float64, 30) // kW: a small source has errors, too
	for i := range half {
		half[i] = 0.5
	}
	// From fifteen to eighteen months on twelve each, then 11 + 10 + … + 1.
	o := Outlook{Why: NotTried}
	if o.try(half); o.Trials != 4*12+66 || o.Method != LastQuarter {
		t.Errorf("%+v, want 114 errors", o)
	}
	// A month, fifteen that are not known, a month: only the last known one foresees it,
	// from five months on to twelve; then no month of a year is known, and there is no level.
	gap := make([]float64, 17)
	for i := range gap {
		if gap[i] = math.NaN(); i%16 == 0 {
			gap[i] = 10
		}
	}
	o = Outlook{Why: NotTried}
	if o.try(gap); o.Method != LastMonth || o.Trials != 8 || len(o.All) != 1 {
		t.Errorf("%+v, want 8 errors of the last month", o)
	}
}

func TestErrorsOfADistanceAreJoinedByTheNext(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence        string
		errs            [][]float64
		h               int
		errors          int
		least, farthest int
		other           bool
	}{
		{"too few on the farther side, where there is no more", [][]float64{nil, {4, 3}, {1}, {2}}, 3, 4, 1, 3, true},
		{"too few on the nearer side, where there is no more", [][]float64{nil, {1}, {2}, {3}, {4, 5, 6, 7, 8}}, 2, 8, 1, 4, true},
		{"none at the nearest", [][]float64{nil, {}, {1, 2, 3, 4}, {5, 6, 7, 8}}, 2, 8, 2, 3, false},
		{"one at the nearest", [][]float64{nil, {1}, {2, 3, 4, 5}, {6, 7, 8, 9}}, 2, 9, 1, 3, false},
		{"none at the farthest", [][]float64{nil, {1, 2, 3, 4}, {5, 6, 7, 8}, {}}, 2, 8, 1, 2, false},
		{"one at the farthest", [][]float64{nil, {1, 2, 3, 4}, {5, 6, 7, 8}, {9}}, 2, 9, 1, 3, false},
		{"all at one", [][]float64{nil, {}, {8, 7, 6, 5, 4, 3, 2, 1}, {}}, 2, 8, 2, 2, false},
	} {
		d := near(tt.errs, tt.h)
		if len(d.errors) != tt.errors || !slices.IsSorted(d.errors) || d.least != tt.least || d.farthest != tt.farthest || d.other != tt.other {
			t.Errorf("%s: %+v, want %d errors of %d to %d months", tt.sentence, d, tt.errors, tt.least, tt.farthest)
		}
	}
}

func TestABandIsAboutTheMiddle(t *testing.T) {
	t.Parallel()
	var e Expected
	// One error in ten is 0.4 and more, nine are −0.4 and more; no power is below zero.
	e.within(distant{errors: []float64{-3, -0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4}}, 10, 50)
	if e.P10 != 30 || e.P50 != 10 || e.P90 != 0 || !e.HasBand {
		t.Errorf("%+v, want 30, 10 and 0 kW", e)
	}
}

func TestTheMethodWithTheLeastErrorIsTaken(t *testing.T) {
	t.Parallel()
	// Levels that stay once they are reached: the last month knows it first.
	steps := make([]float64, 14)
	for i := range steps {
		steps[i] = 100 * float64(1+i/5)
	}
	o := Outlook{Why: NotTried}
	if errs := o.try(steps); o.Method != LastMonth || o.Why != "" || errs == nil || len(o.All) != 3 {
		t.Errorf("steps: %+v", o)
	}
	// Under fifteen months a season cannot be tried against the others, so it is not
	// chosen, however well it did.
	swing := make([]float64, 22)
	for i := range swing {
		swing[i] = 100 + 90*math.Sin(2*math.Pi*float64(i)/12)
	}
	o = Outlook{Why: NotTried}
	if o.try(swing[:17]); o.Method == SameMonth || o.Method == SeasonAtLevel {
		t.Errorf("a season of 17 months was taken for known: %+v", o)
	}
	o = Outlook{Why: NotTried}
	if o.try(swing); o.Method != SameMonth && o.Method != SeasonAtLevel || o.Trials != 28 || o.Error > 1e-9 {
		t.Errorf("a season of 22 months: %+v, want 7+6+…+1 errors of nothing", o)
	}
}
