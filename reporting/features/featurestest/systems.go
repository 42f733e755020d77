package featurestest

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"heatledger/heatmap/geo"
)

const crs84URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

// unsupported is the system the suite asks for in vain.
const unsupported = "http://www.opengis.net/def/crs/0/unsupported"

// systems are the abstract tests of Part 2, by the id of the table.
func (s *suite) systems() map[string]func(*testing.T) {
	return map[string]func(*testing.T){
		"crs/crs-uri":                    s.crsURI,
		"crs/default-crs":                s.defaultCRS,
		"crs/storageCrs":                 s.storageCRS,
		"crs/crs-parameter":              s.crsParameter,
		"crs/crs-parameter-invalid":      s.crsInvalid,
		"crs/crs-parameter-default":      s.crsDefault,
		"crs/crs-parameter-transform":    s.crsTransform,
		"crs/bbox-crs-parameter":         s.boxCRS,
		"crs/bbox-crs-parameter-invalid": s.boxCRSInvalid,
		"crs/bbox-crs-parameter-default": s.boxCRSDefault,
	}
}

// crsURI expects URIs of the registers of OGC and EPSG alone.
func (s *suite) crsURI(t *testing.T) {
	valid := regexp.MustCompile(`^http://www\.opengis\.net/def/crs/(EPSG/0/\d+|OGC/1\.3/CRS84)$`)
	page := s.document(t, "/collections", jsonDoc)
	for _, one := range append(list(t, page, "collections"), page) {
		for _, uri := range append(texts(t, one, "crs"), storage(one)...) {
			if !valid.MatchString(uri) {
				t.Errorf("%s is no URI of a system", uri)
			}
		}
	}
}

// storage is the system in which a collection says it is kept.
func storage(collection object) []string {
	if uri, ok := collection["storageCrs"].(string); ok {
		return []string{uri}
	}
	return nil
}

// defaultCRS expects CRS84 first in each list.
func (s *suite) defaultCRS(t *testing.T) {
	for _, collection := range s.collections {
		if crs := texts(t, collection, "crs"); len(crs) == 0 || crs[0] != crs84URI {
			t.Errorf("%v has %v", collection["id"], crs)
		}
	}
}

// storageCRS expects a system that can be asked for.
func (s *suite) storageCRS(t *testing.T) {
	for _, collection := range s.collections {
		stored := storage(collection)
		if len(stored) != 1 || !slices.Contains(texts(t, collection, "crs"), stored[0]) {
			t.Errorf("%v is stored in %v, which is not among its systems", collection["id"], stored)
		}
	}
}

// crsParameter asks in each system, and expects its name in Content-Crs.
func (s *suite) crsParameter(t *testing.T) {
	s.features(t, func(t *testing.T, collection, _ object, address string) {
		items := address[:strings.LastIndex(address, "/")]
		for _, uri := range texts(t, collection, "crs") {
			for _, one := range []string{items, address} {
				a := s.get(t, with(one, "crs", uri), geoJSON)
				if got := a.Header.Get("Content-Crs"); a.StatusCode != http.StatusOK || got != "<"+uri+">" {
					t.Errorf("%s in %s is answered %d in %s", one, uri, a.StatusCode, got)
				}
			}
		}
	})
}

// crsInvalid asks in a system that there is not.
func (s *suite) crsInvalid(t *testing.T) {
	s.features(t, func(t *testing.T, _, _ object, address string) {
		for _, one := range []string{address, address[:strings.LastIndex(address, "/")]} {
			s.refused(t, with(one, "crs", unsupported), http.StatusBadRequest)
		}
	})
}

// crsDefault expects CRS84 by name where none is asked for.
func (s *suite) crsDefault(t *testing.T) {
	s.features(t, func(t *testing.T, _, _ object, address string) {
		for _, one := range []string{address, address[:strings.LastIndex(address, "/")]} {
			if got := s.get(t, one, geoJSON).Header.Get("Content-Crs"); got != "<"+crs84URI+">" {
				t.Errorf("%s without crs is in %s", one, got)
			}
		}
	})
}

// crsTransform brings what was asked for in each system back to longitude and latitude.
// A centimetre may be lost by the digits that are written.
func (s *suite) crsTransform(t *testing.T) {
	compared := 0
	s.each(t, func(t *testing.T, collection object, items string) {
		usual := list(t, s.document(t, items, geoJSON), "features")
		for _, uri := range texts(t, collection, "crs") {
			for i, f := range list(t, s.document(t, with(items, "crs", uri), geoJSON), "features") {
				here, there := positions(usual[i]["geometry"]), positions(f["geometry"])
				if f["id"] != usual[i]["id"] || len(here) != len(there) {
					t.Fatalf("in %s %v stands where %v is", uri, f["id"], usual[i]["id"])
				}
				for j := range here {
					back := degrees(t, uri, there[j])
					if math.Abs(back[0]-here[j][0]) > 2e-7 || math.Abs(back[1]-here[j][1]) > 2e-7 {
						t.Errorf("%v at %v is in %s at %v, which is %v", f["id"], here[j], uri, there[j], back)
					}
					compared++
				}
			}
		}
	})
	if compared == 0 {
		t.Error("no position was compared")
	}
}

// degrees is a position of a system as longitude and latitude.
func degrees(t *testing.T, uri string, p [2]float64) [2]float64 {
	t.Helper()
	reference, err := geo.ParseReference(uri)
	if err != nil {
		t.Fatal(err)
	}
	at := geo.Point{X: p[0], Y: p[1]}
	if reference.LatitudeFirst {
		at.X, at.Y = at.Y, at.X
	}
	at = geo.Convert(at, reference.CRS, geo.WGS84)
	return [2]float64{at.X, at.Y}
}

// boxCRS asks with the extent in each system, and expects the same features.
func (s *suite) boxCRS(t *testing.T) {
	s.each(t, func(t *testing.T, collection object, items string) {
		whole, located := extent(collection)
		if !located {
			return
		}
		usual := s.document(t, with(items, "bbox", numbers(whole)), geoJSON)
		if n := usual["numberMatched"]; n == 0.0 {
			t.Errorf("nothing of %v is in its extent", collection["id"])
		}
		for _, uri := range texts(t, collection, "crs") {
			if got := s.document(t, with(items, "bbox", numbers(boxIn(t, uri, whole)), "bbox-crs", uri), geoJSON); !slices.Equal(ids(t, got), ids(t, usual)) {
				t.Errorf("in %s the extent of %v holds %v, else %v", uri, collection["id"], ids(t, got), ids(t, usual))
			}
		}
	})
}

// boxIn is a box by two corners, as the suite turns it into another system.
func boxIn(t *testing.T, uri string, box [4]float64) [4]float64 {
	t.Helper()
	reference, err := geo.ParseReference(uri)
	if err != nil {
		t.Fatal(err)
	}
	min, max := geo.Convert(geo.Point{X: box[0], Y: box[1]}, geo.WGS84, reference.CRS), geo.Convert(geo.Point{X: box[2], Y: box[3]}, geo.WGS84, reference.CRS)
	if reference.LatitudeFirst {
		return [4]float64{min.Y, min.X, max.Y, max.X}
	}
	return [4]float64{min.X, min.Y, max.X, max.Y}
}

// ids are those of the features of a page.
func ids(t *testing.T, page object) []string {
	t.Helper()
	all := []string{}
	for _, f := range list(t, page, "features") {
		all = append(all, fmt.Sprint(f["id"]))
	}
	return all
}

// boxCRSInvalid gives a box in a system that there is not.
func (s *suite) boxCRSInvalid(t *testing.T) {
	s.each(t, func(t *testing.T, _ object, items string) {
		s.refused(t, with(items, "bbox", "5,49,15,55", "bbox-crs", unsupported), http.StatusBadRequest)
	})
}

// boxCRSDefault expects that naming the usual system changes nothing.
func (s *suite) boxCRSDefault(t *testing.T) {
	s.each(t, func(t *testing.T, collection object, items string) {
		if whole, located := extent(collection); located {
			named, usual := s.document(t, with(items, "bbox", numbers(whole), "bbox-crs", crs84URI), geoJSON), s.document(t, with(items, "bbox", numbers(whole)), geoJSON)
			if !slices.Equal(ids(t, named), ids(t, usual)) {
				t.Errorf("%v with the usual system, %v without", ids(t, named), ids(t, usual))
			}
		}
	})
}
