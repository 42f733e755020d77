package web

// apiWords are those of the page that documents the API.
func apiWords() map[string]sentence {
	return map[string]sentence{
		"api.title":      {"Die Schnittstelle für Programme", "The API for programs"},
		"api.lead":       {"Jede Anfrage, die Programme stellen können, mit einem Beispiel. Diese Seite entsteht aus derselben Tabelle, die die Anfragen beantwortet.", "Every request that programs can make, with an example. This page is made from the same table that answers the requests."},
		"api.document":   {"Als OpenAPI 3.1, für Generatoren von Clients: ", "As OpenAPI 3.1, for generators of clients: "},
		"api.token":      {"TOKEN ist ein Zugangsschlüssel: heatledger token create, oder die Seite Zugangsschlüssel.", "TOKEN is an API token: heatledger token create, or the page of tokens."},
		"api.errors":     {"Fehler sind RFC 9457 (application/problem+json); nach dem Feld code kann ein Programm verzweigen. Listen werden geblättert: Link rel=\"next\" nennt die nächste Seite. Antworten mit dem Kopf Heatledger-Fact haben ein schwaches ETag; mit If-None-Match wird 304 geantwortet, solange nichts Neues bekannt ist.", "Errors are RFC 9457 (application/problem+json), with the member code for programs to branch on. Lists come in pages: Link rel=\"next\" names the next. Answers with the header Heatledger-Fact have a weak ETag; with If-None-Match they are 304 while nothing new is known."},
		"api.limits":     {"Ein Aufrufer darf %s Anfragen in der Sekunde stellen, und %s auf einmal; darüber wird 429 geantwortet, und Retry-After sagt, wann es weitergeht.", "A caller may make %s requests a second, and %s at once; beyond, the answer is 429, and Retry-After says when to come back."},
		"api.contents":   {"Themen", "Topics"},
		"api.parameters": {"Parameter", "Parameters"},
		"api.name":       {"Name", "Name"},
		"api.where":      {"Wo", "Where"},
		"api.kind":       {"Werte", "Values"},
		"api.says":       {"Bedeutung", "Meaning"},
		"api.example":    {"Beispiel", "Example"},
		"api.in.path":    {"im Pfad", "in the path"},
		"api.in.query":   {"hinter ?", "behind ?"},
		"api.in.header":  {"im Kopf", "header"},
		"api.required":   {"nötig", "required"},
		"api.number":     {"ganze Zahl", "whole number"},
		"api.text":       {"Text", "text"},
		"api.body":       {"Inhalt", "Body"},
		"api.answers":    {"Antworten", "Answers"},
		"api.status":     {"Status", "Status"},
		"api.code":       {"Form oder Code", "Form or code"},
	}
}
