package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/energy/hearing"
	"heatledger/energy/proof"
	"heatledger/energy/store"
)

// Hearings are the cases of the judgements issued of a site, by their ids, as
// known at an instant (zero: now). One that was only issued is a draft and not
// among them.
func (l *Ledger) Hearings(ctx context.Context, site energy.SiteID, at time.Time) (map[string]hearing.Case, error) {
	upto := newest
	if !at.IsZero() {
		var err error
		if upto, err = l.store.Upto(ctx, site, at); err != nil {
			return nil, err
		}
	}
	return cases(ctx, l.store.Reader, site, upto)
}

func cases(ctx context.Context, r store.Reader, site energy.SiteID, upto int64) (map[string]hearing.Case, error) {
	entries, err := r.EntriesOf(ctx, site, store.KindHearing, upto)
	if err != nil {
		return nil, err
	}
	all := map[string]hearing.Case{}
	for _, e := range entries {
		var step hearing.Step
		if err := json.Unmarshal(e.Body, &step); err != nil {
			return nil, fmt.Errorf("read fact %d of the hearing of judgement %s: %w", e.Seq, e.ID, err)
		}
		before, ok := all[e.ID]
		if !ok {
			before = hearing.New()
		}
		if all[e.ID], err = before.After(step); err != nil {
			return nil, fmt.Errorf("follow fact %d of the hearing of judgement %s: %w", e.Seq, e.ID, err)
		}
	}
	return all, nil
}

// Also is what else a fact brings, once a step is written: it gets how far the
// judgement has come.
type Also func(ctx context.Context, f *store.Fact, after hearing.Case) error

// Advance does one more step with an issued judgement and keeps it as a fact.
// The instant of the step is that of the fact, its day the site's local one. A
// judgement that is published gets a record in the public ledger, over its
// canonical form and its case. Errors are those of package hearing, and
// [ErrNotIssued].
func (l *Ledger) Advance(ctx context.Context, site energy.SiteID, id string, step hearing.Step, also ...Also) (after hearing.Case, err error) {
	issued, calendar, err := l.before(ctx, site, id, step)
	if err != nil {
		return after, err
	}
	_, err = l.store.Append(ctx, site, func(ctx context.Context, f *store.Fact) error {
		if after, err = advance(ctx, f, site, issued, calendar, step); err != nil {
			return err
		}
		for _, a := range also {
			if err := a(ctx, f, after); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return hearing.Case{}, fmt.Errorf("%s judgement %s of %s: %w", step.Action, id, site, err)
	}
	return after, nil
}

// before is what a step with a judgement needs to know beforehand.
func (l *Ledger) before(ctx context.Context, site energy.SiteID, id string, step hearing.Step) (issued Issued, calendar energy.Calendar, err error) {
	if issued, err = l.IssuedAs(ctx, site, id); err != nil {
		return issued, calendar, err
	}
	if step.Action == hearing.Correct && step.Successor != "" {
		if err := l.mayFollow(ctx, site, issued, step.Successor); err != nil {
			return issued, calendar, err
		}
	}
	r, err := l.Registry(ctx)
	if err != nil {
		return issued, calendar, err
	}
	calendar, err = l.Calendar(r, site)
	return issued, calendar, err
}

// mayFollow errs when another judgement issued of the site may not take the place
// of one, see [hearing.Succeeds].
func (l *Ledger) mayFollow(ctx context.Context, site energy.SiteID, issued Issued, id string) error {
	successor, err := l.IssuedAs(ctx, site, id)
	if err != nil || id == issued.ID() {
		return errors.Join(hearing.ErrSuccessor, err)
	}
	all, err := l.Hearings(ctx, site, time.Time{})
	if err != nil {
		return err
	}
	return hearing.Succeeds(issued.Subject(), successor.Subject(), all[id])
}

// Subject is what the judgement judges.
func (i Issued) Subject() hearing.Subject {
	a := i.Assessment
	return hearing.Subject{Commitment: a.Commitment, Rule: a.Rule, From: a.Period.From, To: a.Period.To}
}

// advance does a step within a fact.
func advance(ctx context.Context, f *store.Fact, site energy.SiteID, issued Issued, calendar energy.Calendar, step hearing.Step) (after hearing.Case, err error) {
	all, err := cases(ctx, f.Reader, site, f.Seq)
	if err != nil {
		return after, err
	}
	before, ok := all[issued.ID()]
	if !ok {
		before = hearing.New()
	}
	step.At, step.On = f.RecordedAt, calendar.Date(f.RecordedAt)
	if after, err = before.After(step); err != nil {
		return after, err
	}
	body, err := json.Marshal(step)
	if err != nil {
		return after, err
	}
	if err := f.Entry(ctx, store.KindHearing, issued.ID(), step.At, step.Who, body); err != nil {
		return after, err
	}
	if step.Action != hearing.Publish {
		return after, nil
	}
	form, err := PublishedForm(issued, after)
	if err != nil {
		return after, err
	}
	return after, f.Announce(ctx, "assessment "+issued.ID(), proof.Digest(sha256.Sum256(form)))
}

// PublishedForm is what the record of a publication covers: the canonical form
// of the judgement and, after a line break, its case at that moment as JSON,
// with the operator's replies.
func PublishedForm(i Issued, c hearing.Case) ([]byte, error) {
	steps, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("write the case of judgement %s: %w", i.ID(), err)
	}
	return append(append(append([]byte(nil), i.Body...), '\n'), steps...), nil
}
