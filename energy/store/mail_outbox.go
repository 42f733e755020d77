package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Letter is a mail that a process has taken to send it.
type Letter struct {
	ID          int64
	UID         string // left part of the Message-ID, the same at each attempt
	Kind        string
	QueuedAt    time.Time
	Attempts    int // this one included
	To          string
	Subject     string
	Body        string
	Unsubscribe string
}

// TakeMail takes the mail that is due longest, for as long as lease: no other
// process gets it until then, or until it is given back by one of [Store.MailSent],
// [Store.MailDelayed] and [Store.MailGivenUp]. ok is false where none is due.
func (s *Store) TakeMail(ctx context.Context, lease time.Duration) (l Letter, ok bool, err error) {
	now := s.now()
	err = s.pool.transaction(ctx, func(q session) error {
		return q.QueryRow(ctx, `
			with due as (
				select id from mail
				where sent_at is null and given_up_at is null and next_at <= @now and expires_at > @now
					and (claimed_until is null or claimed_until <= @now)
				order by next_at, id
				limit 1
				for update skip locked
			)
			update mail m set claimed_until = @until, attempts = m.attempts + 1
			from due, mail_letter l, mail_address a
			where m.id = due.id and l.mail_id = m.id and a.id = l.address_id
			returning m.id, m.uid, m.kind, m.queued_at, m.attempts, a.address, l.subject, l.body, l.unsubscribe`,
			pgx.NamedArgs{"now": now, "until": now.Add(lease)}).
			Scan(&l.ID, &l.UID, &l.Kind, &l.QueuedAt, &l.Attempts, &l.To, &l.Subject, &l.Body, &l.Unsubscribe)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Letter{}, false, nil
	}
	if err != nil {
		return Letter{}, false, fmt.Errorf("take a mail: %w", err)
	}
	return l, true, nil
}

// MailSent says that a server has taken a mail. What it said and whom it went to
// is forgotten.
func (s *Store) MailSent(ctx context.Context, id int64) error {
	return s.finishMail(ctx, id, "update mail set sent_at = @now, claimed_until = null, trouble = '' where id = @id", "")
}

// MailGivenUp says that a mail will not be sent, and why; as for [Store.MailSent]
// its content is forgotten.
func (s *Store) MailGivenUp(ctx context.Context, id int64, trouble string) error {
	return s.finishMail(ctx, id, "update mail set given_up_at = @now, claimed_until = null, trouble = @trouble where id = @id", trouble)
}

func (s *Store) finishMail(ctx context.Context, id int64, sql, trouble string) error {
	err := s.pool.transaction(ctx, func(q session) error {
		args := pgx.NamedArgs{"id": id, "now": s.now()}
		if trouble != "" {
			args["trouble"] = trouble
		}
		if _, err := q.Exec(ctx, sql, args); err != nil {
			return err
		}
		_, err := q.Exec(ctx, "delete from mail_letter where mail_id = @id", pgx.NamedArgs{"id": id})
		return err
	})
	if err != nil {
		return fmt.Errorf("close mail %d: %w", id, err)
	}
	return nil
}

// MailDelayed gives a mail back, to be tried again at next; trouble is why, and
// must not hold the address.
func (s *Store) MailDelayed(ctx context.Context, id int64, next time.Time, trouble string) error {
	err := s.pool.transaction(ctx, func(q session) error {
		_, err := q.Exec(ctx, "update mail set claimed_until = null, next_at = @next, trouble = @trouble where id = @id",
			pgx.NamedArgs{"id": id, "next": next, "trouble": trouble})
		return err
	})
	if err != nil {
		return fmt.Errorf("put mail %d back: %w", id, err)
	}
	return nil
}

// ExpireMail gives up what has become useless and forgets what was finished
// before old. It returns what was given up.
func (s *Store) ExpireMail(ctx context.Context, old time.Time) (given []MailEntry, err error) {
	now := s.now()
	err = s.pool.transaction(ctx, func(q session) error {
		given, err = list(ctx, q, pgx.RowToStructByPos[MailEntry], `
			update mail set given_up_at = @now, claimed_until = null
			where sent_at is null and given_up_at is null and expires_at <= @now and (claimed_until is null or claimed_until <= @now)
			returning id, kind, cause, queued_at, next_at, attempts, sent_at, given_up_at, trouble`, pgx.NamedArgs{"now": now})
		if err != nil {
			return err
		}
		_, err = q.Exec(ctx, "delete from mail_letter l using mail m where m.id = l.mail_id and m.given_up_at is not null")
		if err != nil {
			return err
		}
		_, err = q.Exec(ctx, "delete from mail where coalesce(sent_at, given_up_at) < @old", pgx.NamedArgs{"old": old})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("give up old mail: %w", err)
	}
	return given, nil
}

// ForgetAddresses deletes the addresses that no letter and no subscription needs.
func (s *Store) ForgetAddresses(ctx context.Context) error {
	err := s.pool.transaction(ctx, func(q session) error {
		_, err := q.Exec(ctx, `
			delete from mail_address where id in (
				select a.id from mail_address a
				where not exists (select from mail_letter l where l.address_id = a.id)
					and not exists (select from mail_subscription s where s.address_id = a.id)
				for update skip locked)`)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget addresses: %w", err)
	}
	return nil
}

// MailEntry is what remains known of a mail: not whom it went to, nor what it said.
type MailEntry struct {
	ID        int64
	Kind      string
	Cause     string
	QueuedAt  time.Time
	NextAt    time.Time
	Attempts  int
	SentAt    *time.Time
	GivenUpAt *time.Time
	Trouble   string // why the last attempt did not succeed
}

// ListMail lists the mails queued last, the latest first.
func (r Reader) ListMail(ctx context.Context, limit int) (entries []MailEntry, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		entries, err = list(ctx, q, pgx.RowToStructByPos[MailEntry], `
			select id, kind, cause, queued_at, next_at, attempts, sent_at, given_up_at, trouble
			from mail order by id desc limit @limit`, pgx.NamedArgs{"limit": limit})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list mail: %w", err)
	}
	return entries, nil
}

// MailCount is how many mails of a kind there are in each state.
type MailCount struct {
	Kind                   string
	Waiting, Sent, GivenUp int64
	OldestWaiting          *time.Time // when it was queued; nil: none waits
	TriedInVain            int64      // of those waiting
}

// CountMail counts mail by kind, in the order of the kinds.
func (r Reader) CountMail(ctx context.Context) (counts []MailCount, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		counts, err = list(ctx, q, pgx.RowToStructByPos[MailCount], `
			select kind, count(*) filter (where sent_at is null and given_up_at is null),
				count(*) filter (where sent_at is not null), count(*) filter (where given_up_at is not null),
				min(queued_at) filter (where sent_at is null and given_up_at is null),
				count(*) filter (where sent_at is null and given_up_at is null and attempts > 0 and claimed_until is null)
			from mail group by kind order by kind`, pgx.NamedArgs{})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count mail: %w", err)
	}
	return counts, nil
}
