package web

// troubleWords say why a step of the office or the operator was not taken.
func troubleWords() map[string]sentence {
	return map[string]sentence{
		"trouble:term":            {"Die Frist des Betreibers läuft noch, und er hat nicht sein letztes Wort gesagt.", "The operator's term is still running, and he has not said his last word."},
		"trouble:order":           {"Das geht in diesem Stand nicht mehr: Jemand war vielleicht schneller.", "This is not possible any more: somebody may have been faster."},
		"trouble:same_person":     {"Wer vorgeschlagen hat, kann nicht bestätigen: Es braucht eine zweite Person.", "Whoever proposed cannot confirm: a second person is needed."},
		"trouble:nothing_new":     {"Es ist nichts Neues zu erlassen: Jedes Urteil steht schon so da.", "There is nothing new to issue: each judgement stands as it is already."},
		"trouble:removed":         {"Der Inhalt ist schon gelöscht.", "Its content was deleted already."},
		"trouble:no_reason":       {"Bitte geben Sie einen Grund an.", "Please give a reason."},
		"trouble:other_promise":   {"Das Urteil, das an die Stelle treten soll, gilt einer anderen Zusage oder einem anderen Zeitraum. Wählen Sie eines derselben Zusage.", "The judgement that is to take its place judges another promise or period. Choose one of the same promise."},
		"trouble:successor_ended": {"Das Urteil, das an die Stelle treten soll, ist selbst zurückgenommen oder berichtigt. Wählen Sie ein anderes.", "The judgement that is to take its place was withdrawn or corrected itself. Choose another one."},
		"trouble:successor":       {"Bitte nennen Sie das Urteil, das an die Stelle tritt.", "Please name the judgement that takes its place."},
		"trouble:two_people":      {"Das Urteil ist öffentlich: Was daraus wird, schlagen Sie vor, und jemand anders bestätigt es.", "The judgement is public: propose what becomes of it, and somebody else confirms."},
		"trouble:agreement":       {"Für diesen Standort gibt es keine solche Vereinbarung. Tragen Sie sie zuerst ein.", "There is no such agreement for this site. Record it first."},
		"trouble:resolution":      {"Stundenwerte gibt es nur mit einer Vereinbarung und nur in den Klassen „beschränkt“ und „nach Vereinbarung“. Wählen Sie Monat oder Jahr, oder nennen Sie die Vereinbarung.", "Hours need an agreement, and the class restricted or by agreement. Choose month or year, or name the agreement."},
		"trouble:content":         {"Der Vorschlag ist nicht vollständig: Es fehlen Klasse, Kennzahlen, Zeitraum oder Verzögerung, oder sie passen nicht zusammen.", "The proposal is not complete: class, figures, period or delay are missing or do not fit."},
		"trouble:unknown_figure":  {"Eine dieser Kennzahlen oder ein solches Feld gibt es nicht. Wählen Sie aus der Liste.", "There is no such figure or field. Choose from the list."},
		"trouble:bad_text":        {"Der Text ist zu lang oder enthält Steuerzeichen.", "The text is too long or has control characters."},
		"trouble:bad_date":        {"Das ist kein Tag.", "This is no day."},
		"trouble:faults":          {"So wurde nichts eingetragen:", "Nothing was recorded:"},
	}
}
