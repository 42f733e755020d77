package web

// ownTokenWords are the sentences about tokens that people make for programs of their
// own, such as QGIS.
func ownTokenWords() map[string]sentence {
	return map[string]sentence{
		"owntokens.title":      {"Meine Schlüssel für Programme", "My tokens for programs"},
		"owntokens.lead":       {"Damit ein Programm wie QGIS, GDAL oder eine Tabellenkalkulation sieht, was Sie sehen, geben Sie ihm einen eigenen Schlüssel statt Ihres Passworts. Er darf nie mehr als Sie selbst und endet mit Ihrem Recht oder Ihrem Zugang.", "For a program such as QGIS, GDAL or a spreadsheet to see what you see, give it a token of its own instead of your password. It never may more than you do, and ends with your right or your account."},
		"owntokens.once":       {"Ihr neuer Schlüssel, nur dieses eine Mal gezeigt", "Your new token, shown this once"},
		"owntokens.keep":       {"Speichern Sie ihn jetzt im Programm: Hier bleibt nur eine Prüfsumme von ihm. Ein Programm schickt ihn als Kopfzeile mit:", "Save it in the program now: only a digest of it stays here. A program sends it along as a header:"},
		"owntokens.qgis":       {"In QGIS: beim Layer „WFS / OGC API – Features“ eine Authentifizierung der Art „API-Kopfzeile“ anlegen, Name Authorization, Wert Bearer und der Schlüssel; Adresse %s/ogc.", "In QGIS: with the layer “WFS / OGC API – Features” make an authentication of the kind “API header”, name Authorization, value Bearer and the token; address %s/ogc."},
		"owntokens.none":       {"Sie haben noch keinen Schlüssel.", "You have no token yet."},
		"owntokens.norights":   {"Ihr Zugang hat zurzeit kein Recht, das ein Programm ausüben könnte.", "Your account has no right at present that a program could use."},
		"owntokens.name":       {"Wofür (zum Beispiel: QGIS im Büro)", "What for (such as: QGIS in the office)"},
		"owntokens.right":      {"Welches Recht", "Which right"},
		"owntokens.days":       {"Wie lange", "How long"},
		"owntokens.days.some":  {"%s Tage", "%s days"},
		"owntokens.days.wrong": {"Ein eigener Schlüssel hat ein Ende: wählen Sie höchstens ein Jahr.", "A token of your own has an end: choose a year at most."},
		"owntokens.submit":     {"Er darf auch einreichen, wo Sie es dürfen (sonst liest er nur)", "It may hand in, too, where you may (else it only reads)"},
		"owntokens.make":       {"Schlüssel anlegen", "Make the token"},
		"owntokens.asleep":     {"ruht: Das Recht dazu haben Sie nicht mehr", "rests: you have not got the right to it any more"},
		"owntokens.many":       {"Sie haben schon %s gültige Schlüssel. Entziehen Sie zuerst einen, den Sie nicht mehr brauchen.", "You have %s good tokens already. Revoke one first that you need no more."},
		"permission:plan":      {"Wärme für Planende sehen", "see heat for planners"}, "permission:audit": {"sehen, wer was tat", "see who did what"}, "permission:read_published": {"Veröffentlichtes sehen", "see what was published"},
	}
}
