package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// people is a store in which facts of the municipality can be appended.
type people struct {
	*store.Store
	t *testing.T
}

func newPeople(t *testing.T) people {
	t.Helper()
	s := storetest.New(t)
	if err := s.EnsureSite(t.Context(), store.Municipality); err != nil {
		t.Fatal(err)
	}
	return people{s, t}
}

func (p people) change(write func(ctx context.Context, f *store.Fact) error) error {
	_, err := p.Append(p.t.Context(), store.Municipality, write)
	return err
}

func (p people) account(login string) store.AccountID {
	p.t.Helper()
	var id store.AccountID
	err := p.change(func(ctx context.Context, f *store.Fact) (err error) {
		id, err = f.CreateAccount(ctx, store.Account{Login: login, Name: "Erika Muster", Mail: login + "@city.example", Language: "de"}, "command", "new")
		return err
	})
	if err != nil {
		p.t.Fatalf("make an account: %v", err)
	}
	return id
}

func hash(text string) []byte { sum := sha256.Sum256([]byte(text)); return sum[:] }

func (p people) session(account store.AccountID, secret string, expires time.Time) {
	p.t.Helper()
	err := p.StartSession(p.t.Context(), hash(secret), nil, store.UserSession{Account: account, Stage: store.Whole, Way: "password", ExpiresAt: expires})
	if err != nil {
		p.t.Fatalf("start a session: %v", err)
	}
}

func (p people) signedIn(secret string, at time.Time, idle time.Duration) (store.Seen, bool) {
	p.t.Helper()
	seen, ok, err := p.Session(p.t.Context(), hash(secret), at, idle)
	if err != nil {
		p.t.Fatalf("look up a session: %v", err)
	}
	return seen, ok
}

// kept is what the facts of the municipality say, as text.
func (p people) kept() string {
	p.t.Helper()
	head, err := p.Head(p.t.Context(), store.Municipality)
	if err != nil {
		p.t.Fatal(err)
	}
	entries, err := p.Entries(p.t.Context(), store.Municipality, head.Seq)
	if err != nil {
		p.t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(e.Kind + " " + e.ID + " " + e.Actor + " " + string(e.Body) + "\n")
	}
	return b.String()
}

func TestFactsNameAccountsButNobodyByName(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	id := p.account("Erika")
	found, err := p.AccountByLogin(t.Context(), "ERIKA")
	if err != nil || found.ID != id || found.Login != "erika" || len(found.Handle) != 32 {
		t.Fatalf("the account by its login: %+v, %v", found, err)
	}
	text := p.kept()
	if !strings.Contains(text, "account 1 command") || !strings.Contains(text, `"why": "new"`) {
		t.Errorf("the fact does not say who made which account, and why: %s", text)
	}
	for _, personal := range []string{"rika", "Muster", "city.example"} {
		if strings.Contains(text, personal) {
			t.Errorf("facts hold %q: %s", personal, text)
		}
	}
	if err := p.change(func(ctx context.Context, f *store.Fact) error { return f.ForgetPerson(ctx, id, "command", "left") }); err != nil {
		t.Fatalf("forget the person: %v", err)
	}
	if _, err := p.AccountByLogin(t.Context(), "erika"); !errors.Is(err, store.ErrNoAccount) {
		t.Errorf("a forgotten person is still found: %v", err)
	}
	if n, err := p.CountAccounts(t.Context()); err != nil || n != 1 {
		t.Errorf("%d accounts are counted, %v; want that forgotten ones count: reading stays closed", n, err)
	}
}

func TestALoginIsOfOnePerson(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	p.account("erika")
	err := p.change(func(ctx context.Context, f *store.Fact) error {
		_, err := f.CreateAccount(ctx, store.Account{Login: "Erika"}, "command", "")
		return err
	})
	if !errors.Is(err, store.ErrLogin) {
		t.Errorf("the same login again: %v, want ErrLogin", err)
	}
}

func TestASessionEnds(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	id, now := p.account("erika"), time.Now()
	idle, expires := 30*time.Minute, now.Add(12*time.Hour)
	p.session(id, "one", expires)
	for _, tt := range []struct {
		sentence string
		at       time.Time
		want     bool
	}{
		{"is good at once", now, true},
		{"is good within the time one may be idle", now.Add(29 * time.Minute), true},
		{"is good again after its use", now.Add(58 * time.Minute), true},
		{"is over when nobody used it", now.Add(89 * time.Minute), false},
	} {
		if _, ok := p.signedIn("one", tt.at, idle); ok != tt.want {
			t.Errorf("a session %s: %v, want %v", tt.sentence, ok, tt.want)
		}
	}
	if _, ok := p.signedIn("one", expires, 100*time.Hour); ok {
		t.Error("a session outlives its time when it is used")
	}
	p.session(id, "two", expires)
	if err := p.StartSession(t.Context(), hash("three"), hash("two"), store.UserSession{Account: id, Stage: store.Whole, ExpiresAt: expires}); err != nil {
		t.Fatal(err)
	}
	if _, ok := p.signedIn("two", now, idle); ok {
		t.Error("the session before the sign-in is good after it")
	}
	three, ok := p.signedIn("three", now, idle)
	if !ok || three.Person.Login != "erika" {
		t.Fatalf("the session after the sign-in is not good: %+v", three)
	}
	p.session(id, "four", expires)
	if err := p.EndSession(t.Context(), id, three.ID, 0); err != nil {
		t.Fatal(err)
	}
	_, first := p.signedIn("three", now, idle)
	_, other := p.signedIn("four", now, idle)
	if first || !other {
		t.Errorf("one of two sessions was ended: it is good %v, the other %v", first, other)
	}
	if err := p.EndSession(t.Context(), p.account("max"), 0, 0); err != nil {
		t.Fatal(err)
	}
	if _, ok := p.signedIn("four", now, idle); !ok {
		t.Error("somebody ended another's sessions")
	}
	if err := p.change(func(ctx context.Context, f *store.Fact) error {
		return f.DisableAccount(ctx, id, true, "command", "lost")
	}); err != nil {
		t.Fatal(err)
	}
	if _, ok := p.signedIn("four", now, idle); ok {
		t.Error("a session of a disabled account is good")
	}
	if n, err := p.ForgetSessions(t.Context(), now.Add(100*24*time.Hour)); err != nil || n < 4 {
		t.Errorf("%d old sessions are forgotten, %v", n, err)
	}
}

func TestACodeIsGoodOnce(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	id, now := p.account("erika"), time.Now()
	put := func(code string, expires time.Time) {
		err := p.change(func(ctx context.Context, f *store.Fact) error {
			return f.PutAccessCode(ctx, hash(code), store.AccessCode{Account: id, Kind: store.Invitation, CreatedBy: "command", ExpiresAt: expires}, "")
		})
		if err != nil {
			t.Fatalf("keep a code: %v", err)
		}
	}
	use := func(code string, at time.Time) (ok bool) {
		err := p.change(func(ctx context.Context, f *store.Fact) (err error) {
			if _, ok, err = f.UseAccessCode(ctx, hash(code), at); err == nil && !ok {
				err = store.ErrNothing
			}
			return err
		})
		if err != nil && !errors.Is(err, store.ErrNothing) {
			t.Fatalf("use a code: %v", err)
		}
		return ok
	}
	put("first", now.Add(time.Hour))
	put("second", now.Add(time.Hour))
	for _, tt := range []struct {
		sentence, code string
		at             time.Time
		want           bool
	}{
		{"a code is void once there is a later one", "first", now, false},
		{"one that nobody made is none", "third", now, false},
		{"one is void after its time", "second", now.Add(time.Hour), false},
		{"one is good", "second", now, true},
		{"once", "second", now, false},
	} {
		if got := use(tt.code, tt.at); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

func TestAStepAndARecoveryCodeAreUsedOnce(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	id := p.account("erika")
	err := p.change(func(ctx context.Context, f *store.Fact) error {
		if err := f.PutCredential(ctx, store.Credential{Account: id, Kind: store.TOTP, Secret: "old"}, id.Actor(), ""); err != nil {
			return err
		}
		if err := f.PutCredential(ctx, store.Credential{Account: id, Kind: store.TOTP, Secret: "sealed"}, id.Actor(), ""); err != nil {
			return err
		}
		return f.PutRecoveryCodes(ctx, id, [][]byte{hash("a"), hash("b")}, id.Actor())
	})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := p.Credentials(t.Context(), id)
	if err != nil || len(kept) != 1 || kept[0].Secret != "sealed" {
		t.Fatalf("credentials = %+v, %v; want the second in place of the first", kept, err)
	}
	for i, want := range []bool{true, false} {
		if ok, err := p.UseStep(t.Context(), kept[0].ID, 100); err != nil || ok != want {
			t.Errorf("use %d of a time step: %v, %v, want %v", i+1, ok, err, want)
		}
		if ok, err := p.UseRecoveryCode(t.Context(), id, hash("a")); err != nil || ok != want {
			t.Errorf("use %d of a recovery code: %v, %v, want %v", i+1, ok, err, want)
		}
	}
	if n, err := p.RecoveryCodes(t.Context(), id); err != nil || n != 1 {
		t.Errorf("%d codes are left, %v, want 1", n, err)
	}
	if text := p.kept(); strings.Contains(text, "sealed") {
		t.Errorf("facts hold a secret: %s", text)
	}
}

func TestGrantsComeAndGoAsFacts(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	id := p.account("erika")
	end := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
	given := access.Grant{Role: access.Operator, Only: []access.Permission{access.Read}, Sites: []energy.SiteID{"hafen"}, Points: []energy.PointID{"ost/heat"}, To: end, By: "account:9", OnBehalfOf: "op"}
	var no int32
	err := p.change(func(ctx context.Context, f *store.Fact) (err error) {
		no, err = f.Grant(ctx, id, given, "contract 7")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	held, err := p.Grants(t.Context(), id)
	if err != nil || len(held) != 1 {
		t.Fatalf("grants = %+v, %v", held, err)
	}
	want, _ := json.Marshal(given)
	if got, _ := json.Marshal(held[0].Grant); string(got) != string(want) {
		t.Errorf("the grant kept is %s, want %s", got, want)
	}
	if err := p.change(func(ctx context.Context, f *store.Fact) error {
		_, err := f.Grant(ctx, id, access.Grant{Role: access.Admin}, "")
		return err
	}); !errors.Is(err, access.ErrScope) {
		t.Errorf("a grant without a scope: %v, want ErrScope", err)
	}
	if err := p.change(func(ctx context.Context, f *store.Fact) error { return f.RevokeGrant(ctx, no, "account:9", "over") }); err != nil {
		t.Fatal(err)
	}
	if held, err := p.Grants(t.Context(), id); err != nil || len(held) != 0 {
		t.Errorf("a revoked grant is still held: %+v, %v", held, err)
	}
	text := p.kept()
	for _, said := range []string{"grant 1 account:9", `"why": "contract 7"`, `"on_behalf_of": "op"`, `"why": "over"`} {
		if !strings.Contains(text, said) {
			t.Errorf("the facts do not say %s: %s", said, text)
		}
	}
}

func TestATokenIsMadeAndRevokedAsAFact(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	text, err := p.CreateToken(t.Context(), store.Token{Name: "edge", Role: access.MeterOperator, Points: []energy.PointID{"hafen/heat"}, CreatedBy: "account:2"})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	token, ok, err := p.Token(t.Context(), store.HashToken(text), now)
	if err != nil || !ok || token.Grant().Everywhere || !access.May([]access.Grant{token.Grant()}, access.Submit, "hafen", "hafen/heat", now) {
		t.Fatalf("the token = %+v, %v, %v", token, ok, err)
	}
	if err := p.change(func(ctx context.Context, f *store.Fact) error {
		return f.RevokeToken(ctx, token.ID, "account:2", "lost")
	}); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := p.Token(t.Context(), store.HashToken(text), now); err != nil || ok {
		t.Errorf("a revoked token is good: %v, %v", ok, err)
	}
	listed, err := p.Tokens(t.Context())
	if err != nil || len(listed) != 1 || listed[0].RevokedAt == nil || listed[0].UsedAt == nil {
		t.Errorf("tokens = %+v, %v; want one, used and revoked", listed, err)
	}
	if facts := p.kept(); strings.Contains(facts, text) || !strings.Contains(facts, "token 1 account:2") {
		t.Errorf("facts of the token: %s", facts)
	}
}

func TestAnOwnTokenEndsWithWhatItsPersonHolds(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	id := p.account("erika")
	now := time.Now()
	var no int32
	if err := p.change(func(ctx context.Context, f *store.Fact) (err error) {
		no, err = f.Grant(ctx, id, access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}, By: "account:9"}, "contract 7")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	own := store.Token{Name: "Laptop von Erika", Owner: id, Role: access.Operator, Only: []access.Permission{access.Read}, Sites: []energy.SiteID{"hafen"}, Expires: now.Add(time.Hour), CreatedBy: id.Actor()}
	text, err := p.CreateToken(t.Context(), own)
	if err != nil {
		t.Fatal(err)
	}
	may := func(what access.Permission) (known, may bool) {
		t.Helper()
		token, ok, err := p.Token(t.Context(), store.HashToken(text), now)
		if err != nil {
			t.Fatal(err)
		}
		return ok, access.May(token.Grants(), what, "hafen", "", now)
	}
	if known, reads := may(access.Read); !known || !reads {
		t.Errorf("an own token: known %v, reads %v", known, reads)
	}
	if _, submits := may(access.Submit); submits {
		t.Error("a token that only reads hands in")
	}
	if err := p.change(func(ctx context.Context, f *store.Fact) error { return f.RevokeGrant(ctx, no, "account:9", "over") }); err != nil {
		t.Fatal(err)
	}
	if known, reads := may(access.Read); !known || reads {
		t.Errorf("once its person's right is revoked: known %v, reads %v", known, reads)
	}
	if err := p.change(func(ctx context.Context, f *store.Fact) error {
		return f.DisableAccount(ctx, id, true, "account:9", "left")
	}); err != nil {
		t.Fatal(err)
	}
	if known, _ := may(access.Read); known {
		t.Error("the token of a disabled account is known")
	}
	if err := p.change(func(ctx context.Context, f *store.Fact) error {
		return f.DisableAccount(ctx, id, false, "account:9", "back")
	}); err != nil {
		t.Fatal(err)
	}
	if known, _ := may(access.Read); known {
		t.Error("a token comes back with its account")
	}
	if err := p.change(func(ctx context.Context, f *store.Fact) error { return f.ForgetPerson(ctx, id, "account:9", "asked") }); err != nil {
		t.Fatal(err)
	}
	listed, err := p.Tokens(t.Context())
	if err != nil || len(listed) != 1 || listed[0].Owner != id || strings.Contains(listed[0].Name, "Erika") {
		t.Errorf("tokens = %+v, %v; want one of the account, without her name", listed, err)
	}
}

func TestNobodyGathersTokens(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	id := p.account("erika")
	own := store.Token{Name: "x", Owner: id, Role: access.Planner, Expires: time.Now().Add(time.Hour), CreatedBy: id.Actor()}
	for i := range store.OwnTokens {
		if _, err := p.CreateToken(t.Context(), own); err != nil {
			t.Fatalf("token %d: %v", i+1, err)
		}
	}
	if text, err := p.CreateToken(t.Context(), own); !errors.Is(err, store.ErrManyTokens) || text != "" {
		t.Errorf("one more than %d: %q, %v", store.OwnTokens, text, err)
	}
	listed, err := p.Tokens(t.Context())
	if err != nil || len(listed) != store.OwnTokens {
		t.Fatalf("%d tokens, %v", len(listed), err)
	}
	if err := p.change(func(ctx context.Context, f *store.Fact) error {
		return f.RevokeToken(ctx, listed[0].ID, id.Actor(), "")
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.CreateToken(t.Context(), own); err != nil {
		t.Errorf("with one revoked: %v", err)
	}
}

func TestFourEyesAreAskedForByOperator(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	for _, want := range []bool{false, true, false} {
		if got, err := p.FourEyes(t.Context(), "op"); err != nil || got != want {
			t.Errorf("four eyes: %v, %v, want %v", got, err, want)
		}
		err := p.change(func(ctx context.Context, f *store.Fact) error {
			return f.SetFourEyes(ctx, "op", !want, "account:1", "")
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
