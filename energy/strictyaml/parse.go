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

	if len(text) > wholeSize {
		if root, ok := parseInPieces(file, text); ok {
			return root, nil
		}
	}
	return parseText(file, text, &texts{})
}

// parseText is parse for a text as the library wants it. What is read of it is
// kept with kept.
func parseText(file, text string, kept *texts) (*node, energy.Faults) {
	tokens, err := tokenize(text)
	if err != nil {
		return nil, energy.Faults{{File: file, Problem: err.Error(), Remedy: checkSyntax}}
	}
	b := builder{file: file, places: locate(tokens, text), texts: kept}
	if b.checkTokens(tokens, strings.Split(text, "\n")); len(b.faults) > 0 {
		return nil, b.faults
	}
	tree, err := parseTokens(tokens)
	if err != nil {
		return nil, energy.Faults{b.syntaxFault(err)}
	}
	root := b.document(tree)
	if len(b.faults) == 0 && b.scalars != scalars(tokens) {
		b.faults = energy.Faults{{File: file, Problem: "the file is not readable as YAML", Remedy: checkSyntax}}
	}
	return root, b.faults
}

// scalars is the number of scalars in a text. A tree with fewer has lost some:
// the parser is lenient, and we would rather refuse a file than misread it.
func scalars(tokens token.Tokens) int {
	n := 0
	for _, t := range tokens {
		switch t.Type {
		case token.StringType, token.SingleQuoteType, token.DoubleQuoteType, token.BoolType, token.NullType,
			token.IntegerType, token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType,
			token.FloatType, token.InfinityType, token.NanType:
			n++
		}
	}
	return n
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
func (b *builder) syntaxFault(err error) energy.Fault {
	f := energy.Fault{File: b.file, Problem: err.Error(), Remedy: checkSyntax}
	var placed interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &placed) {
		f.Problem = placed.GetMessage()
		f.Line, f.Column = b.places.of(placed.GetToken())
	}
	return f
}

// checkTokens reports what the scanner could not read, indentation by tabs,
// further documents, and nesting beyond maxDepth. The parser overlooks some of
// it: of two lines "---" it drops everything that follows.
func (b *builder) checkTokens(tokens token.Tokens, lines []string) {
	flow, chain, line := 0, 0, 0
	begun, ended, tabbed := false, false, map[int]bool{}
	reportTab := func(line int) {
		if !tabbed[line] && tab(lines, line) {
			tabbed[line] = true
			b.fault(line, 1, "tab in the indentation", "indent with spaces")
		}
	}
	for _, t := range tokens {
		at, column := b.places.of(t)
		first := at != line
		if first {
			line, chain = at, 0
		}
		if second := b.secondDocument(t, &begun, &ended); second {
			return
		}
		switch t.Type {
		case token.InvalidType:
			reportTab(at)
			reportTab(at + 1) // the token holds the end of the line before
			if len(tabbed) == 0 {
				b.fault(at, column, t.Error, checkSyntax)
			}
		case token.CommentType:
		case token.DirectiveType:
			b.fault(at, column, "a YAML directive", "remove the line, or write quotes around a text that begins with %")
			return
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType, token.TagType, token.AnchorType:
			chain++
			fallthrough
		default:
			if first && flow == 0 {
				reportTab(at)
			}
		}
		if flow > maxDepth || flow == 0 && chain > maxDepth {
			b.fault(at, column, "nested too deeply", fmt.Sprintf("at most %d levels are expected", maxDepth))
			return
		}
	}
}

// secondDocument reports the first token of a further document. begun tells
// that the first has begun, ended that the line ... was read.
func (b *builder) secondDocument(t *token.Token, begun, ended *bool) bool {
	switch {
	case t.Type == token.CommentType:
	case t.Type == token.DocumentEndType && !*ended:
		*ended = true
	case *ended, *begun && t.Type == token.DocumentHeaderType:
		line, column := b.places.of(t)
		b.fault(line, column, "a second document", "one file holds one document: remove it and the line --- or ... above it")
		return true
	default:
		*begun = true
	}
	return false
}

// tab tells whether the given line (from 1) has a tab in its indentation.
func tab(lines []string, line int) bool {
	if line < 1 || line > len(lines) {
		return false
	}
	text := lines[line-1]
	return strings.Contains(text[:len(text)-len(strings.TrimLeft(text, " \t"))], "\t")
}
