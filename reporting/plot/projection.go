package plot

import (
	"math"

	"heatledger/heatmap/geo"
)

// projection puts positions in degrees on the paper.
type projection struct {
	crs           geo.CRS
	west, north   float64 // of the paper's corner, in metres
	per           float64 // px of a metre
	width, height float64 // px
	degrees       geo.Box // what is shown, and a little more
}

// A map is at most so high for its width, on a telephone and else, and at least.
const (
	tallest  = 1.15
	usual    = 0.72
	flattest = 0.5
)

// newProjection shows a box of degrees on paper of a width.
func newProjection(box geo.Box, width int) projection {
	p := projection{crs: geo.ZoneOf((box.Min.X + box.Max.X) / 2), width: float64(width)}
	low, high := geo.Point{X: math.Inf(1), Y: math.Inf(1)}, geo.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, corner := range []geo.Point{box.Min, box.Max, {X: box.Min.X, Y: box.Max.Y}, {X: box.Max.X, Y: box.Min.Y}} {
		at := geo.Convert(corner, geo.WGS84, p.crs)
		low = geo.Point{X: min(low.X, at.X), Y: min(low.Y, at.Y)}
		high = geo.Point{X: max(high.X, at.X), Y: max(high.Y, at.Y)}
	}
	// Around it is room for the greatest mark, and a kilometre where all lies in a spot.
	wide, tall := max(high.X-low.X, 1000)*1.12, max(high.Y-low.Y, 1000)*1.12
	highest := usual
	if width < narrowest {
		highest = tallest
	}
	p.height = math.Round(max(flattest, min(highest, tall/wide)) * p.width)
	p.per = min(p.width/wide, p.height/tall)
	p.west = (low.X+high.X)/2 - p.width/p.per/2
	p.north = (low.Y+high.Y)/2 + p.height/p.per/2
	p.degrees = geo.EmptyBox()
	for _, x := range []float64{0, p.width} {
		for _, y := range []float64{0, p.height} {
			p.degrees = p.degrees.With(geo.Convert(geo.Point{X: p.west + x/p.per, Y: p.north - y/p.per}, p.crs, geo.WGS84))
		}
	}
	return p
}

// at is a position on the paper, in px from its upper left corner.
func (p projection) at(position geo.Point) geo.Point {
	m := geo.Convert(position, geo.WGS84, p.crs)
	return geo.Point{X: (m.X - p.west) * p.per, Y: (p.north - m.Y) * p.per}
}

func (p projection) overlaps(g geo.Geometry) bool { return g.Bounds().Overlaps(p.degrees) }

// bar is a round length in metres that is about a fifth of the paper wide.
func (p projection) bar() (metres float64) {
	wanted := p.width / 5 / p.per
	power := math.Pow(10, math.Floor(math.Log10(wanted)))
	for _, m := range []float64{5, 2, 1} {
		if m*power <= wanted {
			return m * power
		}
	}
	return power
}
