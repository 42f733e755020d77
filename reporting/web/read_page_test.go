package web_test

import (
	"strings"
	"testing"
)

// TestAReadingIsTakenAsItIsTyped reads a meter with numbers as the page shows them:
// what may be read in two ways is asked back, and so is an hour that came twice.
func TestAReadingIsTakenAsItIsTyped(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	p := o.person(t).in("olga")
	p.header.Set("Accept-Language", "de")
	const path = "/sites/hafen/read"
	read := func(value, at string, more ...string) answered {
		fields := map[string]string{"point": "it", "value": value, "at": at}
		for i := 0; i+1 < len(more); i += 2 {
			fields[more[i]] = more[i+1]
		}
		return p.sendForm(path, fields, "", "", nil)
	}
	for _, tt := range []struct{ sentence, value, at, want string }{ // want: what the page says; "": a receipt
		{"one sign, three digits", "1.204", "2025-06-03T08:00", "1204 oder 1,2040?"},
		{"no number", "12 5", "2025-06-03T08:00", "Dreiergruppen"},
		{"grouped by points", "1.234.500,5", "2025-06-03T08:00", ""},
		{"grouped by a space", "1 234 568", "2025-06-04T08:00", ""},
		{"grouped by narrow spaces, as copied", "1\u202f234\u202f569,25", "2025-06-05T08:00", ""},
		{"an hour that does not exist", "1.235.000,5", "2025-03-30T02:30", "keine Uhrzeit dieses Orts"},
		{"an hour that came twice", "1.235.000,5", "2025-10-26T02:30", "gab es an diesem Tag zweimal"},
	} {
		a := read(tt.value, tt.at)
		switch {
		case tt.want == "" && (a.code != 303 || !strings.HasSuffix(a.to, "/receipt")):
			t.Errorf("%s: %d to %q %s", tt.sentence, a.code, a.to, plain(a.text))
		case tt.want != "" && (a.code != 422 || !strings.Contains(plain(a.text), tt.want)):
			t.Errorf("%s: %d %s, want %q", tt.sentence, a.code, plain(a.text), tt.want)
		}
	}
	if page := read("1.235.000,5", "2025-10-26T02:30"); !strings.Contains(page.text, `<p data-pass><label for="pass">`) {
		t.Errorf("it is not asked which hour is meant: %s", page.text)
	}
	if page := p.get(path + "?point=it"); !strings.Contains(page.text, `<p data-pass hidden>`) || !strings.Contains(plain(page.text), "1.234.569,250 kWh") {
		t.Errorf("the form: %s", plain(page.text))
	}
	if a := read("1.235.000,5", "2025-10-26T02:30", "pass", "B"); a.code != 303 {
		t.Errorf("the second of two hours: %d %s", a.code, plain(a.text))
	}
}

// TestAReadingIsJudgedByItsOwnTime enters readings of long ago: what is expected is
// what the counter stood at then, not what it stands at now.
func TestAReadingIsJudgedByItsOwnTime(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	p := o.person(t).in("olga")
	for _, tt := range []struct {
		sentence, value, at string
		code                int
		says                string
	}{
		{"a first reading", "1000", "2025-06-03T08:00", 303, ""},
		{"a day later, by ten an hour", "1240", "2025-06-04T08:00", 303, ""},
		{"a day later, by far too much", "3000", "2025-06-05T08:00", 422, "up to 1,740"},
		{"six days later, within twice as much", "3000", "2025-06-10T08:00", 303, ""},
	} {
		a := p.sendForm("/sites/hafen/read", map[string]string{"point": "it", "value": tt.value, "at": tt.at}, "", "", nil)
		if a.code != tt.code || !strings.Contains(plain(a.text), tt.says) {
			t.Errorf("%s: %d %s; want %d %q", tt.sentence, a.code, plain(a.text), tt.code, tt.says)
		}
	}
}
