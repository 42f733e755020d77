package web

import (
	"fmt"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"heatledger/heatmap/geo"
	"heatledger/reporting/chart"
	"heatledger/reporting/features"
	"heatledger/reporting/features/cql2"
	"heatledger/reporting/plot"
)

// ogcPage is a page of OGC API – Features: tables, and where they lead.
type ogcPage struct {
	Lead           string
	Trail          []ogcLink // from the landing page down to what is above
	Map            *picture  // nil: nothing to draw
	Outlines       string    // whose outlines the map begins with
	Count          string    // how many features match
	Filter         *ogcFilter
	Tables         []ogcTable
	Links          []ogcLink
	Next, Previous string
}

// ogcLink leads somewhere.
type ogcLink struct{ Name, Address string }

// ogcTable is a table; the first cell of a row is its head.
type ogcTable struct {
	ID, Title string
	Head      []string
	Rows      [][]ogcLink // cells, with an address where they lead somewhere
}

// ogcFilter is the form by which features are asked for.
type ogcFilter struct {
	Text   string
	Keeps  []ogcLink // further parameters, by name and value
	Fields string    // address of what can be asked for
}

// showOGC shows an answer as a page.
func (s *Server) showOGC(w http.ResponseWriter, p *page, answer features.Answer) error {
	body := &ogcPage{Trail: []ogcLink{{p.T("ogc.nav"), p.To("/ogc")}}}
	switch one := answer.Page.(type) {
	case *features.LandingPage:
		p.Title, body.Lead, body.Trail = one.Title, one.Description, nil
		body.Links = p.ogcLinks(one.Links, "data", "service-doc", "conformance")
	case *features.ConformancePage:
		p.Title = p.T("ogc.conformance")
		table := ogcTable{ID: "classes", Title: p.T("ogc.classes"), Head: []string{p.T("ogc.class")}}
		for _, class := range one.ConformsTo {
			table.Rows = append(table.Rows, []ogcLink{{Name: class}})
		}
		body.Tables = []ogcTable{table}
	case *features.DefinitionPage:
		p.Title, body.Lead = p.T("ogc.definition"), p.T("ogc.definition.lead")
		body.Tables = p.ogcPaths(one)
	case *features.CollectionsPage:
		p.Title = p.T("ogc.collections")
		table := ogcTable{ID: "collections", Title: p.T("ogc.collections"), Head: []string{p.T("ogc.collection"), p.T("ogc.says"), p.T("ogc.items")}}
		for _, c := range one.Collections {
			path := "/ogc/collections/" + url.PathEscape(c.ID)
			table.Rows = append(table.Rows, []ogcLink{{c.Title, p.To(path)}, {Name: c.Description}, {p.T("ogc.items.of", c.Title), p.To(path + "/items")}})
		}
		body.Tables = []ogcTable{table}
	case *features.CollectionPage:
		p.ogcCollection(body, one)
	case *features.QueryablesPage:
		p.Title = p.T("ogc.queryables", one.About.Title)
		body.Trail = append(body.Trail, p.ogcTrail(one.About)...)
		body.Tables = []ogcTable{p.ogcFields(one.About)}
	case *features.ItemsPage:
		s.ogcItems(p, body, one)
	case *features.ItemPage:
		p.ogcItem(body, one)
	}
	for _, link := range answer.Links {
		if link.Rel == "alternate" {
			body.Links = append(body.Links, ogcLink{p.T("ogc.json"), link.Href})
		}
	}
	p.Body = body
	return s.show(w, p.answerCode(), "ogc.html", p)
}

// ogcLinks are the links to pages by these relations, in the language of this page.
func (p *page) ogcLinks(links []features.Link, rels ...string) (shown []ogcLink) {
	for _, rel := range rels {
		for _, link := range links {
			if link.Rel == rel && link.Type == features.HTML {
				if address, err := url.Parse(link.Href); err == nil { // our own
					shown = append(shown, ogcLink{link.Title, p.To(address.Path)})
				}
			}
		}
	}
	return shown
}

// ogcTrail leads to a collection.
func (p *page) ogcTrail(about features.About) []ogcLink {
	return []ogcLink{{p.T("ogc.collections"), p.To("/ogc/collections")}, {about.Title, p.To("/ogc/collections/" + url.PathEscape(about.ID))}}
}

// ogcCollection describes a collection: frame, time and systems.
func (p *page) ogcCollection(body *ogcPage, c *features.CollectionPage) {
	p.Title, body.Lead = c.Title, c.Description
	body.Trail = append(body.Trail, ogcLink{p.T("ogc.collections"), p.To("/ogc/collections")})
	table := ogcTable{ID: "about", Title: p.T("ogc.about"), Head: []string{p.T("ogc.field"), p.T("ogc.value")}}
	row := func(name, value string) { table.Rows = append(table.Rows, []ogcLink{{Name: name}, {Name: value}}) }
	row(p.T("ogc.id"), c.ID)
	if c.Extent != nil && c.Extent.Spatial != nil {
		row(p.T("ogc.extent"), strings.Trim(fmt.Sprint(c.Extent.Spatial.BBox), "[]"))
	}
	if c.Extent != nil && c.Extent.Temporal != nil {
		end := func(at *time.Time) string {
			if at == nil {
				return p.T("ogc.open")
			}
			return p.Date(p.Calendar.Date(*at))
		}
		row(p.T("ogc.interval"), end(c.Extent.Temporal.Interval[0][0])+" – "+end(c.Extent.Temporal.Interval[0][1]))
	}
	row(p.T("ogc.systems"), strings.Join(c.CRS, ", "))
	body.Tables = []ogcTable{table}
	path := "/ogc/collections/" + url.PathEscape(c.ID)
	body.Links = []ogcLink{{p.T("ogc.items"), p.To(path + "/items")}, {p.T("ogc.queryables.short"), p.To(path + "/queryables")}}
}

// ogcFields are the properties of a collection.
func (p *page) ogcFields(about features.About) ogcTable {
	table := ogcTable{ID: "fields", Title: p.T("ogc.fields"), Head: []string{p.T("ogc.name"), p.T("ogc.says"), p.T("ogc.kind"), p.T("ogc.enum")}}
	table.Rows = append(table.Rows, []ogcLink{{Name: "geometry"}, {Name: p.T("ogc.geometry")}, {Name: p.T("ogc.kind:" + string(cql2.Geometry))}, {}})
	for _, field := range about.Fields {
		says := field.Title
		if field.Description != "" {
			says += " – " + field.Description
		}
		table.Rows = append(table.Rows, []ogcLink{{Name: field.Name}, {Name: says}, {Name: p.T("ogc.kind:" + string(field.Kind))}, {Name: strings.Join(field.Enum, ", ")}})
	}
	return table
}

// ogcPaths are the paths of the API, a table of parameters each.
func (p *page) ogcPaths(d *features.DefinitionPage) (tables []ogcTable) {
	for i, path := range d.Paths {
		table := ogcTable{ID: fmt.Sprintf("path%d", i), Title: "GET /ogc" + strings.TrimSuffix(path.Path, "/") + " – " + path.Summary, Head: []string{p.T("ogc.parameter"), p.T("ogc.says")}}
		for _, one := range path.Parameters {
			table.Rows = append(table.Rows, []ogcLink{{Name: one.Name}, {Name: one.Description}})
		}
		tables = append(tables, table)
	}
	return tables
}

// ogcItems are the features of a page: those of their columns that any of them has.
func (s *Server) ogcItems(p *page, body *ogcPage, items *features.ItemsPage) {
	p.Title = items.About.Title
	body.Trail = append(body.Trail, p.ogcTrail(items.About)...)
	body.Count = p.T("ogc.count", p.Number(float64(items.NumberMatched), 0))
	if items.NumberReturned > 0 {
		body.Count += " " + p.T("ogc.shown", p.Number(float64(items.First), 0), p.Number(float64(items.First+items.NumberReturned-1), 0))
	}
	body.Next, body.Previous = items.Next, items.Previous
	query := p.request.URL.Query()
	body.Filter = &ogcFilter{Text: query.Get("filter"), Fields: p.To("/ogc/collections/" + url.PathEscape(items.About.ID) + "/queryables")}
	for _, name := range []string{"f", "lang", "limit", "bbox", "bbox-crs", "datetime", "crs", "filter-lang", "filter-crs"} {
		if query.Has(name) {
			body.Filter.Keeps = append(body.Filter.Keeps, ogcLink{name, query.Get(name)})
		}
	}
	if items.NumberReturned == 0 {
		return
	}
	table := ogcTable{ID: "items", Title: p.T("ogc.items"), Head: []string{p.T("ogc.id"), p.T("ogc.position")}}
	var shown []int
	for i, field := range items.About.Fields {
		for _, f := range items.Features {
			if f.Values[i] != nil {
				shown, table.Head = append(shown, i), append(table.Head, field.Title)
				break
			}
		}
	}
	for _, f := range items.Features {
		row := []ogcLink{{f.ID, p.To("/ogc/collections/" + url.PathEscape(items.About.ID) + "/items/" + url.PathEscape(f.ID))}, {Name: items.Position(f)}}
		for _, i := range shown {
			row = append(row, ogcLink{Name: p.ogcValue(f.Values[i])})
		}
		table.Rows = append(table.Rows, row)
	}
	body.Tables = []ogcTable{table}
	body.Map, body.Outlines = s.ogcMap(p, items), s.pages.outlines.Attribution
}

// ogcItem is one feature, a row for each property it has.
func (p *page) ogcItem(body *ogcPage, item *features.ItemPage) {
	p.Title = item.Feature.ID
	body.Trail = append(body.Trail, p.ogcTrail(item.About)...)
	body.Trail = append(body.Trail, ogcLink{p.T("ogc.items"), p.To("/ogc/collections/" + url.PathEscape(item.About.ID) + "/items")})
	table := ogcTable{ID: "values", Title: p.T("ogc.values"), Head: []string{p.T("ogc.field"), p.T("ogc.value")}}
	if at := item.Position(); at != "" {
		table.Rows = append(table.Rows, []ogcLink{{Name: p.T("ogc.position")}, {Name: at}})
	}
	for i, field := range item.About.Fields {
		if value := item.Feature.Values[i]; value != nil {
			table.Rows = append(table.Rows, []ogcLink{{Name: field.Title}, {Name: p.ogcValue(value)}})
		}
	}
	body.Tables = []ogcTable{table}
}

// ogcValue is a value as people read it; codes stand as filters ask for them.
func (p *page) ogcValue(value any) string {
	switch v := value.(type) {
	case float64:
		digits := 0
		if math.Abs(v) < 100 && v != math.Trunc(v) {
			digits = 2
		}
		return p.Number(v, digits)
	case bool:
		return p.T(fmt.Sprintf("ogc.%t", v))
	case time.Time:
		return p.Instant(v, p.Calendar)
	case nil:
		return ""
	}
	return fmt.Sprint(value)
}

// ogcMap draws the features of a page upon the outlines of the town; nil where none has
// a place.
func (s *Server) ogcMap(p *page, items *features.ItemsPage) *picture {
	m := plot.Map{Head: plot.Head{ID: "map", Title: p.T("ogc.map", items.About.Title), Lang: p.Lang}, Layers: s.townLayers(p)}
	shapes := map[plot.Style][]plot.Shape{}
	for _, f := range items.Features {
		switch g := f.Geometry.(type) {
		case nil:
		case geo.Point:
			m.Marks = append(m.Marks, plot.Mark{Name: f.ID, Title: f.ID, At: g, Size: math.NaN(), Link: p.To("/ogc/collections/" + url.PathEscape(items.About.ID) + "/items/" + url.PathEscape(f.ID))})
		case geo.Line, geo.MultiLine:
			shapes[plot.Lines] = append(shapes[plot.Lines], plot.Shape{Title: f.ID, Geometry: g})
		default:
			shapes[plot.Areas] = append(shapes[plot.Areas], plot.Shape{Title: f.ID, Geometry: g})
		}
	}
	drawn := len(m.Marks)
	if drawn > 0 {
		m.Kinds = []string{items.About.Title}
	}
	for _, style := range []plot.Style{plot.Areas, plot.Lines} {
		if list := shapes[style]; len(list) > 0 {
			drawn += len(list)
			m.Layers = append(m.Layers, plot.Layer{Name: items.About.Title, Style: style, Framed: true, Shapes: list})
			m.Levels = []string{items.About.Title}
		}
	}
	if drawn == 0 {
		return nil
	}
	m.Summary = p.T("ogc.map.sum", p.Number(float64(drawn), 0))
	wide, narrow := sizes()
	return &picture{page: p, ID: "map", Chart: chart.Chart{Title: m.Title, Summary: m.Summary},
		Wide: template.HTML(m.SVG(wide.Width)), Narrow: template.HTML(m.SVG(narrow.Width))} // drawn by us, texts escaped
}
