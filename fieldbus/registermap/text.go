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

// text reads the characters in words, which must be as many as count. Blanks and
// NULs around it are no part of a text. It errs with [ErrAbsent] when nothing is
// left, and when what is left is no text: then the address is wrong.
func (h Half) text(o Order, words []uint16, count int) (string, error) {
	if len(words) != count || count == 0 {
		return "", fmt.Errorf("%d words where the text has %d", len(words), count)
	}
	raw := make([]byte, 0, 2*count)
	for i := range words {
		w := o.word(words, i)
		if h != Low {
			raw = append(raw, byte(w>>8))
		}
		if h != High {
			raw = append(raw, byte(w))
		}
	}
	text := strings.Trim(latin(raw), blanks)
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
