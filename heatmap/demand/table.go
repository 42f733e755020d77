package demand

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
	"heatledger/heatmap/geo"
)

// table is a CSV file or the first sheet of a workbook on its way to features.
type table struct {
	*reader
	columns []column
	rows    []tableRow
	numbers numbers
	// Where the rows get their geometries: a column of WKT, two of positions, or
	// features of the same ids. -1: there is no such column.
	wkt, longitude, latitude int
	joined                   map[string]geo.Feature
}

// column is a column of the header.
type column struct {
	name     string
	line, at int
	number   bool // its cells are numbers
}

// tableRow is a row with its texts; stored tells of numbers of a workbook, whose
// form is settled.
type tableRow struct {
	line   int
	texts  []string
	stored []bool
	// What is wrong with the row as it stands, in which cell; "": nothing.
	problem, remedy string
	at              int
}

// maxRows is how many rows of a table are read.
const maxRows = 1_000_000

// table makes features of the rows of a table.
func (r *reader) table(src []byte) []geo.Feature {
	t := &table{reader: r}
	t.read(src)
	if len(t.faults) > 0 || !t.place() {
		return nil
	}
	t.settle()
	g := geo.Options{CRS: r.options.CRS, Area: r.options.Area}
	if t.joined != nil {
		g.CRS = geo.WGS84 // those they are joined to are in degrees already
	}
	examiner := geo.NewExaminer(r.file, g)
	for i, row := range t.rows {
		t.add(examiner, i+1, row)
	}
	read, faults := examiner.Features()
	t.faults = append(t.faults, faults...)
	return read.List
}

// fault notes one of the file or its header: then no row can be understood.
func (t *table) fault(line, at int, problem, remedy string) {
	t.faults = append(t.faults, energy.Fault{File: t.file, Line: line, Column: at, Problem: problem, Remedy: remedy})
}

// read takes in header and rows.
func (t *table) read(src []byte) {
	const remedy = "CSV with a header, an Excel workbook, GeoJSON or GeoPackage is expected"
	limits := sheet.Defaults()
	limits.Rows, limits.Columns = maxRows, 500
	book, err := sheet.Open(bytes.NewReader(src), int64(len(src)), limits)
	if err == nil {
		err = book.Rows(0, t.row)
	}
	var faults energy.Faults
	switch {
	case errors.As(err, &faults):
		for _, f := range faults {
			f.File = t.file
			t.faults = append(t.faults, f)
		}
	case err != nil:
		t.fault(0, 0, err.Error(), remedy)
	case len(t.columns) == 0:
		t.fault(0, 0, "the file is empty", remedy)
	case len(t.rows) == 0:
		t.fault(t.columns[0].line, 0, "there is no row below the header", "one for each area is expected")
	}
}

// row takes in one; the first is the header.
func (t *table) row(r sheet.Row) error {
	if t.columns == nil {
		t.header(r)
		return nil
	}
	row := tableRow{line: r.Number, texts: make([]string, len(t.columns)), stored: make([]bool, len(t.columns))}
	empty := true
	for i, cell := range r.Cells {
		text := cell.Text
		switch cell.Kind {
		case sheet.Empty:
			continue
		case sheet.Unstored, sheet.Failed:
			row.problem, row.remedy, row.at, empty = "the cell holds no result", "store values in place of formulas and errors", i+1, false
			continue
		case sheet.Moment:
			text = cell.Wall.Format("2006-01-02")
		}
		if i >= len(t.columns) {
			row.problem, row.remedy, row.at, empty = fmt.Sprintf("the row has more cells than the header, %d", len(t.columns)), "put texts with separators in quotes", i+1, false
			break
		}
		row.texts[i], row.stored[i] = strings.TrimSpace(text), cell.Kind == sheet.Number
		empty = empty && row.texts[i] == ""
	}
	if !empty {
		t.rows = append(t.rows, row)
	}
	return nil
}

// header takes in the names of the columns. Capitals do not tell them apart, for
// people write them as they like.
func (t *table) header(r sheet.Row) {
	t.columns = []column{}
	for i, cell := range r.Cells {
		name := strings.TrimSpace(cell.Text)
		if name != "" && slices.ContainsFunc(t.columns, func(c column) bool { return strings.EqualFold(c.name, name) }) {
			t.fault(r.Number, i+1, fmt.Sprintf("the column %q stands twice", name), "keep one")
		}
		t.columns = append(t.columns, column{name: name, line: r.Number, at: i + 1})
	}
}

// find is the place of a column by its name; -1: there is none.
func (t *table) find(name string) int {
	return slices.IndexFunc(t.columns, func(c column) bool { return strings.EqualFold(c.name, name) })
}

// place finds the columns; false where the rows cannot be placed on a map.
func (t *table) place() bool {
	c := t.options.Columns
	names := make([]string, len(t.columns))
	for i, column := range t.columns {
		names[i] = column.name
	}
	for _, f := range append(c.fields(), c.places()...) {
		if name := cmp.Or(*f.name, f.usual); t.find(name) < 0 && (t.asked[f.field] || f.field == "id" || f.field == "heat") {
			t.lack(f, names)
		}
	}
	for _, name := range []string{c.Heat, c.Peak, c.Flow, c.Return, c.Connections, c.StreetMetres, c.Longitude, c.Latitude} {
		if i := t.find(name); i >= 0 {
			t.columns[i].number = true
		}
	}
	t.wkt, t.longitude, t.latitude = t.find(c.Geometry), t.find(c.Longitude), t.find(c.Latitude)
	switch {
	case t.wkt >= 0:
	case t.longitude >= 0 && t.latitude >= 0:
	case t.options.Geometries != nil:
		t.joined = make(map[string]geo.Feature, len(t.options.Geometries))
		for _, f := range t.options.Geometries {
			t.joined[f.ID] = f
		}
	case t.lacking["geometry"] || t.lacking["lon"] || t.lacking["lat"]:
		return false // named already
	default:
		t.fault(t.columns[0].line, 0, "the rows have no geometries", fmt.Sprintf("add a column %q, columns %q and %q, or give the geometries they are joined to by their ids", c.Geometry, c.Longitude, c.Latitude))
		return false
	}
	return true
}

// settle finds the decimal sign of the file.
func (t *table) settle() {
	for _, row := range t.rows {
		for i, c := range t.columns {
			if c.number && !row.stored[i] {
				t.numbers.see(row.texts[i])
			}
		}
	}
}

// add makes a candidate of a row. A cell at fault refuses its row, and no other; what
// is wrong with it first is named, for the rest often follows from it.
func (t *table) add(e *geo.Examiner, number int, row tableRow) {
	c := geo.Candidate{Number: number, Line: row.line, Column: max(1, row.at), Problem: row.problem, Remedy: row.remedy}
	id := t.options.Columns.ID
	if id == "" {
		id = "id"
	}
	numbers := make(map[int]float64)
	for i, column := range t.columns {
		text := row.texts[i]
		if strings.EqualFold(column.name, id) {
			c.ID = text
		}
		if column.name == "" || text == "" || i == t.wkt {
			continue
		}
		p := geo.Property{Name: t.named(column.name), Value: text}
		if column.number {
			x, problem, remedy := t.numbers.read(text, row.stored[i])
			if problem != "" {
				if c.Problem == "" {
					c.Problem, c.Remedy, c.Column = column.name+": "+problem, remedy, column.at
				}
				continue
			}
			p.Value, numbers[i] = x, x
		}
		c.Properties = append(c.Properties, p.Placed(row.line, column.at))
	}
	if c.Problem == "" {
		t.locate(&c, row, numbers)
	}
	e.Add(c)
}

// named is a column by the name it was asked for, whatever its capitals.
func (t *table) named(name string) string {
	c := t.options.Columns
	for _, asked := range []string{c.ID, "id", c.Name, c.Heat, c.Peak, c.Profile, c.Flow, c.Return, c.Connections, c.StreetMetres, c.Grade, c.Source, c.Longitude, c.Latitude} {
		if strings.EqualFold(asked, name) {
			return asked
		}
	}
	return name
}

// locate gives a candidate its geometry.
func (t *table) locate(c *geo.Candidate, row tableRow, numbers map[int]float64) {
	switch {
	case t.wkt >= 0:
		if row.texts[t.wkt] == "" {
			return // it has none, which is named
		}
		g, heights, err := geo.ParseWKT(row.texts[t.wkt])
		if err != nil {
			c.Problem, c.Remedy, c.Column = err.Error(), "write a geometry such as POINT (8.68 50.11)", t.columns[t.wkt].at
			return
		}
		c.Geometry, c.Heights = g, heights
	case t.joined != nil:
		f, ok := t.joined[c.ID]
		if c.ID != "" && !ok {
			c.Problem, c.Remedy = "it has demand and no area: no geometry has its id", "correct the id, add the geometry, or leave the row out"
			return
		}
		c.Geometry = f.Geometry
	default:
		x, hasX := numbers[t.longitude]
		y, hasY := numbers[t.latitude]
		if hasX && hasY {
			c.Geometry = geo.Point{X: x, Y: y}
		}
	}
}
