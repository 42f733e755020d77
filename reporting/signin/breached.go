package signin

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed" // the list of known passwords
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// breachedList are passwords that were found in breaches, in lower case, one a line,
// sorted by their bytes. known/README.md says where it comes from.
//
//go:embed known/passwords.txt.gz
var breachedList []byte

// breached tells whether one of the forms of a password stands in the list. The list
// is unpacked while it is read, a few milliseconds, and not kept.
func breached(forms []string) (bool, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(breachedList))
	if err != nil {
		return false, fmt.Errorf("read the list of breached passwords: %w", err)
	}
	wanted := map[string]bool{}
	for _, form := range forms {
		wanted[form] = true
	}
	lines := bufio.NewScanner(unpacked)
	for lines.Scan() {
		if wanted[string(lines.Bytes())] {
			return true, nil
		}
	}
	if err := lines.Err(); err != nil {
		return false, fmt.Errorf("read the list of breached passwords: %w", err)
	}
	return false, nil
}

// leastForm is the length from which on a form is looked up: what is shorter is in
// every sentence.
const leastForm = 5

// formsOf are the forms in which a password may stand in a list: as it is, without
// what people hang on at its ends, with letters for the signs that stand for them,
// and what it repeats.
func formsOf(password string) (forms []string) {
	lower := strings.ToLower(strings.TrimSpace(password))
	add := func(form string) {
		if utf8.RuneCountInString(form) >= leastForm {
			forms = append(forms, form)
		}
	}
	bare := strings.TrimFunc(lower, noLetter)
	for _, form := range []string{lower, bare, strings.TrimRightFunc(lower, noLetter), strings.TrimFunc(lower, noSign)} {
		for _, text := range []string{form, spelled(form)} {
			add(text)
			add(repeated(text))
		}
	}
	return forms
}

func noLetter(r rune) bool { return !unicode.IsLetter(r) }

func noSign(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// spelled writes letters for the signs that people write in their place, and drops
// the signs on letters.
func spelled(lower string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i",
		"ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace(lower)
}

// repeated is what a text repeats from its beginning to its end; "" where it does not.
func repeated(text string) string {
	for n := 1; n <= len(text)/2; n++ {
		if len(text)%n == 0 && strings.Repeat(text[:n], len(text)/n) == text {
			return text[:n]
		}
	}
	return ""
}

// wordsOf are the words of names that are long enough to be looked for, the longest
// first: one may be a part of another.
func wordsOf(names []string) (words []string) {
	for _, name := range names {
		name = spelled(strings.ToLower(name))
		for _, word := range append(strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }), name) {
			if utf8.RuneCountInString(word) >= 4 {
				words = append(words, word)
			}
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}
