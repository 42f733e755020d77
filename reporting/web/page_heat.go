package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/heatmap/atlas"
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
	Terms              []namedChoice // the words of the table, each with what it means
	Availability       string        // in words: of the secured power
	Usual              string        // likewise, that of the classes
	Asked              string        // the availability as it was written; "": none was asked for
	Published          bool          // the reader is nobody: classes alone
	Sort               string
	Down               bool
	Unlocated          int  // sources that are on no map
	Several            bool // there are two to be counted in together
	LayersYear         int  // the calendar year of the file of layers that is offered
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
	body.Availability, body.Usual, body.Asked = p.share(cmp.Or(q.Availability, atlas.UsualAvailability)), p.share(atlas.UsualAvailability), query.Get("availability")
	body.Terms = p.heatTerms(body.Availability)
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
	hourly := 0
	for _, row := range body.Rows {
		if row.Hourly {
			hourly++
		}
	}
	body.Several = !body.Published && (hourly > 1 || len(query["site"]) > 0)
	body.order()
	body.Columns = p.heatColumns(body, query)
	if body.Together, err = s.togetherOf(r, p, query["site"], q); err != nil {
		return err
	}
	body.Map, body.Attribution = s.townPicture(p, body.Rows, span), s.pages.outlines.Attribution
	p.Title, p.Body = p.T("heat.title", p.Town), body
	return nil
}
