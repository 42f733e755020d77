package web_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/reporting/web"
)

const deadlines = `
municipality: {ags: "06413000", name: Musterstadt, tasks: [{id: council_paper, due: 10-15, begin: 09-01}]}
operators: [{id: a, name: A}, {id: b, name: B}]
sites:
  - {id: hafen, name: Hafen, operator: a, in_operation_since: 2019-03-01, connected_load_kw: 4000, commitments: [{id: law, rulebook: enefg-2023}],
     meters: [{id: main, verification: {regime: mid, until: 2026-04-30}, points: [{id: hafen/grid, quantity: active_energy_import, role: grid_import}]}]}
  - {id: west, name: West, operator: b, in_operation_since: 2019-03-01, connected_load_kw: 4000, commitments: [{id: law-west, rulebook: enefg-2023}],
     meters: [{id: west-main, points: [{id: west/grid, quantity: active_energy_import, role: grid_import}]}]}
`

// newTown serves two sites of two operators, with or without mail.
func newTown(t *testing.T, mail bool) *site {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("registry.yaml", []byte(deadlines))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	server, err := web.New(t.Context(), web.Options{Listen: "127.0.0.1:0", Version: "test", Store: s, Ledger: l, Intake: in, Log: slog.New(slog.DiscardHandler),
		Mail: mail, PublicURL: "https://heat.example.city"})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(server.Handler())
	endWith(t, h)
	return &site{Server: h, store: s}
}

type task struct {
	Key, Code, State, Text, Cites string
	Site, Due, Done               *string
	Office                        bool
	Args                          map[string]json.RawMessage
}

func TestTheOfficeSeesAllDeadlinesAndAnOperatorHisOwn(t *testing.T) {
	t.Parallel()
	s := newTown(t, false)
	office, operator := s.token(t, access.Office), s.token(t, access.Operator, "hafen")
	var all, own []task
	answer := s.call(t, "GET", "/api/v1/worklist?on=2026-03-20", office, nil, http.Header{"Accept-Language": {"en"}}, &all)
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Language") != "en" {
		t.Fatalf("%d %v", answer.StatusCode, answer.Header)
	}
	s.call(t, "GET", "/api/v1/worklist?on=2026-03-20", operator, nil, nil, &own)
	has := func(list []task, code, site, due, state string) bool {
		return slices.ContainsFunc(list, func(i task) bool {
			return i.Code == code && i.State == state && i.Due != nil && *i.Due == due && (site == "" && i.Site == nil || i.Site != nil && *i.Site == site)
		})
	}
	for _, site := range []string{"hafen", "west"} {
		if !has(all, "report_due", site, "2026-03-31", "open") {
			t.Errorf("the office does not see the report of %s", site)
		}
	}
	if !has(all, "council_paper", "", "2026-10-15", "upcoming") || !has(all, "verification_ends", "hafen", "2026-04-30", "open") {
		t.Errorf("the office does not see its own paper and the meter: %+v", all)
	}
	if !has(own, "report_due", "hafen", "2026-03-31", "open") || !has(own, "verification_ends", "hafen", "2026-04-30", "open") {
		t.Errorf("the operator does not see his own: %+v", own)
	}
	for _, i := range own {
		if i.Site == nil || *i.Site != "hafen" || i.Office {
			t.Errorf("the operator of hafen sees %+v", i)
		}
	}
	for _, i := range all {
		if i.Text == "" || strings.Contains(i.Text, "{") || i.Key == "" {
			t.Errorf("an item without words: %+v", i)
		}
	}
	for path, status := range map[string]int{
		"/api/v1/worklist?on=2026-02-30": http.StatusBadRequest, "/api/v1/worklist?on=0001-01-01": http.StatusBadRequest, "/api/v1/worklist?state=late": http.StatusBadRequest,
		"/api/v1/worklist?site=west": http.StatusNotFound, "/api/v1/worklist?nonsense=1": http.StatusBadRequest, "/api/v1/worklist?format=pdf": http.StatusBadRequest,
	} {
		if answer := s.call(t, "GET", path, operator, nil, nil, nil); answer.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, answer.StatusCode, status)
		}
	}
	var open []task
	s.call(t, "GET", "/api/v1/worklist?on=2026-03-20&state=upcoming", office, nil, nil, &open)
	if len(open) == 0 || slices.ContainsFunc(open, func(i task) bool { return i.State != "upcoming" }) {
		t.Errorf("of state upcoming: %+v", open)
	}
	table := s.call(t, "GET", "/api/v1/worklist?on=2026-03-20&format=csv", office, nil, nil, nil)
	lines, err := csv.NewReader(table.Body).ReadAll()
	if err != nil || len(lines) != len(all)+1 {
		t.Errorf("as CSV: %d lines of %d items (%v)", len(lines), len(all), err)
	}
}

func TestTheCalendarFileHoldsEachDeadlineOnItsDay(t *testing.T) {
	t.Parallel()
	s := newTown(t, false)
	office := s.token(t, access.Office)
	var all []task
	s.call(t, "GET", "/api/v1/worklist?on=2026-03-20", office, nil, nil, &all)
	read := func() string {
		answer := s.call(t, "GET", "/api/v1/worklist?on=2026-03-20&format=ics", office, nil, nil, nil)
		if got := answer.Header.Get("Content-Type"); got != "text/calendar; charset=utf-8" {
			t.Fatalf("content type %q", got)
		}
		var b strings.Builder
		if err := answer.Write(&b); err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(b.String(), "BEGIN:VCALENDAR")
		return "BEGIN:VCALENDAR" + body
	}
	text := read()
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 || strings.Contains(line, "\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	unfolded := strings.ReplaceAll(text, "\r\n ", "")
	dated := 0
	for _, i := range all {
		if i.Due == nil {
			continue
		}
		dated++
		if day := "DTSTART;VALUE=DATE:" + strings.ReplaceAll(*i.Due, "-", ""); !strings.Contains(unfolded, day) {
			t.Errorf("%s of %s is not there", day, i.Code)
		}
	}
	if n := strings.Count(unfolded, "BEGIN:VEVENT"); n != dated || strings.Count(unfolded, "END:VEVENT") != n {
		t.Errorf("%d events of %d deadlines", n, dated)
	}
	if !strings.Contains(unfolded, "SUMMARY:hafen: Meldung an das Rechenzentrumsregister für 2025.") || !strings.Contains(unfolded, `§ 13 Abs. 1\, § 20 Abs. 2`) {
		t.Errorf("text is not as it should be:\n%s", unfolded)
	}
	uids := regexp.MustCompile(`UID:(\S+)`)
	first, again := uids.FindAllString(unfolded, -1), uids.FindAllString(strings.ReplaceAll(read(), "\r\n ", ""), -1)
	if !slices.Equal(first, again) || len(slices.Compact(slices.Sorted(slices.Values(first)))) != len(first) || !strings.HasSuffix(first[0], "@heat.example.city") {
		t.Errorf("UIDs change, or are not unique: %v", first)
	}
}

// post sends a form as a browser does on a page of ours, or of another site.
func (s *site) post(t *testing.T, path string, values url.Values, token, from string) (int, string) {
	t.Helper()
	h := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	if from != "" {
		h.Set("Sec-Fetch-Site", from)
	}
	answer := s.call(t, "POST", path, token, strings.NewReader(values.Encode()), h, nil)
	var b strings.Builder
	if err := answer.Write(&b); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, b.String()
}

func TestAReaderSubscribesConfirmsAndEndsItWithoutSigningIn(t *testing.T) {
	t.Parallel()
	s := newTown(t, true)
	operator := s.token(t, access.Operator, "hafen")
	wish := url.Values{"address": {"ada@example.city"}, "topic": {"findings"}, "severity": {"warning"}, "site": {""}}
	if status, _ := s.post(t, "/subscribe", wish, "", "cross-site"); status != http.StatusForbidden {
		t.Errorf("from another site's page: %d", status)
	}
	if status, body := s.post(t, "/subscribe?lang=en", wish, operator, "same-origin"); status != http.StatusOK || !strings.Contains(body, "Please confirm in your mailbox") {
		t.Fatalf("subscribe: %d\n%s", status, body)
	}
	letter, ok, err := s.store.TakeMail(t.Context(), time.Hour)
	if err != nil || !ok || letter.To != "ada@example.city" {
		t.Fatalf("the letter that asks: %t %+v (%v)", ok, letter, err)
	}
	link := regexp.MustCompile(`https://heat\.example\.city(/subscriptions/confirm/\S+)`).FindStringSubmatch(letter.Body)
	if link == nil {
		t.Fatalf("no link in\n%s", letter.Body)
	}
	if answer := s.call(t, "GET", link[1], "", nil, nil, nil); answer.StatusCode != http.StatusOK {
		t.Errorf("looking at the link: %d", answer.StatusCode)
	}
	if subs, err := s.store.Subscriptions(t.Context(), "", false); err != nil || len(subs) != 0 {
		t.Errorf("looking at the link subscribes: %v (%v)", subs, err)
	}
	if status, _ := s.post(t, link[1], nil, "", "same-origin"); status != http.StatusOK {
		t.Errorf("confirm: %d", status)
	}
	subs, err := s.store.Subscriptions(t.Context(), "", false)
	if err != nil || len(subs) != 1 || len(subs[0].Sites) != 1 || subs[0].Sites[0] != "hafen" {
		t.Fatalf("subscriptions of one who may see hafen only: %+v (%v)", subs, err)
	}
	if status, _ := s.post(t, link[1], nil, "", "same-origin"); status != http.StatusNotFound {
		t.Errorf("confirm again: %d", status)
	}
	end := "/subscriptions/" + subs[0].Token
	if answer := s.call(t, "GET", end, "", nil, nil, nil); answer.StatusCode != http.StatusOK {
		t.Errorf("look at the end: %d", answer.StatusCode)
	}
	if subs, _ := s.store.Subscriptions(t.Context(), "", false); len(subs) != 1 {
		t.Error("looking at the link ends it")
	}
	if status, _ := s.post(t, end, url.Values{"List-Unsubscribe": {"One-Click"}}, "", ""); status != http.StatusOK { // as mail programs do
		t.Errorf("end: %d", status)
	}
	if subs, _ := s.store.Subscriptions(t.Context(), "", true); len(subs) != 0 {
		t.Errorf("after the end: %+v", subs)
	}
	if status, _ := s.post(t, end, nil, "", "same-origin"); status != http.StatusOK {
		t.Errorf("end twice: %d", status)
	}
}

func TestNobodySubscribesToWhatHeMayNotSee(t *testing.T) {
	t.Parallel()
	s := newTown(t, true)
	operator := s.token(t, access.Operator, "hafen")
	base := func(change map[string]string) url.Values {
		v := url.Values{"address": {"ada@example.city"}, "topic": {"findings"}, "severity": {"warning"}, "site": {"hafen"}}
		for name, value := range change {
			v.Set(name, value)
		}
		return v
	}
	for name, c := range map[string]struct {
		values url.Values
		token  string
		status int
	}{
		"another's site":       {base(map[string]string{"site": "west"}), operator, http.StatusNotFound},
		"nobody known":         {base(nil), "", http.StatusUnauthorized},
		"two addresses":        {base(map[string]string{"address": "a@b\r\nBcc: c@d"}), operator, http.StatusUnprocessableEntity},
		"no address":           {base(map[string]string{"address": "ada"}), operator, http.StatusUnprocessableEntity},
		"a topic of one's own": {base(map[string]string{"topic": "x"}), operator, http.StatusBadRequest},
		"a great form":         {base(map[string]string{"severity": strings.Repeat("x", 20000)}), operator, http.StatusBadRequest},
	} {
		if status, _ := s.post(t, "/subscribe", c.values, c.token, "same-origin"); status != c.status {
			t.Errorf("%s: %d, want %d", name, status, c.status)
		}
	}
	if _, ok, err := s.store.TakeMail(t.Context(), time.Hour); ok || err != nil {
		t.Errorf("a letter was queued (%v)", err)
	}
	quiet := newTown(t, false).call(t, "GET", "/subscribe?lang=en", "", nil, nil, nil)
	if body, err := io.ReadAll(quiet.Body); err != nil || quiet.StatusCode != http.StatusOK || !strings.Contains(string(body), `/sites/hafen/findings.atom`) || strings.Contains(string(body), `action="/subscribe`) {
		t.Errorf("without mail the page leads to no feed: %d, %v", quiet.StatusCode, err)
	}
}

func TestThePagesOfDeadlinesAndSubscriptionsSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	s := newTown(t, true)
	noted, err := s.store.SubscribeConfirmed(t.Context(), store.Subscription{Address: "ada@example.city", Topic: store.TopicFindings, Sites: []energy.SiteID{"hafen"}, Severity: "error", Language: "de"})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/worklist?on=2026-03-20&lang=de":            "Meldung an das Rechenzentrumsregister für 2025.",
		"/worklist?on=2026-03-20&site=hafen&lang=de": `<a href="/sites/hafen/forms?year=2025&amp;lang=de">`, // what is due leads to where it is done
		"/worklist?on=2026-03-20&site=&lang=en":      "Hand the report to the town council",
		"/worklist?on=2026-03-20&site=west&lang=en":  "Report to the register of data centres for 2025.",
		"/subscribe?lang=de":                         "Frage an die Adresse senden",
		"/subscribe?topic=reminders&lang=en":         `<option value="reminders" selected>`,
		"/subscriptions/" + noted.Token + "?lang=en": "End them",
		"/subscriptions/unknown?lang=de":             "die Adresse ist gelöscht",
		"/sites/hafen?lang=en":                       `<a href="/subscribe?site=hafen&amp;lang=en">Get findings by mail</a>`,
		"/subscriptions/confirm/unknown?lang=en":     "Yes, send messages",
	} {
		answer := s.call(t, "GET", path, "", nil, nil, nil)
		var b strings.Builder
		if err := answer.Write(&b); err != nil {
			t.Fatal(err)
		}
		if body := strings.ReplaceAll(b.String(), "\u00a0", " "); answer.StatusCode != http.StatusOK || !strings.Contains(body, want) || strings.Contains(body, "%!") {
			t.Errorf("%s: %d, %q is not in\n%s", path, answer.StatusCode, want, body)
		}
	}
}
