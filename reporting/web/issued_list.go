package web

import (
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/commitment"
	"heatledger/energy/hearing"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/reporting/words"
)

// issued is an issued judgement as the API shows it.
type issued struct {
	ID         string       `json:"id"`
	IssuedAt   time.Time    `json:"issued_at"`
	KnownAt    time.Time    `json:"known_at"` // what was known then is judged
	RestsOn    int64        `json:"rests_on"` // the latest fact of the site that was known then
	By         string       `json:"by"`
	Why        string       `json:"why"`
	Method     string       `json:"method"` // versions
	Digest     string       `json:"digest"`
	Canonical  string       `json:"canonical,omitempty"` // what Digest is the SHA-256 of
	Assessment judgement    `json:"assessment"`
	Hearing    hearing.Case `json:"hearing"`
}

// listIssued answers GET /api/v1/sites/{site}/assessments/issued: the history of
// the verdicts of a site, or of one.
func (s *Server) listIssued(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.site(r, who)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	if _, ok := known.Site(id); !ok {
		return refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(id))
	}
	calendar, err := s.options.Ledger.Calendar(known, id)
	if err != nil {
		return err
	}
	at, _, err := instant(query, "as_known_at", calendar)
	if err != nil {
		return err
	}
	list, err := s.options.Ledger.Issued(r.Context(), id, at)
	if err != nil {
		return err
	}
	switch latest := query.Get("latest"); latest {
	case "", "false":
	case "true":
		list = ledger.Latest(list)
	default:
		return refuse(http.StatusBadRequest, "bad_latest", "latest=%.20q is neither true nor false", latest)
	}
	cases, err := s.options.Ledger.Hearings(r.Context(), id, at)
	if err != nil {
		return err
	}
	lang := words.Choose(r.Header.Get("Accept-Language"))
	shown := []issued{}
	for _, i := range list {
		is := func(name, value string) bool { return query.Get(name) == "" || query.Get(name) == value }
		if view := issuedView(known, lang, i, cases); is("commitment", i.Commitment) && is("rule", i.Rule) && is("period", i.Period) && who.maySeeCase(id, view.Hearing) {
			shown = append(shown, view)
		}
	}
	if shown, err = pageOf(w, r, shown); err != nil {
		return err
	}
	spoken(w, lang)
	return writeJSON(w, shown)
}

// showIssued answers GET /api/v1/sites/{site}/assessments/issued/{issued}.
func (s *Server) showIssued(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.site(r, who)
	if err != nil {
		return err
	}
	absent := refuse(http.StatusNotFound, "not_issued", "no judgement %.40q of %s was issued that you may see", r.PathValue("issued"), string(id))
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	if _, ok := known.Site(id); !ok {
		return absent
	}
	one, err := s.options.Ledger.IssuedAs(r.Context(), id, r.PathValue("issued"))
	if errors.Is(err, ledger.ErrNotIssued) {
		return absent
	}
	if err != nil {
		return err
	}
	cases, err := s.options.Ledger.Hearings(r.Context(), id, time.Time{})
	if err != nil {
		return err
	}
	lang := words.Choose(r.Header.Get("Accept-Language"))
	view := issuedView(known, lang, one, cases)
	if !who.maySeeCase(id, view.Hearing) {
		return absent
	}
	view.Canonical = string(one.Body)
	spoken(w, lang)
	return writeJSON(w, view)
}

// maySeeCase tells whether the caller may see a judgement that has come so far:
// whoever oversees all of them, an operator those that he was heard on.
func (c caller) maySeeCase(site energy.SiteID, of hearing.Case) bool {
	heard := slices.ContainsFunc(of.Steps, func(step hearing.Step) bool { return step.Action == hearing.Hear })
	return heard || c.may(access.Audit, site, "")
}

func issuedView(known *registry.Registry, lang words.Lang, i ledger.Issued, cases map[string]hearing.Case) issued {
	of, ok := cases[i.ID()]
	if !ok {
		of = hearing.New()
	}
	return issued{ID: i.ID(), IssuedAt: i.RecordedAt.UTC(), KnownAt: i.KnownAt.UTC(), RestsOn: i.RestsOn, By: i.Actor, Why: i.Reason, Method: i.Method,
		Digest: hex.EncodeToString(i.Digest), Assessment: judgements(known, lang, []commitment.Assessment{i.Assessment})[0], Hearing: of}
}

// spoken says in which language an answer is.
func spoken(w http.ResponseWriter, lang words.Lang) {
	w.Header().Set("Content-Language", string(words.Spoken(lang)))
	w.Header().Add("Vary", "Accept-Language")
}
