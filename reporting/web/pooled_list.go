package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/reporting/cell"
)

// The two ways in which figures of several sites are put together. Neither may
// pass for the other (FIGURES.md).
const (
	weightedByEDC = "weighted_by_edc" // Σ value·E_DC / ΣE_DC
	plainRatio    = "plain_ratio"     // Σ numerator / Σ denominator
)

// pooled is a figure of several sites as the API shows it, in both ways.
type pooled struct {
	Name             string      `json:"kpi"`
	Unit             energy.Unit `json:"unit"`
	WeightedByEDC    *float64    `json:"weighted_by_edc"`
	PlainRatio       *float64    `json:"plain_ratio"`
	Numerator        float64     `json:"numerator"`
	Denominator      float64     `json:"denominator"`
	EDC              float64     `json:"edc_kwh"`
	Sites            int         `json:"sites"`
	Of               int         `json:"of"`
	Category         int         `json:"category"`
	EnergyCoverage   float64     `json:"energy_coverage"`
	IntervalCoverage float64     `json:"interval_coverage"`
	SubstituteShare  float64     `json:"substitute_share"`
}

// listPooled answers GET /api/v1/kpis?period=&kpi=&site=.
func (s *Server) listPooled(w http.ResponseWriter, r *http.Request, who caller) error {
	query := r.URL.Query()
	if _, err := format(query, "json", "csv"); err != nil {
		return err
	}
	utc := energy.Calendar{Location: time.UTC}
	if _, err := utc.Parse(query.Get("period")); err != nil {
		return refuse(http.StatusBadRequest, "bad_period", "period: %v", err)
	}
	metrics, err := poolable(query)
	if err != nil {
		return err
	}
	at, _, err := instant(query, "as_known_at", utc)
	if err != nil {
		return err
	}
	sites, err := s.sitesAsked(r, who)
	if err != nil {
		return err
	}
	all, facts, err := s.options.Ledger.PooledAll(r.Context(), sites, metrics, query.Get("period"), at)
	if err != nil {
		return err
	}
	for i, site := range sites {
		w.Header().Add(factHeader, string(site)+"="+strconv.FormatInt(facts[i], 10))
	}
	list := make([]pooled, len(all))
	for i, p := range all {
		list[i] = pooledJSON(metrics[i], p)
	}
	if wantsCSV(r) {
		return writePooledCSV(w, list)
	}
	return writeJSON(w, list)
}

// poolable are the figures asked for by kpi, else all that are put together.
func poolable(query url.Values) ([]string, error) {
	asked := query["kpi"]
	if len(asked) == 0 {
		return kpi.Poolable(), nil
	}
	for _, name := range asked {
		if !slices.Contains(kpi.Poolable(), name) {
			return nil, refuse(http.StatusBadRequest, "bad_kpi", "kpi=%.40q is not put together for several sites: %s are", name, strings.Join(kpi.Poolable(), ", "))
		}
	}
	return asked, nil
}

// sitesAsked are the sites of parameter site, else all that the caller may see.
func (s *Server) sitesAsked(r *http.Request, who caller) ([]energy.SiteID, error) {
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return nil, err
	}
	var sites []energy.SiteID
	for _, name := range r.URL.Query()["site"] {
		id := energy.SiteID(name)
		if _, ok := known.Site(id); !ok || !who.maySee(id) {
			return nil, refuse(http.StatusNotFound, "no_site", "there is no site %.60q; /api/v1/sites lists them", name)
		}
		if !slices.Contains(sites, id) {
			sites = append(sites, id)
		}
	}
	if sites != nil {
		return sites, nil
	}
	for _, site := range known.Sites {
		if who.maySee(site.ID) {
			sites = append(sites, site.ID)
		}
	}
	return sites, nil
}

func pooledJSON(name string, p kpi.Pooled) pooled {
	if !p.OK {
		return pooled{Name: name, Of: p.Of}
	}
	return pooled{Name: p.Name, Unit: p.Unit, WeightedByEDC: &p.Weighted, PlainRatio: &p.Ratio, Numerator: p.Numerator, Denominator: p.Denominator, EDC: p.EDC,
		Sites: p.Sites, Of: p.Of, Category: p.Category, EnergyCoverage: p.EnergyCoverage, IntervalCoverage: p.IntervalCoverage, SubstituteShare: p.SubstituteShare}
}

func writePooledCSV(w http.ResponseWriter, list []pooled) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	value := func(f *float64) string {
		if f == nil {
			return ""
		}
		return strconv.FormatFloat(*f, 'g', -1, 64)
	}
	_ = out.Write([]string{"kpi", weightedByEDC, plainRatio, "unit", "numerator", "denominator", "edc_kwh", "sites", "of", "category", "energy_coverage", "interval_coverage", "substitute_share"})
	for _, p := range list {
		cells := []string{p.Name, value(p.WeightedByEDC), value(p.PlainRatio), string(p.Unit)}
		for _, f := range []float64{p.Numerator, p.Denominator, p.EDC} {
			cells = append(cells, value(&f))
		}
		cells = append(cells, strconv.Itoa(p.Sites), strconv.Itoa(p.Of), strconv.Itoa(p.Category))
		for _, f := range []float64{p.EnergyCoverage, p.IntervalCoverage, p.SubstituteShare} {
			cells = append(cells, value(&f))
		}
		_ = out.Write(cells)
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}
