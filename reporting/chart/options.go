package chart

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Colours, told apart by people with any colour vision and readable on white
// (contrast ≥ 3). Patterns tell the areas apart without any colour.
const (
	ink   = "#1b2733"
	faint = "#d5dce3"
	alarm = "#a4262c"
)

func palette() []string {
	return []string{"#0b5cad", "#c2570c", "#2e7d5b", "#7b3f98", "#5f6b76", "#8a6d00"}
}

// liveWidth is the width live charts are laid out for; narrower ones wrap.
const liveWidth = 900

// options is what ECharts takes. Functions are names ("@f:month") that
// functions.js puts functions in place of, in the browser as in Go.
type options struct {
	Animation bool           `json:"animation"`
	Lang      Language       `json:"lang"`
	Color     []string       `json:"color"`
	TextStyle map[string]any `json:"textStyle"`
	Aria      *opts.Aria     `json:"aria,omitempty"`
	Legend    opts.Legend    `json:"legend"`
	Tooltip   *opts.Tooltip  `json:"tooltip,omitempty"`
	Grid      opts.Grid      `json:"grid"`
	XAxis     axis           `json:"xAxis"`
	YAxis     opts.YAxis     `json:"yAxis"`
	Series    []series       `json:"series"`
}

// axis is an opts.XAxis whose label can name a function for its interval.
type axis struct {
	opts.XAxis
	BoundaryGap bool           `json:"boundaryGap"`
	AxisLabel   map[string]any `json:"axisLabel"`
	AxisTick    map[string]any `json:"axisTick"`
}

// series is one row of ECharts.
type series struct {
	Name        string          `json:"name"`
	Type        string          `json:"type"`
	Stack       string          `json:"stack,omitempty"`
	Data        []any           `json:"data"`
	ShowSymbol  types.Bool      `json:"showSymbol,omitempty"`
	LineStyle   *opts.LineStyle `json:"lineStyle,omitempty"`
	AreaStyle   *opts.AreaStyle `json:"areaStyle,omitempty"`
	ItemStyle   *opts.ItemStyle `json:"itemStyle,omitempty"`
	BarMaxWidth int             `json:"barMaxWidth,omitempty"`
	MarkLine    map[string]any  `json:"markLine,omitempty"`
	MarkArea    map[string]any  `json:"markArea,omitempty"`
	RenderItem  string          `json:"renderItem,omitempty"`
	Runs        []int           `json:"runs,omitempty"` // of a carpet: day, from hour, to hour, …
	Hatched     bool            `json:"hatched,omitempty"`
	Silent      bool            `json:"silent,omitempty"`
}

// Options are the options of a live chart as JSON.
func (c Chart) Options(lang Language) (json.RawMessage, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(c.options(lang, liveWidth))
	if err != nil {
		return nil, fmt.Errorf("write the options of %q: %w", c.Title, err)
	}
	return text, nil
}

// options are those for a chart of about the given width in px.
func (c Chart) options(lang Language, width int) options {
	o := options{
		Lang: lang, Color: palette(),
		TextStyle: map[string]any{"fontFamily": fontFamily, "fontSize": fontSize, "color": ink},
		Legend: opts.Legend{Show: opts.Bool(len(c.Series) > 1 || c.Kind == Carpet), Top: "0", Left: "0", ItemWidth: 22, ItemHeight: 12,
			TextStyle: &opts.TextStyle{Color: ink}},
		Grid:  opts.Grid{Left: "4", Right: "12", Top: "34", Bottom: "4", ContainLabel: opts.Bool(true)},
		XAxis: c.xAxis(),
		YAxis: opts.YAxis{Type: "value", Name: c.Unit, NameLocation: "end", NameGap: 10, SplitNumber: 4,
			AxisLabel: &opts.AxisLabel{Formatter: "@f:number", Color: ink},
			SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: faint}}},
	}
	if c.Kind == Carpet {
		o.YAxis = opts.YAxis{Type: "value", Min: 0, Max: HoursPerColumn, AxisLabel: &opts.AxisLabel{Formatter: "@f:clock", Color: ink},
			SplitNumber: 4, MinInterval: 6, MaxInterval: 6, SplitLine: &opts.SplitLine{Show: opts.Bool(false)}}
		o.Series = c.carpet(lang)
		o.Color = nil
		o.Grid.Top = o.below(width, 12)
		return o
	}
	o.Aria = &opts.Aria{Enabled: opts.Bool(true), Label: nil, Decal: &opts.AriaDecal{Show: opts.Bool(c.Kind == StackedBars || c.Kind == GroupedBars)}}
	o.Tooltip = &opts.Tooltip{Trigger: "axis", ValueFormatter: types.FuncStr("@f:value:" + c.Unit)}
	for _, s := range c.Series {
		o.Series = append(o.Series, c.series(s))
	}
	if *o.Legend.Show {
		o.Grid.Top = o.below(width, 34)
	}
	o.Series[0].MarkArea = c.markGaps()
	o.Series[0].MarkLine = c.markThreshold(lang)
	return o
}

// below is where the drawing begins under the rows of the legend, with space px
// between them.
func (o *options) below(width, space int) string {
	const between, row = 16, 25 // px, as ECharts sets legends
	rows, x := 1, 0.0
	for _, s := range o.Series {
		item := float64(o.Legend.ItemWidth+between) + measure(s.Name, "13px")
		if x > 0 && x+item > float64(width) {
			rows, x = rows+1, 0
		}
		x += item
	}
	return strconv.Itoa(rows*row + space)
}

func (c Chart) xAxis() axis {
	label := map[string]any{"color": ink, "formatter": "@f:" + string(c.Axis), "interval": "@f:" + string(c.Axis) + "Shown", "hideOverlap": true}
	tick := map[string]any{"interval": "@f:" + string(c.Axis) + "Shown"}
	return axis{XAxis: opts.XAxis{Type: "category", Data: c.Labels, AxisLine: &opts.AxisLine{LineStyle: &opts.LineStyle{Color: ink}}},
		BoundaryGap: c.Kind != Line && c.Kind != Area, AxisLabel: label, AxisTick: tick}
}

func (c Chart) series(s Series) series {
	out := series{Name: s.Name, Data: make([]any, len(s.Values))}
	for i, v := range s.Values {
		if math.IsNaN(v) {
			out.Data[i] = nil
		} else {
			out.Data[i] = shortest(v)
		}
	}
	switch c.Kind {
	case Line, Area:
		out.Type, out.ShowSymbol = "line", opts.Bool(lonely(s.Values))
		out.LineStyle = &opts.LineStyle{Width: 1.6}
		if c.Kind == Area {
			out.AreaStyle = &opts.AreaStyle{Opacity: opts.Float(0.18)}
		}
	default:
		out.Type, out.BarMaxWidth = "bar", 60
		if c.Kind == StackedBars {
			out.Stack = "all"
		}
	}
	return out
}

// shortest cuts what nobody sees: six significant digits.
func shortest(v float64) json.Number {
	return json.Number(fmt.Sprintf("%.6g", v))
}

// lonely tells whether a value stands between gaps, where a line has no length.
func lonely(values []float64) bool {
	absent := func(i int) bool { return i < 0 || i >= len(values) || math.IsNaN(values[i]) }
	for i := range values {
		if !absent(i) && absent(i-1) && absent(i+1) {
			return true
		}
	}
	return false
}

// markGaps shades the stretches in which there are no values.
func (c Chart) markGaps() map[string]any {
	if c.Kind != Line && c.Kind != Area {
		return nil
	}
	var areas []any
	for _, gap := range c.gaps() {
		areas = append(areas, []any{map[string]any{"xAxis": max(0, gap.from-1)}, map[string]any{"xAxis": min(len(c.Labels)-1, gap.to)}})
	}
	if areas == nil {
		return nil
	}
	return map[string]any{"silent": true, "itemStyle": map[string]any{"color": hatchInk}, "data": areas}
}

func (c Chart) markThreshold(lang Language) map[string]any {
	if c.Threshold == nil {
		return nil
	}
	return map[string]any{"silent": true, "symbol": "none",
		"lineStyle": map[string]any{"color": alarm, "width": 2, "type": "dashed"},
		"label":     map[string]any{"position": "insideEndTop", "color": alarm, "formatter": c.Threshold.Name + " " + Number(lang, c.Threshold.Value, 2)},
		"data":      []any{map[string]any{"yAxis": shortest(c.Threshold.Value)}}}
}
