// Package chart draws. One definition of a chart becomes the options of a live
// ECharts chart in the browser ([Chart.Options]) and a static picture that
// needs no script ([Renderer.SVG]), drawn by the same ECharts in a JavaScript
// engine of Go. It knows numbers and labels, no meters.
package chart

//go:generate go run -C ../../tools ./assets

import (
	"fmt"
	"math"
)

// Kind is what a chart looks like.
type Kind string

// The kinds of chart.
const (
	Line        Kind = "line"         // a level over time; where a value is absent the line is broken
	Area        Kind = "area"         // the same, filled down to zero
	StackedBars Kind = "stacked_bars" // parts of a whole, a bar for each label
	GroupedBars Kind = "grouped_bars" // what is compared, bars beside each other for each label
	Bars        Kind = "bars"         // one number for each label, with an optional threshold
	Carpet      Kind = "carpet"       // days from left to right, hours from bottom to top, values as colours
)

// Axis says how the labels of a chart are to be read and which are shown.
type Axis string

// The axes. Labels are local times, cut where the axis has no use for more.
const (
	Months      Axis = "months" // labels "2025-06": all are shown
	DaysOfYear  Axis = "year"   // labels "2025-06-03": the first of each month is shown
	DaysOfMonth Axis = "month"  // labels "2025-06-03" or "2025-06-03T14:00": some midnights are shown
	HoursOfDay  Axis = "day"    // labels "2025-06-03T14:15": every third hour is shown
	Names       Axis = "names"  // labels are names: all are shown
)

// HoursPerColumn is the height of a column of a [Carpet].
const HoursPerColumn = 24

// Chart is one chart, in no language but that of the words it is given.
type Chart struct {
	Title   string
	Summary string // one sentence that says what the chart shows
	Kind    Kind
	Axis    Axis
	Unit    string // written behind every number: "kW"; empty for ratios
	Labels  []string
	Series  []Series // exactly one for Bars and Carpet
	// Threshold is a line across the chart; nil: none.
	Threshold *Threshold
	// Absent is the word for a value that is not there: "no values".
	Absent string
}

// Series is one row of numbers. An absent number is NaN, never zero. There is
// one for each label; for a [Carpet] there are [HoursPerColumn].
type Series struct {
	Name   string
	Values []float64
}

// Threshold is a number that values are compared with.
type Threshold struct {
	Name  string
	Value float64
}

// Language is the language of numbers and month names.
type Language string

// The languages.
const (
	German  Language = "de"
	English Language = "en"
)

// Check errs when the parts of the chart do not fit together.
func (c Chart) Check() error {
	want := len(c.Labels)
	switch c.Kind {
	case Line, Area, StackedBars, GroupedBars:
	case Bars, Carpet:
		if len(c.Series) != 1 {
			return fmt.Errorf("draw %q: it has %d series, one is expected", c.Title, len(c.Series))
		}
		if c.Kind == Carpet {
			want *= HoursPerColumn
		}
	default:
		return fmt.Errorf("draw %q: there is no kind of chart %q", c.Title, c.Kind)
	}
	for _, s := range c.Series {
		if len(s.Values) != want {
			return fmt.Errorf("draw %q: %s has %d values for %d labels, %d are expected", c.Title, s.Name, len(s.Values), len(c.Labels), want)
		}
	}
	return nil
}

// run is a half-open range of positions.
type run struct{ from, to int }

// gaps are the positions at which no series has a value.
func (c Chart) gaps() []run {
	var gaps []run
	for i := range c.Labels {
		if !c.absent(i) {
			continue
		}
		if n := len(gaps); n > 0 && gaps[n-1].to == i {
			gaps[n-1].to++
		} else {
			gaps = append(gaps, run{i, i + 1})
		}
	}
	return gaps
}

func (c Chart) absent(i int) bool {
	for _, s := range c.Series {
		if !math.IsNaN(s.Values[i]) {
			return false
		}
	}
	return true
}
