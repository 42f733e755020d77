package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
)

// ownTokensBody are the tokens that somebody made for himself, and a new one this once.
type ownTokensBody struct {
	List    []ownTokenView
	Rights  []ownRight // of which a token can be made
	Days    []int      // how long it may hold
	Submits bool       // one of the rights hands in
	Text    string
	Address string // of this server, for the example
	Trouble string
	Entered url.Values // where it was refused
	Fresh   bool
}

// ownTokenView is a token of one's own. Asleep: nothing is left of the right it is of.
type ownTokenView struct {
	store.Token
	Good, Asleep bool
}

// ownRight is a right of which somebody can make a token.
type ownRight struct {
	store.HeldGrant
	Chosen bool
}

// rightsForTokens are those of a person's rights of which a token can be made now.
func rightsForTokens(held []store.HeldGrant, now time.Time) (rights []ownRight) {
	for _, h := range held {
		runs := !now.Before(h.From) && (h.To.IsZero() || now.Before(h.To))
		if programmed := programmed(h.Grant); runs && len(programmed) > 0 {
			h.Only = programmed
			rights = append(rights, ownRight{HeldGrant: h})
		}
	}
	return rights
}

// programmed is what a program may do of a grant.
func programmed(g access.Grant) []access.Permission {
	return slices.DeleteFunc(g.Role.Programmed(), func(p access.Permission) bool { return len(g.Only) > 0 && !slices.Contains(g.Only, p) })
}

func (s *Server) ownTokensBody(r *http.Request, p *page) (b ownTokensBody, err error) {
	now, account := s.now(), p.who.seen.Account
	b = ownTokensBody{Fresh: s.desk.Fresh(*p.who.seen), Days: []int{30, 90, 365}, Address: cmp.Or(s.options.PublicURL, "http://"+r.Host)}
	held, err := s.options.Store.Grants(r.Context(), account)
	if err != nil {
		return b, err
	}
	b.Rights = rightsForTokens(held, now)
	for i, right := range b.Rights {
		b.Rights[i].Chosen = r.PostFormValue("right") == strconv.Itoa(int(right.ID))
		b.Submits = b.Submits || slices.Contains(right.Only, access.Submit)
	}
	tokens, err := s.options.Store.Tokens(r.Context())
	for _, t := range tokens {
		if t.Owner != account {
			continue
		}
		t.Held = p.who.grants
		one := ownTokenView{Token: t, Good: t.RevokedAt == nil && now.Before(t.Expires)}
		one.Asleep = one.Good && !slices.ContainsFunc(access.Permissions(), func(p access.Permission) bool { return !access.Of(t.Grants(), p, now).Empty() })
		b.List = append(b.List, one)
	}
	return b, err
}

// showOwnTokens answers GET /account/tokens.
func (s *Server) showOwnTokens(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.ownTokensBody(r, p)
	p.Title, p.Body = p.T("owntokens.title"), body
	return err
}

// changeOwnTokens answers POST /account/tokens/{what}: whoever is signed in, and proved
// a short while ago who he is, makes a token for programs of his own. To end one he
// need not prove anything: it takes away, and may be urgent.
func (s *Server) changeOwnTokens(w http.ResponseWriter, r *http.Request, p *page) error {
	text, cause := "", error(nil)
	switch what := r.PathValue("what"); {
	case what == "revoke":
		cause = s.revokeOwnToken(r, p)
	case what == "create" && !s.desk.Fresh(*p.who.seen):
		cause = signin.ErrStale
	case what == "create":
		text, cause = s.makeOwnToken(r, p)
	default:
		return s.notFound(w, r)
	}
	if cause == nil && text == "" {
		http.Redirect(w, r, p.To("/account/tokens"), http.StatusSeeOther)
		return nil
	}
	trouble := ""
	if cause != nil {
		var err error
		if trouble, err = p.ownTokenTrouble(w, cause); err != nil {
			return err
		}
	}
	body, err := s.ownTokensBody(r, p)
	body.Text, body.Trouble = text, trouble
	if cause != nil {
		body.Entered = r.PostForm
	}
	p.Title, p.Body = p.T("owntokens.title"), body
	return err
}

// ownTokenTrouble puts in words why a token was not made.
func (p *page) ownTokenTrouble(w http.ResponseWriter, cause error) (string, error) {
	p.Status = http.StatusUnprocessableEntity
	switch {
	case errors.Is(cause, store.ErrManyTokens):
		return p.T("owntokens.many", strconv.Itoa(store.OwnTokens)), nil
	case errors.Is(cause, access.ErrTooLong), errors.Is(cause, access.ErrPeriod), errors.Is(cause, access.ErrEndless):
		return p.T("owntokens.days.wrong"), nil
	}
	return p.refusal(w, cause)
}

// makeOwnToken makes a token of one of the person's own rights and gives its text,
// which is kept nowhere. It ends with that right at the latest.
func (s *Server) makeOwnToken(r *http.Request, p *page) (string, error) {
	now, account := s.now(), p.who.seen.Account
	held, err := s.options.Store.Grants(r.Context(), account)
	if err != nil {
		return "", err
	}
	rights := rightsForTokens(held, now)
	i := slices.IndexFunc(rights, func(right ownRight) bool { return strconv.Itoa(int(right.ID)) == r.PostFormValue("right") })
	if i < 0 {
		return "", access.ErrNotYours
	}
	days, err := strconv.Atoi(r.PostFormValue("days"))
	if err != nil || days < 1 || days > 366 {
		return "", access.ErrPeriod
	}
	wanted := access.Grant{Role: rights[i].Role, Everywhere: rights[i].Everywhere, Sites: rights[i].Sites, Points: rights[i].Points, By: p.who.actor, To: now.AddDate(0, 0, days)}
	if end := rights[i].To; !end.IsZero() && end.Before(wanted.To) {
		wanted.To = end
	}
	for _, permission := range rights[i].Only {
		if permission != access.Submit || r.PostFormValue("submit") != "" {
			wanted.Only = append(wanted.Only, permission)
		}
	}
	g, err := access.ForOneself(p.who.grants, wanted, now)
	if err != nil {
		return "", err
	}
	name := strings.Join(strings.Fields(r.PostFormValue("name")), " ")
	if name == "" || len(name) > 200 {
		name = "token"
	}
	return s.options.Store.CreateToken(r.Context(), store.Token{Name: name, Owner: account, Role: g.Role, Sites: g.Sites, Points: g.Points, Only: g.Only, Expires: g.To, CreatedBy: p.who.actor})
}

// revokeOwnToken ends a token of the person's own: another's is not told apart from
// none.
func (s *Server) revokeOwnToken(r *http.Request, p *page) error {
	number, _ := strconv.ParseInt(r.PostFormValue("id"), 10, 32) // 0 names nothing
	tokens, err := s.options.Store.Tokens(r.Context())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(tokens, func(t store.Token) bool { return t.ID == int32(number) && t.Owner == p.who.seen.Account }) {
		return refuse(http.StatusNotFound, "unknown_token", "there is no such token")
	}
	return signin.Change(r.Context(), s.options.Store, func(ctx context.Context, f *store.Fact) error {
		return f.RevokeToken(ctx, int32(number), p.who.actor, "")
	})
}
