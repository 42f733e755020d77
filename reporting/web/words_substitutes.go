package web

// substituteWords are the sentences about substitute values.
func substituteWords() map[string]sentence {
	return map[string]sentence{
		"substitutes":        {"Ersatzwerte", "Substitute values"},
		"substitutes.lead":   {"Wo Messwerte fehlten und das Register Ersatz anordnet: nach welchem Verfahren, aus welchem Grund und woraus die Werte gebildet wurden. In jeder Summe bleibt ihr Anteil ausgewiesen.", "Where readings were missing and the registry orders a substitute: by which method, for what reason and from what the values were drawn. Their share stays visible in every sum."},
		"substitutes.none":   {"In diesem Zeitraum gibt es keine Ersatzwerte.", "There are no substitute values in this period."},
		"substitutes.sum":    {"Lücken mit Ersatzwerten: %s. Davon kennt der Zähler bei %s die Summe; dort ist nur der Verlauf ersetzt.", "Gaps with substitute values: %s. Of %s of them the counter knows the total; there only the course is substituted."},
		"substitutes.period": {"Zeitraum", "Period"},
		"substitutes.form":   {"Zeitraum als Jahr, Monat oder Tag: 2025, 2025-06 oder 2025-06-03.", "Period as a year, a month or a day: 2025, 2025-06 or 2025-06-03."},
		"substitutes.amount": {"Menge", "Amount"},
		"substitutes.method": {"Verfahren", "Method"},
		"substitutes.drawn":  {"gebildet aus", "Drawn from"},
		"substitutes.total":  {"Summe vom Zähler bekannt", "total known from the counter"},
		"substitutes.codes":  {"Schlüssel des Verfahrens und des Grundes nach edi@energy MSCONS, wie BO4E sie im Oktober 2020 führt; spätere Ausgaben können andere haben.", "Codes of method and reason by edi@energy MSCONS as BO4E listed them in October 2020; later editions may have others."},
		"substitutes.of":     {"Ersatzwerte ansehen", "Show substitute values"},
	}
}
