package geo

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// deepest is how far values may stand within each other; GeoJSON needs nine.
const deepest = 64

// scanner reads JSON (RFC 8259) with the place of every value. It takes NaN,
// Infinity and -Infinity for numbers, which some programs write and JSON does
// not know, so that the one feature that has them can be named.
type scanner struct {
	src   []byte
	at    int
	depth int
}

// syntaxError is where and why the text is no JSON.
type syntaxError struct {
	offset int
	found  string
}

func (e *syntaxError) Error() string { return e.found }

// value is a JSON value with its place.
type value struct {
	kind    byte // { [ " n (number) t f 0 (null)
	offset  int  // of its first character
	end     int  // behind its last character
	number  float64
	text    string
	items   []value
	members []member
}

type member struct {
	name   string
	offset int
	value  value
}

// get is the member of that name; nil if there is none.
func (v *value) get(name string) *value {
	for i := range v.members {
		if v.members[i].name == name {
			return &v.members[i].value
		}
	}
	return nil
}

func (s *scanner) fail(format string, args ...any) error {
	return &syntaxError{s.at, fmt.Sprintf(format, args...)}
}

// space skips white space and gives the next character, 0 at the end.
func (s *scanner) space() byte {
	for s.at < len(s.src) {
		switch c := s.src[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// found describes what stands at the place, for messages.
func (s *scanner) found() string {
	if s.at >= len(s.src) {
		return "the file ends"
	}
	r, _ := utf8.DecodeRune(s.src[s.at:])
	return strconv.QuoteRune(r)
}

// value reads a value. With keep false only its extent is kept: kind, offset, end.
func (s *scanner) value(keep bool) (v value, err error) {
	c := s.space()
	v.offset = s.at
	switch {
	case c == '{' || c == '[':
		if s.depth++; s.depth > deepest {
			return v, s.fail("values stand %d deep within each other", s.depth)
		}
		v.kind = c
		if c == '{' {
			err = s.object(&v, keep)
		} else {
			err = s.array(&v, keep)
		}
		s.depth--
	case c == '"':
		v.kind = '"'
		v.text, err = s.text()
	case c == '-' || c >= '0' && c <= '9' || c == 'N' || c == 'I':
		v.kind = 'n'
		v.number, err = s.number()
	case s.word("true"):
		v.kind = 't'
	case s.word("false"):
		v.kind = 'f'
	case s.word("null"):
		v.kind = '0'
	default:
		err = s.fail("%s where a value is expected", s.found())
	}
	v.end = s.at
	return v, err
}

func (s *scanner) word(w string) bool {
	if !bytes.HasPrefix(s.src[s.at:], []byte(w)) {
		return false
	}
	s.at += len(w)
	return true
}

func (s *scanner) array(v *value, keep bool) error {
	s.at++
	if s.space() == ']' {
		s.at++
		return nil
	}
	for {
		item, err := s.value(keep)
		if err != nil {
			return err
		}
		if keep {
			v.items = append(v.items, item)
		}
		switch s.space() {
		case ',':
			s.at++
		case ']':
			s.at++
			return nil
		default:
			return s.fail("%s where a comma or ] is expected", s.found())
		}
	}
}

func (s *scanner) object(v *value, keep bool) error {
	s.at++
	if s.space() == '}' {
		s.at++
		return nil
	}
	for {
		if s.space() != '"' {
			return s.fail("%s where a name in quotes is expected", s.found())
		}
		m := member{offset: s.at}
		var err error
		if m.name, err = s.text(); err != nil {
			return err
		}
		if s.space() != ':' {
			return s.fail("%s where a colon is expected", s.found())
		}
		s.at++
		if m.value, err = s.value(keep); err != nil {
			return err
		}
		if keep {
			v.members = append(v.members, m)
		}
		switch s.space() {
		case ',':
			s.at++
		case '}':
			s.at++
			return nil
		default:
			return s.fail("%s where a comma or } is expected", s.found())
		}
	}
}

// number reads a number as JSON spells it, or NaN and the infinities.
func (s *scanner) number() (float64, error) {
	switch {
	case s.word("NaN"):
		return math.NaN(), nil
	case s.word("Infinity"), s.word("Inf"):
		return math.Inf(1), nil
	case s.word("-Infinity"), s.word("-Inf"):
		return math.Inf(-1), nil
	}
	from := s.at
	if s.src[s.at] == '-' {
		s.at++
	}
	whole := s.digits()
	leading := whole > 1 && s.src[s.at-whole] == '0'
	fraction, exponent := 1, 1
	if s.at < len(s.src) && s.src[s.at] == '.' {
		s.at++
		fraction = s.digits()
	}
	if s.at < len(s.src) && (s.src[s.at] == 'e' || s.src[s.at] == 'E') {
		s.at++
		if s.at < len(s.src) && (s.src[s.at] == '+' || s.src[s.at] == '-') {
			s.at++
		}
		exponent = s.digits()
	}
	text := string(s.src[from:s.at])
	if whole == 0 || fraction == 0 || exponent == 0 || leading {
		s.at = from
		return 0, s.fail("%q is no number", text)
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		x = math.Inf(sign(x)) // beyond what can be kept: named where it is used
	}
	return x, nil
}

func (s *scanner) digits() int {
	n := 0
	for s.at < len(s.src) && s.src[s.at] >= '0' && s.src[s.at] <= '9' {
		s.at, n = s.at+1, n+1
	}
	return n
}

// text reads a string; the place is its opening quote.
func (s *scanner) text() (string, error) {
	from := s.at + 1
	for i := from; i < len(s.src); i++ {
		switch c := s.src[i]; {
		case c == '"':
			s.at = i + 1
			return string(s.src[from:i]), nil
		case c == '\\':
			return s.escaped(from, i)
		case c < ' ':
			s.at = i
			return "", s.fail("a control character within a text")
		}
	}
	return "", s.fail("a text without its closing quote")
}

// escaped goes on with a string that has escapes, the first at i.
func (s *scanner) escaped(from, i int) (string, error) {
	out := append([]byte(nil), s.src[from:i]...)
	for i < len(s.src) {
		c := s.src[i]
		switch {
		case c == '"':
			s.at = i + 1
			return string(out), nil
		case c < ' ':
			s.at = i
			return "", s.fail("a control character within a text")
		case c != '\\':
			out = append(out, c)
			i++
			continue
		}
		if i+1 >= len(s.src) {
			break
		}
		if at := bytes.IndexByte([]byte(`"\/bfnrt`), s.src[i+1]); at >= 0 {
			out = append(out, "\"\\/\b\f\n\r\t"[at])
			i += 2
			continue
		}
		r, ok := s.unit(i)
		if !ok {
			s.at = i
			return "", s.fail("an escape that JSON does not know")
		}
		i += 6
		if utf16.IsSurrogate(r) {
			if low, ok := s.unit(i); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
				r, i = utf16.DecodeRune(r, low), i+6
			} else {
				r = utf8.RuneError
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return "", s.fail("a text without its closing quote")
}

// unit is the UTF-16 unit of the escape \u0000 at i.
func (s *scanner) unit(i int) (rune, bool) {
	if i+6 > len(s.src) || s.src[i] != '\\' || s.src[i+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.src[i+2:i+6]), 16, 16)
	return rune(n), err == nil
}

// places turns offsets into lines and columns. A file of a hundred megabytes may be one
// line: characters are counted once, up to each block.
type places struct {
	src        []byte
	lines      []int // offsets at which lines begin
	characters []int // how many characters begin before each block
}

// placesBlock is the length of a block in bytes.
const placesBlock = 1 << 10

func newPlaces(src []byte) *places {
	p := &places{src: src, lines: []int{0}}
	characters := 0
	for i, c := range src {
		if i%placesBlock == 0 {
			p.characters = append(p.characters, characters)
		}
		if utf8.RuneStart(c) {
			characters++
		}
		if c == '\n' {
			p.lines = append(p.lines, i+1)
		}
	}
	if len(src)%placesBlock == 0 {
		p.characters = append(p.characters, characters)
	}
	return p
}

// of is the line and the column, in characters, of an offset; both from 1.
func (p *places) of(offset int) (line, column int) {
	low, high := 0, len(p.lines)
	for high-low > 1 {
		if middle := (low + high) / 2; p.lines[middle] <= offset {
			low = middle
		} else {
			high = middle
		}
	}
	return low + 1, p.before(min(offset, len(p.src))) - p.before(p.lines[low]) + 1
}

// before is how many characters begin before an offset.
func (p *places) before(offset int) int {
	block := offset / placesBlock
	n := p.characters[block]
	for _, c := range p.src[block*placesBlock : offset] {
		if utf8.RuneStart(c) {
			n++
		}
	}
	return n
}
