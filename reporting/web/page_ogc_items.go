package web

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy/access"
	"heatledger/heatmap/plan/shelf"
	"heatledger/reporting/features"
)

// ogcItems are the features of a page: a row each with the few columns that matter
// most, of those that any of them has, and the rest to be opened.
func (s *Server) ogcItems(p *page, body *ogcPage, items *features.ItemsPage) error {
	p.Title = items.About.Title
	body.Lead = items.About.Description
	body.Trail = append(body.Trail, p.ogcTrail(items.About)...)
	body.Count = p.T("ogc.count", p.Number(float64(items.NumberMatched), 0))
	if items.NumberReturned > 0 {
		body.Count += " " + p.T("ogc.shown", p.Number(float64(items.First), 0), p.Number(float64(items.First+items.NumberReturned-1), 0))
	}
	body.Next, body.Previous = items.Next, items.Previous
	var err error
	if body.Filter, err = s.ogcFilter(p, items); err != nil || items.NumberReturned == 0 {
		return err
	}
	table := ogcTable{ID: "items", Title: p.T("ogc.items"), Head: []string{p.T("ogc.id")}}
	var columns, more []int
	for i, field := range items.About.Fields {
		if !slices.ContainsFunc(items.Features, func(f features.Feature) bool { return f.Values[i] != nil }) {
			continue
		}
		if field.First {
			columns, table.Head = append(columns, i), append(table.Head, field.Title)
		} else {
			more = append(more, i)
		}
	}
	for _, f := range items.Features {
		row := []ogcLink{{f.ID, p.To("/ogc/collections/" + url.PathEscape(items.About.ID) + "/items/" + url.PathEscape(f.ID))}}
		for _, i := range columns {
			row = append(row, p.ogcCell(items.About.Fields[i], f.Values[i]))
		}
		rest := ogcMore{Of: f.ID, Pairs: []ogcPair{{p.T("ogc.position"), items.Position(f)}}}
		if f.Geometry == nil {
			rest.Pairs[0].Value = p.T("ogc.nowhere")
		}
		for _, i := range more {
			if f.Values[i] != nil {
				rest.Pairs = append(rest.Pairs, ogcPair{items.About.Fields[i].Title, p.ogcValue(f.Values[i])})
			}
		}
		table.Rows, table.More = append(table.Rows, row), append(table.More, rest)
	}
	body.Tables = []ogcTable{table}
	body.Map, body.Outlines = s.ogcMap(p, items), s.pages.outlines.Attribution
	return nil
}

// ogcFilter is the form over the features of a page. A filter that was written as JSON
// stands in it as text, as people write them.
func (s *Server) ogcFilter(p *page, items *features.ItemsPage) (*ogcFilter, error) {
	query := p.request.URL.Query()
	form := &ogcFilter{Text: query.Get("filter"), Fields: p.To("/ogc/collections/" + url.PathEscape(items.About.ID) + "/queryables")}
	keeps := []string{"f", "lang", "limit", "bbox", "bbox-crs", "datetime", "crs", "filter-crs"}
	if query.Get("filter-lang") == "cql2-json" {
		form.Text = items.Filter
	}
	planned := false
	for _, field := range items.About.Fields {
		if field.Name == planNumber {
			planned = true
			continue
		}
		keeps = append(keeps, field.Name)
	}
	for _, name := range keeps {
		if query.Has(name) {
			form.Keeps = append(form.Keeps, ogcLink{name, query.Get(name)})
		}
	}
	if !planned {
		return form, nil
	}
	plans, err := s.plansSeen(p.request, p.who)
	if err != nil {
		return nil, err
	}
	form.Plans = p.planChoices(plans, query.Get(planNumber))
	return form, nil
}

// planChoices are the plans whose features can be asked for: without one, the latest
// version of each.
func (p *page) planChoices(plans []shelf.Saved, chosen string) []namedChoice {
	choices := []namedChoice{{Name: p.T("ogc.plans.latest"), Chosen: chosen == ""}}
	for _, saved := range plans {
		fact := strconv.FormatInt(saved.Fact, 10)
		name := p.T("ogc.plans.one", saved.Name, fact, strconv.Itoa(saved.Year))
		if saved.SupersededBy > 0 {
			name = p.T("ogc.plans.earlier", saved.Name, fact, strconv.Itoa(saved.Year))
		}
		choices = append(choices, namedChoice{Value: fact, Name: name, Chosen: chosen == fact})
	}
	return choices
}

// asForm is a query without the fields of a form that were left empty.
func asForm(query url.Values) url.Values {
	for _, name := range []string{"filter", planNumber} {
		if strings.TrimSpace(query.Get(name)) == "" {
			query.Del(name)
		}
	}
	return query
}

// ogcItem is one feature, a row for each property it has.
func (p *page) ogcItem(body *ogcPage, item *features.ItemPage) {
	p.Title = item.Feature.ID
	body.Trail = append(body.Trail, p.ogcTrail(item.About)...)
	body.Trail = append(body.Trail, ogcLink{p.T("ogc.items"), p.To("/ogc/collections/" + url.PathEscape(item.About.ID) + "/items")})
	table := ogcTable{ID: "values", Title: p.T("ogc.values"), Head: []string{p.T("ogc.field"), p.T("ogc.value")}}
	if at := item.Position(); at != "" {
		table.Rows = append(table.Rows, []ogcLink{{Name: p.T("ogc.position")}, {Name: at}})
	}
	for i, field := range item.About.Fields {
		if value := item.Feature.Values[i]; value != nil {
			table.Rows = append(table.Rows, []ogcLink{{Name: field.Title}, p.ogcCell(field, value)})
		}
	}
	body.Tables = []ogcTable{table}
}

// ogcCell is a value in a table; the number of a plan leads to it.
func (p *page) ogcCell(field features.Field, value any) ogcLink {
	number, ok := value.(float64)
	if field.Name != planNumber || !ok {
		return ogcLink{Name: p.ogcValue(value)}
	}
	cell := ogcLink{Name: strconv.FormatInt(int64(number), 10)}
	if !p.who.reach(access.Plan).Empty() {
		cell.Address = p.planAddress(int64(number))
	}
	return cell
}

// ogcValue is a value as people read it; codes stand as filters ask for them.
func (p *page) ogcValue(value any) string {
	switch v := value.(type) {
	case float64:
		digits := 0
		if math.Abs(v) < 100 && v != math.Trunc(v) {
			digits = 2
		}
		return p.Number(v, digits)
	case bool:
		return p.T(fmt.Sprintf("ogc.%t", v))
	case time.Time:
		return p.Instant(v, p.Calendar)
	case nil:
		return ""
	}
	return fmt.Sprint(value)
}
