package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/commitment"
	"heatledger/energy/hearing"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/reporting/words"
)

// judgementsPage are the judgements issued of a site.
type judgementsPage struct {
	ID, Name string
	Rows     []issuedRow
	MayIssue bool
	Today    string
	Trouble  string
}

// issuedRow is an issued judgement in words.
type issuedRow struct {
	judgementRow
	ID, Issued, State, Deadline, Address string
}

// judgementPage is one of them, with its hearing and what may be done with it.
type judgementPage struct {
	Site, Name string
	issuedRow
	Digest    string
	Steps     []stepRow
	Can       []string    // hear, reply, withdraw, correct
	Propose   []string    // publish, withdraw, correct
	Others    []selection // judgements that may take its place
	Decisions []decisionRow
	Unmailed  bool // nobody of the operator would get a letter by mail
	Public    bool // it was published, and is neither withdrawn nor corrected
	Waits     bool // it is published after the operator's term or last word
	Successor selection
	Unseen    bool // the public saw this one, and not yet the one that took its place
	Trouble   string
}

// stepRow is a step in words.
type stepRow struct {
	When, What, Who, Text string
	Late, Last            bool // a reply after the term; the last word
}

// selection is something that a form offers.
type selection struct{ Value, Text string }

// seen is the site of a page, which its reader may read.
func (p *page) seen(r *http.Request) (registry.Site, error) {
	id := energy.SiteID(r.PathValue("site"))
	site, ok := p.registry.Site(id)
	if !ok || !p.who.may(access.Read, id, "") {
		return site, ledger.ErrNoSite
	}
	return site, nil
}

// siteCalendar is the calendar of a site.
func (s *Server) siteCalendar(p *page, site energy.SiteID) (energy.Calendar, error) {
	return s.options.Ledger.Calendar(p.registry, site)
}

// seenSite is the site of a page, which its reader may read, with its calendar.
func (s *Server) seenSite(r *http.Request, p *page) (registry.Site, energy.Calendar, error) {
	site, err := p.seen(r)
	if err != nil {
		return site, energy.Calendar{}, err
	}
	calendar, err := s.siteCalendar(p, site.ID)
	return site, calendar, err
}

// showJudgementsPage answers GET /sites/{site}/judgements.
func (s *Server) showJudgementsPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.judgementsPage(r, p)
	p.Body = body
	return err
}

func (s *Server) judgementsPage(r *http.Request, p *page) (*judgementsPage, error) {
	site, calendar, err := s.seenSite(r, p)
	if err != nil {
		return nil, err
	}
	list, cases, err := s.issuedOf(r.Context(), p.who, site.ID)
	if err != nil {
		return nil, err
	}
	body := &judgementsPage{ID: string(site.ID), Name: site.Name, MayIssue: p.who.seen != nil && p.who.may(access.Decide, site.ID, ""), Today: calendar.Date(s.now()).String()}
	for _, i := range slices.Backward(list) {
		body.Rows = append(body.Rows, p.issuedRow(i, cases[i.ID()], calendar))
	}
	p.Title = p.T("judgements.of", site.Name)
	return body, nil
}

// issuedOf are the judgements issued of a site that the caller may see, in the
// order of their ids, with their hearings.
func (s *Server) issuedOf(ctx context.Context, who caller, site energy.SiteID) ([]ledger.Issued, map[string]hearing.Case, error) {
	cases, err := s.options.Ledger.Hearings(ctx, site, time.Time{})
	if err != nil {
		return nil, nil, err
	}
	all, err := s.options.Ledger.Issued(ctx, site, time.Time{})
	if err != nil {
		return nil, nil, err
	}
	var list []ledger.Issued
	for _, i := range all {
		if _, ok := cases[i.ID()]; !ok {
			cases[i.ID()] = hearing.New()
		}
		if who.maySeeCase(site, cases[i.ID()]) {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b ledger.Issued) int { return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Part, b.Part)) })
	return list, cases, nil
}

func (p *page) issuedRow(i ledger.Issued, c hearing.Case, calendar energy.Calendar) issuedRow {
	row := issuedRow{judgementRow: p.judgementRows([]commitment.Assessment{i.Assessment})[0], ID: i.ID(), Issued: p.Instant(i.RecordedAt, calendar), State: p.T("hearing:" + string(c.State)),
		Address: p.To(fmt.Sprintf("/sites/%s/judgements/%s", i.Assessment.Site, i.ID()))}
	if c.Deadline != (energy.Date{}) && (c.State == hearing.Hearing || c.State == hearing.Answered) {
		row.Deadline = p.Date(c.Deadline)
	}
	return row
}

// issueJudgements answers POST /sites/{site}/judgements: {on, why}.
func (s *Server) issueJudgements(w http.ResponseWriter, r *http.Request, p *page) error {
	site, err := p.seen(r)
	if err != nil {
		return err
	}
	if !p.who.may(access.Decide, site.ID, "") {
		return refuse(http.StatusForbidden, "not_allowed", "you may not issue judgements of this site")
	}
	on, err := energy.ParseDate(r.PostFormValue("on"))
	var why string
	if err != nil {
		err = refuse(http.StatusBadRequest, "bad_date", "on: %v", err)
	} else if why, err = asSaid(r.PostFormValue("why")); err == nil && why == "" {
		err = refuse(http.StatusUnprocessableEntity, "no_reason", "no reason is given")
	}
	var issued []ledger.Issued
	if err == nil {
		issued, err = s.options.Ledger.Issue(r.Context(), site.ID, ledger.Issuing{On: on, Actor: p.who.actor, Reason: why})
	}
	if err == nil && len(issued) == 0 {
		err = refuse(http.StatusConflict, "nothing_new", "each judgement of that day stands as it was issued")
	}
	if err == nil {
		http.Redirect(w, r, p.To("/sites/"+string(site.ID)+"/judgements"), http.StatusSeeOther)
		return nil
	}
	trouble, err := p.deskTrouble(err)
	if err != nil {
		return err
	}
	body, err := s.judgementsPage(r, p)
	if err != nil {
		return err
	}
	body.Trouble = trouble
	p.Body = body
	return nil
}

// deskTrouble is what a page says of a refusal; what its reader cannot mend stays
// an error.
func (p *page) deskTrouble(err error) (string, error) {
	var refused *problem
	if !errors.As(err, &refused) || refused.Status == http.StatusNotFound || refused.Status == http.StatusForbidden && refused.Code == "not_allowed" {
		var faults energy.Faults
		if !errors.As(err, &faults) {
			return "", err
		}
		p.Status = http.StatusUnprocessableEntity
		lines := make([]string, len(faults))
		for i, f := range faults {
			problem, remedy := p.faultText(f)
			lines[i] = problem
			if remedy != "" {
				lines[i] = strings.TrimSuffix(problem, ".") + ": " + remedy
			}
		}
		return p.T("trouble:faults") + " " + strings.Join(lines, "; "), nil
	}
	p.Status = refused.Status
	if key := "trouble:" + refused.Code; p.T(key) != refused.Code {
		return p.T(key), nil
	}
	return refused.Detail, nil
}

// showJudgementPage answers GET /sites/{site}/judgements/{issued}.
func (s *Server) showJudgementPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.judgementPage(r, p)
	p.Body = body
	return err
}

func (s *Server) judgementPage(r *http.Request, p *page) (*judgementPage, error) {
	site, calendar, err := s.seenSite(r, p)
	if err != nil {
		return nil, err
	}
	list, cases, err := s.issuedOf(r.Context(), p.who, site.ID)
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(list, func(i ledger.Issued) bool { return i.ID() == r.PathValue("issued") })
	if n < 0 {
		return nil, refuse(http.StatusNotFound, "not_issued", "no judgement %.40q of %s was issued that you may see", r.PathValue("issued"), string(site.ID))
	}
	i, of := list[n], cases[list[n].ID()]
	body := &judgementPage{Site: string(site.ID), Name: site.Name, issuedRow: p.issuedRow(i, of, calendar), Digest: fmt.Sprintf("%x", i.Digest), Public: of.State == hearing.Published}
	p.Title = p.T("judgement.title", body.ID, body.Metric, body.Period)
	names, err := s.names(r.Context(), p.who, site.ID)
	if err != nil {
		return nil, err
	}
	for _, step := range of.Steps {
		body.Steps = append(body.Steps, stepRow{When: p.Instant(step.At, calendar), What: p.T("step:" + string(step.Action)), Who: p.party(names, step.Who, step.Action == hearing.Reply), Text: step.Why,
			Late: step.Action == hearing.Reply && of.Late(step), Last: step.Last})
		if step.Successor != "" {
			body.Successor = selection{p.To(fmt.Sprintf("/sites/%s/judgements/%s", site.ID, step.Successor)), p.T("decision.successor", step.Successor)}
			body.Unseen = ledger.WasPublished(of) && !ledger.WasPublished(cases[step.Successor]) && p.who.may(access.Hear, site.ID, "")
		}
	}
	if p.who.seen == nil {
		return body, nil
	}
	return body, s.offer(r.Context(), p, site.ID, body, list, cases, i, names, calendar)
}

// offer adds what the reader may do.
func (s *Server) offer(ctx context.Context, p *page, site energy.SiteID, body *judgementPage, list []ledger.Issued, cases map[string]hearing.Case, i ledger.Issued, names map[string]string, calendar energy.Calendar) error {
	open := cases[i.ID()].Open(calendar.Date(s.now()))
	may := func(permission access.Permission) bool { return p.who.may(permission, site, "") }
	for _, action := range open {
		switch action {
		case hearing.Hear, hearing.Withdraw, hearing.Correct:
			if may(access.Hear) && !body.Public {
				body.Can = append(body.Can, string(action))
			}
		case hearing.Reply:
			if may(access.Answer) {
				body.Can = append(body.Can, string(action))
			}
		}
		if may(access.Decide) && (action == hearing.Publish || body.Public) {
			body.Propose = append(body.Propose, string(action))
		}
	}
	body.Waits = may(access.Decide) && (cases[i.ID()].State == hearing.Hearing || cases[i.ID()].State == hearing.Answered) && !slices.Contains(open, hearing.Publish)
	for _, other := range list {
		if other.ID() != i.ID() && hearing.Succeeds(i.Subject(), other.Subject(), cases[other.ID()]) == nil {
			row := p.issuedRow(other, hearing.New(), calendar)
			body.Others = append(body.Others, selection{other.ID(), other.ID() + ": " + row.Metric + ", " + row.Period + ", " + row.Verdict})
		}
	}
	if slices.Contains(body.Can, string(hearing.Hear)) {
		people, err := s.answering(ctx, site)
		if err != nil {
			return err
		}
		body.Unmailed = !s.options.Mail || len(people) == 0
	}
	decided, err := s.options.Ledger.Decisions(ctx, site, time.Time{})
	if err != nil {
		return err
	}
	judged, err := s.judgedNames(ctx, words.Lang(p.Lang), site)
	if err != nil {
		return err
	}
	for _, d := range decided {
		if d.Judgement == i.ID() && may(access.Audit) {
			body.Decisions = append(body.Decisions, p.decisionRow(site, d, names, judged, calendar))
		}
	}
	if slices.ContainsFunc(decided, func(d ledger.Decided) bool { return d.Judgement == i.ID() && d.State == publication.Proposed }) {
		body.Propose = nil // one at a time
	}
	return nil
}

// changeJudgement answers POST /sites/{site}/judgements/{issued}/{what}.
func (s *Server) changeJudgement(w http.ResponseWriter, r *http.Request, p *page) error {
	site, err := p.seen(r)
	if err != nil {
		return err
	}
	id, why, successor := r.PathValue("issued"), r.PostFormValue("why"), r.PostFormValue("successor")
	switch what := r.PathValue("what"); what {
	case "hear", "reply", "withdraw", "correct":
		_, err = s.advance(r.Context(), p.who, site.ID, id, hearing.Step{Action: hearing.Action(what), Why: why, Last: r.PostFormValue("last") != "", Successor: successor})
	case "propose":
		c := publication.Content{Judgement: id, Act: publication.Act(r.PostFormValue("act"))}
		if c.Act == publication.Correct {
			c.Successor = successor
		}
		_, err = s.decide(r.Context(), p.who, site.ID, "", publication.Step{Action: publication.Propose, Content: &c, Why: why})
	default:
		return s.notFound(w, r)
	}
	if err == nil {
		http.Redirect(w, r, p.To(fmt.Sprintf("/sites/%s/judgements/%s", site.ID, id)), http.StatusSeeOther)
		return nil
	}
	trouble, err := p.deskTrouble(err)
	if err != nil {
		return err
	}
	body, err := s.judgementPage(r, p)
	if err != nil {
		return err
	}
	body.Trouble = trouble
	p.Body = body
	return nil
}
