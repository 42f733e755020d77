package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"heatledger/energy"
)

// Kinds of entries: the steps of a submission, and how an operator's own tables
// are to be read. They are facts, and no part of the registry.
const (
	KindSubmission = "submission"
	KindMapping    = "mapping"
)

// Submission is a file that somebody handed in, or had looked at (Number 0).
type Submission struct {
	ID       string
	Number   *int64 // of the receipt; nil: it was not handed in
	At       time.Time
	HandedAt *time.Time
	Source   string
	Sites    []energy.SiteID
	State    string
	Name     string // of the file
	Form     string
	Digest   []byte
	Key      []byte
	Request  json.RawMessage
	Report   []byte
	Receipt  json.RawMessage
}

// ErrTwice says that the same was handed in before, by the same source.
var ErrTwice = errors.New("it was handed in before")

const submissionColumns = "id, number, at, handed_at, source, sites, state, name, form, digest, key, request, report, receipt"

// KeepSubmission keeps what somebody wants looked at. It is no fact.
func (s *Store) KeepSubmission(ctx context.Context, sub Submission) error {
	err := s.pool.transaction(ctx, func(q session) error {
		_, err := q.Exec(ctx, `
			insert into submission (id, at, source, sites, state, name, form, digest, key, request, report)
			values (@id, @at, @source, @sites, @state, @name, @form, @digest, @key, @request, @report)
			on conflict (id) do update set at = excluded.at, sites = excluded.sites, state = excluded.state, key = excluded.key, request = excluded.request, report = excluded.report
			where submission.number is null`,
			pgx.NamedArgs{"id": sub.ID, "at": sub.At, "source": sub.Source, "sites": texts(sub.Sites), "state": sub.State, "name": sub.Name,
				"form": sub.Form, "digest": sub.Digest, "key": sub.Key, "request": sub.Request, "report": sub.Report})
		return err
	})
	return wrap(err, "keep submission %s", sub.ID)
}

// HandIn gives a submission its number, in the transaction of the facts that its
// readings become. receipt makes what it is answered with. It errs with
// [ErrTwice] where it was handed in before.
func (f *Fact) HandIn(ctx context.Context, sub Submission, receipt func(number int64) (json.RawMessage, error)) error {
	var number int64
	if err := f.q.QueryRow(ctx, "select nextval('submission_number')").Scan(&number); err != nil {
		return fmt.Errorf("number submission %s: %w", sub.ID, err)
	}
	body, err := receipt(number)
	if err != nil {
		return err
	}
	tag, err := f.q.Exec(ctx, `
		update submission set number = @number, handed_at = @at, state = @state, sites = @sites, key = @key, request = @request, report = @report, receipt = @receipt
		where id = @id and number is null`,
		pgx.NamedArgs{"id": sub.ID, "number": number, "at": f.RecordedAt, "state": sub.State, "sites": texts(sub.Sites),
			"key": sub.Key, "request": sub.Request, "report": sub.Report, "receipt": body})
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.ConstraintName == "submission_once" || err == nil && tag.RowsAffected() == 0 {
		return ErrTwice
	}
	return wrap(err, "hand in submission %s", sub.ID)
}

// Step moves a submission to a state, in the transaction of the fact that says so.
func (f *Fact) Step(ctx context.Context, id, state string) error {
	_, err := f.q.Exec(ctx, "update submission set state = @state where id = @id and number is not null", pgx.NamedArgs{"id": id, "state": state})
	return wrap(err, "move submission %s to %s", id, state)
}

// Submission is the submission of that id.
func (r Reader) Submission(ctx context.Context, id string) (sub Submission, ok bool, err error) {
	return r.submission(ctx, "where id = @id", pgx.NamedArgs{"id": id})
}

// SubmissionOf is what the same source handed in before with the same key.
func (r Reader) SubmissionOf(ctx context.Context, source string, key []byte) (sub Submission, ok bool, err error) {
	return r.submission(ctx, "where source = @source and key = @key and number is not null", pgx.NamedArgs{"source": source, "key": key})
}

func (r Reader) submission(ctx context.Context, where string, args pgx.NamedArgs) (sub Submission, ok bool, err error) {
	err = r.with(ctx, func(q session) error {
		found, err := list(ctx, q, pgx.RowToStructByPos[Submission], "select "+submissionColumns+" from submission "+where, args)
		if len(found) > 0 {
			sub, ok = found[0], true
		}
		return err
	})
	return sub, ok, wrap(err, "look up a submission")
}

// Submissions are those that were handed in for one of the sites (nil: for any),
// the latest first, without their reports; below is the number they lie below
// (0: any).
func (r Reader) Submissions(ctx context.Context, sites []energy.SiteID, state string, below int64, most int) (found []Submission, err error) {
	err = r.with(ctx, func(q session) error {
		found, err = list(ctx, q, pgx.RowToStructByPos[Submission], `
			select id, number, at, handed_at, source, sites, state, name, form, digest, key, request, ''::bytea, receipt
			from submission
			where number is not null and (@every or sites && @sites) and (@state = '' or state = @state) and (@below = 0 or number < @below)
			order by number desc limit @most`,
			pgx.NamedArgs{"every": sites == nil, "sites": texts(sites), "state": state, "below": below, "most": most})
		return err
	})
	return found, wrap(err, "list submissions")
}

// Unfinished are those that a source had looked at and did not hand in, and those
// of the sites that wait for a second person, the latest first, without their
// reports.
func (r Reader) Unfinished(ctx context.Context, source, waiting string, sites []energy.SiteID, most int) (found []Submission, err error) {
	err = r.with(ctx, func(q session) error {
		found, err = list(ctx, q, pgx.RowToStructByPos[Submission], `
			select id, number, at, handed_at, source, sites, state, name, form, digest, key, request, ''::bytea, receipt
			from submission
			where number is null and (source = @source or state = @waiting and sites && @sites)
			order by at desc, id limit @most`,
			pgx.NamedArgs{"source": source, "waiting": waiting, "sites": texts(sites), "most": most})
		return err
	})
	return found, wrap(err, "list unfinished submissions of %s", source)
}

// DropDraft removes what a source had looked at and did not hand in; ok is false
// where there is no such draft of it, or somebody was faster. The file goes with
// [Store.ForgetDrafts]: others may be about to hand in the same bytes.
func (s *Store) DropDraft(ctx context.Context, id, source string) (ok bool, err error) {
	err = s.pool.transaction(ctx, func(q session) error {
		tag, err := q.Exec(ctx, "delete from submission where id = @id and source = @source and number is null and state = 'draft'", pgx.NamedArgs{"id": id, "source": source})
		ok = tag.RowsAffected() > 0
		return err
	})
	return ok, wrap(err, "drop draft %s", id)
}

// ForgetDrafts removes what was looked at before an instant and never handed in,
// and the files that nothing else is about. It gives the number of submissions.
func (s *Store) ForgetDrafts(ctx context.Context, before time.Time) (n int64, err error) {
	err = s.pool.transaction(ctx, func(q session) error {
		tag, err := q.Exec(ctx, "delete from submission where number is null and state = 'draft' and at < @before", pgx.NamedArgs{"before": before})
		if err != nil {
			return err
		}
		n = tag.RowsAffected()
		_, err = q.Exec(ctx, `
			with gone as (delete from file f where at < @before and not kept and not exists (select from submission s where s.digest = f.digest) returning digest)
			delete from file_part p using gone where p.digest = gone.digest`, pgx.NamedArgs{"before": before})
		return err
	})
	return n, wrap(err, "forget drafts")
}
