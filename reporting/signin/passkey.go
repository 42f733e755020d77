package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"heatledger/energy/store"
)

// Passkeys are signing in without a password, by what a device keeps (WebAuthn
// level 2). A passkey is bound to the host's name: there are none for a bare
// address.
type Passkeys struct {
	desk    *Desk
	library *webauthn.WebAuthn
	begun   *pending[webauthn.SessionData]
}

// NewPasskeys are those of the server at an address ("https://heat.example.city");
// nil when the address has no name to bind them to.
func NewPasskeys(d *Desk, address, name string) (*Passkeys, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("set up passkeys: %w", err)
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil || u.Hostname() == "" || u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil, nil
	}
	library, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + u.Host}})
	if err != nil {
		return nil, fmt.Errorf("set up passkeys: %w", err)
	}
	return &Passkeys{d, library, newPending[webauthn.SessionData](HalfTime)}, nil
}

// holder is an account as the library sees it.
type holder struct {
	account store.Account
	keys    []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.account.Handle }
func (h holder) WebAuthnName() string                       { return h.account.Login }
func (h holder) WebAuthnDisplayName() string                { return h.account.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func (p *Passkeys) holder(ctx context.Context, account store.Account) (holder, error) {
	kept, err := p.desk.store.Credentials(ctx, account.ID)
	h := holder{account: account}
	for _, c := range kept {
		if c.Kind != store.Passkey {
			continue
		}
		var key webauthn.Credential
		if err := json.Unmarshal([]byte(c.Secret), &key); err != nil {
			return h, fmt.Errorf("read passkey %d: %w", c.ID, err)
		}
		h.keys = append(h.keys, key)
	}
	return h, err
}

// Begun is what a browser is asked, and under which name its answer is expected.
type Begun struct {
	Ceremony string `json:"ceremony"`
	Options  any    `json:"options"`
}

// BeginRegister asks a browser to make a passkey.
func (p *Passkeys) BeginRegister(ctx context.Context, s store.Seen) (Begun, error) {
	if !p.desk.Fresh(s) {
		return Begun{}, ErrStale
	}
	h, err := p.holder(ctx, s.Person)
	if err != nil {
		return Begun{}, err
	}
	creation, session, err := p.library.BeginRegistration(h,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired}),
		webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return Begun{}, fmt.Errorf("begin a passkey: %w", err)
	}
	return p.begin(*session, creation.Response), nil
}

func (p *Passkeys) begin(session webauthn.SessionData, options any) Begun {
	ceremony := NewSecret()
	p.begun.put(p.desk.now(), ceremony, session)
	return Begun{ceremony, options}
}

// EndRegister keeps the passkey that a browser made; r carries its answer. The session
// goes on as one that was begun with it.
func (p *Passkeys) EndRegister(ctx context.Context, s store.Seen, ceremony, name string, from Origin, r *http.Request) (Started, error) {
	session, ok := p.begun.take(p.desk.now(), ceremony)
	if !ok {
		return Started{}, ErrCode
	}
	h, err := p.holder(ctx, s.Person)
	if err != nil {
		return Started{}, err
	}
	key, err := p.library.FinishRegistration(h, session, r)
	if err != nil {
		return Started{}, fmt.Errorf("%w: %w", ErrWrong, err)
	}
	body, err := json.Marshal(key)
	if err != nil {
		return Started{}, fmt.Errorf("keep a passkey: %w", err)
	}
	err = p.desk.change(ctx, func(ctx context.Context, f *store.Fact) error {
		c := store.Credential{Account: s.Account, Kind: store.Passkey, Key: key.ID, Name: name, Secret: string(body)}
		if err := f.PutCredential(ctx, c, s.Account.Actor(), ""); err != nil {
			return err
		}
		return p.desk.tell(ctx, f, s.Account, PasskeyAdded)
	})
	if err != nil {
		return Started{}, err
	}
	return p.desk.start(ctx, s.Account, store.Whole, beside(s.Way, "passkey"), from)
}

// BeginSignIn asks a browser for any passkey of this server.
func (p *Passkeys) BeginSignIn() (Begun, error) {
	assertion, session, err := p.library.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Begun{}, fmt.Errorf("begin to sign in by a passkey: %w", err)
	}
	return p.begin(*session, assertion.Response), nil
}

// SignIn signs in by the passkey that the answer in r proves. The device has made
// sure of the person: no second factor is asked for.
func (p *Passkeys) SignIn(ctx context.Context, ceremony string, from Origin, r *http.Request) (Started, error) {
	if err := p.desk.limits.attempt(p.desk.now(), "", from.Address); err != nil {
		return Started{}, err
	}
	session, ok := p.begun.take(p.desk.now(), ceremony)
	if !ok {
		return Started{}, ErrCode
	}
	var h holder
	find := func(_, handle []byte) (webauthn.User, error) {
		account, err := p.desk.store.AccountByHandle(ctx, handle)
		if err == nil && account.DisabledAt != nil {
			err = store.ErrNoAccount
		}
		if err == nil {
			h, err = p.holder(ctx, account)
		}
		return h, err
	}
	key, err := p.library.FinishDiscoverableLogin(find, session, r)
	if err != nil {
		return Started{}, fmt.Errorf("%w: %w", ErrWrong, err)
	}
	if key.Authenticator.CloneWarning {
		return Started{}, fmt.Errorf("%w: the passkey counts backwards, it may have been copied", ErrWrong)
	}
	kept, ok, err := p.desk.store.CredentialByKey(ctx, store.Passkey, key.ID)
	body, marshalErr := json.Marshal(key)
	if err = errors.Join(err, marshalErr); err != nil || !ok {
		return Started{}, errors.Join(ErrWrong, err)
	}
	if err := p.desk.store.UseCredential(ctx, kept.ID, string(body)); err != nil {
		return Started{}, err
	}
	return p.desk.start(ctx, h.account.ID, store.Whole, "passkey", from)
}
