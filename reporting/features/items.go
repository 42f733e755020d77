package features

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"time"

	"heatledger/heatmap/geo"
	"heatledger/reporting/features/cql2"
)

// ItemsPage is a page of the features that match.
type ItemsPage struct {
	About          About
	Features       []Feature // in degrees
	First          int       // the place of the first among all that match, from 1
	NumberMatched  int
	NumberReturned int
	Links          []Link
	Next, Previous string // addresses; "": there is none
	CRS            string
	Filter         string // as CQL2 Text, however it was written; "": there is none
}

// ItemPage is one feature.
type ItemPage struct {
	About   About
	Feature Feature // in degrees
	Links   []Link
	CRS     string
}

// items answers with a page of the features that match (17-069r4, clause 7.15).
func (a API) items(ctx context.Context, q question) (Answer, error) {
	all, err := q.one.Features(ctx)
	if err != nil {
		return Answer{}, err
	}
	s := q.selection
	matched := s.choose(q.about, all)
	first := min(s.offset, len(matched))
	last := first + min(s.limit, len(matched)-first)
	page := &ItemsPage{About: q.about, Features: matched[first:last], First: first + 1, NumberMatched: len(matched), NumberReturned: last - first, CRS: s.crs.uri}
	if last < len(matched) {
		page.Next = q.with("offset", strconv.Itoa(last))
		q.links = append(q.links, Link{Href: page.Next, Rel: "next", Type: q.kind(), Title: a.say("Next page", "Nächste Seite")})
	}
	if first > 0 {
		page.Previous = q.with("offset", strconv.Itoa(max(0, first-s.limit)))
		q.links = append(q.links, Link{Href: page.Previous, Rel: "prev", Type: q.kind(), Title: a.say("Previous page", "Vorige Seite")})
	}
	q.links = append(q.links, q.toCollection())
	page.Links = q.links
	answer := Answer{Kind: q.kind(), Links: q.links, ContentCRS: "<" + s.crs.uri + ">"}
	if q.html {
		if s.filter != nil {
			page.Filter = cql2.FormatText(s.filter)
		}
		answer.Page = page
		return answer, nil
	}
	return answer, q.writeItems(&answer, page)
}

// toCollection leads back to the collection.
func (q question) toCollection() Link {
	kind := JSON
	if q.html {
		kind = HTML
	}
	return q.api.link("/collections/"+url.PathEscape(q.about.ID), "collection", kind, "The collection", "Die Sammlung")
}

// writeItems writes a page as GeoJSON, a feature a line.
func (q question) writeItems(answer *Answer, page *ItemsPage) error {
	links, err := compact(page.Links)
	if err != nil {
		return fmt.Errorf("write the links of a page: %w", err)
	}
	names := q.about.names()
	b := make([]byte, 0, 256+len(links)+512*len(page.Features))
	b = append(b, `{"type":"FeatureCollection","numberMatched":`...)
	b = strconv.AppendInt(b, int64(page.NumberMatched), 10)
	b = append(b, `,"numberReturned":`...)
	b = strconv.AppendInt(b, int64(page.NumberReturned), 10)
	b = append(b, `,"timeStamp":"`...)
	answer.Varying[0] = len(b)
	b = q.api.Now.UTC().AppendFormat(b, time.RFC3339)
	answer.Varying[1] = len(b)
	b = append(append(append(b, `","links":`...), links...), `,"features":[`...)
	for i := range page.Features {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '\n')
		b = append(q.appendFeature(b, names, &page.Features[i]), '}')
	}
	answer.Body = append(b, "\n]}\n"...)
	return nil
}

// item answers with one feature (clause 7.16).
func (a API) item(ctx context.Context, q question) (Answer, error) {
	all, err := q.one.Features(ctx)
	if err != nil {
		return Answer{}, err
	}
	at := slices.IndexFunc(all, func(f Feature) bool { return f.ID == q.Feature })
	if at < 0 {
		return Answer{}, &Refusal{Status: 404, Code: CodeFeature, Detail: fmt.Sprintf("there is no feature %.80q in %s that you may see; %s/collections/%[2]s/items lists them", q.Feature, q.about.ID, a.Base)}
	}
	q.links = append(q.links, q.toCollection())
	answer := Answer{Kind: q.kind(), Links: q.links, ContentCRS: "<" + q.selection.crs.uri + ">"}
	if q.html {
		answer.Page = &ItemPage{About: q.about, Feature: all[at], Links: q.links, CRS: q.selection.crs.uri}
		return answer, nil
	}
	links, err := compact(q.links)
	if err != nil {
		return Answer{}, fmt.Errorf("write the links of a feature: %w", err)
	}
	b := q.appendFeature(nil, q.about.names(), &all[at])
	answer.Body = append(append(append(b, `,"links":`...), links...), "}\n"...)
	return answer, nil
}

// compact is JSON in a line, whose addresses keep their signs.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// names are the names of the fields as they stand in JSON, with the colon.
func (a About) names() [][]byte {
	var names [][]byte
	for _, field := range a.Fields {
		name, _ := json.Marshal(field.Name) // a string always can be
		names = append(names, append(name, ':'))
	}
	return names
}

// appendFeature appends a feature without its last brace. What is absent is null, so
// that all features of a collection have the same columns.
func (q question) appendFeature(b []byte, names [][]byte, f *Feature) []byte {
	b = appendText(append(b, `{"type":"Feature","id":`...), f.ID)
	b = q.selection.crs.append(append(b, `,"geometry":`...), f.Geometry)
	b = append(b, `,"properties":{`...)
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(append(b, name...), f.Values[i])
	}
	return append(b, '}')
}

// appendText appends a text as JSON.
func appendText(b []byte, text string) []byte {
	whole, _ := json.Marshal(text) // a string always can be
	return append(b, whole...)
}

// appendValue appends a value as JSON; what is no number, and what it does not know,
// is null.
func appendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendText(b, v)
	case cql2.Day:
		return appendText(b, string(v))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return append(b, "null"...)
		}
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case bool:
		return strconv.AppendBool(b, v)
	case time.Time:
		return append(v.UTC().AppendFormat(append(b, '"'), time.RFC3339Nano), '"')
	}
	return append(b, "null"...)
}

// Position is where a feature is in the system that was asked for, as text; "" where
// it is nowhere, and the kind of its geometry where it is no point.
func (p *ItemsPage) Position(f Feature) string { return position(f, p.CRS) }

// Position is that of [ItemsPage.Position].
func (p *ItemPage) Position() string { return position(p.Feature, p.CRS) }

// position is where a feature is in a system, as its pages show it.
func position(f Feature, uri string) string {
	s, _ := systemOf(uri)
	digits := 5
	if s.planar() {
		digits = 1
	}
	switch g := f.Geometry.(type) {
	case nil:
		return ""
	case geo.Point:
		at, _ := s.from(g).(geo.Point)
		return strconv.FormatFloat(at.X, 'f', digits, 64) + ", " + strconv.FormatFloat(at.Y, 'f', digits, 64)
	default:
		return string(g.Kind())
	}
}
