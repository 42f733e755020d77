package web

import (
	"context"
	"net/http"
	"net/url"

	"heatledger/energy/access"
	"heatledger/energy/store"
)

// startOf is where somebody goes who just signed in: where he was on the way to, and
// else to what he may do. Who hands in begins with his sites and what is due, the
// office with its worklist, who only reads with the overview, and who may do nothing
// of this yet with his account.
func (s *Server) startOf(ctx context.Context, cookie, next string) (string, error) {
	next = within(next)
	seen, ok, err := s.desk.Who(ctx, cookie)
	if err != nil || !ok || seen.Stage != store.Whole {
		return next, err
	}
	if s.needsSecond(seen) { // offered at once, not when it stands in the way
		return secondAt(next), nil
	}
	if next != "/" {
		return next, nil
	}
	for _, begin := range []struct {
		may access.Permission
		at  string
	}{{access.Review, "/worklist"}, {access.Submit, "/hand-in"}, {access.Read, "/"}} {
		if !access.Of(seen.Grants, begin.may, s.now()).Empty() {
			return begin.at, nil
		}
	}
	return "/account", nil
}

// lead sends a browser there, in the language in which it signed in.
func (s *Server) lead(w http.ResponseWriter, r *http.Request, p *page, cookie, next string) error {
	at, err := s.startOf(r.Context(), cookie, next)
	if err != nil {
		return err
	}
	http.Redirect(w, r, p.speaking(at), http.StatusSeeOther)
	return nil
}

// speaking is an address of ours in the language that this page was asked for in:
// what somebody chose on the way in holds behind the door too. An address keeps its
// own language where the page was asked for in none.
func (p *page) speaking(address string) string {
	u, err := url.Parse(address)
	if err != nil || !p.asked {
		return address
	}
	query := u.Query()
	query.Set("lang", string(p.Lang))
	u.RawQuery = query.Encode()
	return u.String()
}
