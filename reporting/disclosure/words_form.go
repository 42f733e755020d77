package disclosure

// formWords are those of all forms alike.
func formWords() map[string]sentence {
	return map[string]sentence{
		"form:enefg-annex3":  {"Meldung nach Anlage 3 EnEfG", "Report by Annex 3 EnEfG"},
		"form:eu-2024-1364":  {"Meldung nach der Delegierten Verordnung (EU) 2024/1364", "Report by Delegated Regulation (EU) 2024/1364"},
		"form:heat-platform": {"Zeile für die Plattform für Abwärme", "Row for the platform for waste heat"},
		"form:customers":     {"Aufstellung für Kunden nach § 15 EnEfG", "Statement for customers by § 15 EnEfG"},
		"form:wpg-annex1":    {"Daten für die Wärmeplanung, Anlage 1 Nr. 4 WPG", "Data for heat planning, Annex 1 no. 4 WPG"},
		"form:ghg-scope2":    {"Emissionen Scope 2 nach GHG Protocol", "Emissions of scope 2 by the GHG Protocol"},

		"to:enefg-annex3":  {"an das Register für Rechenzentren des Bundes; vom Betreiber zugleich zu veröffentlichen", "to the federal register of data centres; the operator has to publish it too"},
		"to:eu-2024-1364":  {"an die Datenbank der Union, über das nationale Verfahren", "to the database of the Union, by the national procedure"},
		"to:heat-platform": {"an die Bundesstelle für Energieeffizienz", "to the federal agency for energy efficiency"},
		"to:customers":     {"vom Betreiber an jeden Kunden; jeder erhält nur seine Zeile", "from the operator to each customer, who gets his own row only"},
		"to:wpg-annex1":    {"an die planungsverantwortliche Stelle", "to the body responsible for heat planning"},
		"to:ghg-scope2":    {"für den eigenen Bericht", "for one's own report"},

		"class:public_by_law":  {"vom Betreiber zu veröffentlichen (§ 13 EnEfG): seine erklärten Angaben; gemessene Werte nur nach Vereinbarung", "to be published by the operator (§ 13 EnEfG): what he declares; metered values by agreement only"},
		"class:aggregate_only": {"nur zusammengefasst: Angaben zum einzelnen Rechenzentrum sind vertraulich", "in aggregates only: what concerns one data centre is confidential"},
		"class:restricted":     {"nicht öffentlich", "not public"},

		"head.site": {"Standort", "Site"}, "head.year": {"Jahr", "Year"}, "head.to": {"geht", "Goes"}, "head.due": {"fällig", "Due"},
		"head.citation": {"Grundlage", "Basis in law"}, "head.publication": {"Veröffentlichung", "Publication"}, "head.status": {"Stand", "Status"},
		"head.fact": {"Datenfassung", "Data version"}, "head.asknown": {"Stand der Daten", "Known as of"}, "head.digest": {"Prüfsumme SHA-256", "SHA-256 digest"},
		"head.checkpoint": {"Prüfpunkt des Protokolls", "Checkpoint of the log"}, "head.complete": {"Vollständigkeit", "Completeness"}, "head.notes": {"Hinweise", "Notes"},
		"complete": {"%s von %s Feldern haben einen Wert", "%s of %s fields have a value"},
		"due.none": {"auf Verlangen", "on request"}, "status:final": {"endgültig", "final"}, "status:provisional": {"vorläufig", "provisional"},

		"missing":    {"Was fehlt", "What is missing"},
		"missing.no": {"Es fehlt nichts: Jedes Feld hat einen Wert.", "Nothing is missing: every field has a value."},
		"incomplete": {"Nicht das ganze Jahr bekannt", "Not known for the whole year"}, "fields": {"Felder", "Fields"}, "sources": {"Woher die Werte kommen", "Where the values come from"},
		"columns":      {"Drei Spalten", "Three columns"},
		"columns.lead": {"Was hier gemessen ist, was uns erklärt wurde und was im Register steht. Die Abweichung bezieht sich auf die erste Spalte mit einem Wert.", "What is metered here, what was declared to us and what the register publishes. The difference is to the first column with a value."},
		"sheet.form":   {"Formular", "Form"}, "sheet.missing": {"Was fehlt", "Missing"}, "sheet.columns": {"Drei Spalten", "Three columns"}, "sheet.sources": {"Quellen", "Sources"}, "sheet.about": {"Über", "About"},

		"number": {"Nr.", "No."}, "field": {"Feld", "Field"}, "value": {"Wert", "Value"}, "unit": {"Einheit", "Unit"}, "basis": {"Grundlage", "Basis"},
		"coverage": {"Energie bekannt", "Energy known"}, "uncertainty": {"Unsicherheit (k = 2)", "Uncertainty (k = 2)"}, "standard": {"Norm", "Standard"},
		"remedy": {"Was den Wert ergäbe", "What would give it"}, "metered": {"hier gemessen", "metered here"}, "declared": {"uns erklärt", "declared to us"}, "published": {"im Register", "in the register"},
		"code": {"Kennung", "Code"}, "source": {"Quelle", "Source"}, "document": {"Beleg", "Document"}, "note": {"Hinweis", "Note"}, "kind": {"Art", "Kind"},
		"unconfirmed": {"Spalte nicht amtlich bestätigt", "column not confirmed officially"}, "or": {"– oder", "– or"}, "and": {"und", "and"}, "status": {"Stand", "Status"},

		"basis:measured": {"gemessen", "measured"}, "basis:declared": {"erklärt", "declared"}, "basis:mixed": {"gemessen und erklärt", "measured and declared"}, "basis:calculated": {"berechnet", "calculated"},
		"by:municipality": {"der Kommune", "to the municipality"}, "by:federal_register": {"Register des Bundes", "federal register"}, "by:heat_platform": {"Plattform für Abwärme", "platform for waste heat"}, "by:union_database": {"Datenbank der Union", "database of the Union"},
		"source:point": {"Messstelle", "point"}, "source:figure": {"Kennzahl", "figure"}, "source:fact": {"Angabe", "fact"}, "source:registry": {"Stammdaten", "registry"}, "source:declaration": {"Erklärung", "declaration"}, "source:evidence": {"Nachweis", "evidence"}, "source:grid": {"Netzdaten", "grid data"},

		"month:1": {"Januar", "January"}, "month:2": {"Februar", "February"}, "month:3": {"März", "March"}, "month:4": {"April", "April"}, "month:5": {"Mai", "May"}, "month:6": {"Juni", "June"},
		"month:7": {"Juli", "July"}, "month:8": {"August", "August"}, "month:9": {"September", "September"}, "month:10": {"Oktober", "October"}, "month:11": {"November", "November"}, "month:12": {"Dezember", "December"},

		"value:below": {"darunter", "below"}, "value:not_below": {"nicht darunter", "not below"}, "value:none": {"keine", "none"}, "value:yes": {"ja", "yes"}, "value:no": {"nein", "no"},
		"value:enterprise": {"Unternehmensrechenzentrum", "enterprise"}, "value:colocation": {"Colocation", "colocation"}, "value:co-hosting": {"Co-Hosting", "co-hosting"},
		"value:structure": {"ein Gebäude", "structure"}, "value:group of structures": {"Gruppe von Gebäuden", "group of structures"},
	}
}
