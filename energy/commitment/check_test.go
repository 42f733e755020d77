package commitment_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"heatledger/energy/commitment"
)

// A rule on a figure, one on what is to be had, and one on what is to be done.
const (
	figureRule = `id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: "1.5"}], per: month, first_window: starts_on_or_after`
	dutyRule   = `id: a, citation: c, per: calendar_year, duty: d, proof: [{evidence: offer, facts: [x]}]`
	deedRule   = `id: a, citation: c, per: calendar_year, duty: d, proof: [{evidence: report, facts: [year, sent_on]}], done_on: sent_on`
)

// marked is a text without the mark ¦, and where it stood: 0, 0 without one.
func marked(text string) (plain string, line, column int) {
	before, after, found := strings.Cut(text, "¦")
	if !found {
		return text, 0, 0
	}
	last := before[strings.LastIndex(before, "\n")+1:]
	return before + after, strings.Count(before, "\n") + 1, len([]rune(last)) + 1
}

// expectFault loads a rulebook in which ¦ stands before the only fault there is.
func expectFault(t *testing.T, sentence, text, problem, remedy string) {
	t.Helper()
	src, line, column := marked(text)
	_, faults := commitment.Load("r.yaml", []byte(src))
	if len(faults) != 1 || faults[0].Line != line || faults[0].Column != column || faults[0].Problem != problem || !strings.Contains(faults[0].Remedy, remedy) {
		t.Errorf("%s: %v, want only %d:%d %s (%s)", sentence, faults, line, column, problem, remedy)
	}
}

func TestAWrongHeadOfARulebookIsRefusedWhereItIsWrong(t *testing.T) {
	t.Parallel()
	rules := "rules:\n  - {" + figureRule + sure
	for _, tt := range []struct{ sentence, head, problem, remedy string }{
		{"an id with a blank", "id: ¦Law 1\nversion: \"1\"\ntitle: {de: P, en: T}\nsource: s\nstatus: in_force\nfrom: 2024-01-01\n", `"Law 1" is no id of a rulebook`, "lower-case letters"},
		{"a state of law nobody knows", "id: law\nversion: \"1\"\ntitle: {de: P, en: T}\nsource: s\nstatus: ¦in_forc\nfrom: 2024-01-01\n", `"in_forc" is no status`, "in_force"},
		{"a law that ends before it begins", "id: law\nversion: \"1\"\ntitle: {de: P, en: T}\nsource: s\nstatus: in_force\nfrom: 2024-01-01\nto: ¦2024-01-01\n", "to (2024-01-01) is not after from (2024-01-01)", "first day that no longer belongs"},
		{"a law that amends itself", "id: enefg-2023\nversion: \"1\"\ntitle: {de: P, en: T}\nsource: s\nstatus: in_force\nfrom: 2024-01-01\namends: ¦enefg-2023\n", "a rulebook that amends itself", "another rulebook"},
	} {
		expectFault(t, tt.sentence, tt.head+rules, tt.problem, tt.remedy)
	}
}

func TestAWrongRuleIsRefusedWhereItIsWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ sentence, rule, problem, remedy string }{
		{"an id with a blank", strings.Replace(figureRule, "id: a", "id: ¦A b", 1), `"A b" is no id of a rule`, "lower-case letters"},
		{"a figure nobody knows has no unit to be wrong in", strings.Replace(figureRule, "pue", "¦pua", 1), `"pua" is no metric`, "a figure such as pue"},
		{"a threshold in another unit", strings.Replace(figureRule, `"1.5"`, `¦1.5 kWh`, 1), `the threshold of pue is in "kWh"`, "a unit that converts"},
		{"a first period nobody knows", strings.Replace(figureRule, "starts_on_or_after", "¦start_on_or_after", 1), `"start_on_or_after" is no first window`, "starts_on_or_after"},
		{"a burden on nobody", figureRule + ", burden: ¦operators, deadline: 03-31", `"operators" is no burden`, "operator"},
		{"an authority that has no say", figureRule + ", enforced_by: ¦BAFE", `"BAFE" is no authority`, "BAFA"},
		{"a state nobody knows", figureRule + ", status: ¦proposd", `"proposd" is no status`, "proposed"},
		{"a reach nobody knows", figureRule + ", scope: ¦all_site", `"all_site" is no scope`, "all_sites"},
		{"a delay of less than nothing", figureRule + ", due_months_after_start: ¦-1", "due_months_after_start is -1", "from 0 to 1200"},
		{"a delay of more than a century", figureRule + ", due_months_after_start: ¦1201", "due_months_after_start is 1201", "from 0 to 1200"},
		{"a threshold of what was guessed", strings.Replace(figureRule, `"1.5"`, `"1.5", measure: ¦archieved`, 1), `"archieved" is no measure`, "achieved"},
		{"a threshold for sites that started on no day", strings.Replace(figureRule, `"1.5"`, `"1.5", started: {from: 2026-07-01, to: ¦2026-07-01}`, 1), "to (2026-07-01) is not after from (2026-07-01)", "first day that no longer belongs"},
		{"a guard band for nobody", figureRule + `, guard_band: ¦{amount: "0.02", favours: nature}`, `the guard band favours "nature"`, "operator or municipality"},
		{"evidence of a figure", figureRule + ", ¦proof: [{evidence: offer, facts: [x]}]", "proof of a metric", "a duty is expected"},
		{"a due day of a figure", figureRule + ", ¦due: 2026-07-01", "due of a metric", "a duty is expected"},
		{"an act of a figure", figureRule + ", ¦done_on: x", "done_on of a metric", "a duty is expected"},
		{"deadlines of a figure", figureRule + ", ¦deadlines: [{year: 2024, by: 2025-03-31}]", "deadlines of a metric", "a duty is expected"},
		{"a figure the law leaves unclear", figureRule + ", ¦unclear: true", "unclear of a metric", "a duty is expected"},
		{"a duty without a name", strings.Replace(dutyRule, "duty: d", "duty: ¦D d", 1), `"D d" is no name of a duty`, "lower-case letters"},
		{"a duty proven by hearsay", strings.Replace(dutyRule, "offer", "¦offers", 1), `"offers" is no kind of evidence`, "offer"},
		{"an exception proven by hearsay", figureRule + ", exceptions: [{id: x, citation: c, evidence: ¦hearsay, facts: [a]}]", `"hearsay" is no kind of evidence`, "offer"},
		{"an exception with a blank in its id", figureRule + ", exceptions: [{id: ¦x y, citation: c, evidence: offer, facts: [a]}]", `"x y" is no id of a exception`, "lower-case letters"},
		{"an exception twice in a rule", figureRule + ", exceptions: [{id: x, citation: c, evidence: offer, facts: [a]}, {id: ¦x, citation: c, evidence: offer, facts: [b]}]", `exception "x" stands here a second time`, "another id"},
		{"a deadline confirmed by nobody", deedRule + ", deadline: 03-31, deadlines: [{year: 2023, by: 2024-08-15, confirmed: ¦primary}]", `"primary" is no confirmation`, "primary_text"},
		{"a kind of site nobody knows", figureRule + ", applies_to: {kinds: [server_room, ¦data_center]}", `"data_center" is no kind of site`, "data_centre"},
		{"a type of site nobody knows", figureRule + ", applies_to: {types: [¦colo]}", `"colo" is no type of site`, "colocation"},
		{"sites that started on no day", figureRule + ", applies_to: {started: {from: 2027-01-01, to: ¦2026-01-01}}", "to (2026-01-01) is not after from (2027-01-01)", "first day that no longer belongs"},
		{"a load that no site has", figureRule + ", applies_to: {connected_load_kw: 300, connected_load_below_kw: ¦300}", "no load is at least 300 kW and below 300 kW", "a greater load"},
		{"a wait of less than nothing", strings.Replace(dutyRule, "[x]", "[x], waits: {fact: x, months: ¦-1}", 1), "months is -1", "from 0 to 1200"},
		{"a wait of more than a century", strings.Replace(dutyRule, "[x]", "[x], waits: {fact: x, months: ¦1201}", 1), "months is 1201", "from 0 to 1200"},
		{"a term of more than a century", strings.Replace(dutyRule, "[x]", "[x], within: {fact: x, months: ¦1201}", 1), "months is 1201", "from 0 to 1200"},
		{"a bound of two kinds", strings.Replace(dutyRule, "[x]", "[x], bounds: [¦{fact: x, before: 2027-01-01, one_of: [y]}]", 1), "the bound of x says 2 kinds of limit", "one of"},
	} {
		expectFault(t, tt.sentence, head+"  - {"+tt.rule+sure, tt.problem, tt.remedy)
	}
}

func TestWhatIsJustWithinTheLimitsIsARule(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ sentence, rules string }{
		{"a delay of a century", "  - {" + figureRule + ", due_months_after_start: 1200" + sure},
		{"a wait of none", "  - {" + strings.Replace(dutyRule, "[x]", "[x], waits: {fact: x, months: 0}", 1) + sure},
		{"a wait of a century", "  - {" + strings.Replace(dutyRule, "[x]", "[x], waits: {fact: x, months: 1200}", 1) + sure},
		{"a bound of one text", "  - {" + strings.Replace(dutyRule, "[x]", "[x], bounds: [{fact: x, one_of: [y]}]", 1) + sure},
		{"a load of a single kW", "  - {" + figureRule + ", applies_to: {connected_load_kw: 300, connected_load_below_kw: 301}" + sure},
		{"the same exception of two rules", "  - {" + figureRule + ", exceptions: [{id: x, citation: c, evidence: offer, facts: [a]}]" + sure +
			"  - {" + strings.Replace(figureRule, "id: a", "id: b", 1) + ", exceptions: [{id: x, citation: c, evidence: offer, facts: [a]}]" + sure},
		{"an exception with the id of its rule", "  - {" + figureRule + ", exceptions: [{id: a, citation: c, evidence: offer, facts: [a]}]" + sure},
		{"a range without an end", "  - {" + figureRule + ", from: 2025-01-01" + sure},
	} {
		if _, faults := commitment.Load("r.yaml", []byte(head+tt.rules)); len(faults) > 0 {
			t.Errorf("%s: %v, want none", tt.sentence, faults)
		}
	}
}

func TestFaultsOfFormAndOfMeaningAreToldTogetherAndNothingIsAmended(t *testing.T) {
	t.Parallel()
	// One fault of each kind: the difference of their numbers is none.
	src := strings.Replace(head, "rules:\n", "amends: enefg-2023\nrules:\n", 1) + "  - {" + strings.Replace(figureRule, "pue", "pua", 1) + ", metrik: erf" + sure
	book, faults := commitment.Load("r.yaml", []byte(src))
	if len(faults) != 2 || len(book.Rules) != 1 || slices.ContainsFunc(book.Rules, func(r commitment.Rule) bool { return r.ID != "a" }) {
		t.Errorf("%d rules and %v, want the only rule and two faults", len(book.Rules), faults)
	}
}

// TestABillReadsOnTheLawOfItsTime: a bill is read on the law that is given, and on
// none that nobody knows.
func TestABillReadsOnTheLawOfItsTime(t *testing.T) {
	t.Parallel()
	law, faults := commitment.Load("law.yaml", []byte(strings.Replace(head, "id: test", "id: law-of-then", 1)+"  - {"+strings.Replace(figureRule, "id: a", "id: of-then", 1)+sure))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	src, line, column := marked(strings.Replace(head, "rules:\n", "amends: ¦law-of-then\nrules:\n", 1) + "  - {" + figureRule + sure)
	given := func(book *commitment.Rulebook, err error) func(string) (*commitment.Rulebook, error) {
		return func(id string) (*commitment.Rulebook, error) {
			if id != "law-of-then" {
				t.Errorf("%q is asked for, want the law it amends", id)
			}
			return book, err
		}
	}
	book, faults := commitment.LoadOn("bill.yaml", []byte(src), given(law, nil))
	if len(faults) > 0 || len(book.Rules) != 2 || book.Rules[0].ID != "of-then" || book.Version != "1 on law-of-then 1" {
		t.Errorf("the bill is %+v, %v, want a rule more than the law", book, faults)
	}
	for sentence, base := range map[string]func(string) (*commitment.Rulebook, error){
		"a law nobody knows": given(nil, nil), "a law that cannot be read": given(law, errors.New("torn")),
	} {
		_, faults := commitment.LoadOn("bill.yaml", []byte(src), base)
		if len(faults) != 1 || faults[0].File != "bill.yaml" || faults[0].Line != line || faults[0].Column != column || !strings.Contains(faults[0].Problem, "not there to be amended") {
			t.Errorf("%s: %v, want it told at %d:%d", sentence, faults, line, column)
		}
	}
	if _, faults := commitment.Load("bill.yaml", []byte(src)); len(faults) != 1 || faults[0].Problem != `"law-of-then" is no rulebook` {
		t.Errorf("among those that came along: %v, want that it is none", faults)
	}
	if text, err := commitment.Written("enefg-1999"); err == nil || text != nil {
		t.Errorf("a law that did not come along reads %q", text)
	}
}
