package words_test

import (
	"testing"

	"heatledger/energy"
	"heatledger/reporting/words"
)

func TestAChangeIsSeenHoweverSmallItIs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence, metric string
		before, after    float64
		unit             energy.Unit
		was, is          string
	}{
		{"a change that rounding shows", "erf", 0.267, 0.271, energy.One, "26,7\u00a0%", "27,1\u00a0%"},
		{"a share that moves in the second decimal", "erf", 0.26701, 0.26712, energy.One, "26,70\u00a0%", "26,71\u00a0%"},
		{"a ratio that moves in the fourth", "pue", 1.34561, 1.34569, energy.One, "1,3456", "1,3457"},
		{"an energy in its own prefix", "heat_delivered", 1_234_567, 1_234_568, energy.KilowattHour, "1,234567\u00a0GWh", "1,234568\u00a0GWh"},
		{"nothing moved", "pue", 1.5, 1.5, energy.One, "1,50", "1,50"},
		{"less than anybody sees", "pue", 1.5, 1.5 + 1e-15, energy.One, "1,500000000", "1,500000000"},
	} {
		if was, is := words.Moved(words.German, tt.metric, tt.before, tt.after, tt.unit); was != tt.was || is != tt.is {
			t.Errorf("%s: %q to %q, want %q to %q", tt.sentence, was, is, tt.was, tt.is)
		}
	}
}
