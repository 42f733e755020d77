package web

// paperFactWords are the sentences beside the facts of agreements, exemptions and other
// papers: in which form a rule reads them, and what is meant.
func paperFactWords() map[string]sentence {
	return map[string]sentence{
		"papers.choose":    {"Felder dieser Art zeigen", "Show the fields of this kind"},
		"papers.asked":     {"Was Regeln dazu wissen wollen", "What rules want to know of it"},
		"papers.askedby":   {"Gefragt von: %s.", "Asked for by: %s."},
		"papers.nothing":   {"keine Angabe", "not stated"},
		"paperhint.day":    {"Ein Tag.", "A day."},
		"paperhint.year":   {"Ein Kalenderjahr, etwa 2025.", "A calendar year, such as 2025."},
		"paperhint.amount": {"Eine Zahl, mit Komma oder Punkt.", "A number, with a point or a comma."},
		"paperhint.choice": {"Wie es im Dokument heißt.", "As the document calls it."},
		"paperhint.text":   {"Was das Dokument sagt, oder wo es dort steht. Leer, wenn es dort fehlt.", "What the document says, or where it stands there. Empty where it is not there."},

		"paperhint:partner":                  {"Gemeinde oder Betreiber eines Wärmenetzes, mit Namen.", "A municipality or the operator of a heat network, by name."},
		"paperhint:investment_plan":          {"Wo er steht, etwa Anlage 1.", "Where it stands, such as annex 1."},
		"paperhint:connection_cost_rule":     {"Wer welche Kosten trägt, oder wo es steht, etwa § 5.", "Who bears which costs, or where it stands, such as section 5."},
		"paperhint:heat_price":               {"Betrag mit Einheit, etwa 0,04 EUR/kWh, oder wo er steht, etwa § 6.", "An amount with its unit, such as 0.04 EUR/kWh, or where it stands, such as section 6."},
		"paperhint:network_ready_by":         {"Höchstens zehn Jahre nach dem Tag, ab dem die Vereinbarung gilt.", "At most ten years after the day from which the agreement holds."},
		"paperhint:recipient":                {"Gemeinde oder Betreiber eines Wärmenetzes, mit Namen.", "A municipality or the operator of a heat network, by name."},
		"paperhint:offered_on":               {"Der Tag, an dem das Angebot zuging. Es befreit erst sechs Monate danach.", "The day on which the offer was received. It frees only six months later."},
		"paperhint:accepted_on":              {"Nur wenn das Angebot angenommen wurde; dann befreit es nicht.", "Only where the offer was accepted; it frees nobody then."},
		"paperhint:at_production_cost":       {"Ja, oder wo es steht.", "Yes, or where it stands."},
		"paperhint:transfer_station_ready":   {"Ja, oder wo es steht.", "Yes, or where it stands."},
		"paperhint:plot_kept_free":           {"Ja, oder wo es steht.", "Yes, or where it stands."},
		"paperhint:without_fault":            {"Ja, oder wo es steht.", "Yes, or where it stands."},
		"paperhint:no_feasible_connection":   {"Ja, oder wo es steht.", "Yes, or where it stands."},
		"paperhint:security_exception":       {"Ja, oder wo es steht.", "Yes, or where it stands."},
		"paperhint:force_majeure":            {"Was geschah. Es zählt an den Tagen, an denen das Dokument gilt.", "What happened. It counts on the days on which the document holds."},
		"paperhint:event_accepted_on":        {"Ohne ihn zählt das Ereignis nicht.", "Without it the event does not count."},
		"paperhint:reused_energy_to_network": {"Anteil an der genutzten Abwärme, etwa 62,5.", "Share of the reused waste heat, such as 62.5."},
		"paperhint:average_final_energy":     {"Im Mittel der letzten drei Kalenderjahre.", "On average of the last three calendar years."},
		"paperhint:company_average_energy":   {"Im Mittel der letzten drei Kalenderjahre, vom ganzen Unternehmen.", "On average of the last three calendar years, of the whole company."},
		"paperhint:nearest_network":          {"Wie weit es bis zum nächsten bestehenden oder geplanten Wärmenetz ist.", "How far it is to the next existing or planned heat network."},
		"paperhint:kept_years":               {"Wie viele Jahre Messwerte aufgehoben werden.", "For how many years readings are kept."},
	}
}
