package web

import (
	"heatledger/energy/access"
	"heatledger/energy/commitment"
	"heatledger/energy/desk"
	"heatledger/energy/portfolio"
	"heatledger/reporting/council"
	"heatledger/reporting/openapi"
)

// judgementOperations are what is asked about commitments and the office's desk.
func (s *Server) judgementOperations() group {
	return group{openapi.Tag{Name: "judgements", Says: say("Commitments, their verdicts, and what is due when.", "Verpflichtungen, ihre Urteile, und was wann fällig ist.")}, []operation{
		{"GET /api/v1/sites/{site}/assessments", toRead, s.listAssessments, openapi.Operation{ID: "listAssessments",
			Summary: say("Commitments of a site, judged", "Verpflichtungen eines Standorts, beurteilt"),
			Parameters: paged(sitePart(), dayParameter(say("Day of the judgement (local date); without it today, or the day of as_known_at. The last closed and the running period on that day are judged.",
				"Tag des Urteils (Datum vor Ort); ohne Angabe heute, oder der Tag von as_known_at. Beurteilt werden der letzte abgeschlossene und der laufende Zeitraum an diesem Tag.")),
				inQuery("rulebook", say("Id of a rulebook: only what it says, of a site that is not bound by it too.", "Kennung eines Regelwerks: nur was es sagt, auch von einem Standort, für den es nicht gilt."), idSchema(), "enefg-2023"),
				languageHeader(), formatParameter("json", "csv"), knownAtParameter()),
			Answers: answers(say("Assessments. What was issued by as_known_at for the same day is answered as issued.", "Urteile. Was bis as_known_at für denselben Tag erlassen war, steht so da, wie es erlassen wurde."), asJSON([]judgement{}), asCSV()),
			Refuses: []string{"no_site", "not_known_then", "bad_time", "bad_date", "bad_rulebook", "bad_format", "bad_number", "bad_limit"}}},
		{"GET /api/v1/sites/{site}/assessments/issued", toRead, s.listIssued, openapi.Operation{ID: "listIssued",
			Summary: say("Issued judgements of a site, with their hearings: the history of each verdict", "Erlassene Urteile eines Standorts mit ihren Anhörungen: die Geschichte jedes Urteils"),
			Parameters: paged(sitePart(),
				inQuery("commitment", say("Only of this commitment.", "Nur zu dieser Verpflichtung."), idSchema(), "hafen-pue"),
				inQuery("rule", say("Only of this rule.", "Nur zu dieser Regel."), idSchema(), "pue"),
				inQuery("period", say("Only of this period, such as 2025.", "Nur zu diesem Zeitraum, etwa 2025."), idSchema(), "2025"),
				inQuery("latest", say("true: only the last of each rule and period.", "true: nur das letzte je Regel und Zeitraum."), oneOf("true", "false"), "true"),
				languageHeader(), knownAtParameter()),
			Answers: answers(say("Issued judgements, by commitment, rule, period and time.", "Erlassene Urteile, nach Verpflichtung, Regel, Zeitraum und Zeit."), asJSON([]issued{})),
			Refuses: []string{"no_site", "bad_time", "bad_latest", "bad_number", "bad_limit"}}},
		{"GET /api/v1/sites/{site}/assessments/issued/{issued}", toRead, s.showIssued, openapi.Operation{ID: "showIssued",
			Summary:    say("One issued judgement, byte for byte, with its hearing", "Ein erlassenes Urteil, Byte für Byte, mit seiner Anhörung"),
			Parameters: []openapi.Parameter{sitePart(), inPath("issued", say("Id of the issued judgement.", "Kennung des erlassenen Urteils."), "18.0"), languageHeader()},
			Answers:    answers(say("The judgement with its canonical form, whose SHA-256 is the digest.", "Das Urteil mit seiner kanonischen Form, deren SHA-256 die Prüfsumme ist."), asJSON(issued{})),
			Refuses:    []string{"no_site", "not_issued"}}},
		{"GET /api/v1/worklist", toRead, s.listWorklist, openapi.Operation{ID: "listWorklist",
			Summary: say("What is due when: for the office all, for others their sites", "Was wann fällig ist: für das Amt alles, für andere ihre Standorte"),
			Says: say("Deadlines of rulebooks, contracts, verifications and hearings, with what is known to have been done: what is overdue first, then by day. What is the office's own is given to who may read all sites and asks for none.",
				"Fristen aus Regelwerken, Verträgen, Eichungen und Anhörungen, mit dem, was als erledigt bekannt ist: Überfälliges zuerst, dann nach Tag. Was das Amt selbst zu tun hat, sieht, wer alle Standorte lesen darf und nach keinem fragt."),
			Parameters: paged(dayParameter(say("The day as of which it is asked; without it today.", "Der Tag, für den gefragt wird; ohne Angabe heute.")), siteFilter(),
				inQuery("state", say("Only what stands so.", "Nur was so steht."), oneOf(desk.States()...), "overdue"), languageHeader(), formatParameter("json", "csv", "ics")),
			Answers: answers(say("What is due; ics is iCalendar (RFC 5545).", "Was fällig ist; ics ist iCalendar (RFC 5545)."), asJSON([]task{}), asCSV(), asFile("text/calendar")),
			Refuses: []string{"no_site", "bad_day", "bad_state", "bad_format", "bad_number", "bad_limit"}}},
		{"GET /api/v1/council", toRead, s.showCouncil, openapi.Operation{ID: "showCouncil",
			Summary: say("The report of a year to the council, as an accessible PDF", "Der Bericht eines Jahres an den Stadtrat, als barrierefreies PDF"),
			Says: say("The public edition has what was decided to be public; the internal one, for the office alone, every judgement and hearing.",
				"Die öffentliche Ausgabe enthält, was zur Veröffentlichung beschlossen ist; die interne, nur für das Amt, jedes Urteil und jede Anhörung."),
			Parameters: []openapi.Parameter{yearParameter(), inQuery("edition", say("Which edition.", "Welche Ausgabe."), oneOf(council.Editions()...), "public"), languageParameter()},
			Answers:    answers(say("The report.", "Der Bericht."), asFile("application/pdf")),
			Refuses:    []string{"bad_year", "bad_edition"}}},
		{"GET /api/v1/portfolio", toRead, s.listPortfolio, openapi.Operation{ID: "listPortfolio",
			Summary: say("All judgements of today side by side, by commitment", "Alle Urteile von heute nebeneinander, nach Zusage"),
			Says: say("Every site the caller may see. Orders of numbers keep to one figure and one basis: nothing is ranked across them. CSV and XLSX give all that is chosen.",
				"Jeder Standort, der sichtbar ist. Nach Zahlen wird nur innerhalb einer Kennzahl und einer Herkunft geordnet. CSV und XLSX geben alles Gewählte."),
			Parameters: paged(
				inQuery("metric", say("Only commitments about this figure.", "Nur Zusagen zu dieser Kennzahl."), idSchema(), "erf"), inQuery("verdict", say("Only this verdict.", "Nur dieses Urteil."), oneOf(commitment.Verdicts()...), "at_risk"),
				inQuery("operator", say("Only sites of this operator.", "Nur Standorte dieses Betreibers."), idSchema(), "hafen-ag"), inQuery("basis", say("Only values of this basis.", "Nur Werte dieser Herkunft."), oneOf(commitment.Measured, commitment.Mixed, commitment.Declared), "measured"),
				inQuery("kind", say("Only sites of this kind.", "Nur Standorte dieser Art."), idSchema(), "data_centre"), inQuery("forecast", say("Only what will be missed if all goes on as it does.", "Nur was voraussichtlich verfehlt wird."), oneOf("true", "false"), "true"),
				inQuery("sort", say("By what rows are put in order.", "Wonach die Zeilen geordnet sind."), oneOf(portfolio.Orders()...), "margin"), inQuery("down", say("The other way round, within each group.", "Umgekehrt, innerhalb jeder Gruppe."), oneOf("true", "false"), "true"),
				languageParameter(), languageHeader(), formatParameter("json", "csv", "xlsx")),
			Answers: answers(say("Judgements with what a reader wants to know of their sites.", "Urteile mit dem, was man vom Standort wissen will."), asJSON(portfolioView{}), asCSV(), asFile(spreadsheet)),
			Refuses: []string{"bad_sort", "bad_verdict", "bad_basis", "bad_number", "bad_limit", "bad_format"}}},
		{"POST /api/v1/worklist/done", access.Review, s.postDone, openapi.Operation{ID: "markDone",
			Summary: say("Say that the office did one of its own tasks, or take that back", "Sagen, dass das Amt eine eigene Aufgabe erledigt hat, oder das zurücknehmen"),
			Says:    say("A fact, with who and when. Everything else on the worklist is done when it is known to be.", "Ein Fakt, mit wer und wann. Alles andere ist erledigt, wenn es als erledigt bekannt ist."),
			Body: &openapi.Body{Required: true, Says: say("The task and the day; without a day an earlier word is taken back.", "Die Aufgabe und der Tag; ohne Tag wird ein früheres Wort zurückgenommen."), Content: []openapi.Content{{Kind: "application/json", Of: taskDone{},
				Example: `{"item": "council_paper//council_paper/2026-10-15", "done": "2026-10-02", "note": "paper 12"}`}}},
			Answers: answers(say("The task after it.", "Die Aufgabe danach."), asJSON(task{})),
			Refuses: []string{"no_item", "bad_day", "bad_text", "bad_json", "too_large"}}},
		{"POST /api/v1/letters", access.Review, s.postLetters, openapi.Operation{ID: "writeLetters",
			Summary: say("Letters to operators about what is due, heard or asked back", "Briefe an Betreiber über Fristen, Anhörungen und Rückfragen"),
			Says:    say("That they were written is kept as a fact, with the digest of each. The request of January becomes a letter to each operator.", "Dass sie geschrieben wurden, wird als Fakt gehalten, mit der Prüfsumme jedes einzelnen. Aus der Bitte im Januar wird ein Brief an jeden Betreiber."),
			Body: &openapi.Body{Required: true, Says: say("What to write about, and in which form.", "Worüber, und in welcher Form."), Content: []openapi.Content{{Kind: "application/json", Of: lettersWanted{},
				Example: `{"items": ["operator_request//operator_request/2026-01-31"], "lang": "de", "form": "zip"}`}}},
			Answers: answers(say("The letters.", "Die Briefe."), asFile("application/pdf"), asFile("application/zip"), asFile("text/plain")),
			Refuses: []string{"no_item", "no_letter", "no_submission", "too_many_items", "bad_format", "bad_day", "bad_json", "too_large"}}},
	}}
}
