package web

import (
	"heatledger/energy"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/source"
)

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

func heatContractJSON(c atlas.Contract) heatContract {
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
	return contract
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
