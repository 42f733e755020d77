package strictyaml

import (
	"unicode"

	"github.com/goccy/go-yaml/token"
)

// places are the lines and columns at which tokens begin.
//
// The library's own positions are not used where they can be told better: it
// shifts a plain text by the blanks that follow it. But its tokens part the
// text: every character that is no white space belongs to exactly one, in order.
type places map[*token.Token]struct{ line, column int }

// locate finds where each token begins in text. Where the tokens do not part
// the text after all, it stops, and the library's positions hold for the rest.
func locate(tokens token.Tokens, text string) places {
	found := make(places, len(tokens))
	at := cursor{rest: []rune(text), line: 1, column: 1}
	for _, t := range tokens {
		first := true
		for _, r := range t.Origin {
			if unicode.IsSpace(r) {
				continue
			}
			at.skip()
			if first {
				found[t] = struct{ line, column int }{at.line, at.column}
				first = false
			}
			if !at.take(r) {
				delete(found, t)
				return found
			}
		}
	}
	return found
}

// of is the line and column of a token, 0 if it has none.
func (p places) of(t *token.Token) (line, column int) {
	if t == nil {
		return 0, 0
	}
	if at, ok := p[t]; ok {
		return at.line, at.column
	}
	if t.Position == nil {
		return 0, 0
	}
	return t.Position.Line, max(t.Position.Column, 1)
}

// cursor is a place in a text.
type cursor struct {
	rest         []rune
	line, column int
}

// skip goes to the next character that is no white space.
func (c *cursor) skip() {
	for len(c.rest) > 0 && unicode.IsSpace(c.rest[0]) {
		if c.column++; c.rest[0] == '\n' {
			c.line, c.column = c.line+1, 1
		}
		c.rest = c.rest[1:]
	}
}

// take goes past r; false if something else stands there.
func (c *cursor) take(r rune) bool {
	if len(c.rest) == 0 || c.rest[0] != r {
		return false
	}
	c.rest = c.rest[1:]
	c.column++
	return true
}
