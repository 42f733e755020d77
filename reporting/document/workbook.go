package document

import (
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

// Sheet is a table for a workbook of one sheet: numbers stay numbers, an empty
// cell is nil.
type Sheet struct {
	Title, Name string // of the file, and of the sheet
	At          time.Time
	Columns     []string
	Rows        [][]any
}

// WriteSheet writes a table as a workbook. Texts that a program would take for a
// formula are quoted.
func WriteSheet(w io.Writer, s Sheet) (err error) {
	f := NewWorkbook()
	defer f.Close() // it has no temporary files of its own
	at := s.At.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Title: s.Title, Creator: producer, LastModifiedBy: producer, Created: at, Modified: at}); err != nil {
		return fmt.Errorf("write the workbook %q: %w", s.Title, err)
	}
	if err := f.SetSheetName("Sheet1", s.Name); err != nil {
		return fmt.Errorf("write the workbook %q: %w", s.Title, err)
	}
	out, err := f.NewStreamWriter(s.Name)
	if err != nil {
		return fmt.Errorf("write the workbook %q: %w", s.Title, err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("write the workbook %q: %w", s.Title, err)
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("write the workbook %q: %w", s.Title, err)
	}
	head := make([]any, len(s.Columns))
	for i, title := range s.Columns {
		head[i] = excelize.Cell{StyleID: bold, Value: title}
	}
	if err := out.SetRow("A1", head); err != nil {
		return fmt.Errorf("write the workbook %q: %w", s.Title, err)
	}
	for i, row := range s.Rows {
		if err := out.SetRow(fmt.Sprintf("A%d", i+2), neutral(row)); err != nil {
			return fmt.Errorf("write row %d of the workbook %q: %w", i+2, s.Title, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the workbook %q: %w", s.Title, err)
	}
	_, err = f.WriteTo(w)
	return err
}
