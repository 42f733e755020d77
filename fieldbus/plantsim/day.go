package plantsim

import (
	"time"

	"heatledger/energy"
)

// Days are those of UTC, so that no clock change touches a sum.
const (
	secondsPerDay     = 86_400
	millisPerDay      = 1000 * secondsPerDay
	quartersPerDay    = 96
	quarterMillis     = 900_000
	minuteMillis      = 60_000
	minutesPerQuarter = 15
)

// day is one UTC day of a site: its 97 knots and their integrals.
type day struct {
	number              int64 // counted from 1970
	rate                [streams][quartersPerDay + 1]int64
	sum                 [streams][quartersPerDay + 1]int64 // since midnight, W·s
	outdoor, flow, back [quartersPerDay + 1]int64          // m°C
	before              [streams]int64                     // since the site began, W·s
}

// day gives the nth day since 1970 with all that flowed before it.
func (s *Site) day(number int64) *day {
	slot := &s.recent[uint64(number)%uint64(len(s.recent))]
	if d := slot.Load(); d != nil && d.number == number {
		return d
	}
	d := s.build(number)
	if number >= s.first {
		d.before = s.upTo(number)
	}
	slot.Store(d)
	return d
}

// upTo sums all days before the nth; each day is summed once in a site's life.
func (s *Site) upTo(number int64) [streams]int64 {
	s.growth.Lock()
	defer s.growth.Unlock()
	for n := int64(len(s.before)); n <= number-s.first; n++ {
		d, sum := s.build(s.first+n-1), s.before[n-1]
		for x := range streams {
			sum[x] += d.sum[x][quartersPerDay]
		}
		s.before = append(s.before, sum)
	}
	return s.before[number-s.first]
}

// build computes the knots of a day. Over a quarter-hour the ripple sums to
// zero, so the integral is that of the straight line: 900 s × the mean of both ends.
func (s *Site) build(number int64) *day {
	d := &day{number: number}
	midnight := time.Unix(number*secondsPerDay, 0)
	var local time.Time
	var now, next float64 // outdoor temperature at this and the next hour
	next = s.weather.outdoor(midnight)
	for q := range quartersPerDay + 1 {
		t := midnight.Add(time.Duration(q) * energy.QuarterHour)
		if q%4 == 0 {
			local = t.In(s.zone)
			now, next = next, s.weather.outdoor(t.Add(time.Hour))
		}
		k := s.knot(t, local.Add(time.Duration(q%4)*energy.QuarterHour), now+(next-now)*float64(q%4)/4)
		d.outdoor[q], d.flow[q], d.back[q] = k.outdoor, k.flow, k.back
		for x := range streams {
			d.rate[x][q] = k.rate[x]
			if q > 0 {
				d.sum[x][q] = d.sum[x][q-1] + 450*(d.rate[x][q-1]+d.rate[x][q])
			}
		}
	}
	return d
}

// rate of a stream at ms milliseconds after midnight.
func (s *Site) rate(d *day, x Stream, ms int64) float64 {
	q, minute, rest := int(ms/quarterMillis), int(ms%quarterMillis/minuteMillis), ms%minuteMillis
	r0, r1 := s.ripple(d, x, q, minute), s.ripple(d, x, q, minute+1)
	return between(d.rate[x][:], ms) + float64(r0) + float64((r1-r0)*rest)/minuteMillis
}

// amount is the integral of a stream from the site's beginning to ms
// milliseconds after midnight, in mWh (ml), rounded down and exact: the line
// and the ripple are integrated in W·ms, whose fraction has the denominator
// 2 × 900,000 = 15 × 2 × 60,000.
func (s *Site) amount(d *day, x Stream, ms int64) energy.Amount {
	q, in := int(ms/quarterMillis), ms%quarterMillis
	minute, rest := int(in/minuteMillis), in%minuteMillis
	rate := d.rate[x][q]
	whole, part := rate*in, (d.rate[x][q+1]-rate)*in*in
	var ripple, next int64
	for m := range minute {
		next = s.ripple(d, x, q, m+1)
		whole += (ripple + next) * (minuteMillis / 2)
		ripple = next
	}
	if rest > 0 {
		whole += ripple * rest
		part += minutesPerQuarter * (s.ripple(d, x, q, minute+1) - ripple) * rest * rest
	}
	wattSeconds := d.before[x] + d.sum[x][q]
	wattMillis := wattSeconds%3600*1000 + whole + floorDiv(part, 2*quarterMillis)
	return energy.Amount(wattSeconds/3600*1000 + floorDiv(wattMillis, 3600))
}

// ripple is how far a stream is off the straight line at a whole minute of a
// quarter-hour. It is zero at both ends and antisymmetric between them, so its
// integral over the quarter-hour is zero; it is bounded by a small share of the
// stream, so no rate turns negative.
func (s *Site) ripple(d *day, x Stream, q, minute int) int64 {
	if minute%minutesPerQuarter == 0 {
		return 0
	}
	if 2*minute > minutesPerQuarter {
		return -s.ripple(d, x, q, minutesPerQuarter-minute)
	}
	switch x {
	case GridImport:
		return s.ripple(d, IT, q, minute) + s.ripple(d, CoolingPower, q, minute) +
			s.ripple(d, OtherPower, q, minute) - s.ripple(d, Solar, q, minute)
	case HeatSource: // the heat pump itself runs evenly
		if s.Spec.HeatPump.Efficiency == 0 {
			return 0
		}
		return s.ripple(d, HeatDelivered, q, minute)
	case Water:
		spread := d.flow[q] - d.back[q] + d.flow[q+1] - d.back[q+1]
		if spread == 0 {
			return 0
		}
		return round(float64(s.ripple(d, HeatDelivered, q, minute)) / (litreKelvin * float64(spread) / 2000))
	}
	amplitude := [streams]float64{IT: 0.004, CoolingPower: 0.05, OtherPower: 0.03, Solar: 0.08, HeatDelivered: 0.015}[x]
	if amplitude == 0 {
		return 0
	}
	amplitude *= float64(min(d.rate[x][q], d.rate[x][q+1]))
	n := (d.number*quartersPerDay+int64(q))*minutesPerQuarter + int64(minute)
	return round(amplitude * jitter(s.seed, noiseRipple+uint64(x), n))
}

// between is the straight line through the knots at ms milliseconds after midnight.
func between(knots []int64, ms int64) float64 {
	q, in := ms/quarterMillis, ms%quarterMillis
	return float64(knots[q]) + float64((knots[q+1]-knots[q])*in)/quarterMillis
}

// dayNumber counts days of UTC from 1970.
func dayNumber(t time.Time) int64 { return floorDiv(t.Unix(), secondsPerDay) }

// floorDiv rounds down, also below zero, where Go's division rounds up.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
