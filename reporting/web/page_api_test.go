package web_test

import (
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heatledger/reporting/web"
)

// TestTheAPIIsDocumentedOnAPageForEverybody holds that each route stands on the page
// in either language, with a command that asks it.
func TestTheAPIIsDocumentedOnAPageForEverybody(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	for lang, wants := range map[string][]string{
		"de": {"Kennzahlen eines Standorts nach Norm", "Nur diese Kennzahl; mehrfach möglich.", "100 Anfragen in der Sekunde", "im Pfad, nötig"},
		"en": {"Standard figures of a site", "Only this figure; may be said several times.", "100 requests a second", "in the path, required"},
	} {
		status, text, _ := get(t, city.URL+"/api?lang="+lang, lang)
		text = html.UnescapeString(text)
		if status != 200 || strings.Contains(text, "<script>") {
			t.Errorf("%s: %d", lang, status)
		}
		for _, route := range web.Routes() {
			if !strings.Contains(text, "<code>"+route+"</code>") {
				t.Errorf("%s: %s is not on the page", lang, route)
			}
		}
		for _, want := range append(wants, `curl -H "Authorization: Bearer $TOKEN" '`+city.URL+`/api/v1/sites/hafen/kpis?period=2025'`, "-F file=@readings.csv") {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the page does not say %q", lang, want)
			}
		}
		if n := strings.Count(text, "curl "); n < len(web.Routes()) {
			t.Errorf("%s: %d commands for %d routes", lang, n, len(web.Routes()))
		}
	}
}

// TestThePageOfTheAPIInABrowser opens everything on the page, as narrow as a phone
// too, and has it checked for barriers.
func TestThePageOfTheAPIInABrowser(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	unfold := `document.querySelectorAll("details").forEach(d => d.open = true);` + string(script)
	chromium := browser(t)
	for lang, width := range map[string]int64{"de": 320, "en": 1280} {
		checkPage(t, chromium, city.URL+"/api?lang="+lang, "the page of the API in "+lang, width, unfold, filepath.Join(t.TempDir(), "api-"+lang+".png"))
	}
}
