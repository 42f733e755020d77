package web

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/source"
	"heatledger/reporting/words"
)

// heatRoutes are the pages of the sources of heat. Everybody may ask for them: what
// they show is for package atlas to say.
func (s *Server) heatRoutes() []route {
	return []route{
		{"GET /heat", s.planning("heat.html", s.showHeatPage)},
		{"GET /heat/{site}", s.planning("heat_source.html", s.showHeatSourcePage)},
		{"GET /heat/tiles.pmtiles", s.answer(s.giveTiles)},
		{"GET /heat/layers.gpkg", s.heatFile(layersCount, s.giveHeatLayers)},
		{"GET /heat/{site}/paper/sheet.pdf", s.heatFile(sheetCounts, s.giveHeatSheet)},
		{"GET /heat/{site}/charts/{chart}", s.planning("", s.giveHeatCSV)},
	}
}

// planning is a page for planners, for those who may read, and, in classes, for
// everybody.
func (s *Server) planning(name string, h pageHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := s.barePage(r)
		err := s.meetPlanner(r, p)
		if err == nil {
			err = h(w, r, p)
		}
		if err == nil && p.Body != nil {
			err = s.show(w, p.answerCode(), name, p)
		}
		if errors.Is(err, atlas.ErrNotSeen) {
			err = refuse(http.StatusNotFound, "no_source", "there is no source of heat here that you may see")
		}
		if err != nil {
			s.showErrorOrSignIn(w, r, err)
		}
	})
}

// meetPlanner finds who asks for a page about heat: somebody known, or the public. The
// municipality is known to everybody, sites only to those who may see them.
func (s *Server) meetPlanner(r *http.Request, p *page) (err error) {
	p.who, err = s.identify(r, access.Published)
	var refused *problem
	if errors.As(err, &refused) && refused.Code == "no_token" {
		p.who, err = s.everybody(), nil
	}
	if err != nil {
		return err
	}
	if p.peopled, err = s.hasAccounts(r.Context()); err != nil {
		return err
	}
	if p.registry, err = s.options.Ledger.Registry(r.Context()); err != nil {
		return err
	}
	known, err := s.options.Ledger.Registry(store.AsOwner(r.Context()))
	if err != nil {
		return err
	}
	p.Town, p.registry.Municipality = known.Municipality.Name, known.Municipality
	p.Calendar, err = s.options.Ledger.Calendar(known, ledger.Municipality)
	return err
}

// heatSpan is the time that a page about heat is of.
type heatSpan struct {
	Label   string // "2025", "P12M/2026-10"
	Name    string // in words
	Choices []namedChoice
}

// heatSpanOf says what a question's period is called, and which others there are: the
// last calendar years, and the twelve months up to the last full one.
func (p *page) heatSpanOf(asked string, q atlas.Question) heatSpan {
	today := p.Calendar.Date(p.now)
	last := energy.Date{Year: today.Year, Month: today.Month, Day: 1}.AddDays(-1)
	span := heatSpan{Label: cmp.Or(asked, strconv.Itoa(today.Year-1)), Name: p.T("heat.from.to", p.Date(q.From), p.Date(q.To.AddDays(-1)))}
	for _, year := range []int{today.Year - 2, today.Year - 1, today.Year} {
		label := strconv.Itoa(year)
		span.Choices = append(span.Choices, namedChoice{Value: label, Name: label, Chosen: label == span.Label})
	}
	rolling := fmt.Sprintf("P12M/%04d-%02d", last.Year, last.Month)
	span.Choices = append(span.Choices, namedChoice{Value: rolling, Name: p.T("heat.twelve"), Chosen: rolling == span.Label})
	return span
}

// share writes an availability: "98 %", "99.5 %".
func (p *page) share(ratio float64) string {
	digits, percent := 0, 100*ratio
	if math.Abs(percent-math.Round(percent)) > 1e-9 {
		digits = 1
	}
	if percent < 100 {
		percent = min(percent, 99.9) // all of it is told apart from nearly all of it
	}
	return p.Number(percent, digits) + " %"
}

// code is the word for a code of packages heatmap, heatmap/source or heatmap/atlas.
func (p *page) code(kind, code string) string {
	return words.Heat(words.Lang(p.Lang), kind+"_"+cmp.Or(code, "none"), nil)
}

// heatPage is the sources of the town.
type heatPage struct {
	Span               heatSpan
	Power, Temperature string // the least that were asked for, as they were written
	Columns            []portfolioColumn
	Rows               []heatRow
	Of                 int // sources before those that are too small or too cold were left out
	Map                *picture
	Attribution        string
	Together           *heatTogether
	Simulated          bool
	Published          bool // the reader is nobody: classes alone
	Sort               string
	Down               bool
	Unlocated          int // sources that are on no map
	LayersYear         int // the calendar year of the file of layers that is offered
}

// heatRow is a source in words.
type heatRow struct {
	Site                                                                 energy.SiteID
	Name, Address, Power, Class, Temperature, Grade, Limit, Hours, Basis string
	Chosen, Hourly, Simulated                                            bool
	sheet                                                                atlas.Sheet
	power, flow                                                          float64 // to sort by; NaN: not known
}

// heatTogether is what the chosen sources give together.
type heatTogether struct {
	Names, Power, Sum, Hours, Sentence string
	Lead                               string // why there is none; "": there is
}

// showHeatPage answers GET /heat.
func (s *Server) showHeatPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	query := r.URL.Query()
	q, err := s.heatQuestion(r)
	if err != nil {
		return err
	}
	span := p.heatSpanOf(query.Get("period"), q)
	body := &heatPage{Span: span, Power: query.Get("power"), Temperature: query.Get("temperature"), Sort: query.Get("sort"), Down: query.Get("down") == "true"}
	power, err := least(body.Power, "power")
	if err != nil {
		return err
	}
	temperature, err := least(body.Temperature, "temperature")
	if err != nil {
		return err
	}
	sheets, err := s.heat.Sources(r.Context(), p.who.asker(), q)
	if err != nil {
		return err
	}
	body.Of, body.Published = len(sheets), p.who.name == "public"
	body.LayersYear = max(leastYear, min(q.To.AddDays(-1).Year, p.Calendar.Date(p.now).Year))
	for _, sheet := range sheets {
		row := p.heatRow(sheet, span, query["site"])
		body.Simulated = body.Simulated || simulated(sheet.Name)
		if below(row.power, power) || below(row.flow, temperature) {
			continue
		}
		if !sheet.Place.Located {
			body.Unlocated++
		}
		body.Rows = append(body.Rows, row)
		p.rest(sheet.Site, sheet.Fact)
	}
	body.order()
	body.Columns = p.heatColumns(body, query)
	if body.Together, err = s.togetherOf(r, p, query["site"], q); err != nil {
		return err
	}
	body.Map, body.Attribution = s.townPicture(p, body.Rows, span), s.pages.outlines.Attribution
	p.Title, p.Body = p.T("heat.title", p.Town), body
	return nil
}

// least reads the least number that was asked for; NaN: none.
func least(text, name string) (float64, error) {
	if text == "" {
		return math.NaN(), nil
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, refuse(http.StatusBadRequest, "bad_number", "%s=%.20q is no number", name, text)
	}
	return v, nil
}

// below tells whether a source is not known to reach what was asked for.
func below(v, least float64) bool { return !math.IsNaN(least) && (math.IsNaN(v) || v < least) }

// heatRow puts a sheet into words. Of a class, the least counts for order and filter.
func (p *page) heatRow(sheet atlas.Sheet, span heatSpan, chosen []string) heatRow {
	row := heatRow{Site: sheet.Site, Name: heatName(sheet), sheet: sheet, Hourly: sheet.Statistics != nil, Simulated: simulated(sheet.Name),
		Address: p.To("/heat/" + string(sheet.Site) + "?period=" + url.QueryEscape(span.Label)),
		Power:   p.T("heat.unknown"), Class: p.T("heat.unknown"), Temperature: p.T("heat.unknown"), Hours: "–",
		Grade: p.code("grade", sheet.Grade.String()), Limit: p.code("limit", sheet.Limit.String()), Basis: p.code("kind", string(sheet.Supply)),
		Chosen: slices.Contains(chosen, string(sheet.Site)), power: math.NaN(), flow: math.NaN()}
	if sheet.PowerClass.Code != "" {
		row.power, row.Power = sheet.PowerClass.Least, p.classOf(sheet.PowerClass, "kW")
	}
	if sheet.Secured != nil {
		row.power = float64(sheet.Secured.Power)
		row.Power = p.kilowatts(row.power)
	}
	if sheet.TemperatureClass.Code != "" {
		row.flow, row.Temperature = sheet.TemperatureClass.Least, p.classOf(sheet.TemperatureClass, "°C")
		row.Class = row.Temperature
	}
	if sheet.Temperatures != nil && sheet.Temperatures.Flow.OK {
		row.flow = float64(sheet.Temperatures.Flow.Celsius)
		row.Temperature = p.Number(row.flow, 1) + " °C"
	}
	if sheet.FullLoad != nil {
		row.Hours = p.Number(sheet.FullLoad.Hours, 0)
	}
	return row
}

// heatName is what a source is called: package atlas says whether it has a name here.
func heatName(sheet atlas.Sheet) string {
	if sheet.Name == "" {
		return string(sheet.Site)
	}
	return sheet.Name
}

// kilowatts writes a power as it is told apart.
func (p *page) kilowatts(kw float64) string {
	if math.Abs(kw) < 10 {
		return p.Number(kw, 1) + " kW"
	}
	return p.Number(kw, 0) + " kW"
}

// classOf writes a class: "100 to 500 kW".
func (p *page) classOf(c atlas.Class, unit string) string {
	switch {
	case c.Code == "":
		return p.T("heat.unknown")
	case c.Most == 0:
		return p.T("heat.class.from", p.Number(c.Least, 0), unit)
	case c.Least == 0:
		return p.T("heat.class.to", p.Number(c.Most, 0), unit)
	}
	return p.T("heat.class", p.Number(c.Least, 0), p.Number(c.Most, 0), unit)
}

// order sorts the rows by what was asked for: the greatest secured power first.
func (b *heatPage) order() {
	by := map[string]func(x, y heatRow) int{
		"name":        func(x, y heatRow) int { return strings.Compare(x.Name, y.Name) },
		"temperature": func(x, y heatRow) int { return compareAbsent(x.flow, y.flow) },
		"grade":       func(x, y heatRow) int { return int(x.sheet.Grade) - int(y.sheet.Grade) },
	}[b.Sort]
	down := b.Down
	if by == nil {
		b.Sort, by = "power", func(x, y heatRow) int { return compareAbsent(x.power, y.power) }
		down = !b.Down
	}
	slices.SortStableFunc(b.Rows, func(x, y heatRow) int {
		if down {
			return by(y, x)
		}
		return by(x, y)
	})
}

// compareAbsent puts what is not known below everything.
func compareAbsent(x, y float64) int {
	switch {
	case math.IsNaN(x) && math.IsNaN(y), x == y:
		return 0
	case math.IsNaN(x) || x < y:
		return -1
	}
	return 1
}

// heatColumns are the columns by which rows can be put in order.
func (p *page) heatColumns(b *heatPage, query url.Values) []portfolioColumn {
	var list []portfolioColumn
	for _, id := range []string{"name", "power", "temperature", "grade", "limit", "hours"} {
		column := portfolioColumn{Name: p.T("heat.column." + id)}
		if id != "limit" && id != "hours" {
			asked := url.Values{}
			for name, values := range query {
				asked[name] = values
			}
			asked.Set("sort", id)
			asked.Del("down")
			if b.Sort == id {
				column.Sorted = "ascending"
				if b.Down != (id == "power") {
					column.Sorted = "descending"
				}
				if !b.Down {
					asked.Set("down", "true")
				}
			}
			column.Address = "/heat?" + asked.Encode()
		}
		list = append(list, column)
	}
	return list
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
