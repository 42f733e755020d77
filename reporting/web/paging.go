package web

import (
	"net/http"
	"net/url"
	"strconv"

	"heatledger/reporting/openapi"
)

// pageLimit is the most entries of one page: a year of quarter-hours fits.
const pageLimit = 36_000

// limit reads limit, at most and by default pageLimit.
func limit(query url.Values) (int, error) {
	text := query.Get("limit")
	if text == "" {
		return pageLimit, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, refuse(http.StatusBadRequest, "bad_limit", "limit=%.40q is no number from 1 to %d", text, pageLimit)
	}
	return min(n, pageLimit), nil
}

// pageOf is the page of a computed list that a request asks for by limit and
// offset; it announces the next one. What is known may grow between two pages:
// with the same as_known_at, where an operation takes it, they fit together.
// Operations that page so declare [paged] parameters.
func pageOf[T any](w http.ResponseWriter, r *http.Request, list []T) ([]T, error) {
	query := r.URL.Query()
	most, err := limit(query)
	if err != nil {
		return nil, err
	}
	first := 0
	if text := query.Get("offset"); text != "" {
		if first, err = strconv.Atoi(text); err != nil || first < 0 {
			return nil, refuse(http.StatusBadRequest, "bad_number", "offset=%.40q is no whole number from 0", text)
		}
	}
	first = min(first, len(list))
	last := first + min(most, len(list)-first)
	if last < len(list) {
		linkNext(w, r, "offset", strconv.Itoa(last))
	}
	return list[first:last], nil
}

// linkNext announces the next page: the same address with name set to value.
func linkNext(w http.ResponseWriter, r *http.Request, name, value string) {
	next := *r.URL
	query := next.Query()
	query.Set(name, value)
	next.RawQuery = query.Encode()
	w.Header().Add("Link", "<"+next.RequestURI()+`>; rel="next"`)
}

// paged are the parameters of an operation that answers with [pageOf].
func paged(others ...openapi.Parameter) []openapi.Parameter {
	return append(others, limitParameter(pageLimit),
		inQuery("offset", say("How many entries to leave out before.", "Wie viele Einträge davor wegfallen."), numberSchema(0, 1<<30), "100"))
}
