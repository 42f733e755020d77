package web

// frameWords are the sentences around every page, and of the page shown when
// something went wrong.
func frameWords() map[string]sentence {
	return map[string]sentence{
		"skip":           {"Zum Inhalt springen", "Skip to content"},
		"overview":       {"Überblick", "Overview"},
		"meters":         {"Zählerzustand", "Meter health"},
		"api":            {"Schnittstelle", "API"},
		"nav":            {"Hauptmenü", "Main menu"},
		"other":          {"English", "Deutsch"},
		"otherLang":      {"en", "de"},
		"never":          {"noch nie", "never"},
		"simulated":      {"Simulierte Anlage: Diese Werte stammen aus einem Modell, nicht aus einem wirklichen Rechenzentrum.", "Simulated plant: these values come from a model, not from a real data centre."},
		"simulated.some": {"Mit „simuliert“ bezeichnete Standorte sind Modelle, keine wirklichen Rechenzentren.", "Sites labelled “simulated” are models, not real data centres."},
		"simulated.tag":  {"simuliert", "simulated"},
		"absent":         {"keine Werte", "no values"},
		"table":          {"Tabelle: %s", "Table: %s"},
		"csv":            {"CSV-Datei: %s", "CSV file: %s"},
		"live":           {"Interaktiv anzeigen", "Show interactively"},
		"scroll":         {"%s (waagerecht verschiebbar)", "%s (scrolls sideways)"},

		"error.title":          {"Das hat nicht geklappt", "That did not work"},
		"error.back":           {"Zum Überblick", "To the overview"},
		"error.back.handin":    {"Zum Einreichen", "To handing in"},
		"error.back.published": {"Zu dem, was veröffentlicht ist", "To what is published"},
		"error.404":            {"Unter dieser Adresse gibt es hier nichts, das Sie sehen dürfen.", "There is nothing at this address that you may see."},
		"error.401":            {"Diese Seite ist nicht öffentlich: Sie brauchen einen Zugang. Fragen Sie die Stelle, die diesen Dienst betreibt.", "This page is not public: you need access. Ask whoever runs this service."},
		"error.403":            {"Ihr Zugang erlaubt das nicht. Fragen Sie die Stelle, die diesen Dienst betreibt.", "Your access does not allow this. Ask whoever runs this service."},
		"error.400":            {"So lässt sich das nicht beantworten: %s", "This cannot be answered as it was asked: %s"},
		"error.429":            {"Das waren zu viele Anfragen auf einmal. Versuchen Sie es in %s Sekunden noch einmal.", "These were too many requests at once. Try again in %s seconds."},
		"error.503":            {"Die Datenbank antwortet gerade nicht. Versuchen Sie es in einigen Sekunden noch einmal.", "The database does not answer right now. Try again in a few seconds."},
		"error.500":            {"Hier ist etwas schiefgegangen; das Protokoll des Dienstes sagt, was.", "Something went wrong here; the log of the service says what."},

		"footer":          {"Alle Dateien dieser Seite kommen von diesem Rechner; es werden keine Dienste Dritter aufgerufen. Ein Cookie gibt es nur, wenn Sie sich anmelden.", "All files of this page come from this host; no third party is asked. There is a cookie only when you sign in."},
		"footer.licences": {"Diagramme: Apache ECharts (Apache-2.0). Schrift: Atkinson Hyperlegible Next (OFL-1.1).", "Charts: Apache ECharts (Apache-2.0). Typeface: Atkinson Hyperlegible Next (OFL-1.1)."},
	}
}
