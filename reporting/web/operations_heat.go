package web

import (
	"heatledger/heatmap/atlas"
	"heatledger/reporting/openapi"
)

// heatOperations are what planners ask: which sources of heat there are, what each
// gives, and how much of it several secure together. Everybody may ask; what each sees
// says package atlas.
func (s *Server) heatOperations() group {
	refused := []string{"bad_token", "not_allowed", "bad_time", "bad_period", "bad_share", "bad_machine"}
	return group{openapi.Tag{Name: "heat", Says: say("Sources of heat for planners, as far as whoever asks may see them.", "Wärmequellen für die Wärmeplanung, soweit sie sichtbar sind.")}, []operation{
		{"GET /api/v1/heat/sources", anybody, s.listHeatSources, openapi.Operation{ID: "listHeatSources",
			Summary: say("Sources of heat that the caller may see", "Wärmequellen, die sichtbar sind"),
			Says: say("Whoever may read a site sees all of its heat; planners what was agreed; everybody what was published, and of the rest classes. A source of which nothing may be seen is not there. The header Heatledger-Fact is given once for each source, as SITE=FACT.",
				"Wer einen Standort lesen darf, sieht seine ganze Wärme; die Wärmeplanung, was vereinbart ist; alle, was veröffentlicht ist, und sonst Klassen. Eine Quelle, von der nichts sichtbar ist, steht nicht da. Der Kopf Heatledger-Fact steht einmal je Quelle, als STANDORT=FAKT."),
			Parameters: paged(heatPeriodParameter(), availabilityParameter(), recoverableParameter(), languageParameter(), languageHeader(), formatParameter("json", "csv"), knownAtParameter()),
			Answers:    answers(say("Each source in a line, by id.", "Jede Quelle in einer Zeile, nach Kennung."), asJSON([]heatSource{}), asCSV()),
			Refuses:    append([]string{"bad_format", "bad_number", "bad_limit"}, refused...)}},
		{"GET /api/v1/heat/sources/{site}", anybody, s.showHeatSource, openapi.Operation{ID: "showHeatSource",
			Summary: say("The sheet of a source of heat", "Das Datenblatt einer Wärmequelle"),
			Says: say("Bands by month, hour and kind of day, duration curve, outages, temperatures, trend, secured power, months, contracts; each by what it rests on and what limited it. What is absent says why. With target_c, target_return_c and quality, what a heat pump makes of it (Lorenz).",
				"Bänder nach Monat, Stunde und Tagesart, Dauerlinie, Ausfälle, Temperaturen, Trend, gesicherte Leistung, Monate, Verträge; jeweils worauf es beruht und was es begrenzt. Was fehlt, sagt warum. Mit target_c, target_return_c und quality, was eine Wärmepumpe daraus macht (Lorenz)."),
			Parameters: []openapi.Parameter{sitePart(), heatPeriodParameter(), availabilityParameter(), recoverableParameter(),
				numberParameter("wanted_kw", say("Power that a taker wants, in kW.", "Leistung, die gebraucht wird, in kW."), "250"),
				numberParameter("wanted_c", say("Flow temperature that a taker wants, in °C.", "Vorlauftemperatur, die gebraucht wird, in °C."), "35"),
				numberParameter("target_c", say("Flow of the network behind a heat pump, in °C.", "Vorlauf des Netzes hinter einer Wärmepumpe, in °C."), "70"),
				numberParameter("target_return_c", say("Its return, in °C.", "Sein Rücklauf, in °C."), "45"),
				numberParameter("quality", say("Quality grade of the heat pump, up to 1.", "Gütegrad der Wärmepumpe, bis 1."), "0.5"),
				numberParameter("spread_k", say("By how many kelvins the source is cooled where its return is not measured.", "Um wie viel Kelvin die Quelle abgekühlt wird, wo ihr Rücklauf nicht gemessen ist."), "8"),
				languageParameter(), languageHeader(), knownAtParameter()},
			Answers: answers(say("The sheet.", "Das Datenblatt."), asJSON(heatSheet{})),
			Refuses: append([]string{"no_source", "not_known_then"}, refused...)}},
		{"GET /api/v1/heat/sources/{site}/series", anybody, s.showHeatSeries, openapi.Operation{ID: "showHeatSeries",
			Summary: say("The heat of a source, step by step", "Die Wärme einer Quelle, Schritt für Schritt"),
			Says:    say("For whoever may see its hours, within what was agreed; at most 400 days at once, as Parquet whole, else in pages.", "Für alle, die ihre Stunden sehen dürfen, soweit es vereinbart ist; höchstens 400 Tage auf einmal, als Parquet ganz, sonst in Seiten."),
			Parameters: []openapi.Parameter{sitePart(), fromParameter(), toParameter(),
				inQuery("step", say("Length of the steps; without it an hour.", "Länge der Schritte; ohne Angabe eine Stunde."), oneOf("15m", "1h"), "1h"),
				inQuery("kind", say("Kind of heat; without it the best of what is known of what the source can give.", "Art der Wärme; ohne Angabe das Beste, was über das Angebot bekannt ist."), oneOf(atlas.Kinds()...), "delivered"),
				recoverableParameter(), limitParameter(pageLimit), formatParameter("json", "csv", "columns", "parquet"), knownAtParameter()},
			Answers: answers(say("The series; a step of which nothing is known has no power.", "Die Reihe; ein Schritt, von dem nichts bekannt ist, hat keine Leistung."), asJSON(openapi.OneOf{[]heatStep{}, heatColumns{}}), asCSV(), asFile(parquetKind)),
			Refuses: append([]string{"no_source", "not_known_then", "too_fine", "bad_step", "bad_heat_kind", "bad_format", "bad_limit"}, refused...)}},
		{"GET /api/v1/heat/secured", anybody, s.showHeatSecured, openapi.Operation{ID: "showHeatSecured",
			Summary:    say("The power that several sources secure together", "Die Leistung, die mehrere Quellen zusammen sichern"),
			Says:       say("Added up hour by hour, for they do not fail at the same time; over the hours in which all are known.", "Stunde für Stunde addiert, denn sie fallen nicht zugleich aus; über die Stunden, in denen alle bekannt sind."),
			Parameters: []openapi.Parameter{must(many(inQuery("site", say("A source; said several times.", "Eine Quelle; mehrfach."), idSchema(), "hafen"))), heatPeriodParameter(), availabilityParameter(), recoverableParameter(), knownAtParameter()},
			Answers:    answers(say("The secured power of all, and of each.", "Die gesicherte Leistung aller zusammen, und jeder einzelnen."), asJSON(heatSecuredTogether{})),
			Refuses:    append([]string{"no_source", "not_known_then", "too_fine", "no_hours", "too_many_items"}, refused...)}},
	}}
}

func heatPeriodParameter() openapi.Parameter {
	p := periodParameter()
	p.Required = false
	return p
}

func availabilityParameter() openapi.Parameter {
	return numberParameter("availability", say("Share of the hours in which the secured power is there; without it 0.98. Classes are always those of 0.98.", "Anteil der Stunden, in denen die gesicherte Leistung da ist; ohne Angabe 0,98. Klassen gelten immer für 0,98."), "0.98")
}

func recoverableParameter() openapi.Parameter {
	return numberParameter("recoverable", say("Where heat is derived from the IT load: which share of it can be had. Without it all, which is the most there can be.", "Wo Wärme aus der IT-Last abgeleitet wird: welcher Anteil nutzbar ist. Ohne Angabe alles, mehr kann es nicht sein."), "0.9")
}

// numberParameter is a number above zero.
func numberParameter(name string, says openapi.Text, example string) openapi.Parameter {
	return inQuery(name, says, openapi.Schema{"type": "number", "exclusiveMinimum": 0}, example)
}
