package web

import (
	"net/http"
	"net/url"
	"strconv"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/shelf"
	"heatledger/reporting/words"
)

// planRoutes are the pages of plans of heat networks, for those who plan.
func (s *Server) planRoutes() []route {
	return []route{
		{"GET /heat/scenarios", s.working("plans.html", access.Plan, s.showPlansPage)},
		{"GET /heat/scenarios/compare", s.working("plans_compare.html", access.Plan, s.showPlansCompared)},
		{"GET /heat/scenarios/{id}", s.working("plan.html", access.Plan, s.showPlanPage)},
	}
}

// plansPage lists plans.
type plansPage struct{ Rows []planRow }

// planRow is a plan in words.
type planRow struct {
	Fact                                                                      int64
	Name, Title, Address, Year, Heat, Covered, Cost, Trench, Kept, Superseded string
}

// lang is the language of the page for package words.
func (p *page) lang() words.Lang { return words.Lang(p.Lang) }

// maybe writes a number that may not be known.
func (p *page) maybe(x *float64, write func(float64) string) string {
	if x == nil {
		return "–"
	}
	return write(*x)
}

// whole writes a number without decimals, before a unit.
func (p *page) whole(unit string) func(float64) string {
	return func(x float64) string { return p.Number(x, 0) + "\u00a0" + unit }
}

// planAddress is the page of a plan: by its fact, which is what is cited.
func (p *page) planAddress(fact int64) string {
	return p.To("/heat/scenarios/" + strconv.FormatInt(fact, 10))
}

// planRow is a plan in words, its heat with those of the plans beside it.
func (p *page) planRow(saved shelf.Saved, energies words.Energies) planRow {
	row := planRow{Fact: saved.Fact, Name: saved.Name, Title: saved.Title, Address: p.planAddress(saved.Fact), Year: strconv.Itoa(saved.Year),
		Heat: energies.Text(saved.Heat), Covered: p.maybe(saved.Covered, p.share), Cost: p.maybe(saved.PerMWh, p.whole("€/MWh")), Trench: p.maybe(saved.Trench, p.whole("m")),
		Kept: p.Date(p.Calendar.Date(saved.At))}
	if row.Title == "" {
		row.Title = saved.Name
	}
	if saved.SupersededBy > 0 {
		row.Superseded = p.T("plans.later", strconv.FormatInt(saved.SupersededBy, 10))
	}
	return row
}

// showPlansPage answers GET /heat/scenarios.
func (s *Server) showPlansPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	list, err := s.plansSeen(r, p.who)
	if err != nil {
		return err
	}
	p.Title, p.Body = p.T("plans"), &plansPage{Rows: p.planRows(list)}
	return nil
}

// planRows are plans in words, their energies in one unit.
func (p *page) planRows(list []shelf.Saved) (rows []planRow) {
	var heats []float64
	for _, saved := range list {
		heats = append(heats, saved.Heat)
	}
	energies := p.energies(heats...)
	for _, saved := range list {
		rows = append(rows, p.planRow(saved, energies))
	}
	return rows
}

// planPage is a plan.
type planPage struct {
	planRow
	Note, Municipality                  string
	Sentences, Warnings                 []string
	Citation, Later, LaterAt            string
	JSON, CSV, GeoJSON, Hours, Scenario string
	DHNx, Pandapipes                    string // ""; the plan lays no network
	Map                                 *picture
	Tables                              []planTable // areas, sources, network, cost, and what they rest on
}

// planTable is a table of a plan. The first cell of each row names it.
type planTable struct {
	ID, Title, Lead string
	Class           string // "figures": numbers alone; "packed": many columns; "": texts
	Head            []string
	Rows            [][]string
}

// showPlanPage answers GET /heat/scenarios/{id}.
func (s *Server) showPlanPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	saved, result, err := s.planOf(r, p, r.PathValue("id"))
	if err != nil {
		return err
	}
	fact := strconv.FormatInt(saved.Fact, 10)
	body := &planPage{planRow: p.planRow(saved, p.energies(saved.Heat)), Note: result.Note, Municipality: result.Municipality, Sentences: words.PlanSentences(p.lang(), result),
		Citation: words.Plan(p.lang(), "citation", map[string]string{"name": saved.Name, "fact": fact, "digest": saved.Digest}), Map: p.planMap(result)}
	for _, w := range result.Warnings {
		body.Warnings = append(body.Warnings, words.PlanWarning(p.lang(), w))
	}
	if saved.SupersededBy > 0 {
		body.LaterAt = p.planAddress(saved.SupersededBy)
		body.Later = words.Plan(p.lang(), "superseded", map[string]string{"fact": strconv.FormatInt(saved.SupersededBy, 10)})
	}
	api := "/api/v1/heat/scenarios/" + fact
	body.JSON, body.CSV, body.GeoJSON, body.Hours, body.Scenario = api+"?format=json", api+"?format=csv", api+"?format=geojson", api+"/hours", api+"/file"
	if result.Network != nil {
		body.DHNx, body.Pandapipes = api+"?format=dhnx", api+"?format=pandapipes"
	}
	body.Tables = p.planTables(result)
	p.rest(store.Municipality, saved.Fact)
	p.Title, p.Body = body.Title, body
	return nil
}

// planOf is a plan with its result, if the reader may see it.
func (s *Server) planOf(r *http.Request, p *page, id string) (shelf.Saved, plan.Result, error) {
	saved, err := s.planSeen(r, p.who, id)
	if err != nil {
		return saved, plan.Result{}, err
	}
	result, err := s.plans.Result(store.AsOwner(r.Context()), saved)
	return saved, result, err
}

// mostCompared is how many plans stand side by side.
const mostCompared = 4

// comparedIDs are the plans that an address asks for, each once.
func comparedIDs(query url.Values) ([]string, error) {
	var ids []string
	seen := map[string]bool{}
	for _, id := range query["id"] {
		if id != "" && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	if len(ids) > mostCompared {
		return nil, refuse(http.StatusBadRequest, "too_many_items", "%d plans: at most %d stand side by side", len(ids), mostCompared)
	}
	return ids, nil
}
