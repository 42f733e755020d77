package cql2

import (
	"fmt"
	"strings"

	"heatledger/heatmap/geo"
)

// shapeOf is the geometry of an object in GeoJSON. It is read as it stands, in
// whatever system its coordinates are; [geo.Read] checks what becomes a feature.
func shapeOf(at Place, kind value, members map[string]value) (geo.Geometry, error) {
	name, _ := kind.is.(string)
	if name == string(geo.KindCollection) {
		list, ok := members["geometries"].is.([]value)
		if !ok || len(list) == 0 {
			return nil, fault(int(at), "a collection has no geometries", "write them as a list")
		}
		var all geo.Collection
		for _, one := range list {
			inner, _ := one.is.(map[string]value)
			if inner["type"].is == nil || inner["type"].is == string(geo.KindCollection) {
				return nil, fault(int(one.at), "a member of a collection is no simple geometry", "write a point, line or polygon, or several of these")
			}
			g, err := shapeOf(one.at, inner["type"], inner)
			if err != nil {
				return nil, err
			}
			all = append(all, g)
		}
		return all, nil
	}
	c, ok := members["coordinates"]
	if !ok {
		return nil, fault(int(at), "a geometry has no coordinates", `write {"type":"Point","coordinates":[8.77,50.1]}`)
	}
	switch geo.Kind(name) {
	case geo.KindPoint:
		return pointOf(c)
	case geo.KindMultiPoint:
		points, err := each(c, 1, pointOf)
		return geo.MultiPoint(points), err
	case geo.KindLine:
		line, err := lineOf(c)
		return line, err
	case geo.KindMultiLine:
		lines, err := each(c, 1, lineOf)
		return geo.MultiLine(lines), err
	case geo.KindPolygon:
		polygon, err := polygonOf(c)
		return polygon, err
	case geo.KindMultiPolygon:
		polygons, err := each(c, 1, polygonOf)
		return geo.MultiPolygon(polygons), err
	}
	return nil, fault(int(kind.at), fmt.Sprintf("the geometry %.40q is not known", name), "known are those of GeoJSON (RFC 7946)")
}

// each reads the members of a list, at least so many.
func each[T any](v value, least int, one func(value) (T, error)) ([]T, error) {
	list, ok := v.is.([]value)
	if !ok || len(list) < least {
		return nil, fault(int(v.at), "coordinates are missing", fmt.Sprintf("write a list of at least %d", least))
	}
	all := make([]T, 0, len(list))
	for _, member := range list {
		read, err := one(member)
		if err != nil {
			return nil, err
		}
		all = append(all, read)
	}
	return all, nil
}

// pointOf is a position; its height is read and not kept.
func pointOf(v value) (geo.Point, error) {
	numbers, err := numbersOf(v)
	if err == nil && (len(numbers) < 2 || len(numbers) > 3) {
		err = fault(int(v.at), fmt.Sprintf("a position has %d numbers", len(numbers)), "write two, or three with the height")
	}
	if err != nil {
		return geo.Point{}, err
	}
	return geo.Point{X: numbers[0], Y: numbers[1]}, nil
}

// lineOf is a line of two positions or more.
func lineOf(v value) (geo.Line, error) { return each(v, 2, pointOf) }

// ringOf is a line that closes, as RFC 7946, clause 3.1.6 wants it.
func ringOf(v value) (geo.Line, error) {
	ring, err := each(v, 4, pointOf)
	if err == nil && ring[0] != ring[len(ring)-1] {
		err = fault(int(v.at), "the ring is not closed", "its last position is its first")
	}
	return ring, err
}

// polygonOf is an outer ring and its holes.
func polygonOf(v value) (geo.Polygon, error) { return each(v, 1, ringOf) }

// coordinates are those of a geometry as GeoJSON nests them.
func coordinates(g geo.Geometry) any {
	position := func(p geo.Point) []float64 { return []float64{p.X, p.Y} }
	positions := func(points []geo.Point) (all [][]float64) {
		for _, p := range points {
			all = append(all, position(p))
		}
		return all
	}
	rings := func(lines []geo.Line) (all [][][]float64) {
		for _, line := range lines {
			all = append(all, positions(line))
		}
		return all
	}
	switch one := g.(type) {
	case geo.Point:
		return position(one)
	case geo.MultiPoint:
		return positions(one)
	case geo.Line:
		return positions(one)
	case geo.MultiLine:
		return rings(one)
	case geo.Polygon:
		return rings(one)
	case geo.MultiPolygon:
		var all [][][][]float64
		for _, polygon := range one {
			all = append(all, rings(polygon))
		}
		return all
	}
	return nil
}

// shapeText is a geometry as well-known text.
func shapeText(g geo.Geometry) string {
	word := strings.ToUpper(string(g.Kind()))
	if all, ok := g.(geo.Collection); ok {
		parts := make([]string, len(all))
		for i, one := range all {
			parts[i] = shapeText(one)
		}
		return word + "(" + strings.Join(parts, ",") + ")"
	}
	if p, ok := g.(geo.Point); ok {
		return word + "(" + positionText([]float64{p.X, p.Y}) + ")"
	}
	return word + nestedText(coordinates(g))
}

// positionText is a position of well-known text.
func positionText(p []float64) string { return numeral(p[0]) + " " + numeral(p[1]) }

// nestedText are nested coordinates as well-known text nests them.
func nestedText(v any) string {
	var parts []string
	switch list := v.(type) {
	case [][]float64:
		for _, p := range list {
			parts = append(parts, positionText(p))
		}
	case [][][]float64:
		for _, one := range list {
			parts = append(parts, nestedText(one))
		}
	case [][][][]float64:
		for _, one := range list {
			parts = append(parts, nestedText(one))
		}
	}
	return "(" + strings.Join(parts, ",") + ")"
}
