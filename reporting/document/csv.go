package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// WriteCSV writes the data rows of a report: its months, its year, and each
// day of each point, one value a row, in every language alike.
//
// Columns: period ("2025", "2025-01", "2025-01-01"), item (a figure's name
// with its category, one of its sides, "grid_import", or a point), value (empty
// where there is none), unit, quality, energy_coverage, interval_coverage. The
// last row, if the log covers the data, has period "log", item "checkpoint" and
// as value the lines of the checkpoint, as `heatledger verify --checkpoint` reads it.
func WriteCSV(w io.Writer, y Yearly) error {
	rows := y.rows()
	out := csv.NewWriter(w)
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the data of %s: %w", y.Site, err)
	}
	return nil
}

// Digest is the SHA-256 of what [WriteCSV] writes, in hexadecimal: who has the
// CSV checks the printed report with sha256sum.
func (y Yearly) Digest() string {
	var text bytes.Buffer
	_ = csv.NewWriter(&text).WriteAll(y.rows()) // a buffer takes everything
	sum := sha256.Sum256(text.Bytes())
	return hex.EncodeToString(sum[:])
}

func (y Yearly) rows() [][]string {
	rows := [][]string{{"period", "item", "value", "unit", "quality", "energy_coverage", "interval_coverage"}}
	for _, m := range y.Months {
		period := fmt.Sprintf("%04d-%02d", y.Year, m.Month)
		if m.GridOK {
			rows = append(rows, []string{period, string(energy.GridImport), m.Grid.String(), string(energy.KilowattHour), "", "", ""})
		}
		if m.HasPUE {
			rows = append(rows, figureRows(period, m.Figure)...)
		}
	}
	for _, f := range y.Figures {
		rows = append(rows, figureRows(strconv.Itoa(y.Year), f)...)
	}
	for _, p := range y.Points {
		for i, d := range p.Days {
			value := ""
			if d.OK {
				value = d.Value.String()
			}
			rows = append(rows, []string{y.Dates[i].String(), string(p.ID), value, string(p.Quantity.Unit()), d.Quality.String(), exact(d.EnergyCoverage), exact(d.IntervalCoverage)})
		}
	}
	if y.Checkpoint != "" {
		rows = append(rows, []string{"log", "checkpoint", y.Checkpoint, "", "", "", ""})
	}
	return rows
}

// figureRows are a figure and its two sides.
func figureRows(period string, f kpi.Figure) [][]string {
	name, value := f.Name, ""
	if f.Category > 0 {
		name += "/" + strconv.Itoa(f.Category)
	}
	if f.OK {
		value = exact(f.Value)
	}
	energyCoverage, intervalCoverage := exact(f.EnergyCoverage), exact(f.IntervalCoverage)
	rows := [][]string{{period, name, value, string(f.Unit), "", energyCoverage, intervalCoverage}}
	if f.NumeratorUnit != "" {
		rows = append(rows, []string{period, name + "/numerator", f.Numerator.String(), string(f.NumeratorUnit), "", energyCoverage, intervalCoverage})
	}
	if f.DenominatorUnit != "" {
		rows = append(rows, []string{period, name + "/denominator", f.Denominator.String(), string(f.DenominatorUnit), "", energyCoverage, intervalCoverage})
	}
	return rows
}

// exact writes a number so that it reads back as itself.
func exact(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
