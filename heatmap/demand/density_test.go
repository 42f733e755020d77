package demand

import (
	"math"
	"testing"

	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/street"
)

// at is a position by metres in UTM 32 from a place in Frankfurt.
func at(x, y float64) geo.Point {
	return geo.Convert(geo.Point{X: 477000 + x, Y: 5551000 + y}, geo.UTM32, geo.WGS84)
}

// square is an area from x to x+side, from y on.
func square(id string, x, y, side float64, heat heatmap.KilowattHours) Area {
	return Area{ID: id, Heat: heat, Geometry: geo.Polygon{{at(x, y), at(x+side, y), at(x+side, y+side), at(x, y+side), at(x, y)}}}
}

func way(id string, points ...geo.Point) street.Street { return street.Street{ID: id, Line: points} }

func TestStreetsWithinAndBesideAnAreaCarryItsHeat(t *testing.T) {
	t.Parallel()
	areas := []Area{square("west", 0, 0, 100, 200_000), square("east", 110, 0, 100, 100_000), square("far", 5000, 0, 100, 1_000_000)}
	streets := []street.Street{
		way("through west", at(-200, 50), at(100, 50)),          // 100 m within, 15 m of what comes before
		way("between", at(105, 0), at(105, 100)),                // borders both
		way("beside the far one", at(5000, 120), at(5100, 120)), // 20 m off: farther than the margin
	}
	each, together := LinearDensities(areas, streets, 0)
	near := func(what string, got, want, tolerance float64) {
		t.Helper()
		if math.Abs(got-want) > tolerance {
			t.Errorf("%s: %.2f, want %.2f", what, got, want)
		}
	}
	near("metres of west", each[0].Metres.Metres, 115+100, 4)
	near("density of west", each[0].Density, 200/215., 0.02)
	// The street through west ends 10 m from east, which it borders with its last 5 m.
	near("metres of east", each[1].Metres.Metres, 100+5, 4)
	if each[2].Metres.OK || each[2].Density != 0 {
		t.Errorf("what has no street has %+v", each[2])
	}
	near("metres together", together.Metres.Metres, 115+100, 4)
	near("density together", together.Density, 300/215., 0.03)
	if wide, _ := LinearDensities(areas, streets, 25); !wide[2].Metres.OK {
		t.Error("a margin of 25 m does not reach a street 20 m off")
	}
	areas[2].StreetMetres = Metres{500, true}
	if stated, all := LinearDensities(areas, streets, 0); stated[2].Density != 2 || all != together {
		t.Errorf("1 GWh on the 500 m that are stated: %+v; together %+v", stated[2], all)
	}
}

func TestHolesOfAnAreaAreNotItsGround(t *testing.T) {
	t.Parallel()
	a := square("ring", 0, 0, 400, 1)
	hole := square("hole", 100, 100, 200, 1).Geometry.(geo.Polygon)[0]
	a.Geometry = append(a.Geometry.(geo.Polygon), hole)
	each, _ := LinearDensities([]Area{a}, []street.Street{way("in the hole", at(150, 200), at(250, 200)), way("across", at(0, 50), at(400, 50))}, 10)
	if math.Abs(each[0].Metres.Metres-400) > 4 {
		t.Errorf("%.1f m, want the 400 m across", each[0].Metres.Metres)
	}
}

func BenchmarkLinearDensities(b *testing.B) {
	var areas []Area
	var streets []street.Street
	for i := range 45 {
		for j := range 45 {
			x, y := 110*float64(i), 110*float64(j)
			areas = append(areas, square("a", x, y, 100, 1e5))
			streets = append(streets, way("h", at(x, y-5), at(x+110, y-5)), way("v", at(x-5, y), at(x-5, y+110)))
		}
	}
	for b.Loop() {
		LinearDensities(areas, streets, 0)
	}
}
