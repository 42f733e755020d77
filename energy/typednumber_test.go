package energy_test

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
)

func TestANumberIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ sentence, text, want string }{ // "": no number; "A|B": asked back
		{"bare digits", "18234", "18234"},
		{"a decimal comma", "18234,5", "18234.5"},
		{"a decimal point", "18234.5", "18234.5"},
		{"as a German page shows it", "1.234.567,5", "1234567.5"},
		{"as an English page shows it", "1,234,567.5", "1234567.5"},
		{"thousands twice, without a fraction", "1.234.567", "1234567"},
		{"grouped by spaces", "1 234 567", "1234567"},
		{"grouped by narrow spaces, with a comma", "1\u202f234\u202f567,25", "1234567.25"},
		{"grouped by a space, with three digits behind the comma", "1 234,567", "1234.567"},
		{"one group by a space", "1 234", "1234"},
		{"the Swiss apostrophe", "1'234'567.5", "1234567.5"},
		{"both signs once", "1.234,567", "1234.567"},
		{"the minus of pages", "\u2212\u00a01.234,5", "-1234.5"},
		{"a plus", "+3,5", "3.5"},
		{"less than one", "0,204", "0.204"},
		{"too many digits to be a group", "1234.567", "1234.567"},
		{"leading zeros of a display", "012345,6", "12345.6"},
		{"one sign and three digits", "1.204", "1204|1.204"},
		{"one comma and three digits", "12,204", "12204|12.204"},
		{"a negative one of these", "-1,204", "-1204|-1.204"},
		{"groups of two", "1.23.456", ""},
		{"groups by two signs", "1.234 567", ""},
		{"two decimal signs", "1.5,5", ""},
		{"spaces that group nothing", "12 5", ""},
		{"a unit", "1204 m³", ""},
		{"nothing behind the sign", "12,", ""},
		{"nothing before it", ",5", ""},
		{"an exponent", "1e3", ""},
		{"no number at all", "NaN", ""},
		{"nothing", " ", ""},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			v, err := energy.ParseTypedNumber(tt.text)
			got := v.String()
			var open *energy.AmbiguousNumberError
			switch {
			case errors.As(err, &open):
				got = open.Grouped.String() + "|" + open.Fraction.String()
			case err != nil:
				got = ""
			}
			if got != tt.want {
				t.Errorf("%q is read as %q (%v), want %q", tt.text, got, err, tt.want)
			}
		})
	}
}

// TestWhatAPageShowsIsReadAsItIs groups numbers as pages of either language do.
func TestWhatAPageShowsIsReadAsItIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 1e12).Draw(t, "whole")
		decimals := rapid.SampledFrom([]int{0, 1, 2, 4}).Draw(t, "decimals")
		signs := rapid.SampledFrom([]string{".,", ",.", " ,", "\u202f,", "'."}).Draw(t, "signs")
		group, point := string([]rune(signs)[0]), string([]rune(signs)[1])
		whole := strconv.FormatInt(n, 10)
		shown := whole
		for i := len(whole) - 3; i > 0; i -= 3 {
			shown = shown[:i] + group + shown[i:]
		}
		want := float64(n)
		if decimals > 0 {
			fraction := rapid.Int64Range(0, int64(math.Pow10(decimals))-1).Draw(t, "fraction")
			text := strconv.FormatInt(fraction, 10)
			text = strings.Repeat("0", decimals-len(text)) + text
			shown += point + text
			want, _ = strconv.ParseFloat(whole+"."+text, 64)
		}
		v, err := energy.ParseTypedNumber(shown)
		var open *energy.AmbiguousNumberError
		if errors.As(err, &open) && n >= 1000 && n < 1e6 && decimals == 0 {
			v, err = open.Grouped, nil // one group and no fraction: asked back
		}
		if err != nil || v.Float64() != want {
			t.Fatalf("%q is read as %v, %v; want %v", shown, v, err, want)
		}
	})
}
