package web

import (
	"bytes"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/reporting/cell"
	"heatledger/reporting/planning"
)

// heatStep is a step of a series of heat. What is not known is null.
type heatStep struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	KW      *float64  `json:"kw" says:"mean power"`
	FlowC   *float64  `json:"flow_c"`
	ReturnC *float64  `json:"return_c"`
	Grade   string    `json:"grade"`
	Limit   string    `json:"limit"`
}

// heatColumns is a series of equal steps as arrays.
type heatColumns struct {
	T0      time.Time  `json:"t0"`
	Step    string     `json:"step"`
	Kind    string     `json:"kind"`
	Method  string     `json:"method"`
	Unit    string     `json:"unit"`
	V       []*float64 `json:"v"`
	FlowC   []*float64 `json:"flow_c" says:"empty: no temperature is known"`
	ReturnC []*float64 `json:"return_c"`
	Grade   []string   `json:"grade"`
	Limit   []string   `json:"limit"`
}

// heatDaysMost bounds a question for a series: a leap year and the hours that its zone
// adds are within it.
const heatDaysMost = 400

// showHeatSeries answers GET /api/v1/heat/sources/{site}/series?from&to&step&kind.
func (s *Server) showHeatSeries(w http.ResponseWriter, r *http.Request, who caller) error {
	query := r.URL.Query()
	form, err := format(query, "json", "csv", "columns", "parquet")
	if err != nil {
		return err
	}
	calendar, err := s.townCalendar(r)
	if err != nil {
		return err
	}
	asked, err := period(query, calendar)
	if err != nil {
		return err
	}
	if asked.Length() > heatDaysMost*24*time.Hour {
		return refuse(http.StatusBadRequest, "bad_period", "at most %d days are given at once", heatDaysMost)
	}
	q, err := s.heatQuestion(r)
	if err != nil {
		return err
	}
	q.From, q.To = calendar.Date(asked.From), calendar.Date(asked.To.Add(-1)).AddDays(1)
	step, ok := map[string]time.Duration{"": time.Hour, "1h": time.Hour, "15m": energy.QuarterHour}[query.Get("step")]
	if !ok {
		return refuse(http.StatusBadRequest, "bad_step", "step=%.40q is no step: 15m or 1h is expected", query.Get("step"))
	}
	kind := heatmap.Kind(query.Get("kind"))
	if kind != "" && !slices.Contains(atlas.Kinds(), kind) {
		return refuse(http.StatusBadRequest, "bad_heat_kind", "kind=%.40q is no kind of heat", string(kind))
	}
	site := r.PathValue("site")
	flow, err := s.heat.Series(r.Context(), who.asker(), energy.SiteID(site), kind, step, q)
	if err != nil {
		return heatProblem(err, site)
	}
	if form == "parquet" {
		return writeHeatParquet(w, site, flow.Within(asked))
	}
	return writeHeatSeries(w, r, form, site, flow.Within(asked))
}

// writeHeatParquet writes a series as a whole.
func writeHeatParquet(w http.ResponseWriter, site string, series heatmap.Series) error {
	w.Header().Set(factHeader, strconv.FormatInt(series.Fact, 10))
	var b bytes.Buffer
	if err := (planning.Hours{Series: series}).WriteParquet(&b); err != nil {
		return err
	}
	return writeFile(w, parquetKind, "heat-"+site+".parquet", b.Bytes())
}

// parquetKind is the media type that IANA lists.
const parquetKind = "application/vnd.apache.parquet"

// writeHeatSeries writes the first page of a series.
func writeHeatSeries(w http.ResponseWriter, r *http.Request, form, site string, series heatmap.Series) error {
	count, err := limit(r.URL.Query())
	if err != nil {
		return err
	}
	w.Header().Set(factHeader, strconv.FormatInt(series.Fact, 10))
	if series.Len() > count {
		linkNext(w, r, "from", rfc3339(series.At(count)))
		series = series.Within(energy.Period{From: series.From, To: series.At(count)})
	}
	switch {
	case form == "columns":
		return writeJSON(w, heatColumnsOf(series))
	case wantsCSV(r):
		return writeHeatSeriesCSV(w, site, series)
	}
	list := make([]heatStep, series.Len())
	c := series.Columns()
	for i := range list {
		list[i] = heatStep{series.At(i), series.At(i + 1), known(c.Power, i), known(c.Flow, i), known(c.Return, i), c.Grade[i].String(), c.Limit[i].String()}
	}
	return writeJSON(w, list)
}

// known is an entry of a column; nil where there is none.
func known[T ~float64](column []T, i int) *float64 {
	if column == nil || math.IsNaN(float64(column[i])) {
		return nil
	}
	return new(float64(column[i]))
}

func heatColumnsOf(s heatmap.Series) heatColumns {
	c := s.Columns()
	out := heatColumns{T0: s.From, Step: "1h", Kind: string(s.Kind), Method: string(s.Method.Code), Unit: string(energy.Kilowatt), V: knowns(c.Power), FlowC: knowns(c.Flow), ReturnC: knowns(c.Return), Grade: []string{}, Limit: []string{}}
	if s.Step == energy.QuarterHour {
		out.Step = "15m"
	}
	for i := range s.Len() {
		out.Grade, out.Limit = append(out.Grade, c.Grade[i].String()), append(out.Limit, c.Limit[i].String())
	}
	return out
}

func knowns[T ~float64](column []T) []*float64 {
	list := make([]*float64, len(column))
	for i := range column {
		list[i] = known(column, i)
	}
	return list
}

func writeHeatSeriesCSV(w http.ResponseWriter, site string, s heatmap.Series) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	_ = out.Write([]string{"site", "kind", "from", "to", "kw", "flow_c", "return_c", "grade", "limit"})
	c := s.Columns()
	for i := range s.Len() {
		_ = out.Write([]string{site, string(s.Kind), rfc3339(s.At(i)), rfc3339(s.At(i + 1)), heatNumber(known(c.Power, i)), heatNumber(known(c.Flow, i)), heatNumber(known(c.Return, i)), c.Grade[i].String(), c.Limit[i].String()})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}

// heatSecuredTogether is what several sources give together.
type heatSecuredTogether struct {
	Sites        []energy.SiteID `json:"sites"`
	From         time.Time       `json:"from"`
	To           time.Time       `json:"to"`
	Availability float64         `json:"availability"`
	SecuredKW    float64         `json:"secured_kw" says:"of all together, hour by hour"`
	AtWorstKW    float64         `json:"at_worst_kw"`
	Hours        int             `json:"hours" says:"in which all are known"`
	Of           int             `json:"of"`
	SumKW        float64         `json:"sum_of_single_kw" says:"as if all failed at once"`
	Single       []heatAlone     `json:"single"`
}

// heatAlone is one of them, over the same hours.
type heatAlone struct {
	Site      energy.SiteID `json:"site"`
	SecuredKW float64       `json:"secured_kw"`
	Supply    string        `json:"supply"`
	Grade     string        `json:"grade"`
	Limit     string        `json:"limit"`
}

// heatSitesMost is how many sources are added up at once.
const heatSitesMost = 100

// showHeatSecured answers GET /api/v1/heat/secured?site=&site=&availability=.
func (s *Server) showHeatSecured(w http.ResponseWriter, r *http.Request, who caller) error {
	q, err := s.heatQuestion(r)
	if err != nil {
		return err
	}
	names := r.URL.Query()["site"]
	if len(names) == 0 || len(names) > heatSitesMost {
		return refuse(http.StatusBadRequest, "too_many_items", "%d sources are named: from 1 to %d are expected", len(names), heatSitesMost)
	}
	var sites []energy.SiteID
	for _, name := range names {
		if id := energy.SiteID(name); !slices.Contains(sites, id) {
			sites = append(sites, id)
		}
	}
	together, err := s.heat.Several(r.Context(), who.asker(), sites, q)
	if err != nil {
		return heatProblem(err, string(together.Refused))
	}
	answer := heatSecuredTogether{Sites: sites, From: together.Period.From, To: together.Period.To, Availability: together.Availability, SecuredKW: float64(together.Power), AtWorstKW: float64(together.AtWorst),
		Hours: together.Hours, Of: together.Of, SumKW: float64(together.Sum)}
	for i, sheet := range together.Sheets {
		w.Header().Add(factHeader, string(sheet.Site)+"="+strconv.FormatInt(sheet.Fact, 10))
		answer.Single = append(answer.Single, heatAlone{sheet.Site, float64(together.Single[i].Power), string(sheet.Supply), sheet.Grade.String(), sheet.Limit.String()})
	}
	return writeJSON(w, answer)
}
