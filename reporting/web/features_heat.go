package web

import (
	"context"
	"math"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/geo"
	"heatledger/reporting/features"
	"heatledger/reporting/features/cql2"
	"heatledger/reporting/words"
)

// heatCollections are the collections of features, cut to what whoever asks for the
// page may see; sources are described by a calendar year.
func (s *Server) heatCollections(p *page, of int) []features.Collection {
	year := p.Calendar.Year(of)
	sheets := &seenSheets{server: s, page: p, question: atlas.Question{From: p.Calendar.Date(year.From), To: p.Calendar.Date(year.To), Now: p.now}}
	return append([]features.Collection{siteFeatures{sheets}, sourceFeatures{sheets}}, s.planCollections(p)...)
}

// seenSheets are the sheets of the sources that the caller may see, read once for a
// request.
type seenSheets struct {
	server   *Server
	page     *page
	question atlas.Question
	list     []atlas.Sheet
	read     bool
}

// get reads the sheets when they are first asked for: a bad question reads none.
func (c *seenSheets) get(ctx context.Context) (list []atlas.Sheet, err error) {
	if !c.read {
		if c.list, err = c.server.heat.Sources(ctx, c.page.who.asker(), c.question); err != nil {
			return nil, err
		}
		c.read = true
	}
	return c.list, nil
}

// column is a field of a collection with where its value comes from; nil is absent.
type column[T any] struct {
	features.Field
	value func(one T) any
}

// first has a column stand where there is room for few, whole says that its numbers are
// whole ones.
func (c column[T]) first() column[T] { c.First = true; return c }
func (c column[T]) whole() column[T] { c.Whole = true; return c }

// fieldsOf are the fields of columns.
func fieldsOf[T any](columns []column[T]) (fields []features.Field) {
	for _, c := range columns {
		fields = append(fields, c.Field)
	}
	return fields
}

// valuesOf are the values of a thing by its columns.
func valuesOf[T any](columns []column[T], one T) []any {
	values := make([]any, len(columns))
	for i, c := range columns {
		values[i] = c.value(one)
	}
	return values
}

// placed is where a sheet's site lies; nil: it is not known or hidden.
func placed(s *atlas.Sheet) geo.Geometry {
	if !s.Place.Located {
		return nil
	}
	return s.Place.Point
}

// textual, numeric and dated make columns. A text that is empty is absent.
func textual[T any](p *page, name string, enum []string, value func(T) string) column[T] {
	return column[T]{p.field(name, cql2.Text, "", enum), func(one T) any {
		if text := value(one); text != "" {
			return text
		}
		return nil
	}}
}

// numeric makes a column of numbers, to a thousandth of their unit.
func numeric[T any](p *page, name, unit string, value func(T) *float64) column[T] {
	return column[T]{p.field(name, cql2.Number, unit, nil), func(one T) any {
		if number := value(one); number != nil {
			return math.Round(*number*1000) / 1000 // a watt, a watt-hour, a thousandth of a share
		}
		return nil
	}}
}

// dated makes a column of days; the zero day is absent.
func dated[T any](p *page, name string, value func(T) energy.Date) column[T] {
	return column[T]{p.field(name, cql2.Date, "", nil), func(one T) any {
		if day := value(one); day != (energy.Date{}) {
			return cql2.Day(day.String())
		}
		return nil
	}}
}

// field is a field with its title in the language of the page.
func (p *page) field(name string, kind cql2.Kind, unit string, enum []string) features.Field {
	f := features.Field{Name: name, Title: p.T("ogc.field." + name), Kind: kind, Unit: unit, Enum: enum}
	if says := "ogc.field." + name + ".says"; p.words[says] != (sentence{}) {
		f.Description = p.T(says)
	}
	if unit != "" {
		f.Title += " (" + unit + ")"
	}
	return f
}

// siteFeatures are the sites of which the caller sees anything. What the registry says
// beside the address is for those who may read the site.
type siteFeatures struct{ *seenSheets }

// seenSite is a site as the caller sees it: the zero registered site for those who may
// not read it.
type seenSite struct {
	*atlas.Sheet
	registered registry.Site
}

// columns are what is told of a site.
func (c siteFeatures) columns() []column[seenSite] {
	p := c.page
	return []column[seenSite]{
		textual(p, "site", nil, func(s seenSite) string { return string(s.Site) }),
		textual(p, "name", nil, func(s seenSite) string { return s.Name }).first(),
		textual(p, "kind", nil, func(s seenSite) string { return string(s.registered.Kind) }),
		textual(p, "type", nil, func(s seenSite) string { return string(s.registered.Type) }),
		textual(p, "operator", nil, func(s seenSite) string { return string(s.registered.Operator) }),
		textual(p, "street", nil, func(s seenSite) string { return s.Place.Street }),
		textual(p, "postcode", nil, func(s seenSite) string { return s.Place.Postcode }),
		textual(p, "town", nil, func(s seenSite) string { return s.Place.Town }).first(),
		dated(p, "in_operation_since", func(s seenSite) energy.Date { return s.registered.InOperationSince }),
		numeric(p, "connected_load_kw", "kW", func(s seenSite) *float64 { return stated(s.registered.ConnectedLoadKW) }),
		numeric(p, "it_load_kw", "kW", func(s seenSite) *float64 { return stated(s.registered.ITLoadKW) }).first(),
		textual(p, "grade", grades(), func(s seenSite) string { return s.Grade.String() }).first(),
		textual(p, "seen", extents(), func(s seenSite) string { return s.View.Extent.String() }),
	}
}

// About implements [features.Collection].
func (c siteFeatures) About() features.About {
	p := c.page
	return features.About{ID: "sites", Title: p.T("ogc.sites"), Description: p.T("ogc.sites.says"), Shape: geo.KindPoint, Fields: fieldsOf(c.columns())}
}

// Features implements [features.Collection].
func (c siteFeatures) Features(ctx context.Context) ([]features.Feature, error) {
	sheets, err := c.get(ctx)
	if err != nil {
		return nil, err
	}
	columns := c.columns()
	list := make([]features.Feature, len(sheets))
	for i := range sheets {
		one := seenSite{Sheet: &sheets[i]}
		if one.View.Extent == atlas.Everything {
			one.registered, _ = c.page.registry.Site(one.Site) // he may read it
		}
		list[i] = features.Feature{ID: string(one.Site), Geometry: placed(one.Sheet), Values: valuesOf(columns, one)}
		if since := one.registered.InOperationSince; since != (energy.Date{}) {
			list[i].Time = features.Time{Known: true, From: c.page.Calendar.Day(since).From}
		}
	}
	return list, nil
}

// sourceFeatures are the sources of heat that the caller sees, over a calendar year.
type sourceFeatures struct{ *seenSheets }

// columns are what is told of a source, by the names of the list of the API.
func (c sourceFeatures) columns() []column[heatSource] {
	p := c.page
	type s = heatSource
	return []column[s]{
		textual(p, "site", nil, func(h s) string { return string(h.Site) }),
		textual(p, "name", nil, func(h s) string { return h.Name }).first(),
		textual(p, "town", nil, func(h s) string { return h.Town }),
		textual(p, "grade", grades(), func(h s) string { return h.Grade }).first(),
		textual(p, "limit_of", limits(), func(h s) string { return h.Limit }),
		textual(p, "supply", nil, func(h s) string { return h.Supply }),
		textual(p, "method", nil, func(h s) string { return h.Method }),
		textual(p, "power_class_kw", classes(atlas.PowerClasses()), func(h s) string { return h.PowerClass }).first(),
		textual(p, "flow_class_c", classes(atlas.TemperatureClasses()), func(h s) string { return h.FlowClass }),
		numeric(p, "secured_kw", "kW", func(h s) *float64 { return h.SecuredKW }).first(),
		numeric(p, "availability", "", func(h s) *float64 { return h.Availability }),
		numeric(p, "flow_c", "°C", func(h s) *float64 { return h.FlowC }).first(),
		numeric(p, "return_c", "°C", func(h s) *float64 { return h.ReturnC }),
		numeric(p, "supply_kwh", "kWh", func(h s) *float64 { return h.SupplyKWh }),
		numeric(p, "supply_coverage", "", func(h s) *float64 { return h.Coverage }),
		numeric(p, "delivered_kwh", "kWh", func(h s) *float64 { return h.DeliveredKWh }),
		numeric(p, "full_load_hours", "h", func(h s) *float64 { return h.FullLoadHours }),
		numeric(p, "capacity_kw", "kW", func(h s) *float64 { return h.CapacityKW }),
		numeric(p, "longest_outage_h", "h", func(h s) *float64 { return h.LongestOutage }),
		numeric(p, "growth_contracted_kw", "kW", func(h s) *float64 { return h.GrowthKW }),
		dated(p, "contract_end", func(h s) energy.Date { return dayOf(h.ContractEnd) }),
		dated(p, "period_from", func(h s) energy.Date { return h.From }),
		dated(p, "period_to", func(h s) energy.Date { return h.To.AddDays(-1) }),
		textual(p, "seen", extents(), func(h s) string { return h.Seen }),
	}
}

// About implements [features.Collection].
func (c sourceFeatures) About() features.About {
	p := c.page
	return features.About{ID: "heat_sources", Title: p.T("ogc.sources"), Description: p.T("ogc.sources.says", p.Date(c.question.From), p.Date(c.question.To.AddDays(-1))), Shape: geo.KindPoint, Fields: fieldsOf(c.columns())}
}

// Features implements [features.Collection].
func (c sourceFeatures) Features(ctx context.Context) ([]features.Feature, error) {
	sheets, err := c.get(ctx)
	if err != nil {
		return nil, err
	}
	columns := c.columns()
	list := make([]features.Feature, len(sheets))
	for i := range sheets {
		one := heatSourceJSON(&sheets[i], words.Lang(c.page.Lang))
		from, to := c.page.Calendar.Day(one.From).From, c.page.Calendar.Day(one.To).From.Add(-time.Second)
		list[i] = features.Feature{ID: string(one.Site), Geometry: placed(&sheets[i]), Time: features.Time{Known: true, From: from, To: to}, Values: valuesOf(columns, one)}
	}
	return list, nil
}

// stated is a number of the registry; nil: it is not stated.
func stated(n registry.Number) *float64 {
	if n == (registry.Number{}) {
		return nil
	}
	return new(n.Float64())
}

// dayOf is a day that may be absent.
func dayOf(text *string) (day energy.Date) {
	if text == nil {
		return day
	}
	at, err := time.Parse(time.DateOnly, *text)
	if err != nil {
		return day
	}
	return energy.Date{Year: at.Year(), Month: at.Month(), Day: at.Day()}
}

// The codes that fields take: whoever asks for another is told which there are.
func grades() []string {
	return codes([]heatmap.Grade{heatmap.NoGrade, heatmap.Measured, heatmap.Estimated, heatmap.Declared})
}

// limits are what may have limited a power.
func limits() []string {
	return codes([]heatmap.Limit{heatmap.NoLimit, heatmap.SupplyLimited, heatmap.DemandLimited, heatmap.LimitDerived})
}

// extents are how much may be seen of what is seen at all.
func extents() []string {
	return codes([]atlas.Extent{atlas.Published, atlas.Agreed, atlas.Everything})
}

// codes are the names of values.
func codes[T interface{ String() string }](all []T) (texts []string) {
	for _, one := range all {
		texts = append(texts, one.String())
	}
	return texts
}

// classes are the codes of classes, the least first.
func classes(all []atlas.Class) (texts []string) {
	for _, one := range all {
		texts = append(texts, one.Code)
	}
	return slices.Compact(texts)
}
