package plot_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"heatledger/heatmap/geo"
	"heatledger/reporting/chart"
	"heatledger/reporting/plot"
)

func head(id string) plot.Head {
	return plot.Head{ID: id, Title: "Wärme & <mehr>", Summary: `Ein Satz mit "Zeichen".`, Lang: chart.German}
}

// drawer is any of the pictures.
type drawer interface{ SVG(width int) string }

func gap() float64 { return math.NaN() }

// pictures are one of each kind, with something absent in each.
func pictures() map[string]drawer {
	hours := func(values ...float64) []float64 {
		all := make([]float64, 24)
		for i := range all {
			all[i] = values[i%len(values)]
		}
		return all
	}
	return map[string]drawer{
		"carpet": carpet(day("2025-01-01", 24, 0, 100, gap()), day("2025-03-30", 23, 2, 100), day("2025-10-26", 25, 2, 100)),
		"curve": plot.Curve{Head: head("curve"), Unit: "kW", Hours: "h", Power: []float64{400, 300, 100}, Of: 5, Name: "Wärme", Absent: "keine Werte",
			Full: plot.Level{Name: "2 h bei 400 kW", Power: 400, Hours: 2}, Levels: []plot.Level{{Name: "gesichert", Power: 100, Hours: 3}}},
		"bands": plot.Bands{Head: head("bands"), Unit: "kW", Band: "P90 bis P10", Middle: "P50", Absent: "keine Werte",
			Panels: []plot.Panel{{Name: "Januar", P10: hours(300), P50: hours(200, gap()), P90: hours(100)}}},
		"sankey":  site(),
		"scatter": plot.Scatter{Head: head("scatter"), XUnit: "kW", YUnit: "°C", Points: [][2]float64{{10, 40}, {20, gap()}}, Classes: []plot.Class{{From: 0, To: 20, P10: 50, P50: 45, P90: 40, Second: gap()}}},
		"map":     town(),
		"empty":   plot.Map{Head: head("empty")},
	}
}

func site() plot.Sankey {
	return plot.Sankey{Head: head("sankey"), Unit: "MWh", Unknown: "nicht gemessen", Rest: "Differenz",
		Nodes: []plot.Node{{Name: "Energie", Value: 1000}, {Name: "IT", Column: 1, Value: 800}, {Name: "Übriges", Column: 1, Value: 200}, {Name: "Luft", Column: 2, Value: gap()}},
		Flows: []plot.Flow{{From: 0, To: 1, Value: 800}, {From: 0, To: 2, Value: 200, Rest: true}, {From: 1, To: 3, Value: gap()}}}
}

func town() plot.Map {
	square := geo.Polygon{{{X: 8.7, Y: 50.1}, {X: 8.75, Y: 50.1}, {X: 8.75, Y: 50.12}, {X: 8.7, Y: 50.12}, {X: 8.7, Y: 50.1}}}
	return plot.Map{Head: head("map"), Kinds: []string{"kalt", "warm"}, Sizes: []plot.Size{{Name: "100 kW", Value: 100}}, Levels: []string{"wenig", "viel"},
		Layers: []plot.Layer{{Name: "Stadt", Style: plot.Town, Framed: true, Shapes: []plot.Shape{{Title: "Stadt", Geometry: square}}},
			{Name: "Dichte", Style: plot.Areas, Shapes: []plot.Shape{{Title: "A", Geometry: square, Level: 1}, {Title: "B", Geometry: square, Level: -1}}},
			{Name: "Netz", Style: plot.Lines, Shapes: []plot.Shape{{Title: "Netz", Geometry: geo.Line{{X: 8.7, Y: 50.1}, {X: 8.75, Y: 50.12}}}}}},
		Marks: []plot.Mark{{Name: "Hafen <1>", Title: `Hafen "1"`, Link: "/heat/hafen?a=1&b=2", At: geo.Point{X: 8.72, Y: 50.11}, Size: 400, Kind: 1},
			{Name: "West", Title: "West", At: geo.Point{X: 8.74, Y: 50.11}, Size: gap(), Kind: 5}}}
}

// element is one of a picture, with what it holds as text.
type element struct {
	name  string
	attrs map[string]string
	text  string
}

// read reads a picture as XML, in the order of its elements.
func read(t *testing.T, svg string) []*element {
	t.Helper()
	var list, open []*element
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatalf("no XML: %v in %s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			list, open = append(list, e), append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			open[len(open)-1].text += string(token)
		}
	}
}

func TestPicturesFitAStrictPageAtEveryWidth(t *testing.T) {
	t.Parallel()
	for name, picture := range pictures() {
		for _, width := range []int{340, 940} {
			svg := picture.SVG(width)
			ids, asked := map[string]bool{}, map[string]bool{}
			list := read(t, svg)
			for _, e := range list {
				if e.name == "style" || e.name == "script" || e.name == "image" || e.name == "foreignObject" {
					t.Errorf("%s holds a %s element", name, e.name)
				}
				for attr, value := range e.attrs {
					if attr == "style" || strings.HasPrefix(attr, "on") || strings.Contains(value, "NaN") || strings.Contains(value, "Inf") {
						t.Errorf("%s: <%s %s=%q>", name, e.name, attr, value)
					}
					if attr == "id" {
						if ids[value] {
							t.Errorf("%s: the id %s is there twice", name, value)
						}
						ids[value] = true
					}
					if id, ok := strings.CutPrefix(value, "url(#"); ok {
						asked[strings.TrimSuffix(id, ")")] = true
					}
				}
			}
			root := list[0]
			for id := range strings.FieldsSeq(root.attrs["aria-labelledby"]) {
				asked[id] = true
			}
			for id := range asked {
				if !ids[id] {
					t.Errorf("%s at %d refers to %s, which is not there", name, width, id)
				}
			}
			if root.attrs["role"] == "" || list[1].text != "Wärme & <mehr>" || list[2].text != `Ein Satz mit "Zeichen".` {
				t.Errorf("%s lacks role, title or description: %v %q %q", name, root.attrs, list[1].text, list[2].text)
			}
			if !strings.HasPrefix(root.attrs["viewBox"], fmt.Sprintf("0 0 %d ", width)) {
				t.Errorf("%s is not %d px wide: %s", name, width, root.attrs["viewBox"])
			}
		}
	}
}

// day is a day of so many hours that begins at midnight and changes the clock at an
// hour; its values are repeated.
func day(label string, hours, change int, values ...float64) plot.Day {
	d := plot.Day{Label: label}
	for i := range hours {
		clock := i
		switch {
		case hours == 23 && i >= change:
			clock = i + 1
		case hours == 25 && i > change:
			clock = i - 1
		}
		d.Hours = append(d.Hours, plot.Hour{Clock: clock, Value: values[i%len(values)]})
	}
	return d
}

func carpet(days ...plot.Day) plot.Carpet {
	return plot.Carpet{Head: head("carpet"), Unit: "kW", Days: days, Absent: "keine Werte", Skipped: "ausgelassen"}
}

// halves is how many half hours of the clock a carpet of one day paints with a paint.
func halves(t *testing.T, days plot.Carpet, paint func(fill string) bool) int {
	t.Helper()
	total := 0
	for _, e := range read(t, days.SVG(940)) {
		if e.name != "path" || !paint(e.attrs["fill"]) || !strings.HasSuffix(e.attrs["d"], "h-1z") {
			continue
		}
		for cell := range strings.SplitSeq(strings.TrimSuffix(e.attrs["d"], "z"), "z") {
			var x, y, width, height, back int
			if _, err := fmt.Sscanf(cell, "M%d %dh%dv%dh%d", &x, &y, &width, &height, &back); err != nil {
				t.Fatalf("a cell reads %q: %v", cell, err)
			}
			total += height
		}
	}
	return total
}

func TestEveryHourOfTheClockIsPaintedOnce(t *testing.T) {
	t.Parallel()
	absent := func(fill string) bool { return strings.HasPrefix(fill, "url(") }
	skipped := func(fill string) bool { return fill == "currentColor" }
	value := func(fill string) bool { return strings.HasPrefix(fill, "#") }
	for _, tt := range []struct {
		sentence                string
		day                     plot.Day
		values, absent, skipped int // half hours
	}{
		{"a usual day has 24 hours", day("2025-01-01", 24, 0, 50), 48, 0, 0},
		{"the hour that spring leaves out is marked and is no gap", day("2025-03-30", 23, 2, 50), 46, 0, 2},
		{"the hour that autumn has twice shares its place", day("2025-10-26", 25, 2, 50), 48, 0, 0},
		{"of the hour that autumn has twice one half may be missing", day("2025-10-26", 25, 2, 1, 2, 3, gap(), 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25), 47, 1, 0},
		{"what is not known is hatched", day("2025-01-01", 24, 0, 50, gap()), 24, 24, 0},
		{"zero is known", day("2025-01-01", 24, 0, 0), 48, 0, 0},
	} {
		c := carpet(tt.day)
		if v, a, s := halves(t, c, value), halves(t, c, absent), halves(t, c, skipped); v != tt.values || a != tt.absent || s != tt.skipped {
			t.Errorf("%s: %d half hours with a value, %d absent, %d skipped; want %d, %d, %d", tt.sentence, v, a, s, tt.values, tt.absent, tt.skipped)
		}
	}
	if strings.Contains(carpet(day("2025-01-01", 24, 0, 50)).SVG(940), "ausgelassen") {
		t.Error("the legend speaks of hours that are not skipped")
	}
}

func TestTheRectangleOfFullLoadHoursHoldsTheEnergyOfTheCurve(t *testing.T) {
	t.Parallel()
	p := plot.Curve{Head: head("curve"), Of: 4000, Full: plot.Level{Name: "voll", Power: 500}, Levels: []plot.Level{{Name: "gesichert", Power: 100, Hours: 4000}}}
	energy := 0.0
	for i := range 4000 {
		p.Power = append(p.Power, 500-0.1*float64(i))
		energy += p.Power[i]
	}
	p.Full.Hours = energy / 500
	var rectangle, under float64
	for _, e := range read(t, p.SVG(940)) {
		if e.name == "rect" && e.attrs["stroke"] == "#2e7d5b" && strings.HasPrefix(e.attrs["fill"], "url") {
			rectangle = number(t, e.attrs["width"]) * number(t, e.attrs["height"])
		}
		if e.attrs["fill-opacity"] == ".14" {
			under = areaUnder(t, e.attrs["d"])
		}
	}
	if rectangle == 0 || math.Abs(under/rectangle-1) > 0.01 {
		t.Errorf("the rectangle is %.0f px², the curve's area %.0f px²: they are the same heat", rectangle, under)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// areaUnder is the area of a path "M x yL x y…V bottomH left z".
func areaUnder(t *testing.T, d string) (area float64) {
	t.Helper()
	line, rest, _ := strings.Cut(d, "V")
	bottomText, _, _ := strings.Cut(rest, "H")
	bottom := number(t, bottomText)
	var x, y float64
	for i, point := range strings.Split(strings.TrimPrefix(line, "M"), "L") {
		left, right, _ := strings.Cut(point, " ")
		nextX, nextY := number(t, left), number(t, right)
		if i > 0 {
			area += (nextX - x) * (bottom - (y+nextY)/2)
		}
		x, y = nextX, nextY
	}
	return area
}

func TestFlowsAreAsThickAsTheyAreGreat(t *testing.T) {
	t.Parallel()
	var heights []float64
	dashed, unknown := 0, 0
	for _, e := range read(t, site().SVG(940)) {
		if e.name == "rect" && e.attrs["width"] == "14" {
			if e.attrs["stroke-dasharray"] != "" {
				dashed++
			} else {
				heights = append(heights, number(t, e.attrs["height"]))
			}
		}
		if e.name == "title" && strings.HasSuffix(e.text, "nicht gemessen") {
			unknown++
		}
	}
	if len(heights) != 3 || math.Abs(heights[1]/heights[0]-0.8) > 0.01 || math.Abs(heights[2]/heights[0]-0.2) > 0.01 {
		t.Errorf("nodes of 1,000, 800 and 200 MWh are %v px high", heights)
	}
	if dashed != 1 || unknown != 1 {
		t.Errorf("%d nodes and %d flows say that they are not measured, want one each", dashed, unknown)
	}
}
