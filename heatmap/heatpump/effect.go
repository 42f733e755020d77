package heatpump

import (
	"fmt"

	"heatledger/energy/registry"
	"heatledger/heatmap"
)

// Centre is a data centre over the same time as an operation, without the heat pump:
// E_DC and E_IT in kWh and the heat it hands on already (kpi: the numerators and
// denominators of pue and erf).
type Centre struct {
	EDC, EIT, Reuse heatmap.KilowattHours
	// Replaced is the part of Reuse whose heat the pump takes instead, so that it counts
	// once: of a source that hands its heat on already, what it hands on.
	Replaced heatmap.KilowattHours
	// CoolingSaved is electricity for cooling that is no longer needed where the heat
	// pump takes the heat away; SavedSource is where the number comes from.
	CoolingSaved heatmap.KilowattHours
	SavedSource  string
}

// Figures are those that a heat pump moves.
type Figures struct{ PUE, PUEEnEfG, ERF float64 }

// Effect is what a heat pump does to the figures of a data centre.
type Effect struct {
	Boundary registry.Boundary
	// ExclusiveUpgrade: it serves nothing but the upgrade, so that § 11 Abs. 2 S. 3
	// EnEfG leaves its electricity out of the PUE; the duty chiller does not.
	ExclusiveUpgrade bool
	Before, After    Figures
	// Reused is the heat that counts as the pump's: at the sink inside the boundary, at
	// the source outside of it (sink − electricity).
	Reused heatmap.KilowattHours
}

// Effects are those on either side of the boundary, inside first, and for a machine
// that is for the upgrade alone or not.
//
// Definitions: FIGURES.md, Heat pumps. Inside, the electricity is in E_DC and the
// reused heat is that of the sink; pue_enefg leaves the electricity of an exclusive
// one out. Outside, the electricity is not in E_DC and the reused heat is sink −
// electricity. The ERF always has the full E_DC. They are the figures of package kpi;
// twelve months make the PUE one, any other time an interim one.
func Effects(c Centre, t Totals, exclusive bool) ([2]Effect, error) {
	edc := c.EDC - c.CoolingSaved
	switch {
	case !(c.EIT > 0) || !(c.EDC >= c.EIT):
		return [2]Effect{}, fmt.Errorf("effect of a heat pump: E_DC %v and E_IT %v kWh: an IT energy above zero, and no more than E_DC, is expected", c.EDC, c.EIT)
	case !(c.CoolingSaved >= 0) || !(edc >= c.EIT) || c.CoolingSaved > 0 && c.SavedSource == "":
		return [2]Effect{}, fmt.Errorf("effect of a heat pump: %v kWh of cooling saved (%q) of %v that are not IT: no more, with its source, is expected", c.CoolingSaved, c.SavedSource, c.EDC-c.EIT)
	}
	if !(c.Replaced >= 0) || c.Replaced > c.Reuse {
		return [2]Effect{}, fmt.Errorf("effect of a heat pump: %v kWh replaced of %v that are reused: no more is expected", c.Replaced, c.Reuse)
	}
	kept := c.Reuse - c.Replaced
	ratio := func(a, b heatmap.KilowattHours) float64 { return float64(a / b) }
	before := Figures{ratio(c.EDC, c.EIT), ratio(c.EDC, c.EIT), ratio(c.Reuse, c.EDC)}
	inside := Effect{Boundary: registry.Inside, ExclusiveUpgrade: exclusive, Before: before, Reused: t.Heat}
	inside.After = Figures{ratio(edc+t.Electricity, c.EIT), ratio(edc+t.Electricity, c.EIT), ratio(kept+t.Heat, edc+t.Electricity)}
	if exclusive {
		inside.After.PUEEnEfG = ratio(edc, c.EIT)
	}
	outside := Effect{Boundary: registry.Outside, ExclusiveUpgrade: exclusive, Before: before, Reused: t.Heat - t.Electricity}
	outside.After = Figures{ratio(edc, c.EIT), ratio(edc, c.EIT), ratio(kept+t.Heat-t.Electricity, edc)}
	return [2]Effect{inside, outside}, nil
}
