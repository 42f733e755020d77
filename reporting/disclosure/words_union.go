package disclosure

// unionWords are the items of Delegated Regulation (EU) 2024/1364.
func unionWords() map[string]sentence {
	return map[string]sentence{
		"eu-name": {"Name des Rechenzentrums", "Name of the data centre"}, "eu-owner": {"Name des Eigentümers", "Name of the owner"}, "eu-owner-contact": {"Kontakt des Eigentümers", "Contact of the owner"},
		"eu-operator": {"Name des Betreibers", "Name of the operator"}, "eu-operator-contact": {"Kontakt des Betreibers", "Contact of the operator"}, "eu-lau": {"LAU-Code der Gemeinde", "LAU code of the municipality"},
		"eu-type": {"Art des Rechenzentrums", "Type of data centre"}, "eu-structure": {"Ein Gebäude oder eine Gruppe", "Structure or group of structures"}, "eu-start": {"Jahr und Monat der Inbetriebnahme", "Year and month of entry into operation"},
		"eu-redundancy-hv": {"Redundanz der Stromversorgung, Hochspannung", "Electrical redundancy, high voltage"}, "eu-redundancy-lv": {"Redundanz der Stromversorgung, Niederspannung", "Electrical redundancy, low voltage"},
		"eu-redundancy-rack": {"Redundanz der Stromversorgung, Schrank", "Electrical redundancy, rack"}, "eu-cooling-redundancy-room": {"Redundanz der Kühlung, Raum", "Cooling redundancy, room"}, "eu-cooling-redundancy-rack": {"Redundanz der Kühlung, Schrank", "Cooling redundancy, rack"},
		"eu-pdit": {"Installierter Leistungsbedarf der IT", "Installed IT power demand"}, "eu-sdc": {"Gesamtfläche des Rechenzentrums", "Total floor area"}, "eu-scr": {"Fläche der Rechnerräume", "Floor area of computer rooms"},
		"eu-edc": {"Gesamtenergieverbrauch", "Total energy"}, "eu-edc-bg": {"davon aus Notstromaggregaten", "of it from backup generators"}, "eu-eit": {"Energieverbrauch der IT", "IT energy"},
		"eu-grid-functions": {"Funktionen für das Stromnetz", "Electrical grid functions"}, "eu-cbtg": {"Dem Netz angebotene Batteriekapazität, Mittel", "Average battery capacity offered to the grid"},
		"eu-win": {"Wassereinsatz gesamt", "Total water input"}, "eu-win-pot": {"davon Trinkwasser", "of it potable water"}, "eu-ereuse": {"Wiederverwendete Abwärme", "Waste heat reused"},
		"eu-twh": {"Mittlere Temperatur der Abwärme", "Average waste heat temperature"}, "eu-tin-air": {"Mittlerer Sollwert der Zuluft der IT", "Average set point of IT intake air"}, "eu-refrigerants": {"Arten der Kältemittel", "Types of refrigerants"},
		"eu-cdd": {"Kühlgradtage (Basis 21 °C)", "Cooling degree days (base 21 °C)"}, "eu-eres-tot": {"Energie aus erneuerbaren Quellen", "Energy from renewable sources"}, "eu-eres-goo": {"davon aus Herkunftsnachweisen", "of it by guarantees of origin"},
		"eu-eres-ppa": {"davon aus Lieferverträgen (PPA)", "of it by purchase agreements (PPA)"}, "eu-eres-os": {"davon am Standort erzeugt", "of it generated on site"},
		"eu-cserv": {"Leistungsfähigkeit der Server (SERT)", "Server capacity (SERT)"}, "eu-cserv-area": {"Anteil der Rechnerräume, den sie abdeckt", "Share of computer rooms it covers"},
		"eu-cstor": {"Speicherkapazität", "Storage capacity"}, "eu-cstor-area": {"Anteil der Rechnerräume, den sie abdeckt", "Share of computer rooms it covers"},
		"eu-bin": {"Bandbreite des eingehenden Verkehrs", "Bandwidth of incoming traffic"}, "eu-bout": {"Bandbreite des ausgehenden Verkehrs", "Bandwidth of outgoing traffic"},
		"eu-tin-traffic": {"Eingehender Datenverkehr", "Incoming traffic"}, "eu-tout-traffic": {"Ausgehender Datenverkehr", "Outgoing traffic"},
		"eu-pue": {"PUE = E_DC / E_IT", "PUE = E_DC / E_IT"}, "eu-wue": {"WUE = W_IN / E_IT", "WUE = W_IN / E_IT"}, "eu-erf": {"ERF = E_REUSE / E_DC", "ERF = E_REUSE / E_DC"}, "eu-ref": {"REF = E_RES-TOT / E_DC", "REF = E_RES-TOT / E_DC"},
	}
}
