package web

// formWords are the sentences of the pages of forms; those of the forms
// themselves are in package disclosure.
func formWords() map[string]sentence {
	return map[string]sentence{
		"forms.title":      {"Formulare: %s, %s", "Forms: %s, %s"},
		"forms":            {"Formulare", "Forms"},
		"forms.lead":       {"Alle Meldungen aus denselben Zahlen. Was fehlt, steht mit dem Zähler oder der Angabe da, die es ergäbe; eine fehlende Zahl ist nie eine Null.", "Every report from the same numbers. What is missing is listed with the meter or statement that would give it; a missing number is never a zero."},
		"forms.of":         {"Formulare ansehen", "Show forms"},
		"forms.form":       {"Formular", "Form"},
		"forms.due":        {"fällig", "Due"},
		"forms.filled":     {"Vollständigkeit", "Completeness"},
		"forms.missing":    {"fehlende Felder: %s", "fields missing: %s"},
		"forms.files":      {"Dateien", "Files"},
		"form.title":       {"%s: %s, %s", "%s: %s, %s"},
		"form.missing":     {"Was fehlt", "What is missing"},
		"form.missing.no":  {"Es fehlt nichts: Jedes Feld hat einen Wert.", "Nothing is missing: every field has a value."},
		"form.fields":      {"Felder mit Wert", "Fields with a value"},
		"form.number":      {"Nr.", "No."},
		"form.field":       {"Feld", "Field"},
		"form.remedy":      {"Was den Wert ergäbe", "What would give it"},
		"form.basis":       {"Grundlage", "Basis"},
		"form.sources":     {"Woher", "From"},
		"form.columns":     {"Gemessen, erklärt, veröffentlicht", "Metered, declared, published"},
		"form.columns.sum": {"Drei Spalten nebeneinander. Die Abweichung bezieht sich auf die erste Spalte mit einem Wert; in Klammern steht, worauf der Wert beruht.", "Three columns side by side. The difference is to the first column with a value; what the value rests on stands in brackets."},
		"form.metered":     {"hier gemessen", "metered here"},
		"form.declared":    {"uns erklärt", "declared to us"},
		"form.published":   {"im Register", "in the register"},
		"form.publication": {"Veröffentlichung", "Publication"},
		"form.citation":    {"Rechtsgrundlage", "Citation"},
		"form.digest":      {"Prüfsumme SHA-256", "SHA-256 digest"},
	}
}
