package commitment

import (
	"cmp"
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// FactForm is the form in which a fact of a paper counts.
type FactForm string

// The forms.
const (
	FactDay    FactForm = "day"    // YYYY-MM-DD
	FactYear   FactForm = "year"   // a calendar year
	FactAmount FactForm = "amount" // a number in a unit
	FactChoice FactForm = "choice" // one of several texts
	FactText   FactForm = "text"   // that it is stated counts, and not as "no"
)

// AskedFact is a fact that rules want to know of papers of a kind.
type AskedFact struct {
	Kind    registry.EvidenceKind
	Name    string
	Form    FactForm
	Unit    energy.Unit // of an amount; energy.One: a bare number
	Choices []string    // of a choice
	// Citations are where it is asked for, each once, in the order of the rulebooks.
	Citations []string
}

// AskedFacts are those that the rulebooks of the program ask for, of exceptions and
// duties, and those of force majeure, which contracts and agreements may excuse: by
// kind, and within one in the order in which rules name them. Rulebooks of others may
// ask for more.
func AskedFacts() ([]AskedFact, error) {
	var all askedFacts
	for _, id := range Rulebooks() {
		book, _, err := Find(id)
		if err != nil {
			return nil, err
		}
		for _, rule := range book.Rules {
			for _, e := range rule.Exceptions {
				all.of(e.Proof, e.Citation, "")
			}
			for _, p := range rule.Proofs {
				all.of(p, rule.Citation, rule.DoneOn)
			}
		}
	}
	for _, kind := range []registry.EvidenceKind{registry.Agreement, registry.Contract} {
		all.add(AskedFact{Kind: kind, Name: factForceMajeure, Form: FactText}, "")
		all.add(AskedFact{Kind: kind, Name: factAcceptedOn, Form: FactDay}, "")
	}
	slices.SortStableFunc(all, func(a, b AskedFact) int { return cmp.Compare(a.Kind, b.Kind) })
	return all, nil
}

type askedFacts []AskedFact

// of adds what a proof asks for, by a rule or an exception with that citation; doneOn
// is the fact that says when a duty was done.
func (all *askedFacts) of(p Proof, citation, doneOn string) {
	for _, name := range slices.Concat(p.Facts, p.Without) {
		f := AskedFact{Kind: p.Kind, Name: name, Form: FactText}
		switch name {
		case factYear:
			f.Form = FactYear
		case doneOn, p.Waits.Fact, p.Within.Fact:
			f.Form = FactDay
		}
		for _, b := range p.Bounds {
			if b.Fact == name {
				b.shape(&f)
			}
		}
		all.add(f, citation)
	}
}

// shape gives a fact the form in which the bound reads it.
func (b Bound) shape(f *AskedFact) {
	switch {
	case len(b.OneOf) > 0:
		f.Form, f.Choices = FactChoice, b.OneOf
	case b.Before != (energy.Date{}):
		f.Form = FactDay
	default:
		f.Form, f.Unit = FactAmount, cmp.Or(b.AtLeast.Unit, b.AtMost.Unit)
	}
}

// add puts a fact among the others; one that several rules ask for stands once.
func (all *askedFacts) add(f AskedFact, citation string) {
	i := slices.IndexFunc(*all, func(one AskedFact) bool { return one.Kind == f.Kind && one.Name == f.Name })
	if i < 0 {
		*all = append(*all, f)
		i = len(*all) - 1
	}
	into := &(*all)[i]
	if into.Form == FactText { // another rule may say more of its form
		into.Form, into.Unit, into.Choices = f.Form, f.Unit, f.Choices
	}
	if citation != "" && !slices.Contains(into.Citations, citation) {
		into.Citations = append(into.Citations, citation)
	}
}
