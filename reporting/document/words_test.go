package document

import (
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

func TestEveryCodeHasWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, lang := range Langs() {
		w, err := in(lang)
		if err != nil {
			t.Fatalf("words: %v", err)
		}
		for _, d := range kpi.Definitions() {
			if w.names[d.Name] == "" {
				t.Errorf("%s: no name of the figure %s", lang, d.Name)
			}
		}
		for _, role := range energy.Roles() {
			if w.roles[role] == "" {
				t.Errorf("%s: no word for the role %s", lang, role)
			}
		}
		for q := energy.Missing; q <= energy.Suspect; q++ {
			if w.qualities[q] == "" {
				t.Errorf("%s: no word for the quality %s", lang, q)
			}
		}
	}
}

func TestNumbersAreWrittenAsPeopleDo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ says, got, want string }{
		{"German groups", German.decimal(1234567.891, 1), "1.234.567,9"},
		{"English groups", English.decimal(1234567.891, 1), "1,234,567.9"},
		{"a negative number", German.decimal(-1234, 0), "−1.234"},
		{"three digits", English.decimal(123, 0), "123"},
		{"almost all is not all", German.percent(0.99999), "> 99,9" + noBreak + "%"},
		{"all is all", German.percent(1), "100,0" + noBreak + "%"},
		{"an absent amount is no zero", German.amount(energy.Value{}, false, energy.KilowattHour), "–"},
		{"a small amount keeps digits", English.amount(energy.Decimal(1234, -3), true, energy.CubicMetre), "1.23" + noBreak + "m³"},
		{"a figure without value", German.figure(kpi.Figure{}), "–"},
		{"a share", English.figure(kpi.Figure{Name: "green_share_hourly", OK: true, Value: 0.4321}), "43.2" + noBreak + "%"},
		{"a German date", German.date(energy.Date{Year: 2025, Month: time.June, Day: 3}), "03.06.2025"},
		{"an English date", English.date(energy.Date{Year: 2025, Month: time.June, Day: 3}), "3 June 2025"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.says, tt.got, tt.want)
		}
	}
}
