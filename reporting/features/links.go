package features

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The media types of answers.
const (
	JSON       = "application/json"
	GeoJSON    = "application/geo+json"
	SchemaJSON = "application/schema+json"
	OpenAPI    = "application/vnd.oai.openapi+json;version=3.0"
	HTML       = "text/html"
)

// Link leads from an answer to another (RFC 8288).
type Link struct {
	Href     string `json:"href"`
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Title    string `json:"title,omitempty"`
	HrefLang string `json:"hreflang,omitempty"`
}

// question is a request that was understood.
type question struct {
	Request
	api       API
	one       Collection // nil: the request is about none
	about     About      // of one
	html      bool
	links     []Link // of the answer to itself and its alternate
	selection selection
}

// path is the address of what is asked for.
func (q question) path() string {
	collection := "/collections/" + url.PathEscape(q.Collection)
	switch q.Resource {
	case Conformance:
		return "/conformance"
	case Definition:
		return "/api"
	case Collections:
		return "/collections"
	case OfOne:
		return collection
	case Queryables:
		return collection + "/queryables"
	case Schema:
		return collection + "/schema"
	case GeoJSONSchema:
		return collection + "/schema/geojson"
	case Items:
		return collection + "/items"
	case Item:
		return collection + "/items/" + url.PathEscape(q.Feature)
	}
	return ""
}

// jsonKind is the media type of a resource that is no page.
func (r Resource) jsonKind() string {
	switch r {
	case Definition:
		return OpenAPI
	case Queryables, Schema, GeoJSONSchema:
		return SchemaJSON
	case Items, Item:
		return GeoJSON
	}
	return JSON
}

// kind is the media type of the answer.
func (q question) kind() string {
	if q.html {
		return HTML
	}
	return q.Resource.jsonKind()
}

// with is the address of the request with a parameter set.
func (q question) with(name, value string) string {
	query := url.Values{}
	for key, values := range q.Query {
		query[key] = slices.Clone(values)
	}
	query.Set(name, value)
	return q.api.Base + q.path() + "?" + query.Encode()
}

// selfLinks are the links of an answer to itself and to its other form.
func (q question) selfLinks() []Link {
	self := q.api.Base + q.path()
	if len(q.Query) > 0 {
		self += "?" + q.Query.Encode()
	}
	document := Link{Href: q.with("f", "json"), Rel: "alternate", Type: q.Resource.jsonKind(), Title: q.api.say("This document as JSON", "Dieses Dokument als JSON")}
	page := Link{Href: q.with("f", "html"), Rel: "alternate", Type: HTML, Title: q.api.say("This document as a page", "Dieses Dokument als Seite"), HrefLang: string(q.api.Language)}
	this := q.api.say("This document", "Dieses Dokument")
	if q.html {
		return []Link{{self, "self", HTML, this, string(q.api.Language)}, document}
	}
	return []Link{{Href: self, Rel: "self", Type: q.Resource.jsonKind(), Title: this}, page}
}

// link leads to another resource of the API.
func (a API) link(path, rel, kind, english, german string) Link {
	f := "json"
	if kind == HTML {
		f = "html"
	}
	return Link{Href: a.Base + path + "?f=" + f, Rel: rel, Type: kind, Title: a.say(english, german)}
}

// negotiated tells whether a page is wanted: by f, else by the Accept header, of which
// the form with the greatest weight is given, JSON where both weigh alike.
func negotiated(r Request) (html bool, err error) {
	switch f := r.Query.Get("f"); {
	case !r.Query.Has("f"):
	case f == "json" || f == "html":
		return f == "html", nil
	default:
		return false, bad("f=%.40q is neither json nor html", f)
	}
	forPage, forJSON := weights(r.Accept, func(kind string) bool { return kind == HTML || kind == "application/xhtml+xml" }),
		weights(r.Accept, func(kind string) bool {
			document, _, _ := strings.Cut(r.Resource.jsonKind(), ";")
			return kind == document || kind == JSON || kind == GeoJSON
		})
	return forPage > forJSON, nil
}

// weights is the greatest weight an Accept header gives to a kind; kinds it does not
// know are answered with JSON rather than refused (RFC 9110, 12.5.1).
func weights(accept string, is func(kind string) bool) (most float64) {
	for part := range strings.SplitSeq(accept, ",") {
		kind, parameters, _ := strings.Cut(part, ";")
		weight := 1.0
		for parameter := range strings.SplitSeq(parameters, ";") {
			if q, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok {
				weight, _ = strconv.ParseFloat(q, 64) // what is no number weighs nothing
			}
		}
		if is(strings.ToLower(strings.TrimSpace(kind))) {
			most = max(most, weight)
		}
	}
	return most
}
