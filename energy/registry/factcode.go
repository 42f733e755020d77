package registry

import (
	"fmt"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// FactCode is a fact of a site that statutory forms or figures ask for and that
// no meter gives. [FactCodes] lists them; the yearly questionnaire is made of
// that list.
type FactCode struct {
	Name  string
	Topic Topic       // what it is about; the questions of one are asked together
	Unit  energy.Unit // of a number; energy.One for a ratio or count, "" for a text
	// Least and Most bound a plausible number, both included. What lies outside
	// is a slip of the pen: another unit, a digit too many.
	Least, Most float64
	// Choices are the only texts allowed; nil allows any. In a list they are
	// divided by commas.
	Choices []string
	// Yearly: it is asked for anew for each calendar year; else it holds until
	// it changes.
	Yearly bool
	// Dated: it holds from a day that is agreed, and is no question of a year; day
	// and document have to be given with it.
	Dated bool
	Feeds []string // codes of the form fields that rest on it (reporting/disclosure)
	Knows Knower
	Note  string // what it is, where the definition stands, where it is read off
}

// Topic is what questions are about.
type Topic string

// The topics.
const (
	TopicIdentity   Topic = "identity"
	TopicBuilding   Topic = "building"
	TopicAbsence    Topic = "absence" // what does not exist
	TopicTechnology Topic = "technology"
	TopicHeat       Topic = "heat"
	TopicResources  Topic = "resources"
	TopicFigures    Topic = "figures"
)

// Topics lists them, in the order in which people are asked.
func Topics() []Topic {
	return []Topic{TopicIdentity, TopicBuilding, TopicAbsence, TopicTechnology, TopicHeat, TopicResources, TopicFigures}
}

// Knower is who at an operator can usually answer.
type Knower string

// The people who know.
const (
	Management Knower = "management" // contracts, owner, plans
	Facilities Knower = "facilities" // building, power, cooling
	Technology Knower = "technology" // servers, storage, networks
	Accounts   Knower = "accounts"   // bills, energy management
	OpenData   Knower = "open_data"  // anybody: it is published
)

// Knowers lists them.
func Knowers() []Knower {
	return []Knower{Management, Facilities, Technology, Accounts, OpenData}
}

// Numeric tells whether the value is a number.
func (c FactCode) Numeric() bool { return c.Unit != "" }

// CodeOf is the code of that name; ok is false for a fact of the registry's own,
// which no form asks for.
func CodeOf(name string) (FactCode, bool) {
	for _, c := range FactCodes() {
		if c.Name == name {
			return c, true
		}
	}
	return FactCode{}, false
}

// Fault says what is wrong with a value and unit of this code; "" for nothing.
func (c FactCode) Fault(value FactValue, unit string) (problem, remedy string) {
	number, isNumber := value.Number()
	switch {
	case c.Numeric() && !isNumber:
		return fmt.Sprintf("%s is %q", c.Name, value), "a number in " + string(c.Unit) + " is expected"
	case c.Numeric() && !c.takes(unit):
		return fmt.Sprintf("the unit of %s is %q", c.Name, unit), string(c.Unit) + " is expected"
	case c.Numeric() && (number.Float64() < c.Least || number.Float64() > c.Most):
		return fmt.Sprintf("%s is %s", c.Name, value), fmt.Sprintf("a value from %g to %g %s is plausible: is the unit right?", c.Least, c.Most, c.Unit)
	case !c.Numeric() && c.Choices != nil && !slices.Contains(c.Choices, value.String()):
		return fmt.Sprintf("%s is %q", c.Name, value), strictyaml.Suggest(value.String(), c.Choices)
	}
	return "", ""
}

// takes tells whether a number may be given in a unit. One may be left out where
// the name ends with it, or where it is 1.
func (c FactCode) takes(unit string) bool {
	switch unit {
	case string(c.Unit):
		return true
	case "":
		_, ending, _ := strings.Cut(c.Name, "_")
		ending = ending[strings.LastIndex(ending, "_")+1:]
		return c.Unit == energy.One || strings.EqualFold(ending, strings.NewReplacer("°C", "c", "GB/s", "gbs", "m³", "m3", "g/kWh", "kwh").Replace(string(c.Unit)))
	case "m2":
		return c.Unit == SquareMetre
	case "m3":
		return c.Unit == energy.CubicMetre
	}
	return false
}

// Units of facts that no meter measures.
const (
	SquareMetre  energy.Unit = "m²"
	Petabyte     energy.Unit = "PB"
	Exabyte      energy.Unit = "EB"
	GigabytePerS energy.Unit = "GB/s"
	KelvinDays   energy.Unit = "K·d"
	GramsPerKWh  energy.Unit = "g/kWh"
	Hour         energy.Unit = "h"
)

// FactAt is the fact of that name which holds on the last day of a year; ok is
// false where none does.
func (s Site) FactAt(name string, year int) (Fact, bool) {
	last := energy.Date{Year: year, Month: 12, Day: 31}
	for _, f := range s.Facts {
		from, to := f.days()
		if f.Name == name && !last.Before(from) && (to == energy.Date{} || last.Before(to)) {
			return f, true
		}
	}
	return Fact{}, false
}
