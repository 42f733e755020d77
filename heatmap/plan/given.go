package plan

import (
	"time"

	"heatledger/heatmap"
	"heatledger/heatmap/heatpump"
	"heatledger/heatmap/match"
	"heatledger/heatmap/source"
)

// given are the sources with what became of their heat.
func (r *run) given(c chain) []Given {
	list := []Given{}
	for _, s := range r.sources {
		account := s.series.Account()
		method := s.series.Method
		hours := func(d time.Duration) int { return int(d / time.Hour) }
		g := Given{
			ID: s.ID, Site: string(s.Site), Kind: string(s.series.Kind), Method: string(method.Code), MethodOf: method.Source,
			Grade: account.Grade().String(), Limit: account.Limit().String(), LowerBound: account.Limit() == heatmap.DemandLimited,
			Longitude: sevenDecimals(s.at.X), Latitude: sevenDecimals(s.at.Y),
			Measured: hours(account.ByGrade[heatmap.Measured]), Estimated: hours(account.ByGrade[heatmap.Estimated]), Declared: hours(account.ByGrade[heatmap.Declared]),
			Unknown: r.hours - hours(account.Known), Energy: float64(account.Energy), Unshaped: float64(account.Unshaped),
		}
		g.Factor = some(method.Factor, method.Factor > 0)
		g.Availability = some(s.Availability, s.Availability > 0)
		g.FlowMean = meanFlow(s.series)
		for _, f := range c.fed {
			if f.ID == s.ID {
				r.feeds(&g, s, f)
			}
		}
		for _, m := range c.matched.Sources {
			if m.ID == s.ID {
				g.matched(m)
			}
		}
		list = append(list, g)
	}
	return list
}

// feeds says what a source is at the network's side.
func (r *run) feeds(g *Given, s supply, f fed) {
	if secured, err := source.SecuredPower(f.series, r.scenario.Secured); err == nil && secured.Hours > 0 {
		g.Secured = &Secured{Availability: secured.Availability, Power: float64(secured.Power), AtWorst: float64(secured.AtWorst)}
	}
	if s.pump == nil {
		return
	}
	t := f.operation.Totals()
	cop, ok := t.COP()
	g.Pump = &PumpResult{ID: s.pump.ID, Basis: f.operation.Basis, COP: some(cop, ok),
		OutOfRange: int(t.ByState[heatpump.OutOfRange] / time.Hour), Without: int(t.ByState[heatpump.NoTemperature] / time.Hour)}
}

// matched says what became of the heat.
func (g *Given) matched(m match.SourceResult) {
	g.Offered, g.Direct, g.Stored, g.Surplus, g.KeptBack = float64(m.Offered), float64(m.Given), float64(m.Stored), float64(m.Surplus), float64(m.KeptBack)
	used, ok := m.Used()
	g.Used = some(used, ok)
	full, ok := m.FullLoadHours()
	g.FullLoad, g.Peak, g.NoFlowHours = some(full, ok), float64(m.Peak), m.NoFlowHours
	if g.Pump != nil {
		g.Pump.Electricity = float64(m.Electricity)
	}
}

// meanFlow is the mean flow temperature, weighted with the heat; nil where none is
// known.
func meanFlow(s heatmap.Series) *float64 {
	sum, weight := 0.0, 0.0
	for i := range s.Len() {
		p, known := s.Power(i)
		if t, ok := s.Flow(i); ok && known {
			sum += float64(t) * float64(p)
			weight += float64(p)
		}
	}
	return some(sum/weight, weight > 0)
}

// together is the secured power of all sources that feed in.
func (r *run) together(c chain) *Secured {
	var list []heatmap.Series
	for _, f := range c.fed {
		list = append(list, f.series)
	}
	if len(list) < 2 {
		return nil
	}
	t, err := source.SecuredTogether(list, r.scenario.Secured)
	if err != nil || t.Hours == 0 {
		return nil
	}
	return &Secured{t.Availability, float64(t.Power), float64(t.AtWorst), float64(t.Sum)}
}
