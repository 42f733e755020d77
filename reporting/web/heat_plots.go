package web

import (
	"context"
	"math"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/source"
	"heatledger/reporting/plot"
	"heatledger/reporting/words"
)

// heatPlots are the pictures of a source, as far as it may be seen and is known.
func (s *Server) heatPlots(ctx context.Context, p *page, of heatSourceAsked) ([]heatPlot, error) {
	var list []heatPlot
	add := func(one heatPlot, ok bool) {
		if ok {
			list = append(list, one)
		}
	}
	add(p.heatCarpet(of))
	if of.statistics != nil {
		add(p.heatCurve(of))
		add(p.heatBands(of))
		add(p.heatTemperature(of))
	}
	add(p.heatBalance(of))
	if of.sheet.View.Extent == atlas.Everything { // electricity is no heat: no decision about heat shows it
		one, ok, err := s.heatFlows(ctx, p, of)
		if err != nil {
			return nil, err
		}
		add(one, ok)
	}
	return list, nil
}

// heatCarpet is the year by day and hour of the clock: 23 and 25 hours on the days on
// which the clock changes.
func (p *page) heatCarpet(of heatSourceAsked) (heatPlot, bool) {
	s := of.hours
	if s.Len() == 0 {
		return heatPlot{}, false
	}
	kind := p.code("kind", string(s.Kind))
	c := plot.Carpet{Head: plot.Head{ID: "carpet", Title: p.T("heat.carpet", kind), Lang: p.Lang}, Unit: "kW", Absent: p.T("absent"), Skipped: p.T("heat.skipped")}
	values, absent := make([]float64, s.Len()), 0
	row := map[energy.Date]int{}
	for i := range s.Len() {
		values[i] = math.NaN()
		if power, ok := s.Power(i); ok {
			values[i] = float64(power)
		} else {
			absent++
		}
		day := p.Calendar.Date(s.At(i))
		if _, there := row[day]; !there {
			row[day] = len(c.Days)
			c.Days = append(c.Days, plot.Day{Label: day.String()})
		}
		d := &c.Days[row[day]]
		d.Hours = append(d.Hours, plot.Hour{Clock: p.Calendar.Local(s.At(i)).Hour(), Value: values[i]})
	}
	least, most, mean, _, ok := extremes(values)
	if !ok {
		return heatPlot{}, false
	}
	c.Summary = p.T("heat.carpet.sum", p.kilowatts(values[least]), p.kilowatts(values[most]), p.kilowatts(mean))
	if absent > 0 {
		c.Summary += " " + p.T("heat.carpet.gaps", p.Number(float64(absent), 0))
	}
	return heatPlot{id: "carpet", title: c.Title, summary: c.Summary, draw: c.SVG, table: p.carpetMonths(c, values),
		head: []string{"from", "to", "power_kw", "flow_c", "return_c", "grade", "limit"}, rows: func() [][]string { return p.hourRows(s) }}, true
}

// carpetMonths sums a carpet up by month; its file has every hour.
func (p *page) carpetMonths(c plot.Carpet, values []float64) table {
	t := table{Head: []string{p.T("month"), p.T("least") + " (kW)", p.T("mean") + " (kW)", p.T("most") + " (kW)", p.T("missing") + " (h)"}}
	for day, at := 0, 0; day < len(c.Days); {
		month, from := c.Days[day].Label[:7], at
		for ; day < len(c.Days) && c.Days[day].Label[:7] == month; day++ {
			at += len(c.Days[day].Hours)
		}
		least, most, mean, absent, ok := extremes(values[from:at])
		low, high := math.NaN(), math.NaN()
		if ok {
			low, high = values[from:at][least], values[from:at][most]
		}
		t.Rows = append(t.Rows, []string{p.monthName(month), p.Number(low, 0), p.Number(mean, 0), p.Number(high, 0), p.Number(float64(absent), 0)})
	}
	return t
}

// hourRows are the hours for programs: instants with their offset, an empty cell for
// what is not known.
func (p *page) hourRows(s heatmap.Series) [][]string {
	rows := make([][]string, s.Len())
	for i := range rows {
		power, known := s.Power(i)
		flow, flowOK := s.Flow(i)
		back, backOK := s.Return(i)
		rows[i] = []string{p.Calendar.Local(s.At(i)).Format(time.RFC3339), p.Calendar.Local(s.At(i).Add(s.Step)).Format(time.RFC3339),
			plainOr(float64(power), known), plainOr(float64(flow), flowOK), plainOr(float64(back), backOK), s.Grade(i).String(), s.Limit(i).String()}
	}
	return rows
}

// plainOr is a number for programs, empty where there is none.
func plainOr(v float64, ok bool) string {
	if !ok || math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// heatCurve is the sorted duration curve with full-load hours and secured power.
func (p *page) heatCurve(of heatSourceAsked) (heatPlot, bool) {
	curve := of.statistics.Curve
	if len(curve.Hours) == 0 {
		return heatPlot{}, false
	}
	number := func(v float64) string { return p.Number(v, 0) }
	lang := words.Lang(p.Lang)
	c := plot.Curve{Head: plot.Head{ID: "curve", Title: words.Heat(lang, "sheet_curve", nil), Lang: p.Lang}, Unit: "kW", Hours: p.T("heat.hours"), Of: curve.Of,
		Name: p.code("kind", string(of.kind)), Absent: p.T("absent")}
	c.Summary = words.Heat(lang, "sheet_curve_lead", map[string]string{"hours": number(float64(len(curve.Hours))), "of": number(float64(curve.Of))})
	for _, kw := range curve.Hours {
		c.Power = append(c.Power, float64(kw))
	}
	t := table{Head: []string{p.T("heat.hours"), p.T("heat.share"), p.T("heat.power") + " (kW)"}}
	for _, share := range []float64{0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 1} {
		hours := max(1, int(math.Ceil(share*float64(len(curve.Hours))-1e-9)))
		if power, ok := curve.Reached(hours); ok {
			t.Rows = append(t.Rows, []string{number(float64(hours)), p.Percent(float64(hours) / float64(len(curve.Hours))), number(float64(power))})
		}
	}
	if curve.FullLoad > 0 {
		c.Full = plot.Level{Name: p.T("heat.fullload", number(curve.FullLoad), p.kilowatts(float64(curve.Reference))), Power: float64(curve.Reference), Hours: curve.FullLoad}
		c.Summary += " " + p.T("heat.fullload.sentence", number(curve.FullLoad), p.kilowatts(float64(curve.Reference)), p.code("reference", string(curve.ReferenceIs)))
	}
	if secured := of.statistics.Secured; secured.Hours > 0 {
		c.Levels = []plot.Level{{Name: p.T("heat.secured", p.kilowatts(float64(secured.Power)), p.share(secured.Availability)), Power: float64(secured.Power), Hours: float64(curve.Above(secured.Power))}}
		c.Summary += " " + p.securedSentence(secured)
	}
	return heatPlot{id: "curve", title: c.Title, summary: c.Summary, draw: c.SVG, table: t, head: []string{"hours", "power_kw"}, rows: func() [][]string {
		var rows [][]string
		for i, kw := range curve.Hours {
			rows = append(rows, []string{strconv.Itoa(i + 1), plainOr(float64(kw), true)})
		}
		return rows
	}}, true
}

// heatBands are P10, P50 and P90 by month and hour; from under twelve months, by kind
// of day and hour, and why.
func (p *page) heatBands(of heatSourceAsked) (heatPlot, bool) {
	bands := of.statistics.Bands
	if bands.Whole.Hours == 0 {
		return heatPlot{}, false
	}
	lang := words.Lang(p.Lang)
	c := plot.Bands{Head: plot.Head{ID: "bands", Title: p.T("heat.bands"), Lang: p.Lang}, Unit: "kW", Band: p.T("heat.bands.band"), Middle: "P50", Absent: p.T("absent")}
	t := table{Head: []string{p.T("heat.bands.when"), "P90 (kW)", "P50 (kW)", "P10 (kW)", p.T("heat.hours")}}
	var rows [][]string
	panel := func(code, name string, whole source.Band, hours [24]source.Band) {
		one := plot.Panel{Name: name}
		for hour, b := range hours {
			known := b.Hours > 0
			one.P10, one.P50, one.P90 = append(one.P10, orNaN(b.P10, known)), append(one.P50, orNaN(b.P50, known)), append(one.P90, orNaN(b.P90, known))
			rows = append(rows, []string{code, strconv.Itoa(hour), plainOr(float64(b.P90), known), plainOr(float64(b.P50), known), plainOr(float64(b.P10), known), strconv.Itoa(b.Hours), strconv.Itoa(b.Of)})
		}
		c.Panels = append(c.Panels, one)
		known := whole.Hours > 0
		t.Rows = append(t.Rows, []string{name, p.Number(orNaN(whole.P90, known), 0), p.Number(orNaN(whole.P50, known), 0), p.Number(orNaN(whole.P10, known), 0), p.Number(float64(whole.Hours), 0)})
	}
	c.Summary = p.T("heat.bands.sum")
	for i, m := range bands.Months {
		panel(time.Month(i+1).String(), p.Month(time.Month(i+1)), m.Whole, m.Hours)
	}
	if len(bands.Months) == 0 {
		c.Title = p.T("heat.bands.kinds")
		c.Summary = words.Heat(lang, "sheet_bands_none", map[string]string{"why": p.code("why", string(bands.Why))}) + " " + p.T("heat.bands.kinds.sum")
		for kind, hours := range bands.Days {
			code := heatmap.KindOfDay(kind).String()
			panel(code, p.T("heat.day:"+code), wholeOf(hours), hours)
		}
	}
	return heatPlot{id: "bands", title: c.Title, summary: c.Summary, draw: c.SVG, table: t,
		head: []string{"when", "hour", "p90_kw", "p50_kw", "p10_kw", "hours", "of"}, rows: func() [][]string { return rows }}, true
}

// wholeOf counts the hours of a kind of day; its powers by hour are in the picture, and
// from bands no band of all of them follows.
func wholeOf(hours [24]source.Band) (whole source.Band) {
	whole.P10, whole.P50, whole.P90 = heatmap.Kilowatts(math.NaN()), heatmap.Kilowatts(math.NaN()), heatmap.Kilowatts(math.NaN())
	for _, b := range hours {
		whole.Hours, whole.Of = whole.Hours+b.Hours, whole.Of+b.Of
	}
	return whole
}

func orNaN[F ~float64](v F, ok bool) float64 {
	if !ok {
		return math.NaN()
	}
	return float64(v)
}

// heatTemperature is the flow temperature against the power.
func (p *page) heatTemperature(of heatSourceAsked) (heatPlot, bool) {
	classes := of.statistics.AtPower
	lang := words.Lang(p.Lang)
	c := plot.Scatter{Head: plot.Head{ID: "temperature", Title: words.Heat(lang, "sheet_temperature", nil), Lang: p.Lang}, XUnit: "kW", YUnit: "°C",
		XName: p.T("heat.power"), YName: p.T("heat.flow"), Dots: p.T("heat.dot"), Spread: p.T("heat.spread"), Second: p.T("heat.return")}
	for i := range of.hours.Len() {
		flow, ok := of.hours.Flow(i)
		if power, known := of.hours.Power(i); ok && known {
			c.Points = append(c.Points, [2]float64{float64(power), float64(flow)})
		}
	}
	t := table{Head: []string{p.T("heat.power") + " (kW)", p.T("heat.hours"), "P90 (°C)", "P50 (°C)", "P10 (°C)", p.T("heat.return") + " (°C)"}}
	var rows [][]string
	warmest, coldest := math.Inf(-1), math.Inf(1)
	for _, class := range classes {
		if class.Hours == 0 {
			continue
		}
		back := orNaN(class.Return.Celsius, class.Return.OK)
		c.Classes = append(c.Classes, plot.Class{From: float64(class.From), To: float64(class.To), P10: float64(class.P10), P50: float64(class.P50), P90: float64(class.P90), Second: back})
		t.Rows = append(t.Rows, []string{p.T("heat.range", p.Number(float64(class.From), 0), p.Number(float64(class.To), 0)), p.Number(float64(class.Hours), 0),
			p.Number(float64(class.P90), 1), p.Number(float64(class.P50), 1), p.Number(float64(class.P10), 1), p.Number(back, 1)})
		rows = append(rows, []string{plainOr(float64(class.From), true), plainOr(float64(class.To), true), strconv.Itoa(class.Hours), plainOr(float64(class.P90), true),
			plainOr(float64(class.P50), true), plainOr(float64(class.P10), true), plainOr(back, true)})
		coldest, warmest = min(coldest, float64(class.P50)), max(warmest, float64(class.P50))
	}
	if len(c.Classes) == 0 {
		return heatPlot{}, false
	}
	c.Summary = p.T("heat.temperature.sum", p.Number(coldest, 0), p.Number(warmest, 0))
	return heatPlot{id: "temperature", title: c.Title, summary: c.Summary, draw: c.SVG, table: t,
		head: []string{"from_kw", "to_kw", "hours", "flow_p90_c", "flow_p50_c", "flow_p10_c", "return_mean_c"}, rows: func() [][]string { return rows }}, true
}
