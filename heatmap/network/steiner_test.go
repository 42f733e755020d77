package network

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heatledger/heatmap/geo"
	"heatledger/heatmap/street"
)

// at is the position x metres east and y metres north of a place in Offenbach.
func at(x, y float64) geo.Point {
	return geo.Convert(geo.Point{X: 483000 + x, Y: 5550000 + y}, geo.UTM32, geo.WGS84)
}

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

// graph is one of given edges {from, to, metres}, its nodes on a line.
func graph(nodes int, edges ...[3]int) *street.Graph {
	points := make([]geo.Point, nodes)
	for i := range points {
		points[i] = at(float64(i)*100, 0)
	}
	list := make([]street.Edge, len(edges))
	for i, e := range edges {
		list[i] = street.Edge{From: e[0], To: e[1], Metres: float64(e[2]), Street: fmt.Sprint(i)}
	}
	return street.New(points, list)
}

// optimum is the length of the shortest tree that joins the terminals, by
// Dreyfus and Wagner 1971, The Steiner problem in graphs: exact, in 3^k n.
func optimum(g *street.Graph, terminals []int) float64 {
	n, k := len(g.Nodes), len(terminals)-1
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	distance := g.Distances(all, all)
	// best[set][v] joins the terminals of the set and v.
	best := make([][]float64, 1<<k)
	for set := 1; set < 1<<k; set++ {
		best[set] = slices.Repeat([]float64{math.Inf(1)}, n)
		if bits.OnesCount(uint(set)) == 1 {
			for v := range n {
				best[set][v] = distance[terminals[bits.TrailingZeros(uint(set))]][v]
			}
			continue
		}
		split := slices.Repeat([]float64{math.Inf(1)}, n)
		for v := range n {
			for part := (set - 1) & set; part > 0; part = (part - 1) & set {
				split[v] = min(split[v], best[part][v]+best[set^part][v])
			}
		}
		for v := range n {
			for u := range n {
				best[set][v] = min(best[set][v], split[u]+distance[u][v])
			}
		}
	}
	if k == 0 {
		return 0
	}
	return best[1<<k-1][terminals[k]]
}

func TestTheOptimumByHand(t *testing.T) {
	t.Parallel()
	// A star: the middle (node 3) joins three corners at 2 each; around it is 3 each.
	g := graph(4, [3]int{0, 3, 2}, [3]int{1, 3, 2}, [3]int{2, 3, 2}, [3]int{0, 1, 3}, [3]int{1, 2, 3}, [3]int{0, 2, 3})
	if got := optimum(g, []int{0, 1, 2}); got != 6 {
		t.Errorf("a star is %g long, want 6", got)
	}
	tree, err := Route(g, []int{2, 0, 1, 0})
	if err != nil || tree.Metres != 6 {
		t.Errorf("%+v, %v", tree, err)
	}
	// The spanning tree of the distances is 3 + 3; over 2 (1 - 1/3) it is 4.5. The
	// ascent from corner 0 raises {1} by 2, {2} by 2, {1, middle} by 1 (0 to 1 is
	// spent) and {2, middle} by 1 (0 to 2 and to the middle are spent): 6.
	if !near(tree.Bound, 6, 1e-12) || !near(tree.Excess(), 1, 1e-12) {
		t.Errorf("the bound is %g, the excess %g", tree.Bound, tree.Excess())
	}
}

func TestTerminalsThatNoStreetJoins(t *testing.T) {
	t.Parallel()
	g := graph(5, [3]int{0, 1, 5}, [3]int{2, 3, 5})
	_, err := Route(g, []int{3, 1, 0, 2})
	var apart *Apart
	if !errors.As(err, &apart) || !reflect.DeepEqual(apart.Groups, [][]int{{0, 1}, {2, 3}}) {
		t.Errorf("%v", err)
	}
	if tree, err := Route(g, []int{4}); err != nil || tree.Metres != 0 || !slices.Equal(tree.Nodes, []int{4}) || tree.Excess() != 1 {
		t.Errorf("a terminal alone: %+v, %v", tree, err)
	}
	if tree, err := Route(g, nil); err != nil || len(tree.Nodes) != 0 {
		t.Errorf("no terminals: %+v, %v", tree, err)
	}
}

// checkTree fails unless the tree is one, joins the terminals and has no dead end.
func checkTree(t interface{ Fatalf(string, ...any) }, g *street.Graph, terminals []int, tree Tree) {
	joined := newForest(len(g.Nodes))
	degree := make(map[int]int)
	sum := 0.0
	for _, i := range tree.Edges {
		e := g.Edges[i]
		if !joined.unite(e.From, e.To) {
			t.Fatalf("edge %d closes a cycle", i)
		}
		degree[e.From]++
		degree[e.To]++
		sum += e.Metres
	}
	for _, n := range terminals {
		if joined.root(n) != joined.root(terminals[0]) {
			t.Fatalf("terminal %d is not joined", n)
		}
	}
	for n, d := range degree {
		if d == 1 && !slices.Contains(terminals, n) {
			t.Fatalf("node %d is a dead end", n)
		}
	}
	if !near(sum, tree.Metres, 1e-6) || len(tree.Nodes) != len(tree.Edges)+1 {
		t.Fatalf("%g m of edges are given as %g; %d nodes, %d edges", sum, tree.Metres, len(tree.Nodes), len(tree.Edges))
	}
}

// dense is a random graph with random lengths: harder than any town.
func dense(r *rand.Rand) (*street.Graph, []int) {
	n := 6 + r.IntN(15)
	var edges [][3]int
	for i := 1; i < n; i++ {
		edges = append(edges, [3]int{i, r.IntN(i), 10 + r.IntN(90)})
	}
	for range n + r.IntN(2*n) {
		if a, b := r.IntN(n), r.IntN(n); a != b {
			edges = append(edges, [3]int{a, b, 10 + r.IntN(90)})
		}
	}
	k := 3 + r.IntN(min(6, n-3))
	return graph(n, edges...), r.Perm(n)[:k]
}

// quarter is a few blocks of a town with crooked streets, some missing.
func quarter(r *rand.Rand) (*street.Graph, []int) {
	columns, rows := 4+r.IntN(3), 4+r.IntN(3)
	point := make([][]geo.Point, columns)
	for i := range point {
		for j := range rows {
			point[i] = append(point[i], at(float64(i)*100+40*r.Float64(), float64(j)*100+40*r.Float64()))
		}
	}
	var streets []street.Street
	for i := range columns {
		for j := range rows {
			if i+1 < columns && r.IntN(8) > 0 {
				streets = append(streets, street.Street{ID: fmt.Sprint(len(streets)), Line: geo.Line{point[i][j], point[i+1][j]}})
			}
			if j+1 < rows && r.IntN(8) > 0 {
				streets = append(streets, street.Street{ID: fmt.Sprint(len(streets)), Line: geo.Line{point[i][j], point[i][j+1]}})
			}
		}
	}
	g := street.Build(streets, street.Options{})
	main := g.Parts()[0].Nodes
	var terminals []int
	for _, i := range r.Perm(len(main))[:3+r.IntN(6)] {
		terminals = append(terminals, main[i])
	}
	return g, terminals
}

// How far trees are from the shortest there are, on 600 cases; run with -v for
// the figures.
func TestTreesAreNearTheOptimum(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name        string
		make        func(*rand.Rand) (*street.Graph, []int)
		mean, worst float64
	}{
		{"quarters of towns", quarter, 1.01, 1.15},
		{"random graphs", dense, 1.01, 1.2},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			const cases = 300
			var ratios []float64
			plain, bound := 0.0, 0.0
			for seed := range uint64(cases) {
				g, terminals := row.make(rand.New(rand.NewPCG(seed, 7)))
				tree, err := Route(g, terminals)
				if err != nil {
					t.Fatal(err)
				}
				checkTree(t, g, terminals, tree)
				best := optimum(g, terminals)
				k := float64(len(terminals))
				if tree.Metres > 2*(1-1/k)*best+1e-6 || tree.Metres < best-1e-6 || tree.Bound > best+1e-6 {
					t.Fatalf("case %d: %g m, the optimum is %g, the bound %g", seed, tree.Metres, best, tree.Bound)
				}
				ratios = append(ratios, tree.Metres/best)
				span, _ := spanTerminals(g, slices.Compact(slices.Sorted(slices.Values(terminals))))
				s := newShape(g, terminals)
				s.take(span.edges)
				plain += s.tree().Metres / best / cases
				bound += tree.Bound / best / cases
			}
			slices.Sort(ratios)
			mean, exact := 0.0, 0
			for _, r := range ratios {
				mean += r / cases
				if r < 1+1e-9 {
					exact++
				}
			}
			t.Logf("mean %.4f (%.4f before improvement), 95 %% under %.4f, worst %.4f, optimal in %d of %d; the bound is %.4f of the optimum", mean, plain, ratios[cases*95/100], ratios[cases-1], exact, cases, bound)
			if bound < 0.98 {
				t.Errorf("the bound is %.4f of the optimum in the mean, want 0.98", bound)
			}
			if mean > row.mean || ratios[cases-1] > row.worst {
				t.Errorf("mean %.4f, worst %.4f; want at most %.2f and %.2f", mean, ratios[cases-1], row.mean, row.worst)
			}
		})
	}
}

func TestImprovementNeverLengthens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g, terminals := dense(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3)))
		slices.Sort(terminals)
		span, err := spanTerminals(g, terminals)
		if err != nil {
			t.Fatalf("%v", err)
		}
		s := newShape(g, terminals)
		s.take(span.edges)
		before := s.tree()
		checkTree(t, g, terminals, before)
		if before.Metres > span.metres+1e-9 {
			t.Fatalf("the spanning tree is %g m, laid into the streets it is %g", span.metres, before.Metres)
		}
		s.improve()
		after := s.tree()
		checkTree(t, g, terminals, after)
		if after.Metres > before.Metres+1e-9 {
			t.Fatalf("%g m became %g", before.Metres, after.Metres)
		}
	})
}

// Mehlhorn's spanning tree is as long as that of all distances.
func TestTheSpanningTreeIsThatOfAllDistances(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g, terminals := dense(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5)))
		slices.Sort(terminals)
		span, _ := spanTerminals(g, terminals)
		distance := g.Distances(terminals, terminals)
		in, want := map[int]bool{0: true}, 0.0
		for len(in) < len(terminals) { // Prim
			best, next := math.Inf(1), -1
			for i := range terminals {
				for j := range terminals {
					if in[i] && !in[j] && distance[i][j] < best {
						best, next = distance[i][j], j
					}
				}
			}
			in[next] = true
			want += best
		}
		if !near(span.metres, want, 1e-9) {
			t.Fatalf("%g, want %g", span.metres, want)
		}
	})
}

// town is a grid of streets of 20,000 edges and terminals beside them.
func town(columns, rows, terminals int) (*street.Graph, []street.Terminal) {
	r := rand.New(rand.NewPCG(1, 1))
	point := func(i, j int) geo.Point {
		s := rand.New(rand.NewPCG(uint64(i), uint64(j)))
		return at(float64(i)*100+30*s.Float64(), float64(j)*100+30*s.Float64())
	}
	var streets []street.Street
	for i := range columns {
		for j := range rows {
			if i+1 < columns && r.IntN(10) > 0 {
				streets = append(streets, street.Street{ID: fmt.Sprintf("%05d", len(streets)), Line: geo.Line{point(i, j), point(i+1, j)}})
			}
			if j+1 < rows && r.IntN(10) > 0 {
				streets = append(streets, street.Street{ID: fmt.Sprintf("%05d", len(streets)), Line: geo.Line{point(i, j), point(i, j+1)}})
			}
		}
	}
	g := street.Build(streets, street.Options{})
	main := g.Parts()[0].Nodes
	var sites []street.Site
	for i := range terminals {
		p := g.Nodes[main[r.IntN(len(main))]]
		sites = append(sites, street.Site{ID: fmt.Sprintf("t%03d", i), At: geo.Point{X: p.X + 3e-4*r.Float64(), Y: p.Y + 3e-4*r.Float64()}})
	}
	return g.Connect(sites, 0)
}

// BenchmarkRoute joins 300 terminals in a town of 20,000 edges; the goal is 2 s.
func BenchmarkRoute(b *testing.B) {
	g, terminals := town(102, 110, 300)
	var nodes []int
	for _, t := range terminals {
		nodes = append(nodes, t.Node)
	}
	b.ReportMetric(float64(len(g.Edges)), "edges")
	var tree Tree
	for b.Loop() {
		var err error
		if tree, err = Route(g, nodes); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(tree.Excess(), "times-the-bound")
	b.ReportMetric(float64(len(g.Edges)), "edges")
}
