package web

import (
	"net/http"
	"reflect"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/desk"
	"heatledger/energy/registry"
	"heatledger/energy/submission"
	"heatledger/energy/validation"
	"heatledger/reporting/disclosure"
	"heatledger/reporting/openapi"
)

// showOpenAPI answers GET /api/v1/openapi.json.
func (s *Server) showOpenAPI(w http.ResponseWriter, _ *http.Request) error {
	text, err := s.described()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(text)
	return err
}

// document is what the table says of itself.
func (s *Server) document() openapi.Document {
	d := openapi.Document{Title: "Heatledger", Version: "1",
		Summary: "Readings, quarter-hours and figures of data centres and municipal server rooms.",
		Description: "Times are RFC 3339; requests also take local dates of the site. Values are in the canonical unit of their quantity (kWh, kW, °C, m³); numbers may have more digits than a binary float keeps. " +
			"The header Heatledger-Fact of an answer is the fact number it rests on. Lists are paged by Link: rel=\"next\". Errors are RFC 9457, with a code to branch on. HEAD is answered wherever GET is.",
		Problems: problems(), ProblemType: problem{}, Always: alwaysRefused(), Asked: askedRefused()}
	for _, g := range s.api() {
		d.Tags = append(d.Tags, g.Tag)
		for _, o := range g.operations {
			method, path, _ := strings.Cut(o.pattern, " ")
			o.Open = o.needs == everybody || o.needs == anybody
			d.Routes = append(d.Routes, openapi.Route{Method: method, Path: path, Tag: g.Name, Operation: o.Operation})
		}
	}
	return d
}

// Description is the API as OpenAPI describes it.
func Description() ([]byte, error) { return (&Server{}).described() }

// described is the description as OpenAPI.
func (s *Server) described() ([]byte, error) {
	return s.document().JSON(openapi.NewSchemas(reflect.TypeFor[Server]().PkgPath(), knownSchemas()))
}

// knownSchemas are the schemas of types that write themselves, or of whose strings
// only some exist.
func knownSchemas() map[reflect.Type]openapi.Schema {
	number := openapi.Schema{"type": "number"}
	scalar := openapi.Schema{"type": []any{"string", "number", "boolean", "null"}}
	return map[reflect.Type]openapi.Schema{
		reflect.TypeFor[energy.Value]():        number,
		reflect.TypeFor[energy.Date]():         {"type": "string", "format": "date"},
		reflect.TypeFor[commitment.Optional](): {"type": []any{"number", "null"}},
		reflect.TypeFor[commitment.Arg]():      {}, // a number, a text, a day, or an amount with its unit
		reflect.TypeFor[validation.Arg]():      {}, // a number, a text, a day, or an amount with its unit
		reflect.TypeFor[registry.FactValue]():  scalar,
		reflect.TypeFor[disclosure.Value]():    scalar,
		reflect.TypeFor[tlog.Hash]():           {"type": "string", "contentEncoding": "base64"},
		reflect.TypeFor[desk.State]():          oneOf(desk.States()...),
		reflect.TypeFor[submission.State]():    oneOf(submission.States()...),
	}
}
