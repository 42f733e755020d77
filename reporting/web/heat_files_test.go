package web_test

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"heatledger/reporting/web"
)

// TestTilesAreGivenInRanges asks for the base map as programs do that draw it, a part
// at a time, and for one that there is not.
func TestTilesAreGivenInRanges(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "base.pmtiles")
	if err := os.WriteFile(file, []byte("PMTiles\x03 and the streets"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, false, func(options *web.Options) { options.Tiles = file })
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.URL+"/heat/tiles.pmtiles", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Range", "bytes=0-6")
	answer, err := o.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	part, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusPartialContent || string(part) != "PMTiles" {
		t.Errorf("%d %q (%v)", answer.StatusCode, part, err)
	}
	if got := newOffice(t, false).person(t).get("/heat/tiles.pmtiles"); got.code != http.StatusNotFound {
		t.Errorf("without a base map the answer is %d", got.code)
	}
}

// TestLayersAreOfAYear asks for the layers of years, and reads with GDAL of which they
// are; the file is named by place and year.
func TestLayersAreOfAYear(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "anna")
	anna := o.person(t).in("anna")
	for _, tt := range []struct {
		query, file, year string
		code              int
		says              string
	}{
		{"", "heat-offenbach-am-main-2025.gpkg", "2025", 200, ""},
		{"?year=2024", "heat-offenbach-am-main-2024.gpkg", "2024", 200, ""},
		{"?year=2027&lang=en", "", "", 400, "from 2000 to 2026"},
		{"?year=last", "", "", 400, "from 2000 to 2026"},
		{"?yaer=2024", "", "", 400, "there are year"},
		{"?plan_number=7", "", "", 404, ""},
	} {
		got := anna.get("/heat/layers.gpkg" + tt.query)
		if got.code != tt.code || !strings.Contains(got.text, tt.says) || tt.file != "" && got.Header.Get("Content-Disposition") != `attachment; filename="`+tt.file+`"` {
			t.Errorf("%s: %d %s %.200s", tt.query, got.code, got.Header.Get("Content-Disposition"), got.text)
			continue
		}
		if tt.year == "" {
			continue
		}
		file := filepath.Join(t.TempDir(), tt.file)
		if err := os.WriteFile(file, []byte(got.text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "ogrinfo", "-al", file, "heat_sources").CombinedOutput()
		if err != nil || !strings.Contains(string(out), "period_from (Date) = "+tt.year+"/01/01") {
			t.Errorf("%s: %v %s", tt.query, err, out)
		}
	}
	if page := anna.get("/heat?period=2024&lang=en").text; !strings.Contains(page, "/heat/layers.gpkg?year=2024") || !strings.Contains(page, "sources in the year 2024") {
		t.Error("the page of 2024 does not offer its layers")
	}
}

// TestFilesOfHeatArePutOff asks for more than is given at once: people and programs are
// told when to come back, and somebody else is not kept waiting.
func TestFilesOfHeatArePutOff(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false, func(w *web.Options) { w.Requests = web.Requests{PerSecond: 1e-3, Burst: 70} })
	o.heat(t, "petra")
	nobody := o.person(t)
	for _, path := range []string{"/heat/layers.gpkg", "/heat/west/paper/sheet.pdf?period=2025-01"} {
		if got := nobody.get(path); got.code != http.StatusOK {
			t.Errorf("%s is answered %d", path, got.code)
		}
	}
	for accept, says := range map[string]string{"*/*": `"code":"too_many"`, "text/html": "<h1>"} {
		for _, path := range []string{"/heat/layers.gpkg?lang=en", "/heat/west/paper/sheet.pdf?lang=en"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Accept", accept)
			answer, err := o.Client().Do(request)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if seconds, bad := strconv.Atoi(answer.Header.Get("Retry-After")); err != nil || bad != nil || seconds < 1 || answer.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(text), says) {
				t.Errorf("%s as %s: %d, again after %q (%v): %s", path, accept, answer.StatusCode, answer.Header.Get("Retry-After"), err, text)
			}
		}
	}
}
