package chart

import (
	"regexp"
	"strconv"
	"strings"
)

// The font of all charts; the page brings it, other viewers have the next one.
const (
	fontFamily = "'Atkinson Hyperlegible Next', sans-serif"
	fontSize   = 13
)

// Widths of characters in thousandths of the font size, near those of
// Atkinson Hyperlegible Next: layout needs them to a few per cent.
const (
	widthNarrow = 290 // i l . , :
	widthDigit  = 610
	widthUpper  = 680
	widthLower  = 560
	widthWide   = 900 // m w M W
	widthSpace  = 250
)

// Width is about how wide a text stands, in px, in letters of so many px.
func Width(text string, px float64) float64 { return ems(text) * px }

// measure is the width in px of a text in a CSS font such as "bold 12px sans-serif".
func measure(text, font string) float64 { return ems(text) * size(font) }

// ems is the width of a text in font sizes.
func ems(text string) float64 {
	width := 0
	for _, r := range text {
		switch {
		case r == ' ' || r == '\u202f':
			width += widthSpace
		case strings.ContainsRune("iljt.,:;|!'()I", r):
			width += widthNarrow
		case strings.ContainsRune("mwMW%", r):
			width += widthWide
		case r >= '0' && r <= '9':
			width += widthDigit
		case r >= 'A' && r <= 'Z':
			width += widthUpper
		default:
			width += widthLower
		}
	}
	return float64(width) / 1000
}

// size is the size in px a CSS font names.
func size(font string) float64 {
	if at := regexp.MustCompile(`([\d.]+)px`).FindStringSubmatch(font); at != nil {
		if px, err := strconv.ParseFloat(at[1], 64); err == nil {
			return px
		}
	}
	return fontSize
}
