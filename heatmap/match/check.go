package match

import (
	"fmt"
	"math"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Codes of the faults, for those who say them in another language.
const (
	FaultHours       = "hours"          // from or number of hours
	FaultNothing     = "nothing"        // no sources or no areas
	FaultID          = "id"             // none, or given twice
	FaultLength      = "length"         // a column is not as long as the hours
	FaultNumber      = "number"         // not a number, infinite, or below zero
	FaultUnknownID   = "unknown_id"     // names what does not exist
	FaultDoubled     = "doubled"        // a link, or a name in a list, stands twice
	FaultTooMuch     = "too_much"       // more heat than anybody has
	FaultTemperature = "temperature"    // a temperature is missing or none that water has
	FaultOrigin      = "without_origin" // a number without where it is from
	FaultEfficiency  = "efficiency"     // of a boiler
	FaultElectricity = "electricity"    // of a heat pump
)

// faults gathers what is wrong; an input has no places but ids.
type faults struct {
	list energy.Faults
}

// add names the thing at fault, such as "source" "hafen", and what is wrong with it.
func (f *faults) add(code, what, id, problem, remedy string) {
	name := what
	if id != "" {
		name = what + " " + id
	}
	f.list = append(f.list, energy.Fault{Problem: name + ": " + problem, Remedy: remedy, Code: code, Arg: id})
}

// checker knows what exists.
type checker struct {
	faults
	in             Input
	sources, areas map[string]bool
}

// Check names everything that keeps the input from being matched, each with the id of
// what is at fault and the remedy.
func (in Input) Check() energy.Faults {
	c := &checker{in: in, sources: make(map[string]bool), areas: make(map[string]bool)}
	c.checkFrame()
	for _, s := range in.Sources {
		c.checkSource(s)
	}
	for _, a := range in.Areas {
		c.checkArea(a)
	}
	c.checkLinks()
	stores, boilers := make(map[string]bool), make(map[string]bool)
	for _, s := range in.Stores {
		c.id("store", s.ID, stores)
		c.checkStore(s)
	}
	for _, b := range in.Boilers {
		c.id("boiler", b.ID, boilers)
		c.checkBoiler(b)
	}
	return c.list
}

func (c *checker) checkFrame() {
	in := c.in
	if !in.From.Equal(in.From.Truncate(time.Hour)) || in.From.IsZero() {
		c.add(FaultHours, "the input", "", fmt.Sprintf("it begins at %s", in.From.UTC().Format(time.RFC3339)), "the beginning of an hour is expected")
	}
	if in.Hours < 1 {
		c.add(FaultHours, "the input", "", fmt.Sprintf("it has %d hours", in.Hours), "one at least is expected; a year has 8760 or 8784 (Year)")
	}
	if len(in.Sources) == 0 {
		c.add(FaultNothing, "the sources", "", "there are none", "name one at least")
	}
	if len(in.Areas) == 0 {
		c.add(FaultNothing, "the areas", "", "there are none", "name one at least")
	}
	c.number("the input", "", "reach in metres", in.Reach)
	c.number("the input", "", "drop in K/km", in.Drop)
	c.price("the input", "", "price of a metre of trench", in.Trench)
	c.price("the input", "", "price of electricity", in.Electric)
	var offered, load float64
	for _, s := range in.Sources {
		offered += total(s.Heat)
	}
	for _, a := range in.Areas {
		load += total(a.Load)
	}
	for _, x := range []struct {
		what string
		sum  float64
	}{{"the sources", offered}, {"the areas", load}} {
		if x.sum*grainsPerKilowattHour > greatest {
			c.add(FaultTooMuch, x.what, "", fmt.Sprintf("they come to %.3g kWh", x.sum), "check the units: kW are expected, and less than 1.37e11 kWh in all")
		}
	}
}

// total adds up what is known and can be.
func total(column []heatmap.Kilowatts) (sum float64) {
	for _, x := range column {
		if x > 0 && !math.IsInf(float64(x), 1) {
			sum += float64(x)
		}
	}
	return sum
}

func (c *checker) id(what, id string, seen map[string]bool) {
	switch {
	case id == "":
		c.add(FaultID, what, "", "it has no id", "give it one")
	case seen[id]:
		c.add(FaultID, what, id, "its id stands twice", "give each its own")
	}
	seen[id] = true
}

// number wants zero or more.
func (c *checker) number(what, id, name string, x float64) bool {
	if x >= 0 && !math.IsInf(x, 0) {
		return true
	}
	c.add(FaultNumber, what, id, fmt.Sprintf("its %s is %g", name, x), "zero or a positive number is expected")
	return false
}

func (c *checker) price(what, id, name string, p Price) {
	if c.number(what, id, name, p.Euros) && p.Euros > 0 && p.Source == "" {
		c.add(FaultOrigin, what, id, fmt.Sprintf("its %s of %g has no source", name, p.Euros), "say where the number is from")
	}
}

// length wants a column as long as the hours.
func (c *checker) length(what, id, name string, n int) bool {
	if n == c.in.Hours || c.in.Hours < 1 {
		return true
	}
	c.add(FaultLength, what, id, fmt.Sprintf("its %s has %d hours", name, n), fmt.Sprintf("%d are expected", c.in.Hours))
	return false
}

// column looks for what a power cannot be; it names the first hour and how many.
func (c *checker) column(what, id, name string, column []heatmap.Kilowatts, absent bool) {
	if !c.length(what, id, name, len(column)) {
		return
	}
	first, n := -1, 0
	for h, x := range column {
		if x >= 0 && !math.IsInf(float64(x), 0) || absent && x != x {
			continue
		}
		if n++; first < 0 {
			first = h
		}
	}
	if n == 0 {
		return
	}
	remedy := "zero or a positive number is expected in every hour"
	if absent {
		remedy = "zero or a positive number is expected, and NaN where it is not known"
	}
	c.add(FaultNumber, what, id, fmt.Sprintf("its %s is %g kW in the hour of %s, and none that can be in %d hours", name, column[first], c.hour(first), n), remedy)
}

func (c *checker) hour(h int) string {
	return c.in.From.Add(time.Duration(h) * time.Hour).UTC().Format("2006-01-02T15Z")
}

// The temperatures that water in a heat network has.
const (
	coldest = 0
	hottest = 200
)

func wet(t energy.Celsius) bool { return t >= coldest && t <= hottest }

// course looks for what a temperature cannot be.
func (c *checker) course(what, id, name string, t Course, absent bool) {
	if len(t) > 1 && !c.length(what, id, name, len(t)) {
		return
	}
	for h, x := range t {
		if wet(x) || absent && x != x {
			continue
		}
		c.add(FaultTemperature, what, id, fmt.Sprintf("its %s is %g °C in the hour of %s", name, x, c.hour(h)), fmt.Sprintf("%d to %d °C are expected", coldest, hottest))
		return
	}
}

func (c *checker) checkSource(s Source) {
	c.id("source", s.ID, c.sources)
	c.column("source", s.ID, "heat", s.Heat, true)
	c.number("source", s.ID, "greatest power", float64(s.Most))
	c.price("source", s.ID, "cost of heat", s.Cost)
	c.course("source", s.ID, "flow temperature", s.Flow, true)
	if t := s.ReturnLimit; t.OK && !wet(t.Celsius) {
		c.add(FaultTemperature, "source", s.ID, fmt.Sprintf("its return limit is %g °C", t.Celsius), fmt.Sprintf("%d to %d °C are expected", coldest, hottest))
	}
	if s.Return > Share {
		c.add(FaultTemperature, "source", s.ID, fmt.Sprintf("its return rule is %d", s.Return), "Refuse or Share is expected")
	}
	if s.Electricity == nil || !c.length("source", s.ID, "electricity", len(s.Electricity)) || len(s.Heat) != len(s.Electricity) {
		return
	}
	for h, x := range s.Electricity {
		if x >= 0 && x < 1 || x != x && s.Heat[h] != s.Heat[h] {
			continue
		}
		c.add(FaultElectricity, "source", s.ID, fmt.Sprintf("its heat pump takes %g kWh for a kWh of heat in the hour of %s", x, c.hour(h)), "0 to below 1 is expected, and NaN only where the heat is not known")
		return
	}
}

func (c *checker) checkArea(a Area) {
	c.id("area", a.ID, c.areas)
	c.column("area", a.ID, "load", a.Load, false)
	c.course("area", a.ID, "required flow temperature", a.Flow, false)
	c.course("area", a.ID, "return temperature", a.Return, false)
	c.number("area", a.ID, "length of streets", a.StreetMetres)
}

func (c *checker) checkLinks() {
	seen := make(map[[2]string]bool, len(c.in.Links))
	for _, l := range c.in.Links {
		name := l.Source + " – " + l.Area
		c.known("link", name, "source", l.Source, c.sources)
		c.known("link", name, "area", l.Area, c.areas)
		c.number("link", name, "length in metres", l.Metres)
		key := [2]string{l.Source, l.Area}
		if seen[key] {
			c.add(FaultDoubled, "link", name, "it stands twice", "keep the shorter one")
		}
		seen[key] = true
	}
}

func (c *checker) known(what, id, kind, name string, exist map[string]bool) {
	if !exist[name] {
		c.add(FaultUnknownID, what, id, fmt.Sprintf("there is no %s %q", kind, name), fmt.Sprintf("name a %s of the input", kind))
	}
}

// names wants each name of a list to exist and to stand once.
func (c *checker) names(what, id, kind string, list []string, exist map[string]bool) {
	for i, name := range list {
		c.known(what, id, kind, name, exist)
		if slices.Index(list, name) < i {
			c.add(FaultDoubled, what, id, fmt.Sprintf("%s %s stands twice", kind, name), "name it once")
		}
	}
}

func (c *checker) checkStore(s Store) {
	c.names("store", s.ID, "source", s.Sources, c.sources)
	c.number("store", s.ID, "power of charging", float64(s.Charge))
	c.number("store", s.ID, "power of discharging", float64(s.Discharge))
	if c.number("store", s.ID, "capacity", float64(s.Capacity)) && s.Capacity*grainsPerKilowattHour > greatest {
		c.add(FaultTooMuch, "store", s.ID, fmt.Sprintf("it holds %.3g kWh", s.Capacity), "check the units: kWh are expected")
	}
	if c.number("store", s.ID, "content at the start", float64(s.Start)) && s.Start > s.Capacity {
		c.add(FaultNumber, "store", s.ID, fmt.Sprintf("it starts with %g kWh of %g", s.Start, s.Capacity), "no more than the capacity is expected")
	}
	if !(s.Loss >= 0 && s.Loss < 1) {
		c.add(FaultNumber, "store", s.ID, fmt.Sprintf("it loses the share %g in an hour", s.Loss), "0 to below 1 is expected")
	}
	if s.Temperature.OK {
		if !wet(s.Temperature.Celsius) {
			c.add(FaultTemperature, "store", s.ID, fmt.Sprintf("it is %g °C warm", s.Temperature.Celsius), fmt.Sprintf("%d to %d °C are expected", coldest, hottest))
		}
		return
	}
	if area, ok := c.asking(s); ok {
		c.add(FaultTemperature, "store", s.ID, fmt.Sprintf("its temperature is not stated, and area %s requires one", area), "state how warm the store gives")
	}
}

// asking is the first area, by id, that a store can reach and that requires a flow.
func (c *checker) asking(s Store) (area string, ok bool) {
	requires := make(map[string]bool)
	for _, a := range c.in.Areas {
		requires[a.ID] = len(a.Flow) > 0
	}
	for _, l := range c.in.Links {
		beyond := c.in.Reach > 0 && l.Metres > c.in.Reach
		fills := len(s.Sources) == 0 || slices.Contains(s.Sources, l.Source)
		if requires[l.Area] && fills && !beyond && (!ok || l.Area < area) {
			area, ok = l.Area, true
		}
	}
	return area, ok
}

func (c *checker) checkBoiler(b Boiler) {
	c.names("boiler", b.ID, "area", b.Areas, c.areas)
	c.number("boiler", b.ID, "power", float64(b.Power))
	c.price("boiler", b.ID, "price of fuel", b.Fuel)
	if c.number("boiler", b.ID, "emission", b.Emission.Grams) && b.Emission.Grams > 0 && b.Emission.Source == "" {
		c.add(FaultOrigin, "boiler", b.ID, fmt.Sprintf("its emission of %g g/kWh has no source", b.Emission.Grams), "say where the number is from")
	}
	if !(b.Efficiency > 0 && b.Efficiency <= mostEfficient) {
		c.add(FaultEfficiency, "boiler", b.ID, fmt.Sprintf("its efficiency is %g", b.Efficiency), "above 0 is expected, and at most 1.1 (a condensing boiler by its lower heating value)")
	}
}

// mostEfficient is that of a boiler that condenses, by the lower heating value.
const mostEfficient = 1.1
