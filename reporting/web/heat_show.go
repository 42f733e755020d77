package web

import (
	"fmt"
	"net/http"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/source"
	"heatledger/reporting/planning"
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

// heatAmounts are the amounts of a kind of heat.
type heatAmounts struct {
	Kind      string       `json:"kind"`
	Whole     *heatAmount  `json:"whole" says:"of the period asked for; null: see whole_why"`
	WholeWhy  string       `json:"whole_why" says:"why whole is null, or not final: still_running, not_due, outside_agreed, coarser_agreed; empty: it is there"`
	WholeFrom *energy.Date `json:"whole_from" says:"the day from which the whole is there"`
	WholeSays string       `json:"whole_says"`
	SoFar     *heatAmount  `json:"so_far" says:"of the days that are there of a whole that is not"`
	Years     []heatAmount `json:"years"`
	Months    []heatAmount `json:"months"`
}

// heatAmount is the heat of some days.
type heatAmount struct {
	From     energy.Date `json:"from"`
	To       energy.Date `json:"to"`
	KWh      float64     `json:"kwh"`
	Coverage float64     `json:"energy_coverage"`
	Grade    string      `json:"grade"`
	Limit    string      `json:"limit"`
}

// heatContract is promised heat beside what came.
type heatContract struct {
	ID        string      `json:"id"`
	Title     string      `json:"title"`
	From      energy.Date `json:"from"`
	To        *string     `json:"to" says:"excluded; null: open"`
	Spread    bool        `json:"spread" says:"a promise of a year, spread evenly over its days"`
	TakeOrPay bool        `json:"take_or_pay"`
	Months    []heatKept  `json:"months"`
	Years     []heatYear  `json:"years" says:"of a promise of a year: a month owes nothing for itself"`
}

// heatYear is a year of a contract.
type heatYear struct {
	Year         int         `json:"year"`
	From         energy.Date `json:"from"`
	To           energy.Date `json:"to"`
	PromisedKWh  float64     `json:"promised_kwh" says:"of the days that are seen"`
	DeliveredKWh float64     `json:"delivered_kwh"`
	Coverage     float64     `json:"delivered_coverage"`
	Whole        bool        `json:"whole"`
	Kept         string      `json:"kept"`
}

// heatKept is a month of a contract.
type heatKept struct {
	Month             string   `json:"month"`
	PromisedKWh       float64  `json:"promised_kwh"`
	DeliveredKWh      float64  `json:"delivered_kwh"`
	DeliveredCoverage float64  `json:"delivered_coverage"`
	AvailableKWh      *float64 `json:"available_kwh"`
	RequestedKWh      *float64 `json:"requested_kwh"`
	ShortKWh          float64  `json:"short_kwh"`
	NotTakenKWh       float64  `json:"not_taken_kwh"`
	NotGivenKWh       float64  `json:"not_given_kwh"`
	PayableKWh        float64  `json:"payable_kwh"`
	Kept              string   `json:"kept"`
}

// heatOutlook is what the months to come are expected to bring.
type heatOutlook struct {
	Method string  `json:"method"`
	Error  float64 `json:"error" says:"mean error of the method on the past, relative"`
	Trials int     `json:"trials"`
	Why    string  `json:"why"`
	// Whether the months differ by season, and why they do not.
	Seasonal bool           `json:"seasonal"`
	NoSeason string         `json:"no_season_why" says:"under_two_years: seasons could not be tried; empty: a season did worse, or is in it"`
	Says     string         `json:"says" says:"what the outlook rests on, in the language asked for"`
	Months   []heatExpected `json:"months"`
}

// heatExpected is a month to come.
type heatExpected struct {
	Month string   `json:"month"`
	P10KW *float64 `json:"p10_kw"`
	P50KW float64  `json:"p50_kw"`
	P90KW *float64 `json:"p90_kw"`
	// What the band rests on.
	Fallbacks  []string `json:"fallbacks" says:"last_month: the month a year before is not known, the last known one is expected; other_distances: too few errors at about this distance, the band is of nearer ones too"`
	ErrorsFrom *int     `json:"errors_from_months" says:"least distance of the errors that make the band"`
	ErrorsTo   *int     `json:"errors_to_months"`
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
		contract := heatContract{ID: c.ID, Title: c.Title, From: c.From, Spread: c.Spread, TakeOrPay: c.TakeOrPay, Months: []heatKept{}, Years: []heatYear{}}
		if c.To != (energy.Date{}) {
			contract.To = new(c.To.String())
		}
		for _, m := range c.Months {
			contract.Months = append(contract.Months, heatKeptJSON(m))
		}
		for _, y := range c.Years {
			contract.Years = append(contract.Years, heatYear{y.Year, y.From, y.To, float64(y.Promised), float64(y.Delivered), y.Coverage, y.Whole, string(y.Kept)})
		}
		one.Contracts = append(one.Contracts, contract)
	}
	return one
}

func heatKindJSON(a atlas.Amounts, lang words.Lang) heatAmounts {
	list := heatAmounts{Kind: string(a.Kind), WholeWhy: string(a.Why), WholeFrom: dayOrNull(a.Due), Years: heatAmountsJSON(a.Years), Months: heatAmountsJSON(a.Months)}
	if a.Why != "" {
		list.WholeSays = words.HeatWhy(lang, string(a.Why), a.Due)
	}
	if a.Whole != nil {
		list.Whole = new(heatAmountJSON(*a.Whole))
	}
	if a.Part != nil {
		list.SoFar = new(heatAmountJSON(*a.Part))
	}
	return list
}

func heatAmountsJSON(list []atlas.Amount) []heatAmount {
	out := make([]heatAmount, len(list))
	for i, a := range list {
		out[i] = heatAmountJSON(a)
	}
	return out
}

func heatAmountJSON(a atlas.Amount) heatAmount {
	return heatAmount{a.From, a.To, float64(a.Energy), a.Coverage, a.Grade.String(), a.Limit.String()}
}

func heatKeptJSON(m source.Fulfilment) heatKept {
	known := func(s source.Sum) *float64 {
		if s.Coverage == 0 {
			return nil
		}
		return new(float64(s.Energy))
	}
	return heatKept{Month: monthOf(m.Year, int(m.Month)), PromisedKWh: float64(m.Promised), DeliveredKWh: float64(m.Delivered.Energy), DeliveredCoverage: m.Delivered.Coverage, AvailableKWh: known(m.Available), RequestedKWh: known(m.Requested),
		ShortKWh: float64(m.Short), NotTakenKWh: float64(m.NotTaken), NotGivenKWh: float64(m.NotGiven), PayableKWh: float64(m.Payable), Kept: string(m.Kept)}
}

func monthOf(year, month int) string { return fmt.Sprintf("%04d-%02d", year, month) }

func heatOutlookJSON(o *source.Outlook, lang words.Lang) *heatOutlook {
	if o == nil {
		return nil
	}
	out := &heatOutlook{Method: string(o.Method), Error: o.Error, Trials: o.Trials, Why: string(o.Why), Seasonal: o.Method.Seasonal(), NoSeason: string(o.NoSeason), Months: []heatExpected{}}
	if len(o.Months) > 0 {
		out.Says = planning.OutlookSays(lang, *o)
	}
	for _, m := range o.Months {
		with := m.With()
		one := heatExpected{Month: monthOf(m.Year, int(m.Month)), P50KW: float64(with.P50), Fallbacks: []string{}}
		for _, f := range m.Fallbacks {
			one.Fallbacks = append(one.Fallbacks, string(f))
		}
		if m.HasBand {
			one.P10KW, one.P90KW = new(float64(with.P10)), new(float64(with.P90))
			one.ErrorsFrom, one.ErrorsTo = &m.Least, &m.Farthest
		}
		out.Months = append(out.Months, one)
	}
	return out
}

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
