package words

import (
	"math"

	"heatledger/energy"
	"heatledger/energy/validation"
)

// ValidationFinding is what a rule found, why it is mentioned and what to do next, as
// the office reads it.
func ValidationFinding(l Lang, f validation.Finding) string { return foundIn(l, "validation:", f) }

// OwnFinding is the same as whoever is responsible for the meter reads it: what he can
// do himself, and what he tells the office.
func OwnFinding(l Lang, f validation.Finding) string {
	if _, ok := catalogues()[l]["own:"+string(f.Code)]; ok {
		return foundIn(l, "own:", f)
	}
	return ValidationFinding(l, f)
}

func foundIn(l Lang, section string, f validation.Finding) string {
	values := map[string]string{}
	for key, arg := range f.Args {
		values[key] = findingArgument(l, key, arg)
	}
	return fill(text(l, section+string(f.Code)), values)
}

// Rule is the name of a validation rule.
func Rule(l Lang, rule validation.Rule) string { return text(l, "rule:"+string(rule)) }

// RuleDoc is the sentence that explains a validation rule.
func RuleDoc(l Lang, rule validation.Rule) string { return text(l, "rule_doc:"+string(rule)) }

// Severity is what a severity asks for.
func Severity(l Lang, s validation.Severity) string { return text(l, "severity:"+string(s)) }

// KnownValidation tells whether a code has a sentence in the language itself.
func KnownValidation(l Lang, code validation.Code) bool {
	_, ok := catalogues()[l]["validation:"+string(code)]
	return ok
}

func findingArgument(l Lang, key string, arg validation.Arg) string {
	switch {
	case arg.Unit == validation.Second:
		return Duration(l, arg.Number)
	case arg.Unit == energy.One:
		switch key {
		case "count", "hours", "category":
			return Number(l, arg.Number, 0)
		case "pue":
			return Number(l, arg.Number, 2)
		case "factor":
			return Number(l, arg.Number, digitsOf(arg.Number))
		}
		return Share(l, arg.Number)
	case arg.Unit != "":
		return Amount(l, arg.Number, arg.Unit)
	case arg.Date != energy.Date{}:
		return Date(l, arg.Date)
	case key == "why" || key == "regime":
		return text(l, key+":"+arg.Text)
	}
	return arg.Text
}

// digitsOf are the decimals that show a factor: 1,000 and 0.001.
func digitsOf(x float64) int {
	if math.Abs(x) >= 10 {
		return 0
	}
	return 4
}

// Duration writes seconds in the unit that makes them short: "26 Stunden",
// "3.5 days".
func Duration(l Lang, seconds float64) string {
	const minute, hour, day = 60, 3600, 86400
	name, size := "seconds", 1.0
	switch {
	case seconds >= 2*day:
		name, size = "days", day
	case seconds >= 2*hour:
		name, size = "hours", hour
	case seconds >= 2*minute:
		name, size = "minutes", minute
	}
	x := math.Round(seconds/size*10) / 10
	decimals := 1
	if x == math.Trunc(x) {
		decimals = 0
	}
	return Number(l, x, decimals) + "\u00a0" + text(l, "duration:"+name)
}
