package cql2

import (
	"fmt"
	"math"
	"strings"

	"heatledger/heatmap/geo"
)

// geometric tells whether a word begins a geometry in well-known text (OGC
// 06-103r4, clause 7), or a BBOX, which CQL2 adds.
func geometric(word string) bool {
	switch word {
	case "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION", "BBOX":
		return true
	}
	return false
}

// geometry reads what stands behind the word of a geometry.
func (p *parser) geometry(at Place, word string) (Node, error) {
	g, err := p.shape(at, word)
	if err != nil {
		return nil, err
	}
	return p.counted(Literal{at, g})
}

// shape reads a geometry behind its word; heights are read and not kept.
func (p *parser) shape(at Place, word string) (geo.Geometry, error) {
	if _, err := p.took("Z"); err != nil {
		return nil, err
	}
	switch word {
	case "BBOX":
		return p.box(at)
	case "POINT":
		points, err := p.points(1)
		if err == nil && len(points) > 1 {
			err = fault(at.Column(), "a point has several positions", "several points are a MULTIPOINT")
		}
		if err != nil {
			return nil, err
		}
		return points[0], nil
	case "LINESTRING":
		line, err := p.line()
		return line, err
	case "POLYGON":
		polygon, err := p.polygon()
		return polygon, err
	case "MULTIPOINT":
		points, err := several(p, p.multiPosition)
		return geo.MultiPoint(points), err
	case "MULTILINESTRING":
		lines, err := several(p, p.line)
		return geo.MultiLine(lines), err
	case "MULTIPOLYGON":
		polygons, err := several(p, p.polygon)
		return geo.MultiPolygon(polygons), err
	}
	members, err := several(p, p.member)
	return geo.Collection(members), err
}

// several reads parts in parentheses with commas between.
func several[T any](p *parser, part func() (T, error)) ([]T, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var list []T
	for {
		one, err := part()
		if err != nil {
			return nil, err
		}
		list = append(list, one)
		more, err := p.took(",")
		if err != nil {
			return nil, err
		}
		if !more {
			return list, p.expect(")")
		}
	}
}

// member is a geometry of a collection; collections hold no collections.
func (p *parser) member() (geo.Geometry, error) {
	t := p.now
	word := strings.ToUpper(t.text)
	if t.kind != aName || !geometric(word) || word == "BBOX" || word == "GEOMETRYCOLLECTION" {
		return nil, p.unexpected("POINT, LINESTRING, POLYGON or several of these")
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	return p.shape(Place(t.column), word)
}

// points reads at least so many positions.
func (p *parser) points(least int) ([]geo.Point, error) {
	column := p.now.column
	points, err := several(p, p.position)
	if err == nil && len(points) < least {
		err = fault(column, fmt.Sprintf("%d positions are too few", len(points)), fmt.Sprintf("at least %d are needed", least))
	}
	return points, err
}

// line reads two positions or more.
func (p *parser) line() (geo.Line, error) { return p.points(2) }

// ring is a line that closes.
func (p *parser) ring() (geo.Line, error) {
	column := p.now.column
	points, err := p.points(4)
	if err == nil && points[0] != points[len(points)-1] {
		err = fault(column, "the ring is not closed", "its last position is its first")
	}
	return points, err
}

// polygon reads an outer ring and its holes.
func (p *parser) polygon() (geo.Polygon, error) { return several(p, p.ring) }

// multiPosition is a position of a MULTIPOINT, with parentheses of its own or without.
func (p *parser) multiPosition() (geo.Point, error) {
	inner, err := p.took("(")
	if err != nil {
		return geo.Point{}, err
	}
	at, err := p.position()
	if err == nil && inner {
		err = p.expect(")")
	}
	return at, err
}

// position reads two or three numbers without commas; the third is a height and not
// kept (requirement /req/cql2-text/basic-spatial-functions-plus B).
func (p *parser) position() (at geo.Point, err error) {
	for i := 0; p.now.kind == aNumber && i < 3; i++ {
		switch i {
		case 0:
			at.X = p.now.number
		case 1:
			at.Y = p.now.number
		}
		if err := p.advance(); err != nil {
			return at, err
		}
		if i == 0 && p.now.kind != aNumber {
			return at, p.unexpected("the second coordinate")
		}
		if i > 0 && p.now.kind != aNumber {
			return at, nil
		}
	}
	return at, p.unexpected("a position of two or three numbers")
}

// box reads the four or six numbers of a BBOX.
func (p *parser) box(at Place) (geo.Geometry, error) {
	numbers, err := several(p, p.numeral)
	if err != nil {
		return nil, err
	}
	return boxOf(at, numbers)
}

// numeral reads one number of a box.
func (p *parser) numeral() (float64, error) {
	number := p.now.number
	if p.now.kind != aNumber {
		return 0, p.unexpected("a number")
	}
	return number, p.advance()
}

// boxOf is the box of four numbers, or six with heights, which are not kept.
func boxOf(at Place, numbers []float64) (geo.Geometry, error) {
	if len(numbers) == 6 {
		numbers = []float64{numbers[0], numbers[1], numbers[3], numbers[4]}
	}
	if len(numbers) != 4 {
		return nil, fault(at.Column(), fmt.Sprintf("a box has %d numbers", len(numbers)), "write west, south, east, north, or the same with heights")
	}
	west, south, east, north := numbers[0], numbers[1], numbers[2], numbers[3]
	if south > north {
		return nil, fault(at.Column(), "the box ends south of where it begins", "write west, south, east, north")
	}
	if west > east && math.Max(math.Abs(west), math.Abs(east)) > 180 {
		return nil, fault(at.Column(), "the box ends west of where it begins", "write west, south, east, north; only in degrees it may go across the antimeridian")
	}
	return NewBox(west, south, east, north), nil
}
