package words

import (
	"strings"

	"heatledger/energy"
	"heatledger/energy/commitment"
)

// Verdict is the short form of a judgement, for a table or a badge:
// „noch nicht fällig (heute: 1,62)“, „eingehalten (laut Betreiber)“.
func Verdict(l Lang, a commitment.Assessment) string {
	name := "verdict:" + string(a.Verdict)
	switch {
	case a.Verdict == commitment.Missed && a.Reason == commitment.NotEvidenced:
		name += ".not_evidenced"
	case a.Verdict == commitment.Missed && a.Comparator == "": // of a duty
		if name += ".duty"; a.Reason == commitment.ActLate {
			name = "verdict:missed.act_late"
		}
	case a.Verdict == commitment.Missed:
		name += "." + string(a.Comparator)
		if strings.HasPrefix(a.Citation, "EnEfG § ") {
			name += ".law"
		}
	case a.Verdict == commitment.NotDue && a.Value.OK:
		if name += ".today"; a.Period.Closed {
			name = "verdict:not_due.then"
		}
		return fill(text(l, name), map[string]string{"value": Figure(l, a.Metric, a.Value.Number, a.Unit), "period": Period(l, a.Period)})
	case a.Verdict == commitment.Undetermined:
		if t, ok := find(l, "verdict:undetermined."+string(a.Reason)); ok {
			return t
		}
	}
	words := fill(text(l, name), map[string]string{"paragraph": paragraph(a.Citation)})
	if a.Basis == commitment.Declared && (a.Verdict == commitment.Met || a.Verdict == commitment.Missed || a.Verdict == commitment.OnTrack) {
		words += " " + text(l, "verdict:declared")
	}
	return words
}

// paragraph is "§ 11" of "EnEfG § 11 Abs. 1".
func paragraph(citation string) string {
	parts := strings.Fields(citation)
	if len(parts) < 3 {
		return citation
	}
	return parts[1] + "\u00a0" + parts[2]
}

// Because says why a verdict is what it is, in one to four sentences: the
// reason, then what else a reader has to know.
func Because(l Lang, a commitment.Assessment) string {
	sentences := []string{sentence(l, a.Reason, a.Args, a.Metric)}
	add := func(name string) { sentences = append(sentences, text(l, name)) }
	for _, step := range a.Steps {
		if tells(a, step.Code) {
			sentences = append(sentences, sentence(l, step.Code, step.Args, a.Metric))
		}
	}
	if a.WithinUncertainty {
		add("note:within_uncertainty")
	}
	if a.Status == commitment.Provisional && a.Period.Closed && (a.Verdict == commitment.Met || a.Verdict == commitment.Missed) {
		sentences = append(sentences, fill(text(l, "note:provisional"), map[string]string{"date": Date(l, a.SettlesOn)}))
	}
	if a.RuleStatus == commitment.Proposed {
		add("note:proposed")
	}
	return strings.Join(sentences, " ")
}

// tells are the steps that belong into the reason: evidence that did not count
// or fell short, and how a forecast was made.
func tells(a commitment.Assessment, code commitment.Code) bool {
	switch code {
	case commitment.ForecastByDegreeDays, commitment.ForecastByLastYear, commitment.ForecastLinear, commitment.ForecastTested, commitment.ForecastUntested:
		return a.Verdict == commitment.OnTrack || a.Verdict == commitment.AtRisk
	case commitment.ValueTaken, commitment.BandHoldsThreshold, commitment.GuardBandApplied, commitment.GuaranteesSummed, commitment.GuaranteeCounted, commitment.PlannedValue:
		return false
	}
	return true
}

// Step is the sentence of one step of an assessment.
func Step(l Lang, a commitment.Assessment, s commitment.Step) string {
	return sentence(l, s.Code, s.Args, a.Metric)
}

// Changes says in sentences what a rulebook would change.
func Changes(l Lang, c commitment.Change) string {
	sentences := make([]string, len(c.Steps))
	for i, step := range c.Steps {
		sentences[i] = sentence(l, step.Code, step.Args, c.Metric)
	}
	return strings.Join(sentences, " ")
}

// sentence fills the arguments of a code into its sentence. Numbers that the
// metric measures are written as it is.
func sentence(l Lang, code commitment.Code, args commitment.Args, metric string) string {
	name := "code:" + string(code)
	if c, ok := args["comparator"]; ok { // "at most" and "at least" have words of their own
		if _, has := find(l, name+"."+c.Text); has {
			name += "." + c.Text
		}
	}
	values := map[string]string{"what": Metric(l, metric)}
	for key, arg := range args {
		values[key] = argument(l, key, arg, metric)
	}
	return fill(text(l, name), values)
}

func argument(l Lang, key string, arg commitment.Arg, metric string) string {
	switch {
	case arg.Number.OK && isPart(key, arg):
		return Share(l, arg.Number.Number)
	case arg.Number.OK && (key == "years" || key == "days" && arg.Unit == energy.One):
		return Number(l, arg.Number.Number, 0)
	case arg.Number.OK:
		return Figure(l, metric, arg.Number.Number, arg.Unit)
	case arg.Date != energy.Date{}:
		return Date(l, arg.Date)
	}
	switch key {
	case "metric":
		return Metric(l, arg.Text)
	case "exception":
		return Exception(l, arg.Text)
	case "first", "period":
		return periodOf(l, arg.Text)
	case "was", "would":
		return text(l, "verdict:"+arg.Text)
	case "kind", "fact", "type", "ownership":
		return text(l, key+":"+arg.Text)
	}
	return arg.Text
}

// isPart tells whether an argument is a part of a whole, whatever the metric is.
func isPart(key string, arg commitment.Arg) bool {
	switch key {
	case "coverage", "uncertainty", "error", "least":
		return true
	case "minimum":
		return arg.Unit == energy.One
	}
	return false
}

// fill puts values into the places {name} of a template.
func fill(template string, values map[string]string) string {
	pairs := make([]string, 0, 2*len(values))
	for name, value := range values {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(template)
}
