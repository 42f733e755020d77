package features

import (
	"bytes"
	"encoding/json"
	"strings"

	"heatledger/heatmap/geo"
)

// QueryablesPage is what the features of a collection can be asked for.
type QueryablesPage struct {
	About About
	Links []Link
}

// queryables answers with a JSON Schema (2020-12; requirement
// /req/queryables/get-queryables-response).
func (a API) queryables(q question) (Answer, error) {
	if q.html {
		return q.answer(&QueryablesPage{q.about, q.links})
	}
	properties := ordered{{geometryField, map[string]any{"title": a.say("Geometry", "Geometrie"), "format": shapeFormat(q.about.Shape)}}}
	for _, field := range q.about.Fields {
		properties = append(properties, member{field.Name, field.schema()})
	}
	return q.answer(append(q.begin(), member{"properties", properties}, member{"additionalProperties", false}))
}

// ordered is a JSON object whose members stay in their order.
type ordered []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in their order.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(append(append(name, ':'), value...))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// shapeFormat is the format of a spatial property.
func shapeFormat(kind geo.Kind) string {
	if kind == "" {
		return "geometry-any"
	}
	return "geometry-" + strings.ToLower(string(kind))
}

// schema describes the values of a field, in words of JSON Schema that OpenAPI 3.0
// knows too.
func (f Field) schema() map[string]any {
	name, format := f.jsonType()
	schema := map[string]any{"title": f.Title, "type": name}
	if f.Description != "" {
		schema["description"] = f.Description
	}
	if format != "" {
		schema["format"] = format
	}
	if code, ok := ucum(f.Unit); ok {
		schema["x-ogc-unit"] = code
	}
	if f.Enum != nil {
		schema["enum"] = f.Enum
	}
	return schema
}
