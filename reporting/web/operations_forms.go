package web

import (
	"heatledger/reporting/disclosure"
	"heatledger/reporting/openapi"
)

const spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// formOperations are what is asked about statutory forms.
func (s *Server) formOperations() group {
	return group{openapi.Tag{Name: "forms", Says: say("Statutory forms, filled in from the same numbers.", "Gesetzliche Formulare, aus denselben Zahlen gefüllt.")}, []operation{
		{"GET /api/v1/sites/{site}/forms", toRead, s.listForms, openapi.Operation{ID: "listForms",
			Summary:    say("Statutory forms of a site and year, with what is missing", "Gesetzliche Formulare eines Standorts und Jahres, mit dem, was fehlt"),
			Parameters: paged(sitePart(), yearParameter(), languageParameter(), knownAtParameter()),
			Answers:    answers(say("Forms.", "Formulare."), asJSON([]formEntry{})),
			Refuses:    []string{"no_site", "bad_time", "bad_year", "bad_number", "bad_limit"}}},
		{"GET /api/v1/sites/{site}/forms/{form}", toRead, s.showForm, openapi.Operation{ID: "showForm",
			Summary: say("A statutory form, filled in from the same numbers", "Ein gesetzliches Formular, aus denselben Zahlen gefüllt"),
			Parameters: []openapi.Parameter{sitePart(), formPart(), yearParameter(), formatParameter("json", "csv", "xlsx", "pdf"), languageParameter(),
				inQuery("customer", say("Of the statement for customers: this one only.", "Von der Mitteilung an Kunden: nur dieser."), idSchema(), "kunde-a"), knownAtParameter()},
			Answers: answers(say("The form.", "Das Formular."), asJSON(openapi.Schema{"type": "object"}), asCSV(), asFile(spreadsheet), asFile("application/pdf")),
			Refuses: []string{"no_site", "no_form", "bad_time", "bad_year", "bad_format"}}},
	}}
}

func formPart() openapi.Parameter {
	p := inPath("form", say("Name of the form.", "Name des Formulars."), "enefg-annex3")
	var names []disclosure.FormID
	for _, d := range disclosure.Definitions() {
		names = append(names, d.ID)
	}
	p.Schema = oneOf(names...)
	return p
}
