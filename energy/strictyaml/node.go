package strictyaml

import "heatledger/energy"

// Node is a part of a document kept as it stands, for a package that is not to
// be known here: that one decodes it later, and its faults name the places of
// the original file. The zero Node is absent.
type Node struct {
	file         string
	root         *node
	line, column int
}

// Present tells whether the file has this part, and not empty.
func (n Node) Present() bool { return n.root != nil }

// Position is the place of the part's first character, or, of an absent part,
// that of the mapping it is missing from.
func (n Node) Position() (line, column int) { return n.line, n.column }

// Decode reads the part into the value that into points to, by the rules of
// the package's [Decode]. An absent part decodes nothing. Paths given to the
// document's Fault begin within the part.
func (n Node) Decode(into any) (*Document, energy.Faults) {
	doc := &Document{file: n.file, root: n.root, line: n.line, column: n.column}
	return doc, InOrder(doc.decode(into))
}

// kind is what a node is.
type kind uint8

const (
	broken   kind = iota // its fault is reported already: nothing can be said of the value
	empty                // "name:" or null
	scalar               // text, number, true…
	mapping              // fields
	sequence             // a list
)

// node is a value of the document with its place.
type node struct {
	kind         kind
	line, column int
	text         string // of a scalar: quotes and escapes resolved, else as it is written
	quoted       bool   // '…', "…" or a block text: certainly a text
	faulty       bool   // it could not be decoded
	pairs        []pair // of a mapping, in the file's order, each key once
	items        []*node
}

// pair is one entry of a mapping, with the place of its key.
type pair struct {
	key          string
	line, column int
	value        *node
}

// pair is the entry of a key; nil if there is none, or n is no mapping.
func (n *node) pair(key string) *pair {
	for i := range n.pairs {
		if n.pairs[i].key == key {
			return &n.pairs[i]
		}
	}
	return nil
}
