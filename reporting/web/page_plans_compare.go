package web

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

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
	body := &comparePage{Enough: len(ids) > 1}
	var results []plan.Result
	for _, id := range ids {
		saved, result, err := s.planOf(r, p, id)
		if err != nil {
			return err
		}
		body.Plans, results = append(body.Plans, p.planRow(saved)), append(results, result)
	}
	if body.Enough {
		body.Groups = []compareGroup{p.comparedNumbers(results), p.comparedAssumptions(results), p.comparedAreas(results), p.comparedInputs(results)}
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
	of("heat", func(r plan.Result) *float64 { return &r.Demand.Heat }, p.kilowattHours)
	share := func(name string, get func(plan.Result) *float64) {
		g.number(p, p.T("plans."+name), results, get, p.share, p.points)
	}
	share("covered", func(r plan.Result) *float64 { return r.Served.Covered })
	of("boiler", func(r plan.Result) *float64 { return &r.Served.Boiler }, p.kilowattHours)
	of("unmet", func(r plan.Result) *float64 { return &r.Served.Unmet }, p.kilowattHours)
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

// comparedAssumptions are those that differ.
func (p *page) comparedAssumptions(results []plan.Result) compareGroup {
	g := compareGroup{ID: "assumptions", Title: p.T("plans.assumptions"), Lead: p.T("plans.compare.differing")}
	for _, a := range results[0].Assumptions {
		var texts []string
		for _, r := range results {
			i := slices.IndexFunc(r.Assumptions, func(b plan.Assumption) bool { return b.Code == a.Code })
			if i < 0 {
				texts = append(texts, "–")
				continue
			}
			texts = append(texts, words.PlanValue(p.lang(), r.Assumptions[i].Value, a.Unit))
		}
		g.texts(p, words.PlanAssumption(p.lang(), a.Code), texts)
	}
	var facts []string
	for _, r := range results {
		for _, f := range r.Stated {
			if key := f.Of + " " + f.Code; !slices.Contains(facts, key) {
				facts = append(facts, key)
			}
		}
	}
	for _, key := range facts {
		var texts []string
		for _, r := range results {
			text := "–"
			for _, f := range r.Stated {
				if f.Of+" "+f.Code == key {
					text = words.PlanStatedValue(p.lang(), f)
				}
			}
			texts = append(texts, text)
		}
		g.texts(p, key, texts)
	}
	return g
}

// comparedAreas says which areas are served in one plan and not in another.
func (p *page) comparedAreas(results []plan.Result) compareGroup {
	g := compareGroup{ID: "areas", Title: p.T("plans.areas"), Lead: p.T("plans.compare.differing")}
	var ids []string
	for _, r := range results {
		for _, a := range r.Areas {
			if !slices.Contains(ids, a.ID) {
				ids = append(ids, a.ID)
			}
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		var texts []string
		name := id
		for _, r := range results {
			i := slices.IndexFunc(r.Areas, func(a plan.Area) bool { return a.ID == id })
			switch {
			case i < 0:
				texts = append(texts, "–")
				continue
			case r.Areas[i].Chosen:
				texts = append(texts, p.T("plans.served"))
			default:
				texts = append(texts, p.T("plans.notserved"))
			}
			if r.Areas[i].Name != "" {
				name = r.Areas[i].Name
			}
		}
		g.texts(p, name, texts)
	}
	return g
}

// comparedInputs are files and sites that differ, by the beginning of their digests.
func (p *page) comparedInputs(results []plan.Result) compareGroup {
	g := compareGroup{ID: "inputs", Title: p.T("plans.inputs"), Lead: p.T("plans.compare.differing")}
	const shown = 12
	var names []string
	for _, r := range results {
		for _, in := range r.Inputs {
			if !slices.Contains(names, in.Use+" "+in.Name) {
				names = append(names, in.Use+" "+in.Name)
			}
		}
	}
	texts := func(of func(plan.Result) string) (list []string) {
		for _, r := range results {
			list = append(list, of(r))
		}
		return list
	}
	for _, name := range names {
		g.texts(p, name, texts(func(r plan.Result) string {
			for _, in := range r.Inputs {
				if in.Use+" "+in.Name == name {
					return in.Digest[:shown] + "…"
				}
			}
			return "–"
		}))
	}
	g.texts(p, p.T("plans.scenario"), texts(func(r plan.Result) string { return r.Scenario[:shown] + "…" }))
	g.texts(p, p.T("plans.year"), texts(func(r plan.Result) string { return strconv.Itoa(r.Year) }))
	g.texts(p, p.T("plans.source"), texts(func(r plan.Result) string {
		var ids []string
		for _, s := range r.Sources {
			ids = append(ids, s.ID)
		}
		return strings.Join(ids, ", ")
	}))
	return g
}
