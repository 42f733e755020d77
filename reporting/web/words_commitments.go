package web

// commitmentWords are the sentences about commitments and what is judged of them.
func commitmentWords() map[string]sentence {
	return map[string]sentence{
		"commitments":           {"Zusagen und Pflichten", "Commitments and duties"},
		"commitments.nav":       {"Zusagen", "Commitments"},
		"commitments.city":      {"Zusagen und Pflichten der Stadt", "Commitments and duties in the city"},
		"commitments.city.lead": {"Wie es am %s um jede Zusage und jede Pflicht steht, für den letzten abgeschlossenen und den laufenden Zeitraum. Was nicht gemessen oder nachgewiesen ist, gilt als nicht feststellbar.", "How each commitment and duty stands on %s, for the last closed and the running period. What is not measured or proven is undetermined."},
		"commitments.city.none": {"Hier steht keine Zusage oder Pflicht.", "There is no commitment or duty here."},
		"all":                   {"alle", "all"},
		"commitments.none":      {"Für diesen Standort ist keine Zusage oder Pflicht eingetragen.", "No commitment or duty is registered for this site."},
		"commitments.lead":      {"Wie es heute um sie steht, für den letzten abgeschlossenen und den laufenden Zeitraum.", "How they stand today, for the last closed and the running period."},
		"commitment":            {"Zusage", "Commitment"},
		"period":                {"Zeitraum", "Period"},
		"verdict":               {"Urteil", "Verdict"},
		"because":               {"Begründung", "Reason"},
		"final":                 {"endgültig", "final"},
		"provisional":           {"vorläufig bis %s", "provisional until %s"},
		"verdict:met":           {"eingehalten", "kept"}, "verdict:missed": {"verfehlt", "missed"}, "verdict:on_track": {"auf Kurs", "on track"}, "verdict:at_risk": {"gefährdet", "at risk"},
		"verdict:undetermined": {"nicht feststellbar", "undetermined"}, "verdict:not_due": {"noch nicht fällig", "not yet due"}, "verdict:exempt": {"ausgenommen", "exempt"},
	}
}
