package plot

import (
	"math"
	"slices"
	"strings"

	"heatledger/heatmap/geo"
	"heatledger/reporting/chart"
)

// kinds is how many kinds of marks there are shapes for.
const kinds = 6

// symbol is a mark of a kind with the area of a circle of that radius: shape and
// colour both say the kind, the last of which is open, for what is not known.
func symbol(kind int, r float64) string {
	corners := []float64{0, 3, 4, 4, 5, 0}[kind%kinds]
	turn := []float64{0, 90, 45, 0, 90, 0}[kind%kinds]
	paint := []string{`fill="#2f6fa8"`, `fill="#2e7d5b"`, `fill="#9a7b00"`, `fill="#c2570c"`, `fill="#a4262c"`, `fill="#fff" fill-opacity=".7" stroke-dasharray="3 2"`}[kind%kinds]
	paint += ` stroke="currentColor" stroke-width="1.3"`
	if corners == 0 {
		return `<circle r="` + n(r) + `" ` + paint + `/>`
	}
	// A regular polygon of radius R has the area ½·k·R²·sin(2π/k).
	outer := r * math.Sqrt(math.Pi/(corners/2*math.Sin(2*math.Pi/corners)))
	var b strings.Builder
	for i := range int(corners) {
		angle := (turn + 360*float64(i)/corners) * math.Pi / 180
		b.WriteString([]string{"M", "L"}[min(i, 1)] + n(outer*math.Cos(angle)) + " " + n(-outer*math.Sin(angle)))
	}
	return `<path d="` + b.String() + `z" ` + paint + `/>`
}

// marking is how large marks are: the greatest size and its radius.
type marking struct{ most, radius float64 }

// marking finds the greatest size; on small paper all marks are smaller.
func (m Map) marking(width int) marking {
	found := marking{radius: min(mostMark, float64(width)/24)}
	for _, mark := range m.Marks {
		if !math.IsNaN(mark.Size) {
			found.most = max(found.most, mark.Size)
		}
	}
	return found
}

// of is the radius of a mark: its area grows with its size.
func (m marking) of(size float64) float64 {
	if math.IsNaN(size) || size <= 0 || m.most <= 0 {
		return leastMark
	}
	return max(leastMark, m.radius*math.Sqrt(size/m.most))
}

// ordered are the marks, the greatest first.
func (m Map) ordered() []Mark {
	list := slices.Clone(m.Marks)
	slices.SortStableFunc(list, func(a, b Mark) int {
		switch x, y := weight(a), weight(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return list
}

func weight(m Mark) float64 {
	if math.IsNaN(m.Size) {
		return -1
	}
	return m.Size
}

// area is a rectangle of the paper.
type area struct{ left, top, right, bottom float64 }

func around(at geo.Point, r float64) area { return area{at.X - r, at.Y - r, at.X + r, at.Y + r} }

func (a area) meets(b area) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

// label is where a name stands: from x on, so many px below the middle of its mark.
type label struct {
	area
	x, down float64
	anchor  string
}

// beside finds room for a name right or left of its mark, above or below it, which is number own of what
// is taken; ok is false where there is none.
func beside(at geo.Point, r float64, name string, taken []area, own int, sheet projection) (label, bool) {
	const most = 60 // beyond, names cover the map
	if name == "" || len(taken) > 2*most {
		return label{}, false
	}
	width := chart.Width(name, small)
	for _, l := range []label{
		{area{at.X + r, at.Y - 8, at.X + r + 6 + width, at.Y + 8}, at.X + r + 6, 4, "start"},
		{area{at.X - r - 6 - width, at.Y - 8, at.X - r, at.Y + 8}, at.X - r - 6, 4, "end"},
		{area{at.X - width/2, at.Y - r - 18, at.X + width/2, at.Y - r - 2}, at.X, -r - 6, "middle"},
		{area{at.X - width/2, at.Y + r + 2, at.X + width/2, at.Y + r + 18}, at.X, r + 14, "middle"},
	} {
		free := l.left >= 0 && l.right <= sheet.width && !slices.ContainsFunc(taken[:own], l.meets) && !slices.ContainsFunc(taken[own+1:], l.meets)
		if free {
			return l, true
		}
	}
	return label{}, false
}
