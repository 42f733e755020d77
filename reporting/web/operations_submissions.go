package web

import (
	"slices"
	"time"

	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/submission"
	"heatledger/reporting/openapi"
)

// The bodies of what is done with a submission.
type (
	handedIn struct {
		Explain []intake.Explanation `json:"explain,omitempty"`
		Partial bool                 `json:"partial,omitempty" says:"Good rows are taken though others are rejected."`
	}
	noted struct {
		Kind  submission.StepKind `json:"step"`
		Text  string              `json:"text,omitempty"`
		Row   int                 `json:"row,omitempty" says:"What it is about, if one row or several."`
		ToRow int                 `json:"to_row,omitempty"`
		From  *time.Time          `json:"from,omitempty" says:"What it is about, if a period."`
		To    *time.Time          `json:"to,omitempty"`
	}
	takenBack struct {
		Reason string `json:"reason"`
	}
)

// uploadSchema is the form by which a file is handed in.
func uploadSchema() openapi.Schema {
	field := func(says string) openapi.Schema { return openapi.Schema{"type": "string", "description": says} }
	return openapi.Schema{"type": "object", "required": []any{"file"}, "additionalProperties": false, "properties": openapi.Schema{
		"file":         openapi.Schema{"type": "string", "contentMediaType": "application/octet-stream", "description": "CSV, XLSX or MSCONS; at most 256 MiB."},
		"mapping":      field("JSON: how the columns are to be read. Without it our own form and template, and tables whose header a saved mapping fits, are read; others are answered 422 mapping_needed with a proposal."),
		"mapping_name": field("A mapping that was saved."),
		"correction":   field("Reason for replacing what is known."),
		"replaces":     field("With correction: the interval FROM/TO that is replaced."),
		"partial":      field("true: good rows are taken though others are rejected."),
		"explain":      field("JSON list of {code, row, to_row, text}: what is strange, explained.")}}
}

func jsonBody(of any, example string) *openapi.Body {
	return &openapi.Body{Required: true, Content: []openapi.Content{{Kind: "application/json", Of: of, Example: example}}}
}

// handedInAnswers are those of what is handed in.
func handedInAnswers(known openapi.Text) []openapi.Answer {
	return []openapi.Answer{{Status: 200, Says: known, Content: []openapi.Content{asJSON(submissionView{})}},
		{Status: 201, Says: say("It was handed in.", "Es wurde eingereicht."), Content: []openapi.Content{asJSON(submissionView{})},
			Headers: []openapi.Header{{Name: "Location", Says: say("Where it stands.", "Wo es steht."), Schema: openapi.Schema{"type": "string"}}}}}
}

// submissionOperations take files and lead them through their life.
func (s *Server) submissionOperations() group {
	return group{openapi.Tag{Name: "submissions", Says: say("Hand in files, and what becomes of them.", "Dateien einreichen, und was aus ihnen wird.")},
		slices.Concat(s.submissionFileOperations(), s.submissionStepOperations(), s.submissionProofOperations(), s.mappingOperations())}
}

// submissionFileOperations take files, look at them and hand them in.
func (s *Server) submissionFileOperations() []operation {
	part := []openapi.Parameter{submissionPart(), languageParameter()}
	return []operation{
		{"POST /api/v1/submissions", toSubmit, s.postSubmission, openapi.Operation{ID: "postSubmission",
			Summary: say("Hand in a file (CSV, XLSX, MSCONS), or have it looked at", "Eine Datei (CSV, XLSX, MSCONS) einreichen oder ansehen lassen"),
			Parameters: []openapi.Parameter{inQuery("dry_run", say("true: it is looked at, and nothing becomes known.", "true: sie wird angesehen, und nichts wird bekannt."), oneOf("true", "false", "1", "0"), "true"),
				languageParameter()},
			Body:    &openapi.Body{Required: true, Content: []openapi.Content{{Kind: "multipart/form-data", Of: uploadSchema()}}},
			Answers: handedInAnswers(say("What would come of it (dry run), or the first submission where the very same was handed in before.", "Was daraus würde (Probe), oder die erste Einreichung, wenn genau dieselbe schon einging.")),
			Refuses: []string{"faults", "bad_type", "bad_form", "bad_dry_run", "bad_period", "bad_partial", "bad_mapping", "bad_explain", "unknown_field", "no_file", "two_files", "two_fields", "too_large", "mapping_needed", "not_handed_in", "key_used", "not_allowed", "no_submission"}}},
		{"GET /api/v1/submissions", toRead, s.listSubmissions, openapi.Operation{ID: "listSubmissions",
			Summary: say("What was handed in, the latest first", "Was eingereicht wurde, das Neueste zuerst"),
			Parameters: []openapi.Parameter{inQuery("site", say("Only of this site.", "Nur von diesem Standort."), idSchema(), "hafen"),
				inQuery("status", say("Only in this state.", "Nur in diesem Stand."), oneOf(submission.States()...), "received"),
				inQuery("below", say("Only numbers below this one.", "Nur Nummern unter dieser."), numberSchema(0, 1<<62), "100"), limitParameter(pageLimit), languageParameter()},
			Answers: answers(say("Submissions without their rows, at most 200 of a page.", "Einreichungen ohne ihre Zeilen, höchstens 200 je Seite."), asJSON([]submissionView{})),
			Refuses: []string{"bad_status", "bad_number", "bad_limit"}}},
		{"GET /api/v1/submissions/{id}", toRead, s.showSubmission, openapi.Operation{ID: "showSubmission",
			Summary:    say("A submission: preview, then status, steps and receipt", "Eine Einreichung: Vorschau, dann Stand, Schritte und Quittung"),
			Parameters: part, Answers: answers(say("The submission.", "Die Einreichung."), asJSON(submissionView{})),
			Refuses: []string{"no_submission"}}},
		{"POST /api/v1/submissions/{id}/submit", toSubmit, s.handInDraft, openapi.Operation{ID: "handInDraft",
			Summary:    say("Hand in what was looked at", "Einreichen, was angesehen wurde"),
			Parameters: part, Body: jsonBody(handedIn{}, `{"explain":[{"code":"flat_line","row":17,"text":"the hall was empty"}]}`),
			Answers: handedInAnswers(say("The very same was handed in before: the first.", "Genau dieselbe ging schon ein: die erste.")),
			Refuses: []string{"no_submission", "bad_json", "too_large", "handed_in", "waiting", "not_handed_in", "mapping_needed", "key_used", "faults"}}},
		{"POST /api/v1/submissions/{id}/discard", toSubmit, s.discardDraft, openapi.Operation{ID: "discardDraft",
			Summary:    say("Throw away what was only looked at", "Verwerfen, was nur angesehen wurde"),
			Says:       say("Of the caller's own drafts, before they are handed in. Nothing of it became known, so nothing remains of it.", "Nur eigene Entwürfe, bevor sie eingereicht sind. Nichts davon wurde bekannt, also bleibt nichts davon."),
			Parameters: part, Answers: answers(say("The draft as it was.", "Der Entwurf, wie er war."), asJSON(submissionView{})),
			Refuses: []string{"no_submission", "handed_in", "waiting"}}},
	}
}

// submissionStepOperations lead what was handed in through its life.
func (s *Server) submissionStepOperations() []operation {
	part := []openapi.Parameter{submissionPart(), languageParameter()}
	after := answers(say("The submission after it.", "Die Einreichung danach."), asJSON(submissionView{}))
	return []operation{
		{"POST /api/v1/submissions/{id}/steps", access.Comment, s.noteSubmission, openapi.Operation{ID: "noteSubmission",
			Summary:    say("Comment, answer, check, ask back or accept", "Bemerken, antworten, prüfen, nachfragen oder annehmen"),
			Parameters: part, Body: jsonBody(noted{}, `{"step":"ask_back","text":"Why is July missing?"}`), Answers: after,
			Refuses: []string{"no_submission", "bad_json", "too_large", "not_handed_in", "over", "faults"}}},
		{"POST /api/v1/submissions/{id}/withdraw", toSubmit, s.withdrawSubmission, openapi.Operation{ID: "withdrawSubmission",
			Summary: say("Take back what was handed in", "Zurückziehen, was eingereicht wurde"),
			Says: say("Where the operator wants two people, the first one only asks for it (step ask_withdrawal); it is withdrawn when a second one, who may approve, withdraws it too.",
				"Will der Betreiber zwei Personen, beantragt die erste es nur (Schritt ask_withdrawal); zurückgezogen ist es, wenn eine zweite, die freigeben darf, es ebenfalls zurückzieht."),
			Parameters: part, Body: jsonBody(takenBack{}, `{"reason":"the wrong meter"}`), Answers: after,
			Refuses: []string{"no_submission", "bad_json", "too_large", "not_handed_in", "over", "waiting", "same_person", "not_asked", "not_allowed", "faults"}}},
		{"POST /api/v1/submissions/{id}/refuse-withdrawal", access.Comment, s.keepSubmission, openapi.Operation{ID: "refuseWithdrawal",
			Summary: say("Refuse that it is withdrawn, with the reason", "Ablehnen, dass sie zurückgezogen wird, mit dem Grund"),
			Says: say("What was handed in stays (step refuse_withdrawal). A second person of the operator who may approve refuses, or the office; whoever asked takes it back by it.",
				"Was eingereicht ist, bleibt (Schritt refuse_withdrawal). Es lehnt eine zweite Person des Betreibers ab, die freigeben darf, oder das Amt; wer es beantragt hat, nimmt den Antrag so zurück."),
			Parameters: part, Body: jsonBody(takenBack{}, `{"reason":"the meter is the right one"}`), Answers: after,
			Refuses: []string{"no_submission", "bad_json", "too_large", "over", "not_asked", "not_allowed", "faults"}}},
		{"POST /api/v1/submissions/{id}/approve", access.Approve, s.approveSubmission, openapi.Operation{ID: "approveSubmission",
			Summary:    say("Hand in what another person of the operator prepared", "Einreichen, was eine andere Person des Betreibers vorbereitet hat"),
			Parameters: part, Answers: handedInAnswers(say("The very same was handed in before: the first.", "Genau dieselbe ging schon ein: die erste.")),
			Refuses: []string{"no_submission", "not_waiting", "same_person", "not_handed_in", "key_used", "faults"}}},
		{"POST /api/v1/submissions/{id}/give-back", access.Approve, s.giveBackSubmission, openapi.Operation{ID: "giveBackSubmission",
			Summary:    say("Return what waits for approval to whoever prepared it", "Zurückgeben, was auf Freigabe wartet"),
			Parameters: part, Body: jsonBody(takenBack{}, `{"reason":"the 2 is a 7"}`), Answers: after,
			Refuses: []string{"no_submission", "bad_json", "too_large", "not_waiting", "faults"}}},
	}
}

// submissionProofOperations give back the file as it came, and its receipt.
func (s *Server) submissionProofOperations() []operation {
	return []operation{
		{"GET /api/v1/submissions/{id}/file", toRead, s.showSubmissionFile, openapi.Operation{ID: "showSubmissionFile",
			Summary:    say("The file as it came", "Die Datei, wie sie kam"),
			Parameters: []openapi.Parameter{submissionPart()}, Answers: answers(say("Byte for byte.", "Byte für Byte."), asFile("application/octet-stream")),
			Refuses: []string{"no_submission"}}},
		{"GET /api/v1/submissions/{id}/receipt", toRead, s.showReceipt, openapi.Operation{ID: "showReceipt",
			Summary:    say("The receipt, with proofs and checkpoint", "Die Quittung, mit Beweisen und Prüfpunkt"),
			Parameters: []openapi.Parameter{submissionPart(), formatParameter("json", "pdf"), languageParameter()},
			Answers:    answers(say("heatledger verify --receipt checks it.", "heatledger verify --receipt prüft sie."), asJSON(receiptView{}), asFile("application/pdf")),
			Refuses:    []string{"no_submission", "not_handed_in", "bad_format"}}},
	}
}

// mappingOperations keep how tables are to be read, and give those that need no mapping.
func (s *Server) mappingOperations() []operation {
	return []operation{
		{"GET /api/v1/sites/{site}/mappings", toRead, s.listMappings, openapi.Operation{ID: "listMappings",
			Summary:    say("How tables of this site are to be read, by name", "Wie Tabellen dieses Standorts zu lesen sind, nach Namen"),
			Parameters: []openapi.Parameter{sitePart()}, Answers: answers(say("Mappings by name.", "Zuordnungen nach Namen."), asJSON(map[string]intake.Mapping{})),
			Refuses: []string{"no_site"}}},
		{"PUT /api/v1/sites/{site}/mappings/{name}", toSubmit, s.saveMapping, openapi.Operation{ID: "saveMapping",
			Summary:    say("Save how a table is to be read", "Festhalten, wie eine Tabelle zu lesen ist"),
			Parameters: []openapi.Parameter{sitePart(), inPath("name", say("Its name.", "Ihr Name."), "dcim-export")},
			Body:       jsonBody(intake.Mapping{}, ""), Answers: answers(say("The mapping.", "Die Zuordnung."), asJSON(intake.Mapping{})),
			Refuses: []string{"no_site", "bad_json", "too_large", "faults", "not_allowed"}}},
		{"GET /api/v1/sites/{site}/template.xlsx", toRead, s.templateXLSX(), openapi.Operation{ID: "templateXLSX",
			Summary:    say("A template with the points of this site, as a workbook", "Eine Vorlage mit den Messpunkten dieses Standorts, als Arbeitsmappe"),
			Parameters: []openapi.Parameter{sitePart(), languageParameter()},
			Answers:    answers(say("Filled in, it needs no mapping.", "Ausgefüllt braucht sie keine Zuordnung."), asFile(spreadsheet)), Refuses: []string{"no_site"}}},
		{"GET /api/v1/sites/{site}/template.csv", toRead, s.templateCSV(), openapi.Operation{ID: "templateCSV",
			Summary:    say("A template with the points of this site, as CSV", "Eine Vorlage mit den Messpunkten dieses Standorts, als CSV"),
			Parameters: []openapi.Parameter{sitePart(), languageParameter()},
			Answers:    answers(say("Filled in, it needs no mapping.", "Ausgefüllt braucht sie keine Zuordnung."), asCSV()), Refuses: []string{"no_site"}}},
	}
}
