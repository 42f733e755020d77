package web

import (
	"net/http"
	"slices"

	"heatledger/reporting/openapi"
)

// alwaysRefused are the codes with which every operation of the API may be refused;
// askedRefused those of operations that ask who calls.
func alwaysRefused() []string {
	return []string{"unknown_parameter", "bad_parameter", "too_many", "internal", "database_away"}
}

func askedRefused() []string {
	return []string{"no_token", "bad_token", "not_allowed", "second_factor"}
}

// problems are the codes of the API: stable words for programs to branch on, each
// with the statuses it comes with.
func problems() []openapi.Problem {
	return slices.Concat(questionProblems(), decisionProblems(), bodyProblems(), callerProblems(), stateProblems(), serverProblems())
}

// questionProblems refuse what is asked for, and how.
func questionProblems() []openapi.Problem {
	const bad, absent, clash = http.StatusBadRequest, http.StatusNotFound, http.StatusConflict
	return []openapi.Problem{
		{Code: "unknown_parameter", Status: bad, Says: say("There is no parameter of that name here.", "Einen Parameter dieses Namens gibt es hier nicht.")},
		{Code: "bad_parameter", Status: bad, Says: say("A parameter is said twice, is too long or is no text.", "Ein Parameter steht doppelt, ist zu lang oder kein Text.")},
		{Code: "bad_time", Status: bad, Says: say("A time is neither RFC 3339 nor a local date.", "Eine Zeit ist weder RFC 3339 noch ein Datum vor Ort.")},
		{Code: "bad_period", Status: bad, Says: say("A period is missing, empty or of another form.", "Ein Zeitraum fehlt, ist leer oder von anderer Form.")},
		{Code: "bad_date", Status: bad, Says: say("A day is not YYYY-MM-DD.", "Ein Tag ist nicht JJJJ-MM-TT.")},
		{Code: "bad_edition", Status: bad, Says: say("There is no such edition.", "Diese Ausgabe gibt es nicht.")},
		{Code: "bad_sort", Status: bad, Says: say("There is no such order.", "Diese Reihenfolge gibt es nicht.")},
		{Code: "bad_verdict", Status: bad, Says: say("There is no such verdict.", "Dieses Urteil gibt es nicht.")},
		{Code: "bad_basis", Status: bad, Says: say("There is no such basis.", "Diese Herkunft gibt es nicht.")},
		{Code: "too_many_items", Status: bad, Says: say("More is asked for than is given at once.", "Es wird mehr verlangt, als auf einmal gegeben wird.")},
		{Code: "no_item", Status: bad, Says: say("Nothing of the worklist is named.", "Nichts von der Fristenliste ist genannt.")},
		{Code: "no_item", Status: absent, Says: say("This is not on the worklist.", "Das steht nicht auf der Fristenliste.")},
		{Code: "no_letter", Status: clash, Says: say("There is no letter about this.", "Darüber gibt es keinen Brief.")},
		{Code: "bad_day", Status: bad, Says: say("A day is not YYYY-MM-DD, or not from 2000 to 2200.", "Ein Tag ist nicht JJJJ-MM-TT, oder nicht von 2000 bis 2200.")},
		{Code: "bad_year", Status: bad, Says: say("A year is no calendar year.", "Ein Jahr ist kein Kalenderjahr.")},
		{Code: "bad_step", Status: bad, Says: say("There is no such length of intervals.", "Diese Intervalllänge gibt es nicht.")},
		{Code: "bad_format", Status: bad, Says: say("The answer is not given in that form.", "In dieser Form gibt es die Antwort nicht.")},
		{Code: "bad_limit", Status: bad, Says: say("The limit of a page is no number from 1.", "Die Seitengröße ist keine Zahl ab 1.")},
		{Code: "bad_number", Status: bad, Says: say("A number is no whole number from 0.", "Eine Zahl ist keine ganze Zahl ab 0.")},
		{Code: "bad_share", Status: bad, Says: say("A number lies beyond what it can be.", "Eine Zahl liegt außerhalb dessen, was sie sein kann.")},
		{Code: "bad_machine", Status: http.StatusUnprocessableEntity, Says: say("A heat pump is not fully stated.", "Eine Wärmepumpe ist nicht vollständig angegeben.")},
		{Code: "bad_heat_kind", Status: bad, Says: say("There is no such kind of heat.", "Diese Art der Wärme gibt es nicht.")},
		{Code: "no_network", Status: clash, Says: say("The plan lays no network.", "Der Plan legt kein Netz.")},
		{Code: "no_plan", Status: absent, Says: say("There is no such plan, or it rests on sites whose hours may not be seen.", "Diesen Plan gibt es nicht, oder er beruht auf Standorten, deren Stunden nicht sichtbar sind.")},
		{Code: "no_source", Status: absent, Says: say("There is no such source of heat, or nothing of it may be seen.", "Diese Wärmequelle gibt es nicht, oder nichts von ihr ist sichtbar.")},
		{Code: "too_fine", Status: http.StatusForbidden, Says: say("The source may be seen, but not its hours.", "Die Quelle ist sichtbar, ihre Stunden sind es nicht.")},
		{Code: "no_hours", Status: clash, Says: say("Nothing is known by the hour in the period.", "Im Zeitraum ist nichts nach Stunden bekannt.")},
		{Code: "bad_kpi", Status: bad, Says: say("This figure is not put together for several sites.", "Diese Kennzahl wird nicht über Standorte gebildet.")},
		{Code: "bad_rulebook", Status: bad, Says: say("This is no rulebook.", "Das ist kein Regelwerk.")},
		{Code: "bad_latest", Status: bad, Says: say("Neither true nor false.", "Weder true noch false.")},
		{Code: "bad_state", Status: bad, Says: say("There is no such state.", "Diesen Stand gibt es nicht.")},
		{Code: "bad_status", Status: bad, Says: say("There is no such state of a submission.", "Diesen Stand einer Einreichung gibt es nicht.")},
		{Code: "bad_fact", Status: bad, Says: say("This is no number of a fact.", "Das ist keine Nummer eines Fakts.")},
		{Code: "bad_label", Status: bad, Says: say("label is start or end.", "label ist start oder end.")},
		{Code: "no_label", Status: bad, Says: say("step needs label.", "step braucht label.")},
		{Code: "bad_zone", Status: bad, Says: say("This is no IANA time zone.", "Das ist keine IANA-Zeitzone.")},
		{Code: "no_reason", Status: bad, Says: say("A correction needs its reason.", "Eine Korrektur braucht ihren Grund.")},
		{Code: "bad_text", Status: bad, Says: say("The text is too long or no text.", "Der Text ist zu lang oder kein Text.")},
	}
}

// decisionProblems refuse what people decide and record.
func decisionProblems() []openapi.Problem {
	const bad, absent, clash = http.StatusBadRequest, http.StatusNotFound, http.StatusConflict
	return []openapi.Problem{
		{Code: "no_reason", Status: http.StatusUnprocessableEntity, Says: say("A decision needs its reason.", "Eine Entscheidung braucht ihren Grund.")},
		{Code: "second_factor", Status: http.StatusForbidden, Says: say("The person's role asks for a second factor first, which is set up at /account/second.", "Die Rolle der Person verlangt zuerst einen zweiten Faktor; eingerichtet wird er unter /account/second.")},
		{Code: "no_session", Status: http.StatusForbidden, Says: say("This is for people who are signed in, not for tokens.", "Das ist für angemeldete Menschen, nicht für Token.")},
		{Code: "no_decision", Status: absent, Says: say("There is no such decision.", "Diese Entscheidung gibt es nicht.")},
		{Code: "two_people", Status: clash, Says: say("Two people decide this: propose it as a decision.", "Das entscheiden zwei Menschen: als Entscheidung vorschlagen.")},
		{Code: "term", Status: clash, Says: say("The operator's term has not passed.", "Die Frist des Betreibers ist nicht vorbei.")},
		{Code: "order", Status: clash, Says: say("This is not possible in its state.", "Das geht in diesem Stand nicht.")},
		{Code: "other_promise", Status: http.StatusUnprocessableEntity, Says: say("The judgement that is to take its place judges another promise or period.", "Das Urteil, das an die Stelle treten soll, gilt einer anderen Zusage oder einem anderen Zeitraum.")},
		{Code: "successor_ended", Status: http.StatusConflict, Says: say("The judgement that is to take its place was withdrawn or corrected itself.", "Das Urteil, das an die Stelle treten soll, ist selbst zurückgenommen oder berichtigt.")},
		{Code: "successor", Status: http.StatusUnprocessableEntity, Says: say("The judgement that takes its place is not named.", "Das Urteil, das an die Stelle tritt, ist nicht genannt.")},
		{Code: "agreement", Status: http.StatusUnprocessableEntity, Says: say("There is no such agreement of the site.", "Eine solche Vereinbarung zum Standort gibt es nicht.")},
		{Code: "resolution", Status: http.StatusUnprocessableEntity, Says: say("Hours are shown by an agreement with the operator alone, restricted or by agreement.", "Stundenwerte werden nur aufgrund einer Vereinbarung mit dem Betreiber gezeigt, beschränkt oder nach Vereinbarung.")},
		{Code: "content", Status: http.StatusUnprocessableEntity, Says: say("What is decided is not said, or contradicts itself.", "Was entschieden wird, fehlt oder widerspricht sich.")},
		{Code: "unknown_figure", Status: http.StatusUnprocessableEntity, Says: say("There is no such figure and no such field of a form; names lists those there are.", "Diese Kennzahl oder dieses Feld eines Formulars gibt es nicht; names nennt, was es gibt.")},
		{Code: "bad_kind", Status: bad, Says: say("There is no such kind.", "Diese Art gibt es nicht.")},
		{Code: "no_fact", Status: absent, Says: say("The site has no such fact.", "Diesen Fakt hat der Standort nicht.")},
	}
}

// bodyProblems refuse the body of a request.
func bodyProblems() []openapi.Problem {
	const bad = http.StatusBadRequest
	return []openapi.Problem{
		{Code: "bad_encoding", Status: bad, Says: say("The body is not compressed as Content-Encoding says.", "Der Inhalt ist nicht gepackt, wie Content-Encoding sagt.")},
		{Code: "bad_encoding", Status: http.StatusUnsupportedMediaType, Says: say("Content-Encoding is neither gzip nor zstd.", "Content-Encoding ist weder gzip noch zstd.")},
		{Code: "bad_type", Status: http.StatusUnsupportedMediaType, Says: say("The Content-Type is not taken here.", "Dieser Content-Type wird hier nicht genommen.")},
		{Code: "bad_batch", Status: bad, Says: say("The body is no batch of a collector.", "Der Inhalt ist kein Stapel eines Sammlers.")},
		{Code: "bad_json", Status: bad, Says: say("The body is not the JSON that is expected.", "Der Inhalt ist nicht das erwartete JSON.")},
		{Code: "bad_form", Status: bad, Says: say("The form is not readable.", "Das Formular ist nicht lesbar.")},
		{Code: "bad_dry_run", Status: bad, Says: say("dry_run is true or false.", "dry_run ist true oder false.")},
		{Code: "bad_partial", Status: bad, Says: say("partial is true or false.", "partial ist true oder false.")},
		{Code: "bad_mapping", Status: bad, Says: say("The field mapping is not what is expected.", "Das Feld mapping ist nicht wie erwartet.")},
		{Code: "bad_explain", Status: bad, Says: say("The field explain is not what is expected.", "Das Feld explain ist nicht wie erwartet.")},
		{Code: "unknown_field", Status: bad, Says: say("There is no such field of the form.", "Dieses Feld hat das Formular nicht.")},
		{Code: "no_file", Status: bad, Says: say("The form has no file.", "Das Formular hat keine Datei.")},
		{Code: "two_files", Status: bad, Says: say("The form has more than one file.", "Das Formular hat mehr als eine Datei.")},
		{Code: "two_fields", Status: bad, Says: say("A field stands in the form more than once.", "Ein Feld steht mehrmals im Formular.")},
		{Code: "faults", Status: bad, Says: say("The content is faulty: faults names each with line and column.", "Der Inhalt hat Fehler: faults nennt jeden mit Zeile und Spalte.")},
	}
}

// callerProblems refuse who asks, and what is not there for him.
func callerProblems() []openapi.Problem {
	const absent, clash = http.StatusNotFound, http.StatusConflict
	return []openapi.Problem{
		{Code: "no_token", Status: http.StatusUnauthorized, Says: say("A token or a session is needed.", "Ein Token oder eine Anmeldung ist nötig.")},
		{Code: "bad_token", Status: http.StatusUnauthorized, Says: say("The token is unknown or has expired.", "Das Token ist unbekannt oder abgelaufen.")},
		{Code: "not_allowed", Status: http.StatusForbidden, Says: say("The caller may not do this.", "Der Aufrufer darf das nicht.")},
		{Code: "cross_origin", Status: http.StatusForbidden, Says: say("Another site asked for this in a browser.", "Eine andere Seite fragte dies in einem Browser.")},
		{Code: "not_your_site", Status: http.StatusForbidden, Says: say("The caller may not deliver for this site.", "Der Aufrufer darf für diesen Standort nicht liefern.")},
		{Code: "no_page", Status: absent, Says: say("There is nothing at this address.", "Unter dieser Adresse ist nichts.")},
		{Code: "no_site", Status: absent, Says: say("There is no such site that the caller may see.", "Es gibt keinen solchen Standort, der sichtbar ist.")},
		{Code: "no_point", Status: absent, Says: say("The site has no such point.", "Der Standort hat keinen solchen Messpunkt.")},
		{Code: "not_known_then", Status: absent, Says: say("It was not known at that time.", "Zu dieser Zeit war es nicht bekannt.")},
		{Code: "no_evidence", Status: absent, Says: say("The site has no such document.", "Der Standort hat keinen solchen Beleg.")},
		{Code: "not_answered", Status: absent, Says: say("The questionnaire was not handed in.", "Der Fragebogen wurde nicht eingereicht.")},
		{Code: "bad_answers", Status: http.StatusUnprocessableEntity, Says: say("Answers are faulty: submission names each with its question.", "Antworten haben Fehler: submission nennt jeden mit seiner Frage.")},
		{Code: "saved_over", Status: clash, Says: say("Somebody else saved in between: read it again.", "Inzwischen hat jemand anderes gespeichert: neu lesen.")},
		{Code: "no_form", Status: absent, Says: say("There is no such form.", "Dieses Formular gibt es nicht.")},
		{Code: "not_issued", Status: absent, Says: say("No such judgement was issued that the caller may see.", "Ein solches Urteil ist nicht erlassen oder nicht sichtbar.")},
		{Code: "no_submission", Status: absent, Says: say("There is no such submission that the caller may see.", "Es gibt keine solche Einreichung, die sichtbar ist.")},
		{Code: "no_log", Status: absent, Says: say("This server keeps no public ledger.", "Dieser Server führt kein öffentliches Protokoll.")},
		{Code: "no_checkpoint", Status: absent, Says: say("No checkpoint of that size was signed.", "Ein Prüfpunkt dieser Größe wurde nicht unterschrieben.")},
		{Code: "not_logged", Status: absent, Says: say("It is not in the log of that size.", "Es steht nicht im Protokoll dieser Größe.")},
		{Code: "method_not_allowed", Status: http.StatusMethodNotAllowed, Says: say("The address takes other methods: Allow names them.", "Die Adresse nimmt andere Methoden: Allow nennt sie.")},
	}
}

// stateProblems refuse what does not go in the state things are in.
func stateProblems() []openapi.Problem {
	const clash = http.StatusConflict
	return []openapi.Problem{
		{Code: "conflict", Status: clash, Says: say("A batch of this number is known with other content.", "Ein Stapel dieser Nummer ist mit anderem Inhalt bekannt.")},
		{Code: "key_used", Status: clash, Says: say("The Idempotency-Key was used with another body.", "Der Idempotency-Key gehört zu einem anderen Inhalt.")},
		{Code: "handed_in", Status: clash, Says: say("It was handed in already.", "Es wurde schon eingereicht.")},
		{Code: "not_handed_in", Status: clash, Says: say("It was only looked at.", "Es wurde nur angesehen.")},
		{Code: "not_handed_in", Status: http.StatusUnprocessableEntity, Says: say("Rows are rejected or questions are open: submission says which.", "Zeilen sind abgelehnt oder Fragen offen: submission nennt sie.")},
		{Code: "waiting", Status: clash, Says: say("It waits for the approval of a second person.", "Es wartet auf die Freigabe einer zweiten Person.")},
		{Code: "not_waiting", Status: clash, Says: say("It does not wait for an approval.", "Es wartet auf keine Freigabe.")},
		{Code: "same_person", Status: http.StatusForbidden, Says: say("Whoever prepared it does not approve it.", "Wer es vorbereitet hat, gibt es nicht frei.")},
		{Code: "second_person", Status: http.StatusForbidden, Says: say("The operator wants a second person to approve it: hand it in as a submission.", "Der Betreiber will, dass eine zweite Person es freigibt: als Einreichung abgeben.")},
		{Code: "removed", Status: http.StatusGone, Says: say("The bytes of the document were deleted.", "Der Inhalt des Belegs ist gelöscht.")},
		{Code: "not_asked", Status: clash, Says: say("Nobody asks to withdraw it, or that was refused already.", "Niemand beantragt, sie zurückzuziehen, oder das ist schon abgelehnt.")},
		{Code: "over", Status: clash, Says: say("It is accepted or withdrawn.", "Es ist angenommen oder zurückgezogen.")},
		{Code: "mapping_needed", Status: http.StatusUnprocessableEntity, Says: say("It is not known how the table is to be read: mapping proposes it.", "Es ist nicht bekannt, wie die Tabelle zu lesen ist: mapping schlägt es vor.")},
		{Code: "behind", Status: http.StatusPreconditionFailed, Says: say("Batches before this one are missing: deliver again from upto + 1.", "Stapel davor fehlen: ab upto + 1 noch einmal liefern.")},
	}
}

// serverProblems say what the server does not bear, and what it lacks.
func serverProblems() []openapi.Problem {
	return []openapi.Problem{
		{Code: "too_large", Status: http.StatusRequestEntityTooLarge, Says: say("The body is too large: send it in parts.", "Der Inhalt ist zu groß: in Teilen senden.")},
		{Code: "too_many_rows", Status: http.StatusRequestEntityTooLarge, Says: say("The body has too many rows: send it in parts.", "Der Inhalt hat zu viele Zeilen: in Teilen senden.")},
		{Code: "too_many", Status: http.StatusTooManyRequests, Says: say("Too many requests: Retry-After says when to come back.", "Zu viele Anfragen: Retry-After sagt, wann es weitergeht.")},
		{Code: "internal", Status: http.StatusInternalServerError, Says: say("Something went wrong here.", "Hier ging etwas schief.")},
		{Code: "not_ready", Status: http.StatusServiceUnavailable, Says: say("Something the server needs is not there.", "Etwas, das der Server braucht, ist nicht da.")},
		{Code: "database_away", Status: http.StatusServiceUnavailable, Says: say("The database does not answer: try again.", "Die Datenbank antwortet nicht: noch einmal versuchen.")},
	}
}
