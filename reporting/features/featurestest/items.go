package featurestest

import (
	"fmt"
	"net/http"
	"reflect"
	"testing"
	"time"
)

// itemsOp finds the features of each collection, and some in one of them.
func (s *suite) itemsOp(t *testing.T) {
	some := 0
	s.each(t, func(t *testing.T, _ object, items string) {
		a := s.get(t, items, geoJSON)
		some += len(list(t, a.object(t, http.StatusOK), "features"))
		if a.Header.Get("Content-Type") != geoJSON {
			t.Errorf("%s is answered as %s", items, a.Header.Get("Content-Type"))
		}
	})
	if some == 0 {
		t.Error("no collection has a feature: nothing would be tested")
	}
}

// itemsResponse expects a FeatureCollection of GeoJSON.
func (s *suite) itemsResponse(t *testing.T) {
	s.pages(t, func(t *testing.T, page object, _ answer) {
		if page["type"] != "FeatureCollection" {
			t.Errorf("the type is %v", page["type"])
		}
		for _, f := range list(t, page, "features") {
			if _, ok := f["properties"].(object); f["type"] != "Feature" || !ok || f["id"] == nil {
				t.Errorf("a feature is %v", f)
			}
		}
	})
}

// pages runs a test of answers with the parameters of the suite.
func (s *suite) pages(t *testing.T, test func(t *testing.T, page object, a answer)) {
	t.Helper()
	s.each(t, func(t *testing.T, _ object, items string) {
		for _, address := range []string{items, with(items, "limit", "1"), with(items, "bbox", "-1.5,50,1.5,53"), with(items, "bbox", "-180,-90,180,90"), with(items, "datetime", "2018-02-12T23:20:50Z")} {
			a := s.get(t, address, geoJSON)
			test(t, a.object(t, http.StatusOK), a)
		}
	})
}

// itemsLinks expects links to itself and the alternate form.
func (s *suite) itemsLinks(t *testing.T) {
	s.pages(t, func(t *testing.T, page object, _ answer) { s.selfAndAlternate(t, page, geoJSON) })
}

// timeStamp expects the time between question and answer; it is written in seconds.
func (s *suite) timeStamp(t *testing.T) {
	s.pages(t, func(t *testing.T, page object, a answer) {
		at, err := time.Parse(time.RFC3339, fmt.Sprint(page["timeStamp"]))
		if err != nil || at.Before(a.before.Add(-time.Second)) || at.After(a.after.Add(time.Second)) {
			t.Errorf("timeStamp %v is not between %s and %s", page["timeStamp"], a.before, a.after)
		}
	})
}

// numberMatched counts all pages, as the suite does by the links next.
func (s *suite) numberMatched(t *testing.T) {
	s.each(t, func(t *testing.T, _ object, items string) {
		page := s.document(t, with(items, "limit", "2"), geoJSON)
		matched, counted, seen := page["numberMatched"].(float64), 0, map[any]bool{}
		for {
			for _, f := range list(t, page, "features") {
				if counted++; seen[f["id"]] {
					t.Errorf("%v comes twice", f["id"])
				}
				seen[f["id"]] = true
			}
			next := linked(t, page, "next", geoJSON)
			if next == "" {
				break
			}
			page = s.document(t, next, geoJSON)
			if page["numberMatched"] != matched {
				t.Errorf("on the next page %v match, before %v", page["numberMatched"], matched)
			}
		}
		if float64(counted) != matched {
			t.Errorf("%s: %d features come, %v are said to match", items, counted, matched)
		}
	})
}

// numberReturned counts.
func (s *suite) numberReturned(t *testing.T) {
	s.pages(t, func(t *testing.T, page object, _ answer) {
		if n := len(list(t, page, "features")); page["numberReturned"] != float64(n) {
			t.Errorf("numberReturned is %v for %d features", page["numberReturned"], n)
		}
	})
}

// features runs a test of the first feature of each collection that has one.
func (s *suite) features(t *testing.T, test func(t *testing.T, collection, f object, address string)) {
	t.Helper()
	some := false
	s.each(t, func(t *testing.T, collection object, items string) {
		for _, f := range list(t, s.document(t, with(items, "limit", "1"), geoJSON), "features") {
			some = true
			test(t, collection, f, fmt.Sprintf("%s/collections/%v/items/%v", s.Base, collection["id"], f["id"]))
		}
	})
	if !some {
		t.Error("no collection has a feature: nothing was tested")
	}
}

// itemOp finds a feature, and neither one nor a collection that is not there.
func (s *suite) itemOp(t *testing.T) {
	s.features(t, func(t *testing.T, collection, _ object, address string) {
		if a := s.get(t, address, geoJSON); a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != geoJSON {
			t.Errorf("%s is answered %d as %s", address, a.StatusCode, a.Header.Get("Content-Type"))
		}
		s.refused(t, fmt.Sprintf("%s/collections/%v/items/no-such-feature", s.Base, collection["id"]), http.StatusNotFound)
		s.refused(t, s.Base+"/collections/no-such-collection/items", http.StatusNotFound)
	})
}

// itemSuccess compares a feature with itself among others.
func (s *suite) itemSuccess(t *testing.T) {
	s.features(t, func(t *testing.T, _, f object, address string) {
		alone := s.document(t, address, geoJSON)
		for _, name := range []string{"type", "id", "geometry", "properties"} {
			if !reflect.DeepEqual(alone[name], f[name]) {
				t.Errorf("%s is %v alone and %v among others", name, alone[name], f[name])
			}
		}
	})
}

// itemLinks expects the way back to the collection too.
func (s *suite) itemLinks(t *testing.T) {
	s.features(t, func(t *testing.T, _, _ object, address string) {
		alone := s.document(t, address, geoJSON)
		s.selfAndAlternate(t, alone, geoJSON)
		if linked(t, alone, "collection", "") == "" {
			t.Errorf("%s has no link to its collection", address)
		}
	})
}
