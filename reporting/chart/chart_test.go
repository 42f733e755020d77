package chart_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/reporting/chart"
)

var update = flag.Bool("update", false, "write the golden files anew")

var small = chart.Size{Width: 480, Height: 240}

func gap() float64 { return math.NaN() }

// charts are one small chart of each kind, all with a gap.
func charts() map[string]chart.Chart {
	days := []string{"2025-02-27", "2025-02-28", "2025-03-01", "2025-03-02"}
	hours := make([]float64, len(days)*chart.HoursPerColumn)
	for i := range hours {
		hours[i] = 100 + 40*math.Sin(float64(i)/7)
		if i >= 30 && i < 34 {
			hours[i] = gap()
		}
	}
	months := []string{"2025-01", "2025-02", "2025-03"}
	return map[string]chart.Chart{
		"line": {Title: "Leistung", Summary: "Zwischen 3 und 1.200 kW.", Kind: chart.Line, Axis: chart.DaysOfYear, Unit: "kW", Labels: days,
			Series: []chart.Series{{Name: "Netz", Values: []float64{3, gap(), 900, 1200}}}},
		"area": {Title: "Energie <Tag>", Summary: "A & B", Kind: chart.Area, Axis: chart.HoursOfDay, Unit: "kWh",
			Labels: []string{"2025-03-01T00:00", "2025-03-01T00:15", "2025-03-01T00:30", "2025-03-01T00:45"},
			Series: []chart.Series{{Name: "Netz", Values: []float64{3, 4, gap(), 5}}}},
		"stacked": {Title: "Strom", Summary: "Strom nach Monaten.", Kind: chart.StackedBars, Axis: chart.Months, Unit: "MWh", Labels: months,
			Series: []chart.Series{{Name: "IT", Values: []float64{100, gap(), 120}}, {Name: "Kühlung", Values: []float64{20, gap(), 30}}}},
		"grouped": {Title: "Wärme", Summary: "Wärme nach Monaten.", Kind: chart.GroupedBars, Axis: chart.Months, Unit: "MWh", Labels: months,
			Series: []chart.Series{{Name: "geliefert", Values: []float64{100, gap(), 120}}, {Name: "angefragt", Values: []float64{90, gap(), 150}}}},
		"bars": {Title: "iPUE", Summary: "iPUE nach Monaten.", Kind: chart.Bars, Axis: chart.Months, Labels: months,
			Series: []chart.Series{{Name: "iPUE", Values: []float64{1.2, 1.31, 1.6}}}, Threshold: &chart.Threshold{Name: "Grenzwert", Value: 1.5}},
		"carpet": {Title: "IT", Summary: "Jede Stunde.", Kind: chart.Carpet, Axis: chart.DaysOfYear, Unit: "kW", Labels: days, Absent: "keine Werte",
			Series: []chart.Series{{Name: "IT", Values: hours}}},
	}
}

func draw(t *testing.T, r *chart.Renderer, c chart.Chart) string {
	t.Helper()
	svg, err := r.SVG(t.Context(), c, small, chart.German)
	if err != nil {
		t.Fatal(err)
	}
	return svg
}

func TestChartsLookAsTheyDid(t *testing.T) {
	t.Parallel()
	r := chart.NewRenderer()
	for name, c := range charts() {
		svg, file := draw(t, r, c), filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(file, []byte(svg), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if svg != string(want) {
			t.Errorf("%s differs from %s: look at both, then run go test -update", name, file)
		}
	}
}

func TestAPictureFitsAStrictPage(t *testing.T) {
	t.Parallel()
	r := chart.NewRenderer()
	for name, c := range charts() {
		svg := draw(t, r, c)
		ids := map[string]bool{}
		decoder := xml.NewDecoder(strings.NewReader(svg))
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s is no XML: %v", name, err)
			}
			element, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if element.Name.Local == "style" || element.Name.Local == "script" || element.Name.Local == "image" {
				t.Errorf("%s holds a %s element", name, element.Name.Local)
			}
			for _, a := range element.Attr {
				switch {
				case a.Name.Local == "style", a.Name.Local == "href", strings.HasPrefix(a.Name.Local, "on"), strings.HasPrefix(a.Name.Local, "ecmeta"):
					t.Errorf("%s: <%s> carries %s=%q", name, element.Name.Local, a.Name.Local, a.Value)
				case a.Name.Local == "id":
					ids[a.Value] = true
				case strings.HasPrefix(a.Value, "url(#") && strings.Contains(a.Value, "zr"):
					t.Errorf("%s refers to %s, an id of the engine's", name, a.Value)
				}
			}
		}
		for reference := range strings.SplitSeq(svg, "url(#") {
			id, _, found := strings.Cut(reference, ")")
			if found && strings.HasPrefix(id, "c") && !ids[id] {
				t.Errorf("%s refers to %q, which is not there", name, id)
			}
		}
		if !strings.Contains(svg, `role="img"`) || !strings.Contains(svg, "<title id=") || !strings.Contains(svg, "<desc id=") {
			t.Errorf("%s lacks role, title or description", name)
		}
	}
}

func TestEveryEngineDrawsTheSame(t *testing.T) {
	t.Parallel()
	all := charts()
	var group sync.WaitGroup
	for range 3 { // each renderer has two engines, in whatever order they get the charts
		r := chart.NewRenderer()
		for name, c := range all {
			group.Go(func() {
				svg, err := r.SVG(t.Context(), c, small, chart.German)
				want, errRead := os.ReadFile(filepath.Join("testdata", name+".svg"))
				if err != nil || errRead != nil || svg != string(want) {
					t.Errorf("%s differs between engines: %v, %v", name, err, errRead)
				}
			})
		}
	}
	group.Wait()
}

func TestAGapIsDrawnAsAGap(t *testing.T) {
	t.Parallel()
	r := chart.NewRenderer()
	for name, c := range charts() {
		if name == "bars" { // has none
			continue
		}
		with := draw(t, r, c)
		if name != "stacked" && name != "grouped" && !strings.Contains(with, "<pattern") {
			t.Errorf("%s does not hatch its gap", name)
		}
		full := c
		full.Series = nil
		for _, s := range c.Series {
			filled := chart.Series{Name: s.Name, Values: append([]float64{}, s.Values...)}
			for i, v := range filled.Values {
				if math.IsNaN(v) {
					filled.Values[i] = 0
				}
			}
			full.Series = append(full.Series, filled)
		}
		if draw(t, r, full) == with {
			t.Errorf("%s: an absent value looks like zero", name)
		}
	}
	svg := draw(t, r, charts()["stacked"])
	if strings.Contains(svg, "2025-02,") || !strings.Contains(svg, "<title>2025-03, IT: 120 MWh</title>") {
		t.Error("the bars do not name what they stand for, or one is drawn where there is no value")
	}
}

func TestOptionsSpeakTheLanguage(t *testing.T) {
	t.Parallel()
	r := chart.NewRenderer()
	c := charts()["line"]
	c.Labels = []string{"2025-02-27", "2025-02-28", "2025-03-01", "2025-03-02"}
	german, errDE := r.SVG(t.Context(), c, small, chart.German)
	english, errEN := r.SVG(t.Context(), c, small, chart.English)
	if errDE != nil || errEN != nil {
		t.Fatal(errDE, errEN)
	}
	if !strings.Contains(german, ">Mär<") || !strings.Contains(german, ">1.200<") {
		t.Error("the German chart has no German month or number")
	}
	if !strings.Contains(english, ">Mar<") || !strings.Contains(english, ">1,200<") {
		t.Error("the English chart has no English month or number")
	}
	options, err := c.Options(chart.German)
	if err != nil || !json.Valid(options) || !strings.Contains(string(options), `"@f:number"`) {
		t.Errorf("options = %s, %v, want JSON that names functions", options, err)
	}
}

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value  float64
		digits int
		de, en string
	}{
		{1234567.891, 2, "1.234.567,89", "1,234,567.89"}, {-0.001, 2, "0,00", "0.00"}, {-12.5, 1, "−12,5", "−12.5"}, {999, 0, "999", "999"}, {math.NaN(), 1, "–", "–"},
	} {
		if de, en := chart.Number(chart.German, tt.value, tt.digits), chart.Number(chart.English, tt.value, tt.digits); de != tt.de || en != tt.en {
			t.Errorf("%v = %s, %s; want %s, %s", tt.value, de, en, tt.de, tt.en)
		}
	}
}

func TestPartsThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	r := chart.NewRenderer()
	for name, c := range charts() {
		c.Labels = c.Labels[1:]
		if _, err := r.SVG(t.Context(), c, small, chart.German); err == nil {
			t.Errorf("%s with a label too few is drawn", name)
		}
	}
	if _, err := (chart.Chart{Kind: "pie"}).Options(chart.English); err == nil {
		t.Error("a pie is drawn")
	}
}

func TestAChartGivenUpDoesNotSpoilTheNext(t *testing.T) {
	t.Parallel()
	r := chart.NewRenderer()
	c := charts()["carpet"]
	for i := range 6 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*3*time.Millisecond)
		c.Title = fmt.Sprint(i) // never drawn before
		_, err := r.SVG(ctx, c, small, chart.German)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("given up: %v, want the deadline", err)
		}
	}
	want, err := os.ReadFile("testdata/carpet.svg")
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if got := draw(t, r, charts()["carpet"]); got != string(want) {
			t.Error("the chart after one given up differs")
		}
	}
}

func BenchmarkAYearInHours(b *testing.B) {
	r := chart.NewRenderer()
	c := chart.Chart{Title: "IT", Kind: chart.Carpet, Axis: chart.DaysOfYear, Unit: "kW", Absent: "–", Series: []chart.Series{{Name: "IT"}}}
	for day := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == 2025; day = day.AddDate(0, 0, 1) {
		c.Labels = append(c.Labels, day.Format(time.DateOnly))
		for hour := range chart.HoursPerColumn {
			c.Series[0].Values = append(c.Series[0].Values, 100+float64((day.YearDay()*31+hour*7)%100))
		}
	}
	n := 0
	for b.Loop() {
		c.Title = fmt.Sprint(n) // each is new
		n++
		if _, err := r.SVG(b.Context(), c, chart.Size{Width: 940, Height: 340}, chart.German); err != nil {
			b.Fatal(err)
		}
	}
}
