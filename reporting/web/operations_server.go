package web

import (
	"heatledger/reporting/openapi"
)

// serverOperations are what is asked about the server and what it reads from.
func (s *Server) serverOperations() group {
	return group{openapi.Tag{Name: "server", Says: say("The server itself, and the meters and collectors it reads from.", "Der Server selbst, und die Zähler und Sammler, von denen er liest.")}, []operation{
		{"GET /healthz", everybody, unasked(s.showAlive), openapi.Operation{ID: "showAlive",
			Summary: say("The process runs", "Der Prozess läuft"), Answers: answers(say("It does.", "Er läuft."), asJSON(aliveAnswer{}))}},
		{"GET /readyz", everybody, unasked(s.showReady), openapi.Operation{ID: "showReady",
			Summary: say("Database and spool do what they are for", "Datenbank und Zwischenspeicher tun, wofür sie da sind"), Answers: answers(say("They do.", "Sie tun es."), asJSON(readyAnswer{})),
			Refuses: []string{"not_ready"}}},
		{"GET /metrics", toRead, s.showMetrics, openapi.Operation{ID: "showMetrics",
			Summary: say("Metrics in Prometheus text", "Messgrößen als Prometheus-Text"), Answers: answers(say("Metrics.", "Messgrößen."), openapi.Content{Kind: "text/plain"})}},
		{"GET /api/v1/openapi.json", everybody, unasked(s.showOpenAPI), openapi.Operation{ID: "showOpenAPI",
			Summary: say("This description", "Diese Beschreibung"), Answers: answers(say("OpenAPI 3.1.", "OpenAPI 3.1."), asJSON(openapi.Schema{"type": "object"}))}},
		{"GET /api/v1/meters", toRead, s.listMeters, openapi.Operation{ID: "listMeters",
			Summary:    say("Health of the meters this process reads, with what was found about each lately", "Zustand der Zähler, die dieser Prozess liest, mit dem, was zuletzt an jedem auffiel"),
			Parameters: paged(),
			Answers:    answers(say("Meters; none for who may not see all sites.", "Zähler; keine für den, der nicht alle Standorte sieht."), asJSON([]healthOfMeter{})),
			Refuses:    []string{"bad_number", "bad_limit"}}},
		{"GET /api/v1/collectors", toRead, s.listCollectors, openapi.Operation{ID: "listCollectors",
			Summary: say("Collectors that pushed to this centre since it started, with the difference of their clocks", "Sammler, die seit dem Start an diese Zentrale lieferten, mit dem Unterschied ihrer Uhren"),
			Answers: answers(say("Collectors; none for who may not see all sites.", "Sammler; keine für den, der nicht alle Standorte sieht."), asJSON([]Collector{}))}},
	}}
}

// aliveAnswer and readyAnswer are what supervisors are told.
type aliveAnswer struct {
	Status  string `json:"status"`
	Version string `json:"version"`
}

type readyAnswer struct {
	Status string `json:"status"`
}
