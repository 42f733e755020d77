package commitment_test

import (
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
)

func TestAQuestionAsksForItsPeriodsAndTheYearsThatAForecastLooksAt(t *testing.T) {
	t.Parallel()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	day := func(y, m, d int) energy.Date { return energy.Date{Year: y, Month: time.Month(m), Day: d} }
	ask := func(metric string, from, to energy.Date, shown bool) commitment.Days {
		return commitment.Days{Metric: metric, From: from, To: to, Shown: shown}
	}
	closed := func(metric string) commitment.Days { return ask(metric, day(2025, 1, 1), day(2026, 1, 1), true) }
	past := func(year int) []commitment.Days {
		return []commitment.Days{ask("pue", day(year, 1, 1), day(year+1, 1, 1), false), ask("pue", day(year, 1, 1), day(year, 7, 1), false)}
	}
	own := func(metric string) registry.Commitment { return registry.Commitment{ID: "c", Metric: metric} }
	book := &commitment.Rulebook{Rules: []commitment.Rule{
		{ID: "rooms", Metric: "pue", Per: registry.CalendarYear, AppliesTo: commitment.Scope{Kinds: []energy.SiteKind{energy.ServerRoom}}},
		{ID: "report", Per: registry.CalendarYear},
		{ID: "reuse", Metric: "erf", Per: registry.CalendarYear},
	}}
	ended := own("pue")
	ended.To = day(2026, 1, 1)
	for _, tt := range []struct {
		sentence   string
		commitment registry.Commitment
		on, since  energy.Date
		want       []commitment.Days
	}{
		{"in mid-year, as far back as the site runs", own("pue"), day(2026, 7, 1), day(2024, 1, 1),
			slices.Concat([]commitment.Days{closed("pue"), ask("pue", day(2026, 1, 1), day(2026, 7, 1), true)}, past(2025), past(2024))},
		{"and no further than four years", own("pue"), day(2026, 7, 1), day(2010, 1, 1),
			slices.Concat([]commitment.Days{closed("pue"), ask("pue", day(2026, 1, 1), day(2026, 7, 1), true)}, past(2025), past(2024), past(2023), past(2022))},
		{"a year in which it began is none to look at", own("pue"), day(2026, 7, 1), day(2024, 1, 2),
			slices.Concat([]commitment.Days{closed("pue"), ask("pue", day(2026, 1, 1), day(2026, 7, 1), true)}, past(2025))},
		{"a month is too little to forecast of", own("pue"), day(2026, 1, 30), day(2010, 1, 1), []commitment.Days{closed("pue"), ask("pue", day(2026, 1, 1), day(2026, 1, 30), true)}},
		{"on New Year's Day the running year has nothing", own("pue"), day(2026, 1, 1), day(2010, 1, 1), []commitment.Days{closed("pue")}},
		{"a green share is forecast of papers", own("green_share_annual"), day(2026, 7, 1), day(2010, 1, 1),
			[]commitment.Days{closed("green_share_annual"), ask("green_share_annual", day(2026, 1, 1), day(2026, 7, 1), true)}},
		{"a promise that has ended asks for its last year", ended, day(2026, 7, 1), day(2024, 1, 1), []commitment.Days{closed("pue")}},
		{"rules for others and duties ask for nothing", registry.Commitment{ID: "c", Rulebook: "book"}, day(2026, 1, 30), day(2010, 1, 1),
			[]commitment.Days{closed("erf"), ask("erf", day(2026, 1, 1), day(2026, 1, 30), true)}},
	} {
		q := commitment.Question{Site: registry.Site{ID: "hafen", Kind: energy.DataCentre, InOperationSince: tt.since}, Registry: &registry.Registry{},
			Commitment: tt.commitment, On: tt.on, Calendar: calendar}
		if tt.commitment.Rulebook != "" {
			q.Rulebook = book
		}
		if got := q.Asks(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

func TestAForecastReachesBackFourYears(t *testing.T) {
	t.Parallel()
	from, to := energy.Date{Year: 2026, Month: 1, Day: 1}, energy.Date{Year: 2027, Month: 1, Day: 1}
	a := commitment.Assessment{Period: commitment.Span{From: from, To: to, Closed: true}}
	if first, last := commitment.Reach(a); first != from || last != to {
		t.Errorf("a closed year reaches from %s to %s, want itself", first, last)
	}
	a.Period.Closed = false
	if first, last := commitment.Reach(a); first != (energy.Date{Year: 2022, Month: 1, Day: 1}) || last != to {
		t.Errorf("a running year reaches from %s to %s, want from 2022", first, last)
	}
}
