package web

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/commitment"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/reporting/chart"
	"heatledger/reporting/townmap"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages are what all pages are made of.
type pages struct {
	templates  *template.Template
	assets     assets
	charts     *chart.Renderer
	words      map[string]sentence
	outlines   townmap.Outlines
	figures    *memory[[]kpi.Figure]
	judgements *memory[[]commitment.Assessment]
	findings   *memory[ledger.Findings]
}

func newPages() (*pages, error) {
	all, err := loadAssets()
	if err != nil {
		return nil, err
	}
	templates, err := template.ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the templates of the pages: %w", err)
	}
	outlines, err := townmap.Known()
	if err != nil {
		return nil, err
	}
	return &pages{templates: templates, assets: all, outlines: outlines, charts: chart.NewRenderer(), words: pageWords(),
		figures: newMemory[[]kpi.Figure](), judgements: newMemory[[]commitment.Assessment](), findings: newMemory[ledger.Findings]()}, nil
}

// page is what every template gets: who asked for what in which language, and
// in Body what the page itself shows.
type page struct {
	speech
	Title    string
	Town     string
	Version  string
	Status   int    // of the answer; 0: 200
	Facts    string // the fact numbers the page rests on, in words; empty: none
	Body     any
	Calendar energy.Calendar

	request  *http.Request
	now      time.Time // of the request
	asked    bool      // for the language: links keep it
	assets   assets
	registry *registry.Registry
	who      caller
	peopled  bool // there are accounts: one can sign in
	mail     bool // letters are sent: one can subscribe
}

func (p *page) answerCode() int {
	if p.Status == 0 {
		return http.StatusOK
	}
	return p.Status
}

// Person is how whoever is signed in is called; "": nobody is.
func (p *page) Person() string {
	if p.who.seen == nil {
		return ""
	}
	return cmp.Or(p.who.seen.Person.Name, p.who.seen.Person.Login)
}

// May tells whether whoever is signed in may do something somewhere: for links.
func (p *page) May(permission string) bool {
	return p.who.seen != nil && !p.who.reach(access.Permission(permission)).Empty()
}

// Reads tells whether whoever asks may read at some site: else the pages of sites
// are not offered.
func (p *page) Reads() bool { return !p.who.reach(access.Read).Empty() }

// CanSignIn tells whether there is anything to sign in with.
func (p *page) CanSignIn() bool { return p.peopled && p.who.seen == nil }

// To is the address of a page in the language of this one.
func (p *page) To(path string) string {
	if !p.asked {
		return path
	}
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return path + mark + "lang=" + string(p.Lang)
}

// InOther is this page in the other language.
func (p *page) InOther() string {
	query := maps.Clone(p.request.URL.Query())
	if query == nil {
		query = url.Values{}
	}
	query.Set("lang", p.T("otherLang"))
	return shownAt(p.request) + "?" + query.Encode()
}

// shownAt is where the page of a request is shown: of a form that came back with what
// is wrong, the page that it stands on, for its own address takes forms only.
func shownAt(r *http.Request) string {
	site := "/sites/" + r.PathValue("site")
	switch _, pattern, _ := strings.Cut(r.Pattern, " "); {
	case r.Method != http.MethodPost:
	case strings.HasPrefix(pattern, "/sites/{site}/decisions/"):
		return site + "/publication"
	case strings.HasPrefix(pattern, "/sites/{site}/evidence/"):
		return site + "/evidence"
	case pattern == "/account/{what}" && r.PathValue("what") == "totp": // it has a page of its own
	case strings.HasSuffix(pattern, "/{what}"):
		return path.Dir(r.URL.Path)
	}
	return r.URL.Path
}

// InURL tells whether the address names the language: forms keep it.
func (p *page) InURL() bool { return p.asked }

// Spans are the lengths of time a point can be shown for.
func (p *page) Spans() []string { return []string{"day", "month", "year"} }

// At tells whether the page stands at that address.
func (p *page) At(path string) bool { return p.request.URL.Path == path }

// Plans tells whether the page is one about heat for planning: those have a map.
func (p *page) Plans() bool {
	return strings.HasPrefix(p.request.URL.Path, "/heat") || strings.HasPrefix(p.request.URL.Path, "/ogc")
}

// Asset is the address of one of our files.
func (p *page) Asset(name string) string { return p.assets[name].address }

// rest says on which facts the page rests.
func (p *page) rest(site energy.SiteID, fact int64) {
	one := p.T("fact.of", site, strconv.FormatInt(fact, 10))
	if p.Facts != "" {
		one = p.Facts + "; " + one
	}
	p.Facts = one
}

// pageHandler fills a page.
type pageHandler func(w http.ResponseWriter, r *http.Request, p *page) error

// page is a route of a page: it needs the permission to read, and what goes
// wrong is said in words.
func (s *Server) page(name string, h pageHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := s.newPage(r)
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

// showErrorOrSignIn sends a person who is not signed in to the sign-in page, where
// there are accounts; everybody else is told what is wrong.
func (s *Server) showErrorOrSignIn(w http.ResponseWriter, r *http.Request, err error) {
	var refused *problem
	if errors.As(err, &refused) && refused.Status == http.StatusForbidden && wantsPage(r) {
		if who, in, err := s.signedIn(r, ""); err == nil && in && who.short {
			s.toSecond(w, r)
			return
		}
	}
	if errors.As(err, &refused) && refused.Status == http.StatusUnauthorized && refused.Code == "no_token" && wantsPage(r) {
		if known, countErr := s.hasAccounts(r.Context()); countErr == nil && known {
			toSignIn(w, r)
			return
		}
	}
	s.showError(w, r, err)
}

func (s *Server) newPage(r *http.Request) (*page, error) { return s.newPageFor(r, toRead) }

func (s *Server) newPageFor(r *http.Request, permission access.Permission) (*page, error) {
	p := s.barePage(r)
	var err error
	if p.who, err = s.identify(r, permission); err != nil {
		return p, err
	}
	if p.peopled, err = s.hasAccounts(r.Context()); err != nil {
		return p, err
	}
	if p.registry, err = s.options.Ledger.Registry(r.Context()); err != nil {
		return p, err
	}
	p.Town = p.registry.Municipality.Name
	p.Calendar, err = s.options.Ledger.Calendar(p.registry, ledger.Municipality)
	return p, err
}

// barePage is a page that has asked nobody anything.
func (s *Server) barePage(r *http.Request) *page {
	p := &page{request: r, now: s.now(), assets: s.pages.assets, Version: s.options.Version, Calendar: energy.Calendar{Location: time.UTC}}
	p.words, p.mail = s.pages.words, s.options.Mail
	p.Lang, p.asked = language(r)
	return p
}

// meet finds who asks for a page that everybody may see, for the links around it;
// a reader who is nobody, or cannot be found out, is led as such.
func (s *Server) meet(r *http.Request, p *page) {
	for _, permission := range []access.Permission{toRead, ""} {
		if who, err := s.recognise(r, permission); err == nil {
			p.who = who
			break
		}
	}
	if peopled, err := s.hasAccounts(r.Context()); err == nil {
		p.peopled = peopled
	}
}

// show renders into memory first: half a page is worse than an error.
func (s *Server) show(w http.ResponseWriter, status int, name string, p *page) error {
	var b bytes.Buffer
	if err := s.pages.templates.ExecuteTemplate(&b, name, p); err != nil {
		return fmt.Errorf("render the page %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(p.Lang))
	h.Set("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // who has gone does not read it
	return nil
}

// failure is the body of the page that says what went wrong.
type failure struct{ Sentence string }

// showError says what went wrong in words. What a reader cannot mend is logged.
func (s *Server) showError(w http.ResponseWriter, r *http.Request, err error) {
	p := s.barePage(r)
	s.meet(r, p)
	status, detail := http.StatusInternalServerError, ""
	var refused *problem
	var many *tooMany
	switch {
	case errors.As(err, &refused):
		status, detail = refused.Status, refused.Detail
		s.noteRefusal(r, refused)
	case errors.As(err, &many):
		status, detail = http.StatusTooManyRequests, strconv.Itoa(many.seconds())
		w.Header().Set("Retry-After", detail)
	case errors.Is(err, ledger.ErrNoSite), errors.Is(err, ledger.ErrNoPoint):
		status = http.StatusNotFound
	case r.Context().Err() != nil: // the reader has gone
		return
	case store.IsTransient(err):
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "5")
		s.log.Warn("page put off", "path", loggedPath(r), "err", err)
	default:
		s.log.Error("show a page", "path", loggedPath(r), "err", err)
	}
	p.Title = p.T("error.title")
	key := "error." + strconv.Itoa(status)
	if _, known := p.words[key]; !known {
		key = "error.500"
	}
	sentence := p.T(key)
	if status == http.StatusBadRequest || status == http.StatusTooManyRequests {
		sentence = p.T(key, detail)
	}
	p.Body = failure{sentence}
	if err := s.show(w, status, "error.html", p); err != nil {
		s.log.Error("show an error", "path", loggedPath(r), "err", err)
		http.Error(w, sentence, status)
	}
}

// wantsPage tells whether a person asks rather than a program.
func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// simulated tells whether a site is a model: its name says so.
func simulated(name string) bool {
	lower := strings.ToLower(name)
	return strings.Contains(lower, "virtual") || strings.Contains(lower, "virtuell") || strings.Contains(lower, "simul")
}
