package web

import (
	"heatledger/reporting/openapi"
)

// say is a sentence in both languages.
func say(en, de string) openapi.Text { return openapi.Text{EN: en, DE: de} }

// answers are the successes of an operation that has one.
func answers(says openapi.Text, content ...openapi.Content) []openapi.Answer {
	return []openapi.Answer{{Status: 200, Says: says, Content: content}}
}

// asJSON is JSON of a Go type.
func asJSON(of any) openapi.Content { return openapi.Content{Kind: "application/json", Of: of} }

// asCSV is the same as a table.
func asCSV() openapi.Content { return openapi.Content{Kind: "text/csv"} }

// asFile is a file of some kind.
func asFile(kind string) openapi.Content {
	return openapi.Content{Kind: kind, Of: openapi.Schema{"type": "string", "contentMediaType": kind}}
}

func textSchema() openapi.Schema { return openapi.Schema{"type": "string", "maxLength": 4096} }

func idSchema() openapi.Schema { return openapi.Schema{"type": "string", "maxLength": 200} }

func oneOf[T ~string](names ...T) openapi.Schema {
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = string(name)
	}
	return openapi.Schema{"type": "string", "enum": list}
}

func numberSchema(least, most int64) openapi.Schema {
	return openapi.Schema{"type": "integer", "minimum": least, "maximum": most}
}

// inPath is a part of the path.
func inPath(name string, says openapi.Text, example string) openapi.Parameter {
	return openapi.Parameter{Name: name, In: openapi.InPath, Required: true, Says: says, Schema: idSchema(), Example: example}
}

// inQuery is a parameter that may be left out.
func inQuery(name string, says openapi.Text, schema openapi.Schema, example string) openapi.Parameter {
	return openapi.Parameter{Name: name, In: openapi.InQuery, Says: says, Schema: schema, Example: example}
}

// must is a parameter that may not be left out.
func must(p openapi.Parameter) openapi.Parameter {
	p.Required = true
	return p
}

// many is a parameter that may be said several times.
func many(p openapi.Parameter) openapi.Parameter {
	p.Many = true
	return p
}

func sitePart() openapi.Parameter {
	return inPath("site", say("Id of the site.", "Kennung des Standorts."), "hafen")
}

func pointPart() openapi.Parameter {
	return inPath("point", say("The part of the point's id behind the site: grid-energy of kaiserlei/grid-energy.",
		"Der Teil der Kennung des Messpunkts hinter dem Standort: grid-energy von kaiserlei/grid-energy."), "grid-energy")
}

func submissionPart() openapi.Parameter {
	return inPath("id", say("Id of the submission.", "Kennung der Einreichung."), "s-4f2a9c")
}

// instantSchema is RFC 3339 or a local date.
func instantSchema() openapi.Schema {
	return openapi.Schema{"type": "string", "maxLength": 64, "anyOf": []any{openapi.Schema{"format": "date-time"}, openapi.Schema{"format": "date"}}}
}

func fromParameter() openapi.Parameter {
	return must(inQuery("from", say("Start, included: RFC 3339 or a local date.", "Beginn, eingeschlossen: RFC 3339 oder ein Datum vor Ort."), instantSchema(), "2025-06-03"))
}

func toParameter() openapi.Parameter {
	return must(inQuery("to", say("End, excluded.", "Ende, ausgeschlossen."), instantSchema(), "2025-06-04"))
}

func knownAtParameter() openapi.Parameter {
	return inQuery("as_known_at", say("Answer as it would have been given at this time (RFC 3339 or local date).",
		"Antwort, wie sie zu dieser Zeit gegeben worden wäre (RFC 3339 oder Datum vor Ort)."), instantSchema(), "2026-03-31")
}

func periodParameter() openapi.Parameter {
	return must(inQuery("period", say("A local year, month or day, or the twelve months up to a month: 2025, 2025-06, 2025-06-03, P12M/2025-09.",
		"Ein Jahr, Monat oder Tag vor Ort, oder die zwölf Monate bis zu einem Monat: 2025, 2025-06, 2025-06-03, P12M/2025-09."),
		openapi.Schema{"type": "string", "pattern": `^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|P12M/[0-9]{4}-[0-9]{2})$`}, "2025"))
}

func yearParameter() openapi.Parameter {
	return inQuery("year", say("Local calendar year; without it, last year.", "Kalenderjahr; ohne Angabe das vergangene."), numberSchema(1990, 2199), "2025")
}

func dayParameter(says openapi.Text) openapi.Parameter {
	return inQuery("on", says, openapi.Schema{"type": "string", "format": "date"}, "2026-04-01")
}

func formatParameter(kinds ...string) openapi.Parameter {
	return inQuery("format", say("Form of the answer; without it, what Accept asks for.", "Form der Antwort; ohne Angabe, was Accept verlangt."), oneOf(kinds...), kinds[0])
}

func languageParameter() openapi.Parameter {
	return inQuery("lang", say("Language of sentences; without it that of Accept-Language.", "Sprache der Sätze; ohne Angabe die aus Accept-Language."), oneOf("de", "en"), "de")
}

func languageHeader() openapi.Parameter {
	return openapi.Parameter{Name: "Accept-Language", In: openapi.InHeader, Says: say("Language of sentences: de (default) or en.", "Sprache der Sätze: de (Vorgabe) oder en."),
		Schema: textSchema(), Example: "de"}
}

func siteFilter() openapi.Parameter {
	return many(inQuery("site", say("Only this site; may be said several times. Without it, every site the caller may see.",
		"Nur dieser Standort; mehrfach möglich. Ohne Angabe alle, die sichtbar sind."), idSchema(), "hafen"))
}

func limitParameter(most int64) openapi.Parameter {
	return inQuery("limit", say("Entries of a page at most. There is a next page when the header Link has rel=\"next\".",
		"Höchstzahl der Einträge einer Seite. Es gibt eine weitere Seite, wenn im Kopf Link rel=\"next\" steht."), numberSchema(1, most), "100")
}
