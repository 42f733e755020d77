package web

// toldWords are the letters about what became of somebody's account, and why a
// password is refused. They hold no secret and no address to click on: who is told
// goes to where she always signs in.
func toldWords() map[string]sentence {
	return map[string]sentence{
		"signin.breached": {"Dieses Passwort steht, so oder ähnlich, in Listen gestohlener Passwörter, die zuerst durchprobiert werden. Nehmen Sie ein anderes mit mindestens %s Zeichen, zum Beispiel vier Wörter, die nichts miteinander zu tun haben.", "This password stands, like this or in a similar form, in lists of stolen passwords, which are tried first. Take another one of at least %s characters, for example four words that have nothing to do with each other."},

		"told.subject":         {"Änderung an Ihrem Heatledger-Zugang", "Change of your Heatledger account"},
		"told.body":            {"Guten Tag %s,\n\nzu Ihrem Zugang %s teilen wir Ihnen mit (%s):\n\n%s\n\nWaren Sie das selbst, müssen Sie nichts tun. Andernfalls melden Sie sich an wie immer, beenden Sie unter „Mein Zugang“ alle Sitzungen und ändern Sie das Passwort; gelingt das nicht, wenden Sie sich sofort an die Stelle, die diesen Dienst betreibt.\n", "Hello %s,\n\nabout your account %s we tell you (%s):\n\n%s\n\nIf that was you, there is nothing to do. Otherwise sign in as always, end all sessions at \"My account\" and change the password; if that does not work, turn at once to whoever runs this service.\n"},
		"told.password":        {"Das Passwort wurde geändert. Alle Sitzungen wurden beendet.", "The password was changed. All sessions were ended."},
		"told.factor_added":    {"Eine App für den zweiten Faktor wurde eingerichtet; es gibt neue Wiederherstellungscodes.", "An app for the second factor was set up; there are new recovery codes."},
		"told.factor_dropped":  {"Die App für den zweiten Faktor wurde entfernt.", "The app for the second factor was removed."},
		"told.passkey_added":   {"Ein Passkey wurde eingerichtet.", "A passkey was set up."},
		"told.passkey_dropped": {"Ein Passkey wurde entfernt.", "A passkey was removed."},
		"told.outside_added":   {"Die Anmeldung über ein anderes Konto wurde verbunden.", "Signing in by an outside account was connected."},
		"told.outside_dropped": {"Die Anmeldung über ein anderes Konto wurde getrennt.", "Signing in by an outside account was disconnected."},
		"told.codes":           {"Neue Wiederherstellungscodes wurden erzeugt; die alten gelten nicht mehr.", "New recovery codes were made; the old ones are good no more."},
		"told.device":          {"Jemand hat sich in einem Browser oder Netz angemeldet, das wir bisher nicht kannten: %s, Netz %s.", "Somebody signed in with a browser or from a network that we did not know before: %s, network %s."},
	}
}
