package web

// codeWords are the names of kinds of sites, figures, roles, quantities and qualities,
// each behind its kind.
func codeWords() map[string]sentence {
	return map[string]sentence{
		"kind:data_centre": {"Rechenzentrum", "data centre"}, "kind:server_room": {"Serverraum", "server room"}, "kind:network_node": {"Netzknoten", "network node"},
		"type:enterprise": {"eines Unternehmens", "of one company"}, "type:colocation": {"Colocation", "colocation"}, "type:co-hosting": {"Co-Hosting", "co-hosting"},

		"kpi:pue": {"PUE: Strom insgesamt je Strom der IT, zwölf Monate", "PUE: all energy per energy of IT, twelve months"}, "kpi:ipue": {"iPUE: Energie insgesamt je Energie der IT, kürzerer Zeitraum", "iPUE: all energy per energy of IT, shorter period"},
		"kpi:ref": {"REF: Anteil erneuerbarer Energie", "REF: share of renewable energy"}, "kpi:erf": {"ERF: Anteil wiederverwendeter Energie", "ERF: share of reused energy"},
		"kpi:ere": {"ERE: Energie abzüglich Wiederverwendung je Energie der IT", "ERE: energy less reuse per energy of IT"}, "kpi:cer": {"CER: Wärme je Strom der Kühlung", "CER: heat per electricity of cooling"},
		"kpi:cue_location": {"CUE: CO₂ je Energie der IT (Strommix)", "CUE: CO₂ per energy of IT (grid mix)"}, "kpi:cue_market": {"CUE: CO₂ je Energie der IT (Vertrag)", "CUE: CO₂ per energy of IT (contract)"},
		"kpi:wue_1": {"WUE 1: Trinkwasser je Energie der IT", "WUE 1: potable water per energy of IT"}, "kpi:wue_2": {"WUE 2: alles Wasser je Energie der IT", "WUE 2: all water per energy of IT"},
		"standard:hourly matching": {"Abgleich je Stunde", "hourly matching"}, "standard:quarter-hourly matching": {"Abgleich je Viertelstunde", "quarter-hourly matching"},
		"kpi:pue_enefg": {"PUE nach § 11 Abs. 2 EnEfG", "PUE by § 11 (2) EnEfG"}, "kpi:ppue": {"pPUE: Teil eines gemischten Gebäudes", "pPUE: part of a mixed building"},
		"kpi:heat_delivered_flow_temperature": {"Vorlauftemperatur der abgegebenen Wärme", "Flow temperature of the heat delivered"}, "kpi:heat_delivered_return_temperature": {"Rücklauftemperatur der abgegebenen Wärme", "Return temperature of the heat delivered"},
		"kpi:heat_delivered_above_share": {"Anteil der Wärme ab der verlangten Temperatur", "Share of the heat at the wanted temperature"}, "kpi:heat_delivered_above_time_share": {"Anteil der Zeit ab der verlangten Temperatur", "Share of the time at the wanted temperature"},
		"kpi:heat_delivered": {"Abgegebene Wärme", "Heat delivered"}, "kpi:heat_rejected": {"An die Luft abgegebene Wärme", "Heat rejected to the air"}, "kpi:heat_available": {"Bereitgestellte Wärme", "Heat held ready"}, "kpi:heat_requested": {"Angeforderte Wärme", "Heat asked for"}, "kpi:full_load_hours": {"Volllaststunden", "Full-load hours"},
		"kpi:green_share_annual": {"Grünstromanteil, über das Jahr bilanziert", "Green share, balanced over the year"}, "kpi:green_share_monthly": {"Grünstromanteil, Monat für Monat", "Green share, month by month"},
		"kpi:grid_renewable_share": {"Anteil Erneuerbarer im Netz, gewichtet mit dem Verbrauch jeder Stunde", "Renewables in the grid, weighted by the use of each hour"},
		"kpi:green_share_hourly":   {"Grünstromanteil, Stunde für Stunde", "Green share, hour by hour"}, "kpi:green_share_quarter_hourly": {"Grünstromanteil, je Viertelstunde", "Green share, by quarter-hour"},

		"role:grid_import": {"Bezug aus dem Netz", "Grid import"}, "role:grid_export": {"Einspeisung ins Netz", "Grid export"}, "role:onsite_renewable": {"eigene erneuerbare Erzeugung", "On-site renewable"},
		"role:onsite_fossil": {"eigene fossile Erzeugung", "On-site fossil"}, "role:backup_generator": {"Notstromaggregat", "Backup generator"}, "role:thermal_import": {"Bezug von Kälte oder Wärme", "Thermal import"},
		"role:storage_charge": {"Speicher laden", "Storage charge"}, "role:storage_discharge": {"Speicher entladen", "Storage discharge"}, "role:it_load": {"IT", "IT load"}, "role:cooling": {"Kühlung", "Cooling"},
		"role:other_infrastructure": {"übriges Gebäude", "Other infrastructure"}, "role:foreign_load": {"fremder Verbrauch", "Foreign load"}, "role:heat_pump_electricity": {"Strom der Wärmepumpe", "Heat pump electricity"},
		"role:heat_removed": {"aus den Räumen abgeführte Wärme", "Heat removed from the rooms"}, "role:heat_delivered": {"abgegebene Wärme", "Heat delivered"}, "role:heat_reuse_own": {"selbst genutzte Wärme", "Heat reused on own premises"},
		"role:heat_internal": {"intern genutzte Wärme", "Heat used internally"}, "role:heat_rejected": {"an die Luft abgegebene Wärme", "Heat rejected"}, "role:heat_available": {"verfügbare Wärme", "Heat available"},
		"role:heat_requested": {"angeforderte Wärme", "Heat requested"}, "role:heat_storage_in": {"Wärme in den Speicher", "Heat into storage"}, "role:heat_storage_out": {"Wärme aus dem Speicher", "Heat out of storage"},
		"role:water_in": {"Wasserbezug", "Water intake"}, "role:water_potable": {"davon Trinkwasser", "of it potable"}, "role:it_inlet_temperature": {"Zulufttemperatur der IT", "IT inlet temperature"}, "role:": {"–", "–"},

		"quantity:active_energy_import": {"Wirkarbeit", "Active energy"}, "quantity:active_energy_export": {"Wirkarbeit, Abgabe", "Active energy, export"}, "quantity:heat_energy": {"Wärmemenge", "Heat energy"},
		"quantity:cooling_energy": {"Kältemenge", "Cooling energy"}, "quantity:active_power": {"Wirkleistung", "Active power"}, "quantity:heat_power": {"Wärmeleistung", "Heat power"}, "quantity:flow_temperature": {"Vorlauftemperatur", "Flow temperature"},
		"quantity:return_temperature": {"Rücklauftemperatur", "Return temperature"}, "quantity:temperature": {"Temperatur", "Temperature"}, "quantity:volume": {"Volumen", "Volume"}, "quantity:water_volume": {"Wassermenge", "Water volume"},
		"quantity:fuel_volume": {"Brennstoffmenge", "Fuel volume"}, "quantity:gas_volume": {"Gasmenge", "Gas volume"}, "quantity:volume_flow": {"Durchfluss", "Volume flow"},
		"quantity:volume_temperature_flow": {"Volumen × Vorlauftemperatur", "Volume × flow temperature"}, "quantity:volume_temperature_return": {"Volumen × Rücklauftemperatur", "Volume × return temperature"}, "quantity:frequency": {"Frequenz", "Frequency"},

		"quality:measured": {"gemessen", "measured"}, "quality:distributed": {"verteilt", "distributed"}, "quality:calculated": {"berechnet", "calculated"}, "quality:substitute": {"Ersatzwert", "substitute"},
		"quality:declared": {"angegeben", "declared"}, "quality:suspect": {"fraglich", "suspect"}, "quality:missing": {"fehlt", "missing"},
	}
}
