package signin

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"heatledger/energy/store"
)

// Outside is the provider of a municipality, as it is configured.
type Outside struct {
	Issuer       string
	ClientID     string
	ClientSecret func() (string, error)
	Name         string // as the button calls it
	Return       string // address of ours to which people come back
}

// Provider is an outside one that proves who people are (OpenID Connect Core
// 1.0): the authorisation code flow with PKCE, state and nonce.
type Provider struct {
	Outside
	desk   *Desk
	client *http.Client
	begun  *pending[errand]

	mutex sync.Mutex
	found *oidc.Provider
}

// errand is somebody who was sent to the provider.
type errand struct {
	verifier, nonce, next string
	binding               string // hash of what his browser keeps: nobody else may come back for him
}

// NewProvider sets up a provider; its addresses are asked for when they are first
// needed, so that it may be away when the server starts.
func NewProvider(d *Desk, o Outside) *Provider {
	client := &http.Client{Timeout: 10 * time.Second, Transport: brief{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }} // it answers where it is configured, or not at all
	return &Provider{Outside: o, desk: d, client: client, begun: newPending[errand](2 * HalfTime)}
}

// briefMost is more than any provider says of itself, of its keys or of a person.
const briefMost = 1 << 20

// brief ends answers that have no end: they are read into memory.
type brief struct{ http.RoundTripper }

// RoundTrip asks, and bounds the answer.
func (b brief) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = http.MaxBytesReader(nil, answer.Body, briefMost)
	return answer, nil
}

// discovered asks the provider for its addresses, until it has answered once.
func (p *Provider) discovered(ctx context.Context) (*oidc.Provider, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// The provider fetches its keys later by the context it was found with.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("ask %s for its addresses: %w", p.Issuer, err)
	}
	p.found = found
	return found, nil
}

func (p *Provider) settings(found *oidc.Provider) (*oauth2.Config, error) {
	secret, err := p.ClientSecret()
	if err != nil {
		return nil, fmt.Errorf("read the client secret of %s: %w", p.Issuer, err)
	}
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: secret, Endpoint: found.Endpoint(), RedirectURL: p.Return, Scopes: []string{oidc.ScopeOpenID, "email"}}, nil
}

// Send gives the address to which a browser is sent, and what it keeps until it
// comes back. next is where it goes then.
func (p *Provider) Send(ctx context.Context, next string) (address, binding string, err error) {
	found, err := p.discovered(ctx)
	if err != nil {
		return "", "", err
	}
	settings, err := p.settings(found)
	if err != nil {
		return "", "", err
	}
	binding = NewSecret()
	e := errand{verifier: oauth2.GenerateVerifier(), nonce: NewSecret(), next: next, binding: string(hashSecret(binding))}
	state := NewSecret()
	p.begun.put(p.desk.now(), state, e)
	return settings.AuthCodeURL(state, oidc.Nonce(e.nonce), oauth2.S256ChallengeOption(e.verifier)), binding, nil
}

// Back signs in whoever comes back with a code. An outside account that nobody
// here has yet is that of the one person who was invited with its proven address.
func (p *Provider) Back(ctx context.Context, state, code, binding string, from Origin) (Started, string, error) {
	e, ok := p.begun.take(p.desk.now(), state)
	if !ok || binding == "" || e.binding != string(hashSecret(binding)) {
		return Started{}, "", ErrCode
	}
	found, err := p.discovered(ctx)
	if err != nil {
		return Started{}, "", err
	}
	settings, err := p.settings(found)
	if err != nil {
		return Started{}, "", err
	}
	token, err := settings.Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(e.verifier))
	if err != nil {
		return Started{}, "", fmt.Errorf("%w: exchange the code at %s: %w", ErrWrong, p.Issuer, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: p.ClientID, Now: p.desk.now}).Verify(oidc.ClientContext(ctx, p.client), raw)
	if err != nil {
		return Started{}, "", fmt.Errorf("%w: check what %s says: %w", ErrWrong, p.Issuer, err)
	}
	if id.Nonce != e.nonce {
		return Started{}, "", fmt.Errorf("%w: %s answers another question", ErrWrong, p.Issuer)
	}
	account, err := p.account(ctx, id)
	if err != nil {
		return Started{}, "", err
	}
	var said struct {
		Methods json.RawMessage `json:"amr"`
	}
	if err := id.Claims(&said); err != nil {
		return Started{}, "", fmt.Errorf("%w: read what %s says: %w", ErrWrong, p.Issuer, err)
	}
	way := "oidc"
	var methods []string
	_ = json.Unmarshal(said.Methods, &methods) // what is no list says nothing
	if slices.Contains(methods, "mfa") {       // RFC 8176, section 2
		way += "+mfa"
	}
	started, err := p.desk.start(ctx, account, store.Whole, way, from)
	return started, e.next, err
}

// account is whose outside account it is.
func (p *Provider) account(ctx context.Context, id *oidc.IDToken) (store.AccountID, error) {
	sum := sha256.Sum256([]byte(id.Issuer + "\n" + id.Subject))
	kept, ok, err := p.desk.store.CredentialByKey(ctx, store.OIDC, sum[:])
	if err != nil {
		return 0, err
	}
	if ok {
		account, err := p.desk.store.Account(ctx, kept.Account)
		if err == nil && account.DisabledAt != nil {
			err = ErrUnknown
		}
		return kept.Account, errors.Join(err, p.desk.store.UseCredential(ctx, kept.ID, ""))
	}
	var claims struct {
		Mail     string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := id.Claims(&claims); err != nil {
		return 0, fmt.Errorf("%w: read what %s says: %w", ErrWrong, p.Issuer, err)
	}
	if claims.Mail == "" || !claims.Verified {
		return 0, ErrUnknown
	}
	account, err := p.desk.store.AccountByMail(ctx, claims.Mail)
	if errors.Is(err, store.ErrNoAccount) {
		return 0, ErrUnknown
	}
	if err != nil {
		return 0, err
	}
	if has, err := p.desk.has(ctx, account.ID, store.OIDC); err != nil || has {
		return 0, errors.Join(err, ErrUnknown) // an address was given to somebody else
	}
	return account.ID, p.desk.change(ctx, func(ctx context.Context, f *store.Fact) error {
		c := store.Credential{Account: account.ID, Kind: store.OIDC, Key: sum[:], Name: p.Issuer}
		if err := f.PutCredential(ctx, c, account.ID.Actor(), ""); err != nil {
			return err
		}
		return p.desk.tell(ctx, f, account.ID, OutsideAdded)
	})
}
