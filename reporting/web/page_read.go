package web

import (
	"crypto/rand"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/reporting/signin"
)

// readPage is the form by a meter, for a phone in a cellar.
type readPage struct {
	ID, Name  string
	Points    []meterToRead
	Point     meterToRead
	Value, At string
	Explain   string
	Key       string   // names the entry in the browser's queue
	Ask       []string // what is strange, to be explained
	Twice     bool     // the clock shows the time twice
	Trouble   []faultLine
	Known     string // address of what was handed in before
	Zone      string
	Label     string // address of the stickers
}

// meterToRead is a counter with what is known of it.
type meterToRead struct {
	ID, Short, Meter, Serial, Quantity, Unit string
	Last, LastAt                             string // "": there is none
	Low, High                                string // expected, in words; "": nothing is known
	LastNumber, LastWall, FastNumber         string // for the browser; "": no bound
	Address                                  string
	Chosen                                   bool

	expected expected
}

// expected bounds the next reading of a counter.
type expected struct {
	last       energy.Value
	at         time.Time
	known      bool
	slow, fast float64 // what it counts in an hour, at least and at most; fast is NaN where nothing bounds it
}

// between bounds what the counter stands at by then; high is NaN where nothing does.
// An hour is added: a last reading may have waited for its place in time.
func (e expected) between(then time.Time) (low, high float64) {
	hours := max(0, then.Sub(e.at).Hours())
	return e.last.Float64() + e.slow*hours, e.last.Float64() + e.fast*(hours+1)
}

// wallForm is how browsers write local times.
const wallForm = "2006-01-02T15:04"

// How far the next reading may be from going on as before, and from how much of
// the past that is told.
const (
	usualBack  = 60 * 24 * time.Hour
	usualLeast = 6 * time.Hour // of the past, to go by
	usualHalf  = 0.5
	usualTwice = 2.0
)

// showRead answers GET /sites/{site}/read?point=.
func (s *Server) showRead(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.readPage(r, p, r.URL.Query().Get("point"))
	if err != nil {
		return err
	}
	body.Key = rand.Text()
	body.At = p.Calendar.Local(s.now()).Format(wallForm)
	p.Body = body
	return nil
}

// readPage is the form for a point of the site, or for the first that the reader
// may hand in for.
func (s *Server) readPage(r *http.Request, p *page, point string) (*readPage, error) {
	site, ok := p.registry.Site(energy.SiteID(r.PathValue("site")))
	body := &readPage{ID: string(site.ID), Name: site.Name, Label: p.To("/sites/" + string(site.ID) + "/read/label")}
	if !ok {
		return body, refuse(http.StatusNotFound, "no_site", "there is no site that you may hand in for")
	}
	var err error
	if p.Calendar, err = s.options.Ledger.Calendar(p.registry, site.ID); err != nil {
		return body, err
	}
	body.Zone = p.Calendar.Location.String()
	var chosen *registry.Point
	for _, meter := range site.Meters {
		for _, one := range meter.Points {
			if one.Virtual() || one.Series != energy.Counter || !p.who.may(access.Submit, site.ID, one.ID) {
				continue
			}
			line := p.meterToRead(meter, one)
			if line.Chosen = point == "" && chosen == nil || one.ID.Name() == point; line.Chosen {
				body.Point, chosen = line, &one
			}
			body.Points = append(body.Points, line)
		}
	}
	if chosen == nil {
		return body, refuse(http.StatusNotFound, "no_point", "there is no counter here that you may hand in for")
	}
	if body.Point.expected, err = s.expectedOf(r, site, *chosen); err != nil {
		return body, err
	}
	p.bounds(&body.Point, s.now())
	p.Title = p.T("read.title", body.Name)
	return body, nil
}

func (p *page) meterToRead(meter registry.Meter, point registry.Point) meterToRead {
	site := string(point.ID.Site())
	query := url.Values{"point": {point.ID.Name()}}
	return meterToRead{ID: string(point.ID), Short: point.ID.Name(), Meter: string(meter.ID), Serial: meter.Serial, Quantity: p.T("quantity:" + string(point.Quantity)), Unit: string(point.Quantity.Unit()),
		Address: p.To("/sites/" + site + "/read?" + query.Encode())}
}

// bounds puts in words what is known, and what is expected by then.
func (p *page) bounds(m *meterToRead, then time.Time) {
	e := m.expected
	if !e.known {
		return
	}
	m.Last, m.LastAt, m.LastNumber = p.Number(e.last.Float64(), 3), p.Instant(e.at, p.Calendar), e.last.String()
	m.LastWall = p.Calendar.Local(e.at).Format(wallForm)
	if low, high := e.between(then); !math.IsNaN(high) {
		digits := 0 // as many as tell the one from the other
		for digits < 3 && (high-low)*math.Pow10(digits) < 10 {
			digits++
		}
		m.Low, m.High, m.FastNumber = p.Number(low, digits), p.Number(high, digits), strconv.FormatFloat(e.fast, 'f', -1, 64)
	}
}

// expectedOf says how fast a counter is expected to go on: half to twice as fast as so
// far, or as the connection carries where nothing is known.
func (s *Server) expectedOf(r *http.Request, site registry.Site, point registry.Point) (e expected, err error) {
	e.fast = math.NaN()
	extent, ok, err := s.options.Store.Extent(r.Context(), site.ID, point.ID)
	if err != nil || !ok {
		return e, err
	}
	answer, err := s.options.Ledger.Values(r.Context(), ledger.Question{Point: point.ID, Step: ledger.Raw,
		Period: energy.Period{From: extent.To.Add(-usualBack), To: extent.To.Add(time.Microsecond)}})
	if err != nil || len(answer.Readings) == 0 {
		return e, err
	}
	first, last := answer.Readings[0], answer.Readings[len(answer.Readings)-1]
	e.last, e.at, e.known = last.Value, last.At, true
	past, counted := last.At.Sub(first.At), last.Value.Float64()-first.Value.Float64()
	switch carried := site.ConnectedLoadKW.Float64(); {
	case past >= usualLeast && counted > 0:
		rate := counted / past.Hours()
		e.slow, e.fast = usualHalf*rate, usualTwice*rate
	case carried > 0 && point.Quantity == energy.ActiveEnergyImport:
		e.fast = carried
	}
	return e, nil
}

// labelPage are stickers for meters, each with the address of its form.
type labelPage struct {
	ID, Name string
	Stickers []sticker
}

type sticker struct{ Name, Meter, Address, QR string }

// showReadLabel answers GET /sites/{site}/read/label.
func (s *Server) showReadLabel(_ http.ResponseWriter, r *http.Request, p *page) error {
	read, err := s.readPage(r, p, "")
	if err != nil {
		return err
	}
	body := &labelPage{ID: read.ID, Name: read.Name}
	for _, point := range read.Points {
		body.Stickers = append(body.Stickers, sticker{Name: point.Short, Meter: point.Meter + " " + point.Serial, Address: s.readAddress(r, read.ID, point.Short), QR: "/sites/" + read.ID + "/read/" + point.Short + "/qr.svg"})
	}
	p.Title, p.Body = p.T("read.label", read.Name), body
	return nil
}

// readAddress is where the form of a point is found from a telephone.
func (s *Server) readAddress(r *http.Request, site, point string) string {
	base := s.options.PublicURL
	if base == "" {
		base = "http://" + r.Host
	}
	return base + "/sites/" + site + "/read?" + url.Values{"point": {point}}.Encode()
}

// giveReadQR answers GET /sites/{site}/read/{point}/qr.svg.
func (s *Server) giveReadQR(w http.ResponseWriter, r *http.Request, p *page) error {
	read, err := s.readPage(r, p, r.PathValue("point"))
	if err != nil {
		return err
	}
	picture, err := signin.QR(s.readAddress(r, read.ID, read.Point.Short))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, err = w.Write(picture)
	return err
}

// showReadWorker answers GET /read-worker.js: it keeps the form by the meter where
// there is no connection. A worker serves what lies below its own address alone.
func (s *Server) showReadWorker(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, err := w.Write(s.pages.assets["read-worker.js"].content)
	return err
}
