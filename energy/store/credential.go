package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The kinds of credentials.
const (
	Password = "password"
	TOTP     = "totp"
	Passkey  = "passkey"
	OIDC     = "oidc"
)

// Credential is one way to prove who one is.
type Credential struct {
	ID        int32
	Account   AccountID
	Kind      string
	Key       []byte // of a passkey its id, of oidc the digest of issuer and subject; nil of the others
	Name      string // by which its owner knows it; "": there is one of its kind
	Secret    string // what it is checked against; never anything that signs in by itself
	Step      int64  // of totp: the last time step used
	CreatedAt time.Time
	UsedAt    *time.Time
}

// ErrCredential says that a credential is in use already: a passkey or an outside
// account belongs to one account.
var ErrCredential = errors.New("it belongs to an account already")

// PutCredential gives an account a way to sign in. A password or totp takes the
// place of the one before. Whoever changes a password ends all sessions.
func (f *Fact) PutCredential(ctx context.Context, c Credential, who, why string) error {
	if c.Kind == Password || c.Kind == TOTP {
		if _, err := f.q.Exec(ctx, "delete from credential where account_id = @account and kind = @kind", pgx.NamedArgs{"account": c.Account, "kind": c.Kind}); err != nil {
			return fmt.Errorf("replace the %s of account %d: %w", c.Kind, c.Account, err)
		}
	}
	_, err := f.q.Exec(ctx, `insert into credential (account_id, kind, key, name, secret, step, created_at)
		select a.account_id, @kind, coalesce(@key, a.handle), @name, @secret, @step, @now from account a where a.account_id = @account`,
		pgx.NamedArgs{"account": c.Account, "kind": c.Kind, "key": c.Key, "name": c.Name, "secret": c.Secret, "step": c.Step, "now": f.RecordedAt})
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.ConstraintName == "credential_key" {
		return ErrCredential
	}
	if err != nil {
		return fmt.Errorf("keep a %s of account %d: %w", c.Kind, c.Account, err)
	}
	return f.Change(ctx, Change{Kind: KindAccount, ID: c.Account.key(), Who: who, Why: why, After: accountState{Has: c.Kind}})
}

// DropCredential takes a way to sign in from its account.
func (f *Fact) DropCredential(ctx context.Context, account AccountID, id int32, who, why string) error {
	var kind string
	err := f.q.QueryRow(ctx, "delete from credential where credential_id = @id and account_id = @account returning kind",
		pgx.NamedArgs{"id": id, "account": account}).Scan(&kind)
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNothing
	}
	if err != nil {
		return fmt.Errorf("drop a credential of account %d: %w", account, err)
	}
	if kind == TOTP {
		if _, err := f.q.Exec(ctx, "delete from recovery_code where account_id = @id", pgx.NamedArgs{"id": account}); err != nil {
			return fmt.Errorf("drop the recovery codes of account %d: %w", account, err)
		}
	}
	return f.Change(ctx, Change{Kind: KindAccount, ID: account.key(), Who: who, Why: why, Before: accountState{Has: kind}, After: accountState{}})
}

const credentialColumns = "credential_id, account_id, kind, key, name, secret, step, created_at, used_at from credential "

// Credentials are those of an account, the oldest first.
func (r Reader) Credentials(ctx context.Context, account AccountID) (found []Credential, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		found, err = list(ctx, q, pgx.RowToStructByPos[Credential], "select "+credentialColumns+"where account_id = @id order by credential_id", pgx.NamedArgs{"id": account})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up the credentials of account %d: %w", account, err)
	}
	return found, nil
}

// CredentialByKey finds a passkey or an outside account.
func (r Reader) CredentialByKey(ctx context.Context, kind string, key []byte) (c Credential, ok bool, err error) {
	var found []Credential
	err = r.with(AsOwner(ctx), func(q session) error {
		found, err = list(ctx, q, pgx.RowToStructByPos[Credential], "select "+credentialColumns+"where kind = @kind and key = @key", pgx.NamedArgs{"kind": kind, "key": key})
		return err
	})
	if err != nil {
		return Credential{}, false, fmt.Errorf("look up a credential: %w", err)
	}
	if len(found) == 0 {
		return Credential{}, false, nil
	}
	return found[0], true, nil
}

// UseCredential notes a use. secret takes the place of the one kept (the counter
// of a passkey, a password hashed anew) unless it is "".
func (s *Store) UseCredential(ctx context.Context, id int32, secret string) error {
	err := s.pool.transaction(ctx, func(q session) error {
		_, err := q.Exec(ctx, "update credential set used_at = @now, secret = coalesce(nullif(@secret, ''), secret) where credential_id = @id",
			pgx.NamedArgs{"id": id, "now": s.now(), "secret": secret})
		return err
	})
	return wrap(err, "note the use of credential %d", id)
}

// UseStep notes that the code of a time step was used; ok is false when that one
// or a later one was used before: then the code is worth nothing.
func (s *Store) UseStep(ctx context.Context, id int32, step int64) (ok bool, err error) {
	err = s.pool.transaction(ctx, func(q session) error {
		tag, err := q.Exec(ctx, "update credential set step = @step, used_at = @now where credential_id = @id and step < @step",
			pgx.NamedArgs{"id": id, "step": step, "now": s.now()})
		ok = tag.RowsAffected() == 1
		return err
	})
	return ok, wrap(err, "note the use of credential %d", id)
}

// PutRecoveryCodes gives an account new codes, by their hashes, in place of all
// it had.
func (f *Fact) PutRecoveryCodes(ctx context.Context, account AccountID, hashes [][]byte, who string) error {
	if _, err := f.q.Exec(ctx, "delete from recovery_code where account_id = @id", pgx.NamedArgs{"id": account}); err != nil {
		return fmt.Errorf("replace the recovery codes of account %d: %w", account, err)
	}
	_, err := f.q.Exec(ctx, "insert into recovery_code (account_id, hash) select @id, unnest(@hashes::bytea[])", pgx.NamedArgs{"id": account, "hashes": hashes})
	if err != nil {
		return fmt.Errorf("keep the recovery codes of account %d: %w", account, err)
	}
	return f.Change(ctx, Change{Kind: KindAccount, ID: account.key(), Who: who, After: accountState{Has: "recovery codes"}})
}

// UseRecoveryCode uses a code up; ok is false when the account has no such code
// left.
func (s *Store) UseRecoveryCode(ctx context.Context, account AccountID, hash []byte) (ok bool, err error) {
	err = s.pool.transaction(ctx, func(q session) error {
		tag, err := q.Exec(ctx, "update recovery_code set used_at = @now where account_id = @id and hash = @hash and used_at is null",
			pgx.NamedArgs{"id": account, "hash": hash, "now": s.now()})
		ok = tag.RowsAffected() == 1
		return err
	})
	return ok, wrap(err, "use a recovery code of account %d", account)
}

// RecoveryCodes is how many codes an account has left.
func (r Reader) RecoveryCodes(ctx context.Context, account AccountID) (n int, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		return q.QueryRow(ctx, "select count(*) from recovery_code where account_id = @id and used_at is null", pgx.NamedArgs{"id": account}).Scan(&n)
	})
	return n, wrap(err, "count the recovery codes of account %d", account)
}
