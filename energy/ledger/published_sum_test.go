package ledger_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
)

// heatTown is a town whose sites, each of an operator of its own, delivered so much
// heat in 2025, in kWh.
func heatTown(t *testing.T, heat map[energy.SiteID]int) *ledger.Ledger {
	t.Helper()
	l := ledger.New(storetest.New(t), "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	src := "sites:\n"
	for id := range heat {
		src += fmt.Sprintf("  - {id: %s, name: %s, operator: op-%s, meters: [{id: %s-heat, points: [{id: %s/heat, quantity: heat_energy, role: heat_delivered}]}]}\n", id, id, id, id, id)
	}
	operators := "municipality: {ags: \"06413000\", name: Musterstadt}\noperators: ["
	for id := range heat {
		operators += fmt.Sprintf("{id: op-%s, name: %s}, ", id, id)
	}
	r, faults := registry.Load("registry.yaml", []byte(operators+"]\n"+src+"evidence:\n  - {id: deed, kind: agreement, sites: [a]}\n"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	for id, whole := range heat {
		submission := intake.Submission{Source: "test", Key: string(id)}
		for day := range 366 {
			value, err := energy.ParseValue(fmt.Sprint(whole * day / 365))
			if err != nil {
				t.Fatal(err)
			}
			at := time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC).Add(time.Duration(day) * 24 * time.Hour)
			submission.Rows = append(submission.Rows, intake.Row{Number: day + 1, Point: energy.PointID(id + "/heat"), At: at, Value: value, Quality: energy.Measured})
		}
		if receipt, err := in.Submit(t.Context(), submission); err != nil || len(receipt.Rejected) > 0 {
			t.Fatalf("hand in %s: %v, %+v", id, err, receipt.Rejected)
		}
	}
	if err := closing.New(l, slog.New(slog.DiscardHandler)).All(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

// decideHeat decides on the heat of 2025 of a site.
func decideHeat(t *testing.T, l *ledger.Ledger, site energy.SiteID, change func(*publication.Content)) {
	t.Helper()
	c := publication.Content{Class: publication.AggregateOnly, What: []string{"heat_delivered"}, From: energy.Date{Year: 2025, Month: 1, Day: 1}, To: energy.Date{Year: 2026, Month: 1, Day: 1}, Resolution: publication.Month}
	if change != nil {
		change(&c)
	}
	d, err := l.Decide(t.Context(), site, "", publication.Step{Action: publication.Propose, Content: &c, Who: "account:1", Why: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Decide(t.Context(), site, d.ID, publication.Step{Action: publication.Confirm, Who: "account:2"}); err != nil {
		t.Fatal(err)
	}
}

func sums(t *testing.T, l *ledger.Ledger) string {
	t.Helper()
	list, err := l.PublishedSums(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, s := range list {
		switch {
		case s.Held:
			text += s.Figure + " " + s.Period + " held; "
		case len(s.Period) == 4:
			text += fmt.Sprintf("%s %s %.0f %s of %v, %d lists; ", s.Figure, s.Period, s.Value, s.Unit, s.Sites, len(list))
		}
	}
	return text
}

func TestSitesAreSeenTogetherAndNoneByItself(t *testing.T) {
	t.Parallel()
	l := heatTown(t, map[energy.SiteID]int{"a": 120_000, "b": 100_000, "c": 110_000, "d": 90_000, "e": 80_000})
	if got := sums(t, l); got != "" {
		t.Errorf("before anything is decided everybody sees %s", got)
	}
	decideHeat(t, l, "a", nil)
	decideHeat(t, l, "b", nil)
	if got := sums(t, l); got != "heat_delivered 2025 held; " {
		t.Errorf("of two sites everybody sees %s", got)
	}
	before := time.Now()
	decideHeat(t, l, "c", nil)
	if got := sums(t, l); got != "heat_delivered 2025 330000 kWh of [a b c], 13 lists; " {
		t.Errorf("of three sites everybody sees %s", got)
	}
	decideHeat(t, l, "a", func(c *publication.Content) { c.Class, c.Agreement = publication.ByAgreement, "deed" })
	if got := sums(t, l); got != "heat_delivered 2025 held; " {
		t.Errorf("when one of three is published by itself everybody sees %s", got)
	}
	if then, err := l.Decisions(t.Context(), "c", before); err != nil || len(then) != 0 {
		t.Errorf("before it was decided, %d decisions are known: %v", len(then), err)
	}
	if now, err := l.Decisions(t.Context(), "c", time.Time{}); err != nil || len(now) != 1 {
		t.Errorf("%d decisions are known: %v", len(now), err)
	}
}

func TestAMonthThatGivesASiteAwayTakesAllMonthsWithIt(t *testing.T) {
	t.Parallel()
	l := heatTown(t, map[energy.SiteID]int{"a": 120_000, "b": 100_000, "c": 110_000})
	for _, id := range []energy.SiteID{"a", "b"} {
		decideHeat(t, l, id, nil)
	}
	decideHeat(t, l, "c", func(c *publication.Content) { c.Resolution = publication.Year })
	if got := sums(t, l); got != "heat_delivered 2025 330000 kWh of [a b c], 1 lists; " {
		t.Errorf("with one that is seen by year alone everybody sees %s", got)
	}
}
