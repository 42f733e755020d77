package validation

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/series"
)

// window is how many earlier days a day is compared with, needed how many of
// them there have to be.
const (
	window = 28
	needed = 3
)

// unitShifts are days on which a load that runs evenly was a thousand times as
// great or small as before, in mean power. Days that are so are not taken for
// the measure of later ones: a wrong unit stays an error until it is corrected.
func (l *look) unitShifts(at located) []Finding {
	if !even(at.Role) {
		return nil
	}
	var all []Finding
	var before []float64 // mean of the days before, the youngest last
	var shifted []series.Day
	var usual, mean float64
	end := func() {
		if n := len(shifted); n >= l.Limits.UnitDays && shifted[n-1].Period.To.After(l.Period.From) {
			p := common(energy.Period{From: shifted[0].Period.From, To: shifted[n-1].Period.To}, l.Period)
			all = append(all, l.finding(at, FactorThousand, p, Args{"before": amount(usual, energy.Kilowatt), "after": amount(mean, energy.Kilowatt), "factor": share(mean / usual)}))
		}
		shifted = nil
	}
	for _, d := range l.Known[at.ID].Days {
		if d.Period.From.After(l.Period.To) {
			break
		}
		now, ok := meanPower(at.Quantity, d)
		if !ok || now <= 0 {
			continue
		}
		if len(before) < needed {
			before = append(before, now)
			continue
		}
		level := median(before)
		if isThousand(now/level, l.Limits.UnitFactor) || isThousand(level/now, l.Limits.UnitFactor) {
			shifted, usual, mean = append(shifted, d), level, now
			continue
		}
		end()
		if before = append(before, now); len(before) > window {
			before = before[1:]
		}
	}
	end()
	return all
}

// even tells the roles whose load does not change by orders of magnitude. Heat
// that is delivered does, between summer and winter; a wrong unit shows there in
// the volume ([HeatAgainstFlow]).
func even(r energy.Role) bool {
	return r == energy.GridImport || r == energy.ITLoad || r == energy.Cooling || r == energy.HeatRemoved
}

func isThousand(ratio, within float64) bool { return ratio >= 1000/within && ratio <= 1000*within }

// meanPower is the mean of a day in kW over what is known; ok is false where less
// than a quarter of it is.
func meanPower(q energy.Quantity, d series.Day) (kw float64, ok bool) {
	const least = 6 * 3600
	if d.CoveredS < least {
		return 0, false
	}
	switch q.Unit() {
	case energy.KilowattHour:
		if d.Total == d.Substitute {
			return 0, false
		}
		return float64(d.Total-d.Substitute) / 1e6 / (float64(d.CoveredS) / 3600), true
	case energy.Kilowatt:
		return float64(d.Weighted) / float64(d.CoveredS) / 1e6, true
	}
	return 0, false
}

func median(values []float64) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}
