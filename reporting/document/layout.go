package document

import (
	"strings"
)

// Measures of a page, in millimetres; type sizes in points.
const (
	left, right, top, bottom = 18.0, 192.0, 18.0, 279.0 // of A4, 210 × 297
	bodySize, tableSize      = 10.0, 8.0
	lineOf                   = 0.47 // height of a line in mm per point of type
	fontName                 = "NotoSans"
)

// sheet fills pages from top to bottom.
type sheet struct {
	*tagged
	has  map[rune]bool // the characters the fonts draw
	y    float64       // where the next line begins
	bold string        // "" or "B"
	size float64
	// left and right bound what is written, in mm.
	left, right float64
	lang        Lang // of the numbers in charts
}

func newSheet() *sheet {
	s := blankSheet()
	s.style("", bodySize)
	s.newPage()
	return s
}

// blankSheet is a sheet without any page.
func blankSheet() *sheet {
	s := &sheet{tagged: newTagged(), has: characters(regularFont), left: left, right: right}
	s.AddUTF8FontFromBytes(fontName, "", []byte(regularFont))
	s.AddUTF8FontFromBytes(fontName, "B", []byte(boldFont))
	s.SetAutoPageBreak(false, 0)
	s.SetCatalogSort(true)
	return s
}

func (s *sheet) newPage() {
	s.AddPage()
	s.y = top
}

// style sets the type of what is written from here on.
func (s *sheet) style(bold string, size float64) {
	s.bold, s.size = bold, size
	s.SetFont(fontName, bold, size)
}

func (s *sheet) line() float64 { return s.size * lineOf }

// write puts one line of text; x is its left end, or its right one.
func (s *sheet) write(x, y float64, text string, rightAligned bool) {
	if rightAligned {
		x -= s.GetStringWidth(text)
	}
	s.Text(x, y+s.line()*0.76, text)
}

// wrap cuts text into lines of at most width, at blanks, or anywhere in a word
// that is longer than a line.
func (s *sheet) wrap(text string, width float64) []string {
	text = s.drawable(text)
	var lines []string
	current := ""
	for _, word := range strings.Split(text, " ") {
		if joined := strings.TrimPrefix(current+" "+word, " "); s.GetStringWidth(joined) <= width {
			current = joined
			continue
		}
		if current != "" {
			lines = append(lines, current)
		}
		current = ""
		for _, r := range word {
			if s.GetStringWidth(current+string(r)) > width {
				lines = append(lines, current)
				current = ""
			}
			current += string(r)
		}
	}
	return append(lines, current)
}

// heading writes H1 or H2, and keeps it with what follows.
func (s *sheet) heading(tag, text string) {
	size, before := 17.0, 0.0
	if tag == "H2" {
		size, before = 13, 6
	}
	s.style("B", size)
	lines := s.wrap(text, s.right-s.left)
	if s.y+before+float64(len(lines))*s.line()+25 > bottom {
		s.newPage()
		before = 0
	}
	s.y += before
	s.inside(tag, "", func() { s.lines(lines) })
	s.y += 2
	s.style("", bodySize)
}

// paragraph writes P.
func (s *sheet) paragraph(text string) {
	s.style("", bodySize)
	s.inside("P", "", func() { s.lines(s.wrap(text, s.right-s.left)) })
	s.y += 2
}

// lines writes lines of the current element, marked once a page.
func (s *sheet) lines(lines []string) {
	for len(lines) > 0 {
		if s.y+s.line() > bottom {
			s.newPage()
		}
		fit := min(len(lines), max(1, int((bottom-s.y)/s.line())))
		more := len(lines) > fit
		s.mark(func() {
			for i, line := range lines[:fit] {
				if i < fit-1 || more {
					line += " " // the line's end is a blank to who listens
				}
				s.write(s.left, s.y, line, false)
				s.y += s.line()
			}
		})
		lines = lines[fit:]
	}
}

// verbatim writes lines as they are, one below the other, small enough that a
// signature fits into one.
func (s *sheet) verbatim(text string) {
	const size = 6.5
	s.style("", size)
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			lines = append(lines, s.wrap(line, s.right-s.left)...)
		}
	}
	s.inside("P", "", func() { s.lines(lines) })
	s.y += 2
	s.style("", bodySize)
}
