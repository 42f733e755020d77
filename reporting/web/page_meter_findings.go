package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// meterRow is a meter with the count of what was found about it.
type meterRow struct {
	Meter, Site, Model, Address string
	Error, Warning, Info        int
}

// meterFindings are the meters of the sites the caller may see about which
// something was found, the gravest first, and how many there are without.
func (s *Server) meterFindings(r *http.Request, p *page) (rows []meterRow, without int, err error) {
	var sites []registry.Site
	for _, site := range p.registry.Sites {
		if p.who.maySee(site.ID) {
			sites = append(sites, site)
		}
	}
	all, err := s.openOf(r.Context(), p.registry, sites)
	if err != nil {
		return nil, 0, err
	}
	for _, of := range all {
		p.rest(of.site.ID, of.fact)
		for _, meter := range of.site.Meters {
			open := of.found[meter.ID]
			if open.Error+open.Warning+open.Info == 0 {
				without++
				continue
			}
			query := url.Values{"meter": {string(meter.ID)}, "from": {open.From.Format(time.RFC3339)}, "to": {open.To.Format(time.RFC3339)}}
			rows = append(rows, meterRow{Meter: string(meter.ID), Site: of.site.Name, Model: meter.Model, Error: open.Error, Warning: open.Warning, Info: open.Info,
				Address: p.To("/sites/" + string(of.site.ID) + "/findings?" + query.Encode())})
		}
	}
	slices.SortStableFunc(rows, func(a, b meterRow) int {
		if a.Error != b.Error {
			return b.Error - a.Error
		}
		return b.Warning - a.Warning
	})
	return rows, without, nil
}

// findingsPage shows what was found at a site, or about one of its meters.
type findingsPage struct {
	registry.Site
	Simulated bool
	Meter     energy.MeterID // "": all
	Period    string
	Findings  *findingsPart
}

// mostFindings is how many findings the page of findings shows.
const mostFindings = 500

// showFindingsPage answers GET /sites/{site}/findings?meter=&from=&to=; without
// from and to the last two months.
func (s *Server) showFindingsPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	site, err := s.siteNamed(r, p)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	today := p.Calendar.Date(p.now)
	asked := energy.Period{From: p.Calendar.Day(today.AddDays(-openDays)).From, To: p.Calendar.Day(today).To}
	if query.Has("from") || query.Has("to") {
		if asked, err = period(query, p.Calendar); err != nil {
			return err
		}
	}
	if asked.Length() > longestFindings {
		return refuse(http.StatusBadRequest, "bad_period", "from and to are more than 400 days apart")
	}
	body := &findingsPage{Site: site.Site, Simulated: site.Simulated, Meter: energy.MeterID(query.Get("meter"))}
	if body.Meter != "" && !slices.ContainsFunc(site.Meters, func(m registry.Meter) bool { return m.ID == body.Meter }) {
		return refuse(http.StatusNotFound, "no_meter", "site %s has no meter %q", site.ID, string(body.Meter))
	}
	found, err := s.findingsOf(r.Context(), site.ID, asked)
	if err != nil {
		return err
	}
	body.Findings = p.findingsUpTo(mostFindings, site.ID, found.Period, ofMeter(found.List, body.Meter))
	if body.Meter != "" {
		body.Findings.CSV += "&meter=" + url.QueryEscape(string(body.Meter))
	}
	body.Period = p.Stretch(found.Period)
	p.rest(site.ID, found.Fact)
	p.Title, p.Body = p.T("findings")+" · "+site.Name, body
	return nil
}
