package cql2

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"heatledger/energy"
)

// token is a word, sign, number or text of a filter.
type token struct {
	kind   tokenKind
	text   string // of a name or text without its quotes and escapes; of a sign itself
	number float64
	column int // of its first character, from 1
}

type tokenKind int

const (
	atEnd tokenKind = iota
	aName           // bare: may be a keyword
	aQuotedName
	aText
	aNumber
	aSign // ( ) , = <> < > <= >=
)

// is tells whether the token is a keyword (written in capitals here) or a sign.
func (t token) is(word string) bool {
	return t.kind == aName && strings.EqualFold(t.text, word) || t.kind == aSign && t.text == word
}

// String is the token as a fault shows it.
func (t token) String() string {
	switch t.kind {
	case atEnd:
		return "the end"
	case aText:
		return fmt.Sprintf("the text %.40q", t.text)
	case aNumber:
		return "the number " + strconv.FormatFloat(t.number, 'g', -1, 64)
	}
	return fmt.Sprintf("%.40q", t.text)
}

// lexer cuts a text into tokens.
type lexer struct {
	rest   string
	column int // of rest's first character
}

// fault is what is wrong at a column of a filter.
func fault(column int, problem, remedy string) energy.Fault {
	return energy.Fault{File: "filter", Line: 1, Column: column, Problem: problem, Remedy: remedy}
}

// skip goes past so many bytes, and counts their characters.
func (l *lexer) skip(bytes int) {
	l.column += utf8.RuneCountInString(l.rest[:bytes])
	l.rest = l.rest[bytes:]
}

// next is the next token; it errs with an [energy.Fault].
func (l *lexer) next() (token, error) {
	l.skip(len(l.rest) - len(strings.TrimLeftFunc(l.rest, unicode.IsSpace)))
	t := token{column: l.column}
	if l.rest == "" {
		return t, nil
	}
	first, _ := utf8.DecodeRuneInString(l.rest)
	switch {
	case first == '\'':
		return l.text(t)
	case first == '"':
		return l.quotedName(t)
	case strings.ContainsRune("(),=<>", first):
		t.kind, t.text = aSign, l.rest[:1]
		if len(l.rest) > 1 && (l.rest[:2] == "<>" || l.rest[:2] == "<=" || l.rest[:2] == ">=") {
			t.text = l.rest[:2]
		}
		l.skip(len(t.text))
		return t, nil
	case startsNumber(l.rest):
		return l.number(t)
	case startsName(first):
		n := len(l.rest) - len(strings.TrimLeftFunc(l.rest, inName))
		t.kind, t.text = aName, l.rest[:n]
		l.skip(n)
		return t, nil
	case strings.ContainsRune("+-*/%^", first):
		return t, fault(t.column, fmt.Sprintf("%q: arithmetic is not supported", first), "compare properties and literals as they are")
	}
	return t, fault(t.column, fmt.Sprintf("%q does not belong here", first), `names with other signs than letters, digits, _ . : stand in double quotes, texts in single ones`)
}

// text reads a text in single quotes: ” and \' stand for one of these, \\ for a
// backslash, and \a \b \t \n \v \f \r for control characters. A backslash before
// another character stays, as the patterns of LIKE need it.
func (l *lexer) text(t token) (token, error) {
	var b strings.Builder
	for i := 1; i < len(l.rest); i++ {
		switch c := l.rest[i]; {
		case c == '\'' && i+1 < len(l.rest) && l.rest[i+1] == '\'':
			b.WriteByte('\'')
			i++
		case c == '\'':
			t.kind, t.text = aText, b.String()
			l.skip(i + 1)
			return t, nil
		case c == '\\' && i+1 < len(l.rest):
			i++
			if at := strings.IndexByte(escapes, l.rest[i]); at >= 0 {
				b.WriteByte(escaped[at])
			} else {
				b.WriteByte('\\')
				b.WriteByte(l.rest[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return t, fault(t.column, "the text has no end", "close it with a single quote; one within is written twice")
}

// The letters after a backslash, and what they stand for (requirement
// /req/cql2-text/escaping).
const (
	escapes = `'abtnvfr\`
	escaped = "'\a\b\t\n\v\f\r\\"
)

// quotedName reads a name in double quotes; it has no escapes (rule propertyName).
func (l *lexer) quotedName(t token) (token, error) {
	end := strings.IndexByte(l.rest[1:], '"')
	if end < 0 {
		return t, fault(t.column, "the name has no end", "close it with a double quote")
	}
	t.kind, t.text = aQuotedName, l.rest[1:1+end]
	if t.text == "" {
		return t, fault(t.column, "the name is empty", "name a property")
	}
	l.skip(end + 2)
	return t, nil
}

// startsNumber tells whether a number begins here, perhaps by its sign: without
// arithmetic a sign is nothing else.
func startsNumber(s string) bool {
	s = strings.TrimLeft(s[:min(1, len(s))], "+-") + s[min(1, len(s)):]
	s = strings.TrimPrefix(s, ".")
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// number reads 12, -1.5, .5 or 1.5e-3.
func (l *lexer) number(t token) (token, error) {
	n := 0
	for n < len(l.rest) {
		c := l.rest[n]
		sign := (c == '+' || c == '-') && (n == 0 || l.rest[n-1] == 'e' || l.rest[n-1] == 'E')
		if !sign && c != '.' && (c < '0' || c > '9') && (c != 'e' && c != 'E') {
			break
		}
		n++
	}
	number, err := strconv.ParseFloat(l.rest[:n], 64)
	if err != nil {
		return t, fault(t.column, fmt.Sprintf("%.40q is no number", l.rest[:n]), "write 1234.5 or 1.2345e3")
	}
	if after, _ := utf8.DecodeRuneInString(l.rest[n:]); n < len(l.rest) && startsName(after) {
		return t, fault(t.column, fmt.Sprintf("%.40q is neither a number nor a name", l.rest[:n+1]), "names begin with a letter; others stand in double quotes")
	}
	t.kind, t.number = aNumber, number
	l.skip(n)
	return t, nil
}

// startsName tells whether a bare name may begin with a character. The grammar lists
// ranges of Unicode (rule identifierStart); letters of any script are taken for them.
func startsName(r rune) bool { return r == '_' || r == ':' || unicode.IsLetter(r) }

// inName tells whether a bare name may go on with a character (rule identifierPart).
func inName(r rune) bool {
	return startsName(r) || r == '.' || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '‿' || r == '⁀'
}
