package network

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// table reads a CSV with a header, comma-separated with decimal points, "#"
// before comments. It gathers what is wrong with it.
type table struct {
	file    string
	columns map[string]int
	faults  energy.Faults
}

// row is one line of a table.
type row struct {
	table  *table
	fields []string
	place  func(field int) (line, column int)
}

// read calls each with every row; columns are those the table has to have.
func (t *table) read(src []byte, columns []string, each func(row)) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(src), "\uFEFF")))
	r.Comment = '#'
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		t.broken(err, columns)
		return
	}
	t.columns = make(map[string]int)
	for i, name := range header {
		line, column := r.FieldPos(i)
		name = strings.TrimSpace(name)
		if _, twice := t.columns[name]; twice {
			t.fault(line, column, fmt.Sprintf("the column %q stands twice", name), "keep one")
		} else if !slices.Contains(columns, name) {
			t.fault(line, column, fmt.Sprintf("the column %q is not known", name), strictyaml.Suggest(name, columns))
		}
		t.columns[name] = i
	}
	for _, name := range columns {
		if _, ok := t.columns[name]; !ok {
			t.fault(1, 1, fmt.Sprintf("the column %q is missing", name), "the header is "+strings.Join(columns, ","))
		}
	}
	if len(t.faults) > 0 {
		return
	}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.broken(err, columns)
			return
		}
		line, column := r.FieldPos(0)
		if len(fields) != len(header) {
			t.fault(line, column, fmt.Sprintf("the row has %d fields", len(fields)), fmt.Sprintf("%d are expected: decimal points, commas between fields", len(header)))
			continue
		}
		places := make([][2]int, len(fields))
		for i := range fields {
			places[i][0], places[i][1] = r.FieldPos(i)
		}
		each(row{t, fields, func(i int) (int, int) { return places[i][0], places[i][1] }})
	}
}

func (t *table) broken(err error, columns []string) {
	var at *csv.ParseError
	switch {
	case errors.As(err, &at):
		t.fault(at.Line, at.Column, at.Err.Error(), "check quotes and commas")
	default:
		t.fault(1, 1, "the table is empty", "the header is "+strings.Join(columns, ","))
	}
}

func (t *table) fault(line, column int, problem, remedy string) {
	t.faults = append(t.faults, energy.Fault{File: t.file, Line: line, Column: column, Problem: problem, Remedy: remedy})
}

func (r row) text(column string) string { return strings.TrimSpace(r.fields[r.table.columns[column]]) }

// fault is a fault of a field.
func (r row) fault(column, problem, remedy string) {
	line, at := r.place(r.table.columns[column])
	r.table.fault(line, at, problem, remedy)
}

// number is a field from low to high; a fault and 0 if it is none.
func (r row) number(column string, low, high float64) float64 {
	x, err := strconv.ParseFloat(r.text(column), 64)
	if err != nil || !(x >= low && x <= high) {
		r.fault(column, fmt.Sprintf("%s is %q", column, r.text(column)), fmt.Sprintf("a number from %g to %g is expected", low, high))
		return 0
	}
	return x
}
