package web

import (
	"html/template"
	"slices"
	"strconv"

	"heatledger/heatmap/geo"
	"heatledger/heatmap/plan"
	"heatledger/reporting/chart"
	"heatledger/reporting/plot"
)

// The kinds of marks on the map of a plan.
const (
	markSource = iota
	markChosen
	markOther
)

// pipeClasses are how many widths of pipes a map tells apart.
const pipeClasses = 3

// pipeLayers are the pipes of a plan in classes of width, the narrowest first.
func (p *page) pipeLayers(r plan.Result) (layers []plot.Layer) {
	laid := r.Network.Sizes
	for class := range pipeClasses {
		from, to := class*len(laid)/pipeClasses, (class+1)*len(laid)/pipeClasses
		if from == to {
			continue
		}
		least, most := laid[from].DN, laid[to-1].DN
		name := "DN " + strconv.Itoa(least)
		if least < most {
			name += "–" + strconv.Itoa(most)
		}
		layer := plot.Layer{Name: p.T("plans.map.pipes", name), Style: plot.Lines, Framed: true}
		for _, piece := range r.Network.Pieces {
			if piece.DN < least || piece.DN > most {
				continue
			}
			line := make(geo.Line, len(piece.Line))
			for i, at := range piece.Line {
				line[i] = geo.Point{X: at[0], Y: at[1]}
			}
			title := p.T("plans.map.piece", piece.Street, strconv.Itoa(piece.DN), p.Number(piece.Metres, 0))
			layer.Shapes = append(layer.Shapes, plot.Shape{Title: title, Geometry: line, Level: class})
		}
		layers = append(layers, layer)
	}
	return layers
}

// planMap is the network of a plan with its sources and areas; nil where nothing is
// laid.
func (p *page) planMap(r plan.Result) *picture {
	if r.Network == nil {
		return nil
	}
	m := plot.Map{Head: plot.Head{ID: "map", Title: p.T("plans.map"), Lang: p.Lang}, Kinds: []string{p.T("plans.map.source"), p.T("plans.map.chosen"), p.T("plans.map.other")}}
	m.Layers = p.pipeLayers(r)
	var heats []float64
	for _, a := range r.Areas {
		heats = append(heats, a.Heat)
	}
	for _, s := range r.Sources {
		heats = append(heats, s.Direct+s.Stored)
	}
	energies := p.energies(heats...)
	for _, a := range r.Areas {
		one := plot.Mark{Name: a.Name, Title: p.T("plans.map.area", a.Name, energies.Text(a.Heat)), At: geo.Point{X: a.Longitude, Y: a.Latitude}, Size: a.Heat, Kind: markOther}
		if a.Chosen {
			one.Kind = markChosen
		}
		m.Marks = append(m.Marks, one)
	}
	for _, s := range r.Sources {
		name := p.sourceName(s)
		m.Marks = append(m.Marks, plot.Mark{Name: name, Title: p.T("plans.map.of", name, energies.Text(s.Direct+s.Stored)), At: geo.Point{X: s.Longitude, Y: s.Latitude}, Size: s.Direct + s.Stored, Kind: markSource})
	}
	m.SizeIs = p.T("plans.map.size")
	for _, kwh := range []float64{100_000, 1_000_000, 10_000_000} {
		if slices.ContainsFunc(m.Marks, func(mark plot.Mark) bool { return mark.Size >= kwh }) {
			m.Sizes = append(m.Sizes, plot.Size{Name: p.energies(1e5, 1e6).Text(kwh), Value: kwh})
		}
	}
	m.Summary = p.T("plans.map.sum", p.Number(r.Network.Metres, 0), strconv.Itoa(len(r.Sources)), strconv.Itoa(len(r.Areas)))
	wide, narrow := sizes()
	return &picture{page: p, ID: "map", Chart: chart.Chart{Title: m.Title, Summary: m.Summary},
		Wide: template.HTML(m.SVG(wide.Width)), Narrow: template.HTML(m.SVG(narrow.Width))} // drawn by us, texts escaped
}
