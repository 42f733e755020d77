package plan_test

import (
	"math"
	"testing"

	"heatledger/heatmap/plan/plantest"
)

// TestASmallPlanIsWhatPencilAndPaperSay carries one source, one area and one straight
// street from end to end and compares with numbers that were worked out beside the
// program:
//
//   - the street by the arc of the meridian of WGS 84: a(1−e²)/(1−e²sin²φ)^1.5 · 0.009°
//     at φ = 50.0045°;
//   - 60 kW by 25 K: 0.573 kg/s, with 982 kg/m³ in DN 32 (37.2 mm) 0.537 m/s, which the
//     gradient allows and DN 25 does not (0.9 m/s, 450 Pa/m);
//   - the loss by EN 13941's resistances of insulation, soil and neighbour, 52.5 K;
//   - the pressure by Colebrook's equation with 0.452 mPa s, there and back, 20 % for
//     fittings, 0.8 bar for the station;
//   - the annuities by the payments of twenty years, each discounted by itself: half of
//     the pipes is left at the end.
func TestASmallPlanIsWhatPencilAndPaperSay(t *testing.T) {
	t.Parallel()
	s, in := plantest.Load(t, "testdata/small/scenario.yaml")
	r := run(t, s, in)
	for _, tt := range []struct {
		what             string
		got, want, share float64 // share: by which they may differ
	}{
		{"metres of trench", r.Network.Metres, 1001.0624, 1e-6},
		{"loss in W/m", r.Network.Pieces[0].Loss, 16.048, 0.005},
		{"loss in a year", r.Network.Lost, 140731, 0.005},
		{"heat delivered", r.Network.Delivered, 525600, 1e-9},
		{"load with the loss", r.Served.Load, 525600 + 140731, 0.002},
		{"given by the source", r.Sources[0].Direct, 525600 + 140731, 0.002},
		{"offered by the source", r.Sources[0].Offered, 876000, 1e-6},
		{"velocity", r.Network.Pieces[0].Velocity, 0.537, 0.002},
		{"pressure", r.Network.PumpBar, 3.386, 0.005},
		{"pump", r.Network.PumpPower, 0.30389, 0.005},
		{"pipes", r.Cost.Investment.Pipes, 770818.0, 1e-6},
		{"stations", r.Cost.Investment.Stations, 9600, 1e-9},
		{"investment", r.Cost.Investment.Total, 898005, 1e-5},
		{"capital", r.Cost.Annual.Capital, 58654.1, 1e-5},
		{"energy", r.Cost.Annual.Energy, 19782.1, 0.002},
		{"operation", r.Cost.Annual.Operation, 4772.1, 1e-4},
		{"other", r.Cost.Annual.Other, 4594.6, 1e-4},
		{"cost of a MWh", *r.Cost.PerMWh, 167.05, 0.0005},
	} {
		if math.Abs(tt.got-tt.want) > tt.share*math.Abs(tt.want) {
			t.Errorf("%s: %v, want %v", tt.what, tt.got, tt.want)
		}
	}
	if dn := r.Network.Pieces[0].DN; dn != 32 {
		t.Errorf("DN %d", dn)
	}
}
