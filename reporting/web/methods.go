package web

import (
	"net/http"
	"slices"
	"strings"
)

// lost answers what no route does: with a page for people, a problem for programs.
// An address that takes other methods names them, also to OPTIONS.
func (s *Server) lost(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refused := s.notFound(w, r)
		if methods := taken(mux, r); len(methods) > 0 {
			w.Header().Set("Allow", strings.Join(methods, ", "))
			if r.Method == http.MethodOptions {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			refused = refuse(http.StatusMethodNotAllowed, "method_not_allowed", "%.20s is not what %.200s takes: %s are", r.Method, r.URL.Path, strings.Join(methods, ", "))
		}
		if wantsPage(r) {
			s.showError(w, r, refused)
			return
		}
		s.answer(func(http.ResponseWriter, *http.Request) error { return refused }).ServeHTTP(w, r)
	})
}

func (s *Server) notFound(_ http.ResponseWriter, r *http.Request) error {
	return refuse(http.StatusNotFound, "no_page", "there is nothing at %.200s; /api/v1/openapi.json describes what there is", r.URL.Path)
}

// taken are the methods that an address takes; none where there is nothing.
func taken(mux *http.ServeMux, r *http.Request) []string {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		asked := r.Clone(r.Context())
		asked.Method = method
		if _, pattern := mux.Handler(asked); pattern != "" && pattern != "/" {
			methods = append(methods, method)
		}
	}
	if len(methods) > 0 {
		methods = append(methods, http.MethodOptions)
	}
	slices.Sort(methods)
	return methods
}
