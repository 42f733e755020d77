// Package plot draws what planners of heat look at and what a library of charts has
// no picture for: the year as a carpet with days of 23 and 25 hours, the sorted
// duration curve, bands by month and hour, the flows of a site, temperature against
// power, and the map of a town. Each is an <svg> element made here, without a script:
// for screens, telephones and paper, for a page whose policy allows no styles in it.
//
// It knows numbers, labels and positions, no meters, no sites and no language but that
// of the words it is given. What is absent is NaN and is hatched, never drawn as zero.
// Nothing is told by colour alone: shape, pattern or place says it too. Lines and texts
// have the colour of the text around them, so that they stay readable where a reader
// has chosen colours of his own.
package plot

import (
	"math"
	"strconv"
	"strings"

	"heatledger/reporting/chart"
)

// Head is what every picture says of itself.
type Head struct {
	ID      string // of letters, digits and hyphens; no other picture of the page has it
	Title   string
	Summary string // one sentence that says what the picture shows
	Lang    chart.Language
}

// narrowest is the width in px below which pictures stand upright, for telephones.
const narrowest = 560

// Texts are set in letters of so many px, notes in smaller ones.
const (
	letter = 13
	small  = 11.5
)

// Colours beside that of the text, told apart by people with any colour vision and
// with a contrast of 3 or more on white.
const (
	blue   = "#0b5cad"
	orange = "#c2570c"
	green  = "#2e7d5b"
	grey   = "#5f6b76"
	red    = "#a4262c"
	purple = "#7b3f98"
	teal   = "#0b7a75"
	brown  = "#8a6d00"
	faint  = "#c3ccd4"
)

// months are the short names of the months, January first.
func months(lang chart.Language) []string {
	if lang == chart.German {
		return []string{"Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"}
	}
	return []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
}

// monthOf is the short name of the month that a label "2025-06-01" begins, and
// whether it begins one.
func monthOf(label string, lang chart.Language) (name string, ok bool) {
	if len(label) != 10 || !strings.HasSuffix(label, "-01") {
		return "", false
	}
	m, err := strconv.Atoi(label[5:7])
	if err != nil || m < 1 || m > 12 {
		return "", false
	}
	return months(lang)[m-1], true
}

// say writes a number with its unit, with as many digits as it deserves.
func say(lang chart.Language, v float64, unit string) string {
	digits := 0
	switch size := math.Abs(v); {
	case size == 0:
	case size < 1:
		digits = 2
	case size < 10:
		digits = 1
	}
	text := chart.Number(lang, v, digits)
	if unit != "" {
		text += " " + unit
	}
	return text
}
