package submission

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/store"
)

// StepKind says what happened to a submission.
type StepKind string

// The steps. Check, Ask and Accept are the office's, Approve a second person's of
// the operator.
const (
	StepReceived StepKind = "received"
	StepApprove  StepKind = "approve"
	StepComment  StepKind = "comment"
	StepAnswer   StepKind = "answer" // of the operator to what was asked back
	StepCheck    StepKind = "check"
	StepAsk      StepKind = "ask_back"
	StepAccept   StepKind = "accept"
	StepWithdraw StepKind = "withdraw"
	// StepAskWithdraw is a first person's, where the operator wants two: a second one
	// withdraws it then.
	StepAskWithdraw StepKind = "ask_withdrawal"
	// StepKeep says no to that, or takes it back: what was handed in stays.
	StepKeep StepKind = "refuse_withdrawal"
)

// Step is one step in the life of a submission, a fact of its sites: who, when,
// what, about which rows or which period, and why.
type Step struct {
	Kind       StepKind             `json:"step"`
	State      State                `json:"state"` // after it
	At         time.Time            `json:"at"`
	Actor      string               `json:"actor"`
	Person     string               `json:"person,omitempty"` // of StepAskWithdraw: who answers for it; see [Caller]
	Text       string               `json:"text,omitempty"`
	Row        int                  `json:"row,omitempty"`
	ToRow      int                  `json:"to_row,omitempty"`
	From       *time.Time           `json:"from,omitempty"`
	To         *time.Time           `json:"to,omitempty"`
	Number     int64                `json:"number,omitempty"`
	Digest     string               `json:"digest,omitempty"`
	Name       string               `json:"name,omitempty"`
	Correction string               `json:"correction,omitempty"`
	Explain    []intake.Explanation `json:"explain,omitempty"`
	Mapping    string               `json:"mapping,omitempty"`
	Withdrawn  int                  `json:"withdrawn,omitempty"` // readings taken back
}

// writeStep makes a step a fact of each site.
func writeStep(ctx context.Context, facts map[energy.SiteID]*store.Fact, sites []energy.SiteID, id string, who Caller, step Step) error {
	body, err := json.Marshal(step)
	if err != nil {
		return fmt.Errorf("write a step of submission %s: %w", id, err)
	}
	for _, site := range sites {
		if err := facts[site].Entry(ctx, store.KindSubmission, id, step.At, who.Actor, body); err != nil {
			return err
		}
	}
	return nil
}

// newest is beyond every number of a fact.
const newest = int64(1) << 62

// steps are the steps of a submission, in their order. A site of which a step
// changed nothing does not know it: each is taken from the first site that does.
func (d *Desk) steps(ctx context.Context, sub Submission) ([]Step, error) {
	var steps []Step
	seen := map[string]bool{}
	for _, site := range sub.Sites {
		entries, err := d.store.EntriesOf(ctx, site, store.KindSubmission, newest)
		if errors.Is(err, store.ErrNoSite) {
			continue // whoever asks does not see it any more
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.ID != sub.ID || seen[string(e.Body)] {
				continue
			}
			seen[string(e.Body)] = true
			var step Step
			if err := json.Unmarshal(e.Body, &step); err != nil {
				return nil, fmt.Errorf("read a step of submission %s: %w", sub.ID, err)
			}
			steps = append(steps, step)
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return a.At.Compare(b.At) })
	return steps, nil
}

// after is the state that a step leads to from another.
func after(state State, kind StepKind) (State, error) {
	if state == Draft || state == WaitingApproval {
		return state, ErrNotHanded
	}
	over := state == Accepted || state == Withdrawn
	switch {
	case kind == StepComment:
		return state, nil
	case over:
		return state, ErrOver
	}
	switch kind {
	case StepAnswer:
		if state == AskedBack {
			return Received, nil
		}
		return state, nil
	case StepCheck:
		return Checked, nil
	case StepAsk:
		return AskedBack, nil
	case StepAccept:
		return Accepted, nil
	}
	return state, energy.Faults{{Problem: fmt.Sprintf("there is no step %.20q", string(kind)), Remedy: "comment, answer, check, ask_back or accept is expected", Code: "step_unknown", Arg: string(kind)}}
}

// textMost bounds what a person says at once.
const textMost = 4000

// isText tells whether a person may say it; "" is a text too.
func isText(text string) bool {
	control := func(c rune) bool { return unicode.IsControl(c) && c != '\n' }
	return len(text) <= textMost && utf8.ValidString(text) && !strings.ContainsFunc(text, control)
}

func noText() error {
	return energy.Faults{{Problem: "the text is missing or no text", Remedy: fmt.Sprintf("say it in at most %d bytes", textMost), Code: "text_missing"}}
}

// Note takes a step that somebody does with words.
func (d *Desk) Note(ctx context.Context, who Caller, id string, step Step) (Submission, error) {
	sub, err := d.find(ctx, who, id)
	if err != nil {
		return sub, err
	}
	step.Text = strings.TrimSpace(step.Text)
	if !isText(step.Text) || step.Text == "" && step.Kind != StepCheck && step.Kind != StepAccept {
		return sub, noText()
	}
	if office := step.Kind == StepCheck || step.Kind == StepAsk || step.Kind == StepAccept; office {
		for _, site := range sub.Sites {
			if !who.Reviews(site) {
				return sub, ErrNotAllowed
			}
		}
	}
	heads, err := d.store.AppendAll(ctx, sub.Sites, func(ctx context.Context, facts map[energy.SiteID]*store.Fact) error {
		first := facts[sub.Sites[0]]
		row, _, err := first.Reader.Submission(ctx, id) // as it is now, behind the lock
		if err != nil {
			return err
		}
		now, err := after(State(row.State), step.Kind)
		if err != nil {
			return err
		}
		step = Step{Kind: step.Kind, State: now, At: first.RecordedAt, Actor: who.Actor, Text: step.Text, Row: step.Row, ToRow: step.ToRow, From: step.From, To: step.To}
		if err := first.Step(ctx, id, string(now)); err != nil {
			return err
		}
		return writeStep(ctx, facts, sub.Sites, id, who, step)
	})
	if err != nil || len(heads) == 0 {
		return sub, err
	}
	return d.Show(ctx, who, id)
}
