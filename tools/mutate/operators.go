package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// comparisons become their border and their opposite.
func comparisons(op token.Token) []token.Token {
	switch op {
	case token.LSS:
		return []token.Token{token.LEQ, token.GEQ}
	case token.LEQ:
		return []token.Token{token.LSS, token.GTR}
	case token.GTR:
		return []token.Token{token.GEQ, token.LEQ}
	case token.GEQ:
		return []token.Token{token.GTR, token.LSS}
	case token.EQL:
		return []token.Token{token.NEQ}
	case token.NEQ:
		return []token.Token{token.EQL}
	}
	return nil
}

// arithmetic becomes another operation of the same kind.
func arithmetic(op token.Token) token.Token {
	switch op {
	case token.ADD:
		return token.SUB
	case token.SUB:
		return token.ADD
	case token.MUL:
		return token.QUO
	case token.QUO, token.REM:
		return token.MUL
	case token.AND:
		return token.OR
	case token.OR, token.XOR, token.AND_NOT:
		return token.AND
	case token.SHL:
		return token.SHR
	case token.SHR:
		return token.SHL
	}
	return token.ILLEGAL
}

// expression makes the mutants of an expression that is not constant.
func (w *finder) expression(e ast.Expr) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		for _, op := range comparisons(e.Op) {
			w.operator(e, op, "comparison")
		}
		switch {
		case e.Op == token.LAND:
			w.operator(e, token.LOR, "connective")
		case e.Op == token.LOR:
			w.operator(e, token.LAND, "connective")
		case isNumber(w.info.Types[e].Type):
			if op := arithmetic(e.Op); op != token.ILLEGAL {
				w.operator(e, op, "arithmetic")
			}
		}
	case *ast.UnaryExpr:
		if e.Op == token.SUB || e.Op == token.NOT {
			x := w.source(e.X)
			w.add(expression, e, x, "sign", e.Pos(), w.context(e), e, x)
		}
	}
	if w.isAtom(e) {
		s := w.source(e)
		w.add(condition, e, "!("+s+")", "negation", e.Pos(), w.context(e), e, "!"+s)
	}
}

// operator replaces the operator of e.
func (w *finder) operator(e *ast.BinaryExpr, op token.Token, kind string) {
	x, y := w.source(e.X), w.source(e.Y)
	text := x + " " + op.String() + " " + y
	w.add(expression, e, text, kind, e.OpPos, w.context(e), e, text)
}

// isAtom tells whether e is a condition or a part of one that is neither
// comparison nor connective: a name, a call, a field.
func (w *finder) isAtom(e ast.Expr) bool {
	switch e.(type) {
	case *ast.Ident, *ast.CallExpr, *ast.SelectorExpr, *ast.IndexExpr:
	default:
		return false
	}
	if !isKind(w.info.Types[e].Type, types.IsBoolean) {
		return false
	}
	switch up := w.parent(1).(type) {
	case *ast.IfStmt:
		return up.Cond == e
	case *ast.ForStmt:
		return up.Cond == e
	case *ast.BinaryExpr:
		return up.Op == token.LAND || up.Op == token.LOR
	case *ast.ReturnStmt:
		return true
	case *ast.CaseClause:
		tagged, ok := w.parent(3).(*ast.SwitchStmt)
		return ok && tagged.Tag == nil
	}
	return false
}

// constant makes the mutants of the numbers in a constant expression, which
// becomes one of the running program; in a constant's own declaration it stays one.
func (w *finder) constant(whole ast.Expr, tv types.TypeAndValue) {
	if w.function() == "var Method" {
		return // the version of a package's definitions means only that it is another one
	}
	p := expression
	for _, n := range w.stack {
		if g, ok := n.(*ast.GenDecl); ok && g.Tok == token.CONST {
			p = declared
		}
	}
	ast.Inspect(whole, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.INT && literal.Kind != token.FLOAT {
			return true
		}
		for _, by := range []int64{1, -1} {
			if w.isBorder(whole, by) {
				continue // the comparison's border says the same
			}
			value := constant.MakeFromLiteral(literal.Value, literal.Kind, 0)
			changed := constant.BinaryOp(value, token.ADD, constant.MakeInt64(by))
			if isKind(tv.Type, types.IsUnsigned) && constant.Sign(changed) < 0 {
				continue
			}
			now := constant.ToFloat(changed).String()
			if literal.Kind == token.INT {
				now = changed.ExactString()
			} else if !strings.ContainsAny(now, ".e") {
				now += ".0"
			}
			text := now
			if constant.Sign(changed) < 0 {
				text = "(" + now + ")"
			}
			w.replace(p, whole, literal, text, "constant")
		}
		return true
	})
}

// isBorder tells whether adding by to an integer that is compared says what
// the border of the comparison says: x > 0 becomes x >= 0, and x > -1.
func (w *finder) isBorder(e ast.Expr, by int64) bool {
	around, ok := w.parent(1).(*ast.BinaryExpr)
	if _, literal := e.(*ast.BasicLit); !ok || !literal || !isKind(w.info.Types[e].Type, types.IsInteger) {
		return false
	}
	if around.X == e {
		by = -by
	}
	switch around.Op {
	case token.GTR, token.LEQ:
		return by == -1
	case token.LSS, token.GEQ:
		return by == 1
	}
	return false
}

// leave makes the mutants of a return statement: each result becomes nothing.
func (w *finder) leave(s *ast.ReturnStmt) {
	results := w.results()
	if !w.inList() || len(s.Results) == 0 {
		return
	}
	if len(s.Results) != len(results) { // return f()
		var zeros []string
		for _, r := range results {
			zeros = append(zeros, w.zero(r))
		}
		text := "return " + strings.Join(zeros, ", ")
		w.add(leaving, s, text, "return", s.Pos(), s, s, text)
		return
	}
	for i, r := range s.Results {
		if zero := w.zero(results[i]); w.replaceable(r, zero) {
			if name, ok := r.(*ast.Ident); ok && name.Name == "false" {
				zero = "true"
			}
			text := string(w.file.text[w.offset(s.Pos()):w.offset(r.Pos())]) + zero + string(w.file.text[w.offset(r.End()):w.offset(s.End())])
			w.add(leaving, s, text, "return", r.Pos(), w.shortOf(s, r), r, zero)
		}
	}
}

// shortOf is what to show of a statement for a change in one of its parts.
func (w *finder) shortOf(s *ast.ReturnStmt, part ast.Node) ast.Node {
	if hasBody(s) && !hasBody(part) {
		return part
	}
	return s
}

// replaceable tells whether a result is something, and something that no other
// operator changes.
func (w *finder) replaceable(e ast.Expr, zero string) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING && e.Value != `""`
	case *ast.BinaryExpr, *ast.UnaryExpr:
		return !isKind(w.info.Types[e].Type, types.IsBoolean)
	case *ast.CompositeLit:
		_, isSlice := w.info.Types[e].Type.Underlying().(*types.Slice)
		return len(e.Elts) > 0 || isSlice && zero == "nil"
	case *ast.Ident:
		if e.Name == "true" || e.Name == "false" {
			return true
		}
		return e.Name != "nil" && !isKind(w.info.Types[e].Type, types.IsBoolean)
	}
	return !isKind(w.info.Types[e].Type, types.IsBoolean)
}

// zero writes the value of a type that is nothing.
func (w *finder) zero(typ ast.Expr) string {
	t := w.info.Types[typ].Type
	if _, parameter := t.(*types.TypeParam); parameter {
		return "*new(" + w.source(typ) + ")"
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return "false"
		case u.Info()&types.IsString != 0:
			return `""`
		}
		return "0"
	case *types.Struct:
		return w.source(typ) + "{}"
	case *types.Array:
		return "*new(" + w.source(typ) + ")"
	}
	return "nil"
}

// branch makes a continue of a break and the other way round, or drops it.
func (w *finder) branch(s *ast.BranchStmt) {
	if !w.inList() || s.Tok != token.BREAK && s.Tok != token.CONTINUE {
		return
	}
	other := token.BREAK
	if s.Tok == token.BREAK {
		other = token.CONTINUE
	}
	text := other.String()
	if s.Label != nil {
		text += " " + s.Label.Name
	}
	w.add(statement, s, text, "branch", s.Pos(), s, s, text)
	w.add(statement, s, "", "drop", s.Pos(), s, s, "nothing")
}

// statement makes the mutants of a statement in a list.
func (w *finder) statement(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ExprStmt:
		if call, ok := s.X.(*ast.CallExpr); ok {
			if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "panic" {
				return
			}
		}
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE || isBlank(s) {
			return
		}
		if op := arithmetic(assigned(s.Tok)); op != token.ILLEGAL && isNumber(w.info.Types[s.Lhs[0]].Type) {
			text := w.source(s.Lhs[0]) + " " + op.String() + "= " + w.source(s.Rhs[0])
			w.add(statement, s, text, "arithmetic", s.TokPos, s, s, text)
		}
	case *ast.IncDecStmt:
		text := w.source(s.X) + "--"
		if s.Tok == token.DEC {
			text = w.source(s.X) + "++"
		}
		w.add(statement, s, text, "arithmetic", s.TokPos, s, s, text)
	case *ast.DeferStmt, *ast.SendStmt:
	default:
		return
	}
	w.add(statement, s, "", "drop", s.Pos(), s, s, "nothing")
}

func isBlank(s *ast.AssignStmt) bool {
	for _, e := range s.Lhs {
		if name, ok := e.(*ast.Ident); !ok || name.Name != "_" {
			return false
		}
	}
	return true
}

// assigned is the operation of an assignment: + of +=.
func assigned(t token.Token) token.Token {
	if t < token.ADD_ASSIGN || t > token.AND_NOT_ASSIGN {
		return token.ILLEGAL
	}
	return t - token.ADD_ASSIGN + token.ADD
}

func isNumber(t types.Type) bool { return isKind(t, types.IsNumeric) }

func isKind(t types.Type, kind types.BasicInfo) bool {
	if t == nil {
		return false
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&kind != 0
}
