package sensorthings

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// options are those of a request, or of a part of it that is expanded.
type options struct {
	top, skip int // top -1: not asked for
	count     bool
	order     []key
	fields    []string // of $select; nil: all
	expand    []expansion
	filter    filter
	terms     int // comparisons of the filter
}

// key is a field by which entities are put in order.
type key struct {
	name string
	down bool
}

// expansion is a link that is followed in the answer. Text is that of the options.
type expansion struct {
	path    []string
	options options
	text    string
}

// The usual and the greatest number of entities of an answer.
const (
	usualTop = 100
	mostTop  = 10_000
)

// furthest is how many links an expansion may follow one after the other.
const furthest = 4

// How long a query may be, and how many names an $orderby or $select may have: each
// costs something for every entity.
const (
	longestQuery = 8 << 10
	mostNames    = 32
)

// ParseQuery reads the query of an address. The semicolons that divide the options of
// an $expand may stand in it as they are, which net/url takes for a fault.
func ParseQuery(raw string) (url.Values, error) {
	if len(raw) > longestQuery {
		return nil, refuse(http.StatusRequestURITooLong, "the query has %d bytes: %d are taken", len(raw), longestQuery)
	}
	query, err := url.ParseQuery(strings.ReplaceAll(raw, ";", "%3B"))
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the query cannot be read: %v", err)
	}
	return query, nil
}

// parseOptions reads the options of a request. Those it does not know it refuses.
func parseOptions(query url.Values) (options, error) {
	o := options{top: -1}
	for name, values := range query {
		if len(values) != 1 {
			return o, refuse(http.StatusBadRequest, "%s stands %d times: once is expected", name, len(values))
		}
		if err := o.read(name, values[0], 0); err != nil {
			return o, err
		}
	}
	return o, nil
}

// read reads one option.
func (o *options) read(name, value string, depth int) (err error) {
	switch name {
	case "$top":
		o.top, err = whole(name, value)
	case "$skip":
		o.skip, err = whole(name, value)
	case "$count":
		if o.count = value == "true"; value != "true" && value != "false" {
			err = refuse(http.StatusBadRequest, "$count=%.40q: true or false is expected", value)
		}
	case "$orderby":
		o.order, err = keys(value)
	case "$select":
		for name := range strings.SplitSeq(value, ",") {
			o.fields = append(o.fields, strings.TrimSpace(name))
		}
		if len(o.fields) > mostNames {
			err = refuse(http.StatusBadRequest, "$select names more than %d properties", mostNames)
		}
	case "$expand":
		o.expand, err = expansions(value, depth)
	case "$filter":
		o.filter, o.terms, err = parseFilter(value)
	case "$format", "$resultFormat":
		err = refuse(http.StatusNotImplemented, "%s is not taken: the answer is JSON", name)
	default:
		err = refuse(http.StatusBadRequest, "%.40q is no option; $top, $skip, $count, $orderby, $select, $expand and $filter are", name)
	}
	return err
}

func whole(name, value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return 0, refuse(http.StatusBadRequest, "%s=%.40q: a whole number from 0 is expected", name, value)
	}
	return n, nil
}

func keys(value string) (list []key, err error) {
	for part := range strings.SplitSeq(value, ",") {
		words := strings.Fields(part)
		if len(words) == 0 || len(words) > 2 || !isName(words[0]) || len(words) == 2 && words[1] != "asc" && words[1] != "desc" {
			return nil, refuse(http.StatusBadRequest, "$orderby=%.60q: a property is expected, then asc or desc", value)
		}
		list = append(list, key{words[0], len(words) == 2 && words[1] == "desc"})
	}
	if len(list) > mostNames {
		return nil, refuse(http.StatusBadRequest, "$orderby names more than %d properties", mostNames)
	}
	return list, nil
}

// expansions reads an $expand: paths, each with options in brackets, divided by ;.
func expansions(value string, depth int) (list []expansion, err error) {
	if depth >= furthest {
		return nil, refuse(http.StatusBadRequest, "$expand goes deeper than %d", furthest)
	}
	for _, part := range apart(value, ',') {
		path, inner, bracketed := strings.Cut(strings.TrimSpace(part), "(")
		e := expansion{path: strings.Split(path, "/"), options: options{top: -1}}
		if len(e.path) > furthest {
			return nil, refuse(http.StatusBadRequest, "$expand=%.60q follows more than %d links", path, furthest)
		}
		if bracketed {
			inner, closed := strings.CutSuffix(inner, ")")
			if !closed {
				return nil, refuse(http.StatusBadRequest, "$expand=%.60q: a bracket is not closed", part)
			}
			e.text = inner
			for _, option := range apart(inner, ';') {
				name, value, _ := strings.Cut(option, "=")
				if err := e.options.read(strings.TrimSpace(name), value, depth+1); err != nil {
					return nil, err
				}
			}
		}
		list = append(list, e)
	}
	return list, nil
}

// apart cuts a text where a mark stands outside of brackets and quotes.
func apart(text string, mark byte) (parts []string) {
	open, quoted, from := 0, false, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			open++
		case c == ')':
			open--
		case c == mark && open == 0:
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}
