package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/reporting/cell"
)

// figure is a standard figure as the API shows it. Absent numbers are null.
type figure struct {
	Name             string       `json:"kpi"`
	Value            *float64     `json:"value"`
	Unit             energy.Unit  `json:"unit"`
	Numerator        energy.Value `json:"numerator"`
	NumeratorUnit    energy.Unit  `json:"numerator_unit"`
	Denominator      energy.Value `json:"denominator"`
	DenominatorUnit  energy.Unit  `json:"denominator_unit"`
	EnergyCoverage   float64      `json:"energy_coverage"`
	IntervalCoverage float64      `json:"interval_coverage"`
	SubstituteShare  float64      `json:"substitute_share"`
	Uncertainty      *float64     `json:"uncertainty"` // relative, k = 2
	Standard         string       `json:"standard"`
	Edition          string       `json:"edition"`
	Category         int          `json:"category"`
	Notes            []string     `json:"notes,omitempty"` // codes, see kpi.Figure
}

// listFigures answers GET /api/v1/sites/{site}/kpis?period=.
func (s *Server) listFigures(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.site(r, who)
	if err != nil {
		return err
	}
	if _, err := format(r.URL.Query(), "json", "csv"); err != nil {
		return err
	}
	period := r.URL.Query().Get("period")
	if _, err := (energy.Calendar{Location: time.UTC}).Parse(period); err != nil {
		return refuse(http.StatusBadRequest, "bad_period", "period: %v", err)
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	calendar, err := s.options.Ledger.Calendar(known, id)
	if err != nil {
		return err
	}
	at, _, err := instant(r.URL.Query(), "as_known_at", calendar)
	if err != nil {
		return err
	}
	figures, fact, err := s.options.Ledger.Figures(r.Context(), id, period, at)
	if errors.Is(err, ledger.ErrNoSite) {
		return refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(id))
	}
	if err != nil {
		return err
	}
	w.Header().Set(factHeader, strconv.FormatInt(fact, 10))
	if wantsCSV(r) {
		return writeFiguresCSV(w, figures)
	}
	list := make([]figure, len(figures))
	for i, f := range figures {
		list[i] = figure{Name: f.Name, Unit: f.Unit, Numerator: f.Numerator, NumeratorUnit: f.NumeratorUnit, Denominator: f.Denominator, DenominatorUnit: f.DenominatorUnit, EnergyCoverage: f.EnergyCoverage,
			IntervalCoverage: f.IntervalCoverage, SubstituteShare: f.SubstituteShare, Standard: f.Standard, Edition: f.Edition, Category: f.Category, Notes: f.Notes}
		if f.OK {
			list[i].Value = &figures[i].Value
		}
		if f.HasUncertainty {
			list[i].Uncertainty = &figures[i].Uncertainty
		}
	}
	return writeJSON(w, list)
}

func writeFiguresCSV(w http.ResponseWriter, figures []kpi.Figure) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	ratio := func(f float64, ok bool) string {
		if !ok {
			return ""
		}
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	_ = out.Write([]string{"kpi", "value", "unit", "numerator", "denominator", "energy_coverage", "interval_coverage", "substitute_share", "uncertainty", "standard", "edition", "category",
		"numerator_unit", "denominator_unit", "notes"})
	for _, f := range figures {
		_ = out.Write([]string{f.Name, ratio(f.Value, f.OK), string(f.Unit), number(f.Numerator, true, ""), number(f.Denominator, true, ""),
			ratio(f.EnergyCoverage, true), ratio(f.IntervalCoverage, true), ratio(f.SubstituteShare, true), ratio(f.Uncertainty, f.HasUncertainty),
			f.Standard, f.Edition, strconv.Itoa(f.Category), string(f.NumeratorUnit), string(f.DenominatorUnit), strings.Join(f.Notes, " ")})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}
