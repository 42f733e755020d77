// Package features is OGC API – Features: it answers what collections of features
// there are and which features match a question, as JSON and as data of a page. It
// knows the protocol and geometry, and nothing of what the features are about, of
// HTTP connections or of rights: whoever mounts it hands it the collections, cut to
// what the caller may see.
//
// Held are Part 1: Core (OGC 17-069r4), Part 2: Coordinate Reference Systems by
// Reference (18-058r1), of Part 3: Filtering (19-079r2) queryables and filters in
// CQL2 (package cql2), and of Part 5: Schemas (23-058r2) schemas and returnables;
// [Classes] lists the conformance classes.
//
// Everything a collection holds is looked through for each question: it is made for
// the some thousand features of a town.
package features

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/heatmap/geo"
	"heatledger/reporting/features/cql2"
)

// Collection is a set of features of one kind, as far as the caller may see them.
type Collection interface {
	// About describes the collection; it tells nothing of its features.
	About() About
	// Features are all features, in an order that does not change between pages.
	Features(ctx context.Context) ([]Feature, error)
}

// About is what a collection is.
type About struct {
	ID                 string // in addresses: letters, digits, _ and -
	Title, Description string
	// Shape is the kind of its geometries, "" for any.
	Shape  geo.Kind
	Fields []Field // what can be asked for, in the order of columns
}

// Field is a property of the features of a collection.
type Field struct {
	Name, Title, Description string
	Kind                     cql2.Kind // never a geometry
	Unit                     string    // of numbers
	Whole                    bool      // numbers are whole ones
	Enum                     []string  // all texts there are; nil: any
	// First is a field that tells features apart or matters most: where there is room for
	// few columns, those are these.
	First bool
}

// Feature is a thing with a place, a time and properties. What the caller must not
// see is absent: nothing that is answered rests on it.
type Feature struct {
	ID       string
	Geometry geo.Geometry // in degrees, longitude first; nil: nowhere
	Time     Time
	Values   []any // by the fields of the collection; nil: absent. [cql2.Row] says which types
}

// Time is when a feature is or was, from and to; zero ends are open.
type Time struct {
	Known    bool // else it has no time
	From, To time.Time
}

// API answers requests about collections.
type API struct {
	Base               string // address of the landing page, without a slash at its end
	Title, Description string
	Language           Language
	Version            string // of the program
	Collections        []Collection
	Now                time.Time
}

// Language is the language of titles, as in a Content-Language header.
type Language string

// The languages.
const (
	English Language = "en"
	German  Language = "de"
)

// say chooses a sentence by the language.
func (a API) say(english, german string) string {
	if a.Language == German {
		return german
	}
	return english
}

// Resource is what a path names.
type Resource int

// The resources, with their paths behind the landing page.
const (
	Landing       Resource = iota // /
	Conformance                   // /conformance
	Definition                    // /api
	Collections                   // /collections
	OfOne                         // /collections/{collection}
	Queryables                    // /collections/{collection}/queryables
	Schema                        // /collections/{collection}/schema
	GeoJSONSchema                 // /collections/{collection}/schema/geojson
	Items                         // /collections/{collection}/items
	Item                          // /collections/{collection}/items/{feature}
)

// Request is a question.
type Request struct {
	Resource            Resource
	Collection, Feature string
	Query               url.Values
	Accept              string // the header
}

// Answer is the answer to a request: as JSON its Body; else (HTML) Page has what a
// page shows.
type Answer struct {
	Kind       string // media type
	Body       []byte
	Page       any    // *LandingPage, *ConformancePage, … as in page types; nil: a Body
	Links      []Link // of the answer itself
	ContentCRS string // of the header Content-Crs; "": none
	// Varying is where in Body the time of the answer stands, which makes no other answer
	// of it: [from, to); equal: nowhere.
	Varying [2]int
}

// Refusal is why a request is not answered.
type Refusal struct {
	Status int // of HTTP: 400 or 404
	Code   string
	Detail string
	Faults energy.Faults // of a filter
}

// Error is the sentence for whoever asked.
func (r *Refusal) Error() string { return r.Detail }

// The codes of refusals.
const (
	CodeParameter  = "bad_parameter"
	CodeUnknown    = "unknown_parameter"
	CodeFilter     = "bad_filter"
	CodeCollection = "no_collection"
	CodeFeature    = "no_feature"
)

// Answer answers a request; it errs with [*Refusal] where the caller can mend it.
func (a API) Answer(ctx context.Context, r Request) (Answer, error) {
	var one Collection
	if r.Resource >= OfOne {
		at := slices.IndexFunc(a.Collections, func(c Collection) bool { return c.About().ID == r.Collection })
		if at < 0 {
			var ids []string
			for _, c := range a.Collections {
				ids = append(ids, c.About().ID)
			}
			return Answer{}, &Refusal{Status: 404, Code: CodeCollection, Detail: fmt.Sprintf("there is no collection %.40q; there are %s", r.Collection, strings.Join(ids, ", "))}
		}
		one = a.Collections[at]
	}
	q, err := a.question(r, one)
	if err != nil {
		return Answer{}, err
	}
	switch r.Resource {
	case Landing:
		return a.landing(q)
	case Conformance:
		return a.conformance(q)
	case Definition:
		return a.definition(q)
	case Collections:
		return a.collections(ctx, q)
	case OfOne:
		return a.collection(ctx, q)
	case Queryables:
		return a.queryables(q)
	case Schema:
		return a.schema(q)
	case GeoJSONSchema:
		return a.geoJSONSchema(q)
	case Items:
		return a.items(ctx, q)
	}
	return a.item(ctx, q)
}
