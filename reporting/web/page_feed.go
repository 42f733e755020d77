package web

import (
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/validation"
	"heatledger/reporting/words"
)

// feedDays is how far back the feed of a site goes.
const feedDays = 62

// feed is an Atom feed (RFC 4287).
type feed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []feedLink  `xml:"link"`
	Entries []feedEntry `xml:"entry"`
}

// feedLink is an address; one without a host is of the host that was asked.
type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

// feedEntry is a finding.
type feedEntry struct {
	ID       string       `xml:"id"`
	Title    string       `xml:"title"`
	Updated  string       `xml:"updated"`
	Link     feedLink     `xml:"link"`
	Category feedCategory `xml:"category"`
	Summary  string       `xml:"summary"`
}

// feedCategory is the severity of a finding, for programs and for people.
type feedCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

// giveFeed answers GET /sites/{site}/findings.atom: warnings and errors of the
// last two months, the youngest first.
func (s *Server) giveFeed(w http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.siteNamed(r, p)
	if err != nil {
		return err
	}
	now := p.now.UTC()
	today := p.Calendar.Date(now)
	period := energy.Period{From: p.Calendar.Day(today.AddDays(-feedDays)).From, To: p.Calendar.Day(today).To}
	found, err := s.findingsOf(r.Context(), body.ID, period)
	if err != nil {
		return err
	}
	address := "/sites/" + string(body.ID)
	f := feed{Lang: string(p.Lang), ID: feedID("site", string(body.ID)), Title: p.T("findings") + ": " + body.Name, Updated: period.From.Format(time.RFC3339), Author: "Heatledger",
		Links: []feedLink{{"self", "application/atom+xml", p.To(address + "/findings.atom")}, {"alternate", "text/html", p.To(address)}}}
	for _, one := range found.List {
		if one.Severity == validation.Info {
			continue
		}
		f.Entries = append(f.Entries, p.entry(one, now))
	}
	slices.SortStableFunc(f.Entries, func(a, b feedEntry) int { return strings.Compare(b.Updated, a.Updated) })
	if len(f.Entries) > 0 {
		f.Updated = f.Entries[0].Updated
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Content-Language", string(p.Lang))
	if _, err := w.Write([]byte(xml.Header)); err != nil {
		return err
	}
	return xml.NewEncoder(w).Encode(f)
}

// entry is a finding in the feed. One that goes on keeps its id and is updated.
func (p *page) entry(f validation.Finding, now time.Time) feedEntry {
	updated := f.Period.To
	if updated.After(now) {
		updated = now.Truncate(time.Hour)
	}
	link := "/sites/" + string(f.Site)
	if f.Point != "" {
		link += "/points/" + f.Point.Name()
	}
	lang := words.Lang(p.Lang)
	return feedEntry{ID: feedID("finding", fmt.Sprint(f.Site, " ", f.Code, " ", f.Meter, " ", f.Point, " ", f.Period.From.UnixMicro())),
		Title: words.Rule(lang, f.Rule) + ": " + p.where(f) + ", " + p.Stretch(f.Period), Updated: updated.UTC().Format(time.RFC3339),
		Link: feedLink{"alternate", "text/html", p.To(link)}, Category: feedCategory{string(f.Severity), words.Severity(lang, f.Severity)},
		Summary: p.who.finding(lang, f)}
}

// feedID is a name that stays: a UUID of version 8 (RFC 9562) of what is named.
func feedID(kind, name string) string {
	h := sha256.Sum256([]byte("heatledger " + kind + " " + name))
	h[6], h[8] = h[6]&0x0f|0x80, h[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
