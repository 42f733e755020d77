// Package strictyaml reads YAML that people write into Go structs and tells
// them everything that is wrong with it at once. It knows YAML and positions,
// no meters.
//
// A fault names file, line and column (both from 1, columns in characters),
// what was found and what was expected. Reading goes on behind a fault, so that
// a file is mended once.
//
// The YAML is a plain subset of 1.2: mappings, lists and scalars in one UTF-8
// document. Anchors, aliases, merge keys, tags, directives and further documents
// are refused, each where it stands: what a line says must not depend on another
// line, and nothing can be blown up.
//
// What a scalar means is decided by the field that takes it, from the text that
// stands in the file: a decimal keeps its digits, an unquoted 63067 can be a
// text. See [Decode] for the rules.
package strictyaml

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"heatledger/energy"
)

// Document is a file that was read. It gives the checks that follow decoding
// the places of what they check.
type Document struct {
	file         string
	root         *node // nil: empty or not readable
	line, column int   // the place of the whole, used where root is nil
}

// Key is an element of a path that means the key itself and not its value:
//
//	doc.Fault(problem, remedy, "points", strictyaml.Key("active_powr"))
type Key string

// Decode reads src, the content of file, into the value that into points to
// (usually a struct). It returns all faults in the order of the file; what is
// not at fault is decoded nevertheless. The document is never nil.
//
// Struct fields are known by their tags: `yaml:"name"`, `yaml:"name,required"`;
// embedded structs and those tagged `yaml:",inline"` lend their fields; fields
// without a tag are none of the file's. A field that is absent or empty
// ("name:") keeps the value it had, so defaults are set before decoding; a
// required one that is absent, empty or "" is a fault.
//
// The types that can be decoded, and what each takes:
//
//   - string: any text. An unquoted number or date is taken as it is written,
//     except where another YAML reader would see another text: 01067, 0x10,
//     1e3, 1.50, 1_000, true and the like must be quoted.
//   - integers: decimal or 0x…, within the range of the type; floats and
//     [energy.Value]: digits with an optional point and exponent, not quoted.
//   - bool: true or false.
//   - [time.Duration]: 1s, 500ms. [time.Time]: RFC 3339 with offset.
//   - [encoding.TextUnmarshaler]: the text of the scalar, quoted or not; an error
//     of the form "what is wrong: what is expected" becomes problem and remedy.
//   - pointers, slices, structs, maps with textual keys, and [Node].
//
// Any other type is a mistake of the program, and Decode panics.
func Decode(file string, src []byte, into any) (*Document, energy.Faults) {
	root, faults := parse(file, src)
	doc := &Document{file: file, root: root}
	if root == nil && len(faults) == 0 {
		doc.root = &node{kind: mapping, line: 1, column: 1} // an empty file has no fields
	}
	return doc, InOrder(append(faults, doc.decode(into)...))
}

// decode fills into from the document. It may be called for a part, too.
func (d *Document) decode(into any) energy.Faults {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic(fmt.Sprintf("strictyaml: decode into %T: a pointer is expected", into))
	}
	dec := decoder{file: d.file}
	if d.root != nil {
		dec.decode(d.root, v.Elem(), "the file")
	}
	return dec.faults
}

// Fault is a fault at the place of path, whose elements are names of fields or
// map keys (any string type), indexes of lists (any integer type) or a [Key].
// Where the path does not exist, the place is that of its last part that does:
// a missing field is reported at its mapping. The place of a value is its first
// character, that of an empty value its key.
func (d *Document) Fault(problem, remedy string, path ...any) energy.Fault {
	f := energy.Fault{File: d.file, Line: d.line, Column: d.column, Problem: problem, Remedy: remedy}
	n := d.root
	for _, element := range path {
		if n == nil {
			break
		}
		f.Line, f.Column = n.line, n.column
		if key, ok := element.(Key); ok {
			if p := n.pair(string(key)); p != nil {
				f.Line, f.Column = p.line, p.column
			}
			return f
		}
		n = n.at(element)
	}
	if n != nil {
		f.Line, f.Column = n.line, n.column
	}
	return f
}

// Present tells whether path exists and is not empty.
func (d *Document) Present(path ...any) bool {
	n := d.find(path)
	return n != nil && n.kind != empty
}

// Decoded tells whether path exists, is not empty and could be decoded, so
// that a check of what it means has something to check.
func (d *Document) Decoded(path ...any) bool {
	n := d.find(path)
	return n != nil && n.kind != broken && n.kind != empty && !n.faulty
}

// Covers tells whether a fault of this file stands at path or below it, so that what
// follows from a part that is at fault is not said as well.
func (d *Document) Covers(f energy.Fault, path ...any) bool {
	n := d.find(path)
	return n != nil && f.File == d.file && n.covers(f.Line, f.Column)
}

// covers tells whether a value, a key or an item of n stands at a place.
func (n *node) covers(line, column int) bool {
	if n.line == line && n.column == column {
		return true
	}
	for _, p := range n.pairs {
		if p.line == line && p.column == column || p.value != nil && p.value.covers(line, column) {
			return true
		}
	}
	return slices.ContainsFunc(n.items, func(item *node) bool { return item.covers(line, column) })
}

// find is the value at path, nil if there is none.
func (d *Document) find(path []any) *node {
	n := d.root
	for _, element := range path {
		if n == nil {
			return nil
		}
		n = n.at(element)
	}
	return n
}

// at is the value one step down; nil if there is none.
func (n *node) at(element any) *node {
	e := reflect.ValueOf(element)
	switch {
	case e.Kind() == reflect.String:
		if p := n.pair(e.String()); p != nil {
			return p.value
		}
	case e.CanInt() && e.Int() >= 0 && e.Int() < int64(len(n.items)):
		return n.items[e.Int()]
	}
	return nil
}

// InOrder sorts faults by their place, for those who add faults of their own to
// those of [Decode]; those of one place keep their order.
func InOrder(faults energy.Faults) energy.Faults {
	slices.SortStableFunc(faults, func(a, b energy.Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return faults
}
