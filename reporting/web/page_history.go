package web

import (
	"encoding/json"
	"net/http"
	"strconv"

	"heatledger/energy/access"
)

// historyPage is who did what at a site.
type historyPage struct {
	ID, Name string
	Rows     []historyRow
	Next     string // the page with what was before
	Heard    bool   // of judgements only those on which the operator was heard
}

type historyRow struct{ Fact, When, Who, What, Why, Before, After, Proof, Effect string }

// shownHistory is how many entries a page shows; shownBody how much of each.
const (
	shownHistory = 100
	shownBody    = 2000
)

// showHistoryPage answers GET /sites/{site}/history?before=.
func (s *Server) showHistoryPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	site, calendar, err := s.seenSite(r, p)
	if err != nil {
		return err
	}
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 1 {
		before = 1 << 62
	}
	list, next, err := s.history(r.Context(), p.who, p.speech, site.ID, "", before, shownHistory)
	if err != nil {
		return err
	}
	body := &historyPage{ID: string(site.ID), Name: site.Name, Heard: !p.who.may(access.Audit, site.ID, "")}
	names, err := s.parties(r.Context(), p.who, p.speech, site.ID)
	if err != nil {
		return err
	}
	if names == nil {
		names = map[string]string{}
	}
	numbers := map[string]string{} // of submissions, which their receipts have
	for _, c := range list {
		var handed struct{ Number int64 }
		if c.Kind == "submission" && json.Unmarshal(c.After, &handed) == nil && handed.Number > 0 {
			numbers[c.ID] = numberText(handed.Number)
		}
	}
	for _, c := range list {
		if c.Who == "configuration" { // whoever applies registry.yaml by the command line
			names[c.Who] = p.T("history.file")
		}
		called := c.ID
		if number, ok := numbers[c.ID]; ok && c.Kind == "submission" {
			called = number
		}
		fact := strconv.FormatInt(c.Fact, 10)
		body.Rows = append(body.Rows, historyRow{Fact: fact, When: p.Instant(c.At, calendar), Who: p.party(names, c.Who, false), What: p.T("entry:"+c.Kind) + " " + called, Why: c.Why,
			Before: short(string(c.Before)), After: short(string(c.After)), Proof: c.Proof, Effect: p.To("/sites/" + string(site.ID) + "/facts/" + fact)})
	}
	if next > 0 {
		body.Next = p.To("/sites/" + string(site.ID) + "/history?before=" + strconv.FormatInt(next, 10))
	}
	p.Title, p.Body = p.T("history.of", site.Name), body
	return nil
}

// short is the beginning of a text that is long.
func short(text string) string {
	runes := []rune(text)
	if len(runes) <= shownBody {
		return text
	}
	return string(runes[:shownBody]) + " …"
}
