package featurestest

import (
	"fmt"
	"net/http"
	"testing"
)

// parameterOf is a parameter of a collection's items as the definition describes it.
func (s *suite) parameterOf(t *testing.T, collection object, name string) (parameter, schema object) {
	t.Helper()
	paths := s.definition["paths"].(object)
	item, ok := paths[fmt.Sprintf("/collections/%v/items", collection["id"])].(object)
	if !ok {
		t.Fatalf("the items of %v are not defined", collection["id"])
	}
	for _, p := range list(t, item["get"].(object), "parameters") {
		if p["name"] == name {
			if p["in"] != "query" || p["required"] == true || p["style"] != "form" || p["explode"] != false {
				t.Errorf("%s is defined as %v", name, p)
			}
			return p, p["schema"].(object)
		}
	}
	t.Fatalf("%s is not defined", name)
	return nil, nil
}

// boxDefinition expects the schema of requirement fc-bbox-definition.
func (s *suite) boxDefinition(t *testing.T) {
	s.each(t, func(t *testing.T, collection object, _ string) {
		_, schema := s.parameterOf(t, collection, "bbox")
		if schema["type"] != "array" || schema["minItems"] != 4.0 || schema["maxItems"] != 6.0 || schema["items"].(object)["type"] != "number" {
			t.Errorf("bbox is %v", schema)
		}
	})
}

// boxResponse asks with the extent and with the boxes of the suite: across the
// meridian, the equator, the antimeridian and at the poles.
func (s *suite) boxResponse(t *testing.T) {
	s.each(t, func(t *testing.T, collection object, items string) {
		boxes := [][4]float64{{-1.5, 50, 1.5, 53}, {-80, -5, -70, 5}, {177, 65, -177, 70}, {-180, 85, 180, 90}, {-180, -90, 180, -85}}
		whole, located := extent(collection)
		if located {
			boxes = append(boxes, whole)
		}
		for _, box := range boxes {
			page := s.document(t, with(items, "bbox", numbers(box)), geoJSON)
			for _, f := range list(t, page, "features") {
				if f["geometry"] != nil && !touches(positions(f["geometry"]), box) {
					t.Errorf("%v at %v is not in %v", f["id"], f["geometry"], box)
				}
			}
			if all := s.document(t, items, geoJSON); located && box == whole && all["numberMatched"] != page["numberMatched"] {
				t.Errorf("%v of %v features are in the extent of %v", page["numberMatched"], all["numberMatched"], collection["id"])
			}
		}
		if located {
			six := fmt.Sprintf("%g,%g,-100,%g,%g,9000", whole[0], whole[1], whole[2], whole[3])
			if flat, high := s.document(t, with(items, "bbox", numbers(whole)), geoJSON), s.document(t, with(items, "bbox", six), geoJSON); flat["numberMatched"] != high["numberMatched"] {
				t.Errorf("with heights %v match, without %v", high["numberMatched"], flat["numberMatched"])
			}
		}
	})
}

// limitDefinition expects a least and a usual limit.
func (s *suite) limitDefinition(t *testing.T) {
	s.each(t, func(t *testing.T, collection object, _ string) {
		_, schema := s.parameterOf(t, collection, "limit")
		least, _ := schema["minimum"].(float64)
		usual, _ := schema["default"].(float64)
		if schema["type"] != "integer" || least < 1 || usual < least {
			t.Errorf("limit is %v", schema)
		}
	})
}

// limitResponse asks for the least, one between and more than the most.
func (s *suite) limitResponse(t *testing.T) {
	s.each(t, func(t *testing.T, collection object, items string) {
		_, schema := s.parameterOf(t, collection, "limit")
		most := int(schema["maximum"].(float64))
		for _, limit := range []int{1, 2, min(100, most/2), most, most + 1} {
			if n := len(list(t, s.document(t, with(items, "limit", fmt.Sprint(limit)), geoJSON), "features")); n > min(limit, most) {
				t.Errorf("%d features for a limit of %d", n, limit)
			}
		}
	})
}

// timeDefinition expects a text.
func (s *suite) timeDefinition(t *testing.T) {
	s.each(t, func(t *testing.T, collection object, _ string) {
		if _, schema := s.parameterOf(t, collection, "datetime"); schema["type"] != "string" {
			t.Errorf("datetime is %v", schema)
		}
	})
}

// timeResponse asks as the suite does: an instant, an interval, half-open ones; and
// that all that is open on both sides is everything.
func (s *suite) timeResponse(t *testing.T) {
	s.each(t, func(t *testing.T, _ object, items string) {
		whole := s.document(t, items, geoJSON)
		for _, datetime := range []string{"2018-02-12T23:20:50Z", "2018-02-12T00:00:00Z/2018-03-18T12:31:12Z", "2018-02-12T00:00:00Z/..", "../2018-03-18T12:31:12Z", "2018-02-12T00:00:00Z/", "/2018-03-18T12:31:12+01:00"} {
			if part := s.document(t, with(items, "datetime", datetime), geoJSON); part["numberMatched"].(float64) > whole["numberMatched"].(float64) {
				t.Errorf("%s matches %v of %v", datetime, part["numberMatched"], whole["numberMatched"])
			}
		}
		if all := s.document(t, with(items, "datetime", "../.."), geoJSON); all["numberMatched"] != whole["numberMatched"] {
			t.Errorf("../.. matches %v of %v", all["numberMatched"], whole["numberMatched"])
		}
	})
}

// invalidParameter tries a bad value of each parameter.
func (s *suite) invalidParameter(t *testing.T) {
	s.each(t, func(t *testing.T, _ object, items string) {
		for name, value := range map[string]string{"limit": "-1", "bbox": "1,2,3", "datetime": "yesterday", "crs": "x", "bbox-crs": "x", "f": "xml", "filter": "="} {
			s.refused(t, with(items, name, value), http.StatusBadRequest)
		}
	})
}

// refused expects a problem (RFC 9457).
func (s *suite) refused(t *testing.T, address string, status int) {
	t.Helper()
	a := s.get(t, address, geoJSON)
	problem := a.object(t, status)
	if a.Header.Get("Content-Type") != "application/problem+json" || problem["detail"] == "" || problem["code"] == "" {
		t.Errorf("%s: %s as %s", address, a.body, a.Header.Get("Content-Type"))
	}
}

// unknownParameter tries a name that nothing declares, at every resource.
func (s *suite) unknownParameter(t *testing.T) {
	s.each(t, func(t *testing.T, _ object, items string) {
		s.refused(t, with(items, "unknownQueryParameter12345", "1"), http.StatusBadRequest)
	})
	for _, path := range []string{"", "/conformance", "/api", "/collections"} {
		s.refused(t, with(s.Base+path, "unknown", "1"), http.StatusBadRequest)
	}
}
