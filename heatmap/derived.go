package heatmap

import (
	"fmt"
	"math"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// Derivation says how heat is derived where no meter measures it: from the IT load,
// all of which becomes heat. Which part of that can be had is what a person
// decides; this package has no opinion of it.
type Derivation struct {
	// Category is where the IT load is measured: 1 UPS output, 2 PDU output, 3 IT
	// input; 0: the lowest that the site has.
	Category int
	// Factor is the heat in kWh that can be taken of each kWh of the IT load, above 0
	// and at most 1: more than its electricity does not come out of a server. (A heat
	// pump adds its own; see package heatpump.)
	Factor float64
	// Source is where the factor comes from: a document, a plan, an estimate and whose.
	Source string
	// Flow and Return are the temperatures the heat is expected at, where they are
	// stated and not measured.
	Flow, Return Temperature
}

// Temperature is a temperature that may not be known.
type Temperature struct {
	Celsius energy.Celsius
	OK      bool
}

// At is a known temperature.
func At(t energy.Celsius) Temperature { return Temperature{t, true} }

// check errs where a derivation does not say enough, or what cannot be.
func (d Derivation) check() error {
	switch {
	case !(d.Factor > 0 && d.Factor <= 1):
		return fmt.Errorf("a factor of %v: more than 0 and at most 1 kWh of heat for each kWh of the IT load is expected", d.Factor)
	case d.Source == "":
		return fmt.Errorf("a factor of %v without its source", d.Factor)
	case d.Flow.OK && d.Return.OK && d.Return.Celsius >= d.Flow.Celsius:
		return fmt.Errorf("a return of %v °C under a flow of %v °C: a colder return is expected", d.Return.Celsius, d.Flow.Celsius)
	}
	return nil
}

// Derive is the heat that the IT load of the site becomes, labelled LimitDerived; its
// grades are those of the IT load. ok is false where the site has no IT load of the
// category. It errs where the derivation says too little.
func (s Stored) Derive(d Derivation) (made Series, ok bool, err error) {
	if err := d.check(); err != nil {
		return Series{}, false, fmt.Errorf("derive heat of %s: %w", s.Site.ID, err)
	}
	if d.Category == 0 {
		all := kpi.Categories(s.Site, kpi.Days{From: s.From, To: s.To})
		if len(all) == 0 {
			return Series{}, false, nil
		}
		d.Category = all[0]
	}
	c, ok := s.column(func(site registry.Site, days kpi.Days) []kpi.Term { return kpi.EIT(site, d.Category, days) })
	if !ok {
		return Series{}, false, nil
	}
	for i := range c.power {
		c.power[i] *= Kilowatts(d.Factor)
	}
	for i := range c.unshaped {
		c.unshaped[i] *= KilowattHours(d.Factor)
	}
	made = s.series(Derived, Method{Code: FactorOfITLoad, Category: d.Category, Factor: d.Factor, Source: d.Source}, c)
	made.columns.limitAll(LimitDerived)
	made.columns.Flow = made.columns.stand(made.columns.Flow, d.Flow)
	made.columns.Return = made.columns.stand(made.columns.Return, d.Return)
	return made, true, nil
}

// stand puts a stated temperature where none was measured and heat flows.
func (c Columns) stand(measured []energy.Celsius, t Temperature) []energy.Celsius {
	if !t.OK {
		return measured
	}
	if measured == nil {
		measured = make([]energy.Celsius, len(c.Power))
		for i := range measured {
			measured[i] = energy.Celsius(math.NaN())
		}
	}
	for i, p := range c.Power {
		if p > 0 && measured[i] != measured[i] {
			measured[i] = t.Celsius
		}
	}
	return measured
}
