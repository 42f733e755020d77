package web

import (
	"heatledger/energy"
	"heatledger/heatmap/atlas"
	"heatledger/reporting/words"
)

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
