package web

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/reporting/words"
)

// heatRow is a source in words.
type heatRow struct {
	Site                                                                 energy.SiteID
	Name, Address, Power, Class, Temperature, Grade, Limit, Hours, Basis string
	Chosen, Hourly, Simulated                                            bool
	sheet                                                                atlas.Sheet
	power, flow                                                          float64 // to sort by; NaN: not known
}

// least reads the least number that was asked for; NaN: none.
func least(text, name string) (float64, error) {
	if text == "" {
		return math.NaN(), nil
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, refuse(http.StatusBadRequest, "bad_number", "%s=%.20q is no number", name, text)
	}
	return v, nil
}

// below tells whether a source is not known to reach what was asked for.
func below(v, least float64) bool { return !math.IsNaN(least) && (math.IsNaN(v) || v < least) }

// heatRow puts a sheet into words. Of a class, the least counts for order and filter.
func (p *page) heatRow(sheet atlas.Sheet, span heatSpan, chosen []string) heatRow {
	row := heatRow{Site: sheet.Site, Name: heatName(sheet), sheet: sheet, Hourly: sheet.Statistics != nil, Simulated: simulated(sheet.Name),
		Address: p.To("/heat/" + string(sheet.Site) + "?period=" + url.QueryEscape(span.Label)),
		Power:   p.T("heat.unknown"), Class: p.T("heat.unknown"), Temperature: p.T("heat.unknown"), Hours: "–",
		Grade: p.code("grade", sheet.Grade.String()), Limit: p.code("limit", sheet.Limit.String()), Basis: p.code("kind", string(sheet.Supply)),
		Chosen: slices.Contains(chosen, string(sheet.Site)), power: math.NaN(), flow: math.NaN()}
	if sheet.PowerClass.Code != "" {
		row.power, row.Power = sheet.PowerClass.Least, p.classOf(sheet.PowerClass, "kW")
	}
	if sheet.Secured != nil {
		row.power = float64(sheet.Secured.Power)
		row.Power = p.kilowatts(row.power)
	}
	if sheet.TemperatureClass.Code != "" {
		row.flow, row.Temperature = sheet.TemperatureClass.Least, p.classOf(sheet.TemperatureClass, "°C")
		row.Class = row.Temperature
	}
	if sheet.Temperatures != nil && sheet.Temperatures.Flow.OK {
		row.flow = float64(sheet.Temperatures.Flow.Celsius)
		row.Temperature = p.Number(row.flow, 1) + " °C"
	}
	if sheet.FullLoad != nil {
		row.Hours = p.Number(sheet.FullLoad.Hours, 0)
	}
	return row
}

// heatName is what a source is called: package atlas says whether it has a name here.
func heatName(sheet atlas.Sheet) string {
	if sheet.Name == "" {
		return string(sheet.Site)
	}
	return sheet.Name
}

// kilowatts writes a power as it is told apart.
func (p *page) kilowatts(kw float64) string {
	if math.Abs(kw) < 10 {
		return p.Number(kw, 1) + " kW"
	}
	return p.Number(kw, 0) + " kW"
}

// classOf writes a class: "100 to 500 kW".
func (p *page) classOf(c atlas.Class, unit string) string {
	switch {
	case c.Code == "":
		return p.T("heat.unknown")
	case c.Most == 0:
		return p.T("heat.class.from", p.Number(c.Least, 0), unit)
	case c.Least == 0:
		return p.T("heat.class.to", p.Number(c.Most, 0), unit)
	}
	return p.T("heat.class", p.Number(c.Least, 0), p.Number(c.Most, 0), unit)
}

// order sorts the rows by what was asked for: the greatest secured power first.
func (b *heatPage) order() {
	by := map[string]func(x, y heatRow) int{
		"name":        func(x, y heatRow) int { return strings.Compare(x.Name, y.Name) },
		"temperature": func(x, y heatRow) int { return compareAbsent(x.flow, y.flow) },
		"grade":       func(x, y heatRow) int { return int(x.sheet.Grade) - int(y.sheet.Grade) },
	}[b.Sort]
	down := b.Down
	if by == nil {
		b.Sort, by = "power", func(x, y heatRow) int { return compareAbsent(x.power, y.power) }
		down = !b.Down
	}
	slices.SortStableFunc(b.Rows, func(x, y heatRow) int {
		if down {
			return by(y, x)
		}
		return by(x, y)
	})
}

// compareAbsent puts what is not known below everything.
func compareAbsent(x, y float64) int {
	switch {
	case math.IsNaN(x) && math.IsNaN(y), x == y:
		return 0
	case math.IsNaN(x) || x < y:
		return -1
	}
	return 1
}

// heatColumns are the columns by which rows can be put in order.
func (p *page) heatColumns(b *heatPage, query url.Values) []portfolioColumn {
	var list []portfolioColumn
	for _, id := range []string{"name", "power", "temperature", "grade", "limit", "hours"} {
		column := portfolioColumn{Name: p.T("heat.column." + id)}
		if id != "limit" && id != "hours" {
			asked := url.Values{}
			for name, values := range query {
				asked[name] = values
			}
			asked.Set("sort", id)
			asked.Del("down")
			if b.Sort == id {
				column.Sorted = "ascending"
				if b.Down != (id == "power") {
					column.Sorted = "descending"
				}
				if !b.Down {
					asked.Set("down", "true")
				}
			}
			column.Address = "/heat?" + asked.Encode()
		}
		list = append(list, column)
	}
	return list
}

// share writes an availability: "98 %", "99.5 %".
func (p *page) share(ratio float64) string {
	digits, percent := 0, 100*ratio
	if math.Abs(percent-math.Round(percent)) > 1e-9 {
		digits = 1
	}
	if percent < 100 {
		percent = min(percent, 99.9) // all of it is told apart from nearly all of it
	}
	return p.Number(percent, digits) + " %"
}

// code is the word for a code of packages heatmap, heatmap/source or heatmap/atlas.
func (p *page) code(kind, code string) string {
	return words.Heat(words.Lang(p.Lang), kind+"_"+cmp.Or(code, "none"), nil)
}

// heatTerms are the words of the table of sources, each with what it means, for those
// who do not plan.
func (p *page) heatTerms(availability string) (list []namedChoice) {
	for _, id := range []string{"power", "temperature", "grade", "limit", "hours"} {
		meaning := p.T("heat.word." + id)
		if id == "power" {
			meaning = p.T("heat.word.power", availability)
		}
		list = append(list, namedChoice{Name: p.T("heat.column." + id), Value: meaning})
	}
	return list
}

// heatPlain says in a sentence what a source gives, in words for everybody; "" where
// nothing is known.
func (p *page) heatPlain(s atlas.Sheet) string {
	power, availability := "", atlas.UsualAvailability
	switch {
	case s.Secured != nil && s.Secured.Hours > 0 && s.Secured.Power <= 0:
		return p.T("heat.plain.none")
	case s.Secured != nil && s.Secured.Hours > 0:
		power, availability = p.T("heat.plain.least", p.kilowatts(float64(s.Secured.Power))), s.Secured.Availability
	case s.PowerClass.Code != "":
		power = p.classOf(s.PowerClass, "kW")
	default:
		return ""
	}
	verb := "heat.plain.had"
	if s.Limit == heatmap.DemandLimited {
		verb = "heat.plain.taken"
	}
	gave := p.T(verb, power)
	switch {
	case s.Temperatures != nil && s.Temperatures.Flow.OK:
		gave = p.T("heat.plain.warm", gave, p.Number(float64(s.Temperatures.Flow.Celsius), 0)+" °C")
	case s.TemperatureClass.Code != "":
		gave = p.T("heat.plain.warm", gave, p.classOf(s.TemperatureClass, "°C"))
	}
	if availability != atlas.UsualAvailability {
		return p.T("heat.plain.other", p.share(availability), gave)
	}
	return p.T("heat.plain", p.share(availability), gave)
}
