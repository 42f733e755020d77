package commitment

import (
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Proof is what a piece of evidence must be and state to prove something: that
// an exception applies, or that a duty was done.
type Proof struct {
	Kind  registry.EvidenceKind `yaml:"evidence,required"`
	Facts []string              `yaml:"facts,required"`
	// Without are facts that must not be stated: an offer that was accepted.
	Without []string `yaml:"without"`
	// Waits: it proves only so many months after the day the fact names.
	Waits Delay `yaml:"waits"`
	// Within: the day the fact names is at most so many months after the
	// evidence begins to hold.
	Within Delay   `yaml:"within"`
	Bounds []Bound `yaml:"bounds"`
}

// Delay is a number of months counted from or to the day that a fact names.
type Delay struct {
	Fact   string `yaml:"fact,required"`
	Months int    `yaml:"months,required"`
}

// Bound is what a fact must say: an amount, a day before another, or one of
// several texts (compared without regard to case).
type Bound struct {
	Fact    string           `yaml:"fact,required"`
	AtLeast registry.Measure `yaml:"at_least"`
	AtMost  registry.Measure `yaml:"at_most"`
	Before  energy.Date      `yaml:"before"`
	OneOf   []string         `yaml:"one_of"`
}

// lack says what evidence lacks to prove something on a day, with the code for
// an exception; see [ofDuty] for that of a duty.
func (p Proof) lack(e registry.Evidence, on energy.Date) (Step, bool) {
	short := func(code Code, name string, arg Arg) (Step, bool) {
		return Step{code, Args{name: arg}}, false
	}
	for _, name := range p.Facts {
		if !stated(e.Facts[name]) {
			return short(ExceptionFactAbsent, "fact", Text(name))
		}
	}
	for _, name := range p.Without {
		if stated(e.Facts[name]) {
			return short(ExceptionVoided, "fact", Text(name))
		}
	}
	if p.Waits.Fact != "" {
		day, err := energy.ParseDate(string(e.Facts[p.Waits.Fact]))
		if err != nil {
			return short(ExceptionFactAbsent, "fact", Text(p.Waits.Fact))
		}
		if free := addMonths(day, p.Waits.Months); on.Before(free) {
			return short(ExceptionTooEarly, "date", Day(free))
		}
	}
	if p.Within.Fact != "" {
		day, err := energy.ParseDate(string(e.Facts[p.Within.Fact]))
		if err != nil || e.From == (energy.Date{}) {
			return short(ExceptionFactAbsent, "fact", Text(p.Within.Fact))
		}
		if last := addMonths(e.From, p.Within.Months); last.Before(day) {
			return short(ExceptionTooLong, "date", Day(day))
		}
	}
	for _, b := range p.Bounds {
		said := e.Facts[b.Fact]
		switch keeps, readable := b.keeps(said); {
		case !readable:
			return short(ExceptionFactAbsent, "fact", Text(b.Fact))
		case !keeps:
			return Step{ExceptionFactBeyond, Args{"fact": Text(b.Fact), "said": Text(string(said)), "limit": Text(b.limit())}}, false
		}
	}
	return Step{}, true
}

// keeps tells whether what a fact says is within the bound; readable is false
// where it is no amount in a unit that compares, or no day.
func (b Bound) keeps(said registry.Scalar) (keeps, readable bool) {
	text := strings.TrimSpace(string(said))
	if len(b.OneOf) > 0 {
		return slices.ContainsFunc(b.OneOf, func(one string) bool { return strings.EqualFold(one, text) }), text != ""
	}
	if b.Before != (energy.Date{}) {
		day, err := energy.ParseDate(text)
		return err == nil && day.Before(b.Before), err == nil
	}
	var amount registry.Measure
	if amount.UnmarshalText([]byte(text)) != nil {
		return false, false
	}
	for _, side := range []struct {
		limit registry.Measure
		sign  float64
	}{{b.AtLeast, 1}, {b.AtMost, -1}} {
		if side.limit == (registry.Measure{}) {
			continue
		}
		x := amount.Number.Float64()
		if amount.Unit != side.limit.Unit {
			converted, err := amount.In(side.limit.Unit)
			if err != nil {
				return false, false
			}
			x = converted.Float64()
		}
		if side.sign*(x-side.limit.Number.Float64()) < 0 {
			return false, true
		}
	}
	return true, true
}

// limit is the bound as people write it in every language.
func (b Bound) limit() string {
	var parts []string
	if b.AtLeast != (registry.Measure{}) {
		parts = append(parts, "≥ "+b.AtLeast.String())
	}
	if b.AtMost != (registry.Measure{}) {
		parts = append(parts, "≤ "+b.AtMost.String())
	}
	if b.Before != (energy.Date{}) {
		parts = append(parts, "< "+b.Before.String())
	}
	return strings.Join(append(parts, b.OneOf...), ", ")
}

// ofDuty is a step that says what evidence lacks for a duty.
func ofDuty(lack Step) Step {
	switch lack.Code {
	case ExceptionFactAbsent:
		lack.Code = ProofFactAbsent
	case ExceptionVoided:
		lack.Code = ProofVoided
	case ExceptionTooEarly:
		lack.Code = ProofTooEarly
	case ExceptionTooLong:
		lack.Code = ProofTooLong
	case ExceptionFactBeyond:
		lack.Code = ProofFactBeyond
	}
	return lack
}

// stated tells whether a fact is there and not denied.
func stated(fact registry.Scalar) bool {
	switch strings.ToLower(strings.TrimSpace(string(fact))) {
	case "", "no", "nein", "false", "none":
		return false
	}
	return true
}
