package strictyaml

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"heatledger/energy"
)

// builder turns the library's tree into nodes and notes what YAML may say and
// we refuse.
type builder struct {
	file   string
	places places
	faults energy.Faults

	scalars int // found in the tree
	texts   *texts
}

// fault notes what is refused at a place.
func (b *builder) fault(line, column int, problem, remedy string) {
	b.faults = append(b.faults, energy.Fault{File: b.file, Line: line, Column: column, Problem: problem, Remedy: remedy})
}

// document is the root of the first document that says something; nil if none does.
func (b *builder) document(tree *ast.File) *node {
	var root *node // checkTokens has seen that there is one document
	for _, doc := range tree.Docs {
		switch body := doc.Body.(type) {
		case nil, *ast.CommentNode, *ast.CommentGroupNode:
		default:
			root = b.node(body)
		}
	}
	return root
}

// node turns a value into ours. What is refused is noted; if a value can be
// told nevertheless (that of an anchor, say), decoding goes on with it, so that
// its own faults are reported as well.
func (b *builder) node(from ast.Node) *node {
	line, column := b.places.of(from.GetToken())
	n := &node{line: line, column: column}
	switch a := from.(type) {
	case *ast.MappingNode:
		b.mapping(n, a.Values)
		if !a.IsFlowStyle && len(a.Values) > 0 {
			n.line, n.column = b.places.of(keyToken(a.Values[0].Key))
		}
	case *ast.MappingValueNode:
		b.mapping(n, []*ast.MappingValueNode{a})
		n.line, n.column = b.places.of(keyToken(a.Key))
	case *ast.SequenceNode:
		n.kind = sequence
		for i, value := range a.Values {
			item := b.node(value)
			if item.kind == empty && i < len(a.Entries) { // the place of nothing is its dash
				item.line, item.column = b.places.of(a.Entries[i].Start)
			}
			n.items = append(n.items, item)
		}
	case *ast.NullNode:
		if n.kind = empty; a.GetToken().Type == token.NullType {
			b.scalars++
		}
	case *ast.StringNode:
		t := a.GetToken().Type
		n.kind, n.text = scalar, a.Value
		n.quoted = t == token.SingleQuoteType || t == token.DoubleQuoteType
		b.scalars++
		b.checkPlain(n)
	case *ast.LiteralNode:
		n.kind, n.text, n.quoted = scalar, a.Value.Value, true
		b.scalars++
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		n.kind, n.text = scalar, from.GetToken().Value
		b.scalars++
	case *ast.AnchorNode:
		b.fault(line, column, "an anchor", "anchors and aliases are not read: write the value where it is needed")
		if a.Value != nil {
			return b.node(a.Value)
		}
	case *ast.AliasNode:
		b.fault(line, column, "an alias", "anchors and aliases are not read: write the value where it is needed")
	case *ast.TagNode:
		b.fault(line, column, fmt.Sprintf("the tag %s", from.GetToken().Value), "tags are not read: remove it")
		if a.Value != nil {
			return b.node(a.Value)
		}
	default:
		b.fault(line, column, fmt.Sprintf("a %s", from.Type()), "mappings, lists and scalars are expected")
	}
	if strings.ContainsRune(n.text, 0) || !utf8.ValidString(n.text) {
		b.fault(line, column, "a text with a character that is not kept", "remove the escape")
		n.kind = broken
	}
	n.text = b.texts.keep(n.text)
	return n
}

// checkPlain reports an unquoted text that YAML does not allow and the parser
// takes nevertheless: of {a: 1 b: 2} it makes the text "1 b: 2".
func (b *builder) checkPlain(n *node) {
	if n.quoted {
		return
	}
	switch {
	case strings.Contains(n.text, ": ") || strings.HasSuffix(n.text, ":"):
		b.fault(n.line, n.column, fmt.Sprintf("%q has a colon in an unquoted text", n.text), "a comma before the next field is expected, or quotes around the text")
	case n.text != "" && strings.ContainsAny(n.text[:1], ",]}"):
		b.fault(n.line, n.column, fmt.Sprintf("%q begins with a sign of YAML", n.text), "write quotes around the text")
	default:
		return
	}
	n.kind = broken
}

// mapping fills n with entries. A key that stands twice keeps its first value.
func (b *builder) mapping(n *node, entries []*ast.MappingValueNode) {
	n.kind, n.pairs = mapping, make([]pair, 0, len(entries))
	seen := make(map[string]int, len(entries))
	for _, e := range entries {
		line, column := b.places.of(keyToken(e.Key))
		if e.Key.IsMergeKey() {
			b.fault(line, column, "a merge key <<", "write the fields where they are needed")
			continue
		}
		var value *node
		if e.Value == nil {
			value = &node{kind: empty}
		} else {
			value = b.node(e.Value)
		}
		key := &node{}
		if k, ok := e.Key.(*ast.MappingKeyNode); ok && k.Value != nil {
			key = b.node(k.Value)
		} else if !ok {
			key = b.node(e.Key)
		}
		if key.kind != scalar {
			b.fault(line, column, "a key that is no text", "a name is expected before the colon")
			continue
		}
		if first, doubled := seen[key.text]; doubled {
			b.fault(line, column, fmt.Sprintf("%q stands twice", key.text), fmt.Sprintf("it is given on line %d already: keep one", first))
			continue
		}
		seen[key.text] = line
		if value.kind == empty {
			value.line, value.column = line, column
		}
		n.pairs = append(n.pairs, pair{key: key.text, line: line, column: column, value: value})
	}
}

// keyToken is the token a key begins with: of "? key" the key itself.
func keyToken(key ast.MapKeyNode) *token.Token {
	if k, ok := key.(*ast.MappingKeyNode); ok && k.Value != nil {
		return k.Value.GetToken()
	}
	return key.GetToken()
}
