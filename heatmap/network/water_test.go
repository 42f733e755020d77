package network

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// Reference values: CRC Handbook of Chemistry and Physics, 97th edition, properties
// of water (density 998.21 and 971.79 kg/m³, viscosity 1.0016 and 0.3540 mPa s).
func TestWaterIsAsInTables(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		t                  energy.Celsius
		density, viscosity float64
	}{{20, 998.21, 1.0016e-3}, {80, 971.79, 0.3540e-3}} {
		if got := Density(row.t); !near(got, row.density, 0.02) {
			t.Errorf("at %g °C water has %g kg/m³, want %g", row.t, got, row.density)
		}
		if got := Viscosity(row.t); !near(got, row.viscosity, 1e-7) {
			t.Errorf("at %g °C water has %g Pa s, want %g", row.t, got, row.viscosity)
		}
	}
}

// Values solved by bisection of Colebrook's equation, apart from this code.
func TestFrictionByHand(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ reynolds, roughness, want float64 }{
		{1000, 0.01, 0.064},
		{2320, 0, 64.0 / 2320},
		{1e5, 1e-3, 0.022165459965},
		{1e6, 1e-9, 0.011645064127},
		{0, 1e-3, 0},
	} {
		if got := Friction(row.reynolds, row.roughness); !near(got, row.want, 1e-11) {
			t.Errorf("Re %g, k/d %g: %.12f, want %.12f", row.reynolds, row.roughness, got, row.want)
		}
	}
}

func TestFrictionSolvesColebrook(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		re := rapid.Float64Range(2321, 1e8).Draw(t, "reynolds")
		k := rapid.Float64Range(0, 0.05).Draw(t, "roughness")
		x := 1 / math.Sqrt(Friction(re, k))
		if want := -2 * math.Log10(k/3.71+2.51*x/re); !near(x, want, 1e-9) {
			t.Fatalf("1/√λ is %.12f, the equation gives %.12f", x, want)
		}
	})
}

func TestGradientGrowsWithVelocityAndFallsWithDiameter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.Float64Range(0.02, 0.5).Draw(t, "diameter")
		turbulent := rapid.Float64Range(2321, 3e6).Draw(t, "Reynolds number")
		v := turbulent * Viscosity(60) / (Density(60) * d)
		base := Gradient(v, d, 1e-4, 60)
		if faster, wider := Gradient(1.1*v, d, 1e-4, 60), Gradient(v, 1.1*d, 1e-4, 60); !(faster > base && wider < base) {
			t.Fatalf("%g Pa/m; faster %g, wider %g", base, faster, wider)
		}
	})
}
