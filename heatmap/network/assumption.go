package network

import (
	"fmt"
	"math"
	"slices"
)

// Assumption is a number nobody has measured here, with the range in which it is
// varied and where it comes from.
type Assumption struct {
	Value  float64 `yaml:"value"`
	Low    float64 `yaml:"low"`
	High   float64 `yaml:"high"`
	Source string  `yaml:"source"`
	Basis  Basis   // set by the program
}

// Basis says how well an assumption is founded.
type Basis string

// The bases.
const (
	Cited   Basis = "cited"   // from the source named
	Assumed Basis = "assumed" // set by this project for a first look: to be replaced
	Given   Basis = "given"   // set by whoever planned, from the source he names
)

// Assumptions are all of a sketch. A YAML file fills it by energy/strictyaml on
// top of [DefaultAssumptions]; what it leaves out stays. [Assumptions.Check] must follow.
//
// Prices and costs are in euros without value-added tax. Shares are 0 to 1,
// changes of price by year.
type Assumptions struct {
	FlowTemperature   Assumption `yaml:"flow_temperature"`   // °C at the peak and in the mean of the year
	ReturnTemperature Assumption `yaml:"return_temperature"` // °C
	GroundTemperature Assumption `yaml:"ground_temperature"` // °C, mean of the year around the pipe

	GradientLimit          Assumption `yaml:"gradient_limit"`          // Pa/m, beside the velocity of the table
	Roughness              Assumption `yaml:"roughness"`               // mm, of the inner wall
	FittingsShare          Assumption `yaml:"fittings_share"`          // pressure loss of bends and branches on top of the pipe's
	StationPressure        Assumption `yaml:"station_pressure"`        // bar, lost in the farthest house station and at the source
	PumpEfficiency         Assumption `yaml:"pump_efficiency"`         // of pump, motor and converter together
	PumpHours              Assumption `yaml:"pump_hours"`              // h a year at full power that give the pump's electricity
	DiversityFloor         Assumption `yaml:"diversity_floor"`         // simultaneity of very many connections
	InsulationConductivity Assumption `yaml:"insulation_conductivity"` // W/(m K)
	SoilConductivity       Assumption `yaml:"soil_conductivity"`       // W/(m K)
	Cover                  Assumption `yaml:"cover"`                   // m of ground above the casing
	PipeSpacing            Assumption `yaml:"pipe_spacing"`            // m between the casings of flow and return
	HeatedHours            Assumption `yaml:"heated_hours"`            // h a year in which the network is warm

	PavedShare      Assumption `yaml:"paved_share"`       // of the trench
	PriceFactor     Assumption `yaml:"price_factor"`      // on the table of prices
	StationFixed    Assumption `yaml:"station_fixed"`     // euros for each house station
	StationByPower  Assumption `yaml:"station_by_power"`  // euros for each kW of it
	PumpByPower     Assumption `yaml:"pump_by_power"`     // euros for each kW of pump power
	PlanningShare   Assumption `yaml:"planning_share"`    // of the investment, for planning and the unforeseen
	GrantShare      Assumption `yaml:"grant_share"`       // of the investment that others pay
	PipeLife        Assumption `yaml:"pipe_life"`         // years
	StationLife     Assumption `yaml:"station_life"`      // years, of house stations and pumps
	PipeUpkeep      Assumption `yaml:"pipe_upkeep"`       // share of the investment a year
	StationUpkeep   Assumption `yaml:"station_upkeep"`    // share of the investment a year
	OtherShare      Assumption `yaml:"other_share"`       // share of the investment a year: insurance, administration
	Interest        Assumption `yaml:"interest"`          // a year, nominal
	Period          Assumption `yaml:"period"`            // years that are looked at
	CapitalChange   Assumption `yaml:"capital_change"`    // of the price of what is bought again
	EnergyChange    Assumption `yaml:"energy_change"`     // of the prices of heat and electricity
	OperationChange Assumption `yaml:"operation_change"`  // of upkeep and other costs
	HeatPrice       Assumption `yaml:"heat_price"`        // euros for each MWh fed in
	Electricity     Assumption `yaml:"electricity_price"` // euros for each MWh
}

// Stated is an assumption with its name and unit.
type Stated struct {
	Code, Unit string
	*Assumption
	Least, Most float64 // what makes sense at all
}

// All are the assumptions in the order of the struct; changing one of them
// changes a.
func (a *Assumptions) All() []Stated {
	share := func(code string, x *Assumption) Stated { return Stated{code, "1", x, 0, 1} }
	change := func(code string, x *Assumption) Stated { return Stated{code, "1/a", x, -0.1, 0.2} }
	return []Stated{
		{"flow_temperature", "°C", &a.FlowTemperature, 20, 160},
		{"return_temperature", "°C", &a.ReturnTemperature, 5, 100},
		{"ground_temperature", "°C", &a.GroundTemperature, -5, 30},
		{"gradient_limit", "Pa/m", &a.GradientLimit, 10, 2000},
		{"roughness", "mm", &a.Roughness, 0, 5},
		share("fittings_share", &a.FittingsShare),
		{"station_pressure", "bar", &a.StationPressure, 0, 5},
		{"pump_efficiency", "1", &a.PumpEfficiency, 0.05, 1},
		{"pump_hours", "h/a", &a.PumpHours, 0, 8784},
		{"diversity_floor", "1", &a.DiversityFloor, 0.1, 1},
		{"insulation_conductivity", "W/(m K)", &a.InsulationConductivity, 0.005, 0.2},
		{"soil_conductivity", "W/(m K)", &a.SoilConductivity, 0.2, 5},
		{"cover", "m", &a.Cover, 0.2, 5},
		{"pipe_spacing", "m", &a.PipeSpacing, 0.02, 2},
		{"heated_hours", "h/a", &a.HeatedHours, 0, 8784},
		share("paved_share", &a.PavedShare),
		{"price_factor", "1", &a.PriceFactor, 0.1, 10},
		{"station_fixed", "EUR", &a.StationFixed, 0, 1e6},
		{"station_by_power", "EUR/kW", &a.StationByPower, 0, 1e4},
		{"pump_by_power", "EUR/kW", &a.PumpByPower, 0, 1e5},
		share("planning_share", &a.PlanningShare),
		share("grant_share", &a.GrantShare),
		{"pipe_life", "a", &a.PipeLife, 1, 100},
		{"station_life", "a", &a.StationLife, 1, 100},
		share("pipe_upkeep", &a.PipeUpkeep),
		share("station_upkeep", &a.StationUpkeep),
		share("other_share", &a.OtherShare),
		{"interest", "1/a", &a.Interest, 0, 0.3},
		{"period", "a", &a.Period, 1, 100},
		change("capital_change", &a.CapitalChange),
		change("energy_change", &a.EnergyChange),
		change("operation_change", &a.OperationChange),
		{"heat_price", "EUR/MWh", &a.HeatPrice, -500, 2000},
		{"electricity_price", "EUR/MWh", &a.Electricity, 0, 5000},
	}
}

// Check settles what a file has changed and reports what cannot be: report is
// called with the code of the assumption, the field at fault ("value", "low",
// "high", "source"), the problem and the remedy. A changed value needs a source of
// its own and becomes [Given]; where the range no longer holds it, and the file
// left it as it was, the range becomes the value alone.
func (a *Assumptions) Check(report func(code, field, problem, remedy string)) {
	defaults := DefaultAssumptions()
	known := defaults.All()
	for i, s := range a.All() {
		d := known[i].Assumption
		if s.Low == d.Low && s.High == d.High && !(s.Value >= s.Low && s.Value <= s.High) {
			s.Low, s.High = s.Value, s.Value
		}
		s.settle(*d, report)
	}
	if a.ReturnTemperature.Value >= a.FlowTemperature.Value {
		report("return_temperature", "value", fmt.Sprintf("the return of %g °C is not colder than the flow of %g °C", a.ReturnTemperature.Value, a.FlowTemperature.Value), "lower it, or raise flow_temperature")
	}
	for _, end := range []struct {
		code       string
		flow, back float64
	}{{"flow_temperature", a.FlowTemperature.Low, a.ReturnTemperature.Value}, {"return_temperature", a.FlowTemperature.Value, a.ReturnTemperature.High}} {
		if end.back >= end.flow && a.ReturnTemperature.Value < a.FlowTemperature.Value {
			report(end.code, "low", fmt.Sprintf("the range of %s lets a return of %g °C meet a flow of %g °C", end.code, end.back, end.flow), "narrow the range: the return stays colder than the flow")
		}
	}
	for _, life := range []struct {
		code string
		a    Assumption
	}{{"pipe_life", a.PipeLife}, {"station_life", a.StationLife}, {"period", a.Period}} {
		for _, years := range []float64{life.a.Value, life.a.Low, life.a.High} {
			if years != math.Trunc(years) {
				report(life.code, "value", fmt.Sprintf("%s is %g", life.code, years), "whole years are expected")
			}
		}
	}
}

// settle checks one assumption against the default it may have been changed from.
func (s Stated) settle(d Assumption, report func(code, field, problem, remedy string)) {
	for _, f := range []struct {
		name string
		x    float64
	}{{"value", s.Value}, {"low", s.Low}, {"high", s.High}} {
		if !(f.x >= s.Least && f.x <= s.Most) {
			report(s.Code, f.name, fmt.Sprintf("%s of %s is %g %s", f.name, s.Code, f.x, s.Unit), fmt.Sprintf("%g to %g is expected", s.Least, s.Most))
			return
		}
	}
	if !(s.Low <= s.Value && s.Value <= s.High) {
		report(s.Code, "low", fmt.Sprintf("the range %g to %g of %s does not hold its value %g", s.Low, s.High, s.Code, s.Value), "low is at most value, high at least")
	}
	if s.Value == d.Value {
		if s.Source == d.Source {
			s.Basis = d.Basis
		} else {
			s.Basis = Given
		}
		return
	}
	s.Basis = Given
	if s.Source == "" || s.Source == d.Source {
		report(s.Code, "source", fmt.Sprintf("%s was changed from %g to %g without a source", s.Code, d.Value, s.Value), "say in source where the value comes from")
	}
}

// Changed are the codes of the assumptions that differ from the default.
func (a Assumptions) Changed() []string {
	defaults := DefaultAssumptions()
	known := defaults.All()
	var codes []string
	for i, s := range a.All() {
		if s.Value != known[i].Value {
			codes = append(codes, s.Code)
		}
	}
	return slices.Clip(codes)
}
