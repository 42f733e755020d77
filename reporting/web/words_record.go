package web

// recordWords are the sentences about exchanges of meters, agreements and exemptions
// that a person records.
func recordWords() map[string]sentence {
	return map[string]sentence{
		"events.of":            {"Fall schließen: %s", "Close a case: %s"},
		"events.lead":          {"Fiel ein Zählerstand, weil der Zähler getauscht wurde, gehört der letzte Stand des alten und der erste des neuen dazu. Fiel er ohne Tausch, bestätigen Sie den Rücksprung. Eingetragen wird unter denselben Prüfungen wie mit der Registerdatei.", "If a counter fell because the meter was exchanged, the last state of the old one and the first of the new one belong to it. If it fell without an exchange, confirm the reset. It is recorded under the same checks as with the registry file."},
		"events.kind":          {"Was geschah", "What happened"},
		"event:meter_exchange": {"Zählertausch", "Exchange of the meter"}, "event:confirmed_reset": {"bestätigter Rücksprung", "Confirmed reset"},
		"events.meter":     {"Zähler", "Meter"},
		"events.point":     {"Zählwerk (Messpunkt)", "Counter (point)"},
		"events.choose":    {"Weiter", "Continue"},
		"events.other":     {"anderes Zählwerk", "Another counter"},
		"events.at":        {"Wann", "When"},
		"events.final":     {"letzter Stand des alten (%s)", "Last state of the old one (%s)"},
		"events.start":     {"erster Stand des neuen (%s)", "First state of the new one (%s)"},
		"events.others":    {"Alle Zählwerke desselben Zählers werden getauscht. Wo der letzte oder der erste Stand leer bleibt, fehlt die Zeit um den Tausch.", "All counters of the meter are exchanged. Where the last or the first state stays empty, the time around the exchange is missing."},
		"events.exchange":  {"Nur bei einem Zählertausch", "Only when the meter was exchanged"},
		"events.oldserial": {"Nummer des alten Zählers", "Number of the old meter"},
		"events.newserial": {"Nummer des neuen Zählers", "Number of the new meter"},
		"events.oldfactor": {"Faktor des alten (leer: 1)", "Factor of the old one (empty: 1)"},
		"events.newfactor": {"Faktor des neuen (leer: 1)", "Factor of the new one (empty: 1)"},
		"record":           {"Eintragen", "Record"},
		"papers.of":        {"Vereinbarung oder Ausnahme eintragen: %s", "Record an agreement or exemption: %s"},
		"papers.lead":      {"Eingetragen wird unter denselben Prüfungen wie mit der Registerdatei. Der Beleg wird an seinem Inhalt erkannt, unter seiner Prüfsumme aufgehoben und nie im Browser dargestellt: PDF, PNG, JPEG, CSV oder XLSX, höchstens 25 MiB.", "It is recorded under the same checks as with the registry file. The document is known by its content, kept by its digest and never shown in the browser: PDF, PNG, JPEG, CSV or XLSX, at most 25 MiB."},
		"papers.id":        {"Kennung (Kleinbuchstaben, Ziffern, Bindestriche)", "Id (lower-case letters, digits, hyphens)"},
		"papers.kind":      {"Art", "Kind"},
		"papers.title":     {"Titel", "Title"},
		"papers.from":      {"gilt ab", "Valid from"},
		"papers.to":        {"gilt bis einschließlich", "Valid to, included"},
		"papers.facts":     {"Weitere Angaben, je Zeile NAME: WERT (etwa grid_operator: Stadtwerke)", "Further facts, NAME: VALUE a line (such as grid_operator: Stadtwerke)"},
		"papers.file":      {"Beleg (darf fehlen)", "Document (may be left out)"},
		"paper:agreement":  {"Vereinbarung", "Agreement"}, "paper:offer": {"Angebot", "Offer"}, "paper:contract": {"Vertrag", "Contract"}, "paper:certificate": {"Zertifikat", "Certificate"}, "paper:calibration": {"Kalibrierung", "Calibration"}, "paper:report": {"Bericht", "Report"}, "paper:other": {"anderes", "Other"},
		"events.nav": {"Fall schließen", "Close a case"}, "papers.nav": {"Nachweis eintragen", "Record evidence"},
		"papers.list": {"Nachweise", "Evidence"},
		"papers.read": {"Vereinbarungen und Ausnahmen: %s", "Agreements and exemptions: %s"}, "papers.read.lead": {"Was das Amt an Nachweisen zu diesem Standort eingetragen hat.", "What evidence about this site the office has recorded."},
		"papers.none":  {"Es ist nichts eingetragen.", "Nothing is recorded."},
		"papers.known": {"Was eingetragen ist", "What is recorded"},
	}
}
