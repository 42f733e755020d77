package disclosure

import (
	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

// sum is what points add up to over the year.
type sum struct {
	amount           energy.Amount
	ok               bool    // anything of it is known
	energy, interval float64 // coverages, by time
	basis            Basis
	uncertainty      float64
	hasUncertainty   bool
	points           []energy.PointID
	silent           []string // points of which something is missing
}

// value is the sum in its canonical unit: kWh and m³ have six digits.
func (s sum) value() energy.Value { return energy.ActiveEnergyImport.Value(s.amount) }

// sum adds up terms over the year, by the months the API shows.
func (s *Sources) sum(terms []kpi.Term) sum { return s.sumOf(terms, nil) }

// sumOf adds up terms over the month with that number, from 0; nil: all.
func (s *Sources) sumOf(terms []kpi.Term, only *int) (total sum) {
	var known, own, all float64
	var shares []kpi.Share
	declared, calculated := 0, 0
	for _, t := range terms {
		point, meter := s.point(t.Point)
		part, had, complete := energy.Amount(0), false, len(s.Months[t.Point]) > 0
		for _, v := range s.Months[t.Point] {
			if only != nil && int(s.Calendar.Date(v.Period.From).Month)-1 != *only {
				continue
			}
			seconds := v.Period.Length().Seconds()
			all, known, own = all+seconds, known+seconds*v.EnergyCoverage, own+seconds*v.IntervalCoverage
			complete = complete && v.EnergyCoverage >= 1
			if !v.OK {
				continue
			}
			if a, err := point.Quantity.Fixed(v.Value); err == nil {
				part, had = part+kpi.Scale(a, t.Factor, kpi.Unity), true
			}
			if v.Quality == energy.Declared {
				declared++
			}
		}
		if point.Virtual() {
			calculated++
		}
		if !complete {
			total.silent = append(total.silent, string(t.Point))
		}
		total.ok = total.ok || had
		total.amount += part
		total.points = append(total.points, t.Point)
		percent, has := kpi.MeterPercent(meter)
		shares = append(shares, kpi.Share{Amount: part, Percent: percent, HasClass: has, Meter: meter.ID})
	}
	if all > 0 {
		total.energy, total.interval = known/all, own/all
	}
	total.basis = basisOf(declared, calculated)
	if calculated == 0 && total.ok {
		total.uncertainty, total.hasUncertainty = kpi.AmountUncertainty(shares)
	}
	return total
}

func basisOf(declared, calculated int) Basis {
	switch {
	case declared > 0:
		return Mixed
	case calculated > 0:
		return Calculated
	}
	return Measured
}

// point is a point with its meter.
func (s *Sources) point(id energy.PointID) (registry.Point, registry.Meter) {
	for _, meter := range s.Site.Meters {
		for _, point := range meter.Points {
			if point.ID == id {
				return point, meter
			}
		}
	}
	return registry.Point{}, registry.Meter{}
}

// hours adds up terms hour by hour; each is called with what is known of it.
func (s *Sources) hours(terms []kpi.Term, each func(v ledger.Value, amount energy.Amount)) {
	sums, values := map[int64]energy.Amount{}, map[int64]ledger.Value{}
	var order []int64
	for _, t := range terms {
		point, _ := s.point(t.Point)
		for _, v := range s.Hours[t.Point] {
			a, err := point.Quantity.Fixed(v.Value)
			if !v.OK || err != nil {
				continue
			}
			at := v.Period.From.Unix()
			if _, ok := values[at]; !ok {
				values[at] = v
				order = append(order, at)
			} else if v.IntervalCoverage < values[at].IntervalCoverage {
				values[at] = v
			}
			sums[at] += kpi.Scale(a, t.Factor, kpi.Unity)
		}
	}
	for _, at := range order {
		each(values[at], sums[at])
	}
}

// mean is the mean of levels over the year and all points, by the time measured.
func (s *Sources) mean(role energy.Role) (mean float64, points []energy.PointID, coverage float64, ok bool) {
	var weighted, measured, all float64
	for _, meter := range s.Site.Meters {
		for _, p := range meter.Points {
			if p.Quantity != energy.FlowTemperature || p.Role != role || p.Use != energy.Primary {
				continue
			}
			points = append(points, p.ID)
			for _, v := range s.Months[p.ID] {
				seconds := v.Period.Length().Seconds()
				all += seconds
				if v.OK {
					weighted += v.Value.Float64() * seconds * v.IntervalCoverage
					measured += seconds * v.IntervalCoverage
				}
			}
		}
	}
	if measured == 0 {
		return 0, points, 0, false
	}
	return weighted / measured, points, measured / all, true
}
