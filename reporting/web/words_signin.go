package web

// signinWords are the sentences about signing in, and about codes that open an account.
func signinWords() map[string]sentence {
	return map[string]sentence{
		"signin.nav":      {"Anmelden", "Sign in"},
		"signin.title":    {"Anmelden", "Sign in"},
		"signin.login":    {"Anmeldename", "Name to sign in with"},
		"signin.password": {"Passwort", "Password"},
		"signin.do":       {"Anmelden", "Sign in"},
		"signin.passkey":  {"Mit Passkey anmelden", "Sign in with a passkey"},
		"signin.oidc":     {"Anmelden über %s", "Sign in with %s"},
		"signin.wrong":    {"Name, Passwort oder Code stimmen nicht. Bitte prüfen Sie alle Angaben und versuchen Sie es noch einmal.", "Name, password or code are not right. Please check them all and try again."},
		"signin.many":     {"Zu viele Versuche. Bitte warten Sie %s Minute(n) und versuchen Sie es dann noch einmal.", "Too many attempts. Please wait %s minute(s) and then try again."},
		"signin.weak":     {"Dieses Passwort ist zu kurz, zu lang oder zu leicht zu erraten. Nehmen Sie mindestens %s Zeichen, zum Beispiel vier Wörter, die nichts miteinander zu tun haben.", "This password is too short, too long or too easy to guess. Take at least %s characters, for example four words that have nothing to do with each other."},
		"signin.badcode":  {"Der Code stimmt nicht, wurde schon benutzt oder ist abgelaufen. Prüfen Sie die Eingabe, oder bitten Sie um einen neuen.", "The code is wrong, was used before or has expired. Check what you typed, or ask for a new one."},
		"signin.unknown":  {"Dieses Konto ist hier nicht bekannt. Bitten Sie um eine Einladung an dieselbe E-Mail-Adresse.", "This account is not known here. Ask for an invitation to the same e-mail address."},
		"signin.away":     {"%s antwortet gerade nicht. Versuchen Sie es in einigen Minuten noch einmal, oder melden Sie sich mit Ihrem Passwort an.", "%s does not answer right now. Try again in a few minutes, or sign in with your password."},
		"signin.stale":    {"Damit niemand an Ihrem offenen Rechner etwas ändert, geben Sie bitte zuerst noch einmal Ihr Passwort ein. Ohne Passwort melden Sie sich ab und wieder an.", "So that nobody changes anything at your open computer, please enter your password once more first. Without a password, sign out and in again."},
		"signin.differ":   {"Die beiden neuen Passwörter sind verschieden. Geben Sie beide Male dasselbe ein.", "The two new passwords differ. Enter the same one both times."},
		"signin.second":   {"Zweiter Faktor", "Second factor"},
		"second.lead":     {"Geben Sie den sechsstelligen Code aus Ihrer App ein, oder einen Ihrer Wiederherstellungscodes.", "Enter the six-digit code of your app, or one of your recovery codes."},
		"second.code":     {"Code", "Code"},
		"signout":         {"Abmelden", "Sign out"},
		"passkey.failed":  {"Das hat nicht geklappt: Der Passkey ist hier nicht bekannt, oder es wurde abgebrochen. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort.", "That did not work: the passkey is not known here, or it was cancelled. Try again, or use your password."},
		"passkey.name":    {"Name für einen neuen Passkey", "Name for a new passkey"},
		"passkey.do":      {"Passkey einrichten", "Set up a passkey"},

		"code.title":       {"Code einlösen", "Use a code"},
		"code.link":        {"Ich habe einen Code aus einer Einladung oder einem Brief", "I have a code from an invitation or a letter"},
		"code.lead":        {"Mit dem Code aus einer Einladung oder einem Brief wählen Sie ein Passwort. Jeder Code gilt einmal.", "With the code of an invitation or a letter you choose a password. Each code is good once."},
		"code.code":        {"Code", "Code"},
		"code.do":          {"Passwort setzen und anmelden", "Set the password and sign in"},
		"forgotten.title":  {"Passwort vergessen", "Forgotten password"},
		"forgotten.link":   {"Ich habe mein Passwort vergessen", "I have forgotten my password"},
		"forgotten.mail":   {"Wir senden einen Code an die Adresse, die zu Ihrem Zugang gehört.", "We send a code to the address that belongs to your account."},
		"forgotten.letter": {"Haben Sie keine E-Mail-Adresse angegeben, bitten Sie die Stelle, die diesen Dienst betreibt, um einen Brief mit einem Code.", "If you have given no e-mail address, ask whoever runs this service for a letter with a code."},
		"forgotten.do":     {"Code senden", "Send a code"},
		"forgotten.done":   {"Gibt es einen Zugang mit diesem Namen und einer Adresse, ist ein Code unterwegs. Er gilt eine Stunde.", "If there is an account of that name with an address, a code is on its way. It is good for an hour."},
		"guest.title":      {"Zugang zur Vorführung", "Access to the demonstration"},
		"guest.lead":       {"Dieser Link lässt Sie einmal herein: %s. Danach liest auf diesem Rechner niemand mehr ohne Anmeldung.", "This link lets you in once: %s. After that nobody on this host reads without signing in."},
		"guest.gone":       {"Dieser Link wurde schon benutzt oder gilt nicht mehr. Bei jedem Start gibt es neue.", "This link was used before or is good no more. There are new ones at each start."},
	}
}
