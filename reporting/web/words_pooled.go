package web

// pooledWords are the sentences about figures of several sites.
func pooledWords() map[string]sentence {
	return map[string]sentence{
		"pooled":            {"Alle Standorte zusammen", "All sites together"},
		"pooled.lead":       {"Zwei Rechenwege, die verschiedene Zahlen ergeben: das mit dem Energiebedarf E_DC jedes Standorts gewichtete Mittel, wie es die Europäische Union veröffentlicht, und das Verhältnis der Summen, als wären alle Standorte einer.", "Two ways of reckoning that give different numbers: the mean weighted with each site's energy E_DC, as the European Union publishes it, and the ratio of the sums, as if all sites were one."},
		"pooled.weighted":   {"gewichtet mit E_DC (EU)", "Weighted with E_DC (EU)"},
		"pooled.ratio":      {"Verhältnis der Summen", "Ratio of the sums"},
		"pooled.sites":      {"Standorte darin", "Sites in it"},
		"pooled.of":         {"%s von %s", "%s of %s"},
		"pooled.categories": {"mehrere Messkategorien", "several measurement categories"},
		"pooled.note":       {"Gewichtet: Σ(Kennzahl · E_DC) / ΣE_DC, Delegierte Verordnung (EU) 2024/1364, Anhang IV. Verhältnis der Summen: beim PUE ΣE_DC / ΣE_IT. Abdeckung: die geringste, Ersatzwerte: der höchste Anteil unter den Standorten. Ein Standort ohne die Kennzahl zählt in keiner von beiden.", "Weighted: Σ(figure · E_DC) / ΣE_DC, Delegated Regulation (EU) 2024/1364, Annex IV. Ratio of the sums: for PUE ΣE_DC / ΣE_IT. Coverage: the least, substitutes: the greatest share among the sites. A site without the figure counts in neither."},
	}
}
