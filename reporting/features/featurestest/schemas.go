package featurestest

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"
)

const schemaJSON = "application/schema+json"

// schemas are the abstract tests of Part 5 for the classes that are held, by the id of
// the table.
func (s *suite) schemas() map[string]func(*testing.T) {
	return map[string]func(*testing.T){
		"schemas/basic-schema-inspection": s.schemaInspection,
		"schemas/role-id":                 s.schemaRoles,
		"schemas/unit":                    s.schemaUnits,
		"returnables/link":                s.schemaLink,
		"returnables/response":            s.schemaResponse,
		"geojson/described":               s.described,
	}
}

// eachSchema runs a test of the schema of every collection.
func (s *suite) eachSchema(t *testing.T, test func(t *testing.T, schema, properties object, items string)) {
	t.Helper()
	s.each(t, func(t *testing.T, collection object, items string) {
		address := linked(t, collection, "http://www.opengis.net/def/rel/ogc/1.0/schema", schemaJSON)
		schema := s.document(t, address, schemaJSON)
		properties, _ := schema["properties"].(object)
		if len(properties) == 0 {
			t.Fatalf("%v has a schema without properties", collection["id"])
		}
		test(t, schema, properties, items)
	})
}

// schemaInspection looks at the members of each schema, and for it at its own address.
func (s *suite) schemaInspection(t *testing.T) {
	s.eachSchema(t, func(t *testing.T, schema, properties object, _ string) {
		id := fmt.Sprint(schema["$id"])
		a := s.get(t, id, schemaJSON)
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != schemaJSON || strings.Contains(id, "?") {
			t.Errorf("%s is answered %d as %s", id, a.StatusCode, a.Header.Get("Content-Type"))
		}
		if schema["$schema"] != "https://json-schema.org/draft/2020-12/schema" || schema["type"] != "object" {
			t.Errorf("it is an %v by %v", schema["type"], schema["$schema"])
		}
		for name, described := range properties {
			one := described.(object)
			format, _ := one["format"].(string)
			if one["type"] == nil && (one["$ref"] != nil || !strings.HasPrefix(format, "geometry-")) {
				t.Errorf("%s is %v", name, one)
			}
		}
	})
}

// schemaRoles expects one id, a text.
func (s *suite) schemaRoles(t *testing.T) {
	s.eachSchema(t, func(t *testing.T, _, properties object, _ string) {
		ids := 0
		for _, described := range properties {
			if one := described.(object); one["x-ogc-role"] == "id" {
				ids++
				if one["type"] != "string" {
					t.Errorf("the id is %v", one)
				}
			}
		}
		if ids != 1 {
			t.Errorf("%d properties are the id", ids)
		}
	})
}

// schemaUnits expects units at numbers alone, without signs that UCUM does not know.
func (s *suite) schemaUnits(t *testing.T) {
	s.eachSchema(t, func(t *testing.T, _, properties object, _ string) {
		for name, described := range properties {
			one := described.(object)
			unit, _ := one["x-ogc-unit"].(string)
			if unit != "" && (one["type"] != "number" && one["type"] != "integer" || strings.ContainsAny(unit, "°€ ")) {
				t.Errorf("%s is %v", name, one)
			}
		}
	})
}

// schemaLink expects the link, and that the classes are declared.
func (s *suite) schemaLink(t *testing.T) {
	for _, collection := range s.collections {
		if linked(t, collection, "http://www.opengis.net/def/rel/ogc/1.0/schema", schemaJSON) == "" {
			t.Errorf("%v has no link to its schema", collection["id"])
		}
	}
	declared := strings.Join(texts(t, s.document(t, linked(t, s.landing, "conformance", jsonDoc), jsonDoc), "conformsTo"), " ")
	for _, class := range []string{"schemas", "returnables-and-receivables"} {
		if !strings.Contains(declared, "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/"+class) {
			t.Errorf("%s is not declared", class)
		}
	}
}

// schemaResponse holds every value of every feature against the schema.
func (s *suite) schemaResponse(t *testing.T) {
	s.eachSchema(t, func(t *testing.T, schema, properties object, items string) {
		if schema["additionalProperties"] != false {
			t.Errorf("other properties than these are %v", schema["additionalProperties"])
		}
		s.hold(t, properties, items)
	})
}

// described holds every value against the schema of the GeoJSON, by which GDAL knows the
// types: a single one for each property.
func (s *suite) described(t *testing.T) {
	s.each(t, func(t *testing.T, collection object, items string) {
		schema := s.document(t, linked(t, collection, "describedBy", schemaJSON), schemaJSON)
		members, _ := schema["properties"].(object)
		inner, _ := members["properties"].(object)
		properties, _ := inner["properties"].(object)
		if inner["type"] != "object" || len(properties) == 0 {
			t.Fatalf("the properties of %v are %v", collection["id"], inner)
		}
		for name, one := range properties {
			if one.(object)["nullable"] != true {
				t.Errorf("%s may not be null", name)
			}
		}
		s.hold(t, properties, items)
	})
}

// hold finds each property of the features of a page described, by its type.
func (s *suite) hold(t *testing.T, properties object, items string) {
	t.Helper()
	for _, f := range list(t, s.document(t, items, geoJSON), "features") {
		for name, value := range f["properties"].(object) {
			one, ok := properties[name].(object)
			if !ok || value != nil && !isOf(value, one) {
				t.Errorf("%s of %v is %v, described as %v", name, f["id"], value, one)
			}
		}
	}
}

// isOf tells whether a value is of the type and format of its description.
func isOf(value any, described object) bool {
	switch one := value.(type) {
	case string:
		layouts := map[any]string{"date": time.DateOnly, "date-time": time.RFC3339Nano}
		if layout, ok := layouts[described["format"]]; ok {
			_, err := time.Parse(layout, one)
			return err == nil && described["type"] == "string"
		}
		return described["type"] == "string"
	case bool:
		return described["type"] == "boolean"
	case float64:
		return described["type"] == "number" || described["type"] == "integer" && one == math.Trunc(one)
	}
	return false
}
