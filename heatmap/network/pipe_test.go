package network

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heatledger/heatmap"
)

func TestSizesFromTheLeastToTheLargest(t *testing.T) {
	t.Parallel()
	lay := func(power heatmap.Kilowatts) Segment {
		s, err := Lay(Input{Graph: graph(2, [3]int{0, 1, 10}), Sources: []Source{{"s", 0, 1}}, Consumers: []Consumer{{"c", 1, power, 0, 1}}})
		if err != nil {
			t.Fatal(err)
		}
		return s.Segments[0]
	}
	for _, row := range []struct {
		power      heatmap.Kilowatts
		dn         int
		overloaded bool
	}{{0.1, 25, false}, {20, 25, false}, {33000, 400, false}, {50000, 500, false}, {1e6, 500, true}} {
		if got := lay(row.power); got.DN != row.dn || got.Overloaded != row.overloaded || got.Metres != 10 || got.From != 0 || got.To != 1 {
			t.Errorf("%g kW: %+v, want DN %d", row.power, got, row.dn)
		}
	}
	// Even without flow a pipe loses heat and costs its price.
	if still := lay(1e-9); still.Loss <= 0 || still.Investment != 7300 || still.Gradient > 1e-6 {
		t.Errorf("%+v", still)
	}
}

// At its highest velocity a size is at one of its limits and beyond none.
func TestTheHighestVelocityIsAtALimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := Input{}.withDefaults()
		in.Assumptions.GradientLimit.Value = math.Exp(rapid.Float64Range(-16, 7).Draw(t, "ln limit"))
		z := newSizer(in)
		limit := in.Assumptions.GradientLimit.Value
		for i, p := range z.pipes {
			v := z.velocity[i]
			re := Density(62.5) * v * p.Inner() / Viscosity(62.5)
			if got := z.gradient(p, v*(1-1e-9)); got > limit*(1+1e-6) || v > p.Velocity {
				t.Fatalf("DN %d at %g m/s: %g Pa/m of %g", p.DN, v, got, limit)
			}
			// Where flow becomes turbulent the gradient leaps; the velocity stops there.
			if got := z.gradient(p, v*(1+1e-6)); v < p.Velocity && got < limit && !near(re, 2320, 0.01) {
				t.Fatalf("DN %d could do more than %g m/s: %g Pa/m of %g", p.DN, v, got, limit)
			}
		}
	})
}

func TestPipesAreTheSmallestWithinTheirLimits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := small(rapid.Uint64().Draw(t, "seed"))
		s, err := Lay(in)
		if err != nil {
			t.Fatal(err)
		}
		z := newSizer(in.withDefaults())
		for _, seg := range s.Segments {
			i := slices.IndexFunc(z.pipes, func(p Pipe) bool { return p.DN == seg.DN })
			fits := func(p Pipe) bool {
				v := seg.MassFlow / z.density / (math.Pi / 4 * p.Inner() * p.Inner())
				return v <= p.Velocity && z.gradient(p, v) <= s.Assumptions.GradientLimit.Value+1e-6
			}
			if fits(z.pipes[i]) == seg.Overloaded {
				t.Fatalf("%+v", seg)
			}
			if i > 0 && fits(z.pipes[i-1]) && z.gradient(z.pipes[i-1], seg.MassFlow/z.density/area(z.pipes[i-1])) < s.Assumptions.GradientLimit.Value-1e-6 {
				t.Fatalf("DN %d would do for %+v", z.pipes[i-1].DN, seg)
			}
		}
	})
}

// Thicker insulation and worse soil lose less; more than one pipe alone never twice as much.
func TestHeatLossGoesTheRightWay(t *testing.T) {
	t.Parallel()
	a := DefaultAssumptions()
	last := 0.0
	for _, p := range DefaultPipes() {
		u := p.Loss(a)
		thicker, soil := p, a
		thicker.Casing *= 1.2
		soil.SoilConductivity.Value *= 0.8
		if thicker.Loss(a) >= u || p.Loss(soil) >= u {
			t.Errorf("DN %d: %g, thicker %g, drier soil %g", p.DN, u, thicker.Loss(a), p.Loss(soil))
		}
		if p.DN <= 80 && u < last {
			t.Errorf("DN %d loses %g, a smaller one %g", p.DN, u, last)
		}
		last = u
	}
	// DN 80 by hand: 2 / (3.5973 + 0.4218 + 0.2439) per W/(m K).
	if got := DefaultPipes()[5].Loss(a); !near(got, 0.4691599930660989, 1e-12) {
		t.Errorf("DN 80 loses %.12f W/(m K)", got)
	}
}
