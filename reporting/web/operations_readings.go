package web

import (
	"heatledger/energy"
	"heatledger/reporting/openapi"
)

// sentReading is a row of readings as programs send it.
type sentReading struct {
	Point   energy.PointID `json:"point"`
	At      string         `json:"at,omitempty" says:"Instant of the reading (RFC 3339). Either at, or from and to."`
	From    string         `json:"from,omitempty" says:"Start of the interval that the value stands for."`
	To      string         `json:"to,omitempty" says:"Its end, excluded."`
	Value   energy.Value   `json:"value"`
	Unit    string         `json:"unit,omitempty" says:"Without it, the canonical unit of the point's quantity."`
	Quality string         `json:"quality,omitempty"`
}

// readingOperations take readings.
func (s *Server) readingOperations() group {
	return group{openapi.Tag{Name: "readings", Says: say("Hand in readings.", "Ablesungen abgeben.")}, []operation{
		{"POST /api/v1/readings", toSubmit, s.submitReadings, openapi.Operation{ID: "submitReadings",
			Summary: say("Hand in readings, row by row", "Ablesungen abgeben, Zeile für Zeile"),
			Says: say("Good rows are taken though others are rejected; each rejected one is named with row, column, code, reason and what to do. Where the operator of a site wants two people, the body is refused with 403 second_person: hand it in as a submission; the batches of collectors, which no person prepares, are taken.",
				"Gute Zeilen werden angenommen, auch wenn andere abgelehnt werden; jede abgelehnte ist mit Zeile, Spalte, Code, Grund und Abhilfe genannt. Will der Betreiber eines Standorts zwei Personen, wird der Inhalt mit 403 second_person abgelehnt: als Einreichung abgeben; die Stapel der Sammler, die niemand vorbereitet, werden angenommen."),
			Parameters: []openapi.Parameter{
				{Name: "Idempotency-Key", In: openapi.InHeader, Says: say("Names the submission; without it, the SHA-256 of the body does. It stands for what became known: the same again is counted as duplicate, another body under it is answered 409 key_used. Where nothing became known, because the body was refused or every row rejected, the key stays free: mend the body and send it under the same key.",
					"Benennt die Abgabe; ohne Angabe tut es die SHA-256 des Inhalts. Er steht für das, was bekannt wurde: dasselbe noch einmal zählt als Duplikat, ein anderer Inhalt unter ihm wird mit 409 key_used beantwortet. Wurde nichts bekannt, weil der Inhalt oder jede Zeile abgelehnt wurde, bleibt der Schlüssel frei: den Inhalt verbessern und unter demselben Schlüssel senden."), Schema: idSchema(), Example: "meter-7-2025-06"},
				inQuery("correction", say("Reason for replacing what is known. Each row replaces what is known at its own instant.", "Grund, aus dem Bekanntes ersetzt wird. Jede Zeile ersetzt, was zu ihrem Zeitpunkt bekannt ist."), textSchema(), "meter read wrongly"),
				inQuery("replaces", say("With correction: the interval FROM/TO that is replaced for each point of the body; what is known in it and not said again is withdrawn.",
					"Mit correction: das Intervall VON/BIS, das für jeden Messpunkt des Inhalts ersetzt wird; was darin bekannt ist und nicht wieder gesagt wird, ist zurückgezogen."), textSchema(), "2025-06-01T00:00:00Z/2025-06-02T00:00:00Z"),
				inQuery("label", say("Load profiles: the border of its interval that the column at gives. Without it, a row with at is no interval.", "Lastgänge: welche Grenze ihres Intervalls die Spalte at nennt. Ohne Angabe ist eine Zeile mit at kein Intervall."), oneOf("start", "end"), "start"),
				inQuery("step", say("With label: the length of the intervals, such as 15m or 1h; without it the least distance between two rows of a point, of which all others must be multiples.",
					"Mit label: die Länge der Intervalle, etwa 15m oder 1h; ohne Angabe der kleinste Abstand zweier Zeilen eines Messpunkts, dessen Vielfache alle anderen sein müssen."), openapi.Schema{"type": "string", "pattern": "^([0-9]+(h|m|s))+$", "maxLength": 32}, "15m"),
				inQuery("zone", say("The IANA zone of times without an offset. In the hour that is run twice A or B behind the time, or the order of the rows, tells which is meant; a time that stays ambiguous, and one that does not exist in spring, is rejected.",
					"Die IANA-Zone von Zeiten ohne Abstand zu UTC. In der doppelten Stunde sagt A oder B hinter der Zeit, oder die Reihenfolge der Zeilen, welche gemeint ist; was mehrdeutig bleibt oder im Frühjahr nicht existiert, wird abgelehnt."), idSchema(), "Europe/Berlin"),
				{Name: "Prefer", In: openapi.InHeader, Says: say("wait=SECONDS (RFC 7240, at most 30): answer when the submission is in the public ledger, with its proof.", "wait=SEKUNDEN (RFC 7240, höchstens 30): Antwort, wenn die Abgabe im öffentlichen Protokoll steht, mit ihrem Beweis."), Schema: textSchema(), Example: "wait=10"}},
			Body: &openapi.Body{Required: true, Says: say("gzip or zstd as Content-Encoding are understood; at most 64 MiB as sent, 256 MiB unpacked, 1,000,000 rows.", "gzip oder zstd als Content-Encoding werden verstanden; höchstens 64 MiB gepackt, 256 MiB entpackt, 1.000.000 Zeilen."),
				Content: []openapi.Content{
					{Kind: "text/csv", Of: openapi.Schema{"type": "string", "description": "Header point,at,value[,unit][,quality] or point,from,to,value[,unit][,quality]."}, Example: "point,at,value,unit\nhafen/grid-energy,2025-06-03T00:15:00+02:00,1234.5,kWh\n"},
					{Kind: "application/json", Of: []sentReading{}, Example: `[{"point":"hafen/grid-energy","at":"2025-06-03T00:15:00+02:00","value":1234.5,"unit":"kWh"}]`},
					{Kind: "application/x-ndjson", Of: openapi.Schema{"type": "string"}, Example: `{"point":"hafen/grid-energy","at":"2025-06-03T00:15:00+02:00","value":1234.5}` + "\n"}}},
			Answers: answers(say("What became of the rows.", "Was aus den Zeilen wurde."), asJSON(provenReceipt{})),
			Refuses: []string{"faults", "bad_type", "bad_encoding", "too_large", "too_many_rows", "key_used", "no_reason", "bad_period", "bad_time", "bad_label", "bad_step", "no_label", "bad_zone", "second_person"}}},
		{"POST /api/v1/batches", toCollect, s.takeBatch, openapi.Operation{ID: "takeBatch",
			Summary: say("A collector delivers a batch", "Ein Sammler liefert einen Stapel"),
			Says:    say("The form is that of heatledger collect; nothing else writes it.", "Die Form ist die von heatledger collect; nichts anderes schreibt sie."),
			Body:    &openapi.Body{Required: true, Content: []openapi.Content{asFile("application/octet-stream")}},
			Answers: answers(say("Taken, now or already.", "Angenommen, jetzt oder schon früher."), asJSON(energy.Delivery{})),
			Refuses: []string{"bad_batch", "too_large", "not_your_site", "conflict", "behind", "faults"}}},
	}}
}
