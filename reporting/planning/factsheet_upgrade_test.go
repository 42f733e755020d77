package planning

import (
	"strings"
	"testing"
	"time"

	"heatledger/energy/registry"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/heatpump"
	"heatledger/reporting/words"
)

// What a heat pump makes of the source stands on the paper where one was asked about,
// its effect on the data centre's figures where these may be seen.
func TestTheFactSheetTellsOfTheHeatPumpThatWasAskedAbout(t *testing.T) {
	t.Parallel()
	f := harbour(t)
	totals := heatpump.Totals{Taken: 9e5, Electricity: 3e5, Heat: 12e5, Pumped: 12e5, Known: 4 * time.Hour, Of: 5 * time.Hour}
	f.Sheet.Upgrade = &atlas.Upgrade{Basis: "lorenz, quality grade 0.5 (request:quality)", Flow: 80, Back: 50, Totals: totals, Emissions: heatpump.Emissions{Direct: 82_500, LifeCycle: 111_000, Electricity: 3e5}}
	text := printed(t, f, words.German)
	for _, want := range []string{"Eine Wärmepumpe, die auf 80,0 °C Vorlauf bei 50,0 °C Rücklauf hebt (nach Lorenz, mit dem Gütegrad 0,50); über 80 % der Zeit", "COP) 4,00", "1.200,0 MWh", "82,5 t", "111,0 t"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the paper: %s", want, text)
		}
	}
	if strings.Contains(text, "Bilanzgrenze") {
		t.Error("the figures of the data centre are on the paper of who may not see them")
	}
	effects, err := heatpump.Effects(heatpump.Centre{EDC: 13e5, EIT: 1e6}, totals, true)
	if err != nil {
		t.Fatal(err)
	}
	f.Effects = effects[:]
	text = printed(t, f, words.German)
	// inside (1.3 + 0.3)/1.0, reused 1.2/1.6; outside 1.3/1.0, reused 0.9/1.3
	for _, want := range []string{"ohne Wärmepumpe 1,300 1,300 0", "Wärmepumpe innerhalb 1,600 1,300 75 %", "Wärmepumpe außerhalb 1,300 1,300 69,2 %"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the paper: %s", want, text)
		}
	}
	if effects[0].Boundary != registry.Inside {
		t.Error("inside comes first")
	}
}
