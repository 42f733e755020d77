package web

import (
	"encoding/hex"
	"net/http"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/hearing"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/reporting/words"
)

// published is what the caller may see of what was published, of one site or of all.
func (s *Server) published(r *http.Request, who caller, site string) (view publishedView, err error) {
	ctx := store.AsOwner(r.Context()) // two people decided what of it is answered
	known, err := s.options.Ledger.Registry(ctx)
	if err != nil {
		return view, err
	}
	var sites []energy.SiteID
	for _, one := range known.Sites {
		if who.maySee(one.ID) && (site == "" || site == string(one.ID)) {
			sites = append(sites, one.ID)
		}
	}
	p, err := s.options.Ledger.Published(ctx, sites, s.now())
	if err != nil {
		return view, err
	}
	chosen, _ := language(r)
	lang := words.Lang(chosen)
	view = publishedView{Judgements: []publishedJudgement{}, Figures: []publishedFigure{}, Declared: []publishedDeclaration{}}
	for _, j := range p.Judgements {
		view.Judgements = append(view.Judgements, judgementPublished(known, lang, j))
	}
	for _, f := range p.Figures {
		one := publishedFigure{Site: f.Site, Name: siteName(known, f.Site), Decision: f.Decision, Period: f.Period, Figure: f.Figure.Name, Unit: f.Unit, Coverage: f.EnergyCoverage, Basis: string(commitment.Measured)}
		if f.OK {
			one.Value = &f.Value
		}
		view.Figures = append(view.Figures, one)
	}
	for _, d := range p.Declared {
		view.Declared = append(view.Declared, publishedDeclaration{Site: d.Site, Name: siteName(known, d.Site), Decision: d.Decision, Year: d.Year, Field: d.Field,
			Value: d.Value.String(), Unit: d.Unit, To: string(d.To), Basis: string(commitment.Declared)})
	}
	return view, nil
}

func siteName(known *registry.Registry, id energy.SiteID) string {
	site, _ := known.Site(id)
	return site.Name
}

// judgementPublished is a judgement without anybody who had to do with it.
func judgementPublished(known *registry.Registry, lang words.Lang, j ledger.PublishedJudgement) publishedJudgement {
	view := publishedJudgement{ID: j.ID(), Site: j.Site, Name: siteName(known, j.Site), State: string(j.Case.State), Replies: []publishedSaid{},
		Digest: hex.EncodeToString(j.Digest), Assessment: judgements(known, lang, []commitment.Assessment{j.Assessment})[0]}
	for _, step := range j.Case.Steps {
		switch step.Action {
		case hearing.Publish:
			view.Published = step.On
		case hearing.Withdraw, hearing.Correct:
			view.Ended, view.Why = step.On, step.Why
		}
	}
	for _, reply := range j.Case.Replies {
		view.Replies = append(view.Replies, publishedSaid{On: reply.On, Text: reply.Why, Late: j.Case.Late(reply)})
	}
	if j.Successor != nil {
		view.Successor = j.Successor.ID()
	}
	return view
}
