package web

import (
	"net/http"
	"net/url"
	"slices"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
)

// lookingOn is what a session may of a role that asks for a second factor until it has
// proved one: nothing that changes anything or shows accounts and tokens.
func lookingOn() []access.Permission {
	return []access.Permission{access.Read, access.Audit, access.Plan, access.Published}
}

// needsSecond tells whether a session lacks the second factor that a role of its person
// asks for (ASVS 4.3.1). Guests of a demonstration have nothing to set one up with.
func (s *Server) needsSecond(seen store.Seen) bool {
	if seen.Stage != store.Whole || signin.Twofold(seen.Way) || seen.Way == signin.ByGuestLink && s.guests.open() {
		return false
	}
	return slices.ContainsFunc(seen.Grants, func(g access.Grant) bool {
		return s.asksSecond(g.Role) && !access.Of([]access.Grant{{Role: g.Role, Everywhere: true, From: g.From, To: g.To}}, access.Published, s.now()).Empty()
	})
}

// asksSecond tells whether a role asks for a second factor here.
func (s *Server) asksSecond(r access.Role) bool { return slices.Contains(s.options.SecondFactor, r) }

// narrowed are the grants of a session that lacks its second factor.
func (s *Server) narrowed(grants []access.Grant) (left []access.Grant) {
	for _, g := range grants {
		if s.asksSecond(g.Role) {
			only := g.Only
			g.Only = slices.DeleteFunc(lookingOn(), func(p access.Permission) bool {
				return !g.Role.Allows(p) || len(only) > 0 && !slices.Contains(only, p)
			})
			if len(g.Only) == 0 { // which would be all of the role
				continue
			}
		}
		left = append(left, g)
	}
	return left
}

// errSecond refuses what a session may not before its second factor.
func errSecond() error {
	return refuse(http.StatusForbidden, "second_factor", "your role asks for a second factor first: set one up, or use it, at /account/second")
}

// mayAct errs where a session that lacks its second factor sends a form: it proves who
// it is, ends sessions, and sets up its first factor. Whoever has one already uses that,
// for a password alone shall not put another one beside it.
func (s *Server) mayAct(r *http.Request, p *page) error {
	if !p.who.short || r.Method != http.MethodPost {
		return nil
	}
	switch r.URL.Path {
	case "/account/prove", "/account/end", "/account/second":
		return nil
	case "/account/totp", "/account/password":
		return s.mayEnrol(r, p.who)
	}
	return errSecond()
}

// mayEnrol errs where a session may not set up a factor: it lacks one that its account
// has.
func (s *Server) mayEnrol(r *http.Request, who caller) error {
	if !who.short {
		return nil
	}
	totp, passkey, err := s.factors(r, who)
	if err == nil && (totp || passkey) {
		err = errSecond()
	}
	return err
}

// factors tells which second factors somebody has.
func (s *Server) factors(r *http.Request, who caller) (totp, passkey bool, err error) {
	all, err := s.options.Store.Credentials(r.Context(), who.seen.Account)
	for _, c := range all {
		totp, passkey = totp || c.Kind == store.TOTP, passkey || c.Kind == store.Passkey
	}
	return totp, passkey, err
}

// Short tells whether the reader's role asks for a second factor that he has not used:
// pages say so, and where it is set up.
func (p *page) Short() bool { return p.who.short && !p.At("/account/second") }

// secondBody is what the page shows on which a second factor is set up or used.
type secondBody struct {
	accountBody
	Next       string
	HasPasskey bool
}

// Here is the page itself, to come back to once its reader proved who he is.
func (b secondBody) Here() string { return secondAt(b.Next) }

// toSecond leads somebody to where he sets up or uses the second factor that his role
// asks for, and back here afterwards.
func (s *Server) toSecond(w http.ResponseWriter, r *http.Request) {
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet {
		next = home(r)
	}
	http.Redirect(w, r, s.barePage(r).To(secondAt(next)), http.StatusSeeOther)
}

// secondAt is the address of that page, with where it leads on to.
func secondAt(next string) string {
	if next = within(next); next == "/" { // which stands for where each begins
		return "/account/second"
	}
	return "/account/second?" + url.Values{"next": {next}}.Encode()
}

// showSecondNeeded answers GET /account/second.
func (s *Server) showSecondNeeded(w http.ResponseWriter, r *http.Request, p *page) error {
	next := r.URL.Query().Get("next")
	if !p.who.short {
		return s.lead(w, r, p, s.kept(r, cookieSession), next)
	}
	body, err := s.secondBody(r, p, next)
	p.Title, p.Body = p.T("needed.title"), body
	return err
}

func (s *Server) secondBody(r *http.Request, p *page, next string) (b secondBody, err error) {
	b = secondBody{Next: within(next)}
	if b.accountBody, err = s.accountBody(r, p); err != nil {
		return b, err
	}
	if b.HasTOTP, b.HasPasskey, err = s.factors(r, p.who); err != nil {
		return b, err
	}
	if b.Fresh && !b.HasTOTP && !b.HasPasskey {
		b.Setup = s.desk.BeginTOTP(*p.who.seen, s.issuer(p))
	}
	return b, nil
}

// takeSecondNeeded answers POST /account/second: a code of the app that was just set
// up, or of the one that the account has.
func (s *Server) takeSecondNeeded(w http.ResponseWriter, r *http.Request, p *page) error {
	next := r.PostFormValue("next")
	if !p.who.short {
		return s.lead(w, r, p, s.kept(r, cookieSession), next)
	}
	body, err := s.secondBody(r, p, next)
	if err != nil {
		return err
	}
	p.Title, p.Body = p.T("needed.title"), &body
	var started signin.Started
	switch {
	case body.HasTOTP:
		started, err = s.desk.Second(r.Context(), *p.who.seen, r.PostFormValue("code"), s.origin(r))
	case body.HasPasskey:
		return errSecond()
	default:
		body.Codes, started, err = s.desk.EndTOTP(r.Context(), *p.who.seen, r.PostFormValue("code"), s.origin(r))
	}
	s.noted(r, "second factor", started, err)
	if err != nil {
		body.Trouble, err = p.trouble(w, err)
		p.Status = max(p.Status, http.StatusUnprocessableEntity) // who signed in is known; it is the form that is wrong
		return err
	}
	s.keep(w, r, cookieSession, started.Cookie)
	if len(body.Codes) > 0 { // they are shown this once
		p.who.short = false
		return nil
	}
	p.Body = nil
	return s.lead(w, r, p, started.Cookie, body.Next)
}
