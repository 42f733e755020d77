package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
)

// accountsBody are the accounts that somebody may look after.
type accountsBody struct {
	All     bool // he manages all accounts; else he sends consultants to his own sites
	List    []accountView
	Roles   []access.Role
	Sites   []energy.SiteID
	Rules   []operatorRule // of operators whose every site he looks after
	Shown   *shownCode
	Trouble string
	Refused refusedForm
	Fresh   bool // he proved a short while ago who he is
}

// operatorRule is whether what one person of an operator submits another approves.
type operatorRule struct {
	Operator, Name string
	FourEyes       bool
}

// accountView is an account with what it may.
type accountView struct {
	store.Account
	Grants []store.HeldGrant
	Yours  bool
}

// shownCode is a code that is shown this once, to be handed on or printed.
type shownCode struct {
	Login, Name, Code, Link string
	ExpiresAt               time.Time
	Sent                    bool
}

// showAccounts answers GET /accounts.
func (s *Server) showAccounts(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.accountsBody(r, p)
	p.Title, p.Body = p.T("accounts.title"), body
	return err
}

// managesAll tells whether the caller looks after all accounts; it errs when he
// looks after none.
func (p *page) managesAll() (bool, error) {
	if p.who.may(access.Accounts, "", "") {
		return true, nil
	}
	if p.who.reach(access.Delegate).Empty() {
		return false, refuse(http.StatusForbidden, "not_allowed", "you may not look after accounts")
	}
	return false, nil
}

func (s *Server) accountsBody(r *http.Request, p *page) (accountsBody, error) {
	all, err := p.managesAll()
	if err != nil {
		return accountsBody{}, err
	}
	own := p.who.reach(access.Delegate)
	body := accountsBody{Fresh: s.desk.Fresh(*p.who.seen), All: all, Roles: []access.Role{access.Operator}, Sites: own.Sites}
	if all {
		body.Roles = access.Roles()
	}
	if all || own.Everywhere { // who is an operator everywhere delegates site by site
		if body.Sites, err = s.options.Store.Sites(r.Context()); err != nil {
			return body, err
		}
	}
	if body.Rules, err = s.operatorRules(r, p); err != nil {
		return body, err
	}
	accounts, err := s.options.Store.Accounts(r.Context())
	if err != nil {
		return body, err
	}
	grants, err := s.options.Store.Grants(r.Context(), 0)
	if err != nil {
		return body, err
	}
	for _, a := range accounts {
		view := accountView{Account: a, Yours: a.ID.Actor() == p.who.actor}
		for _, g := range grants {
			if g.Account == a.ID && (all || g.By == p.who.actor) {
				view.Grants = append(view.Grants, g)
			}
		}
		if all || len(view.Grants) > 0 {
			body.List = append(body.List, view)
		}
	}
	return body, nil
}

// changeAccounts answers POST /accounts/{what}: whoever looks after accounts
// invites, grants, revokes, disables, makes codes. He proved a short while ago who
// he is.
func (s *Server) changeAccounts(w http.ResponseWriter, r *http.Request, p *page) error {
	all, err := p.managesAll()
	if err != nil {
		return err
	}
	if !s.desk.Fresh(*p.who.seen) {
		return s.accountsTrouble(w, r, p, nil, signin.ErrStale)
	}
	var shown *shownCode
	switch r.PathValue("what") {
	case "invite":
		shown, err = s.invite(r, p, all)
	case "grant":
		err = s.giveGrant(r, p, all)
	case "revoke":
		err = s.revokeGrant(r, p, all)
	case "four-eyes":
		err = s.setFourEyes(r, p)
	case "disable", "enable", "reset":
		shown, err = s.lookAfter(r, p, all)
	default:
		return s.notFound(w, r)
	}
	if err != nil || shown != nil {
		return s.accountsTrouble(w, r, p, shown, err)
	}
	http.Redirect(w, r, p.To("/accounts"), http.StatusSeeOther)
	return nil
}

// accountsTrouble shows the accounts again, with what went wrong or a code.
func (s *Server) accountsTrouble(w http.ResponseWriter, r *http.Request, p *page, shown *shownCode, cause error) error {
	trouble := ""
	if cause != nil {
		var err error
		if trouble, err = p.refusal(w, cause); err != nil {
			return err
		}
	}
	body, err := s.accountsBody(r, p)
	body.Trouble, body.Shown = trouble, shown
	if cause != nil {
		body.Refused = refusedIn(r)
	}
	p.Title, p.Body = p.T("accounts.title"), body
	return err
}

// refusal puts in words why something is not granted; errors that are the server's
// are given back.
func (p *page) refusal(w http.ResponseWriter, cause error) (string, error) {
	p.Status = http.StatusUnprocessableEntity
	switch {
	case errors.Is(cause, store.ErrLogin):
		return p.T("accounts.taken"), nil
	case errors.Is(cause, signin.ErrName):
		return p.T("accounts.name"), nil
	case errors.Is(cause, access.ErrScope), errors.Is(cause, access.ErrPeriod), errors.Is(cause, access.ErrRole), errors.Is(cause, access.ErrPointless), errors.Is(cause, access.ErrEndless):
		return p.T("accounts.grant.wrong"), nil
	case errors.Is(cause, access.ErrNotYours):
		return p.T("accounts.grant.notyours"), nil
	}
	return p.trouble(w, cause)
}

// grantOf reads the grant of a form. Whoever does not manage all accounts gives on
// a part of what he has himself.
func (s *Server) grantOf(r *http.Request, p *page, all bool) (access.Grant, error) {
	g := access.Grant{Role: access.Role(r.PostFormValue("role")), By: p.who.actor, OnBehalfOf: strings.TrimSpace(r.PostFormValue("on_behalf_of")), Everywhere: r.PostFormValue("everywhere") != ""}
	for _, one := range strings.FieldsFunc(strings.Join(r.PostForm["site"], " ")+" "+r.PostFormValue("points"), func(c rune) bool { return c == ' ' || c == ',' || c == '\n' || c == '\r' || c == '\t' }) {
		if !strings.Contains(one, "/") {
			g.Sites = append(g.Sites, energy.SiteID(one))
			continue
		}
		if err := energy.PointID(one).Check(); err != nil {
			return g, access.ErrScope
		}
		g.Points = append(g.Points, energy.PointID(one))
	}
	for name, at := range map[string]*time.Time{"from": &g.From, "to": &g.To} {
		text := r.PostFormValue(name)
		if text == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, text, p.Calendar.Location)
		if err != nil {
			return g, access.ErrPeriod
		}
		*at = day.UTC()
	}
	if all {
		return g, g.Check()
	}
	if g.OnBehalfOf == "" && len(g.Sites)+len(g.Points) > 0 {
		g.OnBehalfOf = s.operatorOf(p, g)
	}
	return access.Delegated(p.who.grants, g, s.now())
}

// operatorOf is the operator of the first place of a grant.
func (s *Server) operatorOf(p *page, g access.Grant) string {
	var site energy.SiteID
	if len(g.Sites) > 0 {
		site = g.Sites[0]
	} else {
		site = g.Points[0].Site()
	}
	for _, one := range p.registry.Sites {
		if one.ID == site {
			return one.Operator
		}
	}
	return ""
}

func (s *Server) invite(r *http.Request, p *page, all bool) (*shownCode, error) {
	g, err := s.grantOf(r, p, all)
	if err != nil {
		return nil, err
	}
	a := store.Account{Login: strings.TrimSpace(r.PostFormValue("login")), Name: strings.TrimSpace(r.PostFormValue("name")), Mail: strings.TrimSpace(r.PostFormValue("mail")), Language: string(p.Lang)}
	_, code, err := signin.Invite(r.Context(), s.options.Store, signin.Invitation{Account: a, Grant: g, Why: r.PostFormValue("why"), Send: s.letter(r)}, s.now())
	if err != nil {
		return nil, err
	}
	return s.shown(r, a, code), nil
}

func (s *Server) shown(r *http.Request, a store.Account, code signin.Code) *shownCode {
	return &shownCode{Login: a.Login, Name: a.Name, Code: code.Text, Link: s.codeLink(r, code), ExpiresAt: code.ExpiresAt, Sent: s.options.Mail && store.IsAddress(a.Mail)}
}

// giveGrant gives an account a further grant.
func (s *Server) giveGrant(r *http.Request, p *page, all bool) error {
	g, err := s.grantOf(r, p, all)
	if err != nil {
		return err
	}
	id, err := s.accountIn(r, p, all)
	if err != nil {
		return err
	}
	return signin.Change(r.Context(), s.options.Store, func(ctx context.Context, f *store.Fact) error {
		_, err := f.Grant(ctx, id, g, r.PostFormValue("why"))
		return err
	})
}

// accountIn is the account that a form names, if the caller looks after it.
func (s *Server) accountIn(r *http.Request, p *page, all bool) (store.AccountID, error) {
	number, _ := strconv.ParseInt(r.PostFormValue("account"), 10, 32) // 0 names nobody
	body, err := s.accountsBody(r, p)
	if err != nil {
		return 0, err
	}
	id := store.AccountID(number)
	if !slices.ContainsFunc(body.List, func(v accountView) bool { return v.ID == id }) {
		return 0, refuse(http.StatusNotFound, "no_account", "there is no such account")
	}
	return id, nil
}

func (s *Server) revokeGrant(r *http.Request, p *page, all bool) error {
	number, _ := strconv.ParseInt(r.PostFormValue("grant"), 10, 32) // 0 names nothing
	held, err := s.options.Store.Grants(r.Context(), 0)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(held, func(g store.HeldGrant) bool { return g.ID == int32(number) && (all || g.By == p.who.actor) }) {
		return refuse(http.StatusNotFound, "no_grant", "there is no such grant")
	}
	return signin.Change(r.Context(), s.options.Store, func(ctx context.Context, f *store.Fact) error {
		return f.RevokeGrant(ctx, int32(number), p.who.actor, r.PostFormValue("why"))
	})
}

// lookAfter disables or enables an account, or makes a code of a reset for a
// letter. Only who manages all accounts does: it takes all of an account over.
func (s *Server) lookAfter(r *http.Request, p *page, all bool) (*shownCode, error) {
	if !all {
		return nil, refuse(http.StatusForbidden, "not_allowed", "you may not look after accounts")
	}
	id, err := s.accountIn(r, p, all)
	if err != nil {
		return nil, err
	}
	why := r.PostFormValue("why")
	if what := r.PathValue("what"); what != "reset" {
		return nil, signin.Change(r.Context(), s.options.Store, func(ctx context.Context, f *store.Fact) error {
			return f.DisableAccount(ctx, id, what == "disable", p.who.actor, why)
		})
	}
	code, err := signin.ResetCode(r.Context(), s.options.Store, id, signin.LetterTime, p.who.actor, why, s.now(), s.letter(r))
	if err != nil {
		return nil, err
	}
	account, err := s.options.Store.Account(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return s.shown(r, account, code), nil
}

// operatorRules are those of the operators for all of whose sites the caller may
// send consultants, or of all for whoever manages all accounts.
func (s *Server) operatorRules(r *http.Request, p *page) (rules []operatorRule, err error) {
	whole, err := s.options.Ledger.Registry(store.AsOwner(r.Context())) // sites he may not see count too
	if err != nil {
		return nil, err
	}
	for _, operator := range whole.Operators {
		sites, yours := 0, 0
		for _, site := range whole.Sites {
			if site.Operator != operator.ID {
				continue
			}
			sites++
			if p.who.may(access.Delegate, site.ID, "") {
				yours++
			}
		}
		if sites == 0 || yours < sites {
			continue
		}
		rule := operatorRule{Operator: operator.ID, Name: cmp.Or(operator.Name, operator.ID)}
		if rule.FourEyes, err = s.options.Store.FourEyes(r.Context(), operator.ID); err != nil {
			return nil, err
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// setFourEyes says whether an operator wants two people.
func (s *Server) setFourEyes(r *http.Request, p *page) error {
	rules, err := s.operatorRules(r, p)
	if err != nil {
		return err
	}
	operator := r.PostFormValue("operator")
	if !slices.ContainsFunc(rules, func(o operatorRule) bool { return o.Operator == operator }) {
		return refuse(http.StatusNotFound, "no_operator", "there is no such operator")
	}
	return signin.Change(r.Context(), s.options.Store, func(ctx context.Context, f *store.Fact) error {
		return f.SetFourEyes(ctx, operator, r.PostFormValue("want") == "on", p.who.actor, r.PostFormValue("why"))
	})
}
