package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/commitment"
	"heatledger/energy/submission"
	"heatledger/reporting/words"
)

// inboxPage is what waits for the office, kind by kind.
type inboxPage struct {
	Groups []inboxGroup
	Empty  bool
}

type inboxGroup struct {
	ID, Title, Lead string
	Rows            []inboxRow
}

// inboxRow is an item in words, with where it is dealt with.
type inboxRow struct {
	Text, Site, State, Since, Address, Point string
	Judged                                   []string
}

// showInboxPage answers GET /inbox.
func (s *Server) showInboxPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	items, err := s.inbox(r.Context(), p.who, words.Lang(p.Lang))
	if err != nil {
		return err
	}
	body := &inboxPage{Empty: len(items) == 0}
	for _, kind := range inboxKinds() {
		g := inboxGroup{ID: string(kind), Title: p.T("inbox:" + string(kind)), Lead: p.T("inbox.lead:" + string(kind))}
		for _, i := range items {
			if i.Kind == kind {
				g.Rows = append(g.Rows, p.inboxRow(i))
			}
		}
		if len(g.Rows) > 0 {
			body.Groups = append(body.Groups, g)
		}
	}
	p.Title, p.Body = p.T("inbox"), body
	return nil
}

func (p *page) inboxRow(i inboxItem) inboxRow {
	row := inboxRow{Text: i.Text, Since: p.Instant(i.At, p.Calendar), Point: string(i.Point)}
	var names []string
	for _, id := range append([]energy.SiteID{i.Site}, i.Sites...) {
		if name := siteName(p.registry, id); name != "" && !strings.Contains(strings.Join(names, ", "), name) {
			names = append(names, name)
		}
	}
	row.Site = strings.Join(names, ", ")
	at := "/sites/" + string(i.Site)
	switch i.Kind {
	case inboxSubmission:
		row.State, row.Address = p.T("submission.state:"+i.State), p.To("/inbox/submissions/"+i.ID)
	case inboxReply, inboxHeard:
		row.State, row.Address = p.T("hearing:"+i.State), p.To(at+"/judgements/"+i.ID)
	case inboxDecision:
		row.State, row.Address = p.T("decision:"+i.State), p.To(at+"/publication")
	case inboxCase:
		row.State, row.Address = p.T("inbox.open"), p.To(at+"/findings")
		if !p.who.may(access.Configure, i.Site, "") {
			break // only reads
		}
		row.Address = p.To(fmt.Sprintf("%s/events?point=%s&at=%s", at, i.Point, i.At.UTC().Format("2006-01-02T15:04:05Z")))
	case inboxFinding:
		row.State, row.Address = words.Severity(words.Lang(p.Lang), "error"), p.To(at+"/findings")
	}
	for _, j := range i.Judged {
		row.Judged = append(row.Judged, fmt.Sprintf("%s, %s: %s", j.metric, j.Period, j.Short))
	}
	return row
}

// inboxSubmissionPage is a submission as the office looks at it.
type inboxSubmissionPage struct {
	ID, Number, Name, Sites, State, At, File, Whole string
	Reason                                          string // why what was known is corrected; "": it is not
	Said                                            string // what was typed and not taken
	Steps                                           []stepRow
	Effects                                         []effectPart
	Can                                             []string // check, ask_back, accept, comment
	Trouble                                         string
}

// effectPart is what a fact moved, in words.
type effectPart struct {
	ID, Site, Lead string
	Judgements     []movedRow
	Figures        []movedRow
	Proof          string
}

type movedRow struct{ What, Period, Before, After, Why string }

// showInboxSubmission answers GET /inbox/submissions/{id}.
func (s *Server) showInboxSubmission(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.inboxSubmissionPage(r, p)
	p.Body = body
	return err
}

func (s *Server) inboxSubmissionPage(r *http.Request, p *page) (*inboxSubmissionPage, error) {
	sub, err := s.handing().Show(r.Context(), p.who.submitter(), r.PathValue("id"))
	if err != nil {
		return nil, deskProblem(err)
	}
	body := &inboxSubmissionPage{ID: sub.ID, Number: numberText(sub.Number), Name: sub.Name, Reason: sub.Request.Correction, State: p.T("submission.state:" + string(sub.State)), At: p.Instant(sub.HandedAt, p.Calendar),
		File: "/api/v1/submissions/" + sub.ID + "/file", Whole: p.To("/hand-in/" + sub.ID)}
	var names []string
	reviews := len(sub.Sites) > 0
	for _, id := range sub.Sites {
		names = append(names, siteName(p.registry, id))
		reviews = reviews && p.who.may(access.Review, id, "")
	}
	body.Sites = strings.Join(names, ", ")
	people, err := s.names(r.Context(), p.who, firstSite(sub.Sites))
	if err != nil {
		return nil, err
	}
	for _, step := range sub.Steps {
		text := step.Text
		if step.Row > 0 {
			text = strings.TrimSpace(p.T("inbox.row", strconv.Itoa(step.Row)) + " " + text)
		}
		body.Steps = append(body.Steps, stepRow{When: p.Instant(step.At, p.Calendar), What: p.T("submission.step:" + string(step.Kind)), Who: p.party(people, step.Actor, false), Text: text})
	}
	stored, _, err := s.options.Store.Submission(r.Context(), sub.ID)
	if err != nil {
		return nil, err
	}
	facts, err := s.factsOf(r.Context(), stored)
	if err != nil {
		return nil, err
	}
	for _, id := range sub.Sites {
		if facts[id] > 0 {
			part, err := s.effectPart(r, p, id, facts[id])
			if err != nil {
				return nil, err
			}
			body.Effects = append(body.Effects, part)
		}
	}
	if p.who.seen != nil && reviews {
		if sub.State != submission.Accepted && sub.State != submission.Withdrawn {
			body.Can = []string{string(submission.StepAccept), string(submission.StepAsk)}
		}
		if sub.State == submission.Received || sub.State == submission.AskedBack {
			body.Can = append(body.Can, string(submission.StepCheck))
		}
		body.Can = append(body.Can, string(submission.StepComment))
	}
	p.Title = p.T("inbox.submission", body.Number)
	return body, nil
}

// firstSite is the first of some sites; "" of none.
func firstSite(sites []energy.SiteID) energy.SiteID {
	if len(sites) == 0 {
		return ""
	}
	return sites[0]
}

// effectPart puts into words what a fact moved.
func (s *Server) effectPart(r *http.Request, p *page, site energy.SiteID, fact int64) (effectPart, error) {
	view, err := s.effect(r, site, fact)
	if err != nil {
		return effectPart{}, err
	}
	number := strconv.FormatInt(fact, 10)
	part := effectPart{ID: "effect-" + string(site), Site: siteName(p.registry, site), Lead: p.T("effect.lead", siteName(p.registry, site), number, p.Date(view.On)),
		Proof: "/api/v1/sites/" + string(site) + "/facts/" + number + "/proof"}
	lang := words.Lang(p.Lang)
	for _, m := range view.Judgements {
		row := movedRow{What: words.Metric(lang, m.Metric), Period: words.Period(lang, commitment.Span{Label: m.Period}), Before: p.T("effect.nothing"), After: p.T("effect.nothing")}
		if m.Title != "" {
			row.What = m.Title + ", " + row.What
		}
		was, is := movedValues(lang, m.Metric, m.Before, m.After)
		if m.Before != nil {
			row.Before = was
		}
		if m.After != nil {
			row.After, row.Why = is, m.After.Because
			if m.Before != nil && is == was && m.Before.Because == m.After.Because {
				row.Why = p.T("effect.same")
			}
		}
		part.Judgements = append(part.Judgements, row)
	}
	for _, m := range view.Figures {
		said := func(f *figureSide, value string) string {
			if f == nil || !f.Value.OK {
				return p.T("effect.nothing")
			}
			return value + " (" + p.T("coverage") + " " + p.Percent(f.Coverage) + ")"
		}
		was, is := words.Moved(lang, m.Name, valueOf(m.Before), valueOf(m.After), m.Unit)
		part.Figures = append(part.Figures, movedRow{What: p.T("kpi:" + m.Name), Period: m.Period, Before: said(m.Before, was), After: said(m.After, is)})
	}
	return part, nil
}

// valueOf is the value of a side of a figure; 0 where there is none.
func valueOf(f *figureSide) float64 {
	if f == nil {
		return 0
	}
	return f.Value.Number
}

// movedValues are both sides of a judgement that moved, told apart by their digits.
func movedValues(lang words.Lang, metric string, before, after *judgementSide) (was, is string) {
	var a, b judgementSide
	if before != nil {
		a = *before
	}
	if after != nil {
		b = *after
	}
	x, y := words.Figure(lang, metric, a.Value.Number, a.Unit), words.Figure(lang, metric, b.Value.Number, b.Unit)
	if a.Value.OK && b.Value.OK && a.Unit == b.Unit {
		x, y = words.Moved(lang, metric, a.Value.Number, b.Value.Number, a.Unit)
	}
	side := func(s judgementSide, value string) string {
		if !s.Value.OK {
			return s.Short
		}
		return s.Short + " (" + value + ")"
	}
	return side(a, x), side(b, y)
}

// changeInboxSubmission answers POST /inbox/submissions/{id}: {step, text}.
func (s *Server) changeInboxSubmission(w http.ResponseWriter, r *http.Request, p *page) error {
	text, err := asSaid(r.PostFormValue("text"))
	if err == nil {
		_, err = s.handing().Note(r.Context(), p.who.submitter(), r.PathValue("id"), submission.Step{Kind: submission.StepKind(r.PostFormValue("step")), Text: text})
	}
	if err == nil {
		http.Redirect(w, r, p.To("/inbox/submissions/"+r.PathValue("id")), http.StatusSeeOther)
		return nil
	}
	if errors.Is(err, submission.ErrUnknown) || errors.Is(err, submission.ErrNotAllowed) {
		return deskProblem(err)
	}
	trouble, err := p.deskTrouble(deskProblem(err))
	if err != nil {
		return err
	}
	body, err := s.inboxSubmissionPage(r, p)
	if err != nil {
		return err
	}
	body.Trouble, body.Said, p.Body = trouble, r.PostFormValue("text"), body
	return nil
}

// effectPage is what one fact moved.
type effectPage struct {
	Part effectPart
	Site string
	ID   string
}

// showEffectPage answers GET /sites/{site}/facts/{fact}.
func (s *Server) showEffectPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	site, err := p.seen(r)
	if err != nil {
		return err
	}
	fact, err := strconv.ParseInt(r.PathValue("fact"), 10, 64)
	if err != nil || fact < 1 {
		return refuse(http.StatusNotFound, "no_fact", "%.20q is no number of a fact", r.PathValue("fact"))
	}
	part, err := s.effectPart(r, p, site.ID, fact)
	if err != nil {
		return err
	}
	p.Title, p.Body = p.T("effect.title", site.Name, strconv.FormatInt(fact, 10)), &effectPage{Part: part, Site: site.Name, ID: string(site.ID)}
	return nil
}
