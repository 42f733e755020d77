package web

// accountWords are the sentences about one's own account: sessions, password, second
// factors.
func accountWords() map[string]sentence {
	return map[string]sentence{
		"account.nav":      {"Mein Zugang", "My account"},
		"account.title":    {"Mein Zugang", "My account"},
		"account.you":      {"Angemeldet: %s (%s)", "Signed in: %s (%s)"},
		"account.grants":   {"Was ich darf", "What I may do"},
		"account.nogrants": {"Bisher keine Rechte.", "No rights so far."},
		"account.prove":    {"Bestätigen", "Confirm"},
		"sessions.title":   {"Wo ich angemeldet bin", "Where I am signed in"},
		"sessions.lead":    {"Kennen Sie einen Eintrag nicht, beenden Sie ihn und ändern Sie Ihr Passwort. Gespeichert ist nur das Netz, nicht die genaue Adresse.", "If you do not know an entry, end it and change your password. Only the network is kept, not the exact address."},
		"sessions.where":   {"Browser und Netz", "Browser and network"},
		"sessions.since":   {"seit", "since"},
		"sessions.seen":    {"zuletzt benutzt", "last used"},
		"sessions.end":     {"Beenden", "End"},
		"sessions.endthis": {"Beenden: %s %s", "End: %s %s"},
		"sessions.endall":  {"Alle anderen beenden", "End all others"},
		"sessions.this":    {"(hier)", "(here)"},
		"password.title":   {"Passwort ändern", "Change password"},
		"password.old":     {"Bisheriges Passwort", "Present password"},
		"password.new":     {"Neues Passwort", "New password"},
		"password.again":   {"Neues Passwort noch einmal", "New password again"},
		"password.rule":    {"12 bis 128 Zeichen. Alle Zeichen sind erlaubt, auch Leerzeichen.", "12 to 128 characters. All characters are allowed, spaces too."},
		"password.do":      {"Passwort ändern", "Change password"},
		"password.none":    {"Dieser Zugang hat noch kein Passwort. Einen Code, um eines zu setzen, gibt die Stelle, die diesen Dienst betreibt; mit einem Passwort lässt sich auch eine Code-App einrichten.", "This account has no password yet. Whoever runs this service gives a code to set one; with a password a code app can be set up too."},
		"factors.title":    {"Zweiter Faktor und Passkeys", "Second factor and passkeys"},
		"factors.drop":     {"Entfernen", "Remove"},
		"factors.dropthis": {"Entfernen: %s %s", "Remove: %s %s"},
		"factor.totp":      {"Code-App", "Code app"}, "factor.passkey": {"Passkey", "Passkey"}, "factor.oidc": {"Anmeldung über", "Sign-in by"},
		"recovery.title": {"Ihre Wiederherstellungscodes", "Your recovery codes"},
		"recovery.once":  {"Sie werden nur dieses eine Mal gezeigt. Schreiben Sie sie auf: Jeder ersetzt einmal den Code der App.", "They are shown this once. Write them down: each takes the place of the app's code once."},
		"recovery.left":  {"Übrige Wiederherstellungscodes: %s.", "Recovery codes left: %s."},
		"recovery.do":    {"Neue Wiederherstellungscodes", "New recovery codes"},
		"totp.title":     {"Code-App einrichten", "Set up a code app"},
		"totp.link":      {"Code-App als zweiten Faktor einrichten", "Set up a code app as a second factor"},
		"totp.lead":      {"Lesen Sie das Bild mit einer Code-App, und geben Sie den Code ein, den sie zeigt.", "Read the picture with a code app, and enter the code it shows."},
		"totp.picture":   {"QR-Code für die App; derselbe Schlüssel steht darunter als Text", "QR code for the app; the same key stands below as text"},
		"totp.secret":    {"Schlüssel zum Eintippen:", "Key to type in:"},
		"totp.do":        {"Einrichten", "Set up"},
	}
}
