package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"heatledger/energy"
	"heatledger/energy/access"
)

// Token is a program's identity.
type Token struct {
	ID      int32
	Name    string
	Role    access.Role
	Sites   []energy.SiteID     // with no Points either: everywhere
	Points  []energy.PointID    // single points, of whatever sites
	Only    []access.Permission // narrows the role; empty: all of it
	Expires time.Time           // zero: never
	// Owner is whose own token it is: it holds what Held, his grants, leave of it, and
	// ends with his account. 0: a program's, bound by itself alone.
	Owner AccountID
	Held  []access.Grant // of Owner, those not revoked; [Store.Token] fills it in

	CreatedBy string // who made it, as facts name him
	CreatedAt time.Time
	UsedAt    *time.Time // to the minute; nil: never
	RevokedAt *time.Time // nil: it is good, unless it has expired
}

// Grant is what the token allows.
func (t Token) Grant() access.Grant {
	return access.Grant{Role: t.Role, Only: t.Only, Sites: t.Sites, Points: t.Points, Everywhere: len(t.Sites)+len(t.Points) == 0, To: t.Expires, By: t.CreatedBy}
}

// Grants are what the token allows now: of one's own, no more than what one holds.
func (t Token) Grants() []access.Grant {
	if t.Owner == 0 {
		return []access.Grant{t.Grant()}
	}
	return access.Within(t.Held, t.Grant())
}

// HashToken is what the database knows of a token. Tokens carry 256 random
// bits, so a plain hash gives nothing away.
func HashToken(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// HashCertificate is what the database knows of a client's certificate, in its DER
// form, that is admitted in place of a token. No token is written like this.
func HashCertificate(der []byte) []byte {
	sum := sha256.Sum256(append([]byte("certificate\n"), der...))
	return sum[:]
}

// CreateToken makes a token and returns its text, which is kept nowhere.
func (s *Store) CreateToken(ctx context.Context, t Token) (string, error) {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never errs (crypto/rand, Go 1.24)
	text := "hl_" + base64.RawURLEncoding.EncodeToString(secret[:])
	if err := s.keepToken(ctx, t, HashToken(text)); err != nil {
		return "", err
	}
	return text, nil
}

// ErrAdmitted says that a certificate has been admitted already.
var ErrAdmitted = errors.New("the certificate is admitted already")

// AdmitCertificate lets whoever shows the certificate, and has its key, do what a
// token t may.
func (s *Store) AdmitCertificate(ctx context.Context, t Token, der []byte) error {
	err := s.keepToken(ctx, t, HashCertificate(der))
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.ConstraintName == "token_hash_key" {
		return ErrAdmitted
	}
	return err
}

// ErrManyTokens says that somebody has [OwnTokens] of his own that are still good.
var ErrManyTokens = errors.New("there are enough tokens of one's own")

// OwnTokens is how many good tokens of his own somebody has at most.
const OwnTokens = 20

// keepToken keeps a token under its hash, as a fact. It errs with [ErrManyTokens].
func (s *Store) keepToken(ctx context.Context, t Token, hash []byte) error {
	if err := t.Grant().Check(); err != nil {
		return fmt.Errorf("keep token %s: %w", t.Name, err)
	}
	if err := s.EnsureSite(ctx, Municipality); err != nil {
		return err
	}
	_, err := s.Append(ctx, Municipality, func(ctx context.Context, f *Fact) error {
		var id, owned int32
		err := f.q.QueryRow(ctx, "select count(*) from token where account_id = @owner and revoked_at is null and expires_at > @now",
			pgx.NamedArgs{"owner": t.Owner, "now": f.RecordedAt}).Scan(&owned)
		if err != nil || owned >= OwnTokens {
			return cmp.Or(err, ErrManyTokens)
		}
		err = f.q.QueryRow(ctx, `
			insert into token (hash, name, role, sites, points, permissions, everywhere, account_id, created_by, created_at, expires_at)
			values (@hash, @name, @role, @sites, @points, @only, @everywhere, nullif(@owner, 0), @by, @now, @expires) returning token_id`,
			pgx.NamedArgs{"hash": hash, "name": t.Name, "role": t.Role, "sites": texts(t.Sites), "points": texts(t.Points), "only": texts(t.Only),
				"everywhere": t.Grant().Everywhere, "owner": int32(t.Owner), "by": t.CreatedBy, "now": f.RecordedAt, "expires": instantOrNull(t.Expires)}).Scan(&id)
		if err != nil {
			return err
		}
		return f.Change(ctx, Change{Kind: KindToken, ID: fmt.Sprint(id), Who: t.CreatedBy, After: stateOf(t.Owner, t.Grant())})
	})
	return wrap(err, "keep token %s", t.Name)
}

// RevokeToken ends a token from now on. It errs with [ErrNothing] when there is
// none that has not been revoked.
func (f *Fact) RevokeToken(ctx context.Context, id int32, who, why string) error {
	tag, err := f.q.Exec(ctx, "update token set revoked_at = @now where token_id = @id and revoked_at is null", pgx.NamedArgs{"id": id, "now": f.RecordedAt})
	if err != nil {
		return fmt.Errorf("revoke token %d: %w", id, err)
	}
	if tag.RowsAffected() == 0 {
		return ErrNothing
	}
	return f.Change(ctx, Change{Kind: KindToken, ID: fmt.Sprint(id), Who: who, Why: why, Before: map[string]bool{"good": true}})
}

const tokenColumns = "token_id, name, role, sites, points, permissions, everywhere, coalesce(account_id, 0), expires_at, created_by, created_at, used_at, revoked_at from token "

func scanToken(row pgx.CollectableRow) (t Token, err error) {
	var expires *time.Time
	var everywhere bool
	err = row.Scan(&t.ID, &t.Name, &t.Role, &t.Sites, &t.Points, &t.Only, &everywhere, &t.Owner, &expires, &t.CreatedBy, &t.CreatedAt, &t.UsedAt, &t.RevokedAt)
	if expires != nil {
		t.Expires = *expires
	}
	if err == nil && everywhere != t.Grant().Everywhere {
		err = fmt.Errorf("token %d says two things about where it holds", t.ID)
	}
	return t, err
}

// Tokens are all tokens, the latest first: what they may, never what they are.
func (r Reader) Tokens(ctx context.Context) (found []Token, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		found, err = list(ctx, q, scanToken, "select "+tokenColumns+"order by token_id desc", nil)
		return err
	})
	return found, wrap(err, "list tokens")
}

// Token finds the token with that hash, unless it has expired at now, was revoked or
// its owner's account is disabled, and notes its use to the minute.
func (s *Store) Token(ctx context.Context, hash []byte, now time.Time) (t Token, ok bool, err error) {
	err = s.pool.session(ctx, func(c *conn) error {
		q := session{c.Conn, c}
		found, err := list(ctx, q, scanToken, "select "+tokenColumns+`where hash = @hash and revoked_at is null and (expires_at is null or expires_at > @now)
			and (account_id is null or account_id in (select account_id from account where disabled_at is null))`,
			pgx.NamedArgs{"hash": hash, "now": now})
		if err != nil || len(found) == 0 {
			return err
		}
		t, ok = found[0], true
		if err := q.holds(ctx, &t); err != nil {
			return err
		}
		if t.UsedAt != nil && now.Sub(*t.UsedAt) < time.Minute {
			return nil
		}
		_, err = c.Exec(ctx, "update token set used_at = @now where hash = @hash", pgx.NamedArgs{"hash": hash, "now": now})
		return err
	})
	if err != nil {
		return Token{}, false, fmt.Errorf("look up a token: %w", err)
	}
	return t, ok, nil
}

// holds fills in what the owner of a token holds.
func (q session) holds(ctx context.Context, t *Token) error {
	if t.Owner == 0 {
		return nil
	}
	held, err := q.reader().Grants(ctx, t.Owner)
	for _, g := range held {
		t.Held = append(t.Held, g.Grant)
	}
	return err
}

// endTokens ends the own tokens of an account, within the fact that is the reason.
func (f *Fact) endTokens(ctx context.Context, account AccountID) error {
	_, err := f.q.Exec(ctx, "update token set revoked_at = @now where account_id = @id and revoked_at is null", pgx.NamedArgs{"id": account, "now": f.RecordedAt})
	return wrap(err, "end the tokens of account %d", account)
}

// CountTokens is the number of tokens there are, expired ones included.
func (r Reader) CountTokens(ctx context.Context) (n int64, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		return q.QueryRow(ctx, "select count(*) from token").Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count tokens: %w", err)
	}
	return n, nil
}
