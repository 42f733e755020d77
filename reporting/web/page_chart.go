package web

import (
	"context"
	"encoding/json"
	"html/template"
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/reporting/cell"
	"heatledger/reporting/chart"
)

// sizes are those charts are drawn in: for screens and paper, and for telephones.
func sizes() (wide, narrow chart.Size) {
	return chart.Size{Width: 940, Height: 340}, chart.Size{Width: 340, Height: 320}
}

// picture is a chart on a page, with its table and its file.
type picture struct {
	*page
	ID           string
	Chart        chart.Chart
	Wide, Narrow template.HTML // Narrow is empty where Wide scrolls instead
	Options      json.RawMessage
	Table        table
	CSV          string // address of the values as CSV
}

// table is what a chart shows, in words and numbers.
type table struct {
	Head []string
	Rows [][]string
}

// draw makes the pictures of a page.
func (s *Server) draw(ctx context.Context, pictures ...*picture) error {
	group, ctx := errgroup.WithContext(ctx)
	wide, narrow := sizes()
	for _, p := range pictures {
		group.Go(func() (err error) {
			p.Wide, err = s.svg(ctx, p, wide)
			if err == nil && p.Chart.Kind != chart.Carpet {
				p.Narrow, err = s.svg(ctx, p, narrow)
			}
			if err == nil {
				p.Options, err = p.Chart.Options(p.Lang)
			}
			return err
		})
	}
	return group.Wait()
}

func (s *Server) svg(ctx context.Context, p *picture, size chart.Size) (template.HTML, error) {
	svg, err := s.pages.charts.SVG(ctx, p.Chart, size, p.Lang)
	return template.HTML(svg), err // drawn by us, texts escaped
}

// tableOf is the table of a chart with a row for each label.
func (p *page) tableOf(c chart.Chart, head string, label func(string) string, digits int) table {
	t := table{Head: []string{head}}
	for _, s := range c.Series {
		name := s.Name
		if c.Unit != "" {
			name += " (" + c.Unit + ")"
		}
		t.Head = append(t.Head, name)
	}
	for i, l := range c.Labels {
		row := []string{label(l)}
		for _, s := range c.Series {
			row = append(row, p.Number(s.Values[i], digits))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// writeChartCSV writes the numbers of a chart for programs: local labels,
// decimal points, an empty cell for what is not there.
func writeChartCSV(w http.ResponseWriter, c chart.Chart) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	head := []string{"period"}
	for _, s := range c.Series {
		name := s.Name
		if c.Unit != "" {
			name += " (" + c.Unit + ")"
		}
		head = append(head, name)
	}
	_ = out.Write(head)
	rows := len(c.Labels)
	if len(c.Series) > 0 {
		rows = len(c.Series[0].Values)
	}
	for i := range rows {
		row := []string{labelAt(c, i)}
		for _, s := range c.Series {
			text := ""
			if !math.IsNaN(s.Values[i]) {
				text = strconv.FormatFloat(s.Values[i], 'g', -1, 64)
			}
			row = append(row, text)
		}
		_ = out.Write(row)
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}

// labelAt is the label of value i; in a carpet each label has a day's hours.
func labelAt(c chart.Chart, i int) string {
	if c.Kind != chart.Carpet {
		return c.Labels[i]
	}
	hour := i % chart.HoursPerColumn
	return c.Labels[i/chart.HoursPerColumn] + "T" + time.Date(0, 1, 1, hour, 0, 0, 0, time.UTC).Format("15:04")
}

// extremes are the positions of the least and the greatest value, their mean
// and how many are absent; ok is false when all are.
func extremes(values []float64) (least, most int, mean float64, absent int, ok bool) {
	least, most = -1, -1
	for i, v := range values {
		if math.IsNaN(v) {
			absent++
			continue
		}
		if least < 0 || v < values[least] {
			least = i
		}
		if most < 0 || v > values[most] {
			most = i
		}
		mean += v
	}
	if least < 0 {
		return 0, 0, math.NaN(), absent, false
	}
	return least, most, mean / float64(len(values)-absent), absent, true
}
