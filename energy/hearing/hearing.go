// Package hearing says how a judgement that was issued comes before the public:
// it is a draft, the operator is heard and has fourteen days, his reply is kept,
// then it is published with the reply; or it is withdrawn, or corrected by
// another one (FIGURES.md, "What may be published"). It is pure: steps and days
// come in, the state comes out. Who keeps the steps is not its business.
//
// The term is ours: the law names none (VwVfG § 28 Abs. 1 asks for a hearing
// before a decision; that a judgement here is such a decision is unconfirmed).
package hearing

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
)

// Term is how many days the operator has, from the day after he was asked.
const Term = 14

// State is how far a judgement has come.
type State string

// The states. Withdrawn and corrected are the last ones.
const (
	Draft     State = "draft"     // issued, seen inside the house only
	Hearing   State = "hearing"   // the operator was asked
	Answered  State = "answered"  // he has replied
	Published State = "published" // anybody may see it, with the reply
	Withdrawn State = "withdrawn" // it does not hold; what was published says so
	Corrected State = "corrected" // another judgement took its place
)

// Action is what is done.
type Action string

// The actions.
const (
	Hear     Action = "hear"     // ask the operator
	Reply    Action = "reply"    // what the operator says
	Publish  Action = "publish"  // after the term, or a reply that is his last word
	Withdraw Action = "withdraw" // with a reason
	Correct  Action = "correct"  // with a reason and the judgement that takes its place
)

// Actions lists all of them, in the order above.
func Actions() []Action { return []Action{Hear, Reply, Publish, Withdraw, Correct} }

// Step is one action, a fact: who did it, when and why.
type Step struct {
	Action Action      `json:"action"`
	Who    string      `json:"who"`
	At     time.Time   `json:"at"`
	On     energy.Date `json:"on"`  // the local day of At, by which terms are counted
	Why    string      `json:"why"` // of a reply: what the operator says
	// Last marks a reply after which the operator has nothing to add: the rest of
	// the term need not be waited for.
	Last bool `json:"last,omitempty"`
	// Successor is the judgement that takes the place of a corrected one.
	Successor string `json:"successor,omitempty"`
}

// Case is how far a judgement has come, and how.
type Case struct {
	State State `json:"state"`
	// Deadline is the last day of the operator's term; the zero Date before he
	// was asked.
	Deadline energy.Date `json:"deadline,omitzero"`
	Replies  []Step      `json:"replies"`
	Steps    []Step      `json:"steps"` // all of them, in order
}

// New is the case of a judgement that was just issued.
func New() Case { return Case{State: Draft, Replies: []Step{}, Steps: []Step{}} }

// The reasons for which a step is refused.
var (
	ErrOrder     = errors.New("not possible in this state")
	ErrWho       = errors.New("nobody is named who does it")
	ErrWhy       = errors.New("no reason is given")
	ErrTerm      = errors.New("the operator's term has not passed")
	ErrEarlier   = errors.New("it is before the step before it")
	ErrSuccessor = errors.New("the judgement that takes its place is not named")
	ErrPromise   = errors.New("the judgement named to take its place judges another promise or period")
	ErrEnded     = errors.New("the judgement named to take its place was withdrawn or corrected itself")
)

// next are the states that an action leads to, by the state it is done in.
func next(action Action) map[State]State {
	switch action {
	case Hear:
		return map[State]State{Draft: Hearing}
	case Reply: // later ones are kept too, until it is published
		return map[State]State{Hearing: Answered, Answered: Answered}
	case Publish:
		return map[State]State{Hearing: Published, Answered: Published}
	case Withdraw:
		return map[State]State{Draft: Withdrawn, Hearing: Withdrawn, Answered: Withdrawn, Published: Withdrawn}
	case Correct:
		return map[State]State{Draft: Corrected, Hearing: Corrected, Answered: Corrected, Published: Corrected}
	}
	return nil
}

// After is the case after one more step. It errs with one of the reasons above
// when the step may not be done; the case is unchanged in any event.
func (c Case) After(s Step) (Case, error) {
	refuse := func(why error) (Case, error) {
		return c, fmt.Errorf("%s a judgement that is %s: %w", s.Action, c.State, why)
	}
	state, ok := next(s.Action)[c.State]
	switch {
	case !ok:
		return refuse(ErrOrder)
	case s.Who == "":
		return refuse(ErrWho)
	case s.Why == "" && s.Action != Hear && s.Action != Publish:
		return refuse(ErrWhy)
	case len(c.Steps) > 0 && s.At.Before(c.Steps[len(c.Steps)-1].At):
		return refuse(ErrEarlier)
	case s.Action == Correct && s.Successor == "":
		return refuse(ErrSuccessor)
	case s.Action == Publish && !c.heard(s.On):
		return refuse(ErrTerm)
	}
	c.State, c.Steps = state, append(slices.Clip(c.Steps), s)
	switch s.Action {
	case Hear:
		c.Deadline = s.On.AddDays(Term)
	case Reply:
		c.Replies = append(slices.Clip(c.Replies), s)
	}
	return c, nil
}

// heard tells whether on a day nothing more has to be waited for: the term has
// passed, or the operator has said his last word.
func (c Case) heard(on energy.Date) bool {
	return c.Deadline.Before(on) || len(c.Replies) > 0 && c.Replies[len(c.Replies)-1].Last
}

// Late tells whether a reply came after the term. It is kept all the same.
func (c Case) Late(reply Step) bool { return c.Deadline.Before(reply.On) }

// Open are the actions that may be done next on a day, of those that need
// nothing but a name and a reason; nil in a last state.
func (c Case) Open(on energy.Date) (open []Action) {
	for _, action := range Actions() {
		if _, ok := next(action)[c.State]; ok && (action != Publish || c.heard(on)) {
			open = append(open, action)
		}
	}
	return open
}
