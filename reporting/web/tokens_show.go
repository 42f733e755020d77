package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
)

// tokensBody are the tokens that somebody may see, and a new one this once.
type tokensBody struct {
	List    []tokenView
	Roles   []access.Role
	Sites   []energy.SiteID
	Text    string
	Trouble string
	Refused refusedForm
	Fresh   bool // he proved a short while ago who he is
}

// tokenView is a token with whether it is still good.
type tokenView struct {
	store.Token
	Good bool
}

// mayToken errs when the caller makes no tokens; all tells that he sees everybody's.
func (p *page) mayToken() (all bool, err error) {
	if p.who.may(access.Accounts, "", "") {
		return true, nil
	}
	if p.who.reach(access.Tokens).Empty() {
		return false, refuse(http.StatusForbidden, "not_allowed", "you may not make tokens")
	}
	return false, nil
}

func (s *Server) tokensBody(r *http.Request, p *page) (tokensBody, error) {
	all, err := p.mayToken()
	if err != nil {
		return tokensBody{}, err
	}
	body := tokensBody{Fresh: s.desk.Fresh(*p.who.seen), Roles: []access.Role{access.Operator, access.Collector}, Sites: p.who.reach(access.Tokens).Sites}
	if all {
		body.Roles = access.Roles()
		if body.Sites, err = s.options.Store.Sites(r.Context()); err != nil {
			return body, err
		}
	}
	tokens, err := s.options.Store.Tokens(r.Context())
	now := s.now()
	for _, t := range tokens {
		if all || t.CreatedBy == p.who.actor {
			body.List = append(body.List, tokenView{t, t.RevokedAt == nil && (t.Expires.IsZero() || now.Before(t.Expires))})
		}
	}
	return body, err
}

// showTokens answers GET /tokens.
func (s *Server) showTokens(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.tokensBody(r, p)
	p.Title, p.Body = p.T("tokens.title"), body
	return err
}

// changeTokens answers POST /tokens/{what}.
func (s *Server) changeTokens(w http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.tokensBody(r, p)
	if err != nil {
		return err
	}
	text, cause := "", error(nil)
	switch what := r.PathValue("what"); {
	case !s.desk.Fresh(*p.who.seen):
		cause = signin.ErrStale
	case what == "create":
		text, cause = s.makeToken(r, p)
	case what == "revoke":
		number, _ := strconv.ParseInt(r.PostFormValue("id"), 10, 32) // 0 names nothing
		if !slices.ContainsFunc(body.List, func(t tokenView) bool { return t.ID == int32(number) }) {
			return refuse(http.StatusNotFound, "unknown_token", "there is no such token")
		}
		cause = signin.Change(r.Context(), s.options.Store, func(ctx context.Context, f *store.Fact) error {
			return f.RevokeToken(ctx, int32(number), p.who.actor, r.PostFormValue("why"))
		})
	default:
		return s.notFound(w, r)
	}
	if cause == nil && text == "" {
		http.Redirect(w, r, p.To("/tokens"), http.StatusSeeOther)
		return nil
	}
	trouble := ""
	if cause != nil {
		if trouble, err = p.refusal(w, cause); err != nil {
			return err
		}
	}
	if body, err = s.tokensBody(r, p); err != nil {
		return err
	}
	body.Text, body.Trouble = text, trouble
	if cause != nil {
		body.Refused = refusedIn(r)
	}
	p.Title, p.Body = p.T("tokens.title"), body
	return nil
}

// makeToken makes a token and gives its text, which is kept nowhere.
func (s *Server) makeToken(r *http.Request, p *page) (string, error) {
	g, err := s.grantOf(r, p, true) // as it was asked for; what of it may be given is asked next
	if err != nil {
		return "", err
	}
	if g, err = access.ForProgram(p.who.grants, g, s.now()); err != nil {
		return "", err
	}
	name := strings.TrimSpace(r.PostFormValue("name"))
	if name == "" {
		name = "token"
	}
	token := store.Token{Name: name, Role: g.Role, Sites: g.Sites, Points: g.Points, Only: g.Only, Expires: g.To, CreatedBy: p.who.actor}
	if g.Role == access.Operator && !p.who.may(access.Accounts, "", "") { // it reads in his name, and as long as he may
		token.Owner = p.who.seen.Account
	}
	return s.options.Store.CreateToken(r.Context(), token)
}
