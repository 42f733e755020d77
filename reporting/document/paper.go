package document

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// Paper is any printed paper that is no yearly report: headings, paragraphs and
// tables from top to bottom.
type Paper struct {
	Lang           Lang
	Title, Subject string
	At             time.Time // its date: the same paper gives the same bytes
	Blocks         []Block
}

// Block is a part of a paper: a heading, a paragraph, a chart, a table or verbatim
// lines, whichever is given, in this order.
type Block struct {
	Heading   string
	Paragraph string
	Chart     *Chart // between paragraph and table, which says the same in numbers
	Columns   []Column
	Rows      [][]string
	Verbatim  string // lines as they are, below everything else
}

// Chart are bars of one kind.
type Chart struct {
	Unit, Name string // of the axis, and what is shown
	Says       string // what the chart shows, for who does not see it
	Bars       []Bar
}

// Bar is one bar; without OK nothing is known, and a dash is drawn.
type Bar struct {
	Label string // short
	Value float64
	OK    bool
}

// Column is a column of a table. Widths are parts of the page's width; they need
// not add up to anything.
type Column struct {
	Title string
	Width float64
	Right bool // aligned right: numbers
}

// WritePaper writes a paper as a PDF tagged by the rules of PDF/UA-1, like
// [WritePDF].
func WritePaper(w io.Writer, p Paper) error {
	words, err := in(p.Lang)
	if err != nil {
		return err
	}
	s := newSheet()
	if err := s.head(p); err != nil {
		return fmt.Errorf("write %q: %w", p.Title, err)
	}
	s.heading("H1", p.Title)
	for _, block := range p.Blocks {
		s.block(block)
	}
	count := s.PageCount()
	for n := 1; n <= count; n++ {
		s.SetPage(n)
		s.style("", 1) // so that the next one is written into this page
		s.style("", tableSize)
		s.artifact("Pagination", func() {
			s.write(left, 284, s.drawable(p.Title), false)
			s.write(right, 284, fmt.Sprintf(words.page, n, count), true)
		})
	}
	var written bytes.Buffer
	if err := s.Output(&written); err != nil {
		return fmt.Errorf("write the pages of %q: %w", p.Title, err)
	}
	whole, err := s.assemble(written.Bytes())
	if err != nil {
		return fmt.Errorf("tag %q: %w", p.Title, err)
	}
	_, err = w.Write(whole)
	return err
}

// head sets title, language and dates.
func (s *sheet) head(p Paper) error {
	at := p.At.UTC()
	s.lang = p.Lang
	s.SetTitle(p.Title, true)
	s.SetSubject(p.Subject, true)
	s.SetProducer(producer, true)
	s.SetLang(string(p.Lang))
	s.SetCreationDate(at)
	s.SetModificationDate(at)
	var meta bytes.Buffer
	if err := xmp.Execute(&meta, map[string]string{"Title": p.Title, "Subject": p.Subject, "Lang": string(p.Lang), "Date": at.Format(time.RFC3339), "Producer": producer}); err != nil {
		return err
	}
	s.SetXmpMetadata(meta.Bytes())
	return nil
}

// block writes one block.
func (s *sheet) block(b Block) {
	if b.Heading != "" {
		s.heading("H2", b.Heading)
	}
	if b.Paragraph != "" {
		s.paragraph(b.Paragraph)
	}
	if b.Chart != nil {
		s.drawn(*b.Chart)
	}
	if len(b.Rows) > 0 {
		s.rows(b)
	}
	if b.Verbatim != "" {
		s.verbatim(b.Verbatim)
	}
}

// drawn draws a chart of a paper.
func (s *sheet) drawn(c Chart) {
	bars := make([]bar, len(c.Bars))
	for i, b := range c.Bars {
		bars[i] = bar{label: s.drawable(b.Label), it: b.Value, ok: b.OK}
	}
	s.bars(s.lang, bars, c.Unit, c.Name, "", c.Says)
}

// rows writes the table of a block.
func (s *sheet) rows(b Block) {
	total := 0.0
	for _, c := range b.Columns {
		total += c.Width
	}
	columns := make([]column, len(b.Columns))
	for i, c := range b.Columns {
		columns[i] = column{c.Title, c.Width / total * (s.right - s.left), c.Right}
	}
	s.table(s.fitted(columns, b.Rows), b.Rows, false)
}

// NewWorkbook is an empty workbook whose parts are written in one order: the same
// cells give the same bytes.
func NewWorkbook() *excelize.File { return excelize.NewFile().SetZipWriter(newOrderedZip) }

// NameOf is what a figure is called, RoleOf a role, QuantityOf a quantity: each
// its code in an unknown language.
func (l Lang) NameOf(figure string) string {
	words, _ := in(l)
	return or(words.names, figure)
}

// RoleOf is what a role is called.
func (l Lang) RoleOf(role energy.Role) string {
	words, _ := in(l)
	return or(words.roles, role)
}

// QuantityOf is what a quantity is called.
func (l Lang) QuantityOf(q energy.Quantity) string {
	words, _ := in(l)
	return or(words.quantities, q)
}

// NotesOf are the sentences of notes of a figure.
func (l Lang) NotesOf(notes ...string) []string {
	words, _ := in(l)
	return words.notesOf(kpi.Figure{Notes: notes})
}

// Decimal writes a number as people of the language do.
func (l Lang) Decimal(f float64, digits int) string { return l.decimal(f, digits) }

// Share writes a share, 0 to 1, in per cent.
func (l Lang) Share(share float64) string { return l.percent(share) }

// DateOf writes a day as people of the language do.
func (l Lang) DateOf(d energy.Date) string { return l.date(d) }
