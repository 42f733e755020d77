package demand

import (
	"math"

	"heatledger/heatmap/geo"
	"heatledger/heatmap/street"
)

// Density is heat by ground, in kWh/(m² a).
type Density float64

// MegawattHoursPerHectare is the density in MWh/(ha a), as heat plans write it.
func (d Density) MegawattHoursPerHectare() float64 { return float64(d) * 10 }

// Density is the heat of an area by its ground; ok is false for what has none (a
// street, a position).
func (a Area) Density() (d Density, ok bool) {
	if a.Geometry == nil {
		return 0, false
	}
	ground := geo.Area(a.Geometry)
	if ground <= 0 {
		return 0, false
	}
	return Density(float64(a.Heat) / ground), true
}

// Linear is heat by the length of streets.
type Linear struct {
	Metres Metres // of the streets the heat lies on
	// Density is the linear heat density in MWh/(m a); 0 where Metres is not known.
	Density float64
}

// linear is a heat in kWh on a length.
func linear(heat, metres float64) Linear {
	if metres <= 0 {
		return Linear{}
	}
	return Linear{Metres: Metres{metres, true}, Density: heat / 1000 / metres}
}

// DefaultMargin is how far a street may run beside an area and still border it, in
// metres: half of a wide street. An assumption of this project.
const DefaultMargin = 15.0

// pieceMetres is the length of the pieces a street is cut into to be counted.
const pieceMetres = 2.0

// LinearDensities are those of areas by the streets within them or not farther than
// margin metres from their border (0: [DefaultMargin]), to about two metres a street
// and area. A street between two areas counts whole for each; together it counts
// once, with the heat of all areas that have streets. The length an area states, and that of an area which is a street
// itself, go before what is measured; such areas have no part in together unless
// streets are near them.
func LinearDensities(areas []Area, streets []street.Street, margin float64) (each []Linear, together Linear) {
	if margin <= 0 {
		margin = DefaultMargin
	}
	each = make([]Linear, len(areas))
	g := cut(areas, streets)
	heat, all := 0.0, 0.0
	counted := make([]bool, len(g.pieces))
	for i, a := range areas {
		metres := 0.0
		for _, n := range g.near(a.Geometry, margin) {
			metres += g.pieces[n].metres
			if !counted[n] {
				counted[n] = true
				all += g.pieces[n].metres
			}
		}
		if metres > 0 {
			heat += float64(a.Heat)
		}
		switch own := geo.Length(a.Geometry); {
		case a.StreetMetres.OK:
			metres = a.StreetMetres.Metres
		case own > 0:
			metres = own
		}
		each[i] = linear(float64(a.Heat), metres)
	}
	return each, linear(heat, all)
}

// piece is a short straight piece of a street: its middle in the plane and in degrees.
type piece struct {
	plane, degrees geo.Point
	metres         float64
}

// pieces are those of all streets by cells of the plane.
type pieces struct {
	zone   geo.CRS
	pieces []piece
	cells  map[[2]int][]int
}

// cellMetres is the side of a cell.
const cellMetres = 100.0

// cellOf is the cell of a position in the plane.
func cellOf(p geo.Point) [2]int {
	return [2]int{int(math.Floor(p.X / cellMetres)), int(math.Floor(p.Y / cellMetres))}
}

// cut cuts streets into pieces. Whether a piece is near an area is judged by its
// middle: what that misses at the two ends of a street is less than its length.
func cut(areas []Area, streets []street.Street) *pieces {
	g := &pieces{zone: geo.UTM32, cells: make(map[[2]int][]int)}
	for _, a := range areas {
		if at, ok := a.At(); ok {
			g.zone = geo.ZoneOf(at.X)
			break
		}
	}
	for _, s := range streets {
		for i := 1; i < len(s.Line); i++ {
			from, to := s.Line[i-1], s.Line[i]
			length := geo.Distance(from, to)
			n := max(1, int(math.Ceil(length/pieceMetres)))
			for k := range n {
				share := (float64(k) + 0.5) / float64(n)
				middle := geo.Point{X: from.X + share*(to.X-from.X), Y: from.Y + share*(to.Y-from.Y)}
				p := piece{plane: geo.Convert(middle, geo.WGS84, g.zone), degrees: middle, metres: length / float64(n)}
				c := cellOf(p.plane)
				g.cells[c] = append(g.cells[c], len(g.pieces))
				g.pieces = append(g.pieces, p)
			}
		}
	}
	return g
}

// near are the pieces within a polygon or not farther than margin from its border.
func (g *pieces) near(geometry geo.Geometry, margin float64) (list []int) {
	if geometry == nil {
		return nil
	}
	polygons := geo.MultiPolygon(geo.Polygons(geometry))
	if len(polygons) == 0 {
		return nil
	}
	plane := polygons.Transform(func(p geo.Point) geo.Point { return geo.Convert(p, geo.WGS84, g.zone) }).(geo.MultiPolygon)
	box := plane.Bounds()
	from := cellOf(geo.Point{X: box.Min.X - margin, Y: box.Min.Y - margin})
	to := cellOf(geo.Point{X: box.Max.X + margin, Y: box.Max.Y + margin})
	for x := from[0]; x <= to[0]; x++ {
		for y := from[1]; y <= to[1]; y++ {
			for _, n := range g.cells[[2]int{x, y}] {
				if polygons.Contains(g.pieces[n].degrees) || borders(plane, g.pieces[n].plane, margin) {
					list = append(list, n)
				}
			}
		}
	}
	return list
}

// borders tells whether a position is not farther than margin from a ring.
func borders(plane geo.MultiPolygon, p geo.Point, margin float64) bool {
	for _, polygon := range plane {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if distance(p, ring[i-1], ring[i]) <= margin {
					return true
				}
			}
		}
	}
	return false
}

// distance is that of a position from a straight piece, in the plane.
func distance(p, a, b geo.Point) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	share := 0.0
	if square := dx*dx + dy*dy; square > 0 {
		share = min(1, max(0, ((p.X-a.X)*dx+(p.Y-a.Y)*dy)/square))
	}
	return math.Hypot(p.X-a.X-share*dx, p.Y-a.Y-share*dy)
}
