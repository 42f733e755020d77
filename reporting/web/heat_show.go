package web

import (
	"fmt"
	"net/http"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/heatmap/atlas"
	"heatledger/reporting/words"
)

// heatSheet is all that may be seen of a source.
type heatSheet struct {
	heatSource
	Statistics *heatStatistics        `json:"statistics" says:"of the supply"`
	Delivered  *heatStatistics        `json:"delivered" says:"of the delivered heat, where that is not the supply"`
	Heat       []heatAmounts          `json:"heat"`
	Contracts  []heatContract         `json:"contracts"`
	Outlook    *heatOutlook           `json:"outlook"`
	Upgrade    *heatUpgrade           `json:"upgrade"`
	Declared   []registry.Declaration `json:"declared" says:"what a law published of the operator's declarations"`
	Decisions  []string               `json:"decisions" says:"ids of the decisions by which this is seen"`
}

// heatUpgrade is what a heat pump makes of the supply.
type heatUpgrade struct {
	Basis          string   `json:"basis"`
	TargetC        float64  `json:"target_c"`
	TargetReturnC  float64  `json:"target_return_c"`
	COP            *float64 `json:"cop" says:"of the whole period"`
	TakenKWh       float64  `json:"taken_kwh"`
	ElectricityKWh float64  `json:"electricity_kwh"`
	HeatKWh        float64  `json:"heat_kwh"`
	UnusedKWh      float64  `json:"unused_kwh"`
	KnownHours     float64  `json:"known_hours"`
	DirectKg       float64  `json:"co2_direct_kg"`
	LifeCycleKg    float64  `json:"co2_life_cycle_kg"`
	MovedKWh       float64  `json:"co2_moved_kwh" says:"electricity whose hour of the grid is one of another year"`
}

// showHeatSource answers GET /api/v1/heat/sources/{site}.
func (s *Server) showHeatSource(w http.ResponseWriter, r *http.Request, who caller) error {
	q, err := s.heatQuestion(r)
	if err != nil {
		return err
	}
	sheet, err := s.heat.Sheet(r.Context(), who.asker(), energy.SiteID(r.PathValue("site")), q)
	if err != nil {
		return heatProblem(err, r.PathValue("site"))
	}
	w.Header().Set(factHeader, strconv.FormatInt(sheet.Fact, 10))
	return writeJSON(w, heatSheetJSON(&sheet, speaks(r)))
}

func heatSheetJSON(s *atlas.Sheet, lang words.Lang) heatSheet {
	one := heatSheet{heatSource: heatSourceJSON(s, lang), Statistics: heatStatisticsJSON(s.Statistics), Delivered: heatStatisticsJSON(s.Delivered),
		Heat: []heatAmounts{}, Contracts: []heatContract{}, Declared: s.Declared, Decisions: []string{}, Outlook: heatOutlookJSON(s.Outlook, lang), Upgrade: heatUpgradeJSON(s.Upgrade)}
	if one.Declared == nil {
		one.Declared = []registry.Declaration{}
	}
	for _, a := range s.View.Allowances {
		one.Decisions = append(one.Decisions, a.Decision)
	}
	for _, a := range s.Heat {
		one.Heat = append(one.Heat, heatKindJSON(a, lang))
	}
	for _, c := range s.Contracts {
		one.Contracts = append(one.Contracts, heatContractJSON(c))
	}
	return one
}

func monthOf(year, month int) string { return fmt.Sprintf("%04d-%02d", year, month) }

func heatUpgradeJSON(u *atlas.Upgrade) *heatUpgrade {
	if u == nil {
		return nil
	}
	out := &heatUpgrade{Basis: u.Basis, TargetC: float64(u.Flow), TargetReturnC: float64(u.Back), TakenKWh: float64(u.Taken), ElectricityKWh: float64(u.Electricity), HeatKWh: float64(u.Heat),
		UnusedKWh: float64(u.Unused), KnownHours: u.Known.Hours(), DirectKg: u.Emissions.Direct, LifeCycleKg: u.Emissions.LifeCycle, MovedKWh: float64(u.Emissions.Moved)}
	if cop, ok := u.COP(); ok {
		out.COP = &cop
	}
	return out
}
