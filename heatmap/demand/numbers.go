package demand

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"heatledger/energy"
)

// numbers reads the numbers of a table. Its decimal sign is settled by the cells
// that can be read in one way only; 1.234 beside 5,6 is 1234.
type numbers struct {
	points, commas int // cells that cannot but have the sign
}

// see takes account of a cell.
func (n *numbers) see(text string) {
	if _, err := energy.ParseTypedNumber(text); err != nil {
		return // open, or no number
	}
	point, comma := strings.LastIndexByte(text, '.'), strings.LastIndexByte(text, ',')
	switch {
	case point < 0 && comma < 0:
	case strings.Count(text, ".") > 1 || comma > point && strings.Count(text, ",") == 1:
		n.commas++
	default:
		n.points++
	}
}

// read is a number, or what is wrong with it. stored tells that a workbook holds it
// as a number, with a decimal point.
func (n *numbers) read(text string, stored bool) (x float64, problem, remedy string) {
	if stored {
		if x, err := strconv.ParseFloat(text, 64); err == nil {
			return x, "", ""
		}
	}
	v, err := energy.ParseTypedNumber(text)
	var open *energy.AmbiguousNumberError
	switch {
	case errors.As(err, &open):
		if n.points == 0 == (n.commas == 0) {
			return 0, fmt.Sprintf("%q can be read in two ways", short(text)), "write it without a thousands separator: nothing in the file settles its decimal sign"
		}
		sign := "."
		if n.commas > 0 {
			sign = ","
		}
		if strings.Contains(text, sign) {
			return open.Fraction.Float64(), "", ""
		}
		return open.Grouped.Float64(), "", ""
	case err != nil && strings.ContainsAny(text, "eE"): // 1.5e6, as programs write it
		if x, err := strconv.ParseFloat(text, 64); err == nil {
			return x, "", ""
		}
		fallthrough
	case err != nil:
		return 0, fmt.Sprintf("%q is no number", short(text)), "leave the cell empty where there is no value"
	}
	return v.Float64(), "", ""
}
