package web

import (
	"heatledger/energy"
	"heatledger/heatmap/source"
	"heatledger/reporting/planning"
	"heatledger/reporting/words"
)

// heatOutlook is what the months to come are expected to bring.
type heatOutlook struct {
	Method string  `json:"method"`
	Error  float64 `json:"error" says:"mean error of the method on the past, relative"`
	Trials int     `json:"trials"`
	Why    string  `json:"why"`
	// Whether the months differ by season, and why they do not.
	Seasonal bool   `json:"seasonal"`
	NoSeason string `json:"no_season_why" says:"under_two_years: seasons could not be tried; empty: a season did worse, or is in it"`
	Says     string `json:"says" says:"what the outlook rests on, in the language asked for"`
	// What was contracted and begins in these months.
	Growth []heatGrowth   `json:"growth"`
	Months []heatExpected `json:"months"`
}

// heatGrowth is power that was contracted on top of the past, less where negative.
type heatGrowth struct {
	From     energy.Date `json:"from"`
	PowerKW  float64     `json:"power_kw"`
	Contract string      `json:"contract"`
}

// heatExpected is a month to come.
type heatExpected struct {
	Month string   `json:"month"`
	P10KW *float64 `json:"p10_kw"`
	P50KW float64  `json:"p50_kw"`
	P90KW *float64 `json:"p90_kw"`
	// With the growth in force, by its share of the month; never below zero.
	WithP10KW *float64 `json:"with_growth_p10_kw"`
	WithP50KW float64  `json:"with_growth_p50_kw"`
	WithP90KW *float64 `json:"with_growth_p90_kw"`
	// What the band rests on.
	Fallbacks  []string `json:"fallbacks" says:"last_month: the month a year before is not known, the last known one is expected; other_distances: too few errors at about this distance, the band is of nearer ones too"`
	ErrorsFrom *int     `json:"errors_from_months" says:"least distance of the errors that make the band"`
	ErrorsTo   *int     `json:"errors_to_months"`
}

func heatOutlookJSON(o *source.Outlook, lang words.Lang) *heatOutlook {
	if o == nil {
		return nil
	}
	out := &heatOutlook{Method: string(o.Method), Error: o.Error, Trials: o.Trials, Why: string(o.Why), Seasonal: o.Method.Seasonal(), NoSeason: string(o.NoSeason), Growth: []heatGrowth{}, Months: []heatExpected{}}
	if len(o.Months) > 0 {
		out.Says = planning.OutlookSays(lang, *o)
	}
	for _, g := range o.Growth {
		out.Growth = append(out.Growth, heatGrowth{g.From, float64(g.Power), g.Contract})
	}
	for _, m := range o.Months {
		with := m.With()
		one := heatExpected{Month: monthOf(m.Year, int(m.Month)), P50KW: float64(m.P50), WithP50KW: float64(with.P50), Fallbacks: []string{}}
		for _, f := range m.Fallbacks {
			one.Fallbacks = append(one.Fallbacks, string(f))
		}
		if m.HasBand {
			one.P10KW, one.P90KW = new(float64(m.P10)), new(float64(m.P90))
			one.WithP10KW, one.WithP90KW = new(float64(with.P10)), new(float64(with.P90))
			one.ErrorsFrom, one.ErrorsTo = &m.Least, &m.Farthest
		}
		out.Months = append(out.Months, one)
	}
	return out
}
