package web

import (
	"html/template"
	"math"
	"slices"

	"heatledger/heatmap/atlas"
	"heatledger/reporting/chart"
	"heatledger/reporting/plot"
	"heatledger/reporting/townmap"
)

// townLayers are the outlines that a map of the town begins with; the town itself
// frames it.
func (s *Server) townLayers(p *page) []plot.Layer {
	ags := p.registry.Municipality.AGS
	town, _ := s.pages.outlines.Town(ags)
	neighbours, districts := s.pages.outlines.Around(ags)
	layer := func(name string, style plot.Style, framed bool, list []townmap.Outline) plot.Layer {
		l := plot.Layer{Name: name, Style: style, Framed: framed}
		for _, one := range list {
			l.Shapes = append(l.Shapes, plot.Shape{Title: one.Name, Geometry: one.Geometry})
		}
		return l
	}
	return []plot.Layer{
		layer(p.T("heat.map.neighbours"), plot.Ground, false, neighbours),
		layer("", plot.Ground, false, districts),
		layer(p.Town, plot.Town, true, town),
	}
}

// townPicture is the map of the sources that are shown; nil without any.
func (s *Server) townPicture(p *page, rows []heatRow, span heatSpan) *picture {
	m := plot.Map{Head: plot.Head{ID: "map", Title: p.T("heat.map.title", p.Town), Lang: p.Lang}, Layers: s.townLayers(p), SizeIs: p.T("heat.map.size")}
	for _, class := range atlas.TemperatureClasses() {
		m.Kinds = append(m.Kinds, p.classOf(class, "°C"))
	}
	m.Kinds = append(m.Kinds, p.T("heat.map.notemperature"))
	most := 0.0
	for _, row := range rows {
		if !row.sheet.Place.Located {
			continue
		}
		m.Marks = append(m.Marks, p.mark(row))
		if !math.IsNaN(row.power) {
			most = max(most, row.power)
		}
	}
	if len(m.Marks) == 0 {
		return nil
	}
	for _, kw := range []float64{100, 500, 1000, 5000, 20_000} {
		if kw <= most {
			m.Sizes = append(m.Sizes, plot.Size{Name: p.kilowatts(kw), Value: kw})
		}
	}
	m.Summary = p.T("heat.map.sum", p.Number(float64(len(m.Marks)), 0), span.Name)
	wide, narrow := sizes()
	return &picture{page: p, ID: "map", Chart: chart.Chart{Title: m.Title, Summary: m.Summary},
		Wide: template.HTML(m.SVG(wide.Width)), Narrow: template.HTML(m.SVG(narrow.Width))} // drawn by us, texts escaped
}

// mark is a source on the map. Where only a class may be seen, its least is drawn.
func (p *page) mark(row heatRow) plot.Mark {
	classes := atlas.TemperatureClasses()
	kind := slices.IndexFunc(classes, func(c atlas.Class) bool { return c.Code == row.sheet.TemperatureClass.Code })
	if kind < 0 {
		kind = len(classes)
	}
	return plot.Mark{Name: row.Name, Link: row.Address, At: row.sheet.Place.Point, Size: row.power, Kind: kind,
		Title: p.T("heat.map.mark", row.Name, row.Power, row.Temperature, row.Grade, row.Limit)}
}
