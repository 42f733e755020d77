package disclosure

// enefgWords are the fields of EnEfG Anlage 3.
func enefgWords() map[string]sentence {
	return map[string]sentence{
		"enefg-1a":             {"Name des Rechenzentrums", "Name of the data centre"},
		"enefg-1b-owner":       {"Name des Eigentümers", "Name of the owner"},
		"enefg-1b-operator":    {"Name des Betreibers", "Name of the operator"},
		"enefg-1c":             {"Größenklasse nach IT-Anschlussleistung", "Size class by connected IT load"},
		"enefg-1d":             {"Postleitzahl", "Postcode"},
		"enefg-1e":             {"Gesamtfläche des Gebäudes", "Total area of the building"},
		"enefg-1f-it":          {"Nennanschlussleistung der Informationstechnik", "Nominal connected load of IT"},
		"enefg-1f-dc":          {"Nicht redundante Nennanschlussleistung des Rechenzentrums", "Non-redundant nominal connected load of the data centre"},
		"enefg-2a-total":       {"Gesamtstromverbrauch einschließlich Eigenerzeugung", "Total electricity used, own generation included"},
		"enefg-2a-drawn":       {"Gesamtstrombezug", "Total electricity drawn"},
		"enefg-2a-feed-in":     {"Rückspeisung in das Netz", "Electricity fed back"},
		"enefg-2b":             {"Anteil erneuerbarer Energie", "Renewable share"},
		"enefg-2c-heat":        {"Abwärme an Luft, Wasser oder Boden", "Waste heat released to air, water or soil"},
		"enefg-2c-temperature": {"deren mittlere Temperatur", "its mean temperature"},
		"enefg-2d-heat":        {"An Wärmeabnehmer abgegebene Abwärme", "Waste heat delivered to takers"},
		"enefg-2d-temperature": {"deren mittlere Temperatur", "its mean temperature"},
		"enefg-2e-stored":      {"Menge der gespeicherten Daten", "Amount of data stored"},
		"enefg-2e-processed":   {"Menge der verarbeiteten Daten", "Amount of data processed"},
		"enefg-2f":             {"Energieverbrauchseffektivität PUE", "Power usage effectiveness PUE"},
		"enefg-2g":             {"Anteil wiederverwendeter Energie ERF", "Energy reuse factor ERF"},
		"enefg-2h":             {"Effizienz des Kühlsystems CER", "Cooling efficiency ratio CER"},
		"enefg-2i":             {"Effizienz der Wassernutzung WUE", "Water usage effectiveness WUE"},
	}
}
