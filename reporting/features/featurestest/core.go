package featurestest

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	geoJSON = "application/geo+json"
	openAPI = "application/vnd.oai.openapi+json;version=3.0"
	html    = "text/html"
	jsonDoc = "application/json"
)

// core are the abstract tests of Part 1, by the id of the table.
func (s *suite) core() map[string]func(*testing.T) {
	return map[string]func(*testing.T){
		"core/http":                   s.http,
		"core/crs84":                  s.crs84,
		"core/root-op":                s.rootOp,
		"core/root-success":           s.rootSuccess,
		"core/api-definition-op":      s.definitionOp,
		"core/api-definition-success": s.definitionSuccess,
		"core/conformance-op":         s.conformanceOp,
		"core/conformance-success":    s.conformanceSuccess,
		"core/fc-md-op":               s.collectionsOp,
		"core/fc-md-success":          s.collectionsSuccess,
		"core/sfc-md-op":              s.collectionOp,
		"core/sfc-md-success":         s.collectionSuccess,
		"core/fc-op":                  s.itemsOp,
		"core/fc-bbox-definition":     s.boxDefinition,
		"core/fc-bbox-response":       s.boxResponse,
		"core/fc-limit-definition":    s.limitDefinition,
		"core/fc-limit-response":      s.limitResponse,
		"core/fc-time-definition":     s.timeDefinition,
		"core/fc-time-response":       s.timeResponse,
		"core/query-param-invalid":    s.invalidParameter,
		"core/query-param-unknown":    s.unknownParameter,
		"core/fc-response":            s.itemsResponse,
		"core/fc-links":               s.itemsLinks,
		"core/fc-timeStamp":           s.timeStamp,
		"core/fc-numberMatched":       s.numberMatched,
		"core/fc-numberReturned":      s.numberReturned,
		"core/f-op":                   s.itemOp,
		"core/f-success":              s.itemSuccess,
		"core/f-links":                s.itemLinks,
		"html/content":                s.htmlContent,
	}
}

// http follows every link of the landing page, and tries other methods.
func (s *suite) http(t *testing.T) {
	for _, link := range list(t, s.landing, "links") {
		a := s.get(t, fmt.Sprint(link["href"]), "*/*")
		if a.StatusCode != http.StatusOK || !a.ProtoAtLeast(1, 1) {
			t.Errorf("%v is answered %d by %s", link["href"], a.StatusCode, a.Proto)
		}
		if head := s.do(t, http.MethodHead, fmt.Sprint(link["href"]), "*/*"); head.StatusCode != http.StatusOK || len(head.body) > 0 {
			t.Errorf("HEAD %v is answered %d with %d bytes", link["href"], head.StatusCode, len(head.body))
		}
		if posted := s.do(t, http.MethodPost, fmt.Sprint(link["href"]), "*/*"); posted.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %v is answered %d", link["href"], posted.StatusCode)
		}
	}
}

// crs84 expects longitudes and latitudes where no system is asked for.
func (s *suite) crs84(t *testing.T) {
	s.each(t, func(t *testing.T, _ object, items string) {
		for _, address := range []string{items, with(items, "limit", "2"), with(items, "bbox", "-180,-90,180,90"), with(items, "datetime", "../..")} {
			for _, f := range list(t, s.document(t, address, geoJSON), "features") {
				for _, p := range positions(f["geometry"]) {
					if p[0] < -180 || p[0] > 180 || p[1] < -90 || p[1] > 90 {
						t.Errorf("%v lies at %v", f["id"], p)
					}
				}
			}
		}
	})
}

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

// htmlContent asks for every page that is linked as one (abstract tests 31 to 33).
func (s *suite) htmlContent(t *testing.T) {
	addresses := []string{s.Base, s.Base + "/conformance", s.Base + "/api", s.Base + "/collections"}
	s.features(t, func(_ *testing.T, collection, _ object, address string) {
		path := fmt.Sprintf("%s/collections/%v", s.Base, collection["id"])
		addresses = append(addresses, path, path+"/items", path+"/queryables", address)
	})
	for _, address := range addresses {
		for _, how := range [][2]string{{with(address, "f", "html"), "*/*"}, {address, html + ",application/json;q=0.5"}} {
			if a := s.get(t, how[0], how[1]); a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), html) || !strings.Contains(string(a.body), "<h1") {
				t.Errorf("%s as a page is answered %d as %s", how[0], a.StatusCode, a.Header.Get("Content-Type"))
			}
		}
	}
}
