package geo

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseWKT reads well-known text (OGC 06-103r4, clause 7): "POLYGON ((8.6 50.1, …))",
// with PostGIS's "SRID=25832;" before it or not, which is not heeded. Heights and
// measures are not kept; heights tells that there were some. As with [ParseWKB]
// nothing is checked but the form.
func ParseWKT(text string) (g Geometry, heights bool, err error) {
	r := wktReader{text: text}
	if upper := strings.ToUpper(strings.TrimSpace(text)); strings.HasPrefix(upper, "SRID=") {
		if _, behind, ok := strings.Cut(text, ";"); ok {
			r.at = len(text) - len(behind)
		}
	}
	g, err = r.geometry(0)
	if err == nil && r.peek() != 0 {
		err = r.expected("the end")
	}
	if err != nil {
		return nil, false, fmt.Errorf("read well-known text: %w", err)
	}
	return g, r.heights, nil
}

// wktKinds are the names in well-known text.
func wktKinds() map[string]Kind {
	kinds := make(map[string]Kind, len(wkbTypes))
	for _, k := range wkbTypes {
		kinds[strings.ToUpper(string(k))] = k
	}
	return kinds
}

// wktReader reads on from a place in the text; capitals and blanks do not matter.
type wktReader struct {
	text    string
	at      int
	heights bool
}

// expected is the error of a text that goes on otherwise.
func (r *wktReader) expected(what string) error {
	found := "the end"
	if r.peek() != 0 {
		found = strconv.Quote(cut(r.text[r.at:], 12))
	}
	return fmt.Errorf("%s at character %d where %s is expected", found, r.at+1, what)
}

// cut is the beginning of a text.
func cut(s string, most int) string {
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// peek is the next character that is no blank; 0 at the end.
func (r *wktReader) peek() byte {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

// take passes over a character if it is the next.
func (r *wktReader) take(c byte) bool {
	if r.peek() != c {
		return false
	}
	r.at++
	return true
}

// word reads letters, in capitals; "" if there are none.
func (r *wktReader) word() string {
	r.peek()
	from := r.at
	for r.at < len(r.text) && (r.text[r.at]|32) >= 'a' && (r.text[r.at]|32) <= 'z' {
		r.at++
	}
	return strings.ToUpper(r.text[from:r.at])
}

// geometry reads a name, whether there are heights, and what stands in parentheses.
func (r *wktReader) geometry(depth int) (Geometry, error) {
	if depth > wkbDepth {
		return nil, fmt.Errorf("collections are nested more than %d deep", wkbDepth)
	}
	name := r.word()
	kind, ok := wktKinds()[name]
	if !ok {
		for _, suffix := range []string{"ZM", "Z", "M"} { // "POINTZ"
			if kind, ok = wktKinds()[strings.TrimSuffix(name, suffix)]; ok {
				r.heights = true
				break
			}
		}
	}
	if !ok {
		r.at -= len(name)
		return nil, r.expected("POINT, LINESTRING, POLYGON or several of them")
	}
	before := r.at
	switch next := r.word(); next {
	case "Z", "M", "ZM":
		r.heights = true
		before = r.at
		if r.word() == "EMPTY" {
			return emptyOf(kind), nil
		}
		r.at = before
	case "EMPTY":
		return emptyOf(kind), nil
	default:
		r.at = before
	}
	return r.body(kind, depth)
}

// body reads what stands in parentheses.
func (r *wktReader) body(kind Kind, depth int) (Geometry, error) {
	switch kind {
	case KindPoint:
		var p Point
		err := r.list(func() (err error) { p, err = r.point(); return err }, 1)
		return p, err
	case KindLine:
		return r.line()
	case KindPolygon:
		return r.polygon()
	case KindMultiPoint:
		var all MultiPoint
		err := r.list(func() error {
			inner := r.take('(')
			p, err := r.point()
			if err == nil && inner && !r.take(')') {
				err = r.expected(")")
			}
			all = append(all, p)
			return err
		}, 0)
		return all, err
	case KindMultiLine:
		var all MultiLine
		err := r.list(func() error { l, err := r.line(); all = append(all, l); return err }, 0)
		return all, err
	case KindMultiPolygon:
		var all MultiPolygon
		err := r.list(func() error { p, err := r.polygon(); all = append(all, p); return err }, 0)
		return all, err
	}
	var all Collection
	err := r.list(func() error { g, err := r.geometry(depth + 1); all = append(all, g); return err }, 0)
	return all, err
}

// list reads items between parentheses; most of 0 is any number of them.
func (r *wktReader) list(item func() error, most int) error {
	if !r.take('(') {
		return r.expected("(")
	}
	for n := 1; ; n++ {
		if err := item(); err != nil {
			return err
		}
		if r.take(')') {
			return nil
		}
		if n == most || !r.take(',') {
			return r.expected(")")
		}
	}
}

func (r *wktReader) line() (line Line, err error) {
	err = r.list(func() error { p, err := r.point(); line = append(line, p); return err }, 0)
	return line, err
}

func (r *wktReader) polygon() (p Polygon, err error) {
	err = r.list(func() error { ring, err := r.line(); p = append(p, ring); return err }, 0)
	return p, err
}

// point reads two numbers and passes over up to two more.
func (r *wktReader) point() (Point, error) {
	var x [4]float64
	n := 0
	for ; n < len(x); n++ {
		c := r.peek()
		if n >= 2 && (c == ',' || c == ')') {
			break
		}
		from := r.at
		for r.at < len(r.text) && strings.IndexByte("+-.0123456789eE", r.text[r.at]) >= 0 {
			r.at++
		}
		number, err := strconv.ParseFloat(r.text[from:r.at], 64)
		if err != nil {
			r.at = from
			return Point{}, r.expected("a number with a decimal point")
		}
		x[n] = number
	}
	r.heights = r.heights || n > 2
	return Point{x[0], x[1]}, nil
}

// emptyOf is a geometry without positions.
func emptyOf(kind Kind) Geometry {
	switch kind {
	case KindLine:
		return Line(nil)
	case KindPolygon:
		return Polygon(nil)
	case KindMultiLine:
		return MultiLine(nil)
	case KindMultiPolygon:
		return MultiPolygon(nil)
	case KindCollection:
		return Collection(nil)
	}
	return MultiPoint(nil)
}
