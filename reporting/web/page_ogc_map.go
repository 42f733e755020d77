package web

import (
	"html/template"
	"math"
	"net/url"

	"heatledger/heatmap/geo"
	"heatledger/reporting/chart"
	"heatledger/reporting/features"
	"heatledger/reporting/plot"
)

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
