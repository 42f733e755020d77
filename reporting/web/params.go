package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
)

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
