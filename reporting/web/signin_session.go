package web

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
)

// The names of our cookies. With the prefix a browser keeps one only when it came
// over TLS, from this very host (RFC 6265bis, section 4.1.3.2); on plain HTTP,
// which is for this host alone, there is no such protection to be had.
const (
	cookieSession  = "heatledger"
	cookieProvider = "heatledger-provider" // while somebody is at the outside provider
	cookiePrefix   = "__Host-"
)

// overTLS tells whether the browser reaches us over TLS: here, or at the proxy in
// front by which people find us.
func (s *Server) overTLS(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(s.options.PublicURL, "https://")
}

// confidential tells whether what the browser sends stays between it and us.
func (s *Server) confidential(r *http.Request) bool {
	return s.overTLS(r) || IsLoopback(r.RemoteAddr) && IsLoopback(withPort(r.Host))
}

// keep sets a cookie for this visit of the browser; "" takes it away.
func (s *Server) keep(w http.ResponseWriter, r *http.Request, name, value string) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.overTLS(r) {
		c.Name, c.Secure = cookiePrefix+name, true
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// kept is the value of a cookie; "": there is none.
func (s *Server) kept(r *http.Request, name string) string {
	if s.overTLS(r) {
		name = cookiePrefix + name
	}
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// visitor is who is behind the request's session, whole or half; ok is false
// without one.
func (s *Server) visitor(r *http.Request) (seen store.Seen, ok bool, err error) {
	cookie := s.kept(r, cookieSession)
	if cookie == "" || len(cookie) > 100 || s.desk == nil {
		return store.Seen{}, false, nil
	}
	return s.desk.Who(r.Context(), cookie)
}

// signedIn is the caller behind a whole session; ok is false without one.
func (s *Server) signedIn(r *http.Request, p access.Permission) (who caller, ok bool, err error) {
	seen, ok, err := s.visitor(r)
	if err != nil || !ok || seen.Stage != store.Whole {
		return caller{}, false, err
	}
	actor := seen.Account.Actor()
	who = caller{name: actor, actor: actor, grants: seen.Grants, asks: p, at: s.now(), seen: &seen, short: s.needsSecond(seen)}
	if who.short {
		who.grants = s.narrowed(seen.Grants)
	}
	return who, true, nil
}

// origin is from where somebody signs in. Only a proxy on this host is believed
// when it says for whom it asks.
func (s *Server) origin(r *http.Request) signin.Origin {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if forwarded := r.Header.Get("X-Forwarded-For"); forwarded != "" && IsLoopback(r.RemoteAddr) {
		all := strings.Split(forwarded, ",")
		host = strings.TrimSpace(all[len(all)-1])
	}
	return signin.Origin{Address: host, Agent: r.UserAgent(), Cookie: s.kept(r, cookieSession)}
}

// within is an address of ours that somebody asked to be led to, or the overview:
// never another host's.
func within(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" ||
		!strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") || strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, "/signin") {
		return "/"
	}
	return next
}

// toSignIn sends a person to the sign-in page, and back here afterwards: from a
// form, which is not sent again by itself, to the page it belongs to.
func toSignIn(w http.ResponseWriter, r *http.Request) {
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet {
		next = home(r)
	}
	query := url.Values{"next": {within(next)}}
	if lang, asked := language(r); asked {
		query.Set("lang", string(lang))
	}
	http.Redirect(w, r, "/signin?"+query.Encode(), http.StatusSeeOther)
}

// hasAccounts tells whether there is an account. There is one for ever once there
// was one.
func (s *Server) hasAccounts(ctx context.Context) (bool, error) {
	if s.peopled.Load() {
		return true, nil
	}
	n, err := s.options.Store.CountAccounts(ctx)
	if n > 0 {
		s.peopled.Store(true)
	}
	return n > 0, err
}

// fromElsewhere refuses what a browser sends here on behalf of another site: a
// cookie would vouch for it. Programs send no such headers, and what carries its
// own token needs no cookie.
func (s *Server) fromElsewhere(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	if s.options.PublicURL != "" {
		_ = guard.AddTrustedOrigin(s.options.PublicURL) // an address that is no origin is trusted by nobody
	}
	guard.SetDenyHandler(s.answer(func(http.ResponseWriter, *http.Request) error {
		return refuse(http.StatusForbidden, "cross_origin", "another site asked for this in your browser; do it here yourself")
	}))
	guarded := guard.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Other schemes a browser sends by itself, with names and passwords of an address.
		if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
			next.ServeHTTP(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}
