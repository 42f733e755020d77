package signin

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// issuer is a provider of the test's own: it checks PKCE, and says what it is told
// to say.
type issuer struct {
	*httptest.Server
	key    *rsa.PrivateKey
	signer jose.Signer
	claims map[string]any // in place of or beside the right ones; nil removes one
	asked  url.Values     // of the last visit
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{claims: map[string]any{}}
	var err error
	if i.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	i.sign(t, i.key)
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &i.key.PublicKey, KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if i.asked.Get("code_challenge_method") != "S256" || i.asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) || r.FormValue("code") != "the code" {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": i.token()})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) sign(t *testing.T, key *rsa.PrivateKey) {
	t.Helper()
	var err error
	i.signer, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "1"))
	if err != nil {
		t.Fatal(err)
	}
}

func (i *issuer) token() string {
	claims := map[string]any{"iss": i.URL, "sub": "42", "aud": "heatledger", "nonce": i.asked.Get("nonce"), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
		"email": "erika@city.example", "email_verified": true}
	for name, value := range i.claims {
		claims[name] = value
	}
	text, err := json.Marshal(claims)
	if err != nil {
		panic(err) // the claims of a test
	}
	signed, err := i.signer.Sign(text)
	if err != nil {
		panic(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return compact
}

// counter is a desk whose accounts a provider proves.
type counter struct {
	*Provider
	issuer *issuer
	store  *store.Store
	erika  store.AccountID
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	c := &counter{issuer: newIssuer(t), store: storetest.New(t)}
	vault, err := NewVault(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	desk := NewDesk(c.store, vault, time.Now, Around{})
	c.Provider = NewProvider(desk, Outside{Issuer: c.issuer.URL, ClientID: "heatledger", ClientSecret: func() (string, error) { return "secret", nil }, Return: "https://heat.example.city/signin/oidc/back"})
	grant := access.Grant{Role: access.Auditor, Everywhere: true, By: "test"}
	c.erika, _, err = Invite(t.Context(), c.store, Invitation{Account: store.Account{Login: "erika", Mail: "Erika@city.example"}, Grant: grant}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// visit goes to the provider and comes back with what change made of it.
func (c *counter) visit(t *testing.T, change func(state, code, binding *string)) (Started, string, error) {
	t.Helper()
	address, binding, err := c.Send(t.Context(), "/meters")
	if err != nil {
		t.Fatalf("send to the provider: %v", err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c.issuer.asked = u.Query()
	state, code := c.issuer.asked.Get("state"), "the code"
	if change != nil {
		change(&state, &code, &binding)
	}
	return c.Back(t.Context(), state, code, binding, Origin{Address: "192.0.2.1"})
}

func TestSomebodyInvitedSignsInByAnOutsideProvider(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	started, next, err := c.visit(t, nil)
	if err != nil || started.Account != c.erika || next != "/meters" {
		t.Fatalf("the first time: %+v to %q, %v", started, next, err)
	}
	seen, ok, err := c.desk.Who(t.Context(), started.Cookie)
	if err != nil || !ok || seen.Person.Login != "erika" || seen.Way != "oidc" {
		t.Errorf("the session is of %+v, %v, %v", seen.Person, ok, err)
	}
	if got := c.issuer.asked.Get("redirect_uri"); got != "https://heat.example.city/signin/oidc/back" || c.issuer.asked.Get("response_type") != "code" {
		t.Errorf("the provider is asked to send back to %q by %q", got, c.issuer.asked.Get("response_type"))
	}
	c.issuer.claims = map[string]any{"email": "changed@elsewhere.example"}
	if started, _, err := c.visit(t, nil); err != nil || started.Account != c.erika {
		t.Errorf("the second time, with another address: %+v, %v; want that the subject counts", started, err)
	}
	c.issuer.claims = map[string]any{"sub": "43"}
	if _, _, err := c.visit(t, nil); !errors.Is(err, ErrUnknown) {
		t.Errorf("another subject with the same address: %v, want ErrUnknown", err)
	}
}

// TestAProviderThatAskedForTwoFactorsCounts as two (RFC 8176, section 2); what it says in
// another form says nothing, and keeps nobody out.
func TestAProviderThatAskedForTwoFactorsCounts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		methods  any
		want     bool
	}{
		{"it says nothing", nil, false},
		{"a password alone", []string{"pwd"}, false},
		{"more than one", []string{"pwd", "mfa"}, true},
		{"another form", "mfa", false},
	} {
		c := newCounter(t)
		c.issuer.claims = map[string]any{"amr": tt.methods}
		started, _, err := c.visit(t, nil)
		if err != nil {
			t.Fatalf("%s: %v", tt.sentence, err)
		}
		if seen, ok, err := c.desk.Who(t.Context(), started.Cookie); err != nil || !ok || Twofold(seen.Way) != tt.want {
			t.Errorf("%s: the session of way %q proves two factors: %v, %v", tt.sentence, seen.Way, Twofold(seen.Way), err)
		}
	}
}

func TestWhatAProviderSaysIsChecked(t *testing.T) {
	t.Parallel()
	forger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		sentence string
		claims   map[string]any
		forged   bool
		change   func(state, code, binding *string)
		want     error
	}{
		{"an address that is not proven", map[string]any{"email_verified": false}, false, nil, ErrUnknown},
		{"an address of nobody", map[string]any{"email": "max@city.example"}, false, nil, ErrUnknown},
		{"no address", map[string]any{"email": ""}, false, nil, ErrUnknown},
		{"an answer to another question", map[string]any{"nonce": "another"}, false, nil, ErrWrong},
		{"an answer without a question", map[string]any{"nonce": nil}, false, nil, ErrWrong},
		{"an answer for another server", map[string]any{"aud": "another"}, false, nil, ErrWrong},
		{"an answer of another provider", map[string]any{"iss": "https://evil.example"}, false, nil, ErrWrong},
		{"an old answer", map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}, false, nil, ErrWrong},
		{"a forged signature", nil, true, nil, ErrWrong},
		{"a state nobody has", nil, false, func(state, _, _ *string) { *state = "x" }, ErrCode},
		{"another browser than went there", nil, false, func(_, _, binding *string) { *binding = NewSecret() }, ErrCode},
		{"a browser without its cookie", nil, false, func(_, _, binding *string) { *binding = "" }, ErrCode},
		{"another's code", nil, false, func(_, code, _ *string) { *code = "stolen" }, ErrWrong},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t)
			c.issuer.claims = tt.claims
			if tt.forged {
				c.issuer.sign(t, forger)
			}
			if started, _, err := c.visit(t, tt.change); !errors.Is(err, tt.want) || started.Cookie != "" {
				t.Errorf("signs in as %d: %v, want %v", started.Account, err, tt.want)
			}
		})
	}
}

func TestAStateIsGoodOnce(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	var state, binding string
	if _, _, err := c.visit(t, func(s, _, b *string) { state, binding = *s, *b }); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Back(t.Context(), state, "the code", binding, Origin{}); !errors.Is(err, ErrCode) {
		t.Errorf("coming back twice: %v, want ErrCode", err)
	}
}

func TestADisabledAccountDoesNotSignInByAProvider(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	if _, _, err := c.visit(t, nil); err != nil {
		t.Fatal(err)
	}
	err := Change(t.Context(), c.store, func(ctx context.Context, f *store.Fact) error {
		return f.DisableAccount(ctx, c.erika, true, "test", "")
	})
	if err != nil {
		t.Fatal(err)
	}
	if started, _, err := c.visit(t, nil); !errors.Is(err, ErrUnknown) || started.Cookie != "" {
		t.Errorf("a disabled account: %v, want ErrUnknown", err)
	}
}

func TestAProviderThatIsAwayIsTriedAgain(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	away := true
	real := c.issuer.Config.Handler
	c.issuer.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		real.ServeHTTP(w, r)
	})
	if _, _, err := c.Send(t.Context(), "/"); err == nil {
		t.Error("a provider that is away sends somebody on")
	}
	away = false
	if _, _, err := c.visit(t, nil); err != nil {
		t.Errorf("when it is back: %v", err)
	}
}
