package web

import (
	"fmt"
	"net/http"
	"slices"

	"heatledger/energy"
	"heatledger/energy/commitment"
)

// commitmentsPage shows how every commitment in the city stands today: first
// the count of each verdict, then the judgements of one verdict or of all.
type commitmentsPage struct {
	Counts []verdictCount
	Chosen commitment.Verdict // "": all
	Sites  []judgedSite
}

// judgedSite is a site with its judgements in words.
type judgedSite struct {
	ID        energy.SiteID
	Name      string
	Simulated bool
	Rows      []judgementRow
	list      []commitment.Assessment
}

// showCommitmentsPage answers GET /commitments?verdict=.
func (s *Server) showCommitmentsPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	chosen := commitment.Verdict(r.URL.Query().Get("verdict"))
	if chosen != "" && !slices.Contains(commitment.Verdicts(), chosen) {
		return refuse(http.StatusBadRequest, "bad_verdict", "verdict=%.40q is none: %v are there", string(chosen), commitment.Verdicts())
	}
	body := &commitmentsPage{Chosen: chosen}
	for _, site := range p.registry.Sites {
		if p.who.maySee(site.ID) {
			body.Sites = append(body.Sites, judgedSite{ID: site.ID, Name: site.Name, Simulated: simulated(site.Name)})
		}
	}
	if err := s.judgeAll(r, body.Sites); err != nil {
		return err
	}
	var all []commitment.Assessment
	for i := range body.Sites {
		site := &body.Sites[i]
		all = append(all, site.list...)
		shown := slices.DeleteFunc(slices.Clone(site.list), func(a commitment.Assessment) bool { return chosen != "" && a.Verdict != chosen })
		site.Rows = p.judgementRows(shown)
	}
	body.Counts = countVerdicts(all)
	body.Sites = slices.DeleteFunc(body.Sites, func(site judgedSite) bool { return len(site.Rows) == 0 })
	p.Title, p.Body = p.T("commitments.city"), body
	return nil
}

// judgeAll gives all sites their judgements.
func (s *Server) judgeAll(r *http.Request, sites []judgedSite) error {
	ids := make([]energy.SiteID, len(sites))
	for i, site := range sites {
		ids[i] = site.ID
	}
	lists, err := s.judged(r.Context(), ids)
	if err != nil {
		return fmt.Errorf("judge the commitments of %d sites: %w", len(sites), err)
	}
	for i := range sites {
		sites[i].list = lists[i]
	}
	return nil
}

// Today is the day of the judgements, in words.
func (p *page) Today() string { return p.Date(p.Calendar.Date(p.now)) }
