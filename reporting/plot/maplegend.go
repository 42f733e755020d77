package plot

import (
	"heatledger/reporting/chart"
)

// mapKey is an entry of a map's legend: a drawing in the middle of (0, 0), and a name.
type mapKey struct {
	drawing string
	half    float64 // half of the drawing's width
	name    string
}

// mapRow is the height of a row of the legend.
const mapRow = 26.0

// keys are the entries of the legend by rows that belong together.
func (m Map) keys(id string, width int) [][]mapKey {
	var shapes, sizes, layers, levels []mapKey
	for i, name := range m.Kinds {
		shapes = append(shapes, mapKey{symbol(i, 7), 9, name})
	}
	marks := m.marking(width)
	for i, size := range m.Sizes {
		r, name := marks.of(size.Value), size.Name
		if i == 0 && m.SizeIs != "" {
			name = m.SizeIs + " " + name
		}
		sizes = append(sizes, mapKey{`<circle r="` + n(r) + `" fill="none" stroke="currentColor"/>`, r, name})
	}
	for _, layer := range m.Layers {
		if layer.Name == "" {
			continue
		}
		drawing := `<rect x="-11" y="-6" width="22" height="12" fill="#8a96a1" fill-opacity=".12" stroke="#8a96a1"/>`
		switch layer.Style {
		case Town:
			drawing = `<rect x="-11" y="-6" width="22" height="12" fill="none" stroke="currentColor" stroke-width="2.5"/>`
		case Lines:
			drawing = `<path d="M-11 0H11" ` + linePaint(levelOf(layer)) + `/>`
		case Areas:
			drawing = `<rect x="-11" y="-6" width="22" height="12" fill="url(#` + id + `-l0)" stroke="` + grey + `"/>`
		}
		layers = append(layers, mapKey{drawing, 11, layer.Name})
	}
	for i, name := range m.Levels {
		levels = append(levels, mapKey{`<rect x="-11" y="-6" width="22" height="12" fill="url(#` + id + `-l` + n(float64(i)) + `)" stroke="` + grey + `"/>`, 11, name})
	}
	return [][]mapKey{shapes, sizes, levels, layers}
}

func levelOf(l Layer) int {
	if len(l.Shapes) == 0 {
		return 0
	}
	return l.Shapes[0].Level
}

// legend sets the legend below the sheet, and the bar of lengths on it.
func (m Map) legend(c *canvas, sheet projection) {
	c.box(0.5, 0.5, sheet.width-1, sheet.height-1, `fill="none" stroke="`+grey+`"`)
	metres := sheet.bar()
	wide, y := metres*sheet.per, sheet.height-10
	c.f(`<g class="bar" data-bar="%s"><path d="M10 %sv5h%sv-5" fill="none" stroke="currentColor" stroke-width="1.5"/>`, n(metres), n(y-5), n(wide))
	name := chart.Number(m.Lang, metres, 0) + " m"
	if metres >= 1000 {
		name = chart.Number(m.Lang, metres/1000, 0) + " km"
	}
	c.note(16+wide, y+1, "start", name, small)
	c.WriteString("</g>")
	m.setKeys(c.id, c.size.Width, func(k mapKey, x, y float64) {
		c.f(`<g transform="translate(%s %s)">%s</g>`, n(x+k.half), n(sheet.height+y), k.drawing)
		c.note(x+2*k.half+6, sheet.height+y+4, "start", k.name, small)
	})
}

// setKeys lays the legend out and returns its height.
func (m Map) setKeys(id string, width int, set func(k mapKey, x, y float64)) (height float64) {
	y := 6.0
	for _, row := range m.keys(id, width) {
		x, tall := 2.0, mapRow
		for _, k := range row {
			tall = max(tall, 2*k.half+4)
		}
		if len(row) > 0 {
			y += tall / 2
		}
		for _, k := range row {
			wide := 2*k.half + 6 + chart.Width(k.name, small)
			if x > 2 && x+wide > float64(width) {
				x, y = 2, y+tall
			}
			set(k, x, y)
			x += wide + 16
		}
		if len(row) > 0 {
			y += tall / 2
		}
	}
	return y + 4
}

func (m Map) legendHeight(width int) int {
	return int(m.setKeys("", width, func(mapKey, float64, float64) {}))
}
