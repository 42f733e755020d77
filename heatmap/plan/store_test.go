package plan_test

import (
	"math"
	"strings"
	"testing"
)

// TestAStoreIsTriedInOtherSizes tries the tank of the sample: the size that is planned
// comes out as in the plan, more store never covers less, and what each further kWh
// brings adds up to what the largest covers beyond none.
func TestAStoreIsTriedInOtherSizes(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	r := run(t, s, in)
	tank := r.Storages[0]
	if len(tank.Sizes) != 7 {
		t.Fatalf("%d sizes", len(tank.Sizes))
	}
	brought, bends := 0.0, 0
	for i, one := range tank.Sizes {
		if one.Capacity == tank.Capacity && (math.Abs(one.Boiler-r.Served.Boiler) > 1 || one.Unmet != r.Served.Unmet) {
			t.Errorf("as planned: %+v, the plan has %+v", one, r.Served)
		}
		if one.Bend {
			bends++
		}
		if i == 0 {
			continue
		}
		before := tank.Sizes[i-1]
		if one.Boiler > before.Boiler+1 || one.Capacity <= before.Capacity {
			t.Errorf("%v kWh leave the boiler %v kWh, %v kWh left it %v", one.Capacity, one.Boiler, before.Capacity, before.Boiler)
		}
		brought += *one.Marginal * (one.Capacity - before.Capacity)
	}
	first, last := tank.Sizes[0], tank.Sizes[len(tank.Sizes)-1]
	if math.Abs(brought-(first.Boiler-last.Boiler)) > 10 || brought <= 0 || bends != 1 {
		t.Errorf("the steps bring %v kWh, the boiler gives %v less; %d bends", brought, first.Boiler-last.Boiler, bends)
	}
}

// The streets within an area are its length where none is stated: without it there is
// no linear heat density to rank by.
func TestAnAreaHasTheStreetsWithinIt(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	if strings.Contains(string(in.Files["areas.geojson"]), "street_m") {
		t.Fatal("the sample states lengths: the test asks nothing")
	}
	measured := 0
	for _, a := range run(t, s, in).Areas {
		if len(a.Outline) > 0 && (a.HeatDensity == nil || *a.HeatDensity <= 0) {
			t.Errorf("%s has no heat density", a.ID)
		}
		if a.Density == nil { // no street runs through it, or along its border
			continue
		}
		measured++
		if metres := a.Heat / 1000 / *a.Density; metres < 5 || metres > 5000 {
			t.Errorf("%s: %v MWh/m of %v kWh are %v m of street", a.ID, *a.Density, a.Heat, metres)
		}
	}
	if measured < 5 {
		t.Errorf("%d areas have a linear heat density", measured)
	}
}
