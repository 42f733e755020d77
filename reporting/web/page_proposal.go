package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/kpi"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/reporting/words"
)

// proposalForm is what was filled in. Sites are the other sites for which the same
// is proposed.
type proposalForm struct {
	Class, From, To, Resolution, Delay, Agreement, Why string
	What, Sites                                        []string
}

// choice is one of several things that a form lets tick.
type choice struct {
	Value, Text string
	Chosen      bool
}

// madeRow is what became of the proposal for one of several sites.
type madeRow struct{ Name, Address, Said string }

// usualProposal is what is proposed most: a year's values, a quarter of a year later.
func usualProposal(year int) proposalForm {
	return proposalForm{Class: string(publication.Internal), From: strconv.Itoa(year) + "-01-01", To: strconv.Itoa(year) + "-12-31", Resolution: string(publication.Year), Delay: "90"}
}

// asked is what a form says. Figures come ticked, or as programs write them: with
// commas between.
func askedProposal(r *http.Request) proposalForm {
	f := proposalForm{Class: r.PostFormValue("class"), From: r.PostFormValue("from"), To: r.PostFormValue("to"), Resolution: r.PostFormValue("resolution"),
		Delay: r.PostFormValue("delay"), Agreement: r.PostFormValue("agreement"), Why: r.PostFormValue("why"), Sites: r.PostForm["site"]}
	f.What = strings.FieldsFunc(strings.Join(r.PostForm["what"], ","), func(c rune) bool { return strings.ContainsRune(", ;\n\r", c) })
	return f
}

// choices fill in a form, with what it lets choose.
func (p *page) choices(body *publicationPage, site registry.Site, asked proposalForm) {
	body.Asked, body.Figures, body.Declared, body.Others = asked, nil, nil, nil
	say := speech{Lang: chartLanguage(words.Lang(p.Lang)), words: p.words}
	offer := func(list []choice, code string) []choice {
		if slices.ContainsFunc(list, func(c choice) bool { return c.Value == code }) {
			return list
		}
		return append(list, choice{code, figureName(say, code), slices.Contains(asked.What, code)})
	}
	for _, d := range kpi.Definitions() {
		body.Figures = offer(body.Figures, d.Name)
	}
	for _, d := range site.Declarations {
		if d.To != registry.ToMunicipality {
			body.Declared = offer(body.Declared, d.Field)
		}
	}
	for _, other := range p.registry.Sites {
		if other.ID != site.ID && p.who.may(access.Decide, other.ID, "") {
			body.Others = append(body.Others, choice{string(other.ID), other.Name, slices.Contains(asked.Sites, string(other.ID))})
		}
	}
}

// proposePublication answers POST /sites/{site}/publication: a proposal about figures,
// of other sites too. Each site has a decision of its own, for each may be refused.
func (s *Server) proposePublication(w http.ResponseWriter, r *http.Request, p *page) error {
	site, err := p.seen(r)
	if err != nil {
		return err
	}
	asked := askedProposal(r)
	content, err := asked.content()
	if err == nil && len(asked.Sites) > 0 {
		return s.proposeTogether(r, p, site, asked, content)
	}
	if err == nil {
		_, err = s.decide(r.Context(), p.who, site.ID, "", publication.Step{Action: publication.Propose, Content: &content, Why: asked.Why})
	}
	return s.afterDecision(w, r, p, site.ID, asked, err)
}

// proposeTogether proposes the same for several sites, and shows what became of each.
func (s *Server) proposeTogether(r *http.Request, p *page, site registry.Site, asked proposalForm, content publication.Content) error {
	all := []registry.Site{site}
	for _, id := range asked.Sites {
		other, ok := p.registry.Site(energy.SiteID(id))
		if !ok || !p.who.may(access.Decide, other.ID, "") {
			return refuse(http.StatusForbidden, "not_allowed", "you may not decide what is published of %.40q", id)
		}
		if !slices.ContainsFunc(all, func(s registry.Site) bool { return s.ID == other.ID }) {
			all = append(all, other)
		}
	}
	var made []madeRow
	refused := false
	for _, one := range all {
		row := madeRow{Name: one.Name, Address: p.To("/sites/" + string(one.ID) + "/publication"), Said: p.T("decision:" + string(publication.Proposed))}
		if _, err := s.decide(r.Context(), p.who, one.ID, "", publication.Step{Action: publication.Propose, Content: &content, Why: asked.Why}); err != nil {
			if row.Said, err = p.deskTrouble(err); err != nil {
				return err
			}
			refused = true
		}
		made = append(made, row)
	}
	body, err := s.publicationPage(r, p)
	if err != nil {
		return err
	}
	if refused {
		p.choices(body, site, asked)
	}
	body.Made, p.Body = made, body
	return nil
}

// content is what a form proposes. Its days are both included.
func (f proposalForm) content() (publication.Content, error) {
	from, errFrom := energy.ParseDate(f.From)
	to, errTo := energy.ParseDate(f.To)
	delay, errDelay := strconv.Atoi(f.Delay)
	if errors.Join(errFrom, errTo, errDelay) != nil {
		return publication.Content{}, decisionProblem(publication.ErrContent)
	}
	return publication.Content{Class: publication.Class(f.Class), What: f.What, From: from, To: to.AddDays(1), Resolution: publication.Resolution(f.Resolution), DelayDays: delay, Agreement: f.Agreement}, nil
}
