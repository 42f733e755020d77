package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/commitment"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/reporting/chart"
	"heatledger/reporting/disclosure"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// publicationPage is what of a site is published, or was proposed to be.
type publicationPage struct {
	ID, Name    string
	Decisions   []decisionRow
	MayPropose  bool
	Classes     []publication.Class
	Resolutions []publication.Resolution
	Agreements  []selection
	Figures     []choice // what can be decided on
	Declared    []choice // fields of forms that somebody declared of the site
	Others      []choice // sites for which the same can be proposed at once
	Made        []madeRow
	Asked       proposalForm
	Trouble     string
}

// decisionRow is a decision in words.
type decisionRow struct {
	ID, What, Terms, State  string
	Address                 string // its path, without the language: forms add what they do
	Steps                   []stepRow
	Confirm, Reject, Revoke bool // what the reader may do
	Own                     bool // he proposed it: somebody else confirms
	About                   string
}

func (p *page) decisionRow(site energy.SiteID, d ledger.Decided, names, judged map[string]string, calendar energy.Calendar) decisionRow {
	row := decisionRow{ID: d.ID, State: p.T("decision:" + string(d.State)), Address: "/sites/" + string(site) + "/decisions/" + d.ID, About: d.Judgement}
	if d.Judgement != "" {
		row.What = p.T("act:"+string(d.Act), named(judged, d.Judgement))
		if d.State == publication.Confirmed { // it was done at once; whether it still stands says the judgement
			row.State = p.T("decision.done")
		}
		if d.Successor != "" {
			row.Terms = p.T("decision.successor", named(judged, d.Successor))
		}
	} else {
		row.What = p.T("class:"+string(d.Class)) + ": " + figureNames(speech{Lang: chartLanguage(words.Lang(p.Lang)), words: p.words}, d.What)
		row.Terms = p.T("decision.terms", p.Date(d.From), p.Date(d.To.AddDays(-1)), p.T("resolution:"+string(d.Resolution)), p.Number(float64(d.DelayDays), 0))
		if d.Agreement != "" {
			row.Terms += " " + p.T("decision.agreement", p.paperName(d.Agreement))
		}
	}
	for _, step := range d.Steps {
		row.Steps = append(row.Steps, stepRow{When: p.Instant(step.At, calendar), What: p.T("decision.step:" + string(step.Action)), Who: p.party(names, step.Who, false), Text: step.Why})
	}
	if p.who.seen != nil && p.who.may(access.Confirm, site, "") {
		row.Own = d.State == publication.Proposed && !access.Apart(d.Steps[0].Who, p.who.actor)
		row.Confirm, row.Reject = d.State == publication.Proposed && !row.Own, d.State == publication.Proposed
		row.Revoke = d.InForce()
	}
	return row
}

// judgedNames are what the judgements issued of a site are about, by their ids.
func (s *Server) judgedNames(ctx context.Context, lang words.Lang, site energy.SiteID) (map[string]string, error) {
	list, err := s.options.Ledger.Issued(ctx, site, time.Time{})
	names := map[string]string{}
	for _, i := range list {
		names[i.ID()] = words.Metric(lang, i.Assessment.Metric) + ", " + words.Period(lang, i.Assessment.Period)
	}
	return names, err
}

// named is the id of a judgement with what it is about.
func named(judged map[string]string, id string) string {
	if name, ok := judged[id]; ok {
		return id + " (" + name + ")"
	}
	return id
}

// figureNames are figures, and fields of forms, as people call them.
func figureNames(say speech, codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = figureName(say, code)
	}
	return strings.Join(names, ", ")
}

// figureName is a figure, or a field of a form, as people call it; its code where
// neither is known.
func figureName(say speech, code string) string {
	if name := say.T("kpi:" + code); name != code && name != "kpi:"+code {
		return name
	}
	if field, ok := disclosure.FieldOf(code); ok {
		lang := document.English
		if say.Lang == chart.German {
			lang = document.German
		}
		return disclosure.In(lang).Label(field) + " (" + code + ")"
	}
	return code
}

// paperName is the title of a paper of the registry; its id where it has none.
func (p *page) paperName(id string) string {
	for _, e := range p.registry.Evidence {
		if e.ID == id && e.Title != "" {
			return e.Title
		}
	}
	return id
}

// showPublicationPage answers GET /sites/{site}/publication.
func (s *Server) showPublicationPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.publicationPage(r, p)
	p.Body = body
	return err
}

func (s *Server) publicationPage(r *http.Request, p *page) (*publicationPage, error) {
	site, calendar, err := s.seenSite(r, p)
	if err != nil {
		return nil, err
	}
	decided, err := s.options.Ledger.Decisions(r.Context(), site.ID, time.Time{})
	if err != nil {
		return nil, err
	}
	names, err := s.names(r.Context(), p.who, site.ID)
	if err != nil {
		return nil, err
	}
	judged, err := s.judgedNames(r.Context(), words.Lang(p.Lang), site.ID)
	if err != nil {
		return nil, err
	}
	body := &publicationPage{ID: string(site.ID), Name: site.Name, MayPropose: p.who.seen != nil && p.who.may(access.Decide, site.ID, ""),
		Classes: publication.Classes(), Resolutions: publication.Resolutions()}
	for _, d := range slices.Backward(decided) {
		body.Decisions = append(body.Decisions, p.decisionRow(site.ID, d, names, judged, calendar))
	}
	for _, e := range p.registry.Evidence {
		if (e.Kind == registry.Agreement || e.Kind == registry.Contract) && slices.Contains(e.Sites, site.ID) {
			body.Agreements = append(body.Agreements, selection{e.ID, e.ID + " " + e.Title})
		}
	}
	if len(body.Agreements) == 0 { // hours are shown by an agreement alone
		body.Resolutions = slices.DeleteFunc(body.Resolutions, func(r publication.Resolution) bool { return r == publication.Hour })
	}
	p.choices(body, site, usualProposal(calendar.Date(s.now()).Year-1))
	p.Title = p.T("publication.of", site.Name)
	return body, nil
}

// changeDecision answers POST /sites/{site}/decisions/{id}/{what}.
func (s *Server) changeDecision(w http.ResponseWriter, r *http.Request, p *page) error {
	site, err := p.seen(r)
	if err != nil {
		return err
	}
	what := publication.Action(r.PathValue("what"))
	if what == publication.Propose {
		return s.notFound(w, r)
	}
	d, err := s.decide(r.Context(), p.who, site.ID, r.PathValue("id"), publication.Step{Action: what, Why: r.PostFormValue("why")})
	if err == nil && d.Judgement != "" {
		http.Redirect(w, r, p.To("/sites/"+string(site.ID)+"/judgements/"+d.Judgement), http.StatusSeeOther)
		return nil
	}
	return s.afterDecision(w, r, p, site.ID, proposalForm{}, err)
}

// afterDecision shows what came of a step.
func (s *Server) afterDecision(w http.ResponseWriter, r *http.Request, p *page, site energy.SiteID, asked proposalForm, err error) error {
	if err == nil {
		http.Redirect(w, r, p.To("/sites/"+string(site)+"/publication"), http.StatusSeeOther)
		return nil
	}
	trouble, err := p.deskTrouble(err)
	if err != nil {
		return err
	}
	body, err := s.publicationPage(r, p)
	if err != nil {
		return err
	}
	if asked.Class != "" {
		site, _ := p.registry.Site(site)
		p.choices(body, site, asked)
	}
	body.Trouble, p.Body = trouble, body
	return nil
}

// publishedPage is what everybody may see.
type publishedPage struct {
	Rows     []publishedRow
	Figures  []publishedFigureRow
	Declared []publishedFigureRow
	Together []publishedFigureRow
	CSV      string
}

type publishedRow struct {
	ID, Site, Metric, Title, Period, Kind, Verdict, Because, Basis string
	State, Published, Ended, Why, Successor                        string
	Replies                                                        []stepRow
}

type publishedFigureRow struct{ Site, Period, Figure, Value, Note string }

// showPublishedPage answers GET /published: for everybody.
func (s *Server) showPublishedPage(w http.ResponseWriter, r *http.Request) error {
	p := s.barePage(r)
	s.meet(r, p)
	var err error
	if p.registry, err = s.options.Ledger.Registry(store.AsOwner(r.Context())); err != nil {
		return err
	}
	p.Town = p.registry.Municipality.Name
	view, err := s.published(r, s.everybody(), "")
	if err != nil {
		return err
	}
	body := &publishedPage{CSV: "/api/v1/published?format=csv&lang=" + string(p.Lang)}
	for _, j := range view.Judgements {
		body.Rows = append(body.Rows, p.publishedRow(j))
	}
	for _, f := range view.Figures {
		row := publishedFigureRow{Site: f.Name, Period: words.Period(words.Lang(p.Lang), commitment.Span{Label: f.Period}), Figure: p.T("kpi:" + f.Figure), Value: p.T("published.lacking"), Note: p.T("published.measured", p.Percent(f.Coverage))}
		if f.Value != nil {
			row.Value = words.Figure(words.Lang(p.Lang), f.Figure, *f.Value, f.Unit)
		}
		body.Figures = append(body.Figures, row)
	}
	body.Declared = p.declaredRows(view.Declared, wordsOf(r))
	for _, t := range view.Together {
		row := publishedFigureRow{Site: p.T("published.withheld.sites"), Period: words.Period(words.Lang(p.Lang), commitment.Span{Label: t.Period}), Figure: p.T("kpi:" + t.Figure), Value: p.T("published.withheld"), Note: p.T("published.withheld.why")}
		if t.Value != nil {
			row.Site, row.Note = p.T("published.sites", strconv.Itoa(t.Sites)), p.T("published.measured", p.Percent(*t.Coverage))
			row.Value = words.Figure(words.Lang(p.Lang), t.Figure, *t.Value, t.Unit)
		}
		body.Together = append(body.Together, row)
	}
	p.Body, p.Title = body, p.T("published")
	return s.show(w, http.StatusOK, "published.html", p)
}

// declaredRows are what operators declared, by the names and in the numbers of the
// forms it was declared in.
func (p *page) declaredRows(list []publishedDeclaration, forms disclosure.Words) (rows []publishedFigureRow) {
	say, names := speech{Lang: chartLanguage(words.Lang(p.Lang)), words: p.words}, map[string]string{}
	for _, d := range list {
		if names[d.Field] == "" {
			names[d.Field] = figureName(say, d.Field)
		}
		value := forms.Value(disclosure.Text(d.Value), d.Unit)
		if number, err := strconv.ParseFloat(d.Value, 64); err == nil { // with the digits it was declared with
			_, digits, _ := strings.Cut(d.Value, ".")
			value = strings.TrimSuffix(p.Number(number, len(digits))+"\u00a0"+d.Unit, "\u00a01")
		}
		rows = append(rows, publishedFigureRow{Site: d.Name, Period: strconv.Itoa(d.Year), Figure: names[d.Field], Value: value, Note: p.T("published.declared:" + d.To)})
	}
	return rows
}

func (p *page) publishedRow(j publishedJudgement) publishedRow {
	a := j.Assessment
	row := publishedRow{ID: j.ID, Site: j.Name, Metric: words.Metric(words.Lang(p.Lang), a.Metric), Title: a.Title, Period: words.Period(words.Lang(p.Lang), commitment.Span{Label: a.Period}), Kind: string(a.Verdict),
		Verdict: a.Short, Because: a.Because, State: p.T("hearing:" + j.State), Published: p.Date(j.Published), Why: j.Why, Successor: j.Successor}
	if a.Basis != "" {
		row.Basis = p.T("basis:" + string(a.Basis))
	}
	if j.Ended != (energy.Date{}) {
		row.Ended = p.T("published.ended", row.State, p.Date(j.Ended))
	}
	for _, reply := range j.Replies {
		row.Replies = append(row.Replies, stepRow{When: p.Date(reply.On), Text: reply.Text, Late: reply.Late})
	}
	return row
}
