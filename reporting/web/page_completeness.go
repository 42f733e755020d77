package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/completeness"
	"heatledger/energy/desk"
	"heatledger/energy/registry"
)

// completenessPage shows what is there of a site's year.
type completenessPage struct {
	registry.Site
	Simulated bool
	Year      int
	Years     []int
	Sentence  string
	Legend    []legendEntry
	Strips    []stripRow
	Months    []monthMark
	Length    int // days of the year
	Rows      []intervalRow
	Due       []worklistRow
	CSV       string
}

// legendEntry is a state that the page shows.
type legendEntry struct{ State, Name string }

// stripRow is a point's year to be drawn.
type stripRow struct {
	Name, Address, Title, Sentence string
	Bars                           []stripBar
}

// stripBar is an interval in days from the beginning of the year.
type stripBar struct {
	State       string
	From, Width int
}

// monthMark is where a month begins.
type monthMark struct {
	At   int
	Name string
}

// intervalRow is an interval in words.
type intervalRow struct{ Point, State, Period, Days, Amount, Share, Covered string }

// showCompletenessPage answers GET /sites/{site}/completeness?year=.
func (s *Server) showCompletenessPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	site, err := s.siteNamed(r, p)
	if err != nil {
		return err
	}
	body := &completenessPage{Site: site.Site, Simulated: site.Simulated}
	if body.Year, err = s.yearOf(r, p.Calendar); err != nil {
		return err
	}
	for year := body.Year - 1; year <= body.Year+1; year++ {
		body.Years = append(body.Years, year)
	}
	strips, fact, err := s.options.Ledger.Completeness(r.Context(), site.ID, body.Year, s.now())
	if err != nil {
		return err
	}
	p.strips(body, strips)
	if body.Due, err = s.openItems(r, p, site.ID); err != nil {
		return err
	}
	body.CSV = "/api/v1/sites/" + string(site.ID) + "/completeness?year=" + strconv.Itoa(body.Year) + "&format=csv"
	p.rest(site.ID, fact)
	p.Title, p.Body = p.T("completeness.title", body.Name, strconv.Itoa(body.Year)), body
	return nil
}

// openItems is what is due for a site and not done.
func (s *Server) openItems(r *http.Request, p *page, site energy.SiteID) (rows []worklistRow, err error) {
	items, err := s.options.Ledger.Worklist(r.Context(), []energy.SiteID{site}, p.Calendar.Date(s.now()), false)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if !i.Office && i.State != desk.Done {
			rows = append(rows, p.worklistRow(i))
		}
	}
	return rows, nil
}

// strips draws the strips and puts their intervals into words.
func (p *page) strips(body *completenessPage, strips []completeness.Strip) {
	first := energy.Date{Year: body.Year, Month: 1, Day: 1}
	since := func(d energy.Date) int { return int(d.UTC().Sub(first.UTC()) / (24 * time.Hour)) } // dates, not instants
	body.Length = since(energy.Date{Year: body.Year + 1, Month: 1, Day: 1})
	for m := time.January; m <= time.December; m++ {
		body.Months = append(body.Months, monthMark{since(energy.Date{Year: body.Year, Month: m, Day: 1}), p.T("month.letters")[m-1 : m]})
	}
	whole := 0
	for _, s := range strips {
		row := stripRow{Name: s.Point.Name(), Address: p.To("/sites/" + string(s.Point.Site()) + "/points/" + s.Point.Name() + "?span=year&date=" + first.String()),
			Title: p.T("completeness.strip", s.Point.Name(), strconv.Itoa(body.Year)), Sentence: p.stripSentence(s)}
		if s.Due > 0 && s.Complete == s.Due {
			whole++
		}
		for _, i := range s.Intervals {
			row.Bars = append(row.Bars, stripBar{string(i.State), since(i.From), i.Days})
			if i.State != completeness.Complete && i.State != completeness.NotDue {
				body.Rows = append(body.Rows, p.intervalRow(s, i))
			}
		}
		body.Strips = append(body.Strips, row)
	}
	body.Sentence = p.T("completeness.sum", strconv.Itoa(whole), strconv.Itoa(len(strips)))
	for _, state := range completeness.States() {
		body.Legend = append(body.Legend, legendEntry{string(state), p.T("day:" + string(state))})
	}
}

// stripSentence says what a strip shows.
func (p *page) stripSentence(s completeness.Strip) string {
	if s.Due == 0 {
		return p.T("completeness.nothing")
	}
	text := p.T("completeness.days", strconv.Itoa(s.Complete), strconv.Itoa(s.Due))
	var others []string
	for _, state := range completeness.States()[1:] {
		if n := s.Count(state); n > 0 && state != completeness.Complete {
			others = append(others, p.T("day:"+string(state))+" "+strconv.Itoa(n))
		}
	}
	if len(others) > 0 {
		text += " " + p.T("completeness.others", strings.Join(others, ", "))
	}
	return text
}

func (p *page) intervalRow(s completeness.Strip, i completeness.Interval) intervalRow {
	row := intervalRow{Point: s.Point.Name(), State: p.T("day:" + string(i.State)), Period: p.Date(i.From), Days: strconv.Itoa(i.Days), Amount: "–", Share: "–", Covered: p.Percent(i.Covered)}
	if i.Days > 1 {
		row.Period += " – " + p.Date(i.To.AddDays(-1))
	}
	if i.Amount != nil {
		row.Amount = p.Number(i.Amount.Float64(), 1) + " " + string(s.Quantity.Unit())
	}
	if i.Share != nil {
		row.Share = p.Percent(*i.Share)
	}
	return row
}
