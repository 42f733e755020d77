package web

// accountsWords are the sentences about everybody's accounts, and the letters that
// open them.
func accountsWords() map[string]sentence {
	return map[string]sentence{
		"accounts.title":          {"Zugänge", "Accounts"},
		"accounts.lead":           {"Wer hier was darf. Jede Änderung wird mit Person und Grund festgehalten.", "Who may do what here. Each change is kept with person and reason."},
		"accounts.delegate":       {"Wen Sie mit Arbeit an Ihren Standorten beauftragt haben. Ein Auftrag gilt für genannte Standorte und endet.", "Whom you have given work at your sites. It is for named sites, and it ends."},
		"accounts.disabled":       {"gesperrt", "disabled"},
		"accounts.more":           {"Ändern: %s", "Change: %s"},
		"accounts.invite":         {"Einladen", "Invite"},
		"accounts.grant":          {"Recht geben", "Grant"},
		"accounts.revoke":         {"Entziehen", "Revoke"},
		"accounts.revokethis":     {"Recht entziehen: %s", "Revoke this right of %s"},
		"accounts.disable":        {"Zugang sperren", "Disable account"},
		"accounts.enable":         {"Zugang freigeben", "Enable account"},
		"accounts.reset":          {"Code für ein neues Passwort erstellen", "Make a code for a new password"},
		"accounts.person":         {"Name der Person", "Name of the person"},
		"accounts.mail":           {"E-Mail-Adresse (freiwillig)", "E-mail address (optional)"},
		"accounts.taken":          {"Diesen Anmeldenamen gibt es schon. Nehmen Sie einen anderen.", "This name is taken. Choose another one."},
		"accounts.name":           {"Der Anmeldename darf keine Leerzeichen oder Anführungszeichen enthalten und höchstens 80 Zeichen lang sein.", "The name may hold no spaces or quotation marks and at most 80 characters."},
		"accounts.grant.wrong":    {"Nennen Sie Standorte oder Messpunkte, oder „überall“, nicht beides; ein Ende nach dem Anfang; bei Beauftragten immer ein Ende.", "Name sites or points, or “everywhere”, not both; an end after the beginning; for consultants always an end."},
		"accounts.grant.notyours": {"Sie können nur weitergeben, was Sie an diesen Standorten selbst dürfen, und nicht länger.", "You can give on only what you may do yourself at these sites, and no longer."},
		"why":                     {"Grund", "Reason"},
		"letter.subject":          {"Ihr Code für Heatledger", "Your code for Heatledger"},
		"letter.body":             {"Guten Tag %s,\n\nfür Ihren Zugang %s wurde ein Code erstellt. Öffnen Sie diese Adresse und wählen Sie ein Passwort:\n\n%s\n\nCode: %s\nEr gilt einmal, bis %s.\n\nHaben Sie nicht darum gebeten, brauchen Sie nichts zu tun: Ihr bisheriges Passwort gilt weiter.\n", "Dear %s,\n\na code was made for your account %s. Open this address and choose a password:\n\n%s\n\nCode: %s\nIt is good once, until %s.\n\nIf you did not ask for it, you need not do anything: your present password stays good.\n"},
		"letter.title":            {"Zugang für %s", "Access for %s"},
		"letter.lead":             {"Öffnen Sie die Adresse und wählen Sie ein Passwort. Ihr Anmeldename: %s", "Open the address and choose a password. Your name to sign in with: %s"},
		"letter.code":             {"Code:", "Code:"},
		"letter.until":            {"Gilt einmal, bis %s.", "Good once, until %s."},
		"letter.sent":             {"Eine E-Mail ist unterwegs.", "A mail is on its way."},
		"letter.hand":             {"Der Code wird nur jetzt gezeigt: Drucken Sie diese Seite als Brief, oder geben Sie ihn persönlich weiter.", "The code is shown only now: print this page as a letter, or hand it on in person."},

		"foureyes.title":  {"Vier Augen", "Two pairs of eyes"},
		"foureyes.lead":   {"Was eine Person des Betreibers einreicht, gibt auf Wunsch eine andere frei.", "What one person of the operator submits, another one approves where that is wanted."},
		"foureyes.on":     {"zwei Personen", "two people"},
		"foureyes.off":    {"eine Person genügt", "one person is enough"},
		"foureyes.begin":  {"Zwei Personen verlangen", "Ask for two people"},
		"foureyes.end":    {"Eine Person genügt", "One person is enough"},
		"foureyes.change": {"Vier Augen ändern: %s", "Change two pairs of eyes: %s"},
	}
}
