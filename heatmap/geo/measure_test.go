package geo

import (
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"
)

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

// The distances are those of PROJ 9.1.1: geod +ellps=GRS80 -I +units=m -F %.6f.
func TestDistancesAgreeWithGeodesics(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		a, b Point
		want float64
	}{
		{"along a parallel", Point{8.76, 50.10}, Point{8.77, 50.10}, 715.469302},
		{"along a meridian", Point{8.76, 50.10}, Point{8.76, 50.11}, 1112.310871},
		{"the length of Germany along a meridian", Point{9, 47}, Point{9, 55}, 889983.304166},
		{"from Offenbach to Frankfurt", Point{8.766, 50.105}, Point{8.6821, 50.1109}, 6037.566509},
	} {
		// The straight line in degrees is longer by L³ tan²φ / 24 R² : 0.3 mm over 6 km.
		if got := Distance(row.a, row.b); !near(got, row.want, 1e-6+math.Pow(row.want, 3)*1.5/24/4.06e13) {
			t.Errorf("%s: %.6f m, want %.6f", row.name, got, row.want)
		}
	}
	if got := Distance(Point{9, 50}, Point{9, 50}); got != 0 {
		t.Errorf("a point is %g m from itself", got)
	}
}

// The areas are those of GeographicLib 2.1.2: Planimeter -e 6378137 1/298.257222101.
func TestAreasAgreeWithGeodesicPolygons(t *testing.T) {
	t.Parallel()
	box := Polygon{{{8.76, 50.10}, {8.77, 50.10}, {8.77, 50.11}, {8.76, 50.11}, {8.76, 50.10}}}
	if got := Area(box); !near(got, 795741.4, 0.06) {
		t.Errorf("a box has %.2f m², want 795741.4", got)
	}
	hole := Line{{8.762, 50.102}, {8.762, 50.103}, {8.763, 50.103}, {8.763, 50.102}, {8.762, 50.102}}
	if whole, cut := Area(box), Area(append(box, hole)); !near(whole-cut, Area(Polygon{hole}), 1e-6) || cut >= whole {
		t.Errorf("a hole takes %.2f of %.2f m²", whole-cut, whole)
	}
	src, err := os.ReadFile("testdata/kreise.geojson")
	if err != nil {
		t.Fatal(err)
	}
	read, faults := Read("kreise.geojson", src, Options{IDProperty: "AGS", IDs: true})
	if len(faults) > 0 || len(read.List) != 8 {
		t.Fatalf("%d features, %v", len(read.List), faults)
	}
	for _, f := range read.List {
		if f.ID == "06413" {
			if got := Area(f.Geometry); !near(got, 45362548.1, 45) { // the edges are kilometres long and not geodesics
				t.Errorf("Offenbach has %.1f m², want 45362548.1", got)
			}
			return
		}
	}
	t.Error("Offenbach is missing")
}

func TestTheLengthOfALineIsThatOfItsPieces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := Point{rapid.Float64Range(6, 15).Draw(t, "lon"), rapid.Float64Range(47.5, 55).Draw(t, "lat")}
		to := Point{from.X + rapid.Float64Range(-0.05, 0.05).Draw(t, "dx"), from.Y + rapid.Float64Range(-0.05, 0.05).Draw(t, "dy")}
		share := rapid.Float64Range(0, 1).Draw(t, "share")
		between := Point{from.X + share*(to.X-from.X), from.Y + share*(to.Y-from.Y)}
		whole := Length(Line{from, to})
		if parts := Length(MultiLine{{from, between}, {between, to}}); !near(parts, whole, 1e-6) {
			t.Fatalf("%g m in two pieces, %g m in one", parts, whole)
		}
		// In the plane of its zone a line has the scale of its place: 0.9996 on the meridian.
		zone := ZoneOf(from.X)
		a, b := Convert(from, WGS84, zone), Convert(to, WGS84, zone)
		if plane := math.Hypot(b.X-a.X, b.Y-a.Y); !near(plane, whole, 0.0011*whole+1e-6) {
			t.Fatalf("%g m in the plane, %g m on the ground", plane, whole)
		}
	})
}

func TestCentresAndInsides(t *testing.T) {
	t.Parallel()
	square := Polygon{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, {{1, 1}, {1, 3}, {2, 3}, {2, 1}, {1, 1}}}
	// 16 at (2, 2) without 2 at (1.5, 2): (32-3)/14.
	if got, ok := Centroid(square); !ok || !near(got.X, 29.0/14, 1e-12) || !near(got.Y, 2, 1e-12) {
		t.Errorf("the centre of a square with a hole is %v", got)
	}
	if got, ok := Centroid(MultiPoint{{1, 1}, {3, 2}}); !ok || got != (Point{2, 1.5}) {
		t.Errorf("the centre of two points is %v", got)
	}
	if got, ok := Centroid(Line{{8, 50}, {8.002, 50}}); !ok || !near(got.X, 8.001, 1e-12) {
		t.Errorf("the centre of a line is %v", got)
	}
	// Lines of 1 and 3: the middle of each by its length. The parts of a collection
	// count by the highest dimension there is.
	lines := MultiLine{{{8, 50}, {8, 50.001}}, {{8.004, 50}, {8.004, 50.003}}}
	if got, _ := Centroid(lines); !near(got.X, 8.003, 1e-7) || !near(got.Y, 50.00125, 1e-7) {
		t.Errorf("the centre of two lines is %v", got)
	}
	if got, ok := Centroid(Point{8, 50}); !ok || got != (Point{8, 50}) {
		t.Errorf("the centre of a point is %v", got)
	}
	apart := MultiPolygon{{{{8, 50}, {8.002, 50}, {8.002, 50.002}, {8, 50.002}, {8, 50}}}, {{{8.01, 50.01}, {8.011, 50.01}, {8.011, 50.011}, {8.01, 50.011}, {8.01, 50.01}}}}
	mixed := Collection{Point{1, 1}, lines, apart}
	for _, g := range []Geometry{apart, mixed} { // 4 parts at 8.001, 50.001 and 1 at 8.0105, 50.0105
		if got, ok := Centroid(g); !ok || !near(got.X, 8.0029, 1e-9) || !near(got.Y, 50.0029, 1e-9) {
			t.Errorf("the centre of two squares is %v", got)
		}
	}
	if !apart.Contains(Point{8.0105, 50.0105}) || !apart.Contains(Point{8.001, 50.001}) || apart.Contains(Point{8.005, 50.005}) || (Polygon{}).Contains(Point{}) {
		t.Error("squares hold what lies between them")
	}
	if got := points(mixed); len(got) != 1+4+10 || got[0] != (Point{1, 1}) || got[14] != (Point{8.01, 50.01}) {
		t.Errorf("the points of a collection are %v", got)
	}
	if box := mixed.Bounds(); box != (Box{Point{1, 1}, Point{8.011, 50.011}}) || box.Empty() || !EmptyBox().Empty() || len(points(MultiPoint{{1, 2}})) != 1 || len(points(Line{{1, 2}, {3, 4}})) != 2 {
		t.Errorf("the box is %v", box)
	}
	if _, ok := Centroid(Collection{}); ok {
		t.Error("nothing has a centre")
	}
	for at, want := range map[Point]bool{
		{3, 3}: true, {1.5, 2}: false, {1, 2}: true, {0, 0}: true, {4, 2}: true, {4.0001, 2}: false, {-1, 0}: false, {-1, 4}: false,
	} {
		if square.Contains(at) != want {
			t.Errorf("%v inside: %v, want %v", at, !want, want)
		}
	}
}

func TestOrientationIsExact(t *testing.T) {
	t.Parallel()
	// Kettner et al. 2008, Classroom examples of robustness problems: near (0.5, 0.5)
	// floating point misjudges the line through (12, 12) and (24, 24).
	for i := range 64 {
		for j := range 64 {
			// Below the diagonal, p, (12, 12), (24, 24) turn to the right.
			p := Point{0.5 + float64(i)*0x1p-53, 0.5 + float64(j)*0x1p-53}
			if got, want := orientation(p, Point{12, 12}, Point{24, 24}), sign(float64(j-i)); got != want {
				t.Fatalf("%d, %d: %d, want %d", i, j, got, want)
			}
		}
	}
	if orientation(Point{0, 0}, Point{1, 0}, Point{1, 1}) != 1 || orientation(Point{0, 0}, Point{1, 0}, Point{1, -1}) != -1 {
		t.Error("left is not left")
	}
}
