package web

// healthWords are the sentences about how meters and collectors do.
func healthWords() map[string]sentence {
	return map[string]sentence{
		"account":         {"Messwerte", "Readings"},
		"account.kept":    {"%s aufgehoben", "%s kept"},
		"account.lost":    {"%s verloren", "%s lost"},
		"account.skipped": {"%s Termine ausgelassen", "%s slots left out"},
		"health.lead":     {"Wie es den Zählern geht, die hier gelesen werden. Ein Zähler, der schweigt, hinterlässt eine Lücke, keinen Nullwert.", "How the meters read here are doing. A meter that is silent leaves a gap, not a zero."},
		"health.none":     {"Dieser Rechner liest keine Zähler, oder Sie sehen nur einzelne Standorte.", "This process reads no meters, or you see single sites only."},
		"health.sum":      {"%s von %s Zählern antworten, und alle ihre Messpunkte werden gelesen.", "%s of %s meters answer with all their points read."},
		"collectors":      {"Sammler", "Collectors"},
		"collector":       {"Sammler", "Collector"},
		"collector.lead":  {"Rechner, die ihre Messwerte hierher senden, seit diese Zentrale läuft. Die Abweichung der Uhr enthält den Weg der Nachricht.", "Machines that send their readings here, since this centre was started. The clock's difference includes the message's way."},
		"lastSeen":        {"zuletzt gehört", "Last heard"},
		"clock":           {"Uhr gegen die Zentrale", "Clock against the centre"},
		"clock.ahead":     {"geht %s s vor", "%s s ahead"},
		"clock.behind":    {"geht %s s nach", "%s s behind"},
		"clock.apart":     {"falsch gestellt", "wrong"},
		"queuedThere":     {"dort wartende Messwerte", "Readings waiting there"},
		"state":           {"Zustand", "State"},
		"since":           {"seit", "Since"},
		"lastAnswer":      {"letzte Antwort", "Last answer"},
		"reason":          {"Grund", "Reason"},
		"connection":      {"Verbindung", "Connection"},
		"readings":        {"Messwerte", "Readings"},
		"quarantined":     {"nicht gelesene Messpunkte", "Points not read"},
		"state.starting":  {"startet: noch keine Antwort", "starting: no answer yet"},
		"state.healthy":   {"in Ordnung: antwortet, alle Messpunkte werden gelesen", "healthy: answers, all points are read"},
		"state.degraded":  {"eingeschränkt: antwortet, aber einzelne Messpunkte werden nicht gelesen", "degraded: answers, but some points are not read"},
		"state.silent":    {"schweigt: antwortet nicht", "silent: does not answer"},
		"retry":           {"nächster Versuch %s", "next try %s"},
	}
}
