package web

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/reporting/chart"
)

// pointPage is one point in a day, a month or a year.
type pointPage struct {
	registry.Point
	Site           registry.Site
	Simulated      bool
	Meter          registry.Meter
	Span           string // day, month, year
	Date           energy.Date
	Earlier, Later string // addresses
	Substitutes    string // address
	Findings       *findingsPart
	Pictures       []*picture
}

// span is a length of time a point is shown for.
type span struct {
	step   ledger.Step
	axis   chart.Axis
	layout string // of the labels
	period func(c energy.Calendar, d energy.Date) energy.Period
	next   func(d energy.Date, n int) energy.Date
}

func spanOf(name string) (span, bool) {
	switch name {
	case "day":
		return span{ledger.QuarterHour, chart.HoursOfDay, "2006-01-02T15:04", func(c energy.Calendar, d energy.Date) energy.Period { return c.Day(d) },
			func(d energy.Date, n int) energy.Date { return d.AddDays(n) }}, true
	case "month":
		return span{ledger.Hour, chart.DaysOfMonth, "2006-01-02T15:04", func(c energy.Calendar, d energy.Date) energy.Period { return c.Month(d.Year, d.Month) },
			func(d energy.Date, n int) energy.Date { return firstOf(d.Year, d.Month+time.Month(n)) }}, true
	case "year":
		return span{ledger.Day, chart.DaysOfYear, "2006-01-02", func(c energy.Calendar, d energy.Date) energy.Period { return c.Year(d.Year) },
			func(d energy.Date, n int) energy.Date { return firstOf(d.Year+n, time.January) }}, true
	}
	return span{}, false
}

// named is the period of a date as the API is asked for it.
func (s span) named(d energy.Date) string {
	switch s.step {
	case ledger.Day:
		return strconv.Itoa(d.Year)
	case ledger.Hour:
		return d.String()[:len("2006-01")]
	}
	return d.String()
}

func firstOf(year int, month time.Month) energy.Date {
	t := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	return energy.Date{Year: t.Year(), Month: t.Month(), Day: 1}
}

// showPointPage answers GET /sites/{site}/points/{point}.
func (s *Server) showPointPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	site, err := s.site(r, p.who)
	if err != nil {
		return err
	}
	body := &pointPage{Span: "year"}
	var known bool
	if body.Site, body.Meter, body.Point, known = p.registry.Point(pointOf(r, site)); !known {
		return refuse(http.StatusNotFound, "no_point", "site %s has no point %q", site, r.PathValue("point"))
	}
	if p.Calendar, err = s.options.Ledger.Calendar(p.registry, site); err != nil {
		return err
	}
	query := r.URL.Query()
	if asked := query.Get("span"); asked != "" {
		body.Span = asked
	}
	span, known := spanOf(body.Span)
	if !known {
		return refuse(http.StatusBadRequest, "bad_span", "span=%s", body.Span)
	}
	if body.Date, err = s.pointDate(r, p, body.ID); err != nil {
		return err
	}
	period := span.period(p.Calendar, body.Date)
	answer, err := s.options.Ledger.Values(r.Context(), ledger.Question{Point: body.ID, Period: period, Step: span.step})
	if err != nil {
		return err
	}
	found, err := s.findingsOf(r.Context(), site, period)
	if err != nil {
		return err
	}
	body.Findings = p.findings(site, found.Period, ofPoint(found.List, body.ID, body.Meter.ID))
	p.rest(site, answer.Fact)
	p.Title = body.ID.Name() + " · " + body.Site.Name
	body.Simulated = simulated(body.Site.Name)
	address := "/sites/" + string(site) + "/points/" + body.ID.Name() + "?span=" + body.Span + "&date="
	body.Earlier, body.Later = p.To(address+span.next(body.Date, -1).String()), p.To(address+span.next(body.Date, 1).String())
	body.Substitutes = p.To("/sites/" + string(site) + "/substitutes?period=" + span.named(body.Date) + "&point=" + body.ID.Name())
	body.Pictures = []*picture{p.pointPicture(body, span, answer, period)}
	p.Body = body
	return s.draw(r.Context(), body.Pictures...)
}

// pointDate is the date asked for, else the last complete year's first day, else
// the day of the last reading.
func (s *Server) pointDate(r *http.Request, p *page, point energy.PointID) (energy.Date, error) {
	if text := r.URL.Query().Get("date"); text != "" {
		date, err := energy.ParseDate(text)
		if err != nil {
			return date, refuse(http.StatusBadRequest, "bad_date", "date=%s", text)
		}
		return date, nil
	}
	before := energy.Date{Year: p.Calendar.Date(p.now).Year - 1, Month: time.January, Day: 1}
	extent, some, err := s.options.Store.Extent(r.Context(), point.Site(), point)
	if err != nil || !some || extent.Overlaps(p.Calendar.Year(before.Year)) {
		return before, err
	}
	return p.Calendar.Date(extent.To.Add(-time.Second)), nil
}

// pointPicture is the chart of a point, with its gaps.
func (p *page) pointPicture(body *pointPage, span span, answer ledger.Series, period energy.Period) *picture {
	quantity := p.T("quantity:" + string(body.Quantity))
	c := chart.Chart{Kind: chart.Line, Axis: span.axis, Unit: string(answer.Unit), Absent: p.T("absent"),
		Title: p.T("point.title", body.ID.Name(), quantity, p.periodName(body), p.T("step."+string(span.step)))}
	if body.Quantity.Cumulative() {
		c.Kind = chart.Area
	}
	values, total := make([]float64, len(answer.Values)), 0.0
	t := table{Head: []string{p.T("interval"), quantity + " (" + c.Unit + ")", p.T("quality"), p.T("coverage")}}
	for i, v := range answer.Values {
		values[i] = math.NaN()
		if v.OK {
			values[i] = v.Value.Float64()
			total += values[i]
		}
		local := p.Calendar.Local(v.Period.From)
		c.Labels = append(c.Labels, local.Format(span.layout))
		t.Rows = append(t.Rows, []string{local.Format(span.layout), p.Number(values[i], 2), p.T("quality:" + v.Quality.String()), p.Percent(v.EnergyCoverage)})
	}
	c.Series = []chart.Series{{Name: quantity, Values: values}}
	least, most, _, absent, ok := extremes(values)
	count := strconv.Itoa(len(values))
	switch {
	case !ok:
		c.Summary = p.T("city.nothing")
	case body.Quantity.Cumulative():
		c.Summary = p.T("point.sum.total", p.Number(total, 1), c.Unit, p.Number(values[least], 1), p.Number(values[most], 1), strconv.Itoa(absent), count)
	default:
		c.Summary = p.T("point.sum", p.Number(values[least], 1), p.Number(values[most], 1), c.Unit, strconv.Itoa(absent), count)
	}
	csv := "/api/v1/sites/" + string(body.Site.ID) + "/points/" + body.ID.Name() + "/values?from=" + period.From.Format(time.RFC3339) +
		"&to=" + period.To.Format(time.RFC3339) + "&step=" + string(span.step) + "&format=csv"
	return &picture{page: p, ID: "values", Chart: c, Table: t, CSV: csv}
}

// periodName names what is shown: a day, a month, a year.
func (p *page) periodName(body *pointPage) string {
	switch body.Span {
	case "day":
		return p.Date(body.Date)
	case "month":
		return p.Month(body.Date.Month) + " " + strconv.Itoa(body.Date.Year)
	}
	return strconv.Itoa(body.Date.Year)
}
