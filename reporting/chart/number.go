package chart

import (
	"math"
	"strconv"
	"strings"
)

// Number writes a number as people do: 1.234,5 in German, 1,234.5 in English.
// Four digits stand without a mark only where there is none to set.
func Number(lang Language, v float64, digits int) string {
	if math.IsNaN(v) {
		return "–"
	}
	text := strconv.FormatFloat(math.Abs(v), 'f', digits, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	group, point := ",", "."
	if lang == German {
		group, point = ".", ","
	}
	var b strings.Builder
	if v < 0 && strings.Trim(text, "0.") != "" {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString(point + fraction)
	}
	return b.String()
}
