package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/reporting/disclosure"
)

// decisionView is a decision as the API shows it.
type decisionView struct {
	ID string `json:"id"`
	publication.Decision
}

// proposal is what somebody proposes to publish, as programs send it.
type proposal struct {
	publication.Content
	Why string `json:"why"`
}

// decisionSaid is what a second person says to it.
type decisionSaid struct {
	Step publication.Action `json:"step"`
	Why  string             `json:"why,omitempty"`
}

// listDecisions answers GET /api/v1/sites/{site}/decisions.
func (s *Server) listDecisions(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	calendar, err := s.options.Ledger.Calendar(known, id)
	if err != nil {
		return err
	}
	at, _, err := instant(r.URL.Query(), "as_known_at", calendar)
	if err != nil {
		return err
	}
	list, err := s.options.Ledger.Decisions(r.Context(), id, at)
	if err != nil {
		return err
	}
	if list, err = pageOf(w, r, list); err != nil {
		return err
	}
	shown := []decisionView{}
	for _, d := range list {
		shown = append(shown, decisionView{d.ID, d.Decision})
	}
	return writeJSON(w, shown)
}

// knownSite is the site of the path, which is there and the caller may see.
func (s *Server) knownSite(r *http.Request, who caller) (energy.SiteID, error) {
	id, err := s.site(r, who)
	if err != nil {
		return id, err
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return id, err
	}
	if _, ok := known.Site(id); !ok {
		return id, refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(id))
	}
	return id, nil
}

// proposeDecision answers POST /api/v1/sites/{site}/decisions: the content and why.
func (s *Server) proposeDecision(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	var said proposal
	if err := readJSON(w, r, &said); err != nil {
		return err
	}
	d, err := s.decide(r.Context(), who, id, "", publication.Step{Action: publication.Propose, Content: &said.Content, Why: said.Why})
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/api/v1/sites/"+string(id)+"/decisions")
	return writeJSON(w, decisionView{d.ID, d.Decision})
}

// noteDecision answers POST /api/v1/sites/{site}/decisions/{id}/steps: {step, why}.
func (s *Server) noteDecision(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	var said decisionSaid
	if err := readJSON(w, r, &said); err != nil {
		return err
	}
	if said.Step == publication.Propose {
		return refuse(http.StatusBadRequest, "bad_step", "step=%.20q is none: confirm, reject or revoke is expected", string(said.Step))
	}
	d, err := s.decide(r.Context(), who, id, r.PathValue("id"), publication.Step{Action: said.Step, Why: said.Why})
	if err != nil {
		return err
	}
	return writeJSON(w, decisionView{d.ID, d.Decision})
}

// decide does a step of a decision for whoever may. Only people decide: behind a
// token may stand the one who proposed it.
func (s *Server) decide(ctx context.Context, who caller, site energy.SiteID, id string, step publication.Step) (d ledger.Decided, err error) {
	needed, ok := map[publication.Action]access.Permission{publication.Propose: access.Decide, publication.Confirm: access.Confirm,
		publication.Reject: access.Confirm, publication.Revoke: access.Confirm}[step.Action]
	switch {
	case !ok:
		return d, refuse(http.StatusBadRequest, "bad_step", "step=%.20q is none: confirm, reject or revoke is expected", string(step.Action))
	case who.seen == nil:
		return d, refuse(http.StatusForbidden, "no_session", "people decide what is published: sign in, tokens do not count as a second person")
	case !who.may(needed, site, ""):
		return d, refuse(http.StatusForbidden, "not_allowed", "you may not decide what is published of this site")
	}
	if step.Why, err = asSaid(step.Why); err != nil {
		return d, err
	}
	if step.Content != nil {
		if err := checkFigures(step.Content.What); err != nil {
			return d, err
		}
	}
	step.Who = who.actor
	d, err = s.options.Ledger.Decide(ctx, site, id, step)
	return d, decisionProblem(err)
}

// checkFigures refuses what is neither a figure nor a field of a form, and names what
// there is: a decision about nothing would publish nothing, unseen.
func checkFigures(asked []string) error {
	var names []string
	for _, d := range kpi.Definitions() {
		if !slices.Contains(names, d.Name) {
			names = append(names, d.Name)
		}
	}
	names = slices.Concat(names, disclosure.Codes())
	known := map[string]bool{}
	for _, name := range names {
		known[name] = true
	}
	for _, code := range asked {
		if !known[code] && !disclosure.IsCode(code) {
			return &problem{Status: http.StatusUnprocessableEntity, Code: "unknown_figure", Names: names,
				Detail: fmt.Sprintf("there is no figure and no field of a form %.40q; names lists them", code)}
		}
	}
	return nil
}

// publishedView is what anybody may see, as the API shows it. It names nobody.
type publishedView struct {
	Judgements []publishedJudgement   `json:"judgements"`
	Figures    []publishedFigure      `json:"figures"`
	Declared   []publishedDeclaration `json:"declared"`
	// Together are figures of all sites of which it was decided that they are seen
	// only so; none where one site is asked for.
	Together []publishedTogether `json:"together"`
}

type publishedJudgement struct {
	ID         string          `json:"id"`
	Site       energy.SiteID   `json:"site"`
	Name       string          `json:"name"`
	State      string          `json:"state"` // published, withdrawn, corrected
	Published  energy.Date     `json:"published"`
	Ended      energy.Date     `json:"ended,omitzero"` // it was withdrawn or corrected
	Why        string          `json:"why,omitempty"`
	Successor  string          `json:"successor,omitempty"` // published too
	Replies    []publishedSaid `json:"replies"`
	Digest     string          `json:"digest"`
	Assessment judgement       `json:"assessment"`
}

type publishedSaid struct {
	On   energy.Date `json:"on"`
	Text string      `json:"text"`
	Late bool        `json:"late,omitempty"` // after the term
}

type publishedFigure struct {
	Site     energy.SiteID `json:"site"`
	Name     string        `json:"name"`
	Decision string        `json:"decision"`
	Period   string        `json:"period"`
	Figure   string        `json:"figure"`
	Value    *float64      `json:"value"` // null: it lacks energy
	Unit     energy.Unit   `json:"unit"`
	Coverage float64       `json:"energy_coverage"`
	Basis    string        `json:"basis"` // measured
}

type publishedTogether struct {
	Period   string      `json:"period"`
	Figure   string      `json:"figure"`
	Value    *float64    `json:"value"` // null: held back, it would tell of a single site or operator
	Unit     energy.Unit `json:"unit,omitempty"`
	Sites    int         `json:"sites"` // in it; 0: held back
	Coverage *float64    `json:"energy_coverage"`
	Basis    string      `json:"basis"` // measured
}

type publishedDeclaration struct {
	Site     energy.SiteID `json:"site"`
	Name     string        `json:"name"`
	Decision string        `json:"decision"`
	Year     int           `json:"year"`
	Field    string        `json:"field"`
	Value    string        `json:"value"`
	Unit     string        `json:"unit,omitempty"`
	To       string        `json:"published_in"`
	Basis    string        `json:"basis"` // declared
}

// everybody is who asks without having signed in: he may see what was published.
func (s *Server) everybody() caller {
	return caller{name: "public", role: access.Public, grants: []access.Grant{{Role: access.Public, Everywhere: true}}, asks: access.Published, at: s.now()}
}

// listPublished answers GET /api/v1/published?site=&format=: for everybody.
func (s *Server) listPublished(w http.ResponseWriter, r *http.Request) error {
	if _, err := format(r.URL.Query(), "json", "csv"); err != nil {
		return err
	}
	view, err := s.published(r, s.everybody(), r.URL.Query().Get("site"))
	if err != nil {
		return err
	}
	if wantsCSV(r) {
		return writePublishedCSV(w, view)
	}
	return writeJSON(w, view)
}
