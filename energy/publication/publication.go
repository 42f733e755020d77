// Package publication says how it is decided what the public may see: nothing,
// until one person proposes it and another confirms it (FIGURES.md, "What may be
// published"). A decision is about figures of a site in a period, or about one
// issued judgement. It is pure: steps come in, the state comes out; it knows no
// figures and no judgements, only their names.
package publication

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
)

// Class says how far something may be seen.
type Class string

// The classes. What nobody decided on is internal.
const (
	ByLaw         Class = "public_by_law"  // declared figures that a register published (EnEfG § 14)
	ByAgreement   Class = "by_agreement"   // metered figures, as the operator agreed
	AggregateOnly Class = "aggregate_only" // only among three operators or more
	Restricted    Class = "restricted"     // to those who are named
	Internal      Class = "internal"       // to the house
)

// Classes lists all of them, the widest first.
func Classes() []Class { return []Class{ByLaw, ByAgreement, AggregateOnly, Restricted, Internal} }

// Resolution is the shortest period of which a figure is shown by itself.
type Resolution string

// The resolutions. Hour is the finest: hours and quarter-hours, for those who are
// named in an agreement and for nobody without one.
const (
	Year  Resolution = "year"
	Month Resolution = "month"
	Hour  Resolution = "hour"
)

// Resolutions lists them, the coarsest first.
func Resolutions() []Resolution { return []Resolution{Year, Month, Hour} }

// Act is what a decision about a judgement does to it.
type Act string

// The acts.
const (
	Publish  Act = "publish"
	Withdraw Act = "withdraw"
	Correct  Act = "correct" // by another judgement, the successor
)

// Acts lists them.
func Acts() []Act { return []Act{Publish, Withdraw, Correct} }

// Content is what is decided.
type Content struct {
	// Judgement is the id of the issued judgement that it is about; "": it is
	// about figures.
	Judgement string `json:"judgement,omitempty"`
	Act       Act    `json:"act,omitempty"`
	Successor string `json:"successor,omitempty"` // of a correction

	Class      Class       `json:"class,omitempty"`
	What       []string    `json:"what,omitempty"`      // names of figures, or codes of fields of a form
	From       energy.Date `json:"from,omitzero"`       // of the figures: local days [From, To)
	To         energy.Date `json:"to,omitzero"`         //
	Resolution Resolution  `json:"resolution,omitzero"` //
	DelayDays  int         `json:"delay_days,omitzero"` // after the end of a period until it is shown
	Agreement  string      `json:"agreement,omitempty"` // id of the evidence that the operator agreed
}

// The reasons for which a content or a step is refused.
var (
	ErrContent   = errors.New("it is not said what is decided")
	ErrAgreement = errors.New("the agreement with the operator is not named")
	ErrFine      = errors.New("hours are shown by an agreement alone, restricted or public")
	ErrOrder     = errors.New("not possible in this state")
	ErrWho       = errors.New("nobody is named who does it")
	ErrWhy       = errors.New("no reason is given")
	ErrSame      = errors.New("whoever proposed it does not confirm it: another person must")
	ErrEarlier   = errors.New("it is before the step before it")
)

// delayMost bounds a delay to ten years.
const delayMost = 3660

// Check errs with [ErrContent], [ErrAgreement] or [ErrFine] when a content cannot
// mean anything.
func (c Content) Check() error {
	if c.Judgement != "" {
		figures := c.Class != "" || len(c.What) > 0 || c.From != (energy.Date{}) || c.To != (energy.Date{}) || c.Resolution != "" || c.DelayDays != 0 || c.Agreement != ""
		if figures || !slices.Contains(Acts(), c.Act) || (c.Act == Correct) != (c.Successor != "") || c.Successor == c.Judgement {
			return fmt.Errorf("decide on judgement %s: %w", c.Judgement, ErrContent)
		}
		return nil
	}
	switch {
	case c.Act != "" || c.Successor != "", !slices.Contains(Classes(), c.Class), !c.named(),
		c.From == (energy.Date{}), !c.From.Before(c.To), !slices.Contains(Resolutions(), c.Resolution), c.DelayDays < 0 || c.DelayDays > delayMost:
		return fmt.Errorf("decide on figures: %w", ErrContent)
	case c.Class == ByAgreement && c.Agreement == "":
		return fmt.Errorf("decide on figures: %w", ErrAgreement)
	case c.Resolution == Hour && (c.Class != ByAgreement && c.Class != Restricted || c.Agreement == ""):
		return fmt.Errorf("decide on figures: %w", ErrFine)
	}
	return nil
}

// named tells whether at least one figure is named, each once.
func (c Content) named() bool {
	seen := map[string]bool{}
	for _, name := range c.What {
		if name == "" || len(name) > 80 || strings.ContainsAny(name, " \n\t") || seen[name] {
			return false
		}
		seen[name] = true
	}
	return len(seen) > 0
}

// Action is what is done with a decision.
type Action string

// The actions.
const (
	Propose Action = "propose"
	Confirm Action = "confirm" // by somebody else
	Reject  Action = "reject"
	Revoke  Action = "revoke" // what was confirmed holds no longer
)

// State is how far a decision has come.
type State string

// The states. Rejected and revoked are the last ones.
const (
	Proposed  State = "proposed"
	Confirmed State = "confirmed"
	Rejected  State = "rejected"
	Revoked   State = "revoked"
)

// Step is one action, a fact.
type Step struct {
	Action  Action      `json:"action"`
	Content *Content    `json:"content,omitempty"` // of a proposal
	Who     string      `json:"who"`
	At      time.Time   `json:"at"`
	On      energy.Date `json:"on"` // the local day of At
	Why     string      `json:"why"`
}

// Decision is how far one has come, and how.
type Decision struct {
	State State  `json:"state"`
	Steps []Step `json:"steps"` // in order; the first proposes it
	Content
}

// After is the decision after one more step. It errs with one of the reasons
// above when the step may not be done; the decision is unchanged then.
func (d Decision) After(s Step) (Decision, error) {
	refuse := func(why error) (Decision, error) {
		return d, fmt.Errorf("%s a decision that is %q: %w", s.Action, d.State, why)
	}
	state, ok := map[Action]map[State]State{
		Propose: {"": Proposed},
		Confirm: {Proposed: Confirmed},
		Reject:  {Proposed: Rejected},
		Revoke:  {Confirmed: Revoked},
	}[s.Action][d.State]
	switch {
	case !ok, s.Action == Revoke && d.Judgement != "": // a judgement is withdrawn, by another decision
		return refuse(ErrOrder)
	case s.Who == "":
		return refuse(ErrWho)
	case strings.TrimSpace(s.Why) == "" && s.Action != Confirm:
		return refuse(ErrWhy)
	case len(d.Steps) > 0 && s.At.Before(d.Steps[len(d.Steps)-1].At):
		return refuse(ErrEarlier)
	case s.Action == Confirm && !access.Apart(d.Steps[0].Who, s.Who):
		return refuse(ErrSame)
	case s.Action == Propose && s.Content == nil:
		return refuse(ErrContent)
	}
	if s.Action == Propose {
		if err := s.Content.Check(); err != nil {
			return d, err
		}
		d.Content = *s.Content
	}
	d.State, d.Steps = state, append(slices.Clip(d.Steps), s)
	return d, nil
}

// InForce tells whether figures are shown by it.
func (d Decision) InForce() bool { return d.State == Confirmed && d.Judgement == "" }

// Membership is how long a site is by the decision in a sum of the period of local
// days [from, end): from its confirmation on, after its delay, until it was revoked.
// ok is false where it is no such decision, or was never confirmed.
func (d Decision) Membership(site energy.SiteID, from, end energy.Date) (m Member, ok bool) {
	if d.Class != AggregateOnly || d.Judgement != "" || from.Before(d.From) || d.To.Before(end) {
		return m, false
	}
	m, ok = d.open(end)
	m.Site = site
	return m, ok
}

// Told tells whether by the decision the public was shown a period of the site by
// itself, on a day or before; what was revoked since is known all the same.
func (d Decision) Told(from, end, on energy.Date) bool {
	m, ok := d.open(end)
	inside := !from.Before(d.From) && !d.To.Before(end)
	if d.Resolution != Year { // of one month of it
		inside = d.From.Before(end) && from.Before(d.To)
		m.From = d.confirmed()
	}
	return ok && d.Class == ByAgreement && d.Judgement == "" && inside && !on.Before(m.From) && (m.Until == energy.Date{} || m.From.Before(m.Until))
}

// open is from when until when the decision shows a period.
func (d Decision) open(end energy.Date) (m Member, ok bool) {
	if m.From = d.confirmed(); m.From == (energy.Date{}) {
		return m, false
	}
	if delayed := end.AddDays(d.DelayDays); m.From.Before(delayed) {
		m.From = delayed
	}
	for _, s := range d.Steps {
		if s.Action == Revoke {
			m.Until = s.On
		}
	}
	return m, true
}

// confirmed is the day of its confirmation; the zero Date before.
func (d Decision) confirmed() (on energy.Date) {
	for _, s := range d.Steps {
		if s.Action == Confirm {
			on = s.On
		}
	}
	return on
}

// Shown tells whether by the decision a period that ends before the day end is
// shown on a day: it lies within the days decided on, and its delay has passed.
func (d Decision) Shown(from, end, on energy.Date) bool {
	return d.InForce() && !from.Before(d.From) && !d.To.Before(end) && !on.Before(end.AddDays(d.DelayDays))
}
