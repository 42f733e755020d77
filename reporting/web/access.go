package web

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
)

// What the routes of readings and figures need.
const (
	toRead    = access.Read
	toSubmit  = access.Submit
	toCollect = access.Collect
)

// caller is who asks, and for what: the permission that the route needs.
type caller struct {
	name   string
	actor  string // how facts name him: "account:7", "token:3"
	grants []access.Grant
	asks   access.Permission
	at     time.Time   // when he asked
	role   access.Role // of a program; "": a person, who may have several
	seen   *store.Seen // the session of a person; nil: a program, or nobody known
	short  bool        // the session lacks the second factor that a role of his asks for
}

// may tells whether the caller is allowed something at a site, a point of it, or
// (neither named) where no site is meant.
func (c caller) may(p access.Permission, site energy.SiteID, point energy.PointID) bool {
	return access.May(c.grants, p, site, point, c.at)
}

// maySee tells whether the caller may do at the whole site what he asks for.
func (c caller) maySee(site energy.SiteID) bool { return c.may(c.asks, site, "") }

// everywhere tells whether the caller may do at all sites what he asks for.
func (c caller) everywhere() bool { return c.reach(c.asks).Everywhere }

// reach is where the caller has a permission: for lists, and for the walls of the
// database.
func (c caller) reach(p access.Permission) access.Reach { return access.Of(c.grants, p, c.at) }

// recognise finds who asks and whether he may; p "" asks for a person who is signed
// in, whatever he may, and what was published everybody may see. Until the first account or token
// exists, a server bound to loopback answers reads from loopback without one.
func (s *Server) recognise(r *http.Request, p access.Permission) (caller, error) {
	now := s.now()
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	hash := store.HashToken(text)
	if certificate := shown(r, now); !ok && certificate != nil {
		// The handshake proved that the caller has its key; who vouches for it
		// does not matter, since each is admitted by itself.
		hash, ok = store.HashCertificate(certificate.Raw), true
	}
	if !ok {
		who, in, err := s.signedIn(r, p)
		if err != nil {
			return caller{}, err
		}
		if in {
			if p != "" && p != access.Published && who.reach(p).Empty() {
				if who.short && !access.Of(who.seen.Grants, p, now).Empty() {
					return caller{}, errSecond()
				}
				return caller{}, refuse(http.StatusForbidden, "not_allowed", "your account may not do this")
			}
			return who, nil
		}
		open, err := s.openForReading(r)
		if err != nil {
			return caller{}, err
		}
		if open && (p == toRead || p == access.Published) {
			grants := []access.Grant{{Role: access.Auditor, Everywhere: true}}
			return caller{name: "loopback", role: access.Auditor, grants: grants, asks: p, at: now}, nil
		}
		return caller{}, refuse(http.StatusUnauthorized, "no_token", "a token is needed: Authorization: Bearer TOKEN (heatledger token create); people sign in at /signin")
	}
	if p == "" {
		return caller{}, refuse(http.StatusForbidden, "no_session", "this is for people who are signed in, not for tokens")
	}
	token, known, err := s.options.Store.Token(r.Context(), hash, now)
	if err != nil {
		return caller{}, err
	}
	if !known {
		return caller{}, refuse(http.StatusUnauthorized, "bad_token", "the token is unknown or has expired: ask for a new one (heatledger token create; --certificate FILE admits a client's certificate)")
	}
	who := caller{name: token.Name, actor: fmt.Sprintf("token:%d", token.ID), role: token.Role, grants: token.Grants(), asks: p, at: now}
	if token.Owner != 0 { // what somebody's own program does, he does: he is not a second person to himself
		who.actor = token.Owner.Actor()
	}
	if p != access.Published && who.reach(p).Empty() {
		return caller{}, refuse(http.StatusForbidden, "not_allowed", "a token of role %s may not do this", token.Role)
	}
	return who, nil
}

// shown is the certificate that the caller shows over TLS; nil without one that is
// valid at now.
func shown(r *http.Request, now time.Time) *x509.Certificate {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return nil
	}
	c := r.TLS.PeerCertificates[0]
	if now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return nil
	}
	return c
}

func (s *Server) openForReading(r *http.Request) (bool, error) {
	if !IsLoopback(s.options.Listen) {
		return false, nil
	}
	// A page of a stranger that resolves its name to 127.0.0.1 sends its own
	// Host; a proxy in front sends the public one.
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip"} {
		if r.Header.Get(header) != "" { // the caller is behind a proxy of this host
			return false, nil
		}
	}
	if !IsLoopback(r.RemoteAddr) || !IsLoopback(withPort(r.Host)) {
		return false, nil
	}
	known, err := s.anybodyKnown(r.Context())
	return !known, err
}

// anybodyKnown tells whether there is an account or a token: from then on nobody
// reads without one.
func (s *Server) anybodyKnown(ctx context.Context) (bool, error) {
	tokens, err := s.options.Store.CountTokens(ctx)
	if err != nil || tokens > 0 {
		return tokens > 0, err
	}
	accounts, err := s.options.Store.CountAccounts(ctx)
	return accounts > 0, err
}

func withPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err != nil {
		return net.JoinHostPort(strings.Trim(host, "[]"), "80")
	}
	return host
}

// IsLoopback tells whether a listen address is reachable from this host only.
func IsLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// maySeePoint tells whether the caller may do at a point what he asks for.
func (c caller) maySeePoint(point energy.PointID) bool { return c.may(c.asks, point.Site(), point) }

// site checks that the caller may see what the path names, the whole site or the
// point, and gives the id of the site.
func (s *Server) site(r *http.Request, who caller) (energy.SiteID, error) {
	id := energy.SiteID(r.PathValue("site"))
	allowed := who.maySee(id)
	if r.PathValue("point") != "" {
		allowed = who.maySeePoint(pointOf(r, id))
	}
	if !allowed {
		return "", refuse(http.StatusNotFound, "no_site", "there is no site %q that you may see", string(id))
	}
	return id, nil
}
