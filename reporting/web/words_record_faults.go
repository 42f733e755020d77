package web

// recordFaultWords say what is wrong with an event, a piece of evidence or a remark
// that a person records, by the code of the fault; those behind .mend say what to do.
func recordFaultWords() map[string]sentence {
	return map[string]sentence{
		"fault:registry_id": {"„%s“ ist keine Kennung.", "“%s” is no id."}, "fault:registry_id.mend": {"höchstens 63 Kleinbuchstaben, Ziffern, Bindestriche und Unterstriche", "up to 63 lower-case letters, digits, hyphens and underscores"},
		"fault:registry_twice": {"Die Kennung „%s“ ist schon vergeben.", "The id “%s” is taken already."}, "fault:registry_twice.mend": {"eine andere wählen; jede gilt in der ganzen Stadt nur einmal", "choose another one; each is given once in the whole town"},
		"fault:registry_there": {"Das ist schon eingetragen.", "This is recorded already."}, "fault:registry_there.mend": {"eine andere Kennung oder einen anderen Zeitpunkt angeben", "give another id or instant"},
		"fault:registry_name": {"„%s“ gibt es hier nicht.", "There is no “%s” here."}, "fault:registry_name.mend": {"eine der Möglichkeiten wählen", "choose one of the possibilities"},
		"fault:registry_span": {"Das Ende liegt vor dem Anfang.", "The end lies before the beginning."}, "fault:registry_span.mend": {"einen späteren letzten Tag angeben, oder einen früheren ersten", "give a later last day, or an earlier first one"},
		"fault:registry_operator": {"Den Betreiber „%s“ gibt es nicht.", "There is no operator “%s”."}, "fault:registry_operator.mend": {"einen bekannten wählen", "choose one that is known"},
		"fault:registry_site": {"Den Standort „%s“ gibt es nicht.", "There is no site “%s”."}, "fault:registry_site.mend": {"einen bekannten wählen", "choose one that is known"},
		"fault:registry_positive": {"%s ist nicht größer als 0.", "%s is not greater than 0."}, "fault:registry_positive.mend": {"eine Zahl größer als 0 angeben", "give a number greater than 0"},
		"fault:registry_unit": {"%s hat keine Einheit, die hierher passt.", "%s has no unit that fits here."}, "fault:registry_unit.mend": {"die Einheit des Zählwerks schreiben, oder keine", "write the unit of the counter, or none"},
		"fault:registry_range": {"%s ist mehr, als hier gezählt wird.", "%s is more than is counted here."}, "fault:registry_range.mend": {"eine kleinere Menge angeben", "give a smaller amount"},

		"fault:event_kind": {"So wird kein Fall geschlossen.", "This is no way to close a case."}, "fault:event_kind.mend": {"Zählertausch oder bestätigten Rücksprung wählen", "choose an exchange of the meter or a confirmed reset"},
		"fault:event_point": {"„%s“ ist kein Messpunkt dieses Zählers.", "“%s” is no point of this meter."}, "fault:event_point.mend": {"den Zähler wählen, zu dem er gehört", "choose the meter it belongs to"},
		"fault:event_no_new": {"Zum Zählertausch fehlt der neue Zähler.", "The new meter of the exchange is missing."}, "fault:event_no_new.mend": {"seine Nummer und seinen ersten Stand angeben", "give its number and its first state"},
		"fault:event_no_meter": {"Der Zähler fehlt.", "The meter is missing."}, "fault:event_no_meter.mend": {"einen Zähler des Standorts wählen", "choose a meter of the site"},
		"fault:event_meter": {"Den Zähler „%s“ gibt es an diesem Standort nicht.", "There is no meter “%s” at this site."}, "fault:event_meter.mend": {"einen Zähler des Standorts wählen", "choose a meter of the site"},
		"fault:event_time": {"Dieser Zeitpunkt wird hier nicht geführt.", "This instant is not kept here."}, "fault:event_time.mend": {"einen Zeitpunkt zwischen 1990 und 2199 angeben", "give an instant between 1990 and 2199"},
		"fault:event_no_time": {"Der Zeitpunkt fehlt.", "The instant is missing."}, "fault:event_no_time.mend": {"Tag und Uhrzeit angeben", "give day and time"},
		"fault:event_no_counter": {"„%s“ ist kein Zählwerk.", "“%s” is no counter."}, "fault:event_no_counter.mend": {"einen Messpunkt wählen, der zählt", "choose a point that counts"},
		"fault:event_negative": {"Ein Zählerstand von %s ist kleiner als 0.", "A state of %s is less than 0."}, "fault:event_negative.mend": {"den Stand angeben, wie er am Zähler steht", "give the state as the meter shows it"},
		"fault:event_no_start": {"Zu „%s“ fehlt der erste Stand des neuen Zählers.", "The first state of the new meter of “%s” is missing."}, "fault:event_no_start.mend": {"beide Stände angeben", "give both states"},
		"fault:event_no_final": {"Zu „%s“ fehlt der letzte Stand des alten Zählers.", "The last state of the old meter of “%s” is missing."}, "fault:event_no_final.mend": {"beide Stände angeben", "give both states"},
		"fault:event_twice": {"Dieses Ereignis ist schon eingetragen: gleiche Art, gleicher Zähler, gleicher Zeitpunkt.", "This event is recorded already: same kind, meter and instant."}, "fault:event_twice.mend": {"den Zeitpunkt prüfen", "check the instant"},
		"fault:event_old_serial": {"Der Tausch davor setzte den Zähler „%s“ ein; als alter Zähler ist ein anderer genannt.", "The exchange before put the meter “%s” there; another one is named as the old one."}, "fault:event_old_serial.mend": {"die Nummer des alten prüfen", "check the number of the old one"},
		"fault:event_new_serial": {"Dort hängt der Zähler „%s“; als neuer ist ein anderer genannt.", "The meter “%s” hangs there; another one is named as the new one."}, "fault:event_new_serial.mend": {"die Nummer des neuen prüfen", "check the number of the new one"},

		"fault:paper_day": {"„%s“ ist kein Tag.", "“%s” is no day."}, "fault:paper_day.mend": {"etwa 2026-03-31", "such as 2026-03-31"},
		"fault:paper_line": {"„%s“ sagt nichts, oder etwas zum zweiten Mal.", "“%s” says nothing, or something for the second time."}, "fault:paper_line.mend": {"eine Zeile wie heat_price: 0.04 schreiben", "write a line such as heat_price: 0.04"},
		"fault:paper_fact": {"„%s“ ist kein Name einer Angabe.", "“%s” is no name of a fact."}, "fault:paper_fact.mend": {"Kleinbuchstaben, Ziffern, Bindestriche und Unterstriche", "lower-case letters, digits, hyphens and underscores"},
		"fault:paper_digest": {"„%s“ ist keine Prüfsumme.", "“%s” is no digest."}, "fault:paper_digest.mend": {"sha256: und 64 Ziffern von 0 bis f", "sha256: and 64 hexadecimal digits"},
		"fault:paper_country": {"„%s“ ist kein Land.", "“%s” is no country."}, "fault:paper_country.mend": {"zwei Großbuchstaben nach ISO 3166-1, etwa DE", "two capital letters of ISO 3166-1, such as DE"},
		"fault:paper_year": {"%s ist kein Jahr, das hier geführt wird.", "%s is no year that is kept here."}, "fault:paper_year.mend": {"ein Kalenderjahr wie 2025", "a calendar year such as 2025"},
		"fault:paper_no_volume": {"Die Menge der Nachweise fehlt.", "The volume of the guarantees is missing."}, "fault:paper_no_volume.mend": {"ganze MWh angeben", "give whole MWh"},
		"fault:paper_volume": {"%s MWh sind keine Menge.", "%s MWh is no volume."}, "fault:paper_volume.mend": {"ganze MWh größer als 0 angeben", "give whole MWh greater than 0"},

		"fault:text_missing": {"Der Text fehlt oder ist zu lang.", "The text is missing or too long."}, "fault:text_missing.mend": {"in höchstens 4000 Zeichen sagen, worum es geht", "say in at most 4000 characters what it is about"},
		"fault:step_unknown": {"Den Schritt „%s“ gibt es nicht.", "There is no step “%s”."}, "fault:step_unknown.mend": {"einen der Knöpfe drücken", "press one of the buttons"},
	}
}
