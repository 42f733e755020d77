package commitment_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
)

func TestEveryRulebookThatComesAlongLoads(t *testing.T) {
	t.Parallel()
	ids := commitment.Rulebooks()
	if len(ids) == 0 {
		t.Fatal("no rulebook comes along")
	}
	for _, id := range ids {
		book, ok, err := commitment.Find(id)
		if err != nil || !ok || book.ID != id {
			t.Errorf("find %s: %v, %v", id, ok, err)
			continue
		}
		for _, rule := range book.Rules {
			if rule.Citation == "" || rule.Confirmed == "" || rule.Interpretation.DE == "" || rule.Interpretation.EN == "" || rule.From == (energy.Date{}) || rule.Status == "" {
				t.Errorf("%s of %s lacks citation, confirmation, interpretation, validity or status: %+v", rule.ID, id, rule)
			}
		}
	}
	if _, ok, err := commitment.Find("enefg-1999"); ok || err != nil {
		t.Errorf("a rulebook nobody wrote: %v, %v", ok, err)
	}
}

const head = `id: test
version: "1"
title: {de: Probe, en: Test}
source: nowhere
status: in_force
from: 2024-01-01
rules:
`

// sure ends a rule in one line.
const sure = ", confirmed: primary_text, interpretation: {de: d, en: e}}\n"

func TestAWrongRulebookIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, rule, want string }{
		{"an unknown metric", "  - {id: a, citation: c, metric: pua, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after}", `r.yaml:8:34: "pua" is no metric`},
		{"an unknown field", "  - {id: a, citation: c, metrik: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after}", `8:26: unknown field "metrik"`},
		{"another unit", "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: 15 kWh}], per: month, first_window: starts_on_or_after}", `the threshold of pue is in "kWh"`},
		{"an unknown comparator", "  - {id: a, citation: c, metric: pue, comparator: below, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after}", `8:51: "below" is no comparator`},
		{"a burden without a deadline", "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after, burden: operator}", "one of burden and deadline is missing"},
		{"no day", "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after, settles: 31-03}", "is no day of a year"},
		{"a period nobody knows", "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: week, first_window: starts_on_or_after}", `"week" is no period`},
		{"an exception by no evidence", "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after, exceptions: [{id: x, citation: c, evidence: hearsay, facts: [a]}]}", `"hearsay" is no kind of evidence`},
		{"neither figure nor duty", "  - {id: a, citation: c, per: month}", "r.yaml:8:5: a rule with neither metric nor duty"},
		{"figure and duty", "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after, duty: d}", "or with both"},
		{"a duty nothing proves", "  - {id: a, citation: c, per: calendar_year, duty: d}", "a duty with neither proof nor unclear"},
		{"a duty with a threshold", "  - {id: a, citation: c, per: calendar_year, duty: d, unclear: true, threshold: [{value: \"1.5\"}]}", "8:70: threshold of a duty"},
		{"an act of each month", "  - {id: a, citation: c, per: month, duty: d, proof: [{evidence: report, facts: [year, on]}], done_on: on}", "8:31: done_on with month: calendar_year is expected"},
		{"single deadlines of nothing done", "  - {id: a, citation: c, per: calendar_year, duty: d, proof: [{evidence: report, facts: [x]}], deadlines: [{year: 2023, by: 2024-08-15}]}", "deadlines without done_on"},
		{"a bound of two kinds", "  - {id: a, citation: c, per: calendar_year, duty: d, proof: [{evidence: report, facts: [x], bounds: [{fact: x, before: 2027-01-01, at_least: 5 km}]}]}", "the bound of x says 2 kinds of limit"},
		{"a bound of none", "  - {id: a, citation: c, per: calendar_year, duty: d, proof: [{evidence: report, facts: [x], bounds: [{fact: x}]}]}", "the bound of x says 0 kinds of limit"},
		{"a guard band in another unit", "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after, guard_band: {amount: 2 kWh, favours: operator}}", "the guard band of pue is in \"kWh\""},
		{"a guard band for nobody", "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after, guard_band: {amount: \"0.02\", favours: nature}}", `the guard band favours "nature"`},
		{"a part of a ratio", "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after, pro_rata: true}", "pro_rata of pue: an amount that grows with time"},
		{"a load that no site has", "  - {id: a, citation: c, per: calendar_year, duty: d, unclear: true, applies_to: {connected_load_kw: 500, connected_load_below_kw: 300}}", "no load is at least 500 kW and below 300 kW"},
		{"an unknown ownership", "  - {id: a, citation: c, per: calendar_year, duty: d, unclear: true, applies_to: {ownership: shared}}", `"shared" is no ownership`},
		{"a range that ends before it begins", "  - {id: a, citation: c, per: calendar_year, duty: d, unclear: true, from: 2027-01-01, to: 2026-01-01}", "to (2026-01-01) is not after from (2027-01-01)"},
		{"a delay of ages", "  - {id: a, citation: c, per: calendar_year, duty: d, proof: [{evidence: offer, facts: [x], waits: {fact: x, months: 100000}}]}", "months is 100000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, faults := commitment.Load("r.yaml", []byte(head+strings.TrimSuffix(test.rule, "}")+sure))
			if got := faults.Error(); !strings.Contains(got, test.want) {
				t.Errorf("faults are\n%s\nwant one with %q", got, test.want)
			}
		})
	}
}

func TestARuleTwiceIsRefused(t *testing.T) {
	t.Parallel()
	rule := "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after" + sure
	if _, faults := commitment.Load("r.yaml", []byte(head+rule)); len(faults) > 0 {
		t.Fatalf("the rule alone: %v", faults)
	}
	if _, faults := commitment.Load("r.yaml", []byte(head+rule+rule)); len(faults) != 1 || faults[0].Line != 9 {
		t.Errorf("faults are %v, want one on line 9", faults)
	}
}

func TestAllFaultsOfARulebookAreToldAtOnce(t *testing.T) {
	t.Parallel()
	_, faults := commitment.Load("r.yaml", []byte(head+`  - {id: a, citation: c, metric: pua, comparator: below, per: week}
  - {id: a, duty: d, per: calendar_year, proof: [{evidence: hearsay, facts: [x]}], confirmed: surely, interpretation: {de: d, en: e}}
`))
	for _, want := range []string{
		`8:34: "pua" is no metric`, `"below" is no comparator`, `"week" is no period`, "a metric without threshold", "a metric without first_window", "confirmed", "interpretation",
		`9:10: rule "a" stands here a second time`, "citation", `"hearsay" is no kind of evidence`, `"surely" is no confirmation`,
	} {
		if !strings.Contains(faults.Error(), want) {
			t.Errorf("the faults lack %q:\n%s", want, faults.Error())
		}
	}
	for _, f := range faults {
		if f.Line == 0 || f.Column == 0 || f.Remedy == "" {
			t.Errorf("a fault without place or remedy: %+v", f)
		}
	}
}

func TestABillChangesTheLawAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	rules := func(id string) map[string]commitment.Rule {
		book, ok, err := commitment.Find(id)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		found := map[string]commitment.Rule{}
		for _, rule := range book.Rules {
			found[rule.ID] = rule
		}
		return found
	}
	law, bill := rules("enefg-2023"), rules("enefg-2026-bill")
	if _, ok := bill["waste-heat-use"]; ok {
		t.Error("what the bill repeals is still there")
	}
	if got := bill["green"]; got.Status != commitment.Proposed || got.Confirmed == commitment.PrimaryText {
		t.Errorf("a rule of the bill is %s and %s", got.Status, got.Confirmed)
	}
	if got := bill["certification"]; got.Status != commitment.InForce || got.Citation != law["certification"].Citation {
		t.Errorf("a rule the bill leaves alone is %+v", got)
	}
	book, _, _ := commitment.Find("enefg-2026-bill")
	if base, _, _ := commitment.Find("enefg-2023"); !strings.HasSuffix(book.Version, "enefg-2023 "+base.Version) {
		t.Errorf("version %q does not name the law it changes", book.Version)
	}
	for _, test := range []struct{ name, amends, want string }{
		{"a law nobody knows", "amends: enefg-1999", `7:9: "enefg-1999" is no rulebook`},
		{"a rule the law has not", "amends: enefg-2023\nrepeals: [speed-limit]", `8:11: enefg-2023 has no rule "speed-limit"`},
		{"a repeal of nothing", "repeals: [green]", "repeals without amends"},
	} {
		src := strings.Replace(head, "rules:\n", test.amends+"\nrules:\n", 1) + "  - {id: a, citation: c, per: calendar_year, duty: d, unclear: true" + sure
		if _, faults := commitment.Load("r.yaml", []byte(src)); !strings.Contains(faults.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, faults, test.want)
		}
	}
}

// FuzzLoad: whatever stands in a file, it is refused with a place and a remedy,
// or a site can be judged by it.
func FuzzLoad(f *testing.F) {
	files, _ := filepath.Glob("rulebooks/*.yaml")
	cases, _ := filepath.Glob("testdata/*/rulebook.yaml")
	for _, file := range append(files, cases...) {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		// One rule at a time: the fuzzer is quick with short inputs only.
		parts := strings.SplitAfter(string(src), "\nrules:\n")
		for rule := range strings.SplitSeq(parts[1], "\n\n") {
			f.Add(head + rule + "\n")
			if strings.Contains(parts[0], "amends") {
				f.Add(parts[0] + rule + "\n")
			}
		}
	}
	f.Add(head + "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after" + sure)
	r, faults := registry.Load("registry.yaml", []byte(fuzzedSite))
	if len(faults) > 0 {
		f.Fatal(faults)
	}
	calendar, err := r.Calendar("hafen", "")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src string) {
		book, faults := commitment.Load("r.yaml", []byte(src))
		for _, fault := range faults {
			if fault.Line < 1 || fault.Column < 1 || fault.Problem == "" || fault.Remedy == "" {
				t.Errorf("a fault without place, problem or remedy: %+v", fault)
			}
		}
		if len(faults) > 0 {
			return
		}
		list, err := commitment.Assess(commitment.Question{Site: r.Sites[0], Registry: r, Commitment: registry.Commitment{ID: "c", Rulebook: book.ID}, Rulebook: book,
			On: energy.Date{Year: 2026, Month: 11, Day: 22}, Calendar: calendar, Figures: sheet{calendar: calendar}})
		if err != nil || len(list) < len(book.Rules) {
			t.Errorf("%d assessments of %d rules, %v", len(list), len(book.Rules), err)
		}
		for _, a := range list {
			if !slices.Contains(commitment.Verdicts(), a.Verdict) || !slices.Contains(commitment.Codes(), a.Reason) {
				t.Errorf("rule %s is judged %q because of %q", a.Rule, a.Verdict, a.Reason)
			}
		}
	})
}

const fuzzedSite = `municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Beispiel Rechenzentren}]
sites: [{id: hafen, name: Hafen, operator: op, in_operation_since: 2019-03-01, connected_load_kw: 4800, it_load_kw: 3000}]
evidence:
  - {id: iso, kind: certificate, sites: [hafen], from: 2025-01-01, to: 2028-01-01, facts: {standard: ISO 50001}}
`
