package planning

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/network"
	"heatledger/heatmap/plan"
)

// TestANetworkOfAKeptPlan carries the sample plan of one street, kept and read back,
// into both folders: nothing is lost on the way.
func TestANetworkOfAKeptPlan(t *testing.T) {
	t.Parallel()
	const folder = "../../heatmap/plan/testdata/small"
	src, err := os.ReadFile(filepath.Join(folder, "scenario.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s, faults := plan.Parse("scenario.yaml", src)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	in := plan.Inputs{Files: map[string][]byte{}, Sites: map[energy.SiteID]heatmap.Stored{}}
	for _, f := range s.Files() {
		if in.Files[f.Path], err = os.ReadFile(filepath.Join(folder, f.Path)); err != nil {
			t.Fatal(err)
		}
	}
	made, refused, err := plan.Run(t.Context(), s, in)
	if err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	kept, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	r, err := plan.ReadResult(kept)
	if err != nil {
		t.Fatal(err)
	}
	n, ok := NetOf(r)
	if !ok || len(n.Sketch.Trees) != 1 || len(n.Sources) != 1 || len(n.Consumers) != 1 {
		t.Fatalf("%v %+v", ok, n)
	}
	pipes := rows(t, Pandapipes(n), "pipe.csv")
	usual := network.DefaultPipes()
	for _, p := range usual {
		if p.DN == r.Network.Sizes[0].DN && math.Abs(float(t, pipes[0], "inner_diameter_mm")-p.Inner()*1000) > 1e-6 {
			t.Errorf("inner diameter %v, want %v", pipes[0]["inner_diameter_mm"], p.Inner()*1000)
		}
	}
	metres := 0.0
	for _, p := range pipes {
		metres += float(t, p, "length_km") * 1000
	}
	if math.Abs(metres-2*r.Network.Metres) > 1e-3 {
		t.Errorf("%v m of pipe for %v m of trench", metres, r.Network.Metres)
	}
	if got := rows(t, Pandapipes(n), "heat_consumer.csv"); math.Abs(float(t, got[0], "qext_w")-r.Network.Peak*1000) > 1 {
		t.Errorf("%v W, want %v kW", got[0]["qext_w"], r.Network.Peak)
	}
	if got := rows(t, DHNx(n), "consumers.csv"); got[0]["name"] != r.Network.Takes[0].ID {
		t.Errorf("%v", got)
	}
	r.Network = nil
	if _, ok := NetOf(r); ok {
		t.Error("a plan that lays no network has one")
	}
}

// Pieces that are named in any order, two trees of them, stay two trees.
func TestTreesOfPieces(t *testing.T) {
	t.Parallel()
	piece := func(from, to int) plan.Piece {
		return plan.Piece{From: from, To: to, Line: [][2]float64{{8.7 + float64(from)/100, 50}, {8.7 + float64(to)/100, 50}}, Metres: 100, DN: 50}
	}
	n, ok := NetOf(plan.Result{Network: &plan.Laid{Pieces: []plan.Piece{piece(7, 8), piece(3, 9), piece(9, 7), piece(40, 41)},
		Feeds: []plan.Joined{{ID: "a", Node: 3, Power: 10}, {ID: "b", Node: 40, Power: 10}}, Takes: []plan.Joined{{ID: "c", Node: 8, Power: 5, Connections: 1}, {ID: "d", Node: 41, Power: 5, Connections: 1}}}})
	if !ok || len(n.Sketch.Trees) != 2 {
		t.Fatalf("%v, %d trees", ok, len(n.Sketch.Trees))
	}
	if a, b := n.Sketch.Trees[0], n.Sketch.Trees[1]; len(a.Nodes) != 4 || len(a.Edges) != 3 || len(b.Nodes) != 2 || a.Metres != 300 {
		t.Errorf("%+v %+v", a, b)
	}
	if got := rows(t, Pandapipes(n), "circ_pump_pressure.csv"); len(got) != 2 {
		t.Errorf("%d pumps for two trees", len(got))
	}
}
