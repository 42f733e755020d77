package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/hearing"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/store"
	"heatledger/reporting/words"
)

// saidMost bounds what a person says at once.
const saidMost = 8000

// asSaid is what a person wrote, kept as it is but for the ends of lines.
func asSaid(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	control := func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }
	if len(text) > saidMost || !utf8.ValidString(text) || strings.ContainsFunc(text, control) {
		return "", refuse(http.StatusBadRequest, "bad_text", "the text is longer than %d bytes or no text: shorten it, or hand in a document", saidMost)
	}
	return text, nil
}

// hearingSaid is a step with an issued judgement as programs send it.
type hearingSaid struct {
	Step      hearing.Action `json:"step"`
	Text      string         `json:"text,omitempty"`
	Last      bool           `json:"last,omitempty"`      // of a reply: the operator has nothing to add
	Successor string         `json:"successor,omitempty"` // of a correction
}

// noteIssued answers POST /api/v1/sites/{site}/assessments/issued/{issued}/steps:
// {step, text, last, successor}.
func (s *Server) noteIssued(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.site(r, who)
	if err != nil {
		return err
	}
	var said hearingSaid
	if err := readJSON(w, r, &said); err != nil {
		return err
	}
	after, err := s.advance(r.Context(), who, id, r.PathValue("issued"), hearing.Step{Action: said.Step, Why: said.Text, Last: said.Last, Successor: said.Successor})
	if err != nil {
		return err
	}
	return writeJSON(w, after)
}

// advance does one step with an issued judgement for whoever may: the office
// hears, and withdraws or corrects what nobody outside has seen; the operator
// replies. What the public sees is decided by two people.
func (s *Server) advance(ctx context.Context, who caller, site energy.SiteID, id string, step hearing.Step) (after hearing.Case, err error) {
	cases, err := s.options.Ledger.Hearings(ctx, site, step.At)
	if err != nil {
		return after, err
	}
	before, ok := cases[id]
	if !ok {
		before = hearing.New()
	}
	if !who.may(access.Read, site, "") || !who.maySeeCase(site, before) {
		return after, refuse(http.StatusNotFound, "not_issued", "no judgement %.40q of %s was issued that you may see", id, string(site))
	}
	needed, known := map[hearing.Action]access.Permission{hearing.Hear: access.Hear, hearing.Reply: access.Answer, hearing.Withdraw: access.Hear, hearing.Correct: access.Hear}[step.Action]
	switch {
	case step.Action == hearing.Publish || known && step.Action != hearing.Reply && ledger.WasPublished(before):
		return after, refuse(http.StatusConflict, "two_people", "what the public sees is decided by two people: propose it as a decision")
	case !known:
		return after, refuse(http.StatusBadRequest, "bad_step", "step=%.20q is none: hear, reply, withdraw or correct is expected", string(step.Action))
	case !who.may(needed, site, ""):
		return after, refuse(http.StatusForbidden, "not_allowed", "you may not do this with this judgement")
	}
	if step.Why, err = asSaid(step.Why); err != nil {
		return after, err
	}
	step.Who = who.actor
	after, err = s.options.Ledger.Advance(ctx, site, id, step, func(ctx context.Context, f *store.Fact, after hearing.Case) error {
		if step.Action != hearing.Hear {
			return nil
		}
		return s.tellHeard(ctx, f, site, id, after)
	})
	return after, decisionProblem(err)
}

// decisionProblem turns the errors of hearings and decisions into answers.
func decisionProblem(err error) error {
	for _, known := range []struct {
		cause  error
		status int
		code   string
	}{
		{ledger.ErrNotIssued, http.StatusNotFound, "not_issued"},
		{ledger.ErrNoDecision, http.StatusNotFound, "no_decision"},
		{hearing.ErrTerm, http.StatusConflict, "term"},
		{hearing.ErrOrder, http.StatusConflict, "order"},
		{publication.ErrOrder, http.StatusConflict, "order"},
		{publication.ErrSame, http.StatusConflict, "same_person"},
		{hearing.ErrSuccessor, http.StatusUnprocessableEntity, "successor"},
		{hearing.ErrPromise, http.StatusUnprocessableEntity, "other_promise"},
		{hearing.ErrEnded, http.StatusConflict, "successor_ended"},
		{hearing.ErrWhy, http.StatusUnprocessableEntity, "no_reason"},
		{publication.ErrWhy, http.StatusUnprocessableEntity, "no_reason"},
		{publication.ErrAgreement, http.StatusUnprocessableEntity, "agreement"},
		{publication.ErrFine, http.StatusUnprocessableEntity, "resolution"},
		{publication.ErrContent, http.StatusUnprocessableEntity, "content"},
	} {
		if errors.Is(err, known.cause) {
			return refuse(known.status, known.code, "%v", err)
		}
	}
	return err
}

// tellHeard writes to those of the operator who may reply that they are heard.
func (s *Server) tellHeard(ctx context.Context, f *store.Fact, site energy.SiteID, id string, c hearing.Case) error {
	if !s.options.Mail {
		return nil
	}
	people, err := s.answering(ctx, site)
	if err != nil {
		return err
	}
	for _, a := range people {
		lang := words.Choose(a.Language)
		values := map[string]string{"site": string(site), "until": words.Date(lang, c.Deadline), "link": fmt.Sprintf("%s/sites/%s/judgements/%s", s.options.PublicURL, site, id)}
		speech := speech{Lang: chartLanguage(lang), words: s.pages.words}
		_, err := f.QueueMail(ctx, store.Mail{Cause: fmt.Sprintf("hearing/%s/%s/%d", site, id, a.ID), Kind: "hearing", To: a.Mail,
			Subject: speech.T("hearing.mail.subject", values["site"]), Body: speech.T("hearing.mail.body", values["site"], values["until"], values["link"]) + "\n"})
		if err != nil && !errors.Is(err, store.ErrNoAddress) {
			return err
		}
	}
	return nil
}

// answering are the people of the operator of a site who may reply in a hearing
// and have a mail address.
func (s *Server) answering(ctx context.Context, site energy.SiteID) (people []store.Account, err error) {
	accounts, err := s.options.Store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		if a.DisabledAt != nil || a.Mail == "" {
			continue
		}
		held, err := s.options.Store.Grants(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		var grants []access.Grant
		for _, g := range held {
			if g.Role == access.Operator {
				grants = append(grants, g.Grant)
			}
		}
		if access.May(grants, access.Answer, site, "", s.now()) {
			people = append(people, a)
		}
	}
	return people, nil
}
