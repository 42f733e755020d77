package web

import (
	"heatledger/energy/desk"
	"heatledger/reporting/openapi"
)

// judgementOperations are what is asked about commitments and the office's desk.
func (s *Server) judgementOperations() group {
	return group{openapi.Tag{Name: "judgements", Says: say("Commitments, their verdicts, and what is due when.", "Verpflichtungen, ihre Urteile, und was wann fällig ist.")}, []operation{
		{"GET /api/v1/sites/{site}/assessments", toRead, s.listAssessments, openapi.Operation{ID: "listAssessments",
			Summary: say("Commitments of a site, judged", "Verpflichtungen eines Standorts, beurteilt"),
			Parameters: []openapi.Parameter{sitePart(), dayParameter(say("Day of the judgement (local date); without it today, or the day of as_known_at. The last closed and the running period on that day are judged.",
				"Tag des Urteils (Datum vor Ort); ohne Angabe heute, oder der Tag von as_known_at. Beurteilt werden der letzte abgeschlossene und der laufende Zeitraum an diesem Tag.")),
				inQuery("rulebook", say("Id of a rulebook: only what it says, of a site that is not bound by it too.", "Kennung eines Regelwerks: nur was es sagt, auch von einem Standort, für den es nicht gilt."), idSchema(), "enefg-2023"),
				languageHeader(), formatParameter("json", "csv"), knownAtParameter()},
			Answers: answers(say("Assessments. What was issued by as_known_at for the same day is answered as issued.", "Urteile. Was bis as_known_at für denselben Tag erlassen war, steht so da, wie es erlassen wurde."), asJSON([]judgement{}), asCSV()),
			Refuses: []string{"no_site", "not_known_then", "bad_time", "bad_date", "bad_rulebook", "bad_format"}}},
		{"GET /api/v1/sites/{site}/assessments/issued", toRead, s.listIssued, openapi.Operation{ID: "listIssued",
			Summary: say("Issued judgements of a site, with their hearings: the history of each verdict", "Erlassene Urteile eines Standorts mit ihren Anhörungen: die Geschichte jedes Urteils"),
			Parameters: []openapi.Parameter{sitePart(),
				inQuery("commitment", say("Only of this commitment.", "Nur zu dieser Verpflichtung."), idSchema(), "hafen-pue"),
				inQuery("rule", say("Only of this rule.", "Nur zu dieser Regel."), idSchema(), "pue"),
				inQuery("period", say("Only of this period, such as 2025.", "Nur zu diesem Zeitraum, etwa 2025."), idSchema(), "2025"),
				inQuery("latest", say("true: only the last of each rule and period.", "true: nur das letzte je Regel und Zeitraum."), oneOf("true", "false"), "true"),
				languageHeader(), knownAtParameter()},
			Answers: answers(say("Issued judgements, by commitment, rule, period and time.", "Erlassene Urteile, nach Verpflichtung, Regel, Zeitraum und Zeit."), asJSON([]issued{})),
			Refuses: []string{"no_site", "bad_time", "bad_latest"}}},
		{"GET /api/v1/sites/{site}/assessments/issued/{issued}", toRead, s.showIssued, openapi.Operation{ID: "showIssued",
			Summary:    say("One issued judgement, byte for byte, with its hearing", "Ein erlassenes Urteil, Byte für Byte, mit seiner Anhörung"),
			Parameters: []openapi.Parameter{sitePart(), inPath("issued", say("Id of the issued judgement.", "Kennung des erlassenen Urteils."), "18.0"), languageHeader()},
			Answers:    answers(say("The judgement with its canonical form, whose SHA-256 is the digest.", "Das Urteil mit seiner kanonischen Form, deren SHA-256 die Prüfsumme ist."), asJSON(issued{})),
			Refuses:    []string{"no_site", "not_issued"}}},
		{"GET /api/v1/worklist", toRead, s.listWorklist, openapi.Operation{ID: "listWorklist",
			Summary: say("What is due when: for the office all, for others their sites", "Was wann fällig ist: für das Amt alles, für andere ihre Standorte"),
			Says: say("Deadlines of rulebooks, contracts, verifications and hearings, with what is known to have been done: what is overdue first, then by day. What is the office's own is given to who may read all sites and asks for none.",
				"Fristen aus Regelwerken, Verträgen, Eichungen und Anhörungen, mit dem, was als erledigt bekannt ist: Überfälliges zuerst, dann nach Tag. Was das Amt selbst zu tun hat, sieht, wer alle Standorte lesen darf und nach keinem fragt."),
			Parameters: []openapi.Parameter{dayParameter(say("The day as of which it is asked; without it today.", "Der Tag, für den gefragt wird; ohne Angabe heute.")), siteFilter(),
				inQuery("state", say("Only what stands so.", "Nur was so steht."), oneOf(desk.States()...), "overdue"), languageHeader(), formatParameter("json", "csv", "ics")},
			Answers: answers(say("What is due; ics is iCalendar (RFC 5545).", "Was fällig ist; ics ist iCalendar (RFC 5545)."), asJSON([]task{}), asCSV(), asFile("text/calendar")),
			Refuses: []string{"no_site", "bad_day", "bad_state", "bad_format"}}},
	}}
}
