package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"
)

// englishRemedy is how remedies begin or end that are said in English alone.
var englishRemedy = regexp.MustCompile(`(?i)\b(is|are) expected\b|\bunknown\b|\bsuch as\b|\bremove it\b|\bis no\b|\bthere is\b|\bmust\b`)

// TestWhatFormsOfTheRegistryRefuseIsSaidInGerman sends what people mistype, and what
// programs send in their place: whatever the registry's checks say of it is said in the
// language of the page.
func TestWhatFormsOfTheRegistryRefuseIsSaidInGerman(t *testing.T) {
	t.Parallel()
	o := newDesk(t)
	anna := o.person(t).in("anna")
	anna.header.Set("Accept-Language", "de")
	paper := map[string]string{"kind": "agreement", "id": "a-1", "title": "T", "from": "2026-01-01", "to": "2026-12-31", "facts": "", "why": "x"}
	event := map[string]string{"kind": "meter_exchange", "meter": "hafen-main", "point": "hafen/grid", "at": "2025-06-03T10:00", "final": "5", "start": "0", "new_serial": "9", "why": "x"}
	refused, tries := 0, 0
	try := func(page string, fields map[string]string, send func(map[string]string) answered, name, value string) {
		form := map[string]string{}
		for k, v := range fields {
			form[k] = v
		}
		form["id"] = fmt.Sprint("a-", tries)
		tries++
		form[name] = value
		a := send(form)
		if a.code >= 500 {
			t.Errorf("%s with %s=%.30q: %d", page, name, value, a.code)
		}
		if a.code == http.StatusSeeOther || a.code == http.StatusOK {
			return
		}
		refused++
		if said := notice(a.text); said == "" || englishRemedy.MatchString(said) {
			t.Errorf("%s with %s=%.30q is refused (%d): %q", page, name, value, a.code, said)
		}
	}
	long := fmt.Sprintf("%0500d", 7)
	for name, values := range map[string][]string{
		"kind": {"", "nonsense", "guarantee_of_origin", "supplier_mix", "granular_certificate"}, "id": {"", "Ä", "a b", long, "-"}, "from": {"9999-12-31", "0001-01-01", "2025-02-30", "x", "2027-01-01"},
		"to": {"9999-12-31", "0001-01-01", "1"}, "facts": {"x", "Ä: 1", "a:", "a: 1\na: 2", long + ": 1", "a: \x01"}, "title": {long, "a\x00b", "a\u2028b"}, "why": {"", long},
		"fact:network_ready_by": {"9999-99-99", "2026-1-1", "morgen"}, "fact:heat_price": {long, "a\x07"},
	} {
		for _, value := range values {
			try("papers", paper, func(f map[string]string) answered { return anna.hand("/sites/hafen/papers", "", "", f) }, name, value)
		}
	}
	for name, values := range map[string][]string{
		"kind": {"", "nonsense", "outage"}, "meter": {"", "none", "Ä"}, "point": {"", "hafen/none", "kaiserlei/it", "x"}, "at": {"", "9999-12-31T10:00", "0001-01-01T00:00", "morgen", "2025-03-30T02:30"},
		"final": {"", "-1", "x", "1e400", long, "5 m³", "5 kg", "1.234"}, "start": {"", "-1", "1e400", long, "5 MW"}, "old_factor": {"0", "-1", "x", "1e400", long}, "new_factor": {"0", "-1", long}, "new_serial": {long, "a\x00"}, "why": {"", long},
	} {
		for _, value := range values {
			try("events", event, func(f map[string]string) answered {
				var pairs []string
				for k, v := range f {
					pairs = append(pairs, k, v)
				}
				return anna.post("/sites/hafen/events", pairs...)
			}, name, value)
		}
	}
	if refused < 30 {
		t.Errorf("only %d forms were refused", refused)
	}
}
