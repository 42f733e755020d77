package web_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
)

var (
	ownTokenText  = regexp.MustCompile(`<code class="secret">(hl_[^<]+)</code>`)
	ownTokenRight = regexp.MustCompile(`<option value="(\d+)"[^>]*>([^<]+)`)
	ownTokenID    = regexp.MustCompile(`name="id" value="(\d+)"`)
)

// ownToken makes a token of the right whose words begin so, and gives a program that
// has it.
func (p *person) ownToken(right string, more ...string) *person {
	p.t.Helper()
	number := ""
	for _, m := range ownTokenRight.FindAllStringSubmatch(p.get("/account/tokens").text, -1) {
		if strings.HasPrefix(m[2], right) {
			number = m[1]
		}
	}
	a := p.post("/account/tokens/create", append([]string{"right", number, "days", "30", "name", "QGIS"}, more...)...)
	text := ownTokenText.FindStringSubmatch(a.text)
	if a.code != http.StatusOK || text == nil {
		p.t.Fatalf("make a token of %q: %d %s", right, a.code, notice(a.text))
	}
	program := p.office.person(p.t)
	program.header.Set("Authorization", "Bearer "+text[1])
	return program
}

// revoked ends a right of somebody.
func (o *office) revoked(t *testing.T, id store.AccountID) {
	t.Helper()
	held, err := o.store.Grants(t.Context(), id)
	if err != nil || len(held) == 0 {
		t.Fatalf("the rights of account %d: %v, %v", id, held, err)
	}
	if err := signin.Change(t.Context(), o.store, func(ctx context.Context, f *store.Fact) error {
		return f.RevokeGrant(ctx, held[0].ID, "test", "over")
	}); err != nil {
		t.Fatal(err)
	}
}

// TestAProgramOfAPlannerSeesWhatHeSees asks the same with a planner's session and with
// a token that he made for himself.
func TestAProgramOfAPlannerSeesWhatHeSees(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "petra")
	petra := o.person(t).in("petra")
	program := petra.ownToken("Heat planner")
	for path, want := range map[string]int{"/api/v1/heat/sources" + ofJanuary: 200, "/api/v1/heat/sources/nord" + ofJanuary: 200, "/api/v1/heat/sources/nord/series" + inJanuary: 200,
		"/ogc/collections/heat_sources/items?f=json": 200, "/api/v1/heat/sources/fern" + ofJanuary: 404, "/api/v1/sites/nord": 403, "/api/v1/heat/secured" + ofJanuary + "&site=nord": 200} {
		his, its := petra.get(path), program.get(path)
		if its.code != want || its.code != his.code || want == 200 && stamped.ReplaceAllString(its.text, "") != stamped.ReplaceAllString(his.text, "") {
			t.Errorf("%s: he is answered %d, his program %d, want %d and the same: %s", path, his.code, its.code, want, difference(its.text, his.text))
		}
	}
	for _, path := range []string{"/account", "/account/tokens", "/tokens", "/accounts"} {
		if a := program.get(path); a.code != 403 {
			t.Errorf("a program at %s: %d, want 403", path, a.code)
		}
	}
	list := petra.get("/account/tokens").text
	if ownTokenText.MatchString(list) || !strings.Contains(list, "QGIS") || strings.Contains(plain(list), "last used: never") {
		t.Errorf("the list shows the token itself, or not that it was used: %s", plain(list))
	}
}

var stamped = regexp.MustCompile(`"timeStamp": ?"[^"]*"`)

func TestAnOwnTokenIsNoWiderThanItsMaker(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "olga", operatorOf("hafen"), access.Grant{Role: access.Planner, Everywhere: true})
	o.account(t, "rita", access.Grant{Role: access.Auditor, Everywhere: true})
	olga, rita := o.person(t).in("olga"), o.person(t).in("rita")
	right := func(p *person) string { return ownTokenRight.FindStringSubmatch(p.get("/account/tokens").text)[1] }
	operates := right(olga)
	for sentence, form := range map[string][]string{
		"of another's right":  {"right", right(rita), "days", "30"},
		"of no right":         {"right", "9999", "days", "30"},
		"for ten years":       {"right", operates, "days", "3650"},
		"without an end":      {"right", operates},
		"that ended long ago": {"right", operates, "days", "-1"},
	} {
		if a := olga.post("/account/tokens/create", append(form, "name", "x", "role", "admin", "everywhere", "1")...); a.code != 422 || ownTokenText.MatchString(a.text) || notice(a.text) == "" {
			t.Errorf("a token %s: %d %s, want 422", sentence, a.code, notice(a.text))
		}
	}
	reads, submits := olga.ownToken("Operator"), olga.ownToken("Operator", "submit", "1")
	const row = "point,at,value\nhafen/grid,2025-06-03T00:00:00Z,1\n"
	hand := func(p *person) int {
		a, err := http.NewRequestWithContext(t.Context(), "POST", o.URL+"/api/v1/readings", strings.NewReader(row))
		if err != nil {
			t.Fatal(err)
		}
		a.Header = p.header.Clone()
		a.Header.Set("Content-Type", "text/csv")
		answer, err := p.client.Do(a)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	if code := hand(reads); code != 403 {
		t.Errorf("a token that only reads hands in: %d, want 403", code)
	}
	if code := hand(submits); code != 200 {
		t.Errorf("a token that may hand in: %d", code)
	}
	for path, want := range map[string]int{"/api/v1/sites/hafen": 200, "/api/v1/sites/kaiserlei": 404} {
		if a := reads.get(path); a.code != want {
			t.Errorf("an operator's own token at %s: %d, want %d", path, a.code, want)
		}
	}
	id := ownTokenID.FindStringSubmatch(olga.get("/account/tokens").text)[1]
	if a := rita.post("/account/tokens/revoke", "id", id); a.code != 404 {
		t.Errorf("somebody else revokes it: %d, want 404", a.code)
	}
	o.ahead.Store(int64(signin.FreshTime + time.Second))
	if a := olga.post("/account/tokens/create", "right", operates, "days", "30", "name", "x"); a.code != 403 {
		t.Errorf("a token long after the sign-in: %d, want 403", a.code)
	}
	if a := olga.post("/account/tokens/revoke", "id", id); a.code != 303 {
		t.Errorf("revoke it long after the sign-in: %d, want 303: what takes away does not wait", a.code)
	}
	if a := submits.get("/api/v1/sites/hafen"); a.code != 401 {
		t.Errorf("the revoked token: %d, want 401", a.code)
	}
}

func TestAnOwnTokenEndsWithItsPersonsRights(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	olgas := o.account(t, "olga", operatorOf("hafen"))
	ottos := o.account(t, "otto", operatorOf("hafen"))
	soon := operatorOf("hafen")
	soon.To = time.Now().Add(48 * time.Hour)
	o.account(t, "cora", soon)
	olga, otto, cora := o.person(t).in("olga"), o.person(t).in("otto"), o.person(t).in("cora")
	of := map[string]*person{"olga": olga.ownToken("Operator"), "otto": otto.ownToken("Operator"), "cora": cora.ownToken("Operator")}
	made := otto.post("/tokens/create", "role", "operator", "site", "hafen", "to", time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "name", "DCIM", "why", "x")
	of["otto's site"] = o.person(t)
	of["otto's site"].header.Set("Authorization", "Bearer "+ownTokenText.FindStringSubmatch(made.text)[1])
	expect := func(when string, codes map[string]int) {
		t.Helper()
		for who, want := range codes {
			if a := of[who].get("/api/v1/sites/hafen"); a.code != want {
				t.Errorf("%s: a program of %s is answered %d, want %d", when, who, a.code, want)
			}
		}
	}
	expect("at first", map[string]int{"olga": 200, "otto": 200, "cora": 200, "otto's site": 200})
	o.revoked(t, olgas)
	expect("without the right", map[string]int{"olga": 403, "otto": 200})
	if text := plain(olga.get("/account/tokens").text); !strings.Contains(text, "rests") {
		t.Errorf("the list does not say that the token rests: %s", text)
	}
	if err := signin.Change(t.Context(), o.store, func(ctx context.Context, f *store.Fact) error {
		return f.DisableAccount(ctx, ottos, true, "test", "left")
	}); err != nil {
		t.Fatal(err)
	}
	expect("with the account closed", map[string]int{"otto": 401, "otto's site": 401, "cora": 200})
	o.ahead.Store(int64(49 * time.Hour))
	expect("when the role has ended", map[string]int{"cora": 401})
}

// What a person's own program hands in, that person does not release.
func TestAnOwnTokenIsNoSecondPerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	o.account(t, "otto", operatorOf("hafen"))
	wantTwo(t, o.store)
	olga, otto := o.person(t).in("olga"), o.person(t).in("otto")
	program := olga.ownToken("Operator", "submit", "1")
	sent := program.send("/api/v1/submissions?dry_run=true", "a.csv", []byte("point;at;value\nhafen/it;2025-06-03T00:00:00Z;5\n"))
	id := regexp.MustCompile(`"id": ?"([^"]+)"`).FindStringSubmatch(sent.text)
	if id == nil {
		t.Fatalf("hand in: %d %s", sent.code, sent.text)
	}
	if a := program.post("/api/v1/submissions/" + id[1] + "/submit"); a.code >= 300 {
		t.Fatalf("submit: %d %s", a.code, a.text)
	}
	if a := olga.post("/hand-in/" + id[1] + "/approve"); a.code != http.StatusForbidden {
		t.Errorf("olga approves what her program handed in: %d, want 403", a.code)
	}
	if a := otto.post("/hand-in/" + id[1] + "/approve"); a.code != http.StatusSeeOther {
		t.Errorf("otto approves it: %d %s", a.code, plain(a.text))
	}
}
