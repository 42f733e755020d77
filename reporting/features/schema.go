package features

import (
	"heatledger/reporting/features/cql2"
)

// The relations of links to schemas: schemaRel to what the features of a collection are
// (23-058r2, /req/returnables-and-receivables/link); describedBy to what they are as
// GeoJSON (IANA; relations are compared without regard to case, RFC 8288, 2.1.1, but GDAL
// 3.6 reads no other spelling).
const (
	schemaRel   = "http://www.opengis.net/def/rel/ogc/1.0/schema"
	describedBy = "describedBy"
)

// SchemaPage is what the features of a collection are.
type SchemaPage struct {
	About About
	Links []Link
}

// schema answers with the properties of a collection's features, whatever they are
// written as (23-058r2, /req/schemas). All of them are for reading.
func (a API) schema(q question) (Answer, error) {
	if q.html {
		return q.answer(&SchemaPage{q.about, q.links})
	}
	properties := ordered{
		{"id", map[string]any{"title": a.say("Id", "Kennung"), "type": "string", "x-ogc-role": "id", "readOnly": true}},
		{geometryField, map[string]any{"title": a.say("Geometry", "Geometrie"), "format": shapeFormat(q.about.Shape), "x-ogc-role": "primary-geometry", "readOnly": true}},
	}
	for _, field := range q.about.Fields {
		described := field.schema()
		described["readOnly"] = true
		properties = append(properties, member{field.Name, described})
	}
	return q.answer(append(q.begin(), member{"required", []string{"id"}}, member{"properties", properties}, member{"additionalProperties", false}))
}

// begin are the first members of a schema of a collection.
func (q question) begin() ordered {
	return ordered{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", q.api.Base + q.path()},
		{"type", "object"},
		{"title", q.about.Title},
		{"description", q.about.Description},
	}
}

// geoJSONSchema answers with what a feature is as GeoJSON, from which GDAL and programs
// upon it take the types of columns, also of those that are empty on the first page. They
// read a single type alone: that a property may be null too is said as OpenAPI 3.0 says
// it, which JSON Schema does not know, and no dialect of that is claimed.
func (a API) geoJSONSchema(q question) (Answer, error) {
	if q.html {
		return q.answer(&SchemaPage{q.about, q.links})
	}
	var properties ordered
	for _, field := range q.about.Fields {
		described := field.schema()
		described["nullable"] = true
		delete(described, "enum") // null is none of them
		properties = append(properties, member{field.Name, described})
	}
	only := func(value string) map[string]any {
		return map[string]any{"type": "string", "enum": []string{value}}
	}
	return q.answer(ordered{
		{"type", "object"},
		{"title", q.about.Title},
		{"description", a.say("A feature as GeoJSON (RFC 7946). null stands for what is not known or may not be seen.", "Ein Objekt als GeoJSON (RFC 7946). null steht für das, was nicht bekannt oder nicht sichtbar ist.")},
		{"required", []string{"type", "id", "geometry", "properties"}},
		{"properties", ordered{
			{"type", only("Feature")},
			{"id", map[string]any{"type": "string"}},
			{"geometry", map[string]any{"type": "object", "nullable": true}},
			{"properties", ordered{{"type", "object"}, {"properties", properties}}},
		}},
	})
}

// ucum is a unit as 23-058r2 wants it (/req/schemas/unit): by the Unified Code for Units
// of Measure, which knows no money; ok is false without one.
func ucum(unit string) (code string, ok bool) {
	code, ok = map[string]string{"kW": "kW", "kWh": "kW.h", "h": "h", "°C": "Cel", "m": "m", "mm": "mm", "m/s": "m/s", "Pa/m": "Pa/m", "W/m": "W/m", "MWh/m": "MW.h/m", "MWh/ha": "MW.h/har"}[unit]
	return code, ok
}

// jsonType is how JSON Schema calls the values of a field.
func (f Field) jsonType() (name, format string) {
	switch f.Kind {
	case cql2.Number:
		if f.Whole {
			return "integer", ""
		}
		return "number", ""
	case cql2.Boolean:
		return "boolean", ""
	case cql2.Date:
		return "string", "date"
	case cql2.Timestamp:
		return "string", "date-time"
	}
	return "string", ""
}
