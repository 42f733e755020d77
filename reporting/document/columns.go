package document

import (
	"math"
	"strings"
)

// fitted widens columns until their longest word fits, at the cost of those that
// have room to spare, so that no word is cut. Where all words together are wider than
// the page, it leaves the columns as they are.
func (s *sheet) fitted(columns []column, rows [][]string) []column {
	lack, spare := make([]float64, len(columns)), make([]float64, len(columns))
	lacking, sparing := 0.0, 0.0
	for i, c := range columns {
		least := s.longest("B", c.title)
		for _, row := range rows {
			least = math.Max(least, s.longest("", row[i]))
		}
		least += 2*cellPad + 0.1 // or the last letter falls to rounding
		lack[i], spare[i] = math.Max(0, least-c.width), math.Max(0, c.width-least)
		lacking, sparing = lacking+lack[i], sparing+spare[i]
	}
	if lacking == 0 || lacking > sparing {
		return columns
	}
	fit := make([]column, len(columns))
	for i, c := range columns {
		c.width += lack[i] - spare[i]*lacking/sparing
		fit[i] = c
	}
	return fit
}

// longest is the width of the longest word of a text in a table, in mm.
func (s *sheet) longest(bold, text string) (width float64) {
	s.style(bold, tableSize)
	for word := range strings.SplitSeq(s.drawable(text), " ") {
		width = math.Max(width, s.GetStringWidth(word))
	}
	s.style("", tableSize)
	return width
}
