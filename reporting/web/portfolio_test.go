package web_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"heatledger/energy/access"
)

type portfolioAnswer struct {
	Rows    int
	Entries []struct {
		Site, Metric, Verdict, Basis, Commitment, Because string
		Value, Margin                                     *float64
	}
}

func TestThePortfolioIsChosenAndPutInOrder(t *testing.T) {
	t.Parallel()
	s := newTown(t, false)
	office, operator := s.token(t, access.Office), s.token(t, access.Operator, "hafen")
	get := func(token, query string) (p portfolioAnswer, answer *http.Response) {
		answer = s.call(t, "GET", "/api/v1/portfolio"+query, token, nil, nil, &p)
		return p, answer
	}
	all, _ := get(office, "")
	if all.Rows < 10 || len(all.Entries) != all.Rows {
		t.Fatalf("%d rows, %d of them given", all.Rows, len(all.Entries))
	}
	sites := map[string]bool{}
	for _, e := range all.Entries {
		sites[e.Site] = true
		if e.Verdict == "not_applicable" || e.Because == "" || strings.Contains(e.Because, "{") {
			t.Errorf("an entry is %+v", e)
		}
	}
	if !sites["hafen"] || !sites["west"] {
		t.Errorf("the office sees %v", sites)
	}
	own, _ := get(operator, "")
	for _, e := range own.Entries {
		if e.Site != "hafen" {
			t.Errorf("the operator of hafen sees %+v", e)
		}
	}
	if own.Rows == 0 || own.Rows >= all.Rows {
		t.Errorf("the operator sees %d of %d rows", own.Rows, all.Rows)
	}
	first, answer := get(office, "?limit=3&sort=site&down=true")
	if len(first.Entries) != 3 || first.Rows != all.Rows || first.Entries[0].Site != "west" || !strings.Contains(answer.Header.Get("Link"), `offset=3`) {
		t.Errorf("a page of three: %d entries, link %q", len(first.Entries), answer.Header.Get("Link"))
	}
	verdict := all.Entries[0].Verdict
	some, _ := get(office, "?verdict="+verdict+"&operator=b")
	if some.Rows == 0 || some.Rows >= all.Rows {
		t.Errorf("of verdict %s and operator b there are %d of %d", verdict, some.Rows, all.Rows)
	}
	for _, e := range some.Entries {
		if e.Verdict != verdict || e.Site != "west" {
			t.Errorf("chosen was %s of west, given is %+v", verdict, e)
		}
	}
	for query, code := range map[string]string{"?sort=rank": "bad_sort", "?verdict=good": "bad_verdict", "?basis=guessed": "bad_basis", "?offset=-1": "bad_number", "?forecast=perhaps": "bad_parameter", "?rank=1": "unknown_parameter", "?format=pdf": "bad_format"} {
		answer := s.call(t, "GET", "/api/v1/portfolio"+query, office, nil, nil, nil)
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), `"`+code+`"`) {
			t.Errorf("%s: %d %s", query, answer.StatusCode, body)
		}
	}
}

func TestThePortfolioAsTablesHoldsEveryRow(t *testing.T) {
	t.Parallel()
	s := newTown(t, false)
	office := s.token(t, access.Office)
	var all portfolioAnswer
	s.call(t, "GET", "/api/v1/portfolio", office, nil, nil, &all)
	table := s.call(t, "GET", "/api/v1/portfolio?format=csv&limit=1", office, nil, nil, nil)
	lines, err := csv.NewReader(table.Body).ReadAll()
	if name := table.Header.Get("Content-Disposition"); !strings.HasPrefix(name, "attachment; filename=portfolio-20") || !strings.HasSuffix(name, ".csv") {
		t.Errorf("the table is saved under no name: %q", name)
	}
	if err != nil || len(lines) != all.Rows+1 || len(lines[0]) < 30 {
		t.Fatalf("as CSV %d lines, %v", len(lines), err)
	}
	workbook := s.call(t, "GET", "/api/v1/portfolio?format=xlsx", office, nil, nil, nil)
	content, err := io.ReadAll(workbook.Body)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Portfolio")
	if err != nil || len(rows) != len(lines) || rows[0][0] != "site" || rows[1][0] != lines[1][0] {
		t.Errorf("as XLSX %d rows, %v", len(rows), err)
	}
}

// TestThePortfoliosStateIsInItsAddress follows the links of the page as a reader
// without JavaScript does.
func TestThePortfoliosStateIsInItsAddress(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	page := func(path string) string {
		r, err := http.NewRequestWithContext(t.Context(), "GET", city.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", path, answer.StatusCode, err)
		}
		return string(body)
	}
	offered := regexp.MustCompile(`<select id="metric" name="metric"><option value="">[^<]*</option><option value="([a-z_0-9]+)">`).FindStringSubmatch(page("/portfolio?lang=de"))
	if offered == nil {
		t.Fatal("the page offers no figure")
	}
	start := page("/portfolio?lang=de&metric=" + offered[1])
	link := regexp.MustCompile(`aria-label="ordnen nach Abstand"`)
	if !link.MatchString(start) || !strings.Contains(start, `value="`+offered[1]+`" selected`) {
		t.Fatalf("the page offers no order by margin or forgot the choice: %.2000s", start)
	}
	address := regexp.MustCompile(`<a href="(/portfolio\?[^"]*sort=margin[^"]*)"`).FindStringSubmatch(start)
	if address == nil {
		t.Fatal("no link puts rows in the order of margins")
	}
	next := strings.ReplaceAll(address[1], "&amp;", "&")
	if u, err := url.Parse(next); err != nil || u.Query().Get("metric") != offered[1] || u.Query().Get("lang") != "de" {
		t.Errorf("the link forgets what was chosen: %s", next)
	}
	if sorted := page(next); !strings.Contains(sorted, `aria-sort="ascending"`) || !regexp.MustCompile(`, (gemessen|laut Betreiber|kein Wert)</h2>`).MatchString(sorted) {
		t.Error("in the order of margins nothing says so, or no group names its basis")
	}
}
