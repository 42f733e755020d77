package web

// publicationWords are the sentences about what is decided to become public.
func publicationWords() map[string]sentence {
	return map[string]sentence{
		"decisions":          {"Entscheidungen über die Veröffentlichung", "Decisions on publication"},
		"decision.none":      {"Hier ist nichts entschieden: Nichts ist öffentlich.", "Nothing was decided here: nothing is public."},
		"decision.terms":     {"Zeitraum %s bis %s, je %s, %s Tage nach dessen Ende.", "Period %s to %s, by %s, %s days after its end."},
		"decision.agreement": {"Vereinbarung: %s.", "Agreement: %s."},
		"decision.successor": {"An seine Stelle tritt Urteil %s.", "Judgement %s takes its place."},
		"decision.done":      {"bestätigt und vollzogen", "confirmed and done"},
		"decision.own":       {"Sie haben es vorgeschlagen: Jemand anders muss es bestätigen.", "You proposed it: somebody else has to confirm it."},
		"decision.confirm":   {"Bestätigen", "Confirm"},
		"decision.reject":    {"Ablehnen", "Reject"},
		"decision.revoke":    {"Aufheben", "Revoke"},
		"decision.this":      {"%s: Entscheidung %s", "%s decision %s"},

		"decision.step:propose": {"vorgeschlagen", "proposed"}, "decision.step:confirm": {"bestätigt", "confirmed"}, "decision.step:reject": {"abgelehnt", "rejected"}, "decision.step:revoke": {"aufgehoben", "revoked"},
		"decision:proposed": {"vorgeschlagen, wartet auf eine zweite Person", "proposed, waits for a second person"}, "decision:confirmed": {"bestätigt, gilt", "confirmed, in force"},
		"decision:rejected": {"abgelehnt", "rejected"}, "decision:revoked": {"aufgehoben", "revoked"},
		"act:publish": {"Urteil %s veröffentlichen", "Publish judgement %s"}, "act:withdraw": {"Urteil %s zurücknehmen", "Withdraw judgement %s"}, "act:correct": {"Urteil %s berichtigen", "Correct judgement %s"},
		"class:public_by_law": {"kraft Gesetzes öffentlich (vom Betreiber erklärt)", "public by law (declared by the operator)"}, "class:by_agreement": {"öffentlich nach Vereinbarung (gemessen)", "public by agreement (metered)"},
		"class:aggregate_only": {"nur in Summen über mindestens drei Betreiber", "only in sums over three operators or more"}, "class:restricted": {"beschränkt", "restricted"}, "class:internal": {"intern", "internal"},
		"resolution:year": {"Jahr", "year"}, "resolution:month": {"Monat", "month"}, "resolution:hour": {"Stunde", "hour"},

		"publication":             {"Veröffentlichung", "Publication"},
		"publication.of":          {"Was veröffentlicht wird: %s", "What is published: %s"},
		"publication.lead":        {"Nichts ist öffentlich, was nicht eine Person vorgeschlagen und eine andere bestätigt hat.", "Nothing is public that one person has not proposed and another confirmed."},
		"publication.new":         {"Neuer Vorschlag", "New proposal"},
		"publication.class":       {"Klasse", "Class"},
		"publication.what":        {"Kennzahlen", "Figures"},
		"publication.declared":    {"Was der Betreiber erklärt hat", "What the operator declared"},
		"publication.others":      {"Dasselbe auch für andere Standorte vorschlagen", "Propose the same for other sites too"},
		"publication.others.lead": {"Jeder Standort bekommt eine eigene Entscheidung.", "Each site gets a decision of its own."},
		"publication.made":        {"Was aus den Vorschlägen wurde", "What became of the proposals"},
		"publication.from":        {"vom", "From"},
		"publication.to":          {"bis einschließlich", "To, included"},
		"publication.resolution":  {"Auflösung", "Resolution"},
		"publication.delay":       {"Tage nach dem Ende des Zeitraums", "Days after the end of the period"},
		"publication.agreement":   {"Vereinbarung", "Agreement"},
		"publication.noagree":     {"keine", "none"},
		"publication.why":         {"Begründung, Beschluss", "Reason, resolution"},
		"publication.propose":     {"Vorschlagen", "Propose"},
	}
}
