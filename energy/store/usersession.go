package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/access"
)

// The stages of a session.
const (
	Half  = "half"  // the password was right, the second factor is still asked for
	Whole = "whole" // signed in
)

// UserSession is a browser in which somebody is signed in.
type UserSession struct {
	ID        int32
	Account   AccountID
	Stage     string
	Way       string // how it was signed in
	Address   string // from which network
	Agent     string // which browser, in short
	CreatedAt time.Time
	ProvedAt  time.Time // when the person last proved who it is
	SeenAt    time.Time // to the minute
	ExpiresAt time.Time
}

const sessionColumns = "session_id, s.account_id, stage, way, address, agent, s.created_at, proved_at, seen_at, expires_at "

// StartSession keeps a session by the hash of what is in the cookie. The one with
// hash before, if any, ends with it: what a browser held before it signed in is
// worth nothing afterwards. It begins at CreatedAt; the zero one is now.
func (s *Store) StartSession(ctx context.Context, hash, before []byte, u UserSession) error {
	err := s.pool.transaction(ctx, func(q session) error {
		now := u.CreatedAt
		if now.IsZero() {
			now = s.now()
		}
		if _, err := q.Exec(ctx, "update session set ended_at = @now where hash = @before and ended_at is null", pgx.NamedArgs{"before": before, "now": now}); err != nil {
			return err
		}
		_, err := q.Exec(ctx, `insert into session (hash, account_id, stage, way, address, agent, created_at, proved_at, seen_at, expires_at)
			values (@hash, @account, @stage, @way, @address, @agent, @now, @now, @now, @expires)`,
			pgx.NamedArgs{"hash": hash, "account": u.Account, "stage": u.Stage, "way": u.Way, "address": u.Address, "agent": u.Agent, "now": now, "expires": u.ExpiresAt})
		return err
	})
	return wrap(err, "start a session of account %d", u.Account)
}

// Seen is who is behind a session.
type Seen struct {
	UserSession
	Person Account
	Grants []access.Grant // those not revoked; whether they hold now says [access.May]
}

// Session finds the session with that hash, unless it has ended, has expired, was
// idle for longer than idle at now, or its account is disabled; it notes its use.
func (s *Store) Session(ctx context.Context, hash []byte, now time.Time, idle time.Duration) (seen Seen, ok bool, err error) {
	err = s.pool.session(ctx, func(c *conn) error {
		q := session{c.Conn, c}
		u := &seen.UserSession
		err := q.QueryRow(ctx, "select "+sessionColumns+`from session s join account a on a.account_id = s.account_id
			where s.hash = @hash and s.ended_at is null and s.expires_at > @now and s.seen_at > @idle and a.disabled_at is null`,
			pgx.NamedArgs{"hash": hash, "now": now, "idle": now.Add(-idle)}).
			Scan(&u.ID, &u.Account, &u.Stage, &u.Way, &u.Address, &u.Agent, &u.CreatedAt, &u.ProvedAt, &u.SeenAt, &u.ExpiresAt)
		if err != nil {
			return err
		}
		if seen.Person, err = q.reader().Account(ctx, u.Account); err != nil {
			return err
		}
		held, err := q.reader().Grants(ctx, u.Account)
		if err != nil {
			return err
		}
		for _, g := range held {
			seen.Grants = append(seen.Grants, g.Grant)
		}
		if now.Sub(u.SeenAt) < time.Minute {
			return nil
		}
		_, err = q.Exec(ctx, "update session set seen_at = @now where session_id = @id", pgx.NamedArgs{"id": u.ID, "now": now})
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Seen{}, false, nil
	}
	return seen, err == nil, wrap(err, "look up a session")
}

// Sessions are those of an account that are not over at now, the latest used first.
func (r Reader) Sessions(ctx context.Context, account AccountID, now time.Time, idle time.Duration) (found []UserSession, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		found, err = list(ctx, q, pgx.RowToStructByPos[UserSession], "select "+sessionColumns+`from session s
			where account_id = @id and stage = 'whole' and ended_at is null and expires_at > @now and seen_at > @idle order by seen_at desc, session_id desc`,
			pgx.NamedArgs{"id": account, "now": now, "idle": now.Add(-idle)})
		return err
	})
	return found, wrap(err, "list the sessions of account %d", account)
}

// Device is from where somebody signed in: which browser, from which network.
type Device struct{ Agent, Address string }

// Devices are those of the whole sessions that are remembered of an account, also of
// those that are over.
func (r Reader) Devices(ctx context.Context, account AccountID) (found []Device, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		found, err = list(ctx, q, pgx.RowToStructByPos[Device], `select distinct agent, address from session
			where account_id = @id and stage = 'whole' order by agent, address`, pgx.NamedArgs{"id": account})
		return err
	})
	return found, wrap(err, "list the devices of account %d", account)
}

// EndSession ends a session of an account; id 0 all of them but the one kept.
func (s *Store) EndSession(ctx context.Context, account AccountID, id, kept int32) error {
	err := s.pool.transaction(ctx, func(q session) error {
		_, err := q.Exec(ctx, `update session set ended_at = @now where account_id = @account and ended_at is null
			and (session_id = @id or @id = 0 and session_id <> @kept)`, pgx.NamedArgs{"account": account, "id": id, "kept": kept, "now": s.now()})
		return err
	})
	return wrap(err, "end a session of account %d", account)
}

// ProveSession notes that the person behind a session has just proved again who
// it is.
func (s *Store) ProveSession(ctx context.Context, id int32, now time.Time) error {
	err := s.pool.transaction(ctx, func(q session) error {
		_, err := q.Exec(ctx, "update session set proved_at = @now where session_id = @id", pgx.NamedArgs{"id": id, "now": now})
		return err
	})
	return wrap(err, "note a proof in session %d", id)
}

// ForgetSessions deletes sessions and codes that were over before an instant, and
// says how many: they hold networks and browsers of people.
func (s *Store) ForgetSessions(ctx context.Context, before time.Time) (n int64, err error) {
	err = s.pool.transaction(ctx, func(q session) error {
		tag, err := q.Exec(ctx, "delete from session where coalesce(ended_at, least(expires_at, seen_at + interval '1 day')) < @before", pgx.NamedArgs{"before": before})
		if err != nil {
			return err
		}
		n = tag.RowsAffected()
		tag, err = q.Exec(ctx, "delete from access_code where coalesce(used_at, expires_at) < @before", pgx.NamedArgs{"before": before})
		n += tag.RowsAffected()
		return err
	})
	return n, wrap(err, "forget sessions")
}

// EndSessions ends all sessions of an account, within the fact that is the reason.
func (f *Fact) EndSessions(ctx context.Context, account AccountID) error {
	_, err := f.q.Exec(ctx, "update session set ended_at = @now where account_id = @id and ended_at is null", pgx.NamedArgs{"id": account, "now": f.RecordedAt})
	return wrap(err, "end the sessions of account %d", account)
}
