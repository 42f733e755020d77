package sensorthings

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// filter tells whether an entity is wanted. Of what an entity does not have nothing is
// true, and not of it is true: OData compares with null so.
type filter func(e *entity) bool

// deepest is how far brackets and nots may be put into each other.
const deepest = 32

// parseFilter reads a $filter; terms is how many comparisons it makes.
func parseFilter(text string) (f filter, terms int, err error) {
	p := &filterParser{tokens: tokens(text), text: text}
	f, err = p.or(0)
	if err == nil && p.peek() != "" {
		err = p.fault("the filter goes on with %q", p.peek())
	}
	return f, p.terms, err
}

// filterParser reads tokens from left to right.
type filterParser struct {
	tokens []string
	text   string
	at     int
	terms  int
}

// tokens are words, texts in quotes, brackets and commas.
func tokens(text string) (list []string) {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ':
			i++
		case c == '(' || c == ')' || c == ',':
			list = append(list, string(c))
			i++
		case c == '\'':
			end := i + 1
			for end < len(text) && (text[end] != '\'' || end+1 < len(text) && text[end+1] == '\'') {
				if text[end] == '\'' {
					end++
				}
				end++
			}
			list = append(list, text[i:min(end+1, len(text))])
			i = end + 1
		default:
			end := i
			for end < len(text) && !strings.ContainsRune(" (),'", rune(text[end])) {
				end++
			}
			list = append(list, text[i:end])
			i = end
		}
	}
	return list
}

func (p *filterParser) peek() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return ""
}

func (p *filterParser) next() string {
	t := p.peek()
	p.at++
	return t
}

func (p *filterParser) fault(format string, args ...any) error {
	f := refuse(http.StatusBadRequest, format, args...)
	f.Problem = "$filter, word " + strconv.Itoa(p.at+1) + ": " + f.Problem
	return f
}

func (p *filterParser) or(depth int) (filter, error) {
	left, err := p.and(depth)
	for err == nil && p.peek() == "or" {
		p.next()
		var right filter
		right, err = p.and(depth)
		before := left
		left = func(e *entity) bool { return before(e) || right(e) }
	}
	return left, err
}

func (p *filterParser) and(depth int) (filter, error) {
	left, err := p.term(depth)
	for err == nil && p.peek() == "and" {
		p.next()
		var right filter
		right, err = p.term(depth)
		before := left
		left = func(e *entity) bool { return before(e) && right(e) }
	}
	return left, err
}

func (p *filterParser) term(depth int) (filter, error) {
	if depth > deepest {
		return nil, p.fault("brackets and nots stand deeper than %d in each other", deepest)
	}
	switch word := p.peek(); word {
	case "not":
		p.next()
		f, err := p.term(depth + 1)
		return func(e *entity) bool { return !f(e) }, err
	case "(":
		p.next()
		f, err := p.or(depth + 1)
		if err == nil && p.next() != ")" {
			p.at--
			err = p.fault("a bracket is not closed")
		}
		return f, err
	case "startswith", "endswith", "substringof":
		p.terms++
		return p.function(p.next())
	default:
		p.terms++
		return p.comparison()
	}
}

// function is a function of a property and a text; substringof has the text first.
func (p *filterParser) function(name string) (filter, error) {
	var words [5]string
	for i := range words {
		words[i] = p.next()
	}
	first, second := words[1], words[3]
	if name == "substringof" {
		first, second = second, first
	}
	text, ok := quotedText(second)
	if words[0] != "(" || words[2] != "," || words[4] != ")" || !ok || !isName(first) {
		return nil, p.fault("%s needs a property and a text in quotes, in brackets", name)
	}
	test := map[string]func(s, part string) bool{"startswith": strings.HasPrefix, "endswith": strings.HasSuffix, "substringof": strings.Contains}[name]
	return func(e *entity) bool {
		value := e.scalar(first)
		s, ok := value.(string)
		return ok && test(s, text)
	}, nil
}

// comparison is of a property with a literal.
func (p *filterParser) comparison() (filter, error) {
	name, operator, literal := p.next(), p.next(), p.next()
	if !isName(name) {
		return nil, p.fault("a property is expected, not %q", name)
	}
	holds, ok := operators()[operator]
	if !ok {
		return nil, p.fault("%q is no comparison; eq, ne, lt, le, gt and ge are", operator)
	}
	if name == "phenomenonTime" {
		t, err := time.Parse(time.RFC3339, literal)
		if err != nil {
			return nil, p.fault("phenomenonTime is compared with an instant of RFC 3339, not %q", literal)
		}
		return func(e *entity) bool { return e.step != nil && holds(beside(e, t, operator)) }, nil
	}
	if text, ok := quotedText(literal); ok {
		return func(e *entity) bool {
			value := e.scalar(name)
			s, ok := value.(string)
			return ok && holds(strings.Compare(s, text))
		}, nil
	}
	x, err := strconv.ParseFloat(literal, 64)
	if err != nil {
		return nil, p.fault("%q is neither a number nor a text in quotes", literal)
	}
	return func(e *entity) bool {
		value := e.scalar(name)
		y, ok := value.(float64)
		if !ok {
			return false
		}
		switch {
		case y < x:
			return holds(-1)
		case y > x:
			return holds(1)
		}
		return holds(0)
	}, nil
}

// operators say of the order of two values whether they compare so.
func operators() map[string]func(order int) bool {
	return map[string]func(order int) bool{
		"eq": func(o int) bool { return o == 0 }, "ne": func(o int) bool { return o != 0 }, "lt": func(o int) bool { return o < 0 },
		"le": func(o int) bool { return o <= 0 }, "gt": func(o int) bool { return o > 0 }, "ge": func(o int) bool { return o >= 0 },
	}
}

// beside is how the interval of an observation lies to an instant: it is before it by
// its end, after or at it by its beginning, so that ge t and lt u give the steps that
// lie within [t, u).
func beside(e *entity, t time.Time, operator string) int {
	if operator == "lt" || operator == "le" {
		if !e.step.To.After(t) {
			return -1
		}
		return 1
	}
	return e.step.From.Compare(t)
}

// quotedText is a text in single quotes; two stand for one.
func quotedText(literal string) (text string, ok bool) {
	if len(literal) < 2 || literal[0] != '\'' || literal[len(literal)-1] != '\'' {
		return "", false
	}
	return strings.ReplaceAll(literal[1:len(literal)-1], "''", "'"), true
}

// isName tells whether a word can name a property.
func isName(word string) bool {
	if word == "" {
		return false
	}
	for _, c := range word {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '@' && c != '.' {
			return false
		}
	}
	return true
}
