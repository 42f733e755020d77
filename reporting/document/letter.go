package document

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Letter is a letter on the paper of a German office (DIN 5008:2020, form B).
type Letter struct {
	Lang Lang
	At   time.Time // its date: the same letter gives the same bytes
	// Head is who writes, in lines, the name first; Return the same in one line
	// above the address.
	Head   []string
	Return string
	To     []string   // the address, at most six lines
	About  [][]string // what stands beside it: label and content
	Title  string     // the subject
	Opens  string     // the salutation
	Blocks []Block
	Closes []string // the complimentary close, the office, who signs
	Adds   []string // enclosures and notes
}

// Where things stand on a sheet of form B, in mm from its left and upper edge
// (DIN 5008:2020, annex A).
const (
	letterLeft, letterRight = 25.0, 190.0
	addressWidth            = 80.0
	returnLine              = 58.0 // of the last line of the zone for notes
	addressTop              = 62.7
	aboutLeft, aboutTop     = 125.0, 50.0
	subjectTop              = 98.46
	foldOne, foldTwo        = 105.0, 210.0
	holes                   = 148.5
	letterSize, returnSize  = 10.0, 7.0
	mostAddressLines        = 6
)

// WriteLetters writes letters as one PDF tagged by the rules of PDF/UA-1, each
// from a page of its own and, where there are several, with a bookmark. title is
// that of the file; "" is the first letter's.
func WriteLetters(w io.Writer, title string, letters []Letter) error {
	if len(letters) == 0 {
		return fmt.Errorf("write letters: %w", ErrNothing)
	}
	first := letters[0]
	if title == "" {
		title = first.Title
	}
	s := blankSheet()
	s.left, s.right = letterLeft, letterRight
	if err := s.head(Paper{Lang: first.Lang, Title: title, Subject: first.Title, At: first.At}); err != nil {
		return fmt.Errorf("write %q: %w", title, err)
	}
	for _, l := range letters {
		words, err := in(l.Lang)
		if err != nil {
			return err
		}
		s.newPage()
		from := s.PageNo()
		if len(letters) > 1 {
			s.style("", letterSize)
			s.Bookmark(s.drawable(strings.Join(append(slices.Clip(l.To[:min(1, len(l.To))]), l.Title), ": ")), 0, 0)
		}
		s.inside("Sect", "", func() { s.letter(l) })
		s.numbered(words, l, from)
	}
	var written bytes.Buffer
	if err := s.Output(&written); err != nil {
		return fmt.Errorf("write the pages of %q: %w", title, err)
	}
	whole, err := s.assemble(written.Bytes())
	if err != nil {
		return fmt.Errorf("tag %q: %w", title, err)
	}
	_, err = w.Write(whole)
	return err
}

// letter writes one letter, in the order in which it is read aloud: who writes,
// to whom, what it is about, the text.
func (s *sheet) letter(l Letter) {
	s.foldMarks()
	s.y = top
	s.style("B", 13)
	for i, line := range l.Head {
		s.at(letterLeft, letterRight-letterLeft, line)
		if i == 0 {
			s.style("", letterSize)
		}
	}
	s.style("", returnSize)
	s.y = returnLine
	s.artifact("Layout", func() { // it says again what stands above, for the window of the envelope
		s.write(letterLeft, s.y, s.wrap(l.Return, addressWidth)[0], false)
		s.SetLineWidth(0.1)
		s.SetDrawColor(0, 0, 0)
		s.Line(letterLeft, s.y+s.line()+0.4, letterLeft+addressWidth, s.y+s.line()+0.4)
	})
	s.style("", letterSize)
	s.y = addressTop
	s.inside("P", "", func() {
		for _, line := range l.To[:min(len(l.To), mostAddressLines)] {
			s.piece(letterLeft, addressWidth, line)
		}
	})
	s.y = aboutTop
	for _, row := range l.About {
		s.at(aboutLeft, letterRight-aboutLeft, strings.Join(row, ": "))
	}
	s.y = max(subjectTop, s.y+4)
	s.style("B", 11)
	s.inside("H1", "", func() { s.lines(s.wrap(l.Title, letterRight-letterLeft)) })
	s.y += 5
	s.paragraph(l.Opens)
	for _, b := range l.Blocks {
		s.block(b)
	}
	s.y += 2
	s.closing(l)
}

// closing keeps the end of a letter on one page.
func (s *sheet) closing(l Letter) {
	s.style("", letterSize)
	if s.y+float64(len(l.Closes)+4)*s.line() > bottom {
		s.newPage()
	}
	for i, line := range l.Closes {
		s.paragraph(line)
		if i == 0 {
			s.y += 12 // room to sign
		}
	}
	for _, line := range l.Adds {
		s.paragraph(line)
	}
}

// at writes a paragraph of its own at a place.
func (s *sheet) at(x, width float64, text string) {
	s.inside("P", "", func() { s.piece(x, width, text) })
}

// piece writes a piece of the current element at a place, below the piece before.
func (s *sheet) piece(x, width float64, text string) {
	for _, line := range s.wrap(text, width) {
		s.mark(func() { s.write(x, s.y, line+" ", false) })
		s.y += s.line()
	}
}

// foldMarks draws the marks at which the first sheet is folded and punched.
func (s *sheet) foldMarks() {
	s.artifact("Layout", func() {
		s.SetDrawColor(120, 120, 120)
		s.SetLineWidth(0.15)
		for _, y := range []float64{foldOne, foldTwo} {
			s.Line(5, y, 10, y)
		}
		s.Line(5, holes, 12, holes)
	})
}

// numbered numbers the pages of a letter from its first one on.
func (s *sheet) numbered(w words, l Letter, from int) {
	count := s.PageCount() - from + 1
	for n := 1; n <= count; n++ {
		s.SetPage(from + n - 1)
		s.style("", 1) // so that the next one is written into this page
		s.style("", tableSize)
		s.artifact("Pagination", func() {
			s.write(letterLeft, 284, s.drawable(l.Title), false)
			s.write(letterRight, 284, fmt.Sprintf(w.page, n, count), true)
		})
	}
}

// Text is the letter as plain text, for a mail: without its head and address.
func (l Letter) Text() string {
	var b strings.Builder
	paragraph := func(text string) {
		if text != "" {
			b.WriteString(text + "\n\n")
		}
	}
	paragraph(l.Opens)
	for _, block := range l.Blocks {
		paragraph(block.Heading)
		paragraph(block.Paragraph)
		for _, row := range block.Rows {
			var cells []string
			for i, cell := range row {
				if cell == "" {
					continue
				}
				if i < len(block.Columns) && block.Columns[i].Title != "" {
					cell = block.Columns[i].Title + ": " + cell
				}
				cells = append(cells, cell)
			}
			between := "; "
			if len(block.Columns) == 2 && block.Columns[0].Title == "" { // a label and what it says
				between = ": "
			}
			b.WriteString("- " + strings.Join(cells, between) + "\n")
		}
		if len(block.Rows) > 0 {
			b.WriteString("\n")
		}
	}
	for _, line := range l.Closes {
		b.WriteString(line + "\n")
	}
	if len(l.Adds) > 0 {
		b.WriteString("\n" + strings.Join(l.Adds, "\n") + "\n")
	}
	return b.String()
}
