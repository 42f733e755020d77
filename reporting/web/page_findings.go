package web

import (
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/validation"
	"heatledger/reporting/words"
)

// shownFindings is how many findings a page shows; the file has all of them.
const shownFindings = 25

// findingsPart is what a page shows of findings.
type findingsPart struct {
	Sentence string // how many there are
	Rows     []findingRow
	CSV      string // address of all of them
	All      string // of the page of all of them, where not all are shown
	Feed     string
	// Subscribe is the page on which one asks for findings by mail; "": there is none.
	Subscribe string
}

// findingRow is a finding in words.
type findingRow struct {
	Rule, Doc, Where, Period, Severity, Text string
	Kind                                     validation.Severity
}

// findings puts findings into words, as many as a page shows.
func (p *page) findings(site energy.SiteID, period energy.Period, list []validation.Finding) *findingsPart {
	part := p.findingsUpTo(shownFindings, site, period, list)
	if len(list) > shownFindings {
		part.All = p.To("/sites/" + string(site) + "/findings?" + between(period))
	}
	return part
}

// findingsUpTo puts at most so many findings into words.
func (p *page) findingsUpTo(most int, site energy.SiteID, period energy.Period, list []validation.Finding) *findingsPart {
	part := &findingsPart{Sentence: p.T("findings.none"), Feed: p.To("/sites/" + string(site) + "/findings.atom"),
		CSV: "/api/v1/sites/" + string(site) + "/findings?" + between(period) + "&format=csv"}
	if p.mail {
		part.Subscribe = p.To("/subscribe?site=" + string(site))
	}
	counts := map[validation.Severity]int{}
	for _, f := range list {
		counts[f.Severity]++
	}
	if len(list) > 0 {
		part.Sentence = p.T("findings.sum", p.Number(float64(counts[validation.Error]), 0), p.Number(float64(counts[validation.Warning]), 0), p.Number(float64(counts[validation.Info]), 0))
	}
	if len(list) > most {
		part.Sentence += " " + p.T("findings.more", p.Number(float64(most), 0))
	}
	lang := words.Lang(p.Lang)
	for _, f := range list[:min(most, len(list))] {
		part.Rows = append(part.Rows, findingRow{Rule: words.Rule(lang, f.Rule), Doc: words.RuleDoc(lang, f.Rule), Where: p.where(f),
			Period: p.Stretch(f.Period), Severity: words.Severity(lang, f.Severity), Text: p.who.finding(lang, f), Kind: f.Severity})
	}
	return part
}

// between is a period as the API is asked for it.
func between(period energy.Period) string {
	return "from=" + period.From.Format(time.RFC3339) + "&to=" + period.To.Format(time.RFC3339)
}

// where names what a finding is about.
func (p *page) where(f validation.Finding) string {
	switch {
	case f.Point != "":
		return f.Point.Name()
	case f.Meter != "":
		return p.T("meter") + " " + string(f.Meter)
	}
	return p.T("site")
}

// Stretch writes a period in local time: a whole month by its name, whole days
// as days.
func (p *page) Stretch(period energy.Period) string {
	from, to := p.Calendar.Local(period.From), p.Calendar.Local(period.To)
	first, last := p.Calendar.Date(period.From), p.Calendar.Date(period.To)
	const clock = "15:04"
	if period == p.Calendar.Month(first.Year, first.Month) {
		return p.Month(first.Month) + " " + strconv.Itoa(first.Year)
	}
	if from.Format(clock) == "00:00" && to.Format(clock) == "00:00" && first.Before(last) {
		if last = last.AddDays(-1); first == last {
			return p.Date(first)
		}
		return p.Date(first) + " – " + p.Date(last)
	}
	switch {
	case !period.From.Before(period.To):
		return p.Date(first) + ", " + from.Format(clock)
	case first == last:
		return p.Date(first) + ", " + from.Format(clock) + " – " + to.Format(clock)
	}
	return p.Date(first) + ", " + from.Format(clock) + " – " + p.Date(last) + ", " + to.Format(clock)
}

// nodeRow is the balance of a node over the months of a year that are known.
type nodeRow struct {
	Name, Members, Entered, Measured, Residual, Deviation, Limit, Months string
	Off                                                                  bool // beyond the limit
}

// nodeRows add up the balances of each node.
func (p *page) nodeRows(found ledger.Findings) []nodeRow {
	var rows []nodeRow
	list := found.Balances
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Kind == list[0].Kind && list[n].Parent == list[0].Parent && sameMembers(list[n].Below, list[0].Below) {
			n++
		}
		rows = append(rows, p.nodeRow(list[:n]))
		list = list[n:]
	}
	return rows
}

func sameMembers(a, b []validation.Member) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Point != b[i].Point {
			return false
		}
	}
	return true
}

func (p *page) nodeRow(months []validation.Balance) nodeRow {
	row := nodeRow{Name: p.T("balance.supply"), Entered: "–", Measured: "–", Residual: "–", Deviation: "–"}
	if months[0].Parent != "" {
		row.Name = months[0].Parent.Name()
	}
	var names []string
	for _, m := range months[0].Below {
		names = append(names, m.Point.Name())
	}
	row.Members = p.T("balance."+string(months[0].Kind), strings.Join(names, ", "))
	known := 0
	var entered, residual energy.Amount
	for _, b := range months {
		if b.OK {
			entered, residual = entered+b.Entered(), residual+b.Residual()
			known++
		}
	}
	row.Months = p.T("balance.months", p.Number(float64(known), 0), p.Number(float64(len(months)), 0))
	if known == 0 {
		return row
	}
	kwh := func(a energy.Amount) string { return p.Number(kilowattHours(a).Float64(), 0) }
	row.Entered, row.Measured, row.Residual = kwh(entered), kwh(entered-residual), kwh(residual)
	if entered > 0 {
		deviation := float64(residual) / float64(entered)
		row.Deviation = p.Number(deviation*100, 1) + " %"
		limit := months[0].Limit
		row.Off, row.Limit = deviation > limit || deviation < -limit, p.Number(limit*100, 1)+" %"
	}
	return row
}

// Limit is the deviation of a balance from which it is pointed to, unless the
// registry states another.
func (p *page) Limit() string { return p.Number(validation.Defaults().Node*100, 0) + " %" }
