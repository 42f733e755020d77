package council

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// Write writes the report as a tagged PDF: the same year gives the same bytes.
func (y Year) Write(w io.Writer, lang words.Lang) error {
	return document.WritePaper(w, y.Paper(lang))
}

// paper is a report in a language on its way.
type paper struct {
	Year
	lang words.Lang
}

// Paper is the report in a language.
func (y Year) Paper(lang words.Lang) document.Paper {
	lang = words.Spoken(lang)
	p := paper{y, lang}
	doc := document.Paper{Lang: document.Lang(lang), Title: p.say("title", "town", y.Town), Subject: p.say("subject"), At: y.At}
	doc.Blocks = append(doc.Blocks, document.Block{Paragraph: p.say("edition_" + string(y.Edition))},
		document.Block{Paragraph: p.say("as_of", "date", words.Date(lang, y.On), "sites", strconv.Itoa(y.Sites))})
	doc.Blocks = append(doc.Blocks, p.promises()...)
	doc.Blocks = append(doc.Blocks, p.heat()...)
	doc.Blocks = append(doc.Blocks, document.Block{Heading: p.say("green"), Paragraph: p.share("green_annual", y.Annual)}, document.Block{Paragraph: p.share("green_hourly", y.Hourly)})
	if y.Edition == Public {
		doc.Blocks = append(doc.Blocks, document.Block{Heading: p.say("sums"), Paragraph: p.say("sums_say")})
	}
	silent := p.say("silent_none")
	if len(y.Silent) > 0 {
		silent = p.say("silent_says", "sites", strings.Join(y.Silent, ", "))
	}
	doc.Blocks = append(doc.Blocks, document.Block{Heading: p.say("silent"), Paragraph: silent})
	if y.Edition == Internal {
		doc.Blocks = append(doc.Blocks, p.forecast(), p.hearings())
	}
	last := document.Block{Heading: p.say("checkpoint"), Paragraph: p.say("checkpoint_none")}
	if y.Checkpoint != "" {
		last.Paragraph, last.Verbatim = p.say("checkpoint_says"), y.Checkpoint
	}
	doc.Blocks = append(doc.Blocks, last)
	return doc
}

// say is a text with its places filled; {year} is that of the report.
func (p paper) say(name string, pairs ...string) string {
	values := map[string]string{"year": strconv.Itoa(p.Year.Year)}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return words.Council(p.lang, name, values)
}

// promises are the counts of each verdict as chart and table, then each by itself
// with its citation and the state of its evidence.
func (p paper) promises() []document.Block {
	head := document.Block{Heading: p.say("promises")}
	if len(p.Promises) == 0 {
		head.Paragraph = p.say("promises_none")
		if p.Edition == Internal {
			head.Paragraph = p.say("promises_none_internal")
		}
		return []document.Block{head}
	}
	chart := document.Chart{Name: p.say("chart_name")}
	var list []string
	for _, v := range commitment.Verdicts() {
		n := 0
		for _, one := range p.Promises {
			if one.Verdict == v {
				n++
			}
		}
		if n == 0 {
			continue
		}
		name := p.say("short_" + string(v))
		chart.Bars = append(chart.Bars, document.Bar{Label: name, Value: float64(n), OK: true})
		head.Rows = append(head.Rows, []string{name, strconv.Itoa(n)})
		list = append(list, strconv.Itoa(n)+" "+name)
	}
	chart.Says = p.say("chart", "list", strings.Join(list, ", "))
	head.Paragraph, head.Chart = chart.Says, &chart
	head.Columns = []document.Column{{Title: p.say("verdict"), Width: 4}, {Title: p.say("count"), Width: 1, Right: true}}
	details := document.Block{Heading: p.say("details"), Paragraph: p.say("details_lead"), Columns: []document.Column{{Title: p.say("site"), Width: 30}, {Title: p.say("promise"), Width: 44},
		{Title: p.say("verdict"), Width: 36}, {Title: p.say("value"), Width: 26, Right: true}, {Title: p.say("cites"), Width: 26}, {Title: p.say("state"), Width: 34}}}
	var reasons []document.Block
	for _, one := range p.Promises {
		details.Rows = append(details.Rows, p.row(one))
		if one.Verdict == commitment.Missed || one.Verdict == commitment.Undetermined {
			reasons = append(reasons, document.Block{Paragraph: one.Name + ", " + words.Period(p.lang, one.Period) + ": " + words.Because(p.lang, one.Assessment)})
		}
		if one.Published == nil {
			continue
		}
		for _, reply := range one.Published.Replies {
			reasons = append(reasons, document.Block{Paragraph: one.Name + ". " + p.say("reply", "date", words.Date(p.lang, reply.On), "text", reply.Why)})
		}
	}
	if len(reasons) > 0 {
		reasons[0].Heading = p.say("reasons")
	}
	return append([]document.Block{head, details}, reasons...)
}

func (p paper) row(one Promise) []string {
	value := "–"
	if one.Value.OK {
		value = words.Figure(p.lang, one.Metric, one.Value.Number, one.Unit)
	}
	if one.Threshold.OK {
		value += " (" + words.Figure(p.lang, one.Metric, one.Threshold.Number, one.Unit) + ")"
	}
	promise := words.Metric(p.lang, one.Metric) + ", " + words.Period(p.lang, one.Period)
	if one.Title != "" {
		promise = one.Title + ": " + promise
	}
	state := []string{words.Basis(p.lang, one.Basis), words.Standing(p.lang, one.Assessment), p.say("evidence", "count", strconv.Itoa(len(one.Evidence)))}
	return []string{one.Name, promise, words.Verdict(p.lang, one.Assessment), value, one.Citation, strings.Join(state, "; ")}
}

// heat is the heat of the year, and by month as chart and table.
func (p paper) heat() []document.Block {
	b := document.Block{Heading: p.say("heat"), Paragraph: p.say("heat_none")}
	switch {
	case p.Heat.Hidden:
		b.Paragraph = p.say("heat_hidden")
		return []document.Block{b}
	case !p.Heat.OK:
		return []document.Block{b}
	}
	b.Paragraph = p.say("heat_says", "sites", strconv.Itoa(p.Heat.Sites), "value", words.Amount(p.lang, p.Heat.Value, energy.KilowattHour))
	if p.MonthsHidden {
		b.Paragraph += " " + p.say("heat_months_hidden")
		return []document.Block{b}
	}
	chart := document.Chart{Unit: "MWh", Name: p.say("heat_value")}
	table := document.Block{Columns: []document.Column{{Title: p.say("heat_month"), Width: 2}, {Title: p.say("heat_value"), Width: 3, Right: true}}}
	most := -1
	for m, s := range p.Months {
		label, value := p.say("month"+strconv.Itoa(m+1)), p.say("unknown")
		switch {
		case s.OK:
			value = words.Amount(p.lang, s.Value, energy.KilowattHour)
			if most < 0 || p.Months[most].Value < s.Value {
				most = m
			}
		}
		chart.Bars = append(chart.Bars, document.Bar{Label: label, Value: s.Value / 1000, OK: s.OK})
		table.Rows = append(table.Rows, []string{label, value})
	}
	if most < 0 {
		return []document.Block{b}
	}
	chart.Says = p.say("heat_chart", "most", p.say("month"+strconv.Itoa(most+1)), "value", words.Amount(p.lang, p.Months[most].Value, energy.KilowattHour))
	table.Paragraph, table.Chart = chart.Says, &chart
	return []document.Block{b, table}
}

// share is the sentence about a share, or that it is not known.
func (p paper) share(name string, s Sum) string {
	if !s.OK {
		return p.say(name + "_none")
	}
	return p.say(name, "value", words.Share(p.lang, s.Value))
}

// forecast is what is at risk in running periods.
func (p paper) forecast() document.Block {
	b := document.Block{Heading: p.say("forecast"), Paragraph: p.say("forecast_none"), Columns: []document.Column{{Title: p.say("site"), Width: 30}, {Title: p.say("promise"), Width: 50}, {Title: p.say("deadline"), Width: 26}, {Title: p.say("verdict"), Width: 80}}}
	for _, one := range p.Running {
		if one.Verdict == commitment.AtRisk {
			b.Rows = append(b.Rows, []string{one.Name, words.Metric(p.lang, one.Metric) + ", " + words.Period(p.lang, one.Period), p.say("forecast_until", "date", words.Date(p.lang, one.Period.To.AddDays(-1))), words.Because(p.lang, one.Assessment)})
		}
	}
	if len(b.Rows) > 0 {
		b.Paragraph = p.say("forecast_lead")
	}
	return b
}

// hearings are the judgements that operators are heard on.
func (p paper) hearings() document.Block {
	b := document.Block{Heading: p.say("hearings"), Paragraph: p.say("hearings_none"), Columns: []document.Column{{Title: p.say("site"), Width: 40}, {Title: p.say("promise"), Width: 60}, {Title: p.say("verdict"), Width: 50}, {Title: p.say("deadline"), Width: 30}}}
	for _, h := range p.Hearings {
		b.Paragraph = ""
		b.Rows = append(b.Rows, []string{h.Name, words.Metric(p.lang, h.Metric) + ", " + words.Period(p.lang, h.Period), words.Verdict(p.lang, h.Assessment), words.Date(p.lang, h.Case.Deadline)})
	}
	return b
}

// Known tells whether there is such an edition.
func (e Edition) Known() bool { return slices.Contains(Editions(), e) }

// Name is what the file of a report is called.
func (y Year) Name() string { return fmt.Sprintf("council-%d-%s.pdf", y.Year, y.Edition) }
