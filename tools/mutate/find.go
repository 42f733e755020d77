package main

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// finder walks through one file and collects its mutants.
type finder struct {
	*pack
	file  *file
	stack []ast.Node // from the file down to the node's parent
	edits map[span]*edit
}

// span is a range of a file; a statement and its only expression share one.
type span struct {
	start, end int
	place      place
}

// find collects the mutants of all files and numbers them.
func (p *pack) find() {
	for _, f := range p.files {
		w := &finder{pack: p, file: f, edits: map[span]*edit{}}
		for _, declaration := range f.tree.Decls {
			w.walk(declaration)
		}
		for _, e := range w.edits {
			p.edits = append(p.edits, e)
			p.mutants = append(p.mutants, e.mutants...)
		}
	}
	slices.SortStableFunc(p.mutants, func(a, b *mutant) int {
		return cmp.Or(strings.Compare(a.position.Filename, b.position.Filename), a.position.Offset-b.position.Offset,
			strings.Compare(a.operator, b.operator), strings.Compare(a.after, b.after))
	})
	slices.SortFunc(p.edits, func(a, b *edit) int {
		return cmp.Or(strings.Compare(a.file.name, b.file.name), a.start-b.start, b.end-a.end, int(b.place)-int(a.place))
	})
	nth := map[string]int{}
	for i, m := range p.mutants {
		m.id, m.nth = i+1, 1
		nth[m.key()]++
		m.nth = nth[m.key()]
	}
}

// walk visits a node and what is below it; stack holds what is above.
func (w *finder) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			w.stack = w.stack[:len(w.stack)-1]
			return false
		}
		if !w.visit(n) {
			return false
		}
		w.stack = append(w.stack, n)
		return true
	})
}

// visit makes the mutants of a node, and tells whether to look below it.
func (w *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec, *ast.TypeSpec, *ast.ArrayType, *ast.Comment:
		return false
	case ast.Expr:
		if w.isCapacity(n) {
			return false
		}
		if tv := w.info.Types[n]; tv.Value != nil {
			w.constant(n, tv)
			return false
		}
		w.expression(n)
	case *ast.ReturnStmt:
		w.leave(n)
	case *ast.BranchStmt:
		w.branch(n)
	case ast.Stmt:
		if w.inList() {
			w.statement(n)
		}
	}
	return true
}

func (w *finder) parent(n int) ast.Node {
	if len(w.stack) < n {
		return nil
	}
	return w.stack[len(w.stack)-n]
}

// inList tells whether the node stands in a list of statements, where another
// statement may take its place.
func (w *finder) inList() bool {
	switch w.parent(1).(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		return true
	}
	return false
}

// isCapacity tells whether an expression only says how much memory to take in
// advance: no behaviour hangs on it.
func (w *finder) isCapacity(e ast.Expr) bool {
	call, ok := w.parent(1).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || call.Args[len(call.Args)-1] != e {
		return false
	}
	switch f := call.Fun.(type) {
	case *ast.Ident:
		if f.Name != "make" || len(call.Args) < 2 {
			return false
		}
		_, isMap := w.info.Types[call.Args[0]].Type.Underlying().(*types.Map)
		return isMap || len(call.Args) == 3
	case *ast.SelectorExpr:
		return f.Sel.Name == "Grow"
	}
	return false
}

// function names the declaration that the node stands in.
func (w *finder) function() string {
	for _, n := range w.stack {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil {
				return n.Name.Name
			}
			receiver := w.source(n.Recv.List[0].Type)
			return "(" + receiver + ")." + n.Name.Name
		case *ast.ValueSpec:
			return "var " + n.Names[0].Name
		}
	}
	return ""
}

// results are the types a return statement gives, as the file writes them.
func (w *finder) results() []ast.Expr {
	for _, n := range slices.Backward(w.stack) {
		var signature *ast.FuncType
		switch n := n.(type) {
		case *ast.FuncLit:
			signature = n.Type
		case *ast.FuncDecl:
			signature = n.Type
		default:
			continue
		}
		if signature.Results == nil {
			return nil
		}
		var list []ast.Expr
		for _, field := range signature.Results.List {
			for range max(1, len(field.Names)) {
				list = append(list, field.Type)
			}
		}
		return list
	}
	return nil
}

func (w *finder) source(n ast.Node) string {
	return string(w.file.text[w.offset(n.Pos()):w.offset(n.End())])
}

func (w *finder) offset(p token.Pos) int { return w.fset.Position(p).Offset }

// context is the expression around e that makes a change of e understood: the
// comparison, sum or call that it is part of.
func (w *finder) context(e ast.Node) ast.Node {
	up := 1
	for around := w.parent(up); around != nil; around = w.parent(up) {
		switch n := around.(type) {
		case *ast.ParenExpr, *ast.UnaryExpr, *ast.BinaryExpr, *ast.IndexExpr, *ast.SliceExpr, *ast.KeyValueExpr, *ast.SelectorExpr:
			e = n
		case *ast.CallExpr, *ast.AssignStmt, *ast.ReturnStmt, *ast.RangeStmt, *ast.ValueSpec:
			if w.offset(n.End())-w.offset(n.Pos()) > 140 || hasBody(n) {
				return e
			}
			return n
		case *ast.CompositeLit:
			if w.offset(n.End())-w.offset(n.Pos()) > 100 {
				return e
			}
			e = n
		default:
			return e
		}
		up++
	}
	return e
}

// hasBody tells whether code in braces stands below a node.
func hasBody(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		_, block := n.(*ast.BlockStmt)
		found = found || block
		return !found
	})
	return found
}

// add records that text may take the place of whole; before and after tell a
// reader what changes: part of around becomes now.
func (w *finder) add(p place, whole ast.Node, text, operator string, at token.Pos, around, part ast.Node, now string) *mutant {
	s := span{w.offset(whole.Pos()), w.offset(whole.End()), p}
	e := w.edits[s]
	if e == nil {
		e = &edit{file: w.file, start: s.start, end: s.end, place: p}
		w.edits[s] = e
		if expr, ok := whole.(ast.Expr); ok && p == expression {
			e.typ = w.typeText(w.info.Types[expr].Type)
		}
	}
	from, to := w.offset(around.Pos()), w.offset(around.End())
	before := string(w.file.text[from:to])
	after := string(w.file.text[from:w.offset(part.Pos())]) + now + string(w.file.text[w.offset(part.End()):to])
	before, after = inLine(before, after)
	m := &mutant{
		position: w.fset.Position(at), function: w.function(), operator: operator,
		before: before, after: after, text: text, edit: e,
		alone: p == declared || p == expression && e.typ == "",
	}
	e.mutants = append(e.mutants, m)
	return m
}

// replace adds a mutant that replaces part, a node in whole, by now.
func (w *finder) replace(p place, whole, part ast.Node, now, operator string) {
	text := string(w.file.text[w.offset(whole.Pos()):w.offset(part.Pos())]) + now + string(w.file.text[w.offset(part.End()):w.offset(whole.End())])
	around := w.context(whole)
	w.add(p, whole, text, operator, part.Pos(), around, part, now)
}

// typeText writes a type as the file can; "" where it cannot.
func (w *finder) typeText(t types.Type) string {
	if t == nil {
		return ""
	}
	possible := true
	text := types.TypeString(types.Default(t), func(of *types.Package) string {
		if of == w.types {
			return ""
		}
		name, ok := w.file.named[of.Path()]
		possible = possible && ok
		return name
	})
	if !possible || strings.Contains(text, "untyped") {
		return ""
	}
	return text
}
