package web_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy/access"
	"heatledger/energy/intake"
)

// found is a finding as the API gives it.
type found struct {
	Rule, Code, Severity, Site, Meter, Point, Text string
	From, To                                       time.Time
	Args                                           map[string]json.RawMessage
}

// handIn submits hourly counters of hafen/grid and hafen/it in [from, to).
func (s *site) handIn(t *testing.T, token string, from, to time.Time) {
	t.Helper()
	var b strings.Builder
	b.WriteString("point,at,value,unit\n")
	for i, at := 0, from; at.Before(to); i, at = i+1, at.Add(time.Hour) {
		fmt.Fprintf(&b, "hafen/grid,%s,%d,kWh\nhafen/it,%s,%d,kWh\n", at.Format(time.RFC3339), i*60, at.Format(time.RFC3339), i*40)
	}
	var receipt intake.Receipt
	if answer := s.call(t, "POST", "/api/v1/readings", token, strings.NewReader(b.String()), csvHeader(), &receipt); answer.StatusCode != 200 || len(receipt.Rejected) > 0 {
		t.Fatalf("hand in readings: %d, %+v", answer.StatusCode, receipt)
	}
	if _, err := s.closer.Site(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
}

func TestFindingsAndBalancesOfAMonth(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	s.handIn(t, office, time.Date(2025, 5, 31, 0, 0, 0, 0, time.UTC), time.Date(2025, 6, 20, 0, 0, 0, 0, time.UTC))
	s.handIn(t, office, time.Date(2025, 6, 20, 0, 0, 0, 0, time.UTC).Add(20*24*time.Hour), time.Date(2025, 7, 12, 0, 0, 0, 0, time.UTC)) // the counters begin anew
	const path = "/api/v1/sites/hafen/findings?from=2025-06-01&to=2025-08-01"
	var list []found
	answer := s.call(t, "GET", path, office, nil, http.Header{"Accept-Language": {"de"}}, &list)
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Language") != "de" || answer.Header.Get("Heatledger-Fact") == "" {
		t.Fatalf("findings: %d, %v", answer.StatusCode, answer.Header)
	}
	seen := map[string]bool{}
	for _, f := range list {
		seen[f.Code+" "+f.Point] = true
		if f.Text == "" || strings.Contains(f.Text, "{") || f.Site != "hafen" || !f.From.Before(f.To) && f.Code != "counter_glitch" {
			t.Errorf("a finding without words or time: %+v", f)
		}
	}
	for _, want := range []string{"gap_unknown hafen/grid", "counter_fell hafen/it", "coverage_low hafen/it"} {
		if !seen[want] {
			t.Errorf("%s was not found in %v", want, seen)
		}
	}
	if list[0].Severity != "warning" || !strings.Contains(list[0].Text, "nachliefern") && !strings.Contains(list[0].Text, "eintragen") {
		t.Errorf("the first finding is %+v, want a warning that says what to do", list[0])
	}
	table := s.call(t, "GET", path+"&format=csv", office, nil, nil, nil)
	lines, err := csv.NewReader(table.Body).ReadAll()
	if err != nil || len(lines) != len(list)+1 || lines[0][0] != "rule" {
		t.Errorf("as CSV: %d lines of %d findings, %v", len(lines), len(list), err)
	}

	var balances []struct {
		Kind, Parent                string
		Entered, Measured, Residual float64
		Deviation                   *float64
		Complete                    bool
		Below                       []struct{ Point string }
	}
	s.call(t, "GET", "/api/v1/sites/hafen/balance?from=2025-06-01&to=2025-08-01", office, nil, nil, &balances)
	if len(balances) != 4 || balances[0].Parent != "hafen/grid" || balances[0].Complete || balances[0].Deviation != nil || balances[0].Below[0].Point != "hafen/it" || balances[2].Kind != "check" {
		t.Errorf("balances = %+v, want a node and a check meter in two months, none of them complete", balances)
	}
	for path, status := range map[string]int{
		"/api/v1/sites/hafen/findings":                                   http.StatusBadRequest,
		"/api/v1/sites/hafen/findings?from=2024-01-01&to=2026-01-01":     http.StatusBadRequest,
		"/api/v1/sites/hafen/findings?from=2025-01-01&to=2025-02-01&a=b": http.StatusBadRequest,
		"/api/v1/sites/nowhere/findings?from=2025-01-01&to=2025-02-01":   http.StatusNotFound,
		"/api/v1/sites/hafen/balance?from=2025-01-01":                    http.StatusBadRequest,
		path + "&as_known_at=2020-01-01":                                 http.StatusNotFound,
	} {
		if answer := s.call(t, "GET", path, office, nil, nil, nil); answer.StatusCode != status {
			t.Errorf("%s answers %d, want %d", path, answer.StatusCode, status)
		}
	}
}

func TestTheFeedOfFindings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	now := time.Now().UTC().Truncate(time.Hour)
	loader := s.token(t, access.Office)
	s.handIn(t, loader, now.Add(-10*24*time.Hour), now.Add(-3*24*time.Hour))
	ask := func(lang string) (text string, parsed struct {
		XMLName xml.Name
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Entries []struct {
			ID       string `xml:"id"`
			Title    string `xml:"title"`
			Updated  string `xml:"updated"`
			Summary  string `xml:"summary"`
			Category struct {
				Term string `xml:"term,attr"`
			} `xml:"category"`
		} `xml:"entry"`
	}) {
		t.Helper()
		answer := s.call(t, "GET", "/sites/hafen/findings.atom", loader, nil, http.Header{"Accept-Language": {lang}}, nil)
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/atom+xml") {
			t.Fatalf("the feed: %d, %v", answer.StatusCode, err)
		}
		if err := xml.Unmarshal(body, &parsed); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		return string(body), parsed
	}
	text, german := ask("de")
	if german.XMLName.Space != "http://www.w3.org/2005/Atom" || len(german.Entries) != 2 || !strings.HasPrefix(german.ID, "urn:uuid:") {
		t.Fatalf("the feed holds %d entries, want one for each silent counter: %s", len(german.Entries), text)
	}
	entry := german.Entries[0]
	if entry.Category.Term != "warning" || !strings.Contains(entry.Summary, "kommt kein Messwert mehr") || !strings.HasPrefix(entry.Title, "Lücke: ") {
		t.Errorf("an entry says %+v", entry)
	}
	if _, err := time.Parse(time.RFC3339, entry.Updated); err != nil || german.Updated != entry.Updated {
		t.Errorf("updated %q, the feed %q", entry.Updated, german.Updated)
	}
	if _, english := ask("en"); english.Entries[0].ID != entry.ID || !strings.Contains(english.Entries[0].Summary, "No reading has come for") {
		t.Errorf("in English the same finding is %+v", english.Entries[0])
	}
	if answer := s.call(t, "GET", "/sites/hafen/findings.atom", "", nil, nil, nil); answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a token the feed answers %d", answer.StatusCode)
	}
}

// TestTheVirtualPlantIsPlausible: in a year of the virtual plant no rule finds
// more than what is so: the hours hafen did not report, and loads without meters.
func TestTheVirtualPlantIsPlausible(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	for site, want := range map[string][]string{"hafen": {"gap_substituted", "remainder"}, "kaiserlei": {"remainder"}, "rathaus": nil} {
		status, body, _ := get(t, city.URL+"/api/v1/sites/"+site+"/findings?from=2025-01-01&to=2026-01-01", "en")
		var list []found
		if err := json.Unmarshal([]byte(body), &list); err != nil || status != http.StatusOK {
			t.Fatalf("%s: %d, %v", site, status, err)
		}
		var codes []string
		for _, f := range list {
			if !slices.Contains(codes, f.Code) {
				codes = append(codes, f.Code)
			}
		}
		if slices.Sort(codes); !slices.Equal(codes, want) {
			t.Errorf("%s: %q, want %q", site, codes, want)
		}
	}
}
