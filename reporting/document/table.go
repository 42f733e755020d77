package document

// column is a column of a table.
type column struct {
	title string
	width float64 // mm
	right bool    // aligned right: numbers
}

// cellPad is the blank around a cell's text, in mm.
const cellPad = 1.2

// table writes a table. The first cell of a row is its heading; the last row
// is a sum if total is set. Columns without any title have no heading row.
func (s *sheet) table(columns []column, rows [][]string, total bool) {
	titles, titled := make([]string, len(columns)), false
	for i, c := range columns {
		titles[i], titled = c.title, titled || c.title != ""
	}
	s.style("", tableSize)
	s.inside("Table", "", func() {
		if titled {
			if s.y+2*s.height(columns, titles, "B") > bottom {
				s.newPage()
			}
			s.inside("THead", "", func() { s.row(columns, titles, "B", true) })
		}
		s.inside("TBody", "", func() {
			for i, row := range rows {
				bold := ""
				if total && i == len(rows)-1 {
					bold = "B"
				}
				if s.y+s.height(columns, row, bold) > bottom {
					s.newPage()
					if titled {
						s.artifact("Pagination", func() { s.cells(columns, titles, "B", true, func(_ int, draw func()) { draw() }) })
						s.rule(0.4)
					}
				}
				s.row(columns, row, bold, false)
			}
		})
	})
	s.y += 3
}

// row writes TR with its cells and a rule below.
func (s *sheet) row(columns []column, cells []string, bold string, head bool) {
	s.inside("TR", "", func() {
		s.cells(columns, cells, bold, head, func(i int, draw func()) {
			switch {
			case head:
				s.inside("TH", "/O /Table /Scope /Column", func() { s.mark(draw) })
			case i == 0:
				s.inside("TH", "/O /Table /Scope /Row", func() { s.mark(draw) })
			default:
				s.inside("TD", "", func() { s.mark(draw) })
			}
		})
	})
	if head {
		s.rule(0.4)
	} else {
		s.rule(0.1)
	}
}

// cells draws the cells of a row; around marks each.
func (s *sheet) cells(columns []column, cells []string, bold string, head bool, around func(i int, draw func())) {
	height := s.height(columns, cells, bold)
	x := s.left
	for i, c := range columns {
		around(i, func() {
			s.style(bold, tableSize)
			lines := s.wrap(cells[i], c.width-2*cellPad)
			y := s.y + cellPad
			if head { // headings stand on their rule
				y = s.y + height - cellPad - float64(len(lines))*s.line()
			}
			for n, line := range lines {
				if n < len(lines)-1 && !c.right {
					line += " "
				}
				at := x + cellPad
				if c.right {
					at = x + c.width - cellPad
				}
				s.write(at, y, line, c.right)
				y += s.line()
			}
		})
		x += c.width
	}
	s.style("", tableSize)
	s.y += height
}

// height is what a row needs.
func (s *sheet) height(columns []column, cells []string, bold string) float64 {
	s.style(bold, tableSize)
	most := 1
	for i, c := range columns {
		most = max(most, len(s.wrap(cells[i], c.width-2*cellPad)))
	}
	height := float64(most)*s.line() + 2*cellPad
	s.style("", tableSize)
	return height
}

// rule draws a line across the page at the current height.
func (s *sheet) rule(width float64) {
	s.artifact("Layout", func() {
		grey := 0
		if width < 0.2 {
			grey = 150
		}
		s.SetDrawColor(grey, grey, grey)
		s.SetLineWidth(width)
		s.Line(s.left, s.y, s.right, s.y)
	})
}
