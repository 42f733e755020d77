package submission

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/store"
)

// Release is how a second person of the operator comes to hand in what a first one
// prepared.
type Release struct {
	By         string    `json:"by"`     // who prepared it, as an actor
	Person     string    `json:"person"` // who answers for that; see [Caller]
	At         time.Time `json:"at"`
	Returned   string    `json:"returned,omitempty"` // why it was given back; "": it was not
	ReturnedBy string    `json:"returned_by,omitempty"`
}

// person is who answers for what the caller does.
func (c Caller) person() string {
	if c.Person != "" {
		return c.Person
	}
	return c.Actor
}

// handOver makes the readings of a file facts, or lets them wait for the second
// person where the operator of one of the sites wants two. The office hands in by
// itself.
func (d *Desk) handOver(ctx context.Context, who Caller, sub Submission, file io.ReaderAt, size int64) (Submission, error) {
	sub.Request.Release = nil
	if operators, err := d.store.FourEyed(ctx); err != nil {
		return sub, err
	} else if len(operators) == 0 {
		return d.handIn(ctx, who, sub, file, size)
	}
	receipt, rows, sites, err := d.submit(ctx, who, sub, file, size, true, nil)
	if err != nil {
		return sub, err
	}
	second, err := d.NeedsSecond(ctx, who, sites)
	if err != nil {
		return sub, err
	}
	if !second {
		return d.handIn(ctx, who, sub, file, size)
	}
	sub.Report, sub.Sites = sub.reportOf(receipt, rows), sites
	refused := receipt.Refused() && !sub.Request.Partial
	if !refused && len(receipt.Open()) == 0 && receipt.Accepted+receipt.Withdrawn > 0 {
		sub.State = WaitingApproval
		sub.Request.Release = &Release{By: who.Actor, Person: who.person(), At: d.now().UTC()}
	}
	return sub, d.keep(ctx, sub)
}

// NeedsSecond tells whether the operator of one of the sites wants two people for
// what the caller does there. The office does by itself what it may.
func (d *Desk) NeedsSecond(ctx context.Context, who Caller, sites []energy.SiteID) (bool, error) {
	ctx = store.AsOwner(ctx) // the rule holds for those too who see a point of the site only
	operators, err := d.store.FourEyed(ctx)
	if err != nil || len(operators) == 0 {
		return false, err
	}
	r, err := d.ledger.Registry(ctx)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(sites, func(id energy.SiteID) bool {
		site, _ := r.Site(id)
		return slices.Contains(operators, site.Operator) && !who.Reviews(id)
	}), nil
}

// Approve hands in what another person of the operator prepared. Its readings are
// checked once more, against what is known by now.
func (d *Desk) Approve(ctx context.Context, who Caller, id string) (Submission, error) {
	sub, err := d.waiting(ctx, who, id)
	if err != nil {
		return sub, err
	}
	if !access.Apart(sub.Request.Release.Person, who.person()) || !access.Apart(sub.Request.Release.By, who.Actor) {
		return sub, ErrSamePerson
	}
	if first, again, err := d.before(ctx, sub); err != nil || again {
		return first, err
	}
	file, size, err := d.spooled(ctx, sub)
	if err != nil {
		return sub, err
	}
	defer discard(file)
	// Where it is refused now, it goes back to who prepared it.
	who.Name, sub.State = sub.Source, Draft
	return d.handIn(ctx, who, sub, file, size)
}

// GiveBack returns what waits to who prepared it, with a reason.
func (d *Desk) GiveBack(ctx context.Context, who Caller, id, reason string) (Submission, error) {
	sub, err := d.waiting(ctx, who, id)
	if err != nil {
		return sub, err
	}
	if reason = strings.TrimSpace(reason); !isText(reason) || reason == "" {
		return sub, noText()
	}
	sub.State, sub.At = Draft, d.now().UTC().Truncate(time.Millisecond)
	sub.Request.Release.Returned, sub.Request.Release.ReturnedBy = reason, who.Actor
	return sub, d.keep(ctx, sub)
}

// waiting is a submission that the caller may release.
func (d *Desk) waiting(ctx context.Context, who Caller, id string) (Submission, error) {
	sub, err := d.find(ctx, who, id)
	switch {
	case err != nil:
		return sub, err
	case sub.State != WaitingApproval || sub.Request.Release == nil:
		return sub, ErrNotWaiting
	case who.Approves == nil || slices.ContainsFunc(sub.Sites, func(s energy.SiteID) bool { return !who.Approves(s) }):
		return sub, ErrNotAllowed
	}
	return sub, nil
}

// Unfinished are the caller's own drafts, and what waits for approval at the sites.
func (d *Desk) Unfinished(ctx context.Context, who Caller, sites []energy.SiteID, most int) ([]Submission, error) {
	rows, err := d.store.Unfinished(ctx, who.Actor, string(WaitingApproval), sites, most)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(row store.Submission) bool { return !sees(who, row) })
	list := make([]Submission, len(rows))
	for i, row := range rows {
		if list[i], err = fromRow(row); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Begin keeps a file and looks at it, as [Desk.Look] does. Where it is open what
// its columns are, the draft is kept all the same, beside *MappingNeededError:
// [Desk.Resume] goes on with it.
func (d *Desk) Begin(ctx context.Context, who Caller, u Upload) (Submission, error) {
	sub := d.draft(who, u)
	if err := d.keepFile(ctx, u); err != nil {
		return sub, err
	}
	if err := d.mapped(ctx, who, &u); err != nil {
		if keepErr := d.keep(ctx, sub); keepErr != nil {
			return sub, keepErr
		}
		return sub, err
	}
	sub.Request = u.Request
	return d.again(ctx, who, sub, u.File, u.Size)
}

// Resume looks at a draft once more, meant as the request says.
func (d *Desk) Resume(ctx context.Context, who Caller, id string, r Request) (Submission, error) {
	sub, file, size, err := d.own(ctx, who, id)
	if err != nil {
		return sub, err
	}
	defer discard(file)
	r.Release = sub.Request.Release
	u := Upload{Name: sub.Name, File: file, Size: size, Digest: sub.Digest, Request: r}
	if err := d.mapped(ctx, who, &u); err != nil {
		return sub, err
	}
	sub.Request = u.Request
	return d.again(ctx, who, sub, file, size)
}

func (d *Desk) again(ctx context.Context, who Caller, sub Submission, file io.ReaderAt, size int64) (Submission, error) {
	receipt, rows, sites, err := d.submit(ctx, who, sub, file, size, true, nil)
	if err != nil {
		return sub, err
	}
	sub.Report, sub.Sites = sub.reportOf(receipt, rows), sites
	return sub, d.keep(ctx, sub)
}

// Propose says how the table of a draft could be read, of a workbook that of the
// sheet ("": the first).
func (d *Desk) Propose(ctx context.Context, who Caller, id, sheetName string) (Submission, MappingNeededError, error) {
	sub, file, size, err := d.own(ctx, who, id)
	if err != nil {
		return sub, MappingNeededError{}, err
	}
	defer discard(file)
	proposal, err := d.propose(ctx, who, file, size, sheetName)
	return sub, proposal, err
}

// Looked tells whether the rules have seen the rows of the submission.
func (s Submission) Looked() bool { return s.Report.ByCode != nil }

// said are explanations with those that were given before; the later word counts.
func said(before, now []intake.Explanation) []intake.Explanation {
	all := slices.Clone(now)
	for _, e := range before {
		same := func(o intake.Explanation) bool { return o.Code == e.Code && o.Row == e.Row && o.ToRow == e.ToRow }
		if !slices.ContainsFunc(now, same) {
			all = append(all, e)
		}
	}
	return all
}

// Discard throws a draft of the caller away, and gives it as it was. A draft is no
// fact, and neither is its end. It errs with ErrNotDraft where it was handed in,
// with ErrWaiting where a second person is asked for it.
func (d *Desk) Discard(ctx context.Context, who Caller, id string) (Submission, error) {
	sub, err := d.ownDraft(ctx, who, id)
	if err != nil {
		return sub, err
	}
	gone, err := d.store.DropDraft(ctx, id, who.Actor)
	if err == nil && !gone { // it was handed in, or thrown away, just now
		err = ErrNotDraft
	}
	return sub, err
}

// own is a draft of the caller with its file, which the caller discards.
func (d *Desk) own(ctx context.Context, who Caller, id string) (Submission, *os.File, int64, error) {
	sub, err := d.ownDraft(ctx, who, id)
	if err != nil {
		return sub, nil, 0, err
	}
	file, size, err := d.spooled(ctx, sub)
	return sub, file, size, err
}

// ownDraft is a draft of the caller.
func (d *Desk) ownDraft(ctx context.Context, who Caller, id string) (Submission, error) {
	sub, err := d.find(ctx, who, id)
	switch {
	case err != nil:
	case sub.State == WaitingApproval:
		err = ErrWaiting
	case sub.State != Draft:
		err = ErrNotDraft
	case sub.Source != who.Actor:
		err = ErrNotAllowed
	}
	return sub, err
}
