package web

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/reporting/chart"
)

// sitePage is one site in a year.
type sitePage struct {
	registry.Site
	Simulated  bool
	Operator   string
	Year       int
	Years      []int
	Status     string
	Figures    []figureRow
	Judged     []judgementRow
	Nodes      []nodeRow
	BalanceCSV string
	Findings   *findingsPart
	Pictures   []*picture
	Points     []sitePoint
	Deeds      []deed
	Desk       []deed // where the office judges, decides and records
}

// sitePoint is a line of the list of points.
type sitePoint struct {
	registry.Point
	Meter energy.MeterID
	CSV   string // its days of the year
}

// siteNamed finds the site of the path and its calendar.
func (s *Server) siteNamed(r *http.Request, p *page) (*sitePage, error) {
	id, err := s.site(r, p.who)
	if err != nil {
		return nil, err
	}
	site, ok := p.registry.Site(id)
	if !ok {
		return nil, refuse(http.StatusNotFound, "no_site", "there is no site %q", string(id))
	}
	if p.Calendar, err = s.options.Ledger.Calendar(p.registry, id); err != nil {
		return nil, err
	}
	body := &sitePage{Site: site, Simulated: simulated(site.Name), Operator: site.Operator}
	if operator, ok := p.registry.Operator(site.Operator); ok {
		body.Operator = operator.Name
	}
	return body, nil
}

// siteOf finds the site of the path, its calendar and its balances.
func (s *Server) siteOf(r *http.Request, p *page) (*sitePage, []store.Balance, error) {
	body, err := s.siteNamed(r, p)
	if err != nil {
		return nil, nil, err
	}
	balances, err := s.monthsOf(r.Context(), []energy.SiteID{body.ID})
	if err != nil {
		return nil, nil, err
	}
	body.Years = yearsIn(balances)
	body.Year, err = chooseYear(r.URL.Query().Get("year"), body.Years, p.Calendar.Date(p.now))
	return body, balances, err
}

// showSitePage answers GET /sites/{site}.
func (s *Server) showSitePage(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, balances, err := s.siteOf(r, p)
	if err != nil {
		return err
	}
	figures, fact, err := s.figuresOf(r.Context(), body.ID, strconv.Itoa(body.Year))
	if err != nil {
		return err
	}
	p.rest(body.ID, fact)
	p.Title, body.Deeds, body.Desk = body.Name, p.deeds(body.Site, body.Year), p.desk(body.Site)
	body.Figures = p.figureRows(figures)
	judged, err := s.judgedOf(r.Context(), body.ID)
	if err != nil {
		return err
	}
	body.Judged = p.judgementRows(judged)
	body.Status = p.status(p.Calendar.Year(body.Year), p.now, 1, false)
	for _, f := range figures {
		body.Status = p.status(p.Calendar.Year(body.Year), p.now, f.EnergyCoverage, f.OK)
		break
	}
	found, err := s.findingsOf(r.Context(), body.ID, p.Calendar.Year(body.Year))
	if err != nil {
		return err
	}
	body.Nodes, body.Findings = p.nodeRows(found), p.findings(body.ID, found.Period, found.List)
	body.BalanceCSV = "/api/v1/sites/" + string(body.ID) + "/balance?" + between(found.Period) + "&format=csv"
	for _, id := range []string{"energy", "pue", "hours"} {
		picture, ok, err := s.sitePicture(r.Context(), p, body, balances, id)
		if err != nil {
			return err
		}
		if ok {
			body.Pictures = append(body.Pictures, picture)
		}
	}
	period := p.Calendar.Year(body.Year)
	for _, meter := range body.Meters {
		for _, point := range meter.Points {
			query := "?from=" + period.From.Format(time.RFC3339) + "&to=" + period.To.Format(time.RFC3339) + "&step=1d&format=csv"
			body.Points = append(body.Points, sitePoint{Point: point, Meter: meter.ID,
				CSV: "/api/v1/sites/" + string(body.ID) + "/points/" + point.ID.Name() + "/values" + query})
		}
	}
	p.Body = body
	return s.draw(r.Context(), body.Pictures...)
}

// giveSiteCSV answers GET /sites/{site}/charts/{chart}: the numbers of a chart.
func (s *Server) giveSiteCSV(w http.ResponseWriter, r *http.Request, p *page) error {
	body, balances, err := s.siteOf(r, p)
	if err != nil {
		return err
	}
	for _, id := range []string{"energy", "pue", "hours"} {
		if r.PathValue("chart") != id+".csv" {
			continue
		}
		picture, ok, err := s.sitePicture(r.Context(), p, body, balances, id)
		if err != nil {
			return err
		}
		if ok {
			return writeChartCSV(w, picture.Chart)
		}
	}
	return refuse(http.StatusNotFound, "no_chart", "there is no chart %s of site %s", r.PathValue("chart"), body.ID)
}

// sitePicture is a chart of a site; ok is false where it would be empty.
func (s *Server) sitePicture(ctx context.Context, p *page, body *sitePage, balances []store.Balance, id string) (*picture, bool, error) {
	picture := &picture{page: p, ID: id}
	var ok bool
	var err error
	months := monthsIn(balances, body.ID, body.Year)
	switch id {
	case "energy":
		picture.Chart, ok = p.siteEnergy(body, months)
		picture.Table = p.tableOf(picture.Chart, p.T("month"), p.monthName, 1)
	case "pue":
		picture.Chart, ok = p.sitePUE(body, months)
		picture.Table = p.tableOf(picture.Chart, p.T("month"), p.monthName, 2)
		picture.Table.Head = append(picture.Table.Head, p.T("coverage"))
		for i := range picture.Table.Rows {
			picture.Table.Rows[i] = append(picture.Table.Rows[i], p.Percent(months[i].coverage))
		}
	case "hours":
		picture.Chart, ok, err = s.siteHours(ctx, p, body)
		picture.Table = p.carpetTable(picture.Chart)
	}
	picture.CSV = p.To("/sites/" + string(body.ID) + "/charts/" + id + ".csv?year=" + strconv.Itoa(body.Year))
	return picture, ok, err
}

// siteEnergy stacks what the site took by use.
func (p *page) siteEnergy(body *sitePage, months [12]month) (chart.Chart, bool) {
	it, cooling, rest := absentMonths(), absentMonths(), absentMonths()
	for i, m := range months {
		it[i], cooling[i] = m.it/1000, m.cooling/1000
		rest[i] = max(0, m.total-m.it-orZero(m.cooling)) / 1000
	}
	total := sum(months[:], func(m month) float64 { return m.total })
	itTotal := sum(months[:], func(m month) float64 { return m.it })
	c := chart.Chart{Kind: chart.StackedBars, Axis: chart.Months, Unit: "MWh", Title: p.T("site.energy"), Labels: monthLabels(body.Year), Absent: p.T("absent")}
	c.Series = []chart.Series{{Name: p.T("IT"), Values: it}}
	if _, _, _, _, ok := extremes(cooling); ok {
		c.Series = append(c.Series, chart.Series{Name: p.T("cooling"), Values: cooling}, chart.Series{Name: p.T("rest.site"), Values: rest})
	} else {
		c.Series = append(c.Series, chart.Series{Name: p.T("rest"), Values: rest})
	}
	if math.IsNaN(total) {
		return c, false
	}
	c.Summary = p.T("site.energy.sum", strconv.Itoa(body.Year), p.Energy(total), p.Percent(itTotal/total))
	return c, true
}

// sitePUE is the monthly ratio: an interim PUE, for a PUE has twelve months.
func (p *page) sitePUE(body *sitePage, months [12]month) (chart.Chart, bool) {
	values := absentMonths()
	for i, m := range months {
		if m.it > 0 {
			values[i] = m.total / m.it
		}
	}
	c := chart.Chart{Kind: chart.Bars, Axis: chart.Months, Title: p.T("site.pue"), Labels: monthLabels(body.Year), Absent: p.T("absent"),
		Series: []chart.Series{{Name: "iPUE", Values: values}}}
	least, most, _, _, ok := extremes(values)
	if !ok {
		return c, false
	}
	c.Summary = p.T("site.pue.sum", p.Number(values[least], 2), p.Month(time.Month(least+1)), p.Number(values[most], 2), p.Month(time.Month(most+1)))
	return c, true
}

// hoursPoint is the energy whose hours the carpet shows: that of the IT, else
// that of the grid.
func hoursPoint(site registry.Site) (registry.Point, bool) {
	for _, role := range []energy.Role{energy.ITLoad, energy.GridImport} {
		for _, meter := range site.Meters {
			for _, point := range meter.Points {
				if point.Role == role && point.Quantity == energy.ActiveEnergyImport && point.Use == energy.Primary {
					return point, true
				}
			}
		}
	}
	return registry.Point{}, false
}

// siteHours is the carpet of the year: the mean power of each local hour. The
// hour that occurs twice in autumn shows the mean of both, the one that is left
// out in spring has no value.
func (s *Server) siteHours(ctx context.Context, p *page, body *sitePage) (chart.Chart, bool, error) {
	point, ok := hoursPoint(body.Site)
	if !ok {
		return chart.Chart{}, false, nil
	}
	year := p.Calendar.Year(body.Year)
	answer, err := s.options.Ledger.Columns(ctx, ledger.Question{Point: point.ID, Period: year, Step: ledger.Hour})
	if err != nil {
		return chart.Chart{}, false, err
	}
	c := chart.Chart{Kind: chart.Carpet, Axis: chart.DaysOfYear, Unit: "kW", Absent: p.T("absent"),
		Title: p.T("site.hours", p.T("role:"+string(point.Role)), strconv.Itoa(body.Year))}
	days := p.Calendar.Days(year)
	row := map[energy.Date]int{}
	for i, day := range days {
		c.Labels, row[day] = append(c.Labels, day.String()), i
	}
	values, times := make([]float64, len(days)*chart.HoursPerColumn), make([]int, len(days)*chart.HoursPerColumn)
	for i, a := range answer.Amounts {
		if answer.Quality[i] == energy.Missing || answer.Covered[i] == 0 { // the energy of a gap has no hour
			continue
		}
		from := answer.Begin(i)
		at := row[p.Calendar.Date(from)]*chart.HoursPerColumn + p.Calendar.Local(from).Hour()
		values[at] += answer.Quantity.Value(a).Float64() // of an hour: kWh are kW
		times[at]++
	}
	absent := 0
	for i, n := range times {
		if n == 0 {
			values[i] = math.NaN()
			absent++
		} else {
			values[i] /= float64(n)
		}
	}
	c.Series = []chart.Series{{Name: p.T("role:" + string(point.Role)), Values: values}}
	least, most, mean, _, ok := extremes(values)
	if ok {
		c.Summary = p.T("site.hours.sum", p.Number(values[least], 0), p.Number(values[most], 0), p.Number(mean, 0), p.Number(float64(absent), 0))
	}
	return c, ok, nil
}

// carpetTable sums a carpet up by month; its CSV has every hour.
func (p *page) carpetTable(c chart.Chart) table {
	t := table{Head: []string{p.T("month"), p.T("least") + " (" + c.Unit + ")", p.T("mean") + " (" + c.Unit + ")", p.T("most") + " (" + c.Unit + ")", p.T("missing") + " (h)"}}
	for from := 0; from < len(c.Labels); {
		to := from
		for to < len(c.Labels) && c.Labels[to][:7] == c.Labels[from][:7] {
			to++
		}
		values := c.Series[0].Values[from*chart.HoursPerColumn : to*chart.HoursPerColumn]
		least, most, mean, absent, ok := extremes(values)
		low, high := math.NaN(), math.NaN()
		if ok {
			low, high = values[least], values[most]
		}
		t.Rows = append(t.Rows, []string{p.monthName(c.Labels[from][:7]), p.Number(low, 0), p.Number(mean, 0), p.Number(high, 0), p.Number(float64(absent), 0)})
		from = to
	}
	return t
}
