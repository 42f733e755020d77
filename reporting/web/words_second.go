package web

// secondWords are the sentences about a second factor that a role asks for.
func secondWords() map[string]sentence {
	return map[string]sentence{
		"needed.title":     {"Zweiter Faktor nötig", "A second factor is needed"},
		"needed.lead":      {"Ihr Zugang verwaltet diesen Dienst. Deshalb verlangt er neben dem Passwort einen zweiten Faktor. Bis dahin können Sie lesen, aber nichts ändern.", "Your account administers this service, so it asks for a second factor beside the password. Until then you can read, but change nothing."},
		"needed.notice":    {"Ändern können Sie hier erst mit einem zweiten Faktor.", "You can change something here only with a second factor."},
		"needed.do":        {"Jetzt einrichten oder benutzen", "Set it up or use it now"},
		"needed.on":        {"Weiter", "Continue"},
		"needed.passkey":   {"Zu diesem Zugang gehört ein Passkey: Melden Sie sich damit an.", "A passkey belongs to this account: sign in with it."},
		"needed.orpasskey": {"Oder einen Passkey einrichten", "Or set up a passkey"},
		"needed.lost":      {"Gerät verloren? Jeder Wiederherstellungscode ersetzt einmal den Code der App. Sonst setzt jemand anderes aus der Verwaltung Ihren Zugang zurück, oder wer den Server betreibt mit: heatledger user reset NAME", "Lost the device? Each recovery code takes the place of the app's code once. Else somebody else of the administration resets your account, or whoever runs the server by: heatledger user reset NAME"},
	}
}
