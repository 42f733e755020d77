package web_test

import (
	"encoding/csv"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"heatledger/energy/access"
	"heatledger/energy/store"
)

func TestPagesSpeakGermanAndEnglish(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	for _, tt := range []struct{ sentence, path, accept, want string }{
		{"a German browser gets German", "/", "de-AT,de;q=0.9,en;q=0.8", `<html lang="de">`},
		{"an English one English", "/", "en-GB,en;q=0.9,de;q=0.1", `<html lang="en">`},
		{"a French one English", "/", "fr", `<html lang="en">`},
		{"what is asked for wins", "/?lang=de", "en", `<html lang="de">`},
		{"and stays on the way", "/?lang=de", "en", `href="/sites/hafen?year=2025&amp;lang=de"`},
		{"the switch leads to this page", "/sites/hafen?year=2025", "de", `href="/sites/hafen?lang=en&amp;year=2025"`},
		{"numbers are German", "/", "de", "4.618 MWh"},
		{"numbers are English", "/", "en", "4,618 MWh"},
		{"the point too", "/sites/hafen/points/it-energy?span=month&date=2025-03-01", "de", "März 2025 nach Stunden"},
		{"and the meters", "/meters", "de", "1 von 3 Zählern antworten"},
		{"what is not there is said in words", "/sites/nowhere", "de", "nichts, das Sie sehen dürfen"},
		{"an address out of nothing too", "/nowhere", "en", "There is nothing at this address"},
		{"a date that is none is named", "/sites/hafen/points/it-energy?date=gestern", "de", "date=gestern"},
	} {
		if _, body, _ := get(t, city.URL+tt.path, tt.accept); !strings.Contains(body, tt.want) {
			t.Errorf("%s: %s does not hold %s", tt.sentence, tt.path, tt.want)
		}
	}
}

func TestPagesSayWhatTheyRestOn(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	_, site, header := get(t, city.URL+"/sites/hafen", "de")
	for _, want := range []string{"Datenstand: hafen Nr. ", "Simulierte Anlage", "gemessen", "EN 50600-4-2:2019-08", "Kategorie 1", "Stunden ohne Wert: 242.",
		"Zusagen und Pflichten", "Heat for the harbour quarter", `<span class="verdict met">`} {
		if !strings.Contains(site, want) {
			t.Errorf("the page of a site does not say %q", want)
		}
	}
	if _, bare, _ := get(t, city.URL+"/sites/rathaus", "de"); strings.Contains(bare, "Simulierte Anlage") || !strings.Contains(bare, "keine Werte") {
		t.Error("a site without readings is shown as simulated, or not as without values")
	}
	if strings.Contains(site, "style=") || !strings.Contains(header.Get("Content-Security-Policy"), "style-src 'self'") {
		t.Error("the page carries styles that its own policy refuses")
	}
	for reference := range strings.SplitSeq(site, `"http`) {
		if address, _, _ := strings.Cut(reference, `"`); strings.HasPrefix(address, "://") && !strings.HasPrefix(address, "://www.w3.org/2000/svg") {
			t.Errorf("the page names http%s", address)
		}
	}
}

// TestTheTableTheFileAndTheAPIAgree holds the sum of a chart's file against
// what the API says of the same year.
func TestTheTableTheFileAndTheAPIAgree(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	_, text, _ := get(t, city.URL+"/sites/hafen/charts/pue.csv?year="+cityYear, "de")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 13 || rows[1][0] != "2025-01" {
		t.Fatalf("the file of the PUE has %d rows, %v: %q", len(rows), err, text)
	}
	_, page, _ := get(t, city.URL+"/sites/hafen?lang=en&year="+cityYear, "de")
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[1], 64)
		if err != nil || v < 1 || v > 2 {
			t.Errorf("iPUE of %s = %s, %v", row[0], row[1], err)
		}
		if shown := strconv.FormatFloat(math.Round(v*100)/100, 'f', 2, 64); !strings.Contains(page, "<td>"+shown+"</td>") {
			t.Errorf("the table does not show %s of %s", shown, row[0])
		}
	}
	_, hours, _ := get(t, city.URL+"/sites/hafen/charts/hours.csv?year="+cityYear, "de")
	rows, err = csv.NewReader(strings.NewReader(hours)).ReadAll()
	if err != nil || len(rows) != 1+365*24 {
		t.Fatalf("the file of the hours has %d rows, %v", len(rows), err)
	}
	spring, autumn := rows[1+(31+28+29)*24+2], rows[1+(31+28+31+30+31+30+31+31+30+25)*24+2]
	if spring[0] != "2025-03-30T02:00" || spring[1] != "" || autumn[0] != "2025-10-26T02:00" || autumn[1] == "" {
		t.Errorf("the hour left out in spring = %q, the doubled one in autumn = %q; want no value and one", spring, autumn)
	}
}

func TestPagesAreForThoseWhoMayRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if code, _, _ := get(t, s.URL+"/", "de"); code != http.StatusOK {
		t.Errorf("before the first token the overview is %d on loopback, want 200", code)
	}
	if _, err := s.store.CreateToken(t.Context(), store.Token{Name: "someone", Role: access.Office}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/sites/hafen", "/sites/hafen/points/grid", "/meters", "/charts/energy.csv", "/sites/hafen/charts/pue.csv"} {
		code, body, _ := get(t, s.URL+path, "de")
		if code != http.StatusUnauthorized || !strings.Contains(body, "Sie brauchen einen Zugang") || strings.Contains(body, "Hafen") {
			t.Errorf("%s without a token: %d, want 401 in words and nothing of the site", path, code)
		}
	}
}

func TestAssetsMayBeKeptForEver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, page, _ := get(t, s.URL+"/", "de")
	addresses := regexp.MustCompile(`/assets/[^"]+`).FindAllString(page, -1)
	_, sheet, _ := get(t, s.URL+addresses[indexOf(addresses, "style-")], "de")
	addresses = append(addresses, regexp.MustCompile(`/assets/[^"]+`).FindAllString(sheet, -1)...)
	if len(addresses) < 7 {
		t.Fatalf("the page names %q, want style, scripts, icon and type", addresses)
	}
	for _, address := range addresses {
		code, body, header := get(t, s.URL+address, "de")
		if code != http.StatusOK || len(body) == 0 || header.Get("Content-Type") == "" || !strings.Contains(header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %d bytes, %q", address, code, len(body), header.Get("Cache-Control"))
		}
	}
	if code, _, _ := get(t, s.URL+"/assets/style-000000000000.css", "de"); code != http.StatusNotFound {
		t.Errorf("a file of another version: %d, want 404", code)
	}
}

// indexOf is the position of the first text that holds part.
func indexOf(texts []string, part string) int {
	for i, text := range texts {
		if strings.Contains(text, part) {
			return i
		}
	}
	return -1
}

func BenchmarkPages(b *testing.B) {
	city := newCity(b)
	for name, path := range map[string]string{"overview": "/", "site": "/sites/hafen", "point": "/sites/hafen/points/it-energy", "meters": "/meters"} {
		b.Run(name, func(b *testing.B) {
			get(b, city.URL+path, "de") // draws what is kept
			for b.Loop() {
				get(b, city.URL+path, "de")
			}
		})
	}
}
