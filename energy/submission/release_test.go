package submission_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/store"
	"heatledger/energy/submission"
)

// twoPeople is a desk whose operator wants two people.
func twoPeople(t testing.TB) *desk {
	t.Helper()
	d := newDesk(t)
	if _, err := d.store.Append(t.Context(), store.Municipality, func(ctx context.Context, f *store.Fact) error {
		return f.SetFourEyes(ctx, "op", true, "account:anna", "")
	}); err != nil {
		t.Fatalf("ask for two people: %v", err)
	}
	return d
}

// approver is an operator who may release what a colleague prepared.
func approver(name string) submission.Caller {
	who := operator(name)
	who.Approves = func(s energy.SiteID) bool { return s == "hafen" }
	return who
}

func TestWhatOnePersonPreparesAnotherOneApproves(t *testing.T) {
	t.Parallel()
	d := twoPeople(t)
	anna, bert := approver("anna"), approver("bert")
	waiting := d.handIn(t, anna, d.look(t, anna, table("1", "2"), submission.Request{Mapping: counters()}))
	if waiting.State != submission.WaitingApproval || waiting.Number != 0 || d.known(t) != "" {
		t.Fatalf("handed in by one: %+v; known %q, want it to wait", waiting, d.known(t))
	}
	program := approver("program")
	program.Person = "account:anna"
	for who, want := range map[*submission.Caller]error{&anna: submission.ErrSamePerson, &program: submission.ErrSamePerson} {
		if _, err := d.Approve(t.Context(), *who, waiting.ID); !errors.Is(err, want) || d.known(t) != "" {
			t.Errorf("%s approves: %v, want %v", who.Name, err, want)
		}
	}
	if _, err := d.Approve(t.Context(), operator("carl"), waiting.ID); !errors.Is(err, submission.ErrNotAllowed) {
		t.Errorf("a colleague who may not: %v", err)
	}
	stranger := submission.Caller{Name: "eve", Actor: "account:eve", May: func(energy.PointID) bool { return false }, Sees: func(energy.SiteID) bool { return false }, Approves: func(energy.SiteID) bool { return true }}
	if _, err := d.Approve(t.Context(), stranger, waiting.ID); !errors.Is(err, submission.ErrUnknown) {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := d.HandIn(t.Context(), anna, waiting.ID, nil, false); !errors.Is(err, submission.ErrWaiting) {
		t.Errorf("handed in again: %v", err)
	}
	if list, err := d.Unfinished(t.Context(), bert, []energy.SiteID{"hafen"}, 10); err != nil || len(list) != 1 || list[0].ID != waiting.ID {
		t.Errorf("what waits for bert: %+v, %v", list, err)
	}
	done, err := d.Approve(t.Context(), bert, waiting.ID)
	if err != nil || done.Number == 0 || d.known(t) != "1 2" {
		t.Fatalf("approved: %+v, %v; known %q", done, err, d.known(t))
	}
	shown, err := d.Show(t.Context(), bert, done.ID)
	if err != nil || len(shown.Steps) != 2 || shown.Steps[0].Actor != "account:anna" || shown.Steps[1].Kind != submission.StepApprove || shown.Steps[1].Actor != "account:bert" {
		t.Errorf("the steps %+v, %v; want anna's and bert's", shown.Steps, err)
	}
	if _, err := d.Approve(t.Context(), bert, waiting.ID); !errors.Is(err, submission.ErrNotWaiting) {
		t.Errorf("approved twice: %v", err)
	}
}

// TestOneTokenIsOnePersonWhoeverHoldsIt hands a program's token on, after it prepared
// a file.
func TestOneTokenIsOnePersonWhoeverHoldsIt(t *testing.T) {
	t.Parallel()
	d := twoPeople(t)
	first := approver("program")
	first.Person = "account:anna"
	waiting := d.handIn(t, first, d.look(t, first, table("1", "2"), submission.Request{Mapping: counters()}))
	then := approver("program")
	then.Person = "account:bert"
	if _, err := d.Approve(t.Context(), then, waiting.ID); !errors.Is(err, submission.ErrSamePerson) || d.known(t) != "" {
		t.Errorf("the same token for another person approves: %v, known %q", err, d.known(t))
	}
}

func TestWhatIsGivenBackIsADraftAgain(t *testing.T) {
	t.Parallel()
	d := twoPeople(t)
	anna, bert := approver("anna"), approver("bert")
	waiting := d.handIn(t, anna, d.look(t, anna, table("1", "2"), submission.Request{Mapping: counters()}))
	if _, err := d.GiveBack(t.Context(), bert, waiting.ID, " "); err == nil {
		t.Error("it was given back without a word")
	}
	back, err := d.GiveBack(t.Context(), bert, waiting.ID, "die 2 ist eine 7")
	if err != nil || back.State != submission.Draft || back.Request.Release.Returned != "die 2 ist eine 7" {
		t.Fatalf("given back: %+v, %v", back, err)
	}
	if again := d.handIn(t, anna, back); again.State != submission.WaitingApproval {
		t.Errorf("handed over again: %s", again.State)
	}
}

func TestTheOfficeAndOperatorsWithoutTheRuleNeedNoSecondPerson(t *testing.T) {
	t.Parallel()
	d := twoPeople(t)
	by := office()
	if handed := d.handIn(t, by, d.look(t, by, table("1"), submission.Request{Mapping: counters()})); handed.Number == 0 {
		t.Errorf("the office hands in: %s", handed.State)
	}
	if taken, err := d.Take(t.Context(), approver("anna"), upload(table("1", "2"), submission.Request{Mapping: counters()})); err != nil || taken.State != submission.WaitingApproval {
		t.Errorf("at once: %s, %v; want it to wait all the same", taken.State, err)
	}
}

func TestADraftIsKeptWhileItIsOpenWhatItsColumnsAre(t *testing.T) {
	t.Parallel()
	d, who := newDesk(t), operator("anna")
	draft, err := d.Begin(t.Context(), who, upload(table("1,5", "2,5"), submission.Request{}))
	var needed *submission.MappingNeededError
	if !errors.As(err, &needed) || draft.ID == "" || draft.Looked() {
		t.Fatalf("begun: %+v, %v", draft, err)
	}
	_, proposal, err := d.Propose(t.Context(), who, draft.ID, "")
	if err != nil || len(proposal.Proposal.Columns) != 2 {
		t.Fatalf("proposed: %+v, %v", proposal, err)
	}
	looked, err := d.Resume(t.Context(), who, draft.ID, submission.Request{Mapping: counters()})
	if err != nil || looked.ID != draft.ID || looked.Report.Accepted != 2 || len(looked.Report.Days) != 1 || looked.Report.Days[0].After.String() != "1.000000" || looked.Report.Days[0].Before != nil {
		t.Fatalf("looked at: %+v, %v", looked.Report, err)
	}
	if handed := d.handIn(t, who, looked); handed.Number == 0 || d.known(t) != "1.5 2.5" {
		t.Errorf("handed in: %+v", handed)
	}
	if _, err := d.Resume(t.Context(), who, draft.ID, submission.Request{Mapping: counters()}); !errors.Is(err, submission.ErrNotDraft) {
		t.Errorf("looked at after it was handed in: %v", err)
	}
}

func TestWhatWaitsIsNotForgotten(t *testing.T) {
	t.Parallel()
	d := twoPeople(t)
	anna := approver("anna")
	old := time.Now().Add(-submission.DraftsKept - time.Hour)
	past := submission.New(d.intake, d.ledger, func() time.Time { return old })
	waiting, err := past.Take(t.Context(), anna, upload(table("1"), submission.Request{Mapping: counters()}))
	if err != nil || waiting.State != submission.WaitingApproval {
		t.Fatalf("taken: %+v, %v", waiting, err)
	}
	d.look(t, anna, table("7"), submission.Request{Mapping: counters()})
	if handed, err := d.Approve(t.Context(), approver("bert"), waiting.ID); err != nil || handed.Number == 0 {
		t.Errorf("approved after a fortnight: %+v, %v", handed, err)
	}
}

func TestTheLaterExplanationCounts(t *testing.T) {
	t.Parallel()
	d, who := newDesk(t), operator("anna")
	draft := d.look(t, who, table("-5", "x"), submission.Request{Mapping: counters()})
	if refused, err := d.HandIn(t.Context(), who, draft.ID, []intake.Explanation{{Code: "negative_value", Text: "erst"}}, false); err != nil || refused.Number != 0 {
		t.Fatalf("with a wrong row: %+v, %v", refused, err)
	}
	handed, err := d.HandIn(t.Context(), who, draft.ID, []intake.Explanation{{Code: "negative_value", Text: "dann"}}, true)
	if err != nil || handed.Number == 0 || handed.Report.Questions[0].Explanation != "dann" {
		t.Errorf("handed in: %+v, %v", handed.Report.Questions, err)
	}
}

func TestWhatOnePersonWithdrawsAnotherOneConfirms(t *testing.T) {
	t.Parallel()
	d := twoPeople(t)
	anna, bert := approver("anna"), approver("bert")
	waiting := d.handIn(t, anna, d.look(t, anna, table("1", "2"), submission.Request{Mapping: counters()}))
	if _, err := d.Approve(t.Context(), bert, waiting.ID); err != nil {
		t.Fatalf("approve: %v", err)
	}
	stranger := operator("eve")
	stranger.May = func(energy.PointID) bool { return false }
	if _, err := d.Withdraw(t.Context(), stranger, waiting.ID, "x"); !errors.Is(err, submission.ErrNotAllowed) {
		t.Errorf("somebody who may hand in nothing: %v", err)
	}
	asked, err := d.Withdraw(t.Context(), anna, waiting.ID, "the wrong meter")
	if err != nil || asked.State == submission.Withdrawn || d.known(t) != "1 2" {
		t.Fatalf("withdrawn by one: %s, %v; known %q, want it to wait", asked.State, err, d.known(t))
	}
	if step, ok := asked.AskedWithdrawal(); !ok || step.Actor != "account:anna" || step.Text != "the wrong meter" {
		t.Errorf("the step %+v does not say who asked and why", step)
	}
	program := approver("program")
	program.Person = "account:anna"
	carl := operator("carl")
	for _, tt := range []struct {
		who  submission.Caller
		want error
	}{{anna, submission.ErrSamePerson}, {program, submission.ErrSamePerson}, {carl, submission.ErrWaiting}} {
		if _, err := d.Withdraw(t.Context(), tt.who, waiting.ID, "again"); !errors.Is(err, tt.want) || d.known(t) != "1 2" {
			t.Errorf("%s withdraws it: %v, want %v", tt.who.Name, err, tt.want)
		}
	}
	for _, tt := range []struct {
		says, reason string
		who          submission.Caller
		refused      bool
	}{{"a colleague who may not approve", "no", carl, true}, {"a second person without a reason", " ", bert, true}, {"a second person", "it is the right meter", bert, false}, {"once refused, once more", "no", bert, true}} {
		kept, err := d.Keep(t.Context(), tt.who, waiting.ID, tt.reason)
		if (err != nil) != tt.refused || d.known(t) != "1 2" {
			t.Errorf("%s keeps it: %v, known %q", tt.says, err, d.known(t))
		}
		if _, open := kept.AskedWithdrawal(); err == nil && (open || kept.State != submission.Checked || kept.Steps[len(kept.Steps)-1].Text != tt.reason || kept.Steps[len(kept.Steps)-1].Actor != "account:bert") {
			t.Errorf("%s keeps it: it is %s after the steps %+v", tt.says, kept.State, kept.Steps)
		}
	}
	for _, who := range []submission.Caller{anna, office()} { // she takes it back, the office refuses it
		if asked, err := d.Withdraw(t.Context(), anna, waiting.ID, "once more"); err != nil || asked.State == submission.Withdrawn {
			t.Fatalf("asked once more: %s, %v", asked.State, err)
		}
		if _, err := d.Keep(t.Context(), who, waiting.ID, "not now"); err != nil {
			t.Errorf("%s keeps it: %v", who.Name, err)
		}
	}
	if _, err := d.Withdraw(t.Context(), anna, waiting.ID, "the wrong meter"); err != nil {
		t.Fatalf("asked again: %v", err)
	}
	done, err := d.Withdraw(t.Context(), bert, waiting.ID, "")
	if err != nil || done.State != submission.Withdrawn || d.known(t) != "" {
		t.Fatalf("withdrawn by the second: %s, %v; known %q", done.State, err, d.known(t))
	}
	if last := done.Steps[len(done.Steps)-1]; last.Kind != submission.StepWithdraw || last.Actor != "account:bert" || last.Text != "the wrong meter" {
		t.Errorf("the last step %+v, want bert's with anna's reason", last)
	}
	again := d.handIn(t, office(), d.look(t, office(), table("3"), submission.Request{Mapping: counters()}))
	if done, err := d.Withdraw(t.Context(), office(), again.ID, "a trial"); err != nil || done.State != submission.Withdrawn {
		t.Errorf("the office withdraws by itself: %s, %v", done.State, err)
	}
}
