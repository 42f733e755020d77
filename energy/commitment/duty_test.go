package commitment_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
)

const dutyBook = head + `  - id: system
    citation: c
    duty: energy_management
    due: 2024-06-01
    per: calendar_year
    proof: [{evidence: certificate, facts: [standard]}]
  - id: sent
    citation: c
    duty: register_transmission
    per: calendar_year
    done_on: sent_on
    deadline: 03-31
    proof: [{evidence: report, facts: [year, sent_on]}]
`

// judged are the verdicts on the papers of one site on a day.
func judged(t interface{ Fatal(...any) }, papers []registry.Evidence, on energy.Date) []commitment.Assessment {
	src := strings.ReplaceAll(dutyBook, "    citation: c\n", "    citation: c\n    confirmed: primary_text\n    interpretation: {de: d, en: e}\n")
	book, faults := commitment.Load("r.yaml", []byte(src))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	site := registry.Site{ID: "hafen", Kind: energy.DataCentre, InOperationSince: energy.Date{Year: 2019, Month: 3, Day: 1}}
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	list, err := commitment.Assess(commitment.Question{Site: site, Registry: &registry.Registry{Sites: []registry.Site{site}, Evidence: papers},
		Commitment: registry.Commitment{ID: "c", Rulebook: "test"}, Rulebook: book, On: on, Calendar: calendar, Figures: sheet{calendar: calendar}})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func certificate(id string, from, to energy.Date) registry.Evidence {
	return registry.Evidence{ID: id, Kind: registry.Certificate, Sites: []energy.SiteID{"hafen"}, From: from, To: to, Facts: map[string]registry.Scalar{"standard": "ISO 50001"}}
}

// drawDay is a day around the due day and the judgement.
func drawDay(t *rapid.T, name string) energy.Date {
	return energy.Date{Year: 2024, Month: time.January, Day: 1}.AddDays(rapid.IntRange(0, 900).Draw(t, name))
}

func TestACertificateCutIntoTwoProvesTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from, length := drawDay(t, "from"), rapid.IntRange(2, 900).Draw(t, "length")
		to, on := from.AddDays(length), drawDay(t, "on")
		cut := from.AddDays(rapid.IntRange(1, length-1).Draw(t, "cut"))
		whole := judged(t, []registry.Evidence{certificate("a", from, to)}, on)
		parts := []registry.Evidence{certificate("a", from, cut), certificate("b", cut, to)}
		if rapid.Bool().Draw(t, "reversed") {
			slices.Reverse(parts)
		}
		for i, a := range judged(t, parts, on) {
			if w := whole[i]; a.Verdict != w.Verdict && !(a.Reason == commitment.ProofBeginsLater || w.Reason == commitment.ProofBeginsLater) {
				t.Fatalf("%s of %s on %s: %s (%s) by two papers, %s (%s) by one from %s to %s, cut on %s", a.Rule, a.Period.Label, on, a.Verdict, a.Reason, w.Verdict, w.Reason, from, to, cut)
			}
		}
	})
}

// TestHeldThroughoutMeansEveryDay holds the verdict on a closed year against the
// days themselves.
func TestHeldThroughoutMeansEveryDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var papers []registry.Evidence
		for _, id := range []string{"a", "b", "c"} {
			from := drawDay(t, id)
			papers = append(papers, certificate(id, from, from.AddDays(rapid.IntRange(1, 500).Draw(t, "days of "+id))))
		}
		every := true
		for day := (energy.Date{Year: 2024, Month: 6, Day: 1}); day.Year == 2024; day = day.AddDays(1) {
			every = every && slices.ContainsFunc(papers, func(e registry.Evidence) bool { return !day.Before(e.From) && day.Before(e.To) })
		}
		a := judged(t, papers, energy.Date{Year: 2025, Month: 5, Day: 1})[0]
		if a.Rule != "system" || a.Period.Label != "2024" || (a.Verdict == commitment.Met) != every {
			t.Fatalf("2024 is %s (%s), and every day held is %t: %+v", a.Verdict, a.Reason, every, papers)
		}
	})
}

func TestWhatWasSentIsInTimeUpToTheLastDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		last := energy.Date{Year: 2025, Month: 3, Day: 31}
		sent := last.AddDays(rapid.IntRange(-80, 80).Draw(t, "sent"))
		on := last.AddDays(rapid.IntRange(-80, 80).Draw(t, "on"))
		paper := registry.Evidence{ID: "r", Kind: registry.Report, Sites: []energy.SiteID{"hafen"}, Facts: map[string]registry.Scalar{"year": "2024", "sent_on": registry.Scalar(sent.String())}}
		want := commitment.Undetermined // nobody knows of anything
		switch {
		case !on.Before(sent) && !last.Before(sent):
			want = commitment.Met
		case !on.Before(sent):
			want = commitment.Missed
		case !last.Before(on):
			want = commitment.NotDue
		}
		for _, a := range judged(t, []registry.Evidence{paper}, on) {
			if a.Rule == "sent" && a.Period.Label == "2024" && a.Verdict != want {
				t.Fatalf("sent on %s, seen on %s: %s (%s), want %s", sent, on, a.Verdict, a.Reason, want)
			}
		}
	})
}
