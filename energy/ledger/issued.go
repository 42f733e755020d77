package ledger

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/kpi"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// ErrNotIssued says that no judgement of that name was issued.
var ErrNotIssued = errors.New("no such judgement was issued")

// Issued is a judgement that was issued: kept for ever and answered as it was,
// whatever becomes known later.
type Issued struct {
	store.Issued
	// Assessment is what the stored form says, with the prose shown then.
	Assessment commitment.Assessment
}

// ID names an issued judgement among those of its site: the fact by which it
// was issued and which one of that fact it is, "18.0".
func (i Issued) ID() string { return fmt.Sprintf("%d.%d", i.Seq, i.Part) }

// ParseIssuedID reads the name of an issued judgement.
func ParseIssuedID(id string) (seq int64, part int16, ok bool) {
	first, second, _ := strings.Cut(id, ".")
	seq, err := strconv.ParseInt(first, 10, 64)
	n, errPart := strconv.ParseInt(second, 10, 16)
	return seq, int16(n), err == nil && errPart == nil && seq > 0 && n >= 0 && id == fmt.Sprintf("%d.%d", seq, n)
}

// prose is what stands beside the canonical form.
type prose struct {
	Citation       string                  `json:"citation"`
	Interpretation commitment.Prose        `json:"interpretation"`
	Confirmed      commitment.Confirmation `json:"confirmed"`
}

// Methods names the versions of everything by which a verdict is computed.
func Methods() string {
	return fmt.Sprintf("judgement %d, figures %d, days %d", commitment.Method, kpi.Method, series.Method)
}

// Issuing is what is to be issued.
type Issuing struct {
	On       energy.Date // the day of the judgement
	Rulebook string      // only the commitments that name it; "": all
	Actor    string      // who issues
	Reason   string      // why
}

// Issue judges the commitments that bind a site by what is known now and keeps
// the judgements as they are, all in one fact, but for those that say no more
// than that a rule does not bind the site, and those that were issued for the
// same day with the same content. It gives what it issued; nothing where there
// is nothing new.
func (l *Ledger) Issue(ctx context.Context, site energy.SiteID, o Issuing) ([]Issued, error) {
	if _, err := l.Adopt(ctx, o.Actor); err != nil { // so that the rules of then can be told
		return nil, fmt.Errorf("issue judgements of %s: %w", site, err)
	}
	known, err := l.moment(ctx, site)
	if err != nil {
		return nil, fmt.Errorf("issue judgements of %s: %w", site, err)
	}
	list, rests, err := l.settled(ctx, site, o.On, known)
	if err != nil {
		return nil, fmt.Errorf("issue judgements of %s: %w", site, err)
	}
	before, err := l.Issued(ctx, site, time.Time{})
	if err != nil {
		return nil, err
	}
	var issued []Issued
	for _, a := range list {
		same := func(i Issued) bool { return i.Assessment.Digest == a.Digest && i.On == o.On }
		if a.Verdict == commitment.NotApplicable || o.Rulebook != "" && a.Rulebook != o.Rulebook || slices.ContainsFunc(before, same) {
			continue
		}
		beside, err := json.Marshal(prose{a.Citation, a.Interpretation, a.Confirmed})
		if err != nil {
			return nil, fmt.Errorf("issue a judgement of %s: %w", site, err)
		}
		issued = append(issued, Issued{Assessment: a, Issued: store.Issued{KnownAt: known, RestsOn: rests, On: o.On, Commitment: a.Commitment, Rule: a.Rule,
			Period: a.Period.Label, Method: Methods(), Actor: o.Actor, Reason: o.Reason, Prose: beside, Body: a.Canonical()}})
	}
	if len(issued) == 0 {
		return nil, nil //nolint:nilnil // nothing new is no error
	}
	_, err = l.store.Append(ctx, site, func(ctx context.Context, f *store.Fact) error {
		rows := make([]store.Issued, len(issued))
		for i := range issued {
			rows[i] = issued[i].Issued
		}
		err := f.Issue(ctx, rows)
		for i := range rows {
			issued[i].Issued = rows[i]
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("issue judgements of %s: %w", site, err)
	}
	return issued, nil
}

// moment is now, or the instant of the latest fact where the clock was set back.
func (l *Ledger) moment(ctx context.Context, site energy.SiteID) (time.Time, error) {
	now := l.store.Now().UTC().Truncate(time.Millisecond)
	for _, id := range []energy.SiteID{site, Municipality} {
		head, err := l.store.Head(ctx, id)
		if err != nil {
			return now, err
		}
		if head.RecordedAt.After(now) {
			now = head.RecordedAt
		}
	}
	return now, nil
}

// settled are the judgements by what was known at an instant that is hardly
// over, and the fact they rest on: as they are closed, if they are, and else
// from the facts.
func (l *Ledger) settled(ctx context.Context, site energy.SiteID, on energy.Date, known time.Time) ([]commitment.Assessment, int64, error) {
	rests, err := l.store.Upto(ctx, site, known)
	if err != nil {
		return nil, 0, err
	}
	if _, err := l.store.Upto(ctx, Municipality, known); err != nil { // nothing more is recorded before that instant
		return nil, 0, err
	}
	ctx = store.AsOwner(ctx) // counted anew each time
	before, err := l.store.CountEntries(ctx)
	if err != nil {
		return nil, 0, err
	}
	list, closed, err := l.Assess(ctx, site, on, "")
	if err != nil {
		return nil, 0, err
	}
	after, err := l.store.CountEntries(ctx)
	if err != nil {
		return nil, 0, err
	}
	if closed == rests && after == before {
		return list, rests, nil
	}
	return l.AssessAt(ctx, site, on, "", known)
}

// Issued are the judgements of a site that were issued up to an instant (zero:
// now), by commitment, rule, period and time.
func (l *Ledger) Issued(ctx context.Context, site energy.SiteID, at time.Time) ([]Issued, error) {
	upto := newest
	if !at.IsZero() {
		var err error
		if upto, err = l.store.Upto(ctx, site, at); err != nil {
			return nil, err
		}
	}
	rows, err := l.store.Issued(ctx, site, upto)
	if err != nil {
		return nil, err
	}
	list := make([]Issued, len(rows))
	for i, row := range rows {
		if list[i], err = read(row); err != nil {
			return nil, fmt.Errorf("read judgement %d.%d issued of %s: %w", row.Seq, row.Part, site, err)
		}
	}
	return list, nil
}

// IssuedAs is the judgement of a site that was issued under an id.
func (l *Ledger) IssuedAs(ctx context.Context, site energy.SiteID, id string) (Issued, error) {
	seq, part, ok := ParseIssuedID(id)
	if !ok {
		return Issued{}, fmt.Errorf("find judgement %q of %s: %w", id, site, ErrNotIssued)
	}
	row, ok, err := l.store.IssuedAt(ctx, site, seq, part)
	if err != nil {
		return Issued{}, err
	}
	if !ok {
		return Issued{}, fmt.Errorf("find judgement %s of %s: %w", id, site, ErrNotIssued)
	}
	return read(row)
}

// read reads what a stored form says.
func read(row store.Issued) (i Issued, err error) {
	i.Issued = row
	if i.Assessment, err = commitment.Read(row.Body); err != nil {
		return i, err
	}
	var beside prose
	if err := json.Unmarshal(row.Prose, &beside); err != nil {
		return i, fmt.Errorf("read the prose beside a judgement: %w", err)
	}
	i.Assessment.Citation, i.Assessment.Interpretation, i.Assessment.Confirmed = beside.Citation, beside.Interpretation, beside.Confirmed
	return i, nil
}

// AsIssued puts what was issued up to an instant in the place of what is
// computed now for the same rule, period and day.
func (l *Ledger) AsIssued(ctx context.Context, site energy.SiteID, list []commitment.Assessment, at time.Time) ([]commitment.Assessment, error) {
	issued, err := l.Issued(ctx, site, at)
	if err != nil || len(issued) == 0 {
		return list, err
	}
	list = slices.Clone(list)
	for i, a := range list {
		for _, one := range issued { // the last of several
			if key(one.Assessment) == key(a) && one.On == a.On {
				list[i] = one.Assessment
			}
		}
	}
	return list, nil
}

// judged is what a judgement is about.
type judged struct{ commitment, rule, period string }

func key(a commitment.Assessment) judged { return judged{a.Commitment, a.Rule, a.Period.Label} }

// Latest are of several issued judgements the last one of each rule and period.
func Latest(list []Issued) []Issued {
	latest := map[judged]Issued{}
	for _, i := range list {
		if before, ok := latest[key(i.Assessment)]; !ok || cmp.Or(cmp.Compare(before.Seq, i.Seq), cmp.Compare(before.Part, i.Part)) < 0 {
			latest[key(i.Assessment)] = i
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(i Issued) bool { return latest[key(i.Assessment)].ID() != i.ID() })
}
