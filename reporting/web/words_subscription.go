package web

// subscriptionWords are the sentences about messages by mail.
func subscriptionWords() map[string]sentence {
	return map[string]sentence{
		"subscribe":                   {"Nachrichten per Mail", "Messages by mail"},
		"subscribe.findings":          {"Hinweise per Mail erhalten", "Get findings by mail"},
		"subscribe.lead":              {"An die Adresse geht zuerst eine Frage. Erst wenn jemand dort zustimmt, folgen Nachrichten: höchstens eine am Tag, Fehler auf Wunsch sofort. Jede enthält einen Link, der sie ohne Anmeldung beendet; dann wird die Adresse gelöscht.", "The address first gets a question. Messages follow only when somebody there agrees: at most one a day, errors at once if wanted. Each has a link that ends them without signing in; the address is then deleted."},
		"subscribe.address":           {"Adresse", "Address"},
		"subscribe.address.wrong":     {"Das ist keine Mailadresse. Erwartet wird NAME@HOST, ohne Umlaute.", "This is no mail address. NAME@HOST is expected."},
		"subscribe.topic":             {"Worüber", "About what"},
		"subscribe.topic.findings":    {"Hinweise zu den Messwerten", "Findings in the readings"},
		"subscribe.topic.reminders":   {"Fristen", "Deadlines"},
		"subscribe.site":              {"Standort", "Site"},
		"subscribe.all":               {"alle", "all"},
		"subscribe.severity":          {"Hinweise ab", "Findings from"},
		"subscribe.urgent":            {"Fehler sofort schreiben", "Write of errors at once"},
		"subscribe.button":            {"Frage an die Adresse senden", "Send the question to the address"},
		"subscribe.asked":             {"Bitte im Postfach bestätigen", "Please confirm in your mailbox"},
		"subscribe.asked.lead":        {"Wenn die Adresse stimmt, kommt dort in den nächsten Minuten eine Frage an. Sie gilt eine Woche. Wer in den letzten 24 Stunden schon gefragt wurde, wird nicht noch einmal gefragt.", "If the address is right, a question arrives there within minutes. It holds for a week. Who was asked in the last 24 hours is not asked again."},
		"subscribe.off.feeds":         {"Was Messwerten auffällt, steht für jeden Standort in einem Feed, den ein Nachrichtenleser von selbst abholt; was fällig ist, gibt die Aufgabenliste als Kalender.", "What was found in readings stands for each site in a feed that a news reader fetches by itself; what is due is a calendar on the worklist."},
		"subscribe.feed":              {"Feed der Auffälligkeiten: %s", "Feed of findings: %s"},
		"subscribe.off":               {"Hier ist kein Mailversand eingerichtet.", "No mail is set up here."},
		"subscribe.many":              {"Zu viele Anfragen warten auf eine Antwort. Bitte morgen wieder versuchen.", "Too many questions wait for an answer. Please try again tomorrow."},
		"subscription.confirm":        {"Nachrichten bestätigen", "Confirm messages"},
		"subscription.confirm.lead":   {"Mit dem Knopf stimmen Sie zu, dass an Ihre Adresse Nachrichten gehen.", "With the button you agree to messages to your address."},
		"subscription.confirm.button": {"Ja, Nachrichten senden", "Yes, send messages"},
		"subscription.confirmed":      {"Bestätigt", "Confirmed"},
		"subscription.confirmed.lead": {"Sie erhalten von nun an: %s. Jede Nachricht enthält einen Link zum Abbestellen.", "From now on you get: %s. Each message has a link that ends them."},
		"subscription.unknown":        {"Diese Frage ist beantwortet oder älter als eine Woche. Nachrichten lassen sich neu bestellen.", "This question was answered, or is older than a week. Messages can be asked for again."},
		"subscription.end":            {"Nachrichten abbestellen", "End messages"},
		"subscription.end.lead":       {"Mit dem Knopf enden die Nachrichten an Ihre Adresse: %s.", "With the button messages to your address end: %s."},
		"subscription.end.button":     {"Abbestellen", "End them"},
		"subscription.ended":          {"Abbestellt", "Ended"},
		"subscription.ended.lead":     {"Es gehen keine Nachrichten mehr an Sie, und die Adresse ist gelöscht, soweit nichts anderes sie braucht.", "No more messages go to you, and the address is deleted unless something else needs it."},
	}
}
