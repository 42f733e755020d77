package cql2

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ParseText reads a filter in CQL2 Text. Keywords are known in capital and small
// letters; a property of such a name stands in double quotes. It errs with an
// [energy.Fault] that has the column, the first there is: what follows an error of
// grammar cannot be told.
func ParseText(src string) (Node, error) {
	if n := utf8.RuneCountInString(src); n > MaxLength {
		return nil, fault(MaxLength, fmt.Sprintf("the filter has %d characters", n), fmt.Sprintf("at most %d are read: ask for less at once", MaxLength))
	}
	if !utf8.ValidString(src) {
		return nil, fault(1, "the filter is no text in UTF-8", "encode it as UTF-8")
	}
	if strings.TrimSpace(src) == "" {
		return nil, fault(1, "the filter is empty", "write one such as grade = 'measured', or leave it out")
	}
	p := &parser{lexer: lexer{rest: src, column: 1}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	n, err := p.disjunction()
	if err == nil && p.now.kind != atEnd {
		err = p.unexpected("AND, OR or the end")
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// parser reads tokens by the grammar of annex B (rule booleanExpression).
type parser struct {
	lexer
	now   token
	depth int
	nodes int
}

// advance goes to the next token.
func (p *parser) advance() (err error) {
	p.now, err = p.next()
	return err
}

// unexpected is a fault at the present token.
func (p *parser) unexpected(wanted string) error {
	return fault(p.now.column, p.now.String()+" does not belong here", "expected is "+wanted)
}

// expect goes past a keyword or sign.
func (p *parser) expect(word string) error {
	if !p.now.is(word) {
		return p.unexpected(word)
	}
	return p.advance()
}

// took goes past a keyword or sign if it is there.
func (p *parser) took(word string) (bool, error) {
	if !p.now.is(word) {
		return false, nil
	}
	return true, p.advance()
}

// counted bounds how many parts a filter has.
func (p *parser) counted(n Node) (Node, error) {
	if p.nodes++; p.nodes > MaxNodes {
		return nil, fault(n.Column(), fmt.Sprintf("the filter has more than %d parts", MaxNodes), "ask for less at once")
	}
	return n, nil
}

// deeper bounds how deep predicates stand in predicates; the caller goes up again.
func (p *parser) deeper() error {
	if p.depth++; p.depth > MaxDepth {
		return fault(p.now.column, fmt.Sprintf("predicates are nested more than %d deep", MaxDepth), "leave out parentheses that change nothing")
	}
	return nil
}

// disjunction is what OR joins, the whole of a filter.
func (p *parser) disjunction() (Node, error) { return p.chain(Or, p.conjunction) }

// conjunction is what AND joins; it binds before OR.
func (p *parser) conjunction() (Node, error) { return p.chain(And, p.negation) }

// chain reads what is joined by one operator.
func (p *parser) chain(op Op, part func() (Node, error)) (Node, error) {
	at := Place(p.now.column)
	first, err := part()
	if err != nil {
		return nil, err
	}
	parts := []Node{first}
	for {
		more, err := p.took(strings.ToUpper(string(op)))
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		next, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, next)
	}
	if len(parts) == 1 {
		return first, nil
	}
	return p.counted(Call{at, op, parts})
}

// negation is a predicate, perhaps with NOT before it.
func (p *parser) negation() (Node, error) {
	at := Place(p.now.column)
	not, err := p.took("NOT")
	if err != nil {
		return nil, err
	}
	if !not {
		return p.primary()
	}
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	inner, err := p.negation()
	if err != nil {
		return nil, err
	}
	return p.counted(Call{at, Not, []Node{inner}})
}

// primary reads a predicate, or a filter in parentheses.
func (p *parser) primary() (Node, error) {
	if p.now.is("(") {
		if err := p.deeper(); err != nil {
			return nil, err
		}
		defer func() { p.depth-- }()
		if err := p.advance(); err != nil {
			return nil, err
		}
		inner, err := p.disjunction()
		if err == nil {
			err = p.expect(")")
		}
		if err != nil {
			return nil, err
		}
		if p.now.is("IS") {
			return p.null(inner)
		}
		return inner, nil
	}
	at := p.now.column
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	if p.now.is("IS") {
		return p.null(left)
	}
	switch one := left.(type) {
	case Call: // a spatial or temporal predicate
		return one, nil
	case Literal:
		if _, truth := one.Value.(bool); truth && !p.comparing() {
			return one, nil
		}
	case Interval:
		return nil, fault(at, "an interval stands alone", "intervals are compared by functions, such as T_INTERSECTS(…)")
	}
	return p.comparison(left)
}

// comparing tells whether an operator of a comparison comes.
func (p *parser) comparing() bool {
	if p.now.kind == aSign {
		return strings.ContainsAny(p.now.text, "=<>")
	}
	return p.now.is("NOT") || p.now.is("LIKE") || p.now.is("BETWEEN") || p.now.is("IN")
}

// null reads IS [NOT] NULL after what may be null.
func (p *parser) null(of Node) (Node, error) {
	at := Place(of.Column())
	if err := p.expect("IS"); err != nil {
		return nil, err
	}
	not, err := p.took("NOT")
	if err == nil {
		err = p.expect("NULL")
	}
	if err != nil {
		return nil, err
	}
	return p.perhapsNot(not, Call{at, IsNull, []Node{of}})
}

// perhapsNot turns a predicate round where a NOT stood within it.
func (p *parser) perhapsNot(not bool, c Call) (Node, error) {
	if !not {
		return p.counted(c)
	}
	if _, err := p.counted(c); err != nil {
		return nil, err
	}
	return p.counted(Call{c.Place, Not, []Node{c}})
}

// comparison reads what stands behind the left side of a comparison.
func (p *parser) comparison(left Node) (Node, error) {
	if p.now.kind == aSign && strings.ContainsAny(p.now.text, "=<>") {
		op := Op(p.now.text)
		if err := p.advance(); err != nil {
			return nil, err
		}
		right, err := p.scalar()
		if err != nil {
			return nil, err
		}
		return p.counted(Call{Place(left.Column()), op, []Node{left, right}})
	}
	not, err := p.took("NOT")
	if err != nil {
		return nil, err
	}
	c := Call{Place: Place(left.Column()), Args: []Node{left}}
	switch {
	case p.now.is("LIKE"):
		c.Op = Like
		err = p.rest(&c)
	case p.now.is("BETWEEN"):
		c.Op = Between
		if err = p.rest(&c); err == nil {
			if !p.now.is("AND") {
				return nil, p.unexpected("AND and the upper bound")
			}
			err = p.rest(&c)
		}
	case p.now.is("IN"):
		c.Op = In
		err = p.list(&c)
	default:
		return nil, p.unexpected("a comparison: = <> < > <= >= LIKE BETWEEN IN, or IS NULL")
	}
	if err != nil {
		return nil, err
	}
	return p.perhapsNot(not, c)
}

// rest goes past a keyword and appends the operand behind it.
func (p *parser) rest(c *Call) error {
	if err := p.advance(); err != nil {
		return err
	}
	n, err := p.scalar()
	c.Args = append(c.Args, n)
	return err
}

// list reads IN and the values behind it.
func (p *parser) list(c *Call) error {
	if err := p.advance(); err != nil {
		return err
	}
	if !p.now.is("(") {
		return p.unexpected("( and a list of values")
	}
	for first := true; first || p.now.is(","); first = false {
		if err := p.rest(c); err != nil {
			return err
		}
	}
	return p.expect(")")
}

// scalar is an operand that can be compared.
func (p *parser) scalar() (Node, error) {
	n, err := p.operand()
	if err != nil {
		return nil, err
	}
	switch n.(type) {
	case Call, Interval:
		return nil, fault(n.Column(), "this cannot be compared", "expected is a property, a number, a text, TRUE, FALSE, DATE(…) or TIMESTAMP(…)")
	}
	return n, nil
}

// operand reads a property, a literal, or a predicate that is written as a function.
func (p *parser) operand() (Node, error) {
	t := p.now
	at := Place(t.column)
	switch t.kind {
	case aText:
		return p.literal(at, t.text)
	case aNumber:
		return p.literal(at, t.number)
	case aQuotedName:
		if err := p.advance(); err != nil {
			return nil, err
		}
		return p.counted(Property{at, t.text})
	case aName:
		return p.named(t)
	}
	return nil, p.unexpected("a property, a literal or a predicate")
}

// literal is the present token as a value.
func (p *parser) literal(at Place, value any) (Node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	return p.counted(Literal{at, value})
}

// named reads what begins with a bare name.
func (p *parser) named(t token) (Node, error) {
	at := Place(t.column)
	word := strings.ToUpper(t.text)
	switch word {
	case "TRUE", "FALSE":
		return p.literal(at, word == "TRUE")
	case "AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL":
		return nil, fault(t.column, word+" does not belong here", "expected is a property or a literal; a property of that name stands in double quotes")
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if geometric(word) && (p.now.is("(") || p.now.is("Z")) {
		return p.geometry(at, word)
	}
	if !p.now.is("(") {
		return p.counted(Property{at, t.text})
	}
	switch {
	case word == "DATE" || word == "TIMESTAMP":
		return p.instant(at, word)
	case word == "INTERVAL":
		return p.interval(at)
	case word == "S_INTERSECTS" || temporal(Op(strings.ToLower(word))) != nil:
		return p.function(at, Op(strings.ToLower(word)))
	}
	return nil, fault(t.column, fmt.Sprintf("the function %.40q is not known", t.text), "known are S_INTERSECTS and the temporal functions T_AFTER to T_STARTS")
}

// function reads the two operands of a spatial or temporal function.
func (p *parser) function(at Place, op Op) (Node, error) {
	c := Call{Place: at, Op: op}
	for _, sign := range []string{"(", ","} {
		if err := p.expect(sign); err != nil {
			return nil, err
		}
		n, err := p.operand()
		if err != nil {
			return nil, err
		}
		c.Args = append(c.Args, n)
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	return p.counted(c)
}
