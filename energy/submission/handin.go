package submission

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/store"
)

// HandIn makes the readings of a draft facts, unless a row is wrong or a
// question is open: then the report says what, and it stays a draft. Where the
// very same was handed in before, the first is given.
func (d *Desk) HandIn(ctx context.Context, who Caller, id string, explain []intake.Explanation, partial bool) (Submission, error) {
	sub, err := d.find(ctx, who, id)
	if err != nil {
		return sub, err
	}
	switch sub.State {
	case Draft:
	case WaitingApproval:
		return sub, ErrWaiting
	default:
		return sub, ErrNotDraft
	}
	if sub.Source != who.Actor {
		return sub, ErrNotAllowed
	}
	sub.Request.Explain = said(sub.Request.Explain, explain)
	sub.Request.Partial = sub.Request.Partial || partial
	if first, again, err := d.before(ctx, sub); err != nil || again {
		return first, err
	}
	file, size, err := d.spooled(ctx, sub)
	if err != nil {
		return sub, err
	}
	defer discard(file)
	return d.handOver(ctx, who, sub, file, size)
}

// Take hands a file in at once, as [Desk.Look] and [Desk.HandIn] do one after the
// other: where a row is wrong or a question is open, a draft is kept.
func (d *Desk) Take(ctx context.Context, who Caller, u Upload) (Submission, error) {
	if err := d.mapped(ctx, who, &u); err != nil {
		return Submission{}, err
	}
	sub := d.draft(who, u)
	if first, again, err := d.before(ctx, sub); err != nil || again {
		return first, err
	}
	if err := d.keepFile(ctx, u); err != nil {
		return sub, err
	}
	if err := d.keep(ctx, sub); err != nil {
		return sub, err
	}
	return d.handOver(ctx, who, sub, u.File, u.Size)
}

// before is what the same caller handed in before, if it was the very same.
func (d *Desk) before(ctx context.Context, sub Submission) (first Submission, again bool, err error) {
	_, key := sub.key()
	row, again, err := d.store.SubmissionOf(ctx, sub.Source, key[:])
	if err != nil || !again {
		return first, false, err
	}
	first, err = d.first(ctx, row, nil)
	return first, true, err
}

// handIn makes the readings of a file facts.
func (d *Desk) handIn(ctx context.Context, who Caller, sub Submission, file io.ReaderAt, size int64) (Submission, error) {
	var handed Submission
	receipt, rows, sites, err := d.submit(ctx, who, sub, file, size, false, func(ctx context.Context, facts map[energy.SiteID]*store.Fact, report Report) error {
		handed = sub
		handed.Report = report
		return d.record(ctx, who, &handed, facts, report.Receipt)
	})
	if errors.Is(err, store.ErrTwice) || errors.Is(err, intake.ErrKey) {
		if first, again, found := d.before(ctx, sub); found != nil || again {
			return first, found
		}
	}
	if err != nil {
		return sub, err
	}
	if handed.Number > 0 {
		return handed, nil
	}
	sub.Report, sub.Sites = sub.reportOf(receipt, rows), sites
	if receipt.Accepted+receipt.Withdrawn == 0 && !receipt.Refused() { // another of the same came first, just now
		if first, again, err := d.before(ctx, sub); err != nil || again {
			return first, err
		}
	}
	return sub, d.keep(ctx, sub)
}

// DraftsKept is how long what was only looked at is kept.
const DraftsKept = 14 * 24 * time.Hour

// keep keeps a draft as it is now, and forgets those that nobody handed in.
func (d *Desk) keep(ctx context.Context, sub Submission) error {
	row, err := sub.row()
	if err != nil {
		return err
	}
	if _, err := d.store.ForgetDrafts(ctx, d.now().Add(-DraftsKept)); err != nil {
		return err
	}
	return d.store.KeepSubmission(ctx, row)
}

// first gives what was handed in before.
func (d *Desk) first(ctx context.Context, row store.Submission, err error) (Submission, error) {
	if err != nil {
		return Submission{}, err
	}
	sub, err := fromRow(row)
	if err != nil {
		return sub, err
	}
	sub.Again = true
	sub.Steps, err = d.steps(ctx, sub)
	return sub, err
}

// record writes with the facts that they are a submission, and its receipt.
func (d *Desk) record(ctx context.Context, who Caller, sub *Submission, facts map[energy.SiteID]*store.Fact, receipt intake.Receipt) error {
	sub.State = Received
	if len(receipt.Questions) == 0 && !receipt.Refused() {
		sub.State = Checked // the rules found nothing to ask
	}
	sub.Sites = nil
	for site := range receipt.Facts {
		sub.Sites = append(sub.Sites, site)
	}
	slices.Sort(sub.Sites)
	first := facts[sub.Sites[0]]
	row, err := sub.row()
	if err != nil {
		return err
	}
	if err := first.HandIn(ctx, row, func(number int64) (json.RawMessage, error) {
		sub.Number, sub.HandedAt = number, first.RecordedAt
		short := receipt
		short.Questions, short.Months, short.Changes, short.Days, short.Rejected = nil, nil, nil, nil, []intake.Rejection{}
		sub.Receipt = &Receipt{Receipt: short, Number: number, ID: sub.ID, At: first.RecordedAt, Source: who.Name, Name: sub.Name,
			Rows: sub.Report.Rows, Asked: len(receipt.Questions), Replaced: sub.Request.Correction}
		return json.Marshal(sub.Receipt)
	}); err != nil {
		return err
	}
	step := Step{Kind: StepReceived, State: sub.State, At: first.RecordedAt, Actor: sub.Source, Number: sub.Number, Digest: receipt.Digest, Name: sub.Name,
		Correction: sub.Request.Correction, Explain: sub.Request.Explain, Mapping: sub.Request.Saved}
	sub.Steps = []Step{step}
	if err := writeStep(ctx, facts, sub.Sites, sub.ID, who, step); err != nil || sub.Request.Release == nil {
		return err
	}
	step = Step{Kind: StepApprove, State: sub.State, At: first.RecordedAt, Actor: who.Actor}
	sub.Steps = append(sub.Steps, step)
	return writeStep(ctx, facts, sub.Sites, sub.ID, who, step)
}

// spooled is the file of a submission, on disk: readers of tables seek.
func (d *Desk) spooled(ctx context.Context, sub Submission) (file *os.File, size int64, err error) {
	if file, err = os.CreateTemp("", "heatledger-submission-*"); err != nil {
		return nil, 0, fmt.Errorf("make room for the file of submission %s: %w", sub.ID, err)
	}
	if err = d.store.File(ctx, sub.Digest, file); err == nil {
		size, err = file.Seek(0, io.SeekCurrent)
	}
	if err != nil {
		discard(file)
		return nil, 0, fmt.Errorf("read the file of submission %s again: %w", sub.ID, err)
	}
	return file, size, nil
}

// discard removes a temporary file.
func discard(f *os.File) {
	_ = f.Close() // it was read only
	_ = os.Remove(f.Name())
}

// find is a submission that the caller may see.
func (d *Desk) find(ctx context.Context, who Caller, id string) (Submission, error) {
	row, ok, err := d.store.Submission(ctx, id)
	if err != nil {
		return Submission{}, err
	}
	if !ok || !sees(who, row) {
		return Submission{}, ErrUnknown
	}
	return fromRow(row)
}

// sees tells whether the caller may see a submission: his own, or one of which
// he may see every site.
func sees(who Caller, row store.Submission) bool {
	if row.Source == who.Actor {
		return true
	}
	return (row.Number != nil || row.State == string(WaitingApproval)) && len(row.Sites) > 0 && !slices.ContainsFunc(row.Sites, func(s energy.SiteID) bool { return !who.Sees(s) })
}

// Show gives a submission with its steps.
func (d *Desk) Show(ctx context.Context, who Caller, id string) (Submission, error) {
	sub, err := d.find(ctx, who, id)
	if err != nil || sub.Number == 0 {
		return sub, err
	}
	sub.Steps, err = d.steps(ctx, sub)
	return sub, err
}

// List gives what was handed in for the sites, the latest first.
func (d *Desk) List(ctx context.Context, sites []energy.SiteID, state State, below int64, most int) ([]Submission, error) {
	rows, err := d.store.Submissions(ctx, sites, string(state), below, most)
	if err != nil {
		return nil, err
	}
	list := make([]Submission, len(rows))
	for i, row := range rows {
		if list[i], err = fromRow(row); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// WriteFile writes the file of a submission, byte for byte.
func (d *Desk) WriteFile(ctx context.Context, who Caller, id string, w func(Submission) io.Writer) error {
	sub, err := d.find(ctx, who, id)
	if err != nil {
		return err
	}
	return d.store.File(ctx, sub.Digest, w(sub))
}
