package submission_test

import (
	"errors"
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/submission"
)

// twoSites is a table of a counter of each of two sites.
func twoSites() submission.Request {
	return submission.Request{Mapping: intake.Mapping{Header: 1, Decimal: ",", Zone: "Europe/Berlin", Columns: []intake.MappedColumn{{Column: "A", Is: intake.MeansTime},
		{Column: "B", Is: intake.MeansValue, Point: "fremd/grid"}, {Column: "C", Is: intake.MeansValue, Point: "hafen/grid"}}}}
}

func kinds(sub submission.Submission) (kinds []submission.StepKind) {
	for _, step := range sub.Steps {
		kinds = append(kinds, step.Kind)
	}
	return kinds
}

func TestAWithdrawalIsSeenThoughOnlyOneSiteStillSaysIt(t *testing.T) {
	t.Parallel()
	d, who := newDesk(t), office()
	first := d.handIn(t, who, d.look(t, who, "Zeit;Fremd;Hafen\n03.06.2025 10:00;1;7\n03.06.2025 11:00;2;8\n", twoSites()))
	// All that it said of the first site is corrected.
	r := submission.Request{Mapping: counters(), Correction: "read wrongly"}
	r.Mapping.Columns = []intake.MappedColumn{{Column: "A", Is: intake.MeansTime}, {Column: "B", Is: intake.MeansValue, Point: "fremd/grid"}}
	later := d.handIn(t, who, d.look(t, who, "Zeit;Fremd\n03.06.2025 10:00;3\n03.06.2025 11:00;4\n", r))
	gone, err := d.Withdraw(t.Context(), who, first.ID, "the wrong meter")
	if want := []submission.StepKind{submission.StepReceived, submission.StepWithdraw}; err != nil || gone.State != submission.Withdrawn || !slices.Equal(kinds(gone), want) {
		t.Errorf("withdrawn: %s with the steps %v, %v; want %v", gone.State, kinds(gone), err, want)
	}
	if got := d.known(t); got != "" {
		t.Errorf("of hafen %q is still known", got)
	}
	if later, err = d.Show(t.Context(), who, later.ID); err != nil || later.State == submission.Withdrawn {
		t.Errorf("the correction is %s, %v", later.State, err)
	}
}

func TestWhatWasCorrectedAsAWholeIsNotWithdrawn(t *testing.T) {
	t.Parallel()
	d, who := newDesk(t), operator("anna")
	first := d.handIn(t, who, d.look(t, who, table("1", "2"), submission.Request{Mapping: counters()}))
	d.handIn(t, who, d.look(t, who, table("3", "4"), submission.Request{Mapping: counters(), Correction: "read wrongly"}))
	var faults energy.Faults
	if _, err := d.Withdraw(t.Context(), who, first.ID, "the wrong meter"); !errors.As(err, &faults) || faults[0].Remedy == "" {
		t.Errorf("withdrawn though nothing of it is known: %v", err)
	}
	if now, err := d.Show(t.Context(), who, first.ID); err != nil || now.State == submission.Withdrawn || d.known(t) != "3 4" {
		t.Errorf("it is %s and %q is known, %v", now.State, d.known(t), err)
	}
}
