package web

import (
	"errors"
	"net/http"
	"strings"

	"heatledger/energy"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/source"
)

// heatTogether is what the chosen sources give together.
type heatTogether struct {
	Names, Power, Sum, Hours, Sentence string
	Lead                               string // why there is none; "": there is
}

// togetherOf is the secured power of the chosen sources together; nil where fewer than
// two are chosen.
func (s *Server) togetherOf(r *http.Request, p *page, chosen []string, q atlas.Question) (*heatTogether, error) {
	if len(chosen) == 0 {
		return nil, nil //nolint:nilnil // nothing was asked for
	}
	if len(chosen) < 2 {
		return &heatTogether{Lead: p.T("heat.together.one")}, nil
	}
	var sites []energy.SiteID
	for _, id := range chosen {
		sites = append(sites, energy.SiteID(id))
	}
	several, err := s.heat.Several(r.Context(), p.who.asker(), sites, q)
	switch {
	case errors.Is(err, atlas.ErrCoarse), errors.Is(err, atlas.ErrUnknown):
		return &heatTogether{Lead: p.T("heat.together.coarse")}, nil
	case err != nil:
		return nil, err
	}
	var names []string
	for _, sheet := range several.Sheets {
		names = append(names, heatName(sheet))
	}
	found := &heatTogether{Names: strings.Join(names, ", ")}
	if several.Hours == 0 {
		found.Lead = p.T("heat.together.none")
		return found, nil
	}
	found.Power, found.Sum = p.kilowatts(float64(several.Power)), p.kilowatts(float64(several.Sum))
	found.Sentence = p.T("heat.together.sentence", p.share(several.Availability), found.Power, found.Sum, p.Number(float64(several.Hours), 0), p.Number(float64(several.Of), 0))
	return found, nil
}

// securedSentence says what the secured power is and what it rests on.
func (p *page) securedSentence(c source.Secured) string {
	return p.T("heat.secured.sentence", p.kilowatts(float64(c.Power)), p.share(c.Availability), p.Number(float64(c.Hours), 0), p.Number(float64(c.Of), 0), p.kilowatts(float64(c.AtWorst)))
}
