package web

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/reporting/openapi"
)

// value is an interval as writeValues writes it.
type value struct {
	From             time.Time      `json:"from"`
	To               time.Time      `json:"to"`
	Value            *energy.Value  `json:"value"`
	Unit             energy.Unit    `json:"unit"`
	Quality          energy.Quality `json:"quality"`
	EnergyCoverage   float64        `json:"energy_coverage"`
	IntervalCoverage float64        `json:"interval_coverage"`
}

// columns is a series as writeColumns writes it.
type columns struct {
	T0   time.Time        `json:"t0"`
	Step string           `json:"step"`
	Unit energy.Unit      `json:"unit"`
	V    []*energy.Value  `json:"v"`
	Q    []energy.Quality `json:"q"`
}

// valueOperations are what is asked about measured values and the figures from them.
func (s *Server) valueOperations() group {
	return group{openapi.Tag{Name: "values", Says: say("Measured values, the figures from them, and what is odd about them.", "Messwerte, die Kennzahlen daraus, und was an ihnen auffällt.")}, []operation{
		{"GET /api/v1/sites/{site}/points/{point}/values", toRead, s.listValues, openapi.Operation{ID: "listValues",
			Summary: say("Values of a point", "Werte eines Messpunkts"),
			Says: say("Intervals (amount for energy and volume, time mean for power and temperature; an interval without a value is present with null), readings for step=raw, or columns.",
				"Intervalle (Menge bei Energie und Volumen, zeitliches Mittel bei Leistung und Temperatur; ein Intervall ohne Wert steht mit null da), Ablesungen bei step=raw, oder Spalten."),
			Parameters: []openapi.Parameter{sitePart(), pointPart(), fromParameter(), toParameter(),
				inQuery("step", say("Length of the intervals; raw gives the readings.", "Länge der Intervalle; raw gibt die Ablesungen."), oneOf("raw", "15m", "1h", "1d", "1mo"), "1h"),
				limitParameter(pageLimit), formatParameter("json", "csv", "columns"), knownAtParameter()},
			Answers: answers(say("The series.", "Die Reihe."), asJSON(openapi.OneOf{[]value{}, []reading{}, columns{}}), asCSV()),
			Refuses: []string{"no_site", "no_point", "not_known_then", "bad_time", "bad_period", "bad_step", "bad_format", "bad_limit"}}},
		{"GET /api/v1/sites/{site}/kpis", toRead, s.listFigures, openapi.Operation{ID: "listFigures",
			Summary:    say("Standard figures of a site", "Kennzahlen eines Standorts nach Norm"),
			Parameters: []openapi.Parameter{sitePart(), periodParameter(), formatParameter("json", "csv"), knownAtParameter()},
			Answers:    answers(say("Figures; a value that cannot be formed is null.", "Kennzahlen; was sich nicht bilden lässt, ist null."), asJSON([]figure{}), asCSV()),
			Refuses:    []string{"no_site", "not_known_then", "bad_time", "bad_period", "bad_format"}}},
		{"GET /api/v1/kpis", toRead, s.listPooled, openapi.Operation{ID: "listPooled",
			Summary: say("Figures of several sites together, in both ways that are in use", "Kennzahlen mehrerer Standorte zusammen, auf beide gebräuchlichen Weisen"),
			Says: say("The mean weighted with E_DC and the ratio of the sums. Neither may pass for the other. The header Heatledger-Fact is given once for each site, as SITE=FACT.",
				"Das mit E_DC gewichtete Mittel und das Verhältnis der Summen. Keines darf für das andere stehen. Der Kopf Heatledger-Fact steht einmal je Standort, als STANDORT=FAKT."),
			Parameters: []openapi.Parameter{periodParameter(),
				many(inQuery("kpi", say("Only this figure; may be said several times.", "Nur diese Kennzahl; mehrfach möglich."), oneOf(kpi.Poolable()...), "pue")),
				siteFilter(), formatParameter("json", "csv"), knownAtParameter()},
			Answers: answers(say("Each figure.", "Jede Kennzahl."), asJSON([]pooled{}), asCSV()),
			Refuses: []string{"no_site", "not_known_then", "bad_time", "bad_period", "bad_kpi", "bad_format"}}},
		{"GET /api/v1/sites/{site}/substitutes", toRead, s.listSubstitutes, openapi.Operation{ID: "listSubstitutes",
			Summary: say("Substitute values: by which method, why, and drawn from what", "Ersatzwerte: nach welchem Verfahren, warum und woraus"),
			Parameters: paged(sitePart(), periodParameter(),
				inQuery("point", say("Name of a point: only its own.", "Name eines Messpunkts: nur dessen."), idSchema(), "it-energy"), formatParameter("json", "csv"), knownAtParameter()),
			Answers: answers(say("Each gap that overlaps the period and has substitute values, by point, then time. Gaps are whole: they may begin before the period.",
				"Jede Lücke mit Ersatzwerten, die den Zeitraum berührt, nach Messpunkt und Zeit. Lücken sind ganz: sie können vorher beginnen."), asJSON([]substitute{}), asCSV()),
			Refuses: []string{"no_site", "no_point", "not_known_then", "bad_time", "bad_period", "bad_format", "bad_number", "bad_limit"}}},
		{"GET /api/v1/sites/{site}/findings", toRead, s.listFindings, openapi.Operation{ID: "listFindings",
			Summary: say("Findings of the validation rules", "Befunde der Prüfregeln"),
			Says:    say("The period is widened to whole local days and is at most 400 days long.", "Der Zeitraum wird auf ganze Tage vor Ort erweitert und ist höchstens 400 Tage lang."),
			Parameters: paged(sitePart(), fromParameter(), toParameter(),
				inQuery("meter", say("Only what concerns this meter and its points.", "Nur was diesen Zähler und seine Messpunkte betrifft."), idSchema(), "hafen-main"),
				languageHeader(), formatParameter("json", "csv"), knownAtParameter()),
			Answers: answers(say("Findings, the gravest first, then by time.", "Befunde, die schwersten zuerst, dann nach Zeit."), asJSON([]finding{}), asCSV()),
			Refuses: []string{"no_site", "not_known_then", "bad_time", "bad_period", "bad_format", "bad_number", "bad_limit"}}},
		{"GET /api/v1/sites/{site}/balance", toRead, s.listBalances, openapi.Operation{ID: "listBalances",
			Summary:    say("Balance of every node of the meter tree", "Bilanz jedes Knotens des Zählerbaums"),
			Parameters: paged(sitePart(), fromParameter(), toParameter(), formatParameter("json", "csv"), knownAtParameter()),
			Answers: answers(say("Each node in each whole month: what entered, what was measured behind it, the residual.",
				"Jeder Knoten in jedem ganzen Monat: was hineinging, was dahinter gemessen wurde, der Rest."), asJSON([]nodeBalance{}), asCSV()),
			Refuses: []string{"no_site", "not_known_then", "bad_time", "bad_period", "bad_format", "bad_number", "bad_limit"}}},
	}}
}
