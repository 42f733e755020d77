package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/reporting/words"
)

// effectView is what a fact moved, as the API shows it.
type effectView struct {
	Site       energy.SiteID    `json:"site"`
	Fact       int64            `json:"fact"`
	At         time.Time        `json:"at"`
	On         energy.Date      `json:"on"` // the day of the judgements
	Judgements []judgementMoved `json:"judgements"`
	Figures    []figureMoved    `json:"figures"`
}

type judgementMoved struct {
	Commitment string         `json:"commitment"`
	Title      string         `json:"title,omitempty"`
	Rule       string         `json:"rule"`
	Metric     string         `json:"metric"`
	Period     string         `json:"period"`
	Before     *judgementSide `json:"before"` // null: there was none
	After      *judgementSide `json:"after"`
}

// judgementSide is a judgement on one side of the comparison.
type judgementSide struct {
	Verdict  commitment.Verdict  `json:"verdict"`
	Short    string              `json:"short"`
	Because  string              `json:"because"`
	Value    commitment.Optional `json:"value"`
	Unit     energy.Unit         `json:"unit"`
	Coverage commitment.Optional `json:"energy_coverage"`
}

type figureMoved struct {
	Period string      `json:"period"`
	Name   string      `json:"name"`
	Unit   energy.Unit `json:"unit"`
	Before *figureSide `json:"before"`
	After  *figureSide `json:"after"`
}

type figureSide struct {
	Value    commitment.Optional `json:"value"`
	Coverage float64             `json:"energy_coverage"`
}

// showEffect answers GET /api/v1/sites/{site}/facts/{fact}/effect.
func (s *Server) showEffect(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	fact, err := strconv.ParseInt(r.PathValue("fact"), 10, 64)
	if err != nil || fact < 1 {
		return refuse(http.StatusBadRequest, "bad_fact", "%.20q is no number of a fact", r.PathValue("fact"))
	}
	view, err := s.effect(r, id, fact)
	if err != nil {
		return err
	}
	return writeJSON(w, view)
}

// effect is what a fact moved at its site, by today's day.
func (s *Server) effect(r *http.Request, site energy.SiteID, fact int64) (view effectView, err error) {
	at, ok, err := s.options.Store.RecordedAt(r.Context(), site, fact)
	if err != nil {
		return view, err
	}
	if !ok {
		return view, refuse(http.StatusNotFound, "no_fact", "%s has no fact %d", string(site), fact)
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return view, err
	}
	calendar, err := s.options.Ledger.Calendar(known, site)
	if err != nil {
		return view, err
	}
	touched, err := s.options.Store.Touched(r.Context(), site, fact-1, fact)
	if err != nil {
		return view, err
	}
	var years []int
	for _, t := range touched {
		for year := calendar.Date(t.Period.From).Year; year <= calendar.Date(t.Period.To.Add(-1)).Year; year++ {
			if !slices.Contains(years, year) {
				years = append(years, year)
			}
		}
	}
	e, err := s.options.Ledger.Effect(r.Context(), site, at, calendar.Date(s.now()), years)
	if err != nil {
		return view, err
	}
	chosen, _ := language(r)
	lang := words.Lang(chosen)
	view = effectView{Site: site, Fact: fact, At: at, On: e.On, Judgements: []judgementMoved{}, Figures: []figureMoved{}}
	for _, m := range e.Judgements {
		one := m.After
		if one == nil {
			one = m.Before
		}
		view.Judgements = append(view.Judgements, judgementMoved{Commitment: one.Commitment, Title: title(known, *one), Rule: one.Rule, Metric: one.Metric, Period: one.Period.Label, Before: sideOf(lang, m.Before), After: sideOf(lang, m.After)})
	}
	for _, m := range e.Figures {
		view.Figures = append(view.Figures, figureMovedOf(m))
	}
	return view, nil
}

func sideOf(lang words.Lang, a *commitment.Assessment) *judgementSide {
	if a == nil {
		return nil
	}
	return &judgementSide{Verdict: a.Verdict, Short: words.Verdict(lang, *a), Because: words.Because(lang, *a), Value: a.Value, Unit: a.Unit, Coverage: a.EnergyCoverage}
}

func figureMovedOf(m ledger.FigureMoved) figureMoved {
	side := func(f *kpi.Figure) *figureSide {
		if f == nil {
			return nil
		}
		return &figureSide{Value: commitment.Optional{Number: f.Value, OK: f.OK}, Coverage: f.EnergyCoverage}
	}
	one := m.After
	if one == nil {
		one = m.Before
	}
	return figureMoved{Period: m.Period, Name: one.Name, Unit: one.Unit, Before: side(m.Before), After: side(m.After)}
}
