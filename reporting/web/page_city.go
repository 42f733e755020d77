package web

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/reporting/chart"
)

// cityPage is the overview of all sites in a year.
type cityPage struct {
	Year      int
	Years     []int
	Simulated bool // at least one site is a model
	Sites     []citySite
	Total     float64 // kWh, of the sites that measure it
	IT        float64
	Heat      float64
	Pooled    []pooledRow // figures of all sites together
	PooledCSV string
	Pictures  []*picture
	Points    bool // the reader sees no whole site, but single points of one
}

// citySite is a line of the overview.
type citySite struct {
	registry.Site
	Simulated       bool
	Operator        string
	PUE             string
	Category        string
	Total, IT, Heat float64
	Coverage        string
	Status          string
	Verdicts        []verdictCount
	fact            int64
	figures         []kpi.Figure
}

// showCity answers GET /.
func (s *Server) showCity(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, balances, err := s.cityOf(r, p)
	if err != nil {
		return err
	}
	if err := s.cityFigures(r, p, body); err != nil {
		return err
	}
	var figures [][]kpi.Figure
	for _, site := range body.Sites {
		p.rest(site.ID, site.fact)
		figures = append(figures, site.figures)
	}
	if len(figures) > 1 { // of one site they are its own
		body.Pooled, body.PooledCSV = p.pooledRows(figures), pooledCSV(body.Year)
	}
	p.Title = p.T("city.title", p.Town)
	for _, id := range []string{"energy", "heat"} {
		if picture, ok := p.cityPicture(body, balances, id); ok {
			body.Pictures = append(body.Pictures, picture)
		}
	}
	p.Body = body
	return s.draw(r.Context(), body.Pictures...)
}

// giveCityCSV answers GET /charts/{chart}: the numbers of a chart of the overview.
func (s *Server) giveCityCSV(w http.ResponseWriter, r *http.Request, p *page) error {
	body, balances, err := s.cityOf(r, p)
	if err != nil {
		return err
	}
	for _, id := range []string{"energy", "heat"} {
		if r.PathValue("chart") != id+".csv" {
			continue
		}
		if picture, ok := p.cityPicture(body, balances, id); ok {
			return writeChartCSV(w, picture.Chart)
		}
	}
	return refuse(http.StatusNotFound, "no_chart", "there is no chart %s", r.PathValue("chart"))
}

// cityOf finds the sites and their balances, and decides on the year.
func (s *Server) cityOf(r *http.Request, p *page) (*cityPage, []store.Balance, error) {
	body := &cityPage{}
	var ids []energy.SiteID
	for _, site := range p.registry.Sites {
		if !p.who.maySee(site.ID) {
			continue
		}
		ids = append(ids, site.ID)
		one := citySite{Site: site, Simulated: simulated(site.Name), PUE: "–", Coverage: "–", Operator: site.Operator}
		if operator, ok := p.registry.Operator(site.Operator); ok {
			one.Operator = operator.Name
		}
		body.Simulated = body.Simulated || one.Simulated
		body.Sites = append(body.Sites, one)
	}
	body.Points = len(ids) == 0 && len(p.registry.Sites) > 0 && p.May(string(access.Submit))
	balances, err := s.monthsOf(r.Context(), ids)
	if err != nil {
		return nil, nil, err
	}
	body.Years = yearsIn(balances)
	body.Year, err = chooseYear(r.URL.Query().Get("year"), body.Years, p.Calendar.Date(p.now))
	if err != nil {
		return nil, nil, err
	}
	body.Total, body.IT, body.Heat = math.NaN(), math.NaN(), math.NaN()
	for i := range body.Sites {
		months := monthsIn(balances, body.Sites[i].ID, body.Year)
		site := &body.Sites[i]
		site.Total = sum(months[:], func(m month) float64 { return m.total })
		site.IT = sum(months[:], func(m month) float64 { return m.it })
		site.Heat = sum(months[:], func(m month) float64 { return m.heat })
		body.Total, body.IT, body.Heat = add(body.Total, site.Total), add(body.IT, site.IT), add(body.Heat, site.Heat)
	}
	return body, balances, nil
}

// cityFigures asks for the figures and judgements of all sites, a few at a time.
func (s *Server) cityFigures(r *http.Request, p *page, body *cityPage) error {
	group, ctx := errgroup.WithContext(r.Context())
	group.SetLimit(4)
	for i := range body.Sites {
		site := &body.Sites[i]
		group.Go(func() error {
			figures, fact, err := s.figuresOf(ctx, site.ID, strconv.Itoa(body.Year))
			if err != nil {
				return fmt.Errorf("show the figures of %s: %w", site.ID, err)
			}
			site.fact, site.figures = fact, figures
			judged, err := s.judgedOf(ctx, site.ID)
			if err != nil {
				return fmt.Errorf("show the commitments of %s: %w", site.ID, err)
			}
			site.Verdicts = countVerdicts(judged)
			site.Status = p.status(p.Calendar.Year(body.Year), p.now, 1, false)
			for _, f := range figures {
				if f.Name != "pue" {
					continue
				}
				site.Coverage = p.Percent(f.EnergyCoverage)
				site.Status = p.status(p.Calendar.Year(body.Year), p.now, f.EnergyCoverage, f.OK)
				if f.OK {
					site.PUE, site.Category = p.Number(f.Value, 2), p.T("category", strconv.Itoa(f.Category))
				}
				break // a second category is on the site's own page
			}
			return nil
		})
	}
	return group.Wait()
}

// cityPicture is a chart of the overview; ok is false where it would be empty.
func (p *page) cityPicture(body *cityPage, balances []store.Balance, id string) (*picture, bool) {
	labels := monthLabels(body.Year)
	it, rest, heat := absentMonths(), absentMonths(), absentMonths()
	for _, site := range body.Sites {
		for i, m := range monthsIn(balances, site.ID, body.Year) {
			it[i] = add(it[i], m.it/1000)
			rest[i] = add(rest[i], (m.total-m.it)/1000)
			heat[i] = add(heat[i], m.heat/1000)
		}
	}
	year := strconv.Itoa(body.Year)
	c := chart.Chart{Axis: chart.Months, Unit: "MWh", Labels: labels, Absent: p.T("absent")}
	switch id {
	case "energy":
		c.Kind, c.Title = chart.StackedBars, p.T("city.energy")
		c.Series = []chart.Series{{Name: p.T("IT"), Values: it}, {Name: p.T("rest"), Values: rest}}
		if math.IsNaN(body.Total) {
			return nil, false
		}
		c.Summary = p.T("city.energy.sum", year, p.Energy(body.Total), p.Percent(body.IT/body.Total), p.Energy(body.Heat))
		if math.IsNaN(body.Heat) {
			c.Summary = p.T("city.energy.noheat", year, p.Energy(body.Total), p.Percent(body.IT/body.Total))
		}
	case "heat":
		c.Kind, c.Title = chart.Bars, p.T("city.heat")
		c.Series = []chart.Series{{Name: p.T("heat"), Values: heat}}
		_, most, _, _, ok := extremes(heat)
		if !ok {
			return nil, false
		}
		c.Summary = p.T("city.heat.sum", year, p.Energy(body.Heat), p.Month(time.Month(most+1)), p.Energy(heat[most]*1000))
	}
	return &picture{page: p, ID: id, Chart: c, CSV: p.To("/charts/" + id + ".csv?year=" + year),
		Table: p.tableOf(c, p.T("month"), p.monthName, 1)}, true
}

func orZero(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// monthLabels are "2025-01" to "2025-12".
func monthLabels(year int) []string {
	labels := make([]string, 12)
	for i := range labels {
		labels[i] = fmt.Sprintf("%04d-%02d", year, i+1)
	}
	return labels
}

func absentMonths() []float64 {
	values := make([]float64, 12)
	for i := range values {
		values[i] = math.NaN()
	}
	return values
}

// monthName is the name of the month of "2025-06".
func (p *page) monthName(label string) string {
	t, err := time.Parse("2006-01", label)
	if err != nil {
		return label
	}
	return p.Month(t.Month()) + " " + strconv.Itoa(t.Year())
}
