package geo

import (
	"math"
	"strconv"
)

// AppendGeometry appends a geometry as GeoJSON to dst. Positions are rounded to
// seven decimals, a centimetre of degrees, or, in a projected system, to
// millimetres. With latitudeFirst X and Y change places, as OGC API – Features,
// Part 2 wants it for EPSG:4326 (never for files of RFC 7946).
func AppendGeometry(dst []byte, g Geometry, crs CRS, latitudeFirst bool) []byte {
	w := writer{decimals: 7, flip: latitudeFirst}
	if crs.Projected() {
		w.decimals = 3
	}
	return w.geometry(dst, g)
}

type writer struct {
	decimals int
	flip     bool
}

func (w writer) geometry(dst []byte, g Geometry) []byte {
	dst = append(dst, `{"type":"`...)
	dst = append(dst, g.Kind()...)
	if c, ok := g.(Collection); ok {
		dst = append(dst, `","geometries":`...)
		return append(list(dst, c, w.geometry), '}')
	}
	dst = append(dst, `","coordinates":`...)
	switch g := g.(type) {
	case Point:
		dst = w.point(dst, g)
	case MultiPoint:
		dst = list(dst, g, w.point)
	case Line:
		dst = w.line(dst, g)
	case MultiLine:
		dst = list(dst, g, w.line)
	case Polygon:
		dst = w.polygon(dst, g)
	case MultiPolygon:
		dst = list(dst, g, w.polygon)
	}
	return append(dst, '}')
}

func (w writer) line(dst []byte, l Line) []byte       { return list(dst, l, w.point) }
func (w writer) polygon(dst []byte, p Polygon) []byte { return list(dst, p, w.line) }

func (w writer) point(dst []byte, p Point) []byte {
	if w.flip {
		p.X, p.Y = p.Y, p.X
	}
	dst = w.number(append(dst, '['), p.X)
	dst = w.number(append(dst, ','), p.Y)
	return append(dst, ']')
}

// number writes the shortest form of the rounded number.
func (w writer) number(dst []byte, x float64) []byte {
	power := math.Pow10(w.decimals)
	rounded := math.Round(x*power) / power
	if rounded == 0 {
		rounded = 0 // never -0
	}
	return strconv.AppendFloat(dst, rounded, 'f', -1, 64)
}

func list[T any](dst []byte, items []T, item func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, it := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item(dst, it)
	}
	return append(dst, ']')
}
