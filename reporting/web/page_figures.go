package web

import (
	"context"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// figuresOf are the figures of a site as the ledger gives them, and the fact
// they rest on.
func (s *Server) figuresOf(ctx context.Context, site energy.SiteID, period string) ([]kpi.Figure, int64, error) {
	key, err := s.known(ctx, site, period)
	if err != nil {
		return nil, 0, err
	}
	if figures, ok := s.pages.figures.lookUp(key); ok {
		return figures, key.closed, nil
	}
	figures, fact, err := s.options.Ledger.Figures(ctx, site, period, time.Time{})
	if err != nil {
		return nil, 0, err
	}
	if fact == key.closed { // nothing came in between
		s.pages.figures.keep(key, figures)
	}
	return figures, fact, nil
}

// figureRow is a figure in words.
type figureRow struct {
	Name, Value, Uncertainty, Coverage, Intervals, Substitute, Standard, Category string
}

// figureRows puts figures into words.
func (p *page) figureRows(figures []kpi.Figure) []figureRow {
	rows := make([]figureRow, len(figures))
	for i, f := range figures {
		row := figureRow{Name: p.T("kpi:" + f.Name), Value: "–", Uncertainty: "–", Coverage: p.Percent(f.EnergyCoverage), Intervals: p.Percent(f.IntervalCoverage), Substitute: p.Percent(f.SubstituteShare)}
		if f.OK {
			row.Value = p.figureValue(f)
		}
		if f.HasUncertainty {
			row.Uncertainty = "± " + p.Number(f.Uncertainty*100, 1) + " %"
		}
		row.Standard = p.T("standard:" + f.Standard)
		if f.Edition != "" {
			row.Standard += ":" + f.Edition
		}
		if f.Category > 0 {
			row.Category = p.T("category", strconv.Itoa(f.Category))
		}
		rows[i] = row
	}
	return rows
}

func (p *page) figureValue(f kpi.Figure) string {
	switch f.Unit {
	case energy.KilowattHour:
		return p.Energy(f.Value)
	case energy.One:
		return p.Number(f.Value, 2)
	case "h":
		return p.Number(f.Value, 0) + " h"
	}
	return p.Number(f.Value, 2) + " " + string(f.Unit)
}
