package featurestest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
)

// collectionsOp finds the list.
func (s *suite) collectionsOp(t *testing.T) {
	s.document(t, "/collections", jsonDoc)
}

// collectionsSuccess expects links in every form, and the usual system first.
func (s *suite) collectionsSuccess(t *testing.T) {
	page := s.document(t, "/collections", jsonDoc)
	s.selfAndAlternate(t, page, jsonDoc)
	if crs := texts(t, page, "crs"); len(crs) > 0 && crs[0] != crs84URI {
		t.Errorf("the first system is %s", crs[0])
	}
	for _, collection := range list(t, page, "collections") {
		for _, kind := range []string{geoJSON, html} {
			if linked(t, collection, "items", kind) == "" {
				t.Errorf("%v has no link to its items as %s", collection["id"], kind)
			}
		}
	}
}

// selfAndAlternate expects links to the document itself and in its other form.
func (s *suite) selfAndAlternate(t *testing.T, page object, kind string) {
	t.Helper()
	if linked(t, page, "self", kind) == "" || linked(t, page, "alternate", html) == "" {
		t.Errorf("there is no link to itself as %s, or to its alternate as a page: %v", kind, page["links"])
	}
	for _, link := range list(t, page, "links") {
		if link["type"] == nil || link["rel"] == nil {
			t.Errorf("the link %v has no type or relation", link)
		}
	}
}

// collectionOp finds each collection of the list.
func (s *suite) collectionOp(t *testing.T) {
	for _, collection := range s.collections {
		s.document(t, fmt.Sprintf("/collections/%v", collection["id"]), jsonDoc)
	}
}

// collectionSuccess compares each with its entry in the list.
func (s *suite) collectionSuccess(t *testing.T) {
	for _, collection := range s.collections {
		alone := s.document(t, fmt.Sprintf("/collections/%v", collection["id"]), jsonDoc)
		for _, name := range []string{"id", "title", "description", "extent", "itemType"} {
			if !reflect.DeepEqual(alone[name], collection[name]) {
				t.Errorf("%s of %v is %v in the list and %v alone", name, collection["id"], collection[name], alone[name])
			}
		}
		own := list(t, alone, "links")
		for _, link := range list(t, collection, "links") {
			if !slices.ContainsFunc(own, func(o object) bool { return maps.Equal(o, link) }) {
				t.Errorf("%v alone lacks the link %v", collection["id"], link)
			}
		}
	}
}
