package web

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/words"
)

// change is something that somebody did, as the API shows it.
type change struct {
	Fact   int64           `json:"fact"`
	At     time.Time       `json:"at"`
	Who    string          `json:"who"`            // account:7, token:3, or the command that was run
	Name   string          `json:"name,omitempty"` // what he is called now, as far as the caller may know it; the office as such, in the language of Content-Language
	Role   access.Role     `json:"role,omitempty"` // in which he acts at the site now; absent: in none, or it was a command
	Kind   string          `json:"kind"`
	ID     string          `json:"id"`
	Before json.RawMessage `json:"before,omitempty"` // absent: it was not there
	After  json.RawMessage `json:"after,omitempty"`  // absent: it is no more
	Why    string          `json:"why,omitempty"`
	Proof  string          `json:"proof"` // where it is proven that the public ledger holds it
}

// historyLimit is the most entries of one page of a history.
const historyLimit = 500

// listHistory answers GET /api/v1/sites/{site}/history?kind=&before=&limit=.
func (s *Server) listHistory(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	before, most := int64(1)<<62, historyLimit
	if text := query.Get("before"); text != "" {
		if before, err = strconv.ParseInt(text, 10, 64); err != nil || before < 1 {
			return refuse(http.StatusBadRequest, "bad_fact", "before=%.20q is no number of a fact", text)
		}
	}
	if n, err := limit(query); err != nil {
		return err
	} else if n < most {
		most = n
	}
	lang := words.Choose(r.Header.Get("Accept-Language"))
	list, next, err := s.history(r.Context(), who, speech{Lang: chartLanguage(lang), words: s.pages.words}, id, query.Get("kind"), before, most)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Language", string(words.Spoken(lang)))
	w.Header().Add("Vary", "Accept-Language")
	if next > 0 {
		linkNext(w, r, "before", strconv.FormatInt(next, 10))
	}
	return writeJSON(w, list)
}

// history is who did what at a site, the latest first, as far as the caller may see it:
// the entries of facts below a number, of one kind (all: ""). next is the number for
// the page after it, 0: there is none. A fact is never divided.
func (s *Server) history(ctx context.Context, who caller, say speech, site energy.SiteID, kind string, before int64, most int) (list []change, next int64, err error) {
	if !who.may(access.Read, site, "") {
		return nil, 0, refuse(http.StatusForbidden, "not_allowed", "you may not see who did what")
	}
	entries, err := s.options.Store.Entries(ctx, site, before-1)
	if err != nil {
		return nil, 0, err
	}
	list = []change{}
	last := map[string]store.Entry{} // of a thing, by kind and id
	slices.SortStableFunc(entries, func(a, b store.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	for _, e := range entries {
		key := e.Kind + "\x00" + e.ID
		c := change{Fact: e.Seq, At: e.RecordedAt.UTC(), Who: e.Actor, Kind: e.Kind, ID: e.ID, Proof: proofOf(site, e.Seq)}
		c.tell(e, last[key])
		last[key] = e
		if kind == "" || kind == e.Kind {
			list = append(list, c)
		}
	}
	if kind == "" || kind == kindIssued {
		issued, err := s.issuings(ctx, site, before)
		if err != nil {
			return nil, 0, err
		}
		list = append(list, issued...)
		slices.SortStableFunc(list, func(a, b change) int { return cmp.Compare(a.Fact, b.Fact) })
	}
	if list, err = s.historySeen(ctx, who, site, list); err != nil {
		return nil, 0, err
	}
	slices.Reverse(list)
	if len(list) > most {
		cut := most
		for cut < len(list) && list[cut].Fact == list[most-1].Fact {
			cut++
		}
		if cut < len(list) {
			next = list[cut-1].Fact
		}
		list = list[:cut]
	}
	return list, next, s.nameActors(ctx, who, say, site, list)
}

// nameActors says who made the changes of a list: in which role, and by name as far as
// the caller may know it. Who may not see who did what knows no admin from the office.
func (s *Server) nameActors(ctx context.Context, who caller, say speech, site energy.SiteID, list []change) error {
	names, err := s.parties(ctx, who, say, site)
	if err != nil {
		return err
	}
	roles, _, err := s.actors(ctx, site)
	for i := range list {
		c := &list[i]
		c.Name, c.Role = names[c.Who], roles[c.Who]
		if c.Role == access.Admin && !who.may(access.Audit, site, "") {
			c.Role = access.Office
		}
	}
	return err
}

// historySeen are the changes of a list that the caller may see: who may not see who
// did what everywhere, as the site's operator, sees what can be read of his site
// elsewhere too, and of judgements those on which he was heard.
func (s *Server) historySeen(ctx context.Context, who caller, site energy.SiteID, list []change) ([]change, error) {
	if who.may(access.Audit, site, "") {
		return list, nil
	}
	cases, err := s.options.Ledger.Hearings(ctx, site, time.Time{})
	if err != nil {
		return nil, err
	}
	judged := map[string]string{} // by the decisions about them
	for _, c := range list {
		var said struct {
			Content struct {
				Judgement string `json:"judgement"`
			} `json:"content"`
		}
		if c.Kind == store.KindDecision && json.Unmarshal(c.After, &said) == nil && said.Content.Judgement != "" {
			judged[c.ID] = said.Content.Judgement
		}
	}
	return slices.DeleteFunc(list, func(c change) bool {
		switch c.Kind {
		case kindIssued, store.KindHearing:
			return !who.maySeeCase(site, cases[c.ID])
		case store.KindDecision:
			return judged[c.ID] != "" && !who.maySeeCase(site, cases[judged[c.ID]])
		case store.KindLetter, store.KindTask:
			return true // what the office writes down for itself
		}
		return false
	}), nil
}

// kindIssued is the kind of the changes by which judgements were issued: they are
// facts, but no entries.
const kindIssued = "assessment"

// issuings are the judgements issued of a site by facts below a number.
func (s *Server) issuings(ctx context.Context, site energy.SiteID, before int64) (list []change, err error) {
	issued, err := s.options.Ledger.Issued(ctx, site, time.Time{})
	for _, i := range issued {
		if i.Seq < before {
			said, err := json.Marshal(map[string]string{"commitment": i.Commitment, "rule": i.Rule, "period": i.Period, "digest": hex.EncodeToString(i.Digest)})
			if err != nil {
				return nil, err
			}
			list = append(list, change{Fact: i.Seq, At: i.RecordedAt.UTC(), Who: i.Actor, Kind: kindIssued, ID: i.ID(), After: said, Why: i.Reason, Proof: proofOf(site, i.Seq)})
		}
	}
	return list, err
}

// proofOf is where it is proven that the public ledger holds a fact.
func proofOf(site energy.SiteID, fact int64) string {
	return "/api/v1/sites/" + string(site) + "/facts/" + strconv.FormatInt(fact, 10) + "/proof"
}

// tell fills in what an entry says: before and after of itself, or else what the
// version before it said.
func (c *change) tell(e, before store.Entry) {
	var said struct {
		Before json.RawMessage `json:"before"`
		After  json.RawMessage `json:"after"`
		Why    string          `json:"why"`
		Text   string          `json:"text"`
		Reason string          `json:"reason"`
	}
	_ = json.Unmarshal(e.Body, &said) // what is no object says none of it
	c.Why = said.Why
	for _, other := range []string{said.Text, said.Reason} {
		if c.Why == "" {
			c.Why = other
		}
	}
	if said.After != nil || said.Before != nil {
		c.Before, c.After = present(said.Before), present(said.After)
		return
	}
	c.After = present(e.Body)
	if before.Seq > 0 && !isStep(e.Kind) {
		c.Before = present(before.Body)
	}
}

// isStep tells whether entries of a kind are steps, of which each says something
// new rather than takes the place of the one before it.
func isStep(kind string) bool {
	return kind == store.KindHearing || kind == store.KindDecision || kind == store.KindSubmission
}

// present is a body that says something.
func present(body json.RawMessage) json.RawMessage {
	if strings.TrimSpace(string(body)) == "null" {
		return nil
	}
	return body
}
