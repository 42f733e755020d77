package words_test

import (
	"slices"
	"testing"

	"heatledger/reporting/words"
)

func TestEnergiesOfATableHaveOneUnit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		l    words.Lang
		kwh  []float64
		want []string
	}{
		{"a quarter", words.German, []float64{310_000, 1_240_000, 0}, []string{"310\u00a0MWh", "1.240\u00a0MWh", "0\u00a0MWh"}},
		{"a quarter with a small one", words.English, []float64{1_240_000, 3_400}, []string{"1,240.0\u00a0MWh", "3.4\u00a0MWh"}},
		{"next to nothing", words.English, []float64{1_240_000, 3}, []string{"1,240.00\u00a0MWh", "<\u00a00.01\u00a0MWh"}},
		{"a house", words.German, []float64{9_000, 20}, []string{"9.000\u00a0kWh", "20\u00a0kWh"}},
		{"a town", words.German, []float64{240e6, 12e6}, []string{"240\u00a0GWh", "12\u00a0GWh"}},
		{"nothing", words.German, []float64{0}, []string{"0\u00a0kWh"}},
		{"less than nothing", words.German, []float64{-310_000}, []string{"−310\u00a0MWh"}},
	} {
		e := words.EnergiesOf(tt.l, tt.kwh...)
		var got []string
		for _, x := range tt.kwh {
			got = append(got, e.Text(x))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
