package featurestest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
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
