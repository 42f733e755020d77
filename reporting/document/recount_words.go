package document

// recounting are the words of the sheets that compute a year once again. Names
// of sheets are single words: formulas name them.
type recounting struct {
	quarters, hours, figures, check string

	// The sheet of comparisons; of is a format of a number, title of a name and a year.
	title, of, part, ours, sheets, difference, agree, yes, no string

	// Headings.
	instant, state, counts, running                                            string
	limit, numeratorSubstitute, denominatorSubstitute, measured, known, proven string
	drawn, rest, seconds, cut, spans                                           string
	intensity, renewable, ownUse, load, certified, heat                        string
}

func recountingIn(l Lang) recounting {
	if l == German {
		return recounting{
			quarters: "Viertelstunden", hours: "Stunden", figures: "Nachrechnung", check: "Vergleich",
			title: "Nachrechnung %s %d", of: "von %d Zahlen stimmen überein (ganze Zahlen genau, Quotienten auf zwölf Stellen)",
			part: "Größe", ours: "Heatledger", sheets: "dieses Blatt", difference: "Unterschied", agree: "gleich", yes: "ja", no: "NEIN",
			instant: "Beginn (UTC)", state: "zählt (0–5)", counts: "zählt (kleinste)", running: "Tagessumme",
			limit: "Strom aus dem Netz", numeratorSubstitute: "Ersatzwerte im Zähler", denominatorSubstitute: "Ersatzwerte im Nenner",
			measured: "Viertelstunden gemessen", known: "Viertelstunden bekannt", proven: "durch Nachweise",
			drawn: "aus dem Netz bezogen", rest: "Anteil ohne Nachweis", seconds: "Sekunden des Zeitraums", cut: "Sekunden an den Rändern geteilter Lücken",
			spans: "Energie über Lücken hinweg", intensity: "Netz, g/kWh", renewable: "Netz, erneuerbarer Anteil", ownUse: "Eigenverbrauch", load: "Verbrauch",
			certified: "Zertifikate", heat: "Wärme",
		}
	}
	return recounting{
		quarters: "Quarters", hours: "Hours", figures: "Recount", check: "Check",
		title: "Recount %s %d", of: "of %d numbers agree (integers exactly, quotients to twelve digits)",
		part: "Part", ours: "Heatledger", sheets: "This workbook", difference: "Difference", agree: "Agree", yes: "yes", no: "NO",
		instant: "Begin (UTC)", state: "counts (0–5)", counts: "counts (least)", running: "running sum of the day",
		limit: "From the grid", numeratorSubstitute: "Substitutes, numerator", denominatorSubstitute: "Substitutes, denominator",
		measured: "Quarter-hours measured", known: "Quarter-hours known", proven: "by evidence",
		drawn: "drawn from the grid", rest: "share without evidence", seconds: "seconds of the period", cut: "seconds of gaps cut at the borders",
		spans: "Energy across gaps", intensity: "grid, g/kWh", renewable: "grid, renewable share", ownUse: "own use", load: "load",
		certified: "certificates", heat: "heat",
	}
}
