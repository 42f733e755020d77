package geo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// wkbTypes are the codes of OGC Simple Features (06-103r4, table 7), in the order
// of their numbers from 1.
var wkbTypes = [...]Kind{KindPoint, KindLine, KindPolygon, KindMultiPoint, KindMultiLine, KindMultiPolygon, KindCollection}

// wkbDepth is how deep collections may be nested.
const wkbDepth = 8

// AppendWKB appends a geometry as well-known binary (OGC 06-103r4, clause 8) to
// dst, in two dimensions, the least byte first.
func AppendWKB(dst []byte, g Geometry) []byte {
	code := uint32(0)
	for i, kind := range wkbTypes {
		if kind == g.Kind() {
			code = uint32(i + 1)
		}
	}
	dst = binary.LittleEndian.AppendUint32(append(dst, 1), code)
	count := func(n int) { dst = binary.LittleEndian.AppendUint32(dst, uint32(n)) }
	switch g := g.(type) {
	case Point:
		dst = appendPosition(dst, g)
	case Line:
		dst = appendPositions(dst, g)
	case Polygon:
		count(len(g))
		for _, ring := range g {
			dst = appendPositions(dst, ring)
		}
	case MultiPoint:
		count(len(g))
		for _, p := range g {
			dst = AppendWKB(dst, p)
		}
	case MultiLine:
		count(len(g))
		for _, l := range g {
			dst = AppendWKB(dst, l)
		}
	case MultiPolygon:
		count(len(g))
		for _, p := range g {
			dst = AppendWKB(dst, p)
		}
	case Collection:
		count(len(g))
		for _, part := range g {
			dst = AppendWKB(dst, part)
		}
	}
	return dst
}

func appendPositions(dst []byte, line Line) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(line)))
	for _, p := range line {
		dst = appendPosition(dst, p)
	}
	return dst
}

func appendPosition(dst []byte, p Point) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(p.X))
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(p.Y))
}

// ParseWKB reads well-known binary: that of OGC and ISO 13249-3, and that of
// PostGIS. Heights and measures are not kept; heights tells that there were some.
// Nothing is checked but the form (see [Examiner]); an empty geometry has no
// positions, an empty point those that are no numbers. It errs for what is no
// WKB, for curves and surfaces, and for bytes behind the end. What it takes in memory is a few
// times the length of src at most, whatever the counts in it say.
func ParseWKB(src []byte) (g Geometry, heights bool, err error) {
	r := wkbReader{src: src}
	g, err = r.geometry(0)
	if err == nil && len(r.src) > 0 {
		err = fmt.Errorf("%d bytes stand behind the end of the geometry", len(r.src))
	}
	if err != nil {
		return nil, false, fmt.Errorf("read well-known binary: %w", err)
	}
	return g, r.heights, nil
}

// wkbReader reads on from the beginning of src, which gets shorter.
type wkbReader struct {
	src     []byte
	order   binary.ByteOrder
	size    int // bytes of a position
	heights bool
}

var errShort = errors.New("it ends within the geometry")

// geometry reads one with its header.
func (r *wkbReader) geometry(depth int) (Geometry, error) {
	if depth > wkbDepth {
		return nil, fmt.Errorf("collections are nested more than %d deep", wkbDepth)
	}
	kind, err := r.header()
	if err != nil {
		return nil, err
	}
	part := func() (Geometry, error) { return r.geometry(depth + 1) }
	switch kind {
	case KindPoint:
		return r.point()
	case KindLine:
		return r.line()
	case KindPolygon:
		return parts(r, 4, r.line, func(rings []Line) Geometry { return Polygon(rings) })
	case KindMultiPoint:
		return parts(r, 21, only[Point](part), func(all []Point) Geometry { return MultiPoint(all) })
	case KindMultiLine:
		return parts(r, 9, only[Line](part), func(all []Line) Geometry { return MultiLine(all) })
	case KindMultiPolygon:
		return parts(r, 9, only[Polygon](part), func(all []Polygon) Geometry { return MultiPolygon(all) })
	}
	return parts(r, 9, part, func(all []Geometry) Geometry { return Collection(all) })
}

// header reads the order of bytes, the type and, of PostGIS, the system.
func (r *wkbReader) header() (Kind, error) {
	if len(r.src) < 5 {
		return "", errShort
	}
	switch r.src[0] {
	case 0:
		r.order = binary.BigEndian
	case 1:
		r.order = binary.LittleEndian
	default:
		return "", fmt.Errorf("it begins with %d: 0 or 1, the order of its bytes, is expected", r.src[0])
	}
	code := r.order.Uint32(r.src[1:])
	r.src = r.src[5:]
	const z, m, srid = 1 << 31, 1 << 30, 1 << 29 // of PostGIS
	dimensions := 2
	if code&z != 0 {
		dimensions++
	}
	if code&m != 0 {
		dimensions++
	}
	if code&srid != 0 {
		if len(r.src) < 4 {
			return "", errShort
		}
		r.src = r.src[4:]
	}
	code &^= z | m | srid
	switch code / 1000 { // of ISO: Z, M, ZM
	case 1, 2:
		dimensions++
	case 3:
		dimensions += 2
	}
	number := code % 1000
	if number < 1 || int(number) > len(wkbTypes) || code >= 4000 {
		return "", fmt.Errorf("the geometry type %d is not known: points, lines and polygons are read, curves and surfaces are not", code)
	}
	r.heights = r.heights || dimensions > 2
	r.size = 8 * dimensions
	return wkbTypes[number-1], nil
}

// count reads how many parts follow, each of so many bytes at least. It is checked
// against what is left before anything is made for them: a count alone must not
// cost memory.
func (r *wkbReader) count(least int) (int, error) {
	if len(r.src) < 4 {
		return 0, errShort
	}
	n := r.order.Uint32(r.src)
	r.src = r.src[4:]
	if uint64(n)*uint64(least) > uint64(len(r.src)) {
		return 0, fmt.Errorf("it says that %d parts follow, which %d bytes cannot hold", n, len(r.src))
	}
	return int(n), nil
}

// point reads a position; what is behind X and Y is passed over.
func (r *wkbReader) point() (Point, error) {
	if len(r.src) < r.size {
		return Point{}, errShort
	}
	p := Point{math.Float64frombits(r.order.Uint64(r.src)), math.Float64frombits(r.order.Uint64(r.src[8:]))}
	r.src = r.src[r.size:]
	return p, nil
}

// line reads counted positions; one that is empty has none.
func (r *wkbReader) line() (Line, error) {
	n, err := r.count(r.size)
	line := make(Line, n)
	for i := range line {
		line[i], _ = r.point() // counted
	}
	return line, err
}

// only is a reader of geometries that takes one type.
func only[T Geometry](part func() (Geometry, error)) func() (T, error) {
	return func() (one T, err error) {
		g, err := part()
		if err != nil {
			return one, err
		}
		one, ok := g.(T)
		if !ok {
			return one, fmt.Errorf("it has a %s where a %s is expected", g.Kind(), one.Kind())
		}
		return one, nil
	}
}

// parts reads a counted list. A part of another order of bytes or size does not
// change those of the whole.
func parts[T any](r *wkbReader, least int, read func() (T, error), whole func([]T) Geometry) (Geometry, error) {
	n, err := r.count(least)
	if err != nil {
		return nil, err
	}
	list := make([]T, 0, n)
	for range n {
		order, size := r.order, r.size
		one, err := read()
		r.order, r.size = order, size
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return whole(list), nil
}
