package plot_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/heatmap/geo"
	"heatledger/reporting/plot"
)

// places are the marks of a map by their title: where they stand, in px.
func places(t *testing.T, svg string) map[string][2]float64 {
	t.Helper()
	found := map[string][2]float64{}
	at := [2]float64{}
	for _, e := range read(t, svg) {
		if text, ok := e.attrs["data-at"]; ok {
			if _, err := fmt.Sscan(text, &at[0], &at[1]); err != nil {
				t.Fatal(err)
			}
		}
		if e.name == "a" {
			found[e.attrs["aria-label"]] = at
		}
	}
	return found
}

func TestLengthsOnTheMapAreTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		position := func(name string) geo.Point {
			return geo.Point{X: rapid.Float64Range(8.6, 8.9).Draw(r, name+" east"), Y: rapid.Float64Range(50.0, 50.2).Draw(r, name+" north")}
		}
		a, b := position("a"), position("b")
		if geo.Distance(a, b) < 3000 { // the paper shows a kilometre at least
			r.Skip("too near")
		}
		m := plot.Map{Head: head("map"), Marks: []plot.Mark{{Title: "a", Link: "/a", At: a}, {Title: "b", Link: "/b", At: b}}}
		svg := m.SVG(rapid.SampledFrom([]int{340, 940}).Draw(r, "width"))
		at := places(t, svg)
		px := math.Hypot(at["a"][0]-at["b"][0], at["a"][1]-at["b"][1])
		metres, bar := 0.0, 0.0
		list := read(t, svg)
		for i, e := range list {
			if text := e.attrs["data-bar"]; text != "" {
				metres = number(t, text)
				d := list[i+1].attrs["d"]
				_, rest, _ := strings.Cut(d, "h")
				bar = number(t, strings.Split(rest, "v")[0])
			}
		}
		if got := px / bar * metres; math.Abs(got/geo.Distance(a, b)-1) > 0.01 {
			r.Errorf("two places %.0f m apart are %.0f m apart by the map's bar", geo.Distance(a, b), got)
		}
		if a.Y > b.Y+0.01 && at["a"][1] >= at["b"][1] || a.X > b.X+0.01 && at["a"][0] <= at["b"][0] {
			r.Error("north is not up, or east not right")
		}
	})
}

func TestMarksGrowWithTheirSizeByArea(t *testing.T) {
	t.Parallel()
	var marks []plot.Mark
	for kind := range 6 {
		for _, size := range []float64{400, 1600} {
			marks = append(marks, plot.Mark{Title: fmt.Sprint(kind, " ", size), Link: "/x", At: geo.Point{X: 8.6 + float64(kind)/20, Y: 50 + size/1e4}, Size: size, Kind: kind})
		}
	}
	areas, shapes := map[string]float64{}, map[string]string{}
	title := ""
	for _, e := range read(t, plot.Map{Head: head("map"), Marks: marks}.SVG(940)) {
		switch {
		case e.name == "a":
			title = e.attrs["aria-label"]
		case title != "" && e.name == "circle":
			areas[title], shapes[title], title = math.Pi*math.Pow(number(t, e.attrs["r"]), 2), "circle"+e.attrs["stroke-dasharray"], ""
		case title != "" && e.name == "path":
			areas[title], shapes[title], title = polygonArea(t, e.attrs["d"]), fmt.Sprint(strings.Count(e.attrs["d"], "L"), strings.Contains(e.attrs["d"], " 0L")), ""
		}
	}
	looks := map[string]bool{}
	for kind := range 6 {
		little, great := areas[fmt.Sprint(kind, " 400")], areas[fmt.Sprint(kind, " 1600")]
		if math.Abs(great/little-4) > 0.15 {
			t.Errorf("of kind %d, four times the power has %.2f times the area", kind, great/little)
		}
		if math.Abs(great/areas["0 1600"]-1) > 0.03 {
			t.Errorf("kinds 0 and %d of the same power differ in area: %.0f and %.0f px²", kind, areas["0 1600"], great)
		}
		looks[shapes[fmt.Sprint(kind, " 1600")]] = true
	}
	if len(looks) != 6 {
		t.Errorf("six kinds have %d shapes: %v", len(looks), shapes)
	}
}

func polygonArea(t *testing.T, d string) float64 {
	t.Helper()
	var points [][2]float64
	for corner := range strings.SplitSeq(strings.Trim(d, "Mz"), "L") {
		var p [2]float64
		if _, err := fmt.Sscan(corner, &p[0], &p[1]); err != nil {
			t.Fatal(err)
		}
		points = append(points, p)
	}
	area := 0.0
	for i, p := range points {
		q := points[(i+1)%len(points)]
		area += p[0]*q[1] - q[0]*p[1]
	}
	return math.Abs(area) / 2
}

func TestTheMapSaysWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	svg := town().SVG(940)
	list := read(t, svg)
	hatched, links := 0, 0
	for _, e := range list {
		if e.name == "path" && strings.HasSuffix(e.attrs["fill"], "-gap)") {
			hatched++
		}
		if e.name == "a" && e.attrs["href"] == "/heat/hafen?a=1&b=2" && e.attrs["aria-label"] == `Hafen "1"` {
			links++
		}
	}
	if hatched != 1 || links != 1 {
		t.Errorf("%d areas without data are hatched and %d marks lead on, want one each", hatched, links)
	}
	if list[0].attrs["role"] != "group" {
		t.Error("links within an image cannot be reached")
	}
}

// twoThousand is a made-up town of 2,000 sources in a grid.
func twoThousand() plot.Map {
	m := plot.Map{Head: head("map"), Kinds: []string{"kalt", "warm"}}
	for i := range 2000 {
		m.Marks = append(m.Marks, plot.Mark{Name: fmt.Sprint("Quelle ", i), Title: fmt.Sprint("Quelle ", i, ", 120 kW"), Link: "/heat/x",
			At: geo.Point{X: 8.7 + float64(i%50)/500, Y: 50.05 + float64(i/50)/500}, Size: float64(i), Kind: i % 6})
	}
	return m
}

func BenchmarkAMapOfTwoThousandMarks(b *testing.B) {
	m := twoThousand()
	for b.Loop() {
		b.SetBytes(int64(len(m.SVG(940))))
	}
}
