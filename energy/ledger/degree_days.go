package ledger

import (
	"context"
	"fmt"

	"heatledger/energy"
	"heatledger/energy/series"
)

// OutdoorTemperature is the fact of a site that names the point of its outdoor
// temperature (quantity temperature; use: info).
const OutdoorTemperature = "outdoor_temperature"

// Degree-days are counted against roomTemperature on days whose mean is below
// heatingLimit, in thousandths of 1 °C (Gradtagzahl G20/15, VDI 3807; edition
// and clause unconfirmed).
const (
	roomTemperature = 20_000
	heatingLimit    = 15_000
	perKelvin       = 1000
)

// leastOfDay is the part of a day that must be measured for its mean to count.
const leastOfDay = 0.75

type degrees struct {
	number float64
	ok     bool
}

// DegreeDays are those of a period of whole local days, measured at the point
// that the site names for its outdoor temperature; ok is false where it names
// none, or where the mean of a day is not known.
func (s *source) DegreeDays(p energy.Period) (number float64, ok bool, err error) {
	if s.err != nil {
		return 0, false, s.err
	}
	if known, asked := s.grades[p]; asked {
		return known.number, known.ok, nil
	}
	found, err := s.degreeDays(s.ctx, p)
	if err != nil {
		return 0, false, fmt.Errorf("count degree-days of %s: %w", s.inquiry.site.ID, err)
	}
	s.grades[p] = found
	return found.number, found.ok, nil
}

func (s *source) degreeDays(ctx context.Context, p energy.Period) (degrees, error) {
	q := s.inquiry
	var id energy.PointID
	for _, fact := range q.site.Facts {
		if _, number := fact.Value.Number(); fact.Name == OutdoorTemperature && !number {
			id = energy.PointID(fact.Value.String())
		}
	}
	_, _, point, known := q.registry.Point(id)
	if !known || point.Quantity != energy.Temperature || id.Site() != q.site.ID {
		return degrees{}, nil
	}
	days, _, _, err := q.ledger.days(ctx, q.registry, q.calendar, point, p, s.at, q.upto)
	if err != nil {
		return degrees{}, err
	}
	byDate := make(map[energy.Date]series.Day, len(days))
	for _, day := range days {
		byDate[day.Date] = day
	}
	var sum int64 // whole milli-kelvins: the same in any order
	for _, date := range q.calendar.Days(p) {
		day, ok := byDate[date]
		if !ok || float64(day.CoveredS) < leastOfDay*day.Period.Length().Seconds() {
			return degrees{}, nil
		}
		if mean := day.Weighted / int64(day.CoveredS); mean < heatingLimit {
			sum += roomTemperature - mean
		}
	}
	return degrees{float64(sum) / perKelvin, true}, nil
}
