package web

import (
	"net/http"
	"strconv"

	"heatledger/fieldbus"
)

// metersPage shows how the meters read here are doing.
type metersPage struct {
	Sentence string
	Meters   []fieldbus.MeterHealth
}

// showMetersPage answers GET /meters. As in the API, who may see single sites
// only sees no meters: a connection may serve several sites.
func (s *Server) showMetersPage(_ http.ResponseWriter, _ *http.Request, p *page) error {
	body := metersPage{Sentence: p.T("health.none")}
	if s.options.Meters != nil && len(p.who.sites) == 0 {
		body.Meters = s.options.Meters()
		healthy := 0
		for _, m := range body.Meters {
			if m.State == fieldbus.Healthy {
				healthy++
			}
		}
		body.Sentence = p.T("health.sum", strconv.Itoa(healthy), strconv.Itoa(len(body.Meters)))
	}
	p.Title = p.T("meters")
	p.Body = body
	return nil
}
