package commitment_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
)

// TestSitesTogetherAreJudgedByTheirSums: whichever site asks, and in whichever
// order they stand, the PUE of a campus is the sum over the sum, and heat the sum.
func TestSitesTogetherAreJudgedByTheirSums(t *testing.T) {
	t.Parallel()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	from, to := energy.Date{Year: 2025, Month: 1, Day: 1}, energy.Date{Year: 2026, Month: 1, Day: 1}
	rapid.Check(t, func(t *rapid.T) {
		var known registry.Registry
		var entries []figureEntry
		var total, it, heat float64
		for i := range rapid.IntRange(1, 4).Draw(t, "sites") {
			id := energy.SiteID(fmt.Sprintf("s%d", i))
			load := rapid.Float64Range(1, 1e7).Draw(t, "IT energy")
			all, given := load*rapid.Float64Range(1, 3).Draw(t, "PUE"), rapid.Float64Range(0, 1e7).Draw(t, "heat")
			known.Sites = append(known.Sites, registry.Site{ID: id, Kind: energy.DataCentre, InOperationSince: energy.Date{Year: 2019, Month: 1, Day: 1}})
			entries = append(entries, figureEntry{Site: string(id), Metric: "pue", From: from, To: to, Value: all / load, Numerator: all, Denominator: load},
				figureEntry{Site: string(id), Metric: "heat_delivered", From: from, To: to, Value: given, Unit: "kWh"})
			total, it, heat = total+all, it+load, heat+given
		}
		if rapid.Bool().Draw(t, "reversed") {
			slices.Reverse(known.Sites)
		}
		for metric, want := range map[string]float64{"pue": total / it, "heat_delivered": heat} {
			limit := registry.Measure{Number: registry.NumberOf(1), Unit: energy.One}
			if metric == "heat_delivered" {
				limit.Unit = energy.KilowattHour
			}
			for _, site := range known.Sites {
				list, err := commitment.Assess(commitment.Question{Site: site, Registry: &known, On: energy.Date{Year: 2026, Month: 2, Day: 1}, Calendar: calendar,
					Commitment: registry.Commitment{ID: "c", Metric: metric, AtLeast: limit, Per: registry.CalendarYear, Scope: registry.AllSites},
					Figures:    sheet{site.ID, calendar, entries}, Elsewhere: func(id energy.SiteID) commitment.FigureSource { return sheet{id, calendar, entries} }})
				if err != nil {
					t.Fatal(err)
				}
				if got := list[0].Value; list[0].Period.Label != "2025" || !got.OK || !(math.Abs(got.Number-want) <= 1e-9*want) || !(list[0].EnergyCoverage.Number >= 1-1e-9) {
					t.Fatalf("%s of %d sites, asked for %s: %v, want %v", metric, len(known.Sites), site.ID, list[0], want)
				}
			}
		}
	})
}

func TestSitesTogetherWithoutTheFiguresOfTheOthersAreNotGuessed(t *testing.T) {
	t.Parallel()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	known := registry.Registry{Sites: []registry.Site{{ID: "a"}, {ID: "b"}}}
	list, err := commitment.Assess(commitment.Question{Site: known.Sites[0], Registry: &known, On: energy.Date{Year: 2026, Month: 2, Day: 1}, Calendar: calendar,
		Commitment: registry.Commitment{ID: "c", Metric: "pue", AtMost: registry.Measure{Number: registry.NumberOf(2), Unit: energy.One}, Per: registry.CalendarYear, Scope: registry.AllSites},
		Figures:    sheet{calendar: calendar}})
	if err != nil || len(list) != 1 || list[0].Verdict != commitment.Undetermined || list[0].Reason != commitment.SitesNotKnown {
		t.Errorf("judged %+v, %v", list, err)
	}
}
