package web_test

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy/access"
	"heatledger/energy/exhibit"
)

func TestComputedListsComeInPagesThatMakeTheWhole(t *testing.T) {
	t.Parallel()
	town, metered := newTown(t, false), newSite(t)
	token := map[*site]string{town: town.token(t, access.Office), metered: metered.token(t, access.Office)}
	metered.handIn(t, token[metered], time.Date(2025, 5, 31, 0, 0, 0, 0, time.UTC), time.Date(2025, 6, 20, 0, 0, 0, 0, time.UTC))
	metered.handIn(t, token[metered], time.Date(2025, 7, 10, 0, 0, 0, 0, time.UTC), time.Date(2025, 7, 12, 0, 0, 0, 0, time.UTC)) // the counters begin anew
	for _, name := range []string{"first", "second"} {
		if _, err := exhibit.New(town.store).Take(t.Context(), exhibit.Upload{Site: "hafen", Name: name + ".csv", About: name, File: strings.NewReader("a,b\n1,2\n"), Size: 8, Digest: sha256.Sum256([]byte("a,b\n1,2\n"))}, "test"); err != nil {
			t.Fatal(err)
		}
	}
	for path, s := range map[string]*site{
		"/api/v1/sites?": town,
		"/api/v1/sites/hafen/assessments?on=2026-03-01":              town,
		"/api/v1/worklist?on=2026-03-01":                             town,
		"/api/v1/sites/hafen/findings?from=2025-06-01&to=2025-08-01": metered,
		"/api/v1/sites/hafen/balance?from=2025-06-01&to=2025-08-01":  metered,
		"/api/v1/inbox?":                      metered,
		"/api/v1/sites/hafen/forms?year=2025": metered,
		"/api/v1/sites/hafen/meters?":         metered,
		"/api/v1/sites/hafen/evidence?":       town,
	} {
		office := token[s]
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			all, next := s.pageOf(t, office, path)
			if len(all) < 2 || next != "" {
				t.Fatalf("%d entries in one page, then %q: too few to divide", len(all), next)
			}
			var together []string
			for next, turns := path+"&limit=1", 0; next != ""; turns++ {
				var page []string
				if page, next = s.pageOf(t, office, next); len(page) != 1 || turns > len(all) {
					t.Fatalf("page %d has %d entries", turns+1, len(page))
				}
				together = append(together, page...)
			}
			if !slices.Equal(together, all) {
				t.Errorf("the pages hold\n%v\nwant\n%v", together, all)
			}
			if beyond, next := s.pageOf(t, office, path+"&offset=1000000"); len(beyond) != 0 || next != "" {
				t.Errorf("beyond the end are %v, then %q", beyond, next)
			}
			for query, code := range map[string]string{"&limit=0": "bad_limit", "&offset=-1": "bad_number", "&offset=x": "bad_number"} {
				var refused struct{ Code string }
				if answer := s.call(t, "GET", path+query, office, nil, nil, &refused); answer.StatusCode != http.StatusBadRequest || refused.Code != code {
					t.Errorf("%s: %d %s, want %s", query, answer.StatusCode, refused.Code, code)
				}
			}
		})
	}
}

// pageOf are the entries of a page of a list, and the path of the page after it.
func (s *site) pageOf(t *testing.T, token, path string) (entries []string, next string) {
	t.Helper()
	var list []json.RawMessage
	answer := s.call(t, "GET", path, token, nil, nil, &list)
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", path, answer.StatusCode)
	}
	for _, entry := range list {
		entries = append(entries, string(entry))
	}
	return entries, strings.TrimSuffix(strings.TrimPrefix(answer.Header.Get("Link"), "<"), `>; rel="next"`)
}
