package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"heatledger/energy/store"
	"heatledger/reporting/signin"
)

// accountBody is one's own account.
type accountBody struct {
	Person      store.Account
	Session     store.UserSession
	Sessions    []store.UserSession
	Credentials []store.Credential
	Grants      []store.HeldGrant
	HasPassword bool
	HasTOTP     bool
	Recovery    int      // codes left
	Codes       []string // new ones, shown this once
	Setup       signin.Factor
	Passkeys    bool
	Fresh       bool
	Trouble     string
}

// own is a page of whoever is signed in. What changes something is a form.
func (s *Server) own(name string, h pageHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := s.barePage(r)
		r.Body = http.MaxBytesReader(w, r.Body, formMost)
		err := r.ParseForm()
		if err != nil {
			err = refuse(http.StatusBadRequest, "form", "the form is not readable: %v", err)
		} else {
			p, err = s.newPageFor(r, "")
		}
		if err == nil {
			err = s.mayAct(r, p)
		}
		if err == nil {
			err = h(w, r, p)
		}
		if err == nil && p.Body != nil {
			err = s.show(w, p.answerCode(), name, p)
		}
		if err != nil {
			s.showErrorOrSignIn(w, r, err)
		}
	})
}

func (s *Server) accountBody(r *http.Request, p *page) (b accountBody, err error) {
	seen := *p.who.seen
	b = accountBody{Person: seen.Person, Session: seen.UserSession, Passkeys: s.passkeys != nil, Fresh: s.desk.Fresh(seen)}
	if b.Sessions, err = s.options.Store.Sessions(r.Context(), seen.Account, s.now(), signin.Idle); err != nil {
		return b, err
	}
	if b.Credentials, err = s.options.Store.Credentials(r.Context(), seen.Account); err != nil {
		return b, err
	}
	if b.Grants, err = s.options.Store.Grants(r.Context(), seen.Account); err != nil {
		return b, err
	}
	for _, c := range b.Credentials {
		b.HasPassword = b.HasPassword || c.Kind == store.Password
		b.HasTOTP = b.HasTOTP || c.Kind == store.TOTP
	}
	b.Recovery, err = s.options.Store.RecoveryCodes(r.Context(), seen.Account)
	return b, err
}

// showAccount answers GET /account.
func (s *Server) showAccount(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.accountBody(r, p)
	p.Title, p.Body = p.T("account.title"), body
	return err
}

// changeAccount answers POST /account/{what}: what a person changes of the ways by
// which she signs in.
func (s *Server) changeAccount(w http.ResponseWriter, r *http.Request, p *page) error {
	seen, ctx := *p.who.seen, r.Context()
	var codes []string
	var err error
	number, _ := strconv.ParseInt(r.PostFormValue("id"), 10, 32) // 0 names nothing
	switch r.PathValue("what") {
	case "prove":
		err = s.desk.Prove(ctx, seen, r.PostFormValue("password"), s.origin(r))
		s.noted(r, "password again", signin.Started{Account: seen.Account}, err)
	case "password":
		if r.PostFormValue("password") != r.PostFormValue("again") {
			return s.accountTrouble(w, r, p, p.T("signin.differ"), nil)
		}
		var started signin.Started
		if started, err = s.desk.ChangePassword(ctx, seen, r.PostFormValue("old"), r.PostFormValue("password"), s.origin(r)); err == nil {
			s.keep(w, r, cookieSession, started.Cookie)
		}
	case "totp":
		var started signin.Started
		if codes, started, err = s.desk.EndTOTP(ctx, seen, r.PostFormValue("code"), s.origin(r)); err == nil {
			s.keep(w, r, cookieSession, started.Cookie)
		}
	case "recovery":
		codes, err = s.desk.NewRecoveryCodes(ctx, seen)
	case "drop":
		err = s.desk.Drop(ctx, seen, int32(number))
	case "end":
		err = s.options.Store.EndSession(ctx, seen.Account, int32(number), seen.ID)
	default:
		return s.notFound(w, r)
	}
	if err != nil || len(codes) > 0 {
		return s.accountTrouble(w, r, p, "", codes, err)
	}
	next := "/account"
	if wanted := r.PostFormValue("next"); wanted != "" {
		next = within(wanted)
	}
	http.Redirect(w, r, p.To(next), http.StatusSeeOther)
	return nil
}

// accountTrouble shows the account again, with what went wrong or what is shown
// this once.
func (s *Server) accountTrouble(w http.ResponseWriter, r *http.Request, p *page, trouble string, codes []string, causes ...error) error {
	if trouble != "" {
		p.Status = http.StatusUnprocessableEntity
	}
	if err := errors.Join(causes...); err != nil {
		if trouble, err = p.trouble(w, err); err != nil {
			return err
		}
		if p.Status == http.StatusUnauthorized { // who signed in is known; it is the form that is wrong
			p.Status = http.StatusUnprocessableEntity
		}
	}
	body, err := s.accountBody(r, p)
	body.Trouble, body.Codes = trouble, codes
	p.Title, p.Body = p.T("account.title"), body
	return err
}

// showTOTP answers GET /account/totp: the picture for an app, and the secret to be
// typed.
func (s *Server) showTOTP(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.accountBody(r, p)
	if err == nil && body.Fresh {
		body.Setup = s.desk.BeginTOTP(*p.who.seen, s.issuer(p))
	}
	p.Title, p.Body = p.T("account.title"), body
	return err
}

// giveQR answers GET /account/totp.svg.
func (s *Server) giveQR(w http.ResponseWriter, _ *http.Request, p *page) error {
	if !s.desk.Fresh(*p.who.seen) {
		return refuse(http.StatusForbidden, "stale", "enter your password again first")
	}
	picture, err := signin.QR(s.desk.BeginTOTP(*p.who.seen, s.issuer(p)).URL)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = w.Write(picture) // who has gone does not see it
	return nil
}

// issuer is how an app calls this Heatledger.
func (s *Server) issuer(p *page) string {
	if p.Town == "" {
		return "Heatledger"
	}
	return "Heatledger " + p.Town
}

// seconds is a length of time as Retry-After has it.
func seconds(d time.Duration) string { return strconv.Itoa(int(d/time.Second) + 1) }
