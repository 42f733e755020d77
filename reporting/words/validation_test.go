package words_test

import (
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/validation"
	"heatledger/reporting/words"
)

func TestEveryRuleAndFindingHasWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, l := range words.Langs() {
		for _, d := range validation.Definitions() {
			if !words.KnownValidation(l, d.Code) {
				t.Errorf("%s has no sentence in %s", d.Code, l)
			}
			if words.Severity(l, d.Severity) == string(d.Severity) {
				t.Errorf("%s has no name in %s", d.Severity, l)
			}
		}
		for _, rule := range validation.Rules() {
			if words.Rule(l, rule) == string(rule) || !strings.HasSuffix(words.RuleDoc(l, rule), ".") {
				t.Errorf("%s has no name or no sentence in %s", rule, l)
			}
		}
	}
}

func TestAFindingReadsAsASentence(t *testing.T) {
	t.Parallel()
	copied := validation.Finding{Code: validation.CopiedDays, Args: validation.Args{"count": {Number: 3, Unit: energy.One}, "first": {Date: energy.Date{Year: 2025, Month: time.May, Day: 2}}}}
	late := validation.Finding{Code: validation.CameLate, Args: validation.Args{"count": {Number: 3, Unit: energy.One}, "duration": {Number: 86400, Unit: validation.Second}}}
	node := validation.Finding{Code: validation.ChildrenExceed, Args: validation.Args{
		"parent": {Number: 93.1, Unit: energy.KilowattHour}, "children": {Number: 100, Unit: energy.KilowattHour}, "residual": {Number: -6.9, Unit: energy.KilowattHour},
		"deviation": {Number: -0.0741, Unit: energy.One}, "limit": {Number: 0.03, Unit: energy.One}}}
	expired := validation.Finding{Code: validation.Expired, Args: validation.Args{"until": {Date: energy.Date{Year: 2025, Month: time.June, Day: 30}}, "regime": {Text: "mid"}}}
	for _, test := range []struct{ got, want string }{
		{words.ValidationFinding(words.German, copied), "Die richtigen Werte nachfordern."},
		{words.OwnFinding(words.German, copied), "3 Tage gleichen bis auf die letzte Stelle den Tagen ab dem 2. Mai 2025. Wahrscheinlich wurde eine alte Datei noch einmal abgegeben. Die Werte dieser Tage prüfen"},
		{words.OwnFinding(words.English, copied), "hand in the right ones as a correction."},
		{words.OwnFinding(words.English, late), words.ValidationFinding(words.English, late)},
		{words.ValidationFinding(words.German, node), "100,0\u00a0kWh gemessen, er selbst zeigt 93,10\u00a0kWh: −6,90\u00a0kWh Rest (−7,4\u00a0%, erlaubt sind 3\u00a0%)"},
		{words.ValidationFinding(words.English, expired), "(MID) held until 30 June 2025"},
		{words.Duration(words.German, 26*3600), "26\u00a0Stunden"},
		{words.Duration(words.English, 3.5*86400), "3.5\u00a0days"},
		{words.Duration(words.English, 90), "90\u00a0seconds"},
	} {
		if !strings.Contains(test.got, test.want) {
			t.Errorf("%q does not hold %q", test.got, test.want)
		}
	}
}
