package commitment

import (
	"testing"

	"heatledger/energy"
	"heatledger/energy/registry"
)

func TestWhomARuleBinds(t *testing.T) {
	t.Parallel()
	n := func(text string) registry.Number { return number(t, text) }
	enterprise := []registry.SiteType{registry.Enterprise}
	for _, tt := range []struct {
		sentence string
		scope    Scope
		site     registry.Site
		code     Code
		unknown  bool
	}{
		{"a site of any type where none is named", Scope{}, registry.Site{Type: registry.Colocation}, "", false},
		{"not of another type than the one", Scope{Types: enterprise}, registry.Site{Type: registry.Colocation}, OtherType, false},
		{"of the type", Scope{Types: enterprise}, registry.Site{Type: registry.Enterprise}, "", false},
		{"of a type that nobody said", Scope{Types: enterprise}, registry.Site{}, TypeUnknown, true},
		{"just below the limit of load", Scope{ConnectedBelowKW: n("300")}, registry.Site{ConnectedLoadKW: n("299.999")}, "", false},
		{"not at the limit of load", Scope{ConnectedBelowKW: n("300")}, registry.Site{ConnectedLoadKW: n("300")}, LoadTooGreat, false},
		{"of two things unknown the first is told", Scope{Types: enterprise, ConnectedLoadKW: n("300")}, registry.Site{}, TypeUnknown, true},
		{"what is unknown stays so beside what fits", Scope{Types: enterprise, ConnectedLoadKW: n("300")}, registry.Site{ConnectedLoadKW: n("400")}, TypeUnknown, true},
		{"what excludes it is told before what is unknown", Scope{Types: enterprise, ConnectedLoadKW: n("300")}, registry.Site{ConnectedLoadKW: n("200")}, LoadTooSmall, false},
	} {
		if code, _, unknown := tt.scope.excludes(tt.site, registry.Operator{ID: "op"}); code != tt.code || unknown != tt.unknown {
			t.Errorf("%s: %q, unknown %t, want %q, %t", tt.sentence, code, unknown, tt.code, tt.unknown)
		}
	}
}

func TestWhatAPaperLacks(t *testing.T) {
	t.Parallel()
	none := energy.Date{}
	amount := func(text string) registry.Measure { return measure(t, text) }
	facts := func(f ...string) registry.Evidence {
		return paper("p", registry.Offer, date(2026, 1, 1), none, append([]string{"terms", "yes"}, f...)...)
	}
	endless := facts("since", "2026-06-01")
	endless.From = none
	waits, within := Delay{Fact: "since", Months: 6}, Delay{Fact: "since", Months: 6}
	for _, tt := range []struct {
		sentence string
		proof    Proof
		paper    registry.Evidence
		code     Code // for an exception
		duty     Code // for a duty
	}{
		{"nothing", Proof{}, facts(), "", ""},
		{"a fact", Proof{Facts: []string{"price"}}, facts(), ExceptionFactAbsent, ProofFactAbsent},
		{"it was accepted, which voids it", Proof{Without: []string{"accepted"}}, facts("accepted", "yes"), ExceptionVoided, ProofVoided},
		{"the day it waits for", Proof{Waits: waits}, facts(), ExceptionFactAbsent, ProofFactAbsent},
		{"half a year of waiting", Proof{Waits: waits}, facts("since", "2026-01-02"), ExceptionTooEarly, ProofTooEarly},
		{"no day of it", Proof{Waits: waits}, facts("since", "2026-01-01"), "", ""},
		{"the day that is to come soon", Proof{Within: within}, facts("since", "soon"), ExceptionFactAbsent, ProofFactAbsent},
		{"its own beginning", Proof{Within: within}, endless, ExceptionFactAbsent, ProofFactAbsent},
		{"it comes a day too late", Proof{Within: within}, facts("since", "2026-07-02"), ExceptionTooLong, ProofTooLong},
		{"it comes on the last day", Proof{Within: within}, facts("since", "2026-07-01"), "", ""},
		{"a number", Proof{Bounds: []Bound{{Fact: "distance", AtMost: amount("5 km")}}}, facts("distance", "far"), ExceptionFactAbsent, ProofFactAbsent},
		{"a length", Proof{Bounds: []Bound{{Fact: "distance", AtMost: amount("5 km")}}}, facts("distance", "5 kWh"), ExceptionFactAbsent, ProofFactAbsent},
		{"it is too far", Proof{Bounds: []Bound{{Fact: "distance", AtMost: amount("5 km")}}}, facts("distance", "5.1 km"), ExceptionFactBeyond, ProofFactBeyond},
		{"it is not too far", Proof{Bounds: []Bound{{Fact: "distance", AtLeast: amount("1 km"), AtMost: amount("5 km")}}}, facts("distance", "5 km"), "", ""},
		{"it says the one word", Proof{Bounds: []Bound{{Fact: "standard", OneOf: []string{"EMAS"}}}}, facts("standard", "emas"), "", ""},
		{"it says another word", Proof{Bounds: []Bound{{Fact: "standard", OneOf: []string{"EMAS"}}}}, facts("standard", "ISO 9001"), ExceptionFactBeyond, ProofFactBeyond},
	} {
		step, ok := tt.proof.lack(tt.paper, midYear())
		if ok != (tt.code == "") || step.Code != tt.code || ofDuty(step).Code != tt.duty || !ok && len(step.Args) == 0 {
			t.Errorf("%s: %v, want %q, of a duty %q", tt.sentence, step, tt.code, tt.duty)
		}
	}
}

func TestAnExceptionIsFoundBehindOtherPapersAndTellsWhatFellShort(t *testing.T) {
	t.Parallel()
	rule := most(t, "pue", "1.5")
	rule.Exceptions = []Exception{{ID: "offered", Citation: "c", Proof: Proof{Kind: registry.Offer, Facts: []string{"terms", "price"}}}}
	a := asking(rule, plant{"pue": of(2, energy.One)}, midYear(),
		paper("report", registry.Report, date(2025, 1, 1), energy.Date{}, "terms", "yes"),
		paper("short", registry.Offer, date(2025, 1, 1), energy.Date{}, "terms", "yes"),
		paper("whole", registry.Offer, date(2025, 1, 1), energy.Date{}, "terms", "yes", "price", "0.03")).judged(t, true)
	if a.Verdict != Exempt || len(a.Evidence) != 1 || a.Evidence[0] != "whole" || !a.says(ExceptionFactAbsent) {
		t.Errorf("%s by %v, %v, want exempt by the whole offer, and what the other lacked", a.Verdict, a.Evidence, a.Steps)
	}
}

func TestARulebookChangesWhatItIsHeldAgainst(t *testing.T) {
	t.Parallel()
	span := Span{From: date(2025, 1, 1), To: date(2026, 1, 1), Label: "2025", Closed: true}
	one := func(site energy.SiteID, book, rule, metric string, side registry.Comparator, verdict Verdict, limit Optional) Assessment {
		return Assessment{Site: site, Rulebook: book, Rule: rule, Metric: metric, Comparator: side, Period: span, Verdict: verdict, Threshold: limit, Unit: energy.One}
	}
	codes := func(list []Change) (codes []Code) {
		for _, c := range list {
			for _, s := range c.Steps {
				codes = append(codes, s.Code)
			}
		}
		return codes
	}
	demands, bill := &Rulebook{ID: "demands"}, &Rulebook{ID: "bill", Amends: "law"}
	for _, tt := range []struct {
		sentence string
		book     *Rulebook
		now      Assessment
		then     Assessment
		want     []Code
	}{
		{"the same figure on the same side, in another book", demands, one("a", "law", "x", "pue", registry.AtMost, Met, Some(1.5)), one("a", "demands", "y", "pue", registry.AtMost, Missed, Some(1.3)), []Code{ChangeVerdict, ChangeThreshold}},
		{"the same figure on the other side is something else", demands, one("a", "law", "x", "pue", registry.AtLeast, Met, Some(1.5)), one("a", "demands", "y", "pue", registry.AtMost, Met, Some(1.3)), []Code{ChangeNew}},
		{"another figure on the same side too", demands, one("a", "law", "x", "erf", registry.AtMost, Met, Some(1.5)), one("a", "demands", "y", "pue", registry.AtMost, Met, Some(1.3)), []Code{ChangeNew}},
		{"a site that is bound by the book itself: the same rule", demands, one("a", "demands", "y", "pue", registry.AtMost, Met, Some(1.3)), one("a", "demands", "y", "pue", registry.AtMost, Met, Some(1.3)), []Code{ChangeNone}},
		{"and not another one on the same figure", demands, one("a", "demands", "x", "pue", registry.AtMost, Met, Some(1.5)), one("a", "demands", "y", "pue", registry.AtMost, Met, Some(1.3)), []Code{ChangeNew}},
		{"the law that a bill amends: the same rule", bill, one("a", "law", "x", "pue", registry.AtMost, Met, Some(1.5)), one("a", "bill", "x", "pue", registry.AtMost, Met, Some(1.5)), []Code{ChangeNone}},
		{"a contract is no matter of a bill", bill, one("a", "", "x", "pue", registry.AtMost, Met, Some(1.5)), one("a", "bill", "x", "pue", registry.AtMost, Met, Some(1.3)), []Code{ChangeNew}},
		{"a rule that does not bind the site changes nothing", demands, one("a", "law", "x", "erf", registry.AtMost, Met, Some(1.5)), one("a", "demands", "y", "pue", registry.AtMost, NotApplicable, Optional{}), []Code{ChangeNone}},
		{"a limit that there was none of before", demands, one("a", "law", "x", "pue", registry.AtMost, Met, Optional{}), one("a", "demands", "y", "pue", registry.AtMost, Met, Some(1.3)), []Code{ChangeNone}},
		{"a limit that there is none of any more", demands, one("a", "law", "x", "pue", registry.AtMost, Met, Some(1.5)), one("a", "demands", "y", "pue", registry.AtMost, Met, Optional{}), []Code{ChangeNone}},
	} {
		got := codes(Compare(tt.book, []Assessment{tt.now}, []Assessment{tt.then}))
		if len(got) != len(tt.want) || got[0] != tt.want[0] || got[len(got)-1] != tt.want[len(tt.want)-1] {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
	then := []Assessment{one("b", "bill", "y", "pue", "", Met, Optional{}), one("a", "bill", "y", "pue", "", Met, Optional{})}
	dropped := []Assessment{one("a", "law", "gone", "erf", "", Met, Optional{})}
	list := Compare(bill, dropped, then)
	if len(list) != 3 || list[0].Site != "a" || list[1].Site != "a" || list[1].Rule != "gone" || list[2].Site != "b" {
		t.Errorf("changes stand as %+v, want by site, what is dropped last of each", list)
	}
}
