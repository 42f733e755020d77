package featurestest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// rootOp finds the landing page with a slash at its end and without.
func (s *suite) rootOp(t *testing.T) {
	for _, address := range []string{s.Base, s.Base + "/"} {
		s.document(t, address, jsonDoc)
	}
}

// rootSuccess expects the links that lead everywhere else.
func (s *suite) rootSuccess(t *testing.T) {
	rels := map[any]bool{}
	for _, link := range list(t, s.landing, "links") {
		rels[link["rel"]] = true
	}
	for _, rel := range []string{"service-desc", "service-doc", "conformance", "data", "self", "alternate"} {
		if !rels[rel] {
			t.Errorf("the landing page has no link %s", rel)
		}
	}
}

// definitionOp finds the definition by the link and media type that clients look for.
func (s *suite) definitionOp(t *testing.T) {
	a := s.get(t, linked(t, s.landing, "service-desc", openAPI), openAPI)
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != openAPI {
		t.Errorf("the definition is answered %d as %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
}

// definitionSuccess holds what the suite's parser demands and can be told here: the
// document's members, that every $ref leads somewhere, and unique ids.
func (s *suite) definitionSuccess(t *testing.T) {
	version, _ := s.definition["openapi"].(string)
	info, _ := s.definition["info"].(object)
	if !strings.HasPrefix(version, "3.0.") || info["title"] == "" || info["title"] == nil || info["version"] == "" || info["version"] == nil {
		t.Errorf("it is of version %s, by the title %v %v", version, info["title"], info["version"])
	}
	refs := 0
	walk(s.definition, func(o object) {
		ref, ok := o["$ref"].(string)
		if !ok {
			return
		}
		refs++
		var at any = s.definition
		for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			whole, _ := at.(object)
			at = whole[part]
		}
		if at == nil {
			t.Errorf("%s leads nowhere", ref)
		}
	})
	if refs == 0 {
		t.Error("nothing is referred to")
	}
	ids := map[any]bool{}
	for path, item := range s.definition["paths"].(object) {
		operation := item.(object)["get"].(object)
		if ids[operation["operationId"]] || operation["responses"] == nil {
			t.Errorf("%s has the id %v and %v", path, operation["operationId"], operation["responses"])
		}
		ids[operation["operationId"]] = true
	}
}

// walk visits every object of a document.
func walk(v any, see func(object)) {
	switch one := v.(type) {
	case object:
		see(one)
		for _, member := range one {
			walk(member, see)
		}
	case []any:
		for _, member := range one {
			walk(member, see)
		}
	}
}

// conformanceOp finds the declaration by its link.
func (s *suite) conformanceOp(t *testing.T) {
	s.document(t, linked(t, s.landing, "conformance", jsonDoc), jsonDoc)
}

// conformanceSuccess expects the classes of Parts 1 and 2 that are tested here.
func (s *suite) conformanceSuccess(t *testing.T) {
	declared := texts(t, s.document(t, linked(t, s.landing, "conformance", jsonDoc), jsonDoc), "conformsTo")
	for _, class := range []string{"1/1.0/conf/core", "1/1.0/conf/oas30", "1/1.0/conf/geojson", "1/1.0/conf/html", "2/1.0/conf/crs"} {
		if !slices.Contains(declared, "http://www.opengis.net/spec/ogcapi-features-"+class) {
			t.Errorf("%s is not declared", class)
		}
	}
}
