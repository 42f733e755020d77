package street

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/heatmap/geo"
)

// at is the position x metres east and y metres north of a place in Offenbach.
func at(x, y float64) geo.Point {
	return geo.Convert(geo.Point{X: 483000 + x, Y: 5550000 + y}, geo.UTM32, geo.WGS84)
}

func line(xy ...float64) geo.Line {
	var l geo.Line
	for i := 0; i < len(xy); i += 2 {
		l = append(l, at(xy[i], xy[i+1]))
	}
	return l
}

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

// In the plane of the zone 100 m are 100.039 m on the ground here: the scale is 0.99961.
const scale = 0.99961

func TestStreetsMeetWhereTheySharePoints(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		streets []Street
		options Options
		nodes   int
		edges   int
		parts   int
	}{
		{"end to end", []Street{{ID: "a", Line: line(0, 0, 100, 0)}, {ID: "b", Line: line(100, 0, 200, 0)}}, Options{}, 3, 2, 1},
		{"at a point in the middle", []Street{{ID: "a", Line: line(0, 0, 100, 0, 200, 0)}, {ID: "b", Line: line(100, 0, 100, 50)}}, Options{}, 4, 3, 1},
		{"crossing with a common point", []Street{{ID: "a", Line: line(0, 0, 100, 0, 200, 0)}, {ID: "b", Line: line(100, -50, 100, 0, 100, 50)}}, Options{}, 5, 4, 1},
		{"ends 0.3 m apart", []Street{{ID: "a", Line: line(0, 0, 100, 0)}, {ID: "b", Line: line(100.3, 0, 200, 0)}}, Options{}, 3, 2, 1},
		{"ends 0.7 m apart", []Street{{ID: "a", Line: line(0, 0, 100, 0)}, {ID: "b", Line: line(100.7, 0, 200, 0)}}, Options{}, 4, 2, 2},
		{"ends 0.7 m apart, with a larger tolerance", []Street{{ID: "a", Line: line(0, 0, 100, 0)}, {ID: "b", Line: line(100.7, 0, 200, 0)}}, Options{Tolerance: 1}, 3, 2, 1},
		{"an end on a straight piece", []Street{{ID: "a", Line: line(0, 0, 200, 0)}, {ID: "b", Line: line(100, 0.2, 100, 50)}}, Options{}, 4, 3, 1},
		{"an end short of a straight piece", []Street{{ID: "a", Line: line(0, 0, 200, 0)}, {ID: "b", Line: line(100, 3, 100, 50)}}, Options{}, 4, 2, 2},
		{"a bridge", []Street{{ID: "a", Line: line(0, 0, 200, 0)}, {ID: "b", Line: line(100, -50, 100, 50)}}, Options{}, 4, 2, 2},
		{"a crossing that is to be joined", []Street{{ID: "a", Line: line(0, 0, 200, 0)}, {ID: "b", Line: line(100, -50, 100, 50)}}, Options{Crossings: true}, 5, 4, 1},
		{"a ring road", []Street{{ID: "a", Line: line(0, 0, 100, 0, 100, 100, 0, 0)}}, Options{}, 1, 1, 1},
		{"a ring road with a way in", []Street{{ID: "a", Line: line(0, 0, 100, 0, 100, 100, 0, 0)}, {ID: "b", Line: line(100, 100, 200, 200)}}, Options{}, 3, 3, 1},
		{"the same line twice", []Street{{ID: "a", Line: line(0, 0, 100, 0)}, {ID: "b", Line: line(100, 0, 0, 0)}}, Options{}, 2, 1, 1},
		{"two ways between the same ends", []Street{{ID: "a", Line: line(0, 0, 100, 0)}, {ID: "b", Line: line(0, 0, 50, 50, 100, 0)}}, Options{}, 2, 2, 1},
		{"a street shorter than the tolerance", []Street{{ID: "a", Line: line(0, 0, 0.2, 0)}}, Options{}, 0, 0, 0},
		{"nothing", nil, Options{}, 0, 0, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			g := Build(row.streets, row.options)
			if len(g.Nodes) != row.nodes || len(g.Edges) != row.edges || len(g.Parts()) != row.parts {
				t.Errorf("%d nodes, %d edges, %d parts; want %d, %d, %d\n%+v", len(g.Nodes), len(g.Edges), len(g.Parts()), row.nodes, row.edges, row.parts, g.Edges)
			}
		})
	}
}

func TestPartsThatAreNotJoinedAreNamed(t *testing.T) {
	t.Parallel()
	src := `{"type":"FeatureCollection","features":[
{"type":"Feature","id":"main","geometry":{"type":"LineString","coordinates":[[8.700,50.10],[8.710,50.10]]}},
{"type":"Feature","id":"lost","geometry":{"type":"MultiLineString","coordinates":[[[8.700,50.11],[8.701,50.11]],[[8.701,50.11],[8.702,50.11]]]}}]}`
	read, faults := geo.Read("streets.geojson", []byte(src), geo.Options{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	streets := FromFeatures(read.List)
	g := Build(streets, Options{})
	got := g.Islands(streets)
	if len(got) != 1 || got[0].Line != 3 || !strings.Contains(got[0].Problem, "feature 2 (lost): the street and 1 that hang together with it are not joined to the others (143 m)") || got[0].Remedy == "" {
		t.Errorf("%v", got)
	}
	if parts := g.Parts(); !slices.Equal(parts[1].Streets, []string{"lost", "lost/2"}) || !near(parts[1].Metres, 143.1, 0.1) {
		t.Errorf("%+v", parts)
	}
}

func TestTheNearestPlaceOnAStreet(t *testing.T) {
	t.Parallel()
	g := Build([]Street{{ID: "a", Line: line(0, 0, 100, 0, 100, 100)}, {ID: "b", Line: line(0, 300, 100, 300)}}, Options{})
	for _, row := range []struct {
		name                  string
		x, y                  float64
		street                string
		fromSouthWest, metres float64
	}{
		{"beside a piece", 40, 15, "a", 40, 15},
		{"beside the next piece", 112, 60, "a", 160, 12},
		{"beyond an end", -30, -40, "a", 0, 50},
		{"on the street", 100, 50, "a", 150, 0},
		{"far away", 5000, 300, "b", 100, 4900},
		{"the other street", 50, 250, "b", 50, 50},
	} {
		place, ok := g.Nearest(at(row.x, row.y))
		e := g.Edges[place.Edge]
		along := place.Along
		if row.street == "a" && !near(geo.Distance(e.Line[0], at(0, 0)), 0, 0.01) {
			along = e.Metres - along
		}
		if !ok || e.Street != row.street || !near(along*scale, row.fromSouthWest, 0.01) || !near(place.Metres*scale, row.metres, 0.01*max(1, row.metres/100)) {
			t.Errorf("%s: %s at %.3f m, %.3f m away; want %s at %g, %g", row.name, e.Street, along*scale, place.Metres*scale, row.street, row.fromSouthWest, row.metres)
		}
	}
	if _, ok := Build(nil, Options{}).Nearest(at(0, 0)); ok {
		t.Error("a place without streets")
	}
}

// town is a grid of streets of 100 m, with gaps and diagonals, in random order.
func town(columns, rows int, seed uint64) []Street {
	r := rand.New(rand.NewPCG(seed, 1))
	var streets []Street
	add := func(x1, y1, x2, y2 float64) {
		l := line(x1, y1, (x1+x2)/2+5, (y1+y2)/2+5, x2, y2)
		if r.IntN(2) == 0 {
			slices.Reverse(l)
		}
		streets = append(streets, Street{ID: fmt.Sprintf("s%05d", len(streets)), Line: l})
	}
	for i := range columns {
		for j := range rows {
			x, y := float64(i)*100, float64(j)*100
			if i+1 < columns && r.IntN(10) > 0 {
				add(x, y, x+100, y)
			}
			if j+1 < rows && r.IntN(10) > 0 {
				add(x, y, x, y+100)
			}
		}
	}
	r.Shuffle(len(streets), func(i, j int) { streets[i], streets[j] = streets[j], streets[i] })
	return streets
}

func TestTheOrderOfTheStreetsChangesNothing(t *testing.T) {
	t.Parallel()
	streets := town(12, 9, 1)
	want := Build(streets, Options{})
	r := rand.New(rand.NewPCG(2, 2))
	for range 5 {
		r.Shuffle(len(streets), func(i, j int) { streets[i], streets[j] = streets[j], streets[i] })
		got := Build(streets, Options{})
		if !reflect.DeepEqual(got.Nodes, want.Nodes) || !reflect.DeepEqual(got.Edges, want.Edges) {
			t.Fatal("another order gave another graph")
		}
	}
}

func TestTheNearestPlaceIsThatOfAllPlaces(t *testing.T) {
	t.Parallel()
	g := Build(town(8, 6, 3), Options{})
	rapid.Check(t, func(t *rapid.T) {
		p := at(rapid.Float64Range(-800, 1600).Draw(t, "x"), rapid.Float64Range(-800, 1200).Draw(t, "y"))
		plane := geo.Convert(p, geo.WGS84, g.Zone)
		want := math.Inf(1)
		for _, s := range g.grid.pieces {
			_, d := s.nearest(plane)
			want = min(want, d)
		}
		got, ok := g.Nearest(p)
		if !ok || !near(got.Metres*scale, want, 1e-4*want+1e-3) {
			t.Fatalf("%.6f m, want %.6f", got.Metres*scale, want) // a line straight in degrees bends by 0.2 mm in the plane
		}
		if l := g.Edges[got.Edge]; got.Along < 0 || got.Along > l.Metres+1e-6 {
			t.Fatalf("%g m along an edge of %g", got.Along, l.Metres)
		}
	})
}

// random is a graph of up to 12 nodes on random places.
func random(t *rapid.T) *Graph {
	n := rapid.IntRange(2, 12).Draw(t, "nodes")
	nodes := make([]geo.Point, n)
	for i := range nodes {
		nodes[i] = at(rapid.Float64Range(0, 1000).Draw(t, "x"), rapid.Float64Range(0, 1000).Draw(t, "y"))
	}
	var edges []Edge
	for range rapid.IntRange(1, 25).Draw(t, "edges") {
		edges = append(edges, Edge{From: rapid.IntRange(0, n-1).Draw(t, "from"), To: rapid.IntRange(0, n-1).Draw(t, "to"), Metres: float64(rapid.IntRange(1, 500).Draw(t, "metres"))})
	}
	return New(nodes, edges)
}

func TestShortestWaysAreThoseOfFloydAndWarshall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := random(t)
		n := len(g.Nodes)
		want := make([][]float64, n)
		for i := range want {
			want[i] = slices.Repeat([]float64{math.Inf(1)}, n)
			want[i][i] = 0
		}
		for _, e := range g.Edges {
			if e.From != e.To {
				want[e.From][e.To] = min(want[e.From][e.To], e.Metres)
				want[e.To][e.From] = want[e.From][e.To]
			}
		}
		for k := range n {
			for i := range n {
				for j := range n {
					want[i][j] = min(want[i][j], want[i][k]+want[k][j])
				}
			}
		}
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		if got := g.Distances(all, all); !reflect.DeepEqual(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		for i := range n {
			p, ok := g.Between(0, i)
			if ok != !math.IsInf(want[0][i], 1) {
				t.Fatalf("a way to %d: %v", i, ok)
			}
			if !ok {
				continue
			}
			sum := 0.0
			for k, e := range p.Edges {
				sum += g.Edges[e].Metres
				if a, b := p.Nodes[k], p.Nodes[k+1]; g.Edges[e].From+g.Edges[e].To != a+b || g.Edges[e].From != a && g.Edges[e].From != b {
					t.Fatalf("edge %d does not join %d and %d", e, a, b)
				}
			}
			if sum != want[0][i] || p.Metres != sum || p.Nodes[0] != 0 || p.Nodes[len(p.Edges)] != i {
				t.Fatalf("%+v is %g m, want %g", p, sum, want[0][i])
			}
		}
		// From several nodes the nearest counts.
		reach := g.From(0, n-1)
		for i := range n {
			if reach.Metres[i] != min(want[0][i], want[n-1][i]) {
				t.Fatalf("node %d is %g m from the nearest of two", i, reach.Metres[i])
			}
			if s := reach.Source[i]; s >= 0 && want[[]int{0, n - 1}[s]][i] != reach.Metres[i] {
				t.Fatalf("node %d is not nearest to %d", i, s)
			}
		}
	})
}

func TestConnectorsChangeNoWays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := Build(town(4, 4, rapid.Uint64Range(0, 50).Draw(t, "seed")), Options{})
		var sites []Site
		for i := range rapid.IntRange(1, 12).Draw(t, "sites") {
			sites = append(sites, Site{ID: fmt.Sprint(i), At: at(rapid.Float64Range(-50, 350).Draw(t, "x"), rapid.Float64Range(-50, 350).Draw(t, "y"))})
		}
		sites = append(sites, Site{ID: "same", At: sites[0].At}, Site{ID: "on a node", At: g.Nodes[0]})
		joined, terminals := g.Connect(sites, 0)
		streets := 0.0
		for _, e := range joined.Edges {
			if !near(geo.Length(e.Line), e.Metres, 1e-6) || !near(geo.Distance(e.Line[0], joined.Nodes[e.From]), 0, 1e-6) || !near(geo.Distance(e.Line[len(e.Line)-1], joined.Nodes[e.To]), 0, 1e-6) {
				t.Fatalf("an edge of %g m has a line of %g", e.Metres, geo.Length(e.Line))
			}
			if !e.Connector {
				streets += e.Metres
			}
		}
		if !near(streets, g.Metres(), 1e-6*streets) {
			t.Fatalf("%g m of street became %g", g.Metres(), streets)
		}
		before, after := g.From(0), joined.From(0)
		for i := range g.Nodes {
			if a, b := before.Metres[i], after.Metres[i]; !(a == b || near(a, b, 0.1)) {
				t.Fatalf("node %d was %g m away and is %g", i, a, b)
			}
		}
		for i, term := range terminals {
			if term.Site != sites[i] || term.Node < 0 || !near(geo.Distance(joined.Nodes[term.Node], sites[i].At), 0, 0.01) {
				t.Fatalf("terminal %d: %+v", i, term)
			}
		}
		if n := len(terminals); terminals[0].Node != terminals[n-2].Node || terminals[n-1].Node != 0 {
			t.Fatal("sites on the same spot have nodes of their own")
		}
	})
}

func TestAConnectorByHand(t *testing.T) {
	t.Parallel()
	g := Build([]Street{{ID: "a", Line: line(0, 0, 100, 0)}}, Options{})
	joined, terminals := g.Connect([]Site{{"east", at(70, 20)}, {"west", at(20, -10)}, {"far", at(50, 400)}}, 100)
	if terminals[2].Node != -1 || !near(terminals[2].Place.Metres*scale, 400, 0.1) {
		t.Errorf("a site 400 m away: %+v", terminals[2])
	}
	p, ok := joined.Between(terminals[0].Node, terminals[1].Node)
	if !ok || !near(p.Metres*scale, 20+50+10, 0.01) || len(p.Edges) != 3 {
		t.Errorf("from east to west: %+v, %.3f m, want 80", p, p.Metres*scale)
	}
	if l := joined.Line(p); len(l) != 4 || !near(geo.Length(l), p.Metres, 1e-6) || l[0] != terminals[0].Site.At {
		t.Errorf("the way is %v", l)
	}
}

func BenchmarkBuild(b *testing.B) {
	streets := town(100, 112, 1) // 20,000 edges
	b.ReportMetric(float64(len(Build(streets, Options{}).Edges)), "edges")
	for b.Loop() {
		Build(streets, Options{})
	}
}

func BenchmarkConnect(b *testing.B) {
	g := Build(town(100, 112, 1), Options{})
	r := rand.New(rand.NewPCG(1, 1))
	sites := make([]Site, 300)
	for i := range sites {
		sites[i] = Site{fmt.Sprint(i), at(r.Float64()*9900, r.Float64()*11100)}
	}
	for b.Loop() {
		g.Connect(sites, 0)
	}
}

func BenchmarkFrom(b *testing.B) {
	g := Build(town(100, 112, 1), Options{})
	for b.Loop() {
		g.From(0)
	}
}
