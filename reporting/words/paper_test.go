package words_test

import (
	"testing"

	"heatledger/energy/commitment"
	"heatledger/reporting/words"
)

// TestEveryFactThatRulesAskPapersForHasAName: the form of papers is made of them.
func TestEveryFactThatRulesAskPapersForHasAName(t *testing.T) {
	t.Parallel()
	asked, err := commitment.AskedFacts()
	if err != nil || len(asked) < 20 {
		t.Fatalf("%d facts are asked for, %v", len(asked), err)
	}
	for _, f := range asked {
		for _, l := range words.Langs() {
			if words.AskedFact(l, f.Name) == f.Name {
				t.Errorf("%s has no name in %s", f.Name, l)
			}
		}
	}
}
