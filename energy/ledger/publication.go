package ledger

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/hearing"
	"heatledger/energy/proof"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// ErrNoDecision says that there is no decision of that id.
var ErrNoDecision = errors.New("there is no such decision")

// Decided is a decision on what of a site is published, or was proposed to be.
type Decided struct {
	ID string // the number of the fact that proposed it
	publication.Decision
}

// Decisions are those of a site, the earliest first, as known at an instant (zero:
// now).
func (l *Ledger) Decisions(ctx context.Context, site energy.SiteID, at time.Time) ([]Decided, error) {
	upto := newest
	if !at.IsZero() {
		var err error
		if upto, err = l.store.Upto(ctx, site, at); err != nil {
			return nil, err
		}
	}
	all, err := decisions(ctx, l.store.Reader, site, upto)
	if err != nil {
		return nil, err
	}
	list := make([]Decided, 0, len(all))
	for id, d := range all {
		list = append(list, Decided{id, d})
	}
	slices.SortFunc(list, func(a, b Decided) int { return cmp.Or(cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

func decisions(ctx context.Context, r store.Reader, site energy.SiteID, upto int64) (map[string]publication.Decision, error) {
	entries, err := r.EntriesOf(ctx, site, store.KindDecision, upto)
	if err != nil {
		return nil, err
	}
	all := map[string]publication.Decision{}
	for _, e := range entries {
		var step publication.Step
		if err := json.Unmarshal(e.Body, &step); err != nil {
			return nil, fmt.Errorf("read fact %d of decision %s: %w", e.Seq, e.ID, err)
		}
		if all[e.ID], err = all[e.ID].After(step); err != nil {
			return nil, fmt.Errorf("follow fact %d of decision %s: %w", e.Seq, e.ID, err)
		}
	}
	return all, nil
}

// Decide does a step of a decision and keeps it as a fact; id is "" for a
// proposal. What is confirmed gets a record in the public ledger, and where it
// is about a judgement the judgement goes on in the same fact. Errors are those
// of the packages publication and hearing, [ErrNoDecision] and [ErrNotIssued].
func (l *Ledger) Decide(ctx context.Context, site energy.SiteID, id string, step publication.Step) (after Decided, err error) {
	content, err := l.decided(ctx, site, id, step)
	if err != nil {
		return after, err
	}
	r, err := l.Registry(ctx)
	if err != nil {
		return after, err
	}
	calendar, err := l.Calendar(r, site)
	if err != nil {
		return after, err
	}
	var issued Issued
	if content.Judgement != "" {
		if issued, _, err = l.before(ctx, site, content.Judgement, hearingStep(content, step)); err != nil {
			return after, err
		}
	} else if step.Action == publication.Propose {
		if err := agreed(r, site, content); err != nil {
			return after, err
		}
	}
	_, err = l.store.Append(ctx, site, func(ctx context.Context, f *store.Fact) error {
		all, err := decisions(ctx, f.Reader, site, f.Seq)
		if err != nil {
			return err
		}
		if after.ID = cmp.Or(id, strconv.FormatInt(f.Seq, 10)); id != "" && all[id].State == "" {
			return ErrNoDecision
		}
		step.At, step.On = f.RecordedAt, calendar.Date(f.RecordedAt)
		if after.Decision, err = all[after.ID].After(step); err != nil {
			return err
		}
		body, err := json.Marshal(step)
		if err != nil {
			return err
		}
		if err := f.Entry(ctx, store.KindDecision, after.ID, step.At, step.Who, body); err != nil {
			return err
		}
		if content.Judgement != "" {
			return onJudgement(ctx, f, site, issued, calendar, after.Decision)
		}
		if step.Action != publication.Confirm && step.Action != publication.Revoke {
			return nil
		}
		form, err := json.Marshal(after.Decision)
		if err != nil {
			return err
		}
		return f.Announce(ctx, "decision "+after.ID+" "+string(after.State), proof.Digest(sha256.Sum256(form)))
	})
	if err != nil {
		return Decided{}, fmt.Errorf("%s what is published of %s: %w", step.Action, site, err)
	}
	return after, nil
}

// onJudgement tries a proposal about a judgement, and carries out one that is
// confirmed: for the reason that the second person gives, or else the first did.
func onJudgement(ctx context.Context, f *store.Fact, site energy.SiteID, issued Issued, calendar energy.Calendar, d publication.Decision) error {
	step := d.Steps[len(d.Steps)-1]
	next := hearingStep(d.Content, step)
	switch step.Action {
	case publication.Propose:
		all, err := cases(ctx, f.Reader, site, f.Seq)
		if err != nil {
			return err
		}
		before, ok := all[issued.ID()]
		if !ok {
			before = hearing.New()
		}
		next.At, next.On = f.RecordedAt, calendar.Date(f.RecordedAt)
		_, err = before.After(next)
		return err
	case publication.Confirm:
		next.Why = cmp.Or(next.Why, d.Steps[0].Why)
		_, err := advance(ctx, f, site, issued, calendar, next)
		return err
	}
	return nil
}

// hearingStep is what a decision does to its judgement.
func hearingStep(c publication.Content, step publication.Step) hearing.Step {
	action := map[publication.Act]hearing.Action{publication.Publish: hearing.Publish, publication.Withdraw: hearing.Withdraw, publication.Correct: hearing.Correct}
	return hearing.Step{Action: action[c.Act], Who: step.Who, Why: step.Why, Successor: c.Successor}
}

// decided is what a step is about.
func (l *Ledger) decided(ctx context.Context, site energy.SiteID, id string, step publication.Step) (publication.Content, error) {
	if id == "" {
		if step.Content == nil {
			return publication.Content{}, publication.ErrContent
		}
		return *step.Content, step.Content.Check()
	}
	all, err := decisions(ctx, l.store.Reader, site, newest)
	if err != nil {
		return publication.Content{}, err
	}
	d, ok := all[id]
	if !ok {
		return publication.Content{}, ErrNoDecision
	}
	return d.Content, nil
}

// agreed errs when a decision names an agreement that is not there for the site.
func agreed(r *registry.Registry, site energy.SiteID, c publication.Content) error {
	if c.Agreement == "" {
		return nil
	}
	for _, e := range r.Evidence {
		if e.ID == c.Agreement && (e.Kind == registry.Agreement || e.Kind == registry.Contract) && slices.Contains(e.Sites, site) {
			return nil
		}
	}
	return fmt.Errorf("no agreement or contract %q names %s: %w", c.Agreement, site, publication.ErrAgreement)
}
