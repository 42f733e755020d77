package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
)

// pageLimit is the most values of one page: a year of quarter-hours fits.
const pageLimit = 36_000

// instant reads parameter name as RFC 3339 or as a local date (its midnight).
func instant(query url.Values, name string, calendar energy.Calendar) (time.Time, bool, error) {
	text := query.Get(name)
	if text == "" {
		return time.Time{}, false, nil
	}
	// In a query string an unescaped + is a space: 2025-01-01T00:00:00 01:00.
	if t, err := time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "+", 1)); err == nil {
		return t.UTC().Truncate(time.Microsecond), true, nil
	}
	if date, err := energy.ParseDate(text); err == nil {
		return calendar.Day(date).From, true, nil
	}
	return time.Time{}, false, refuse(http.StatusBadRequest, "bad_time",
		"%s=%.60q is no instant: RFC 3339 such as 2025-03-01T00:00:00%%2B01:00, or a local date such as 2025-03-01, is expected", name, text)
}

// period reads from and to; both are required.
func period(query url.Values, calendar energy.Calendar) (energy.Period, error) {
	from, okFrom, err := instant(query, "from", calendar)
	if err != nil {
		return energy.Period{}, err
	}
	to, okTo, err := instant(query, "to", calendar)
	if err != nil {
		return energy.Period{}, err
	}
	if okFrom && okTo && (from.Year() < 1900 || to.Year() > 2200) {
		return energy.Period{}, refuse(http.StatusBadRequest, "bad_period", "from and to must lie between the years 1900 and 2200")
	}
	if !okFrom || !okTo || !from.Before(to) {
		return energy.Period{}, refuse(http.StatusBadRequest, "bad_period", "from and to are both needed, and to must be later than from: from=2025-01-01&to=2025-02-01")
	}
	return energy.Period{From: from, To: to}, nil
}

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

// only refuses parameters that mean nothing here: a misspelt one would be
// answered with something else than was asked for.
func only(query url.Values, known ...string) error {
	for name := range query {
		if !slices.Contains(known, name) {
			return refuse(http.StatusBadRequest, "unknown_parameter", "there is no parameter %.40q here; there are %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}

// format reads format, one of those given; "" without one.
func format(query url.Values, known ...string) (string, error) {
	text := query.Get("format")
	if text != "" && !slices.Contains(known, text) {
		return "", refuse(http.StatusBadRequest, "bad_format", "format=%.40q is not given here: %s is expected", text, strings.Join(known, ", "))
	}
	return text, nil
}

// wantsCSV tells whether the answer shall be CSV: ?format=csv, else Accept.
func wantsCSV(r *http.Request) bool {
	if format := r.URL.Query().Get("format"); format != "" {
		return format == "csv"
	}
	return strings.Contains(r.Header.Get("Accept"), "text/csv")
}

// linkNext announces the next page: the same address with name set to value.
func linkNext(w http.ResponseWriter, r *http.Request, name, value string) {
	next := *r.URL
	query := next.Query()
	query.Set(name, value)
	next.RawQuery = query.Encode()
	w.Header().Add("Link", "<"+next.RequestURI()+`>; rel="next"`)
}
