package store

import (
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
)

// Token is a program's identity.
type Token struct {
	Name    string
	Role    string
	Sites   []energy.SiteID // empty: all
	Expires time.Time       // zero: never
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
	return text, s.keepToken(ctx, t, HashToken(text))
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

// keepToken keeps a token under its hash.
func (s *Store) keepToken(ctx context.Context, t Token, hash []byte) error {
	var expires *time.Time
	if !t.Expires.IsZero() {
		expires = &t.Expires
	}
	sites := make([]string, len(t.Sites))
	for i, site := range t.Sites {
		sites[i] = string(site)
	}
	err := s.pool.transaction(ctx, func(q session) error {
		_, err := q.Exec(ctx, `
			insert into token (hash, name, role, sites, created_at, expires_at)
			values (@hash, @name, @role, @sites, @now, @expires)`,
			pgx.NamedArgs{"hash": hash, "name": t.Name, "role": t.Role, "sites": sites, "now": s.now(), "expires": expires})
		return err
	})
	if err != nil {
		return fmt.Errorf("keep token %s: %w", t.Name, err)
	}
	return nil
}

// Token finds the token with that hash, unless it has expired at now, and
// notes its use to the minute.
func (s *Store) Token(ctx context.Context, hash []byte, now time.Time) (t Token, ok bool, err error) {
	var stale bool
	err = s.pool.session(ctx, func(c *conn) error {
		err := c.QueryRow(ctx, `
			select name, role, sites, used_at is null or used_at < @minute
			from token
			where hash = @hash and (expires_at is null or expires_at > @now)`,
			pgx.NamedArgs{"hash": hash, "now": now, "minute": now.Add(-time.Minute)}).Scan(&t.Name, &t.Role, &t.Sites, &stale)
		if err != nil || !stale {
			return err
		}
		_, err = c.Exec(ctx, "update token set used_at = @now where hash = @hash", pgx.NamedArgs{"hash": hash, "now": now})
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Token{}, false, nil
	}
	if err != nil {
		return Token{}, false, fmt.Errorf("look up a token: %w", err)
	}
	return t, true, nil
}

// CountTokens is the number of tokens there are, expired ones included.
func (r Reader) CountTokens(ctx context.Context) (n int64, err error) {
	err = r.with(ctx, func(q session) error {
		return q.QueryRow(ctx, "select count(*) from token").Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count tokens: %w", err)
	}
	return n, nil
}
