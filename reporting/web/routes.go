package web

import (
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"heatledger/energy/access"
	"heatledger/reporting/openapi"
)

// The face of the server is two tables: that of what programs ask, here and in the
// files operations_<topic>.go, and that of pages (page_routes.go).
//
// To add a route of the API, add its line to the group of its topic: pattern,
// permission, handler, and what it says of itself (parameters, bodies and answers as
// Go types, the codes of its problems); then `go test ./reporting/web -run
// TestTheDescription -update` writes testdata/openapi.json anew.

// route is one line of the table of pages: what is asked, who answers.
type route struct {
	pattern string // METHOD PATH
	handler http.Handler
}

// operation is one line of the table of the API: what is asked, which permission it
// needs, who answers, and what the description says of it.
type operation struct {
	pattern string            // METHOD PATH
	needs   access.Permission // everybody: it asks for nobody
	answers asked
	openapi.Operation
}

// asked is a handler that knows who asks.
type asked func(w http.ResponseWriter, r *http.Request, who caller) error

// everybody is what routes need that are open to all; anybody, of those that answer all
// and show more to whoever says who he is and may see more.
const (
	everybody access.Permission = "everybody"
	anybody   access.Permission = "anybody"
)

// unasked is a handler that does not care who asks.
func unasked(h handler) asked {
	return func(w http.ResponseWriter, r *http.Request, _ caller) error { return h(w, r) }
}

// group is a topic of the API with its operations.
type group struct {
	openapi.Tag
	operations []operation
}

// api is the whole table of what programs ask, by topic.
func (s *Server) api() []group {
	return []group{
		s.siteOperations(),
		s.valueOperations(),
		s.heatOperations(),
		s.planOperations(),
		s.judgementOperations(),
		s.deskOperations(),
		s.formOperations(),
		s.evidenceOperations(),
		s.questionnaireOperations(),
		s.completenessOperations(),
		s.readingOperations(),
		s.submissionOperations(),
		s.logOperations(),
		s.serverOperations(),
	}
}

// routes are the operations of the API as routes.
func (s *Server) routes() []route {
	var all []route
	for _, g := range s.api() {
		for _, o := range g.operations {
			all = append(all, route{o.pattern, s.operated(o)})
		}
	}
	return all
}

// Routes are the patterns that programs may ask for, for those who compare.
func Routes() []string {
	var patterns []string
	for _, r := range (&Server{}).routes() {
		patterns = append(patterns, r.pattern)
	}
	return patterns
}

// Handler answers every request.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range slices.Concat(s.routes(), s.pageRoutes()) {
		mux.Handle(r.pattern, r.handler)
	}
	mux.Handle("/", s.lost(mux))
	return secured(s.strict(onBehalf(s.fromElsewhere(s.readable(mux)))))
}

// readable refuses addresses that are no text: no id has such signs, and the database
// takes none. A page is not there, a parameter of the API is bad.
func (s *Server) readable(mux *http.ServeMux) http.Handler {
	lost := s.lost(http.NewServeMux())
	bad := s.answer(func(http.ResponseWriter, *http.Request) error {
		return refuse(http.StatusBadRequest, "bad_parameter", "the path of the address is no text in UTF-8 without control characters")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !utf8.ValidString(r.URL.Path) || strings.ContainsFunc(r.URL.Path, unicode.IsControl) {
			if wantsPage(r) {
				lost.ServeHTTP(w, r)
			} else {
				bad.ServeHTTP(w, r)
			}
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// strict tells a browser that reaches us over TLS to come over TLS alone for a year
// (RFC 6797). Neighbours below the same domain are not ours to speak for.
func (s *Server) strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.overTLS(r) {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// secured sets the headers that every answer carries.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
