// Package signin knows how people prove who they are: passwords, time-based
// codes, passkeys, an outside provider, codes of invitations; and how long a
// session lasts. It keeps accounts by way of the store, every change of them as a
// fact. It knows no pages.
package signin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"heatledger/energy/store"
)

// How long things are good.
const (
	Idle          = 30 * time.Minute // without any use, a session is over (ASVS 3.3.2)
	Lifetime      = 12 * time.Hour   // however much it is used
	HalfTime      = 5 * time.Minute  // for the second factor
	InviteTime    = 14 * 24 * time.Hour
	ResetTime     = time.Hour           // of a reset that goes by mail
	LetterTime    = 14 * 24 * time.Hour // of one that goes by post
	FreshTime     = 10 * time.Minute    // since the last proof, for what changes the ways to sign in
	forgottenMost = time.Minute         // to make a code and queue its letter
	forgetAfter   = 30 * 24 * time.Hour // sessions that are over are deleted
)

// ByGuestLink is the way into a session by the link of a demonstration: who came so
// has no password to prove again who he is.
const ByGuestLink = "guest"

// Twofold tells whether a session that began in a way proved two factors (ASVS
// 4.3.1): a passkey, which makes sure of its owner, a code beside the first factor, or
// an outside provider that says it asked for more than one.
func Twofold(way string) bool {
	return slices.ContainsFunc(strings.Split(way, "+"), func(one string) bool {
		return one == "passkey" || one == "totp" || one == "recovery" || one == "mfa"
	})
}

// beside is a way in that was proven further: by a code or a passkey that was just set
// up. The link of a demonstration stays what it is.
func beside(way, further string) string {
	if Twofold(way) || way == ByGuestLink {
		return way
	}
	return way + "+" + further
}

// What a person is told. Which of name, password or second factor was wrong is
// told to nobody.
var (
	ErrWrong = errors.New("name, password or code is wrong")
	ErrCode  = errors.New("the code is wrong, was used or is too old")
	ErrStale = errors.New("who acts has to prove again who it is")
	ErrWeak  = errors.New("the password is too short, too long or too easy to guess")
	// ErrBreached says that a password is known to whoever guesses passwords.
	ErrBreached = errors.New("the password stands in lists of stolen passwords")
	ErrUnknown  = errors.New("the outside account belongs to nobody here")
)

// TooManyError says that there were too many attempts, and when to come back.
type TooManyError struct{ After time.Duration }

// Error says for how long to wait.
func (e TooManyError) Error() string {
	return fmt.Sprintf("too many attempts: try again in %d s", int(e.After.Seconds())+1)
}

// Desk is where people sign in. Its methods may be called from many goroutines.
type Desk struct {
	store  *store.Store
	hasher *Hasher
	limits *Limits
	vault  *Vault
	now    func() time.Time
	totps  *pending[string] // secrets that are being set up, by account
	around Around

	errands sync.WaitGroup // what an answer does not wait for
}

// NewDesk is a desk over accounts; now is its clock.
func NewDesk(s *store.Store, vault *Vault, now func() time.Time, around Around) *Desk {
	around.Log = cmp.Or(around.Log, slog.New(slog.DiscardHandler))
	return &Desk{store: s, hasher: NewHasher(Least(), 2), limits: NewLimits(), vault: vault, now: now, totps: newPending[string](HalfTime * 2), around: around}
}

// Origin is from where somebody signs in.
type Origin struct {
	Address string // IP address
	Agent   string // as the browser names itself
	Cookie  string // of the session before; "": none
}

// Network is the network of the address: enough to know it again, not enough to follow
// somebody; "" of what is no address.
func (o Origin) Network() string { return network(o.Address) }

// Started is a session that has just begun.
type Started struct {
	Cookie  string // what the browser keeps
	Half    bool   // the second factor is still asked for
	Account store.AccountID
}

// Password signs in by login and password. Whatever is wrong, the answer is
// [ErrWrong] and takes as long.
func (d *Desk) Password(ctx context.Context, login, password string, from Origin) (Started, error) {
	now := d.now()
	if err := d.limits.attempt(now, login, from.Address); err != nil {
		return Started{}, err
	}
	account, kept, err := d.passwordOf(ctx, login)
	if err != nil {
		return Started{}, err
	}
	ok, weaker, err := d.hasher.Check(ctx, kept.Secret, password) // of nobody: a hash that no password has
	if err != nil {
		return Started{}, err
	}
	if !ok || kept.ID == 0 || account.DisabledAt != nil {
		return Started{}, ErrWrong
	}
	renewed := ""
	if weaker {
		if renewed, err = d.hasher.Hash(ctx, password); err != nil {
			return Started{}, err
		}
	}
	if err := d.store.UseCredential(ctx, kept.ID, renewed); err != nil {
		return Started{}, err
	}
	second, err := d.has(ctx, account.ID, store.TOTP)
	if err != nil {
		return Started{}, err
	}
	if second {
		return d.start(ctx, account.ID, store.Half, "password", from)
	}
	d.limits.succeed(login, from.Address)
	return d.start(ctx, account.ID, store.Whole, "password", from)
}

// passwordOf is the account of a login with its password; zero values of nobody.
func (d *Desk) passwordOf(ctx context.Context, login string) (store.Account, store.Credential, error) {
	account, err := d.store.AccountByLogin(ctx, login)
	if errors.Is(err, store.ErrNoAccount) {
		return store.Account{}, store.Credential{}, nil
	}
	if err != nil {
		return store.Account{}, store.Credential{}, err
	}
	kept, _, err := d.credential(ctx, account.ID, store.Password)
	return account, kept, err
}

// credential is the one of its kind that an account has.
func (d *Desk) credential(ctx context.Context, account store.AccountID, kind string) (store.Credential, bool, error) {
	all, err := d.store.Credentials(ctx, account)
	for _, c := range all {
		if c.Kind == kind {
			return c, true, nil
		}
	}
	return store.Credential{}, false, err
}

func (d *Desk) has(ctx context.Context, account store.AccountID, kind string) (bool, error) {
	_, ok, err := d.credential(ctx, account, kind)
	return ok, err
}

// Second completes a half session by a code of the second factor, or by one of
// the recovery codes. A whole one that began without it takes its place among those
// that began with it.
func (d *Desk) Second(ctx context.Context, half store.Seen, code string, from Origin) (Started, error) {
	now := d.now()
	if err := d.limits.attempt(now, half.Person.Login, from.Address); err != nil {
		return Started{}, err
	}
	way, err := d.second(ctx, half.Account, code, now)
	if err != nil {
		return Started{}, err
	}
	d.limits.succeed(half.Person.Login, from.Address)
	return d.start(ctx, half.Account, store.Whole, half.Way+"+"+way, from)
}

// second checks a code of the second factor; it says which kind it was.
func (d *Desk) second(ctx context.Context, account store.AccountID, code string, now time.Time) (way string, err error) {
	if len(clean(code)) != totpDigits {
		ok, err := d.store.UseRecoveryCode(ctx, account, HashCode(code))
		if err == nil && !ok {
			err = ErrWrong
		}
		return "recovery", err
	}
	kept, ok, err := d.credential(ctx, account, store.TOTP)
	if err != nil || !ok {
		return "", errors.Join(err, ErrWrong)
	}
	secret, err := d.vault.Open(kept.Secret)
	if err != nil {
		return "", err
	}
	step, ok := CheckTOTP(secret, clean(code), now)
	if !ok {
		return "", ErrWrong
	}
	if ok, err = d.store.UseStep(ctx, kept.ID, step); err == nil && !ok {
		err = ErrWrong
	}
	return "totp", err
}

// start begins a session with a secret of its own; the one of the cookie before
// ends.
func (d *Desk) start(ctx context.Context, account store.AccountID, stage, way string, from Origin) (Started, error) {
	secret := NewSecret()
	u := store.UserSession{Account: account, Stage: stage, Way: way, Address: network(from.Address), Agent: browser(from.Agent), CreatedAt: d.now(), ExpiresAt: d.now().Add(Lifetime)}
	if stage == store.Half {
		u.ExpiresAt = d.now().Add(HalfTime)
	}
	isNew, err := d.isNew(ctx, u)
	if err != nil {
		return Started{}, err
	}
	if err := d.store.StartSession(ctx, hashSecret(secret), hashSecret(from.Cookie), u); err != nil {
		return Started{}, err
	}
	if isNew {
		err = d.tellOf(ctx, d.store, account, Event{Kind: NewDevice, Agent: u.Agent, Network: u.Address})
	}
	return Started{secret, stage == store.Half, account}, err
}

// Who is behind a cookie; ok is false when its session is over.
func (d *Desk) Who(ctx context.Context, cookie string) (store.Seen, bool, error) {
	return d.store.Session(ctx, hashSecret(cookie), d.now(), Idle)
}

// Fresh tells whether somebody proved a short while ago who he is.
func (d *Desk) Fresh(s store.Seen) bool { return d.now().Sub(s.ProvedAt) < FreshTime }

// Prove has somebody who is signed in prove again who he is, by his password.
func (d *Desk) Prove(ctx context.Context, s store.Seen, password string, from Origin) error {
	if err := d.limits.attempt(d.now(), s.Person.Login, from.Address); err != nil {
		return err
	}
	kept, _, err := d.credential(ctx, s.Account, store.Password)
	if err != nil {
		return err
	}
	if ok, _, err := d.hasher.Check(ctx, kept.Secret, password); err != nil || !ok || kept.ID == 0 {
		return errors.Join(err, ErrWrong)
	}
	d.limits.succeed(s.Person.Login, from.Address)
	return d.store.ProveSession(ctx, s.ID, d.now())
}

// SignOut ends the session of a cookie.
func (d *Desk) SignOut(ctx context.Context, s store.Seen) error {
	return d.store.EndSession(ctx, s.Account, s.ID, 0)
}

// Run deletes what is over until ctx ends, and waits then for what is under way.
func (d *Desk) Run(ctx context.Context) error {
	defer d.errands.Wait()
	for {
		if _, err := d.store.ForgetSessions(ctx, d.now().Add(-forgetAfter)); err != nil && ctx.Err() == nil && !store.IsTransient(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Hour):
		}
	}
}
