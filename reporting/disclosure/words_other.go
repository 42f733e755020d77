package disclosure

// platformWords are the columns of the platform for waste heat.
func platformWords() map[string]sentence {
	return map[string]sentence{
		"pfa-company": {"Name des Unternehmens", "Name of the company"}, "pfa-company-id": {"Unternehmens-ID", "Company id"}, "pfa-report-id": {"Melde-ID", "Report id"},
		"pfa-street": {"Straße des Standorts", "Street of the site"}, "pfa-postcode": {"Postleitzahl", "Postcode"}, "pfa-town": {"Ort", "Town"},
		"pfa-heat": {"Jährliche Wärmemenge", "Annual amount of heat"}, "pfa-max-power": {"Maximale thermische Leistung", "Greatest thermal power"}, "pfa-power": {"Leistungsprofil, Mittel im %s", "Power profile, mean of %s"},
		"pfa-control-temperature": {"Regelbarkeit der Temperatur", "How temperature is controlled"}, "pfa-control-pressure": {"Regelbarkeit des Drucks", "How pressure is controlled"}, "pfa-control-feed-in": {"Regelbarkeit der Einspeisung", "How feed-in is controlled"},
		"pfa-temperature": {"Durchschnittliches Temperaturniveau", "Mean temperature"}, "pfa-operating-hours": {"Betriebsstunden mit Abwärme", "Hours with waste heat"},
		"pfa-minimis-heat": {"Schwelle der Anlage: Wärmemenge", "Threshold of the plant: heat"}, "pfa-minimis-hours": {"Schwelle der Anlage: Betriebsstunden", "Threshold of the plant: hours"}, "pfa-minimis-temperature": {"Schwelle der Anlage: Temperatur", "Threshold of the plant: temperature"},
		"pfa-minimis-site": {"Schwelle des Standorts: Wärmemenge", "Threshold of the site: heat"}, "pfa-minimis-company": {"Schwelle des Unternehmens: Energieverbrauch", "Threshold of the company: energy"},
	}
}

// otherWords are the lines of the other forms, and names of facts that feed none
// or several fields.
func otherWords() map[string]sentence {
	return map[string]sentence{
		"customer": {"Direkt zurechenbarer Energieverbrauch von %s", "Energy directly attributable to %s"}, "customer-unnamed": {"Anteil %s: wessen er ist, sagt niemand", "Share %s: nobody says whose it is"}, "customer-none": {"Kunden", "Customers"},
		"wpg-4a": {"Prozesswärme %s (Spanne)", "Process heat of %s (band)"}, "wpg-4b-electricity": {"Energieträger Strom", "Energy carrier: electricity"}, "wpg-4b-fuel": {"Energieträger Brennstoff (Notstrom)", "Energy carrier: fuel (backup)"}, "wpg-4b-thermal": {"Energieträger Fernkälte oder Fernwärme", "Energy carrier: district cold or heat"},
		"wpg-4c-heat": {"Unvermeidbare Abwärme im Jahr", "Unavoidable waste heat of the year"}, "wpg-4c-max-power": {"Maximale thermische Leistung", "Greatest thermal power"}, "wpg-4c-power": {"Leistungsprofil, Mittel im %s", "Power profile, mean of %s"}, "wpg-4c-temperature": {"Durchschnittliches Temperaturniveau", "Mean temperature"},
		"wpg-4c-control-temperature": {"Regelbarkeit der Temperatur", "How temperature is controlled"}, "wpg-4c-control-pressure": {"Regelbarkeit des Drucks", "How pressure is controlled"}, "wpg-4c-control-feed-in": {"Regelbarkeit der Einspeisung", "How feed-in is controlled"},
		"wpg-4d":          {"Geplante Transformation der Prozesswärme", "Planned transformation of process heat"},
		"ghg-electricity": {"Eingekaufter Strom", "Electricity bought"}, "ghg-location": {"Emissionen, standortbezogen", "Emissions, location-based"}, "ghg-location-factor": {"Mittlerer Faktor des Netzes, nach Stunden gewichtet", "Mean factor of the grid, weighted by hour"},
		"ghg-market": {"Emissionen, marktbezogen", "Emissions, market-based"}, "ghg-market-factor": {"Faktor des nicht belegten Stroms", "Factor of electricity without guarantee"}, "ghg-thermal-energy": {"Eingekaufte Kälte oder Wärme", "Cold or heat bought"}, "ghg-thermal": {"Emissionen der eingekauften Kälte oder Wärme", "Emissions of cold or heat bought"},

		"fact:floor_area_total": {"Gesamtfläche des Rechenzentrums", "Total floor area of the data centre"}, "fact:mixed_building": {"Wird das Gebäude auch von anderen genutzt?", "Is the building shared with others?"},
		"fact:has_feed_in": {"Wird Strom zurückgespeist?", "Is electricity fed back?"}, "fact:has_green_purchase": {"Wurde Erneuerbares eingekauft?", "Was anything renewable bought?"}, "fact:has_own_renewables": {"Wird vor Ort Erneuerbares erzeugt?", "Is anything renewable generated on site?"}, "fact:has_backup_generator": {"Gibt es Notstromaggregate?", "Is there a backup generator?"},
		"fact:has_heat_reuse": {"Wird Wärme abgegeben oder selbst genutzt?", "Is heat delivered or reused?"}, "fact:has_water_use": {"Gelangt Wasser in das Rechenzentrum?", "Does water enter the data centre?"},
		"fact:company_energy_average_kwh": {"Energieverbrauch des Unternehmens, Mittel von drei Jahren", "Energy of the company, mean of three years"}, "fact:process_heat_kwh": {"Prozesswärme", "Process heat"},
		"fact:thermal_import_g_per_kwh": {"Emissionsfaktor der eingekauften Kälte oder Wärme", "Emission factor of cold or heat bought"}, "fact:heat_growth_contracted_kw": {"Vertraglich vereinbarter Zuwachs der Wärmeleistung", "Contracted growth of the thermal power"}, "fact:heat_delivery_temperature_c": {"Verlangte Temperatur der Wärme", "Temperature at which heat is wanted"},
		"fact:thermal_import_factor": {"Gewicht eingekaufter Kälte oder Wärme", "Weight of cold or heat bought"}, "fact:outdoor_temperature": {"Messstelle der Außentemperatur", "Point of the outdoor temperature"},
	}
}
