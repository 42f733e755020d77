package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"heatledger/energy/store"
	"heatledger/reporting/chart"
	"heatledger/reporting/signin"
)

// formMost is how large a form may be.
const formMost = 64 << 10

// signinBody is what the pages of signing in show.
type signinBody struct {
	Next     string
	Login    string
	Code     string
	Trouble  string // what went wrong, in words; "": nothing
	Provider string // name of the outside provider; "": there is none
	Passkeys bool
	Mail     bool // codes can go by mail
	Done     bool
	Guests   bool // this is a demonstration that prints new links
}

// open is a page that anybody may ask for. What it is sent is read as a form.
func (s *Server) open(name string, h pageHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := s.barePage(r)
		r.Body = http.MaxBytesReader(w, r.Body, formMost)
		err := r.ParseForm()
		if err != nil {
			err = refuse(http.StatusBadRequest, "form", "the form is not readable: %v", err)
		} else if !s.confidential(r) {
			err = refuse(http.StatusForbidden, "needs_tls", "signing in needs TLS: open the address that begins with https")
		} else {
			p.peopled, err = s.hasAccounts(r.Context())
		}
		if err == nil {
			err = h(w, r, p)
		}
		if err == nil && p.Body != nil {
			err = s.show(w, p.answerCode(), name, p)
		}
		if err != nil {
			s.showError(w, r, err)
		}
	})
}

func (s *Server) signinBody(r *http.Request) signinBody {
	b := signinBody{Next: within(r.FormValue("next")), Login: r.FormValue("login"), Passkeys: s.passkeys != nil, Mail: s.options.Mail, Guests: s.invites(r)}
	if s.provider != nil {
		b.Provider = s.provider.Name
	}
	return b
}

// trouble puts in words why somebody did not get in; errors that are the server's
// are given back.
func (p *page) trouble(w http.ResponseWriter, err error) (string, error) {
	var many signin.TooManyError
	p.Status = http.StatusUnauthorized
	switch {
	case errors.As(err, &many):
		p.Status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", strconv.Itoa(int(many.After/time.Second)+1))
		return p.T("signin.many", strconv.Itoa(int(many.After/time.Minute)+1)), nil
	case errors.Is(err, signin.ErrWeak):
		p.Status = http.StatusUnprocessableEntity
		return p.T("signin.weak", strconv.Itoa(signin.PasswordLeast)), nil
	case errors.Is(err, signin.ErrBreached):
		p.Status = http.StatusUnprocessableEntity
		return p.T("signin.breached", strconv.Itoa(signin.PasswordLeast)), nil
	case errors.Is(err, signin.ErrCode):
		return p.T("signin.badcode"), nil
	case errors.Is(err, signin.ErrUnknown):
		return p.T("signin.unknown"), nil
	case errors.Is(err, signin.ErrStale):
		p.Status = http.StatusForbidden
		return p.T("signin.stale"), nil
	case errors.Is(err, signin.ErrWrong):
		return p.T("signin.wrong"), nil
	}
	return "", err
}

// showSignIn answers GET /signin.
func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request, p *page) error {
	p.Title, p.Body = p.T("signin.title"), s.signinBody(r)
	if _, ok, err := s.signedIn(r, ""); err != nil || ok {
		p.Body = nil
		if ok {
			return s.lead(w, r, p, s.kept(r, cookieSession), r.FormValue("next"))
		}
		return err
	}
	return nil
}

// takeSignIn answers POST /signin: a name and a password.
func (s *Server) takeSignIn(w http.ResponseWriter, r *http.Request, p *page) error {
	p.Title = p.T("signin.title")
	body := s.signinBody(r)
	started, err := s.desk.Password(r.Context(), r.PostFormValue("login"), r.PostFormValue("password"), s.origin(r))
	s.noted(r, "password", started, err)
	if err != nil {
		body.Trouble, err = p.trouble(w, err)
		p.Body = body
		return err
	}
	s.keep(w, r, cookieSession, started.Cookie)
	if started.Half {
		http.Redirect(w, r, p.To("/signin/code?"+url.Values{"next": {body.Next}}.Encode()), http.StatusSeeOther)
		return nil
	}
	return s.lead(w, r, p, started.Cookie, body.Next)
}

// showSecond answers GET /signin/code; takeSecond its POST: the second factor.
func (s *Server) showSecond(_ http.ResponseWriter, r *http.Request, p *page) error {
	p.Title, p.Body = p.T("signin.second"), s.signinBody(r)
	return nil
}

func (s *Server) takeSecond(w http.ResponseWriter, r *http.Request, p *page) error {
	body := s.signinBody(r)
	half, ok, err := s.visitor(r)
	if err != nil {
		return err
	}
	if !ok || half.Stage != store.Half {
		http.Redirect(w, r, p.To("/signin?"+url.Values{"next": {body.Next}}.Encode()), http.StatusSeeOther)
		return nil
	}
	started, err := s.desk.Second(r.Context(), half, r.PostFormValue("code"), s.origin(r))
	s.noted(r, "second factor", started, err)
	if err != nil {
		body.Trouble, err = p.trouble(w, err)
		p.Title, p.Body = p.T("signin.second"), body
		return err
	}
	s.keep(w, r, cookieSession, started.Cookie)
	return s.lead(w, r, p, started.Cookie, body.Next)
}

// takeSignOut answers POST /signout.
func (s *Server) takeSignOut(w http.ResponseWriter, r *http.Request, p *page) error {
	seen, ok, err := s.visitor(r)
	if err == nil && ok {
		err = s.desk.SignOut(r.Context(), seen)
	}
	if err != nil {
		return err
	}
	s.keep(w, r, cookieSession, "")
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.Redirect(w, r, p.To("/signin"), http.StatusSeeOther)
	return nil
}

// showCode answers GET /code: a person with a code from a mail or a letter.
// Looking at the page uses nothing up: programs that look through mail do. Links of
// before had the code as ?c=: they go on to where it is sent no more.
func (s *Server) showCode(w http.ResponseWriter, r *http.Request, p *page) error {
	if code := r.URL.Query().Get("c"); code != "" {
		http.Redirect(w, r, p.To("/code")+"#"+url.PathEscape(code), http.StatusSeeOther)
		return nil
	}
	p.Title, p.Body = p.T("code.title"), s.signinBody(r)
	return nil
}

// takeCode answers POST /code: the code and the password that is wanted.
func (s *Server) takeCode(w http.ResponseWriter, r *http.Request, p *page) error {
	body := s.signinBody(r)
	body.Code = r.PostFormValue("code")
	p.Title = p.T("code.title")
	if r.PostFormValue("password") != r.PostFormValue("again") {
		p.Status, p.Body = http.StatusUnprocessableEntity, body
		body.Trouble = p.T("signin.differ")
		p.Body = body
		return nil
	}
	started, err := s.desk.Redeem(r.Context(), body.Code, r.PostFormValue("password"), s.origin(r))
	s.noted(r, "code", started, err)
	if err != nil {
		body.Trouble, err = p.trouble(w, err)
		p.Body = body
		return err
	}
	s.keep(w, r, cookieSession, started.Cookie)
	if started.Half { // who asked for the code herself has her second factor still
		http.Redirect(w, r, p.To("/signin/code"), http.StatusSeeOther)
		return nil
	}
	return s.lead(w, r, p, started.Cookie, "")
}

// showForgotten answers GET /forgotten; takeForgotten its POST. The answer is the
// same whether there is such an account or not.
func (s *Server) showForgotten(_ http.ResponseWriter, r *http.Request, p *page) error {
	p.Title, p.Body = p.T("forgotten.title"), s.signinBody(r)
	return nil
}

func (s *Server) takeForgotten(w http.ResponseWriter, r *http.Request, p *page) error {
	body := s.signinBody(r)
	p.Title = p.T("forgotten.title")
	if s.options.Mail {
		if err := s.desk.Forgotten(r.Context(), body.Login, s.origin(r), s.letter(r)); err != nil {
			body.Trouble, err = p.trouble(w, err)
			p.Body = body
			return err
		}
	}
	body.Done = true
	p.Body = body
	return nil
}

// letter puts letters with codes into the outbox, within the fact that makes the
// code; nil: no mail is sent, and the code is shown to whoever made it.
func (s *Server) letter(r *http.Request) func(context.Context, *store.Fact, store.Account, signin.Code) error {
	if !s.options.Mail {
		return nil
	}
	return func(ctx context.Context, f *store.Fact, to store.Account, c signin.Code) error {
		if !store.IsAddress(to.Mail) {
			return nil
		}
		said := speech{Lang: chart.Language(to.Language), words: s.pages.words}
		until := c.ExpiresAt.UTC().Format("2006-01-02 15:04 UTC")
		_, err := f.QueueMail(ctx, store.Mail{Cause: "code/" + strconv.FormatInt(f.Seq, 10), Kind: "code", To: to.Mail, Subject: said.T("letter.subject"),
			Body: said.T("letter.body", oneLine(to.Name), to.Login, s.codeLink(r, c), c.Text, until), Until: c.ExpiresAt})
		return err
	}
}

// CodePath is where a code is typed, on the server that it is for. The code stands
// behind the #, which browsers send to nobody (RFC 9110, section 4.2.5): the page's
// script writes it into the form, and without scripts one types it (ASVS 8.3.1).
func CodePath(c signin.Code) string { return "/code#" + c.Text }

// codeLink is the address where a code is typed.
func (s *Server) codeLink(r *http.Request, c signin.Code) string {
	base := s.options.PublicURL
	if base == "" || !s.overTLS(r) {
		base = "http://" + r.Host
	}
	return base + CodePath(c)
}
