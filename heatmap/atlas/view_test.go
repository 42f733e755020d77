package atlas_test

import (
	"reflect"
	"testing"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
)

// TestWhoSeesHowMuchOfASource is the table of the four rules.
func TestWhoSeesHowMuchOfASource(t *testing.T) {
	t.Parallel()
	type content = publication.Content
	revoked := decided("1", nil)
	revoked.State = publication.Revoked
	proposed := decided("1", nil)
	proposed.State = publication.Proposed
	for _, tt := range []struct {
		says string
		who  atlas.Asker
		by   ledger.Decided
		want atlas.Extent
	}{
		{"whoever may read the site sees all of it, whatever was decided", reader, proposed, atlas.Everything},
		{"whoever may read another site does not", atlas.Asker{Read: access.Reach{Sites: []energy.SiteID{"ost"}}}, proposed, atlas.Nothing},
		{"whoever may read a point of it does not", atlas.Asker{Read: access.Reach{Points: []energy.PointID{"hafen/ready"}}}, proposed, atlas.Nothing},
		{"a planner sees what was agreed, restricted", planner, decided("1", nil), atlas.Agreed},
		{"a planner sees what was agreed to be public", planner, decided("1", func(c *content) { c.Class = publication.ByAgreement }), atlas.Agreed},
		{"a planner of the site alone sees it too", atlas.Asker{Plan: access.Reach{Sites: []energy.SiteID{"hafen"}}}, decided("1", nil), atlas.Agreed},
		{"a planner of another site sees nothing", atlas.Asker{Plan: access.Reach{Sites: []energy.SiteID{"ost"}}}, decided("1", nil), atlas.Nothing},
		{"a planner of a point sees nothing", atlas.Asker{Plan: access.Reach{Points: []energy.PointID{"hafen/ready"}}}, decided("1", nil), atlas.Nothing},
		{"nothing without an agreement", planner, decided("1", func(c *content) { c.Agreement = "" }), atlas.Nothing},
		{"nothing that is only proposed", planner, proposed, atlas.Nothing},
		{"nothing that was revoked", planner, revoked, atlas.Nothing},
		{"nothing that is seen in sums alone", planner, decided("1", func(c *content) { c.Class = publication.AggregateOnly }), atlas.Nothing},
		{"nothing that is internal", planner, decided("1", func(c *content) { c.Class = publication.Internal }), atlas.Nothing},
		{"nothing of a figure that is no heat", planner, decided("1", func(c *content) { c.What = []string{"pue", "erf"} }), atlas.Nothing},
		{"nothing before its delay", planner, decided("1", func(c *content) { c.Resolution, c.DelayDays = publication.Year, 166 }), atlas.Nothing},
		{"what its delay has passed of", planner, decided("1", func(c *content) { c.Resolution, c.DelayDays = publication.Year, 165 }), atlas.Agreed},
		{"hours as soon as the delay of the first has passed", planner, decided("1", func(c *content) { c.DelayDays = 500 }), atlas.Agreed},
		{"a planner sees what a law published as everybody does", planner, decided("1", func(c *content) {
			c.Class, c.Agreement, c.What, c.Resolution = publication.ByLaw, "", []string{"enefg-2d-heat"}, publication.Year
		}), atlas.Published},
		{"the public sees nothing that is restricted", public, decided("1", nil), atlas.Nothing},
		{"the public sees what was agreed to be public", public, decided("1", func(c *content) { c.Class = publication.ByAgreement }), atlas.Published},
		{"the public sees nothing before its delay", public, decided("1", func(c *content) { c.Class, c.Resolution, c.DelayDays = publication.ByAgreement, publication.Year, 166 }), atlas.Nothing},
		{"the public sees declared heat that a law published", public, decided("1", func(c *content) {
			c.Class, c.Agreement, c.What, c.Resolution = publication.ByLaw, "", []string{"enefg-2d-heat"}, publication.Year
		}), atlas.Published},
		{"a law publishes nothing that was metered", public, decided("1", func(c *content) { c.Class, c.Resolution = publication.ByLaw, publication.Year }), atlas.Nothing},
		{"the public sees nothing that is internal", public, decided("1", func(c *content) { c.Class = publication.Internal }), atlas.Nothing},
		{"the public sees nothing that is proposed", public, proposed, atlas.Nothing},
	} {
		if got := atlas.ViewOf(tt.who, "hafen", []ledger.Decided{tt.by}, today); got.Extent != tt.want {
			t.Errorf("%s: %s, want %s", tt.says, got.Extent, tt.want)
		}
	}
	if got := atlas.ViewOf(public, "hafen", nil, today); got.Extent != atlas.Nothing {
		t.Errorf("a site about which nothing is decided: %s", got.Extent)
	}
}

// TestADecisionAllowsNoMoreThanItSays looks at which days of 2025 are shown of which
// heat by which resolution.
func TestADecisionAllowsNoMoreThanItSays(t *testing.T) {
	t.Parallel()
	type content = publication.Content
	all, none := []atlas.Stretch{{From: day(2025, 1, 1), To: day(2026, 1, 1)}}, []atlas.Stretch(nil)
	of := func(changes ...func(*content)) (list []ledger.Decided) {
		for i, change := range changes {
			list = append(list, decided(string(rune('1'+i)), change))
		}
		return list
	}
	for _, tt := range []struct {
		says string
		by   []ledger.Decided
		kind heatmap.Kind
		res  publication.Resolution
		want []atlas.Stretch
	}{
		{"hours by the hour", of(nil), heatmap.Available, publication.Hour, all},
		{"hours by the month", of(nil), heatmap.Available, publication.Month, all},
		{"another figure", of(nil), heatmap.Delivered, publication.Year, none},
		{"what is derived stands for what is available", of(nil), heatmap.Derived, publication.Hour, all},
		{"what is derived needs that decision", of(func(c *content) { c.What = []string{"heat_delivered", "heat_rejected", "heat_requested"} }), heatmap.Derived, publication.Year, none},
		{"delivered and rejected need both", of(func(c *content) { c.What = []string{"heat_delivered"} }), heatmap.Recoverable, publication.Year, none},
		{"both, by two decisions", of(func(c *content) { c.What, c.To = []string{"heat_delivered"}, day(2025, 7, 1) }, func(c *content) { c.What, c.From = []string{"heat_rejected"}, day(2025, 4, 1) }),
			heatmap.Recoverable, publication.Hour, []atlas.Stretch{{From: day(2025, 4, 1), To: day(2025, 7, 1)}}},
		{"months by the hour", of(func(c *content) { c.Resolution = publication.Month }), heatmap.Available, publication.Hour, none},
		{"years by the month", of(func(c *content) { c.Resolution = publication.Year }), heatmap.Available, publication.Month, none},
		{"whole months alone", of(func(c *content) { c.Resolution, c.From, c.To = publication.Month, day(2025, 2, 2), day(2025, 5, 31) }), heatmap.Available, publication.Month,
			[]atlas.Stretch{{From: day(2025, 3, 1), To: day(2025, 5, 1)}}},
		{"nor is a year without its first day", of(func(c *content) { c.Resolution, c.From = publication.Year, day(2025, 1, 2) }), heatmap.Available, publication.Year, none},
		{"a part of a year is no year", of(func(c *content) { c.Resolution, c.To = publication.Year, day(2025, 12, 31) }), heatmap.Available, publication.Year, none},
		{"within its own days", of(func(c *content) { c.From, c.To = day(2025, 6, 1), day(2025, 6, 3) }), heatmap.Available, publication.Hour,
			[]atlas.Stretch{{From: day(2025, 6, 1), To: day(2025, 6, 3)}}},
		{"days whose delay has passed", of(func(c *content) { c.DelayDays = 500 }), heatmap.Available, publication.Hour, []atlas.Stretch{{From: day(2025, 1, 1), To: day(2025, 1, 31)}}},
		{"months whose delay has passed", of(func(c *content) { c.Resolution, c.DelayDays = publication.Month, 500 }), heatmap.Available, publication.Month, none},
		{"two that touch", of(func(c *content) { c.To = day(2025, 6, 1) }, func(c *content) { c.From = day(2025, 6, 1) }), heatmap.Available, publication.Hour, all},
		{"two with a hole", of(func(c *content) { c.To = day(2025, 3, 1) }, func(c *content) { c.From = day(2025, 6, 1) }), heatmap.Available, publication.Hour,
			[]atlas.Stretch{{From: day(2025, 1, 1), To: day(2025, 3, 1)}, {From: day(2025, 6, 1), To: day(2026, 1, 1)}}},
		{"what no meter is of", of(nil), heatmap.Upgraded, publication.Year, none},
	} {
		v := atlas.ViewOf(planner, "hafen", tt.by, today)
		if got := v.Days(tt.kind, tt.res, day(2025, 1, 1), day(2026, 1, 1)); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.says, got, tt.want)
		}
	}
	v := atlas.ViewOf(planner, "hafen", of(nil), today)
	if got := v.Days(heatmap.Available, publication.Hour, day(2025, 3, 5), day(2025, 3, 7)); !reflect.DeepEqual(got, []atlas.Stretch{{From: day(2025, 3, 5), To: day(2025, 3, 7)}}) {
		t.Errorf("two days of it: %v", got)
	}
	everything := atlas.ViewOf(reader, "hafen", nil, today)
	if got := everything.Days(heatmap.Rejected, publication.Hour, day(2025, 3, 5), day(2026, 3, 7)); len(got) != 1 || got[0].To != day(2026, 3, 7) {
		t.Errorf("whoever reads it: %v", got)
	}
	for _, ask := range [][2]energy.Date{{day(2025, 3, 7), day(2025, 3, 7)}, {day(2025, 3, 8), day(2025, 3, 7)}} {
		if got := everything.Days(heatmap.Rejected, publication.Hour, ask[0], ask[1]); got != nil {
			t.Errorf("of no days: %v", got)
		}
	}
}
