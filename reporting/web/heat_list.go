package web

import (
	"net/http"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/reporting/cell"
	"heatledger/reporting/words"
)

// heatSource is a source of heat in a line. What may not be seen or is not known is
// null; hidden says why.
type heatSource struct {
	Site     energy.SiteID `json:"site"`
	Name     string        `json:"name"`
	Street   string        `json:"street"`
	Postcode string        `json:"postcode"`
	Town     string        `json:"town"`
	Lat      *float64      `json:"lat" says:"WGS 84"`
	Lon      *float64      `json:"lon"`
	Seen     string        `json:"seen" says:"everything, agreed, published"`
	From     energy.Date   `json:"from"`
	To       energy.Date   `json:"to" says:"excluded"`
	Fact     int64         `json:"fact"`

	Supply        string   `json:"supply" says:"available, recoverable, derived, delivered; empty: nothing is known"`
	Method        string   `json:"method"`
	MethodFactor  *float64 `json:"method_factor" says:"of heat derived from the IT load: kWh of heat for each kWh"`
	MethodSource  string   `json:"method_source"`
	Grade         string   `json:"grade" says:"measured, estimated, declared, none"`
	Limit         string   `json:"limit" says:"supply_limited, demand_limited, derived, none"`
	PowerClass    string   `json:"power_class_kw" says:"of the secured power at 98 %"`
	FlowClass     string   `json:"flow_class_c"`
	SecuredKW     *float64 `json:"secured_kw"`
	Availability  *float64 `json:"availability"`
	FlowC         *float64 `json:"flow_c"`
	ReturnC       *float64 `json:"return_c"`
	FlowGrade     string   `json:"flow_grade"`
	SupplyKWh     *float64 `json:"supply_kwh"`
	SupplyWhy     string   `json:"supply_why" says:"why supply_kwh is null, or not final: still_running, not_due, outside_agreed, coarser_agreed"`
	Coverage      *float64 `json:"supply_coverage" says:"share of the time whose energy is known"`
	DeliveredKWh  *float64 `json:"delivered_kwh"`
	FullLoadHours *float64 `json:"full_load_hours"`
	CapacityKW    *float64 `json:"capacity_kw" says:"declared"`
	LongestOutage *float64 `json:"longest_outage_h"`
	GrowthKW      *float64 `json:"growth_contracted_kw" says:"in force twelve months after the period; null: none, or not shown"`
	ContractEnd   *string  `json:"contract_end" says:"of the last contract that ends; null: none, or open"`

	Hidden []heatHidden `json:"hidden"`
}

// heatHidden is a part that is absent, and why.
type heatHidden struct {
	Part string       `json:"part"`
	Why  string       `json:"why"`
	Due  *energy.Date `json:"due" says:"of not_due: the day from which it is seen"`
	Says string       `json:"says"`
}

// listHeatSources answers GET /api/v1/heat/sources?period=.
func (s *Server) listHeatSources(w http.ResponseWriter, r *http.Request, who caller) error {
	if _, err := format(r.URL.Query(), "json", "csv"); err != nil {
		return err
	}
	q, err := s.heatQuestion(r)
	if err != nil {
		return err
	}
	sheets, err := s.heat.Sources(r.Context(), who.asker(), q)
	if err != nil {
		return err
	}
	for _, sheet := range sheets {
		w.Header().Add(factHeader, string(sheet.Site)+"="+strconv.FormatInt(sheet.Fact, 10))
	}
	if sheets, err = pageOf(w, r, sheets); err != nil {
		return err
	}
	list := make([]heatSource, len(sheets))
	for i := range sheets {
		list[i] = heatSourceJSON(&sheets[i], speaks(r))
	}
	if wantsCSV(r) {
		return writeHeatSourcesCSV(w, list)
	}
	return writeJSON(w, list)
}

// speaks is the language in which a program is answered.
func speaks(r *http.Request) words.Lang {
	chosen, _ := language(r)
	return words.Lang(chosen)
}

func heatSourceJSON(s *atlas.Sheet, lang words.Lang) heatSource {
	one := heatSource{Site: s.Site, Name: s.Name, Street: s.Place.Street, Postcode: s.Place.Postcode, Town: s.Place.Town, Seen: s.View.Extent.String(), From: s.From, To: s.To, Fact: s.Fact,
		Supply: string(s.Supply), Method: string(s.Method.Code), MethodSource: s.Method.Source, Grade: s.Grade.String(), Limit: s.Limit.String(), PowerClass: s.PowerClass.Code, FlowClass: s.TemperatureClass.Code, Hidden: []heatHidden{}}
	if s.Place.Located {
		one.Lat, one.Lon = &s.Place.Point.Y, &s.Place.Point.X
	}
	if s.Method.Factor != 0 {
		one.MethodFactor = &s.Method.Factor
	}
	if s.Secured != nil {
		one.SecuredKW, one.Availability = new(float64(s.Secured.Power)), &s.Secured.Availability
	}
	if t := s.Temperatures; t != nil {
		one.FlowC, one.ReturnC, one.FlowGrade = celsius(t.Flow), celsius(t.Return), t.Grade.String()
	}
	if s.FullLoad != nil {
		one.FullLoadHours = &s.FullLoad.Hours
	}
	if s.Capacity != nil {
		one.CapacityKW = new(float64(s.Capacity.Power))
	}
	if s.LongestOutage != nil {
		one.LongestOutage = new(s.LongestOutage.Period.Length().Hours())
	}
	for _, a := range s.Heat {
		if a.Kind == s.Supply {
			one.SupplyWhy = string(a.Why)
		}
		if a.Whole != nil && a.Kind == s.Supply {
			one.SupplyKWh, one.Coverage = new(float64(a.Whole.Energy)), &a.Whole.Coverage
		}
		if a.Whole != nil && a.Kind == heatmap.Delivered {
			one.DeliveredKWh = new(float64(a.Whole.Energy))
		}
	}
	var last energy.Date
	for _, c := range s.Contracts {
		if last.Before(c.To) {
			last = c.To
		}
	}
	if last != (energy.Date{}) {
		one.ContractEnd = new(last.String())
	}
	if o := s.Outlook; o != nil && len(o.Growth) > 0 {
		one.GrowthKW = new(float64(o.Growth[0].Power))
		for _, g := range o.Growth[1:] {
			*one.GrowthKW += float64(g.Power)
		}
	}
	for _, h := range s.Hidden {
		one.Hidden = append(one.Hidden, heatHidden{string(h.Part), string(h.Why), dayOrNull(h.Due), words.HeatWhy(lang, string(h.Why), h.Due)})
	}
	return one
}

func celsius(t heatmap.Temperature) *float64 {
	if !t.OK {
		return nil
	}
	return new(float64(t.Celsius))
}

// heatNumber is a number of a table; empty where there is none.
func heatNumber(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}

func heatText(x *string) string {
	if x == nil {
		return ""
	}
	return *x
}

func writeHeatSourcesCSV(w http.ResponseWriter, list []heatSource) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	_ = out.Write([]string{"site", "name", "lat", "lon", "seen", "from", "to", "supply", "method", "method_factor", "method_source", "grade", "limit", "power_class_kw", "flow_class_c", "secured_kw", "availability",
		"flow_c", "return_c", "supply_kwh", "supply_coverage", "delivered_kwh", "full_load_hours", "capacity_kw", "longest_outage_h", "fact", "supply_why", "growth_contracted_kw", "contract_end"})
	for _, s := range list {
		_ = out.Write([]string{string(s.Site), s.Name, heatNumber(s.Lat), heatNumber(s.Lon), s.Seen, s.From.String(), s.To.String(), s.Supply, s.Method, heatNumber(s.MethodFactor), s.MethodSource, s.Grade, s.Limit, s.PowerClass, s.FlowClass,
			heatNumber(s.SecuredKW), heatNumber(s.Availability), heatNumber(s.FlowC), heatNumber(s.ReturnC), heatNumber(s.SupplyKWh), heatNumber(s.Coverage), heatNumber(s.DeliveredKWh), heatNumber(s.FullLoadHours), heatNumber(s.CapacityKW), heatNumber(s.LongestOutage), strconv.FormatInt(s.Fact, 10), s.SupplyWhy,
			heatNumber(s.GrowthKW), heatText(s.ContractEnd)})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}

// rfc3339 is an instant as answers write it.
func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }
