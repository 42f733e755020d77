package geo_test

import (
	"testing"

	"pgregory.net/rapid"

	"heatledger/heatmap/geo"
)

func TestGeometriesIntersectWhereTheyShareAPoint(t *testing.T) {
	t.Parallel()
	p := func(x, y float64) geo.Point { return geo.Point{X: x, Y: y} }
	ring := func(x, y, side float64) geo.Line {
		return geo.Line{p(x, y), p(x+side, y), p(x+side, y+side), p(x, y+side), p(x, y)}
	}
	holed := geo.Polygon{ring(0, 0, 10), ring(2, 2, 6)}
	for _, one := range []struct {
		says string
		a, b geo.Geometry
		want bool
	}{
		{"a point with itself", p(1, 2), p(1, 2), true},
		{"two points", p(1, 2), p(1, 3), false},
		{"a point on a line", p(1, 1), geo.Line{p(0, 0), p(2, 2)}, true},
		{"a point beside a line", p(1, 1.1), geo.Line{p(0, 0), p(2, 2)}, false},
		{"one of several points within", geo.MultiPoint{p(-1, -1), p(1, 1)}, holed, true},
		{"a point in the hole", p(5, 5), holed, false},
		{"a point on the rim of the hole", p(2, 5), holed, true},
		{"lines that cross", geo.Line{p(0, 0), p(2, 2)}, geo.Line{p(0, 2), p(2, 0)}, true},
		{"lines that touch at an end", geo.Line{p(0, 0), p(2, 2)}, geo.Line{p(2, 2), p(3, 0)}, true},
		{"lines that run along each other", geo.Line{p(0, 0), p(2, 0)}, geo.MultiLine{{p(1, 0), p(3, 0)}}, true},
		{"parallel lines", geo.Line{p(0, 0), p(2, 0)}, geo.Line{p(0, 1), p(2, 1)}, false},
		{"a line within", geo.Line{p(1, 1), p(1, 9)}, holed, true},
		{"a line in the hole", geo.Line{p(3, 3), p(7, 7)}, holed, false},
		{"a line through", geo.Line{p(-1, 1), p(11, 1)}, holed, true},
		{"a polygon within", geo.Polygon{ring(0.5, 0.5, 1)}, holed, true},
		{"a polygon around", geo.Polygon{ring(-5, -5, 30)}, holed, true},
		{"a polygon in the hole", geo.Polygon{ring(3, 3, 2)}, holed, false},
		{"a polygon that fills the hole", geo.Polygon{ring(2, 2, 6)}, holed, true},
		{"polygons that touch at a corner", geo.Polygon{ring(10, 10, 1)}, holed, true},
		{"polygons apart whose boxes overlap", geo.Polygon{{p(0, 0), p(10, 0), p(0, 10), p(0, 0)}}, geo.Polygon{{p(9, 9), p(9, 2), p(2, 9), p(9, 9)}}, false},
		{"one of several polygons", geo.MultiPolygon{{ring(50, 50, 1)}, {ring(9, 9, 5)}}, holed, true},
		{"a collection by its point", geo.Collection{p(5, 1), geo.Line{p(50, 50), p(51, 51)}}, holed, true},
		{"a collection apart", geo.Collection{p(5, 5), geo.Line{p(4, 4), p(6, 6)}}, holed, false},
	} {
		t.Run(one.says, func(t *testing.T) {
			t.Parallel()
			if got := geo.Intersects(one.a, one.b); got != one.want {
				t.Errorf("is %t", got)
			}
			if got := geo.Intersects(one.b, one.a); got != one.want {
				t.Errorf("the other way round is %t", got)
			}
		})
	}
}

// TestABoxHoldsWhatIntersectsIt compares points and boxes with comparisons of numbers.
func TestABoxHoldsWhatIntersectsIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.IntRange(0, 6)
		box := func(name string) geo.Box {
			b := geo.Box{Min: geo.Point{X: float64(number.Draw(t, name+" west")), Y: float64(number.Draw(t, name+" south"))}}
			b.Max = geo.Point{X: b.Min.X + float64(rapid.IntRange(1, 4).Draw(t, "width")), Y: b.Min.Y + float64(rapid.IntRange(1, 4).Draw(t, "height"))}
			return b
		}
		polygon := func(b geo.Box) geo.Polygon {
			return geo.Polygon{{b.Min, {X: b.Max.X, Y: b.Min.Y}, b.Max, {X: b.Min.X, Y: b.Max.Y}, b.Min}}
		}
		a, b := box("a"), box("b")
		if got := geo.Intersects(polygon(a), polygon(b)); got != a.Overlaps(b) {
			t.Fatalf("%v and %v: %t", a, b, got)
		}
		at := geo.Point{X: float64(number.Draw(t, "x")), Y: float64(number.Draw(t, "y"))}
		if got := geo.Intersects(at, polygon(a)); got != a.Contains(at) {
			t.Fatalf("%v in %v: %t", at, a, got)
		}
	})
}
