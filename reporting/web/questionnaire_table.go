package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"heatledger/energy/questionnaire"
	"heatledger/reporting/cell"
	"heatledger/reporting/chart"
	"heatledger/reporting/document"
)

// writeQuestionTable answers with the questionnaire as a table to be filled in off
// line and handed in again.
func (s *Server) writeQuestionTable(w http.ResponseWriter, r *http.Request, form questionnaire.Form, kind string) error {
	lang, _ := language(r)
	rows := [][]string{questionnaire.Columns()}
	words := wordsOf(r)
	for _, q := range form.Questions {
		before, same := "", ""
		if q.Before != nil {
			before = q.Before.Value.String()
		}
		given := q.Given
		if q.State != questionnaire.Drafted { // an answer is written by whoever gives it
			given = questionnaire.Answer{}
		}
		if given.Confirmed {
			same = "yes"
		}
		rows = append(rows, []string{string(form.Site), strconv.Itoa(form.Year), q.Name, words.Fact(q.Name), words.T("knows:" + string(q.Knows)), string(q.Unit),
			strings.Join(q.Choices, ", "), before, given.Value, same, given.Document, given.Reason})
	}
	name := fmt.Sprintf("questionnaire-%s-%d.", form.Site, form.Year)
	var b bytes.Buffer
	if kind == "xlsx" {
		if err := questionBook(&b, form, rows); err != nil {
			return err
		}
		w.Header().Set("Content-Type", spreadsheet)
	} else {
		kind = "csv"
		b.WriteString("\ufeff") // spreadsheet programs take it for another encoding without
		out := cell.NewWriter(&b)
		if lang == chart.German {
			out.Comma = ';'
		}
		for _, row := range rows {
			if err := out.Write(row); err != nil {
				return err
			}
		}
		if out.Flush(); out.Error() != nil {
			return out.Error()
		}
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+kind+`"`)
	_, err := b.WriteTo(w)
	return err
}

// questionBook is the workbook: choices are lists, and the head stays in sight.
func questionBook(b *bytes.Buffer, form questionnaire.Form, rows [][]string) error {
	book := document.NewWorkbook()
	defer book.Close()
	const name = "questionnaire"
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return fmt.Errorf("write the questionnaire's workbook: %w", err)
	}
	for i, row := range rows {
		for j, cell := range row {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err == nil {
				err = book.SetCellStr(name, at, cell)
			}
			if err != nil {
				return fmt.Errorf("write the questionnaire's workbook: %w", err)
			}
		}
		if i == 0 {
			continue
		}
		if err := dropDowns(book, name, i+1, form.Questions[i-1].Choices); err != nil {
			return err
		}
	}
	for column, width := range map[string]float64{"C": 34, "D": 60, "E": 24, "G": 24, "H": 20, "I": 24, "K": 30, "L": 30} {
		if err := book.SetColWidth(name, column, column, width); err != nil {
			return fmt.Errorf("write the questionnaire's workbook: %w", err)
		}
	}
	if err := book.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("write the questionnaire's workbook: %w", err)
	}
	return book.Write(b)
}

// dropDowns offers the choices of a row's question.
func dropDowns(book *excelize.File, name string, row int, choices []string) error {
	for i, list := range [][]string{choices, {"yes"}} {
		if list == nil {
			continue
		}
		column := []string{"I", "J"}[i]
		v := excelize.NewDataValidation(true)
		v.SetSqref(column + strconv.Itoa(row))
		if err := v.SetDropList(list); err != nil {
			return fmt.Errorf("offer the choices of row %d: %w", row, err)
		}
		if err := book.AddDataValidation(name, v); err != nil {
			return fmt.Errorf("offer the choices of row %d: %w", row, err)
		}
	}
	return nil
}
