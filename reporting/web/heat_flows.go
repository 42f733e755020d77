package web

import (
	"context"
	"math"
	"strings"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/reporting/chart"
	"heatledger/reporting/plot"
)

// heatBalance are the amounts of heat by month, beside each other.
func (p *page) heatBalance(of heatSourceAsked) (heatPlot, bool) {
	c := chart.Chart{Kind: chart.GroupedBars, Axis: chart.Months, Unit: "MWh", Title: p.T("heat.balance"), Absent: p.T("absent")}
	column := map[string]int{}
	for month := (energy.Date{Year: of.sheet.From.Year, Month: of.sheet.From.Month, Day: 1}); month.Before(of.sheet.To); month = nextMonth(month) {
		label := month.String()[:7]
		column[label] = len(c.Labels)
		c.Labels = append(c.Labels, label)
	}
	var said []string
	for _, amounts := range of.sheet.Heat {
		if amounts.Kind == heatmap.Recoverable { // the sum of two that stand there
			continue
		}
		values, any := make([]float64, len(c.Labels)), false
		for i := range values {
			values[i] = math.NaN()
		}
		for _, m := range amounts.Months {
			if at, ok := column[m.From.String()[:7]]; ok && m.Coverage > 0 {
				values[at], any = float64(m.Energy)/1000, true
			}
		}
		if any {
			name := p.code("kind", string(amounts.Kind))
			c.Series = append(c.Series, chart.Series{Name: name, Values: values})
			switch {
			case amounts.Part != nil && amounts.Why == atlas.StillRunning:
				said = append(said, p.T("heat.balance.sofar", name, p.megawattHours(float64(amounts.Part.Energy)), p.Date(amounts.Part.To.AddDays(-1))))
			case amounts.Whole != nil:
				said = append(said, name+" "+p.megawattHours(float64(amounts.Whole.Energy)))
			}
		}
	}
	if len(c.Series) == 0 {
		return heatPlot{}, false
	}
	c.Summary = p.T("heat.balance.sum")
	if len(said) > 0 {
		c.Summary = p.T("heat.balance.said", of.span.Name, strings.Join(said, ", "))
	}
	return heatPlot{id: "balance", chart: &c, table: p.tableOf(c, p.T("month"), p.monthName, 1)}, true
}

// flows are what the figures of a site measured of a period, in kWh; NaN: not measured.
type flows struct{ all, it, cooling, delivered, rejected float64 }

// heatFlows is where the energy of the site goes: measured figures, and what follows
// from them by difference, which is marked. What nobody measured is said, not guessed.
func (s *Server) heatFlows(ctx context.Context, p *page, of heatSourceAsked) (heatPlot, bool, error) {
	figures, _, err := s.figuresOf(ctx, of.sheet.Site, of.span.Label)
	if err != nil {
		return heatPlot{}, false, err
	}
	balances, err := s.monthsOf(ctx, []energy.SiteID{of.sheet.Site})
	if err != nil {
		return heatPlot{}, false, err
	}
	f := measuredFlows(figures)
	for month := of.sheet.From; month.Before(of.sheet.To); month = nextMonth(month) {
		f.cooling = add(f.cooling, monthIn(balances, of.sheet.Site, energy.Date{Year: month.Year, Month: month.Month, Day: 1}).cooling)
	}
	if math.IsNaN(f.all) || math.IsNaN(f.it) {
		return heatPlot{}, false, nil
	}
	c := p.sankey(f)
	t := table{Head: []string{p.T("heat.flows.from"), p.T("heat.flows.to"), "MWh", p.T("heat.flows.basis")}}
	var rows [][]string
	for _, flow := range c.Flows {
		basis, code := p.T("heat.flows.measured"), "measured"
		switch {
		case math.IsNaN(flow.Value):
			basis, code = c.Unknown, "not_measured"
		case flow.Rest:
			basis, code = c.Rest, "difference"
		}
		from, to := c.Nodes[flow.From].Name, c.Nodes[flow.To].Name
		t.Rows = append(t.Rows, []string{from, to, p.Number(flow.Value, 1), basis})
		rows = append(rows, []string{from, to, plainOr(flow.Value, true), code})
	}
	return heatPlot{id: "flows", title: c.Title, summary: c.Summary, draw: c.SVG, table: t,
		head: []string{"from", "to", "energy_mwh", "basis"}, rows: func() [][]string { return rows }}, true, nil
}

// measuredFlows reads what is needed of the figures: of PUE both sides, for they cover
// the same intervals.
func measuredFlows(figures []kpi.Figure) flows {
	f := flows{math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	for _, one := range figures {
		switch {
		case !one.OK:
		case (one.Name == "pue" || one.Name == "ipue") && math.IsNaN(f.all):
			f.all, f.it = one.Numerator.Float64(), one.Denominator.Float64()
		case one.Name == "heat_delivered":
			f.delivered = one.Value
		case one.Name == "heat_rejected":
			f.rejected = one.Value
		}
	}
	return f
}

// The places of the nodes of a site's flows.
const (
	nodeAll = iota
	nodeIT
	nodeCooling
	nodeRest
	nodeHeat
	nodeDelivered
	nodeRejected
	nodeUnmeasured
)

// sankey lays the flows out: electricity by use, all of which becomes heat, and where
// meters saw the heat go.
func (p *page) sankey(f flows) plot.Sankey {
	mwh := func(kwh float64) float64 { return kwh / 1000 }
	c := plot.Sankey{Head: plot.Head{ID: "flows", Title: p.T("heat.flows"), Lang: p.Lang}, Unit: "MWh", Unknown: p.T("heat.flows.unknown"), Rest: p.T("heat.flows.rest")}
	rest := max(0, f.all-f.it-orZero(f.cooling))
	seen := orZero(f.delivered) + orZero(f.rejected)
	unmeasured := max(0, f.all-seen)
	heat := max(f.all, seen)
	restName := p.T("heat.flows.other")
	if math.IsNaN(f.cooling) {
		restName = p.T("heat.flows.othercooling")
	}
	c.Nodes = []plot.Node{{Name: p.T("heat.flows.all"), Value: mwh(f.all)}, {Name: p.T("IT"), Column: 1, Value: mwh(f.it)}, {Name: p.T("cooling"), Column: 1, Value: mwh(f.cooling)},
		{Name: restName, Column: 1, Value: mwh(rest)}, {Name: p.T("heat.flows.heat"), Column: 2, Value: mwh(heat)}, {Name: p.T("heat.flows.delivered"), Column: 3, Value: mwh(f.delivered)},
		{Name: p.T("heat.flows.rejected"), Column: 3, Value: mwh(f.rejected)}, {Name: p.T("heat.flows.unmeasured"), Column: 3, Value: mwh(unmeasured)}}
	for _, flow := range []plot.Flow{{From: nodeAll, To: nodeIT, Value: mwh(f.it)}, {From: nodeAll, To: nodeCooling, Value: mwh(f.cooling)}, {From: nodeAll, To: nodeRest, Value: mwh(rest), Rest: true},
		{From: nodeIT, To: nodeHeat, Value: mwh(f.it)}, {From: nodeCooling, To: nodeHeat, Value: mwh(f.cooling)}, {From: nodeRest, To: nodeHeat, Value: mwh(rest), Rest: true},
		{From: nodeHeat, To: nodeDelivered, Value: mwh(f.delivered)}, {From: nodeHeat, To: nodeRejected, Value: mwh(f.rejected)}, {From: nodeHeat, To: nodeUnmeasured, Value: mwh(unmeasured), Rest: true}} {
		if flow.Value != 0 {
			c.Flows = append(c.Flows, flow)
		}
	}
	c.Summary = p.T("heat.flows.sum", p.megawattHours(f.all), p.Percent(f.it/f.all), p.energyOr(f.delivered), p.energyOr(f.rejected), p.megawattHours(unmeasured))
	if seen > f.all {
		c.Summary += " " + p.T("heat.flows.more", p.megawattHours(seen-f.all))
	}
	return c
}

// energyOr is an energy in words, or that it was not measured.
func (p *page) energyOr(kwh float64) string {
	if math.IsNaN(kwh) {
		return p.T("heat.flows.unknown")
	}
	return p.megawattHours(kwh)
}

// megawattHours writes an energy as the tables of a source of heat do, so that what is
// said and what stands in them are compared at a glance.
func (p *page) megawattHours(kwh float64) string { return p.Number(kwh/1000, 1) + " MWh" }

// nextMonth is the first day of the month after a day's.
func nextMonth(d energy.Date) energy.Date {
	in := energy.Date{Year: d.Year, Month: d.Month, Day: 1}.AddDays(31)
	return energy.Date{Year: in.Year, Month: in.Month, Day: 1}
}
