package match_test

import (
	"math"
	"testing"
	"time"

	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/heatpump"
	"heatledger/heatmap/match"
	"heatledger/heatmap/street"
)

// quarters is a series of two hours and a half: 10 kW, then a gap, then 4 kW.
func quarters(t *testing.T) heatmap.Series {
	t.Helper()
	c := heatmap.Columns{}
	for i := range 10 {
		p, grade, limit := heatmap.Kilowatts(10), heatmap.Measured, heatmap.SupplyLimited
		switch {
		case i == 6:
			p, grade, limit = heatmap.Kilowatts(gone), heatmap.NoGrade, heatmap.NoLimit
		case i >= 8:
			p = 4
		}
		c.Power, c.Grade, c.Limit = append(c.Power, p), append(c.Grade, grade), append(c.Limit, limit)
		c.Flow, c.Return = append(c.Flow, 40), append(c.Return, 30)
	}
	s, err := heatmap.New(heatmap.Header{Source: "hafen", From: newYear, Step: 15 * time.Minute}, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASourceOfASeries(t *testing.T) {
	t.Parallel()
	s := match.FromSeries("hafen", quarters(t), newYear.Add(-time.Hour), 5)
	for h, want := range []float64{gone, 10, gone, gone, gone} { // before, whole, with a gap, half, behind
		if x := float64(s.Heat[h]); x != want && !(x != x && want != want) {
			t.Errorf("hour %d has %v kW, want %v", h, x, want)
		}
	}
	if s.Flow[1] != 40 || s.Grade != heatmap.Measured || s.Limit != heatmap.SupplyLimited || s.Electricity != nil {
		t.Errorf("%+v", s)
	}
}

func TestASourceBehindAHeatPump(t *testing.T) {
	t.Parallel()
	plant := heatpump.Plant{ID: "pump", Machine: heatpump.Carnot{Quality: 0.5, Source: "test"}, Target: heatpump.Constant(70, 50)}
	s, err := match.Upgraded("hafen", quarters(t), plant, newYear, 2)
	if err != nil {
		t.Fatal(err)
	}
	cop := 0.5 * 343.15 / (343.15 - 303.15) // sink 70 °C, source cooled to 30 °C
	if math.Abs(float64(s.Heat[0])-10*cop/(cop-1)) > 1e-9 || math.Abs(s.Electricity[0]-1/cop) > 1e-12 || s.Flow[0] != 70 || s.Heat[1] == s.Heat[1] || s.Basis == "" {
		t.Errorf("COP %v: %+v", cop, s)
	}
	r := matched(t, match.Input{Sources: []match.Source{s}, Areas: []match.Area{{ID: "x", Load: kw(5, 5), Flow: match.Course{70}}}, Links: []match.Link{{"hafen", "x", 100}}})
	if y := r.Sources[0]; math.Abs(float64(y.Electricity)-5/cop) > 1e-9 || y.Given != 5 || y.UnknownHours != 1 || y.Carbon.Direct <= 0 {
		t.Errorf("%+v", y)
	}
	if _, err := match.Upgraded("hafen", quarters(t), heatpump.Plant{ID: "pump"}, newYear, 2); err == nil {
		t.Error("a plant without machine upgrades nothing")
	}
}

func TestWaysAlongStreets(t *testing.T) {
	t.Parallel()
	at := func(x, y float64) geo.Point { return geo.Point{X: 8.7 + x, Y: 50.1 + y} }
	g := street.Build([]street.Street{{ID: "long", Line: geo.Line{at(0, 0), at(0.02, 0)}}, {ID: "apart", Line: geo.Line{at(0, 0.1), at(0.02, 0.1)}}}, street.Options{})
	g, all := g.Connect([]street.Site{{ID: "a", At: at(0, 0.0001)}, {ID: "x", At: at(0.01, 0.0001)}, {ID: "y", At: at(0.02, 0.0001)}, {ID: "z", At: at(0.01, 0.1)}, {ID: "far", At: at(0.01, 0.05)}}, 50)
	links := match.Links(g, all[:1], all[1:], 1000)
	want := geo.Distance(at(0, 0), at(0.01, 0)) + 2*geo.Distance(at(0, 0), at(0, 0.0001))
	if len(links) != 1 || links[0].Source != "a" || links[0].Area != "x" || math.Abs(links[0].Metres-want) > 0.5 {
		t.Errorf("%+v, want a to x, %v m: y is 1.4 km away, z on another street, and far from any street the last", links, want)
	}
	if all := match.Links(g, all[:1], all[1:], 0); len(all) != 2 {
		t.Errorf("without a bound also y: %+v", all)
	}
}
