package web

import (
	"errors"
	"net/http"

	"heatledger/reporting/signin"
)

// withPasskeys answers a step of a passkey, which a script of ours asks for.
func (s *Server) withPasskeys(h handler) http.Handler {
	return s.answer(func(w http.ResponseWriter, r *http.Request) error {
		if s.passkeys == nil || !s.confidential(r) {
			return refuse(http.StatusNotFound, "no_passkeys", "there are no passkeys at this address")
		}
		r.Body = http.MaxBytesReader(w, r.Body, formMost)
		err := h(w, r)
		var many signin.TooManyError
		switch {
		case errors.As(err, &many):
			w.Header().Set("Retry-After", seconds(many.After))
			return refuse(http.StatusTooManyRequests, "too_many", "%v", many)
		case errors.Is(err, signin.ErrWrong), errors.Is(err, signin.ErrCode):
			s.log.Debug("a passkey was refused", "err", err)
			return refuse(http.StatusUnauthorized, "wrong", "the passkey is not known here, or it took too long: try again")
		case errors.Is(err, signin.ErrStale):
			return refuse(http.StatusForbidden, "stale", "enter your password again first")
		}
		return err
	})
}

// beginPasskey answers POST /signin/passkey/begin.
func (s *Server) beginPasskey(w http.ResponseWriter, _ *http.Request) error {
	begun, err := s.passkeys.BeginSignIn()
	if err != nil {
		return err
	}
	return writeJSON(w, begun)
}

// takePasskey answers POST /signin/passkey: the browser's answer.
func (s *Server) takePasskey(w http.ResponseWriter, r *http.Request) error {
	started, err := s.passkeys.SignIn(r.Context(), r.URL.Query().Get("ceremony"), s.origin(r), r)
	s.noted(r, "passkey", started, err)
	if err != nil {
		return err
	}
	s.keep(w, r, cookieSession, started.Cookie)
	next, err := s.startOf(r.Context(), started.Cookie, r.URL.Query().Get("next"))
	if err != nil {
		return err
	}
	return writeJSON(w, map[string]string{"next": s.barePage(r).speaking(next)})
}

// beginOwnPasskey answers POST /account/passkeys/begin, takeOwnPasskey POST
// /account/passkeys: a new passkey of whoever is signed in.
func (s *Server) beginOwnPasskey(w http.ResponseWriter, r *http.Request) error {
	who, err := s.identify(r, "")
	if err != nil {
		return err
	}
	if err := s.mayEnrol(r, who); err != nil {
		return err
	}
	begun, err := s.passkeys.BeginRegister(r.Context(), *who.seen)
	if err != nil {
		return err
	}
	return writeJSON(w, begun)
}

func (s *Server) takeOwnPasskey(w http.ResponseWriter, r *http.Request) error {
	who, err := s.identify(r, "")
	if err != nil {
		return err
	}
	name := []rune(r.URL.Query().Get("name"))
	if len(name) > 60 {
		name = name[:60]
	}
	if err := s.mayEnrol(r, who); err != nil {
		return err
	}
	started, err := s.passkeys.EndRegister(r.Context(), *who.seen, r.URL.Query().Get("ceremony"), string(name), s.origin(r), r)
	if err != nil {
		return err
	}
	s.keep(w, r, cookieSession, started.Cookie)
	next := "/account"
	if r.URL.Query().Has("next") { // where his role asked for it
		if next, err = s.startOf(r.Context(), started.Cookie, r.URL.Query().Get("next")); err != nil {
			return err
		}
	}
	return writeJSON(w, map[string]string{"next": s.barePage(r).speaking(next)})
}

// sendOut answers GET /signin/oidc: on to the outside provider.
func (s *Server) sendOut(w http.ResponseWriter, r *http.Request, p *page) error {
	if s.provider == nil {
		return s.notFound(w, r)
	}
	next := within(r.URL.Query().Get("next"))
	if next != "/" { // which stands for where each begins
		next = p.speaking(next)
	}
	address, binding, err := s.provider.Send(r.Context(), next)
	if err != nil {
		s.log.Warn("the outside provider is away", "issuer", s.provider.Issuer, "err", err)
		body := s.signinBody(r)
		body.Trouble = p.T("signin.away", s.provider.Name)
		p.Title, p.Status, p.Body = p.T("signin.title"), http.StatusServiceUnavailable, body
		return nil
	}
	s.keep(w, r, cookieProvider, binding)
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// takeBack answers GET /signin/oidc/back: from the outside provider.
func (s *Server) takeBack(w http.ResponseWriter, r *http.Request, p *page) error {
	if s.provider == nil {
		return s.notFound(w, r)
	}
	query := r.URL.Query()
	binding := s.kept(r, cookieProvider)
	s.keep(w, r, cookieProvider, "")
	started, next, err := s.provider.Back(r.Context(), query.Get("state"), query.Get("code"), binding, s.origin(r))
	s.noted(r, "outside provider", started, err)
	if err != nil {
		body := s.signinBody(r)
		body.Trouble, err = p.trouble(w, err)
		p.Title, p.Body = p.T("signin.title"), body
		return err
	}
	s.keep(w, r, cookieSession, started.Cookie)
	return s.lead(w, r, p, started.Cookie, next)
}
