package atlas_test

import (
	"fmt"
	"testing"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
)

// TestWhatIsAbsentSaysItsTrueReason asks for periods of a source whose available heat was
// agreed for 2025: today is 15 June 2026.
func TestWhatIsAbsentSaysItsTrueReason(t *testing.T) {
	t.Parallel()
	type content = publication.Content
	for _, tt := range []struct {
		says     string
		by       func(*content)
		from, to energy.Date
		want     string // why no series, and why no amounts; "-": they are there
	}{
		{"nothing is agreed before", nil, day(2024, 1, 1), day(2025, 1, 1), "outside_agreed outside_agreed"},
		{"nothing is agreed after", nil, day(2026, 1, 1), day(2027, 1, 1), "outside_agreed outside_agreed"},
		{"a delay is running for its first day", func(c *content) { c.To, c.DelayDays = day(2027, 1, 1), 30 }, day(2026, 5, 20), day(2026, 6, 1), "not_due 2026-06-20 not_due 2026-06-20"},
		{"by the month, a month and its delay have to pass", func(c *content) { c.To, c.DelayDays, c.Resolution = day(2027, 1, 1), 30, publication.Month }, day(2026, 5, 1), day(2026, 6, 1), "not_due 2026-07-01 not_due 2026-07-01"},
		{"of a year that runs, a year agreed is to come", func(c *content) { c.To, c.Resolution = day(2027, 1, 1), publication.Year }, day(2026, 1, 1), day(2027, 1, 1), "not_due 2027-01-01 not_due 2027-01-01"},
		{"a month of what is agreed by the year never comes", func(c *content) { c.To, c.Resolution = day(2027, 1, 1), publication.Year }, day(2025, 3, 1), day(2025, 4, 1), "coarser_agreed coarser_agreed"},
		{"another figure is agreed", func(c *content) { c.What = []string{"heat_requested"} }, day(2025, 1, 1), day(2026, 1, 1), "not_named nothing_known"},
		{"all is there", nil, day(2025, 1, 1), day(2026, 1, 1), "- -"},
	} {
		k := made(t)
		s, err := atlas.Draw(k, atlas.ViewOf(planner, "hafen", []ledger.Decided{decided("1", tt.by), decided("2", func(c *content) { // so that the source is there at all
			c.What, c.From, c.To = []string{"heat_requested"}, day(2025, 1, 1), day(2025, 1, 2)
		})}, today), atlas.Question{From: tt.from, To: tt.to})
		if err != nil {
			t.Fatal(err)
		}
		reasons := map[atlas.Part]string{atlas.PartSeries: "-", atlas.PartHeat: "-"}
		for _, h := range s.Hidden {
			if reasons[h.Part] = string(h.Why); h.Due != (energy.Date{}) {
				reasons[h.Part] += " " + h.Due.String()
			}
		}
		if got := reasons[atlas.PartSeries] + " " + reasons[atlas.PartHeat]; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.says, got, tt.want)
		}
	}
}

// TestAPeriodThatRunsSaysHowFarItHasCome: without an amount there is a reason, and what
// there is so far.
func TestAPeriodThatRunsSaysHowFarItHasCome(t *testing.T) {
	t.Parallel()
	type content = publication.Content
	whole := atlas.Question{From: day(2025, 1, 1), To: day(2026, 1, 1)}
	for _, tt := range []struct {
		says string
		v    func(on energy.Date) atlas.View
		on   energy.Date
		want string // of the available heat: whether whole, why, due, and the days so far
	}{
		{"whoever reads the site, in the year", reads, day(2025, 9, 10), "whole still_running 2026-01-01 so far 2025-01-01..2025-09-10"},
		{"and after it", reads, day(2026, 1, 1), "whole "},
		{"a planner by the hour, in the year", agrees(nil), day(2025, 9, 10), "- still_running 2026-01-01 so far 2025-01-01..2025-09-10"},
		{"by the month with a delay", agrees(func(c *content) { c.Resolution, c.DelayDays = publication.Month, 20 }), day(2025, 9, 10), "- still_running 2026-01-21 so far 2025-01-01..2025-08-01"},
		{"after it, in the delay", agrees(func(c *content) { c.Resolution, c.DelayDays = publication.Month, 20 }), day(2026, 1, 10), "- not_due 2026-01-21 so far 2025-01-01..2025-12-01"},
		{"a quarter of it is agreed", agrees(func(c *content) { c.To = day(2025, 4, 1) }), today, "- outside_agreed so far 2025-01-01..2025-04-01"},
		{"a quarter of it is agreed, in the year", agrees(func(c *content) { c.To = day(2025, 4, 1) }), day(2025, 9, 10), "- outside_agreed so far 2025-01-01..2025-04-01"},
		{"all of it", agrees(nil), today, "whole "},
	} {
		s, err := atlas.Draw(made(t), tt.v(tt.on), whole)
		if err != nil {
			t.Fatal(err)
		}
		got := "nothing"
		for _, a := range s.Heat {
			if a.Kind != heatmap.Available {
				continue
			}
			if got = "- "; a.Whole != nil {
				got = "whole "
			}
			got += string(a.Why)
			if a.Due != (energy.Date{}) {
				got += " " + a.Due.String()
			}
			if a.Part != nil {
				got += fmt.Sprintf(" so far %s..%s", a.Part.From, a.Part.To)
				if a.Part.Coverage != 1 || a.Part.Energy <= 0 {
					t.Errorf("%s: so far %+v", tt.says, a.Part)
				}
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.says, got, tt.want)
		}
	}
}

func reads(on energy.Date) atlas.View { return atlas.ViewOf(reader, "hafen", nil, on) }

func agrees(by func(*publication.Content)) func(energy.Date) atlas.View {
	return func(on energy.Date) atlas.View {
		return atlas.ViewOf(planner, "hafen", []ledger.Decided{decided("1", by)}, on)
	}
}
