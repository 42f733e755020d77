package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
	"heatledger/reporting/words"
)

// factPrefix stands before the name of a fact that has a field of its own.
const factPrefix = "fact:"

// factField is a fact that rules want to know, as a field of the form.
type factField struct {
	Field, Label, Hint string
	Form               commitment.FactForm
	Unit               string // of an amount; "": a bare number
	Choices            []string
	Value              string
}

// askedOfPapers are the facts that rules ask papers of a kind for.
func askedOfPapers(kind registry.EvidenceKind) ([]commitment.AskedFact, error) {
	all, err := commitment.AskedFacts()
	return slices.DeleteFunc(all, func(f commitment.AskedFact) bool { return f.Kind != kind }), err
}

// factFields are the fields of a kind of paper, with what was entered before.
func (p *page) factFields(kind registry.EvidenceKind, entered map[string]string) (fields []factField, err error) {
	asked, err := askedOfPapers(kind)
	for _, f := range asked {
		field := factField{Field: factPrefix + f.Name, Label: beginning(words.AskedFact(words.Lang(p.Lang), f.Name)), Form: f.Form, Unit: unitShown(f.Unit), Choices: f.Choices}
		field.Value = entered[field.Field]
		field.Hint = p.T("paperhint." + string(f.Form))
		if own := "paperhint:" + f.Name; p.T(own) != f.Name {
			field.Hint = p.T(own)
		}
		if len(f.Citations) > 0 {
			field.Hint += " " + p.T("papers.askedby", strings.Join(f.Citations, ", "))
		}
		fields = append(fields, field)
	}
	return fields, err
}

// unitShown is a unit beside a field; "" of a bare number.
func unitShown(u energy.Unit) string {
	if u == energy.One {
		return ""
	}
	return string(u)
}

// beginning is a text as a label begins it.
func beginning(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// factsOf are the facts that a form says: those of its fields in the form in which
// rules read them, and further ones line by line. It errs with all that is wrong.
func (p *page) factsOf(r *http.Request, kind registry.EvidenceKind) (facts map[string]registry.Scalar, err error) {
	asked, err := askedOfPapers(kind)
	if err != nil {
		return nil, err
	}
	var faults energy.Faults
	facts = map[string]registry.Scalar{}
	for _, f := range asked {
		text := strings.TrimSpace(r.PostFormValue(factPrefix + f.Name))
		if text == "" {
			continue
		}
		said, err := p.factSaid(f, text)
		var wrong energy.Faults
		if errors.As(err, &wrong) {
			for _, w := range wrong {
				w.Problem = beginning(words.AskedFact(words.Lang(p.Lang), f.Name)) + ": " + w.Problem
				faults = append(faults, w)
			}
			continue
		}
		facts[f.Name] = said
	}
	for line := range strings.Lines(r.PostFormValue("facts")) {
		line = strings.TrimSpace(line)
		name, value, ok := strings.Cut(line, ":")
		if line == "" {
			continue
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if _, twice := facts[name]; !ok || twice || value == "" {
			faults = append(faults, energy.Fault{Problem: fmt.Sprintf("%.60q says nothing, or something twice", line), Remedy: "a line such as heat_price: 0.04 is expected", Code: "paper_line", Arg: short(line)})
			continue
		}
		facts[name] = registry.Scalar(value)
	}
	if len(facts) == 0 {
		facts = nil
	}
	return facts, faults.Err()
}

// factSaid is what a field says, written as rules read it: "50 %", "2026-03-31".
func (p *page) factSaid(f commitment.AskedFact, text string) (registry.Scalar, error) {
	switch f.Form {
	case commitment.FactDay:
		if _, err := energy.ParseDate(text); err != nil {
			return "", energy.Faults{{Problem: p.T("fault:paper_day", short(text)), Remedy: p.T("fault:paper_day.mend")}}
		}
	case commitment.FactYear:
		if year, err := strconv.Atoi(text); err != nil || year < 1990 || year > 2199 {
			return "", energy.Faults{{Problem: p.T("fault:paper_year", short(text)), Remedy: p.T("fault:paper_year.mend")}}
		}
	case commitment.FactAmount:
		v, err := p.typedNumber(strings.TrimSpace(strings.TrimSuffix(text, string(f.Unit))))
		if err != nil {
			return "", err
		}
		text = strings.TrimSpace(v.String() + " " + unitShown(f.Unit))
	}
	return registry.Scalar(text), nil
}
