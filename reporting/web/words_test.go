package web

import "testing"

// A later table would silently take the place of an earlier one's sentence.
func TestNoSentenceIsGivenTwice(t *testing.T) {
	t.Parallel()
	said := map[string]sentence{}
	for _, topic := range wordTopics() {
		for key, s := range topic {
			if before, twice := said[key]; twice {
				t.Errorf("%q is given twice: %q and %q", key, before.en, s.en)
			}
			said[key] = s
		}
	}
}
