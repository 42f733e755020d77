package web

import (
	"net/http"

	"heatledger/energy/access"
)

// route is one line of the table: what is asked, who may, who answers.
type route struct {
	pattern string // METHOD PATH
	handler http.Handler
}

// routes is the whole web face in one table.
func (s *Server) routes() []route {
	return []route{
		{"GET /healthz", s.answer(s.showAlive)},
		{"GET /readyz", s.answer(s.showReady)},
		{"GET /metrics", s.allowed(toRead, s.showMetrics)},
		{"GET /api/v1/openapi.json", s.answer(s.showOpenAPI)},
		{"GET /api/v1/sites", s.allowed(toRead, s.listSites)},
		{"GET /api/v1/sites/{site}", s.allowed(toRead, s.showSite)},
		{"GET /api/v1/sites/{site}/points/{point}/values", s.allowed(toRead, s.listValues)},
		{"GET /api/v1/sites/{site}/kpis", s.allowed(toRead, s.listFigures)},
		{"GET /api/v1/sites/{site}/assessments", s.allowed(toRead, s.listAssessments)},
		{"GET /api/v1/sites/{site}/assessments/issued", s.allowed(toRead, s.listIssued)},
		{"GET /api/v1/sites/{site}/assessments/issued/{issued}", s.allowed(toRead, s.showIssued)},
		{"GET /api/v1/sites/{site}/meters", s.allowed(toRead, s.listSiteMeters)},
		{"GET /api/v1/sites/{site}/findings", s.allowed(toRead, s.listFindings)},
		{"GET /api/v1/sites/{site}/substitutes", s.allowed(toRead, s.listSubstitutes)},
		{"GET /api/v1/sites/{site}/forms", s.allowed(toRead, s.listForms)},
		{"GET /api/v1/sites/{site}/forms/{form}", s.allowed(toRead, s.showForm)},
		{"GET /api/v1/sites/{site}/balance", s.allowed(toRead, s.listBalances)},
		{"GET /api/v1/sites/{site}/facts/{fact}/proof", s.allowed(toRead, s.showProof)},
		{"GET /api/v1/worklist", s.allowed(toRead, s.listWorklist)},
		{"GET /api/v1/kpis", s.allowed(toRead, s.listPooled)},
		{"GET /api/v1/log/checkpoint", s.answer(s.showCheckpoint)},
		{"GET /api/v1/log/consistency", s.answer(s.showConsistency)},
		{"GET /api/v1/meters", s.allowed(toRead, s.listMeters)},
		{"GET /api/v1/collectors", s.allowed(toRead, s.listCollectors)},
		{"GET /api/v1/sites/{site}/mappings", s.allowed(toRead, s.listMappings)},
		{"PUT /api/v1/sites/{site}/mappings/{name}", s.allowed(toSubmit, s.saveMapping)},
		{"POST /api/v1/submissions", s.allowed(toSubmit, s.postSubmission)},
		{"GET /api/v1/submissions", s.allowed(toRead, s.listSubmissions)},
		{"GET /api/v1/submissions/{id}", s.allowed(toRead, s.showSubmission)},
		{"POST /api/v1/submissions/{id}/submit", s.allowed(toSubmit, s.handInDraft)},
		{"POST /api/v1/submissions/{id}/steps", s.allowed(access.Comment, s.noteSubmission)},
		{"POST /api/v1/submissions/{id}/withdraw", s.allowed(toSubmit, s.withdrawSubmission)},
		{"GET /api/v1/submissions/{id}/receipt", s.allowed(toRead, s.showReceipt)},
		{"GET /api/v1/sites/{site}/template.xlsx", s.allowed(toRead, s.templateXLSX())},
		{"GET /api/v1/sites/{site}/template.csv", s.allowed(toRead, s.templateCSV())},
		{"GET /api/v1/submissions/{id}/file", s.allowed(toRead, s.showSubmissionFile)},
		{"POST /api/v1/readings", s.allowed(toSubmit, s.submitReadings)},
		{"POST /api/v1/batches", s.allowed(toCollect, s.takeBatch)},
	}
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
	for _, r := range append(s.routes(), s.pageRoutes()...) {
		mux.Handle(r.pattern, r.handler)
	}
	mux.Handle("/", s.lost())
	return secured(s.fromElsewhere(mux))
}

// lost answers what no route does: with a page for people, a problem for programs.
func (s *Server) lost() http.Handler {
	program := s.answer(s.notFound)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wantsPage(r) {
			s.showError(w, r, s.notFound(w, r))
			return
		}
		program.ServeHTTP(w, r)
	})
}

func (s *Server) notFound(_ http.ResponseWriter, r *http.Request) error {
	return refuse(http.StatusNotFound, "no_page", "there is nothing at %s; /api/v1/openapi.json describes what there is", r.URL.Path)
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
