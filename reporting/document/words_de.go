package document

import "heatledger/energy"

// german are the words of German reports.
func german() words {
	return words{
		lang:  German,
		title: "Jahresbericht %s %d", subject: "Energiekennzahlen von %s im Jahr %d", page: "Seite %d von %d",
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},

		site: "Standort", operator: "Betreiber", address: "Anschrift", period: "Zeitraum",
		asKnown: "Stand der Daten", dataVersion: "Datenfassung", status: "Status",
		final: "endgültig: das Jahr ist vorüber.", provisional: "vorläufig: das Jahr endet erst am %s.",

		figures: "Kennzahlen des Jahres", chart: "Verlauf des Jahres", monthly: "Monate", points: "Messstellen und Messgeräte", missing: "Was fehlt", verify: "Nachprüfen",
		overview: "Überblick", monthsSheet: "Monate", daysSheet: "Tage", pointsSheet: "Messstellen", qualitySheet: "Qualität",

		figure: "Kennzahl", value: "Wert", numerator: "Zähler", denominator: "Nenner", coverage: "Abdeckung",
		energyKnown: "Energie bekannt", ownTime: "zeitgenau gemessen", substitute: "Ersatzwerte", uncertainty: "Unsicherheit (k = 2)", standard: "Norm, Ausgabe", note: "Hinweis",
		month: "Monat", year: "Jahr", gridImport: "Netzbezug", totalEnergy: "Gesamtenergie E_DC", itEnergy: "IT-Energie E_IT", other: "übrige Energie",
		point: "Messstelle", meter: "Messgerät", model: "Typ, Nummer", quantity: "Größe", role: "Aufgabe", unit: "Einheit", amount: "Jahresmenge", accuracy: "Genauigkeit, Eichung",
		from: "von", to: "bis", day: "Tag", quality: "Qualität", days: "Anzahl Tage",
		class: "Klasse %s", category: "Kategorie %d", until: "bis", notStated: "nicht angegeben", unknown: "unbekannt",

		intro:           "Dieser Bericht fasst zusammen, was die Messgeräte des Standorts gemessen haben. Jede Kennzahl steht mit Zähler und Nenner ihres Bruchs, mit dem Anteil der Zeit, für den Messwerte vorliegen, und mit ihrer Messunsicherheit.",
		noFigure:        "Für dieses Jahr lässt sich keine Kennzahl bilden: Es fehlen Messstellen für Netzbezug oder IT-Last.",
		nothingMissing:  "Es fehlt nichts: Die Energie jeder zählenden Messstelle ist an jedem vergangenen Tag des Jahres vollständig bekannt.",
		gapsSay:         "An diesen Tagen ist die Energie einer zählenden Messstelle nicht vollständig bekannt:",
		recompute:       "Die PUE-Spalten sind Formeln (= Gesamtenergie / IT-Energie) und rechnen nach.",
		chartSays:       "Balken je Monat für %d: unten die IT-Energie, darüber die übrige Energie des Rechenzentrums. Der höchste Monat ist %s mit %s.",
		chartLeast:      "Der niedrigste ist %s mit %s.",
		chartGap:        "Ohne Messwerte: %s.",
		moreGaps:        "%d weitere Lücken stehen im Blatt „Qualität“ der Arbeitsmappe.",
		unstated:        "Ohne Angabe der Genauigkeit, daher ohne Messunsicherheit der Kennzahlen: %s.",
		digest:          "Die Zahlen beruhen auf Datenfassung %d dieses Standorts. Wer sie nachprüfen will, lässt sich die Datenzeilen mit „heatledger report --site %s --year %d --format csv“ ausgeben; ihre SHA-256-Prüfsumme ist:",
		checkpointLabel: "Öffentliches Protokoll",
		checkpointSays:  "Die Daten sind von diesem Prüfpunkt des öffentlichen Protokolls gedeckt, den der Betreiber von Heatledger unterschrieben hat. Als Datei aufbewahrt beweist „heatledger verify --checkpoint DATEI“, dass das Protokoll noch zu ihm führt und seither nichts verändert wurde:",
		checkpointNone:  "Das öffentliche Protokoll deckt diese Daten noch nicht, oder es wird keines geführt: Es gibt keinen Prüfpunkt.",

		roles: germanRoles(), quantities: germanQuantities(), names: germanNames(), notes: germanNotes(),
		regimes: map[string]string{"mid": "MID", "calibration": "kalibriert", "none": "nicht geeicht"},
		qualities: map[energy.Quality]string{
			energy.Missing: "fehlt", energy.Measured: "gemessen", energy.Distributed: "verteilt", energy.Calculated: "berechnet",
			energy.Substitute: "Ersatzwert", energy.Declared: "erklärt", energy.Suspect: "zweifelhaft",
		},
	}
}

func germanNames() map[string]string {
	return map[string]string{
		"pue": "PUE", "ipue": "iPUE", "ppue": "pPUE (gemischtes Gebäude)", "ref": "REF", "erf": "ERF",
		"ere": "ERE", "cer": "CER", "cue_location": "CUE (Standort)", "cue_market": "CUE (Markt)",
		"wue_1": "WUE 1", "wue_2": "WUE 2", "pue_enefg": "PUE nach EnEfG § 11", "green_share_annual": "Grünstromanteil (Jahresbilanz)",
		"green_share_monthly": "Grünstromanteil (monatsweise)", "green_share_hourly": "Grünstromanteil (stundenweise)", "green_share_quarter_hourly": "Grünstromanteil (viertelstundenweise)", "heat_delivered": "Abgegebene Wärme",
		"heat_rejected": "Ungenutzte Abwärme", "heat_available": "Bereitgestellte Wärme", "heat_requested": "Angeforderte Wärme", "full_load_hours": "Volllaststunden",
		"heat_delivered_above_share": "Anteil der Wärme ab der verlangten Temperatur", "heat_delivered_above_time_share": "Anteil der Zeit ab der verlangten Temperatur",
		"heat_delivered_flow_temperature": "Vorlauftemperatur der abgegebenen Wärme", "heat_delivered_return_temperature": "Rücklauftemperatur der abgegebenen Wärme", "grid_renewable_share": "Erneuerbarer Anteil im Netzstrom",
	}
}

func germanQuantities() map[energy.Quantity]string {
	return map[energy.Quantity]string{
		energy.ActiveEnergyImport: "Wirkenergie, Bezug", energy.ActiveEnergyExport: "Wirkenergie, Lieferung", energy.HeatEnergy: "Wärmemenge", energy.CoolingEnergy: "Kältemenge",
		energy.ActivePower: "Wirkleistung", energy.HeatPower: "Wärmeleistung", energy.FlowTemperature: "Vorlauftemperatur", energy.ReturnTemperature: "Rücklauftemperatur",
		energy.Temperature: "Temperatur", energy.Volume: "Volumen", energy.WaterVolume: "Wassermenge", energy.FuelVolume: "Brennstoff", energy.GasVolume: "Gasmenge",
		energy.VolumeFlow: "Durchfluss",
	}
}

func germanRoles() map[energy.Role]string {
	return map[energy.Role]string{
		energy.GridImport: "Netzbezug", energy.GridExport: "Netzeinspeisung", energy.OnsiteRenewable: "eigene Erneuerbare", energy.OnsiteFossil: "eigene fossile Erzeugung",
		energy.BackupGenerator: "Notstrom", energy.ThermalImport: "Fernkälte oder Fernwärme", energy.StorageCharge: "Speicher, Laden", energy.StorageDischarge: "Speicher, Entladen",
		energy.ITLoad: "IT-Last", energy.Cooling: "Kühlung", energy.OtherInfrastructure: "übrige Infrastruktur", energy.ForeignLoad: "fremde Last",
		energy.HeatPumpElectricity: "Strom der Wärmepumpe", energy.HeatRemoved: "abgeführte Wärme", energy.HeatDelivered: "abgegebene Wärme", energy.HeatReuseOwn: "selbst genutzte Wärme",
		energy.HeatInternal: "intern genutzte Wärme", energy.HeatRejected: "verworfene Wärme", energy.HeatAvailable: "verfügbare Wärmeleistung", energy.HeatRequested: "angeforderte Wärmeleistung",
		energy.HeatStorageIn: "Wärmespeicher, Laden", energy.HeatStorageOut: "Wärmespeicher, Entladen", energy.WaterIn: "Wasserbezug", energy.WaterPotable: "davon Trinkwasser",
		energy.ITInletTemperature: "Zulufttemperatur der IT",
	}
}

func germanNotes() map[string]string {
	return map[string]string{
		"grid_year":                  "Netzdaten des Jahres %s",
		"grid_moved_by_weekday_from": "Netzdaten des Jahres %s, nach Wochentagen verschoben",
		"grid_estimated_hours":       "%s Stunden der Netzdaten sind geschätzt",
		"guarantees_mwh":             "%s MWh Herkunftsnachweise angerechnet",
		"guarantees_void_mwh":        "%s MWh Herkunftsnachweise nicht anrechenbar",
		"capacity":                   "als Wärmeleistung gilt die höchste Stunde des Zeitraums",
		"capacity=declared":          "als Wärmeleistung gilt die erklärte",
		"grid_by_hour":               "Netzdaten liegen stündlich vor",

		"subsystems":                     "gezählte Teilsysteme neben der IT: %s",
		"temperature_by_meter_registers": "aus den Temperaturregistern der Wärmezähler",
		"temperature_by_sensors":         "aus Fühlern, mit der Wärme gewichtet",
		"above_celsius":                  "verlangt sind %s °C",

		"certificates_wh":             "%s Wh stundengenaue Zertifikate angerechnet",
		"certificates_too_coarse":     "%s Nachweise nennen nur die Stunde, keine Viertelstunde, und zählen hier nicht",
		"guarantees_sold_mwh":         "%s MWh Herkunftsnachweise der eigenen Erzeugung wurden verkauft und sind abgezogen",
		"ppa_proven_wh":               "%s Wh des Liefervertrags sind durch entwertete Herkunftsnachweise belegt",
		"ppa_unproven_wh":             "%s Wh des Liefervertrags sind nicht belegt und zählen nicht",
		"evidence_provisional_until":  "vorläufig: Nachweise können bis %s hinzukommen",
		"evidence_final_since":        "Nachweise endgültig seit %s",
		"supplier_mix":                "übriger Strom nach der Stromkennzeichnung (Nachweis %s)",
		"residual_mix":                "übriger Strom nach dem Residualmix (Nachweis %s)",
		"no_mix_of":                   "für %s ist kein Strommix belegt: keine Kennzahl",
		"heat_guarantees_mwh":         "%s MWh Wärme-Herkunftsnachweise ausgestellt",
		"heat_guarantees_void_mwh":    "%s MWh Wärme-Herkunftsnachweise nicht anrechenbar",
		"heat_guarantees_exceed_heat": "es wurden mehr Wärme-Herkunftsnachweise ausgestellt, als Wärme abgegeben wurde",
	}
}
