package web

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/commitment"
	"heatledger/energy/portfolio"
	"heatledger/energy/registry"
	"heatledger/reporting/words"
)

// portfolioPageRows is how many rows a page shows.
const portfolioPageRows = 100

// portfolioPage shows all judgements side by side, by commitment.
type portfolioPage struct {
	Asked                                        portfolioAsked
	Day                                          string
	All, Chosen                                  int
	Counts                                       []portfolioCount
	Metrics, Verdicts, Operators, Bases, Kinds   []namedChoice
	Columns                                      []portfolioColumn
	Groups                                       []portfolioGroup
	CSV, XLSX, Earlier, Later, Where, ByForecast string
	Missing                                      int // how many will be missed if nothing changes
	LastYear                                     string
	Office                                       bool
}

// namedChoice is one answer that a form offers.
type namedChoice struct {
	Value, Name string
	Chosen      bool
}

// portfolioCount is how many rows have a verdict, with a link to them.
type portfolioCount struct {
	Kind    commitment.Verdict
	Name    string
	Rows    int
	Address string
}

// portfolioColumn is a column with the link that puts rows in its order.
type portfolioColumn struct {
	Name, Address, Sorted string // Sorted is aria-sort: "", ascending or descending
}

// portfolioGroup are rows that may be compared.
type portfolioGroup struct {
	ID, Title string // "" without groups
	Rows      []portfolioRow
}

// portfolioRow is a row in words.
type portfolioRow struct {
	Site, Address, Operator, Promise, Period, Verdict, Value, Threshold, Margin, Basis, Status, Coverage, Forecast, Latest, Complete string
	Kind                                                                                                                             commitment.Verdict
}

// showPortfolioPage answers GET /portfolio.
func (s *Server) showPortfolioPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	query := r.URL.Query()
	asked, err := askedOf(query)
	if err != nil {
		return err
	}
	number := 1
	if text := query.Get("page"); text != "" {
		if number, err = strconv.Atoi(text); err != nil || number < 1 {
			return refuse(http.StatusBadRequest, "bad_number", "page=%.20q is no number from 1", text)
		}
	}
	all, err := s.portfolioRows(r.Context(), p.who)
	if err != nil {
		return err
	}
	rows := portfolio.Select(all, asked.Choice)
	portfolio.Sort(rows, asked.By, asked.Down)
	body := &portfolioPage{Asked: asked, Day: p.Today(), All: len(all), Chosen: len(rows)}
	state := url.Values{}
	for _, name := range append(portfolioParameters(), "lang") {
		if v := query.Get(name); v != "" {
			state.Set(name, v)
		}
	}
	with := func(pairs ...string) string {
		next := maps.Clone(state)
		for i := 0; i+1 < len(pairs); i += 2 {
			next.Set(pairs[i], pairs[i+1])
		}
		return "/portfolio?" + next.Encode()
	}
	body.choices(p, all)
	for _, c := range portfolio.Counts(all) {
		body.Counts = append(body.Counts, portfolioCount{c.Verdict, p.T("verdict:" + string(c.Verdict)), c.Rows, with("verdict", string(c.Verdict), "forecast", "")})
	}
	body.Missing = len(portfolio.Select(all, portfolio.Choice{Forecast: true}))
	body.ByForecast = with("forecast", "true", "verdict", "", "sort", string(portfolio.BySettles))
	body.columns(p, with)
	last := min(len(rows), number*portfolioPageRows)
	first := min((number-1)*portfolioPageRows, last)
	body.groups(p, rows[first:last])
	if first > 0 {
		body.Earlier = with("page", strconv.Itoa(number-1))
	}
	if last < len(rows) {
		body.Later = with("page", strconv.Itoa(number+1))
	}
	body.Where = p.T("portfolio.where", p.Number(float64(min(first+1, last)), 0), p.Number(float64(last), 0), p.Number(float64(len(rows)), 0))
	file := maps.Clone(state)
	file.Set("lang", string(p.Lang))
	file.Set("format", "csv")
	body.CSV = "/api/v1/portfolio?" + file.Encode()
	file.Set("format", "xlsx")
	body.XLSX = "/api/v1/portfolio?" + file.Encode()
	body.LastYear, body.Office = strconv.Itoa(p.Calendar.Date(s.now()).Year-1), p.who.reach(access.Review).Everywhere
	p.Title, p.Body = p.T("portfolio"), body
	return nil
}

// choices are what the form offers: of everything what there is.
func (b *portfolioPage) choices(p *page, all []portfolio.Row) {
	lang := words.Lang(p.Lang)
	for _, metric := range portfolio.Metrics(all) {
		b.Metrics = append(b.Metrics, namedChoice{metric, words.Metric(lang, metric), b.Asked.Metric == metric})
	}
	for _, c := range portfolio.Counts(all) {
		b.Verdicts = append(b.Verdicts, namedChoice{string(c.Verdict), p.T("verdict:" + string(c.Verdict)), b.Asked.Verdict == c.Verdict})
	}
	for _, basis := range []commitment.Basis{commitment.Measured, commitment.Mixed, commitment.Declared} {
		b.Bases = append(b.Bases, namedChoice{string(basis), words.Basis(lang, basis), b.Asked.Basis == basis})
	}
	for _, kind := range []energy.SiteKind{energy.DataCentre, energy.ServerRoom, energy.NetworkNode} {
		b.Kinds = append(b.Kinds, namedChoice{string(kind), p.T("kind:" + string(kind)), b.Asked.Kind == kind})
	}
	seen := map[string]bool{}
	for _, r := range all {
		if o := r.Operator; o != (registry.Operator{}) && !seen[o.ID] {
			seen[o.ID] = true
			b.Operators = append(b.Operators, namedChoice{o.ID, o.Name, b.Asked.Operator == o.ID})
		}
	}
}

// columns are the headings; those of which rows can be put in order are links.
func (b *portfolioPage) columns(p *page, with func(...string) string) {
	for _, c := range []struct {
		name string
		by   portfolio.Order
	}{
		{"site", portfolio.BySite}, {"commitment", portfolio.ByCommitment}, {"verdict", portfolio.ByVerdict}, {"portfolio.value", portfolio.ByValue}, {"portfolio.margin", portfolio.ByMargin},
		{"portfolio.basis", ""}, {"status", portfolio.BySettles}, {"portfolio.coverage", portfolio.ByCoverage}, {"portfolio.forecast", ""}, {"portfolio.latest", portfolio.ByLatest},
	} {
		column := portfolioColumn{Name: p.T(c.name)}
		if c.by != "" {
			column.Address = with("sort", string(c.by), "down", "")
			if b.Asked.By == c.by {
				column.Sorted = "ascending"
				if b.Asked.Down {
					column.Sorted = "descending"
				} else {
					column.Address = with("sort", string(c.by), "down", "true")
				}
			}
		}
		b.Columns = append(b.Columns, column)
	}
}

// groups are rows in words, in groups where their order compares numbers.
func (b *portfolioPage) groups(p *page, rows []portfolio.Row) {
	lang := words.Lang(p.Lang)
	var at portfolio.Group
	for i, r := range rows {
		if now := b.Asked.By.Of(r); i == 0 || now != at {
			at = now
			title := p.T("portfolio.all")
			if at.Metric != "" {
				title = words.Metric(lang, at.Metric)
			}
			if b.Asked.By.Compares() {
				title += ", " + words.Basis(lang, at.Basis)
			}
			b.Groups = append(b.Groups, portfolioGroup{ID: "group-" + strconv.Itoa(len(b.Groups)+1), Title: title})
		}
		group := &b.Groups[len(b.Groups)-1]
		group.Rows = append(group.Rows, p.portfolioRow(lang, r))
	}
}

func (p *page) portfolioRow(lang words.Lang, r portfolio.Row) portfolioRow {
	figure := func(o commitment.Optional) string {
		if !o.OK {
			return "–"
		}
		return words.Figure(lang, r.Metric, o.Number, r.Unit)
	}
	share := func(o commitment.Optional) string {
		if !o.OK {
			return "–"
		}
		return words.Share(lang, o.Number)
	}
	row := portfolioRow{Site: r.Name, Address: p.To("/sites/" + string(r.Site)), Operator: r.Operator.Name, Promise: words.Metric(lang, r.Metric), Period: words.Period(lang, r.Period),
		Verdict: words.Verdict(lang, r.Assessment), Kind: r.Verdict, Value: figure(r.Value), Threshold: figure(r.Threshold), Margin: figure(r.Margin), Basis: words.Basis(lang, r.Basis),
		Status: words.Standing(lang, r.Assessment), Coverage: share(r.EnergyCoverage), Forecast: "–", Latest: p.T("never"), Complete: share(r.Complete)}
	if r.Title != "" {
		row.Promise = r.Title + ": " + row.Promise
	}
	if r.Forecast.OK {
		method := words.Step(lang, r.Assessment, commitment.Step{Code: r.ForecastMethod})
		row.Forecast = p.T("portfolio.untested", figure(r.Forecast), method)
		if r.ForecastError.OK {
			row.Forecast = p.T("portfolio.tested", figure(r.Forecast), method, words.Share(lang, r.ForecastError.Number), strconv.Itoa(r.ForecastYears))
		}
	} else if r.Verdict == commitment.NotDue && r.WillMiss() {
		row.Forecast = p.T("portfolio.asnow", words.Date(lang, r.SettlesOn))
	}
	if r.Latest != (energy.Date{}) {
		row.Latest = p.Date(r.Latest)
	}
	return row
}
