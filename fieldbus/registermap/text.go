package registermap

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Half tells which bytes of a text's registers hold characters. Most meters put
// two in a register; Carlo Gavazzi and Socomec put one there.
type Half string

// The halves of a register.
const (
	Both Half = ""
	High Half = "high"
	Low  Half = "low"
)

// UnmarshalText reads the name; "both" is the rule.
func (h *Half) UnmarshalText(text []byte) error {
	if string(text) == "both" {
		*h = Both
		return nil
	}
	return oneOf(h, string(text), "half of a register", High, Low)
}

// perWord is how many characters a register holds.
func (h Half) perWord() int {
	if h == Both {
		return 2
	}
	return 1
}

// blanks fill the rest of a text: NUL, blank, and all ones.
const blanks = "\x00 ÿ"

// text reads the characters in words, which must be as many as count. What fills
// the rest of its registers is no part of a text, nor what follows a NUL. Where
// one half of every register is NUL, the text is in the other half, whatever the
// map says. It errs with [ErrAbsent] when nothing is left, and otherwise when
// what is left is no text: then the address is wrong.
func (h Half) text(o Order, words []uint16, count int) (string, error) {
	if len(words) != count || count == 0 {
		return "", fmt.Errorf("%d words where the text has %d", len(words), count)
	}
	high, low, both := make([]byte, count), make([]byte, count), make([]byte, 0, 2*count)
	for i := range words {
		w := o.word(words, i)
		high[i], low[i] = byte(w>>8), byte(w)
		both = append(both, high[i], low[i])
	}
	raw := both
	switch {
	case h == Low || h == Both && empty(high):
		raw = low
	case h == High || h == Both && empty(low):
		raw = high
	}
	text := strings.Trim(latin(raw), blanks)
	text, _, _ = strings.Cut(text, "\x00")
	text = strings.TrimRight(text, blanks)
	if text == "" {
		return "", ErrAbsent
	}
	for _, c := range text {
		if !unicode.IsPrint(c) {
			return "", fmt.Errorf("%q is no text", text)
		}
	}
	return text, nil
}

// empty tells whether there are only NULs.
func empty(raw []byte) bool {
	for _, b := range raw {
		if b != 0 {
			return false
		}
	}
	return true
}

// latin is the text in UTF-8 or, where it is not that, ISO 8859-1.
func latin(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	runes := make([]rune, len(raw))
	for i, b := range raw {
		runes[i] = rune(b)
	}
	return string(runes)
}
