package words_test

import (
	"testing"

	"heatledger/energy"
	"heatledger/reporting/words"
)

func TestEveryMethodAndReasonOfSubstitutesHasANameInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, l := range words.Langs() {
		for _, m := range energy.SubstituteMethods() {
			if words.SubstituteMethod(l, m) == string(m) {
				t.Errorf("%s has no name in %s", m, l)
			}
		}
		for _, r := range energy.SubstituteReasons() {
			if words.SubstituteReason(l, r) == string(r) {
				t.Errorf("%s has no name in %s", r, l)
			}
		}
	}
}
