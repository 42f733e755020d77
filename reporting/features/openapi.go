package features

import (
	"maps"
)

// DefinitionPage describes the API for people.
type DefinitionPage struct {
	Paths []DefinedPath
	Links []Link
}

// DefinedPath is a path with what it is good for, and its parameters.
type DefinedPath struct {
	Path, Summary string
	Parameters    []DefinedParameter
}

// DefinedParameter is a parameter with what it means.
type DefinedParameter struct{ Name, Description string }

type object = map[string]any

// definition answers with the document by OpenAPI 3.0.3 that describes this API
// (conformance class oas30).
func (a API) definition(q question) (Answer, error) {
	paths := a.paths()
	if q.html {
		page := &DefinitionPage{Links: q.links}
		for _, one := range paths {
			shown := DefinedPath{Path: one.path, Summary: one.summary}
			for _, p := range one.parameters {
				shown.Parameters = append(shown.Parameters, DefinedParameter{p["name"].(string), p["description"].(string)})
			}
			page.Paths = append(page.Paths, shown)
		}
		return q.answer(page)
	}
	described := object{}
	for _, one := range paths {
		described[one.path] = object{"get": one.operation()}
	}
	tags := []object{{"name": "capabilities", "description": a.say("What this API offers.", "Was diese Schnittstelle bietet.")},
		{"name": "data", "description": a.say("Features.", "Objekte.")}}
	return q.answer(object{
		"openapi": "3.0.3",
		"info":    object{"title": a.Title, "description": a.Description, "version": a.Version},
		"servers": []object{{"url": a.Base}},
		"tags":    tags, "paths": described, "components": a.components(),
	})
}

// defined is an operation of the API.
type defined struct {
	path, id, summary, tag string
	parameters             []object
	kind                   string // media type beside HTML
	schema                 string // of the JSON
	crs                    bool   // answers with Content-Crs
}

// paths are all there are, each collection with its own: their properties are
// parameters (19-079r2, queryables as query parameters).
func (a API) paths() []defined {
	all := []defined{
		{path: "/", id: "landing", summary: a.say("Landing page", "Startseite"), kind: JSON, schema: "landingPage"},
		{path: "/conformance", id: "conformance", summary: a.say("Conformance classes", "Konformitätsklassen"), kind: JSON, schema: "conformance"},
		{path: "/api", id: "definition", summary: a.say("This document", "Dieses Dokument"), kind: OpenAPI, schema: "document"},
		{path: "/collections", id: "collections", summary: a.say("Collections of features", "Sammlungen von Objekten"), kind: JSON, schema: "collections"},
	}
	for i := range all {
		all[i].tag, all[i].parameters = "capabilities", a.everywhere()
	}
	for _, one := range a.Collections {
		about := one.About()
		path := "/collections/" + about.ID
		all = append(all,
			defined{path, about.ID, a.say("The collection", "Die Sammlung") + " " + about.Title, "capabilities", a.everywhere(), JSON, "collection", false},
			defined{path + "/queryables", about.ID + ".queryables", a.say("What can be asked for in", "Wonach gefragt werden kann in") + " " + about.Title, "capabilities", a.everywhere(), SchemaJSON, "document", false},
			defined{path + "/schema", about.ID + ".schema", a.say("What the features are in", "Was die Objekte sind in") + " " + about.Title, "capabilities", a.everywhere(), SchemaJSON, "document", false},
			defined{path + "/schema/geojson", about.ID + ".schema.geojson", a.say("What the features are as GeoJSON in", "Was die Objekte als GeoJSON sind in") + " " + about.Title, "capabilities", a.everywhere(), SchemaJSON, "document", false},
			defined{path + "/items", about.ID + ".items", a.say("Features of", "Objekte aus") + " " + about.Title, "data", a.itemsParameters(about), GeoJSON, "featureCollection", true},
			defined{path + "/items/{featureId}", about.ID + ".item", a.say("A feature of", "Ein Objekt aus") + " " + about.Title, "data",
				append([]object{{"name": "featureId", "in": "path", "required": true, "description": a.say("Id of the feature.", "Kennung des Objekts."), "schema": object{"type": "string"}}, a.crsParameter("crs", a.say("System of the coordinates of the answer.", "System der Koordinaten der Antwort."))}, a.everywhere()...), GeoJSON, "feature", true})
	}
	return all
}

// operation is the path's GET in words of OpenAPI.
func (d defined) operation() object {
	fine := object{"description": d.summary, "content": object{d.kind: object{"schema": object{"$ref": "#/components/schemas/" + d.schema}}, HTML: object{"schema": object{"type": "string"}}}}
	if d.crs {
		fine["headers"] = object{"Content-Crs": object{"description": "<URI>", "schema": object{"type": "string"}}}
	}
	responses := object{"200": fine}
	for _, code := range []string{"400", "401", "404", "429", "500"} {
		responses[code] = object{"$ref": "#/components/responses/problem"}
	}
	return object{"operationId": d.id, "summary": d.summary, "tags": []string{d.tag}, "parameters": d.parameters, "responses": responses}
}

// parameter is one of a query; style and explode are those of core's definitions.
func parameter(name, description string, schema object) object {
	return object{"name": name, "in": "query", "required": false, "description": description, "schema": schema, "style": "form", "explode": false}
}

// everywhere are the parameters that every resource takes.
func (a API) everywhere() []object {
	return []object{
		parameter("f", a.say("Form of the answer; without it the Accept header decides.", "Form der Antwort; ohne Angabe entscheidet der Accept-Header."), object{"type": "string", "enum": []string{"json", "html"}}),
		parameter("lang", a.say("Language of titles; without it Accept-Language decides.", "Sprache der Titel; ohne Angabe entscheidet Accept-Language."), object{"type": "string", "enum": []string{"de", "en"}}),
	}
}

// crsParameter takes one of the systems.
func (a API) crsParameter(name, description string) object {
	return parameter(name, description, object{"type": "string", "format": "uri", "enum": systemURIs(), "default": systemURIs()[0]})
}

// itemsParameters are those of the items of a collection, its fields with them.
func (a API) itemsParameters(about About) []object {
	list := []object{
		parameter("limit", a.say("Features of a page; more than the most are the most.", "Objekte je Seite; mehr als das Höchste ist das Höchste."), object{"type": "integer", "minimum": 1, "maximum": MostLimit, "default": UsualLimit}),
		parameter("offset", a.say("Features to leave out before.", "Objekte, die davor wegfallen."), object{"type": "integer", "minimum": 0, "default": 0}),
		parameter("bbox", a.say("Only features that meet this box; features without a place are in every box.", "Nur Objekte, die dieses Rechteck berühren; Objekte ohne Ort sind in jedem."), object{"type": "array", "minItems": 4, "maxItems": 6, "items": object{"type": "number"}}),
		a.crsParameter("bbox-crs", a.say("System of the coordinates of bbox.", "System der Koordinaten von bbox.")),
		parameter("datetime", a.say("Only features of this time: an instant, or an interval, whose ends may be open (..).", "Nur Objekte dieser Zeit: ein Zeitpunkt oder ein Zeitraum, dessen Enden offen sein können (..)."), object{"type": "string"}),
		a.crsParameter("crs", a.say("System of the coordinates of the answer.", "System der Koordinaten der Antwort.")),
		parameter("filter", a.say("Only features of which this filter in CQL2 is true.", "Nur Objekte, auf die dieser Filter in CQL2 zutrifft."), object{"type": "string"}),
		parameter("filter-lang", a.say("How the filter is written.", "Wie der Filter geschrieben ist."), object{"type": "string", "enum": []string{"cql2-text", "cql2-json"}, "default": "cql2-text"}),
		a.crsParameter("filter-crs", a.say("System of the coordinates in the filter.", "System der Koordinaten im Filter.")),
	}
	for _, field := range about.Fields {
		schema := maps.Clone(field.schema())
		delete(schema, "title")
		list = append(list, parameter(field.Name, a.say("Only features with this:", "Nur Objekte mit:")+" "+field.Title, schema))
	}
	return append(list, a.everywhere()...)
}

// components are the schemas and responses that operations refer to.
func (a API) components() object {
	text, links := object{"type": "string"}, object{"type": "array", "items": object{"$ref": "#/components/schemas/link"}}
	whole := func(required []string, properties object) object {
		return object{"type": "object", "required": required, "properties": properties}
	}
	list := func(of object) object { return object{"type": "array", "items": of} }
	ref := func(name string) object { return object{"$ref": "#/components/schemas/" + name} }
	geometry := object{"type": "object", "nullable": true, "required": []string{"type"}, "properties": object{"type": text, "coordinates": object{"type": "array", "items": object{}}}}
	return object{
		"responses": object{"problem": object{"description": a.say("Why it is not answered, and what to do.", "Warum es keine Antwort gibt, und was zu tun ist."),
			"content": object{"application/problem+json": object{"schema": ref("problem")}, HTML: object{"schema": text}}}},
		"schemas": object{
			"link":        whole([]string{"href", "rel"}, object{"href": text, "rel": text, "type": text, "title": text, "hreflang": text}),
			"problem":     whole([]string{"status"}, object{"type": text, "title": text, "status": object{"type": "integer"}, "detail": text, "code": text}),
			"document":    object{"type": "object"},
			"landingPage": whole([]string{"links"}, object{"title": text, "description": text, "links": links}),
			"conformance": whole([]string{"conformsTo"}, object{"conformsTo": list(text)}),
			"collections": whole([]string{"links", "collections"}, object{"links": links, "crs": list(text), "collections": list(ref("collection"))}),
			"collection": whole([]string{"id", "links"}, object{"id": text, "title": text, "description": text, "links": links, "extent": object{"type": "object"},
				"itemType": text, "crs": list(text), "storageCrs": text}),
			"feature": whole([]string{"type", "geometry", "properties"}, object{"type": object{"type": "string", "enum": []string{"Feature"}}, "id": text, "geometry": geometry,
				"properties": object{"type": "object", "nullable": true}, "links": links}),
			"featureCollection": whole([]string{"type", "features"}, object{"type": object{"type": "string", "enum": []string{"FeatureCollection"}}, "features": list(ref("feature")), "links": links,
				"timeStamp": object{"type": "string", "format": "date-time"}, "numberMatched": object{"type": "integer", "minimum": 0}, "numberReturned": object{"type": "integer", "minimum": 0}}),
		},
	}
}
