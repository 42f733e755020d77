package commitment

import (
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// paper is evidence of the days [from, to) with facts, name and value by turns.
func paper(id string, kind registry.EvidenceKind, from, to energy.Date, facts ...string) registry.Evidence {
	e := registry.Evidence{ID: id, Kind: kind, From: from, To: to, Facts: map[string]registry.Scalar{}}
	for i := 0; i < len(facts); i += 2 {
		e.Facts[facts[i]] = registry.Scalar(facts[i+1])
	}
	return e
}

// iso is a certificate of a management system.
func iso(id string, from, to energy.Date, facts ...string) registry.Evidence {
	return paper(id, registry.Certificate, from, to, append([]string{"standard", "ISO 50001"}, facts...)...)
}

// held is the duty to have a certificate from a day on; the operator has to
// prove it by the last day of March after the year.
func held(due energy.Date, months int, burden Burden) Rule {
	return Rule{ID: "system", Per: registry.CalendarYear, DueMonthsAfterStart: months, Burden: burden, Deadline: energy.MonthDay{Month: 3, Day: 31},
		Obligation: Obligation{Duty: "energy_management", Due: due, Proofs: []Proof{{Kind: registry.Certificate, Facts: []string{"standard"}}, {Kind: registry.Certificate, Facts: []string{"standard", "audit"}}}}}
}

func TestACertificateIsHeldThroughTheYear(t *testing.T) {
	t.Parallel()
	none, from, to := energy.Date{}, date(2025, 1, 1), date(2026, 1, 1)
	due, late := date(2023, 7, 18), date(2026, 7, 1)
	for _, tt := range []struct {
		sentence string
		rule     Rule
		since    energy.Date
		on       energy.Date
		papers   []registry.Evidence
		verdict  Verdict
		reason   Code
		evidence []string
	}{
		{"up to its last day", held(due, 0, ""), none, late, []registry.Evidence{iso("a", from, to)}, Met, ProofHeld, []string{"a"}},
		{"all but its last day", held(due, 0, ""), none, late, []registry.Evidence{iso("a", from, to.AddDays(-1))}, Undetermined, ProofGap, []string{"a"}},
		{"all but its last day, and the operator has to prove it", held(due, 0, OperatorProves), none, late, []registry.Evidence{iso("a", from, to.AddDays(-1))}, Missed, NotEvidenced, []string{"a"}},
		{"the later paper was handed in first", held(due, 0, ""), none, late, []registry.Evidence{iso("b", date(2025, 7, 1), to), iso("a", from, date(2025, 7, 1))}, Met, ProofHeld, []string{"a", "b"}},
		{"of two from the same day the first by name leads", held(due, 0, ""), none, late, []registry.Evidence{iso("b", from, to), iso("a", from, date(2025, 7, 1))}, Met, ProofHeld, []string{"a", "b"}},
		{"a paper without an end needs no other", held(due, 0, ""), none, late, []registry.Evidence{iso("a", none, none), iso("b", none, date(2025, 7, 1))}, Met, ProofHeld, []string{"a"}},
		{"a paper that tells its year is one", held(due, 0, ""), none, late, []registry.Evidence{iso("a", from, to, "year", "2019")}, Met, ProofHeld, []string{"a"}},
		{"it began after the duty did", held(due, 0, ""), none, late, []registry.Evidence{iso("a", date(2025, 2, 1), to)}, Undetermined, ProofBeginsLater, nil},
		{"it began after the duty did, and the operator has to prove it", held(due, 0, OperatorProves), none, late, []registry.Evidence{iso("a", date(2025, 2, 1), to)}, Missed, NotEvidenced, nil},
		{"it ended before the year", held(due, 0, ""), none, late, []registry.Evidence{iso("a", date(2022, 1, 1), from)}, Undetermined, ProofMissing, nil},
		{"it began after the year", held(due, 0, ""), none, late, []registry.Evidence{iso("a", to, none)}, Undetermined, ProofMissing, nil},
		{"a new site has a month", held(due, 1, ""), date(2025, 11, 15), late, []registry.Evidence{iso("a", date(2025, 12, 15), none)}, Met, ProofHeld, []string{"a"}},
		{"a new site has no more than the month", held(due, 1, ""), date(2025, 11, 15), late, []registry.Evidence{iso("a", date(2025, 12, 16), none)}, Undetermined, ProofBeginsLater, nil},
		{"a new site has two years", held(due, 24, ""), date(2024, 6, 1), late, nil, NotDue, DutyNotDue, nil},
		{"an old site has had them", held(due, 24, ""), date(2015, 1, 1), late, nil, Undetermined, ProofMissing, nil},
		{"a site that does not say since when gets no delay", held(due, 24, ""), none, late, nil, Undetermined, ProofMissing, nil},
	} {
		q := asking(tt.rule, plant{}, tt.on, tt.papers...)
		q.Site.InOperationSince = tt.since
		if a := q.judged(t, true); a.Verdict != tt.verdict || a.Reason != tt.reason || !slices.Equal(a.Evidence, tt.evidence) && len(a.Evidence)+len(tt.evidence) > 0 {
			t.Errorf("%s: %s (%s) by %v, want %s (%s) by %v", tt.sentence, a.Verdict, a.Reason, a.Evidence, tt.verdict, tt.reason, tt.evidence)
		}
	}
}

func TestOnlyPapersOfThePeriodFallShort(t *testing.T) {
	t.Parallel()
	rule := held(date(2023, 7, 18), 0, "")
	rule.Proofs = []Proof{{Kind: registry.Certificate, Facts: []string{"standard", "audit"}}}
	if a := asking(rule, plant{}, midYear(), iso("old", date(2022, 1, 1), date(2025, 1, 1))).judged(t, true); a.says(ProofFactAbsent) {
		t.Errorf("a certificate that ended before the year is told to fall short of it: %+v", a.Steps)
	}
	if a := asking(rule, plant{}, midYear(), iso("now", date(2025, 1, 1), date(2026, 1, 1))).judged(t, true); !a.says(ProofFactAbsent) {
		t.Errorf("a certificate of the year is not told what it lacks: %+v", a.Steps)
	}
}

// reported is the duty to report a year by the last day of March.
func reported(facts ...string) Rule {
	return Rule{ID: "report", Per: registry.CalendarYear, Deadline: energy.MonthDay{Month: 3, Day: 31}, Confirmed: SecondaryText,
		Obligation: Obligation{Duty: "report", DoneOn: "sent_on", Proofs: []Proof{{Kind: registry.Report, Facts: facts}},
			Deadlines: []YearDeadline{{Year: 2024, By: date(2025, 5, 15)}, {Year: 2023, By: date(2024, 8, 15), Confirmed: PrimaryText}}}}
}

func TestAReportIsOfItsYearAndInTime(t *testing.T) {
	t.Parallel()
	none := energy.Date{}
	report := func(id, year, sent string) registry.Evidence {
		e := paper(id, registry.Report, none, none)
		for name, value := range map[string]string{"year": year, "sent_on": sent} {
			if value != "" {
				e.Facts[name] = registry.Scalar(value)
			}
		}
		return e
	}
	proving := func(r Rule) Rule { r.Burden = OperatorProves; return r }
	without := func(r Rule) Rule { r.Deadline = energy.MonthDay{}; return r }
	for _, tt := range []struct {
		sentence string
		rule     Rule
		papers   []registry.Evidence
		verdict  Verdict
		reason   Code
		evidence []string
		lacks    bool
	}{
		{"behind those of other years", reported("year", "sent_on"), []registry.Evidence{report("a", "2024", "2025-03-01"), report("b", "2025", "2026-03-31")}, Met, ActDone, []string{"b"}, false},
		{"behind one that is sent on no day", reported("year", "sent_on"), []registry.Evidence{report("a", "2025", "soon"), report("b", "2025", "2026-03-31")}, Met, ActDone, []string{"b"}, false},
		{"a day late", reported("year", "sent_on"), []registry.Evidence{report("b", "2025", "2026-04-01")}, Missed, ActLate, []string{"b"}, false},
		{"corrected later, it was in time", reported("year", "sent_on"), []registry.Evidence{report("a", "2025", "2026-05-01"), report("b", "2025", "2026-03-01")}, Met, ActDone, []string{"b"}, false},
		{"corrected later, whichever was handed in first", reported("year", "sent_on"), []registry.Evidence{report("a", "2025", "2026-03-01"), report("b", "2025", "2026-05-01")}, Met, ActDone, []string{"a"}, false},
		{"one that does not tell its year is of none", reported("sent_on"), []registry.Evidence{report("a", "", "2026-03-01")}, Undetermined, ProofMissing, nil, false},
		{"and is told so where the rule asks for it", reported("sent_on", "year"), []registry.Evidence{report("a", "", "2026-03-01")}, Undetermined, ProofMissing, nil, true},
		{"one that holds only later is told what it lacks", reported("year", "sent_on", "office"), []registry.Evidence{paper("a", registry.Report, date(2026, 3, 1), none, "year", "2025", "sent_on", "2026-03-01")}, Undetermined, ProofMissing, nil, true},
		{"none, and the operator has to prove it", proving(reported("year")), nil, Missed, NotEvidenced, nil, false},
		{"none, and the text names no day", without(proving(reported("year"))), nil, Undetermined, ProofMissing, nil, false},
	} {
		a := asking(tt.rule, plant{}, midYear(), tt.papers...).judged(t, true)
		if a.Verdict != tt.verdict || a.Reason != tt.reason || !slices.Equal(a.Evidence, tt.evidence) && len(a.Evidence)+len(tt.evidence) > 0 || a.says(ProofFactAbsent) != tt.lacks {
			t.Errorf("%s: %s (%s) by %v, %+v, want %s (%s) by %v", tt.sentence, a.Verdict, a.Reason, a.Evidence, a.Steps, tt.verdict, tt.reason, tt.evidence)
		}
	}
}

func TestADeadlineIsAsSureAsItsText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		on       energy.Date
		settles  energy.Date
		want     Confirmation
	}{
		{"the day of each year, as the rule is confirmed", date(2026, 7, 1), date(2026, 4, 1), SecondaryText},
		{"a day of its own that says nothing more, as the rule is", date(2025, 7, 1), date(2025, 5, 16), SecondaryText},
		{"a day of its own, as that is confirmed", date(2024, 9, 1), date(2024, 8, 16), PrimaryText},
	} {
		if a := asking(reported("year"), plant{}, tt.on).judged(t, true); a.Confirmed != tt.want || a.SettlesOn != tt.settles {
			t.Errorf("%s: %s until %s, want %s until %s", tt.sentence, a.Confirmed, a.SettlesOn, tt.want, tt.settles)
		}
	}
}
