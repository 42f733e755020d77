package plot

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"heatledger/reporting/chart"
)

// canvas is a picture being drawn.
type canvas struct {
	strings.Builder
	id   string // begins the ids within
	size chart.Size
}

// newCanvas begins a picture. Role is "img", or "group" where marks of it can be
// reached by keyboard: what is in an image has no names of its own.
func newCanvas(h Head, size chart.Size, role string) *canvas {
	c := &canvas{id: h.ID + "-" + strconv.Itoa(size.Width), size: size}
	c.f(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="%s" aria-labelledby="%s-t %s-d" class="plot" font-size="%d" fill="currentColor">`,
		size.Width, size.Height, role, c.id, c.id, letter)
	c.f(`<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`, c.id, html.EscapeString(h.Title), c.id, html.EscapeString(h.Summary))
	return c
}

// f writes. Arguments that are texts of others are escaped by the caller.
func (c *canvas) f(format string, args ...any) { fmt.Fprintf(c, format, args...) }

func (c *canvas) end() string {
	c.WriteString("</svg>")
	return c.String()
}

// n writes a coordinate: a tenth of a px is seen by nobody.
func n(v float64) string {
	text := strconv.FormatFloat(v, 'f', 1, 64)
	text = strings.TrimSuffix(text, ".0")
	if text == "-0" {
		return "0"
	}
	return text
}

// text sets a text at (x, y) of its base line; anchor is start, middle or end.
func (c *canvas) text(x, y float64, anchor, text string) { c.note(x, y, anchor, text, letter) }

// note is a text in letters of a size.
func (c *canvas) note(x, y float64, anchor, text string, px float64) {
	size := ""
	if px != letter {
		size = ` font-size="` + n(px) + `"`
	}
	c.f(`<text x="%s" y="%s" text-anchor="%s"%s>%s</text>`, n(x), n(y), anchor, size, html.EscapeString(text))
}

// name is a text that stands over drawings: what lies below it keeps a distance (the
// class halo, of the page's style).
func (c *canvas) name(x, y float64, anchor, text string, px float64, attributes string) {
	c.f(`<text class="halo" x="%s" y="%s" text-anchor="%s" font-size="%s" %s>%s</text>`, n(x), n(y), anchor, n(px), attributes, html.EscapeString(text))
}

func (c *canvas) line(x1, y1, x2, y2 float64, attributes string) {
	c.f(`<path d="M%s %sL%s %s" fill="none" %s/>`, n(x1), n(y1), n(x2), n(y2), attributes)
}

func (c *canvas) box(x, y, width, height float64, attributes string) {
	c.f(`<rect x="%s" y="%s" width="%s" height="%s" %s/>`, n(x), n(y), n(max(0, width)), n(max(0, height)), attributes)
}

// hatch defines the pattern of what is not there.
func (c *canvas) hatch() {
	c.f(`<defs><pattern id="%s-gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#e4e8eb"/><rect width="2" height="6" fill="#77828c"/></pattern></defs>`, c.id)
}

// gap is the paint of what is not there; see [canvas.hatch].
func (c *canvas) gap() string { return `fill="url(#` + c.id + `-gap)"` }

// key is an entry of a legend: a swatch of paint, or a piece of a line, and its name.
type key struct {
	paint string // attributes of the swatch or of the line
	line  bool
	dot   bool
	name  string
}

// legend sets keys in rows from y on, as many in a row as there is room, and returns
// where what follows begins.
func (c *canvas) legend(y float64, keys []key) float64 {
	const swatch, space, row = 22, 16, 21
	x := 0.0
	for _, k := range keys {
		width := swatch + 6 + chart.Width(k.name, letter)
		if x > 0 && x+width > float64(c.size.Width) {
			x, y = 0, y+row
		}
		switch {
		case k.dot:
			c.f(`<circle cx="%s" cy="%s" r="4" %s/>`, n(x+swatch/2), n(y+7), k.paint)
		case k.line:
			c.line(x, y+7, x+swatch, y+7, k.paint)
		default:
			c.box(x, y+1, swatch, 12, k.paint+` stroke="`+grey+`" stroke-width=".5"`)
		}
		c.text(x+swatch+6, y+12, "start", k.name)
		x += width + space
	}
	if len(keys) == 0 {
		return y
	}
	return y + row
}
