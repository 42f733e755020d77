// Package openapi describes an HTTP API by OpenAPI 3.1.1 (spec.openapis.org/oas/v3.1.1)
// from what its operations say of themselves and from the Go types of their bodies
// and answers. It knows paths, parameters and schemas, no requests and no trade.
package openapi

import "net/http"

// Text is a sentence in both languages. The description is written in English;
// a page that documents the API takes either.
type Text struct{ EN, DE string }

// Operation is what a route says of itself.
type Operation struct {
	ID         string // unique, a name in camel case: clients call the operation by it
	Summary    Text   // a line
	Says       Text   // more than a line, if need be
	Parameters []Parameter
	Body       *Body    // nil: none
	Answers    []Answer // each success; errors follow from Refuses
	Refuses    []string // codes of problems that this operation has beside those of all
	Open       bool     // asks for nobody: no security
}

// Where a parameter stands.
const (
	InPath   = "path"
	InQuery  = "query"
	InHeader = "header"
)

// Parameter is something that a request says beside its body.
type Parameter struct {
	Name     string
	In       string
	Required bool
	Many     bool // may be said several times (query): one of them each time
	Says     Text
	Schema   Schema
	Example  string // as it stands in an address, not escaped
}

// Body is what a request carries.
type Body struct {
	Required bool
	Says     Text
	Content  []Content
}

// Answer is a success.
type Answer struct {
	Status  int
	Says    Text
	Content []Content
	Headers []Header
}

// Content is one form of a body.
type Content struct {
	Kind    string // media type
	Of      any    // a value of the Go type, a Schema, or nil: a file or text
	Example string // as it is sent
}

// Header is a header of an answer.
type Header struct {
	Name   string
	Says   Text
	Schema Schema
}

// Problem is a code of an error and the status it comes with (RFC 9457).
type Problem struct {
	Code   string
	Status int
	Says   Text // what happened and what to do
}

// OneOf is content that has one of several Go types.
type OneOf []any

// Route is an operation with its place.
type Route struct {
	Method, Path string // GET, /api/v1/sites/{site}
	Tag          string
	Operation
}

// Title is the reason phrase of a status.
func (a Answer) Title() string { return http.StatusText(a.Status) }
