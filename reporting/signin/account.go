package signin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"heatledger/energy/access"
	"heatledger/energy/store"
)

// Code is a code that was just made: it is shown or sent once, and kept nowhere.
type Code struct {
	Text      string
	ExpiresAt time.Time
}

// Invitation is who is invited to do what.
type Invitation struct {
	Account store.Account
	Grant   access.Grant // its By is who invites
	Why     string
	// Send writes the letter within the same fact; nil: nobody is written to.
	Send func(ctx context.Context, f *store.Fact, to store.Account, c Code) error
}

// ErrName says that a login is none.
var ErrName = errors.New("a name to sign in with has 1 to 80 letters, digits or signs and no spaces")

// CheckLogin errs with [ErrName].
func CheckLogin(login string) error {
	n := utf8.RuneCountInString(login)
	if n == 0 || n > 80 || strings.ContainsFunc(login, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune("<>\"'&\\", r)
	}) {
		return ErrName
	}
	return nil
}

// change appends a fact about accounts.
func (d *Desk) change(ctx context.Context, write func(ctx context.Context, f *store.Fact) error) error {
	return Change(ctx, d.store, write)
}

// Change appends a fact about accounts; that there is nothing to record is fine.
func Change(ctx context.Context, s *store.Store, write func(ctx context.Context, f *store.Fact) error) error {
	if err := s.EnsureSite(ctx, store.Municipality); err != nil {
		return err
	}
	_, err := s.Append(ctx, store.Municipality, write)
	if errors.Is(err, store.ErrNothing) {
		return nil
	}
	return err
}

// Invite makes an account with a grant and a code by which its person sets a
// password. The code is good once.
func Invite(ctx context.Context, s *store.Store, i Invitation, now time.Time) (store.AccountID, Code, error) {
	if err := CheckLogin(i.Account.Login); err != nil {
		return 0, Code{}, err
	}
	code := Code{NewAccessCode(), now.Add(InviteTime)}
	var id store.AccountID
	err := Change(ctx, s, func(ctx context.Context, f *store.Fact) (err error) {
		if id, err = f.CreateAccount(ctx, i.Account, i.Grant.By, i.Why); err != nil {
			return err
		}
		if _, err = f.Grant(ctx, id, i.Grant, i.Why); err != nil {
			return err
		}
		return put(ctx, f, id, store.Invitation, code, i.Grant.By, i.Why, i.Send)
	})
	return id, code, err
}

func put(ctx context.Context, f *store.Fact, id store.AccountID, kind string, c Code, by, why string, send func(context.Context, *store.Fact, store.Account, Code) error) error {
	if err := f.PutAccessCode(ctx, HashCode(c.Text), store.AccessCode{Account: id, Kind: kind, CreatedBy: by, ExpiresAt: c.ExpiresAt}, why); err != nil {
		return err
	}
	if send == nil {
		return nil
	}
	to, err := f.Account(ctx, id)
	if err != nil {
		return err
	}
	return send(ctx, f, to, c)
}

// ResetCode makes a code by which the person of an account sets a new password:
// for a printed letter or a mail. What she signs in with now stays good until the
// code is used.
func ResetCode(ctx context.Context, s *store.Store, id store.AccountID, good time.Duration, by, why string, now time.Time, send func(context.Context, *store.Fact, store.Account, Code) error) (Code, error) {
	account, err := s.Account(ctx, id)
	if err != nil {
		return Code{}, err
	}
	if account.DisabledAt != nil {
		return Code{}, fmt.Errorf("account %d is disabled: %w", id, store.ErrNoAccount)
	}
	code := Code{NewAccessCode(), now.Add(good)}
	return code, Change(ctx, s, func(ctx context.Context, f *store.Fact) error {
		return put(ctx, f, id, store.Reset, code, by, why, send)
	})
}

// Forgotten answers somebody who has forgotten the password: if there is an
// account of that name with an address, it is sent a code. Nobody is told whether:
// what the answer waits for is one look for the name, the same for every name. The
// code and its letter are made while the answer is on its way.
func (d *Desk) Forgotten(ctx context.Context, login string, from Origin, send func(context.Context, *store.Fact, store.Account, Code) error) error {
	if err := d.limits.attempt(d.now(), login, from.Address); err != nil {
		return err
	}
	account, err := d.store.AccountByLogin(ctx, login)
	if err != nil && !errors.Is(err, store.ErrNoAccount) {
		return err
	}
	d.errands.Go(func() {
		if account.ID == 0 || account.Mail == "" || account.DisabledAt != nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), forgottenMost)
		defer cancel()
		if _, err := ResetCode(ctx, d.store, account.ID, ResetTime, account.ID.Actor(), "", d.now(), send); err != nil {
			d.around.Log.Error("make a code for who has forgotten the password", "account", account.ID, "err", err)
		}
	})
	return nil
}

// Welcome is the account that a code is for; ok is false when it is not good.
func (d *Desk) Welcome(ctx context.Context, code string, from Origin) (store.Account, store.AccessCode, bool, error) {
	if err := d.limits.attempt(d.now(), "", from.Address); err != nil {
		return store.Account{}, store.AccessCode{}, false, err
	}
	c, ok, err := d.store.AccessCode(ctx, HashCode(code), d.now())
	if err != nil || !ok {
		return store.Account{}, c, false, err
	}
	account, err := d.store.Account(ctx, c.Account)
	return account, c, err == nil, err
}

// Redeem sets the password of the account that a code is for, uses the code up
// and signs in. A reset takes the second factor away with the password: the person
// could not sign in with it.
func (d *Desk) Redeem(ctx context.Context, code, password string, from Origin) (Started, error) {
	account, c, ok, err := d.Welcome(ctx, code, from)
	if err != nil {
		return Started{}, err
	}
	if !ok {
		return Started{}, ErrCode
	}
	hash, err := d.chosen(ctx, account, password)
	if err != nil {
		return Started{}, err
	}
	used := false
	err = d.change(ctx, func(ctx context.Context, f *store.Fact) error {
		if _, used, err = f.UseAccessCode(ctx, HashCode(code), d.now()); err != nil || !used {
			return errors.Join(err, store.ErrNothing)
		}
		why := c.Kind
		if why == store.Reset && c.CreatedBy == account.ID.Actor() {
			why = forgotten
		}
		return d.renew(ctx, f, account.ID, hash, why)
	})
	if err != nil {
		return Started{}, err
	}
	if !used {
		return Started{}, ErrCode
	}
	second, err := d.has(ctx, account.ID, store.TOTP)
	if err != nil {
		return Started{}, err
	}
	if second {
		return d.start(ctx, account.ID, store.Half, "code", from)
	}
	d.limits.succeed(account.Login, from.Address)
	return d.start(ctx, account.ID, store.Whole, "code", from)
}

// forgotten is why a password was renewed whose person asked for it by mail.
const forgotten = "forgotten"

// chosen is the hash of a password that somebody chose, where it is good enough for
// who he is and where he works.
func (d *Desk) chosen(ctx context.Context, of store.Account, password string) (hash string, err error) {
	names := []string{of.Name}
	if d.around.Names != nil {
		more, err := d.around.Names(ctx)
		if err != nil {
			return "", err
		}
		names = append(names, more...)
	}
	if err := CheckPassword(of.Login, password, names...); err != nil {
		return "", err
	}
	return d.hasher.Hash(ctx, password)
}

// renew sets a password, ends all sessions and tells the person, unless it is the
// first password of an account that was just made.
func (d *Desk) renew(ctx context.Context, f *store.Fact, id store.AccountID, hash, why string) error {
	if err := f.PutCredential(ctx, store.Credential{Account: id, Kind: store.Password, Secret: hash}, id.Actor(), why); err != nil {
		return err
	}
	if why == store.Reset {
		all, err := f.Credentials(ctx, id)
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.Kind != store.TOTP && one.Kind != store.Passkey {
				continue
			}
			if err := f.DropCredential(ctx, id, one.ID, id.Actor(), why); err != nil {
				return err
			}
		}
	}
	if why != store.Invitation {
		if err := d.tell(ctx, f, id, PasswordChanged); err != nil {
			return err
		}
	}
	return f.EndSessions(ctx, id)
}

// SetPassword sets the password of an account without any code, for whoever runs
// a command beside the database.
func SetPassword(ctx context.Context, s *store.Store, id store.AccountID, password, by string) error {
	account, err := s.Account(ctx, id)
	if err != nil {
		return err
	}
	if err := CheckPassword(account.Login, password, account.Name); err != nil {
		return err
	}
	hash, err := NewHasher(Least(), 1).Hash(ctx, password)
	if err != nil {
		return err
	}
	return Change(ctx, s, func(ctx context.Context, f *store.Fact) error {
		if err := f.PutCredential(ctx, store.Credential{Account: id, Kind: store.Password, Secret: hash}, by, ""); err != nil {
			return err
		}
		return f.EndSessions(ctx, id)
	})
}

// ChangePassword changes one's own password, which ends all sessions, and signs in
// anew. It asks for the old one.
func (d *Desk) ChangePassword(ctx context.Context, s store.Seen, old, password string, from Origin) (Started, error) {
	if err := d.Prove(ctx, s, old, from); err != nil {
		return Started{}, err
	}
	hash, err := d.chosen(ctx, s.Person, password)
	if err != nil {
		return Started{}, err
	}
	err = d.change(ctx, func(ctx context.Context, f *store.Fact) error { return d.renew(ctx, f, s.Account, hash, "changed") })
	if err != nil {
		return Started{}, err
	}
	return d.start(ctx, s.Account, store.Whole, s.Way, from)
}

// Factor is what one needs to set up an authenticator app.
type Factor struct{ Secret, URL string }

// BeginTOTP draws the secret of an app, or gives the one that was just drawn; it
// counts once [Desk.EndTOTP] has seen a code of it.
func (d *Desk) BeginTOTP(s store.Seen, issuer string) Factor {
	key := s.Account.Actor()
	secret, ok := d.totps.look(d.now(), key)
	if !ok {
		secret = newTOTPSecret()
		d.totps.put(d.now(), key, secret)
	}
	return Factor{secret, totpURL(issuer, s.Person.Login, secret)}
}

// EndTOTP sets the app up when the code is right, and gives new recovery codes. The
// session goes on as one that was begun with the app.
func (d *Desk) EndTOTP(ctx context.Context, s store.Seen, code string, from Origin) (recovery []string, started Started, err error) {
	if !d.Fresh(s) {
		return nil, Started{}, ErrStale
	}
	secret, ok := d.totps.look(d.now(), s.Account.Actor())
	step, right := CheckTOTP(secret, clean(code), d.now())
	if !ok || !right {
		return nil, Started{}, ErrCode
	}
	d.totps.take(d.now(), s.Account.Actor())
	recovery, hashes := recoveryCodes()
	err = d.change(ctx, func(ctx context.Context, f *store.Fact) error {
		c := store.Credential{Account: s.Account, Kind: store.TOTP, Secret: d.vault.Seal(secret), Step: step}
		if err := f.PutCredential(ctx, c, s.Account.Actor(), ""); err != nil {
			return err
		}
		if err := f.PutRecoveryCodes(ctx, s.Account, hashes, s.Account.Actor()); err != nil {
			return err
		}
		return d.tell(ctx, f, s.Account, FactorAdded)
	})
	if err != nil {
		return nil, Started{}, err
	}
	started, err = d.start(ctx, s.Account, store.Whole, beside(s.Way, "totp"), from)
	return recovery, started, err
}

// NewRecoveryCodes replaces the recovery codes.
func (d *Desk) NewRecoveryCodes(ctx context.Context, s store.Seen) ([]string, error) {
	if !d.Fresh(s) {
		return nil, ErrStale
	}
	codes, hashes := recoveryCodes()
	return codes, d.change(ctx, func(ctx context.Context, f *store.Fact) error {
		if err := f.PutRecoveryCodes(ctx, s.Account, hashes, s.Account.Actor()); err != nil {
			return err
		}
		return d.tell(ctx, f, s.Account, CodesRenewed)
	})
}

func recoveryCodes() (codes []string, hashes [][]byte) {
	for range 10 {
		code := NewRecoveryCode()
		codes, hashes = append(codes, code), append(hashes, HashCode(code))
	}
	return codes, hashes
}

// Drop takes a second factor or a passkey away.
func (d *Desk) Drop(ctx context.Context, s store.Seen, id int32) error {
	if !d.Fresh(s) {
		return ErrStale
	}
	all, err := d.store.Credentials(ctx, s.Account)
	if err != nil {
		return err
	}
	what := OutsideDropped
	for _, one := range all {
		switch {
		case one.ID != id:
		case one.Kind == store.Password:
			return ErrCode // the password is changed, not dropped
		case one.Kind == store.TOTP:
			what = FactorDropped
		case one.Kind == store.Passkey:
			what = PasskeyDropped
		}
	}
	return d.change(ctx, func(ctx context.Context, f *store.Fact) error {
		if err := f.DropCredential(ctx, s.Account, id, s.Account.Actor(), ""); err != nil {
			return err
		}
		return d.tell(ctx, f, s.Account, what)
	})
}

// Guest signs in somebody whom a demonstration lets in, with the account of that
// login, which is made when it is not there.
func (d *Desk) Guest(ctx context.Context, a store.Account, g access.Grant, from Origin) (Started, error) {
	known, err := d.store.AccountByLogin(ctx, a.Login)
	if errors.Is(err, store.ErrNoAccount) {
		err = d.change(ctx, func(ctx context.Context, f *store.Fact) error {
			if known.ID, err = f.CreateAccount(ctx, a, g.By, "demonstration"); err != nil {
				return err
			}
			_, err := f.Grant(ctx, known.ID, g, "demonstration")
			return err
		})
	}
	if err != nil {
		return Started{}, err
	}
	return d.start(ctx, known.ID, store.Whole, ByGuestLink, from)
}
