package web

import (
	"heatledger/energy/access"
	"heatledger/energy/hearing"
	"heatledger/reporting/openapi"
)

// deskOperations are what the office decides, with what the operator says to it,
// and what everybody may see then.
func (s *Server) deskOperations() group {
	return group{openapi.Tag{Name: "decisions", Says: say("Hearings, what is published, and the office's inbox.", "Anhörungen, was veröffentlicht wird, und der Eingang des Amts.")}, []operation{
		{"POST /api/v1/sites/{site}/assessments/issued/{issued}/steps", access.Comment, s.noteIssued, openapi.Operation{ID: "noteIssued",
			Summary: say("Hear the operator, reply, withdraw or correct a judgement", "Den Betreiber anhören, erwidern, ein Urteil zurücknehmen oder berichtigen"),
			Says: say("The office hears, and withdraws or corrects what the public has not seen; the operator replies. What the public sees is decided by two people: see decisions.",
				"Das Amt hört an und nimmt zurück oder berichtigt, was die Öffentlichkeit nicht gesehen hat; der Betreiber erwidert. Was die Öffentlichkeit sieht, entscheiden zwei Menschen: siehe decisions."),
			Parameters: []openapi.Parameter{sitePart(), inPath("issued", say("Id of the issued judgement.", "Kennung des erlassenen Urteils."), "18.0")},
			Body:       &openapi.Body{Required: true, Says: say("The step.", "Der Schritt."), Content: []openapi.Content{{Kind: "application/json", Of: hearingSaid{}, Example: `{"step": "hear"}`}}},
			Answers:    answers(say("How far the judgement has come.", "Wie weit das Urteil ist."), asJSON(hearing.Case{})),
			Refuses:    []string{"no_site", "not_issued", "bad_json", "bad_step", "bad_text", "two_people", "term", "order", "no_reason", "successor", "other_promise", "successor_ended", "too_large"}}},
		{"GET /api/v1/sites/{site}/decisions", toRead, s.listDecisions, openapi.Operation{ID: "listDecisions",
			Summary:    say("What of a site is published, or was proposed to be", "Was von einem Standort veröffentlicht ist oder dafür vorgeschlagen wurde"),
			Parameters: paged(sitePart(), knownAtParameter()),
			Answers:    answers(say("Decisions, the earliest first, with who proposed and who confirmed them.", "Entscheidungen, die früheste zuerst, mit wer sie vorschlug und wer sie bestätigte."), asJSON([]decisionView{})),
			Refuses:    []string{"no_site", "bad_time", "bad_number", "bad_limit"}}},
		{"POST /api/v1/sites/{site}/decisions", access.Decide, s.proposeDecision, openapi.Operation{ID: "proposeDecision",
			Summary:    say("Propose what is published; somebody else confirms it", "Eine Veröffentlichung vorschlagen; jemand anders bestätigt sie"),
			Says:       say("Either figures of a period by class, resolution, delay and agreement, or a judgement and what becomes of it. For people who are signed in, not for tokens.", "Entweder Kennzahlen eines Zeitraums mit Klasse, Auflösung, Verzögerung und Vereinbarung, oder ein Urteil und was aus ihm wird. Für angemeldete Menschen, nicht für Zugangsschlüssel."),
			Parameters: []openapi.Parameter{sitePart()},
			Body: &openapi.Body{Required: true, Says: say("What is proposed, and why.", "Was vorgeschlagen wird, und warum."), Content: []openapi.Content{{Kind: "application/json", Of: proposal{},
				Example: `{"class": "by_agreement", "what": ["pue"], "from": "2025-01-01", "to": "2026-01-01", "resolution": "year", "delay_days": 90, "agreement": "contract-7", "why": "council resolution 12"}`}}},
			Answers: answers(say("The decision, proposed.", "Die Entscheidung, vorgeschlagen."), asJSON(decisionView{})),
			Refuses: []string{"no_site", "no_session", "not_issued", "bad_json", "bad_text", "content", "unknown_figure", "agreement", "resolution", "term", "order", "no_reason", "successor", "other_promise", "successor_ended", "too_large"}}},
		{"POST /api/v1/sites/{site}/decisions/{id}/steps", access.Confirm, s.noteDecision, openapi.Operation{ID: "noteDecision",
			Summary:    say("Confirm, reject or revoke a decision", "Eine Entscheidung bestätigen, ablehnen oder aufheben"),
			Says:       say("Whoever proposed it does not confirm it.", "Wer sie vorschlug, kann sie nicht bestätigen."),
			Parameters: []openapi.Parameter{sitePart(), inPath("id", say("Id of the decision.", "Kennung der Entscheidung."), "41")},
			Body:       &openapi.Body{Required: true, Says: say("The step.", "Der Schritt."), Content: []openapi.Content{{Kind: "application/json", Of: decisionSaid{}, Example: `{"step": "confirm"}`}}},
			Answers:    answers(say("The decision after it.", "Die Entscheidung danach."), asJSON(decisionView{})),
			Refuses:    []string{"no_site", "no_session", "no_decision", "not_issued", "bad_json", "bad_step", "bad_text", "same_person", "term", "order", "no_reason", "other_promise", "successor_ended", "too_large"}}},
		{"GET /api/v1/published", everybody, unasked(s.listPublished), openapi.Operation{ID: "listPublished", Open: true,
			Summary: say("What everybody may see", "Was alle sehen dürfen"),
			Says: say("Judgements with the operator's replies, metered figures that he agreed to, declared figures that a register published, and of sites that are seen only together their sum, unless it would tell of one of them. CSV has a line for each value. One that was withdrawn or corrected stays and says so.",
				"Urteile mit den Erwiderungen des Betreibers, gemessene Kennzahlen, denen er zugestimmt hat, erklärte, die ein Register veröffentlicht hat, und von Standorten, die nur gemeinsam zu sehen sind, ihre Summe, wenn sie keinen verrät. CSV hat eine Zeile je Wert. Was zurückgenommen oder berichtigt wurde, bleibt stehen und sagt es."),
			Parameters: []openapi.Parameter{inQuery("site", say("Only of this site.", "Nur von diesem Standort."), idSchema(), "hafen"), languageParameter(), formatParameter("json", "csv")},
			Answers:    answers(say("What was published.", "Was veröffentlicht wurde."), asJSON(publishedView{}), asCSV()),
			Refuses:    []string{"bad_format"}}},
		{"GET /api/v1/inbox", access.Audit, s.listInbox, openapi.Operation{ID: "listInbox",
			Summary:    say("What waits for the office", "Was auf das Amt wartet"),
			Says:       say("Submissions, replies in hearings, decisions that want a second person, counters that fell, readings that cannot be true; what waits longest first within its kind. Auditors read it too.", "Einreichungen, Erwiderungen, Entscheidungen, denen die zweite Person fehlt, gefallene Zählerstände, Messwerte, die nicht stimmen können; je Art das Älteste zuerst. Prüfer lesen ihn auch."),
			Parameters: paged(inQuery("kind", say("Only of this kind.", "Nur diese Art."), oneOf(inboxKinds()...), "submission"), languageParameter()),
			Answers:    answers(say("What waits.", "Was wartet."), asJSON([]inboxItem{})),
			Refuses:    []string{"bad_kind", "bad_number", "bad_limit"}}},
		{"GET /api/v1/sites/{site}/facts/{fact}/effect", toRead, s.showEffect, openapi.Operation{ID: "showEffect",
			Summary:    say("Which figures and verdicts a fact moved, before and after", "Welche Kennzahlen und Urteile ein Fakt bewegt hat, vorher und nachher"),
			Says:       say("Computed from what was known just before the fact and with it, for the years it touches and the judgements of today.", "Berechnet aus dem, was kurz vor dem Fakt und mit ihm bekannt war, für die Jahre, die er berührt, und die Urteile von heute."),
			Parameters: []openapi.Parameter{sitePart(), inPath("fact", say("Number of the fact.", "Nummer des Fakts."), "41"), languageParameter()},
			Answers:    answers(say("What moved; what stayed as it was is not named.", "Was sich bewegte; was blieb, steht nicht da."), asJSON(effectView{})),
			Refuses:    []string{"no_site", "bad_fact", "no_fact"}}},
		{"POST /api/v1/sites/{site}/events", access.Configure, s.addEvent, openapi.Operation{ID: "addEvent",
			Summary:    say("Record an event: an exchange, a confirmed reset, an outage", "Ein Ereignis eintragen: Zählertausch, bestätigter Rücksprung, Ausfall"),
			Says:       say("With the fields of registry.yaml and under its checks. It closes the case of a counter that fell.", "Mit den Feldern der registry.yaml und unter ihren Prüfungen. Es schließt den Fall eines gefallenen Zählerstands."),
			Parameters: []openapi.Parameter{sitePart()},
			Body:       &openapi.Body{Required: true, Says: say("The event, and why.", "Das Ereignis, und warum."), Content: []openapi.Content{{Kind: "application/json", Of: amendmentSchema("event"), Example: `{"event": {"kind": "confirmed_reset", "meter": "hafen-main", "at": "2026-03-01T09:00:00Z"}, "why": "letter of the operator"}`}}},
			Answers:    answers(say("It is a fact.", "Es ist ein Fakt."), asJSON(recorded{})),
			Refuses:    []string{"no_site", "bad_json", "bad_text", "no_reason", "faults", "too_large"}}},
		{"POST /api/v1/sites/{site}/papers", access.Configure, s.addPaper, openapi.Operation{ID: "addPaper",
			Summary:    say("Record an agreement, an exemption or other evidence", "Eine Vereinbarung, eine Ausnahme oder einen anderen Nachweis eintragen"),
			Says:       say("With the fields of evidence in registry.yaml and under its checks; digest names a document handed in before.", "Mit den Feldern von evidence der registry.yaml und unter ihren Prüfungen; digest nennt einen zuvor eingereichten Beleg."),
			Parameters: []openapi.Parameter{sitePart()},
			Body:       &openapi.Body{Required: true, Says: say("The evidence, and why.", "Der Nachweis, und warum."), Content: []openapi.Content{{Kind: "application/json", Of: amendmentSchema("evidence"), Example: `{"evidence": {"id": "agreed", "kind": "agreement"}, "why": "council resolution 12"}`}}},
			Answers:    answers(say("It is a fact of the municipality.", "Es ist ein Fakt der Stadt."), asJSON(recorded{})),
			Refuses:    []string{"no_site", "bad_json", "bad_text", "no_reason", "faults", "too_large"}}},
		{"GET /api/v1/sites/{site}/history", toRead, s.listHistory, openapi.Operation{ID: "listHistory",
			Summary: say("Who did what at a site, when and why", "Wer an einem Standort wann was tat, und warum"),
			Says:    say("Names of all people are given to office and auditors. The operator of a site reads those of his colleagues there, and the office as such; of judgements he sees those on which he was heard.", "Die Namen aller Menschen sehen Amt und Revision. Der Betreiber eines Standorts liest die seiner Kollegen dort, und das Amt als solches; von Urteilen sieht er die, zu denen er angehört wurde."),
			Parameters: []openapi.Parameter{sitePart(), inQuery("kind", say("Only entries of this kind.", "Nur Einträge dieser Art."), idSchema(), "hearing"),
				inQuery("before", say("Only facts below this number.", "Nur Fakten unter dieser Nummer."), numberSchema(1, 1<<53), "41"), limitParameter(historyLimit), languageHeader()},
			Answers: answers(say("The latest first, each with what was before and after, and where it is proven.", "Das Jüngste zuerst, jeweils mit vorher und nachher, und wo es bewiesen ist."), asJSON([]change{})),
			Refuses: []string{"no_site", "bad_fact", "bad_limit"}}},
	}}
}

// amendmentSchema is a part of registry.yaml with a reason.
func amendmentSchema(part string) openapi.Schema {
	return openapi.Schema{"type": "object", "required": []any{part, "why"}, "additionalProperties": false, "properties": openapi.Schema{
		part:  openapi.Schema{"type": "object", "description": "As in registry.yaml."},
		"why": openapi.Schema{"type": "string", "maxLength": saidMost}}}
}
