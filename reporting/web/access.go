package web

import (
	"crypto/x509"
	"net"
	"net/http"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/store"
)

// Roles that a token can carry (DESIGN.md, Security). The server asks for a
// permission, never for a role by name.
const (
	RoleAdmin         = "admin"
	RoleOffice        = "office"
	RoleAuditor       = "auditor"
	RoleOperator      = "operator"
	RoleMeterOperator = "meter_operator"
	RolePlanner       = "planner"
	RoleCollector     = "collector"
	RolePublic        = "public"
)

// Roles lists what `token create --role` takes.
func Roles() []string {
	return []string{RoleAdmin, RoleOffice, RoleAuditor, RoleOperator, RoleMeterOperator, RolePlanner, RoleCollector, RolePublic}
}

// permission is what a request needs.
type permission int

const (
	toRead permission = iota
	toSubmit
	toCollect
)

// grants tells what a role may do. Nothing is granted by default.
func grants(role string, p permission) bool {
	switch role {
	case RoleAdmin:
		return true
	case RoleOffice, RoleOperator:
		return p == toRead || p == toSubmit
	case RoleAuditor:
		return p == toRead
	case RoleCollector:
		return p == toCollect
	}
	return false
}

// caller is who asks.
type caller struct {
	name  string
	role  string
	sites []energy.SiteID // empty: all
}

// maySee tells whether the caller's scope holds the site.
func (c caller) maySee(site energy.SiteID) bool {
	if len(c.sites) == 0 {
		return true
	}
	for _, own := range c.sites {
		if own == site {
			return true
		}
	}
	return false
}

// identify finds who asks and whether he may. Until the first account or token
// exists, a server bound to loopback answers reads from loopback without one.
func (s *Server) identify(r *http.Request, p permission) (caller, error) {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	hash := store.HashToken(text)
	if certificate := shown(r); !ok && certificate != nil {
		// The handshake proved that the caller has its key; who vouches for it
		// does not matter, since each is admitted by itself.
		hash, ok = store.HashCertificate(certificate.Raw), true
	}
	if !ok {
		open, err := s.openForReading(r)
		if err != nil {
			return caller{}, err
		}
		if open && p == toRead {
			return caller{name: "loopback", role: RoleAuditor}, nil
		}
		return caller{}, refuse(http.StatusUnauthorized, "no_token", "a token is needed: Authorization: Bearer TOKEN (heatledger token create)")
	}
	token, known, err := s.options.Store.Token(r.Context(), hash, time.Now())
	if err != nil {
		return caller{}, err
	}
	if !known {
		return caller{}, refuse(http.StatusUnauthorized, "bad_token", "the token is unknown or has expired: ask for a new one (heatledger token create; --certificate FILE admits a client's certificate)")
	}
	if !grants(token.Role, p) {
		return caller{}, refuse(http.StatusForbidden, "not_allowed", "a token of role %s may not do this", token.Role)
	}
	return caller{name: token.Name, role: token.Role, sites: token.Sites}, nil
}

// shown is the certificate that the caller shows over TLS; nil without one that is
// valid now.
func shown(r *http.Request) *x509.Certificate {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return nil
	}
	c := r.TLS.PeerCertificates[0]
	if now := time.Now(); now.Before(c.NotBefore) || now.After(c.NotAfter) {
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
	n, err := s.options.Store.CountTokens(r.Context())
	return n == 0, err
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

// site checks that the caller may see the site of the path and gives its id.
func (s *Server) site(r *http.Request, who caller) (energy.SiteID, error) {
	id := energy.SiteID(r.PathValue("site"))
	if !who.maySee(id) {
		return "", refuse(http.StatusNotFound, "no_site", "there is no site %q that you may see", string(id))
	}
	return id, nil
}
