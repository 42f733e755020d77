package strictyaml_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"heatledger/energy/strictyaml"
)

// TestPlacesAreRightHoweverTheFileIsWritten writes documents in every style,
// notes where each value begins, and asks for the place of each.
func TestPlacesAreRightHoweverTheFileIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{t: t}
		w.filler(0)
		w.mapping(0, 0, nil)
		text := w.text.String()
		if rapid.Bool().Draw(t, "CRLF") {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		if rapid.Bool().Draw(t, "BOM") {
			text = "\uFEFF" + text
		}
		var whole strictyaml.Node
		doc, faults := strictyaml.Decode("f", []byte(text), &whole)
		if len(faults) > 0 {
			t.Fatalf("%v\n%s", faults, text)
		}
		for _, v := range w.values {
			f := doc.Fault("p", "", v.path...)
			if f.Line != v.line || f.Column != v.column {
				t.Fatalf("%v stands at %d:%d, reported at %d:%d in\n%s", v.path, v.line, v.column, f.Line, f.Column, text)
			}
		}
	})
}

// value is where a value was written.
type value struct {
	path         []any
	line, column int
}

// writer writes a document and notes the places.
type writer struct {
	t      *rapid.T
	text   strings.Builder
	values []value
	keys   int
}

// here notes that the value at path begins where the text ends now.
func (w *writer) here(path []any) {
	text := w.text.String()
	last := text[strings.LastIndex(text, "\n")+1:]
	w.values = append(w.values, value{slices.Clone(path), strings.Count(text, "\n") + 1, utf8.RuneCountInString(last) + 1})
}

func (w *writer) pick(name string, texts ...string) string {
	return rapid.SampledFrom(texts).Draw(w.t, name)
}

// filler writes lines that mean nothing.
func (w *writer) filler(indent int) {
	w.text.WriteString(w.pick("filler", "", "", "", "\n", "# a comment: {of} [nothing]\n", strings.Repeat(" ", indent)+"# °\n\n"))
}

func (w *writer) end(indent int) {
	w.text.WriteString(w.pick("end", "\n", "\n", " # why: so\n", "   \n"))
	w.filler(indent)
}

func (w *writer) key() string {
	w.keys++
	return fmt.Sprintf("%s%d", w.pick("key", "k", "ä°", "a b", "site/x-"), w.keys)
}

// mapping writes entries from the present place on; indent is that of their keys.
func (w *writer) mapping(indent, depth int, path []any) {
	w.here(path)
	for i := range rapid.IntRange(1, 4).Draw(w.t, "entries") {
		if i > 0 {
			w.text.WriteString(strings.Repeat(" ", indent))
		}
		key := w.key()
		at := append(slices.Clone(path), key)
		w.here(append(slices.Clone(path), strictyaml.Key(key)))
		w.text.WriteString(w.pick("quotes", key, `"`+key+`"`, "'"+key+"'") + w.pick("colon", ":", " :"))
		w.value(indent, depth, at)
	}
}

// value writes what follows a key and its colon.
func (w *writer) value(indent, depth int, path []any) {
	kinds := []string{"scalar", "scalar", "flow", "multi-line", "literal"}
	if depth < 3 {
		kinds = append(kinds, "mapping", "list", "list")
	}
	switch w.pick("kind", kinds...) {
	case "mapping":
		w.end(indent)
		deeper := indent + rapid.IntRange(1, 4).Draw(w.t, "step")
		w.text.WriteString(strings.Repeat(" ", deeper))
		w.mapping(deeper, depth+1, path)
	case "list":
		w.end(indent)
		w.list(indent+rapid.IntRange(0, 3).Draw(w.t, "step"), depth+1, path)
	case "multi-line":
		w.text.WriteString(" ")
		w.here(path)
		inner := "\n" + strings.Repeat(" ", indent+2)
		w.text.WriteString(w.pick("text", "plain"+inner+"text", `"quoted`+inner+`°text"`, "'it''s"+inner+"so'"))
		w.end(indent)
	case "literal":
		w.text.WriteString(" ")
		w.here(path)
		inner := strings.Repeat(" ", indent+2)
		w.text.WriteString(w.pick("style", "|", ">", "|-") + "\n" + inner + "one: {\n" + inner + "# two\n")
	case "flow":
		w.text.WriteString(" ")
		w.flow(indent, depth, path)
		w.end(indent)
	default:
		w.text.WriteString(w.pick("blank", " ", "   "))
		w.scalar(path)
		w.end(indent)
	}
}

func (w *writer) list(indent, depth int, path []any) {
	w.values = append(w.values, value{}) // its place is that of the first dash
	mark := len(w.values) - 1
	for i := range rapid.IntRange(1, 3).Draw(w.t, "items") {
		w.text.WriteString(strings.Repeat(" ", indent))
		if i == 0 {
			w.here(path)
			w.values[mark] = w.values[len(w.values)-1]
		}
		blanks := w.pick("dash", " ", "  ")
		w.text.WriteString("-" + blanks)
		at := append(slices.Clone(path), i)
		if rapid.Bool().Draw(w.t, "mapping") {
			w.mapping(indent+1+len(blanks), depth, at)
		} else {
			w.scalar(at)
			w.end(indent)
		}
	}
}

func (w *writer) flow(indent, depth int, path []any) {
	w.here(path)
	breaks := []string{"", " ", "\n" + strings.Repeat(" ", indent+2)}
	if rapid.Bool().Draw(w.t, "list") {
		w.text.WriteString("[" + w.pick("break", breaks...))
		for i := range rapid.IntRange(0, 3).Draw(w.t, "items") {
			if i > 0 {
				w.text.WriteString("," + w.pick("break", breaks[1:]...))
			}
			w.scalar(append(slices.Clone(path), i))
		}
		w.text.WriteString(w.pick("break", breaks...) + "]")
		return
	}
	w.text.WriteString("{")
	for i := range rapid.IntRange(0, 3).Draw(w.t, "entries") {
		if i > 0 {
			w.text.WriteString("," + w.pick("break", breaks[1:]...))
		}
		key := w.key()
		w.text.WriteString(key + ": ")
		if at := append(slices.Clone(path), key); depth < 4 && rapid.Bool().Draw(w.t, "deeper") {
			w.flow(indent, depth+1, at)
		} else {
			w.scalar(at)
		}
	}
	w.text.WriteString("}")
}

func (w *writer) scalar(path []any) {
	w.here(path)
	w.text.WriteString(w.pick("scalar", "text", "4711", "41250000.0 kWh", "0x8000", "°C", `"°C # no"`, "'it''s'", "2024-05-14T09:30:00+02:00", "tcp://127.0.0.1:1502", "true", `""`, "-1.5e3", "a/b - 0.5 * a/c"))
}
