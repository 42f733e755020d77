package web

import (
	"math"
	"net/http"
	"slices"

	"heatledger/heatmap/plan"
	"heatledger/reporting/words"
)

// comparePage sets plans side by side. The first is what the others are held against.
type comparePage struct {
	Plans  []planRow
	Enough bool // two at least
	Groups []compareGroup
}

// compareGroup is a table of it.
type compareGroup struct {
	ID, Title, Lead string
	Says            []string // what differs, in sentences
	Rows            []compareRow
	Same            int // rows that are left out, for all plans say the same
}

// compareRow is a line: what, and of each plan what it says.
type compareRow struct {
	Name    string
	Cells   []compareCell
	Differs bool
}

// compareCell is what a plan says. Change is how it differs from the first, in words;
// "": it does not.
type compareCell struct{ Text, Change string }

// showPlansCompared answers GET /heat/scenarios/compare?id=&id=.
func (s *Server) showPlansCompared(_ http.ResponseWriter, r *http.Request, p *page) error {
	ids, err := comparedIDs(r.URL.Query())
	if err != nil {
		return err
	}
	c := comparison{page: p}
	for _, id := range ids {
		saved, result, err := s.planOf(r, p, id)
		if err != nil {
			return err
		}
		c.saved, c.results = append(c.saved, saved), append(c.results, result)
	}
	body := &comparePage{Enough: len(ids) > 1, Plans: p.planRows(c.saved)}
	if body.Enough {
		body.Groups = []compareGroup{p.comparedNumbers(c.results), c.areas(), c.sources(), p.comparedAssumptions(c.results), c.inputs()}
	}
	p.Title, p.Body = p.T("plans.compare"), body
	return nil
}

// number adds a row of a number; where it differs, by how much.
func (g *compareGroup) number(p *page, name string, results []plan.Result, of func(plan.Result) *float64, write func(float64) string, changed func(base, x float64) string) {
	row := compareRow{Name: name}
	base := of(results[0])
	for _, r := range results {
		x := of(r)
		cell := compareCell{Text: p.maybe(x, write)}
		if x != nil && base != nil && *x != *base {
			cell.Change = changed(*base, *x)
		} else if (x == nil) != (base == nil) {
			cell.Change = p.T("plans.differs")
		}
		row.Differs = row.Differs || cell.Change != ""
		row.Cells = append(row.Cells, cell)
	}
	g.Rows = append(g.Rows, row)
}

// changed says by how much a number differs.
func (p *page) changed(base, x float64) string {
	if base == 0 {
		return p.T("plans.differs")
	}
	share := (x - base) / math.Abs(base)
	if math.Abs(share) < 0.0005 {
		return p.T("plans.differs.hardly")
	}
	if share > 0 {
		return p.T("plans.more", words.Share(p.lang(), share))
	}
	return p.T("plans.less", words.Share(p.lang(), -share))
}

// points says by how many percentage points a share differs.
func (p *page) points(base, x float64) string {
	points := p.Number(100*math.Abs(x-base), 1)
	switch {
	case math.Abs(x-base) < 0.0005:
		return p.T("plans.differs.hardly")
	case x > base:
		return p.T("plans.points.more", points)
	}
	return p.T("plans.points.less", points)
}

// comparedNumbers are the key numbers.
func (p *page) comparedNumbers(results []plan.Result) compareGroup {
	g := compareGroup{ID: "numbers", Title: p.T("plans.numbers"), Lead: p.T("plans.numbers.lead")}
	var heats []float64
	for _, r := range results {
		heats = append(heats, r.Demand.Heat, r.Served.Boiler, r.Served.Unmet)
	}
	energies := p.energies(heats...)
	of := func(name string, get func(plan.Result) *float64, write func(float64) string) {
		g.number(p, p.T("plans."+name), results, get, write, p.changed)
	}
	laid := func(get func(plan.Laid) float64) func(plan.Result) *float64 {
		return func(r plan.Result) *float64 {
			if r.Network == nil {
				return nil
			}
			return new(get(*r.Network))
		}
	}
	of("cost_mwh", func(r plan.Result) *float64 {
		if r.Cost == nil {
			return nil
		}
		return r.Cost.PerMWh
	}, p.whole("€/MWh"))
	of("investment", func(r plan.Result) *float64 {
		if r.Cost == nil {
			return nil
		}
		return &r.Cost.Investment.Total
	}, p.whole("€"))
	of("heat", func(r plan.Result) *float64 { return &r.Demand.Heat }, energies.Text)
	share := func(name string, get func(plan.Result) *float64) {
		g.number(p, p.T("plans."+name), results, get, p.share, p.points)
	}
	share("covered", func(r plan.Result) *float64 { return r.Served.Covered })
	of("boiler", func(r plan.Result) *float64 { return &r.Served.Boiler }, energies.Text)
	of("unmet", func(r plan.Result) *float64 { return &r.Served.Unmet }, energies.Text)
	of("metres", laid(func(l plan.Laid) float64 { return l.Metres }), p.whole("m"))
	of("density", laid(func(l plan.Laid) float64 { return l.Density }), func(x float64) string { return p.Number(x, 2) + "\u00a0MWh/m" })
	share("lost", laid(func(l plan.Laid) float64 { return l.LostShare }))
	of("emissions", func(r plan.Result) *float64 { return r.Emissions.PerKWh }, p.whole("g/kWh"))
	return g
}

// texts adds a row of texts, unless all are the same.
func (g *compareGroup) texts(p *page, name string, texts []string) {
	if !slices.ContainsFunc(texts, func(t string) bool { return t != texts[0] }) {
		g.Same++
		return
	}
	row := compareRow{Name: name, Differs: true}
	for _, text := range texts {
		cell := compareCell{Text: text}
		if text != texts[0] {
			cell.Change = p.T("plans.differs")
		}
		row.Cells = append(row.Cells, cell)
	}
	g.Rows = append(g.Rows, row)
}

// comparedAssumptions are those that differ, of the network and of all else.
func (p *page) comparedAssumptions(results []plan.Result) compareGroup {
	g := compareGroup{ID: "assumptions", Title: p.T("plans.assumptions"), Lead: p.T("plans.compare.differing")}
	each := func(of func(plan.Result) string) (texts []string) {
		for _, r := range results {
			texts = append(texts, of(r))
		}
		return texts
	}
	for _, a := range results[0].Assumptions {
		g.texts(p, words.PlanAssumption(p.lang(), a.Code), each(func(r plan.Result) string {
			i := slices.IndexFunc(r.Assumptions, func(b plan.Assumption) bool { return b.Code == a.Code })
			if i < 0 {
				return "–"
			}
			b := r.Assumptions[i]
			return words.PlanValue(p.lang(), b.Value, a.Unit) + " (" + words.PlanValue(p.lang(), b.Low, a.Unit) + " … " + words.PlanValue(p.lang(), b.High, a.Unit) + ")"
		}))
	}
	var facts []plan.StatedFact
	same := func(a plan.StatedFact) func(plan.StatedFact) bool {
		return func(b plan.StatedFact) bool { return a.Of == b.Of && a.Code == b.Code }
	}
	for _, r := range results {
		for _, f := range r.Stated {
			if !slices.ContainsFunc(facts, same(f)) {
				facts = append(facts, f)
			}
		}
	}
	for _, f := range facts {
		g.texts(p, words.PlanOf(p.lang(), f)+": "+words.PlanStated(p.lang(), f), each(func(r plan.Result) string {
			if i := slices.IndexFunc(r.Stated, same(f)); i >= 0 {
				return words.PlanStatedValue(p.lang(), r.Stated[i])
			}
			return p.T("plans.compare.unsaid")
		}))
	}
	return g
}
