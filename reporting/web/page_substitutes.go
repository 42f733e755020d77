package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/reporting/words"
)

// substitutesPage shows the substitute values of a site, or of one of its
// points, in a period.
type substitutesPage struct {
	registry.Site
	Simulated bool
	Period    string // as the API is asked for it
	Chosen    string // name of the point; "": all
	Points    []string
	Sentence  string
	Rows      []substituteRow
	CSV       string
}

// substituteRow is a gap in words.
type substituteRow struct {
	Point, Address, Period, Amount, Method, MethodCode, Reason, ReasonCode, Drawn string
	Total                                                                         bool
}

// showSubstitutesPage answers GET /sites/{site}/substitutes?period=&point=.
func (s *Server) showSubstitutesPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	site, err := s.siteNamed(r, p)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	body := &substitutesPage{Site: site.Site, Simulated: site.Simulated, Period: query.Get("period"), Chosen: query.Get("point")}
	if body.Period == "" {
		body.Period = strconv.Itoa(p.Calendar.Date(p.now).Year - 1)
	}
	if _, err := p.Calendar.Parse(body.Period); err != nil {
		return refuse(http.StatusBadRequest, "bad_period", "%v", err)
	}
	for _, meter := range site.Meters {
		for _, point := range meter.Points {
			body.Points = append(body.Points, point.ID.Name())
		}
	}
	list, fact, err := s.options.Ledger.SiteSubstitutes(r.Context(), site.ID, body.Period, time.Time{})
	if err != nil {
		return err
	}
	if list, err = ofPointNamed(list, site.ID, body.Chosen, func(id energy.PointID) bool { return slices.Contains(body.Points, id.Name()) }); err != nil {
		return err
	}
	for _, one := range list {
		body.Rows = append(body.Rows, p.substituteRow(one))
	}
	body.Sentence = p.substitutesSum(list)
	asked := url.Values{"period": {body.Period}, "format": {"csv"}}
	if body.Chosen != "" {
		asked.Set("point", body.Chosen)
	}
	body.CSV = "/api/v1/sites/" + string(site.ID) + "/substitutes?" + asked.Encode()
	p.rest(site.ID, fact)
	p.Title, p.Body = p.T("substitutes")+" · "+site.Name, body
	return nil
}

// substituteRow puts a gap into words.
func (p *page) substituteRow(one ledger.Substitute) substituteRow {
	lang := words.Lang(p.Lang)
	row := substituteRow{Point: one.Point.Name(), Period: p.Stretch(one.Period), Amount: "–", Total: one.Total,
		Address: p.To("/sites/" + string(one.Point.Site()) + "/points/" + one.Point.Name() + "?span=day&date=" + p.Calendar.Date(one.Period.From).String()),
		Method:  words.SubstituteMethod(lang, one.Method), MethodCode: one.MethodCode, Reason: words.SubstituteReason(lang, one.Reason), ReasonCode: one.ReasonCode}
	if one.Quantity.Cumulative() {
		row.Amount = p.Number(one.Quantity.Value(one.Amount).Float64(), 2) + " " + string(one.Quantity.Unit())
	}
	var drawn []string
	for _, d := range joined(one.Drawn) {
		drawn = append(drawn, p.Stretch(d))
	}
	row.Drawn = strings.Join(drawn, "; ")
	if one.Source != one.Point {
		row.Drawn = one.Source.Name() + ": " + row.Drawn
	}
	return row
}

// joined makes one stretch of those that adjoin.
func joined(stretches []energy.Period) (all []energy.Period) {
	for _, s := range stretches {
		if n := len(all) - 1; n >= 0 && all[n].To.Equal(s.From) {
			all[n].To = s.To
			continue
		}
		all = append(all, s)
	}
	return all
}

// substitutesSum counts the gaps, and those of which only the course is open.
func (p *page) substitutesSum(list []ledger.Substitute) string {
	if len(list) == 0 {
		return p.T("substitutes.none")
	}
	known := 0
	for _, one := range list {
		if one.Total {
			known++
		}
	}
	return p.T("substitutes.sum", p.Number(float64(len(list)), 0), p.Number(float64(known), 0))
}
