package plan

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// statedHours is how a series came about that is stated hour by hour.
const statedHours heatmap.MethodCode = "declared_hours"

// readStated reads the file of a source: the columns month,power_kw with the mean
// power of each month, or at,power_kw with that of every hour of the year that is
// known. It gives powers of the hours of the year, NaN where none is stated.
func (s Scenario) readStated(file string, src []byte) (hours []float64, method heatmap.MethodCode, faults energy.Faults) {
	year, err := s.Span()
	if err != nil {
		panic("plan: read a source of a scenario with faults: " + err.Error())
	}
	t := newTable(file, src, "power_kw")
	if !t.has("month") {
		hours = t.hours(year, "power_kw", 0, 1e6)
		return hours, statedHours, t.faults
	}
	calendar, _ := s.Calendar()
	hours = unknown(year)
	seen := map[int]bool{}
	for t.next() {
		month := int(t.number("month", 1, 12))
		power := t.number("power_kw", 0, 1e6)
		if month == 0 {
			continue
		}
		if seen[month] {
			t.fault("month", fmt.Sprintf("month %d stands twice", month), "give each month one row")
		}
		seen[month] = true
		p := calendar.Month(s.Year, time.Month(month))
		for i := int(p.From.Sub(year.From) / time.Hour); i < int(p.To.Sub(year.From)/time.Hour); i++ {
			hours[i] = power
		}
	}
	if len(t.faults) == 0 && len(seen) < 12 {
		t.broken(fmt.Sprintf("%d of 12 months are there", len(seen)), "a row for each month, 0 where nothing is given, is expected")
	}
	return hours, heatmap.DeclaredMonths, t.faults
}

// statedSeries is the source of a file as a series in hours.
func (s Scenario) statedSeries(source Source, src []byte) (heatmap.Series, energy.Faults) {
	powers, method, faults := s.readStated(source.File, src)
	if len(faults) > 0 {
		return heatmap.Series{}, faults
	}
	year, _ := s.Span()
	available := source.Availability
	if available == 0 {
		available = 1
	}
	grade := gradeOf(source.Grade)
	n := len(powers)
	c := heatmap.Columns{Power: make([]heatmap.Kilowatts, n), Grade: make([]heatmap.Grade, n), Limit: make([]heatmap.Limit, n)}
	for i, p := range powers {
		c.Power[i] = heatmap.Kilowatts(p * available)
		if p == p {
			c.Grade[i], c.Limit[i] = grade, heatmap.SupplyLimited
		}
	}
	h := heatmap.Header{Source: heatmap.SourceID(source.ID), Kind: heatmap.Stated, Method: heatmap.Method{Code: method, Source: source.Document}, From: year.From, Step: time.Hour}
	series, err := heatmap.New(h, c)
	if err != nil {
		panic("plan: a table that was checked: " + err.Error())
	}
	return standing(series, source.Flow, source.Return), nil
}

// standing puts stated temperatures where none was measured and heat flows.
func standing(s heatmap.Series, flow, back *float64) heatmap.Series {
	if flow == nil && back == nil {
		return s
	}
	c := s.Columns()
	stand := func(measured []energy.Celsius, stated *float64) []energy.Celsius {
		if stated == nil {
			return measured
		}
		out := make([]energy.Celsius, len(c.Power))
		for i, p := range c.Power {
			out[i] = energy.Celsius(math.NaN())
			switch {
			case measured != nil && measured[i] == measured[i]:
				out[i] = measured[i]
			case p > 0:
				out[i] = energy.Celsius(*stated)
			}
		}
		return out
	}
	c.Flow, c.Return = stand(c.Flow, flow), stand(c.Return, back)
	made, err := heatmap.New(s.Header, c)
	if err != nil {
		panic("plan: a series with other temperatures: " + err.Error())
	}
	return made
}

// unknown are the hours of a year of which nothing is known.
func unknown(year energy.Period) []float64 {
	hours := make([]float64, int(year.Length()/time.Hour))
	for i := range hours {
		hours[i] = math.NaN()
	}
	return hours
}

// table reads a CSV with a header, commas and decimal points, and names every fault.
type table struct {
	file    string
	csv     *csv.Reader
	columns map[string]int
	fields  []string
	faults  energy.Faults
}

// newTable reads the header, which must have a column.
func newTable(file string, src []byte, column string) *table {
	t := &table{file: file, csv: csv.NewReader(bytes.NewReader(bytes.TrimPrefix(src, []byte("\uFEFF")))), columns: map[string]int{}}
	t.csv.FieldsPerRecord, t.csv.Comment, t.csv.TrimLeadingSpace = -1, '#', true
	header, err := t.csv.Read()
	if err != nil {
		t.csv = nil
		t.broken("the table is empty or broken", "a header with "+column+", and commas between the fields, are expected")
		return t
	}
	for i, name := range header {
		t.columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	if !t.has(column) {
		t.csv = nil
		t.broken(fmt.Sprintf("the column %q is missing", column), "the header has "+strings.Join(header, ", ")+": it names the columns, commas between them; a line of explanation begins with #")
	}
	return t
}

func (t *table) has(column string) bool { _, ok := t.columns[column]; return ok }

// next goes to the next row; false at the end.
func (t *table) next() bool {
	if t.csv == nil {
		return false
	}
	fields, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return false
	}
	if err != nil {
		var at *csv.ParseError
		if errors.As(err, &at) {
			t.faults = append(t.faults, energy.Fault{File: t.file, Line: at.Line, Column: at.Column, Problem: at.Err.Error(), Remedy: "check quotes and commas"})
		}
		return false
	}
	t.fields = fields
	return true
}

func (t *table) text(column string) string {
	if i, ok := t.columns[column]; ok && i < len(t.fields) {
		return strings.TrimSpace(t.fields[i])
	}
	return ""
}

// number is a field from low to high; a fault and 0 if it is none.
func (t *table) number(column string, low, high float64) float64 {
	x, err := strconv.ParseFloat(t.text(column), 64)
	if err != nil || !(x >= low && x <= high) {
		t.fault(column, fmt.Sprintf("%s is %q", column, t.text(column)), fmt.Sprintf("a number from %g to %g is expected", low, high))
		return 0
	}
	return x
}

// hours are the values of a column by the hour that its row's "at" begins.
func (t *table) hours(year energy.Period, column string, low, high float64) []float64 {
	out := unknown(year)
	if t.csv != nil && !t.has("at") {
		t.csv = nil
		t.broken(`the column "at" is missing`, "at is the beginning of the hour in RFC 3339 with offset")
	}
	for t.next() {
		at, err := time.Parse(time.RFC3339, t.text("at"))
		switch {
		case err != nil:
			t.fault("at", fmt.Sprintf("at is %q", t.text("at")), "the beginning of an hour in RFC 3339 with offset, such as 2025-01-01T00:00:00+01:00, is expected")
			continue
		case !at.Equal(at.Truncate(time.Hour)):
			t.fault("at", fmt.Sprintf("at is %q", t.text("at")), "the beginning of a whole hour is expected")
			continue
		}
		x := t.number(column, low, high)
		if !year.Contains(at) {
			continue // a file may hold more than the year
		}
		i := int(at.Sub(year.From) / time.Hour)
		if out[i] == out[i] {
			t.fault("at", fmt.Sprintf("the hour %s stands twice", t.text("at")), "give each hour one row")
		}
		out[i] = x
	}
	return out
}

// mostFaults is how many faults of a table are named: after that it is not mended by
// reading on.
const mostFaults = 100

// fault is a fault of a field of the row.
func (t *table) fault(column, problem, remedy string) {
	if len(t.faults) >= mostFaults {
		return
	}
	f := energy.Fault{File: t.file, Problem: problem, Remedy: remedy}
	if i, ok := t.columns[column]; ok && i < len(t.fields) {
		f.Line, f.Column = t.csv.FieldPos(i)
	} else if len(t.fields) > 0 {
		f.Line, _ = t.csv.FieldPos(0)
	}
	t.faults = append(t.faults, f)
}

// broken is a fault of the table as a whole.
func (t *table) broken(problem, remedy string) {
	t.faults = append(t.faults, energy.Fault{File: t.file, Line: 1, Column: 1, Problem: problem, Remedy: remedy})
}
