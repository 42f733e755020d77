package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"heatledger/energy/ledger"
)

// fallen hands in hours of a counter that falls at the fourth, by two files, and
// closes the days: an open case.
func (o *office) fallen(t *testing.T, p *person) {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("point,at,value,unit\n")
	for i, value := range []string{"1000", "1010", "1020.25", "5", "15", "25"} {
		rows.WriteString("hafen/grid,2026-02-03T0" + number(int64(i)) + ":00:00Z," + value + ",kWh\n")
	}
	draft := p.hand("/api/v1/submissions", "fall.csv", rows.String(), map[string]string{"partial": "false", "explain": `[]`})
	var asked struct {
		Submission struct {
			ID   string
			Rows []struct{ Code string }
		}
	}
	if err := json.Unmarshal([]byte(draft.text), &asked); err != nil || asked.Submission.ID == "" {
		t.Fatalf("hand in: %d %s", draft.code, draft.text)
	}
	explain := []map[string]any{}
	for _, row := range asked.Submission.Rows {
		explain = append(explain, map[string]any{"code": row.Code, "text": "the meter was exchanged"})
	}
	if code, problem := p.asks("/api/v1/submissions/"+asked.Submission.ID+"/submit", map[string]any{"explain": explain}, nil); code != http.StatusCreated {
		t.Fatalf("hand in with what explains it: %d %s", code, problem)
	}
	o.close(t, "hafen")
}

// TestTheFormOfAnExchangeProposesWhatIsKnown goes from the inbox to the form, which
// knows what the old meter showed last, and tells the time as clocks there do.
func TestTheFormOfAnExchangeProposesWhatIsKnown(t *testing.T) {
	t.Parallel()
	o := newDesk(t)
	anna, olga := o.person(t).in("anna"), o.person(t).in("olga")
	anna.header.Set("Accept-Language", "de")
	o.fallen(t, olga)
	for who, want := range map[*person]string{anna: "als Ereignis eintragen", olga: "Tell the office whether the meter was exchanged or reset"} {
		for _, path := range []string{"/sites/hafen/findings?from=2026-02-01&to=2026-03-01", "/api/v1/sites/hafen/findings?from=2026-02-01&to=2026-03-01"} {
			if a := who.get(path); !strings.Contains(a.text, want) {
				t.Errorf("%s does not say what its reader can do (%s): %d", path, want, a.code)
			}
		}
	}
	found := regexp.MustCompile(`/sites/hafen/events\?point=[^"]+`).FindString(anna.get("/inbox").text)
	if found == "" {
		t.Fatal("the inbox leads to no form")
	}
	form := anna.get(strings.ReplaceAll(found, "&amp;", "&"))
	for _, want := range []string{`type="datetime-local" step="1" value="2026-02-03T03:00:00"`, `name="final" value="1020,25 kWh"`, `name="start" value="0 kWh"`, `<input type="hidden" name="point" value="hafen/grid">`, "1.020,250 kWh am 3. Februar 2026, 03:00:00"} {
		if !strings.Contains(form.text, want) {
			t.Errorf("the form has no %s: %s", want, form.text)
		}
	}
	choice := anna.get("/sites/hafen/events")
	if !strings.Contains(choice.text, `<option value="hafen/grid">`) || strings.Contains(choice.text, `name="final"`) {
		t.Errorf("without a counter it proposes something: %s", choice.text)
	}
	settle := func(at, final, pass string) answered {
		return anna.post("/sites/hafen/events", "kind", "meter_exchange", "meter", "hafen-main", "point", "hafen/grid", "at", at, "pass", pass, "final", final, "start", "0", "new_serial", "4711", "why", "protocol")
	}
	for _, tt := range []struct{ sentence, at, final, want string }{
		{"an hour that came twice", "2025-10-26T02:30", "1.020,5", "gab es an diesem Tag zweimal"},
		{"an hour that never was", "2026-03-29T02:30:00", "1.020,5", "keine Uhrzeit dieses Orts"},
		{"a number that may be two", "2026-02-03T03:30", "1.020 kWh", "1020 oder 1,0200"},
		{"no number", "2026-02-03T03:30", "viel", "ist keine Zahl"},
	} {
		if a := settle(tt.at, tt.final, ""); a.code != http.StatusUnprocessableEntity || !strings.Contains(notice(a.text), tt.want) || !strings.Contains(a.text, `value="`+tt.final+`"`) {
			t.Errorf("%s: %d %s, want %q", tt.sentence, a.code, notice(a.text), tt.want)
		}
	}
	all := anna.post("/sites/hafen/events", "kind", "meter_exchange", "meter", "hafen-main", "point", "hafen/grid", "at", "gestern", "final", "viel", "start", "nichts", "old_factor", "x", "why", "protocol")
	for _, want := range []string{"Wann: ", "letzter Stand des alten (kWh): „viel“ ist keine Zahl: Ziffern", "erster Stand des neuen (kWh): ", "Faktor des alten (leer: 1): "} {
		if all.code != http.StatusUnprocessableEntity || !strings.Contains(notice(all.text), want) {
			t.Errorf("all that is wrong at once: %d %s, want %q", all.code, notice(all.text), want)
		}
	}
	if a := settle("2025-10-26T02:30", "1.020,5", ""); !strings.Contains(a.text, `<select id="pass" name="pass">`) {
		t.Error("it is not asked which of the two hours is meant")
	}
	a := settle("2026-02-03T03:30", "1.020,5", "")
	if a.code != http.StatusSeeOther {
		t.Fatalf("settle: %d %s", a.code, notice(a.text))
	}
	o.close(t, "hafen")
	var inbox inboxAnswer
	if anna.read("/api/v1/inbox?kind=case", &inbox); len(inbox) != 0 {
		t.Errorf("after it was settled the open cases are %+v", inbox)
	}
	later := anna.get("/sites/hafen/events?" + url.Values{"point": {"hafen/grid"}, "at": {"2025-10-26T01:30:00Z"}}.Encode())
	if !strings.Contains(later.text, `<option value="B" selected>`) || !strings.Contains(later.text, `value="2025-10-26T02:30:00"`) {
		t.Errorf("the second of two hours: %s", later.text)
	}
}

// TestAnExchangeEndsEveryCounterOfTheMeter exchanges a meter that counts two ways: the
// form asks for both, and the second loses no interval.
func TestAnExchangeEndsEveryCounterOfTheMeter(t *testing.T) {
	t.Parallel()
	o := newDesk(t)
	anna, olga := o.person(t).in("anna"), o.person(t).in("olga")
	anna.header.Set("Accept-Language", "de")
	promise(t, ledger.New(o.store, "Europe/Berlin"), strings.Replace(registryYAML, "          - {id: hafen/grid,", "          - {id: hafen/fed, quantity: active_energy_export, role: grid_export}\n          - {id: hafen/grid,", 1))
	var rows strings.Builder
	rows.WriteString("point,at,value,unit\n")
	for hour, values := range [][2]string{{"1000", "500"}, {"1010", "502"}, {"1020.25", "504.5"}, {"5", "3"}, {"15", "4"}} {
		for i, point := range []string{"hafen/grid", "hafen/fed"} {
			rows.WriteString(point + ",2026-02-03T0" + number(int64(hour)) + ":00:00Z," + values[i] + ",kWh\n")
		}
	}
	sent := olga.send("/hand-in", "exchange.csv", []byte(rows.String()))
	explained := []string{}
	for _, m := range regexp.MustCompile(`name="(explain\.[a-z_]+)"`).FindAllStringSubmatch(olga.get(sent.to).text, -1) {
		explained = append(explained, m[1], "the meter was exchanged")
	}
	if a := olga.post(sent.to+"/submit", explained...); a.code != http.StatusSeeOther || !strings.HasSuffix(a.to, "/receipt") {
		t.Fatalf("hand in: %d %s %s", a.code, a.to, plain(a.text))
	}
	form := anna.get("/sites/hafen/events?" + url.Values{"point": {"hafen/grid"}, "at": {"2026-02-03T02:30:00Z"}}.Encode())
	for _, want := range []string{`name="final" value="1020,25 kWh"`, `name="final:hafen/fed" value="504,5 kWh"`, `name="start:hafen/fed" value="0 kWh"`} {
		if !strings.Contains(form.text, want) {
			t.Errorf("the form has no %s", want)
		}
	}
	fields := []string{"kind", "meter_exchange", "meter", "hafen-main", "point", "hafen/grid", "at", "2026-02-03T03:30", "final", "1025", "start", "0", "start:hafen/fed", "0", "why", "protocol", "final:hafen/fed"}
	if a := anna.post("/sites/hafen/events", append(fields, "viel")...); a.code != http.StatusUnprocessableEntity || !strings.Contains(notice(a.text), "(fed), letzter Stand des alten (kWh): „viel“ ist keine Zahl") {
		t.Errorf("what is no number of the second counter: %d %s", a.code, notice(a.text))
	}
	if a := anna.post("/sites/hafen/events", append(fields, "506,5")...); a.code != http.StatusSeeOther {
		t.Fatalf("settle: %d %s", a.code, notice(a.text))
	}
	o.close(t, "hafen")
	for point, want := range map[string]float64{"grid": 25 + 15, "fed": 6.5 + 4} {
		var hours struct{ V []*float64 }
		anna.read("/api/v1/sites/hafen/points/"+point+"/values?from=2026-02-03T00:00:00Z&to=2026-02-03T04:00:00Z&step=1h&format=columns", &hours)
		sum := 0.0
		for _, i := range hours.V {
			if i == nil {
				t.Errorf("an hour of %s is lost", point)
				continue
			}
			sum += *i
		}
		if len(hours.V) != 4 || sum < want-0.01 || sum > want+0.01 {
			t.Errorf("%s counted %v in %d hours, want %v in 4", point, sum, len(hours.V), want)
		}
	}
}
