package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// The kinds of codes.
const (
	Invitation = "invitation" // to an account that nobody has signed in with yet
	Reset      = "reset"      // of all by which one signs in
)

// AccessCode is a code in a link or a printed letter: whoever has it sets the
// password of an account, once.
type AccessCode struct {
	Account   AccountID
	Kind      string
	CreatedBy string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// PutAccessCode keeps a code by its hash; codes that the account had are void.
func (f *Fact) PutAccessCode(ctx context.Context, hash []byte, c AccessCode, why string) error {
	if _, err := f.q.Exec(ctx, "delete from access_code where account_id = @id and used_at is null", pgx.NamedArgs{"id": c.Account}); err != nil {
		return fmt.Errorf("void the codes of account %d: %w", c.Account, err)
	}
	_, err := f.q.Exec(ctx, `insert into access_code (hash, account_id, kind, created_by, created_at, expires_at) values (@hash, @id, @kind, @by, @now, @expires)`,
		pgx.NamedArgs{"hash": hash, "id": c.Account, "kind": c.Kind, "by": c.CreatedBy, "now": f.RecordedAt, "expires": c.ExpiresAt})
	if err != nil {
		return fmt.Errorf("keep a code of account %d: %w", c.Account, err)
	}
	return f.Change(ctx, Change{Kind: KindAccount, ID: c.Account.key(), Who: c.CreatedBy, Why: why, After: accountState{Has: c.Kind}})
}

const accessCodeWhere = `from access_code c join account a on a.account_id = c.account_id
	where c.hash = @hash and c.used_at is null and c.expires_at > @now and a.disabled_at is null`

// AccessCode finds the code with that hash that is good at now.
func (r Reader) AccessCode(ctx context.Context, hash []byte, now time.Time) (c AccessCode, ok bool, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		return q.QueryRow(ctx, "select c.account_id, c.kind, c.created_by, c.created_at, c.expires_at "+accessCodeWhere,
			pgx.NamedArgs{"hash": hash, "now": now}).Scan(&c.Account, &c.Kind, &c.CreatedBy, &c.CreatedAt, &c.ExpiresAt)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return AccessCode{}, false, nil
	}
	return c, err == nil, wrap(err, "look up a code")
}

// UseAccessCode uses a code up, within the fact that makes use of it; ok is false
// when it is not good at now any more.
func (f *Fact) UseAccessCode(ctx context.Context, hash []byte, now time.Time) (c AccessCode, ok bool, err error) {
	err = f.q.QueryRow(ctx, `update access_code c set used_at = @now from account a
		where a.account_id = c.account_id and c.hash = @hash and c.used_at is null and c.expires_at > @now and a.disabled_at is null
		returning c.account_id, c.kind, c.created_by, c.created_at, c.expires_at`,
		pgx.NamedArgs{"hash": hash, "now": now}).Scan(&c.Account, &c.Kind, &c.CreatedBy, &c.CreatedAt, &c.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return AccessCode{}, false, nil
	}
	return c, err == nil, wrap(err, "use a code")
}
