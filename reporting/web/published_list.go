package web

import (
	"context"
	"encoding/hex"
	"net/http"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/hearing"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/reporting/cell"
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
	view = publishedView{Judgements: []publishedJudgement{}, Figures: []publishedFigure{}, Declared: []publishedDeclaration{}, Together: []publishedTogether{}}
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
	if site == "" {
		view.Together, err = s.together(ctx)
	}
	return view, err
}

// together are the figures of all sites that are seen only so.
func (s *Server) together(ctx context.Context) ([]publishedTogether, error) {
	sums, err := s.options.Ledger.PublishedSums(ctx, s.now())
	list := []publishedTogether{}
	for _, sum := range sums {
		one := publishedTogether{Period: sum.Period, Figure: sum.Figure, Basis: string(commitment.Measured)}
		if !sum.Held {
			one.Value, one.Unit, one.Sites, one.Coverage = &sum.Value, sum.Unit, len(sum.Sites), &sum.EnergyCoverage
		}
		list = append(list, one)
	}
	return list, err
}

// writePublishedCSV gives all that is public as one table: a line for each value, of
// a judgement for its value beside its verdict.
func writePublishedCSV(w http.ResponseWriter, view publishedView) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	number := func(f *float64) string {
		if f == nil {
			return ""
		}
		return strconv.FormatFloat(*f, 'g', -1, 64)
	}
	optional := func(o commitment.Optional) string {
		if !o.OK {
			return ""
		}
		return number(&o.Number)
	}
	_ = out.Write([]string{"grade", "site", "sites", "period", "figure", "value", "unit", "energy_coverage", "basis", "verdict", "state", "id"})
	for _, j := range view.Judgements {
		a := j.Assessment
		_ = out.Write([]string{"judgement", string(j.Site), "1", a.Period, a.Metric, optional(a.Value), string(a.Unit), optional(a.EnergyCoverage), string(a.Basis), string(a.Verdict), j.State, j.ID})
	}
	for _, f := range view.Figures {
		_ = out.Write([]string{string(publication.ByAgreement), string(f.Site), "1", f.Period, f.Figure, number(f.Value), string(f.Unit), number(&f.Coverage), f.Basis, "", "", f.Decision})
	}
	for _, t := range view.Together {
		_ = out.Write([]string{string(publication.AggregateOnly), "", strconv.Itoa(t.Sites), t.Period, t.Figure, number(t.Value), string(t.Unit), number(t.Coverage), t.Basis, "", "", ""})
	}
	for _, d := range view.Declared {
		_ = out.Write([]string{string(publication.ByLaw), string(d.Site), "1", strconv.Itoa(d.Year), d.Field, d.Value, d.Unit, "", d.Basis, "", "", d.Decision})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
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
