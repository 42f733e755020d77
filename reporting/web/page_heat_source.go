package web

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/source"
	"heatledger/reporting/cell"
	"heatledger/reporting/chart"
	"heatledger/reporting/document"
	"heatledger/reporting/planning"
	"heatledger/reporting/words"
)

// heatSourcePage is a source of heat with its pictures.
type heatSourcePage struct {
	Site      energy.SiteID
	Name      string
	Operator  string // "": the reader may not see him
	Span      heatSpan
	Simulated bool
	Plain     string        // what the source gives, for everybody; "": nothing is known
	Limits    string        // what the numbers are, in a sentence: the source's, or the network's appetite
	Kinds     []namedChoice // which heat the pictures show, with the address of each
	Key, Rest []heatBlock
	Pictures  []*picture
	NoHours   string // why pictures are missing that need hours; "": none is
	Machine   *heatMachineForm
	Readable  bool // the reader may see the pages of the site, too
	// Addresses of the hours as CSV and as Parquet, "" where no hour may be seen, and of
	// the sheet as JSON and on paper.
	Values, Parquet, Sheet, Paper string
}

// heatBlock is a part of the fact sheet on a page.
type heatBlock struct {
	ID, Heading, Paragraph, Caption string
	Head                            []string
	Rows                            [][]string
	Numbers                         bool // all columns but the first
}

// heatSource is a source that somebody asks for, with what its pictures are drawn from.
type heatSourceAsked struct {
	sheet      atlas.Sheet
	kind       heatmap.Kind       // that is shown: the supply, or what was delivered
	hours      heatmap.Series     // of that kind; without steps where none may be seen or is known
	statistics *source.Statistics // likewise; nil
	grade      heatmap.Grade
	limit      heatmap.Limit
	span       heatSpan
	query      string // of addresses of the same question
}

// heatAsked finds the source of the path and what may be seen of it.
func (s *Server) heatAsked(r *http.Request, p *page) (of heatSourceAsked, err error) {
	q, err := s.heatQuestion(r)
	if err != nil {
		return of, err
	}
	site := energy.SiteID(r.PathValue("site"))
	of.span = p.heatSpanOf(r.URL.Query().Get("period"), q)
	of.query = "period=" + url.QueryEscape(of.span.Label) + machineQuery(r.URL.Query())
	if of.sheet, err = s.heat.Sheet(r.Context(), p.who.asker(), site, q); err != nil {
		return of, err
	}
	sheet := of.sheet
	of.kind, of.statistics, of.grade, of.limit = sheet.Supply, sheet.Statistics, sheet.Grade, sheet.Limit
	hours := s.heat.Hours
	if kind := r.URL.Query().Get("kind"); kind == string(heatmap.Delivered) && sheet.Delivered != nil {
		of.kind, of.statistics = heatmap.Delivered, sheet.Delivered
		of.grade, of.limit = sheet.Delivered.Account.Grade(), sheet.Delivered.Account.Limit()
		of.query += "&kind=" + kind
		hours = func(ctx context.Context, who atlas.Asker, site energy.SiteID, q atlas.Question) (atlas.Flow, error) {
			return s.heat.Series(ctx, who, site, heatmap.Delivered, time.Hour, q)
		}
	}
	flow, err := hours(r.Context(), p.who.asker(), site, q)
	if err != nil && !errors.Is(err, atlas.ErrCoarse) && !errors.Is(err, atlas.ErrUnknown) {
		return of, err
	}
	of.hours = flow.Series
	known, err := s.options.Ledger.Registry(store.AsOwner(r.Context()))
	if err != nil {
		return of, err
	}
	p.Calendar, err = s.options.Ledger.Calendar(known, site)
	if errors.Is(err, ledger.ErrNoSite) {
		err = atlas.ErrNotSeen
	}
	return of, err
}

// showHeatSourcePage answers GET /heat/{site}.
func (s *Server) showHeatSourcePage(_ http.ResponseWriter, r *http.Request, p *page) error {
	of, err := s.heatAsked(r, p)
	if err != nil {
		return err
	}
	sheet := of.sheet
	body := &heatSourcePage{Site: sheet.Site, Name: heatName(sheet), Span: of.span, Simulated: simulated(sheet.Name),
		Readable: p.who.reach("read").Touches(sheet.Site), Sheet: "/api/v1/heat/sources/" + string(sheet.Site) + "?" + of.query}
	if body.Readable {
		body.Operator = p.operatorName(sheet.Operator)
	}
	body.Plain, body.Limits, body.Kinds = p.heatPlain(sheet), p.limits(of), p.heatKinds(of)
	effects, err := s.heatEffects(r.Context(), p, of)
	if err != nil {
		return err
	}
	body.Machine = p.heatMachineForm(of, r.URL.Query())
	before, after := planning.FactSheet{Sheet: sheet, Calendar: p.Calendar, At: p.now, Effects: effects}.Around(words.Lang(p.Lang))
	body.Key, body.Rest = heatBlocks("key", before), heatBlocks("rest", after)
	plots, err := s.heatPlots(r.Context(), p, of)
	if err != nil {
		return err
	}
	var live []*picture
	for _, one := range plots {
		picture := one.picture(p, of)
		body.Pictures = append(body.Pictures, picture)
		if one.chart != nil {
			live = append(live, picture)
		}
	}
	if of.hours.Len() == 0 && sheet.Supply != "" {
		body.NoHours = p.T("heat.nohours")
		for _, h := range sheet.Hidden {
			if h.Part == atlas.PartSeries {
				body.NoHours = p.T("heat.nohours.why", words.HeatWhy(words.Lang(p.Lang), string(h.Why), h.Due))
			}
		}
	} else if of.hours.Len() > 0 {
		body.Parquet = "/api/v1/heat/sources/" + string(sheet.Site) + "/series?format=parquet&from=" + sheet.From.String() + "&to=" + sheet.To.String()
		body.Values = p.To("/heat/" + string(sheet.Site) + "/charts/carpet.csv?" + of.query)
	}
	body.Paper = p.To("/heat/" + string(sheet.Site) + "/paper/sheet.pdf?" + of.query)
	p.rest(sheet.Site, sheet.Fact)
	p.Title, p.Body = p.T("heat.source.title", body.Name), body
	return s.draw(r.Context(), live...)
}

// limits says at the top what the numbers are.
func (p *page) limits(of heatSourceAsked) string {
	if of.kind == "" {
		return p.code("limits", "none")
	}
	return p.T("heat.limits", p.code("grade", of.grade.String()), p.T("heat.appetite:"+of.limit.String()))
}

// heatKinds are the kinds of heat that the pictures can be of; none where there is one.
func (p *page) heatKinds(of heatSourceAsked) []namedChoice {
	if of.sheet.Delivered == nil || of.sheet.Supply == heatmap.Delivered {
		return nil
	}
	address := "/heat/" + string(of.sheet.Site) + "?period=" + url.QueryEscape(of.span.Label)
	return []namedChoice{{Value: p.To(address), Name: p.code("kind", string(of.sheet.Supply)), Chosen: of.kind == of.sheet.Supply},
		{Value: p.To(address + "&kind=delivered"), Name: p.code("kind", string(heatmap.Delivered)), Chosen: of.kind == heatmap.Delivered}}
}

// heatBlocks turns blocks of paper into parts of a page.
func heatBlocks(id string, blocks []document.Block) []heatBlock {
	var list []heatBlock
	for i, b := range blocks {
		one := heatBlock{ID: id + "-" + string(rune('a'+i)), Heading: b.Heading, Paragraph: b.Paragraph, Rows: b.Rows}
		for _, c := range b.Columns {
			one.Head = append(one.Head, c.Title)
			one.Numbers = one.Numbers || c.Right
		}
		list = append(list, one)
	}
	return list
}

// giveHeatCSV answers GET /heat/{site}/charts/{chart}: the numbers of a picture.
func (s *Server) giveHeatCSV(w http.ResponseWriter, r *http.Request, p *page) error {
	of, err := s.heatAsked(r, p)
	if err != nil {
		return err
	}
	plots, err := s.heatPlots(r.Context(), p, of)
	if err != nil {
		return err
	}
	for _, one := range plots {
		if id, ok := strings.CutSuffix(r.PathValue("chart"), ".csv"); !ok || id != one.id {
			continue
		}
		if one.chart != nil {
			return writeChartCSV(w, *one.chart)
		}
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		out := cell.NewWriter(w)
		return out.WriteAll(append([][]string{one.head}, one.rows()...))
	}
	return refuse(http.StatusNotFound, "no_chart", "there is no chart %s of source %s that you may see", r.PathValue("chart"), of.sheet.Site)
}

// heatPlot is a picture of a source: drawn by package plot, or, with chart, by package
// chart.
type heatPlot struct {
	id, title, summary string
	draw               func(width int) string
	chart              *chart.Chart
	table              table
	head               []string // of the CSV file
	rows               func() [][]string
}

func (h heatPlot) picture(p *page, of heatSourceAsked) *picture {
	one := &picture{page: p, ID: h.id, Table: h.table, CSV: p.To("/heat/" + string(of.sheet.Site) + "/charts/" + h.id + ".csv?" + of.query)}
	if h.chart != nil {
		one.Chart = *h.chart
		return one
	}
	wide, narrow := sizes()
	one.Chart = chart.Chart{Title: h.title, Summary: h.summary}
	one.Wide, one.Narrow = template.HTML(h.draw(wide.Width)), template.HTML(h.draw(narrow.Width)) // drawn by us, texts escaped
	return one
}
