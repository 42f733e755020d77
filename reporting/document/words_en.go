package document

import "heatledger/energy"

// english are the words of English reports.
func english() words {
	return words{
		lang:  English,
		title: "Yearly report %s %d", subject: "Energy figures of %s in %d", page: "Page %d of %d",
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},

		site: "Site", operator: "Operator", address: "Address", period: "Period",
		asKnown: "Data as of", dataVersion: "Data version", status: "Status",
		final: "final: the year is over.", provisional: "provisional: the year does not end before %s.",

		figures: "Figures of the year", chart: "Course of the year", monthly: "Months", points: "Points and meters", missing: "What is missing", verify: "Check it yourself",
		overview: "Overview", monthsSheet: "Months", daysSheet: "Days", pointsSheet: "Points", qualitySheet: "Quality",

		figure: "Figure", value: "Value", numerator: "Numerator", denominator: "Denominator", coverage: "Coverage",
		energyKnown: "energy known", ownTime: "measured in time", substitute: "Substitutes", uncertainty: "Uncertainty (k = 2)", standard: "Standard, edition", note: "Note",
		month: "Month", year: "Year", gridImport: "Grid import", totalEnergy: "Total energy E_DC", itEnergy: "IT energy E_IT", other: "other energy",
		point: "Point", meter: "Meter", model: "Device, number", quantity: "Quantity", role: "Role", unit: "Unit", amount: "Amount of the year", accuracy: "Accuracy, verification",
		from: "From", to: "To", day: "Day", quality: "Quality", days: "Number of days",
		class: "class %s", category: "category %d", until: "until", notStated: "not stated", unknown: "unknown",

		intro:           "This report sums up what the meters of the site have measured. Each figure comes with its numerator and denominator, with the share of time for which readings exist, and with its measurement uncertainty.",
		noFigure:        "No figure can be computed for this year: there are no points for grid import or IT load.",
		nothingMissing:  "Nothing is missing: the energy of each counted point is wholly known on each past day of the year.",
		gapsSay:         "On these days the energy of a counted point is not wholly known:",
		recompute:       "The PUE columns are formulas (= total energy / IT energy) and recompute.",
		chartSays:       "One bar for each month of %d: below the IT energy, above it the other energy of the data centre. The highest month is %s with %s.",
		chartLeast:      "The lowest is %s with %s.",
		chartGap:        "Without readings: %s.",
		moreGaps:        "%d further gaps are in the sheet “Quality” of the workbook.",
		unstated:        "Accuracy not stated, and so no uncertainty of the figures: %s.",
		digest:          "The numbers rest on data version %d of this site. To check them, print the data rows with “heatledger report --site %s --year %d --format csv”; their SHA-256 checksum is:",
		checkpointLabel: "Public ledger",
		checkpointSays:  "The data are covered by this checkpoint of the public ledger, signed by the operator of Heatledger. Keep it in a file; “heatledger verify --checkpoint FILE” proves that the ledger still leads to it and that nothing was changed since:",
		checkpointNone:  "The public ledger does not cover these data yet, or none is kept: there is no checkpoint.",

		roles: englishRoles(), quantities: englishQuantities(), names: englishNames(), notes: englishNotes(),
		regimes: map[string]string{"mid": "MID", "calibration": "calibrated", "none": "not verified"},
		qualities: map[energy.Quality]string{
			energy.Missing: "missing", energy.Measured: "measured", energy.Distributed: "distributed", energy.Calculated: "calculated",
			energy.Substitute: "substitute", energy.Declared: "declared", energy.Suspect: "suspect",
		},
	}
}

func englishNames() map[string]string {
	return map[string]string{
		"pue": "PUE", "ipue": "iPUE", "ppue": "pPUE (mixed building)", "ref": "REF", "erf": "ERF",
		"ere": "ERE", "cer": "CER", "cue_location": "CUE (location)", "cue_market": "CUE (market)",
		"wue_1": "WUE 1", "wue_2": "WUE 2", "pue_enefg": "PUE of EnEfG § 11", "green_share_annual": "Green share (annual balance)",
		"green_share_monthly": "Green share (by month)", "green_share_hourly": "Green share (by hour)", "green_share_quarter_hourly": "Green share (by quarter-hour)", "heat_delivered": "Heat delivered",
		"heat_rejected": "Heat rejected", "heat_available": "Heat held ready", "heat_requested": "Heat asked for", "full_load_hours": "Full-load hours",
		"heat_delivered_above_share": "Share of the heat at the wanted temperature", "heat_delivered_above_time_share": "Share of the time at the wanted temperature",
		"heat_delivered_flow_temperature": "Flow temperature of delivered heat", "heat_delivered_return_temperature": "Return temperature of delivered heat", "grid_renewable_share": "Renewable share of grid electricity",
	}
}

func englishQuantities() map[energy.Quantity]string {
	return map[energy.Quantity]string{
		energy.ActiveEnergyImport: "active energy, import", energy.ActiveEnergyExport: "active energy, export", energy.HeatEnergy: "heat energy", energy.CoolingEnergy: "cooling energy",
		energy.ActivePower: "active power", energy.HeatPower: "heat power", energy.FlowTemperature: "flow temperature", energy.ReturnTemperature: "return temperature",
		energy.Temperature: "temperature", energy.Volume: "volume", energy.WaterVolume: "water volume", energy.FuelVolume: "fuel volume", energy.GasVolume: "gas volume",
		energy.VolumeFlow: "volume flow",
	}
}

func englishRoles() map[energy.Role]string {
	return map[energy.Role]string{
		energy.GridImport: "grid import", energy.GridExport: "grid export", energy.OnsiteRenewable: "own renewables", energy.OnsiteFossil: "own fossil generation",
		energy.BackupGenerator: "backup generator", energy.ThermalImport: "district cold or heat", energy.StorageCharge: "storage, charge", energy.StorageDischarge: "storage, discharge",
		energy.ITLoad: "IT load", energy.Cooling: "cooling", energy.OtherInfrastructure: "other infrastructure", energy.ForeignLoad: "foreign load",
		energy.HeatPumpElectricity: "electricity of the heat pump", energy.HeatRemoved: "heat removed", energy.HeatDelivered: "heat delivered", energy.HeatReuseOwn: "heat used in own buildings",
		energy.HeatInternal: "heat used internally", energy.HeatRejected: "heat rejected", energy.HeatAvailable: "available heat power", energy.HeatRequested: "requested heat power",
		energy.HeatStorageIn: "heat storage, charge", energy.HeatStorageOut: "heat storage, discharge", energy.WaterIn: "water in", energy.WaterPotable: "of it potable water",
		energy.ITInletTemperature: "inlet temperature of the IT",
	}
}

func englishNotes() map[string]string {
	return map[string]string{
		"grid_year":                  "grid data of the year %s",
		"grid_moved_by_weekday_from": "grid data of the year %s, moved by weekday",
		"grid_estimated_hours":       "%s hours of the grid data are estimated",
		"guarantees_mwh":             "%s MWh of guarantees of origin counted",
		"guarantees_void_mwh":        "%s MWh of guarantees of origin void",
		"capacity=declared":          "the thermal power is the declared one",
		"grid_by_hour":               "the grid's data are hourly",

		"subsystems":                     "subsystems counted beside the IT: %s",
		"temperature_by_meter_registers": "from the heat meters' temperature registers",
		"temperature_by_sensors":         "from sensors, weighted with the heat",
		"above_celsius":                  "%s °C are wanted",

		"certificates_wh":             "%s Wh of certificates by the hour counted",
		"certificates_too_coarse":     "%s certificates know the hour and no quarter-hour; they do not count here",
		"guarantees_sold_mwh":         "%s MWh of guarantees of own generation were sold and are taken off",
		"ppa_proven_wh":               "%s Wh of the purchase agreement are proven by cancelled guarantees",
		"ppa_unproven_wh":             "%s Wh of the purchase agreement are not proven and do not count",
		"evidence_provisional_until":  "provisional: evidence may come until %s",
		"evidence_final_since":        "evidence final since %s",
		"supplier_mix":                "the rest by the supplier's mix (evidence %s)",
		"residual_mix":                "the rest by the residual mix (evidence %s)",
		"no_mix_of":                   "no mix is stated for %s: no figure",
		"heat_guarantees_mwh":         "%s MWh of heat guarantees were issued",
		"heat_guarantees_void_mwh":    "%s MWh of heat guarantees do not count",
		"heat_guarantees_exceed_heat": "more heat guarantees were issued than heat was delivered",

		"capacity": "the highest hour of the period counts as the heat capacity",
	}
}
