package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"heatledger/energy"
)

// Bounds of what a person writes. The parser recurses and keeps the path of
// every node, so that depth must be bounded before it is called.
const (
	maxBytes = 16 << 20
	maxDepth = 64
)

const checkSyntax = "check quotes, brackets and indentation here and on the lines above"

// parse turns src into nodes. The root is nil when the file is empty or when
// its syntax leaves nothing to read; only the latter has faults.
func parse(file string, src []byte) (*node, energy.Faults) {
	if f, ok := unreadable(src); ok {
		f.File = file
		return nil, energy.Faults{f}
	}
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	text := strings.ReplaceAll(strings.ReplaceAll(string(src), "\r\n", "\n"), "\r", "\n")

	b := builder{file: file}
	tokens, err := tokenize(text)
	if err != nil {
		return nil, energy.Faults{{File: file, Problem: err.Error(), Remedy: checkSyntax}}
	}
	if b.checkTokens(tokens, strings.Split(text, "\n")); len(b.faults) > 0 {
		return nil, b.faults
	}
	tree, err := parseTokens(tokens)
	if err != nil {
		return nil, energy.Faults{syntaxFault(file, err)}
	}
	return b.document(tree), b.faults
}

// unreadable finds what makes src no text at all.
func unreadable(src []byte) (energy.Fault, bool) {
	if len(src) > maxBytes {
		return energy.Fault{
			Problem: fmt.Sprintf("the file has %d MB", len(src)>>20),
			Remedy:  fmt.Sprintf("at most %d MB are expected", maxBytes>>20),
		}, true
	}
	line, column := 1, 1
	for rest := bytes.TrimPrefix(src, []byte("\uFEFF")); len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		at := energy.Fault{Line: line, Column: column}
		switch {
		case r == utf8.RuneError && size == 1:
			at.Problem, at.Remedy = fmt.Sprintf("byte 0x%02x is no UTF-8", rest[0]), "save the file as UTF-8"
			return at, true
		case r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r == '\uFEFF' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			at.Problem, at.Remedy = fmt.Sprintf("control character %U", r), "remove it, or write it as an escape in double quotes"
			return at, true
		case r == '\n':
			line, column = line+1, 1
		default:
			column++
		}
		rest = rest[size:]
	}
	return energy.Fault{}, false
}

// tokenize and parseTokens guard the library's calls: a panic of theirs is a
// file that is not readable, never the end of the program.
func tokenize(text string) (tokens token.Tokens, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the file is not readable as YAML")
		}
	}()
	return lexer.Tokenize(text), nil
}

func parseTokens(tokens token.Tokens) (tree *ast.File, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the file is not readable as YAML")
		}
	}()
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

// syntaxFault is the parser's first error with its place.
func syntaxFault(file string, err error) energy.Fault {
	f := energy.Fault{File: file, Problem: err.Error(), Remedy: checkSyntax}
	var placed interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &placed) {
		f.Problem = placed.GetMessage()
		f.Line, f.Column = place(placed.GetToken())
	}
	return f
}

// checkTokens reports what the scanner could not read, indentation by tabs,
// and nesting beyond maxDepth.
func (b *builder) checkTokens(tokens token.Tokens, lines []string) {
	flow, chain, line := 0, 0, 0
	for _, t := range tokens {
		at, column := place(t)
		first := at != line
		if first {
			line, chain = at, 0
		}
		switch t.Type {
		case token.InvalidType:
			if tab(lines, at) {
				b.fault(at, 1, "tab in the indentation", "indent with spaces")
			} else {
				b.fault(at, column, t.Error, checkSyntax)
			}
		case token.CommentType:
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType, token.TagType, token.AnchorType:
			chain++
			fallthrough
		default:
			if first && flow == 0 && tab(lines, at) {
				b.fault(at, 1, "tab in the indentation", "indent with spaces")
			}
		}
		if flow > maxDepth || flow == 0 && chain > maxDepth {
			b.fault(at, column, "nested too deeply", fmt.Sprintf("at most %d levels are expected", maxDepth))
			return
		}
	}
}

// tab tells whether the given line (from 1) has a tab in its indentation.
func tab(lines []string, line int) bool {
	if line < 1 || line > len(lines) {
		return false
	}
	text := lines[line-1]
	return strings.Contains(text[:len(text)-len(strings.TrimLeft(text, " \t"))], "\t")
}

// place is the line and column of a token.
func place(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return 0, 0
	}
	return t.Position.Line, max(t.Position.Column, 1)
}
