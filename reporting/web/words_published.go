package web

// publishedWords are the sentences about what is public.
func publishedWords() map[string]sentence {
	return map[string]sentence{
		"published.number":                    {"Urteil Nr. %s", "Verdict no. %s"},
		"published":                           {"Veröffentlicht", "Published"},
		"published.lead":                      {"Was zwei Menschen der Stadt zur Veröffentlichung entschieden haben. Gemessenes und vom Betreiber Erklärtes stehen getrennt und werden nicht miteinander verglichen.", "What two people of the town decided to publish. What is metered and what the operator declared stand apart and are not compared."},
		"published.none":                      {"Noch ist nichts veröffentlicht.", "Nothing is published yet."},
		"published.judgements":                {"Urteile", "Judgements"},
		"published.on":                        {"veröffentlicht am %s", "published on %s"},
		"published.ended":                     {"%s am %s", "%s on %s"},
		"published.successor":                 {"An seine Stelle trat: Urteil %s", "In its place: judgement %s"},
		"published.reply":                     {"Der Betreiber erwiderte am %s", "The operator replied on %s"},
		"published.figures":                   {"Gemessene Kennzahlen, nach Vereinbarung", "Metered figures, by agreement"},
		"published.together":                  {"Nur gemeinsam: mehrere Standorte zusammen", "Only together: several sites at once"},
		"published.together.says":             {"Diese Standorte sind nach Entscheidung der Stadt nur gemeinsam zu sehen. Eine Summe steht hier, wenn mindestens drei Standorte dreier Betreiber in ihr sind, keiner sie fast allein ausmacht und sich auch aus dem Unterschied zu einer anderen veröffentlichten Zahl kein einzelner errechnen lässt.", "By decision of the town these sites are seen only together. A sum stands here when at least three sites of three operators are in it, none of them is nearly all of it, and none can be computed from its difference to another published number."},
		"published.sites":                     {"%s Standorte zusammen", "%s sites together"},
		"published.withheld.sites":            {"mehrere Standorte", "several sites"},
		"published.withheld":                  {"zurückgehalten", "held back"},
		"published.withheld.why":              {"es fehlen Werte, oder ein einzelner Standort ließe sich errechnen", "values are missing, or a single site could be computed"},
		"published.csv":                       {"Alles als CSV", "All as CSV"},
		"published.declarations":              {"Vom Betreiber erklärt", "Declared by the operator"},
		"published.lacking":                   {"nicht feststellbar: Messwerte fehlen", "undetermined: readings are missing"},
		"published.measured":                  {"gemessen, Abdeckung %s", "metered, coverage %s"},
		"published.note":                      {"Anmerkung", "Note"},
		"basis:measured":                      {"gemessen", "metered"},
		"basis:declared":                      {"laut Betreiber", "by the operator's word"},
		"basis:mixed":                         {"teils gemessen, teils laut Betreiber", "partly metered, partly by the operator's word"},
		"published.basis":                     {"Grundlage", "Basis"},
		"published.declared:federal_register": {"erklärt, veröffentlicht im Bundesregister", "declared, published in the federal register"}, "published.declared:heat_platform": {"erklärt, veröffentlicht auf der Plattform für Abwärme", "declared, published on the platform for waste heat"}, "published.declared:union_database": {"erklärt, veröffentlicht in der Datenbank der Union", "declared, published in the Union's database"},
	}
}
