package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"heatledger/reporting/features"
	"heatledger/reporting/features/cql2"
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
	More      []ogcMore   // of each row what no column has; nil: nothing
}

// ogcMore is what is told of a thing beside its columns, to be opened.
type ogcMore struct {
	Of    string
	Pairs []ogcPair
}

// ogcPair is a property with its value in words.
type ogcPair struct{ Name, Value string }

// ogcFilter is the form by which features are asked for.
type ogcFilter struct {
	Text   string
	Keeps  []ogcLink     // further parameters, by name and value
	Fields string        // address of what can be asked for
	Plans  []namedChoice // of which plan they are; nil: of none
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
	case *features.SchemaPage:
		p.Title = p.T("ogc.schema", one.About.Title)
		body.Trail = append(body.Trail, p.ogcTrail(one.About)...)
		body.Tables = []ogcTable{p.ogcFields(one.About)}
	case *features.ItemsPage:
		if err := s.ogcItems(p, body, one); err != nil {
			return err
		}
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
	body.Links = []ogcLink{{p.T("ogc.items"), p.To(path + "/items")}, {p.T("ogc.queryables.short"), p.To(path + "/queryables")}, {p.T("ogc.schema.short"), p.To(path + "/schema")}}
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
