package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// AccountID is the number of an account; numbers are never used again.
type AccountID int32

// Actor is how facts name whoever acts with the account.
func (id AccountID) Actor() string { return fmt.Sprintf("account:%d", id) }

// Account is somebody who signs in. What is personal in it is forgotten with
// [Fact.ForgetPerson]: Login, Name and Mail are empty then.
type Account struct {
	ID         AccountID
	Handle     []byte // random; names the account to passkeys
	CreatedAt  time.Time
	DisabledAt *time.Time // nil: in use
	Login      string     // lower case
	Name       string
	Mail       string
	Language   string // of letters and pages: "de" or "en"
}

var (
	// ErrLogin says that a login is taken.
	ErrLogin = errors.New("the name is taken")
	// ErrNoAccount says that there is no such account.
	ErrNoAccount = errors.New("there is no such account")
)

const accountColumns = `a.account_id, a.handle, a.created_at, a.disabled_at,
	coalesce(p.login, ''), coalesce(p.name, ''), coalesce(p.mail, ''), coalesce(p.language, '')
	from account a left join person p on p.account_id = a.account_id `

// accountState is what a fact says of an account: the person by a digest alone.
type accountState struct {
	Person   string `json:"person,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
	Has      string `json:"has,omitempty"`
}

// personDigest is by what a fact names a person: it can be checked with the salt
// in the row of the person, and says nothing once that row is gone.
func personDigest(salt []byte, a Account) string {
	sum := sha256.Sum256([]byte(hex.EncodeToString(salt) + "\n" + a.Login + "\n" + a.Name + "\n" + a.Mail))
	return hex.EncodeToString(sum[:])
}

// CreateAccount makes an account for a person; nobody can sign in with it yet. It
// errs with [ErrLogin] when the login is taken.
func (f *Fact) CreateAccount(ctx context.Context, a Account, who, why string) (AccountID, error) {
	a.Login = strings.ToLower(a.Login)
	handle, salt := make([]byte, 32), make([]byte, 32)
	_, _ = rand.Read(handle) // never errs (crypto/rand, Go 1.24)
	_, _ = rand.Read(salt)
	var id AccountID
	err := f.q.QueryRow(ctx, "insert into account (handle, created_at) values (@handle, @now) returning account_id",
		pgx.NamedArgs{"handle": handle, "now": f.RecordedAt}).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("make an account: %w", err)
	}
	_, err = f.q.Exec(ctx, `insert into person (account_id, login, name, mail, language, salt) values (@id, @login, @name, @mail, @language, @salt)`,
		pgx.NamedArgs{"id": id, "login": a.Login, "name": a.Name, "mail": a.Mail, "language": a.Language, "salt": salt})
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.ConstraintName == "person_login_key" {
		return 0, fmt.Errorf("make an account: %w", ErrLogin)
	}
	if err != nil {
		return 0, fmt.Errorf("make an account: %w", err)
	}
	return id, f.Change(ctx, Change{Kind: KindAccount, ID: id.key(), Who: who, Why: why, After: accountState{Person: personDigest(salt, a)}})
}

func (id AccountID) key() string { return fmt.Sprint(int32(id)) }

// DisableAccount ends all that an account could do: nobody signs in with it, its
// sessions and its own tokens end, its codes are void. Its grants stay, for when it is enabled again.
func (f *Fact) DisableAccount(ctx context.Context, id AccountID, disabled bool, who, why string) error {
	tag, err := f.q.Exec(ctx, `update account set disabled_at = case when @disabled then @now::timestamptz end
		where account_id = @id and (disabled_at is not null) <> @disabled`, pgx.NamedArgs{"id": id, "disabled": disabled, "now": f.RecordedAt})
	if err != nil {
		return fmt.Errorf("disable account %d: %w", id, err)
	}
	if tag.RowsAffected() == 0 {
		return ErrNothing
	}
	if disabled {
		if err := f.EndSessions(ctx, id); err != nil {
			return err
		}
		if err := f.endTokens(ctx, id); err != nil {
			return err
		}
		if _, err := f.q.Exec(ctx, "delete from access_code where account_id = @id", pgx.NamedArgs{"id": id}); err != nil {
			return fmt.Errorf("void the codes of account %d: %w", id, err)
		}
	}
	return f.Change(ctx, Change{Kind: KindAccount, ID: id.key(), Who: who, Why: why, Before: accountState{Disabled: !disabled}, After: accountState{Disabled: disabled}})
}

// ForgetPerson deletes what is known of the person behind an account, and all by
// which he could sign in. The account stays as a number.
func (f *Fact) ForgetPerson(ctx context.Context, id AccountID, who, why string) error {
	if err := f.DisableAccount(ctx, id, true, who, why); err != nil && !errors.Is(err, ErrNothing) {
		return err
	}
	for _, table := range []string{"credential", "recovery_code", "session", "access_code", "person"} {
		if _, err := f.q.Exec(ctx, "delete from "+table+" where account_id = @id", pgx.NamedArgs{"id": id}); err != nil {
			return fmt.Errorf("forget the person of account %d: %w", id, err)
		}
	}
	if _, err := f.q.Exec(ctx, "update token set name = 'token' where account_id = @id", pgx.NamedArgs{"id": id}); err != nil { // people write names there
		return fmt.Errorf("forget the names of the tokens of account %d: %w", id, err)
	}
	return f.Change(ctx, Change{Kind: KindAccount, ID: id.key(), Who: who, Why: why, Before: accountState{Has: "person"}, After: accountState{Disabled: true}})
}

// Account is the account of a number; it errs with [ErrNoAccount].
func (r Reader) Account(ctx context.Context, id AccountID) (Account, error) {
	return r.account(ctx, "where a.account_id = @id", pgx.NamedArgs{"id": id})
}

// AccountByLogin is the account of a login; it errs with [ErrNoAccount].
func (r Reader) AccountByLogin(ctx context.Context, login string) (Account, error) {
	return r.account(ctx, "where p.login = @login", pgx.NamedArgs{"login": strings.ToLower(login)})
}

// AccountByHandle is the account that a passkey names; it errs with [ErrNoAccount].
func (r Reader) AccountByHandle(ctx context.Context, handle []byte) (Account, error) {
	return r.account(ctx, "where a.handle = @handle", pgx.NamedArgs{"handle": handle})
}

// AccountByMail is the one account in use with that address; it errs with
// [ErrNoAccount] when there is none or more than one.
func (r Reader) AccountByMail(ctx context.Context, mail string) (Account, error) {
	return r.account(ctx, "where lower(p.mail) = @mail and p.mail <> '' and a.disabled_at is null", pgx.NamedArgs{"mail": strings.ToLower(mail)})
}

func (r Reader) account(ctx context.Context, where string, args pgx.NamedArgs) (Account, error) {
	found, err := r.accounts(ctx, where+" limit 2", args)
	if err != nil {
		return Account{}, err
	}
	if len(found) != 1 {
		return Account{}, ErrNoAccount
	}
	return found[0], nil
}

// Accounts are all accounts whose person is not forgotten, by login.
func (r Reader) Accounts(ctx context.Context) ([]Account, error) {
	return r.accounts(ctx, "where p.login is not null order by p.login", nil)
}

func (r Reader) accounts(ctx context.Context, rest string, args pgx.NamedArgs) (found []Account, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		found, err = list(ctx, q, pgx.RowToStructByPos[Account], "select "+accountColumns+rest, args)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up accounts: %w", err)
	}
	return found, nil
}

// CountAccounts is the number of accounts there are or ever were: once it is not
// 0, nobody reads without signing in.
func (r Reader) CountAccounts(ctx context.Context) (n int64, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		return q.QueryRow(ctx, "select count(*) from account").Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count accounts: %w", err)
	}
	return n, nil
}
