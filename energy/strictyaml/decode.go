package strictyaml

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"heatledger/energy"
)

// decoder fills Go values from nodes and gathers what does not fit.
type decoder struct {
	file   string
	faults energy.Faults
}

// fault notes that n is wrong, so that checks which follow leave it alone.
func (d *decoder) fault(n *node, problem, remedy string) {
	n.faulty = true
	d.faults = append(d.faults, energy.Fault{File: d.file, Line: n.line, Column: n.column, Problem: problem, Remedy: remedy})
}

// expect notes that name is what n is, where want is expected.
func (d *decoder) expect(n *node, name, want string) {
	found := quote(n.text)
	switch {
	case n.kind == mapping:
		found = "a mapping"
	case n.kind == sequence:
		found = "a list"
	case n.kind == empty:
		found = "empty"
	case n.quoted:
		found = "the text " + found
	}
	d.fault(n, name+" is "+found, want+" is expected")
}

// quote shows a text in a message, the beginning of a long one.
func quote(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

// decode sets v, which is settable, from n. Name is how messages call n.
func (d *decoder) decode(n *node, v reflect.Value, name string) {
	switch {
	case n.kind == broken, n.kind == empty && v.Type() != reflect.TypeFor[Node]():
		return
	case v.Type() == reflect.TypeFor[Node]():
		part := Node{file: d.file, root: n, line: n.line, column: n.column}
		if n.kind == empty {
			part.root = nil
		}
		v.Set(reflect.ValueOf(part))
		return
	case v.Kind() == reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.decode(n, v.Elem(), name)
		return
	}
	if set, ok := special(v); ok {
		d.scalar(n, name, set)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.structure(n, v, name)
	case reflect.Slice:
		d.slice(n, v, name)
	case reflect.Map:
		d.mapOf(n, v, name)
	default:
		d.scalar(n, name, plain(v))
	}
}

// scalar hands a scalar to set, whose error "problem: remedy" is noted.
func (d *decoder) scalar(n *node, name string, set setter) {
	if n.kind != scalar {
		d.expect(n, name, set.want)
		return
	}
	err := set.set(n)
	switch {
	case errors.Is(err, errUnfit):
		d.expect(n, name, set.want)
	case err != nil:
		problem, remedy, _ := strings.Cut(err.Error(), ": ")
		d.fault(n, name+": "+problem, remedy)
	}
}

// slice keeps the number of entries, so that the indexes of the slice are those
// of the file even where an entry is at fault.
func (d *decoder) slice(n *node, v reflect.Value, name string) {
	if n.kind != sequence {
		d.expect(n, name, "a list")
		return
	}
	list := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, item := range n.items {
		entry := fmt.Sprintf("entry %d of %s", i+1, name)
		if item.kind == empty {
			d.fault(item, entry+" is empty", "write a value or remove it")
			continue
		}
		d.decode(item, list.Index(i), entry)
	}
	v.Set(list)
}

// mapOf decodes keys and values; an entry at fault is left out.
func (d *decoder) mapOf(n *node, v reflect.Value, name string) {
	if n.kind != mapping {
		d.expect(n, name, "a mapping")
		return
	}
	t := v.Type()
	entries := reflect.MakeMapWithSize(t, len(n.pairs))
	for _, p := range n.pairs {
		key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		at := &node{kind: scalar, line: p.line, column: p.column, text: p.key, quoted: t.Key().Kind() == reflect.String}
		before := len(d.faults)
		d.decode(at, key, "the key")
		if p.value.kind == empty {
			d.fault(p.value, fmt.Sprintf("%s is empty", p.key), "write a value or remove it")
		}
		d.decode(p.value, value, p.key)
		if len(d.faults) == before {
			entries.SetMapIndex(key, value)
		}
	}
	v.Set(entries)
}

// structure decodes the fields of a mapping, in the order of the file, and then
// names those that are missing, in the order of the program.
func (d *decoder) structure(n *node, v reflect.Value, name string) {
	if n.kind != mapping {
		d.expect(n, name, "a mapping")
		return
	}
	fields := fieldsOf(v)
	for _, p := range n.pairs {
		f := fields.find(p.key)
		if f == nil {
			at := &node{line: p.line, column: p.column}
			d.fault(at, "unknown field "+quote(p.key), fields.advice(p.key))
			continue
		}
		f.given = true
		d.decode(p.value, f.value, f.name)
		if f.required && (p.value.kind == empty || p.value.kind == scalar && p.value.text == "") {
			d.fault(p.value, fmt.Sprintf("field %q is empty", f.name), wanted(f.value.Type())+" is expected")
		}
	}
	for _, f := range fields {
		if f.given {
			continue
		}
		if f.required {
			at := &node{line: n.line, column: n.column} // n itself is decoded
			d.fault(at, fmt.Sprintf("missing field %q", f.name), wanted(f.value.Type())+" is expected")
		}
		if f.value.Type() == reflect.TypeFor[Node]() {
			f.value.Set(reflect.ValueOf(Node{file: d.file, line: n.line, column: n.column}))
		}
	}
}

// wanted says what a value of type t is, for messages.
func wanted(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	v := reflect.New(t).Elem()
	if set, ok := special(v); ok {
		return set.want
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "a mapping"
	case reflect.Slice:
		return "a list"
	}
	return plain(v).want
}
