package web_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
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
