package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// switchName is the file, added to the package, by which the environment
// chooses a mutant (MUTANT=id) or has those noted that are reached
// (MUTANT_REACH=file).
const switchName = "mutants_chosen.go"

const switchText = `package %s

import (
	"os"
	"strconv"
	"sync"
)

var mutantChosen, _ = strconv.Atoi(os.Getenv("MUTANT"))

var mutantReached = func() *mutantNotes {
	name := os.Getenv("MUTANT_REACH")
	if name == "" {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		panic(err)
	}
	return &mutantNotes{file: f, seen: map[int]bool{}}
}()

type mutantNotes struct {
	sync.Mutex
	file *os.File
	seen map[int]bool
}

func mutantIs(id int) bool {
	if n := mutantReached; n != nil {
		n.Lock()
		defer n.Unlock()
		if !n.seen[id] {
			n.seen[id] = true
			n.file.WriteString(strconv.Itoa(id) + "\n")
		}
	}
	return id == mutantChosen
}
`

// schema writes all files with all their mutants in them, and sets those
// mutants apart with which the types do not fit.
func (p *pack) schema() (map[string]string, error) {
	for {
		written := map[string]string{switchName: fmt.Sprintf(switchText, p.types.Name())}
		places := map[*edit]span{} // in the written files
		for _, f := range p.files {
			w := &writer{file: f, places: places}
			for _, e := range p.edits {
				if e.file == f && slices.ContainsFunc(e.mutants, func(m *mutant) bool { return !m.alone }) {
					w.edits = append(w.edits, e)
				}
			}
			w.write(0, len(f.text))
			written[f.name] = w.String()
		}
		faults, trees := p.check(written)
		if len(faults) == 0 {
			return written, nil
		}
		before := len(places)
		for _, fault := range faults {
			setApart(fault, places, trees, p.fset)
		}
		if len(places) == before {
			return nil, fmt.Errorf("write the mutants: %w", errors.Join(asErrors(faults)...))
		}
	}
}

func asErrors(faults []types.Error) (list []error) {
	for _, f := range faults {
		list = append(list, f)
	}
	return list
}

// writer writes a file with its edits, which nest.
type writer struct {
	strings.Builder
	file   *file
	edits  []*edit // outer before inner
	places map[*edit]span
}

// write writes the file's text from start to end.
func (w *writer) write(start, end int) {
	for len(w.edits) > 0 && w.edits[0].start < end {
		e := w.edits[0]
		w.edits = w.edits[1:]
		w.Write(w.file.text[start:e.start])
		from := w.Len()
		w.choose(e)
		w.places[e] = span{from, w.Len(), e.place}
		start = e.end
	}
	w.Write(w.file.text[start:end])
}

// choose writes an edit with what its mutants have in its place.
func (w *writer) choose(e *edit) {
	switch e.place {
	case expression:
		fmt.Fprintf(w, "(func() %s {", e.typ)
		for _, m := range e.mutants {
			fmt.Fprintf(w, "if mutantIs(%d) {return %s}; ", m.id, m.text)
		}
		w.WriteString("return ")
		w.write(e.start, e.end)
		w.WriteString("}())")
	case condition:
		fmt.Fprintf(w, "(mutantIs(%d) != (", e.mutants[0].id)
		w.write(e.start, e.end)
		w.WriteString("))")
	case statement:
		for _, m := range e.mutants {
			fmt.Fprintf(w, "if mutantIs(%d) {%s} else ", m.id, m.text)
		}
		w.WriteString("{")
		w.write(e.start, e.end)
		w.WriteString("}")
	case leaving:
		for _, m := range e.mutants {
			fmt.Fprintf(w, "if mutantIs(%d) {%s}; ", m.id, m.text)
		}
		w.write(e.start, e.end)
	}
}

// check types the written files.
func (p *pack) check(written map[string]string) (faults []types.Error, trees map[string]*ast.File) {
	trees = map[string]*ast.File{}
	config := types.Config{Importer: p.imports, Error: func(err error) {
		var fault types.Error
		if errors.As(err, &fault) {
			faults = append(faults, fault)
		}
	}}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		tree, err := parser.ParseFile(p.fset, name, written[name], parser.SkipObjectResolution)
		if err != nil {
			faults = append(faults, types.Error{Fset: p.fset, Msg: err.Error()})
			return faults, trees
		}
		trees[name] = tree
	}
	if len(faults) == 0 {
		_, _ = config.Check(p.path, p.fset, slices.Collect(maps.Values(trees)), nil) // every fault is collected
	}
	return faults, trees
}

// setApart takes the mutants out of the common binary that a fault is about:
// those of the innermost edit around it, or, where a function lacks its return,
// those that change its statements.
func setApart(fault types.Error, places map[*edit]span, trees map[string]*ast.File, fset *token.FileSet) {
	position := fset.Position(fault.Pos)
	var innermost *edit
	for e, s := range places {
		if e.file.name != position.Filename || position.Offset < s.start || position.Offset >= s.end {
			continue
		}
		if innermost == nil || s.end-s.start < places[innermost].end-places[innermost].start {
			innermost = e
		}
	}
	if innermost != nil && !strings.Contains(fault.Msg, "missing return") {
		innermost.setApart(places)
		return
	}
	tree := trees[position.Filename]
	if tree == nil {
		return
	}
	for _, d := range tree.Decls {
		if d.Pos() > fault.Pos || fault.Pos > d.End() {
			continue
		}
		from, to := fset.Position(d.Pos()).Offset, fset.Position(d.End()).Offset
		for e, s := range places {
			if e.file.name == position.Filename && e.place == statement && from <= s.start && s.end <= to {
				e.setApart(places)
			}
		}
	}
}

func (e *edit) setApart(places map[*edit]span) {
	for _, m := range e.mutants {
		m.alone = true
	}
	delete(places, e)
}

// lone writes the file of a mutant with nothing but it.
func (m *mutant) lone() string {
	text := m.edit.file.text
	return string(text[:m.edit.start]) + m.text + string(text[m.edit.end:])
}
