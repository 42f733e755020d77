package web

import (
	"errors"
	"net/http"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/chart"
)

// Patterns are the patterns of programs and of people.
func Patterns() []string {
	patterns := Routes()
	for _, r := range (&Server{}).pageRoutes() {
		patterns = append(patterns, r.pattern)
	}
	return patterns
}

// WithoutFirstWall lets the program take everybody for one who may do everything
// everywhere; what the database knows of him stays true.
func (s *Server) WithoutFirstWall() {
	s.mistaken = func(_ *http.Request, who caller, p access.Permission, err error) (caller, error) {
		var refused *problem
		if err != nil && (p == "" || !errors.As(err, &refused)) { // a page of one's own needs somebody
			return who, err
		}
		who.grants, who.asks, who.at = []access.Grant{{Role: access.Admin, Everywhere: true}}, p, s.now()
		return who, nil
	}
}

// WithoutSecondWall lets the database show everybody everything; what the program
// knows of him stays true.
func (s *Server) WithoutSecondWall() {
	s.mistaken = func(r *http.Request, who caller, _ access.Permission, err error) (caller, error) {
		store.Reaches(r.Context(), access.Reach{Everywhere: true}, who.actor)
		return who, err
	}
}

// WithoutWalls lets everybody see everything.
func (s *Server) WithoutWalls() {
	s.WithoutFirstWall()
	first := s.mistaken
	s.mistaken = func(r *http.Request, who caller, p access.Permission, err error) (caller, error) {
		store.Reaches(r.Context(), access.Reach{Everywhere: true}, who.actor)
		return first(r, who, p, err)
	}
}

// Unbounded lets the program read for itself whoever asks, as if there were no
// second wall: for what it costs.
func (s *Server) Unbounded() {
	s.mistaken = func(r *http.Request, who caller, _ access.Permission, err error) (caller, error) {
		*r = *r.WithContext(store.AsOwner(r.Context()))
		return who, err
	}
}

// Told is what a letter about an account says of an event.
func Told(lang, kind string) string {
	return speech{Lang: chart.Language(lang), words: pageWords()}.T("told."+kind, "BROWSER", "NETWORK")
}
