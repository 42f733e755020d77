package demand

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Year is a local year with its temperatures, in which profiles become hours. It
// may be used by several goroutines.
type Year struct {
	period   energy.Period
	climate  Climate
	profiles *Profiles
	days     []day

	guard  sync.Mutex
	shares map[Profile][]float64
}

// day is a local day as profiles see it.
type day struct {
	first   int // its first hour in the year
	clock   []int8
	weekday int // Monday is 0; public holidays are Sunday
	// allocation is the temperature the day's heat goes by: a geometric series of
	// four days.
	allocation energy.Celsius
}

// NewYear lays a climate over a local year; nil profiles are [DefaultProfiles]. It
// errs where the temperature of a day is not known. The days before the first are
// those of the climate if it has them, else those of the year's end.
func NewYear(year int, local heatmap.Local, c Climate, profiles *Profiles) (*Year, error) {
	if profiles == nil {
		profiles = DefaultProfiles()
	}
	period := local.Year(year)
	y := &Year{period: period, climate: c, profiles: profiles, shares: make(map[Profile][]float64)}
	dates := local.Days(period)
	means := make([]float64, len(dates))
	var unknown []energy.Date
	for i, date := range dates {
		t, ok := c.Day(local.Day(date))
		if !ok {
			unknown = append(unknown, date)
		}
		means[i] = float64(t)
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("lay the climate %q over %d: the temperature of %s is not known", c.Name, year, days(unknown))
	}
	before := func(i, n int) float64 {
		if i >= n {
			return means[i-n]
		}
		if t, ok := c.Day(local.Day(dates[0].AddDays(i - n))); ok && !c.Typical {
			return float64(t)
		}
		return means[len(means)+i-n]
	}
	for i, date := range dates {
		p := local.Day(date)
		d := day{first: int(p.From.Sub(period.From) / time.Hour), weekday: weekdayOf(date, local)}
		for at := p.From; at.Before(p.To); at = at.Add(time.Hour) {
			d.clock = append(d.clock, int8(local.Local(at).Hour()))
		}
		d.allocation = energy.Celsius((means[i] + before(i, 1)/2 + before(i, 2)/4 + before(i, 3)/8) / (1 + 1./2 + 1./4 + 1./8))
		y.days = append(y.days, d)
	}
	return y, nil
}

// days names days, the first of many.
func days(list []energy.Date) string {
	const most = 5
	names := make([]string, 0, most)
	for _, d := range list[:min(most, len(list))] {
		names = append(names, d.String())
	}
	if len(list) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d other days", strings.Join(names, ", "), len(list)-most)
}

// weekdayOf is a day as the guideline counts it: public holidays as Sundays,
// Christmas Eve and New Year's Eve as Saturdays unless they fall on a Sunday
// (BDEW/VKU/GEODE, Abwicklung von Standardlastprofilen Gas).
func weekdayOf(d energy.Date, local heatmap.Local) int {
	if local.KindOf(d) == heatmap.SundayOrHoliday {
		return 6
	}
	if d.Month == time.December && (d.Day == 24 || d.Day == 31) {
		return 5
	}
	return (int(d.UTC().Weekday()) + 6) % 7
}

// Period is the local year.
func (y *Year) Period() energy.Period { return y.period }

// Hours is how many it has: 8,760 or 8,784.
func (y *Year) Hours() int { return int(y.period.Length() / time.Hour) }

// Climate is what its temperatures are.
func (y *Year) Climate() Climate { return y.climate }

// Allocation is the temperature by which the heat of the day goes that holds hour i.
func (y *Year) Allocation(i int) energy.Celsius {
	for k := len(y.days) - 1; k > 0; k-- {
		if y.days[k].first <= i {
			return y.days[k].allocation
		}
	}
	return y.days[0].allocation
}

// Shares are the part of a year's heat that falls on each of its hours; they come
// to 1 and must not be changed. It errs for a profile that is not known; "" is
// [DefaultProfile].
func (y *Year) Shares(id Profile) ([]float64, error) {
	if id == "" {
		id = DefaultProfile
	}
	if !y.profiles.Known(id) {
		return nil, fmt.Errorf("the load profile %q is not known", id)
	}
	y.guard.Lock()
	defer y.guard.Unlock()
	if shares, ok := y.shares[id]; ok {
		return shares, nil
	}
	// A day keeps the heat its temperature gives it, however many hours it has: the shares
	// of the hours that its clock shows are scaled to it.
	shares := make([]float64, y.Hours())
	c, ok := y.profiles.Curve(id)
	for _, d := range y.days {
		heat, interval, sum := c.Day(d.allocation)*c.Weekdays[d.weekday], Interval(d.allocation), 0.0
		for i, hour := range d.clock {
			share := 1 / 24.0
			if ok {
				share = c.Hours[d.weekday][hour][interval]
			}
			shares[d.first+i] = share
			sum += share
		}
		if !ok { // flat: an hour is an hour, whatever the length of the day
			continue
		}
		for i := range d.clock {
			shares[d.first+i] *= heat / sum
		}
	}
	normalise(shares)
	y.shares[id] = shares
	return shares, nil
}

// normalise lets shares come to 1.
func normalise(shares []float64) {
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	for i := range shares {
		shares[i] /= sum
	}
}

// Load is the heat an area takes in each hour of a year.
type Load struct {
	Area    string // its id
	Profile Profile
	From    time.Time // the beginning of the first hour, UTC
	Power   []heatmap.Kilowatts
	// Climate is what it rests on; Modelled tells that nobody measured the
	// temperatures.
	Climate  string
	Modelled bool
	Grade    heatmap.Grade
}

// Load is the heat of an area in the hours of the year: their sum is the area's
// heat to rounding. It errs where the area cannot be computed.
func (y *Year) Load(a Area) (Load, error) {
	shares, err := y.Shares(a.Profile)
	if err != nil {
		return Load{}, fmt.Errorf("lay the heat of area %s over its hours: %w", a.ID, err)
	}
	if h := float64(a.Heat); !(h >= 0) || math.IsInf(h, 0) {
		return Load{}, fmt.Errorf("lay the heat of area %s over its hours: %g kWh a year", a.ID, h)
	}
	l := Load{Area: a.ID, Profile: a.Profile, From: y.period.From, Power: make([]heatmap.Kilowatts, len(shares)), Climate: y.climate.Name, Modelled: y.climate.Modelled, Grade: a.Grade}
	if l.Profile == "" {
		l.Profile = DefaultProfile
	}
	for i, s := range shares {
		l.Power[i] = heatmap.Kilowatts(s * float64(a.Heat))
	}
	return l, nil
}

// Sum is the heat of all hours.
func (l Load) Sum() heatmap.KilowattHours {
	sum := 0.0
	for _, p := range l.Power {
		sum += float64(p)
	}
	return heatmap.KilowattHours(sum)
}

// Peak is the greatest power of an hour; 0 without any.
func (l Load) Peak() heatmap.Kilowatts {
	greatest := heatmap.Kilowatts(0)
	for _, p := range l.Power {
		greatest = max(greatest, p)
	}
	return greatest
}
