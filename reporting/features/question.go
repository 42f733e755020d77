package features

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// bad refuses a parameter.
func bad(format string, args ...any) error {
	return &Refusal{Status: 400, Code: CodeParameter, Detail: fmt.Sprintf(format, args...)}
}

// names are the parameters a resource takes.
func (q question) names() []string {
	names := []string{"f", "lang"}
	switch q.Resource {
	case Item:
		names = append(names, "crs")
	case Items:
		names = append(names, "limit", "offset", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs")
		for _, field := range q.about.Fields {
			names = append(names, field.Name)
		}
	}
	return names
}

// question understands a request: every parameter is known, there once, and text.
func (a API) question(r Request, one Collection) (question, error) {
	q := question{Request: r, api: a, one: one}
	if one != nil {
		q.about = one.About()
	}
	names := q.names()
	for name, values := range r.Query {
		switch {
		case !slices.Contains(names, name):
			return q, &Refusal{Status: 400, Code: CodeUnknown, Detail: fmt.Sprintf("there is no parameter %.40q here; there are %s", name, strings.Join(names, ", "))}
		case len(values) > 1:
			return q, bad("%s is said %d times: say it once", name, len(values))
		case !utf8.ValidString(values[0]) || strings.ContainsFunc(values[0], func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }):
			return q, bad("%s is no text in UTF-8 without control characters", name)
		}
	}
	if lang := r.Query.Get("lang"); r.Query.Has("lang") && lang != string(English) && lang != string(German) {
		return q, bad("lang=%.40q is neither de nor en", lang)
	}
	var err error
	if q.html, err = negotiated(r); err != nil {
		return q, err
	}
	q.links = q.selfLinks()
	q.selection, err = q.selected()
	return q, err
}

// answer is a document as JSON, or as data of a page.
func (q question) answer(document any) (Answer, error) {
	a := Answer{Kind: q.kind(), Links: q.links}
	if q.html {
		a.Page = document
		return a, nil
	}
	body, err := marshal(document)
	a.Body = body
	return a, err
}

// marshal is a document as JSON that people can read too.
func marshal(document any) ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(document); err != nil {
		return nil, fmt.Errorf("write a document: %w", err)
	}
	return []byte(b.String()), nil
}
