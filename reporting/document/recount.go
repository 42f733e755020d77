package document

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/reporting/cell"
)

// WriteRecount writes the workbook of [WriteXLSX] with four sheets more, in
// which every figure of the year is computed once again by formulas alone: from
// the amounts of the quarter-hours as integers in the fixed unit of their
// quantity (mWh, ml), and from how each quarter-hour counts ([ledger.State]). The
// last sheet shows ours, the sheet's, the difference, and whether they agree.
// Which points a figure adds up is taken over; what becomes of them is not.
// Rows are streamed; memory holds one site's year.
func WriteRecount(w io.Writer, y Yearly, k *ledger.Workings, lang Lang) error {
	words, err := in(lang)
	if err != nil {
		return err
	}
	b := &book{File: excelize.NewFile().SetZipWriter(newOrderedZip), words: words, y: y}
	defer b.Close() // frees temporary files of large sheets
	r := newRecount(b, k, recountingIn(lang))
	if err = b.build(); err == nil {
		err = r.build()
	}
	if err == nil {
		_, err = b.WriteTo(w)
	}
	if err != nil {
		return fmt.Errorf("write the recount of %s %d: %w", y.Site, y.Year, err)
	}
	return nil
}

// Workings asks what the figures of a report are computed from: as the report
// does, as known at an instant (zero is now), and where new facts came in since,
// as of the report.
func Workings(ctx context.Context, l *ledger.Ledger, y Yearly, at time.Time) (*ledger.Workings, error) {
	k, err := l.Workings(ctx, y.Site, y.Year, at)
	if err == nil && k.Fact != y.Fact {
		k, err = l.Workings(ctx, y.Site, y.Year, y.AsKnown)
	}
	if err != nil {
		return nil, fmt.Errorf("recount %s of %d: %w", y.Site, y.Year, err)
	}
	return k, nil
}

// firstData is the row below the headings.
const firstData = 2

// recount is what is computed once again, on its way.
type recount struct {
	*book
	k     *ledger.Workings
	says  recounting
	rows  []quarterRow
	hours []hourRow

	column   map[energy.PointID]int // of its amounts; how they count is in the next
	quarterX extras
	hourX    extras
	rowsOf   []([]any) // of the sheet of figures
	crossing []crossing
	checks   [][]any
	blocks   []*block
}

// quarterRow is a quarter-hour of a local day.
type quarterRow struct {
	at    time.Time
	date  energy.Date
	q     int // of the day
	fresh bool
}

// hourRow is an hour of a local day: its quarter-hours are those [first, last] of the rows.
type hourRow struct {
	from        time.Time
	date        energy.Date
	first, last int
}

// extras are columns of formulas beside the data, each once.
type extras struct {
	first  int // column of the first
	titles []string
	cells  []func(i int) any // of the i-th row
	known  map[string]int
}

// column is the letter of the column with that key, which make fills if it is new.
func (x *extras) column(key, title string, cell func(letter string) func(i int) any) string {
	n, ok := x.known[key]
	if !ok {
		n = x.first + len(x.titles)
		x.known[key] = n
		x.titles = append(x.titles, title)
		x.cells = append(x.cells, nil)
		made := cell(letter(n)) // may need columns itself
		x.cells[n-x.first] = made
	}
	return letter(n)
}

func letter(column int) string {
	name, err := excelize.ColumnNumberToName(column)
	if err != nil {
		return "XFD" // the last there is; a site has no 8,000 points
	}
	return name
}

func newRecount(b *book, k *ledger.Workings, says recounting) *recount {
	r := &recount{book: b, k: k, says: says, column: map[energy.PointID]int{}}
	for _, date := range k.Calendar.Days(k.Period) {
		day := k.Calendar.Day(date)
		for q := range int(day.Length() / energy.QuarterHour) {
			at := day.From.Add(time.Duration(q) * energy.QuarterHour)
			if hour := at.Truncate(time.Hour); q == 0 || !hour.Equal(r.hours[len(r.hours)-1].from) {
				r.hours = append(r.hours, hourRow{from: hour, date: date, first: len(r.rows)})
			}
			r.hours[len(r.hours)-1].last = len(r.rows)
			r.rows = append(r.rows, quarterRow{at: at, date: date, q: q, fresh: q == 0})
		}
	}
	for i, point := range k.Points {
		r.column[point] = 3 + 2*i // behind instant and local day
	}
	r.quarterX = extras{first: 3 + 2*len(k.Points), known: map[string]int{}}
	r.hourX = extras{first: 3, known: map[string]int{}}
	return r
}

// build makes the sheets: formulas first, since they say which columns they need.
func (r *recount) build() error {
	r.spans()
	for _, f := range r.k.Figures {
		if err := r.figure(f); err != nil {
			return err
		}
	}
	for _, b := range r.blocks {
		r.uncertainty(b)
	}
	r.months()
	r.points()
	steps := []func() error{r.quarterSheet, r.hourSheet, r.figureSheet, r.checkSheet}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// stream writes a sheet row by row.
func (r *recount) stream(name string, widths []float64, rows func(yield func([]any) bool)) error {
	if _, err := r.NewSheet(name); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	out, err := r.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	for i, width := range widths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
	}
	at := 0
	for row := range rows {
		at++
		if err := out.SetRow("A"+strconv.Itoa(at), neutral(row)); err != nil {
			return fmt.Errorf("sheet %s, row %d: %w", name, at, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	return nil
}

// neutral makes texts that a spreadsheet could take for a formula, when they are
// entered or exported again, begin with an apostrophe.
func neutral(row []any) []any {
	for i, one := range row {
		switch c := one.(type) {
		case string:
			row[i] = cell.Text(c)
		case excelize.Cell:
			if text, ok := c.Value.(string); ok {
				c.Value = cell.Text(text)
				row[i] = c
			}
		}
	}
	return row
}

func formula(text string) excelize.Cell { return excelize.Cell{Formula: text} }

// quarterSheet are the amounts, how they count, and what is computed of them row by row.
func (r *recount) quarterSheet() error {
	titles := []string{r.says.instant, r.words.day}
	widths := []float64{22, 12}
	for _, p := range r.k.Points {
		titles = append(titles, string(p)+" ["+r.fixedUnit(p)+"]", r.says.state)
		widths = append(widths, 18, 6)
	}
	return r.stream(r.says.quarters, widths, func(yield func([]any) bool) {
		if !yield(r.titles(append(titles, r.quarterX.titles...)...)) {
			return
		}
		var date energy.Date
		known := map[energy.PointID][]int16{}
		for i, row := range r.rows {
			days := r.k.Days[row.date]
			if date != row.date {
				date = row.date
				for _, p := range r.k.Points {
					known[p] = days[p].Known(r.k.Spans[p])
				}
			}
			cells := []any{row.at.Format("2006-01-02T15:04Z"), row.date.String()}
			for _, p := range r.k.Points {
				day := days[p]
				var amount any
				if row.q < len(day.Values) {
					amount = int64(day.Values[row.q])
				}
				cells = append(cells, amount, ledger.State(day, known[p], row.q))
			}
			for _, cell := range r.quarterX.cells {
				cells = append(cells, cell(i))
			}
			if !yield(cells) {
				return
			}
		}
	})
}

// hourSheet are the figures that are matched hour by hour.
func (r *recount) hourSheet() error {
	return r.stream(r.says.hours, []float64{22, 12}, func(yield func([]any) bool) {
		if !yield(r.titles(append([]string{r.says.instant, r.words.day}, r.hourX.titles...)...)) {
			return
		}
		for i, hour := range r.hours {
			cells := []any{hour.from.Format("2006-01-02T15:04Z"), hour.date.String()}
			for _, cell := range r.hourX.cells {
				cells = append(cells, cell(i))
			}
			if !yield(cells) {
				return
			}
		}
	})
}

func (r *recount) figureSheet() error {
	return r.stream(r.says.figures, []float64{46, 22, 22, 22, 20, 20, 16, 16, 16, 22, 22, 22, 22}, slices.Values(r.rowsOf))
}

// checkSheet compares.
func (r *recount) checkSheet() error {
	last := 3 + len(r.checks)
	head := [][]any{
		{excelize.Cell{StyleID: r.bold, Value: fmt.Sprintf(r.says.title, r.y.Name, r.y.Year)}},
		{formula(fmt.Sprintf(`COUNTIF(G4:G%d,"%s")`, last, r.says.yes)), fmt.Sprintf(r.says.of, len(r.checks))},
		r.titles(r.words.figure, r.words.from, r.says.part, r.says.ours, r.says.sheets, r.says.difference, r.says.agree),
	}
	return r.stream(r.says.check, []float64{46, 14, 26, 24, 24, 18, 12}, slices.Values(append(head, r.checks...)))
}

// compare notes ours against a cell of the sheet of figures. exact are integers;
// of quotients fifteen digits are compared, which is all a spreadsheet has.
func (r *recount) compare(what, period, part string, ours any, cell string, exact bool) {
	at := len(r.checks) + 4
	tolerance := "0"
	if !exact {
		tolerance = fmt.Sprintf("1E-12*MAX(1,ABS(D%d))", at)
	}
	both := fmt.Sprintf("AND(ISNUMBER(D%d),ISNUMBER(E%d))", at, at)
	r.checks = append(r.checks, []any{what, period, part, ours, formula(r.says.figures + "!" + cell),
		formula(fmt.Sprintf(`IF(%s,E%d-D%d,"")`, both, at, at)),
		formula(fmt.Sprintf(`IF(%s,IF(ABS(D%d-E%d)<=%s,"%s","%s"),IF(D%d=E%d,"%s","%s"))`, both, at, at, tolerance, r.says.yes, r.says.no, at, at, r.says.yes, r.says.no))})
}

// put adds a row to the sheet of figures and gives its number.
func (r *recount) put(cells ...any) int {
	r.rowsOf = append(r.rowsOf, cells)
	return len(r.rowsOf)
}

// step adds a labelled formula and gives its cell.
func (r *recount) step(label, text string) string {
	return fmt.Sprintf("$B$%d", r.put(label, formula(text)))
}

// fixedUnit is the unit in which a point's amounts are integers.
func (r *recount) fixedUnit(id energy.PointID) string {
	for _, p := range r.y.Points {
		if p.ID != id {
			continue
		}
		return fmt.Sprintf("10^-%d %s", p.Quantity.Digits(), p.Quantity.Unit())
	}
	return ""
}

// none stands where there is no figure.
const none = "–"

// integer is a value as the integer it is in its fixed unit: six digits behind
// the decimal point (kWh, m³, kg, h, kW).
func integer(v energy.Value) any {
	a, err := energy.ActiveEnergyImport.Fixed(v)
	if err != nil {
		return none
	}
	return int64(a)
}
