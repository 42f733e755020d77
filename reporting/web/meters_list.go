package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/validation"
	"heatledger/fieldbus"
)

// openDays is how far back findings are counted as open ones: two whole months
// lie in it, which is what the rules of a month need.
const openDays = feedDays

// openFindings counts what was found about a meter and its points lately.
type openFindings struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Error   int       `json:"error"`
	Warning int       `json:"warning"`
	Info    int       `json:"info"`
	Address string    `json:"address"` // of the findings themselves
}

// healthOfMeter is a meter that is read here, with what was found about it.
type healthOfMeter struct {
	fieldbus.MeterHealth
	Site     energy.SiteID `json:"site,omitempty"` // absent for a meter that the registry does not know
	Findings *openFindings `json:"findings,omitempty"`
}

// meterOfSite is a meter of the registry as the API shows it.
type meterOfSite struct {
	ID           energy.MeterID         `json:"id"`
	Manufacturer string                 `json:"manufacturer,omitempty"`
	Model        string                 `json:"model,omitempty"`
	Serial       string                 `json:"serial,omitempty"`
	Verification *registry.Verification `json:"verification,omitempty"`
	Points       []energy.PointID       `json:"points"`
	Findings     openFindings           `json:"findings"`
}

// siteMeters are the meters of a site with their findings.
type siteMeters struct {
	site  registry.Site
	fact  int64
	found map[energy.MeterID]openFindings
}

// openOf counts the findings of each meter of some sites, a few sites at a time.
func (s *Server) openOf(ctx context.Context, known *registry.Registry, sites []registry.Site) ([]siteMeters, error) {
	all := make([]siteMeters, len(sites))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for i, site := range sites {
		group.Go(func() (err error) {
			all[i], err = s.openOfSite(ctx, known, site)
			return err
		})
	}
	return all, group.Wait()
}

func (s *Server) openOfSite(ctx context.Context, known *registry.Registry, site registry.Site) (siteMeters, error) {
	calendar, err := s.options.Ledger.Calendar(known, site.ID)
	if err != nil {
		return siteMeters{}, err
	}
	today := calendar.Date(s.now())
	period := energy.Period{From: calendar.Day(today.AddDays(-openDays)).From, To: calendar.Day(today).To}
	found, err := s.findingsOf(ctx, site.ID, period)
	if err != nil {
		return siteMeters{}, err
	}
	all := siteMeters{site: site, fact: found.Fact, found: map[energy.MeterID]openFindings{}}
	for _, meter := range site.Meters {
		all.found[meter.ID] = countOpen(found.List, site.ID, meter.ID, period)
	}
	return all, nil
}

// countOpen counts the findings about a meter and its points.
func countOpen(list []validation.Finding, site energy.SiteID, meter energy.MeterID, p energy.Period) openFindings {
	open := openFindings{From: p.From, To: p.To}
	for _, f := range ofMeter(list, meter) {
		switch f.Severity {
		case validation.Error:
			open.Error++
		case validation.Warning:
			open.Warning++
		case validation.Info:
			open.Info++
		}
	}
	query := url.Values{"meter": {string(meter)}, "from": {p.From.Format(time.RFC3339)}, "to": {p.To.Format(time.RFC3339)}}
	open.Address = "/api/v1/sites/" + string(site) + "/findings?" + query.Encode()
	return open
}

// ofMeter are the findings about a meter and its points; "" keeps all.
func ofMeter(list []validation.Finding, meter energy.MeterID) []validation.Finding {
	if meter == "" {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(f validation.Finding) bool { return f.Meter != meter })
}

// listSiteMeters answers GET /api/v1/sites/{site}/meters.
func (s *Server) listSiteMeters(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.site(r, who)
	if err != nil {
		return err
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	site, ok := known.Site(id)
	if !ok {
		return refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(id))
	}
	meters, err := pageOf(w, r, site.Meters)
	if err != nil {
		return err
	}
	open, err := s.openOfSite(r.Context(), known, site)
	if err != nil {
		return err
	}
	list := make([]meterOfSite, len(meters))
	for i, meter := range meters {
		list[i] = meterOfSite{ID: meter.ID, Manufacturer: meter.Manufacturer, Model: meter.Model, Serial: meter.Serial, Points: []energy.PointID{}, Findings: open.found[meter.ID]}
		if meter.Verification != (registry.Verification{}) {
			list[i].Verification = &meters[i].Verification
		}
		for _, p := range meter.Points {
			list[i].Points = append(list[i].Points, p.ID)
		}
	}
	w.Header().Set(factHeader, strconv.FormatInt(open.fact, 10))
	return writeJSON(w, list)
}

// listMeters answers GET /api/v1/meters: the health of the meters read here, and
// what was found about them.
func (s *Server) listMeters(w http.ResponseWriter, r *http.Request, who caller) error {
	list := []healthOfMeter{}
	if s.options.Meters == nil || !who.everywhere() {
		return writeJSON(w, list)
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	open, err := s.openOf(r.Context(), known, known.Sites)
	if err != nil {
		return err
	}
	health, err := pageOf(w, r, s.options.Meters())
	if err != nil {
		return err
	}
	for _, m := range health {
		one := healthOfMeter{MeterHealth: m}
		for _, of := range open {
			if found, ok := of.found[energy.MeterID(m.Meter)]; ok {
				one.Site, one.Findings = of.site.ID, &found
			}
		}
		list = append(list, one)
	}
	return writeJSON(w, list)
}
