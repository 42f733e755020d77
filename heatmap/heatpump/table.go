package heatpump

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Table is a machine as its maker states it: heat and COP for source and sink
// temperatures, and loads where they are given. Between the entries it is linear in
// each; outside of them it has no answer.
type Table struct {
	name   string
	source axis // source_in_c
	sink   axis // sink_out_c
	load   axis // one entry of 1 where the table has no loads
	cop    []float64
	heat   []float64 // NaN throughout where the table has no capacities
}

// axis are the values of a coordinate, ascending.
type axis struct {
	name   string
	values []float64
}

// The columns of a maker's table.
const (
	columnSource      = "source_in_c"
	columnSink        = "sink_out_c"
	columnLoad        = "load"
	columnCOP         = "cop"
	columnElectricity = "electricity_kw"
	columnHeat        = "heat_kw"
)

// ReadTable reads a maker's table as CSV: commas between, points in numbers, and a
// header with source_in_c and sink_out_c, cop or both heat_kw and electricity_kw, and
// load (a share up to 1) where it is known. Each combination of source, sink and load
// must be there once. It gives every fault of the file with line and column, as
// [energy.Faults]; file names it.
func ReadTable(r io.Reader, file string) (*Table, error) {
	t := reading{file: file, csv: csv.NewReader(r), columns: map[string]int{}}
	t.csv.FieldsPerRecord, t.csv.TrimLeadingSpace, t.csv.ReuseRecord = -1, true, false
	if t.header() {
		for t.row() {
		}
	}
	table := t.table()
	if err := t.faults.Err(); err != nil {
		return nil, err
	}
	return table, nil
}

// reading is a table on its way in.
type reading struct {
	file    string
	csv     *csv.Reader
	columns map[string]int
	entries []entry
	faults  energy.Faults
}

// entry is a row.
type entry struct {
	source, sink, load, cop, heat float64
	line                          int
}

func (t *reading) fault(line, column int, problem, remedy string) {
	t.faults = append(t.faults, energy.Fault{File: t.file, Line: line, Column: column, Problem: problem, Remedy: remedy})
}

// next is the next record; false at the end and where it is no CSV.
func (t *reading) next() ([]string, bool) {
	record, err := t.csv.Read()
	var broken *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return nil, false
	case errors.As(err, &broken):
		t.fault(broken.Line, broken.Column, "this is no CSV", broken.Err.Error())
		return nil, false
	case err != nil:
		t.fault(0, 0, "the file ends before its end", err.Error())
		return nil, false
	}
	return record, true
}

// header finds the columns; false where a table cannot be read without them.
func (t *reading) header() bool {
	record, ok := t.next()
	if !ok {
		if len(t.faults) == 0 {
			t.fault(0, 0, "the file is empty", "a header with source_in_c, sink_out_c and cop is expected")
		}
		return false
	}
	if len(record) == 1 && strings.Contains(record[0], ";") {
		t.fault(1, 1, "semicolons between the columns", "commas between the columns and points in numbers are expected")
		return false
	}
	for i, name := range record {
		line, column := t.csv.FieldPos(i)
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		switch _, twice := t.columns[name]; {
		case twice:
			t.fault(line, column, fmt.Sprintf("a second column %q", name), "each column once is expected")
		case !slices.Contains([]string{columnSource, columnSink, columnLoad, columnCOP, columnElectricity, columnHeat}, name):
			t.fault(line, column, fmt.Sprintf("unknown column %q", name), "source_in_c, sink_out_c, load, cop, heat_kw or electricity_kw is expected")
		}
		t.columns[name] = i
	}
	has := func(name string) bool { _, ok := t.columns[name]; return ok }
	for _, name := range []string{columnSource, columnSink} {
		if !has(name) {
			t.fault(1, 1, "no column "+name, "a header with source_in_c, sink_out_c and cop is expected")
		}
	}
	if !has(columnCOP) && !(has(columnHeat) && has(columnElectricity)) {
		t.fault(1, 1, "no column cop", "cop, or heat_kw and electricity_kw, is expected")
	}
	return len(t.faults) == 0
}

// row reads one; false at the end.
func (t *reading) row() bool {
	record, ok := t.next()
	if !ok {
		return false
	}
	line, _ := t.csv.FieldPos(0)
	if len(record) != len(t.columns) {
		t.fault(line, 1, fmt.Sprintf("%d values", len(record)), fmt.Sprintf("%d, as in the header, are expected", len(t.columns)))
		return true
	}
	before := len(t.faults)
	e := entry{line: line, load: 1, heat: math.NaN()}
	e.source = t.number(record, columnSource, e.source, -50, 150, "a temperature from -50 to 150 °C is expected")
	e.sink = t.number(record, columnSink, e.sink, -50, 250, "a temperature from -50 to 250 °C is expected")
	e.load = t.number(record, columnLoad, e.load, math.SmallestNonzeroFloat64, 1, "a share above 0 and up to 1 is expected")
	e.heat = t.number(record, columnHeat, e.heat, math.SmallestNonzeroFloat64, 1e6, "a heat above 0 kW is expected")
	electricity := t.number(record, columnElectricity, math.NaN(), math.SmallestNonzeroFloat64, 1e6, "an electric power above 0 kW is expected")
	e.cop = t.number(record, columnCOP, e.heat/electricity, 0, 1000, "a number is expected")
	if len(t.faults) > before {
		return true
	}
	t.check(e, electricity)
	t.entries = append(t.entries, e)
	return true
}

// number reads a value of a column, or gives what holds where there is no such
// column.
func (t *reading) number(record []string, name string, without, low, high float64, remedy string) float64 {
	i, ok := t.columns[name]
	if !ok {
		return without
	}
	line, column := t.csv.FieldPos(i)
	text := strings.TrimSpace(record[i])
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) {
		t.fault(line, column, fmt.Sprintf("%q is no number", text), "digits with a point, such as 12.5, are expected")
		return without
	}
	if x < low || x > high {
		t.fault(line, column, fmt.Sprintf("%s is %s", name, text), remedy)
	}
	return x
}

// sameCOP is how far a stated COP may be from heat over electricity: makers round.
const sameCOP = 0.05

// check looks whether a machine can do what a row says.
func (t *reading) check(e entry, electricity float64) {
	name := columnCOP
	if _, ok := t.columns[name]; !ok {
		name = columnElectricity
	}
	line, column := t.csv.FieldPos(t.columns[name])
	hot, cold := kelvin(energy.Celsius(e.sink)), kelvin(energy.Celsius(e.source))
	switch {
	case !(e.cop > 1):
		t.fault(line, column, fmt.Sprintf("a COP of %.3g", e.cop), "more than 1 is expected: a heat pump gives more heat than it takes electricity")
	case hot > cold && e.cop >= hot/(hot-cold):
		t.fault(line, column, fmt.Sprintf("a COP of %.3g from %v to %v °C", e.cop, e.source, e.sink), fmt.Sprintf("less than %.3g, which an ideal machine reaches, is expected", hot/(hot-cold)))
	case math.Abs(e.cop-e.heat/electricity) > sameCOP*e.cop:
		t.fault(line, column, fmt.Sprintf("a COP of %.3g beside %v kW of heat and %v kW of electricity", e.cop, e.heat, electricity), fmt.Sprintf("%.3g is expected", e.heat/electricity))
	}
}

// table puts the entries on their grid.
func (t *reading) table() *Table {
	if len(t.faults) > 0 {
		return nil
	}
	if len(t.entries) == 0 {
		t.fault(0, 0, "the table has no rows", "a row for each source and sink temperature is expected")
		return nil
	}
	values := func(name string, of func(e entry) float64) axis {
		a := axis{name: name}
		for _, e := range t.entries {
			a.values = append(a.values, of(e))
		}
		slices.Sort(a.values)
		a.values = slices.Compact(a.values)
		return a
	}
	table := &Table{name: t.file, source: values(columnSource, func(e entry) float64 { return e.source }),
		sink: values(columnSink, func(e entry) float64 { return e.sink }), load: values(columnLoad, func(e entry) float64 { return e.load })}
	n := len(table.source.values) * len(table.sink.values) * len(table.load.values)
	if n > maximumEntries {
		t.fault(0, 0, fmt.Sprintf("%d combinations of source, sink and load", n), "a table with rows for each of few temperatures is expected")
		return nil
	}
	table.cop, table.heat = make([]float64, n), make([]float64, n)
	lines := make([]int, n)
	for _, e := range t.entries {
		i := table.index(table.source.at(e.source), table.sink.at(e.sink), table.load.at(e.load))
		if lines[i] != 0 {
			t.fault(e.line, 1, fmt.Sprintf("source %v, sink %v °C and load %v once more", e.source, e.sink, e.load), fmt.Sprintf("one row is expected; the other is line %d", lines[i]))
			continue
		}
		table.cop[i], table.heat[i], lines[i] = e.cop, e.heat, e.line
	}
	for i, line := range lines {
		if line == 0 {
			source, sink, load := table.place(i)
			t.fault(0, 0, fmt.Sprintf("no row for source %v, sink %v °C and load %v", source, sink, load), "each combination is expected: nothing is guessed between what is not there")
		}
	}
	return table
}

// maximumEntries is more than any maker prints.
const maximumEntries = 100_000

// at is the place of a value that is on the axis.
func (a axis) at(x float64) int {
	i, _ := slices.BinarySearch(a.values, x)
	return i
}

// index is the place of an entry; place is its way back.
func (t *Table) index(source, sink, load int) int {
	return (source*len(t.sink.values)+sink)*len(t.load.values) + load
}

func (t *Table) place(i int) (source, sink, load float64) {
	loads, sinks := len(t.load.values), len(t.sink.values)
	return t.source.values[i/loads/sinks], t.sink.values[i/loads%sinks], t.load.values[i%loads]
}

// between finds the entries on either side of x and how far from the lower it is; an
// entry itself is both sides. It errs outside of the axis.
func (a axis) between(x float64) (low, high int, share float64, err error) {
	first, last := a.values[0], a.values[len(a.values)-1]
	if !(x >= first && x <= last) {
		return 0, 0, 0, &RangeError{a.name, x, first, last}
	}
	high, found := slices.BinarySearch(a.values, x)
	if found {
		return high, high, 0, nil
	}
	low = high - 1
	return low, high, (x - a.values[low]) / (a.values[high] - a.values[low]), nil
}

// Point is what the maker states, between entries linear in source, sink and load. A
// table without loads holds for full load; below it, its COP is taken to stay.
func (t *Table) Point(c Conditions) (Point, error) {
	load := c.Load
	if t.loadless() && load > 0 && load < 1 {
		load = 1
	}
	s0, s1, s, err := t.source.between(float64(c.SourceIn))
	if err != nil {
		return Point{}, err
	}
	k0, k1, k, err := t.sink.between(float64(c.SinkOut))
	if err != nil {
		return Point{}, err
	}
	l0, l1, l, err := t.load.between(load)
	if err != nil {
		return Point{}, err
	}
	mix := func(column []float64, load int) float64 {
		at := func(source, sink int) float64 { return column[t.index(source, sink, load)] }
		low := at(s0, k0)*(1-k) + at(s0, k1)*k
		high := at(s1, k0)*(1-k) + at(s1, k1)*k
		return low*(1-s) + high*s
	}
	p := Point{COP: mix(t.cop, l0)*(1-l) + mix(t.cop, l1)*l}
	// What it can give is what it gives at the greatest load that the table has.
	if most := mix(t.heat, len(t.load.values)-1) / t.load.values[len(t.load.values)-1]; !math.IsNaN(most) {
		p.Capacity = heatmap.Kilowatts(most)
	}
	return p, nil
}

// loadless tells whether the table says nothing of loads.
func (t *Table) loadless() bool { return len(t.load.values) == 1 && t.load.values[0] == 1 }

// Basis names the table.
func (t *Table) Basis() string { return "maker's table " + t.name }
