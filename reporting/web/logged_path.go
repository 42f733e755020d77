package web

import (
	"net/http"
	"strings"
)

// loggedPath is the path of a request as logs have it: without what is a secret in
// it, the places {token} of our routes. Of a path that is no route's only the
// beginning is kept: it may be a link from a letter that somebody cut. Queries are
// never logged.
func loggedPath(r *http.Request) string {
	_, pattern, ok := strings.Cut(r.Pattern, " ")
	if !ok {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		return "/" + first + "/…"
	}
	places, parts := strings.Split(pattern, "/"), strings.Split(r.URL.Path, "/")
	for i := range min(len(places), len(parts)) {
		if places[i] == "{token}" {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, "/")
}
