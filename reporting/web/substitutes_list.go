package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/reporting/cell"
)

// substitute is a gap with substitute values as the API shows it.
type substitute struct {
	Point      energy.PointID          `json:"point"`
	From       time.Time               `json:"from"`
	To         time.Time               `json:"to"`
	Method     energy.SubstituteMethod `json:"method"`
	MethodCode string                  `json:"method_code"`
	Reason     energy.SubstituteReason `json:"reason"`
	ReasonCode string                  `json:"reason_code"`
	Source     energy.PointID          `json:"source"`      // whose values they were drawn from
	Drawn      []stretch               `json:"drawn_from"`  // and when these were measured
	TotalKnown bool                    `json:"total_known"` // the counter knows the amount, only its course is substituted
	Amount     *energy.Value           `json:"amount"`      // null for levels
	Unit       energy.Unit             `json:"unit"`
}

// stretch is a period in JSON.
type stretch struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// listSubstitutes answers GET /api/v1/sites/{site}/substitutes?period=&point=.
func (s *Server) listSubstitutes(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.site(r, who)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	if _, err := format(query, "json", "csv"); err != nil {
		return err
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	calendar, err := s.options.Ledger.Calendar(known, id)
	if err != nil {
		return err
	}
	if _, err := calendar.Parse(query.Get("period")); err != nil {
		return refuse(http.StatusBadRequest, "bad_period", "period: %v", err)
	}
	at, _, err := instant(query, "as_known_at", calendar)
	if err != nil {
		return err
	}
	list, fact, err := s.options.Ledger.SiteSubstitutes(r.Context(), id, query.Get("period"), at)
	if errors.Is(err, ledger.ErrNoSite) {
		return refuse(http.StatusNotFound, "no_site", "there is no site %q, or it was not known then; /api/v1/sites lists them", string(id))
	}
	if err != nil {
		return err
	}
	if at.IsZero() {
		if list, err = ofPointNamed(list, id, query.Get("point"), func(p energy.PointID) bool { _, _, _, ok := known.Point(p); return ok }); err != nil {
			return err
		}
	} else {
		list, _ = ofPointNamed(list, id, query.Get("point"), func(energy.PointID) bool { return true })
	}
	if list, err = pageOf(w, r, list); err != nil {
		return err
	}
	w.Header().Set(factHeader, strconv.FormatInt(fact, 10))
	shown := make([]substitute, len(list))
	for i, one := range list {
		shown[i] = substituteJSON(one)
	}
	if wantsCSV(r) {
		return writeSubstitutesCSV(w, shown)
	}
	return writeJSON(w, shown)
}

// ofPointNamed keeps those of a point of a site; name "" keeps all.
func ofPointNamed(list []ledger.Substitute, site energy.SiteID, name string, known func(energy.PointID) bool) ([]ledger.Substitute, error) {
	if name == "" {
		return list, nil
	}
	id := energy.PointID(string(site) + "/" + name)
	if !known(id) {
		return nil, refuse(http.StatusNotFound, "no_point", "site %s has no point %.60q; /api/v1/sites/%s lists them", site, name, site)
	}
	return slices.DeleteFunc(list, func(s ledger.Substitute) bool { return s.Point != id }), nil
}

func substituteJSON(one ledger.Substitute) substitute {
	shown := substitute{Point: one.Point, From: one.Period.From, To: one.Period.To, Method: one.Method, MethodCode: one.MethodCode, Reason: one.Reason, ReasonCode: one.ReasonCode,
		Source: one.Source, TotalKnown: one.Total, Unit: one.Quantity.Unit()}
	for _, p := range one.Drawn {
		shown.Drawn = append(shown.Drawn, stretch{p.From, p.To})
	}
	if one.Quantity.Cumulative() {
		amount := one.Quantity.Value(one.Amount)
		shown.Amount = &amount
	}
	return shown
}

func writeSubstitutesCSV(w http.ResponseWriter, list []substitute) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	_ = out.Write([]string{"point", "from", "to", "method", "method_code", "reason", "reason_code", "source", "drawn_from", "total_known", "amount", "unit"})
	for _, s := range list {
		var drawn []string
		for _, p := range s.Drawn {
			drawn = append(drawn, energy.Period{From: p.From, To: p.To}.String())
		}
		amount := ""
		if s.Amount != nil {
			amount = number(*s.Amount, true, "")
		}
		_ = out.Write([]string{string(s.Point), s.From.Format(time.RFC3339), s.To.Format(time.RFC3339), string(s.Method), s.MethodCode, string(s.Reason), s.ReasonCode,
			string(s.Source), strings.Join(drawn, " "), strconv.FormatBool(s.TotalKnown), amount, string(s.Unit)})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}
