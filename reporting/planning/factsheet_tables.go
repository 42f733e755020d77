package planning

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/heatmap/atlas"
	"heatledger/heatmap/source"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// mostRows is how many outages the paper lists.
const mostRows = 10

// strongSeason is the share of the variance between days from which a reader has to be
// told that the seasons may show as breaks ([source.Levels]).
const strongSeason = 0.5

// months are the amounts of the supply, as bars and as a table.
func (p *printer) months() {
	i := slices.IndexFunc(p.Sheet.Heat, func(a atlas.Amounts) bool { return a.Kind == p.Sheet.Supply })
	if i < 0 || len(p.Sheet.Heat[i].Months) == 0 {
		return
	}
	b := document.Block{Heading: p.say("sheet_months", nil), Columns: p.columns(true, "sheet_month", "sheet_amount", "sheet_coverage")}
	chart := document.Chart{Unit: "MWh", Name: p.say("kind_"+string(p.Sheet.Supply), nil)}
	var said []string
	for _, m := range p.Sheet.Heat[i].Months {
		label := p.month(m.From.Year, m.From.Month)
		value := p.amount(m.Energy)
		if m.Coverage == 0 {
			value = "–"
		}
		chart.Bars = append(chart.Bars, document.Bar{Label: p.short(m.From.Month), Value: float64(m.Energy) / 1000, OK: m.Coverage > 0})
		b.Rows = append(b.Rows, []string{label, value, words.Share(p.lang, m.Coverage)})
		said = append(said, label+" "+value)
	}
	chart.Says = p.say("sheet_months_says", map[string]string{"list": strings.Join(said, ", ")})
	if len(chart.Bars) <= 24 { // more are not told apart on the width of a page
		b.Chart = &chart
	}
	p.add(b)
}

// short is the beginning of a month's name, for the narrow space below a bar.
func (p *printer) short(m time.Month) string {
	return string([]rune(words.MonthName(p.lang, m))[:3])
}

// curve is the duration curve at chosen hours.
func (p *printer) curve(c source.Curve) {
	if len(c.Hours) == 0 {
		return
	}
	b := document.Block{Heading: p.say("sheet_curve", nil), Columns: p.columns(true, "sheet_hours", "sheet_power"),
		Paragraph: p.say("sheet_curve_lead", map[string]string{"hours": p.number(float64(len(c.Hours)), 0), "of": p.number(float64(c.Of), 0)})}
	for _, hours := range []int{1, 100, 500, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 8760, 8784} {
		if hours > len(c.Hours) {
			break
		}
		if power, ok := c.Reached(hours); ok {
			b.Rows = append(b.Rows, []string{p.number(float64(hours), 0), p.number(float64(power), 1)})
		}
	}
	p.add(b)
}

// bands are the powers by month of the year, or why there are none.
func (p *printer) bands(bands source.Bands) {
	b := document.Block{Heading: p.say("sheet_bands", nil)}
	if len(bands.Months) == 0 {
		if bands.Why == source.NothingKnown {
			return
		}
		b.Paragraph = p.say("sheet_bands_none", map[string]string{"why": p.say("why_"+string(bands.Why), nil)})
		p.add(b)
		return
	}
	b.Paragraph = p.say("sheet_bands_lead", nil)
	b.Columns = p.columns(true, "sheet_month", "sheet_power")
	b.Columns = append(b.Columns[:1], document.Column{Title: "P90, kW", Width: 1, Right: true}, document.Column{Title: "P50, kW", Width: 1, Right: true}, document.Column{Title: "P10, kW", Width: 1, Right: true})
	for i, m := range bands.Months {
		b.Rows = append(b.Rows, []string{words.MonthName(p.lang, time.Month(i+1)), p.number(float64(m.Whole.P90), 1), p.number(float64(m.Whole.P50), 1), p.number(float64(m.Whole.P10), 1)})
	}
	p.add(b)
}

// temperatures are those of the classes of power that were met.
func (p *printer) temperatures(classes []source.AtPower) {
	b := document.Block{Heading: p.say("sheet_temperature", nil), Paragraph: p.say("sheet_temperature_lead", nil),
		Columns: p.columns(true, "sheet_power", "sheet_hours", "sheet_flow_column", "sheet_return_column")}
	for _, c := range classes {
		if c.Hours == 0 {
			continue
		}
		back := "–"
		if c.Return.OK {
			back = p.number(float64(c.Return.Celsius), 1)
		}
		b.Rows = append(b.Rows, []string{p.say("sheet_range", map[string]string{"least": p.number(float64(c.From), 0), "most": p.number(float64(c.To), 0)}),
			p.number(float64(c.Hours), 0), p.number(float64(c.Flow), 1), back})
	}
	if len(b.Rows) > 0 {
		p.add(b)
	}
}

// outages are the longest, the longest first.
func (p *printer) outages(o source.Outages) {
	if len(o.List) == 0 {
		return
	}
	longest := slices.Clone(o.List)
	slices.SortStableFunc(longest, func(a, b source.Outage) int { return cmp.Compare(b.Period.Length(), a.Period.Length()) })
	longest = longest[:min(mostRows, len(longest))]
	b := document.Block{Heading: p.say("sheet_outages", nil), Columns: p.columns(false, "sheet_from", "sheet_to", "sheet_length", "sheet_cause"),
		Paragraph: p.say("sheet_outages_lead", map[string]string{"total": p.duration(o.Total), "known": p.duration(o.Known),
			"count": fmt.Sprint(len(longest)), "all": fmt.Sprint(len(o.List)), "gaps": fmt.Sprint(len(o.Gaps))})}
	for _, one := range longest {
		b.Rows = append(b.Rows, []string{p.instant(one.Period.From), p.instant(one.Period.To), p.lasted(one), p.cause(one)})
	}
	p.add(b)
}

// levels are the breaks, and the trend where there is one.
func (p *printer) levels(s source.Statistics) {
	b := document.Block{Heading: p.say("sheet_levels", nil), Paragraph: p.say("sheet_levels_lead", nil),
		Columns: p.columns(false, "sheet_from", "sheet_to", "sheet_mean", "sheet_change")}
	for _, l := range s.Levels.List {
		change := "–"
		if l.Change != "" {
			change = p.say("change_"+string(l.Change), nil)
		}
		b.Rows = append(b.Rows, []string{words.Date(p.lang, l.From), words.Date(p.lang, l.To.AddDays(-1)), p.number(float64(l.Mean), 1), change})
	}
	if s.Season.Why == "" && s.Season.Strength >= strongSeason {
		b.Paragraph += " " + p.say("sheet_seasonal", map[string]string{"share": words.Share(p.lang, s.Season.Strength)})
	}
	if s.Trend.Why == "" && s.Trend.Pairs > 0 {
		b.Paragraph += " " + p.say("sheet_trend", map[string]string{"value": p.number(float64(s.Trend.PerYear), 1), "p": p.number(s.Trend.P, 3)})
	}
	if len(b.Rows) > 0 {
		p.add(b)
	}
}

func (p *printer) contract(c atlas.Contract) {
	values := map[string]string{"title": c.Title, "spread": "", "take": ""}
	if c.Spread {
		values["spread"] = p.say("sheet_contract_spread", nil)
	}
	if c.TakeOrPay {
		values["take"] = p.say("sheet_contract_take", nil)
	}
	b := document.Block{Heading: p.say("sheet_contract", values), Paragraph: p.say("sheet_contract_lead", values),
		Columns: p.columns(true, "sheet_month", "sheet_promised", "sheet_delivered", "sheet_kept")}
	for _, m := range c.Months {
		delivered := "–"
		if m.Delivered.Coverage > 0 {
			delivered = p.amount(m.Delivered.Energy)
		}
		kept := p.say("kept_"+string(m.Kept), nil)
		if c.Spread { // a month owes nothing for itself
			kept = "–"
		}
		b.Rows = append(b.Rows, []string{p.month(m.Year, time.Month(m.Month)), p.amount(m.Promised), delivered, kept})
	}
	for _, y := range c.Years {
		kept := p.say("kept_"+string(y.Kept), nil)
		if !y.Whole && y.Kept == source.KeptUnknown {
			kept = p.say("kept_open", nil)
		}
		b.Rows = append(b.Rows, []string{strconv.Itoa(y.Year), p.amount(y.Promised), p.amount(y.Delivered), kept})
	}
	if len(b.Rows) > 0 {
		p.add(b)
	}
}
