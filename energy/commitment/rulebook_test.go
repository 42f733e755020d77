package commitment_test

import (
	"strings"
	"testing"

	"heatledger/energy/commitment"
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
			if rule.Citation == "" || rule.Confirmed == "" || rule.Interpretation.DE == "" || rule.From.Before(book.From) || rule.Status != book.Status {
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
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, faults := commitment.Load("r.yaml", []byte(head+test.rule+"\n"))
			if got := faults.Error(); !strings.Contains(got, test.want) {
				t.Errorf("faults are\n%s\nwant one with %q", got, test.want)
			}
		})
	}
}

func TestARuleTwiceIsRefused(t *testing.T) {
	t.Parallel()
	rule := "  - {id: a, citation: c, metric: pue, comparator: at_most, threshold: [{value: \"1.5\"}], per: month, first_window: starts_on_or_after}\n"
	if _, faults := commitment.Load("r.yaml", []byte(head+rule)); len(faults) > 0 {
		t.Fatalf("the rule alone: %v", faults)
	}
	if _, faults := commitment.Load("r.yaml", []byte(head+rule+rule)); len(faults) != 1 || faults[0].Line != 9 {
		t.Errorf("faults are %v, want one on line 9", faults)
	}
}
