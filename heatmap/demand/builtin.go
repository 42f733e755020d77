package demand

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// eachRow calls yield with each row of a table that is built in: leading and
// trailing texts, and the numbers between them. The header is left out.
func eachRow(table string, leading, trailing int, yield func(first []string, numbers []float64, last []string) error) error {
	r := csv.NewReader(strings.NewReader(table))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return err
	}
	for _, row := range rows[1:] {
		var numbers []float64
		for _, field := range row[leading : len(row)-trailing] {
			x, err := strconv.ParseFloat(field, 64)
			if err != nil {
				return fmt.Errorf("row %v: %w", row, err)
			}
			numbers = append(numbers, x)
		}
		if err := yield(row[:leading], numbers, row[len(row)-trailing:]); err != nil {
			return err
		}
	}
	return nil
}
