package web

import (
	"net/http"
	"net/url"
	"sync"
	"time"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
)

// guests are links by which a demonstration lets somebody in as each role: good
// once, kept in memory alone. The account of a role is made when its link is used,
// so that until then there is none and reading stays open on this host.
type guests struct {
	mutex sync.Mutex
	roles map[string]access.Role // by the code; nil: this is no demonstration
	told  time.Time              // when links were last asked for
}

// guestsEvery is how often links are printed anew at most.
const guestsEvery = 5 * time.Second

// open tells whether this is a demonstration.
func (g *guests) open() bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.roles != nil
}

// Guest is a link for one role.
type Guest struct {
	Role access.Role
	Link string
}

// Guests gives a link for each role that a person can have: the one that was not used
// yet, else a new one. It is for servers that only their own host reaches; on others
// there are none.
func (s *Server) Guests() []Guest {
	if !IsLoopback(s.options.Listen) {
		return nil
	}
	s.guests.mutex.Lock()
	defer s.guests.mutex.Unlock()
	if s.guests.roles == nil {
		s.guests.roles = map[string]access.Role{}
	}
	unused := map[access.Role]string{}
	for code, role := range s.guests.roles {
		unused[role] = code
	}
	var links []Guest
	for _, role := range access.Roles() {
		if role == access.Collector || role == access.Public {
			continue
		}
		code, ok := unused[role]
		if !ok {
			code = signin.NewSecret()
			s.guests.roles[code] = role
		}
		links = append(links, Guest{role, "http://" + s.options.Listen + "/guest?" + url.Values{"c": {code}}.Encode()})
	}
	return links
}

// expects is the role of a link; taken, it is good no more.
func (g *guests) expects(code string, taken bool) (access.Role, bool) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	role, ok := g.roles[code]
	if taken {
		delete(g.roles, code)
	}
	return role, ok
}

// Guest tells whether the reader came by the link of a demonstration, and so has no
// password to enter once more.
func (p *page) Guest() bool { return p.who.seen != nil && p.who.seen.Way == signin.ByGuestLink }

// guestBody is who a link lets in.
type guestBody struct {
	Code  string
	Role  access.Role
	Good  bool
	Again bool // new links can be had
	Told  bool // they stand in the terminal now
}

// showGuest answers GET /guest, takeGuest its POST.
func (s *Server) showGuest(_ http.ResponseWriter, r *http.Request, p *page) error {
	body := guestBody{Code: r.URL.Query().Get("c"), Again: s.invites(r)}
	body.Role, body.Good = s.guests.expects(body.Code, false)
	if !body.Good {
		p.Status = http.StatusNotFound
	}
	p.Title, p.Body = p.T("guest.title"), body
	return nil
}

func (s *Server) takeGuest(w http.ResponseWriter, r *http.Request, p *page) error {
	role, ok := s.guests.expects(r.PostFormValue("code"), true)
	if !ok || !IsLoopback(r.RemoteAddr) {
		p.Title, p.Status, p.Body = p.T("guest.title"), http.StatusNotFound, guestBody{Again: s.invites(r)}
		return nil
	}
	grant, err := s.guestGrant(r, role)
	if err != nil {
		return err
	}
	account := store.Account{Login: string(role), Name: p.T("grant.role:" + string(role)), Language: string(p.Lang)}
	started, err := s.desk.Guest(r.Context(), account, grant, s.origin(r))
	s.noted(r, signin.ByGuestLink, started, err)
	if err != nil {
		return err
	}
	s.keep(w, r, cookieSession, started.Cookie)
	return s.lead(w, r, p, started.Cookie, "")
}

// invites tells whether somebody on this host can have new links: they go to the
// terminal of the demonstration, never to who asks. Whoever reads there runs it.
func (s *Server) invites(r *http.Request) bool {
	return s.options.Invite != nil && s.guests.open() && IsLoopback(r.RemoteAddr) && IsLoopback(withPort(r.Host))
}

// takeGuestAgain answers POST /guest/again: a guest whose link was used, or who has to
// prove again who he is, has new links printed.
func (s *Server) takeGuestAgain(_ http.ResponseWriter, r *http.Request, p *page) error {
	if !s.invites(r) {
		return refuse(http.StatusNotFound, "no_guests", "there are no links here")
	}
	s.guests.mutex.Lock()
	soon := s.now().Sub(s.guests.told) < guestsEvery
	if !soon {
		s.guests.told = s.now()
	}
	s.guests.mutex.Unlock()
	if !soon { // else they stand there already
		s.options.Invite(s.Guests())
	}
	p.Title, p.Body = p.T("guest.title"), guestBody{Told: true}
	return nil
}

// guestGrant is what a guest may: operators at the first site, the others
// everywhere.
func (s *Server) guestGrant(r *http.Request, role access.Role) (access.Grant, error) {
	g := access.Grant{Role: role, By: "demo"}
	sites, err := s.options.Store.Sites(store.AsOwner(r.Context())) // nobody is known yet on whose behalf to ask
	if err != nil {
		return g, err
	}
	if len(sites) > 0 && (role == access.Operator || role == access.MeterOperator) {
		g.Sites = sites[:1]
		return g, nil
	}
	g.Everywhere = true
	return g, nil
}
