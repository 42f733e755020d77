package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"heatledger/reporting/chart"
	"heatledger/reporting/features"
)

// ogcRoutes are OGC API – Features: answers to programs and pages at the same
// addresses. It describes itself at /ogc/api, by OpenAPI 3.0 as its standard wants it.
// Everybody may ask; what each sees says package atlas.
func (s *Server) ogcRoutes() []route {
	return []route{
		{"GET /ogc", s.ogc(features.Landing)},
		{"GET /ogc/{$}", s.ogc(features.Landing)},
		{"GET /ogc/conformance", s.ogc(features.Conformance)},
		{"GET /ogc/api", s.ogc(features.Definition)},
		{"GET /ogc/collections", s.ogc(features.Collections)},
		{"GET /ogc/collections/{collection}", s.ogc(features.OfOne)},
		{"GET /ogc/collections/{collection}/queryables", s.ogc(features.Queryables)},
		{"GET /ogc/collections/{collection}/schema", s.ogc(features.Schema)},
		{"GET /ogc/collections/{collection}/schema/geojson", s.ogc(features.GeoJSONSchema)},
		{"GET /ogc/collections/{collection}/items", s.ogc(features.Items)},
		{"GET /ogc/collections/{collection}/items/{feature}", s.ogc(features.Item)},
	}
}

// ogc answers for a resource, as a page where one is wanted.
func (s *Server) ogc(resource features.Resource) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := s.barePage(r)
		w.Header().Set("Vary", "Accept, Accept-Encoding, Accept-Language")
		w.Header().Set("Content-Language", string(p.Lang))
		answer, err := s.ogcAnswer(r, p, resource)
		if err == nil && answer.Page == nil {
			writeFeatures(w, r, answer)
			return
		}
		if err == nil {
			err = s.showOGC(w, p, answer)
		}
		if err == nil {
			return
		}
		var many *tooMany
		if f := r.URL.Query().Get("f"); f == "html" || f == "" && wantsPage(r) && !errors.As(err, &many) {
			s.showErrorOrSignIn(w, r, err)
			return
		}
		s.answer(func(http.ResponseWriter, *http.Request) error { return err }).ServeHTTP(w, r)
	})
}

// ogcAnswer finds who asks, counts that he did, and asks the collections.
func (s *Server) ogcAnswer(r *http.Request, p *page, resource features.Resource) (features.Answer, error) {
	err := s.meetPlanner(r, p)
	if limit := s.counted(r, p, 1); limit != nil {
		return features.Answer{}, limit
	}
	if err != nil {
		return features.Answer{}, err
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return features.Answer{}, refuse(http.StatusBadRequest, "bad_parameter", "the part of the address behind the question mark is not readable: write %% as %%25, ; as %%3B")
	}
	if wantsPage(r) || query.Get("f") == "html" {
		query = asForm(query)
	}
	api := features.API{Base: s.reachedAt(r) + "/ogc", Title: p.T("ogc.title", p.Town), Description: p.T("ogc.lead"), Language: features.English, Version: s.options.Version, Now: s.now(), Collections: s.heatCollections(p, p.Calendar.Date(p.now).Year-1)}
	if p.Lang == chart.German {
		api.Language = features.German
	}
	answer, err := api.Answer(r.Context(), features.Request{Resource: resource, Collection: r.PathValue("collection"), Feature: r.PathValue("feature"), Query: query, Accept: strings.Join(r.Header.Values("Accept"), ",")})
	var refused *features.Refusal
	if errors.As(err, &refused) {
		err = &problem{Status: refused.Status, Code: refused.Code, Detail: refused.Detail, Faults: refused.Faults}
	}
	return answer, err
}

// reachedAt is the address of the server as whoever asks reaches it: links of answers
// are whole. Whoever comes from this host, or is behind no known address, is answered
// by the one he asked for.
func (s *Server) reachedAt(r *http.Request) string {
	if s.options.PublicURL != "" && !IsLoopback(withPort(r.Host)) {
		return s.options.PublicURL
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
