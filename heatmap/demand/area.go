package demand

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
)

// area makes an area of a feature, or names what is wrong with it.
func (r *reader) area(f geo.Feature) {
	p := &properties{feature: f}
	c := r.options.Columns
	a := Area{Geometry: f.Geometry, Feature: f}
	id, fault, ok := r.identity(f)
	if !ok && fault != (energy.Fault{}) {
		p.faults = append(p.faults, fault)
	}
	a.ID, a.Name = id, p.text(c.Name)
	r.heat(p, &a)
	if x, ok := p.number(c.Peak, 0, math.Inf(1), "a power above zero is expected, or none"); ok {
		if r.options.Peak == Megawatts {
			x *= 1e3
		}
		a.Peak = Power{heatmap.Kilowatts(x), true}
		switch {
		case x == 0:
			p.fault(c.Peak, "its peak is 0 kW", "leave it empty where it is not known")
		case float64(a.Heat) > 8784*x:
			p.fault(c.Peak, fmt.Sprintf("%s kWh a year are more than %s kW give in all its hours", show(float64(a.Heat)), show(x)), "check the units of heat and power")
		}
	}
	a.Profile = r.options.profileOf(p.text(c.Profile))
	if a.Profile != "" && !r.options.Profiles.Known(a.Profile) {
		p.fault(c.Profile, fmt.Sprintf("the load profile %q is not known", a.Profile), r.options.Profiles.suggest(a.Profile))
	} else if a.Profile == "" {
		a.Profile = r.options.Profile
	}
	r.temperatures(p, &a)
	if x, ok := p.number(c.Connections, 0, 1e6, "a count of house stations is expected"); ok {
		a.Connections = int(x)
		if x != math.Trunc(x) {
			p.fault(c.Connections, fmt.Sprintf("it has %s connections", show(x)), "a whole number is expected")
		}
	}
	if x, ok := p.number(c.StreetMetres, 0, 1e7, "a length in metres is expected"); ok {
		a.StreetMetres = Metres{x, true}
		if x == 0 {
			p.fault(c.StreetMetres, "its streets are 0 m long", "leave it empty where it is not known")
		}
	}
	r.grade(p, &a)
	r.faults = append(r.faults, p.faults...)
	if len(p.faults) == 0 && ok && !r.lacking["heat"] {
		r.areas = append(r.areas, a)
	}
}

// profileOf is the profile that a file's word stands for; "" of "".
func (o Options) profileOf(word string) Profile {
	for own, profile := range o.Types {
		if strings.EqualFold(own, word) {
			return profile
		}
	}
	return Profile(strings.ToUpper(word))
}

// heat reads the heat of an area and checks it against its ground or its street.
func (r *reader) heat(p *properties, a *Area) {
	column := r.options.Columns.Heat
	const remedy = "a heat above zero is expected: leave out what takes none"
	x, ok := p.number(column, math.Inf(-1), math.Inf(1), remedy)
	if !ok {
		if !p.has(column) && !r.lacking["heat"] {
			p.fault(column, "it states no heat", fmt.Sprintf("fill in %q, or leave the area out", column))
		}
		return
	}
	factor, perMetre, _ := r.options.Heat.factor() // checked with the options
	heat, metres, ground := x*factor, geo.Length(a.Geometry), geo.Area(a.Geometry)
	switch {
	case x <= 0:
		p.fault(column, fmt.Sprintf("its heat is %s %s a year", show(x), r.options.Heat), remedy)
		return
	case perMetre && metres == 0:
		p.fault(column, "heat by the metre is stated of what is no street", "give it a line, or state the heat of the whole area")
		return
	case perMetre:
		heat *= metres
	}
	const units = "check the unit of the column: it is read as "
	switch {
	case math.IsInf(heat, 0):
		p.fault(column, "its heat is no number that can be computed with", remedy)
	case ground > 0 && heat/ground > r.options.MostDense:
		p.fault(column, fmt.Sprintf("%s kWh/(m² a) are more than %s, which is believed of no ground", show(heat/ground), show(r.options.MostDense)), units+string(r.options.Heat))
	case ground == 0 && metres > 0 && heat/metres > r.options.MostLinear:
		p.fault(column, fmt.Sprintf("%s kWh/(m a) are more than %s, which is believed of no street", show(heat/metres), show(r.options.MostLinear)), units+string(r.options.Heat))
	}
	a.Heat = heatmap.KilowattHours(heat)
}

// temperatures reads what the heating systems of an area need and give back.
func (r *reader) temperatures(p *properties, a *Area) {
	c := r.options.Columns
	const remedy = "a temperature from 0 to 200 °C is expected"
	if x, ok := p.number(c.Flow, 0, 200, remedy); ok {
		a.Flow = heatmap.At(energy.Celsius(x))
	}
	if x, ok := p.number(c.Return, 0, 200, remedy); ok {
		a.Return = heatmap.At(energy.Celsius(x))
	}
	if a.Flow.OK && a.Return.OK && a.Return.Celsius >= a.Flow.Celsius {
		p.fault(c.Return, fmt.Sprintf("a return of %s °C under a flow of %s °C", show(float64(a.Return.Celsius)), show(float64(a.Flow.Celsius))), "a colder return is expected: are the columns exchanged?")
	}
}

// grade reads what the heat rests on, and where it is from.
func (r *reader) grade(p *properties, a *Area) {
	c := r.options.Columns
	a.Grade, a.Source = r.options.Grade, p.text(c.Source)
	if a.Grade == heatmap.NoGrade {
		a.Grade = heatmap.Declared
	}
	if a.Source == "" {
		a.Source = r.options.Source
	}
	name := p.text(c.Grade)
	if name == "" {
		return
	}
	for g := heatmap.Measured; g <= heatmap.Declared; g++ {
		if g.String() == strings.ToLower(name) {
			a.Grade = g
			return
		}
	}
	p.fault(c.Grade, fmt.Sprintf("the grade %q is not known", name), "measured, estimated or declared is expected")
}

// properties are those of a feature, and what is wrong with them.
type properties struct {
	feature geo.Feature
	faults  energy.Faults
}

// fault notes one at the place of a property.
func (p *properties) fault(column, problem, remedy string) {
	p.faults = append(p.faults, p.feature.PropertyFault(column, problem, remedy))
}

// has tells whether anything is stated.
func (p *properties) has(column string) bool {
	v, ok := p.feature.Property(column)
	return ok && v != nil && v != ""
}

// text is a property as text; "" where there is none.
func (p *properties) text(column string) string {
	v, _ := p.feature.Property(column)
	return textOf(v)
}

// textOf is a value as text: a number without an exponent, "" for null.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case geo.Raw:
		return string(v)
	}
	return ""
}

// number is a property from low to high; ok is false where it is not stated, and
// where it is none, which is a fault. Texts of a decimal point are numbers, too.
func (p *properties) number(column string, low, high float64, remedy string) (x float64, ok bool) {
	if !p.has(column) {
		return 0, false
	}
	v, _ := p.feature.Property(column)
	x, isNumber := v.(float64)
	if text, isText := v.(string); isText {
		var err error
		x, err = strconv.ParseFloat(strings.TrimSpace(text), 64)
		isNumber = err == nil
	}
	switch {
	case !isNumber || math.IsNaN(x) || math.IsInf(x, 0):
		p.fault(column, fmt.Sprintf("its %s is %q", column, short(textOf(v))), "a number is expected; "+remedy)
		return 0, false
	case x < low || x > high:
		p.fault(column, fmt.Sprintf("its %s is %s", column, show(x)), remedy)
		return 0, false
	}
	return x, true
}

// short is a text as messages show it.
func short(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}

// show is a number as messages show it.
func show(x float64) string {
	if math.Abs(x) < 1e15 {
		return strconv.FormatFloat(math.Round(x*1e3)/1e3, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// suggest is the remedy for a code that is not known.
func (p *Profiles) suggest(id Profile) string {
	var names []string
	for _, code := range p.Codes() {
		names = append(names, string(code))
	}
	return strictyaml.Suggest(string(id), names)
}
