package commitment_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/commitment"
)

func TestACanonicalFormIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	list := assessCase(t, "testdata/exempt-by-offer")
	list = append(list, assessCase(t, "testdata/forecast-with-the-least-error")...)
	for _, a := range list {
		got, err := commitment.Read(a.Canonical())
		if err != nil {
			t.Fatal(err)
		}
		if got.Digest != a.Digest || string(got.Canonical()) != string(a.Canonical()) || got.Verdict != a.Verdict || got.Value != a.Value || !reflect.DeepEqual(got.Steps, a.Steps) {
			t.Errorf("%+v was read as %+v", a, got)
		}
		if form := commitment.Form(a.Canonical()); form != 2 {
			t.Errorf("form %d, want 2", form)
		}
	}
}

func TestWhatIsNoCanonicalFormIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence, text string
		form           int
		known          bool // its head is
	}{
		{"the first form", "heatledger assessment 1\n{}", 1, true},
		{"a newer form", "heatledger assessment 3\n{}", 3, false},
		{"a form before the first", "heatledger assessment 0\n{}", 0, false},
		{"another file", "{}", 0, false},
		{"nothing", "", 0, false},
		{"a form cut short", "heatledger assessment 2\n{", 2, true},
		{"a form with a verdict that is a number", "heatledger assessment 2\n{\"verdict\":7}", 2, true},
	} {
		a, err := commitment.Read([]byte(tt.text))
		if errors.Is(err, commitment.ErrForm) == tt.known || (err == nil) != (tt.sentence == "the first form") || err != nil && a.Digest != "" {
			t.Errorf("%s: %v", tt.sentence, err)
		}
		if form := commitment.Form([]byte(tt.text)); form != tt.form {
			t.Errorf("%s is form %d, want %d", tt.sentence, form, tt.form)
		}
	}
}

func TestArgumentsAreReadAsTheyWereMeant(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]commitment.Arg{
		`{"number":1.62,"unit":"kWh"}`: commitment.Amount(1.62, "kWh"),
		`"2027-07-01"`:                 commitment.Day(energy.Date{Year: 2027, Month: 7, Day: 1}),
		`"hkn-1"`:                      commitment.Text("hkn-1"),
		`"2027-7-1"`:                   commitment.Text("2027-7-1"),
		`""`:                           commitment.Text(""),
		`"0000-00-00"`:                 commitment.Text("0000-00-00"),
	} {
		var got commitment.Arg
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{`{"number":"x"}`, `7`, `true`} {
		var got commitment.Arg
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %+v", text, got)
		}
	}
	var o commitment.Optional
	if err := json.Unmarshal([]byte("1.5"), &o); err != nil || o != commitment.Some(1.5) {
		t.Errorf("1.5 is %+v, %v", o, err)
	}
	if err := o.UnmarshalJSON([]byte("null")); err != nil || o != (commitment.Optional{}) {
		t.Errorf("null is %+v, %v, want nothing", o, err)
	}
	if err := json.Unmarshal([]byte(strings.Repeat("x", 2)), &o); err == nil {
		t.Error("xx is a number")
	}
	if err := o.UnmarshalJSON([]byte(`"x"`)); err == nil {
		t.Error("a text is a number")
	}
}
