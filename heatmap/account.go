package heatmap

import "time"

// Account is what the steps of a series come to, and what they rest on.
type Account struct {
	// Energy is that of the steps whose power is known. Unshaped comes on top of it:
	// known in sum, in unknown hours.
	Energy, Unshaped KilowattHours
	// Known is the time whose power is known, EnergyKnown that whose energy is, be it in
	// sum only; both of Of. They are kpi's interval and energy coverage, with
	// substitutes in them: ByGrade tells these apart.
	Known, EnergyKnown, Of time.Duration
	ByGrade                [Declared + 1]time.Duration
	ByLimit                [LimitDerived + 1]time.Duration
}

// Coverage is the share of the time whose power is known; 0 of no time.
func (a Account) Coverage() float64 {
	if a.Of == 0 {
		return 0
	}
	return float64(a.Known) / float64(a.Of)
}

// EnergyCoverage is the share of the time whose energy is known; 0 of no time.
func (a Account) EnergyCoverage() float64 {
	if a.Of == 0 {
		return 0
	}
	return float64(a.EnergyKnown) / float64(a.Of)
}

// Mean is the mean power of the time that is known; ok is false where none is.
func (a Account) Mean() (p Kilowatts, ok bool) { return a.Energy.Mean(a.Known) }

// Grade is the worst that the known steps rest on.
func (a Account) Grade() Grade {
	for g := Declared; g > NoGrade; g-- {
		if a.ByGrade[g] > 0 {
			return g
		}
	}
	return NoGrade
}

// Limit is the label of the whole: LimitDerived where any step is; SupplyLimited
// only where all are; else DemandLimited, for then the series is a lower bound.
func (a Account) Limit() Limit {
	switch {
	case a.ByLimit[LimitDerived] > 0:
		return LimitDerived
	case a.ByLimit[DemandLimited] > 0:
		return DemandLimited
	case a.ByLimit[SupplyLimited] > 0:
		return SupplyLimited
	}
	return NoLimit
}

// Account adds the steps up.
func (s Series) Account() Account {
	a := Account{Of: time.Duration(s.Len()) * s.Step}
	for _, e := range s.columns.Unshaped {
		if e == e {
			a.Unshaped += e
			a.EnergyKnown += s.Step
		}
	}
	var sum float64
	var grades [Declared + 1]int
	var limits [LimitDerived + 1]int
	for i, p := range s.columns.Power {
		grades[s.columns.Grade[i]]++
		limits[s.columns.Limit[i]]++
		if p == p {
			sum += float64(p)
		}
	}
	a.Energy = KilowattHours(sum * s.Step.Hours())
	a.Known = time.Duration(s.Len()-grades[NoGrade]) * s.Step
	a.EnergyKnown += a.Known
	for g := Measured; g <= Declared; g++ {
		a.ByGrade[g] = time.Duration(grades[g]) * s.Step
	}
	for l := SupplyLimited; l <= LimitDerived; l++ {
		a.ByLimit[l] = time.Duration(limits[l]) * s.Step
	}
	return a
}
