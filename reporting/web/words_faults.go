package web

// faultWords say what is wrong with a file, a mapping or a document, by the code of
// the fault; those behind .mend say what to do.
func faultWords() map[string]sentence {
	return map[string]sentence{
		"fault:file_no_table": {"Das ist weder ein Text noch eine Arbeitsmappe.", "This is no text and no workbook."}, "fault:file_no_table.mend": {"CSV, XLSX oder MSCONS einreichen", "hand in CSV, XLSX or MSCONS"},
		"fault:file_old_workbook": {"Das ist eine alte oder verschlüsselte Arbeitsmappe (.xls).", "This is an old or encrypted workbook (.xls)."}, "fault:file_old_workbook.mend": {"ohne Kennwort als .xlsx speichern, oder als CSV", "save it as .xlsx without a password, or as CSV"},
		"fault:file_pdf": {"Das ist ein PDF.", "This is a PDF."}, "fault:file_pdf.mend": {"die Tabelle einreichen, aus der es entstand, als XLSX oder CSV", "hand in the table it was made from, as XLSX or CSV"},
		"fault:file_empty": {"Die Datei ist leer.", "The file is empty."}, "fault:file_empty.mend": {"eine Datei mit Zeilen wählen", "choose a file with rows"},
		"fault:file_rows": {"Die Tabelle hat zu viele Zeilen.", "The table has too many rows."}, "fault:file_rows.mend": {"in Teilen einreichen", "hand it in in parts"},
		"fault:file_bomb": {"Die Arbeitsmappe packt sich größer aus als jede Tabelle von Messwerten.", "The workbook unpacks to more than any table of readings."}, "fault:file_bomb.mend": {"nur das Blatt mit den Messwerten einreichen, als XLSX oder CSV", "hand in only the sheet with the readings, as XLSX or CSV"},
		"fault:file_workbook": {"Die Arbeitsmappe ist beschädigt oder keine.", "The workbook is broken, or none."}, "fault:file_workbook.mend": {"in der Tabellenkalkulation neu als .xlsx speichern, oder als CSV", "save it anew as .xlsx in your spreadsheet program, or as CSV"},
		"fault:file_csv": {"Eine Zeile lässt sich nicht in Zellen teilen.", "A row does not part into cells."}, "fault:file_csv.mend": {"eine Zeile je Reihe, Zellen durch Semikolon, Komma oder Tabulator getrennt, Anführungszeichen nach RFC 4180", "one row a line, cells separated by semicolons, commas or tabs, with quotes as RFC 4180 says"},

		"fault:mapping_decimal": {"Das Dezimalzeichen „%s“ gibt es nicht.", "There is no decimal sign “%s”."}, "fault:mapping_decimal.mend": {"Punkt oder Komma wählen", "choose point or comma"},
		"fault:mapping_thousands": {"Das Tausenderzeichen „%s“ passt nicht.", "The thousands separator “%s” does not fit."}, "fault:mapping_thousands.mend": {"ein anderes als das Dezimalzeichen wählen", "choose another one than the decimal sign"},
		"fault:mapping_zone": {"Die Zeitzone „%s“ ist nicht bekannt.", "The time zone “%s” is not known."}, "fault:mapping_zone.mend": {"ein Name wie Europe/Berlin", "a name such as Europe/Berlin is expected"},
		"fault:mapping_label": {"„%s“ nennt weder Anfang noch Ende.", "“%s” names neither start nor end."}, "fault:mapping_label.mend": {"Anfang oder Ende wählen", "choose start or end"},
		"fault:mapping_step": {"„%s“ ist keine Länge eines Zeitraums.", "“%s” is no length of an interval."}, "fault:mapping_step.mend": {"etwa 15m oder 1h", "such as 15m or 1h"},
		"fault:mapping_rows": {"Die Kopfzeile oder die erste Zeile mit Werten ist keine Zeilennummer.", "The header or the first row of values is no number of a row."}, "fault:mapping_rows.mend": {"ab 1 zählen; 0 heißt: keine", "count from 1; 0 means none"},
		"fault:mapping_column": {"Die Spalte „%s“ gibt es nicht, oder sie kommt zweimal vor.", "There is no column “%s”, or it comes twice."}, "fault:mapping_column.mend": {"jede Spalte höchstens einmal nennen", "name each column at most once"},
		"fault:mapping_meaning": {"„%s“ kann eine Spalte nicht sein.", "A column cannot be “%s”."}, "fault:mapping_meaning.mend": {"eine der Möglichkeiten wählen", "choose one of the possibilities"},
		"fault:mapping_unit": {"Die Einheit „%s“ ist nicht bekannt.", "The unit “%s” is not known."}, "fault:mapping_unit.mend": {"etwa kWh, kW, m³ oder °C", "such as kWh, kW, m³ or °C"},
		"fault:mapping_once": {"Mehrere Spalten sind dasselbe (%s).", "Several columns are the same (%s)."}, "fault:mapping_once.mend": {"eine davon wählen, die anderen nicht lesen", "choose one of them, and ignore the others"},
		"fault:mapping_no_time": {"Keine Spalte ist die Zeit.", "No column is the time."}, "fault:mapping_no_time.mend": {"eine Spalte als Zeitpunkt wählen, oder Datum und Uhrzeit, oder Anfang und Ende", "map one as time, or date and clock, or from and to"},
		"fault:mapping_two_times": {"Mehr als eine Spalte ist die Zeit.", "More than one column is the time."}, "fault:mapping_two_times.mend": {"einen Zeitpunkt wählen, oder Datum und Uhrzeit, oder Anfang und Ende", "map one as time, or date and clock, or from and to"},
		"fault:mapping_half_time": {"Von der Zeit ist nur die Hälfte zugeordnet.", "Half of the time is mapped."}, "fault:mapping_half_time.mend": {"Datum und Uhrzeit, oder Anfang und Ende, gehören zusammen", "date and clock, or from and to, belong together"},
		"fault:mapping_no_value": {"In keiner Spalte stehen Werte.", "No column holds values."}, "fault:mapping_no_value.mend": {"mindestens eine als Wert wählen", "map at least one as value"},
		"fault:mapping_points_and_values": {"Eine Spalte nennt den Messpunkt, und in mehreren stehen Werte.", "A column names the point, and several hold values."}, "fault:mapping_points_and_values.mend": {"entweder eine Spalte mit Messpunkten und eine mit Werten, oder je Spalte mit Werten ein Messpunkt", "map either a column of points and one of values, or a point for each column of values"},
		"fault:mapping_no_point": {"Zu welchem Messpunkt die Werte der Spalte %s gehören, ist nicht gesagt oder doppelt gesagt.", "Of which point the values of column %s are is not said, or said twice."}, "fault:mapping_no_point.mend": {"den Messpunkt der Spalte wählen, sofern keine Spalte ihn nennt", "choose its point, unless a column names it"},

		"fault:document_empty": {"Der Beleg ist leer.", "The document is empty."}, "fault:document_empty.mend": {"eine andere Datei wählen", "choose another file"},
		"fault:document_large": {"Der Beleg ist zu groß.", "The document is too large."}, "fault:document_large.mend": {"mit geringerer Auflösung scannen, oder in Teilen einreichen", "scan it in a lower resolution, or hand it in in parts"},
		"fault:document_form": {"Diese Art von Datei wird nicht genommen.", "This kind of file is not taken."}, "fault:document_form.mend": {"PDF, PNG, JPEG, CSV oder XLSX einreichen", "hand in PDF, PNG, JPEG, CSV or XLSX"},
		"fault:document_name": {"Die Datei heißt anders, als ihr Inhalt ist.", "The file is called like another form than its content is."}, "fault:document_name.mend": {"ihr die richtige Endung geben", "give it the right ending"},
		"fault:document_mixed": {"Die Datei ist zugleich eine andere.", "The file is another one as well."}, "fault:document_mixed.mend": {"nur den Beleg selbst einreichen", "hand in the document by itself"},
		"fault:document_broken": {"Die Datei ist beschädigt oder endet mitten im Inhalt.", "The file is broken, or ends in the middle."}, "fault:document_broken.mend": {"neu speichern oder noch einmal aufnehmen", "save it anew, or take it again"},
		"fault:document_pixels": {"Das Bild hat zu viele Bildpunkte.", "The image has too many pixels."}, "fault:document_pixels.mend": {"verkleinern", "scale it down"},
		"fault:document_readings": {"Das ist eine MSCONS-Nachricht.", "This is an MSCONS message."}, "fault:document_readings.mend": {"mit den Messwerten einreichen; ein Beleg ist es nicht", "hand it in with the readings, it is no document"},
		"fault:document_old": {"Das ist eine alte Arbeitsmappe (.xls) oder ein anderes Office-Dokument.", "This is an old workbook (.xls) or another office document."}, "fault:document_old.mend": {"als .xlsx oder PDF speichern", "save it as .xlsx or PDF"},
		"fault:document_macros": {"Die Arbeitsmappe enthält Makros.", "The workbook holds macros."}, "fault:document_macros.mend": {"ohne Makros als .xlsx speichern, oder als PDF", "save it as .xlsx without macros, or as PDF"},
		"fault:document_photo": {"Das ist kein Foto.", "This is no photo."}, "fault:document_photo.mend": {"ein Foto aufnehmen (JPEG oder PNG)", "take a photo (JPEG or PNG)"},
		"fault:document_bomb": {"Die Arbeitsmappe packt sich größer aus als jede Tabelle.", "The workbook unpacks to more than any table."}, "fault:document_bomb.mend": {"neu als .xlsx speichern, oder als PDF", "save it anew as .xlsx, or as PDF"},
	}
}
