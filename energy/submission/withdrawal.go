package submission

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// Withdraw takes back every reading of a submission that is still known as it
// said, with a reason. What was corrected since stays; where that is all, it errs
// with a fault.
//
// Where the operator wants two people, the first one only asks for it: readings and
// state stay as they are until a second one, who may approve, withdraws it, without a
// reason for the first one's. It errs with [ErrSamePerson] for the first one again,
// and with [ErrWaiting] for somebody who may not approve.
func (d *Desk) Withdraw(ctx context.Context, who Caller, id, reason string) (Submission, error) {
	sub, err := d.Show(ctx, who, id)
	if err != nil {
		return sub, err
	}
	reason = strings.TrimSpace(reason)
	asked, isAsked := sub.AskedWithdrawal()
	if isAsked && reason == "" {
		reason = asked.Text
	}
	switch {
	case sub.Number == 0:
		return sub, ErrNotHanded
	case sub.State == Withdrawn:
		return sub, ErrOver
	case reason == "":
		return sub, energy.Faults{{Problem: "the reason is missing", Remedy: "say why it is withdrawn"}}
	case !isText(reason):
		return sub, noText()
	}
	second, err := d.NeedsSecond(ctx, who, sub.Sites)
	switch {
	case err != nil:
		return sub, err
	case second && !isAsked:
		return d.askWithdrawal(ctx, who, sub, reason)
	case second && (!access.Apart(asked.Person, who.person()) || !access.Apart(asked.Actor, who.Actor)):
		return sub, ErrSamePerson
	case second && (who.Approves == nil || slices.ContainsFunc(sub.Sites, func(s energy.SiteID) bool { return !who.Approves(s) })):
		return sub, ErrWaiting
	}
	if err := d.takeBack(ctx, who, sub, reason, second); err != nil {
		return sub, err
	}
	return d.Show(ctx, who, id)
}

// AskedWithdrawal is the step by which a first person asked that it be withdrawn; ok
// is false where nobody did, or it was refused since.
func (s Submission) AskedWithdrawal() (step Step, ok bool) { return askedIn(s.Steps) }

func askedIn(steps []Step) (asked Step, ok bool) {
	for _, step := range steps {
		switch step.Kind {
		case StepAskWithdraw:
			if !ok {
				asked, ok = step, true
			}
		case StepKeep:
			asked, ok = Step{}, false
		}
	}
	return asked, ok
}

// Keep refuses what a first person asked for, that a submission be withdrawn, with a
// reason that he reads: what was handed in stays. A second person who may approve
// does, or the office; the first one takes it back himself by it. It errs with
// [ErrNotAsked] where nobody asks.
func (d *Desk) Keep(ctx context.Context, who Caller, id, reason string) (Submission, error) {
	sub, err := d.Show(ctx, who, id)
	if err != nil {
		return sub, err
	}
	reason = strings.TrimSpace(reason)
	asked, isAsked := sub.AskedWithdrawal()
	switch {
	case sub.State == Withdrawn:
		return sub, ErrOver
	case !isAsked:
		return sub, ErrNotAsked
	case !sub.mayKeep(who, asked):
		return sub, ErrNotAllowed
	case reason == "":
		return sub, energy.Faults{{Problem: "the reason is missing", Remedy: "say why it is not withdrawn"}}
	case !isText(reason):
		return sub, noText()
	}
	_, err = d.store.AppendAll(ctx, sub.Sites, func(ctx context.Context, facts map[energy.SiteID]*store.Fact) error {
		first := facts[sub.Sites[0]]
		row, _, err := first.Reader.Submission(ctx, sub.ID) // as it is now, behind the lock
		if err != nil {
			return err
		}
		if State(row.State) == Withdrawn {
			return ErrOver
		}
		return writeStep(ctx, facts, sub.Sites, sub.ID, who, Step{Kind: StepKeep, State: State(row.State), At: first.RecordedAt, Actor: who.Actor, Text: reason})
	})
	if err != nil {
		return sub, fmt.Errorf("keep submission %s: %w", id, err)
	}
	return d.Show(ctx, who, id)
}

// mayKeep tells whether somebody may refuse what was asked: whoever asked, whoever
// may approve for all its sites, and whoever reviews all of them.
func (s Submission) mayKeep(who Caller, asked Step) bool {
	all := func(may func(energy.SiteID) bool) bool {
		return may != nil && len(s.Sites) > 0 && !slices.ContainsFunc(s.Sites, func(id energy.SiteID) bool { return !may(id) })
	}
	return asked.Actor == who.Actor || all(who.Approves) || all(who.Reviews)
}

// MayKeep tells whether somebody may refuse what was asked, see [Desk.Keep].
func (s Submission) MayKeep(who Caller) bool {
	asked, ok := s.AskedWithdrawal()
	return ok && s.State != Withdrawn && s.mayKeep(who, asked)
}

// askWithdrawal records that a first person wants it withdrawn. Whoever may hand in
// nothing of one of the sites may not ask either.
func (d *Desk) askWithdrawal(ctx context.Context, who Caller, sub Submission, reason string) (Submission, error) {
	r, err := d.ledger.Registry(ctx)
	if err != nil {
		return sub, err
	}
	for _, id := range sub.Sites {
		site, _ := r.Site(id)
		if !slices.ContainsFunc(site.Meters, func(m registry.Meter) bool {
			return slices.ContainsFunc(m.Points, func(p registry.Point) bool { return who.May(p.ID) })
		}) {
			return sub, ErrNotAllowed
		}
	}
	_, err = d.store.AppendAll(ctx, sub.Sites, func(ctx context.Context, facts map[energy.SiteID]*store.Fact) error {
		first := facts[sub.Sites[0]]
		row, _, err := first.Reader.Submission(ctx, sub.ID) // as it is now, behind the lock
		if err != nil {
			return err
		}
		if State(row.State) == Withdrawn {
			return ErrOver
		}
		return writeStep(ctx, facts, sub.Sites, sub.ID, who, Step{Kind: StepAskWithdraw, State: State(row.State), At: first.RecordedAt, Actor: who.Actor, Person: who.person(), Text: reason})
	})
	if err != nil {
		return sub, err
	}
	return d.Show(ctx, who, sub.ID)
}

// takeBack withdraws the readings of a submission; where a first person is to have
// asked for it, only if that was not refused just now.
func (d *Desk) takeBack(ctx context.Context, who Caller, sub Submission, reason string, asked bool) error {
	file, size, err := d.spooled(ctx, sub)
	if err != nil {
		return err
	}
	defer discard(file)
	r, err := d.ledger.Registry(ctx)
	if err != nil {
		return err
	}
	key, digest := sub.key()
	receipt, err := d.intake.Submit(ctx, intake.Submission{Source: who.Name, Key: "withdraw " + key + reason, Digest: digest, Content: sub.Digest, Correction: reason,
		Withdraw: true, Partial: true, Most: RowsNamed, AllowedPoint: who.May,
		Stream: func(take func(intake.Row), _ func(intake.Rejection)) error {
			return intake.ReadFile(file, size, sub.Request.Mapping, func(id energy.PointID) (energy.SeriesKind, bool) {
				_, _, point, ok := r.Point(id)
				return point.Series, ok
			}, take, func(intake.Rejection) {})
		},
		Also: func(ctx context.Context, facts map[energy.SiteID]*store.Fact, receipt intake.Receipt) error {
			sites := slices.Sorted(maps.Keys(receipt.Facts))
			first := facts[sites[0]]
			if asked {
				steps, err := d.steps(ctx, sub)
				if err != nil {
					return err
				}
				if _, ok := askedIn(steps); !ok {
					return ErrNotAsked
				}
			}
			if err := first.Step(ctx, sub.ID, string(Withdrawn)); err != nil {
				return err
			}
			return writeStep(ctx, facts, sites, sub.ID, who, Step{Kind: StepWithdraw, State: Withdrawn, At: first.RecordedAt, Actor: who.Actor, Text: reason, Withdrawn: receipt.Withdrawn})
		}})
	if err == nil && receipt.Withdrawn == 0 {
		return energy.Faults{{Problem: "nothing of it is known any more as it said", Remedy: "withdraw or correct what was handed in after it"}}
	}
	return err
}
