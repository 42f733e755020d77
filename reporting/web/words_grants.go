package web

// grantWords are the sentences about rights, and about the tokens of programs.
func grantWords() map[string]sentence {
	return map[string]sentence{
		"tokens.title":      {"Schlüssel für Programme", "Tokens for programs"},
		"tokens.lead":       {"Ein Programm weist sich mit einem Schlüssel aus. Er gilt für genannte Standorte oder Messpunkte und kann jederzeit entzogen werden.", "A program shows who it is by a token. It is for named sites or points and can be revoked at any time."},
		"tokens.once":       {"Der neue Schlüssel, nur dieses eine Mal gezeigt", "The new token, shown this once"},
		"tokens.none":       {"Es gibt noch keinen Schlüssel.", "There is no token yet."},
		"tokens.make":       {"Schlüssel erstellen", "Make a token"},
		"tokens.name":       {"Name", "Name"},
		"tokens.may":        {"darf", "may"},
		"tokens.made":       {"erstellt", "made"},
		"tokens.used":       {"zuletzt benutzt", "last used"},
		"tokens.state":      {"Stand", "State"},
		"tokens.good":       {"gültig", "good"},
		"tokens.over":       {"abgelaufen oder entzogen", "expired or revoked"},
		"tokens.revoke":     {"Entziehen", "Revoke"},
		"tokens.revokethis": {"Entziehen: %s", "Revoke: %s"},

		"grant.role":        {"Rolle", "Role"},
		"grant.role.choose": {"– bitte wählen –", "– please choose –"},
		"grant.where":       {"Wo", "Where"},
		"grant.everywhere":  {"überall", "everywhere"},
		"grant.points":      {"Einzelne Messpunkte (STANDORT/PUNKT, durch Leerzeichen getrennt)", "Single points (SITE/POINT, separated by spaces)"},
		"grant.ends":        {"Endet am (dieser Tag gehört nicht mehr dazu)", "Ends on (that day is not part of it any more)"},
		"grant.until":       {"Endet am (dieser Tag gehört nicht mehr dazu; freiwillig, bei Beauftragten nötig)", "Ends on (that day is not part of it any more; optional, needed for consultants)"},
		"grant.from":        {"ab %s", "from %s"},
		"grant.to":          {"bis einschließlich %s", "until and including %s"},
		"grant.for":         {"im Auftrag von %s", "on behalf of %s"},
		"grant.role:admin":  {"Verwaltung des Dienstes", "Administration"}, "grant.role:office": {"Klimaschutzstelle", "Climate office"}, "grant.role:auditor": {"Prüfung", "Auditor"},
		"grant.role:operator": {"Betreiber", "Operator"}, "grant.role:meter_operator": {"Messstellenbetreiber", "Meter operator"}, "grant.role:planner": {"Wärmeplanung", "Heat planner"},
		"grant.role:collector": {"Sammler", "Collector"}, "grant.role:public": {"Öffentlichkeit", "Public"},
		"permission:read": {"lesen", "read"}, "permission:submit": {"einreichen", "hand in"}, "permission:approve": {"freigeben", "approve"}, "permission:answer": {"antworten", "answer"},
		"permission:comment": {"kommentieren", "comment"}, "permission:collect": {"liefern", "deliver"},
	}
}
