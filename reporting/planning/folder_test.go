package planning

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/network"
	"heatledger/heatmap/street"
)

// town is a small network: two sources, four consumers, two of them at one spot, one
// on the way, and one that no street reaches.
func town(t *testing.T) Net {
	t.Helper()
	at := func(x, y int) geo.Point { return geo.Point{X: 8.75 + float64(x)/100, Y: 50.1 + float64(y)/100} }
	g := street.New([]geo.Point{at(0, 0), at(1, 0), at(2, 0), at(2, 1), at(3, 0), at(9, 9)}, []street.Edge{
		{From: 0, To: 1, Street: "Ufer"}, {From: 2, To: 1, Street: "Ufer"}, {From: 2, To: 3, Street: "Gasse"}, {From: 2, To: 4, Street: "Ufer"},
	})
	n := Net{Name: "Town", Graph: g,
		Sources: []network.Source{{ID: "small", Node: 3, Power: 300}, {ID: "001", Node: 0, Power: 900}},
		Consumers: []network.Consumer{{ID: "way", Node: 2, Power: 200, Heat: 4e5}, {ID: "end", Node: 4, Power: 300, Heat: 6e5, Connections: 3},
			{ID: "end-2", Node: 4, Power: 100, Heat: 2e5}, {ID: "far", Node: 5, Power: 50, Heat: 1e5}}}
	sketch, err := network.Lay(network.Input{Graph: g, Sources: n.Sources, Consumers: n.Consumers})
	if err != nil {
		t.Fatal(err)
	}
	n.Sketch = sketch
	return n
}

// rows are those of a file of a folder, as maps by column.
func rows(t *testing.T, files []File, name string) []map[string]string {
	t.Helper()
	i := slices.IndexFunc(files, func(f File) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("there is no %s", name)
	}
	var held bytes.Buffer
	if err := files[i].into(&held); err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(&held).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]string
	for _, row := range all[1:] {
		m := map[string]string{}
		for c, column := range all[0] {
			m[column] = row[c]
		}
		list = append(list, m)
	}
	return list
}

func float(t *testing.T, row map[string]string, column string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(row[column], 64)
	if err != nil {
		t.Fatalf("%s: %v", column, err)
	}
	return v
}

// What dhnx.network.ThermalNetwork.is_consistent and the checks of its optimisation
// ask of a folder (DHNx 0.0.4dev0, input_output.py, optimization_models.py).
func TestDHNxFindsWhatItsReaderDemands(t *testing.T) {
	t.Parallel()
	n := town(t)
	n.Load = map[string]Course{"way": {10, []float64{0.1, 0.2}}, "end": {10, []float64{0.3, 0.4}}, "end-2": {100, []float64{0.05, 0.06}}}
	files := DHNx(n)
	nodes := map[string]bool{}
	for _, kind := range []string{"consumers", "producers", "forks"} {
		for i, row := range rows(t, files, kind+".csv") {
			if row["id"] != strconv.Itoa(i) || row["lat"] == "" || row["lon"] == "" {
				t.Errorf("%s: %v", kind, row)
			}
			nodes[kind+"-"+row["id"]] = true
		}
	}
	met := map[string]bool{}
	pairs := map[string]bool{}
	for _, row := range rows(t, files, "pipes.csv") {
		from, to := row["from_node"], row["to_node"]
		kindFrom, _, _ := strings.Cut(from, "-")
		kindTo, _, _ := strings.Cut(to, "-")
		if !nodes[from] || !nodes[to] || from == to || pairs[from+" "+to] || kindFrom == "consumers" || kindTo == "producers" || kindFrom == "producers" && kindTo == "consumers" {
			t.Errorf("%v", row)
		}
		met[from], met[to], pairs[from+" "+to] = true, true, true
	}
	for node := range nodes {
		if !met[node] {
			t.Errorf("no pipe goes to %s", node)
		}
	}
	var names []string
	for _, row := range rows(t, files, "consumers.csv") {
		names = append(names, row["name"])
	}
	if !slices.Equal(names, []string{"way", "end", "end-2"}) {
		t.Errorf("consumers %v", names)
	}
	heat := rows(t, files, "sequences/consumers-heat_flow.csv")
	if len(heat) != 2 || heat[1]["0"] != "2" || heat[1]["1"] != "4" || heat[1]["2"] != "6" {
		t.Errorf("heat %v", heat)
	}
	delete(n.Load, "way")
	if i := slices.IndexFunc(DHNx(n), func(f File) bool { return strings.HasPrefix(f.Name, "sequences") }); i >= 0 {
		t.Error("who has no hours takes nothing in none of them")
	}
}

// Of a source and a consumer alone, neither hangs directly from the other.
func TestDHNxOfOnePipe(t *testing.T) {
	t.Parallel()
	g := street.New([]geo.Point{{X: 8.75, Y: 50.1}, {X: 8.76, Y: 50.1}}, []street.Edge{{From: 1, To: 0}})
	n := Net{Graph: g, Sources: []network.Source{{ID: "s", Node: 0, Power: 10}}, Consumers: []network.Consumer{{ID: "c", Node: 1, Power: 8}}}
	var err error
	if n.Sketch, err = network.Lay(network.Input{Graph: g, Sources: n.Sources, Consumers: n.Consumers}); err != nil {
		t.Fatal(err)
	}
	var way []string
	for _, row := range rows(t, DHNx(n), "pipes.csv") {
		way = append(way, row["from_node"]+">"+row["to_node"])
	}
	slices.Sort(way)
	if !slices.Equal(way, []string{"forks-0>forks-1", "forks-1>consumers-0", "producers-0>forks-0"}) {
		t.Errorf("%v", way)
	}
}

func TestPandapipesCarriesThePeakOfTheSketch(t *testing.T) {
	t.Parallel()
	n := town(t)
	files := Pandapipes(n)
	junctions := rows(t, files, "junction.csv")
	if len(junctions) != 2*len(n.Sketch.Trees[0].Nodes) {
		t.Errorf("%d junctions", len(junctions))
	}
	taken, given := 0.0, 0.0
	for _, row := range rows(t, files, "heat_consumer.csv") {
		if watts := float(t, row, "qext_w"); watts > 0 {
			taken += watts
		} else {
			given -= watts
			if row["name"] != "small" || row["controlled_mdot_kg_per_s"] == "" || row["deltat_k"] != "" {
				t.Errorf("the source beside the pump: %v", row)
			}
		}
	}
	peak := float64(n.Sketch.Heat.Peak) * 1000
	if math.Abs(taken-peak) > 1e-6*peak || math.Abs(given-peak/4) > 1e-6*peak {
		t.Errorf("taken %g W, given beside the pump %g W, peak %g W", taken, given, peak)
	}
	pumps := rows(t, files, "circ_pump_pressure.csv")
	if len(pumps) != 1 || pumps[0]["name"] != "001" || float(t, pumps[0], "plift_bar") != n.Sketch.Pressure.Bar {
		t.Errorf("pumps %v", pumps)
	}
	pipes := rows(t, files, "pipe.csv")
	metres := 0.0
	for i, row := range pipes {
		metres += float(t, row, "length_km") * 1000
		if row[""] != strconv.Itoa(i) || float(t, row, "u_w_per_m2k") <= 0 || float(t, row, "outer_diameter_mm") <= float(t, row, "inner_diameter_mm") {
			t.Errorf("%v", row)
		}
	}
	if want := 2 * n.Sketch.Trench.Metres; math.Abs(metres-want) > 1e-6 {
		t.Errorf("%g m of pipe, want %g", metres, want)
	}
}

func TestAnArchiveIsMadeOfItsFilesAlone(t *testing.T) {
	t.Parallel()
	files := append(DHNx(town(t)), Pandapipes(town(t))...)
	var one, other bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &other} {
		if err := WriteZip(b, files); err != nil {
			t.Fatal(err)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(one.Bytes()), int64(one.Len()))
	if err != nil || len(z.File) != len(files) || !bytes.Equal(one.Bytes(), other.Bytes()) {
		t.Errorf("%v, %d files of %d", err, len(z.File), len(files))
	}
}

// A consumer that no street reaches is in no table.
func TestWhatIsNotJoinedIsLeftOut(t *testing.T) {
	t.Parallel()
	n := town(t)
	for _, files := range [][]File{DHNx(n), Pandapipes(n)} {
		for _, f := range files {
			if bytes.Contains(f.Data, []byte("far")) {
				t.Errorf("%s names it", f.Name)
			}
		}
	}
	if n.Consumers[3].Power != heatmap.Kilowatts(50) || !slices.Contains(n.Sketch.Unreached, "far") {
		t.Error("the test asks nothing")
	}
}
