package web

import (
	"heatledger/energy/access"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/shelf"
	"heatledger/reporting/openapi"
)

// planOperations are what is asked about plans of heat networks.
func (s *Server) planOperations() group {
	id := inPath("id", say("Number of the fact by which the plan was kept, or its name for the latest version.", "Nummer des Fakts, mit dem der Plan festgehalten wurde, oder sein Name für die jüngste Fassung."), "harbour")
	return group{openapi.Tag{Name: "plans", Says: say("Plans of heat networks: scenarios that were run and kept (heatledger plan run --save). A plan is shown to whoever may see the hours of all sites it rests on.", "Pläne von Wärmenetzen: Szenarien, die gerechnet und festgehalten wurden (heatledger plan run --save). Ein Plan wird denen gezeigt, die die Stunden aller Standorte sehen dürfen, auf denen er beruht.")}, []operation{
		{"GET /api/v1/heat/scenarios", access.Plan, s.listPlans, openapi.Operation{ID: "listPlans",
			Summary:    say("Plans that the caller may see, the latest first", "Pläne, die sichtbar sind, der jüngste zuerst"),
			Parameters: paged(),
			Answers:    answers(say("Plans with their key numbers; a later version of a name stands beside the earlier one.", "Pläne mit ihren Kennzahlen; eine spätere Fassung eines Namens steht neben der früheren."), asJSON([]shelf.Saved{})),
			Refuses:    []string{"bad_number", "bad_limit"}}},
		{"GET /api/v1/heat/scenarios/{id}", access.Plan, s.showPlan, openapi.Operation{ID: "showPlan",
			Summary:    say("A plan: sources, ranked areas, network, cost, emissions, assumptions", "Ein Plan: Quellen, gereihte Gebiete, Netz, Kosten, Emissionen, Annahmen"),
			Says:       say("As CSV the ranking of the areas, as GeoJSON the network with sources and areas, as dhnx and pandapipes an archive of the folder that these programs read; that for DHNx has the hours of each consumer, computed again from what was kept, or about.txt says why not.", "Als CSV die Reihung der Gebiete, als GeoJSON das Netz mit Quellen und Gebieten, als dhnx und pandapipes ein Archiv des Ordners, den diese Programme lesen; der für DHNx hat die Stunden jedes Verbrauchers, aus dem Festgehaltenen neu gerechnet, oder about.txt sagt, warum nicht."),
			Parameters: []openapi.Parameter{id, formatParameter("json", "csv", "geojson", "dhnx", "pandapipes")},
			Answers:    answers(say("The plan.", "Der Plan."), asJSON(plannedWith{Of: plan.Result{}}), asCSV(), asFile(geoJSON), asFile("application/zip")),
			Refuses:    []string{"no_plan", "no_network", "bad_format"}}},
		{"GET /api/v1/heat/scenarios/{id}/hours", access.Plan, s.showPlanHours, openapi.Operation{ID: "showPlanHours",
			Summary:    say("The hours of a plan", "Die Stunden eines Plans"),
			Parameters: []openapi.Parameter{id},
			Answers:    answers(say("A row for each hour of the year, in kW.", "Eine Zeile je Stunde des Jahres, in kW."), asCSV()),
			Refuses:    []string{"no_plan"}}},
		{"GET /api/v1/heat/scenarios/{id}/file", access.Plan, s.showPlanScenario, openapi.Operation{ID: "showPlanFile",
			Summary:    say("The scenario of a plan, as it was run", "Das Szenario eines Plans, wie es gerechnet wurde"),
			Parameters: []openapi.Parameter{id},
			Answers:    answers(say("The file.", "Die Datei."), asFile("application/yaml")),
			Refuses:    []string{"no_plan"}}},
	}}
}
