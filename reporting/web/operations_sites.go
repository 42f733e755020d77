package web

import (
	"heatledger/reporting/openapi"
)

// siteOperations are what is asked about sites and their meters.
func (s *Server) siteOperations() group {
	return group{openapi.Tag{Name: "sites", Says: say("Sites, their points and meters.", "Standorte, ihre Messpunkte und Zähler.")}, []operation{
		{"GET /api/v1/sites", toRead, s.listSites, openapi.Operation{ID: "listSites",
			Summary:    say("Sites the caller may see", "Standorte, die sichtbar sind"),
			Parameters: paged(),
			Answers:    answers(say("Sites without their points, by id.", "Standorte ohne ihre Messpunkte, nach Kennung."), asJSON([]site{})),
			Refuses:    []string{"bad_number", "bad_limit"}}},
		{"GET /api/v1/sites/{site}", toRead, s.showSite, openapi.Operation{ID: "showSite",
			Summary:    say("A site with its points", "Ein Standort mit seinen Messpunkten"),
			Parameters: []openapi.Parameter{sitePart()},
			Answers:    answers(say("The site.", "Der Standort."), asJSON(site{})),
			Refuses:    []string{"no_site"}}},
		{"GET /api/v1/sites/{site}/meters", toRead, s.listSiteMeters, openapi.Operation{ID: "listSiteMeters",
			Summary:    say("Meters of a site, with what was found about each lately", "Zähler eines Standorts, mit dem, was zuletzt an jedem auffiel"),
			Parameters: paged(sitePart()),
			Answers:    answers(say("Meters of the registry.", "Zähler des Verzeichnisses."), asJSON([]meterOfSite{})),
			Refuses:    []string{"no_site", "bad_number", "bad_limit"}}},
	}}
}
