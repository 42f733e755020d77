package intake

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
)

// Series tells how the readings of a point are to be understood; ok is false
// for one that the registry does not know.
type Series func(energy.PointID) (kind energy.SeriesKind, ok bool)

// ReadTable reads a table by a mapping, row by row, and hands each value to take
// or says to reject why it is none, with its cell. Nothing is guessed: where the
// decimal sign, the pass of a local hour or the value of a formula is open, the
// cell is asked back. It returns energy.Faults where the file or the mapping as
// a whole is wrong.
func ReadTable(r io.ReaderAt, size int64, m Mapping, series Series, take func(Row), reject func(Rejection)) error {
	if faults := m.Check(); len(faults) > 0 {
		return faults
	}
	book, err := sheet.Open(r, size, sheet.Limits{})
	if err != nil {
		return err
	}
	number, err := sheetOf(book, m.Sheet)
	if err != nil {
		return err
	}
	if len(m.Columns) == 0 {
		return energy.Faults{{File: "mapping", Problem: "no column is mapped", Remedy: "say what the columns are, or hand in a file with the header point,at,value"}}
	}
	t := &table{mapping: m, series: series, take: take, reject: reject, waiting: map[energy.PointID][]*tableRow{}}
	t.prepare()
	if t.digits.decimal == 0 {
		if t.digits.decimal, err = settledSign(book, number, m); err != nil {
			return err
		}
	}
	if err := book.Rows(number, t.row); err != nil {
		return err
	}
	t.settleAll()
	return nil
}

// sheetOf is the position of a sheet; "" is the first.
func sheetOf(book *sheet.Book, name string) (int, error) {
	if name == "" || book.Form == sheet.CSV {
		return 0, nil
	}
	for i, s := range book.Sheets {
		if strings.EqualFold(s, name) {
			return i, nil
		}
	}
	return 0, energy.Faults{{File: "mapping", Problem: fmt.Sprintf("the workbook has no visible sheet %.40q", name), Remedy: "its sheets are " + strings.Join(book.Sheets, ", ")}}
}

// settledSign is the decimal sign that the texts of all value columns agree on;
// 0: nothing settles it, or they contradict each other.
func settledSign(book *sheet.Book, number int, m Mapping) (byte, error) {
	var columns []int
	for _, c := range m.Columns {
		if c.Is == MeansValue {
			columns = append(columns, sheet.ColumnNumber(c.Column)-1)
		}
	}
	var signs [2]bool
	err := book.Rows(number, func(row sheet.Row) error {
		if row.Number < m.first() {
			return nil
		}
		for _, c := range columns {
			if c >= len(row.Cells) || row.Cells[c].Kind != sheet.Text || !looksLikeNumber(row.Cells[c].Text) {
				continue
			}
			switch sign, open := signsIn(row.Cells[c].Text); {
			case open || sign == 0:
			case sign == '.':
				signs[0] = true
			default:
				signs[1] = true
			}
		}
		if signs[0] && signs[1] {
			return errSettled
		}
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errSettled):
		return 0, err
	case signs[0] == signs[1]:
		return 0, nil
	case signs[0]:
		return '.', nil
	}
	return ',', nil
}

var errSettled = errors.New("the signs are settled")

// table is a table on its way.
type table struct {
	mapping Mapping
	series  Series
	take    func(Row)
	reject  func(Rejection)
	digits  digits
	zone    energy.Calendar
	length  time.Duration

	time, clock, to      int // columns from 0; -1: none
	point, unit, quality int
	values               []int // columns of values
	points               []energy.PointID
	units                []energy.Unit
	waiting              map[energy.PointID][]*tableRow // rows of an hour that is run twice, by point; "" where rows are of all points
	count                int
	kinds                map[energy.PointID]energy.SeriesKind
	interval             bool
	profile              bool // all values are said to be of intervals: a label stands, and no column is there that needs it
}

// tableRow is a row whose time may not be settled yet.
type tableRow struct {
	number    int
	begin, to moment
	text      string // of the time
	rows      []Row
}

func (t *table) prepare() {
	t.time, t.clock, t.to, t.point, t.unit, t.quality = -1, -1, -1, -1, -1, -1
	t.digits = t.mapping.digits()
	t.zone, _ = t.mapping.zone() // both were checked
	t.length, _ = t.mapping.step()
	t.kinds = map[energy.PointID]energy.SeriesKind{}
	for _, c := range t.mapping.Columns {
		n := sheet.ColumnNumber(c.Column) - 1
		switch c.Is {
		case MeansTime, MeansDate, MeansFrom:
			t.time, t.interval = n, c.Is == MeansFrom
		case MeansClock:
			t.clock = n
		case MeansTo:
			t.to = n
		case MeansPoint:
			t.point = n
		case MeansUnit:
			t.unit = n
		case MeansQuality:
			t.quality = n
		case MeansValue:
			t.values, t.points, t.units = append(t.values, n), append(t.points, c.Point), append(t.units, c.Unit)
		}
	}
	t.profile = t.labelledInVain()
}

// labelledInVain tells whether a label is stated although every column of values
// is of a counter: whoever says that takes a load profile for standings. A table
// with a column of points may hold both kinds, and says nothing.
func (t *table) labelledInVain() bool {
	return t.mapping.Label != "" && t.point < 0 && !slices.ContainsFunc(t.points, func(id energy.PointID) bool {
		kind, _ := t.kindOf(id)
		return kind != energy.Counter
	})
}

func cellAt(row sheet.Row, column int) sheet.Cell {
	if column < 0 || column >= len(row.Cells) {
		return sheet.Cell{}
	}
	return row.Cells[column]
}

// row takes one row of the table.
func (t *table) row(row sheet.Row) error {
	if row.Number < t.mapping.first() {
		return nil
	}
	r := tableRow{number: row.Number}
	refuse := func(column int, name string, code Code, reason, hint string) {
		t.reject(Rejection{Row: row.Number, Column: name, Cell: sheet.At(column+1, row.Number), Code: code, Reason: short(reason), Hint: hint})
	}
	cell := cellAt(row, t.time)
	if !t.any(row) {
		return nil // a remark, a sum without values
	}
	var hint string
	r.text = cell.Text
	if r.begin, hint = momentOf(cell, cellAt(row, t.clock), t.zone); hint != "" {
		refuse(t.time, t.timeName(), CodeTime, quote(cell.Text)+" is no instant", hint)
		return nil
	}
	if t.to >= 0 && cellAt(row, t.to).Kind != sheet.Empty {
		if r.to, hint = momentOf(cellAt(row, t.to), sheet.Cell{}, t.zone); hint != "" {
			refuse(t.to, "to", CodeTime, quote(cellAt(row, t.to).Text)+" is no instant", hint)
			return nil
		}
	}
	point := energy.PointID("")
	if t.point >= 0 {
		var ok bool
		if point, ok = t.named(cellAt(row, t.point).Text); !ok {
			refuse(t.point, "point", CodeName, quote(cellAt(row, t.point).Text)+" names no point", "map the name to a point, or write the point's full id")
			return nil
		}
	}
	quality := energy.Measured
	if text := cellAt(row, t.quality).Text; t.quality >= 0 {
		var ok bool
		if quality, ok = qualityOf(text); !ok {
			refuse(t.quality, "quality", CodeQuality, quote(text)+" is no quality", "leave it empty for a value read from the meter; substitute, declared, suspect and missing are the others")
			return nil
		}
	}
	for i, column := range t.values {
		one := Row{Number: row.Number, Column: column + 1, Point: point, Unit: t.units[i], Quality: quality}
		if point == "" {
			one.Point = t.points[i]
		}
		if text := cellAt(row, t.unit).Text; text != "" {
			one.Unit = energy.Unit(text)
		}
		rejection := t.value(cellAt(row, column), &one)
		if rejection != nil {
			rejection.Row, rejection.Cell = row.Number, sheet.At(column+1, row.Number)
			t.reject(*rejection)
			continue
		}
		r.rows = append(r.rows, one)
	}
	t.hold(point, &r)
	return nil
}

// any tells whether a row has a value or a time that is more than a remark.
func (t *table) any(row sheet.Row) bool {
	if cellAt(row, t.time).Kind != sheet.Empty {
		return true
	}
	for _, column := range t.values {
		if cellAt(row, column).Kind != sheet.Empty {
			return true
		}
	}
	return false
}

func (t *table) timeName() string {
	if t.interval {
		return "from"
	}
	return "at"
}

// value reads the value of a cell into a row.
func (t *table) value(cell sheet.Cell, row *Row) *Rejection {
	refuse := func(code Code, reason, hint string) *Rejection {
		return &Rejection{Column: "value", Code: code, Reason: short(reason), Hint: hint}
	}
	if row.Quality == energy.Missing {
		row.Absent = true
		return nil
	}
	switch cell.Kind {
	case sheet.Empty:
		row.Absent, row.Quality = true, energy.Missing
		return nil
	case sheet.Number:
		v, err := energy.ParseValue(cell.Text)
		if err != nil {
			return refuse(CodeValue, err.Error(), "leave the cell empty where there is no value")
		}
		row.Value = v
		return nil
	case sheet.Text:
		v, code, reason, hint := t.digits.number(cell.Text)
		if code != "" {
			return refuse(code, reason, hint)
		}
		row.Value = v
		return nil
	case sheet.Unstored:
		return refuse(CodeFormula, "the cell has a formula, and the workbook does not hold its result", "save the workbook in your spreadsheet program, or put the value in place of the formula: nothing is computed here")
	case sheet.Failed:
		return refuse(CodeFormula, "the cell shows the error "+quote(cell.Text), "mend the formula, or leave the cell empty where there is no value")
	}
	return refuse(CodeCell, "the cell holds a date or a truth, no number", "check which columns hold values, and how the cell is formatted")
}

// named is the point that a cell names.
func (t *table) named(text string) (energy.PointID, bool) {
	if id, ok := t.mapping.Names[text]; ok {
		return id, true
	}
	id := energy.PointID(text)
	return id, id.Check() == nil
}

// qualityOf reads a quality by our name or by those of load profiles.
func qualityOf(text string) (q energy.Quality, ok bool) {
	switch strings.ToLower(text) {
	case "", "w", "wahr", "wahrer wert", "gemessen", "abgelesen", "true", "220":
		return energy.Measured, true
	case "e", "ersatzwert", "ersatz", "67", "estimated", "geschätzt":
		return energy.Substitute, true
	case "f", "fehlt", "fehlend", "20":
		return energy.Missing, true
	}
	return q, q.UnmarshalText([]byte(strings.ToLower(text))) == nil
}
