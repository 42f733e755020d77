// Package web serves people and programs over HTTP. It knows requests and
// answers; what is true it asks the ledger, what is new it hands to the intake.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/fieldbus"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/plan/shelf"
	"heatledger/reporting/signin"
	"heatledger/reporting/townmap"
)

// Options are what a server is made of.
type Options struct {
	Listen  string // the address it is bound to; decides whether reads need a token
	Version string
	Store   *store.Store
	Ledger  *ledger.Ledger
	Intake  *intake.Intake
	// Meters tells the health of the meters this process reads; nil: it reads none.
	Meters func() []fieldbus.MeterHealth
	// Ready errs while something the server needs is not there; nil: only the database counts.
	Ready func(context.Context) error
	// Metrics writes further metrics in Prometheus text; nil: none.
	Metrics func(io.Writer)
	// LogKey is the public key of the public ledger; "": this process keeps none.
	LogKey string
	// Mail tells whether letters are sent: people may subscribe then.
	Mail bool
	// PublicURL is where people find the server ("https://heat.example.city"), without
	// a slash at the end; it decides whether cookies are for TLS alone.
	PublicURL string
	// Vault seals the secrets of authenticator apps; nil: with a key that is lost with
	// the process.
	Vault *signin.Vault
	// Outside is a provider by which people may sign in too; nil: there is none.
	Outside *signin.Outside
	// SecondFactor are the roles whose people prove a second factor before they change
	// anything (ASVS 4.3.1); none: it is offered to everybody and asked of nobody.
	SecondFactor []access.Role
	// Invite is told the links of a demonstration when somebody asks for new ones; nil:
	// this is no demonstration.
	Invite func([]Guest)
	// Requests is how often a caller may ask the API; zero: the usual limits.
	Requests Requests
	// Outlines are what maps show of the municipality; without any, those that come
	// with the program.
	Outlines townmap.Outlines
	// Tiles is a PMTiles file with the municipality's base map; "": there is none.
	Tiles string
	// Now is the clock by which everything is answered; nil: time.Now.
	Now func() time.Time
	Log *slog.Logger
}

// Server answers HTTP requests.
type Server struct {
	options Options
	log     *slog.Logger
	pages   *pages
	heat    *atlas.Atlas // the sources of heat, as far as whoever asks may see them
	plans   *shelf.Shelf // plans of heat networks

	now      func() time.Time
	desk     *signin.Desk
	passkeys *signin.Passkeys // nil: the address has no name to bind them to
	provider *signin.Provider // nil: there is none
	guests   guests
	peopled  atomic.Bool // there is an account

	collectors collectors
	// mistaken takes a caller for somebody else: in tests, to try one wall without
	// the other. It is nil in every program.
	mistaken func(*http.Request, caller, access.Permission, error) (caller, error)
	rates    rates
}

// ErrExposed is why a server is not started: everybody could read.
var ErrExposed = errors.New("no account and no token exists yet, and the address is reachable from other hosts: run heatledger user create or heatledger token create first, or listen on 127.0.0.1")

// New is a server; it refuses an address beyond loopback while there is no
// account and no token at all, because then everybody could read. It errs with
// [*store.WallError] where the database has no role under which it reads on behalf
// of others.
func New(ctx context.Context, o Options) (*Server, error) {
	pages, err := newPages()
	if err != nil {
		return nil, err
	}
	if len(o.Outlines.List) > 0 {
		pages.outlines = o.Outlines
	}
	s := &Server{options: o, log: o.Log, pages: pages, heat: atlas.New(o.Ledger), now: o.Now}
	s.plans = shelf.New(o.Ledger, s.heat)
	if err := s.furnish(); err != nil {
		return nil, err
	}
	if err := o.Store.Walled(ctx); err != nil {
		return nil, fmt.Errorf("answer others: %w", err)
	}
	known, err := s.anybodyKnown(ctx)
	if err != nil {
		return nil, err
	}
	if known {
		return s, nil
	}
	if !IsLoopback(o.Listen) {
		return nil, fmt.Errorf("listen on %s: %w", o.Listen, ErrExposed)
	}
	s.log.Warn("no account and no token exists yet: whoever is on this host may read", "listen", o.Listen)
	return s, nil
}

// furnish makes what signing in needs.
func (s *Server) furnish() (err error) {
	if s.now == nil {
		s.now = time.Now
	}
	vault := s.options.Vault
	if vault == nil {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never errs (crypto/rand, Go 1.24)
		if vault, err = signin.NewVault(key); err != nil {
			return err
		}
	}
	s.desk = signin.NewDesk(s.options.Store, vault, s.now, s.around())
	if s.passkeys, err = signin.NewPasskeys(s.desk, s.options.PublicURL, "Heatledger"); err != nil {
		return err
	}
	if s.options.Outside != nil {
		s.provider = signin.NewProvider(s.desk, *s.options.Outside)
	}
	return nil
}

// Run does what the server has to do beside answering, until ctx ends.
func (s *Server) Run(ctx context.Context) error { return s.desk.Run(ctx) }

// pointOf is the point of the request's path.
func pointOf(r *http.Request, site energy.SiteID) energy.PointID {
	return energy.PointID(string(site) + "/" + r.PathValue("point"))
}
