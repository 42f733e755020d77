package geo

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// part reads the geometry of one feature.
type part struct {
	reader  *reader
	number  int
	id      string
	offset  int
	placed  bool // a fault of the system was named: one is enough
	heights bool // some positions have more than two numbers
}

// called is how messages call a feature.
func called(number int, id string) string {
	if id == "" {
		return fmt.Sprintf("feature %d", number)
	}
	if len(id) > 60 {
		id = id[:60] + "…"
	}
	return fmt.Sprintf("feature %d (%s)", number, strings.ToValidUTF8(id, "…"))
}

// fault notes a fault of the feature.
func (p *part) fault(offset int, problem, remedy string) {
	p.reader.fault(offset, called(p.number, p.id)+": "+problem, remedy)
}

// geometry reads a geometry object; nil if it is at fault. Its coordinates are
// checked in the file's system and then converted to degrees.
func (p *part) geometry(v *value, outer bool) Geometry {
	if v.kind != '{' {
		p.fault(v.offset, "its geometry is no object", `"geometry": { "type": …, "coordinates": … } is expected`)
		return nil
	}
	t := v.get("type")
	if t == nil || t.kind != '"' {
		p.fault(v.offset, `its geometry has no "type"`, `"Point", "LineString" or "Polygon" is expected, say`)
		return nil
	}
	kind := Kind(t.text)
	if kinds := p.reader.options.Kinds; outer && len(kinds) > 0 && known(kind) && !slices.Contains(kinds, kind) {
		p.fault(t.offset, "it is a "+t.text, "use "+listed(kinds)+" here")
		return nil
	}
	if kind == KindCollection {
		return p.collection(v)
	}
	c := v.get("coordinates")
	if c == nil || c.kind != '[' {
		if !known(kind) {
			p.fault(t.offset, fmt.Sprintf("the geometry type %q is not known", t.text), "use one of RFC 7946, such as Point, LineString or Polygon")
			return nil
		}
		p.fault(v.offset, `its geometry has no list "coordinates"`, `"coordinates": [ … ] is expected`)
		return nil
	}
	before := len(p.reader.faults)
	g := p.coordinates(kind, t, c)
	if g == nil || len(p.reader.faults) > before {
		return nil
	}
	if crs := p.reader.crs; crs != WGS84 {
		g = g.Transform(func(at Point) Point { return Convert(at, crs, WGS84) })
	}
	return g
}

func known(k Kind) bool {
	switch k {
	case KindPoint, KindMultiPoint, KindLine, KindMultiLine, KindPolygon, KindMultiPolygon, KindCollection:
		return true
	}
	return false
}

func listed(kinds []Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, " or ")
}

func (p *part) collection(v *value) Geometry {
	list := v.get("geometries")
	if list == nil || list.kind != '[' || len(list.items) == 0 {
		p.fault(v.offset, "its collection of geometries is empty", `"geometries": [ … ] is expected`)
		return nil
	}
	var all Collection
	for i := range list.items {
		g := p.geometry(&list.items[i], false)
		if g == nil {
			return nil
		}
		all = append(all, g)
	}
	return all
}

func (p *part) coordinates(kind Kind, t, c *value) Geometry {
	switch kind {
	case KindPoint:
		at, _ := p.position(c)
		return at
	case KindMultiPoint:
		return MultiPoint(p.positions(c, 1, "a MultiPoint needs one position at least"))
	case KindLine:
		return p.line(c)
	case KindMultiLine:
		var lines MultiLine
		for i := range c.items {
			lines = append(lines, p.line(&c.items[i]))
		}
		p.filled(c, len(lines))
		return lines
	case KindPolygon:
		polygon, offsets := p.polygon(c)
		p.valid([]Polygon{polygon}, offsets)
		return polygon
	case KindMultiPolygon:
		var polygons MultiPolygon
		var offsets [][]int
		for i := range c.items {
			polygon, rings := p.polygon(&c.items[i])
			polygons, offsets = append(polygons, polygon), append(offsets, rings...)
		}
		if p.filled(c, len(polygons)) {
			p.valid(polygons, offsets)
		}
		return polygons
	}
	p.fault(t.offset, fmt.Sprintf("the geometry type %q is not known", t.text), "use one of RFC 7946, such as Point, LineString or Polygon")
	return nil
}

func (p *part) filled(c *value, n int) bool {
	if n == 0 {
		p.fault(c.offset, "its geometry is empty", "give it coordinates or remove the feature")
	}
	return n > 0
}

func (p *part) line(c *value) Line {
	before := len(p.reader.faults)
	line := Line(p.positions(c, 2, "a line needs two positions at least"))
	if len(p.reader.faults) == before {
		line = slices.Compact(line)
		if len(line) < 2 {
			p.fault(c.offset, "the line has no length", "all its positions are the same: remove it")
		}
	}
	return line
}

// polygon reads rings and the offsets of their positions.
func (p *part) polygon(c *value) (Polygon, [][]int) {
	if c.kind != '[' {
		p.fault(c.offset, "a list of rings is expected", "write [ [ [lon, lat], … ] ]")
		return nil, nil
	}
	if !p.filled(c, len(c.items)) {
		return nil, nil
	}
	var polygon Polygon
	var offsets [][]int
	for i := range c.items {
		item := &c.items[i]
		before := len(p.reader.faults)
		ring := Line(p.positions(item, 1, "a ring needs four positions"))
		if len(p.reader.faults) > before {
			continue
		}
		if ring[0] != ring[len(ring)-1] {
			p.fault(item.items[len(item.items)-1].offset, "the ring is not closed", fmt.Sprintf("repeat its first position %s at the end", p.reader.show(ring[0])))
			continue
		}
		if len(ring) < 4 {
			p.fault(item.offset, fmt.Sprintf("the ring has %d positions", len(ring)), "four are the least: three corners and the first again")
			continue
		}
		at := make([]int, len(ring))
		for j := range item.items {
			at[j] = item.items[j].offset
		}
		polygon, offsets = append(polygon, ring), append(offsets, at)
	}
	return polygon, offsets
}

// valid checks polygons and turns and cleans their rings in place.
func (p *part) valid(polygons []Polygon, offsets [][]int) {
	for _, polygon := range polygons {
		if len(polygon) == 0 {
			return // its fault is named
		}
	}
	if f, bad := p.reader.checker.flawOf(polygons); bad {
		p.fault(offsets[f.ring][f.position], f.problem, f.remedy)
		return
	}
	for _, polygon := range polygons {
		copy(polygon, turned(polygon))
	}
}

// signedPlaneArea is twice the area in the file's plane, positive counter-clockwise.
func signedPlaneArea(ring Line) float64 {
	area := 0.0
	for i := 1; i < len(ring); i++ {
		area += (ring[i-1].X-ring[0].X)*(ring[i].Y-ring[0].Y) - (ring[i].X-ring[0].X)*(ring[i-1].Y-ring[0].Y)
	}
	return area
}

// positions reads a list of positions; with a fault the list is not whole.
func (p *part) positions(c *value, least int, remedy string) []Point {
	if c.kind != '[' {
		p.fault(c.offset, "a list of positions is expected", "write [ [lon, lat], … ]")
		return nil
	}
	if len(c.items) == 0 {
		p.fault(c.offset, "its geometry is empty", "give it coordinates or remove the feature")
		return nil
	}
	if len(c.items) < least {
		p.fault(c.offset, fmt.Sprintf("there are %d positions", len(c.items)), remedy)
		return nil
	}
	list := make([]Point, len(c.items))
	for i := range c.items {
		at, ok := p.position(&c.items[i])
		if !ok {
			return nil
		}
		list[i] = at
	}
	return list
}

// position reads one position and checks where it lies; a height is passed over.
func (p *part) position(c *value) (Point, bool) {
	if c.kind != '[' || len(c.items) < 2 || c.items[0].kind != 'n' || c.items[1].kind != 'n' {
		p.fault(c.offset, "a position is expected", "write two numbers: [lon, lat]")
		return Point{}, false
	}
	p.heights = p.heights || len(c.items) > 2
	at := Point{c.items[0].number, c.items[1].number}
	if !at.finite() {
		p.fault(c.offset, "a coordinate is no number", "write two finite numbers: [lon, lat]")
		return Point{}, false
	}
	if problem, remedy, wrong := misplaced(at, p.reader.crs, p.reader.options.Area); wrong {
		if !p.placed {
			p.fault(c.offset, problem, remedy)
		}
		p.placed = true
		return Point{}, false
	}
	return at, true
}

// show is a position as messages write it.
func show(at Point, crs CRS) string {
	digits := 6
	if crs.Projected() {
		digits = 2
	}
	number := func(x float64) string {
		x = math.Round(x*1e6) / 1e6
		s := strconv.FormatFloat(x, 'f', digits, 64)
		return strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return "[" + number(at.X) + ", " + number(at.Y) + "]"
}
