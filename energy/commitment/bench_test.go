package commitment_test

import (
	"fmt"
	"testing"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
)

// BenchmarkFiveHundredSites judges the whole law for 500 sites with four papers
// each, without reading any figure: what the rules themselves cost.
func BenchmarkFiveHundredSites(b *testing.B) {
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	book, _, err := commitment.Find("enefg-2023")
	if err != nil {
		b.Fatal(err)
	}
	var known registry.Registry
	for i := range 500 {
		id := energy.SiteID(fmt.Sprintf("site-%d", i))
		known.Sites = append(known.Sites, registry.Site{ID: id, Kind: energy.DataCentre, Type: registry.Colocation, ConnectedLoadKW: registry.NumberOf(4800), InOperationSince: energy.Date{Year: 2019, Month: 3, Day: 1}})
		for k := range 4 {
			known.Evidence = append(known.Evidence, registry.Evidence{ID: fmt.Sprintf("r-%d-%d", i, k), Kind: registry.Report, Sites: []energy.SiteID{id},
				Facts: map[string]registry.Scalar{"year": registry.Scalar(fmt.Sprint(2022 + k)), "transmitted_on": registry.Scalar(fmt.Sprintf("%d-03-01", 2023+k))}})
		}
	}
	for b.Loop() {
		for _, site := range known.Sites {
			list, err := commitment.Assess(commitment.Question{Site: site, Registry: &known, Commitment: registry.Commitment{ID: "law", Rulebook: book.ID}, Rulebook: book,
				On: energy.Date{Year: 2026, Month: 11, Day: 22}, Calendar: calendar, Figures: sheet{calendar: calendar}})
			if err != nil || len(list) < len(book.Rules) {
				b.Fatal(len(list), err)
			}
		}
	}
}
